//! Every body that Salesforce sends: queries and their pages, composite and batch answers, errors,
//! tokens.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use jiff::civil::date;
use tieout_connect::cancel::Cancel;
use tieout_connect::ports::{
    Crm, CrmWrite, DateRange, FieldValue, ReadRequest, Source, WriteTarget,
};
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{CountedEntropy, MemoryStore, VirtualClock};
use tieout_connect::transport::Transport;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{AccountId, CrmOrgId, DealId};
use tieout_domain::{Currency, Money};
use tieout_salesforce::{LoginHost, Salesforce, SalesforceConfig, SalesforceParts};
use tieout_sim::clock::SimClock;
use tieout_sim::salesforce::SalesforceSim;
use tieout_sim::sample::{Company, salesforce_id};

use super::wire::{BASE, Case, NOW, Recorder, TOKEN, Wire, no_secret, runtime};

const STREAMS: [Stream; 7] = [
    Stream::Accounts,
    Stream::Products,
    Stream::Deals,
    Stream::DealLines,
    Stream::ScheduleLines,
    Stream::DealEvents,
    Stream::Users,
];
/// As the addresses of its API say it.
pub const VERSION: &str = "v66.0";
/// A deal and an account of the sample company.
const DEAL: &str = "006Hs00000000GjIAI";
const ACCOUNT: &str = "001Hs000000000bIAA";
/// Pages that one read follows.
const PAGES_MAX: usize = 3;

/// What is asked of the connector.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    Probe,
    Read(Stream),
    ReadSince(Stream),
    Ids(Stream),
    WonTotals,
    Deal,
    Mirrored,
    Write,
    Renew,
}

/// Every operation, in the order of their letters.
pub fn operations() -> Vec<Operation> {
    use Operation::{Deal, Ids, Mirrored, Probe, Read, ReadSince, Renew, WonTotals, Write};
    let reads = STREAMS.map(Read).into_iter().chain(STREAMS.map(ReadSince));
    let others =
        [Ids(Stream::Accounts), Ids(Stream::Deals), WonTotals, Deal, Mirrored, Write, Renew];
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

/// The sandbox's answers to every operation, and the bodies of each.
pub fn recorded() -> (Answers, Vec<Vec<Bytes>>) {
    let clock = SimClock::at(NOW.parse().expect("a moment"));
    let simulator = SalesforceSim::sample(clock, &Company::alder_quay());
    let session = simulator.open_session();
    let recorder = Recorder::before(simulator.router());
    let mut bodies = Vec::new();
    for operation in operations() {
        runtime().block_on(perform(recorder.clone(), operation, &session));
        bodies.push(std::mem::take(&mut *recorder.bodies.lock().expect("no holder panics")));
    }
    (recorder.answers(), bodies)
}

async fn perform(transport: Arc<dyn Transport>, operation: Operation, token: &str) {
    let salesforce = connected(transport, token).await;
    match operation {
        Operation::Probe => drop(no_secret(salesforce.probe().await)),
        Operation::Read(stream) => read(&salesforce, stream, None).await,
        Operation::ReadSince(stream) => {
            read(&salesforce, stream, Some("2026-07-01T00:00:00Z")).await;
        }
        Operation::Ids(stream) => drop(no_secret(salesforce.ids(stream).await)),
        Operation::WonTotals => {
            let range = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };
            no_secret(salesforce.won_totals(range).await);
        }
        Operation::Deal => drop(no_secret(salesforce.deal(&deal()).await)),
        Operation::Mirrored => {
            let accounts = [AccountId::new(ACCOUNT).expect("an id")];
            let keys = ["00D|qbo:1|1|USD".to_owned()];
            no_secret(salesforce.mirrored(&[deal()], &accounts, &keys).await);
        }
        Operation::Write => {
            for answer in no_secret(salesforce.write(&writes()).await).unwrap_or_default() {
                no_secret(answer);
            }
        }
        Operation::Renew => drop(no_secret(salesforce.session().renew_if_older(0).await)),
    }
}

async fn read(salesforce: &Salesforce, stream: Stream, since: Option<&str>) {
    let since = since.map(|text| text.parse().expect("a moment"));
    let mut request = ReadRequest { stream, since, token: None };
    for _ in 0..PAGES_MAX {
        let page = no_secret(salesforce.read(&request).await);
        request.token = page.and_then(|page| page.next);
        if request.token.is_none() {
            return;
        }
    }
}

fn deal() -> DealId {
    DealId::new(DEAL).expect("an id")
}

fn writes() -> Vec<CrmWrite> {
    let usd = Currency::parse("USD").expect("a currency");
    let fields = vec![
        ("Tieout_Billing_Status__c".to_owned(), FieldValue::Text("BILLED".into())),
        ("Tieout_Billed__c".to_owned(), FieldValue::Amount(Money::from_minor(123_450, usd))),
    ];
    let account = AccountId::new(ACCOUNT).expect("an id");
    let targets = [
        WriteTarget::Deal(deal()),
        WriteTarget::Account(account),
        WriteTarget::LedgerAccount { key: "00D|qbo:1|1|USD".into() },
        WriteTarget::Failure { fingerprint: "f".into() },
        WriteTarget::Task { token: "t".into() },
    ];
    targets.map(|target| CrmWrite { target, fields: fields.clone() }).into()
}

async fn connected(transport: Arc<dyn Transport>, token: &str) -> Salesforce {
    let id = format!("{BASE}/id/{}/{}", Company::ORG_ID, salesforce_id("005", 1));
    let grant = StoredGrant {
        access: Secret::new(token),
        refresh: Some(Secret::new("planted-refresh-token")),
        previous_refresh: None,
        obtained_at: NOW.parse().expect("a moment"),
        expires_at: None,
        instance_url: Some(BASE.to_owned()),
        extra: BTreeMap::from([("id".to_owned(), id)]),
    };
    let parts = SalesforceParts {
        transport,
        store: MemoryStore::with(grant),
        clock: VirtualClock::at(NOW),
        entropy: Arc::new(CountedEntropy::default()),
        cancel: Cancel::new(),
    };
    let host = LoginHost::parse(BASE).expect("an address of this computer");
    let config = SalesforceConfig::new(host, "client");
    let org = CrmOrgId::new(Company::ORG_ID).expect("the id of the sample organisation");
    Salesforce::open(config, org, parts).await.expect("it is signed in")
}
