//! Whether a world kept the promise. Looks at the simulators' truth and at what the store tells,
//! and uses none of the engine's rules.

use std::collections::BTreeMap;

use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::Stream;
use tieout_domain::ids::DealId;
use tieout_domain::status::BillingStatus;
use tieout_engine::{Decision, Outcome, Planned, RunReport};
use tieout_sim::sample::Company;
use tieout_store::{Effect, EffectFilter, EffectKind};

use crate::world::World;

/// A wait after which every change is seen by everybody.
const SETTLED_SECS: i64 = 700;
/// Waits after which everything that can settle by itself has: longer than every step of a schedule
/// of questions, and as many as there are steps.
const WAITS_SECS: [i64; 9] = [250, 70, 700, 1_300, 3_700, 22_000, 90_000, 90_000, 90_000];

impl World {
    /// No fault, no death, the right time, and a person who signs in: lets everything come to rest
    /// that can.
    pub async fn come_to_rest(&mut self) {
        self.network.clear();
        self.mend();
        self.die_at(None);
        self.set_clock_wrong(0);
        self.late_secs = 0;
        self.network.settle().await;
        if self.full_disk {
            self.make_room().await;
        }
        self.end();
        self.sign_in().await;
        self.start().await;
        self.sleep(SETTLED_SECS);
        for secs in WAITS_SECS {
            let report: RunReport = self.sync(false).await.unwrap().unwrap();
            assert!(report.is_complete(), "a run in peace is not complete: {:?}", report.gaps);
            let created = self.create(&[]).await.unwrap().unwrap();
            let driven = |it: &Planned| matches!(it.outcome, Outcome::Driven(_));
            if !self.anything_in_flight() && !created.planned.iter().any(driven) {
                return;
            }
            self.sleep(secs);
        }
        self.sleep(SETTLED_SECS);
        let report: RunReport = self.sync(false).await.unwrap().unwrap();
        assert!(report.is_complete(), "the last run is not complete: {:?}", report.gaps);
    }

    fn effects(&mut self) -> Vec<Effect> {
        self.engine().store.effects(&EffectFilter::default()).unwrap()
    }

    pub fn documents_promised(&mut self) -> Vec<Effect> {
        let mut effects = self.effects();
        effects.retain(|effect| effect.kind == EffectKind::Document);
        effects
    }

    fn anything_in_flight(&mut self) -> bool {
        let effects = self.effects();
        effects.iter().filter(|effect| creates(effect)).any(|effect| effect.state.in_flight())
    }

    /// Holds at every moment, whatever goes on. An invoice that people deleted before anybody here
    /// could read it leaves nothing to find, so one more may take its place; any other that was
    /// deleted still counts.
    pub fn check_never_two(&self) {
        for (key, ids) in &self.ever {
            let counted: Vec<&String> =
                ids.iter().filter(|id| !self.deleted_unread.contains(*id)).collect();
            assert!(counted.len() < 2, "{key} made {} invoices: {ids:?}", ids.len());
        }
    }

    /// People deleted this invoice: whether it was known here by then.
    pub fn note_deleted(&mut self, id: &str) {
        let ours = |effect: &Effect| effect.result_id.as_deref() == Some(id);
        let ours = self.documents_promised().iter().any(ours);
        let ledger = self.ledger.clone();
        let read = self.engine().store.fact(&ledger, Stream::Invoices, id, None).unwrap();
        if !ours && read.is_none() {
            self.deleted_unread.insert(id.to_owned());
        }
    }

    /// Holds at every moment, whatever goes on: what is refused here is not in the ledger.
    pub fn check_refused(&mut self) {
        let mut refused = self.documents_promised();
        refused.retain(|effect| effect.state == EffectState::Rejected);
        for effect in refused {
            let there = self.carrying(&effect.key).len();
            assert!(there == 0, "{} is in the ledger and here refused", effect.key);
        }
    }

    /// Holds once everything came to rest.
    pub fn check_at_rest(&mut self) {
        self.check_never_two();
        self.check_promises();
        self.check_customers();
        let ledger = self.ledger.clone();
        let told = self.engine().view_today(&ledger).unwrap().reconcile().unwrap();
        self.check_deals(&told);
        let aside = self.engine().store.quarantine(true).unwrap();
        assert!(aside.is_empty(), "still kept aside: {aside:?}");
        self.check_records();
        self.check_receivables(&told);
        self.check_written_back(&told);
        let verdict = self.engine().store.verify_audit().unwrap();
        assert_eq!(verdict.broken_at, None, "the audit chain is broken");
        self.check_files();
    }

