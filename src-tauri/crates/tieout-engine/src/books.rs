//! Books out of the store: facts as known at a moment, decisions, promises and source totals.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tieout_connect::key::transaction_key;
use tieout_domain::aging::CreditPolicy;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::proof::{SourceMeasure, SourceTotal};
use tieout_domain::books::receivables::account_of;
use tieout_domain::books::reconciliation::{Reconciliation, reconcile};
use tieout_domain::books::{AgingBasis, Books, Frame, Promised, Unreadable};
use tieout_domain::dates::{Period, date_in_zone};
use tieout_domain::effect::{DocumentKind, Intent, TransactionKey};
use tieout_domain::facts::{Application, ApplicationKind, Fact, Gone, LedgerDocumentKind, Stream};
use tieout_domain::gates::LedgerRules;
use tieout_domain::identity::{IdentityLink, IdentityLinks, LinkedBy, LookupKey, Standing};
use tieout_domain::ids::{AccountId, ConnectionId, DealId, DocumentId};
use tieout_domain::limits::{LimitPolicy, Limits};
use tieout_domain::rollup::{CashApplication, DatedAmount};
use tieout_domain::{Currency, Money};
use tieout_store::{EffectFilter, EffectKind, LedgerLimits};

use crate::capabilities::{StoredProbe, from_text};
use crate::decisions;
use crate::engine::{Engine, LedgerConnection};
use crate::error::EngineError;

/// Intents of one deal whose keys are recognised on documents, beyond those promised here: a
/// restored backup may have forgotten some.
const SEQUENCES_KNOWN: u32 = 12;
/// Days a missing invoice is no leakage, unless the ledger's limits say otherwise.
const GRACE_DAYS_DEFAULT: u32 = tieout_domain::schedule::GRACE_DAYS_DEFAULT;

/// As of which day, and as known when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAt {
    pub as_of: Date,
    /// `None`: now.
    pub known_at: Option<Timestamp>,
}

/// One ledger's books with the frame to look at them in.
#[derive(Clone, Debug)]
pub struct LedgerView {
    pub connection: ConnectionId,
    pub company: String,
    pub sandbox: bool,
    pub books: Books,
    pub frame: Frame,
    pub sources: Vec<SourceTotal>,
    /// The moment of knowledge.
    pub at: Timestamp,
    /// The run that fetched the source totals.
    pub run: Option<tieout_domain::ids::RunId>,
}

impl LedgerView {
    /// Reconciles these books.
    pub fn reconcile(&self) -> Result<Reconciliation, EngineError> {
        Ok(reconcile(&self.books, &self.frame, &self.sources)?)
    }

    /// The last day on which anything was applied to a fully paid deal's invoices.
    pub fn paid_on(&self, row: &DealRow) -> Option<Date> {
        let paid = row
            .figures
            .as_ref()
            .is_some_and(|figures| figures.open.is_zero() && !figures.billed_incl_tax.is_zero());
        let of_deal = |id: &DocumentId| row.documents.iter().any(|it| it.document == *id);
        let dates = self.applications().filter(|application| {
            of_deal(&application.document) && application.applied_on <= self.frame.as_of
        });
        if paid { dates.map(|application| application.applied_on).max() } else { None }
    }

    /// Payments of an Account, for its roll-up.
    pub fn payments_of(&self, account: &AccountId, currency: Currency) -> Vec<DatedAmount> {
        let receipts = self.books.receipts.iter().filter(|receipt| {
            !receipt.voided
                && !receipt.stamp.deleted
                && receipt.amount.currency() == currency
                && account_of(&self.books, &receipt.customer) == Some(account)
        });
        receipts
            .map(|receipt| DatedAmount {
                effective_on: receipt.effective_on,
                amount: receipt.amount,
            })
            .collect()
    }

    /// Credit memos issued to an Account.
    pub fn credits_of(&self, account: &AccountId, currency: Currency) -> Vec<DatedAmount> {
        let credits = self.books.documents.iter().filter(|document| {
            document.kind == LedgerDocumentKind::CreditMemo
                && tieout_domain::books::receivables::counts(document)
                && document.currency == currency
                && account_of(&self.books, &document.customer) == Some(account)
        });
        credits
            .map(|document| DatedAmount {
                effective_on: document.effective_on,
                amount: document.total,
            })
            .collect()
    }

