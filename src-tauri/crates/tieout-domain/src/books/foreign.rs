//! What is open in other currencies as the general ledger holds it: each document at its own rate
//! (`finance-domain §12 X3`).
//!
//! A control account is kept in functional currency and holds all of it. Comparisons stay in
//! document currency, so the rest of the account is listed, document by document.

use std::collections::BTreeMap;

use super::receivables::Receivables;
use super::{Books, BooksError, Of};
use crate::currency::Currency;
use crate::fx::Rate;
use crate::money::Money;
use crate::tieouts::ListedItem;

/// The open foreign invoices and credits in functional currency. One without a rate is left out:
/// then the account shows a difference, and no rate is made up.
pub(super) fn translated(
    books: &Books,
    receivables: &Receivables,
    functional: Currency,
) -> Result<Vec<ListedItem>, BooksError> {
    let foreign = books.documents.iter().filter(|document| document.currency != functional);
    let rates: BTreeMap<&str, Rate> = foreign
        .filter_map(|document| {
            let rate = Rate::new(document.currency, functional, document.exchange_rate?).ok()?;
            Some((document.id.as_str(), rate))
        })
        .collect();
    let invoices = receivables.invoices.iter().map(|it| {
        let reference = it.number.clone().unwrap_or_else(|| it.document.to_string());
        (it.document.as_str(), reference, Ok(it.open))
    });
    let unapplied = receivables.unapplied.iter().map(|it| {
        let reference = it.number.clone().unwrap_or_else(|| it.id.clone());
        (it.id.as_str(), reference, it.unapplied.negated())
    });
    let mut listed = Vec::new();
    for (id, reference, open) in invoices.chain(unapplied) {
        let open: Money = open.of(id)?;
        if let Some(rate) = rates.get(id).filter(|_| !open.is_zero()) {
            let amount = rate.translate(open).of(id)?;
            listed.push(ListedItem { reference, amount });
        }
    }
    Ok(listed)
}
