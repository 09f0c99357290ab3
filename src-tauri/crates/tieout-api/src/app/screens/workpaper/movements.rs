//! The two roll-forwards as the paper prints them, and the picture of the backlog.

use serde::Serialize;
use tieout_domain::Money;
use tieout_report::{Cell, Report, Row, Section, TotalLine, Value};
use ts_rs::TS;

use super::results::{proof_of, unlike};
use crate::app::screens::charts::{BridgeView, Draft, StepKind, bridge};
use crate::app::shapes::{Proof, Target};
use crate::failure::Failure;
use crate::views::Amount;

/// From an opening to a closing balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MovementTable {
    pub title: String,
    /// "Movement in June 2026".
    pub head: String,
    pub currency: String,
    pub rows: Vec<MovementRow>,
    pub total: MovementTotal,
}

/// One movement with its sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MovementRow {
    pub label: String,
    /// The first mark, or empty.
    pub mark: String,
    pub amount: Amount,
}

/// The closing balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MovementTotal {
    pub label: String,
    pub marks: Vec<String>,
    pub amount: Amount,
    pub proof: Proof,
}

/// The table of a section.
pub(super) fn movement_table(report: &Report, section: &Section) -> Result<MovementTable, Failure> {
    let (line, closing) = closing(section)?;
    let rows = section.rows.iter().map(|row| {
        let (label, amount) = movement(section, row)?;
        let mark = row.marks.first().map(|mark| mark.sign().to_owned()).unwrap_or_default();
        Ok(MovementRow { label, mark, amount: amount.into() })
    });
    Ok(MovementTable {
        title: section.title.clone(),
        head: format!("Movement in {}", report.period),
        currency: closing.currency().code().to_owned(),
        rows: rows.collect::<Result<_, Failure>>()?,
        total: MovementTotal {
            label: line.label.clone(),
            marks: line.marks.iter().map(|mark| mark.sign().to_owned()).collect(),
            amount: closing.into(),
            proof: proof_of(line),
        },
    })
}

fn closing(section: &Section) -> Result<(&TotalLine, Money), Failure> {
    let line = section.totals.first().ok_or_else(|| unlike(&section.id))?;
    match line.sums.first().map(|sum| sum.value) {
        Some(Value::Money(money)) => Ok((line, money)),
        _ => Err(unlike(&section.id)),
    }
}

fn movement(section: &Section, row: &Row) -> Result<(String, Money), Failure> {
    match row.cells.as_slice() {
        [Cell::Text(label), Cell::Money(amount), ..] => Ok((label.clone(), *amount)),
        _ => Err(unlike(&section.id)),
    }
}

/// The backlog as a picture; `None` where nothing moved.
pub(super) fn backlog_bridge(
    report: &Report,
    section: &Section,
) -> Result<Option<BridgeView>, Failure> {
    let (_, closing) = closing(section)?;
    let mut drafts = Vec::new();
    for (at, row) in section.rows.iter().enumerate() {
        let (label, amount) = movement(section, row)?;
        let kind = if at == 0 { StepKind::Total } else { StepKind::Step };
        let label = if at == 0 { "Opening".to_owned() } else { short(&label) };
        drafts.push(draft(format!("step-{at}"), label, kind, amount));
    }
    if drafts.iter().all(|draft| draft.amount.is_zero()) {
        return Ok(None);
    }
    drafts.push(draft("closing".into(), "Closing".into(), StepKind::Total, closing));
    let title = format!("Backlog from opening to closing, {}", report.period);
    bridge(title, closing.currency(), drafts, None).map(Some)
}

fn draft(id: String, label: String, kind: StepKind, amount: Money) -> Draft {
    let target = Some(Target::view("deals", "all"));
    Draft { id, label, note: String::new(), kind, amount, target }
}

/// A label that has room under a bar: without its count and what follows.
fn short(label: &str) -> String {
    let words = label.split_once(',').map_or(label, |(words, _)| words);
    match words {
        "Won in the period" => "Won",
        "Moved into scope" => "Moved in",
        "Moved out of scope" => "Moved out",
        "Lost or reduced" => "Reduced",
        words => words,
    }
    .to_owned()
}
