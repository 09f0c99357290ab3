//! A promised side effect and the moves it may make (`finance-domain §6 R4, §10`).

use crate::ids::{CrmOrgId, DealId, LedgerId};

/// What a document-creating intent produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    Invoice,
    CreditMemo,
}

impl DocumentKind {
    /// The word used inside the transaction key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditMemo => "credit_memo",
        }
    }
}

/// What makes one intended document one: never the attempt, the run, the dialog or the content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intent {
    pub org: CrmOrgId,
    pub ledger: LedgerId,
    pub deal: DealId,
    pub kind: DocumentKind,
    /// From 1; rises only when a person asks for a further document of this kind for this deal.
    pub sequence: u32,
}

impl Intent {
    /// The exact text that is hashed into the transaction key (`finance-domain §6 R4`).
    pub fn canonical_text(&self) -> String {
        format!(
            "{}|{}|{}|{}|{}",
            self.org,
            self.ledger,
            self.deal,
            self.kind.as_str(),
            self.sequence
        )
    }
}

/// `TIE-` and 16 characters of RFC 4648 base32; 20 in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionKey(Box<str>);

/// The text does not have the form of a transaction key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a transaction key")]
pub struct TransactionKeyError;

impl TransactionKey {
    const PREFIX: &'static str = "TIE-";
    const DIGEST_LENGTH: usize = 16;

    /// From the 16 base32 characters of the digest.
    pub fn from_digest(base32: &str) -> Result<Self, TransactionKeyError> {
        Self::parse(&format!("{}{base32}", Self::PREFIX))
    }

    /// Reads a whole key, prefix included.
    pub fn parse(text: &str) -> Result<Self, TransactionKeyError> {
        let digest = text.strip_prefix(Self::PREFIX).ok_or(TransactionKeyError)?;
        let in_alphabet = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
        if digest.len() == Self::DIGEST_LENGTH && digest.chars().all(in_alphabet) {
            Ok(Self(text.into()))
        } else {
            Err(TransactionKeyError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TransactionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a promised operation stands. Only `Confirmed` counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectState {
    /// Durable and not sent; may carry a not-before time.
    Intended,
    Sent,
    /// Timeout, reset after send, 5xx, unreadable success, crash: only asking resolves it.
    Unknown,
    Confirmed,
    /// Refused for good: nothing came to be. A person may promise it again, corrected.
    Rejected,
    /// The key is there with other content; needs a person.
    Conflict,
    /// Withdrawn by a person before it was sent. A person may promise it again.
    Cancelled,
}

impl EffectState {
    pub const ALL: [Self; 7] = [
        Self::Intended,
        Self::Sent,
        Self::Unknown,
        Self::Confirmed,
        Self::Rejected,
        Self::Conflict,
        Self::Cancelled,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The moves of `finance-domain §10`. A move to the same state is not a move.
    ///
    /// A refused or withdrawn promise becomes intended again only by a person, under the same key:
    /// a new key for the same intent could make a second document. The attempt group rises only
    /// after a definite refusal (`finance-domain §6 R4`). A conflict ends when a person accepts the
    /// document that is there.
    pub const fn may_become(self, next: Self) -> bool {
        use EffectState::{Cancelled, Confirmed, Conflict, Intended, Rejected, Sent, Unknown};
        matches!(
            (self, next),
            (Intended, Sent | Cancelled)
                | (Sent, Confirmed | Unknown | Rejected | Conflict | Intended)
                | (Unknown, Confirmed | Conflict | Intended | Rejected)
                | (Rejected | Cancelled, Intended)
                | (Conflict, Confirmed)
        )
    }

    /// Whether a document of this intent may exist or still come to exist (`§10` status 2).
    pub const fn in_flight(self) -> bool {
        matches!(self, Self::Intended | Self::Sent | Self::Unknown)
    }
}

/// How a connected system treats a second create with our key (contracts README).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The tool replays our key for a time.
    NativeKey { ttl_secs: u32 },
    /// The tool refuses a second document with our id.
    UniqueExternalId,
    /// We can only search for our mark, which shows up after a while.
    MarkerSearch { visible_after_secs: u32 },
}

/// What may follow when the tool does not know our key after an unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    SendAgainSameKey,
    Wait,
    AskAPerson,
}

/// "Not found" after an unknown outcome is weak evidence; what may follow depends on the tool.
///
/// `empty_answers` counts only answers asked for at least `visible_after_secs` after the first
/// send.
pub const fn after_not_found(replay: Replay, age_secs: u64, empty_answers: u32) -> After {
    match replay {
        Replay::UniqueExternalId => After::SendAgainSameKey,
        Replay::NativeKey { ttl_secs } if age_secs < ttl_secs as u64 => After::SendAgainSameKey,
        Replay::NativeKey { .. } => After::AskAPerson,
        Replay::MarkerSearch { .. } if empty_answers < 2 => After::Wait,
        Replay::MarkerSearch { .. } => After::AskAPerson,
    }
}
