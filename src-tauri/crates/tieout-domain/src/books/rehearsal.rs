//! What creating would do with the deals won in a time, before anything is written.
//!
//! Every won deal has exactly one fate, so the fates add up to the won total of the time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::population::{Agreements, is_won_by};
use super::positions::{DealRow, Standing};
use super::{Books, BooksError, Frame, Of};
use crate::currency::Currency;
use crate::dates::Period;
use crate::effect::EffectState;
use crate::facts::Deal;
use crate::gates::{GateDetail, GateFinding};
use crate::ids::{AccountId, DealId, DocumentId};
use crate::matching::{LinkState, MatchOutcome, Matches, Tier};
use crate::money::Money;
use crate::status::BillingStatus;

/// What a create run would do with a deal that it looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Create a document of this net.
    Create(Money),
    Blocked(Vec<GateFinding>),
    /// Nothing: a promise of it stands there already.
    Promised(EffectState),
}

/// What becomes of a won deal. In the order in which a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// Its document would be created.
    Create,
    /// A gate stops it.
    Blocked,
    /// Documents that may be its own wait for a person.
    Ambiguous,
    /// A document is linked to it.
    Matched,
    /// Its document was promised before.
    Promised,
    /// Nothing of it is due yet.
    NotDue,
    /// A person left it out, or it is free of charge.
    Excluded,
    /// Another company keeps it.
    Elsewhere,
    /// No company keeps it.
    Unassigned,
}

impl Fate {
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Blocked,
        Self::Ambiguous,
        Self::Matched,
        Self::Promised,
        Self::NotDue,
        Self::Excluded,
        Self::Elsewhere,
        Self::Unassigned,
    ];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Blocked => "blocked",
            Self::Ambiguous => "ambiguous",
            Self::Matched => "matched",
            Self::Promised => "promised",
            Self::NotDue => "not_due",
            Self::Excluded => "excluded",
            Self::Elsewhere => "elsewhere",
            Self::Unassigned => "unassigned",
        }
    }
}

/// One won deal of the time.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    pub deal: DealId,
    pub reference: Option<String>,
    pub name: String,
    pub account: Option<AccountId>,
    pub close_date: Date,
    pub currency: Currency,
    /// Unknown is not zero.
    pub contract: Option<Money>,
    pub fate: Fate,
    /// Net of the document that would be created: what is due of the contract.
    pub to_create: Option<Money>,
    pub gates: Vec<GateFinding>,
    /// Linked to it; of an ambiguous deal those that may be.
    pub documents: Vec<DocumentId>,
    /// The strongest link of a matched deal.
    pub tier: Option<Tier>,
}

/// Deals of one currency together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DealSum {
    pub currency: Currency,
    pub deals: u64,
    /// Contract amounts, of deals with an amount only.
    pub sum: Money,
    pub without_amount: u64,
}

/// By which rule documents were matched, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    pub fate: Fate,
    pub tier: Tier,
    /// The rule's stable name, or the code of what matching refused to decide.
    pub rule: &'static str,
}

/// What would happen.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    pub period: Period,
    /// By close date and id.
    pub deals: Vec<Rehearsed>,
    pub fates: BTreeMap<Fate, Vec<DealSum>>,
    /// Matched deals by their strongest link.
    pub tiers: BTreeMap<Tier, Vec<DealSum>>,
    /// Documents that would be created, by their net.
    pub to_create: Vec<DealSum>,
    /// Won in the time, per currency, counted from the deals themselves.
    pub won: Vec<DealSum>,
    /// Deals per code of a failing gate; a deal counts at each of its gates.
    pub gates: BTreeMap<&'static str, u64>,
    /// Documents per rule.
    pub evidence: BTreeMap<Evidence, u64>,
}

