//! A CRM in memory: feeds, totals, mirror fields that can be written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{
    Answer, Capabilities, ControlTotal, Crm, CrmWrite, DateRange, DealSnapshot, FieldValue,
    Measure, Page, Probe, ReadRequest, Source, WriteTarget,
};
use tieout_connect::testing::VirtualClock;
use tieout_domain::Money;
use tieout_domain::effect::Replay;
use tieout_domain::facts::{Deal, Fact, Quarantined, Stream};
use tieout_domain::ids::{AccountId, CrmOrgId, DealId};

use super::capabilities;
use super::facts::usd;
use super::feeds::Feeds;

pub const DEAL_FIELDS: [&str; 10] = [
    "Tieout_Billing_Status__c",
    "Tieout_Cash_Status__c",
    "Tieout_Invoice_Numbers__c",
    "Tieout_Billed_Net__c",
    "Tieout_Collected__c",
    "Tieout_Open__c",
    "Tieout_Due_Date__c",
    "Tieout_Paid_Date__c",
    "Tieout_As_Of__c",
    "Tieout_Run_Id__c",
];
const ACCOUNT_FIELDS: [&str; 15] = [
    "Tieout_AR_Balance__c",
    "Tieout_AR_Overdue__c",
    "Tieout_AR_Not_Due__c",
    "Tieout_Overdue_Count__c",
    "Tieout_Max_Days_Overdue__c",
    "Tieout_Oldest_Due__c",
    "Tieout_Last_Payment__c",
    "Tieout_Last_Payment_Date__c",
    "Tieout_Credits_12M__c",
    "Tieout_Unapplied_Credits__c",
    "Tieout_Unapplied_Cash__c",
    "Tieout_Avg_Days_Late__c",
    "Tieout_As_Of__c",
    "Tieout_Last_Synced__c",
    "Tieout_Run_Id__c",
];

const STREAMS: [Stream; 6] = [
    Stream::Accounts,
    Stream::Products,
    Stream::Deals,
    Stream::DealLines,
    Stream::ScheduleLines,
    Stream::DealEvents,
];

/// What a write meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    Refused,
    /// Written, and the answer is lost.
    LostAnswer,
    NotSent,
}

#[derive(Default)]
pub struct State {
    shown: BTreeMap<WriteTarget, BTreeMap<String, FieldValue>>,
    hidden: BTreeSet<WriteTarget>,
    installed: bool,
    faults: BTreeMap<WriteTarget, WriteFault>,
    whole_call: Option<WriteFault>,
    refuses_failures: bool,
    writes: Vec<CrmWrite>,
    calls: Vec<&'static str>,
    total_off: i64,
    silent: bool,
    aside: Vec<Quarantined>,
    deal_fails: bool,
}

pub struct FakeCrm {
    pub feeds: Feeds,
    org: CrmOrgId,
    clock: Arc<VirtualClock>,
    capabilities: Mutex<Capabilities>,
    requests: AtomicU64,
    state: Mutex<State>,
}

impl FakeCrm {
    pub fn new(clock: Arc<VirtualClock>) -> Self {
        Self {
            feeds: Feeds::new(clock.clone()),
            org: CrmOrgId::new("00DHs00000AbCdEMAV").unwrap(),
            clock,
            capabilities: Mutex::new(capabilities(Replay::UniqueExternalId, &STREAMS)),
            requests: AtomicU64::new(0),
            state: Mutex::new(State { installed: true, ..State::default() }),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes what the next probe finds.
    pub fn able(&self, change: impl FnOnce(&mut Capabilities)) {
        change(&mut self.capabilities.lock().unwrap());
    }

    fn call(&self, name: &'static str) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.state().calls.push(name);
    }

    /// Calls since the last time they were taken.
    pub fn take_calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.state().calls)
    }

    /// Writes that arrived since the last time they were taken, failure records left out.
    pub fn take_writes(&self) -> Vec<CrmWrite> {
        let mut writes = std::mem::take(&mut self.state().writes);
        writes.retain(|write| !matches!(write.target, WriteTarget::Failure { .. }));
        writes
    }

