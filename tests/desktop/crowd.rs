//! A company with a hundred thousand open invoices, made out of the sample company.

use jiff::{ToSpan, civil::Date};
use tieout_api::{Opening, Workspace};
use tieout_domain::Money;
use tieout_domain::facts::{Customer, Document, DocumentStatus, Fact, Stamp, Stream};
use tieout_domain::ids::{ConnectionId, CustomerId, DocumentId, RunId};
use tieout_store::{CursorProgress, RecordedPage, RunRecord, Store};

pub const INVOICES: u64 = 100_000;
const CUSTOMERS: u64 = 2_000;
const PAGE: usize = 5_000;
/// Days before the sample's month end on which the invoices fall due, so that every age is there.
const DUE_DAYS: u64 = 150;
const CENTS: i64 = 900_000;
/// The sample company's month end.
const MONTH_END: Date = jiff::civil::date(2026, 6, 30);

/// Records the invoices in this workspace as if they had been read.
pub fn gather(opening: &Opening) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let opened = runtime.block_on(Workspace::open(opening));
    let Ok(mut workspace) = opened else { panic!("the sample company does not open") };
    let ledger = workspace.ledger_named(None).unwrap_or_else(|_| panic!("it has one ledger"));
    let now = workspace.clock.now();
    let store = &mut workspace.engine.store;
    let run = RunId::new("run-crowd").expect("letters make an id");
    let (kind, trigger) = ("sync".to_owned(), "bench".to_owned());
    let record = RunRecord { id: run.clone(), kind, started_at: now, trigger };
    store.start_run(&record).expect("a run begins");
    let facts = facts(store, &ledger);
    for (stream, facts) in facts {
        for facts in facts.chunks(PAGE) {
            let page = RecordedPage {
                connection: &ledger,
                run: &run,
                stream,
                observed_at: now,
                facts,
                quarantined: &[],
                progress: CursorProgress::Unmoved,
            };
            store.record(page).expect("the facts are stored");
        }
    }
}

fn facts(store: &Store, ledger: &ConnectionId) -> [(Stream, Vec<Fact>); 2] {
    let first = |stream| store.facts(ledger, stream, None).expect("a feed is read").swap_remove(0);
    let Fact::Customer(customer) = first(Stream::Customers) else { panic!("not a customer") };
    let Fact::Document(invoice) = first(Stream::Invoices) else { panic!("not an invoice") };
    let customers = (0..CUSTOMERS).map(|at| Fact::Customer(one_customer(&customer, at)));
    let invoices = (0..INVOICES).map(|at| Fact::Document(one_invoice(&invoice, at)));
    [(Stream::Customers, customers.collect()), (Stream::Invoices, invoices.collect())]
}

fn customer_id(at: u64) -> CustomerId {
    CustomerId::new(&format!("9{at:06}")).expect("digits make an id")
}

fn one_customer(like: &Customer, at: u64) -> Customer {
    Customer {
        id: customer_id(at),
        name: format!("Customer {at:04} of the crowd"),
        tax_number: None,
        account: None,
        email: None,
        website: None,
        stamp: Stamp { version: "0".into(), ..like.stamp.clone() },
        ..like.clone()
    }
}

/// An open invoice that belongs to no deal; amounts and days are spread, always the same way.
fn one_invoice(like: &Document, at: u64) -> Document {
    let spread = i64::try_from(at * 7_919 % 1_000_003).expect("it is below a million and three");
    let total = Money::from_minor(10_000 + spread % CENTS, like.currency);
    let days = i64::try_from(at * 31 % DUE_DAYS).expect("it is below the days");
    let due_on = MONTH_END.saturating_sub(days.days());
    let lines = like.lines.iter().take(1).cloned();
    Document {
        id: DocumentId::new(&format!("8{at:07}")).expect("digits make an id"),
        stamp: Stamp { version: "0".into(), ..like.stamp.clone() },
        number: Some(format!("C-{at:06}")),
        customer: customer_id(at * 13 % CUSTOMERS),
        effective_on: due_on.saturating_sub(30.days()),
        due_on: Some(due_on),
        net: total,
        tax: Money::zero(like.currency),
        total,
        balance_now: total,
        status: DocumentStatus::Open,
        key: None,
        deal_reference: None,
        order_number: None,
        memo: None,
        disputed: false,
        lines: lines
            .map(|mut line| {
                line.amount = total;
                line.unit_price = None;
                line.quantity = None;
                line
            })
            .collect(),
        ..like.clone()
    }
}
