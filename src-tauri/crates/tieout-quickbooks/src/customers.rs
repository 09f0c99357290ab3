//! Finding and creating customers (`quickbooks §3.2`, the 6240 flow of `§4.12`).

use serde::Serialize;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, ProposedCustomer};
use tieout_domain::facts::{Address, Customer, Fact};

use crate::QuickBooks;
use crate::create::before_sending;
use crate::door::{Raw, malformed};
use crate::entity::Entity;
use crate::note;
use crate::query::Select;
use crate::reading::Context;
use crate::settings::CUSTOMER_NAME_CHARS_MAX;
use crate::single::fact_of;

/// The tool's code for a name that is taken.
const NAME_TAKEN: &str = "6240";
/// Longest company name; a longer one is left out, the display name holds it whole.
const COMPANY_NAME_CHARS_MAX: usize = 100;
const STREET_LINES_MAX: usize = 5;

/// Customers of exactly this name, inactive ones included. Our mark in their notes comes with
/// them, but cannot be searched for.
///
/// A vendor or employee of the name is no candidate. It keeps a customer from being created, which
/// `create` says.
pub(crate) async fn candidates(
    quickbooks: &QuickBooks,
    proposal: &ProposedCustomer,
) -> Answer<Vec<Customer>> {
    let name = proposal.name.trim();
    let found = quickbooks.door().batch(&customers_named(name)).await?;
    let books = quickbooks.books().await?;
    let context =
        Context { books: &books, labels: quickbooks.labels(), line_codes_are_flags: false };
    let mut candidates: Vec<Customer> = Vec::new();
    for raw in found.iter().flat_map(|rows| &rows.records) {
        let customer = customer_of(raw, context)?;
        if !candidates.iter().any(|known| known.id == customer.id) {
            candidates.push(customer);
        }
    }
    Ok(candidates)
}

/// Statements that find every customer of a name; an inactive one carries a suffix.
fn customers_named(name: &str) -> [Select; 2] {
    [named(Entity::Customer, name), named(Entity::Customer, &format!("{name} (deleted)"))]
}

fn named(entity: Entity, name: &str) -> Select {
    Select::all(entity).equals("DisplayName", name)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bill_addr: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_ref: Option<Reference>,
    notes: String,
}

#[derive(Serialize)]
struct Reference {
    value: String,
}

/// Creates a customer, once. The name itself makes it idempotent: a second one is refused.
///
/// A taken name is `Rejected` with code 6240 and, where it can be found out, the list that has it.
pub(crate) async fn create(
    quickbooks: &QuickBooks,
    proposal: &ProposedCustomer,
) -> Answer<Customer> {
    let books = quickbooks.books().await.map_err(before_sending)?;
    if proposal.currency != books.home && !books.multi_currency {
        return Err(refused("6000", "CurrencyRef", "The company keeps one currency only"));
    }
    let name = checked_name(&proposal.name)?;
    let body = Body {
        company_name: Some(name.clone())
            .filter(|name| name.chars().count() <= COMPANY_NAME_CHARS_MAX),
        display_name: name.clone(),
        bill_addr: address(&proposal.address),
        currency_ref: books
            .multi_currency
            .then(|| Reference { value: proposal.currency.code().to_owned() }),
        notes: note::customer_note(&proposal.account),
    };
    let context =
        Context { books: &books, labels: quickbooks.labels(), line_codes_are_flags: false };
    match quickbooks.door().create(Entity::Customer, None, &body).await {
        Ok(raw) => customer_of(&raw, context),
        Err(ConnectorError::Rejected { code, field, text }) if code == NAME_TAKEN => {
            let holder = holder_of(quickbooks, &name).await;
            Err(ConnectorError::Rejected { code, field: holder.or(field), text })
        }
        Err(error) => Err(error),
    }
}

/// The list that holds a name: names are unique over customers, vendors and employees. `None` if
/// the look-up fails, which leaves the refusal as it is.
async fn holder_of(quickbooks: &QuickBooks, name: &str) -> Option<String> {
    let lists = [Entity::Customer, Entity::Customer, Entity::Vendor, Entity::Employee];
    let [active, inactive] = customers_named(name);
    let statements = [active, inactive, named(Entity::Vendor, name), named(Entity::Employee, name)];
    let found = quickbooks.door().batch(&statements).await.ok()?;
    let held = found.iter().zip(lists).find(|(rows, _)| !rows.records.is_empty());
    held.map(|(_, list)| list.name().to_owned())
}

/// The name as it is: what the tool cannot hold is refused here, never cut or mended, since a
/// changed name would not be found again.
fn checked_name(name: &str) -> Answer<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().any(|c| c == ':' || c.is_control()) {
        let text = "QuickBooks takes no name that is empty or has a colon, tab or line end";
        return Err(refused("NAME", "DisplayName", text));
    }
    if name.chars().count() > CUSTOMER_NAME_CHARS_MAX as usize {
        return Err(refused(
            "2050",
            "DisplayName",
            "QuickBooks takes names of up to 500 characters",
        ));
    }
    Ok(name.to_owned())
}

fn refused(code: &str, field: &str, text: &str) -> ConnectorError {
    ConnectorError::Rejected {
        code: code.to_owned(),
        field: Some(field.to_owned()),
        text: text.to_owned(),
    }
}

/// Only what is known; the street goes into up to five lines.
fn address(address: &Address) -> Option<serde_json::Map<String, serde_json::Value>> {
    let mut members = serde_json::Map::new();
    let mut put = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            members.insert(name.to_owned(), value.trim().into());
        }
    };
    let street = address.street.as_deref().unwrap_or_default();
    for (at, line) in street.splitn(STREET_LINES_MAX, '\n').enumerate() {
        put(&format!("Line{}", at + 1), &line.replace('\n', ", "));
    }
    let rest = [
        ("City", &address.city),
        ("CountrySubDivisionCode", &address.region),
        ("PostalCode", &address.postal_code),
        ("Country", &address.country),
    ];
    for (name, value) in rest {
        put(name, value.as_deref().unwrap_or_default());
    }
    Some(members).filter(|members| !members.is_empty())
}

fn customer_of(raw: &Raw, context: Context<'_>) -> Answer<Customer> {
    match fact_of(Entity::Customer, raw, context)? {
        Some(Fact::Customer(customer)) => Ok(customer),
        _ => Err(malformed("Customer")),
    }
}

#[cfg(test)]
mod tests;