    pub fn fail(&self, target: WriteTarget, fault: WriteFault) {
        self.state().faults.insert(target, fault);
    }

    pub fn recover(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.whole_call = None;
        state.refuses_failures = false;
    }

    pub fn fail_whole_call(&self, fault: WriteFault) {
        self.state().whole_call = Some(fault);
    }

    pub fn refuse_failures(&self) {
        self.state().refuses_failures = true;
    }

    pub fn uninstall(&self) {
        self.state().installed = false;
    }

    pub fn hide(&self, target: WriteTarget) {
        self.state().hidden.insert(target);
    }

    /// The CRM's own count is off by so many.
    pub fn total_off(&self, by: i64) {
        self.state().total_off = by;
    }

    /// The CRM answers without a single total.
    pub fn fall_silent(&self) {
        self.state().silent = true;
    }

    /// Something of the next deal read cannot become a fact.
    pub fn keep_aside(&self, record: Quarantined) {
        self.state().aside.push(record);
    }

    pub fn deal_fails(&self, fails: bool) {
        self.state().deal_fails = fails;
    }

    /// What a field shows.
    pub fn shows(&self, target: &WriteTarget, field: &str) -> Option<FieldValue> {
        self.state().shown.get(target).and_then(|fields| fields.get(field).cloned())
    }

    /// A person changes a field by hand.
    pub fn edit(&self, target: &WriteTarget, field: &str, value: FieldValue) {
        let mut state = self.state();
        state.shown.entry(target.clone()).or_default().insert(field.into(), value);
    }

    /// `class entity record: state`, one line for each failure record.
    pub fn failures(&self) -> Vec<String> {
        let state = self.state();
        let rows =
            state.shown.iter().filter(|(target, _)| matches!(target, WriteTarget::Failure { .. }));
        let mut lines: Vec<String> = rows
            .map(|(_, fields)| {
                let text = |name: &str| match fields.get(name) {
                    Some(FieldValue::Text(text)) => text.clone(),
                    _ => "-".into(),
                };
                let (class, entity) = (text("Error_Class__c"), text("Entity__c"));
                format!("{class} {entity} {}: {}", text("Record_Id__c"), text("State__c"))
            })
            .collect();
        lines.sort();
        lines
    }

    fn show(state: &mut State, write: &CrmWrite) {
        let record = state.shown.entry(write.target.clone()).or_default();
        for (name, value) in &write.fields {
            record.insert(name.clone(), value.clone());
        }
    }

    fn deals(&self) -> Vec<Deal> {
        let facts = self.feeds.facts().into_iter();
        facts
            .filter_map(|fact| match fact {
                Fact::Deal(deal) if !deal.stamp.deleted => Some(deal),
                _ => None,
            })
            .collect()
    }
}

#[async_trait]
impl Source for FakeCrm {
    async fn probe(&self) -> Answer<Probe> {
        Ok(Probe {
            name: "Harrow".into(),
            sandbox: true,
            capabilities: self.capabilities.lock().unwrap().clone(),
            missing: Vec::new(),
        })
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        self.call("read");
        self.feeds.read(request)
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        self.call("ids");
        Ok(Some(self.feeds.ids(stream)))
    }

    async fn shape(&self, _: Stream) -> Answer<Option<String>> {
        Ok(self.feeds.shape())
    }

    fn requests_sent(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn deep_link(&self, _: Stream, _: &str) -> Option<String> {
        None
    }
}

#[async_trait]
impl Crm for FakeCrm {
    fn org(&self) -> &CrmOrgId {
        &self.org
    }

    async fn won_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>> {
        self.call("won_totals");
        if self.state().silent {
            return Ok(Vec::new());
        }
        let within =
            |deal: &&Deal| deal.won && range.from <= deal.close_date && deal.close_date <= range.to;
        let deals = self.deals();
        let won: Vec<&Deal> = deals.iter().filter(within).collect();
        let count = won.len() as i64 + self.state().total_off;
        let sum = Money::sum(usd(), won.iter().filter_map(|deal| deal.amount)).unwrap();
        Ok(vec![ControlTotal {
            measure: Measure::WonDeals,
            currency: usd(),
            count: u64::try_from(count).unwrap(),
            sum: Some(sum),
            count_without_amount: 0,
            source: "won deals".into(),
            proof: "by the CRM".into(),
        }])
    }

