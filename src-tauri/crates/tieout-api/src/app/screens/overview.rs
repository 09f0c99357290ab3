//! Where the month stands: from what was sold to what is owed, what waits, and what proves it.

mod bridge;
mod decisions;
mod dso;
pub(crate) mod tie_outs;

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tieout_domain::books::AgingBasis;
use ts_rs::TS;

use self::bridge::{Sold, bridge, first_day};
use self::decisions::{Decision, decisions};
use self::tie_outs::{TieOutsView, tie_outs};
use super::charts::{AgingView, BridgeView, TrendView, aging_column, bucket_labels};
use super::state::{proof, proved_of, short_day};
use super::systems::Systems;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{AmountTone, Phrase, PhrasePart, Scope, Target};
use crate::codes::Code;
use crate::export::words::{counted, listed};
use crate::failure::Failure;
use crate::views::reading::ReadingView;

/// Companies beside that of the scope whose tie-outs are shown.
const BESIDE_MAX: usize = 3;

/// What the bridge covers, ending with the as-of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    Month,
    Quarter,
    Year,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OverviewParams {
    pub scope: Scope,
    pub range: Range,
}

/// What no figure of the bridge contains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeftOut {
    /// "14 won deals in EUR and GBP belong to no connected company."
    pub sentence: String,
    pub target: Option<Target>,
}

/// How many of the printed totals are proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CompletenessLine {
    /// "11 of 13 totals proved".
    pub sentence: String,
    pub proved: u64,
    pub of: u64,
    pub complete: bool,
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OverviewView {
    pub range: Range,
    /// "1 Apr to 30 Jun, USD".
    pub note: String,
    /// The conclusion, first on the screen.
    pub claim: Phrase,
    /// `null` while nothing was sold in the range; then `empty` says so.
    pub bridge: Option<BridgeView>,
    pub empty: String,
    pub left_out: Vec<LeftOut>,
    /// By urgency, then money, then age; `decisions_more` counts the rest.
    pub decisions: Vec<Decision>,
    pub decisions_more: u64,
    pub aging: AgingView,
    pub tie_outs: TieOutsView,
    /// `null` before two month ends are known.
    pub dso: Option<TrendView>,
    pub completeness: CompletenessLine,
    pub reading: ReadingView,
}

/// The screen.
pub async fn overview(
    reader: &mut Reader,
    params: OverviewParams,
) -> Result<OverviewView, Failure> {
    let held = reader.look(&params.scope)?;
    let beside = beside(reader, &held, &params.scope)?;
    let workspace = reader.workspace()?;
    let systems = Systems::of(workspace, &held)?;
    let sold = Sold::of(&held, params.range);
    let (decisions, decisions_more) = decisions(workspace, &held, &systems)?;
    let (proved, of) = proved_of(&held);
    let (bridge, empty) = drawn(&held, params.range, &sold)?;
    let companies: Vec<&Held> = std::iter::once(&held).chain(&beside).map(Rc::as_ref).collect();
    Ok(OverviewView {
        range: params.range,
        note: note(&held, params.range),
        claim: claim(&held, &sold)?,
        bridge,
        empty,
        left_out: left_out(&held, &sold),
        decisions,
        decisions_more,
        aging: aging(&held)?,
        tie_outs: tie_outs(&companies),
        dso: dso::trend(&held)?,
        completeness: CompletenessLine {
            sentence: proof(&held, &held.view.frame.time_zone).text,
            proved,
            of,
            complete: held.reading.complete,
        },
        reading: held.reading.clone(),
    })
}

/// The bridge, or why there is none. One that does not foot is never drawn.
fn drawn(
    held: &Held,
    range: Range,
    sold: &Sold<'_>,
) -> Result<(Option<BridgeView>, String), Failure> {
    if sold.is_empty() {
        return Ok((None, "No deal of this company was won in the range.".to_owned()));
    }
    match bridge(held, range, sold) {
        Ok(view) => Ok((Some(view), String::new())),
        Err(failure) if failure.code == Code::DoesNotFoot => {
            let code = failure.code.as_str();
            tracing::error!(code, detail = %failure.detail, "the bridge is not drawn");
            Ok((None, format!("The steps do not lead to the receivables ({code}).")))
        }
        Err(failure) => Err(failure),
    }
}

