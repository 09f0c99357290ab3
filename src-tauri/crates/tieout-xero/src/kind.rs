//! The kinds of records of Xero and the feeds they are read as.

use tieout_domain::facts::{LedgerDocumentKind, Stream};

/// A kind of record that a feed of ours needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Contact,
    Item,
    Invoice,
    CreditNote,
    Payment,
    Overpayment,
    Prepayment,
}

/// The feeds in the order in which they are read: what others refer to comes first. Refunds come
/// with the payments.
pub(crate) const STREAMS: [Stream; 6] = [
    Stream::Customers,
    Stream::Items,
    Stream::Invoices,
    Stream::CreditMemos,
    Stream::Receipts,
    Stream::Refunds,
];

/// Rows of a page whose rows carry lines; larger answers are several megabytes (`xero §3.6`).
const DOCUMENT_ROWS: u32 = 200;
/// Rows of a page of anything shorter, the most that the tool gives.
pub(crate) const ROWS_MAX: u32 = 1_000;

impl Kind {
    /// The last part of its address, which is also the name of the list in an answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contact => "Contacts",
            Self::Item => "Items",
            Self::Invoice => "Invoices",
            Self::CreditNote => "CreditNotes",
            Self::Payment => "Payments",
            Self::Overpayment => "Overpayments",
            Self::Prepayment => "Prepayments",
        }
    }

    pub const fn id_field(self) -> &'static str {
        match self {
            Self::Contact => "ContactID",
            Self::Item => "ItemID",
            Self::Invoice => "InvoiceID",
            Self::CreditNote => "CreditNoteID",
            Self::Payment => "PaymentID",
            Self::Overpayment => "OverpaymentID",
            Self::Prepayment => "PrepaymentID",
        }
    }

    /// Rows of a page of its feed. `None`: the list comes whole, whatever is asked.
    pub const fn page_rows(self) -> Option<u32> {
        match self {
            Self::Item => None,
            Self::Contact | Self::Payment => Some(ROWS_MAX),
            Self::Invoice | Self::CreditNote | Self::Overpayment | Self::Prepayment => {
                Some(DOCUMENT_ROWS)
            }
        }
    }

    /// Which of its rows are about receivables, where the tool can tell.
    pub const fn filter(self) -> Option<&'static str> {
        match self {
            Self::Invoice => Some(r#"Type=="ACCREC""#),
            Self::CreditNote => Some(r#"Type=="ACCRECCREDIT""#),
            Self::Contact | Self::Item | Self::Payment | Self::Overpayment | Self::Prepayment => {
                None
            }
        }
    }

    /// Unit prices have two places unless four are asked for (`xero §3.9`).
    pub const fn has_lines(self) -> bool {
        matches!(
            self,
            Self::Item | Self::Invoice | Self::CreditNote | Self::Overpayment | Self::Prepayment
        )
    }

    /// The records that make up a feed; empty for a feed that this ledger does not have, and for
    /// refunds, which come with the payments.
    pub const fn of_stream(stream: Stream) -> &'static [Self] {
        match stream {
            Stream::Customers => &[Self::Contact],
            Stream::Items => &[Self::Item],
            Stream::Invoices => &[Self::Invoice],
            Stream::CreditMemos => &[Self::CreditNote],
            Stream::Receipts => &[Self::Payment, Self::Overpayment, Self::Prepayment],
            Stream::Accounts
            | Stream::Products
            | Stream::Deals
            | Stream::DealLines
            | Stream::ScheduleLines
            | Stream::DealEvents
            | Stream::Users
            | Stream::CashSales
            | Stream::Refunds
            | Stream::Journals => &[],
        }
    }

    /// The feed in which a record of this kind that cannot be read is kept aside.
    pub const fn stream(self) -> Stream {
        match self {
            Self::Contact => Stream::Customers,
            Self::Item => Stream::Items,
            Self::Invoice => Stream::Invoices,
            Self::CreditNote => Stream::CreditMemos,
            Self::Payment | Self::Overpayment | Self::Prepayment => Stream::Receipts,
        }
    }

    /// The record behind a document of ours. `None`: Xero has no cash sales.
    pub const fn of_document(kind: LedgerDocumentKind) -> Option<Self> {
        match kind {
            LedgerDocumentKind::Invoice => Some(Self::Invoice),
            LedgerDocumentKind::CreditMemo => Some(Self::CreditNote),
            LedgerDocumentKind::CashSale => None,
        }
    }
}

/// What tells apart records that share the feed of the receipts.
const OVERPAYMENT_PREFIX: &str = "overpayment-";
const PREPAYMENT_PREFIX: &str = "prepayment-";
/// The record that says which invoices a credit note is used for.
const ALLOCATIONS_PREFIX: &str = "credit-";

/// Our id of a receipt made of a record of this kind.
pub(crate) fn receipt_id(kind: Kind, id: &str) -> String {
    match kind {
        Kind::Overpayment => format!("{OVERPAYMENT_PREFIX}{id}"),
        Kind::Prepayment => format!("{PREPAYMENT_PREFIX}{id}"),
        Kind::CreditNote => format!("{ALLOCATIONS_PREFIX}{id}"),
        Kind::Contact | Kind::Item | Kind::Invoice | Kind::Payment => id.to_owned(),
    }
}

/// The record behind a receipt of ours, and its id in Xero.
pub(crate) fn receipt_record(id: &str) -> (Kind, &str) {
    let prefixes = [
        (OVERPAYMENT_PREFIX, Kind::Overpayment),
        (PREPAYMENT_PREFIX, Kind::Prepayment),
        (ALLOCATIONS_PREFIX, Kind::CreditNote),
    ];
    let known = prefixes.iter().find_map(|(prefix, kind)| Some((*kind, id.strip_prefix(prefix)?)));
    known.unwrap_or((Kind::Payment, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_knows_its_record() {
        for kind in [Kind::Payment, Kind::Overpayment, Kind::Prepayment, Kind::CreditNote] {
            assert_eq!(receipt_record(&receipt_id(kind, "90aa")), (kind, "90aa"));
        }
    }

    #[test]
    fn every_feed_has_records_or_comes_with_another() {
        for stream in STREAMS {
            let kinds = Kind::of_stream(stream);
            assert!(kinds.iter().all(|kind| kind.stream() == stream));
            assert_eq!(kinds.is_empty(), stream == Stream::Refunds);
        }
    }
}
