//! A grid as the window shows it, as a section of a report: its rows in its order, under its
//! filters, with a line that names them.

use serde_json::Value as Json;
use tieout_domain::amount::read_amount;
use tieout_domain::{Currency, Money};
use tieout_report::{
    Cell, Column, Kind, Proof as Ruled, Rank, Row, Section, Sum, TickMark, Tone as Weight,
    TotalLine,
};
use tieout_store::SheetColumn;
use ts_rs::TS;

use super::systems::Systems;
use super::{deals, receivables, reconciliation};
use crate::app::grid::whole;
use crate::app::reader::Held;
use crate::app::screens::deals::DealsTab;
use crate::app::screens::export::ExportWhat;
use crate::app::screens::receivables::ReceivablesTab;
use crate::app::shapes::{FilterOp, GridPage, GridQuery, GridTotal, Proof};
use crate::codes::Code;
use crate::export::words::counted;
use crate::failure::Failure;

/// Place in the row, key, heading, kind.
type Shown = (&'static str, &'static str, &'static str, Kind);

const DEALS: [Shown; 12] = [
    ("/account", "account", "Account", Kind::Text),
    ("/name", "name", "Deal", Kind::Text),
    ("/reference", "reference", "Reference", Kind::Code),
    ("/closed", "closed", "Closed", Kind::Date),
    ("/age_days", "age_days", "Age, days", Kind::Count),
    ("/contract", "contract", "Contract, net", Kind::Money),
    ("/not_invoiced", "not_invoiced", "Uninvoiced, net", Kind::Money),
    ("/not_due", "not_due", "Not due, incl. tax", Kind::Money),
    ("/part_paid", "part_paid", "Part-paid rest, incl. tax", Kind::Money),
    ("/overdue", "overdue", "Overdue, incl. tax", Kind::Money),
    ("/status/word", "status", "Status", Kind::Text),
    ("/why", "why", "Why", Kind::Text),
];
const ACCOUNTS: [Shown; 8] = [
    ("/name", "name", "Account", Kind::Text),
    ("/not_due", "not_due", "Not due", Kind::Money),
    ("/days_1_30", "days_1_30", "1-30", Kind::Money),
    ("/days_31_60", "days_31_60", "31-60", Kind::Money),
    ("/days_61_90", "days_61_90", "61-90", Kind::Money),
    ("/days_over_90", "days_over_90", "90+", Kind::Money),
    ("/unapplied", "unapplied", "Unapplied", Kind::Money),
    ("/receivable", "receivable", "Receivable", Kind::Money),
];
const INVOICES: [Shown; 8] = [
    ("/number", "number", "Invoice", Kind::Code),
    ("/account", "account", "Account", Kind::Text),
    ("/deal", "deal", "Deal", Kind::Text),
    ("/dated", "dated", "Dated", Kind::Date),
    ("/due", "due", "Due", Kind::Date),
    ("/lateness/word", "lateness", "Lateness", Kind::Text),
    ("/total", "total", "Total", Kind::Money),
    ("/open", "open", "Open", Kind::Money),
];
const UNAPPLIED: [Shown; 7] = [
    ("/kind", "kind", "Kind", Kind::Text),
    ("/number", "number", "Number", Kind::Code),
    ("/account", "account", "Account", Kind::Text),
    ("/note", "remark", "Note", Kind::Text),
    ("/dated", "dated", "Dated", Kind::Date),
    ("/total", "total", "Total", Kind::Money),
    ("/unapplied", "unapplied", "Unapplied", Kind::Money),
];
const RECONCILIATION: [Shown; 10] = [
    ("/account", "account", "Account", Kind::Text),
    ("/name", "name", "Deal", Kind::Text),
    ("/expected", "expected", "Expected", Kind::Money),
    ("/billed", "billed", "Billed", Kind::Money),
    ("/difference", "difference", "Difference", Kind::Money),
    ("/reason/word", "reason", "Reason", Kind::Text),
    ("/owner", "owner", "Owner", Kind::Text),
    ("/note", "remark", "Note", Kind::Text),
    ("/age_days", "age_days", "Age, days", Kind::Count),
    ("/target", "target", "Target", Kind::Date),
];

/// The grid of an export under a query of the window. `None`: the workpaper, which is no grid.
pub(crate) fn shown(
    held: &Held,
    systems: &Systems,
    what: ExportWhat,
    query: &GridQuery,
) -> Result<Option<Section>, Failure> {
    let deals_of = |tab: DealsTab| {
        let page = deals::grid(held, systems, (tab, query), whole)?;
        section(&page, &DEALS, (&deals::COLUMNS, query))
    };
    let debts = |tab: ReceivablesTab| {
        let list = receivables::List::of(held, systems);
        match tab {
            ReceivablesTab::Accounts => {
                let page = list.accounts_grid(query, whole)?;
                section(&page, &ACCOUNTS, (&receivables::ACCOUNTS, query))
            }
            ReceivablesTab::Invoices => {
                let page = list.invoices_grid(query, whole)?;
                section(&page, &INVOICES, (&receivables::INVOICES, query))
            }
            ReceivablesTab::Unapplied => {
                let page = list.unapplied_grid(query, whole)?;
                section(&page, &UNAPPLIED, (&receivables::UNAPPLIED, query))
            }
        }
    };
    Ok(Some(match what {
        ExportWhat::Workpaper => return Ok(None),
        ExportWhat::Receivables => debts(ReceivablesTab::Accounts)?,
        ExportWhat::Invoices => debts(ReceivablesTab::Invoices)?,
        ExportWhat::Unapplied => debts(ReceivablesTab::Unapplied)?,
        ExportWhat::Deals => deals_of(DealsTab::All)?,
        ExportWhat::Unpaid => deals_of(DealsTab::Unpaid)?,
        ExportWhat::NotInvoiced => deals_of(DealsTab::NotInvoiced)?,
        ExportWhat::Leakage => deals_of(DealsTab::Leakage)?,
        ExportWhat::Blocked => deals_of(DealsTab::Blocked)?,
        ExportWhat::Excluded => deals_of(DealsTab::Excluded)?,
        ExportWhat::Reconciliation => {
            let page = reconciliation::grid(held, systems, query, whole)?;
            section(&page, &RECONCILIATION, (&reconciliation::COLUMNS, query))?
        }
    }))
}

fn section<R: TS>(
    page: &GridPage<R>,
    shown: &[Shown],
    (columns, query): (&[SheetColumn], &GridQuery),
) -> Result<Section, Failure> {
    let grouped = !page.groups.is_empty();
    let group = grouped.then(|| Column::new("group", "Group", Kind::Text).tone(Weight::Quiet));
    let made = shown.iter().map(|(_, key, title, kind)| Column::new(*key, *title, *kind));
    let mut rows = Vec::with_capacity(page.rows.len());
    for (at, row) in page.rows.iter().enumerate() {
        let row: Json = serde_json::from_str(row.text()).map_err(unreadable)?;
        let label = grouped.then(|| Cell::text(group_of(page, at)));
        let cells = shown.iter().map(|(place, .., kind)| cell(&row, row.pointer(place), *kind));
        let cells: Result<Vec<Cell>, Failure> = label.map(Ok).into_iter().chain(cells).collect();
        rows.push(Row::new(cells?));
    }
    let filters = filters(shown, columns, query);
    let mut section =
        Section::new("as-shown", "As shown", group.into_iter().chain(made).collect(), rows);
    section.empty = "No row is left by the filter.".to_owned();
    let count = format!("{} of {}", page.total, counted(page.unfiltered.into(), "row", "rows"));
    section.notes.push(match filters.is_empty() {
        true => format!("{count}, not filtered."),
        false => format!("{count}. Filter: {}.", filters.join("; ")),
    });
    section.notes.extend(order(shown, columns, query));
    for total in &page.totals {
        let line = total_line(&section, total, &filters)?;
        section.totals.push(line);
    }
    Ok(section)
}

fn group_of<R: TS>(page: &GridPage<R>, at: usize) -> &str {
    let holds = |first: u32, count: u32| (first as usize..(first + count) as usize).contains(&at);
    let group = page.groups.iter().find(|group| holds(group.first, group.count));
    group.map_or("", |group| group.label.as_str())
}

fn cell(row: &Json, value: Option<&Json>, kind: Kind) -> Result<Cell, Failure> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        let missing = kind == Kind::Money;
        return Ok(if missing { Cell::Flagged("unknown".to_owned()) } else { Cell::Empty });
    };
    let text = value.as_str().unwrap_or_default();
    Ok(match kind {
        Kind::Money => Cell::Money(amount(text, row["currency"].as_str().unwrap_or_default())?),
        Kind::Date => Cell::Date(text.parse().map_err(unreadable)?),
        Kind::Count => value.as_u64().map_or(Cell::Empty, Cell::Count),
        _ if text.is_empty() => Cell::Empty,
        _ => Cell::text(text),
    })
}

