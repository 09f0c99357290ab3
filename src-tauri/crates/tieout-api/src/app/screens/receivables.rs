//! Who owes what on a day, and how late.

use serde::{Deserialize, Serialize};
use tieout_domain::aging::{Bucket, UnappliedKind};
use tieout_domain::books::receivables::AccountReceivables;
use tieout_domain::facts::Stream;
use tieout_domain::ids::CustomerId;
use tieout_store::{SheetColumn, SheetKind, SheetRow};
use ts_rs::TS;

use super::state::short_name;
use crate::app::grid::{GridWords, GroupWords, maybe, money, page, row, sheet, text};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{GridPage, GridQuery, Scope};
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::{Amount, date};
use crate::workspace::Workspace;

/// The three grids of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReceivablesTab {
    Accounts,
    Invoices,
    Unapplied,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceivablesParams {
    pub scope: Scope,
    pub tab: ReceivablesTab,
    pub query: GridQuery,
}

/// One Account in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountGridRow {
    /// For `account`, and unique in the grid.
    pub id: String,
    pub account_id: Option<String>,
    /// Without the legal form.
    pub name: String,
    pub currency: String,
    pub not_due: Amount,
    pub days_1_30: Amount,
    pub days_31_60: Amount,
    pub days_61_90: Amount,
    pub days_over_90: Amount,
    pub unapplied: Amount,
    pub receivable: Amount,
    pub overdue: Amount,
    pub open_invoices: u64,
    pub oldest_due: Option<String>,
    /// An open invoice is disputed.
    pub disputed: bool,
}

/// One open invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InvoiceGridRow {
    pub id: String,
    pub number: String,
    /// For `account`.
    pub account: String,
    pub name: String,
    pub currency: String,
    pub dated: String,
    pub due: String,
    /// No due date and no terms were given: the document's own date was taken.
    pub due_assumed: bool,
    pub days_late: i64,
    /// "8 d late", "due 16 Jul".
    pub lateness: String,
    pub glyph: &'static str,
    pub total: Amount,
    pub open: Amount,
    pub disputed: bool,
    /// Names of the deals that it bills.
    pub deals: String,
    /// Its page in the books.
    pub link: Option<String>,
}

/// A credit or payment with something left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnappliedGridRow {
    pub id: String,
    pub kind: &'static str,
    pub number: String,
    pub account: String,
    pub name: String,
    pub currency: String,
    pub dated: String,
    pub total: Amount,
    /// Negative: it lowers what the customer owes.
    pub unapplied: Amount,
    pub link: Option<String>,
}

/// A row of one of the three grids, with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "grid", rename_all = "snake_case")]
pub enum ReceivableRow {
    Accounts(AccountGridRow),
    Invoices(InvoiceGridRow),
    Unapplied(UnappliedGridRow),
}

const fn column(name: &'static str, kind: SheetKind) -> SheetColumn {
    SheetColumn { name, kind }
}

const ACCOUNTS: [SheetColumn; 12] = [
    column("name", SheetKind::Text),
    column("not_due", SheetKind::Money),
    column("days_1_30", SheetKind::Money),
    column("days_31_60", SheetKind::Money),
    column("days_61_90", SheetKind::Money),
    column("days_over_90", SheetKind::Money),
    column("unapplied", SheetKind::Money),
    column("receivable", SheetKind::Money),
    column("overdue", SheetKind::Money),
    column("open_invoices", SheetKind::Count),
    column("oldest_due", SheetKind::Date),
    column("currency_code", SheetKind::Text),
];
const INVOICES: [SheetColumn; 8] = [
    column("number", SheetKind::Text),
    column("name", SheetKind::Text),
    column("dated", SheetKind::Date),
    column("due", SheetKind::Date),
    column("days_late", SheetKind::Count),
    column("deals", SheetKind::Text),
    column("total", SheetKind::Money),
    column("open", SheetKind::Money),
];
const UNAPPLIED: [SheetColumn; 6] = [
    column("number", SheetKind::Text),
    column("kind", SheetKind::Text),
    column("name", SheetKind::Text),
    column("dated", SheetKind::Date),
    column("total", SheetKind::Money),
    column("unapplied", SheetKind::Money),
];

