//! Writing the truth back to the CRM: billing and cash status on deals, receivables on Accounts
//! (`finance-domain §11`, `salesforce §14.1`). Only changed values are written; one failing record
//! never blocks the rest.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tieout_connect::ports::{Crm, CrmWrite, FieldValue, WriteTarget};
use tieout_domain::Money;
use tieout_domain::aging::{OpenInvoice, Unapplied};
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::{AccountReceivables, account_of};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ids::{AccountId, DealId, RunId};
use tieout_domain::rollup::{
    CashApplication, DatedAmount, account_rollup, average_days_late, credits_issued, last_payment,
};

use crate::books::LedgerView;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Event;
use crate::run::Problem;

/// Longest list of invoice numbers that the CRM's field takes.
const INVOICE_NUMBERS_MAX: usize = 255;
/// Records written with one call of the port.
const BATCH_RECORDS_MAX: usize = 200;
/// Fields that are written only together with a figure that changed.
const COMPANIONS: [&str; 3] = ["Tieout_As_Of__c", "Tieout_Run_Id__c", "Tieout_Last_Synced__c"];

/// What writing back came to.
#[derive(Clone, Debug, Default)]
pub struct WriteBackReport {
    pub compared: u64,
    pub written: u64,
    /// The record and why it was not written. The local figure stays right.
    pub failed: Vec<(WriteTarget, Problem)>,
}

impl Engine {
    /// Writes changed figures of one ledger back to the CRM, as of today in the entity's zone.
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
        let port = crm.port.clone();
        let connection = crm.id.clone();
        let wanted = wanted(view, reconciliation, only, run)?;
        let changed = self.changed(port.as_ref(), &wanted).await?;
        report.compared = wanted.len() as u64;
        let total = changed.len() as u64;
        for batch in changed.chunks(BATCH_RECORDS_MAX) {
            let keys = self.promise_writes(&connection, batch, run)?;
            self.crash_points.pass("write-back promised")?;
            let outcomes = port.write(batch).await;
            self.crash_points.pass("write-back answered, not recorded")?;
            match outcomes {
                Ok(outcomes) => {
                    for ((write, key), outcome) in batch.iter().zip(&keys).zip(outcomes) {
                        self.settle_write(key, &outcome)?;
                        match outcome {
                            Ok(()) => report.written += 1,
                            Err(error) => {
                                report.failed.push((write.target.clone(), Problem::from(&error)));
                            }
                        }
                    }
                }
                Err(error) => {
                    let problem = Problem::from(&error);
                    let outcome = Err(error);
                    for (write, key) in batch.iter().zip(&keys) {
                        self.settle_write(key, &outcome)?;
                        report.failed.push((write.target.clone(), problem.clone()));
                    }
                }
            }
            self.observer.on(&Event::WritingBack { done: report.written, total });
        }
        self.report_failures(port.as_ref(), &report, run).await?;
        Ok(report)
    }

    /// Leaves out values that the CRM already shows, and records that show them all.
    async fn changed(
        &self,
        crm: &dyn Crm,
        wanted: &[CrmWrite],
    ) -> Result<Vec<CrmWrite>, EngineError> {
        let mut deals = Vec::new();
        let mut accounts = Vec::new();
        let mut keys = Vec::new();
        for write in wanted {
            match &write.target {
                WriteTarget::Deal(id) => deals.push(id.clone()),
                WriteTarget::Account(id) => accounts.push(id.clone()),
                WriteTarget::LedgerAccount { key } => keys.push(key.clone()),
                WriteTarget::Failure { .. } | WriteTarget::Task { .. } => {}
            }
        }
        let shown = crm.mirrored(&deals, &accounts, &keys).await?;
        let shown: BTreeMap<&WriteTarget, &CrmWrite> =
            shown.iter().map(|write| (&write.target, write)).collect();
        Ok(wanted
            .iter()
            .filter_map(|write| difference(write, shown.get(&write.target).copied()))
            .collect())
    }
}

