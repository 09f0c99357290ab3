//! Page one: what the report is, its conclusion, who signed, and what the rules mean.

use crate::model::{Fact, Report, SignOff, Signature};
use crate::pdf::layout::{Flow, Strip};
use crate::pdf::metrics::{Face, Mpt, mm, pt};
use crate::pdf::page::{CONTENT_PORTRAIT, Ink, Item, Rule, Style};
use crate::pdf::rows::parted;
use crate::pdf::section::{FINE, HEADING, SECTION_SPACE, paragraph};
use crate::pdf::wrap::{Run, lines, run_lines};
use crate::text::{print_date, print_moment};

const TITLE: Style = Style::new(Face::Display, 1_600, 2_000, Ink::Black);
const SUBTITLE: Style = Style::new(Face::Regular, 960, 1_300, Ink::Grey);
const BODY: Style = Style::new(Face::Regular, 820, 1_120, Ink::Black);
const LABEL: Style = Style::new(Face::Regular, 740, 1_120, Ink::Grey).beside(BODY);
const STRONG: Style = Style::new(Face::SemiBold, 820, 1_120, Ink::Black);
const COLUMN_HEADING: Style = Style::new(Face::Medium, 740, 940, Ink::Grey);
const CONCLUSION_SIZE: Mpt = pt(960);
const CONCLUSION_LEADING: Mpt = pt(1_420);
/// Left ends of the columns of the sign-off block in tenths of a millimetre.
const SIGN_OFF: [(&str, i64); 6] = [
    ("Version", 0),
    ("Role", 120),
    ("Name", 280),
    ("Signed", 640),
    ("Identity proved by", 985),
    ("State", 1_405),
];

/// The blocks of page one in order.
pub(crate) fn flows(report: &Report, dashed: usize) -> Vec<Flow> {
    let mut flows = vec![block(title(report), mm(10)), block(facts(report), 0)];
    let mut conclusion = vec![heading("Conclusion")];
    conclusion.extend(prose(report));
    flows.push(block(conclusion, SECTION_SPACE));
    if let Some(sign_off) = &report.sign_off {
        flows.push(block(signatures(sign_off), SECTION_SPACE));
    }
    if report.sections.iter().any(|section| !section.totals.is_empty()) {
        let text = rules(dashed);
        flows.push(block(paragraph(&text, FINE, CONTENT_PORTRAIT, 0, false), mm(30)));
    }
    flows
}

fn block(strips: Vec<Strip>, space_before: Mpt) -> Flow {
    Flow { strips, space_before, ..Flow::default() }
}

/// What the rules under totals mean, and how many could not be proved.
fn rules(dashed: usize) -> String {
    let meaning = "A double rule under a total means that it was re-added here and agreed to its \
                   source. A dashed rule means that it could not be proved;";
    match dashed {
        0 => format!("{meaning} no total in this report is dashed."),
        1 => format!("{meaning} one total in this report is dashed."),
        many => format!("{meaning} {many} totals in this report are dashed."),
    }
}

/// The heading of a block outside the sections.
pub(crate) fn heading(text: &str) -> Strip {
    Strip {
        height: HEADING.leading + mm(12),
        items: vec![HEADING.left(text, 0, (0, CONTENT_PORTRAIT))],
        keep_next: true,
        bookmark: Some(text.to_owned()),
        ..Strip::default()
    }
}

fn title(report: &Report) -> Vec<Strip> {
    let mut strips = paragraph(&report.title, TITLE, CONTENT_PORTRAIT, mm(10), true);
    strips.extend(paragraph(&report.subtitle, SUBTITLE, CONTENT_PORTRAIT, mm(10), true));
    if let Some(last) = strips.last_mut() {
        last.height += mm(20);
    }
    strips
}

/// Identity of the report in two columns between two rules.
fn facts(report: &Report) -> Vec<Strip> {
    let entity = format!("{}, {}", report.entity, report.legal_name);
    let mut all = vec![
        Fact::new("Entity", entity),
        Fact::new("Period", &report.period),
        Fact::new("As of", print_date(report.as_of)),
        Fact::new("Currency", &report.currency),
        Fact::new("Status", &report.status),
        Fact::new("As known", print_moment(&report.known_at)),
    ];
    all.extend(report.basis.iter().cloned());
    let (left, right) = all.split_at(all.len().div_ceil(2));
    let half = CONTENT_PORTRAIT / 2;
    let (first, second) = ((0, half - mm(40)), (half, CONTENT_PORTRAIT));
    let (left_text, right_text) = (text_left(left, first), text_left(right, second));
    let rows = left.len();
    let mut strips = Vec::new();
    for (position, left_fact) in left.iter().enumerate() {
        let mut items = Vec::new();
        let top = if position == 0 { mm(12) } else { 0 };
        let mut bottom = fact(left_fact, first, left_text, top, &mut items);
        if let Some(right_fact) = right.get(position) {
            bottom = bottom.max(fact(right_fact, second, right_text, top, &mut items));
        }
        let last = position + 1 == rows;
        let height = bottom + if last { mm(20) } else { mm(10) };
        if position == 0 {
            items.push(line(0, 0, CONTENT_PORTRAIT, Ink::Line));
        }
        if last {
            items.push(line(height, 0, CONTENT_PORTRAIT, Ink::Line));
        }
        let strip = Strip { height, items, keep_next: !last, ..Strip::default() };
        strips.extend(parted(strip));
    }
    strips
}

/// Where the texts beside the labels begin.
fn text_left(facts: &[Fact], (left, _): (Mpt, Mpt)) -> Mpt {
    let widest = facts.iter().map(|fact| LABEL.width(&fact.label)).max().unwrap_or_default();
    left + (widest + mm(20)).clamp(mm(160), mm(320))
}

