//! A small company: four deals in USD, one in EUR that nobody keeps, three invoices, two payments,
//! one journal. Everything is dated in June 2026.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tieout_domain::aging::CreditPolicy;
use tieout_domain::assignment::{Assignments, Company};
use tieout_domain::books::proof::{SourceMeasure, SourceTotal};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::books::{AgingBasis, Books, Exclusion, Frame, ReasonDecision};
use tieout_domain::dates::Period;
use tieout_domain::facts::{
    Account, Address, Application, ApplicationKind, Customer, Deal, Document, DocumentStatus,
    Journal, JournalLine, LedgerDocumentKind, Receipt, Stamp, Stream,
};
use tieout_domain::gates::LedgerRules;
use tieout_domain::identity::{IdentityLink, IdentityLinks, LinkedBy, LookupKey, Standing};
use tieout_domain::ids::{
    AccountId, ConnectionId, CustomerId, DealId, DocumentId, JournalId, LedgerId, ReceiptId, RunId,
};
use tieout_domain::limits::{LimitPolicy, Limits};
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;
use tieout_report::{Report, Section, Sum};

use crate::export::context::{Context, Lack, System};
use crate::export::workpaper;

const START: Date = date(2026, 6, 1);
pub(super) const END: Date = date(2026, 6, 30);
const EVER: Date = date(1990, 1, 1);

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn money(minor: i64, code: &str) -> Money {
    Money::from_minor(minor, Currency::parse(code).unwrap())
}

fn usd(minor: i64) -> Money {
    money(minor, "USD")
}

fn june(day: i8) -> Date {
    date(2026, 6, day)
}

fn stamp() -> Stamp {
    Stamp { version: "1".to_owned(), modified_at: at("2026-06-30T12:00:00Z"), deleted: false }
}

fn account(id: &str, name: &str) -> Account {
    Account {
        id: AccountId::new(id).unwrap(),
        stamp: stamp(),
        name: name.to_owned(),
        parent: None,
        number: None,
        owner: None,
        website: None,
        address: Address::default(),
        tax_number: None,
        currency: None,
        merged_into: None,
        traits: BTreeMap::new(),
    }
}

fn customer(id: &str, name: &str) -> Customer {
    Customer {
        id: CustomerId::new(id).unwrap(),
        stamp: stamp(),
        name: name.to_owned(),
        legal_name: None,
        currency: None,
        address: Address::default(),
        email: None,
        website: None,
        tax_number: None,
        account: None,
        terms_days: Some(30),
        tax_code: None,
        active: true,
        parent: None,
    }
}

fn identity(account: &str, customer: &str) -> IdentityLink {
    IdentityLink {
        ledger: LedgerId::new("qbo:913").unwrap(),
        account: AccountId::new(account).unwrap(),
        customer: CustomerId::new(customer).unwrap(),
        standing: Standing::Confirmed,
        by: LinkedBy::Rule(LookupKey::ExternalId),
        reason: "the customer record names the Account".to_owned(),
        at: at("2026-06-01T00:00:00Z"),
        billed: true,
    }
}

/// A won deal; its id is `006` and its reference.
pub(super) fn deal(reference: &str, account: &str, amount: Option<Money>, closed: Date) -> Deal {
    Deal {
        id: DealId::new(&format!("006{reference}")).unwrap(),
        stamp: stamp(),
        name: format!("Deal {reference}"),
        account: Some(AccountId::new(account).unwrap()),
        stage: "Closed Won".to_owned(),
        won: true,
        closed: true,
        amount,
        currency: amount.map_or(usd(0), |amount| amount).currency(),
        close_date: closed,
        kind: None,
        record_type: None,
        owner: None,
        has_lines: false,
        order_number: None,
        reference: Some(reference.to_owned()),
        stage_changed_at: None,
        created_at: None,
        traits: BTreeMap::new(),
    }
}

/// An invoice without tax that names its deal in an agreed field.
pub(super) fn invoice(
    number: &str,
    customer: &str,
    deal: Option<&str>,
    net: Money,
    dated: Date,
    due: Date,
) -> Document {
    Document {
        id: DocumentId::new(&format!("doc-{number}")).unwrap(),
        stamp: stamp(),
        kind: LedgerDocumentKind::Invoice,
        number: Some(number.to_owned()),
        customer: CustomerId::new(customer).unwrap(),
        currency: net.currency(),
        effective_on: dated,
        due_on: Some(due),
        terms_days: None,
        net,
        tax: Money::zero(net.currency()),
        total: net,
        balance_now: net,
        status: DocumentStatus::Open,
        key: None,
        deal_reference: deal.map(str::to_owned),
        order_number: None,
        memo: Some("=SUM(A1) call-out".to_owned()),
        exchange_rate: None,
        disputed: false,
        lines: Vec::new(),
    }
}