/// The books of the other connected companies at the same day.
fn beside(reader: &mut Reader, held: &Held, scope: &Scope) -> Result<Vec<Rc<Held>>, Failure> {
    let ledgers = &reader.workspace()?.engine.ledgers;
    let others = ledgers.iter().filter(|it| !it.ended && it.id != held.view.connection);
    let names: Vec<String> = others.map(|it| it.id.to_string()).take(BESIDE_MAX).collect();
    let mut found = Vec::new();
    for name in names {
        match reader.look(&Scope { ledger: Some(name), ..scope.clone() }) {
            Ok(held) => found.push(held),
            // Connected, and nothing was read yet.
            Err(failure) if failure.code == Code::NothingToReport => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(found)
}

fn note(held: &Held, range: Range) -> String {
    let (to, currency) = (held.view.frame.as_of, held.view.frame.functional);
    let from = short_day(first_day(range, to), &held.view);
    format!("{from} to {}, {currency}", crate::export::words::day(to))
}

/// "Sales closed 1,988,000.00. Finance has invoiced … and collected …. Another … should be invoiced
/// by now and is not."
fn claim(held: &Held, sold: &Sold<'_>) -> Result<Phrase, Failure> {
    if sold.is_empty() {
        return Ok(vec![PhrasePart::text("Nothing was sold in this range.")]);
    }
    let strong = |amount| PhrasePart::money(amount, AmountTone::Strong);
    let lead = match held.reading.complete {
        true => "Sales closed ",
        false => "Not everything was read. As far as it was, sales closed ",
    };
    let mut claim = vec![
        PhrasePart::text(lead),
        strong(sold.sum(|it| it.contract)?),
        PhrasePart::text(". Finance has invoiced "),
        strong(sold.sum(|it| it.billed)?),
        PhrasePart::text(" and collected "),
        strong(sold.sum(|it| it.collected)?),
    ];
    let missing = sold.not_invoiced()?;
    if missing.is_zero() {
        claim.push(PhrasePart::text(". Everything that is due is invoiced."));
        return Ok(claim);
    }
    claim.push(PhrasePart::text(". Another "));
    claim.push(PhrasePart::Amount {
        amount: missing.into(),
        tone: AmountTone::Gap,
        target: Some(Target::view("deals", "not_invoiced")),
    });
    claim.push(PhrasePart::text(" should be invoiced by now and is not."));
    Ok(claim)
}

fn left_out(held: &Held, sold: &Sold<'_>) -> Vec<LeftOut> {
    let mut found = Vec::new();
    let unassigned = &held.reconciliation.unassigned;
    let count: u64 = unassigned.iter().map(|it| it.count).sum();
    if count > 0 {
        let codes: Vec<String> =
            unassigned.iter().map(|it| it.currency.code().to_owned()).collect();
        let deals = counted(count, "won deal", "won deals");
        let belong = if count == 1 { "belongs" } else { "belong" };
        found.push(LeftOut {
            sentence: format!("{deals} in {} {belong} to no connected company.", listed(&codes)),
            target: Some(Target::screen("connections")),
        });
    }
    let functional = held.view.frame.functional;
    let foreign = |row: &&&tieout_domain::books::positions::DealRow| row.figures.is_some();
    let foreign = sold.beside.iter().filter(foreign).count() as u64;
    let unknown = sold.beside.len() as u64 - foreign;
    let all = || Some(Target::view("deals", "all"));
    if foreign > 0 {
        let deals = counted(foreign, "deal is", "deals are");
        let sentence = format!(
            "{deals} not in {functional} and stand beside the bridge: nothing is translated."
        );
        found.push(LeftOut { sentence, target: all() });
    }
    if unknown > 0 {
        let deals = counted(unknown, "deal has", "deals have");
        found
            .push(LeftOut { sentence: format!("{deals} no amount that is known."), target: all() });
    }
    found
}

fn aging(held: &Held) -> Result<AgingView, Failure> {
    let functional = held.view.frame.functional;
    let mut totals = held.reconciliation.receivables.totals()?;
    totals.sort_by_key(|(currency, ..)| (*currency != functional, *currency));
    let target = Target::view("receivables", "invoices");
    let columns = totals.iter().map(|(currency, aging, receivable)| {
        let evidence = held.evidence.of(currency.code());
        let agreed = evidence.is_some_and(|it| it.receivables.agreed);
        aging_column(aging, *receivable, agreed, &target)
    });
    Ok(AgingView {
        basis: match held.view.frame.aging_basis {
            AgingBasis::DueDate => "by due date".to_owned(),
            AgingBasis::DocumentDate => "by document date".to_owned(),
        },
        buckets: bucket_labels(),
        columns: columns.collect(),
    })
}