    async fn deal(&self, id: &DealId) -> Answer<DealSnapshot> {
        self.call("deal");
        if self.state().deal_fails {
            return Err(ConnectorError::OutcomeUnknown("no answer".into()));
        }
        let deals = self.deals();
        let deal = deals.into_iter().find(|deal| deal.id == *id).ok_or(ConnectorError::NotFound)?;
        let (mut lines, mut schedule, mut account) = (Vec::new(), Vec::new(), None);
        for fact in self.feeds.facts() {
            match fact {
                Fact::DealLine(line) if line.deal == *id => lines.push(line),
                Fact::ScheduleLine(part) => schedule.push(part),
                Fact::Account(found) if Some(&found.id) == deal.account.as_ref() => {
                    account = Some(found);
                }
                _ => {}
            }
        }
        schedule.retain(|part| lines.iter().any(|line| line.id == part.line));
        Ok(DealSnapshot {
            deal: Some(deal),
            account,
            lines,
            schedule,
            events: Vec::new(),
            quarantined: std::mem::take(&mut self.state().aside),
            server_time: self.clock.now(),
        })
    }

    async fn mirrored(
        &self,
        deals: &[DealId],
        accounts: &[AccountId],
        ledger_account_keys: &[String],
    ) -> Answer<Vec<CrmWrite>> {
        self.call("mirrored");
        let state = self.state();
        if !state.installed {
            return Ok(Vec::new());
        }
        let named = |target: WriteTarget, fields: &[&str]| {
            let held = state.shown.get(&target);
            let value = |name: &&str| {
                let held = held.and_then(|held| held.get(*name)).cloned();
                ((*name).to_owned(), held.unwrap_or(FieldValue::Empty))
            };
            CrmWrite { fields: fields.iter().map(value).collect(), target }
        };
        let mut shown: Vec<CrmWrite> =
            deals.iter().map(|id| named(WriteTarget::Deal(id.clone()), &DEAL_FIELDS)).collect();
        let accounts = accounts.iter().map(|id| WriteTarget::Account(id.clone()));
        shown.extend(accounts.map(|target| named(target, &ACCOUNT_FIELDS)));
        for key in ledger_account_keys {
            let target = WriteTarget::LedgerAccount { key: key.clone() };
            if let Some(held) = state.shown.get(&target) {
                shown.push(CrmWrite { target, fields: held.clone().into_iter().collect() });
            }
        }
        shown.retain(|write| !state.hidden.contains(&write.target));
        Ok(shown)
    }

    async fn write(&self, writes: &[CrmWrite]) -> Answer<Vec<Answer<()>>> {
        self.call("write");
        let mut state = self.state();
        let whole_call = state.whole_call;
        if whole_call == Some(WriteFault::NotSent) {
            return Err(ConnectorError::NotSent("no route".into()));
        }
        let mut outcomes = Vec::new();
        for write in writes {
            let is_failure = matches!(write.target, WriteTarget::Failure { .. });
            let fault = match state.faults.get(&write.target) {
                None if is_failure && state.refuses_failures => Some(WriteFault::Refused),
                fault => fault.copied(),
            };
            state.writes.push(write.clone());
            outcomes.push(match fault {
                Some(WriteFault::Refused) => Err(ConnectorError::Rejected {
                    code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
                    field: None,
                    text: "Harrow Creek Ltd may not be touched".into(),
                }),
                Some(WriteFault::NotSent) => Err(ConnectorError::NotSent("no route".into())),
                Some(WriteFault::LostAnswer) => {
                    Self::show(&mut state, write);
                    Err(ConnectorError::OutcomeUnknown("reset".into()))
                }
                None => {
                    Self::show(&mut state, write);
                    Ok(())
                }
            });
        }
        match whole_call {
            Some(_) => Err(ConnectorError::OutcomeUnknown("reset".into())),
            None => Ok(outcomes),
        }
    }
}
