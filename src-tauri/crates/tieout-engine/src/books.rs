//! Books out of the store: facts as known at a moment, decisions and promises.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tieout_connect::key::transaction_key;
use tieout_domain::assignment::Assignments;
use tieout_domain::books::{Books, Promised, PromisedCustomer, Unreadable};
use tieout_domain::effect::{DocumentKind, EffectState, Intent, TransactionKey};
use tieout_domain::facts::{Deal, Document, Fact, Gone, Stream};
use tieout_domain::identity::{
    IdentityLink, IdentityLinks, LinkedBy, LookupKey, Standing, derive_links,
};
use tieout_domain::ids::{AccountId, ConnectionId, CrmOrgId, CustomerId, DealId, LedgerId};
use tieout_store::{EffectFilter, EffectKind};

use crate::capabilities::{StoredProbe, from_text};
use crate::decisions;
use crate::engine::{Engine, LedgerConnection};
use crate::error::EngineError;
use crate::view::{KnownAt, LedgerView};

/// Intents of one deal whose keys are recognised on documents, beyond those promised here: a
/// restored backup may have forgotten some.
const SEQUENCES_KNOWN: u32 = 12;

impl Engine {
    /// The books of one ledger as known at a moment, with the totals that its sources gave last.
    pub fn view(
        &self,
        connection: &ConnectionId,
        wanted: KnownAt,
    ) -> Result<LedgerView, EngineError> {
        let ledger = self.ledger(connection)?;
        let probe = self.stored_probe(connection)?.ok_or(EngineError::NothingToReport)?;
        let at = match wanted.known_at {
            Some(at) => at,
            None => self.store.known_now(self.clock.now())?,
        };
        let books = self.books(ledger, wanted.known_at, at)?;
        let frame = self.frame(connection, &probe, wanted.as_of, at)?;
        let (run, sources) = self.sources_known(connection, at)?;
        Ok(LedgerView {
            connection: connection.clone(),
            company: probe.name,
            sandbox: probe.sandbox,
            books,
            frame,
            sources,
            at,
            run,
        })
    }

    /// The books of a ledger as of today in its zone.
    pub fn view_today(&self, ledger: &ConnectionId) -> Result<LedgerView, EngineError> {
        let probe = self.stored_probe(ledger)?.ok_or(EngineError::NothingToReport)?;
        let zone = jiff::tz::TimeZone::get(&probe.capabilities.time_zone)
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let today = tieout_domain::dates::date_in_zone(self.clock.now(), &zone);
        self.view(ledger, KnownAt { as_of: today, known_at: None })
    }

    /// What the last probe of a connection found.
    pub(crate) fn stored_probe(
        &self,
        connection: &ConnectionId,
    ) -> Result<Option<StoredProbe>, EngineError> {
        Ok(self.store.capabilities(connection)?.and_then(|(text, _)| from_text(&text)))
    }

