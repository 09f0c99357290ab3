//! The form in which each kind of fact lies in its table.

use rusqlite::types::Value;
use tieout_domain::facts::{Fact, Gone, Stamp, Stream};

use super::{crm, ledger};
use crate::cell::Reading;
use crate::error::StoreError;

/// The rows of one child table that belong to one version, in their order.
pub(super) type ChildRows = Vec<Vec<Value>>;

/// Where one feed's records lie. The columns are the payload's, without what every version has.
pub(crate) struct Layout {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    /// Invoices, credit memos and cash sales share one table, and ids are unique per kind only.
    pub(super) kind: Option<&'static str>,
    pub(super) children: &'static [ChildLayout],
}

/// A table of rows that belong to one version: lines and applications.
pub(crate) struct ChildLayout {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
}

/// A fact as cells. Two readings of an unchanged record have equal cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    pub(super) source_version: String,
    /// Microseconds UTC.
    pub(super) modified_at: i64,
    pub(super) deleted: bool,
    pub(super) payload: Vec<Value>,
    /// One entry per child table of the layout.
    pub(super) children: Vec<ChildRows>,
}

impl Form {
    fn new(stamp: &Stamp, payload: Vec<Value>, children: Vec<ChildRows>) -> Self {
        Self {
            source_version: stamp.version.clone(),
            modified_at: stamp.modified_at.as_microsecond(),
            deleted: stamp.deleted,
            payload,
            children,
        }
    }

    /// The form of a fact. A deletion that tells only the id has no form of its own.
    pub(super) fn of(fact: &Fact) -> Result<Self, &Gone> {
        Ok(match fact {
            Fact::Account(x) => Self::new(&x.stamp, crm::account_cells(x), vec![]),
            Fact::Product(x) => Self::new(&x.stamp, crm::product_cells(x), vec![]),
            Fact::Deal(x) => Self::new(&x.stamp, crm::deal_cells(x), vec![]),
            Fact::DealLine(x) => Self::new(&x.stamp, crm::deal_line_cells(x), vec![]),
            Fact::ScheduleLine(x) => Self::new(&x.stamp, crm::schedule_line_cells(x), vec![]),
            Fact::DealEvent(x) => Self::new(&x.stamp, crm::deal_event_cells(x), vec![]),
            Fact::User(x) => Self::new(&x.stamp, crm::user_cells(x), vec![]),
            Fact::Customer(x) => Self::new(&x.stamp, ledger::customer_cells(x), vec![]),
            Fact::Item(x) => Self::new(&x.stamp, ledger::item_cells(x), vec![]),
            Fact::Document(x) => {
                Self::new(&x.stamp, ledger::document_cells(x), vec![ledger::line_rows(&x.lines)])
            }
            Fact::Receipt(x) => Self::new(
                &x.stamp,
                ledger::receipt_cells(x),
                vec![ledger::application_rows(&x.applications)],
            ),
            Fact::Refund(x) => Self::new(&x.stamp, ledger::refund_cells(x), vec![]),
            Fact::Journal(x) => Self::new(
                &x.stamp,
                ledger::journal_cells(x),
                vec![
                    ledger::journal_line_rows(&x.lines),
                    ledger::application_rows(&x.applications),
                ],
            ),
            Fact::Gone(gone) => return Err(gone),
        })
    }

    /// The fact of a form that was read from the layout of `stream`.
    pub(super) fn into_fact(self, stream: Stream, id: &str) -> Result<Fact, StoreError> {
        let layout = layout(stream);
        let unreadable = |column| StoreError::Unreadable { table: layout.table, column };
        let stamp = Stamp {
            version: self.source_version,
            modified_at: jiff::Timestamp::from_microsecond(self.modified_at)
                .map_err(|_| unreadable("modified_at"))?,
            deleted: self.deleted,
        };
        let mut cells = Reading::new(layout.table, layout.columns, self.payload);
        let cells = &mut cells;
        let mut children = self.children.into_iter();
        let mut rows = || children.next().unwrap_or_default();
        Ok(match stream {
            Stream::Accounts => Fact::Account(crm::account(id, stamp, cells)?),
            Stream::Products => Fact::Product(crm::product(id, stamp, cells)?),
            Stream::Deals => Fact::Deal(crm::deal(id, stamp, cells)?),
            Stream::DealLines => Fact::DealLine(crm::deal_line(id, stamp, cells)?),
            Stream::ScheduleLines => Fact::ScheduleLine(crm::schedule_line(id, stamp, cells)?),
            Stream::DealEvents => Fact::DealEvent(crm::deal_event(id, stamp, cells)?),
            Stream::Users => Fact::User(crm::user(id, stamp, cells)?),
            Stream::Customers => Fact::Customer(ledger::customer(id, stamp, cells)?),
            Stream::Items => Fact::Item(ledger::item(id, stamp, cells)?),
            Stream::Invoices | Stream::CreditMemos | Stream::CashSales => {
                Fact::Document(ledger::document(stream, id, stamp, cells, rows())?)
            }
            Stream::Receipts => Fact::Receipt(ledger::receipt(id, stamp, cells, rows())?),
            Stream::Refunds => Fact::Refund(ledger::refund(id, stamp, cells)?),
            Stream::Journals => Fact::Journal(ledger::journal(id, stamp, cells, rows(), rows())?),
        })
    }
}

/// Where the records of a feed lie.
pub(crate) const fn layout(stream: Stream) -> &'static Layout {
    match stream {
        Stream::Accounts => &crm::ACCOUNTS,
        Stream::Products => &crm::PRODUCTS,
        Stream::Deals => &crm::DEALS,
        Stream::DealLines => &crm::DEAL_LINES,
        Stream::ScheduleLines => &crm::SCHEDULE_LINES,
        Stream::DealEvents => &crm::DEAL_EVENTS,
        Stream::Users => &crm::USERS,
        Stream::Customers => &ledger::CUSTOMERS,
        Stream::Items => &ledger::ITEMS,
        Stream::Invoices => &ledger::INVOICES,
        Stream::CreditMemos => &ledger::CREDIT_MEMOS,
        Stream::CashSales => &ledger::CASH_SALES,
        Stream::Receipts => &ledger::RECEIPTS,
        Stream::Refunds => &ledger::REFUNDS,
        Stream::Journals => &ledger::JOURNALS,
    }
}
