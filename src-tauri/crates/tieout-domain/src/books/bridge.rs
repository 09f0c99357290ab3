//! T5: from the backlog before the period to the backlog at the day (`finance-domain §14`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::applications::counts;
use super::population::{Agreements, is_won_by};
use super::proof::ProofInput;
use super::{BooksError, Of};
use crate::currency::Currency;
use crate::dates::date_in_zone;
use crate::facts::{Deal, LedgerDocumentKind};
use crate::ids::{DealId, DocumentId};
use crate::matching::{Link, LinkKind, LinkState};
use crate::money::Money;
use crate::tieouts::{
    BacklogItem, Bridge, Comparison, ControlTotal, ListedItem, TieOut, TieOutLine, closing_backlog,
};

/// Links that bill, by deal.
type BillingLinks<'a> = BTreeMap<&'a DealId, Vec<&'a Link>>;

impl ProofInput<'_> {
    /// Deals of the bridge: assigned to the ledger, of the currency, not excluded.
    fn bridged(&self, currency: Currency) -> impl Iterator<Item = &Deal> {
        let excluded: BTreeSet<&DealId> =
            self.books.exclusions.iter().map(|exclusion| &exclusion.deal).collect();
        self.books.deals.iter().filter(move |deal| {
            self.books.keeps(&deal.id) && deal.currency == currency && !excluded.contains(&deal.id)
        })
    }

    fn billing_links(&self) -> BillingLinks<'_> {
        let documents = self.books.documents.iter().filter(|document| counts(document));
        let counting: BTreeSet<&DocumentId> = documents.map(|document| &document.id).collect();
        let links = self.matches.links.iter().filter(|link| {
            link.state == LinkState::Confirmed && counting.contains(&link.document.id)
        });
        let mut found = BillingLinks::new();
        for link in links {
            found.entry(&link.deal).or_default().push(link);
        }
        found
    }

    /// What the periods did to the backlog of the won deals with a known contract amount.
    pub(super) fn bridge(&self, currency: Currency) -> Result<Bridge, BooksError> {
        let agreements = Agreements::new(self.books);
        let links = self.billing_links();
        let before = self.day_before();
        let end = self.frame.as_of;
        let zero = Money::zero(currency);
        let mut bridge = Bridge {
            opening: zero,
            new_won: zero,
            increases: zero,
            billed: zero,
            reductions: zero,
            scope_in: zero,
            scope_out: zero,
        };
        for deal in self.bridged(currency).filter(|deal| is_won_by(deal, end)) {
            let subject = deal.id.as_str();
            let Some(now) = self.agreed_by(deal, end, &agreements)? else { continue };
            let of_deal = links.get(&deal.id).map_or(&[][..], Vec::as_slice);
            let billed_before = billed_by(deal, of_deal, before)?;
            let billed = billed_by(deal, of_deal, end)?.checked_sub(billed_before).of(subject)?;
            bridge.billed = bridge.billed.checked_add(billed).of(subject)?;
            if is_won_by(deal, before) {
                let then = self.agreed_by(deal, before, &agreements)?.unwrap_or(now);
                let backlog = then.checked_sub(billed_before).of(subject)?;
                bridge.opening = bridge.opening.checked_add(backlog).of(subject)?;
                let change = now.checked_sub(then).of(subject)?;
                let side = if change.is_negative() {
                    &mut bridge.reductions
                } else {
                    &mut bridge.increases
                };
                *side = side.checked_add(change.absolute().of(subject)?).of(subject)?;
            } else {
                bridge.new_won = bridge.new_won.checked_add(now).of(subject)?;
                bridge.scope_out = bridge.scope_out.checked_add(billed_before).of(subject)?;
            }
        }
        Ok(bridge)
    }

    /// Contract amount by the end of a day. A deal that was won after the day was agreed when it
    /// was won.
    fn agreed_by(
        &self,
        deal: &Deal,
        day: Date,
        agreements: &Agreements<'_>,
    ) -> Result<Option<Money>, BooksError> {
        let zone = &self.frame.time_zone;
        let won_on = deal.stage_changed_at.map(|at| date_in_zone(at, zone));
        agreements.contract_at(deal, won_on.map_or(day, |on| on.max(day)), self.frame)
    }

    /// What was changed after the day, by deal: the rows hold amounts as they are known now.
    fn changed_since(&self, currency: Currency) -> Result<Vec<ListedItem>, BooksError> {
        let agreements = Agreements::new(self.books);
        let mut changes = Vec::new();
        for deal in self.bridged(currency).filter(|deal| is_won_by(deal, self.frame.as_of)) {
            let then = self.agreed_by(deal, self.frame.as_of, &agreements)?;
            let Some((then, now)) = then.zip(agreements.contract(deal)?) else { continue };
            let amount = then.checked_sub(now).of(deal.id.as_str())?;
            if !amount.is_zero() {
                let reference = deal.reference.clone().unwrap_or_else(|| deal.id.to_string());
                changes.push(ListedItem { reference, amount });
            }
        }
        changes.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(changes)
    }

    pub(super) fn bridge_line(
        &self,
        bridge: &Bridge,
        currency: Currency,
    ) -> Result<TieOutLine, BooksError> {
        let won = self.rows.iter().filter(|row| row.exclusion.is_none() && row.won);
        let items = won.filter_map(|row| {
            let figures = row.figures.as_ref()?;
            let same = figures.contract.currency() == currency;
            same.then_some(BacklogItem { contract: figures.contract, billed: figures.billed })
        });
        let held = closing_backlog(currency, items).of("backlog")?;
        TieOutLine::compare(Comparison {
            tie_out: TieOut::Bridge,
            name: "bookings to billings, backlog".into(),
            source: Some(ControlTotal { amount: bridge.closing().of("bridge")?, count: None }),
            held: ControlTotal { amount: held, count: None },
            tolerance_minor: 0,
            explained_by: self.changed_since(currency)?,
        })
        .of("bridge")
    }
}

/// Net billed of one deal by the end of a day.
fn billed_by(deal: &Deal, links: &[&Link], day: Date) -> Result<Money, BooksError> {
    let mut billed = Money::zero(deal.currency);
    for link in links.iter().filter(|link| link.effective_on <= day) {
        let takes_back =
            link.kind == LinkKind::Credits || link.document.kind == LedgerDocumentKind::CreditMemo;
        let next = if takes_back {
            billed.checked_sub(link.allocated)
        } else {
            billed.checked_add(link.allocated)
        };
        billed = next.of(deal.id.as_str())?;
    }
    Ok(billed)
}
