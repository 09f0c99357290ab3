//! The text of a report that its hash is taken from.

use crate::model::{Fact, Report};
use crate::table::{Cell, Proof, Section, Value, signs};

/// Canonical text: one line per part, fields separated by tabs, tabs and line ends in texts
/// escaped, amounts and dates in plain form. Two reports have the same text exactly if they say
/// the same. Left out are `content_hash`, which is made from it, `generated_at`, which tells
/// when it was rendered and not what it says, and everything that only concerns the look.
pub fn canonical(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |fields: &[&str]| push_line(&mut text, fields);
    line(&["tieout-report", "1"]);
    line(&["id", &report.id]);
    line(&["title", &report.title, &report.subtitle]);
    line(&["entity", &report.entity, &report.legal_name]);
    line(&["period", &report.period, &report.as_of.to_string()]);
    line(&["known-at", &report.known_at.to_string()]);
    line(&["currency", &report.currency]);
    line(&["status", &report.status]);
    line(&["run", &report.run_id, &report.product_version]);
    line(&["conclusion", &report.conclusion.plain()]);
    push_facts(&mut text, "basis", &report.basis);
    push_sign_off(&mut text, report);
    for section in &report.sections {
        push_section(&mut text, section);
    }
    push_facts(&mut text, "parameter", &report.parameters);
    push_facts(&mut text, "definition", &report.definitions);
    text
}

fn push_sign_off(text: &mut String, report: &Report) {
    let Some(sign_off) = &report.sign_off else { return };
    for signature in &sign_off.signatures {
        let (by, at, proved_by) = match &signature.signed {
            Some(signed) => (signed.by.as_str(), signed.at.to_string(), signed.proved_by.as_str()),
            None => ("", String::new(), ""),
        };
        let (version, role) = (&signature.version, &signature.role);
        let (state, comment) = (&signature.state, &signature.comment);
        push_line(text, &["signature", version, role, by, &at, proved_by, state, comment]);
    }
    if let Some(reason) = &sign_off.override_reason {
        push_line(text, &["override", reason]);
    }
}

fn push_section(text: &mut String, section: &Section) {
    push_line(text, &["section", &section.id, &section.title]);
    for note in &section.notes {
        push_line(text, &["section-note", note]);
    }
    for column in &section.columns {
        push_line(text, &["column", &column.key, &column.title, &format!("{:?}", column.kind)]);
    }
    for row in &section.rows {
        let mut fields = vec!["row".to_owned(), format!("{:?}", row.level), signs(&row.marks)];
        fields.extend(row.cells.iter().map(plain_cell));
        push_line(text, &fields.iter().map(String::as_str).collect::<Vec<_>>());
        if let Some(note) = &row.note {
            push_line(text, &["row-note", note]);
        }
    }
    for line in &section.totals {
        let rows = format!("{}..{}", line.rows.start, line.rows.end);
        push_line(
            text,
            &["total", &format!("{:?}", line.rank), &line.label, &rows, &signs(&line.marks)],
        );
        for sum in &line.sums {
            let (word, reason) = match &sum.proof {
                Proof::Proved { by } => ("proved", by),
                Proof::Unproved { why } => ("unproved", why),
            };
            push_line(text, &["sum", &sum.column, &plain_value(sum.value), word, reason]);
        }
    }
    if section.rows.is_empty() {
        push_line(text, &["empty", &section.empty]);
    }
}

fn push_facts(text: &mut String, word: &str, facts: &[Fact]) {
    for fact in facts {
        push_line(text, &[word, &fact.label, &fact.text]);
    }
}

fn plain_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => format!("t:{text}"),
        Cell::Money(money) => format!("m:{money}"),
        Cell::Date(date) => format!("d:{date}"),
        Cell::Count(count) => format!("n:{count}"),
        Cell::Decimal(value) => format!("x:{}", value.normalize()),
        Cell::Link { text, url } => format!("l:{text}\t{url}"),
        Cell::Empty => "e:".to_owned(),
        Cell::Flagged(word) => format!("f:{word}"),
    }
}

fn plain_value(value: Value) -> String {
    match value {
        Value::Money(money) => format!("m:{money}"),
        Value::Count(count) => format!("n:{count}"),
    }
}

fn push_line(text: &mut String, fields: &[&str]) {
    for (position, field) in fields.iter().enumerate() {
        if position > 0 {
            text.push('\t');
        }
        for sign in field.chars() {
            match sign {
                '\\' => text.push_str("\\\\"),
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                other => text.push(other),
            }
        }
    }
    text.push('\n');
}
