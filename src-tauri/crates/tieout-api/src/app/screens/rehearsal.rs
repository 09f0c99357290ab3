//! What switching writing on would make possible, before it is switched on. Nothing is sent.

use serde::Serialize;
use tieout_report::print_date;
use tieout_store::{ConnectionRecord, Role};
use ts_rs::TS;

use crate::app::shapes::{Proof, ProvedAmount};
use crate::commands::frame::day;
use crate::commands::{RehearseOptions, rehearse};
use crate::export::words::{counted, typeset};
use crate::failure::Failure;
use crate::views::Amount;
use crate::views::rehearsal::{RehearsalView, RehearsedView, SumView};
use crate::workspace::Workspace;

const BOOKS_PROMISE: &str = "Tieout may then create an invoice when you approve a deal. Never \
                             without you, never twice, and nothing is changed afterwards.";
const CRM_PROMISE: &str = "Tieout then writes receivables on Accounts and billing status on \
                           Opportunities after each run: only fields that begin with Tieout, and \
                           only changed values.";

/// Deals that are listed one by one; the rest is counted.
const LISTED_MAX: usize = 500;
/// Fates in the order in which a person looks at them; others follow.
const FATES: [&str; 4] = ["create", "blocked", "ambiguous", "matched"];

/// What creating would do with the last three months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "RehearsalView")]
pub struct WritingRehearsal {
    pub connection: String,
    /// "1 Apr to 30 Jun 2026, 34 won deals"; empty for a CRM, where nothing is created.
    pub period: String,
    /// What will be possible afterwards, and what never happens by itself.
    pub promise: &'static str,
    /// They add up to `won`.
    pub fates: Vec<RehearsedFate>,
    pub won: RehearsedWon,
    pub to_create: RehearsedCreate,
    pub gates: Vec<RehearsedGate>,
    /// Each deal, those that would get an invoice first, then those that are stopped.
    pub deals: Vec<RehearsedDeal>,
    /// Deals beyond those that are listed.
    pub more: u64,
}

/// One won deal and what creating would do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedDeal {
    pub opportunity: String,
    pub name: String,
    /// One of the fates.
    pub fate: &'static str,
    /// Net of the invoice that it would get, else its contract; `null`: it has no amount.
    pub amount: Option<Amount>,
    /// What stops it, or the documents that it has.
    pub note: String,
}

/// Deals with one fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedFate {
    pub id: &'static str,
    pub label: &'static str,
    pub deals: u64,
    pub amounts: Vec<Amount>,
}

/// All won deals of the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedWon {
    pub deals: u64,
    pub amounts: Vec<ProvedAmount>,
}

/// Documents that would be created now, with their net.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedCreate {
    pub documents: u64,
    pub net: Vec<Amount>,
}

/// A gate that stops deals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedGate {
    pub code: &'static str,
    pub sentence: String,
    pub deals: u64,
}

pub(crate) fn rehearsal(
    workspace: &Workspace,
    record: &ConnectionRecord,
) -> Result<WritingRehearsal, Failure> {
    if record.role == Role::Crm {
        return Ok(WritingRehearsal {
            connection: record.id.to_string(),
            period: String::new(),
            promise: CRM_PROMISE,
            fates: Vec::new(),
            won: RehearsedWon { deals: 0, amounts: Vec::new() },
            to_create: RehearsedCreate { documents: 0, net: Vec::new() },
            gates: Vec::new(),
            deals: Vec::new(),
            more: 0,
        });
    }
    let options = RehearseOptions { ledger: Some(record.id.to_string()), ..Default::default() };
    let told = rehearse(workspace, &options)?;
    let won = deals(&told.won);
    Ok(WritingRehearsal {
        period: period(&told, won)?,
        promise: BOOKS_PROMISE,
        fates: told.fates.iter().map(|fate| fate_row(fate.fate, &fate.sums)).collect(),
        won: RehearsedWon {
            deals: won,
            amounts: amounts(&told.won)
                .into_iter()
                .map(|amount| ProvedAmount { amount, proof: Proof::Sum })
                .collect(),
        },
        to_create: RehearsedCreate {
            documents: deals(&told.to_create),
            net: amounts(&told.to_create),
        },
        gates: told.gates.iter().map(|gate| gate_row(&told, gate.code, gate.deals)).collect(),
        deals: listed(&told),
        more: told.deals.len().saturating_sub(LISTED_MAX) as u64,
        connection: told.ledger,
    })
}

fn period(told: &RehearsalView, won: u64) -> Result<String, Failure> {
    let (from, to) = (day(&told.from)?, day(&told.to)?);
    let from = match from.year() == to.year() {
        true => from.strftime("%-d %b").to_string(),
        false => print_date(from),
    };
    Ok(format!("{from} to {}, {}", print_date(to), counted(won, "won deal", "won deals")))
}

fn deals(sums: &[SumView]) -> u64 {
    sums.iter().map(|sum| sum.deals).sum()
}

fn amounts(sums: &[SumView]) -> Vec<Amount> {
    sums.iter().map(|sum| sum.sum.clone()).collect()
}

fn fate_row(fate: &'static str, sums: &[SumView]) -> RehearsedFate {
    let label = match fate {
        "create" => "would get an invoice",
        "blocked" => "are stopped by a gate",
        "ambiguous" => "may have one already and wait for you",
        "matched" => "have one already",
        "promised" => "are promised one already",
        "not_due" => "are not due yet",
        "excluded" => "were left out by a person",
        "elsewhere" => "are kept by another company",
        _ => "are kept by no connected company",
    };
    RehearsedFate { id: fate, label, deals: deals(sums), amounts: amounts(sums) }
}

/// The words of the deal that the gate stops; of several the first, said to be one of them.
fn gate_row(told: &RehearsalView, code: &'static str, deals: u64) -> RehearsedGate {
    let mut gates = told.deals.iter().flat_map(|deal| &deal.gates);
    let sentence = gates.find(|gate| gate.code == code).map(|gate| typeset(&gate.what));
    let sentence = sentence.unwrap_or_else(|| code.to_owned());
    let sentence = if deals > 1 { format!("For example: {sentence}") } else { sentence };
    RehearsedGate { code, sentence, deals }
}

/// The deals one by one, in the order in which a person looks at them.
fn listed(told: &RehearsalView) -> Vec<RehearsedDeal> {
    let place = |fate: &str| FATES.iter().position(|it| *it == fate).unwrap_or(FATES.len());
    let mut deals: Vec<&RehearsedView> = told.deals.iter().collect();
    deals.sort_by_key(|deal| place(deal.fate));
    let rows = deals.into_iter().take(LISTED_MAX).map(|deal| {
        let gates = deal.gates.iter().map(|gate| typeset(&gate.what));
        let documents = match deal.documents.len() as u64 {
            0 => None,
            some => Some(counted(some, "document", "documents")),
        };
        RehearsedDeal {
            opportunity: deal.opportunity.clone(),
            name: deal.name.clone(),
            fate: deal.fate,
            amount: deal.to_create.clone().or_else(|| deal.contract.clone()),
            note: gates.chain(documents).collect::<Vec<_>>().join(" "),
        }
    });
    rows.collect()
}
