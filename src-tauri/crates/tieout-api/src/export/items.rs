//! The list of reconciling items, and their sums by reason code.

use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_report::{Cell, Column, Kind, Row, Section, Span, TickMark, Tone};

use super::desk::{Desk, figure};
use super::parts::{Item, Part, Standpoint, by_code, variance};
use super::results::{cross_foots, sums_of};
use super::sheet::{Line, Sheet, by_currency, date, label, money, text};
use super::words::{amount, counted, day, typeset};
use crate::failure::Failure;

/// One row per deal; a deal with several reasons has a further line per reason.
pub(super) fn section(desk: &Desk<'_>, items: &[Item<'_>]) -> Result<Section, Failure> {
    let mut sheet = Sheet::new("reconciling-items", "Reconciling items", columns(items))
        .note(heading(desk, items))
        .or_else("No deal differs beyond the limits.");
    let groups = by_currency(items, |item| item.currency, desk.functional());
    for (currency, items) in &groups {
        let start = sheet.len();
        for item in items {
            push(desk, item, &mut sheet);
        }
        let standing = desk.witness.billing(*currency);
        let deals = counted(items.len() as u64, "deal", "deals");
        let line = Line::over(label(deals, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("expected", &standing)
            .sum("billed", &standing);
        let rows: Vec<&DealRow> = items.iter().map(|item| item.row).collect();
        let line = match (cross_foots(&rows, *currency)?, variance(items, *currency)?) {
            (Some(net), Some(variance)) => line
                .sum_of("variance", net, &standing)
                .sum_of("item", variance, &standing)
                .marked(&[TickMark::CrossFooted]),
            _ => line.sum("variance", &standing).sum("item", &standing),
        };
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// The amount of a part is printed only where a deal has several.
fn columns(items: &[Item<'_>]) -> Vec<Column> {
    let item = Column::new("item", "Of which", Kind::Money);
    let several = items.iter().any(|item| item.parts.len() > 1);
    vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account, deal", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("invoices", "Invoices", Kind::Code).tone(Tone::Quiet),
        Column::new("expected", "Expected", Kind::Money),
        Column::new("billed", "Billed", Kind::Money),
        Column::new("variance", "Difference", Kind::Money).tone(Tone::Strong),
        if several { item } else { item.omitted() },
        Column::new("code", "Reason, note", Kind::Code).weight(2),
        Column::new("note_text", "Note", Kind::Text).under("code"),
        Column::new("accepted", "Standing", Kind::Text).weight(0),
        Column::new("verdict", "Verdict", Kind::Code).under("accepted"),
        Column::new("owner", "Owner", Kind::Text).weight(0),
        Column::new("target", "Target", Kind::Date),
        Column::new("raised", "Raised", Kind::Date),
        Column::new("carried", "From an earlier period", Kind::Text).under("raised"),
        Column::new("age", "Days", Kind::Count),
    ]
}

fn heading(desk: &Desk<'_>, items: &[Item<'_>]) -> String {
    let open = items.iter().filter(|item| item.is_open()).count() as u64;
    let known = day(desk.known_on());
    let wait = match open {
        0 => "None of them stands in the way of sign-off.".to_owned(),
        1 => "The first one stands in the way of sign-off.".to_owned(),
        many => format!("The first {many} stand in the way of sign-off."),
    };
    format!("Deal currency, net of tax. Days count from the day raised to {known}. {wait}")
}

fn push(desk: &Desk<'_>, item: &Item<'_>, sheet: &mut Sheet) {
    let row = item.row;
    for (position, part) in item.parts.iter().enumerate() {
        let first = position == 0;
        let of_deal = |cell: Cell| if first { cell } else { Cell::Empty };
        let reason = part.reason;
        let raised = reason.map(|reason| reason.raised);
        let earlier = raised.is_some_and(|raised| raised < desk.view.frame.period.start());
        let verdict = row.verdict.map_or("", |verdict| verdict.as_str());
        let owner = reason.and_then(|reason| reason.owner.clone());
        let line = Row::new(vec![
            of_deal(desk.deal_cell(&row.deal)),
            of_deal(text(&row.account_name)),
            of_deal(text(&row.name)),
            of_deal(text(desk.document_words(row))),
            of_deal(money(figure(row, |it| it.expected))),
            of_deal(money(figure(row, |it| it.billed))),
            of_deal(money(figure(row, |it| it.variance))),
            money(part.amount),
            text(part.code.clone()),
            text(note(row, part)),
            text(part.standpoint.word()),
            of_deal(text(verdict)),
            text(owner.unwrap_or_else(|| "no owner".to_owned())),
            date(reason.and_then(|reason| reason.target)),
            date(raised),
            text(if earlier { "carried forward" } else { "" }),
            raised.map_or(Cell::Empty, |raised| Cell::Count(desk.age(raised))),
        ])
        .marked(marks(part));
        sheet.push(if first { line } else { line.part() });
    }
}

fn marks(part: &Part<'_>) -> &'static [TickMark] {
    match part.standpoint {
        Standpoint::Accepted => &[TickMark::Explained, TickMark::ManualDecision],
        Standpoint::Proposed | Standpoint::Open => &[TickMark::Exception],
    }
}

/// What a person wrote; for an open part what is known about it.
fn note(row: &DealRow, part: &Part<'_>) -> String {
    if let Some(reason) = part.reason {
        return reason.note.clone();
    }
    let mut known: Vec<String> = part.evidence.iter().map(|it| (*it).to_owned()).collect();
    if row.outcome_unknown {
        known.push("the outcome of creating the invoice is not known".to_owned());
    }
    known.extend(row.zero_tolerance.iter().map(|code| format!("never tolerated: {code}")));
    known.extend(row.gates.iter().map(|gate| gate.sentence.what.clone()));
    let proposed = row.reasons.iter().filter(|reason| !reason.accepted);
    known.extend(
        proposed.map(|reason| format!("proposed: {} {}", reason.code, amount(reason.amount))),
    );
    if part.evidence.is_none() {
        let suggested = row.proposed.iter();
        known.extend(suggested.map(|it| format!("suggested: {} {}", it.code, amount(it.amount))));
    }
    typeset(&known.join("; "))
}

/// Reconciling items by reason code, narrow enough for half a page: without marks.
pub(super) fn by_reason(desk: &Desk<'_>, items: &[Item<'_>]) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("code", "Code", Kind::Code).weight(2),
        Column::new("standing", "Standing", Kind::Text).under("code"),
        Column::new("items", "Items", Kind::Count),
        Column::new("net", "Net", Kind::Money),
        Column::new("absolute", "Absolute", Kind::Money),
    ];
    let mut sheet = Sheet::new("by-reason", "By reason", columns)
        .or_else("There are no reconciling items.")
        .span(Span::Half);
    let groups = by_currency(items, |item| item.currency, desk.functional());
    for (currency, items) in &groups {
        let start = sheet.len();
        for sum in by_code(items, *currency)? {
            let amounts = sum.amounts.map(|amounts| sums_of(&amounts, *currency)).transpose()?;
            let cells = vec![
                text(sum.code),
                text(sum.standpoint.word()),
                Cell::Count(sum.count),
                money(amounts.map(|(net, _)| net)),
                money(amounts.map(|(_, absolute): (Money, Money)| absolute)),
            ];
            sheet.push(Row::new(cells));
        }
        let standing = desk.witness.billing(*currency);
        let parts: u64 = items.iter().map(|item| item.parts.len() as u64).sum();
        let all = label("All items", *currency, groups.len());
        let line = Line::over(all, start..sheet.len(), *currency).sum_of("items", parts, &standing);
        let line = match variance(items, *currency)? {
            Some(variance) => line.sum_of("net", variance, &standing),
            None => line.sum("net", &standing),
        };
        sheet.rule_off(line.sum("absolute", &standing).unmarked())?;
    }
    Ok(sheet.finish())
}