    fn books(
        &self,
        ledger: &LedgerConnection,
        known_at: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<Books, EngineError> {
        let id = ledger.port.ledger().clone();
        let mut books = empty_books(id);
        if let Some(crm) = &self.crm {
            for stream in CRM_STREAMS {
                take_all(&mut books, self.store.facts(&crm.id, stream, known_at)?);
            }
        }
        for stream in LEDGER_STREAMS {
            take_all(&mut books, self.store.facts(&ledger.id, stream, known_at)?);
        }
        books.identity = self.identity(ledger, &books, at)?;
        books.promised = self.promised(&ledger.id, known_at)?;
        books.promised_customers = self.promised_customers(&ledger.id, known_at)?;
        books.keys = self.keys(&books.ledger, (&books.deals, &books.promised, &books.documents));
        books.exclusions = decisions::exclusions(&self.store, at)?;
        books.reasons = decisions::reasons(&self.store, &ledger.id, at)?;
        books.document_decisions = decisions::document_decisions(&self.store, &ledger.id, at)?;
        books.unreadable = self.unreadable(&ledger.id, known_at)?;
        books.assignments = self.assignments(ledger, &books, (known_at, at))?;
        Ok(books)
    }

    /// Records of the CRM and of this ledger that were kept aside at the moment.
    fn unreadable(
        &self,
        ledger: &ConnectionId,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Unreadable>, EngineError> {
        let crm = self.crm.as_ref().map(|crm| &crm.id);
        let rows = self.store.quarantine(known_at.is_none())?;
        let held = rows.into_iter().filter(|row| {
            let ours = row.connection == *ledger || Some(&row.connection) == crm;
            let then = known_at.is_none_or(|at| {
                row.first_seen_at <= at && row.resolved_at.is_none_or(|resolved| resolved > at)
            });
            ours && then
        });
        Ok(held
            .map(|row| Unreadable {
                stream: row.stream,
                id: row.record_id,
                reason: row.reason.as_str().into(),
            })
            .collect())
    }

    /// Links that people made, those of customers that we made, and those that the records state.
    fn identity(
        &self,
        ledger: &LedgerConnection,
        books: &Books,
        at: Timestamp,
    ) -> Result<IdentityLinks, EngineError> {
        let mut said = decisions::identity_links(&self.store, &ledger.id, &books.ledger, at)?;
        for effect in self.customers_made(&ledger.id)? {
            let made = effect.result_id.and_then(|id| CustomerId::new(&id).ok());
            let account = AccountId::new(&effect.payload).ok();
            let (Some(customer), Some(account)) = (made, account) else { continue };
            if effect.created_at <= at {
                said.push(IdentityLink {
                    ledger: books.ledger.clone(),
                    account,
                    customer,
                    standing: Standing::Confirmed,
                    by: LinkedBy::Rule(LookupKey::StoredLink),
                    reason: "made for this Account".into(),
                    at: effect.created_at,
                    billed: true,
                });
            }
        }
        let held = IdentityLinks::from_history(said.iter().cloned());
        let stated = derive_links(&books.ledger, &books.accounts, &books.customers, &held, at);
        Ok(IdentityLinks::from_history(said.into_iter().chain(stated)))
    }

    /// Promises as they stood at a moment; what happened to them later was not known then.
    pub(crate) fn promised(
        &self,
        connection: &ConnectionId,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Promised>, EngineError> {
        let effects = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::Document),
            ..EffectFilter::default()
        })?;
        let mut promised = Vec::new();
        for effect in effects {
            let (mut state, mut since, mut error_code) =
                (effect.state, effect.last_sent_at.unwrap_or(effect.created_at), effect.error_code);
            if let Some(at) = known_at {
                let history = self.store.effect_history(&effect.key)?;
                let by_then = || history.iter().filter(|event| event.at <= at);
                let Some(last) = by_then().next_back() else { continue };
                let sent = by_then().rfind(|event| event.to == EffectState::Sent);
                state = last.to;
                since = sent.map_or(effect.created_at, |event| event.at);
                error_code.clone_from(&last.error_code);
            }
            let Some(deal) = effect.deal else { continue };
            let (key, sequence) = (effect.key, effect.sequence);
            promised.push(Promised { deal, key, state, sequence, since, error_code });
        }
        Ok(promised)
    }

    /// Promises of customers as they stood at a moment, by the Account that each is for.
    fn promised_customers(
        &self,
        connection: &ConnectionId,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<PromisedCustomer>, EngineError> {
        let effects = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::Customer),
            ..EffectFilter::default()
        })?;
        let mut promised = Vec::new();
        for effect in effects {
            let state = match known_at {
                None => Some(effect.state),
                Some(at) => {
                    let history = self.store.effect_history(&effect.key)?;
                    history.iter().rfind(|event| event.at <= at).map(|event| event.to)
                }
            };
            let account = AccountId::new(&effect.payload).ok();
            promised.extend(
                account.zip(state).map(|(account, state)| PromisedCustomer { account, state }),
            );
        }
        Ok(promised)
    }

    /// The keys under which documents of each deal may be found: of every deal that is won or was
    /// promised a document, and of those whose key a document bears, whatever became of the deal.
    pub(crate) fn keys(
        &self,
        ledger: &LedgerId,
        (deals, promises, documents): (&[Deal], &[Promised], &[Document]),
    ) -> BTreeMap<DealId, Vec<TransactionKey>> {
        let Some(crm) = &self.crm else {
            return BTreeMap::new();
        };
        let org = crm.port.org();
        let mut promised: BTreeMap<&DealId, u32> = BTreeMap::new();
        for it in promises {
            let last = promised.entry(&it.deal).or_default();
            *last = it.sequence.max(*last);
        }
        let (expected, others): (Vec<&Deal>, Vec<&Deal>) =
            deals.iter().partition(|deal| deal.won || promised.contains_key(&deal.id));
        let mut keys = BTreeMap::new();
        for deal in expected {
            let last = promised.get(&deal.id).copied().unwrap_or(0).max(SEQUENCES_KNOWN);
            keys.insert(deal.id.clone(), keys_of(org, ledger, &deal.id, last));
        }
        let owned: BTreeSet<&TransactionKey> = keys.values().flatten().collect();
        let borne = documents.iter().filter_map(|document| document.key.as_ref());
        let unclaimed: BTreeSet<&TransactionKey> =
            borne.filter(|key| !owned.contains(key)).collect();
        if unclaimed.is_empty() {
            return keys;
        }
        for deal in others {
            let own = keys_of(org, ledger, &deal.id, SEQUENCES_KNOWN);
            if own.iter().any(|key| unclaimed.contains(key)) {
                keys.insert(deal.id.clone(), own);
            }
        }
        keys
    }
}

