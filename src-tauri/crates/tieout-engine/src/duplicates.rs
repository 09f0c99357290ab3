//! The duplicate radar: pairs of records that may be one sale, and what people said about them.

use jiff::Timestamp;
use tieout_domain::books::duplicates::{DuplicatePair, Twins, duplicates};
use tieout_domain::facts::{LedgerDocumentKind, Stream};
use tieout_domain::matching::Matches;
use tieout_domain::reasons::ReasonCode;
use tieout_store::{Decided, Exclusion};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::view::LedgerView;

/// What begins the record of a pair among the exclusions: a pair is no record of a tool.
const PAIR: &str = "pair:";

/// Who said that a pair is in order, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    pub by: String,
    pub at: Timestamp,
    pub reason: String,
}

/// A pair with what a person said about it.
#[derive(Clone, Debug)]
pub struct FoundPair {
    pub pair: DuplicatePair,
    pub cleared: Option<Clearing>,
}

impl Engine {
    /// Every pair in the books. One is cleared by a person's word on it, or by the reason
    /// `DUPLICATE_INVOICE` that a person accepted for the deal of both.
    pub fn duplicates(&self, view: &LedgerView) -> Result<Vec<FoundPair>, EngineError> {
        self.duplicates_beside(view, &view.reconcile()?.matches)
    }

    /// As `duplicates`, of books whose documents were matched already.
    pub fn duplicates_beside(
        &self,
        view: &LedgerView,
        matches: &Matches,
    ) -> Result<Vec<FoundPair>, EngineError> {
        let said = self.store.exclusions_at(Some(view.at))?;
        let found = duplicates(&view.books, matches)?.into_iter();
        Ok(found
            .map(|pair| {
                let (stream, record) = record_of(&pair.twins);
                let word = said.iter().find(|it| {
                    it.connection == view.connection && (it.stream, &it.record) == (stream, &record)
                });
                let word = word.map(|it| Clearing {
                    by: it.decided.actor.clone(),
                    at: it.decided.at,
                    reason: it.decided.reason.clone(),
                });
                let cleared = word.or_else(|| accepted(view, &pair));
                FoundPair { pair, cleared }
            })
            .collect())
    }

    /// Keeps a person's word that the pair of these two records is in order, or takes it back.
    /// False when it already holds.
    pub fn clear_duplicate(
        &mut self,
        view: &LedgerView,
        (one, other): (&str, &str),
        cleared: bool,
        decided: Decided,
    ) -> Result<bool, EngineError> {
        let found = self.duplicates(view)?;
        let named = found.iter().find(|it| {
            let (first, second) = ids(&it.pair.twins);
            (first, second) == (one, other) || (second, first) == (one, other)
        });
        let named = named.ok_or_else(|| {
            let text = format!("`{one}` and `{other}` are not a pair of the duplicate radar");
            EngineError::NoSuchRecord(text)
        })?;
        let (stream, record) = record_of(&named.pair.twins);
        let connection = view.connection.clone();
        let held = self.store.exclusions_at(None)?;
        let is_held = held
            .iter()
            .any(|it| (&it.connection, it.stream, &it.record) == (&connection, stream, &record));
        if !cleared && !is_held {
            return Err(EngineError::NothingSaid);
        }
        let word = Exclusion { connection, stream, record, excluded: cleared, decided };
        Ok(self.store.save_exclusion(&word)?)
    }
}

fn accepted(view: &LedgerView, pair: &DuplicatePair) -> Option<Clearing> {
    let code = ReasonCode::DuplicateInvoice.as_str();
    let mut reasons = view.books.reasons.iter();
    let reason =
        reasons.find(|it| it.accepted && it.code == code && pair.deals.contains(&it.deal))?;
    Some(Clearing {
        by: reason.owner.clone().unwrap_or_default(),
        at: reason.at,
        reason: format!("accepted as the reason of the deal, {}", reason.note),
    })
}

fn ids(twins: &Twins) -> (&str, &str) {
    match twins {
        Twins::Documents { first, second, .. } => (first.as_str(), second.as_str()),
        Twins::Deals { first, second } => (first.as_str(), second.as_str()),
    }
}

fn record_of(twins: &Twins) -> (Stream, String) {
    let stream = match twins {
        Twins::Documents { kind: LedgerDocumentKind::CreditMemo, .. } => Stream::CreditMemos,
        Twins::Documents { .. } => Stream::Invoices,
        Twins::Deals { .. } => Stream::Deals,
    };
    let (first, second) = ids(twins);
    (stream, format!("{PAIR}{first}|{second}"))
}

/// Whether an exclusion is about a pair, and leaves no record out.
pub(crate) fn is_pair(exclusion: &Exclusion) -> bool {
    exclusion.record.starts_with(PAIR)
}
