//! The kinds of records of QuickBooks and the feeds they are read as.

use tieout_domain::facts::{LedgerDocumentKind, Stream};

/// A kind of record, under the name that queries, answers and paths use (`quickbooks §2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Entity {
    Customer,
    Vendor,
    Employee,
    Item,
    Invoice,
    CreditMemo,
    SalesReceipt,
    Payment,
    RefundReceipt,
    JournalEntry,
    Deposit,
    Account,
    Term,
    TaxCode,
    CompanyCurrency,
    Preferences,
}

impl Entity {
    /// Everything that a feed of ours needs. One call for changes covers all of them.
    pub const FEEDS: [Self; 9] = [
        Self::Customer,
        Self::Item,
        Self::Invoice,
        Self::CreditMemo,
        Self::SalesReceipt,
        Self::Payment,
        Self::RefundReceipt,
        Self::JournalEntry,
        Self::Deposit,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Vendor => "Vendor",
            Self::Employee => "Employee",
            Self::Item => "Item",
            Self::Invoice => "Invoice",
            Self::CreditMemo => "CreditMemo",
            Self::SalesReceipt => "SalesReceipt",
            Self::Payment => "Payment",
            Self::RefundReceipt => "RefundReceipt",
            Self::JournalEntry => "JournalEntry",
            Self::Deposit => "Deposit",
            Self::Account => "Account",
            Self::Term => "Term",
            Self::TaxCode => "TaxCode",
            Self::CompanyCurrency => "CompanyCurrency",
            Self::Preferences => "Preferences",
        }
    }

    /// The last segment of its address: lower case, no underscore.
    pub fn path(self) -> String {
        self.name().to_ascii_lowercase()
    }

    /// Lists hide inactive rows from queries unless asked for them (`quickbooks §4.1`).
    pub const fn hides_inactive(self) -> bool {
        matches!(
            self,
            Self::Customer
                | Self::Vendor
                | Self::Employee
                | Self::Item
                | Self::Account
                | Self::Term
                | Self::TaxCode
                | Self::CompanyCurrency
        )
    }

    /// The records that make up a feed; empty for a feed that a ledger does not have.
    pub const fn of_stream(stream: Stream) -> &'static [Self] {
        match stream {
            Stream::Customers => &[Self::Customer],
            Stream::Items => &[Self::Item],
            Stream::Invoices => &[Self::Invoice],
            Stream::CreditMemos => &[Self::CreditMemo],
            Stream::CashSales => &[Self::SalesReceipt],
            Stream::Receipts => &[Self::Payment],
            Stream::Refunds => &[Self::RefundReceipt],
            Stream::Journals => &[Self::JournalEntry, Self::Deposit],
            Stream::Accounts
            | Stream::Products
            | Stream::Deals
            | Stream::DealLines
            | Stream::ScheduleLines
            | Stream::DealEvents
            | Stream::Users => &[],
        }
    }

    /// The record behind a document of ours.
    pub const fn of_document(kind: LedgerDocumentKind) -> Self {
        match kind {
            LedgerDocumentKind::Invoice => Self::Invoice,
            LedgerDocumentKind::CreditMemo => Self::CreditMemo,
            LedgerDocumentKind::CashSale => Self::SalesReceipt,
        }
    }

    /// The feed that a record of this kind belongs to; none for settings and other names.
    pub fn stream(self) -> Option<Stream> {
        STREAMS.into_iter().find(|stream| Self::of_stream(*stream).contains(&self))
    }
}

/// The feeds in the order in which they are read: what others refer to comes first.
pub(crate) const STREAMS: [Stream; 8] = [
    Stream::Customers,
    Stream::Items,
    Stream::Invoices,
    Stream::CreditMemos,
    Stream::CashSales,
    Stream::Receipts,
    Stream::Refunds,
    Stream::Journals,
];

/// Deposits share the feed of the journals; this tells their ids apart.
const DEPOSIT_PREFIX: &str = "deposit-";

/// Our id of a record: its own, except for deposits, which live among the journals.
pub(crate) fn fact_id(entity: Entity, id: &str) -> String {
    match entity {
        Entity::Deposit => format!("{DEPOSIT_PREFIX}{id}"),
        _ => id.to_owned(),
    }
}

/// The record behind an id of a feed, and its id in QuickBooks.
pub(crate) fn record_of(stream: Stream, id: &str) -> Option<(Entity, &str)> {
    let first = Entity::of_stream(stream).first()?;
    match (stream, id.strip_prefix(DEPOSIT_PREFIX)) {
        (Stream::Journals, Some(own)) => Some((Entity::Deposit, own)),
        _ => Some((*first, id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_of_a_feed_knows_its_feed() {
        for entity in Entity::FEEDS {
            assert!(entity.stream().is_some(), "{entity:?}");
        }
        assert_eq!(Entity::Vendor.stream(), None);
    }

    #[test]
    fn a_deposit_is_told_apart_among_the_journals() {
        assert_eq!(fact_id(Entity::Deposit, "310"), "deposit-310");
        assert_eq!(record_of(Stream::Journals, "deposit-310"), Some((Entity::Deposit, "310")));
        assert_eq!(record_of(Stream::Journals, "310"), Some((Entity::JournalEntry, "310")));
        assert_eq!(record_of(Stream::Receipts, "7"), Some((Entity::Payment, "7")));
        assert_eq!(record_of(Stream::Deals, "7"), None);
    }

    #[test]
    fn addresses_are_lower_case() {
        assert_eq!(Entity::RefundReceipt.path(), "refundreceipt");
    }
}