fn receipt(id: &str, customer: &str, amount: Money, pays: Option<(&str, Money)>) -> Receipt {
    let applied = pays.map_or(Money::zero(amount.currency()), |(_, applied)| applied);
    let applications = pays.map(|(number, amount)| Application {
        kind: ApplicationKind::Cash,
        document: DocumentId::new(&format!("doc-{number}")).unwrap(),
        document_kind: LedgerDocumentKind::Invoice,
        credit: None,
        amount,
        applied_on: june(20),
        source_effective_on: june(20),
    });
    Receipt {
        id: ReceiptId::new(id).unwrap(),
        stamp: stamp(),
        customer: CustomerId::new(customer).unwrap(),
        effective_on: june(20),
        amount,
        unapplied_now: amount.checked_sub(applied).unwrap(),
        reference: Some(format!("wire {id}")),
        voided: false,
        applications: applications.into_iter().collect(),
    }
}

/// An accepted or proposed reason for a deal.
pub(super) fn reason(reference: &str, code: &str, amount: Money, accepted: bool) -> ReasonDecision {
    ReasonDecision {
        deal: DealId::new(&format!("006{reference}")).unwrap(),
        code: code.to_owned(),
        amount,
        accepted,
        owner: Some("M. Velez".to_owned()),
        note: format!("note of {code}"),
        raised: date(2026, 5, 25),
        target: Some(date(2026, 7, 10)),
        at: at("2026-06-30T12:00:00Z"),
    }
}

fn books() -> Books {
    let links = [identity("001A", "C1"), identity("001B", "C2")];
    Books {
        ledger: LedgerId::new("qbo:913").unwrap(),
        assignments: Assignments::default(),
        users: Vec::new(),
        accounts: vec![account("001A", "Acme Tools"), account("001B", "Beta Mills")],
        products: Vec::new(),
        deals: vec![
            deal("D-1", "001A", Some(usd(100_000)), june(2)),
            deal("D-2", "001A", Some(usd(50_000)), june(10)),
            deal("D-3", "001B", Some(usd(30_000)), june(12)),
            deal("D-4", "001B", Some(usd(8_000)), june(14)),
            deal("D-5", "001B", Some(money(90_000, "EUR")), june(15)),
        ],
        deal_lines: Vec::new(),
        schedule_lines: Vec::new(),
        deal_events: Vec::new(),
        customers: vec![customer("C1", "Acme Tools Inc"), customer("C2", "Beta Mills")],
        items: Vec::new(),
        documents: vec![
            invoice("2001", "C1", Some("D-1"), usd(100_000), june(3), date(2026, 7, 3)),
            invoice("2002", "C2", Some("D-3"), usd(25_000), june(13), june(20)),
            invoice("2003", "C2", None, usd(7_000), june(16), june(29)),
        ],
        receipts: vec![
            receipt("1", "C1", usd(60_000), Some(("2001", usd(60_000)))),
            receipt("2", "C2", usd(3_000), None),
        ],
        refunds: Vec::new(),
        journals: vec![Journal {
            id: JournalId::new("77").unwrap(),
            stamp: stamp(),
            number: Some("JE-0619".to_owned()),
            effective_on: june(19),
            memo: Some("reclass".to_owned()),
            lines: vec![JournalLine { position: 1, customer: None, amount: usd(1_250) }],
            applications: Vec::new(),
        }],
        identity: IdentityLinks::from_history(links),
        keys: BTreeMap::new(),
        exclusions: vec![Exclusion {
            deal: DealId::new("006D-4").unwrap(),
            reason: "INTERCOMPANY".to_owned(),
            by: "P. Raman".to_owned(),
            at: at("2026-06-15T12:00:00Z"),
        }],
        reasons: vec![reason("D-3", "QTY", usd(-5_000), true)],
        document_decisions: Vec::new(),
        promised: Vec::new(),
        promised_customers: Vec::new(),
        unreadable: Vec::new(),
    }
}

