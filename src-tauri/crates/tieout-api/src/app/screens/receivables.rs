//! Who owes what on a day, and how late: three grids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tieout_domain::aging::{Bucket, UnappliedKind};
use tieout_domain::books::receivables::AccountReceivables;
use tieout_domain::facts::Stream;
use tieout_domain::ids::CustomerId;
use tieout_domain::{Currency, Money};
use tieout_store::{SheetColumn, SheetKind, SheetRow, SheetValue};
use ts_rs::TS;

use super::state::{short_day, short_name};
use super::systems::Systems;
use crate::app::grid::{GridWords, GroupWords, Look, maybe, money, page, row, sheet, text};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{GridPage, GridQuery, OpenIn, Phrase, PhrasePart, Scope, Status, Tone};
use crate::export::Proven;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::date;

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
pub struct AccountRow {
    /// Stable over sort, filter and refresh.
    pub key: String,
    /// What `account` takes.
    pub account: String,
    /// Without the legal form.
    pub name: String,
    pub currency: String,
    pub not_due: String,
    pub days_1_30: String,
    pub days_31_60: String,
    pub days_61_90: String,
    pub days_over_90: String,
    pub unapplied: String,
    pub receivable: String,
    /// "An open invoice is disputed".
    pub flag: Option<Status>,
    pub links: Vec<OpenIn>,
}

/// One open invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InvoiceRow {
    pub key: String,
    pub number: String,
    /// Without the legal form.
    pub account: String,
    pub account_key: String,
    /// Names of the deals that it bills.
    pub deal: Option<String>,
    pub dated: String,
    pub due: String,
    /// No due date and no terms were given: the document's own date was taken.
    pub due_assumed: bool,
    pub lateness: Status,
    pub total: String,
    pub open: String,
    pub currency: String,
    pub disputed: bool,
    pub links: Vec<OpenIn>,
}

/// A credit or a payment with something left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnappliedRow {
    pub key: String,
    pub kind: &'static str,
    pub number: String,
    pub account: String,
    pub account_key: String,
    pub dated: String,
    pub total: String,
    /// Negative: it lowers what the customer owes.
    pub unapplied: String,
    pub currency: String,
    pub note: String,
    pub links: Vec<OpenIn>,
}

/// How many rows each grid has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReceivablesCounts {
    pub accounts: usize,
    pub invoices: usize,
    pub unapplied: usize,
}

/// The screen with one of its grids.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReceivablesView {
    pub sentence: Phrase,
    pub counts: ReceivablesCounts,
    pub accounts: Option<GridPage<AccountRow>>,
    pub invoices: Option<GridPage<InvoiceRow>>,
    pub unapplied: Option<GridPage<UnappliedRow>>,
}

const fn column(name: &'static str, kind: SheetKind) -> SheetColumn {
    SheetColumn { name, kind }
}

pub(crate) const ACCOUNTS: [SheetColumn; 8] = [
    column("name", SheetKind::Text),
    column("not_due", SheetKind::Money),
    column("days_1_30", SheetKind::Money),
    column("days_31_60", SheetKind::Money),
    column("days_61_90", SheetKind::Money),
    column("days_over_90", SheetKind::Money),
    column("unapplied", SheetKind::Money),
    column("receivable", SheetKind::Money),
];
pub(crate) const INVOICES: [SheetColumn; 8] = [
    column("number", SheetKind::Text),
    column("account", SheetKind::Text),
    column("deal", SheetKind::Text),
    column("dated", SheetKind::Date),
    column("due", SheetKind::Date),
    column("lateness", SheetKind::Count),
    column("total", SheetKind::Money),
    column("open", SheetKind::Money),
];
pub(crate) const UNAPPLIED: [SheetColumn; 6] = [
    column("kind", SheetKind::Text),
    column("number", SheetKind::Text),
    column("account", SheetKind::Text),
    column("dated", SheetKind::Date),
    column("total", SheetKind::Money),
    column("unapplied", SheetKind::Money),
];
const BUCKETS: [Bucket; 5] =
    [Bucket::Current, Bucket::From1To30, Bucket::From31To60, Bucket::From61To90, Bucket::Over90];