    /// Cash applied to an Account's invoices, for the average of days late.
    pub fn cash_applications_of(
        &self,
        account: &AccountId,
        currency: Currency,
    ) -> Vec<CashApplication> {
        self.applications()
            .filter(|application| application.kind == ApplicationKind::Cash)
            .filter_map(|application| {
                let invoice =
                    self.books.documents.iter().find(|it| it.id == application.document)?;
                let same = invoice.currency == currency
                    && account_of(&self.books, &invoice.customer) == Some(account);
                same.then(|| CashApplication {
                    amount: application.amount,
                    due_on: invoice.due_on.unwrap_or(invoice.effective_on),
                    applied_on: application.applied_on,
                })
            })
            .collect()
    }

    fn applications(&self) -> impl Iterator<Item = &Application> {
        self.books
            .receipts
            .iter()
            .filter(|receipt| !receipt.voided && !receipt.stamp.deleted)
            .flat_map(|receipt| &receipt.applications)
    }
}

impl Engine {
    /// The books of one ledger as known at a moment, with the totals that its sources gave last.
    pub fn view(
        &self,
        connection: &ConnectionId,
        wanted: KnownAt,
    ) -> Result<LedgerView, EngineError> {
        let ledger = self.ledger(connection)?;
        let probe = self.stored_probe(connection)?.ok_or(EngineError::NothingToReport)?;
        let at = wanted.known_at.unwrap_or_else(|| self.clock.now());
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
        books.promised = self.promised(&ledger.id, at)?;
        books.keys = self.keys(ledger, &books);
        books.exclusions = decisions::exclusions(&self.store, at)?;
        books.reasons = decisions::reasons(&self.store, &ledger.id, at)?;
        books.document_decisions = decisions::document_decisions(&self.store, &ledger.id, at)?;
        books.unreadable = self
            .store
            .quarantine(true)?
            .into_iter()
            .map(|row| Unreadable {
                stream: row.stream,
                id: row.record_id,
                reason: row.reason.as_str().into(),
            })
            .collect();
        Ok(books)
    }

    /// Links that people made, and those that the customer records themselves state.
    fn identity(
        &self,
        ledger: &LedgerConnection,
        books: &Books,
        at: Timestamp,
    ) -> Result<IdentityLinks, EngineError> {
        let decided = decisions::identity_links(&self.store, &ledger.id, &books.ledger, at)?;
        let stated = books.customers.iter().filter_map(|customer| {
            Some(IdentityLink {
                ledger: books.ledger.clone(),
                account: customer.account.clone()?,
                customer: customer.id.clone(),
                standing: Standing::Confirmed,
                by: LinkedBy::Rule(LookupKey::ExternalId),
                reason: "the customer record names the Account".into(),
                at: customer.stamp.modified_at,
                billed: false,
            })
        });
        Ok(IdentityLinks::from_history(decided.into_iter().chain(stated)))
    }

