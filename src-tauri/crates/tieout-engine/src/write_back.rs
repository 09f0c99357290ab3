//! Writing the truth back to the CRM. Only changed values are written; one failing record never
//! blocks the rest (`finance-domain §11`).

use std::collections::BTreeMap;

use tieout_connect::error::{Action, ConnectorError};
use tieout_connect::ports::{Answer, Crm, CrmWrite, FieldValue, WriteTarget};
use tieout_domain::books::receivables::{Receivables, receivables};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::ids::{ConnectionId, DealId, RunId};
use tieout_store::EffectKind;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::progress::Event;
use crate::view::LedgerView;
use crate::write_effects::{Earlier, is_companion};

/// Records written with one call of the port.
const BATCH_RECORDS_MAX: usize = 200;

/// What writing back came to.
#[derive(Clone, Debug, Default)]
pub struct WriteBackReport {
    pub compared: u64,
    pub written: u64,
    /// The record and why it was not written. The local figure stays right.
    pub failed: Vec<(WriteTarget, Problem)>,
    /// Records that were not reached: the run was cancelled, or the CRM cannot be used now.
    pub not_tried: u64,
}

/// How a record differs from what it should show.
enum Difference {
    /// Not at all.
    Nothing,
    /// Our fields are not installed, so nobody can say.
    Unseen,
    /// The record is not visible to this user.
    Hidden,
    Values(CrmWrite),
}

impl Engine {
    /// Writes changed figures of one ledger back to the CRM, as of today in the entity's zone.
    ///
    /// Nothing is written while the CRM is read-only for us, or before every feed was read to its
    /// end once: figures of half the books are wrong figures.
    pub async fn write_back(
        &mut self,
        view: &LedgerView,
        reconciliation: &Reconciliation,
        only: Option<&DealId>,
        run: &RunId,
    ) -> Result<WriteBackReport, EngineError> {
        let mut report = WriteBackReport::default();
        let Some(crm) = self.crm.as_ref().filter(|crm| crm.writing) else {
            return Ok(report);
        };
        if !self.is_read(&view.connection)? {
            tracing::warn!("nothing is written back before every feed was read once");
            return Ok(report);
        }
        let (port, connection) = (crm.port.clone(), crm.id.clone());
        let mut earlier = self.earlier_writes(&connection, EffectKind::WriteBack)?;
        let wanted = self.wanted(view, reconciliation, only, &earlier, run)?;
        let shown = shown(port.as_ref(), &wanted).await?;
        report.compared = wanted.len() as u64;
        let (mut changed, mut seen) = (Vec::new(), Vec::new());
        for write in &wanted {
            seen.push(write.target.clone());
            match difference(write, &shown) {
                Difference::Nothing => self.settle_shown(&write.target, &earlier, run)?,
                Difference::Unseen => drop(seen.pop()),
                Difference::Hidden => {
                    let problem = Problem::from(&ConnectorError::NotFound);
                    report.failed.push((write.target.clone(), problem));
                }
                Difference::Values(write) => {
                    let lately = earlier.refused_lately(&write, self.clock.now());
                    match lately.filter(|_| only.is_none()) {
                        Some(problem) => report.failed.push((write.target, problem)),
                        None => changed.push(write),
                    }
                }
            }
        }
        self.write_all(port.as_ref(), &connection, &changed, &mut earlier, &mut report, run)
            .await?;
        self.report_write_failures(&seen, &report, &earlier, run).await?;
        self.report_failures_of(&view.connection, only, run).await?;
        Ok(report)
    }

    async fn write_all(
        &mut self,
        crm: &dyn Crm,
        connection: &ConnectionId,
        changed: &[CrmWrite],
        earlier: &mut Earlier,
        report: &mut WriteBackReport,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let total = changed.len() as u64;
        for (at, batch) in changed.chunks(BATCH_RECORDS_MAX).enumerate() {
            if self.cancel.requested() {
                report.not_tried = total - (at * BATCH_RECORDS_MAX) as u64;
                return Ok(());
            }
            let keys = self.promise_writes(connection, batch, earlier, run)?;
            self.crash_points.pass("write-back promised")?;
            let answer = crm.write(batch).await;
            self.crash_points.pass("write-back answered, not recorded")?;
            let stops = matches!(&answer, Err(error) if stops_writing(error));
            let answered = Answered::new(answer);
            self.settle_writes(&keys, &answered, earlier, run)?;
            for (place, write) in batch.iter().enumerate() {
                match answered.of(place) {
                    Ok(()) => report.written += 1,
                    Err(error) => report.failed.push((write.target.clone(), Problem::from(error))),
                }
            }
            self.observer.on(&Event::WritingBack { done: report.written, total });
            if stops {
                report.not_tried = total.saturating_sub(((at + 1) * BATCH_RECORDS_MAX) as u64);
                return Ok(());
            }
        }
        Ok(())
    }

