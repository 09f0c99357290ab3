//! Whether a world kept the promise. Looks at the simulators' truth and at what the store tells,
//! and uses none of the engine's rules.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{DocumentStatus, Fact, Stream};
use tieout_domain::ids::DealId;
use tieout_domain::status::BillingStatus;
use tieout_engine::Decision;
use tieout_sim::sample::Company;
use tieout_store::{Effect, EffectFilter, EffectKind};

use crate::world::World;

/// Waits after which everything that can settle by itself has: longer than every step of a schedule
/// of questions, and as many as there are steps.
const WAITS_SECS: [i64; 9] = [50, 70, 700, 1_300, 3_700, 22_000, 90_000, 90_000, 90_000];

impl World {
    /// No fault, no death, the right time: lets everything come to rest that can.
    pub async fn come_to_rest(&mut self) {
        self.network.clear();
        self.die_at(None);
        self.set_clock_wrong(0);
        self.network.settle().await;
        self.restart().await;
        for secs in WAITS_SECS {
            self.sync(false).await;
            self.create(&[]).await;
            if !self.anything_in_flight() {
                break;
            }
            self.sleep(secs).await;
        }
        self.sleep(700).await;
        let report = self.sync(true).await.unwrap().unwrap();
        assert!(report.is_complete(), "the last run is not complete: {:?}", report.gaps);
    }

    pub fn documents_promised(&mut self) -> Vec<Effect> {
        let filter = EffectFilter { kind: Some(EffectKind::Document), ..EffectFilter::default() };
        self.engine().store.effects(&filter).unwrap()
    }

    fn anything_in_flight(&mut self) -> bool {
        let effects = self.engine().store.effects(&EffectFilter::default()).unwrap();
        let creates =
            |effect: &&Effect| matches!(effect.kind, EffectKind::Document | EffectKind::Customer);
        effects.iter().filter(creates).any(|effect| effect.state.in_flight())
    }

    /// Holds at every moment, whatever goes on.
    pub fn check_never_two(&self) {
        for (key, ids) in &self.ever {
            assert!(ids.len() < 2, "{key} made {} invoices: {ids:?}", ids.len());
        }
    }

    /// Holds once everything came to rest.
    pub fn check_at_rest(&mut self) {
        self.check_never_two();
        self.check_promises();
        self.check_deals();
        self.check_facts();
        let verdict = self.engine().store.verify_audit().unwrap();
        assert_eq!(verdict.broken_at, None, "the audit chain is broken");
    }

    /// Nothing is left in the air, and what is there is known to be there.
    fn check_promises(&mut self) {
        for effect in self.documents_promised() {
            let (key, state) = (&effect.key, effect.state);
            assert_ne!(state, EffectState::Sent, "{key} is left as sent");
            let there = self.carrying(key).len();
            let known = matches!(state, EffectState::Confirmed | EffectState::Conflict);
            assert!(there == 0 || known, "{key} is in the ledger and here {state:?}");
            let ever = self.ever.get(key).is_some_and(|ids| !ids.is_empty());
            assert!(ever || !known, "{key} is {state:?} and never was in the ledger");
            let told = state != EffectState::Rejected || effect.error_code.is_some();
            assert!(told, "{key} is refused without a code");
        }
    }

    /// Every won deal has its one document, or stands visibly in nobody's way but a person's.
    fn check_deals(&mut self) {
        let customer_waits = self.anything_in_flight();
        let ledger = self.ledger.clone();
        let view = self.engine().view_today(&ledger).unwrap();
        let reconciliation = view.reconcile().unwrap();
        let rows: BTreeMap<String, _> =
            reconciliation.rows.iter().map(|row| (row.deal.to_string(), row)).collect();
        for deal in self.won_deals() {
            let key = self.key_of(&deal);
            let row = rows.get(&deal).unwrap_or_else(|| panic!("{deal} is won and in no list"));
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
                ever || waits || linked || customer_waits,
                "{deal} has no document and is {:?}",
                row.billing
            );
        }
    }

    /// Invoices here and there: as many, as much, as much of it open.
    fn check_facts(&mut self) {
        let ledger = self.ledger.clone();
        let (mut count, mut sum, mut open) = (0, Decimal::ZERO, Decimal::ZERO);
        for fact in self.engine().store.facts(&ledger, Stream::Invoices, None).unwrap() {
            let Fact::Document(document) = fact else { continue };
            if document.stamp.deleted || document.status == DocumentStatus::Void {
                continue;
            }
            count += 1;
            sum += document.total.to_plain().parse::<Decimal>().unwrap();
            open += document.balance_now.to_plain().parse::<Decimal>().unwrap();
        }
        let truth = self.quickbooks.truth().invoices(None);
        let owed: Decimal =
            self.invoices().iter().map(|invoice| invoice.open.parse::<Decimal>().unwrap()).sum();
        let want = (truth.count, truth.sum.parse().unwrap(), owed);
        assert_eq!((count, sum, open), want, "invoices here, and in the ledger");
    }

    pub fn key_of(&self, deal: &str) -> String {
        let ledger = format!("qbo:{}", self.quickbooks.realm());
        tieout_sim::quickbooks::transaction_key(Company::ORG_ID, &ledger, deal, "invoice", 1)
    }

    /// A person looks into the ledger at everything that waits, and decides by what is there.
    pub async fn a_person_decides(&mut self) {
        let mut decides = false;
        let unknown = self.engine().store.effects(&EffectFilter {
            states: vec![EffectState::Unknown],
            ..EffectFilter::default()
        });
        for effect in unknown.unwrap() {
            let created = matches!(effect.kind, EffectKind::Document | EffectKind::Customer);
            if created && self.carrying(&effect.key).is_empty() {
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

    /// The one invoice of a deal that nobody touched.
    pub fn check_one(&self, deal: &DealId) {
        let key = self.key_of(deal.as_str());
        let there = self.carrying(&key).len();
        assert_eq!(there, 1, "{deal} has {there} invoices with its key");
    }
}