    fn promised(
        &self,
        connection: &ConnectionId,
        at: Timestamp,
    ) -> Result<Vec<Promised>, EngineError> {
        let effects = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::Document),
            ..EffectFilter::default()
        })?;
        let known = effects.into_iter().filter(|effect| effect.created_at <= at);
        Ok(known
            .filter_map(|effect| {
                Some(Promised {
                    deal: effect.deal?,
                    key: effect.key,
                    state: effect.state,
                    sequence: effect.sequence,
                    since: effect.last_sent_at.unwrap_or(effect.created_at),
                    error_code: effect.error_code,
                })
            })
            .collect())
    }

    /// The keys under which documents of each won deal may be found.
    fn keys(
        &self,
        ledger: &LedgerConnection,
        books: &Books,
    ) -> BTreeMap<DealId, Vec<TransactionKey>> {
        let Some(crm) = &self.crm else {
            return BTreeMap::new();
        };
        let org = crm.port.org();
        let promised = |deal: &DealId| {
            let sequences = books.promised.iter().filter(|it| it.deal == *deal);
            sequences.map(|it| it.sequence).max().unwrap_or(0)
        };
        let carried: Vec<&DealId> = books.promised.iter().map(|it| &it.deal).collect();
        books
            .deals
            .iter()
            .filter(|deal| deal.won || carried.contains(&&deal.id))
            .map(|deal| {
                let last = promised(&deal.id).max(SEQUENCES_KNOWN);
                let intent = |kind, sequence| Intent {
                    org: org.clone(),
                    ledger: ledger.port.ledger().clone(),
                    deal: deal.id.clone(),
                    kind,
                    sequence,
                };
                let kinds = [DocumentKind::Invoice, DocumentKind::CreditMemo];
                let keys = kinds
                    .into_iter()
                    .flat_map(|kind| (1..=last).map(move |sequence| (kind, sequence)));
                let keys = keys.map(|(kind, sequence)| transaction_key(&intent(kind, sequence)));
                (deal.id.clone(), keys.collect())
            })
            .collect()
    }

    /// The frame of a ledger: what the probe found, and the limits that hold at the moment.
    fn frame(
        &self,
        connection: &ConnectionId,
        probe: &StoredProbe,
        as_of: Date,
        at: Timestamp,
    ) -> Result<Frame, EngineError> {
        let capabilities = &probe.capabilities;
        let functional = capabilities.functional_currency;
        let time_zone = TimeZone::get(&capabilities.time_zone).unwrap_or(TimeZone::UTC);
        let stored = self.store.limits_at(connection, Some(at))?;
        let stored = stored.unwrap_or_else(|| default_limits(connection, functional, at));
        let limits = Limits::new(
            stored.absolute,
            stored.fraction,
            match stored.policy {
                tieout_store::LimitPolicy::Both => LimitPolicy::Both,
                tieout_store::LimitPolicy::Either => LimitPolicy::Either,
            },
            stored.rounding_minor,
        )
        .map_err(|error| EngineError::Rule(error.to_string()))?;
        Ok(Frame {
            as_of,
            period: Period::month_of(as_of),
            today: date_in_zone(self.clock.now(), &time_zone),
            time_zone,
            functional,
            currencies: capabilities.currencies.clone(),
            limits,
            grace_days: stored.grace_days,
            materiality: stored.materiality,
            aging_basis: match stored.aging_basis {
                tieout_store::AgingBasis::DueDate => AgingBasis::DueDate,
                tieout_store::AgingBasis::InvoiceDate => AgingBasis::DocumentDate,
            },
            rules: LedgerRules {
                ledger_name: probe.name.clone(),
                currencies: capabilities.currencies.clone(),
                closed_to: capabilities.closed_to,
                tax_codes: capabilities.tax_codes.clone(),
                default_tax_code: capabilities.default_tax_code.clone(),
            },
            credit_policy: match stored.credit_policy {
                tieout_store::CreditPolicy::Separate => CreditPolicy::Separate,
                tieout_store::CreditPolicy::ByOwnDate => CreditPolicy::ByOwnDate,
                tieout_store::CreditPolicy::Fifo => CreditPolicy::Fifo,
            },
        })
    }

    /// The totals of the last run that ended by the moment and fetched any for this ledger.
    fn sources_known(
        &self,
        connection: &ConnectionId,
        at: Timestamp,
    ) -> Result<(Option<tieout_domain::ids::RunId>, Vec<SourceTotal>), EngineError> {
        let crm = self.crm.as_ref().map(|crm| crm.id.clone());
        for row in self.store.runs(RUNS_SEARCHED_MAX)? {
            if row.end.is_none_or(|end| end.ended_at > at) {
                continue;
            }
            let totals = self.store.totals(&row.run.id)?;
            if !totals.iter().any(|total| total.connection == *connection) {
                continue;
            }
            let ours = totals.into_iter().filter(|total| {
                total.connection == *connection || Some(&total.connection) == crm.as_ref()
            });
            let sources = ours.filter_map(|total| {
                Some(SourceTotal {
                    measure: SourceMeasure::parse(&total.measure)?,
                    currency: total.currency,
                    from: total.from,
                    to: total.to,
                    count: total.source_count,
                    sum: total.source_sum,
                    source: total.source,
                    proof: total.proof,
                })
            });
            return Ok((Some(row.run.id), sources.collect()));
        }
        Ok((None, Vec::new()))
    }
}

/// Runs that are looked through for the totals of one moment.
const RUNS_SEARCHED_MAX: u32 = 1_000;

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
            Fact::User(_) | Fact::Gone(Gone { .. }) => {}
        }
    }
}

fn default_limits(connection: &ConnectionId, functional: Currency, at: Timestamp) -> LedgerLimits {
    LedgerLimits {
        connection: connection.clone(),
        absolute: Money::zero(functional),
        fraction: Decimal::ZERO,
        policy: tieout_store::LimitPolicy::Both,
        rounding_minor: tieout_domain::limits::ROUNDING_MINOR_DEFAULT,
        grace_days: GRACE_DAYS_DEFAULT,
        materiality: Money::zero(functional),
        aging_basis: tieout_store::AgingBasis::DueDate,
        credit_policy: tieout_store::CreditPolicy::Separate,
        decided: tieout_store::Decided {
            reason: "the product's default".into(),
            actor: "tieout".into(),
            at,
        },
    }
}
