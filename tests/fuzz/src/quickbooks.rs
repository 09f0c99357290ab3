//! Every body that QuickBooks sends: query answers, changes, batches, reports, faults in their
//! three shapes, tokens, the discovery document.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use jiff::civil::date;
use rust_decimal::Decimal;
use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::oauth::{OAuthClient, read_pasted};
use tieout_connect::ports::{
    DateRange, Ledger, ProposedCustomer, ProposedDocument, ProposedLine, ReadRequest, Source,
};
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{CountedEntropy, MemoryStore, VirtualClock};
use tieout_connect::transport::Transport;
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{Address, LedgerDocumentKind, Stream};
use tieout_domain::ids::{AccountId, CustomerId, DealId, DocumentId, ItemId, ReceiptId};
use tieout_domain::{Currency, Money};
use tieout_quickbooks::{
    Agreement, App, Company, Endpoints, Environment, QuickBooks, RedirectKind, Wiring,
};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample;

use super::wire::{BASE, Case, NOW, Recorder, TOKEN, Wire, no_secret, runtime};

const STREAMS: [Stream; 8] = [
    Stream::Customers,
    Stream::Items,
    Stream::Invoices,
    Stream::CreditMemos,
    Stream::CashSales,
    Stream::Receipts,
    Stream::Refunds,
    Stream::Journals,
];
/// Pages that one read follows.
const PAGES_MAX: usize = 3;

/// What is asked of the connector.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    Probe,
    Read(Stream),
    ReadSince(Stream),
    Ids(Stream),
    PeriodTotals,
    BalanceTotals,
    Create,
    Find,
    Candidates,
    CreateCustomer,
    Customer,
    Document,
    Receipt,
    Renew,
    Discover,
}

/// Every operation, in the order of their letters.
pub fn operations() -> Vec<Operation> {
    use Operation::{
        BalanceTotals, Candidates, Create, CreateCustomer, Customer, Discover, Document, Find, Ids,
        PeriodTotals, Probe, Read, ReadSince, Receipt, Renew,
    };
    let reads = STREAMS.map(Read).into_iter().chain(STREAMS.map(ReadSince));
    let others = [
        Ids(Stream::Invoices),
        PeriodTotals,
        BalanceTotals,
        Create,
        Find,
        Candidates,
        CreateCustomer,
        Customer,
        Document,
        Receipt,
        Renew,
        Discover,
    ];
    [Probe].into_iter().chain(reads).chain(others).collect()
}

type Answers = Arc<HashMap<String, Response<Bytes>>>;

thread_local! {
    static RECORDED: OnceCell<Answers> = const { OnceCell::new() };
}

/// Reads one case.
pub fn run(input: &[u8]) {
    let operations = operations();
    let Some(case) = Case::read(input, operations.len()) else { return };
    let operation = operations[case.operation];
    let answers = RECORDED.with(|it| it.get_or_init(|| recorded().0).clone());
    runtime().block_on(perform(Wire::of(answers, case), operation, TOKEN));
}

/// A sample company, and an access token to it.
pub async fn serving() -> (Router, String) {
    let clock = SimClock::at(NOW.parse().expect("a moment"));
    let simulator = QuickBooksSim::sample(clock, &sample::Company::alder_quay());
    let automatic = serde_json::json!({ "consent": "allow" });
    simulator.switch(&automatic).expect("a switch of the simulator");
    let router = simulator.router();
    let token = signed_in(Recorder::before(router.clone())).await;
    (router, token)
}

/// The sandbox's answers to every operation, and the bodies of each.
pub fn recorded() -> (Answers, Vec<Vec<Bytes>>) {
    let (router, token) = runtime().block_on(serving());
    let recorder = Recorder::before(router);
    let mut bodies = Vec::new();
    for operation in operations() {
        runtime().block_on(perform(recorder.clone(), operation, &token));
        bodies.push(std::mem::take(&mut *recorder.bodies.lock().expect("no holder panics")));
    }
    (recorder.answers(), bodies)
}

/// As a person who always presses *Allow*.
async fn signed_in(recorder: Arc<Recorder>) -> String {
    let company = company();
    let endpoints = Endpoints::known(company.app().environment());
    let entropy = Arc::new(CountedEntropy::default());
    let client = OAuthClient::new(company.app().oauth(&endpoints), recorder.clone(), entropy);
    let pending = client.begin(Some(53_682)).expect("a sign-in begins");
    let page = Request::get(&pending.authorize_url).body(Bytes::new()).expect("an address");
    let answer = recorder.send(page).await.expect("a simulator answers");
    let location = answer.headers()["location"].to_str().expect("an address");
    let callback = read_pasted(location, pending.state()).expect("consent was given");
    let signed_in = client.redeem(&pending, callback).await.expect("the code is good");
    signed_in.answer.access.expose().to_owned()
}