    /// Nothing is left in the air, what is there is known to be there, and whatever did not succeed
    /// says why.
    fn check_promises(&mut self) {
        for effect in self.effects() {
            let (key, state) = (&effect.key, effect.state);
            assert_ne!(state, EffectState::Sent, "{key} is left as sent");
            let failed = matches!(state, EffectState::Rejected | EffectState::Unknown);
            assert!(!failed || effect.error_code.is_some(), "{key} is {state:?} without a code");
            if effect.kind != EffectKind::Document {
                continue;
            }
            let there = self.carrying(key).len();
            let known = matches!(state, EffectState::Confirmed | EffectState::Conflict);
            assert!(there == 0 || known, "{key} is in the ledger and here {state:?}");
            let ever = self.ever.get(key).is_some_and(|ids| !ids.is_empty());
            assert!(ever || !known, "{key} is {state:?} and never was in the ledger");
        }
    }

    /// No Account ever got two customers.
    fn check_customers(&self) {
        let mut marked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for customer in self.quickbooks.truth().customers() {
            if let Some(account) = account_in(&customer.notes) {
                marked.entry(account).or_default().push(customer.id);
            }
        }
        for (account, customers) in marked {
            assert!(customers.len() < 2, "{account} has the customers {customers:?}");
        }
    }

    /// Every won deal has its one document, or stands visibly in nobody's way but a person's.
    fn check_deals(&mut self, reconciliation: &Reconciliation) {
        let elsewhere = |deal: &String| {
            let mut deals = reconciliation.unassigned.iter().flat_map(|row| &row.deals);
            deals.any(|id| id.as_str() == deal)
        };
        let rows: BTreeMap<String, _> =
            reconciliation.rows.iter().map(|row| (row.deal.to_string(), row)).collect();
        let local =
            self.anything_in_flight() || self.invoices().iter().any(|it| !it.note.contains("TIE-"));
        for deal in self.won_deals() {
            let key = self.key_of(&deal);
            let Some(row) = rows.get(&deal) else {
                let listed = elsewhere(&deal) || self.closes_later(&deal);
                assert!(listed, "{deal} is won and in no list");
                continue;
            };
            let ever = self.ever.get(&key).is_some_and(|ids| !ids.is_empty());
            let waits = matches!(
                row.billing,
                BillingStatus::InFlight
                    | BillingStatus::Blocked
                    | BillingStatus::Excluded
                    | BillingStatus::NotDue
            );
            let linked = !row.documents.is_empty();
            assert!(
                ever || waits || linked || local,
                "{deal} has no document and is {:?}",
                row.billing
            );
        }
    }

    /// Its close date lies after today, as both systems count it.
    fn closes_later(&self, deal: &str) -> bool {
        let day = self.salesforce.truth().field("Opportunity", deal, "CloseDate").unwrap();
        let today = self.clock.now().in_tz("America/Los_Angeles").unwrap().date();
        day.parse::<jiff::civil::Date>().unwrap() > today
    }

    pub fn key_of(&self, deal: &str) -> String {
        let ledger = format!("qbo:{}", self.quickbooks.realm());
        tieout_sim::quickbooks::transaction_key(Company::ORG_ID, &ledger, deal, "invoice", 1)
    }

    /// A person looks into the ledger at everything that waits, and decides by what is there. Says
    /// whether there was anything to decide.
    pub async fn a_person_decides(&mut self) {
        let mut decides = false;
        for effect in self.effects() {
            let waits = effect.state == EffectState::Unknown && creates(&effect);
            let there = match effect.kind {
                EffectKind::Customer => self.has_customer_of(&effect.payload),
                _ => !self.carrying(&effect.key).is_empty(),
            };
            if waits && !there {
                let reason = "not in the ledger";
                let decided = self
                    .engine()
                    .resolve(&effect.key, Decision::SendAgain, "Priya Raman", reason)
                    .unwrap();
                self.say(format!("a person sends {} again: {decided:?}", effect.key));
                decides = true;
            }
        }
        if decides {
            self.come_to_rest().await;
            self.check_at_rest();
        }
    }

    fn has_customer_of(&self, account: &str) -> bool {
        let customers = self.quickbooks.truth().customers();
        customers.iter().any(|customer| account_in(&customer.notes).as_deref() == Some(account))
    }

    /// The one invoice of a deal that nobody touched.
    pub fn check_one(&self, deal: &DealId) {
        let key = self.key_of(deal.as_str());
        let there = self.carrying(&key).len();
        assert_eq!(there, 1, "{deal} has {there} invoices with its key");
    }
}

fn creates(effect: &Effect) -> bool {
    matches!(effect.kind, EffectKind::Document | EffectKind::Customer)
}

/// The Account in the notes of a customer, found without the product's reader.
pub fn account_in(notes: &str) -> Option<String> {
    let (_, rest) = notes.split_once("tieout:account=")?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}
