//! The two roll-forwards behind T4 and T5, line by line with the sign each has in the sum.

use tieout_domain::Money;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::tieouts::{TieOut, TieOutLine, TieOutStatus};
use tieout_report::{Cell, Column, Kind, Row, Section, Span, TickMark};

use super::completeness::measure_of;
use super::desk::Desk;
use super::sheet::{Line, Sheet, does_not_add, text};
use super::witness::Standing;
use super::words::day;
use crate::codes::Code;
use crate::failure::Failure;

/// A movement: what it is called, its signed amount, and the total of a source that it must equal
/// to carry that source's mark.
struct Movement {
    words: String,
    amount: Money,
    agreed_with: Option<SourceMeasure>,
}

/// T4: receivables from the end of one period to the end of the next.
pub(super) fn receivables(desk: &Desk<'_>) -> Result<Section, Failure> {
    let frame = &desk.view.frame;
    let of = &desk.reconciliation.proofs.roll_forward;
    let line = line_of(desk, TieOut::RollForward)?;
    let less = |amount: Money| amount.negated().map_err(does_not_add("ar roll-forward"));
    let plain =
        |words: &str, amount| Movement { words: words.to_owned(), amount, agreed_with: None };
    let dated = |words: &str, amount, measure| {
        let words = with_count(desk, words, measure, amount);
        Movement { words, amount, agreed_with: Some(measure) }
    };
    let mut movements = vec![
        plain(&format!("Opening, {}", day(opening_day(desk))), of.opening),
        dated("Invoices", of.invoices, SourceMeasure::Invoices),
        dated("Credits", less(of.credits)?, SourceMeasure::CreditMemos),
        dated("Payments", less(of.cash)?, SourceMeasure::Receipts),
        dated("Write-offs", less(of.write_offs)?, SourceMeasure::Adjustments),
        dated("Refunds", of.refunds, SourceMeasure::Refunds),
    ];
    if !of.fx.is_zero() {
        movements.push(plain("Exchange differences", of.fx));
    }
    for item in &line.explained_by {
        movements.push(plain(&item.reference, less(item.amount)?));
    }
    let balance = desk.witness.receivables(desk.functional());
    let standing = tied(line, &balance, "the receivables of the Accounts");
    let table = Table {
        id: "ar-roll-forward",
        title: "AR roll-forward",
        note: "Incl. tax, by accounting date.",
        closing: format!("Closing, {}", day(frame.as_of)),
    };
    table.section(desk, movements, (line.held.amount, standing))
}

/// T5: the backlog from booking to billing.
pub(super) fn backlog(desk: &Desk<'_>) -> Result<Section, Failure> {
    let frame = &desk.view.frame;
    let of = &desk.reconciliation.proofs.bridge;
    let line = line_of(desk, TieOut::Bridge)?;
    let less = |amount: Money| amount.negated().map_err(does_not_add("bookings to billings"));
    let plain =
        |words: &str, amount| Movement { words: words.to_owned(), amount, agreed_with: None };
    let won = Movement {
        words: with_count(desk, "Won in the period", SourceMeasure::WonDeals, of.new_won),
        amount: of.new_won,
        agreed_with: Some(SourceMeasure::WonDeals),
    };
    let mut movements =
        vec![plain(&format!("Backlog, {}", day(opening_day(desk))), of.opening), won];
    let further = [
        ("Increased", of.increases),
        ("Billed, net of credits", less(of.billed)?),
        ("Lost or reduced", less(of.reductions)?),
        ("Moved into scope", of.scope_in),
        ("Moved out of scope", less(of.scope_out)?),
    ];
    let moved = further.into_iter().filter(|(_, amount)| !amount.is_zero());
    movements.extend(moved.map(|(words, amount)| plain(words, amount)));
    let billing = desk.witness.billing(desk.functional());
    let standing = tied(line, &billing, "contract less billed of every deal");
    let table = Table {
        id: "bookings-to-billings",
        title: "Bookings to billings",
        note: "Net of tax. Excluded deals are left out.",
        closing: format!("Backlog, {}", day(frame.as_of)),
    };
    table.section(desk, movements, (line.held.amount, standing))
}

struct Table {
    id: &'static str,
    title: &'static str,
    note: &'static str,
    closing: String,
}

impl Table {
    fn section(
        self,
        desk: &Desk<'_>,
        movements: Vec<Movement>,
        (closing, standing): (Money, Standing),
    ) -> Result<Section, Failure> {
        let columns = vec![
            Column::new("line", "Line", Kind::Text),
            Column::new("amount", "Amount", Kind::Money),
        ];
        let mut sheet = Sheet::new(self.id, self.title, columns).note(self.note).span(Span::Half);
        for movement in movements {
            let marks = marks(desk, &movement)?;
            let cells = vec![text(movement.words), Cell::Money(movement.amount)];
            sheet.push(Row::new(cells).marked(&marks));
        }
        let rows = 0..sheet.len();
        let line = Line::over(self.closing, rows, desk.functional());
        sheet.rule_off(line.sum_of("amount", closing, &standing))?;
        Ok(sheet.finish())
    }
}

/// The movements were compared with balances computed another way, and those with a source.
fn tied(line: &TieOutLine, balance: &Standing, by: &str) -> Standing {
    let holds = matches!(line.status, TieOutStatus::Agreed | TieOutStatus::Explained);
    let apart = format!("the movements do not lead to {by}.");
    balance.and_checked(holds, by, &apart)
}

fn opening_day(desk: &Desk<'_>) -> jiff::civil::Date {
    let start = desk.view.frame.period.start();
    start.yesterday().unwrap_or(start)
}

fn line_of<'a>(desk: &Desk<'a>, tie_out: TieOut) -> Result<&'a TieOutLine, Failure> {
    let mut lines = desk.reconciliation.proofs.lines.iter();
    lines
        .find(|line| line.tie_out == tie_out)
        .ok_or_else(|| Failure::new(Code::Unexpected, format!("no line for {}", tie_out.as_str())))
}

/// The completeness line of the period for a measure.
fn counted_line<'a>(desk: &Desk<'a>, measure: SourceMeasure) -> Option<&'a TieOutLine> {
    let mut lines = desk.reconciliation.proofs.lines.iter();
    lines.find(|line| measure_of(line) == Some(measure))
}

/// The words with the number of records, where the amount is that of these records.
fn with_count(desk: &Desk<'_>, words: &str, measure: SourceMeasure, amount: Money) -> String {
    let held = counted_line(desk, measure).map(|line| line.held);
    let same =
        |held: &tieout_domain::tieouts::ControlTotal| held.amount.absolute() == amount.absolute();
    match held.filter(same).and_then(|held| held.count) {
        Some(count) => format!("{words}, {count}"),
        None => words.to_owned(),
    }
}

/// A movement is agreed only if it is the very total that its source stated for the period.
fn marks(desk: &Desk<'_>, movement: &Movement) -> Result<Vec<TickMark>, Failure> {
    let Some(measure) = movement.agreed_with else { return Ok(Vec::new()) };
    let Some(line) = counted_line(desk, measure) else { return Ok(Vec::new()) };
    let size = movement.amount.absolute().map_err(does_not_add("movements"))?;
    let agrees = line.status == TieOutStatus::Agreed
        && line.source.is_some_and(|source| source.amount == size);
    Ok(match (agrees, measure) {
        (false, _) => Vec::new(),
        (true, SourceMeasure::WonDeals) => vec![TickMark::AgreedToCrm],
        (true, SourceMeasure::Adjustments) => vec![TickMark::Recomputed],
        (true, _) => vec![TickMark::AgreedToLedger],
    })
}
