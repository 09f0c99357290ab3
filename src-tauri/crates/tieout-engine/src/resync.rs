//! Exactly one deal, end to end: read it, read its customers, ask, create if wanted, write back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{CustomerSnapshot, DealSnapshot};
use tieout_domain::books::positions::DealRow;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Document, Fact, Gone, LedgerDocumentKind, Quarantined, Stream};
use tieout_domain::identity::Clusters;
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, RunId};
use tieout_store::{CursorProgress, Effect, RecordOutcome, RecordedPage};

use crate::create::{CreateReport, CreateRequest};
use crate::drive::Timing;
use crate::engine::{Engine, Probed, SourcePort};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::{Gap, RunReport};
use crate::sync::note_feed;
use crate::view::LedgerView;
use crate::write_back::WriteBackReport;

/// Documents of the deal that one resync asks for by themselves, because their customer's list does
/// not hold them any more.
const DOCUMENTS_MAX: usize = 3;
/// Customers that one resync reads, or questions that it asks: with the deal, the mirror and the
/// write it takes six calls at most.
const CUSTOMERS_MAX: usize = 3;
/// Feeds that show whether a document or customer was made that we do not hold.
const FEEDS_OF_MAKING: [Stream; 2] = [Stream::Customers, Stream::Invoices];

/// What resyncing one deal came to.
#[derive(Clone, Debug)]
pub struct ResyncReport {
    pub run: RunId,
    pub ledger: ConnectionId,
    /// `None`: no ledger's population holds the deal now.
    pub before: Option<DealRow>,
    pub after: Option<DealRow>,
    /// Records that were new, changed or deleted.
    pub changed: u64,
    /// `None`: nothing was to be created, or the deal could not be read whole.
    pub created: Option<CreateReport>,
    pub written_back: WriteBackReport,
    pub gaps: Vec<Gap>,
    pub http_requests: u64,
}

/// What the steps of a resync have come to so far.
#[derive(Default)]
struct Steps {
    seen: RecordOutcome,
    created: Option<CreateReport>,
    after: Option<DealRow>,
    written_back: WriteBackReport,
}

impl Engine {
    /// Reads and evaluates one deal; with `create`, also creates what is missing, as approved by
    /// that person.
    ///
    /// Without creating it takes at most six calls: one for the deal, one per customer, one
    /// question about an unknown outcome, one for the mirror, one to write it. A document that is
    /// not in its customer's list any more takes one more.
    pub async fn resync(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        create: Option<&str>,
    ) -> Result<ResyncReport, EngineError> {
        let requests_before = self.requests_sent();
        let before = row_of(&self.view_today(ledger)?, deal)?;
        let mut run = self.begin("resync", create.unwrap_or("person"))?;
        let steps = self.resync_steps(ledger, deal, create, &mut run).await;
        run.http_requests = self.requests_sent() - requests_before;
        let steps = match steps {
            Ok(steps) => steps,
            Err(EngineError::Connector(error)) => {
                let problem = Problem::from(&error);
                run.gaps.push(Gap::Connection { connection: ledger.clone(), problem });
                self.end(run)?;
                return Err(EngineError::Connector(error));
            }
            Err(error) => return Err(error),
        };
        let run = self.end(run)?;
        let Steps { seen, created, after, written_back } = steps;
        Ok(ResyncReport {
            run: run.run,
            ledger: ledger.clone(),
            before,
            after,
            changed: seen.new + seen.changed + seen.deleted,
            created,
            written_back,
            gaps: run.gaps,
            http_requests: run.http_requests,
        })
    }

