//! Contacts, by themselves and inside documents (`xero §6.2`).

use serde_json::Value;

use super::super::call::{self, Body};
use super::super::contact::Contact;
use super::super::guid::Guid;
use super::{Author, Problems, Refused, Writing, Written};

const PERSONS_MAX: usize = 5;
const NAME_CHARACTERS_MAX: usize = 255;
const NUMBER_CHARACTERS_MAX: usize = 50;

/// Whom a document is with, before anything is written.
pub enum Party {
    Known(Guid),
    /// The document changes the contact or makes it.
    Changed(Box<Contact>),
}

impl Party {
    /// The id, also of a contact that is still to be made.
    pub fn id(&self) -> Option<&Guid> {
        match self {
            Self::Known(id) => Some(id),
            Self::Changed(contact) => Some(&contact.id),
        }
    }
}

/// Creates or changes one contact. `id` is that of the path.
pub fn save(writing: &mut Writing<'_>, body: &Body, id: Option<&str>) -> Result<Written, Refused> {
    let given = id.or_else(|| call::text(body, "ContactID"));
    let known = match given.filter(|id| *id != super::super::guid::ZERO) {
        Some(id) => Some(by_id(writing, id).ok_or(Refused::NotFound)?),
        None => matched(writing, body),
    };
    let mut problems = Problems::default();
    if let Some(known) = &known {
        if writing.create_only {
            return Err(taken(&known.name).into());
        }
        check_archived(writing, known, &mut problems);
    }
    let mut contact = known.unwrap_or_else(|| fresh(writing));
    fill(&mut contact, body);
    check(writing, &contact, &mut problems);
    match call::text(body, "ContactStatus") {
        Some("ARCHIVED") => contact.archived = true,
        Some("ACTIVE") if writing.author == Author::Clerk => contact.archived = false,
        _ => {}
    }
    problems.into_result()?;
    let id = store(writing, contact);
    Ok(Written { id, ..Written::default() })
}

/// The contact of a document. More than an id changes that contact, and takes away the persons that
/// are not sent.
pub fn plan(
    writing: &mut Writing<'_>,
    named: Option<&Body>,
    problems: &mut Problems,
) -> Option<Party> {
    let body = named.filter(|body| !body.is_empty());
    let keys = ["ContactID", "ContactNumber", "Name"];
    let Some(body) = body.filter(|body| keys.iter().any(|key| call::text(body, key).is_some()))
    else {
        problems.add(
            "The Contact must contain at least 1 of the following elements to identify the \
             contact: Name, ContactID, ContactNumber",
        );
        return None;
    };
    let known = match call::text(body, "ContactID") {
        Some(id) => match by_id(writing, id) {
            Some(known) => Some(known),
            None => {
                problems.contact.push("The contact could not be found".to_owned());
                return None;
            }
        },
        None => matched(writing, body),
    };
    let mut at_contact = Problems::default();
    let party = match known {
        Some(known) => {
            check_archived(writing, &known, &mut at_contact);
            let only_keys = body.keys().all(|key| keys.contains(&key.as_str()));
            let same_name = call::text(body, "Name").is_none_or(|name| name == known.name);
            if only_keys && same_name {
                Party::Known(known.id)
            } else {
                let mut changed = known;
                changed.persons.clear();
                fill(&mut changed, body);
                check(writing, &changed, &mut at_contact);
                Party::Changed(Box::new(changed))
            }
        }
        None => {
            let mut contact = fresh(writing);
            fill(&mut contact, body);
            check(writing, &contact, &mut at_contact);
            Party::Changed(Box::new(contact))
        }
    };
    problems.contact.extend(at_contact.element);
    Some(party)
}

/// Writes what was planned.
pub fn settle(writing: &mut Writing<'_>, party: Party) -> Guid {
    match party {
        Party::Known(id) => id,
        Party::Changed(contact) => store(writing, *contact),
    }
}

fn store(writing: &mut Writing<'_>, mut contact: Contact) -> Guid {
    contact.updated = writing.now;
    let id = contact.id.clone();
    writing.books().contacts.insert(id.clone(), contact);
    id
}

fn fresh(writing: &mut Writing<'_>) -> Contact {
    Contact { id: writing.books().guids.next(), ..Contact::default() }
}

