//! The last pages: parameters and sources, tick marks, definitions, integrity.

use crate::canonical::canonical;
use crate::error::ReportError;
use crate::model::{Fact, Paper, Report};
use crate::pdf::front::heading;
use crate::pdf::layout::{Flow, Strip};
use crate::pdf::metrics::{Face, Mpt, mm, unprintable};
use crate::pdf::page::{CONTENT_PORTRAIT, Ink, Style};
use crate::pdf::section::{FINE, SECTION_SPACE, flow, paragraph};
use crate::table::{Cell, Column, Kind, Row, Section, TickMark, marks_used};
use crate::text::grouped_hash;

const SIGN: Style = Style::new(Face::SemiBold, 740, 1_000, Ink::Accent);
const MEANING: Style = Style::new(Face::Regular, 740, 1_000, Ink::Black);
const MARK_COLUMNS: usize = 4;

/// The closing blocks in order; those with nothing to say are left out.
pub(crate) fn flows(report: &Report, paper: Paper) -> Result<Vec<Flow>, ReportError> {
    let mut flows = Vec::new();
    let tables = [
        ("parameters", "Parameters and sources", Kind::Text, &report.parameters),
        ("definitions", "Definitions", Kind::Code, &report.definitions),
    ];
    for (id, title, kind, facts) in tables {
        if !facts.is_empty() {
            flows.push(flow(&fact_section(id, title, kind, facts), report.negatives, paper)?);
        }
    }
    let marks = marks_used(&report.sections);
    if !marks.is_empty() {
        let mut strips = vec![heading("Marks")];
        strips.extend(legend(&marks));
        flows.push(Flow { strips, space_before: SECTION_SPACE, ..Flow::default() });
    }
    let mut strips = vec![heading("Integrity")];
    strips.extend(paragraph(&integrity(report), FINE, CONTENT_PORTRAIT, 0, false));
    flows.push(Flow { strips, space_before: SECTION_SPACE, ..Flow::default() });
    Ok(flows)
}

fn fact_section(id: &str, title: &str, kind: Kind, facts: &[Fact]) -> Section {
    let columns = vec![
        Column::new("name", "Name", kind).weight(0),
        Column::new("content", "Content", Kind::Text),
    ];
    let row = |fact: &Fact| Row::new(vec![Cell::text(&fact.label), Cell::text(&fact.text)]);
    Section::new(id, title, columns, facts.iter().map(row).collect())
}

fn legend(marks: &[TickMark]) -> Vec<Strip> {
    let width = CONTENT_PORTRAIT / 4;
    let strip = |row: &[TickMark]| {
        let mut items = Vec::new();
        for (column, mark) in row.iter().enumerate() {
            let left = crate::pdf::rows::count(column) * width;
            let within = (left, left + width);
            items.push(SIGN.left(mark.sign(), 0, within));
            let text_left: Mpt = left + SIGN.width(mark.sign()) + mm(10);
            items.push(MEANING.left(mark.meaning(), 0, (text_left, left + width)));
        }
        Strip { height: MEANING.leading + mm(4), items, keep_next: true, ..Strip::default() }
    };
    let mut strips: Vec<Strip> = marks.chunks(MARK_COLUMNS).map(strip).collect();
    if let Some(last) = strips.last_mut() {
        last.keep_next = false;
    }
    strips
}

fn integrity(report: &Report) -> String {
    let hash = grouped_hash(&report.content_hash, usize::MAX);
    let mut text = format!(
        "Report {}, run {}, made by Tieout {}. Hash of the content: {hash}.",
        report.id, report.run_id, report.product_version
    );
    match unprintable(&canonical(report)) {
        0 => {}
        1 => text.push_str(
            " One character is not in the font of this print and stands as \u{FFFD}; the workbook \
             and the CSV files have it.",
        ),
        many => text.push_str(&format!(
            " {many} characters are not in the font of this print and stand as \u{FFFD}; the \
             workbook and the CSV files have them."
        )),
    }
    text
}