async fn perform(transport: Arc<dyn Transport>, operation: Operation, token: &str) {
    let quickbooks = connected(transport.clone(), token);
    match operation {
        Operation::Probe => drop(no_secret(quickbooks.probe().await)),
        Operation::Read(stream) => read(&quickbooks, stream, None).await,
        Operation::ReadSince(stream) => {
            read(&quickbooks, stream, Some("2026-07-01T00:00:00Z")).await;
        }
        Operation::Ids(stream) => drop(no_secret(quickbooks.ids(stream).await)),
        Operation::PeriodTotals => {
            let range = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };
            no_secret(quickbooks.period_totals(range).await);
        }
        Operation::BalanceTotals => {
            no_secret(quickbooks.balance_totals(date(2026, 6, 30)).await);
        }
        Operation::Discover => {
            Endpoints::discover(company().app().environment(), transport.as_ref()).await;
        }
        Operation::Renew => drop(no_secret(quickbooks.session().renew_if_older(0).await)),
        other => one_record(&quickbooks, other).await,
    }
}

async fn one_record(quickbooks: &QuickBooks, operation: Operation) {
    match operation {
        Operation::Create => drop(no_secret(quickbooks.create(&document(), 0).await)),
        Operation::Find => drop(no_secret(quickbooks.find(&document()).await)),
        Operation::Candidates => {
            no_secret(quickbooks.customer_candidates(&customer()).await);
        }
        Operation::CreateCustomer => {
            no_secret(quickbooks.create_customer(&customer()).await);
        }
        Operation::Customer => {
            let id = CustomerId::new("121").expect("an id");
            no_secret(quickbooks.customer(&id).await);
        }
        Operation::Document => {
            let id = DocumentId::new("2001").expect("an id");
            no_secret(quickbooks.document(LedgerDocumentKind::Invoice, &id).await);
        }
        _ => {
            let id = ReceiptId::new("2042").expect("an id");
            no_secret(quickbooks.receipt(&id).await);
        }
    }
}

async fn read(quickbooks: &QuickBooks, stream: Stream, since: Option<&str>) {
    let since = since.map(|text| text.parse().expect("a moment"));
    let mut request = ReadRequest { stream, since, token: None };
    for _ in 0..PAGES_MAX {
        let page = no_secret(quickbooks.read(&request).await);
        request.token = page.and_then(|page| page.next);
        if request.token.is_none() {
            return;
        }
    }
}

fn document() -> ProposedDocument {
    let currency = Currency::parse("USD").expect("a currency");
    ProposedDocument {
        kind: LedgerDocumentKind::Invoice,
        key: TransactionKey::parse("TIE-4WIP5NPYZH6ZVQOB").expect("a key"),
        deal: DealId::new("006Hs00000000GjIAI").expect("an id"),
        customer: CustomerId::new("121").expect("an id"),
        currency,
        effective_on: date(2026, 7, 6),
        due_on: Some(date(2026, 8, 5)),
        order_number: None,
        lines: vec![ProposedLine {
            item: ItemId::new("12").expect("an id"),
            description: Some("Flow array".into()),
            quantity: Decimal::ONE,
            unit_price: Some(Decimal::from(900)),
            amount: Money::from_minor(90_000, currency),
            tax_code: None,
            service_date: None,
        }],
        exchange_rate: None,
    }
}

fn customer() -> ProposedCustomer {
    ProposedCustomer {
        account: AccountId::new("001Hs000000000bIAA").expect("an id"),
        name: "Kestrel Ridge Aerospace".into(),
        currency: Currency::parse("USD").expect("a currency"),
        address: Address::default(),
    }
}

fn company() -> Company {
    let environment = Environment::At(BaseUrl::parse(BASE).expect("an address"));
    let secret = Secret::new(QuickBooksSim::CLIENT_SECRET);
    let app = App::new(environment, QuickBooksSim::CLIENT_ID, secret, RedirectKind::Loopback);
    Company::new(app.expect("keys"), sample::Company::QUICKBOOKS_REALM).expect("a company")
}

fn connected(transport: Arc<dyn Transport>, token: &str) -> QuickBooks {
    let company = company();
    let endpoints = Endpoints::known(company.app().environment());
    let grant = StoredGrant {
        access: Secret::new(token),
        refresh: Some(Secret::new("planted-refresh-token")),
        previous_refresh: None,
        obtained_at: NOW.parse().expect("a moment"),
        expires_at: Some("2026-07-06T17:42:00Z".parse().expect("a moment")),
        instance_url: None,
        extra: BTreeMap::new(),
    };
    let wiring = Wiring {
        transport,
        store: MemoryStore::with(grant),
        clock: VirtualClock::at(NOW),
        entropy: Arc::new(CountedEntropy::default()),
        cancel: Cancel::new(),
        endpoints,
    };
    QuickBooks::new(company, Agreement::default(), wiring)
}