    async fn resync_steps(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        create: Option<&str>,
        run: &mut RunReport,
    ) -> Result<Steps, EngineError> {
        let mut steps = Steps { seen: self.resync_deal(deal, run).await?, ..Steps::default() };
        let unknown = self.unknown_of(ledger, deal)?;
        let view = self.view_today(ledger)?;
        let customers = customers_of(&view, deal)?;
        let readable = CUSTOMERS_MAX.saturating_sub(unknown.len());
        for customer in customers.iter().take(readable) {
            if let Some(recorded) = self.resync_customer(ledger, &view, deal, customer, run).await?
            {
                steps.seen.add(&recorded);
            }
        }
        if customers.len() > readable {
            let text = format!("{} customers were not read", customers.len() - readable);
            let problem = Problem { class: "left_out", text };
            run.gaps.push(Gap::Connection { connection: ledger.clone(), problem });
        }
        let port = self.ledger(ledger)?.port.clone();
        let unanswered = self.ask_each(ledger, &port, &unknown, Timing::Now, &run.run).await?;
        run.gaps.extend(unanswered);
        // What could not be read whole is no ground for a document.
        if let Some(actor) = create.filter(|_| run.gaps.is_empty()) {
            steps.created = Some(self.create_one(ledger, deal, actor).await?);
        }
        let view = self.view_today(ledger)?;
        let reconciliation = view.reconcile()?;
        steps.written_back = self.write_back(&view, &reconciliation, Some(deal), &run.run).await?;
        steps.after = reconciliation.rows.into_iter().find(|row| row.deal == *deal);
        Ok(steps)
    }

    /// Reads the deal and its customers' documents again, before a document is made of it: what was
    /// read last may be days old. `false`: not all of it could be read, and the run says why.
    pub(crate) async fn read_again(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        run: &mut RunReport,
    ) -> Result<bool, EngineError> {
        let gaps_before = run.gaps.len();
        if let Err(error) = self.resync_deal(deal, run).await {
            let EngineError::Connector(error) = error else { return Err(error) };
            let crm = self.crm.as_ref().map_or(ledger, |crm| &crm.id).clone();
            run.gaps.push(Gap::Connection { connection: crm, problem: Problem::from(&error) });
            return Ok(false);
        }
        let view = self.view_today(ledger)?;
        for customer in customers_of(&view, deal)?.iter().take(CUSTOMERS_MAX) {
            self.resync_customer(ledger, &view, deal, customer, run).await?;
        }
        Ok(run.gaps.len() == gaps_before)
    }

    /// Reads which customers and invoices the ledger has got since it was read, before anything is
    /// made. A copy that was put in the place of the store does not know what was made after it,
    /// and that may stand under another name, customer or day than we would ask for. `false`: they
    /// could not be read to their end, and the run says why.
    pub(crate) async fn read_ledger_again(
        &mut self,
        ledger: &ConnectionId,
        run: &mut RunReport,
    ) -> Result<bool, EngineError> {
        let probe = self.stored_probe(ledger)?.ok_or(EngineError::NothingToReport)?;
        let probed = Probed { connection: ledger.clone(), capabilities: probe.capabilities };
        let port = SourcePort::Ledger(self.ledger(ledger)?.port.clone());
        let has = |stream: &Stream| probed.capabilities.streams.contains(stream);
        for stream in FEEDS_OF_MAKING.into_iter().filter(has) {
            let outcome = self.read_feed(&probed, &port, stream, &run.run).await?;
            note_feed(ledger, stream, &outcome, run);
            if outcome.failure.is_some() {
                return Ok(false);
            }
        }
        self.adopt_read_customers(ledger, &run.run)?;
        self.adopt_read_documents(ledger, &run.run)?;
        Ok(true)
    }