fn by_id(writing: &Writing<'_>, id: &str) -> Option<Contact> {
    let contacts = &writing.tenant.books.contacts;
    let number = || writing.tenant.books.contact_by_number(id);
    contacts.get(&id.to_ascii_lowercase()).or_else(number).cloned()
}

/// By number, else by name (`xero §6.2`).
fn matched(writing: &Writing<'_>, body: &Body) -> Option<Contact> {
    let books = &writing.tenant.books;
    let by_number = call::text(body, "ContactNumber").and_then(|it| books.contact_by_number(it));
    let by_name = || call::text(body, "Name").and_then(|name| books.active_contact(name));
    by_number.or_else(by_name).cloned()
}

fn taken(name: &str) -> String {
    format!(
        "The contact name {name} is already assigned to another contact. The contact name must be \
         unique across all active contacts."
    )
}

fn check_archived(writing: &Writing<'_>, known: &Contact, problems: &mut Problems) {
    if known.archived && writing.author == Author::App {
        problems.add(format!(
            "The details matched an archived contact {} which cannot currently be edited via the \
             API",
            known.name
        ));
    }
}

fn check(writing: &Writing<'_>, contact: &Contact, problems: &mut Problems) {
    let books = &writing.tenant.books;
    let name = &contact.name;
    if name.is_empty() {
        problems.add("The contact name must be specified.");
    }
    let blanks = name.trim() != name || name.contains("  ");
    if name.chars().count() > NAME_CHARACTERS_MAX || name.contains(['<', '>']) || blanks {
        problems.add("The contact name is not valid.");
    }
    if books.active_contact(name).is_some_and(|other| other.id != contact.id) {
        problems.add(taken(name));
    }
    let twin = books.contact_by_number(&contact.number);
    if twin.is_some_and(|other| other.id != contact.id) {
        problems.add("The contact number must be unique.");
    }
    for number in [&contact.number, &contact.account_number] {
        if number.chars().count() > NUMBER_CHARACTERS_MAX {
            problems.add("A contact's number can have at most 50 characters.");
        }
    }
    let email = &contact.email;
    if !email.is_empty() && (!email.contains('@') || email.contains(' ')) {
        problems.add("Email address must be valid.");
    }
    if contact.persons.len() > PERSONS_MAX {
        problems.add("A contact can have at most 5 contact persons.");
    }
    let currency = &contact.default_currency;
    if !currency.is_empty() && !books.currencies.contains(currency) {
        problems.add(format!("Organisation is not subscribed to currency {currency}"));
    }
}

/// Only what is sent changes.
fn fill(contact: &mut Contact, body: &Body) {
    let texts = [
        ("Name", &mut contact.name),
        ("ContactNumber", &mut contact.number),
        ("AccountNumber", &mut contact.account_number),
        ("FirstName", &mut contact.first_name),
        ("LastName", &mut contact.last_name),
        ("EmailAddress", &mut contact.email),
        ("CompanyNumber", &mut contact.company_number),
        ("TaxNumber", &mut contact.tax_number),
        ("DefaultCurrency", &mut contact.default_currency),
        ("AccountsReceivableTaxType", &mut contact.receivable_tax_type),
        ("SalesDefaultAccountCode", &mut contact.sales_account),
        ("Website", &mut contact.website),
    ];
    for (key, member) in texts {
        if let Some(value) = body.get(key) {
            value.as_str().unwrap_or_default().clone_into(member);
        }
    }
    merge(&mut contact.addresses, body, "Addresses", "AddressType");
    merge(&mut contact.phones, body, "Phones", "PhoneType");
    if let Some(persons) = call::objects(body, "ContactPersons") {
        contact.persons = persons.into_iter().cloned().collect();
    }
    if let Some(terms) = call::object(body, "PaymentTerms") {
        contact.payment_terms = Some(terms.clone());
    }
}

/// One slot per type; a sent one replaces that slot.
fn merge(slots: &mut Vec<Body>, body: &Body, list: &str, kind: &str) {
    for sent in call::objects(body, list).unwrap_or_default() {
        slots.retain(|slot| slot.get(kind) != sent.get(kind));
        if sent.get(kind).is_some_and(Value::is_string) {
            slots.push(sent.clone());
        }
    }
}