impl Rehearsal {
    /// Whether the fates add up to the won total, in every currency.
    pub fn foots(&self) -> Result<bool, BooksError> {
        let mut added: BTreeMap<Currency, DealSum> = BTreeMap::new();
        for part in self.fates.values().flatten() {
            let sum = added.entry(part.currency).or_insert_with(|| DealSum::none(part.currency));
            sum.deals += part.deals;
            sum.without_amount += part.without_amount;
            sum.sum = sum.sum.checked_add(part.sum).of("a rehearsal")?;
        }
        Ok(added.into_values().eq(self.won.iter().copied()))
    }
}

impl DealSum {
    fn none(currency: Currency) -> Self {
        Self { currency, deals: 0, sum: Money::zero(currency), without_amount: 0 }
    }

    fn add(&mut self, deal: &DealId, contract: Option<Money>) -> Result<(), BooksError> {
        self.deals += 1;
        match contract {
            Some(amount) => self.sum = self.sum.checked_add(amount).of(deal.as_str())?,
            None => self.without_amount += 1,
        }
        Ok(())
    }
}

/// Rehearses over the deals won by the frame's day that close in the period. `ahead` is what a
/// create run would do with the deals that it looks at.
pub fn rehearse(
    books: &Books,
    frame: &Frame,
    (rows, matches): (&[DealRow], &Matches),
    ahead: &BTreeMap<DealId, Ahead>,
    period: Period,
) -> Result<Rehearsal, BooksError> {
    let agreements = Agreements::new(books);
    let by_deal: BTreeMap<&DealId, &DealRow> = rows.iter().map(|row| (&row.deal, row)).collect();
    let won = books
        .deals
        .iter()
        .filter(|deal| is_won_by(deal, frame.as_of) && period.contains(deal.close_date));
    let mut deals = Vec::new();
    let mut totals: BTreeMap<Currency, DealSum> = BTreeMap::new();
    for deal in won {
        let contract = agreements.contract(deal)?;
        let total = totals.entry(deal.currency).or_insert_with(|| DealSum::none(deal.currency));
        total.add(&deal.id, contract)?;
        let row = by_deal.get(&deal.id).copied().filter(|_| books.keeps(&deal.id));
        let unkept = books.assignments.unkept(&deal.id).is_some();
        deals.push(rehearsed(deal, contract, (row, unkept), ahead.get(&deal.id)));
    }
    deals.sort_by(|a, b| (a.close_date, &a.deal).cmp(&(b.close_date, &b.deal)));
    let mut rehearsal = Rehearsal {
        period,
        fates: sums(&deals, |deal| Some((deal.fate, deal.contract)))?,
        tiers: sums(&deals, |deal| Some((deal.tier?, deal.contract)))?,
        to_create: sums(&deals, |deal| Some(((), Some(deal.to_create?))))?
            .remove(&())
            .unwrap_or_default(),
        won: totals.into_values().collect(),
        gates: BTreeMap::new(),
        evidence: evidence(&deals, matches),
        deals,
    };
    for deal in &rehearsal.deals {
        let codes: BTreeSet<&str> = deal.gates.iter().map(|gate| gate.detail.code()).collect();
        for code in codes {
            *rehearsal.gates.entry(code).or_default() += 1;
        }
    }
    Ok(rehearsal)
}

fn rehearsed(
    deal: &Deal,
    contract: Option<Money>,
    (row, unkept): (Option<&DealRow>, bool),
    ahead: Option<&Ahead>,
) -> Rehearsed {
    let linked = row.map(|row| row.documents.iter().filter(|it| it.standing != Standing::Deleted));
    let linked: Vec<_> = linked.into_iter().flatten().collect();
    let fate = match row {
        Some(row) => fate(row, ahead, !linked.is_empty()),
        None if unkept => Fate::Unassigned,
        None => Fate::Elsewhere,
    };
    let suspected = row.map_or(&[][..], |row| &row.suspected);
    Rehearsed {
        deal: deal.id.clone(),
        reference: deal.reference.clone(),
        name: deal.name.clone(),
        account: deal.account.clone(),
        close_date: deal.close_date,
        currency: deal.currency,
        contract,
        fate,
        to_create: match ahead {
            Some(Ahead::Create(net)) if fate == Fate::Create => Some(*net),
            _ => None,
        },
        gates: match ahead {
            Some(Ahead::Blocked(findings)) if fate != Fate::Excluded => findings.clone(),
            _ => Vec::new(),
        },
        documents: match fate {
            Fate::Ambiguous => suspected.to_vec(),
            _ => linked.iter().map(|it| it.document.clone()).collect(),
        },
        tier: linked.iter().map(|it| it.tier).min().filter(|_| fate == Fate::Matched),
    }
}

