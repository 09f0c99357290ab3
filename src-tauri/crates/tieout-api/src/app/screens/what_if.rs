//! What another limit would flag, and what differs by reason.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::fx::Rate;
use tieout_domain::limits::{LimitTest, Limits};
use tieout_domain::verdict::Verdict;
use ts_rs::TS;

use super::words::reason_label;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{Proof, Scope, Status, Tone};
use crate::code_of_sum;
use crate::codes::Code;
use crate::export::words::{amount_in, counted};
use crate::failure::Failure;

/// The stops of the slider, in whole units of the functional currency.
const STOPS: [u32; 6] = [0, 100, 250, 500, 1_000, 5_000];

/// Which limit is tried; `null`: the one in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhatIfParams {
    pub scope: Scope,
    /// Decimal text.
    pub limit: Option<String>,
}

/// What one limit flags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WhatIfRow {
    pub limit: String,
    pub items: usize,
    pub net: String,
    pub absolute: String,
    pub current: bool,
}

/// The differences below the limit, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SmallDifferences {
    pub label: String,
    pub net: String,
    pub absolute: String,
    pub materiality: String,
    pub status: Status,
}

/// One bar of the differences by reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReasonBar {
    pub label: String,
    pub amount: String,
    /// Ends of the bar in per mille of the width.
    pub from: i64,
    pub to: i64,
}

/// A footed total of the bars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReasonTotal {
    pub amount: String,
    pub proof: Proof,
}

/// Differences by reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ByReason {
    pub note: String,
    /// Where zero lies, in per mille.
    pub zero: i64,
    pub rows: Vec<ReasonBar>,
    pub total: ReasonTotal,
}

/// The rail beside the worklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WhatIfView {
    pub ledger: String,
    pub currency: String,
    pub limit: String,
    pub note: String,
    pub stops: Vec<String>,
    pub said: String,
    pub rows: Vec<WhatIfRow>,
    pub always: String,
    pub small: SmallDifferences,
    pub by_reason: ByReason,
}

/// The rail.
pub async fn what_if(reader: &mut Reader, params: WhatIfParams) -> Result<WhatIfView, Failure> {
    let held = reader.look(&params.scope)?;
    let functional = held.evidence.functional;
    let limits = &held.view.frame.limits;
    let tried = match &params.limit {
        None => limits.absolute(),
        Some(text) => {
            let decimal: Result<Decimal, _> = text.replace(',', "").trim().parse();
            let money = decimal.ok().and_then(|it| Money::from_decimal(it, functional).ok());
            money.filter(|it| !it.is_negative()).ok_or_else(|| {
                Failure::new(Code::Usage, format!("`{text}` is not a limit in {functional}"))
            })?
        }
    };
    let mut stops = Vec::new();
    for stop in STOPS {
        stops.push(
            Money::from_decimal(Decimal::from(stop), functional).map_err(code_of_sum("a limit"))?,
        );
    }
    let mut listed = stops.clone();
    if !listed.contains(&tried) {
        listed.push(tried);
        listed.sort_by_key(|money| money.minor());
    }
    let rows = listed.iter().map(|limit| what_if_row(&held, *limit, *limit == tried));
    let rows: Vec<WhatIfRow> = rows.collect::<Result<_, _>>()?;
    let flagged = rows.iter().find(|row| row.current).map_or(0, |row| row.items);
    let share = tieout_report::print_percent(limits.fraction(), tieout_report::Negatives::Minus);
    Ok(WhatIfView {
        ledger: held.view.connection.to_string(),
        currency: functional.code().to_owned(),
        limit: tried.to_plain(),
        note: format!("in {functional}, or {share} if larger"),
        stops: stops.into_iter().map(Money::to_plain).collect(),
        said: format!("{}, {flagged} flagged", amount_in(tried)),
        rows,
        always: "Billed twice, not invoiced past grace and outcome unknown are flagged at every \
                 limit."
            .to_owned(),
        small: small(&held, tried)?,
        by_reason: by_reason(&held)?,
    })
}

fn with_limit(held: &Held, absolute: Money) -> Result<Limits, Failure> {
    let now = &held.view.frame.limits;
    Limits::new(absolute, now.fraction(), now.policy(), now.rounding_minor())
        .map_err(|error| Failure::caused(Code::Usage, "the limit", error))
}

/// Compared deals of the functional currency: others have no rate here.
fn compared(held: &Held) -> impl Iterator<Item = (&DealRow, Money, Money)> {
    let functional = held.evidence.functional;
    held.reconciliation.rows.iter().filter_map(move |row| {
        row.verdict?;
        let figures = row.figures.as_ref()?;
        let ours = figures.variance.currency() == functional;
        ours.then_some((row, figures.variance, figures.expected))
    })
}

fn is_always(row: &DealRow) -> bool {
    !row.zero_tolerance.is_empty() || row.verdict == Some(Verdict::Uncertain)
}

fn flagged(held: &Held, limit: Money) -> Result<Vec<Money>, Failure> {
    let limits = with_limit(held, limit)?;
    let rate = Some(Rate::one(held.evidence.functional));
    let test = LimitTest { limits: &limits, rate };
    let mut flagged = Vec::new();
    for (row, variance, expected) in compared(held) {
        let beyond = test.exceeds(variance, expected).map_err(code_of_sum("a limit"))?;
        if beyond || is_always(row) {
            flagged.push(variance);
        }
    }
    Ok(flagged)
}

