//! Finding and creating contacts (`xero §6.2`).

use serde::Serialize;
use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, ProposedCustomer};
use tieout_domain::facts::{Address, Customer, Fact};

use crate::Xero;
use crate::create::{accepted, before_sending, creating};
use crate::door::{Raw, malformed};
use crate::kind::{Kind, ROWS_MAX};
use crate::pages::all_pages;
use crate::read::{listing, text_of};
use crate::settings::CUSTOMER_NAME_CHARS_MAX;
use crate::single::facts_of;

/// Pages of contacts that a search for one name may have.
const NAME_PAGES_MAX: u32 = 5;
const STREET_LINES_MAX: usize = 4;

/// Contacts that carry the Account's id as their number, and contacts of its name, archived ones
/// included. The search finds parts of names too, and compares without case and accents; here the
/// whole name is compared without case, and the rest is for the caller to judge.
pub(crate) async fn candidates(xero: &Xero, proposal: &ProposedCustomer) -> Answer<Vec<Customer>> {
    let mut candidates = Vec::new();
    match xero.door().record(Kind::Contact, proposal.account.as_str()).await {
        Ok((raw, _)) => candidates.push(customer_of(xero, &raw).await?),
        Err(ConnectorError::NotFound) => {}
        Err(error) => return Err(error),
    }
    let name = plain(&proposal.name);
    if name.is_empty() {
        return Ok(candidates);
    }
    let request = listing(Kind::Contact).with("searchTerm", proposal.name.trim());
    let found = all_pages(xero.door(), Kind::Contact, &request, ROWS_MAX, NAME_PAGES_MAX).await?;
    for raw in &found.records {
        if text_of(raw, "Name").is_none_or(|known| plain(&known) != name) {
            continue;
        }
        let customer = customer_of(xero, raw).await?;
        if !candidates.iter().any(|known: &Customer| known.id == customer.id) {
            candidates.push(customer);
        }
    }
    Ok(candidates)
}

/// A name without case and without blanks that do not count.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    contacts: [Contact; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    name: String,
    contact_number: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<serde_json::Map<String, Value>>,
}

/// Creates a contact, once: a second one with this name or number is refused by the tool itself, so
/// it needs no idempotency value, which would also keep an old refusal for minutes.
pub(crate) async fn create(xero: &Xero, proposal: &ProposedCustomer) -> Answer<Customer> {
    let context = xero.context().await.map_err(before_sending)?;
    let body = Body {
        contacts: [Contact {
            name: checked_name(&proposal.name)?,
            contact_number: proposal.account.to_string(),
            addresses: address(&proposal.address).into_iter().collect(),
        }],
    };
    let answered = xero.door().create(&creating(Kind::Contact), None, &body).await?;
    let raw = accepted(&answered.only(Kind::Contact.name())?, Kind::Contact)?;
    match facts_of(Kind::Contact, &raw, context)?.pop() {
        Some(Fact::Customer(customer)) => Ok(customer),
        _ => Err(malformed(Kind::Contact.name())),
    }
}

/// The name as it is: what the tool cannot hold is refused here, never cut or mended, since a
/// changed name would not be found again.
fn checked_name(name: &str) -> Answer<String> {
    let name = name.trim();
    let forbidden = |c: char| matches!(c, '<' | '>') || c.is_control();
    if name.is_empty() || name.contains("  ") || name.chars().any(forbidden) {
        return Err(refused(
            "Xero takes no name that is empty, has two blanks in a row, or holds < or >",
        ));
    }
    if name.chars().count() > CUSTOMER_NAME_CHARS_MAX as usize {
        return Err(refused("Xero takes names of up to 255 characters"));
    }
    Ok(name.to_owned())
}

fn refused(text: &str) -> ConnectorError {
    ConnectorError::Rejected {
        code: "NAME".to_owned(),
        field: Some("Name".to_owned()),
        text: text.to_owned(),
    }
}

/// Only what is known; the street goes into up to four lines.
fn address(address: &Address) -> Option<serde_json::Map<String, Value>> {
    let mut members = serde_json::Map::new();
    let mut put = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            members.insert(name.to_owned(), value.trim().into());
        }
    };
    let street = address.street.as_deref().unwrap_or_default();
    for (at, line) in street.splitn(STREET_LINES_MAX, '\n').enumerate() {
        put(&format!("AddressLine{}", at + 1), &line.replace('\n', ", "));
    }
    let rest = [
        ("City", &address.city),
        ("Region", &address.region),
        ("PostalCode", &address.postal_code),
        ("Country", &address.country),
    ];
    for (name, value) in rest {
        put(name, value.as_deref().unwrap_or_default());
    }
    if members.is_empty() {
        return None;
    }
    members.insert("AddressType".to_owned(), "STREET".into());
    Some(members)
}

async fn customer_of(xero: &Xero, raw: &Raw) -> Answer<Customer> {
    match facts_of(Kind::Contact, raw, xero.context().await?)?.pop() {
        Some(Fact::Customer(customer)) => Ok(customer),
        _ => Err(malformed(Kind::Contact.name())),
    }
}

#[cfg(test)]
mod tests;
