//! References from one object to another, and what follows from them.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::accounts;
use super::super::amount::{flag, named, number_at, plain, reference, text};
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row};
use super::Writing;

impl Writing<'_> {
    /// The row that `member` of `body` refers to, with its name written into the reference. An
    /// inactive row is refused unless the object referred to it before.
    pub fn referred(
        &self,
        body: &mut Body,
        member: &str,
        entity: Entity,
        old: Option<&Body>,
    ) -> Result<Option<Row>, Refusal> {
        let Some(id) = reference(body, member).map(str::to_owned) else { return Ok(None) };
        let row = self.books.get(entity, &id);
        let row = row.ok_or_else(|| Refusal::bad_reference(entity, &id))?;
        let before = old.and_then(|old| reference(old, member)) == Some(id.as_str());
        if !before && !is_active(&row.body) {
            return Err(Refusal::not_found());
        }
        body.insert(member.to_owned(), named(&id, &name_of(entity, &row.body)));
        Ok(Some(row.clone()))
    }

    /// Sets currency and rate of a document of this customer (`quickbooks §7`).
    pub fn set_currency(
        &self,
        body: &mut Body,
        party: Option<&Body>,
        day: Date,
        is_payment: bool,
    ) -> Result<(), Refusal> {
        let home = self.books.config.home_currency.as_str();
        let own = party.and_then(|party| reference(party, "CurrencyRef")).unwrap_or(home);
        let given = reference(body, "CurrencyRef").unwrap_or(own).to_owned();
        if given != own {
            let detail = "The currency of the transaction is invalid for customer/vendor/account.";
            return Err(Refusal::business(detail));
        }
        body.insert("CurrencyRef".to_owned(), named(&given, accounts::currency_name(&given)));
        if !self.books.config.multi_currency {
            body.remove("ExchangeRate");
            return Ok(());
        }
        let rate = document_rate(self.books, body, &given, day, is_payment);
        body.insert("ExchangeRate".to_owned(), plain(rate));
        Ok(())
    }
}

/// The rate as sent, or the list's. A payment without one was seen to be posted at 1.
fn document_rate(
    books: &Books,
    body: &Body,
    currency: &str,
    day: Date,
    is_payment: bool,
) -> Decimal {
    let sent = number_at(body, "ExchangeRate").filter(|rate| *rate > Decimal::ZERO);
    let listed = if is_payment { None } else { books.rate_on(currency, day) };
    sent.or(listed).unwrap_or(Decimal::ONE)
}

/// Rows without the member are active.
pub fn is_active(body: &Body) -> bool {
    !body.contains_key("Active") || flag(body, "Active")
}

/// The name that goes into references to the row.
pub fn name_of(entity: Entity, body: &Body) -> String {
    let member = entity.name_member().unwrap_or("DocNumber");
    let full = text(body, "FullyQualifiedName").filter(|_| entity == Entity::Account);
    full.or_else(|| text(body, member)).unwrap_or_default().to_owned()
}

/// Puts `value` where the member is absent.
pub fn default(body: &mut Body, member: &str, value: Value) {
    body.entry(member.to_owned()).or_insert(value);
}