/// The screen.
pub async fn receivables(
    reader: &mut Reader,
    params: ReceivablesParams,
) -> Result<ReceivablesView, Failure> {
    let held = reader.look(&params.scope)?;
    let systems = Systems::of(reader.workspace()?, &held)?;
    let list = List::of(&held, &systems);
    let all = &held.reconciliation.receivables;
    let counts = ReceivablesCounts {
        accounts: all.by_account.len(),
        invoices: all.invoices.iter().filter(|it| !it.open.is_zero()).count(),
        unapplied: all.unapplied.len(),
    };
    let mut view = ReceivablesView {
        sentence: sentence(&held, counts)?,
        counts,
        accounts: None,
        invoices: None,
        unapplied: None,
    };
    let query = &params.query;
    match params.tab {
        ReceivablesTab::Accounts => view.accounts = Some(list.accounts_grid(query, page)?),
        ReceivablesTab::Invoices => view.invoices = Some(list.invoices_grid(query, page)?),
        ReceivablesTab::Unapplied => view.unapplied = Some(list.unapplied_grid(query, page)?),
    }
    Ok(view)
}

/// "9 accounts, 21 open invoices, 2 unapplied documents. 54% of USD is late."
fn sentence(held: &Held, counts: ReceivablesCounts) -> Result<Phrase, Failure> {
    let count = |count: usize, one, many| counted(count as u64, one, many);
    let basis = match held.view.frame.aging_basis {
        tieout_domain::books::AgingBasis::DueDate => "due date",
        tieout_domain::books::AgingBasis::DocumentDate => "document date",
    };
    let mut phrase = vec![PhrasePart::text(format!(
        "{}, {}, {}. Aged by {basis}. ",
        count(counts.accounts, "account", "accounts"),
        count(counts.invoices, "open invoice", "open invoices"),
        count(counts.unapplied, "unapplied document", "unapplied documents"),
    ))];
    let totals = held.reconciliation.receivables.totals()?;
    let late: Vec<String> = totals
        .iter()
        .filter_map(|(currency, aging, _)| {
            let open: i64 = BUCKETS.iter().map(|it| aging.bucket(*it).minor()).sum();
            let not_due = aging.bucket(Bucket::Current).minor();
            let percent = percent(open.checked_sub(not_due)?, open)?;
            Some(format!("{percent}% of {}", currency.code()))
        })
        .collect();
    if !late.is_empty() {
        let are = if late.len() == 1 { "is" } else { "are" };
        let words = format!("{} {are} late.", crate::export::words::listed(&late));
        phrase.push(PhrasePart::text(words));
    }
    Ok(phrase)
}

/// A part of a whole in whole percent, half up. `None`: there is no whole.
pub(crate) fn percent(part: i64, whole: i64) -> Option<i64> {
    let whole = i128::from(whole);
    (whole > 0).then(|| ((i128::from(part) * 200 + whole) / (whole * 2)) as i64)
}

/// The functional currency first, then the others by code.
pub(crate) fn currencies(held: &Held) -> Vec<Currency> {
    let functional = held.evidence.functional;
    let accounts = held.reconciliation.receivables.by_account.iter();
    let mut all: Vec<Currency> = accounts.map(|row| row.currency).collect();
    all.sort_by_key(|it| (*it != functional, it.code().to_owned()));
    all.dedup();
    all
}

/// What names an Account's receivables in one currency.
pub(crate) fn account_key(row: &AccountReceivables) -> String {
    format!("{}|{}", account_id(row), row.currency.code())
}

/// The Account, or the customer where no Account is linked.
pub(crate) fn account_id(row: &AccountReceivables) -> String {
    let customer = || row.customers.first().map(ToString::to_string).unwrap_or_default();
    row.account.as_ref().map_or_else(customer, ToString::to_string)
}

/// How late an open invoice is.
pub(crate) fn lateness(days: i64, due: jiff::civil::Date, held: &Held) -> Status {
    match days {
        91.. => Status::new("triangle_filled", format!("{days} d late"), Tone::Bad),
        1..=90 => Status::new("triangle", format!("{days} d late"), Tone::Warn),
        _ => Status::new("ring", format!("due {}", short_day(due, &held.view)), Tone::Soft),
    }
}

/// Names of the deals of each document.
pub(crate) fn deals_by_document(held: &Held) -> BTreeMap<&str, String> {
    let mut deals = BTreeMap::<&str, String>::new();
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

/// The grids on their way into their sheets.
pub(crate) struct List<'a> {
    held: &'a Held,
    systems: &'a Systems,
    currencies: Vec<Currency>,
}

