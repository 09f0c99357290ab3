//! Closed lists of words as they are stored.

use tieout_domain::facts::{ApplicationKind, DocumentStatus, LedgerDocumentKind, QuarantineReason};

/// An enum whose variants are stored as words.
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the stored word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    };
}

pub(crate) use words;

/// The words of an enum that the domain keeps without words.
pub(crate) struct Words<T: 'static>(&'static [(T, &'static str)]);

impl<T: Copy + PartialEq> Words<T> {
    pub(crate) fn word(&self, value: T) -> &'static str {
        self.0
            .iter()
            .find(|(known, _)| *known == value)
            .map(|(_, word)| *word)
            .expect("the table holds every value; a test checks it")
    }

    pub(crate) fn parse(&self, text: &str) -> Option<T> {
        self.0.iter().find(|(_, word)| *word == text).map(|(value, _)| *value)
    }
}

pub(crate) const DOCUMENT_KINDS: Words<LedgerDocumentKind> = Words(&[
    (LedgerDocumentKind::Invoice, "invoice"),
    (LedgerDocumentKind::CreditMemo, "credit_memo"),
    (LedgerDocumentKind::CashSale, "cash_sale"),
]);

pub(crate) const DOCUMENT_STATUSES: Words<DocumentStatus> = Words(&[
    (DocumentStatus::Draft, "draft"),
    (DocumentStatus::Open, "open"),
    (DocumentStatus::PartPaid, "part_paid"),
    (DocumentStatus::Paid, "paid"),
    (DocumentStatus::Void, "void"),
    (DocumentStatus::Deleted, "deleted"),
    (DocumentStatus::Unknown, "unknown"),
]);

pub(crate) const APPLICATION_KINDS: Words<ApplicationKind> = Words(&[
    (ApplicationKind::Cash, "cash"),
    (ApplicationKind::Credit, "credit"),
    (ApplicationKind::Adjustment, "adjustment"),
    (ApplicationKind::Refund, "refund"),
]);

const QUARANTINE_REASONS: [QuarantineReason; 7] = [
    QuarantineReason::CurrencyUnknown,
    QuarantineReason::CurrencyNotTransactional,
    QuarantineReason::TooPrecise,
    QuarantineReason::OutOfRange,
    QuarantineReason::Malformed,
    QuarantineReason::UnknownValue,
    QuarantineReason::DuplicateId,
];

pub(crate) fn quarantine_reason(text: &str) -> Option<QuarantineReason> {
    QUARANTINE_REASONS.into_iter().find(|reason| reason.as_str() == text)
}
