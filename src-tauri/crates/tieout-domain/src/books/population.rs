//! Which deals count at a day, and what was agreed with the customer by then
//! (`finance-domain §3 D5, §8`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Books, BooksError, Frame, Of};
use crate::assignment::{Outcome, Unkept};
use crate::currency::Currency;
use crate::dates::date_in_zone;
use crate::facts::{Deal, DealEvent, DealLine, ScheduleLine};
use crate::ids::{DealId, DealLineId};
use crate::money::Money;
use crate::schedule::ScheduleItem;

/// Deals that no company keeps, counted and added so that none is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unassigned {
    pub currency: Currency,
    pub count: u64,
    /// Deals with an amount only.
    pub sum: Money,
    pub without_amount: u64,
    pub deals: Vec<DealId>,
    /// The same deals by why no company keeps them.
    pub reasons: Vec<UnassignedReason>,
}

/// Deals of one currency that no company keeps for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnassignedReason {
    pub why: Unkept,
    /// Without reasons of their own.
    pub deals: Unassigned,
}

/// A deal's lines, schedule and history, found once.
pub struct Agreements<'a> {
    lines: BTreeMap<&'a DealId, Vec<&'a DealLine>>,
    schedule: BTreeMap<&'a DealLineId, Vec<&'a ScheduleLine>>,
    events: BTreeMap<&'a DealId, Vec<&'a DealEvent>>,
}

impl<'a> Agreements<'a> {
    /// Deleted lines, schedule rows and history rows do not count.
    pub fn new(books: &'a Books) -> Self {
        let mut found =
            Self { lines: BTreeMap::new(), schedule: BTreeMap::new(), events: BTreeMap::new() };
        for line in books.deal_lines.iter().filter(|line| !line.stamp.deleted) {
            found.lines.entry(&line.deal).or_default().push(line);
        }
        for item in books.schedule_lines.iter().filter(|item| !item.stamp.deleted) {
            found.schedule.entry(&item.line).or_default().push(item);
        }
        for event in books.deal_events.iter().filter(|event| !event.stamp.deleted) {
            found.events.entry(&event.deal).or_default().push(event);
        }
        for lines in found.lines.values_mut() {
            lines.sort_by_key(|line| (line.position, &line.id));
        }
        for events in found.events.values_mut() {
            events.sort_by_key(|event| (event.at, &event.id));
        }
        found
    }

    pub fn lines(&self, deal: &DealId) -> &[&'a DealLine] {
        self.lines.get(deal).map_or(&[], Vec::as_slice)
    }

    /// The schedule rows of a line.
    pub(super) fn rows(&self, line: &DealLineId) -> &[&'a ScheduleLine] {
        self.schedule.get(line).map_or(&[], Vec::as_slice)
    }

    /// The lines that say what the deal is worth. None while some are in another currency than the
    /// deal: then the deal was changed and its lines were not read since.
    pub(super) fn worth(&self, deal: &Deal) -> &[&'a DealLine] {
        let lines = self.lines(&deal.id);
        let agree = lines.iter().all(|line| line.total.currency() == deal.currency);
        if agree { lines } else { &[] }
    }

    /// Contract amount now: the sum of the lines if there are any, else the deal's amount.
    pub fn contract(&self, deal: &Deal) -> Result<Option<Money>, BooksError> {
        let lines = self.worth(deal);
        if lines.is_empty() {
            return Ok(deal.amount);
        }
        let totals = lines.iter().map(|line| line.total);
        Money::sum(deal.currency, totals).of(deal.id.as_str()).map(Some)
    }

    /// Contract amount as it stood at the end of `day`: what the history says was changed later is
    /// taken back.
    pub fn contract_at(
        &self,
        deal: &Deal,
        day: Date,
        frame: &Frame,
    ) -> Result<Option<Money>, BooksError> {
        let Some(now) = self.contract(deal)? else { return Ok(None) };
        let changed = self.changed_after(deal, day, frame)?;
        now.checked_sub(changed).of(deal.id.as_str()).map(Some)
    }