impl<'a> List<'a> {
    pub(crate) fn of(held: &'a Held, systems: &'a Systems) -> Self {
        Self { held, systems, currencies: currencies(held) }
    }

    /// The Accounts under a query.
    pub(crate) fn accounts_grid(
        &self,
        query: &GridQuery,
        look: Look<AccountRow>,
    ) -> Result<GridPage<AccountRow>, Failure> {
        let sheet = sheet(self.held, "accounts", &ACCOUNTS, || self.accounts())?;
        self.look((&sheet, query), ("receivable", "account", "accounts"), look)
    }

    /// The open invoices under a query.
    pub(crate) fn invoices_grid(
        &self,
        query: &GridQuery,
        look: Look<InvoiceRow>,
    ) -> Result<GridPage<InvoiceRow>, Failure> {
        let sheet = sheet(self.held, "invoices", &INVOICES, || self.invoices())?;
        self.look((&sheet, query), ("open", "invoice", "invoices"), look)
    }

    /// What is unapplied under a query.
    pub(crate) fn unapplied_grid(
        &self,
        query: &GridQuery,
        look: Look<UnappliedRow>,
    ) -> Result<GridPage<UnappliedRow>, Failure> {
        let sheet = sheet(self.held, "unapplied", &UNAPPLIED, || self.unapplied())?;
        self.look((&sheet, query), ("unapplied", "document", "documents"), look)
    }

