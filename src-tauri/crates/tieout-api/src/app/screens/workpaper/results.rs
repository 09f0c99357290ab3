//! What comparing every deal came to, as the paper prints it.

use serde::Serialize;
use tieout_report::{Cell, Row, Section, TotalLine, Value};
use ts_rs::TS;

use crate::app::reader::Held;
use crate::app::shapes::{Proof, Target};
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::Amount;

/// Deals with one verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResultRow {
    pub id: String,
    pub label: String,
    pub deals: u64,
    /// `null`: the amount of one of the deals is unknown.
    pub net: Option<Amount>,
    pub absolute: Option<Amount>,
    pub target: Target,
}

/// All deals that were compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResultTotal {
    pub deals: u64,
    pub net: Amount,
    pub absolute: Amount,
    pub proof: Proof,
    pub marks: Vec<String>,
}

/// Deals by verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WorkpaperResults {
    pub rows: Vec<ResultRow>,
    /// `null`: nothing was due or billed.
    pub total: Option<ResultTotal>,
}

/// The rows in the functional currency with something due or billed; the paper lists the others
/// under them.
pub(super) fn results(held: &Held, section: &Section) -> Result<WorkpaperResults, Failure> {
    let functional = held.view.frame.functional;
    let in_functional =
        |line: &&TotalLine| line.sums.iter().any(|sum| sum.value.currency() == Some(functional));
    let Some(line) = section.totals.iter().find(in_functional) else {
        return Ok(WorkpaperResults { rows: Vec::new(), total: None });
    };
    let rows = section.rows[line.rows.clone()].iter().map(|row| result(section, row));
    Ok(WorkpaperResults { rows: rows.collect::<Result<_, _>>()?, total: Some(total(line)?) })
}

fn result(section: &Section, row: &Row) -> Result<ResultRow, Failure> {
    let cell = |key: &str| section.column(key).and_then(|at| row.cells.get(at));
    let text = |key: &str| match cell(key) {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let money = |key: &str| match cell(key) {
        Some(Cell::Money(money)) => Some(Amount::from(*money)),
        _ => None,
    };
    let Some(Cell::Count(deals)) = cell("deals") else { return Err(unlike("deals")) };
    Ok(ResultRow {
        id: text("verdict").to_lowercase(),
        label: text("result"),
        deals: *deals,
        net: money("net"),
        absolute: money("absolute"),
        target: Target::screen("reconciliation"),
    })
}

fn total(line: &TotalLine) -> Result<ResultTotal, Failure> {
    let sum = |column: &str| line.sums.iter().find(|sum| sum.column == column);
    let money = |column: &'static str| match sum(column).map(|sum| sum.value) {
        Some(Value::Money(money)) => Ok(Amount::from(money)),
        _ => Err(unlike(column)),
    };
    let Some(Value::Count(deals)) = sum("deals").map(|sum| sum.value) else {
        return Err(unlike("deals"));
    };
    Ok(ResultTotal {
        deals,
        net: money("net")?,
        absolute: money("absolute")?,
        proof: proof_of(line),
        marks: line.marks.iter().map(|mark| mark.sign().to_owned()).collect(),
    })
}

/// A double rule on the screen only where every sum of the line is proved on paper.
pub(super) fn proof_of(line: &TotalLine) -> Proof {
    match line.sums.iter().all(|sum| sum.proof.is_proved()) {
        true => Proof::Agreed,
        false => Proof::Unproved,
    }
}

/// The paper's own form was changed without this one.
pub(super) fn unlike(what: &str) -> Failure {
    Failure::new(Code::Unexpected, format!("`{what}` of the workpaper has another form"))
}