/// One of the three grids.
pub async fn receivables(
    reader: &mut Reader,
    params: ReceivablesParams,
) -> Result<GridPage<ReceivableRow>, Failure> {
    let held = reader.look(&params.scope)?;
    let workspace = reader.workspace()?;
    let currencies = currencies(&held);
    let groups: Vec<GroupWords> = currencies
        .iter()
        .map(|code| GroupWords {
            key: "currency",
            label: code.clone(),
            note: held.view.company.clone(),
            glyph: "",
        })
        .collect();
    let several = groups.len() > 1;
    let noun = match params.tab {
        ReceivablesTab::Accounts => ("account", "accounts"),
        ReceivablesTab::Invoices => ("invoice", "invoices"),
        ReceivablesTab::Unapplied => ("document", "documents"),
    };
    let sheet = match params.tab {
        ReceivablesTab::Accounts => {
            sheet(&held, "accounts", &ACCOUNTS, || account_rows(&held, &currencies))?
        }
        ReceivablesTab::Invoices => {
            sheet(&held, "invoices", &INVOICES, || invoice_rows(workspace, &held, &currencies))?
        }
        ReceivablesTab::Unapplied => {
            sheet(&held, "unapplied", &UNAPPLIED, || unapplied_rows(workspace, &held, &currencies))?
        }
    };
    let words = GridWords {
        groups: if several { &groups } else { &[] },
        main: if params.tab == ReceivablesTab::Invoices { "open" } else { "receivable" },
        counted: &|count| counted(u64::from(count), noun.0, noun.1),
        proof: &|column, currency| proven(&held, column, currency),
        marks: &|currency| marks(&held, currency),
        totals_in_groups: several,
    };
    page(&held, &sheet, &params.query, &words)
}

/// Totals of documents' face amounts are compared with nothing; open ones with the books.
fn proven(held: &Held, column: &str, currency: &str) -> Option<crate::export::Proven> {
    let evidence = held.evidence.of(currency)?;
    (column != "total").then(|| evidence.receivables.clone())
}

fn marks(held: &Held, currency: &str) -> Vec<String> {
    let agreed = held.evidence.of(currency).is_some_and(|it| it.receivables.agreed);
    if agreed { vec!["[A]".to_owned(), "[F]".to_owned()] } else { vec!["[F]".to_owned()] }
}

/// The functional currency first, then the others by code.
fn currencies(held: &Held) -> Vec<String> {
    let functional = held.evidence.functional;
    let mut codes: Vec<String> = held
        .reconciliation
        .receivables
        .by_account
        .iter()
        .map(|row| row.currency.code().to_owned())
        .collect();
    codes.sort_by_key(|code| (code != functional.code(), code.clone()));
    codes.dedup();
    codes
}

fn group_of(currencies: &[String], code: &str) -> u32 {
    currencies.iter().position(|it| it == code).unwrap_or_default() as u32
}

/// What names an Account's receivables in one currency.
pub(crate) fn account_key(row: &AccountReceivables) -> String {
    let who = row.account.as_ref().map(ToString::to_string);
    let customer = || row.customers.first().map(ToString::to_string).unwrap_or_default();
    format!("{}|{}", who.unwrap_or_else(customer), row.currency.code())
}

/// The Account whose receivables a customer is in.
pub(crate) fn account_of<'a>(
    held: &'a Held,
    customer: &CustomerId,
) -> Option<&'a AccountReceivables> {
    let mut rows = held.reconciliation.receivables.by_account.iter();
    rows.find(|row| row.customers.contains(customer))
}

fn account_rows(held: &Held, currencies: &[String]) -> Result<Vec<SheetRow>, Failure> {
    let receivables = &held.reconciliation.receivables;
    let disputed = |account: &AccountReceivables| {
        let ours = |customer: &CustomerId| account.customers.contains(customer);
        receivables
            .invoices
            .iter()
            .any(|it| it.disputed && !it.open.is_zero() && ours(&it.customer))
    };
    let mut accounts: Vec<&AccountReceivables> = receivables.by_account.iter().collect();
    accounts.sort_by_key(|row| (std::cmp::Reverse(row.receivable.minor()), row.name.clone()));
    accounts
        .into_iter()
        .map(|of| {
            let bucket = |bucket| of.aging.bucket(bucket);
            let code = of.currency.code();
            let shown = AccountGridRow {
                id: account_key(of),
                account_id: of.account.as_ref().map(ToString::to_string),
                name: short_name(&of.name).to_owned(),
                currency: code.to_owned(),
                not_due: bucket(Bucket::Current).into(),
                days_1_30: bucket(Bucket::From1To30).into(),
                days_31_60: bucket(Bucket::From31To60).into(),
                days_61_90: bucket(Bucket::From61To90).into(),
                days_over_90: bucket(Bucket::Over90).into(),
                unapplied: of.aging.unapplied().into(),
                receivable: of.receivable.into(),
                overdue: of.overdue.into(),
                open_invoices: of.open_invoices,
                oldest_due: of.oldest_due.map(date),
                disputed: disputed(of),
            };
            let values = vec![
                text(&shown.name),
                money(Some(bucket(Bucket::Current))),
                money(Some(bucket(Bucket::From1To30))),
                money(Some(bucket(Bucket::From31To60))),
                money(Some(bucket(Bucket::From61To90))),
                money(Some(bucket(Bucket::Over90))),
                money(Some(of.aging.unapplied())),
                money(Some(of.receivable)),
                money(Some(of.overdue)),
                tieout_store::SheetValue::Count(of.open_invoices as i64),
                maybe(of.oldest_due.map(date)),
                text(code),
            ];
            let id = shown.id.clone();
            row(group_of(currencies, code), id, code, values, &ReceivableRow::Accounts(shown))
        })
        .collect()
}

