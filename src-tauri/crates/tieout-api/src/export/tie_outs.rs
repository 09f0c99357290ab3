//! The five tie-outs: both sides, their counts and sources, the difference and what explains it.

use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::tieouts::{ListedItem, TieOut, TieOutLine, TieOutStatus};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::completeness::{measure_name, measure_of};
use super::desk::Desk;
use super::sheet::{Sheet, text};
use super::words::day;
use crate::failure::Failure;

/// The table of all lines, each followed by the items that explain its difference.
pub(super) fn section(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("number", "No.", Kind::Code).tone(Tone::Quiet),
        Column::new("tie_out", "Tie-out", Kind::Text).tone(Tone::Strong).unbroken(),
        Column::new("compared", "Source", Kind::Text).unbroken(),
        Column::new("source_count", "Source rows", Kind::Count).tone(Tone::Quiet),
        Column::new("source", "Source says", Kind::Money),
        Column::new("held_count", "Held rows", Kind::Count).tone(Tone::Quiet),
        Column::new("held", "Tieout holds", Kind::Money),
        Column::new("difference", "Difference", Kind::Money).tone(Tone::Strong),
        Column::new("status", "Status", Kind::Code),
        Column::new("stated_by", "Query or report of the source", Kind::Text).omitted(),
    ];
    let zone = &desk.view.frame.time_zone;
    let read = desk.read_at().unwrap_or_else(|| "never".to_owned());
    let known = super::words::moment(desk.view.at, zone);
    let mut sheet = Sheet::new("tie-outs", "Five tie-outs", columns).note(format!(
        "Sources read {read}; figures held as known {known}. Difference: source less held."
    ));
    let mut before = None;
    for line in &desk.reconciliation.proofs.lines {
        let first = before != Some(line.tie_out);
        before = Some(line.tie_out);
        sheet.push(row(desk, line, first));
        for item in &line.explained_by {
            sheet.push(explanation(desk, line, item));
        }
    }
    Ok(sheet.finish())
}

/// What a tie-out is called.
pub(crate) const fn title(tie_out: TieOut) -> &'static str {
    match tie_out {
        TieOut::CrmCompleteness => "CRM completeness",
        TieOut::LedgerCompleteness => "Books completeness",
        TieOut::ControlAccount => "Sub-ledger to control",
        TieOut::RollForward => "AR roll-forward",
        TieOut::Bridge => "Bookings to billings",
    }
}

fn row(desk: &Desk<'_>, line: &TieOutLine, first: bool) -> Row {
    let not_stated = || Cell::Flagged("not stated".to_owned());
    let count = |count: Option<u64>| count.map_or(Cell::Empty, Cell::Count);
    let heading = |words: &str| if first { text(words) } else { Cell::Empty };
    let row = Row::new(vec![
        heading(line.tie_out.as_str()),
        heading(title(line.tie_out)),
        text(compared(desk, line, first)),
        count(line.source.and_then(|total| total.count)),
        line.source.map_or_else(not_stated, |total| Cell::Money(total.amount)),
        count(line.held.count),
        Cell::Money(line.held.amount),
        line.difference.map_or(Cell::Empty, Cell::Money),
        text(line.status.as_str()),
        text(stated_by(desk, line)),
    ])
    .marked(&marks(line));
    if first { row } else { row.part() }
}

/// What the line compares: the system is named once per tie-out.
fn compared(desk: &Desk<'_>, line: &TieOutLine, first: bool) -> String {
    let Some(measure) = measure_of(line) else { return "Movements".to_owned() };
    let name = measure_name(measure);
    if first {
        format!("{}: {}", desk.system_of(measure), name.to_lowercase())
    } else {
        name.into()
    }
}

fn stated_by(desk: &Desk<'_>, line: &TieOutLine) -> String {
    let Some(measure) = measure_of(line) else {
        return match line.tie_out {
            TieOut::RollForward => "Opening receivables and the movements of the period",
            _ => "Opening backlog and the movements of the period",
        }
        .to_owned();
    };
    let frame = &desk.view.frame;
    let (from, to) = match measure {
        SourceMeasure::AgedReceivables | SourceMeasure::ControlAccount => {
            (frame.as_of, frame.as_of)
        }
        _ => (frame.period.start(), frame.period.end()),
    };
    let stated = desk.view.sources.iter().find(|it| {
        (it.measure, it.currency, it.from, it.to) == (measure, frame.functional, from, to)
    });
    stated.map(|it| it.source.clone()).unwrap_or_default()
}

/// Only for what was compared: T1 to T3 against the systems, T4 and T5 against ourselves.
fn marks(line: &TieOutLine) -> Vec<TickMark> {
    use TickMark::{
        AgreedToCrm, AgreedToGeneralLedger, AgreedToLedger, CrossFooted, Exception, Explained,
        Footed, Recomputed,
    };
    match line.status {
        TieOutStatus::Unproved => return Vec::new(),
        TieOutStatus::Failed => return vec![Exception],
        TieOutStatus::Agreed | TieOutStatus::Explained => {}
    }
    let mut marks = match (line.tie_out, measure_of(line)) {
        (TieOut::CrmCompleteness, _) => vec![AgreedToCrm],
        (_, Some(SourceMeasure::Adjustments)) | (TieOut::RollForward, _) => vec![Recomputed],
        (_, Some(SourceMeasure::ControlAccount)) => vec![AgreedToGeneralLedger],
        (TieOut::Bridge, _) => vec![CrossFooted],
        _ => vec![AgreedToLedger],
    };
    marks.push(Footed);
    if line.status == TieOutStatus::Explained {
        marks.push(Explained);
    }
    marks.sort_unstable();
    marks
}

fn explanation(desk: &Desk<'_>, line: &TieOutLine, item: &ListedItem) -> Row {
    let marks: &[TickMark] = match line.status {
        TieOutStatus::Explained => &[TickMark::Explained],
        _ => &[],
    };
    let mut cells = vec![Cell::Empty; COLUMNS];
    cells[COMPARED] = text(&item.reference);
    cells[DIFFERENCE] = Cell::Money(item.amount);
    let row = Row::new(cells).part().marked(marks);
    match described(desk, line, item) {
        Some(story) => row.noted(story),
        None => row,
    }
}

const COLUMNS: usize = 10;
const COMPARED: usize = 2;
const DIFFERENCE: usize = 7;

/// What a journal is that stands on the control account and on nobody's receivable.
fn described(desk: &Desk<'_>, line: &TieOutLine, item: &ListedItem) -> Option<String> {
    let mut journals = desk.reconciliation.receivables.direct_journals.iter();
    let journal = journals.find(|it| {
        let reference = it.number.as_ref().unwrap_or(&it.journal);
        line.tie_out == TieOut::ControlAccount
            && *reference == item.reference
            && it.amount == item.amount
    })?;
    let memo = journal.memo.as_deref().map(|memo| format!(": {memo}")).unwrap_or_default();
    let (reference, on) = (&item.reference, day(journal.effective_on));
    Some(format!("{reference}, {on}, DIRECT_JOURNAL, a journal without a customer{memo}"))
}