fn frame() -> Frame {
    let currency = usd(0).currency();
    Frame {
        as_of: END,
        period: Period::month_of(END),
        time_zone: TimeZone::get("America/Los_Angeles").unwrap(),
        functional: currency,
        limits: Limits::new(usd(1_000), Decimal::ZERO, LimitPolicy::Both, 5).unwrap(),
        grace_days: 5,
        materiality: usd(100_000),
        aging_basis: AgingBasis::DueDate,
        rules: LedgerRules {
            ledger_name: "QuickBooks".to_owned(),
            company: "Acme Inc".to_owned(),
            currencies: vec![currency],
            closed_to: None,
            tax_codes: Vec::new(),
            default_tax_code: None,
        },
        today: date(2026, 7, 6),
        credit_policy: CreditPolicy::Separate,
    }
}

/// What a source says; nothing counts further than `count`, nothing sums without `sum`.
fn source(
    measure: SourceMeasure,
    (from, to): (Date, Date),
    count: u64,
    sum: Option<Money>,
    code: &str,
) -> SourceTotal {
    SourceTotal {
        measure,
        currency: Currency::parse(code).unwrap(),
        from,
        to,
        count,
        sum,
        source: format!("query of {}", measure.as_str()),
        proof: "counted and added by the source".to_owned(),
    }
}

/// Everything that the systems say, and all of it is what the books hold.
fn sources() -> Vec<SourceTotal> {
    let mut all = Vec::new();
    for range in [(START, END), (EVER, END)] {
        for (measure, count, sum, code) in [
            (SourceMeasure::WonDeals, 4, 188_000, "USD"),
            (SourceMeasure::WonDeals, 1, 90_000, "EUR"),
            (SourceMeasure::Invoices, 3, 132_000, "USD"),
            (SourceMeasure::CreditMemos, 0, 0, "USD"),
            (SourceMeasure::Receipts, 2, 63_000, "USD"),
            (SourceMeasure::Refunds, 0, 0, "USD"),
            (SourceMeasure::Adjustments, 0, 0, "USD"),
        ] {
            all.push(source(measure, range, count, Some(money(sum, code)), code));
        }
    }
    let balance = |measure, sum| source(measure, (END, END), 1, Some(usd(sum)), "USD");
    all.push(balance(SourceMeasure::AgedReceivables, 69_000));
    all.push(balance(SourceMeasure::ControlAccount, 70_250));
    all
}

/// The company on 6 July, everything read and agreed.
pub(super) fn view() -> LedgerView {
    let mut view = LedgerView {
        connection: ConnectionId::new("quickbooks").unwrap(),
        company: "Acme Holding, Inc.".to_owned(),
        sandbox: false,
        books: books(),
        frame: frame(),
        sources: sources(),
        at: at("2026-07-06T16:42:00Z"),
        run: Some(RunId::new("run-1").unwrap()),
    };
    keep(&mut view, &[usd(0).currency()]);
    view
}

/// The company keeps the deals of these currencies, and there is no other.
pub(super) fn keep(view: &mut LedgerView, currencies: &[Currency]) {
    let (ledger, name) = (view.books.ledger.clone(), view.company.clone());
    let company = Company { ledger, name, currencies: currencies.to_vec(), ended: false };
    view.books.assignments = Assignments::to_one(company, &view.books.deals);
}

fn link(stream: Stream, id: &str) -> Option<String> {
    Some(format!("https://books.example/{}/{id}", stream.as_str()))
}

/// The report of a reconciliation with these gaps.
pub(super) fn report_of(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    gaps: &[&str],
) -> Report {
    let system = |name: &str| System { name: name.to_owned(), company_id: "913".to_owned() };
    let context = Context {
        generated_at: at("2026-07-06T16:44:00Z"),
        product_version: "0.1.0",
        crm: system("Salesforce"),
        ledger: system("QuickBooks"),
        gaps: gaps.iter().map(|gap| Lack::new(*gap, "Run again.")).collect(),
        read_at: Some(at("2026-07-06T16:30:00Z")),
        waiting: Vec::new(),
        link: &link,
    };
    workpaper(view, reconciliation, &context).unwrap()
}

/// The report of a view with these gaps.
pub(super) fn report_with(view: &LedgerView, gaps: &[&str]) -> Report {
    report_of(view, &view.reconcile().unwrap(), gaps)
}

/// The report of a view that was read completely.
pub(super) fn report(view: &LedgerView) -> Report {
    report_with(view, &[])
}

/// A section by its id.
#[track_caller]
pub(super) fn section<'a>(report: &'a Report, id: &str) -> &'a Section {
    report.section(id).unwrap_or_else(|| panic!("no section `{id}`"))
}

/// The sums of one column, all lines.
pub(super) fn sums<'a>(section: &'a Section, column: &str) -> Vec<&'a Sum> {
    let all = section.totals.iter().flat_map(|line| &line.sums);
    all.filter(|sum| sum.column == column).collect()
}