fn fate(row: &DealRow, ahead: Option<&Ahead>, linked: bool) -> Fate {
    if row.billing == BillingStatus::Excluded {
        return Fate::Excluded;
    }
    match ahead {
        Some(Ahead::Create(_)) => Fate::Create,
        Some(Ahead::Promised(_)) => Fate::Promised,
        _ if linked => Fate::Matched,
        Some(Ahead::Blocked(_)) if !row.suspected.is_empty() => Fate::Ambiguous,
        Some(Ahead::Blocked(findings)) if only_waits(findings) => Fate::NotDue,
        Some(Ahead::Blocked(_)) => Fate::Blocked,
        None if row.billing == BillingStatus::InFlight => Fate::Promised,
        None => Fate::NotDue,
    }
}

fn only_waits(findings: &[GateFinding]) -> bool {
    findings.iter().all(|it| matches!(it.detail, GateDetail::NothingDue { .. }))
}

/// Sums per key and currency, of the deals that have a key.
fn sums<K: Ord>(
    deals: &[Rehearsed],
    of: impl Fn(&Rehearsed) -> Option<(K, Option<Money>)>,
) -> Result<BTreeMap<K, Vec<DealSum>>, BooksError> {
    let mut found: BTreeMap<K, BTreeMap<Currency, DealSum>> = BTreeMap::new();
    for deal in deals {
        let Some((key, amount)) = of(deal) else { continue };
        let sums = found.entry(key).or_default();
        let sum = sums.entry(deal.currency).or_insert_with(|| DealSum::none(deal.currency));
        sum.add(&deal.deal, amount)?;
    }
    Ok(found.into_iter().map(|(key, sums)| (key, sums.into_values().collect())).collect())
}

/// Documents by the rule that linked them, or by what keeps them from being linked.
fn evidence(deals: &[Rehearsed], matches: &Matches) -> BTreeMap<Evidence, u64> {
    let fates: BTreeMap<&DealId, Fate> = deals.iter().map(|it| (&it.deal, it.fate)).collect();
    let mut found: BTreeMap<Evidence, BTreeSet<&DocumentId>> = BTreeMap::new();
    let mut add = |(fate, tier, rule), document| {
        found.entry(Evidence { fate, tier, rule }).or_default().insert(document);
    };
    for link in &matches.links {
        let wanted = match link.state {
            LinkState::Confirmed => Fate::Matched,
            LinkState::Suggested => Fate::Ambiguous,
        };
        if fates.get(&link.deal) == Some(&wanted) {
            add((wanted, link.tier, link.evidence.rule.id()), &link.document.id);
        }
    }
    for outcome in &matches.outcomes {
        let (tier, deals, documents) = match outcome {
            MatchOutcome::Ambiguous { tier, deals, documents, .. }
            | MatchOutcome::TooManyCandidates { tier, deals, documents, .. } => {
                (*tier, deals.as_slice(), documents.as_slice())
            }
            MatchOutcome::Conflict { tier, deal, document, .. } => {
                (*tier, std::slice::from_ref(deal), std::slice::from_ref(document))
            }
            MatchOutcome::Uncertain { .. } | MatchOutcome::DuplicateKey { .. } => continue,
        };
        if deals.iter().any(|deal| fates.get(deal) == Some(&Fate::Ambiguous)) {
            documents.iter().for_each(|it| add((Fate::Ambiguous, tier, outcome.code()), &it.id));
        }
    }
    found.into_iter().map(|(rule, documents)| (rule, documents.len() as u64)).collect()
}
