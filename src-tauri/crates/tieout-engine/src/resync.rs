//! Exactly one deal, end to end: read it, read its customer, ask, create if wanted, write back.

use tieout_domain::books::positions::DealRow;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, RunId};
use tieout_store::{CursorProgress, RecordOutcome, RecordedPage};

use crate::books::LedgerView;
use crate::create::{CreateReport, CreateRequest};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::run::{Gap, Problem};
use crate::write_back::WriteBackReport;

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
    pub created: Option<CreateReport>,
    pub written_back: WriteBackReport,
    pub gaps: Vec<Gap>,
    pub http_requests: u64,
}

impl Engine {
    /// Reads and evaluates one deal. When nothing else changed it takes at most six HTTP calls:
    /// one for the deal, one per customer, one for the mirror, one to write it.
    pub async fn resync(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        create: Option<&str>,
    ) -> Result<ResyncReport, EngineError> {
        let requests_before = self.requests_sent();
        let mut run = self.begin("resync")?;
        self.store.recover_sent(self.clock.now())?;
        let before = row_of(&self.view_today(ledger)?, deal)?;
        let mut seen = self.resync_deal(deal, &run.run).await?;
        let view = self.view_today(ledger)?;
        for customer in customers_of(&view, deal) {
            match self.resync_customer(ledger, &customer, &run.run).await? {
                Ok(recorded) => seen.add(&recorded),
                Err(problem) => {
                    run.gaps.push(Gap::Connection { connection: ledger.clone(), problem });
                }
            }
        }
        self.ask_about(ledger, deal, &run.run).await?;
        let created = match create {
            Some(actor) => Some(self.create_one(ledger, deal, actor).await?),
            None => None,
        };
        let view = self.view_today(ledger)?;
        let reconciliation = view.reconcile()?;
        let written_back = self.write_back(&view, &reconciliation, Some(deal), &run.run).await?;
        let after = reconciliation.rows.into_iter().find(|row| row.deal == *deal);
        run.http_requests = self.requests_sent() - requests_before;
        let run = self.end(run)?;
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

    /// The deal as the CRM has it now, in one call.
    async fn resync_deal(
        &mut self,
        deal: &DealId,
        run: &RunId,
    ) -> Result<RecordOutcome, EngineError> {
        let crm = self.crm.as_ref().ok_or(EngineError::NothingToReport)?;
        let (connection, port) = (crm.id.clone(), crm.port.clone());
        let snapshot = port.deal(deal).await?;
        let gone = self.lines_gone(&connection, deal, &snapshot)?;
        let mut facts: Vec<Fact> = vec![Fact::Deal(snapshot.deal)];
        facts.extend(snapshot.account.map(Fact::Account));
        facts.extend(snapshot.lines.into_iter().map(Fact::DealLine));
        facts.extend(snapshot.schedule.into_iter().map(Fact::ScheduleLine));
        facts.extend(snapshot.events.into_iter().map(Fact::DealEvent));
        facts.extend(gone);
        Ok(self.store.record(RecordedPage {
            connection: &connection,
            run,
            stream: Stream::Deals,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &snapshot.quarantined,
            progress: CursorProgress::Unmoved,
        })?)
    }

    /// Lines that we hold and the CRM no longer lists for this deal: deleted there for good.
    fn lines_gone(
        &self,
        connection: &ConnectionId,
        deal: &DealId,
        snapshot: &tieout_connect::ports::DealSnapshot,
    ) -> Result<Vec<Fact>, EngineError> {
        let held = self.store.facts(connection, Stream::DealLines, None)?;
        let unreadable = |id: &str| snapshot.quarantined.iter().any(|record| record.id == id);
        let gone = held.into_iter().filter_map(|fact| match fact {
            Fact::DealLine(line)
                if line.deal == *deal
                    && !line.stamp.deleted
                    && !snapshot.lines.iter().any(|known| known.id == line.id)
                    && !unreadable(line.id.as_str()) =>
            {
                Some(Fact::Gone(tieout_domain::facts::Gone {
                    stream: Stream::DealLines,
                    id: line.id.to_string(),
                    deleted_at: snapshot.server_time,
                }))
            }
            _ => None,
        });
        Ok(gone.collect())
    }

    async fn resync_customer(
        &mut self,
        ledger: &ConnectionId,
        customer: &CustomerId,
        run: &RunId,
    ) -> Result<Result<RecordOutcome, Problem>, EngineError> {
        let port = self.ledger(ledger)?.port.clone();
        let snapshot = match port.customer(customer).await {
            Ok(snapshot) => snapshot,
            Err(error) => return Ok(Err(Problem::from(&error))),
        };
        let mut facts: Vec<Fact> = snapshot.customer.into_iter().map(Fact::Customer).collect();
        facts.extend(snapshot.facts);
        let recorded = self.store.record(RecordedPage {
            connection: ledger,
            run,
            stream: Stream::Invoices,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &snapshot.quarantined,
            progress: CursorProgress::Unmoved,
        })?;
        Ok(Ok(recorded))
    }

    async fn ask_about(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let unknown = self.store.in_flight(ledger)?.into_iter().any(|effect| {
            effect.deal.as_ref() == Some(deal) && effect.state == EffectState::Unknown
        });
        if unknown { self.ask_unknown(run).await } else { Ok(()) }
    }

    async fn create_one(
        &mut self,
        ledger: &ConnectionId,
        deal: &DealId,
        actor: &str,
    ) -> Result<CreateReport, EngineError> {
        self.create(&CreateRequest {
            ledger: ledger.clone(),
            deals: vec![deal.clone()],
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

/// Customers of the ledger that the deal's Account is confirmed to be.
fn customers_of(view: &LedgerView, deal: &DealId) -> Vec<CustomerId> {
    let account = view
        .books
        .deals
        .iter()
        .find(|known| known.id == *deal)
        .and_then(|deal| deal.account.clone());
    let confirmed = view.books.identity.confirmed();
    let mut customers: Vec<CustomerId> = confirmed
        .filter(|link| Some(&link.account) == account.as_ref())
        .map(|link| link.customer.clone())
        .collect();
    customers.sort();
    customers.dedup();
    customers
}
