//! Receivables per Account with aging.

use serde::Serialize;
use tieout_domain::aging::{Aging, Bucket, UnappliedKind};
use tieout_domain::books::receivables::{AccountReceivables, Receivables};
use tieout_engine::LedgerView;
use ts_rs::TS;

use super::reading::ReadingView;
use super::{Amount, date, instant};
use crate::failure::Failure;

/// The five age bands, youngest first, and what no invoice took up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgingRow {
    pub not_due: Amount,
    pub days_1_30: Amount,
    pub days_31_60: Amount,
    pub days_61_90: Amount,
    pub days_over_90: Amount,
    /// Zero or negative under the policy `separate`.
    pub unapplied: Amount,
    pub receivable: Amount,
}

/// One Account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountRow {
    /// `null`: customers without an Account.
    pub account_id: Option<String>,
    pub account: String,
    pub customer_ids: Vec<String>,
    pub currency: String,
    pub aging: AgingRow,
    pub overdue: Amount,
    pub overdue_invoices: u64,
    pub open_invoices: u64,
    pub oldest_due: Option<String>,
}

/// One open invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InvoiceRow {
    pub id: String,
    pub number: Option<String>,
    pub account: String,
    pub customer_id: String,
    pub dated: String,
    pub due: String,
    /// No due date and no terms were given: the document's own date was taken.
    pub due_assumed: bool,
    pub total: Amount,
    pub open: Amount,
    pub days_past_due: i64,
    pub bucket: &'static str,
    pub disputed: bool,
    pub link: Option<String>,
}

/// A credit or payment with something left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnappliedRow {
    pub kind: &'static str,
    pub id: String,
    pub number: Option<String>,
    pub account: String,
    pub dated: String,
    pub total: Amount,
    pub unapplied: Amount,
}

/// Receivables of one ledger company at a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceivablesView {
    pub ledger: String,
    pub company: String,
    pub as_of: String,
    pub known_at: String,
    pub reading: ReadingView,
    pub aging_basis: &'static str,
    pub credit_policy: &'static str,
    pub accounts: Vec<AccountRow>,
    /// One row per currency; currencies never add.
    pub totals: Vec<AgingRow>,
    pub invoices: Vec<InvoiceRow>,
    pub unapplied: Vec<UnappliedRow>,
}

/// Builds the view. `link` gives the web address of an invoice, where the tool has one.
pub fn receivables_view(
    view: &LedgerView,
    reading: ReadingView,
    receivables: &Receivables,
    link: impl Fn(&str) -> Option<String>,
) -> Result<ReceivablesView, Failure> {
    let totals = receivables.totals()?;
    let accounts = receivables.by_customer();
    let name = |customer: &tieout_domain::ids::CustomerId| {
        accounts.get(customer).map_or_else(String::new, |row| row.name.clone())
    };
    let invoices = receivables.invoices.iter().filter(|invoice| !invoice.open.is_zero());
    let invoices = invoices.map(|invoice| InvoiceRow {
        id: invoice.document.to_string(),
        number: invoice.number.clone(),
        account: name(&invoice.customer),
        customer_id: invoice.customer.to_string(),
        dated: date(invoice.effective_on),
        due: date(invoice.due.on),
        due_assumed: invoice.due.assumed,
        total: invoice.total.into(),
        open: invoice.open.into(),
        days_past_due: invoice.days_past_due,
        bucket: invoice.bucket.as_str(),
        disputed: invoice.disputed,
        link: link(invoice.document.as_str()),
    });
    let unapplied = receivables.unapplied.iter().map(|item| UnappliedRow {
        kind: match item.kind {
            UnappliedKind::Credit => "credit",
            UnappliedKind::Cash => "cash",
        },
        id: item.id.clone(),
        number: item.number.clone(),
        account: name(&item.customer),
        dated: date(item.effective_on),
        total: item.total.into(),
        unapplied: item.unapplied.into(),
    });
    Ok(ReceivablesView {
        ledger: view.connection.to_string(),
        company: view.company.clone(),
        as_of: date(view.frame.as_of),
        known_at: instant(view.at),
        reading,
        aging_basis: match view.frame.aging_basis {
            tieout_domain::books::AgingBasis::DueDate => "due_date",
            tieout_domain::books::AgingBasis::DocumentDate => "document_date",
        },
        credit_policy: match view.frame.credit_policy {
            tieout_domain::aging::CreditPolicy::Separate => "separate",
            tieout_domain::aging::CreditPolicy::ByOwnDate => "by_own_date",
            tieout_domain::aging::CreditPolicy::Fifo => "fifo",
        },
        accounts: receivables.by_account.iter().map(account_row).collect::<Result<_, _>>()?,
        totals: totals.iter().map(|(_, aging, total)| aging_row(aging, *total)).collect(),
        invoices: invoices.collect(),
        unapplied: unapplied.collect(),
    })
}

fn account_row(row: &AccountReceivables) -> Result<AccountRow, Failure> {
    Ok(AccountRow {
        account_id: row.account.as_ref().map(ToString::to_string),
        account: row.name.clone(),
        customer_ids: row.customers.iter().map(ToString::to_string).collect(),
        currency: row.currency.code().into(),
        aging: aging_row(&row.aging, row.receivable),
        overdue: row.overdue.into(),
        overdue_invoices: row.overdue_count,
        open_invoices: row.open_invoices,
        oldest_due: row.oldest_due.map(date),
    })
}

fn aging_row(aging: &Aging, receivable: tieout_domain::Money) -> AgingRow {
    AgingRow {
        not_due: aging.bucket(Bucket::Current).into(),
        days_1_30: aging.bucket(Bucket::From1To30).into(),
        days_31_60: aging.bucket(Bucket::From31To60).into(),
        days_61_90: aging.bucket(Bucket::From61To90).into(),
        days_over_90: aging.bucket(Bucket::Over90).into(),
        unapplied: aging.unapplied().into(),
        receivable: receivable.into(),
    }
}
