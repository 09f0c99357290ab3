//! What was sold and is not paid, and what was sold and is not even invoiced
//! (`finance-domain §10`).

use tieout_domain::books::positions::DealRow;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::status::BillingStatus;
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::deals::{cross_footed, cross_foots, crossed_marks};
use super::desk::{Desk, Figure, figure};
use super::sheet::{Line, Sheet, by_currency, does_not_add, label, money, text};
use super::words::{counted, day, listed, typeset};
use crate::failure::Failure;

/// Key, heading, figure, and whether it is net of tax.
const COLUMNS: [(&str, &str, Figure, bool); 5] = [
    ("not_invoiced", "Not invoiced, net", |it| it.not_invoiced, true),
    ("open_not_due", "Open, not due, incl. tax", |it| it.open_not_due, false),
    ("part_paid_remainder", "Part-paid rest, incl. tax", |it| it.part_paid_remainder, false),
    ("overdue", "Overdue, incl. tax", |it| it.overdue, false),
    ("unpaid_net", "Unpaid, net", |it| it.unpaid_net, true),
];

/// Unpaid Closed Won: four columns that are never added to each other, and the net headline.
pub(super) fn closed_won(desk: &Desk<'_>) -> Result<Section, Failure> {
    let mut columns = vec![
        Column::new("deal", "Deal, days", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account, deal", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("age", "Days", Kind::Count).under("deal"),
    ];
    columns.extend(COLUMNS.map(|(key, title, _, _)| {
        let tone = if key == "unpaid_net" { Tone::Strong } else { Tone::Plain };
        Column::new(key, title, Kind::Money).tone(tone).weight(0)
    }));
    columns.extend([
        Column::new("billing", "Status", Kind::Code),
        Column::new("cash", "Cash status", Kind::Code).under("billing"),
        Column::new("disputed", "Disputed", Kind::Text).omitted(),
    ]);
    let mut sheet = Sheet::new("unpaid-closed-won", "Unpaid Closed Won", columns)
        .note(format!(
            "Days count from the close date to {}. The first and the last amount are net of tax, \
             the three between them include it: they are never added. Unpaid, net, is what is not \
             invoiced and the open amount without its tax.",
            day(desk.view.frame.as_of)
        ))
        .or_else("Every won deal is invoiced and paid.");
    let groups =
        by_currency(desk.reconciliation.unpaid(), |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            sheet.push(unpaid_row(desk, row)?);
        }
        let witness = &desk.witness;
        let receivables = cross_footed(witness.receivables(*currency), rows)?;
        let billing = cross_footed(witness.billing(*currency), rows)?;
        let deals = counted(rows.len() as u64, "deal", "deals");
        let mut line =
            Line::over(label(deals, *currency, groups.len()), start..sheet.len(), *currency);
        for (key, _, _, net) in COLUMNS {
            let standing = match (key, net) {
                ("unpaid_net", _) => billing.and(&receivables),
                (_, true) => billing.clone(),
                (_, false) => receivables.clone(),
            };
            line = line.sum(key, &standing);
        }
        sheet.rule_off(line.marked(crossed_marks(rows)?))?;
    }
    Ok(sheet.finish())
}

fn unpaid_row(desk: &Desk<'_>, row: &DealRow) -> Result<Row, Failure> {
    let mut cells = vec![
        desk.deal_cell(&row.deal),
        text(&row.account_name),
        text(&row.name),
        Cell::Count(u64::try_from(row.age_days).unwrap_or_default()),
    ];
    cells.extend(COLUMNS.map(|(_, _, of, _)| money(figure(row, of))));
    cells.extend([
        text(row.billing.as_str()),
        text(row.cash.as_str()),
        text(if row.disputed { "disputed" } else { "" }),
    ]);
    let crossed = cross_foots(row)?;
    let marks: &[TickMark] =
        if crossed { &[TickMark::CrossFooted] } else { &[TickMark::Exception] };
    Ok(Row::new(cells).marked(marks))
}