/// The write with changed values only. Fields that the CRM does not show are not installed and are
/// left out, except on a record that does not exist yet.
fn difference(wanted: &CrmWrite, shown: Option<&CrmWrite>) -> Option<CrmWrite> {
    let creates = matches!(wanted.target, WriteTarget::LedgerAccount { .. });
    let Some(shown) = shown else {
        return creates.then(|| wanted.clone());
    };
    let value =
        |name: &str| shown.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let installed = wanted.fields.iter().filter(|(name, _)| value(name).is_some());
    let is_companion = |name: &str| COMPANIONS.contains(&name);
    let changed: Vec<(String, FieldValue)> = installed
        .clone()
        .filter(|(name, wanted)| !is_companion(name) && value(name) != Some(wanted))
        .cloned()
        .collect();
    if changed.is_empty() {
        return None;
    }
    let companions = installed.filter(|(name, _)| is_companion(name)).cloned();
    let fields = changed.into_iter().chain(companions).collect();
    Some(CrmWrite { target: wanted.target.clone(), fields })
}

/// Everything that the CRM should show, for one ledger.
fn wanted(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    only: Option<&DealId>,
    run: &RunId,
) -> Result<Vec<CrmWrite>, EngineError> {
    let as_of = view.frame.as_of;
    let rows = reconciliation.rows.iter().filter(|row| only.is_none_or(|deal| row.deal == *deal));
    let mut writes: Vec<CrmWrite> =
        rows.clone().map(|row| deal_write(view, row, as_of, run)).collect();
    let account = only.and_then(|_| rows.clone().next()).and_then(|row| row.account.clone());
    for receivables in &reconciliation.receivables.by_account {
        let Some(id) = &receivables.account else {
            continue;
        };
        if only.is_some() && account.as_ref() != Some(id) {
            continue;
        }
        writes.push(account_write(view, reconciliation, receivables, id, run)?);
    }
    Ok(writes)
}

fn deal_write(view: &LedgerView, row: &DealRow, as_of: Date, run: &RunId) -> CrmWrite {
    let invoices = row
        .documents
        .iter()
        .filter(|document| document.kind == LedgerDocumentKind::Invoice && !document.after_as_of);
    let open = invoices.clone().filter(|invoice| !invoice.open.is_zero());
    let due = open.filter_map(|invoice| invoice.due_on).min();
    let numbers = joined(invoices.filter_map(|invoice| invoice.number.as_deref()));
    let figures = row.figures.as_ref();
    let amount = |of: Option<Money>| of.map_or(FieldValue::Empty, FieldValue::Amount);
    let date = |of: Option<Date>| of.map_or(FieldValue::Empty, FieldValue::Date);
    let fields = vec![
        field("Tieout_Billing_Status__c", FieldValue::Text(row.billing.as_str().into())),
        field("Tieout_Cash_Status__c", FieldValue::Text(row.cash.as_str().into())),
        field(
            "Tieout_Invoice_Numbers__c",
            if numbers.is_empty() { FieldValue::Empty } else { FieldValue::Text(numbers) },
        ),
        field("Tieout_Billed_Net__c", amount(figures.map(|figures| figures.billed))),
        field("Tieout_Collected__c", amount(figures.map(|figures| figures.collected))),
        field("Tieout_Open__c", amount(figures.map(|figures| figures.open))),
        field("Tieout_Due_Date__c", date(due)),
        field("Tieout_Paid_Date__c", date(view.paid_on(row))),
        field("Tieout_As_Of__c", FieldValue::Date(as_of)),
        field("Tieout_Run_Id__c", FieldValue::Text(run.to_string())),
    ];
    CrmWrite { target: WriteTarget::Deal(row.deal.clone()), fields }
}

/// Numbers separated by commas, as many as fit; what does not fit is said.
fn joined<'a>(numbers: impl Iterator<Item = &'a str>) -> String {
    let numbers: Vec<&str> = numbers.collect();
    let all = numbers.join(", ");
    if all.chars().count() <= INVOICE_NUMBERS_MAX {
        return all;
    }
    let mut kept = String::new();
    for (at, number) in numbers.iter().enumerate() {
        let rest = format!(" and {} more", numbers.len() - at);
        if kept.chars().count() + number.chars().count() + 2 + rest.len() > INVOICE_NUMBERS_MAX {
            return kept + &rest;
        }
        if at > 0 {
            kept.push_str(", ");
        }
        kept.push_str(number);
    }
    kept
}