/// Draws a label and its text; answers where they end.
fn fact(
    fact: &Fact,
    (left, right): (Mpt, Mpt),
    text_left: Mpt,
    top: Mpt,
    items: &mut Vec<Item>,
) -> Mpt {
    let style = if fact.label == "Status" { STRONG } else { BODY };
    let label = stack(&fact.label, LABEL, (left, text_left - mm(10)), top, items);
    label.max(stack(&fact.text, style, (text_left, right), top, items)).max(top + BODY.leading)
}

/// Draws a text on as many lines as it needs; answers where it ends.
fn stack(text: &str, style: Style, within: (Mpt, Mpt), top: Mpt, items: &mut Vec<Item>) -> Mpt {
    let mut y = top;
    for line in lines(text, style.face, style.size, within.1 - within.0) {
        items.push(style.left(&line, y, within));
        y += style.leading;
    }
    y
}

/// The conclusion, one strip per line; figures stand out.
fn prose(report: &Report) -> Vec<Strip> {
    let runs: Vec<Run> = report
        .conclusion
        .pieces
        .iter()
        .map(|(text, figure)| {
            let face = if *figure { Face::SemiBold } else { Face::Regular };
            Run { text: text.clone(), face }
        })
        .collect();
    let within = (0, CONTENT_PORTRAIT);
    let broken = run_lines(&runs, CONCLUSION_SIZE, CONTENT_PORTRAIT);
    let last = broken.len().saturating_sub(1);
    let mut strips = Vec::new();
    for (position, line) in broken.into_iter().enumerate() {
        let mut items = Vec::new();
        let mut x = 0;
        for run in line {
            let (size, leading) = (CONCLUSION_SIZE, CONCLUSION_LEADING);
            let style = Style::sized(run.face, size, leading, Ink::Black);
            items.push(style.at(&run.text, x, 0, within));
            x += style.width(&run.text);
        }
        let keep_next = position < last;
        strips.push(Strip { height: CONCLUSION_LEADING, items, keep_next, ..Strip::default() });
    }
    strips
}

fn signatures(sign_off: &SignOff) -> Vec<Strip> {
    let mut strips = vec![heading("Sign-off"), sign_off_heading()];
    let mut version = "";
    for (position, signature) in sign_off.signatures.iter().enumerate() {
        let again = version == signature.version;
        version = &signature.version;
        let follows = sign_off.signatures.get(position + 1);
        let ends = follows.is_none_or(|next| next.version != signature.version);
        strips.extend(parted(signature_row(signature, again, ends)));
    }
    if let Some(reason) = &sign_off.override_reason {
        let text = format!("Signed in spite of an open point: {reason}");
        strips.extend(paragraph(&text, FINE, CONTENT_PORTRAIT, 0, false));
    }
    strips
}

fn sign_off_heading() -> Strip {
    let mut items: Vec<Item> = (0..SIGN_OFF.len())
        .map(|column| COLUMN_HEADING.left(SIGN_OFF[column].0, 0, sign_off_within(column)))
        .collect();
    let height = COLUMN_HEADING.leading + mm(10);
    items.push(line(height, 0, CONTENT_PORTRAIT, Ink::Line));
    Strip { height, items, keep_next: true, ..Strip::default() }
}

fn sign_off_within(column: usize) -> (Mpt, Mpt) {
    let right = SIGN_OFF.get(column + 1).map_or(CONTENT_PORTRAIT, |next| mm(next.1) - mm(16));
    (mm(SIGN_OFF[column].1), right)
}

/// A role: with its signature, or with a ruled blank to sign on.
fn signature_row(signature: &Signature, again: bool, ends: bool) -> Strip {
    let version = if again { "" } else { signature.version.as_str() };
    let (by, at, proved_by) = match &signature.signed {
        Some(signed) => (signed.by.as_str(), print_moment(&signed.at), signed.proved_by.as_str()),
        None => ("", String::new(), ""),
    };
    let texts = [version, &signature.role, by, &at, proved_by, &signature.state];
    let top = if signature.signed.is_some() { mm(10) } else { mm(34) };
    let mut items = Vec::new();
    let mut bottom = top + BODY.leading;
    for (column, text) in texts.into_iter().enumerate() {
        let within = sign_off_within(column);
        bottom = bottom.max(stack(text, BODY, within, top, &mut items));
    }
    let comment = (mm(SIGN_OFF[2].1), CONTENT_PORTRAIT);
    bottom = stack(&signature.comment, FINE, comment, bottom, &mut items);
    let height = bottom + mm(9);
    if signature.signed.is_none() {
        items.push(hairline(height, 0, mm(SIGN_OFF[2].1)));
        items.push(line(height, mm(SIGN_OFF[2].1), mm(SIGN_OFF[5].1), Ink::Black));
        items.push(hairline(height, mm(SIGN_OFF[5].1), CONTENT_PORTRAIT));
    } else if ends {
        items.push(hairline(height, 0, CONTENT_PORTRAIT));
    }
    Strip { height, items, keep_next: !ends, ..Strip::default() }
}

fn line(y: Mpt, x0: Mpt, x1: Mpt, ink: Ink) -> Item {
    Item::Rule(Rule { x0, x1, y, weight: pt(50), ink, dashed: false })
}

fn hairline(y: Mpt, x0: Mpt, x1: Mpt) -> Item {
    Item::Rule(Rule { x0, x1, y, weight: pt(30), ink: Ink::Hair, dashed: false })
}