    /// By how much the amount of the deal was changed after `day`. A history row without an amount
    /// says nothing about it.
    fn changed_after(&self, deal: &Deal, day: Date, frame: &Frame) -> Result<Money, BooksError> {
        let on = |event: &DealEvent| date_in_zone(event.at, &frame.time_zone);
        let events = self.events.get(&deal.id).map_or(&[][..], Vec::as_slice);
        let told: Vec<(Date, Money)> = events
            .iter()
            .filter_map(|event| Some((on(event), event.amount?)))
            .filter(|(_, amount)| amount.currency() == deal.currency)
            .collect();
        let then = told.iter().rfind(|(on, _)| *on <= day);
        match (then, told.last()) {
            (Some((_, then)), Some((_, last))) => last.checked_sub(*then).of(deal.id.as_str()),
            _ => Ok(Money::zero(deal.currency)),
        }
    }

    /// The dated parts of what is to be billed: schedule rows, and lines without rows at the
    /// cut-off date. Empty when nothing is scheduled differently from the close date.
    pub fn schedule(&self, deal: &Deal) -> Vec<ScheduleItem> {
        let mut items = Vec::new();
        for line in self.worth(deal) {
            let rows = self.rows(&line.id);
            if rows.is_empty() {
                items.push(ScheduleItem { due_on: deal.close_date, amount: line.total });
            }
            let rows = rows.iter();
            items.extend(rows.map(|row| ScheduleItem { due_on: row.due_on, amount: row.amount }));
        }
        items.sort_by_key(|item| item.due_on);
        items
    }
}

/// Whether the deal is in the population at the day: won, not deleted, cut off by then.
pub fn is_won_by(deal: &Deal, day: Date) -> bool {
    deal.won && !deal.stamp.deleted && deal.close_date <= day
}

/// Won deals at the day that no company keeps, per currency.
pub fn unassigned(books: &Books, frame: &Frame) -> Result<Vec<Unassigned>, BooksError> {
    let agreements = Agreements::new(books);
    let mut found: BTreeMap<Currency, Unassigned> = BTreeMap::new();
    for deal in books.deals.iter().filter(|deal| is_won_by(deal, frame.as_of)) {
        let why = match books.assignments.of(&deal.id) {
            Some(Outcome::Kept { .. }) => continue,
            Some(Outcome::Unkept(why)) => why.clone(),
            None => Unkept::NoRule,
        };
        let contract = agreements.contract(deal)?;
        let row = found.entry(deal.currency).or_insert_with(|| Unassigned::none(deal.currency));
        row.take(deal, contract)?;
        let at = row.reasons.binary_search_by(|reason| reason.why.cmp(&why));
        let at = at.unwrap_or_else(|at| {
            let none = Unassigned::none(deal.currency);
            row.reasons.insert(at, UnassignedReason { why, deals: none });
            at
        });
        row.reasons[at].deals.take(deal, contract)?;
    }
    Ok(found.into_values().collect())
}

/// Count and contract amounts of won deals at the day in a currency, of those that are wanted.
pub fn won_total(
    books: &Books,
    (as_of, currency): (Date, Currency),
    wanted: impl Fn(&Deal) -> bool,
) -> Result<(u64, Money), BooksError> {
    let agreements = Agreements::new(books);
    let (mut count, mut sum) = (0, Money::zero(currency));
    let won = books.deals.iter().filter(|deal| is_won_by(deal, as_of));
    for deal in won.filter(|deal| deal.currency == currency && wanted(deal)) {
        count += 1;
        if let Some(amount) = agreements.contract(deal)? {
            sum = sum.checked_add(amount).of(deal.id.as_str())?;
        }
    }
    Ok((count, sum))
}

impl Unassigned {
    fn none(currency: Currency) -> Self {
        Self {
            currency,
            count: 0,
            sum: Money::zero(currency),
            without_amount: 0,
            deals: Vec::new(),
            reasons: Vec::new(),
        }
    }

    fn take(&mut self, deal: &Deal, contract: Option<Money>) -> Result<(), BooksError> {
        self.count += 1;
        self.deals.push(deal.id.clone());
        match contract {
            Some(amount) => self.sum = self.sum.checked_add(amount).of(deal.id.as_str())?,
            None => self.without_amount += 1,
        }
        Ok(())
    }
}