fn amount(text: &str, currency: &str) -> Result<Money, Failure> {
    let currency = Currency::parse(currency).map_err(unreadable)?;
    read_amount(text, currency).map_err(unreadable)
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::caused(Code::Unexpected, "a row of a grid", error)
}

/// The sums that stand under the grid, with what its rules say of them. Of a part of the rows no
/// source has a total.
fn total_line(
    section: &Section,
    total: &GridTotal,
    filters: &[String],
) -> Result<TotalLine, Failure> {
    let mut sums = Vec::new();
    for of in &total.cells {
        let Some(at) = section.column(&of.column) else { continue };
        let value = amount(&of.amount, &total.currency)?;
        let gap = section.rows.iter().any(|row| matches!(row.cells[at], Cell::Flagged(_)));
        let proof = match of.proof {
            Proof::Agreed if !gap => Ruled::Proved { by: total.why.clone() },
            Proof::Agreed => Ruled::Unproved { why: "a row has no known amount.".to_owned() },
            Proof::Unproved => Ruled::Unproved { why: total.why.clone() },
            Proof::Sum if filters.is_empty() => {
                Ruled::Unproved { why: "no source states this total.".to_owned() }
            }
            Proof::Sum => Ruled::Unproved { why: format!("filtered, {}.", filters.join("; ")) },
        };
        sums.push(Sum { column: of.column.clone(), value: value.into(), proof });
    }
    Ok(TotalLine {
        label: format!("{}, {}", total.currency, counted(total.count.into(), "row", "rows")),
        rank: Rank::Total,
        rows: 0..section.rows.len(),
        sums,
        marks: vec![TickMark::Footed],
    })
}