    fn wanted(
        &self,
        view: &LedgerView,
        reconciliation: &Reconciliation,
        only: Option<&DealId>,
        earlier: &Earlier,
        run: &RunId,
    ) -> Result<Vec<CrmWrite>, EngineError> {
        let others = self.other_receivables(&view.connection)?;
        let crm = self.crm.as_ref().ok_or(EngineError::NothingToReport)?;
        let org = self.stored_probe(&crm.id)?.ok_or(EngineError::NothingToReport)?;
        Mirror {
            view,
            reconciliation,
            others: others.as_deref().unwrap_or_default(),
            accounts: others.is_some(),
            org_currency: org.capabilities.functional_currency,
            written: earlier.targets().collect(),
            run,
        }
        .writes(only)
    }

    /// Receivables of every other ledger, for the totals of an Account over all companies. `None`:
    /// one of them was never read to its end.
    fn other_receivables(
        &self,
        than: &ConnectionId,
    ) -> Result<Option<Vec<(LedgerView, Receivables)>>, EngineError> {
        let mut others = Vec::new();
        for ledger in self.ledgers.iter().filter(|it| it.id != *than && !it.ended) {
            if !self.is_read(&ledger.id)? {
                return Ok(None);
            }
            let view = self.view_today(&ledger.id)?;
            let held = receivables(&view.books, &view.frame)?;
            others.push((view, held));
        }
        Ok(Some(others))
    }
}

type Shown = BTreeMap<WriteTarget, CrmWrite>;

/// What the CRM shows now of these records.
async fn shown(crm: &dyn Crm, wanted: &[CrmWrite]) -> Result<Shown, EngineError> {
    let (mut deals, mut accounts, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for write in wanted {
        match &write.target {
            WriteTarget::Deal(id) => deals.push(id.clone()),
            WriteTarget::Account(id) => accounts.push(id.clone()),
            WriteTarget::LedgerAccount { key } => keys.push(key.clone()),
            WriteTarget::Failure { .. } | WriteTarget::Task { .. } => {}
        }
    }
    let shown =
        if wanted.is_empty() { Vec::new() } else { crm.mirrored(&deals, &accounts, &keys).await? };
    Ok(shown.into_iter().map(|write| (write.target.clone(), write)).collect())
}

/// The write with changed values only. Fields that the CRM does not show are not installed and are
/// left out, except on a row of our own that does not exist yet.
fn difference(wanted: &CrmWrite, shown: &Shown) -> Difference {
    let Some(held) = shown.get(&wanted.target) else {
        let same_kind = |target: &WriteTarget| {
            std::mem::discriminant(target) == std::mem::discriminant(&wanted.target)
        };
        return match &wanted.target {
            // Without any record that shows our fields, nothing of ours is installed.
            _ if shown.is_empty() => Difference::Unseen,
            WriteTarget::LedgerAccount { .. } => Difference::Values(wanted.clone()),
            _ if shown.keys().any(same_kind) => Difference::Hidden,
            _ => Difference::Unseen,
        };
    };
    let value =
        |name: &str| held.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let installed = wanted.fields.iter().filter(|(name, _)| value(name).is_some());
    let changed: Vec<(String, FieldValue)> = installed
        .clone()
        .filter(|(name, wanted)| !is_companion(name) && value(name) != Some(wanted))
        .cloned()
        .collect();
    if changed.is_empty() {
        return Difference::Nothing;
    }
    let companions = installed.filter(|(name, _)| is_companion(name)).cloned();
    let fields = changed.into_iter().chain(companions).collect();
    Difference::Values(CrmWrite { target: wanted.target.clone(), fields })
}

/// What one call came to for each of its records.
pub(crate) struct Answered {
    told: Vec<Result<(), ConnectorError>>,
    /// For a record that the answer says nothing about.
    otherwise: Result<(), ConnectorError>,
}

impl Answered {
    pub fn new(answer: Answer<Vec<Answer<()>>>) -> Self {
        match answer {
            Ok(told) => {
                let lacking = ConnectorError::Malformed { path: "write outcomes".into() };
                Self { told, otherwise: Err(lacking) }
            }
            Err(error) => Self { told: Vec::new(), otherwise: Err(error) },
        }
    }

    pub fn of(&self, at: usize) -> &Result<(), ConnectorError> {
        self.told.get(at).unwrap_or(&self.otherwise)
    }
}

/// Whether the next call would fail just the same.
fn stops_writing(error: &ConnectorError) -> bool {
    matches!(error.action(), Action::SignIn | Action::RetryLater | Action::Stop)
}