    /// The deal as the CRM has it now, in one call.
    async fn resync_deal(
        &mut self,
        deal: &DealId,
        run: &mut RunReport,
    ) -> Result<RecordOutcome, EngineError> {
        let crm = self.crm.as_ref().ok_or(EngineError::NothingToReport)?;
        let (connection, port) = (crm.id.clone(), crm.port.clone());
        let snapshot = port.deal(deal).await?;
        self.crash_points.pass("deal in hand, not recorded")?;
        let gone = self.parts_gone(&connection, deal, &snapshot)?;
        name_aside(&connection, &snapshot.quarantined, run);
        let mut facts: Vec<Fact> = snapshot.deal.into_iter().map(Fact::Deal).collect();
        facts.extend(snapshot.account.map(Fact::Account));
        facts.extend(snapshot.lines.into_iter().map(Fact::DealLine));
        facts.extend(snapshot.schedule.into_iter().map(Fact::ScheduleLine));
        facts.extend(snapshot.events.into_iter().map(Fact::DealEvent));
        facts.extend(gone);
        Ok(self.store.record(RecordedPage {
            connection: &connection,
            run: &run.run,
            stream: Stream::Deals,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &snapshot.quarantined,
            progress: CursorProgress::Unmoved,
        })?)
    }

    /// Lines and schedule rows that we hold and the CRM no longer lists for this deal: deleted
    /// there for good. What is kept aside is there and is not deleted.
    fn parts_gone(
        &self,
        connection: &ConnectionId,
        deal: &DealId,
        snapshot: &DealSnapshot,
    ) -> Result<Vec<Fact>, EngineError> {
        let mut lines = BTreeSet::new();
        let mut held: Vec<(Stream, String)> = Vec::new();
        for fact in self.store.facts(connection, Stream::DealLines, None)? {
            if let Fact::DealLine(line) = fact
                && line.deal == *deal
            {
                if !line.stamp.deleted {
                    held.push((Stream::DealLines, line.id.to_string()));
                }
                lines.insert(line.id);
            }
        }
        for fact in self.store.facts(connection, Stream::ScheduleLines, None)? {
            if let Fact::ScheduleLine(part) = fact
                && lines.contains(&part.line)
                && !part.stamp.deleted
            {
                held.push((Stream::ScheduleLines, part.id.to_string()));
            }
        }
        let is_there = |id: &str| {
            snapshot.lines.iter().any(|line| line.id.as_str() == id)
                || snapshot.schedule.iter().any(|part| part.id.as_str() == id)
                || snapshot.quarantined.iter().any(|record| record.id == id)
        };
        let gone = held.into_iter().filter(|(_, id)| !is_there(id));
        let deleted_at = snapshot.server_time;
        Ok(gone.map(|(stream, id)| Fact::Gone(Gone { stream, id, deleted_at })).collect())
    }

    /// `None`: the customer could not be read, and the run says why.
    async fn resync_customer(
        &mut self,
        ledger: &ConnectionId,
        view: &LedgerView,
        deal: &DealId,
        customer: &CustomerId,
        run: &mut RunReport,
    ) -> Result<Option<RecordOutcome>, EngineError> {
        let port = self.ledger(ledger)?.port.clone();
        let snapshot = match port.customer(customer).await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let problem = Problem::from(&error);
                run.gaps.push(Gap::Connection { connection: ledger.clone(), problem });
                return Ok(None);
            }
        };
        self.crash_points.pass("customer's documents in hand, not recorded")?;
        name_aside(ledger, &snapshot.quarantined, run);
        let mut missing = documents_of(view, deal, customer)?;
        missing.retain(|document| !is_listed(&snapshot, document.id.as_str()));
        let mut facts: Vec<Fact> = snapshot.customer.into_iter().map(Fact::Customer).collect();
        facts.extend(snapshot.facts);
        let deleted_at = snapshot.server_time;
        for document in missing.into_iter().take(DOCUMENTS_MAX) {
            match port.document(document.kind, &document.id).await {
                Ok(Some(moved)) => facts.push(Fact::Document(moved)),
                Ok(None) | Err(ConnectorError::NotFound) => {
                    facts.push(Fact::Gone(gone(&document, deleted_at)));
                }
                Err(error) => {
                    let problem = Problem::from(&error);
                    run.gaps.push(Gap::Connection { connection: ledger.clone(), problem });
                }
            }
        }
        let recorded = self.store.record(RecordedPage {
            connection: ledger,
            run: &run.run,
            stream: Stream::Invoices,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &snapshot.quarantined,
            progress: CursorProgress::Unmoved,
        })?;
        Ok(Some(recorded))
    }

    fn unknown_of(&self, ledger: &ConnectionId, deal: &DealId) -> Result<Vec<Effect>, EngineError> {
        let mut unknown = self.promised_documents(ledger, EffectState::Unknown)?;
        unknown.retain(|effect| effect.deal.as_ref() == Some(deal));
        unknown.truncate(CUSTOMERS_MAX);
        Ok(unknown)
    }

    async fn create_one(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        actor: &str,
    ) -> Result<CreateReport, EngineError> {
        self.create_from_fresh(&CreateRequest {
            ledger: ledger.clone(),
            deals: vec![deal.clone()],
            further: false,
            dry_run: false,
            limit: 1,
            approved_by: actor.into(),
        })
        .await
    }
}