/// The filters that were in force: a column that the grid does not have filters nothing.
fn filters(shown: &[Shown], columns: &[SheetColumn], query: &GridQuery) -> Vec<String> {
    let filter = |filter: &crate::app::shapes::Filter| {
        let title = title(shown, columns, &filter.column)?;
        let op = match filter.op {
            FilterOp::Is => "is",
            FilterOp::IsNot => "is not",
            FilterOp::Contains => "contains",
            FilterOp::AtLeast => "is at least",
            FilterOp::AtMost => "is at most",
        };
        Some(format!("{title} {op} {}", filter.value))
    };
    let text = query.text.trim();
    let text = (!text.is_empty()).then(|| format!("text “{text}”"));
    query.filters.iter().filter_map(filter).chain(text).collect()
}

fn order(shown: &[Shown], columns: &[SheetColumn], query: &GridQuery) -> Option<String> {
    let key = |key: &crate::app::shapes::SortKey| {
        let way = if key.descending { "descending" } else { "ascending" };
        Some(format!("{}, {way}", title(shown, columns, &key.column)?))
    };
    let keys: Vec<String> = query.sort.iter().filter_map(key).collect();
    (!keys.is_empty()).then(|| format!("Sorted by {}.", keys.join(", then by ")))
}

fn title(shown: &[Shown], columns: &[SheetColumn], id: &str) -> Option<&'static str> {
    columns.iter().find(|column| column.name == id)?;
    shown.iter().find(|(_, key, ..)| *key == id).map(|(_, _, title, _)| *title)
}
