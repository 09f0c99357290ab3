//! A section as a flow: heading, notes, table, what is not proved, what is only in the workbook.

use crate::error::ReportError;
use crate::model::Paper;
use crate::pdf::columns::{Plan, Room, plan, table_currency};
use crate::pdf::layout::{Flow, Strip};
use crate::pdf::metrics::{Face, Mpt, mm, printable};
use crate::pdf::page::{CONTENT_PORTRAIT, Ink, Sheet, Style};
use crate::pdf::rows::Canvas;
use crate::pdf::wrap::lines;
use crate::table::{Level, Print, Section, Span};
use crate::text::Negatives;

/// Heading of a section.
pub(crate) const HEADING: Style = Style::new(Face::SemiBold, 900, 1_200, Ink::Black);
/// Notes and small print.
pub(crate) const FINE: Style = Style::new(Face::Regular, 740, 1_000, Ink::Grey);
/// Space above a section.
pub(crate) const SECTION_SPACE: Mpt = mm(44);
/// Least space between a heading and the currency of the table.
const ASIDE_SPACE: Mpt = mm(40);
/// Space between two sections that stand side by side.
const GUTTER: Mpt = mm(80);

/// Sections as flows; halves that are neighbours stand side by side if a page can hold them.
pub(crate) fn flows(
    sections: &[Section],
    negatives: Negatives,
    paper: Paper,
    page_height: Mpt,
) -> Result<Vec<Flow>, ReportError> {
    let mut flows = Vec::new();
    let mut rest = sections;
    while let [first, after @ ..] = rest {
        if let [second, beyond @ ..] = after
            && let Some(pair) = side_by_side(first, second, negatives, page_height)
        {
            flows.push(pair);
            rest = beyond;
        } else {
            flows.push(flow(first, negatives, paper)?);
            rest = after;
        }
    }
    Ok(flows)
}

/// One section over the full width, on its side if it does not fit upright.
pub(crate) fn flow(
    section: &Section,
    negatives: Negatives,
    paper: Paper,
) -> Result<Flow, ReportError> {
    let landscape = Some(Sheet::landscape(paper).content);
    let room = Room { portrait: CONTENT_PORTRAIT, landscape, fill: section.span != Span::Half };
    let plan = plan(section, negatives, room)
        .ok_or_else(|| ReportError::TooWide { section: section.id.clone() })?;
    let width = if plan.landscape { Sheet::landscape(paper).content } else { CONTENT_PORTRAIT };
    Ok(strips(section, &plan, negatives, width))
}

fn side_by_side(
    first: &Section,
    second: &Section,
    negatives: Negatives,
    page_height: Mpt,
) -> Option<Flow> {
    if first.span != Span::Half || second.span != Span::Half {
        return None;
    }
    let width = (CONTENT_PORTRAIT - GUTTER) / 2;
    let room = Room { portrait: width, landscape: None, fill: true };
    let half = |section| plan(section, negatives, room).map(|plan| (section, plan));
    let ((first, left), (second, right)) = (half(first)?, half(second)?);
    let left = strips(first, &left, negatives, width);
    let right = strips(second, &right, negatives, width);
    let height = left.height().max(right.height());
    if height > page_height {
        return None;
    }
    let bookmark = Some(format!("{} / {}", first.title, second.title));
    let mut items = Vec::new();
    for (half, dx) in [(left, 0), (right, width + GUTTER)] {
        let mut y = 0;
        for strip in half.strips {
            items.extend(strip.items.into_iter().map(|item| item.moved(dx, y)));
            y += strip.height;
        }
    }
    let strip = Strip { height, items, keep_next: false, in_table: false, bookmark };
    let (head, landscape) = (Vec::new(), false);
    Some(Flow { strips: vec![strip], head, landscape, space_before: SECTION_SPACE })
}

