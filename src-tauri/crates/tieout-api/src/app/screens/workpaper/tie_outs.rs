//! The five tie-outs as the paper prints them.

use serde::Serialize;
use tieout_domain::Money;
use tieout_report::{Cell, Row, Section};
use ts_rs::TS;

use super::prose::phrase_of;
use crate::app::reader::Held;
use crate::app::screens::state::local;
use crate::app::shapes::{Phrase, PhrasePart, Status, Tone};
use crate::views::Amount;

/// One tie-out; T2 has several lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WorkpaperTieOut {
    pub id: String,
    pub name: String,
    pub lines: Vec<WorkpaperTieOutLine>,
    pub marks: Vec<String>,
    /// "09:30".
    pub read: String,
    /// What stands under the lines.
    pub explained: Vec<ExplainedLine>,
}

/// What one line compares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "TieOutLine")]
pub struct WorkpaperTieOutLine {
    /// "QuickBooks: invoices".
    pub source_name: String,
    /// Empty where nothing is counted.
    pub source_count: String,
    /// `null`: the source stated none.
    pub source: Option<Amount>,
    pub held_count: String,
    pub held: Amount,
    pub difference: Option<Amount>,
    pub status: Status,
}

/// What explains a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExplainedLine {
    pub mark: String,
    pub sentence: Phrase,
}

/// The rows of the section: a line has a status, an explanation has none.
pub(super) fn tie_outs(held: &Held, section: &Section) -> Vec<WorkpaperTieOut> {
    let read = read_at(held);
    let mut found: Vec<WorkpaperTieOut> = Vec::new();
    let columns = Columns(section);
    for row in &section.rows {
        let number = columns.text(row, "number");
        if !number.is_empty() {
            found.push(WorkpaperTieOut {
                id: number,
                name: columns.text(row, "tie_out"),
                lines: Vec::new(),
                marks: Vec::new(),
                read: read.clone(),
                explained: Vec::new(),
            });
        }
        let Some(last) = found.last_mut() else { continue };
        match columns.line(held, row) {
            Some(line) => {
                let marks = row.marks.iter().map(|mark| mark.sign().to_owned());
                last.marks
                    .extend(marks.filter(|mark| !last.marks.contains(mark)).collect::<Vec<_>>());
                last.lines.push(line);
            }
            None => last.explained.push(columns.explanation(held, row)),
        }
    }
    found
}

fn read_at(held: &Held) -> String {
    let at = held.reading.read_at.as_ref().and_then(|at| at.parse().ok());
    let frame = &held.view.frame;
    at.map_or_else(|| "never".to_owned(), |at| local(at, &frame.time_zone, frame.today))
}

struct Columns<'a>(&'a Section);

impl Columns<'_> {
    fn cell<'r>(&self, row: &'r Row, key: &str) -> Option<&'r Cell> {
        row.cells.get(self.0.column(key)?)
    }

    fn text(&self, row: &Row, key: &str) -> String {
        match self.cell(row, key) {
            Some(Cell::Text(text) | Cell::Link { text, .. }) => text.clone(),
            Some(Cell::Count(count)) => tieout_report::print_count(*count),
            _ => String::new(),
        }
    }

    fn money(&self, row: &Row, key: &str) -> Option<Money> {
        match self.cell(row, key) {
            Some(Cell::Money(money)) => Some(*money),
            _ => None,
        }
    }

    fn line(&self, held: &Held, row: &Row) -> Option<WorkpaperTieOutLine> {
        let status = line_status(&self.text(row, "status"), held.reading.complete)?;
        Some(WorkpaperTieOutLine {
            source_name: self.text(row, "compared"),
            source_count: self.text(row, "source_count"),
            source: self.money(row, "source").map(Amount::from),
            held_count: self.text(row, "held_count"),
            held: self.money(row, "held")?.into(),
            difference: self.money(row, "difference").map(Amount::from),
            status,
        })
    }

    /// The note that the paper prints under the item, else its reference; then its amount.
    fn explanation(&self, held: &Held, row: &Row) -> ExplainedLine {
        let words = row.note.clone().unwrap_or_else(|| self.text(row, "compared"));
        let mut sentence = phrase_of(&super::plain(&words), held.view.frame.functional);
        if let Some(amount) = self.money(row, "difference") {
            sentence.push(PhrasePart::text(": "));
            sentence.push(PhrasePart::money(amount, crate::app::shapes::AmountTone::Strong));
        }
        let mark = row.marks.first().map(|mark| mark.sign().to_owned()).unwrap_or_default();
        ExplainedLine { mark, sentence }
    }
}

/// The status words of the paper with their shape; `None`: the row is no line.
fn line_status(word: &str, complete: bool) -> Option<Status> {
    Some(match word {
        "AGREED" => Status::new("tick", "agrees", Tone::Ok),
        "EXPLAINED" => Status::new("tick", "explained", Tone::Ok),
        "UNPROVED" => Status::new("half_square", "not stated by the source", Tone::Warn),
        "FAILED" if !complete => {
            Status::new("half_square", "waits for what was not read", Tone::Warn)
        }
        "FAILED" => Status::new("square_bar", "differs", Tone::Bad),
        _ => return None,
    })
}
