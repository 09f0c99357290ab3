//! Reconciling items: every difference in parts that add up to it exactly. What no person has
//! explained stays visible as `UNEXPLAINED`; there is no plug (`finance-domain §1, §9`).

use std::collections::BTreeMap;

use tieout_domain::books::ReasonDecision;
use tieout_domain::books::positions::DealRow;
use tieout_domain::reasons::{ReasonCode, ReasonProposal};
use tieout_domain::verdict::Verdict;
use tieout_domain::{Currency, Money};

use super::desk::{Desk, figure};
use super::sheet::does_not_add;
use crate::failure::Failure;

/// Who stands behind a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standpoint {
    /// Nobody.
    Open,
    /// The product or a person proposes it, nobody has accepted it.
    Proposed,
    Accepted,
}

impl Standpoint {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
        }
    }
}

/// A part of a deal's difference under one code.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) code: String,
    pub(super) standpoint: Standpoint,
    /// `None`: the deal's amount is unknown.
    pub(super) amount: Option<Money>,
    /// The decision behind it, where there is one.
    pub(super) reason: Option<&'a ReasonDecision>,
    /// What the facts say, where they suggest it.
    pub(super) evidence: Option<&'a str>,
}

/// A deal with the parts of its difference, at least one.
#[derive(Clone, Debug)]
pub(super) struct Item<'a> {
    pub(super) row: &'a DealRow,
    pub(super) currency: Currency,
    pub(super) parts: Vec<Part<'a>>,
}

impl Item<'_> {
    /// A difference that a person still has to decide about.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.row.verdict, Some(Verdict::Unexplained | Verdict::Uncertain))
    }

    fn size(&self) -> u64 {
        figure(self.row, |it| it.variance).map_or(u64::MAX, |it| it.minor().unsigned_abs())
    }
}

/// Net and absolute sums under one code.
pub(super) struct CodeSum {
    pub(super) code: String,
    pub(super) standpoint: Standpoint,
    pub(super) count: u64,
    /// `None`: one of the amounts is unknown.
    pub(super) amounts: Option<Vec<Money>>,
}

/// Every deal whose verdict is explained, unexplained or uncertain: open ones first, then the
/// larger before the smaller.
pub(super) fn items<'a>(desk: &Desk<'a>) -> Result<Vec<Item<'a>>, Failure> {
    let rows = desk.reconciliation.rows.iter();
    let differing = rows.filter(|row| {
        matches!(row.verdict, Some(Verdict::Explained | Verdict::Unexplained | Verdict::Uncertain))
    });
    let mut items = differing
        .map(|row| {
            let currency = desk.currency_of(row);
            Ok(Item { row, currency, parts: parts(row, currency)? })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    items.sort_by(|a, b| {
        let (one, other) = (std::cmp::Reverse(a.size()), std::cmp::Reverse(b.size()));
        (!a.is_open(), one, &a.row.deal).cmp(&(!b.is_open(), other, &b.row.deal))
    });
    Ok(items)
}

/// Accepted reasons, then what is left of the variance: under the reasons that a person proposed,
/// or else under those that the facts suggest, if they make exactly that; else as `UNEXPLAINED`.
fn parts(row: &DealRow, currency: Currency) -> Result<Vec<Part<'_>>, Failure> {
    let Some(variance) = figure(row, |it| it.variance) else {
        return Ok(vec![open("AMOUNT_MISSING", None)]);
    };
    let sum = |parts: &[Part<'_>]| {
        Money::sum(currency, parts.iter().filter_map(|part| part.amount))
            .map_err(does_not_add(row.deal.as_str()))
    };
    let (accepted, proposed): (Vec<_>, Vec<_>) =
        row.reasons.iter().partition(|reason| reason.accepted);
    let mut parts: Vec<Part<'_>> = accepted.into_iter().map(Part::of_person).collect();
    let rest = variance.checked_sub(sum(&parts)?).map_err(does_not_add(row.deal.as_str()))?;
    if rest.is_zero() && !parts.is_empty() {
        return Ok(parts);
    }
    let proposed: Vec<Part<'_>> = proposed.into_iter().map(Part::of_person).collect();
    let suggested: Vec<Part<'_>> = row.proposed.iter().map(Part::of_facts).collect();
    for candidates in [proposed, suggested] {
        if !candidates.is_empty() && sum(&candidates)? == rest {
            parts.extend(candidates);
            return Ok(parts);
        }
    }
    parts.push(open(ReasonCode::Unexplained.as_str(), Some(rest)));
    Ok(parts)
}

impl<'a> Part<'a> {
    /// Naming a difference unexplained proposes nothing.
    fn of_person(reason: &'a ReasonDecision) -> Self {
        let standpoint = match (reason.accepted, reason.code.as_str()) {
            (true, _) => Standpoint::Accepted,
            (false, code) if code == ReasonCode::Unexplained.as_str() => Standpoint::Open,
            (false, _) => Standpoint::Proposed,
        };
        let (code, amount) = (reason.code.clone(), Some(reason.amount));
        Self { code, standpoint, amount, reason: Some(reason), evidence: None }
    }

    fn of_facts(proposal: &'a ReasonProposal) -> Self {
        let unexplained = proposal.code == ReasonCode::Unexplained;
        Self {
            code: proposal.code.as_str().to_owned(),
            standpoint: if unexplained { Standpoint::Open } else { Standpoint::Proposed },
            amount: Some(proposal.amount),
            reason: None,
            evidence: Some(&proposal.evidence),
        }
    }
}

fn open<'a>(code: &str, amount: Option<Money>) -> Part<'a> {
    let (code, standpoint) = (code.to_owned(), Standpoint::Open);
    Part { code, standpoint, amount, reason: None, evidence: None }
}

/// The parts of these items by code, the larger sum before the smaller.
pub(super) fn by_code(items: &[&Item<'_>], currency: Currency) -> Result<Vec<CodeSum>, Failure> {
    let mut found: BTreeMap<(&str, Standpoint), CodeSum> = BTreeMap::new();
    for part in items.iter().flat_map(|item| &item.parts) {
        let key = (part.code.as_str(), part.standpoint);
        let sum = found.entry(key).or_insert_with(|| CodeSum {
            code: part.code.clone(),
            standpoint: part.standpoint,
            count: 0,
            amounts: Some(Vec::new()),
        });
        sum.count += 1;
        match (part.amount, &mut sum.amounts) {
            (Some(amount), Some(amounts)) => amounts.push(amount),
            _ => sum.amounts = None,
        }
    }
    let sized = found.into_values().map(|sum| {
        let amounts = sum.amounts.as_deref().unwrap_or_default();
        let (_, absolute) = super::results::sums_of(amounts, currency)?;
        Ok((std::cmp::Reverse(absolute.minor()), sum))
    });
    let mut sized = sized.collect::<Result<Vec<_>, Failure>>()?;
    sized.sort_by_key(|(size, _)| *size);
    Ok(sized.into_iter().map(|(_, sum)| sum).collect())
}

/// The sum of the variances of these items; `None` where an amount is unknown.
pub(super) fn variance(items: &[&Item<'_>], currency: Currency) -> Result<Option<Money>, Failure> {
    let amounts: Option<Vec<Money>> =
        items.iter().map(|item| figure(item.row, |it| it.variance)).collect();
    let sum = amounts.map(|amounts| Money::sum(currency, amounts)).transpose();
    sum.map_err(does_not_add("reconciling items"))
}