/// Our keys of every intent of a deal up to a sequence.
fn keys_of(org: &CrmOrgId, ledger: &LedgerId, deal: &DealId, last: u32) -> Vec<TransactionKey> {
    let kinds = [DocumentKind::Invoice, DocumentKind::CreditMemo];
    let intents = kinds.into_iter().flat_map(|kind| (1..=last).map(move |at| (kind, at)));
    let intent = |(kind, sequence)| Intent {
        org: org.clone(),
        ledger: ledger.clone(),
        deal: deal.clone(),
        kind,
        sequence,
    };
    intents.map(|it| transaction_key(&intent(it))).collect()
}

const CRM_STREAMS: [Stream; 7] = [
    Stream::Users,
    Stream::Accounts,
    Stream::Products,
    Stream::Deals,
    Stream::DealLines,
    Stream::ScheduleLines,
    Stream::DealEvents,
];
const LEDGER_STREAMS: [Stream; 8] = [
    Stream::Customers,
    Stream::Items,
    Stream::Invoices,
    Stream::CreditMemos,
    Stream::CashSales,
    Stream::Receipts,
    Stream::Refunds,
    Stream::Journals,
];

fn empty_books(ledger: tieout_domain::ids::LedgerId) -> Books {
    Books {
        ledger,
        assignments: Assignments::default(),
        users: Vec::new(),
        accounts: Vec::new(),
        products: Vec::new(),
        deals: Vec::new(),
        deal_lines: Vec::new(),
        schedule_lines: Vec::new(),
        deal_events: Vec::new(),
        customers: Vec::new(),
        items: Vec::new(),
        documents: Vec::new(),
        receipts: Vec::new(),
        refunds: Vec::new(),
        journals: Vec::new(),
        identity: IdentityLinks::default(),
        keys: BTreeMap::new(),
        exclusions: Vec::new(),
        reasons: Vec::new(),
        document_decisions: Vec::new(),
        promised: Vec::new(),
        promised_customers: Vec::new(),
        unreadable: Vec::new(),
    }
}

fn take_all(books: &mut Books, facts: Vec<Fact>) {
    for fact in facts {
        match fact {
            Fact::Account(it) => books.accounts.push(it),
            Fact::Product(it) => books.products.push(it),
            Fact::Deal(it) => books.deals.push(it),
            Fact::DealLine(it) => books.deal_lines.push(it),
            Fact::ScheduleLine(it) => books.schedule_lines.push(it),
            Fact::DealEvent(it) => books.deal_events.push(it),
            Fact::Customer(it) => books.customers.push(it),
            Fact::Item(it) => books.items.push(it),
            Fact::Document(it) => books.documents.push(it),
            Fact::Receipt(it) => books.receipts.push(it),
            Fact::Refund(it) => books.refunds.push(it),
            Fact::Journal(it) => books.journals.push(it),
            Fact::User(it) => books.users.push(it),
            Fact::Gone(Gone { .. }) => {}
        }
    }
}
