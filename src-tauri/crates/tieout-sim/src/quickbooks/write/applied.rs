//! A document that others settle keeps what they have settled.

use rust_decimal::Decimal;

use super::super::entity::Entity;
use super::super::ledger;
use super::super::refusal::Refusal;
use super::super::row::{Body, RowId};
use super::Writing;

/// Refuses a change that would leave more settled than there is, or turn a debt into a credit.
pub fn check(
    writing: &Writing<'_>,
    entity: Entity,
    id: &RowId,
    old: &Body,
    new: &Body,
) -> Result<(), Refusal> {
    let document = (entity, id.clone());
    let books = &*writing.books;
    // A journal or a deposit may speak of several customers: each has its own part.
    let shared = matches!(entity, Entity::JournalEntry | Entity::Deposit);
    let after = ledger::effects(books, entity, new);
    for (customer, before) in ledger::effects(books, entity, old) {
        let payer = shared.then_some(customer.as_str());
        let used = ledger::applied(books, &document, payer, None);
        let left = after.get(&customer).copied().unwrap_or_default();
        let turned = (before < Decimal::ZERO) != (left < Decimal::ZERO);
        if used > Decimal::ZERO && (turned || used > left.abs()) {
            return Err(Refusal::business("More is applied to the transaction than is left of it"));
        }
    }
    Ok(())
}