fn invoice_rows(
    workspace: &Workspace,
    held: &Held,
    currencies: &[String],
) -> Result<Vec<SheetRow>, Failure> {
    let ledger = workspace.engine.ledger(&held.view.connection)?.port.clone();
    let mut rows = Vec::new();
    let mut invoices: Vec<_> =
        held.reconciliation.receivables.invoices.iter().filter(|it| !it.open.is_zero()).collect();
    invoices.sort_by_key(|it| (it.due.on, it.document.clone()));
    let deals = deals_by_document(held);
    for of in invoices {
        let account = account_of(held, &of.customer);
        let code = of.open.currency();
        let number = of.number.clone().unwrap_or_else(|| of.document.to_string());
        let (glyph, lateness) = lateness(of.days_past_due, of.due.on, held);
        let shown = InvoiceGridRow {
            id: of.document.to_string(),
            number,
            account: account.map(account_key).unwrap_or_default(),
            name: account.map(|row| short_name(&row.name).to_owned()).unwrap_or_default(),
            currency: code.code().to_owned(),
            dated: date(of.effective_on),
            due: date(of.due.on),
            due_assumed: of.due.assumed,
            days_late: of.days_past_due,
            lateness,
            glyph,
            total: of.total.into(),
            open: of.open.into(),
            disputed: of.disputed,
            deals: deals.get(of.document.as_str()).cloned().unwrap_or_default(),
            link: ledger.deep_link(Stream::Invoices, of.document.as_str()),
        };
        let values = vec![
            text(&shown.number),
            text(&shown.name),
            text(&shown.dated),
            text(&shown.due),
            tieout_store::SheetValue::Count(of.days_past_due),
            text(&shown.deals),
            money(Some(of.total)),
            money(Some(of.open)),
        ];
        let group = group_of(currencies, code.code());
        let id = shown.id.clone();
        rows.push(row(group, id, code.code(), values, &ReceivableRow::Invoices(shown))?);
    }
    Ok(rows)
}

/// `8 d late`, or `due 16 Jul`.
pub(crate) fn lateness(days: i64, due: jiff::civil::Date, held: &Held) -> (&'static str, String) {
    match days {
        91.. => ("triangle_filled", format!("{days} d late")),
        1..=90 => ("triangle", format!("{days} d late")),
        _ => ("ring", format!("due {}", super::state::short_day(due, &held.view))),
    }
}

/// Names of the deals of each document.
pub(crate) fn deals_by_document(held: &Held) -> std::collections::BTreeMap<&str, String> {
    let mut deals = std::collections::BTreeMap::<&str, String>::new();
    for deal in &held.reconciliation.rows {
        for document in &deal.documents {
            let names = deals.entry(document.document.as_str()).or_default();
            if !names.is_empty() {
                names.push_str(", ");
            }
            names.push_str(&deal.name);
        }
    }
    deals
}

fn unapplied_rows(
    workspace: &Workspace,
    held: &Held,
    currencies: &[String],
) -> Result<Vec<SheetRow>, Failure> {
    let ledger = workspace.engine.ledger(&held.view.connection)?.port.clone();
    let mut rows = Vec::new();
    for of in &held.reconciliation.receivables.unapplied {
        let account = account_of(held, &of.customer);
        let code = of.total.currency();
        let (kind, stream) = match of.kind {
            UnappliedKind::Credit => ("Credit", Stream::CreditMemos),
            UnappliedKind::Cash => ("Payment", Stream::Receipts),
        };
        let lowers = of.unapplied.negated().map_err(|error| {
            Failure::caused(crate::Code::DoesNotFoot, "an unapplied amount", error)
        })?;
        let shown = UnappliedGridRow {
            id: of.id.clone(),
            kind,
            number: of.number.clone().unwrap_or_else(|| of.id.clone()),
            account: account.map(account_key).unwrap_or_default(),
            name: account.map(|row| short_name(&row.name).to_owned()).unwrap_or_default(),
            currency: code.code().to_owned(),
            dated: date(of.effective_on),
            total: of.total.into(),
            unapplied: lowers.into(),
            link: ledger.deep_link(stream, &of.id),
        };
        let values = vec![
            text(&shown.number),
            text(kind),
            text(&shown.name),
            text(&shown.dated),
            money(Some(of.total)),
            money(Some(lowers)),
        ];
        let group = group_of(currencies, code.code());
        let id = shown.id.clone();
        rows.push(row(group, id, code.code(), values, &ReceivableRow::Unapplied(shown))?);
    }
    Ok(rows)
}