    fn look<R: TS>(
        &self,
        (sheet, query): (&tieout_store::Sheet, &GridQuery),
        (main, one, many): (&'static str, &'static str, &'static str),
        look: Look<R>,
    ) -> Result<GridPage<R>, Failure> {
        let company = &self.held.view.company;
        let several = self.currencies.len() > 1;
        let group = |currency: &Currency| GroupWords {
            key: currency.code().to_owned(),
            label: currency.code().to_owned(),
            note: company.clone(),
            glyph: "",
        };
        let groups: Vec<GroupWords> = match several {
            true => self.currencies.iter().map(group).collect(),
            false => Vec::new(),
        };
        let words = GridWords {
            groups: &groups,
            main,
            counted: &|count| counted(u64::from(count), one, many),
            proof: &|column, currency| self.proven(column, currency),
            marks: &|currency| self.marks(currency),
            totals_in_groups: several,
        };
        look(self.held, sheet, query, &words)
    }

    /// What is open was compared with the books; the face amounts of documents were not.
    fn proven(&self, column: &str, currency: &str) -> Option<Proven> {
        let evidence = self.held.evidence.of(currency)?;
        (column != "total").then(|| evidence.receivables.clone())
    }

    fn marks(&self, currency: &str) -> Vec<String> {
        let agreed = self.held.evidence.of(currency).is_some_and(|it| it.receivables.agreed);
        let marks = if agreed { &["[A]", "[F]"][..] } else { &["[F]"] };
        marks.iter().map(|mark| (*mark).to_owned()).collect()
    }

    fn group(&self, of: Currency) -> u32 {
        self.currencies.iter().position(|it| *it == of).unwrap_or_default() as u32
    }

    fn accounts(&self) -> Result<Vec<SheetRow>, Failure> {
        let receivables = &self.held.reconciliation.receivables;
        let disputed: std::collections::BTreeSet<&CustomerId> = receivables
            .invoices
            .iter()
            .filter(|it| it.disputed && !it.open.is_zero())
            .map(|it| &it.customer)
            .collect();
        let mut accounts: Vec<&AccountReceivables> = receivables.by_account.iter().collect();
        accounts.sort_by_key(|row| (std::cmp::Reverse(row.receivable.minor()), row.name.clone()));
        let is_disputed =
            |row: &AccountReceivables| row.customers.iter().any(|it| disputed.contains(it));
        accounts.into_iter().map(|of| self.account(of, is_disputed(of))).collect()
    }

    fn account(&self, of: &AccountReceivables, disputed: bool) -> Result<SheetRow, Failure> {
        let code = of.currency.code();
        let amounts: Vec<Money> = BUCKETS
            .iter()
            .map(|bucket| of.aging.bucket(*bucket))
            .chain([of.aging.unapplied(), of.receivable])
            .collect();
        let plain = |at: usize| amounts[at].to_plain();
        let links = match &of.account {
            Some(id) => vec![self.systems.in_crm(Stream::Accounts, id.as_str())],
            None => Vec::new(),
        };
        let customers = of.customers.iter();
        let books = customers.map(|id| self.systems.in_books(Stream::Customers, id.as_str()));
        let flag = || Status::new("flag", "An open invoice is disputed", Tone::Soft);
        let shown = AccountRow {
            key: account_key(of),
            account: account_id(of),
            name: short_name(&of.name).to_owned(),
            currency: code.to_owned(),
            not_due: plain(0),
            days_1_30: plain(1),
            days_31_60: plain(2),
            days_61_90: plain(3),
            days_over_90: plain(4),
            unapplied: plain(5),
            receivable: plain(6),
            flag: disputed.then(flag),
            links: links.into_iter().chain(books).collect(),
        };
        let mut values = vec![text(&shown.name)];
        values.extend(amounts.iter().map(|amount| money(Some(*amount))));
        row(self.group(of.currency), shown.key.clone(), code, values, &shown)
    }

    fn invoices(&self) -> Result<Vec<SheetRow>, Failure> {
        let all = self.held.reconciliation.receivables.invoices.iter();
        let mut invoices: Vec<_> = all.filter(|it| !it.open.is_zero()).collect();
        invoices.sort_by_key(|it| (it.due.on, it.document.clone()));
        let (deals, accounts) =
            (deals_by_document(self.held), self.held.reconciliation.receivables.by_customer());
        let mut rows = Vec::with_capacity(invoices.len());
        for of in invoices {
            let account = accounts.get(&of.customer).copied();
            let currency = of.open.currency();
            let shown = InvoiceRow {
                key: of.document.to_string(),
                number: of.number.clone().unwrap_or_else(|| of.document.to_string()),
                account: account.map(|row| short_name(&row.name).to_owned()).unwrap_or_default(),
                account_key: account.map(account_key).unwrap_or_default(),
                deal: deals.get(of.document.as_str()).cloned(),
                dated: date(of.effective_on),
                due: date(of.due.on),
                due_assumed: of.due.assumed,
                lateness: lateness(of.days_past_due, of.due.on, self.held),
                total: of.total.to_plain(),
                open: of.open.to_plain(),
                currency: currency.code().to_owned(),
                disputed: of.disputed,
                links: vec![self.systems.in_books(Stream::Invoices, of.document.as_str())],
            };
            let values = vec![
                text(&shown.number),
                text(&shown.account),
                maybe(shown.deal.clone()),
                text(&shown.dated),
                text(&shown.due),
                SheetValue::Count(of.days_past_due),
                money(Some(of.total)),
                money(Some(of.open)),
            ];
            let key = shown.key.clone();
            rows.push(row(self.group(currency), key, currency.code(), values, &shown)?);
        }
        Ok(rows)
    }

    fn unapplied(&self) -> Result<Vec<SheetRow>, Failure> {
        let accounts = self.held.reconciliation.receivables.by_customer();
        let mut rows = Vec::new();
        for of in &self.held.reconciliation.receivables.unapplied {
            let account = accounts.get(&of.customer).copied();
            let currency = of.total.currency();
            let (kind, stream) = match of.kind {
                UnappliedKind::Credit => ("Credit", Stream::CreditMemos),
                UnappliedKind::Cash => ("Payment", Stream::Receipts),
            };
            let lowers = of.unapplied.negated().map_err(|error| {
                Failure::caused(crate::Code::DoesNotFoot, "an unapplied amount", error)
            })?;
            let whole = of.unapplied == of.total;
            let shown = UnappliedRow {
                key: format!("{kind}|{}", of.id),
                kind,
                number: of.number.clone().unwrap_or_else(|| of.id.clone()),
                account: account.map(|row| short_name(&row.name).to_owned()).unwrap_or_default(),
                account_key: account.map(account_key).unwrap_or_default(),
                dated: date(of.effective_on),
                total: of.total.to_plain(),
                unapplied: lowers.to_plain(),
                currency: currency.code().to_owned(),
                note: if whole { "nothing applied" } else { "applied in part" }.to_owned(),
                links: vec![self.systems.in_books(stream, &of.id)],
            };
            let values = vec![
                text(kind),
                text(&shown.number),
                text(&shown.account),
                text(&shown.dated),
                money(Some(of.total)),
                money(Some(lowers)),
            ];
            let key = shown.key.clone();
            rows.push(row(self.group(currency), key, currency.code(), values, &shown)?);
        }
        Ok(rows)
    }
}