fn net_and_absolute(held: &Held, amounts: &[Money]) -> Result<(Money, Money), Failure> {
    let zero = Money::zero(held.evidence.functional);
    let mut sums = (zero, zero);
    for amount in amounts {
        let size = amount.absolute().map_err(code_of_sum("differences"))?;
        sums.0 = sums.0.checked_add(*amount).map_err(code_of_sum("differences"))?;
        sums.1 = sums.1.checked_add(size).map_err(code_of_sum("differences"))?;
    }
    Ok(sums)
}

fn what_if_row(held: &Held, limit: Money, current: bool) -> Result<WhatIfRow, Failure> {
    let flagged = flagged(held, limit)?;
    let (net, absolute) = net_and_absolute(held, &flagged)?;
    Ok(WhatIfRow {
        limit: limit.to_plain(),
        items: flagged.len(),
        net: net.to_plain(),
        absolute: absolute.to_plain(),
        current,
    })
}

/// What the tried limit leaves unflagged: its net, and its sum with signs ignored.
fn small(held: &Held, limit: Money) -> Result<SmallDifferences, Failure> {
    let limits = with_limit(held, limit)?;
    let rate = Some(Rate::one(held.evidence.functional));
    let test = LimitTest { limits: &limits, rate };
    let mut below = Vec::new();
    for (row, variance, expected) in compared(held) {
        let beyond = test.exceeds(variance, expected).map_err(code_of_sum("a limit"))?;
        if !beyond && !is_always(row) && !variance.is_zero() {
            below.push(variance);
        }
    }
    let (net, absolute) = net_and_absolute(held, &below)?;
    let materiality = held.view.frame.materiality;
    let exceeds = absolute.minor() > materiality.minor();
    let share = per_mille(absolute.minor(), materiality.minor());
    let status = match (exceeds, share) {
        (true, _) => Status::new("square_bar", "Together above materiality", Tone::Bad),
        (false, Some(share)) => {
            let words =
                format!("{}.{}% of materiality. Netting hides nothing.", share / 10, share % 10);
            Status::new("tick", words, Tone::Ok)
        }
        (false, None) => Status::new("ring", "No materiality is set", Tone::Soft),
    };
    Ok(SmallDifferences {
        label: format!(
            "{} below {}, net",
            counted(below.len() as u64, "difference", "differences"),
            amount_in(limit)
        ),
        net: net.to_plain(),
        absolute: absolute.to_plain(),
        materiality: materiality.to_plain(),
        status,
    })
}

fn per_mille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0)
        .then(|| ((i128::from(part) * 2000 + i128::from(whole)) / (2 * i128::from(whole))) as i64)
}

/// Each compared deal's difference under the reason that it has: given, proposed, or none.
fn by_reason(held: &Held) -> Result<ByReason, Failure> {
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    let zero = Money::zero(held.evidence.functional);
    let mut all = zero;
    for (row, variance, _) in compared(held) {
        if variance.is_zero() {
            continue;
        }
        let sum = sums.entry(reason_of(row)).or_insert(zero);
        *sum = sum.checked_add(variance).map_err(code_of_sum("differences by reason"))?;
        all = all.checked_add(variance).map_err(code_of_sum("differences by reason"))?;
    }
    let mut bars: Vec<(String, Money)> = sums.into_iter().collect();
    bars.sort_by_key(|(label, sum)| {
        (std::cmp::Reverse(sum.minor().saturating_abs()), label.clone())
    });
    let down = bars.iter().map(|(_, sum)| sum.minor().min(0).saturating_neg()).max().unwrap_or(0);
    let up = bars.iter().map(|(_, sum)| sum.minor().max(0)).max().unwrap_or(0);
    let whole = i128::from(down) + i128::from(up);
    let place = |minor: i64| match whole {
        0 => 0,
        whole => ((i128::from(down) + i128::from(minor)) * 1000 / whole) as i64,
    };
    let zero_at = place(0);
    let rows = bars.into_iter().map(|(label, sum)| {
        let end = place(sum.minor());
        ReasonBar { label, amount: sum.to_plain(), from: end.min(zero_at), to: end.max(zero_at) }
    });
    let agreed = held.evidence.of(all.currency().code()).is_some_and(|it| it.billing.agreed);
    let proof = if agreed { Proof::Agreed } else { Proof::Unproved };
    Ok(ByReason {
        note: all.currency().code().to_owned(),
        zero: zero_at,
        rows: rows.collect(),
        total: ReasonTotal { amount: all.to_plain(), proof },
    })
}

fn reason_of(row: &DealRow) -> String {
    match row.verdict {
        Some(Verdict::MatchedInTolerance) => return "Within limit".to_owned(),
        Some(Verdict::Uncertain) if row.outcome_unknown => return "Outcome unknown".to_owned(),
        _ => {}
    }
    let accepted = row.reasons.iter().find(|reason| reason.accepted);
    let proposed = row.proposed.first().map(|it| it.code.as_str());
    match accepted.map(|reason| reason.code.as_str()).or(proposed) {
        Some(code) => reason_label(code),
        None => "No reason yet".to_owned(),
    }
}