fn row_of(view: &LedgerView, deal: &DealId) -> Result<Option<DealRow>, EngineError> {
    Ok(view.reconcile()?.rows.into_iter().find(|row| row.deal == *deal))
}

/// Documents that bill or credit the deal and are not known to be deleted, of one customer.
fn documents_of(
    view: &LedgerView,
    deal: &DealId,
    customer: &CustomerId,
) -> Result<Vec<Document>, EngineError> {
    let row = row_of(view, deal)?;
    let linked = row.iter().flat_map(|row| &row.documents);
    let known = linked.filter_map(|linked| {
        let mut documents = view.books.documents.iter();
        documents.find(|known| known.id == linked.document && known.kind == linked.kind)
    });
    let live = known.filter(|known| known.customer == *customer && !known.stamp.deleted);
    Ok(live.cloned().collect())
}

/// Whether the customer's list holds the record, kept aside or not.
fn is_listed(snapshot: &CustomerSnapshot, id: &str) -> bool {
    let documents = snapshot.facts.iter().filter(|fact| matches!(fact, Fact::Document(_)));
    documents.map(Fact::id).any(|listed| listed == id)
        || snapshot.quarantined.iter().any(|record| record.id == id)
}

fn gone(document: &Document, deleted_at: Timestamp) -> Gone {
    let stream = match document.kind {
        LedgerDocumentKind::Invoice => Stream::Invoices,
        LedgerDocumentKind::CreditMemo => Stream::CreditMemos,
        LedgerDocumentKind::CashSale => Stream::CashSales,
    };
    Gone { stream, id: document.id.to_string(), deleted_at }
}

fn name_aside(connection: &ConnectionId, records: &[Quarantined], run: &mut RunReport) {
    run.gaps.extend(records.iter().map(|record| Gap::Quarantined {
        connection: connection.clone(),
        stream: record.stream,
        id: record.id.clone(),
        reason: record.reason.as_str().into(),
        path: record.path.clone(),
    }));
}

/// Customers of the deal's documents first, then those that its Account is confirmed to be.
fn customers_of(view: &LedgerView, deal: &DealId) -> Result<Vec<CustomerId>, EngineError> {
    let mut customers: Vec<CustomerId> = Vec::new();
    let row = row_of(view, deal)?;
    for linked in row.iter().flat_map(|row| &row.documents) {
        let document = view.books.documents.iter().find(|known| known.id == linked.document);
        customers.extend(document.map(|document| document.customer.clone()));
    }
    let known = view.books.deals.iter().find(|known| known.id == *deal);
    if let Some(account) = known.and_then(|deal| deal.account.as_ref()) {
        let clusters = Clusters::build(&view.books.accounts, &view.books.identity);
        let confirmed = clusters.customers_in(&view.books.ledger).remove(account);
        customers.extend(confirmed.into_iter().flatten());
    }
    let mut seen = BTreeSet::new();
    customers.retain(|customer| seen.insert(customer.clone()));
    Ok(customers)
}
