//! Whether the month ties out, company by company.

use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::tieouts::{TieOut, TieOutLine, TieOutStatus};
use ts_rs::TS;

use crate::app::reader::Held;
use crate::app::screens::state::short_name;
use crate::app::shapes::{Proof, Status, Target, Tone};
use crate::export::tie_out_name;
use crate::export::words::counted;
use crate::views::{Amount, amount};

/// One company with its books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TieOutColumn {
    pub ledger: String,
    pub label: String,
    pub workpaper: Status,
    pub target: Target,
}

/// One of the five, one cell per company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TieOutRow {
    pub id: &'static str,
    pub name: &'static str,
    pub cells: Vec<TieOutCell>,
}

/// One tie-out of one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TieOutCell {
    /// `null` where the source could not be asked; then `status` says why.
    pub difference: Option<Amount>,
    pub status: Status,
    /// `[E]`, printed in place of the glyph.
    pub marks: Vec<String>,
    pub proof: Proof,
    pub target: Target,
}

/// The table of tie-outs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TieOutsView {
    /// "Tie-outs, June".
    pub title: String,
    /// "source less ours, USD".
    pub note: String,
    pub columns: Vec<TieOutColumn>,
    /// T1 to T5, one cell per column in the same order.
    pub rows: Vec<TieOutRow>,
}

/// The table over these companies, the first of them is that of the scope.
pub(super) fn tie_outs(companies: &[&Held]) -> TieOutsView {
    let month = companies.first().map(|held| held.view.frame.as_of.strftime("%B").to_string());
    let mut currencies: Vec<String> =
        companies.iter().map(|held| held.view.frame.functional.code().to_owned()).collect();
    currencies.dedup();
    let cells = |tie_out| companies.iter().map(|held| cell(held, tie_out)).collect();
    let row = |of: TieOut| TieOutRow { id: of.as_str(), name: tie_out_name(of), cells: cells(of) };
    TieOutsView {
        title: format!("Tie-outs, {}", month.unwrap_or_default()),
        note: format!("source less ours, {}", crate::export::words::listed(&currencies)),
        columns: companies.iter().map(|held| column(held)).collect(),
        rows: TieOut::ALL.into_iter().map(row).collect(),
    }
}

fn column(held: &Held) -> TieOutColumn {
    TieOutColumn {
        ledger: held.view.connection.to_string(),
        label: short_name(&held.view.company).to_owned(),
        workpaper: Status::new("ring", "Draft", Tone::Soft),
        target: target(held),
    }
}

fn target(held: &Held) -> Target {
    let ledger = Some(held.view.connection.to_string());
    Target { ledger, ..Target::screen("workpapers") }
}

/// How much a line asks for attention; the worst line of a tie-out speaks for it.
const fn weight(status: TieOutStatus) -> u8 {
    match status {
        TieOutStatus::Agreed => 0,
        TieOutStatus::Explained => 1,
        TieOutStatus::Unproved => 2,
        TieOutStatus::Failed => 3,
    }
}

/// Several lines are not added: an invoice too many does not make up for a payment too few.
fn cell(held: &Held, tie_out: TieOut) -> TieOutCell {
    let lines = held.reconciliation.proofs.lines.iter().filter(|line| line.tie_out == tie_out);
    let worst = lines.rev().max_by_key(|line| weight(line.status));
    let difference = worst.map(|line| match line.status {
        TieOutStatus::Agreed => Some(Money::zero(held.view.frame.functional)),
        _ => line.difference,
    });
    let holds = worst.is_some_and(|line| weight(line.status) < 2);
    let explained = worst.is_some_and(|line| line.status == TieOutStatus::Explained);
    TieOutCell {
        difference: amount(difference.flatten()),
        status: line_status(worst, held.reading.complete),
        marks: if explained { vec!["[E]".to_owned()] } else { Vec::new() },
        proof: if holds { Proof::Agreed } else { Proof::Unproved },
        target: target(held),
    }
}

/// What a line came to, in a word or two.
pub(crate) fn line_status(line: Option<&TieOutLine>, complete: bool) -> Status {
    let Some(line) = line else {
        return Status::new("half_square", "not compared", Tone::Warn);
    };
    match line.status {
        TieOutStatus::Agreed => Status::new("tick", "agrees", Tone::Ok),
        TieOutStatus::Explained => {
            let items = counted(line.explained_by.len() as u64, "item", "items");
            Status::new("tick", format!("explained by {items}"), Tone::Ok)
        }
        TieOutStatus::Unproved => {
            Status::new("half_square", "no total from the source", Tone::Warn)
        }
        TieOutStatus::Failed if !complete => {
            Status::new("half_square", "waits for what was not read", Tone::Warn)
        }
        TieOutStatus::Failed => Status::new("square_bar", "differs", Tone::Bad),
    }
}
