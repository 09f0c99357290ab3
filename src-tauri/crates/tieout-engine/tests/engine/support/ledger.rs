//! A ledger in memory that treats keys as its replay class says, and fails as it is told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{
    Answer, Capabilities, ControlTotal, CustomerSnapshot, DateRange, Ledger, Measure, Page, Probe,
    ProposedCustomer, ProposedDocument, ReadRequest, Source,
};
use tieout_connect::testing::VirtualClock;
use tieout_domain::Money;
use tieout_domain::effect::Replay;
use tieout_domain::facts::{
    Customer, Document, DocumentStatus, Fact, LedgerDocumentKind, Receipt, Stamp, Stream,
};
use tieout_domain::ids::{CustomerId, DocumentId, LedgerId, ReceiptId};

use super::capabilities;
use super::facts::{a_customer, a_document, usd};
use super::feeds::Feeds;

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

/// What a create meets. Only the first two words of a fault say whether a document came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Never left this machine.
    NotSent,
    /// Left, and never arrived; we cannot know.
    LostRequest,
    /// Arrived, and the answer is lost.
    LostAnswer,
    /// 5xx before anything was stored.
    ServerErrorBefore,
    /// 5xx after the document was stored.
    ServerErrorAfter,
    /// A success that cannot be read.
    Unreadable,
    Throttled(u64),
    SignIn,
    Refused,
    PeriodClosed,
    /// Stored with another amount than we sent.
    OtherContent,
}

/// What a look-up meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The index has not caught up: nothing is found.
    Stale,
    NoAnswer,
    Throttled,
    SignIn,
}

#[derive(Clone, Debug)]
pub struct Made {
    pub document: Document,
    pub group: u32,
    at: Timestamp,
}

#[derive(Default)]
pub struct State {
    made: Vec<Made>,
    faults: VecDeque<Fault>,
    looks: VecDeque<Look>,
    customer_faults: VecDeque<Fault>,
    calls: Vec<String>,
    total_off: i64,
    silent: bool,
    count_only: bool,
    feed_is_late: bool,
    visible_after_secs: i64,
}

pub struct FakeLedger {
    pub feeds: Feeds,
    ledger: LedgerId,
    name: &'static str,
    clock: Arc<VirtualClock>,
    capabilities: Mutex<Capabilities>,
    requests: AtomicU64,
    state: Mutex<State>,
}

impl FakeLedger {
    pub fn new(clock: Arc<VirtualClock>, replay: Replay) -> Self {
        Self::named(clock, replay, ("fake:1", "AQ-US"))
    }