fn account_write(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    receivables: &AccountReceivables,
    account: &AccountId,
    run: &RunId,
) -> Result<CrmWrite, EngineError> {
    let as_of = view.frame.as_of;
    let currency = receivables.currency;
    let of_account = |customer| account_of(&view.books, customer) == Some(account);
    let invoices: Vec<OpenInvoice> = reconciliation
        .receivables
        .invoices
        .iter()
        .filter(|invoice| of_account(&invoice.customer) && invoice.total.currency() == currency)
        .map(|invoice| OpenInvoice {
            id: invoice.document.clone(),
            due_on: invoice.due.on,
            open: invoice.open,
        })
        .collect();
    let unapplied: Vec<Unapplied> = reconciliation
        .receivables
        .unapplied
        .iter()
        .filter(|item| of_account(&item.customer) && item.unapplied.currency() == currency)
        .map(|item| Unapplied {
            kind: item.kind,
            effective_on: item.effective_on,
            amount: item.unapplied,
        })
        .collect();
    let rollup = account_rollup(as_of, currency, &invoices, &unapplied)?;
    let payments = view.payments_of(account, currency);
    let paid: Option<DatedAmount> = last_payment(as_of, &payments)?;
    let credits = credits_issued(as_of, currency, &view.credits_of(account, currency))?;
    let cash: Vec<CashApplication> = view.cash_applications_of(account, currency);
    let late = average_days_late(as_of, currency, &cash)?;
    let fields = vec![
        field("Tieout_AR_Balance__c", FieldValue::Amount(receivables.receivable)),
        field("Tieout_AR_Overdue__c", FieldValue::Amount(rollup.overdue_amount)),
        field("Tieout_AR_Not_Due__c", FieldValue::Amount(rollup.due_not_overdue)),
        field("Tieout_Overdue_Count__c", count(rollup.overdue_count)),
        field("Tieout_Max_Days_Overdue__c", FieldValue::Count(rollup.max_days_overdue)),
        field(
            "Tieout_Oldest_Due__c",
            rollup.oldest_due_date.map_or(FieldValue::Empty, FieldValue::Date),
        ),
        field(
            "Tieout_Last_Payment__c",
            paid.map_or(FieldValue::Empty, |paid| FieldValue::Amount(paid.amount)),
        ),
        field(
            "Tieout_Last_Payment_Date__c",
            paid.map_or(FieldValue::Empty, |paid| FieldValue::Date(paid.effective_on)),
        ),
        field("Tieout_Credits_12M__c", FieldValue::Amount(credits)),
        field("Tieout_Unapplied_Credits__c", FieldValue::Amount(rollup.unapplied_credits)),
        field("Tieout_Unapplied_Cash__c", FieldValue::Amount(rollup.unapplied_cash)),
        field("Tieout_Avg_Days_Late__c", late.map_or(FieldValue::Empty, FieldValue::Number)),
        field("Tieout_As_Of__c", FieldValue::Date(as_of)),
        field("Tieout_Last_Synced__c", FieldValue::Instant(view.at)),
        field("Tieout_Run_Id__c", FieldValue::Text(run.to_string())),
    ];
    Ok(CrmWrite { target: WriteTarget::Account(account.clone()), fields })
}

fn count(number: u64) -> FieldValue {
    FieldValue::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn field(name: &str, value: FieldValue) -> (String, FieldValue) {
    (name.into(), value)
}

/// The state that an answer of the CRM leads to. Writes are idempotent: a lost answer may be
/// written again, so it goes back to intended.
pub(crate) fn state_after(
    outcome: &Result<(), tieout_connect::error::ConnectorError>,
) -> EffectState {
    match outcome {
        Ok(()) => EffectState::Confirmed,
        Err(error) if error.is_refusal() => EffectState::Rejected,
        Err(error) if error.certainly_not_received() => EffectState::Intended,
        Err(_) => EffectState::Unknown,
    }
}