fn strips(section: &Section, plan: &Plan, negatives: Negatives, width: Mpt) -> Flow {
    let canvas = Canvas { section, plan, negatives };
    let continued = format!("{}, continued", section.title);
    let edge = match section.span {
        // The heading may be wider than the table.
        Span::Natural => plan.width.max(title_width(section, &continued).min(width)),
        Span::Full | Span::Half => width,
    };
    let mut strips = vec![title(section, &section.title, edge)];
    if let Some(first) = strips.first_mut() {
        first.bookmark = Some(section.title.clone());
    }
    for note in &section.notes {
        strips.extend(paragraph(note, FINE, width, mm(14), true));
    }
    if section.rows.is_empty() {
        strips.extend(paragraph(&section.empty, FINE, width, mm(10), false));
        if section.totals.is_empty() {
            return Flow { strips, space_before: SECTION_SPACE, ..Flow::default() };
        }
    }
    let heading = canvas.heading();
    let head = vec![title(section, &continued, edge), heading.clone()];
    strips.push(heading);
    strips.extend(body(canvas));
    strips.extend(closing(section, width));
    Flow { strips, head, landscape: plan.landscape, space_before: SECTION_SPACE }
}

/// Rows with the totals that stand under them.
fn body(canvas: Canvas<'_>) -> Vec<Strip> {
    let section = canvas.section;
    let mut strips = Vec::new();
    let at = |row: usize| section.totals.iter().filter(move |line| line.rows.end == row);
    let tie = |strips: &mut Vec<Strip>| {
        if let Some(last) = strips.last_mut() {
            last.keep_next = true;
        }
    };
    for line in at(0) {
        strips.push(canvas.total(line));
    }
    for (position, row) in section.rows.iter().enumerate() {
        let ends = |row: usize| row == section.rows.len() || at(row).next().is_some();
        // The first two rows stand under the heading, the last two over their total.
        let second = position == 1 || ends(position + 1);
        if position > 0 && second && row.level == Level::Detail && at(position).next().is_none() {
            tie(&mut strips);
        }
        strips.extend(canvas.row(position));
        for line in at(position + 1) {
            tie(&mut strips);
            strips.push(canvas.total(line));
        }
    }
    strips
}

/// Heading of the table; the currency of its amounts stands at its right edge.
fn title(section: &Section, text: &str, edge: Mpt) -> Strip {
    let aside = aside(section);
    let room = edge - if aside.is_empty() { 0 } else { FINE.width(&aside) + ASIDE_SPACE };
    let mut items = Vec::new();
    let mut y = 0;
    for line in lines(text, HEADING.face, HEADING.size, room) {
        items.push(HEADING.left(&line, y, (0, room)));
        y += HEADING.leading;
    }
    if !aside.is_empty() {
        items.push(FINE.right(&aside, y - FINE.leading, (room, edge)));
    }
    Strip { height: y + mm(12), items, keep_next: true, ..Strip::default() }
}

fn title_width(section: &Section, text: &str) -> Mpt {
    HEADING.width(&printable(text)) + ASIDE_SPACE + FINE.width(&aside(section))
}

fn aside(section: &Section) -> String {
    table_currency(section).map(|currency| format!("Amounts in {currency}")).unwrap_or_default()
}

/// What the reader must know after the table.
fn closing(section: &Section, width: Mpt) -> Vec<Strip> {
    let mut strips = Vec::new();
    for why in section.reasons_unproved() {
        strips.extend(paragraph(&format!("Not proved: {why}"), FINE, width, 0, false));
    }
    let omitted: Vec<&str> = section
        .columns
        .iter()
        .filter(|column| column.print == Print::Omit)
        .map(|column| column.title.as_str())
        .collect();
    if !omitted.is_empty() && !section.rows.is_empty() {
        let text = format!("Only in the workbook and the CSV file: {}.", omitted.join(", "));
        strips.extend(paragraph(&text, FINE, width, 0, false));
    }
    if let Some(first) = strips.first_mut() {
        let space = mm(10);
        first.height += space;
        first.items = first.items.drain(..).map(|item| item.moved(0, space)).collect();
    }
    strips
}

/// A paragraph, one strip per line; the first and the last two lines stay together.
pub(crate) fn paragraph(
    text: &str,
    style: Style,
    width: Mpt,
    space_after: Mpt,
    keep_next: bool,
) -> Vec<Strip> {
    let broken = lines(text, style.face, style.size, width);
    let last = broken.len().saturating_sub(1);
    let strip = |(position, line): (usize, &String)| Strip {
        height: style.leading + if position == last { space_after } else { 0 },
        items: vec![style.left(line, 0, (0, width))],
        keep_next: keep_next || position == 0 && last > 0 || position + 1 == last,
        ..Strip::default()
    };
    broken.iter().enumerate().map(strip).collect()
}
