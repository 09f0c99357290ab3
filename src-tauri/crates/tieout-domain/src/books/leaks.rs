//! Won and due, and not invoiced when the grace days were over (`finance-domain §8`, leakage).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::positions::DealRow;
use super::{BooksError, Of};
use crate::currency::Currency;
use crate::money::Money;

/// What leaks.
#[derive(Clone, Debug)]
pub struct Leaks<'a> {
    /// By currency; the largest amount first, of one amount the oldest.
    pub rows: Vec<&'a DealRow>,
    /// Past the grace days without an invoice, and nobody knows how much: the amount is missing.
    pub without_amount: Vec<&'a DealRow>,
    /// Leakage of the rows, per currency.
    pub totals: Vec<Money>,
}

/// Deals that were never invoiced; with `part` also those that were invoiced in part. Deals that a
/// person left out do not leak.
pub fn leaks(rows: &[DealRow], part: bool, grace_days: u32) -> Result<Leaks<'_>, BooksError> {
    let ours = || rows.iter().filter(|row| row.won && row.exclusion.is_none());
    let mut leaking: Vec<(&DealRow, Money)> = ours()
        .filter(|row| part || is_never_invoiced(row))
        .filter_map(|row| Some((row, row.leakage.filter(|amount| !amount.is_zero())?)))
        .collect();
    leaking.sort_by_key(|(row, amount)| {
        let size = Reverse(amount.minor().unsigned_abs());
        (amount.currency(), size, Reverse(row.age_days), &row.deal)
    });
    let late = |row: &&DealRow| row.age_days > i64::from(grace_days) && is_never_invoiced(row);
    let mut without_amount: Vec<&DealRow> =
        ours().filter(|row| row.figures.is_none()).filter(late).collect();
    without_amount.sort_by_key(|row| (Reverse(row.age_days), &row.deal));
    let mut totals: BTreeMap<Currency, Money> = BTreeMap::new();
    for (row, amount) in &leaking {
        let currency = amount.currency();
        let total = totals.entry(currency).or_insert_with(|| Money::zero(currency));
        *total = total.checked_add(*amount).of(row.deal.as_str())?;
    }
    Ok(Leaks {
        rows: leaking.into_iter().map(|(row, _)| row).collect(),
        without_amount,
        totals: totals.into_values().collect(),
    })
}

fn is_never_invoiced(row: &DealRow) -> bool {
    match &row.figures {
        Some(figures) => figures.invoiced.is_zero(),
        None => row.documents.is_empty(),
    }
}