/// Due and not invoiced, wholly or in part, with what stands in the way.
pub(super) fn not_invoiced(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account, deal, closed", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("closed", "Closed", Kind::Date).under("account"),
        Column::new("age", "Days", Kind::Count),
        Column::new("due", "Due, not invoiced", Kind::Money).tone(Tone::Strong),
        Column::new("leakage", "Past grace", Kind::Money),
        Column::new("billing", "Status", Kind::Code),
        Column::new("what", "What stands in the way", Kind::Text).weight(4),
        Column::new("gate", "Gate", Kind::Code).under("what"),
        Column::new("place", "Where", Kind::Text).omitted(),
        Column::new("remedy", "What to do", Kind::Text).under("what"),
    ];
    let grace = desk.view.frame.grace_days;
    let mut sheet = Sheet::new("won-not-invoiced", "Won, not invoiced", columns)
        .note(format!(
            "Net of tax, expected to date less invoiced. Past grace: due more than {} before {}.",
            counted(u64::from(grace), "day", "days"),
            day(desk.view.frame.as_of)
        ))
        .or_else("Everything that is due is invoiced.");
    let rows = desk.reconciliation.rows.iter().filter(|row| is_not_invoiced(row));
    let groups = by_currency(rows, |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            push_not_invoiced(desk, row, &mut sheet)?;
        }
        let standing = cross_footed(desk.witness.billing(*currency), rows)?;
        let deals = counted(rows.len() as u64, "deal", "deals");
        let line = Line::over(label(deals, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("due", &standing)
            .sum("leakage", &standing);
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

fn is_not_invoiced(row: &DealRow) -> bool {
    match row.billing {
        BillingStatus::Unbilled
        | BillingStatus::Blocked
        | BillingStatus::InFlight
        | BillingStatus::Drafted => true,
        BillingStatus::Excluded => false,
        _ => figure(row, |it| it.not_invoiced).is_some_and(|short| !short.is_zero()),
    }
}

/// A deal with its obstacles, one line each.
fn push_not_invoiced(desk: &Desk<'_>, row: &DealRow, sheet: &mut Sheet) -> Result<(), Failure> {
    let due = row.figures.as_ref().map(|it| it.expected.checked_sub(it.invoiced)).transpose();
    let due = due.map_err(does_not_add(row.deal.as_str()))?;
    let leaked = match (&row.figures, row.leakage) {
        (None, _) => money(None),
        (_, Some(amount)) => Cell::Money(amount),
        (_, None) => Cell::Empty,
    };
    let of_deal = vec![
        desk.deal_cell(&row.deal),
        text(&row.account_name),
        text(&row.name),
        Cell::Date(row.close_date),
        Cell::Count(u64::try_from(row.age_days).unwrap_or_default()),
        money(due),
        leaked,
        text(row.billing.as_str()),
    ];
    let mut first = Some(of_deal);
    for [what, gate, place, remedy] in obstacles(desk, row) {
        let leading = first.take();
        let is_first = leading.is_some();
        let mut cells = leading.unwrap_or_else(|| vec![Cell::Empty; OF_DEAL]);
        cells.extend([text(what), text(gate), text(place), text(remedy)]);
        let line = Row::new(cells);
        sheet.push(if is_first { line } else { line.part() });
    }
    Ok(())
}

/// Columns about the deal itself.
const OF_DEAL: usize = 8;

/// What, gate, where, what to do; at least one line.
fn obstacles(desk: &Desk<'_>, row: &DealRow) -> Vec<[String; 4]> {
    if row.billing == BillingStatus::InFlight {
        return vec![in_flight(desk, row)];
    }
    let later: Vec<String> = row
        .documents
        .iter()
        .filter(|document| document.after_as_of && document.kind == LedgerDocumentKind::Invoice)
        .map(|it| {
            let number = it.number.as_deref().unwrap_or(it.document.as_str());
            format!("{number} of {}", day(it.effective_on))
        })
        .collect();
    if !later.is_empty() {
        let what = format!("Invoiced after the as-of day: {}.", listed(&later));
        return vec![alone(what)];
    }
    if row.gates.is_empty() {
        let what = match row.billing {
            BillingStatus::Unbilled => "Nothing stands in the way: the invoice can be created.",
            BillingStatus::Drafted => "A draft waits in the books.",
            BillingStatus::Blocked => "The amount of the deal is unknown.",
            _ => "Invoiced in part; the rest of what is due is missing.",
        };
        return vec![alone(what.to_owned())];
    }
    let gates = row.gates.iter();
    gates
        .map(|gate| {
            let sentence = &gate.sentence;
            let code = format!("{} {}", gate.gate.as_str(), gate.detail.code());
            let [what, place, remedy] =
                [&sentence.what, &sentence.place, &sentence.remedy].map(|it| typeset(it));
            [what, code, place, remedy]
        })
        .collect()
}

fn alone(what: String) -> [String; 4] {
    [what, String::new(), String::new(), String::new()]
}

fn in_flight(desk: &Desk<'_>, row: &DealRow) -> [String; 4] {
    let promised = desk.view.books.promised.iter();
    let ours = promised.filter(|it| it.deal == row.deal && it.state.in_flight());
    let zone = &desk.view.frame.time_zone;
    let what = ours.map(|it| {
        let since = super::words::moment(it.since, zone);
        format!("Invoice promised under {}: {} since {since}", it.key, it.state.as_str())
    });
    let what = what.collect::<Vec<_>>().join("; ");
    [what, "GATE_IDEMP".to_owned(), String::new(), "Asked for, never sent blindly.".to_owned()]
}