    /// Another company: its ledger id and its name.
    pub fn named(
        clock: Arc<VirtualClock>,
        replay: Replay,
        (ledger, name): (&str, &'static str),
    ) -> Self {
        let visible_after_secs = match replay {
            Replay::MarkerSearch { visible_after_secs } => i64::from(visible_after_secs),
            Replay::NativeKey { .. } | Replay::UniqueExternalId => 0,
        };
        Self {
            feeds: Feeds::new(clock.clone()),
            ledger: LedgerId::new(ledger).unwrap(),
            name,
            clock,
            capabilities: Mutex::new(capabilities(replay, &STREAMS)),
            requests: AtomicU64::new(0),
            state: Mutex::new(State { visible_after_secs, ..State::default() }),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes what the next probe finds.
    pub fn able(&self, change: impl FnOnce(&mut Capabilities)) {
        change(&mut self.capabilities.lock().unwrap());
    }

    fn call(&self, what: impl Into<String>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.state().calls.push(what.into());
    }

    /// `create …`, `find`, `create_customer …` since the last time they were taken, reads left out.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state().calls)
    }

    /// Documents that really exist and carry a key of ours.
    pub fn made(&self) -> Vec<Made> {
        self.state().made.clone()
    }

    pub fn meet(&self, faults: &[Fault]) {
        self.state().faults.extend(faults);
    }

    pub fn meet_customers(&self, faults: &[Fault]) {
        self.state().customer_faults.extend(faults);
    }

    pub fn look(&self, looks: &[Look]) {
        self.state().looks.extend(looks);
    }

    /// The feed does not tell new documents: only a question finds them.
    pub fn delay_feed(&self) {
        self.state().feed_is_late = true;
    }

    /// Nothing that was scripted happens any more.
    pub fn calm(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.looks.clear();
        state.customer_faults.clear();
    }

    pub fn total_off(&self, by: i64) {
        self.state().total_off = by;
    }

    pub fn fall_silent(&self) {
        self.state().silent = true;
    }

    /// One count over all currencies and no sum, as some tools can do no better.
    pub fn count_only(&self) {
        self.state().count_only = true;
    }

    fn store(&self, proposal: &ProposedDocument, group: u32, other: bool) -> Document {
        let now = self.clock.now();
        let net = Money::sum(proposal.currency, proposal.lines.iter().map(|it| it.amount)).unwrap();
        let net = if other { Money::from_minor(net.minor() + 1, net.currency()) } else { net };
        let mut state = self.state();
        let id = format!("{}", 1_001 + state.made.len());
        let document = Document {
            key: Some(proposal.key.clone()),
            effective_on: proposal.effective_on,
            due_on: proposal.due_on,
            stamp: Stamp { version: "0".into(), modified_at: now, deleted: false },
            ..a_document(&id, proposal.customer.as_str(), net)
        };
        state.made.push(Made { document: document.clone(), group, at: now });
        let feed_is_late = state.feed_is_late;
        drop(state);
        if feed_is_late {
            self.feeds.put_untold(Fact::Document(document.clone()));
        } else {
            self.feeds.put(Fact::Document(document.clone()));
        }
        document
    }

    /// The document that the tool knows under our key, by the rules of its replay class.
    fn replayed(&self, proposal: &ProposedDocument, group: u32) -> Option<Answer<Document>> {
        let now = self.clock.now();
        let state = self.state();
        let mut ours =
            state.made.iter().filter(|it| it.document.key.as_ref() == Some(&proposal.key));
        let replay = self.capabilities.lock().unwrap().replay;
        match replay {
            Replay::NativeKey { ttl_secs } => {
                let fresh = ours.find(|made| {
                    let age = now.duration_since(made.at);
                    made.group == group && age < SignedDuration::from_secs(i64::from(ttl_secs))
                });
                fresh.map(|made| Ok(made.document.clone()))
            }
            Replay::UniqueExternalId => ours.next().map(|_| Err(rejected("DUPLICATE"))),
            Replay::MarkerSearch { .. } => None,
        }
    }

    fn customers(&self) -> Vec<Customer> {
        let facts = self.feeds.facts().into_iter();
        facts
            .filter_map(|fact| match fact {
                Fact::Customer(customer) => Some(customer),
                _ => None,
            })
            .collect()
    }

    fn documents(&self) -> Vec<Document> {
        let facts = self.feeds.facts().into_iter();
        facts
            .filter_map(|fact| match fact {
                Fact::Document(document) => Some(document),
                _ => None,
            })
            .collect()
    }
}

fn rejected(code: &str) -> ConnectorError {
    ConnectorError::Rejected { code: code.into(), field: None, text: "Harrow Creek Ltd: no".into() }
}

fn cash(fact: &Fact) -> Option<Money> {
    match fact {
        Fact::Receipt(receipt) => Some(receipt.amount),
        _ => None,
    }
}

fn total(measure: Measure, count: u64, sum: Option<Money>) -> ControlTotal {
    ControlTotal {
        measure,
        currency: usd(),
        count,
        sum,
        count_without_amount: 0,
        source: "counted".into(),
        proof: "by the tool".into(),
    }
}

fn lost() -> ConnectorError {
    ConnectorError::OutcomeUnknown("connection reset".into())
}

#[async_trait]
impl Source for FakeLedger {
    async fn probe(&self) -> Answer<Probe> {
        Ok(Probe {
            name: self.name.into(),
            sandbox: true,
            capabilities: self.capabilities.lock().unwrap().clone(),
            missing: Vec::new(),
        })
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.feeds.read(request)
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        self.call("ids");
        Ok(Some(self.feeds.ids(stream)))
    }

    fn requests_sent(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn deep_link(&self, _: Stream, _: &str) -> Option<String> {
        None
    }
}

#[async_trait]
impl Ledger for FakeLedger {
    fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    async fn period_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>> {
        let (off, silent, count_only) = {
            let state = self.state();
            (state.total_off, state.silent, state.count_only)
        };
        if silent {
            return Ok(Vec::new());
        }
        let mut invoices = self.documents();
        invoices.retain(|it| range.from <= it.effective_on && it.effective_on <= range.to);
        invoices.retain(|it| it.kind == LedgerDocumentKind::Invoice);
        let in_usd = invoices.iter().filter(|it| it.currency == usd()).map(|it| it.total);
        let count = u64::try_from(invoices.len() as i64 + off).unwrap();
        let sum = Money::sum(usd(), in_usd).unwrap();
        let mut totals = vec![total(Measure::Invoices, count, (!count_only).then_some(sum))];
        let received: Vec<Money> = self.feeds.facts().iter().filter_map(cash).collect();
        if !received.is_empty() {
            let sum = Money::sum(usd(), received.iter().copied()).unwrap();
            totals.push(total(Measure::Receipts, received.len() as u64, Some(sum)));
        }
        Ok(totals)
    }

    async fn balance_totals(&self, _: jiff::civil::Date) -> Answer<Vec<ControlTotal>> {
        Ok(Vec::new())
    }

    async fn create(&self, proposal: &ProposedDocument, attempt_group: u32) -> Answer<Document> {
        let fault = self.state().faults.pop_front().unwrap_or(Fault::None);
        self.call(format!("create {}.{attempt_group} {}", proposal.key, proposal.lines[0].amount));
        match fault {
            Fault::NotSent => return Err(ConnectorError::NotSent("no route".into())),
            Fault::SignIn => return Err(ConnectorError::SignInNeeded),
            Fault::LostRequest | Fault::ServerErrorBefore => return Err(lost()),
            Fault::Throttled(secs) => {
                let retry_after = Some(Duration::from_secs(secs));
                return Err(ConnectorError::Throttled { retry_after });
            }
            Fault::Refused => return Err(rejected("6000")),
            Fault::PeriodClosed => {
                return Err(ConnectorError::PeriodClosed { code: "6210".into() });
            }
            _ => {}
        }
        let answer = match self.replayed(proposal, attempt_group) {
            Some(known) => known,
            None => Ok(self.store(proposal, attempt_group, fault == Fault::OtherContent)),
        };
        match fault {
            Fault::LostAnswer | Fault::ServerErrorAfter => Err(lost()),
            Fault::Unreadable => Err(ConnectorError::Malformed { path: "Invoice".into() }),
            _ => answer,
        }
    }

    async fn find(&self, proposal: &ProposedDocument) -> Answer<Option<Document>> {
        self.call("find");
        let now = self.clock.now();
        let mut state = self.state();
        match state.looks.pop_front() {
            Some(Look::Stale) => return Ok(None),
            Some(Look::NoAnswer) => return Err(lost()),
            Some(Look::Throttled) => {
                return Err(ConnectorError::Throttled {
                    retry_after: Some(Duration::from_secs(90)),
                });
            }
            Some(Look::SignIn) => return Err(ConnectorError::SignInNeeded),
            None => {}
        }
        let visible = SignedDuration::from_secs(state.visible_after_secs);
        let ours = state.made.iter().find(|made| {
            made.document.key.as_ref() == Some(&proposal.key)
                && now.duration_since(made.at) >= visible
        });
        Ok(ours.map(|made| made.document.clone()))
    }

    async fn customer_candidates(&self, proposal: &ProposedCustomer) -> Answer<Vec<Customer>> {
        self.call("candidates");
        let mut found = self.customers();
        found.retain(|it| {
            it.account.as_ref() == Some(&proposal.account) || it.name == proposal.name
        });
        Ok(found)
    }

    async fn create_customer(&self, proposal: &ProposedCustomer) -> Answer<Customer> {
        let fault = self.state().customer_faults.pop_front().unwrap_or(Fault::None);
        self.call(format!("create_customer {}", proposal.account));
        match fault {
            Fault::NotSent => return Err(ConnectorError::NotSent("no route".into())),
            Fault::LostRequest => return Err(lost()),
            Fault::Refused => return Err(rejected("6240")),
            _ => {}
        }
        let id = format!("N{}", self.customers().len() + 1);
        let mut customer = a_customer(&id, &proposal.name, Some(proposal.account.as_str()));
        customer.stamp.modified_at = self.clock.now();
        self.feeds.put(Fact::Customer(customer.clone()));
        if fault == Fault::LostAnswer { Err(lost()) } else { Ok(customer) }
    }

    async fn customer(&self, id: &CustomerId) -> Answer<CustomerSnapshot> {
        self.call("customer");
        let customer = self.customers().into_iter().find(|customer| customer.id == *id);
        let mut facts: Vec<Fact> = Vec::new();
        for fact in self.feeds.facts() {
            match &fact {
                Fact::Document(document) if document.customer == *id => facts.push(fact),
                Fact::Receipt(receipt) if receipt.customer == *id => facts.push(fact),
                _ => {}
            }
        }
        Ok(CustomerSnapshot {
            customer,
            facts,
            quarantined: Vec::new(),
            server_time: self.clock.now(),
        })
    }

    async fn document(
        &self,
        kind: LedgerDocumentKind,
        id: &DocumentId,
    ) -> Answer<Option<Document>> {
        self.call("document");
        let found = self.documents().into_iter().find(|it| it.kind == kind && it.id == *id);
        Ok(found.filter(|document| document.status != DocumentStatus::Deleted))
    }

    async fn receipt(&self, id: &ReceiptId) -> Answer<Option<Receipt>> {
        self.call("receipt");
        Ok(self.feeds.facts().into_iter().find_map(|fact| match fact {
            Fact::Receipt(receipt) if receipt.id == *id => Some(receipt),
            _ => None,
        }))
    }
}
