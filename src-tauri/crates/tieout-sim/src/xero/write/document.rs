//! Invoices and credit notes: creating and changing (`xero §6.4, §6.6, §6.8, §7.1`).

use super::super::books::Books;
use super::super::call::{self, Body};
use super::super::document::{Document, Kind, Status};
use super::super::guid::Guid;
use super::{Problems, Refused, Writing, Written, contact, edits, fields, lines, status};

/// Creates or changes one document. `id` is that of the path.
pub fn save(
    writing: &mut Writing<'_>,
    kind: Kind,
    body: &Body,
    id: Option<&str>,
) -> Result<Written, Refused> {
    match target(writing, kind, body, id)? {
        Some(id) => change(writing, &id, body),
        None => create(writing, kind, body),
    }
}

/// What the element means: by id, else by the number of a sales document (`xero §7.1`).
fn target(
    writing: &Writing<'_>,
    kind: Kind,
    body: &Body,
    id: Option<&str>,
) -> Result<Option<Guid>, Refused> {
    let books = &writing.tenant.books;
    let given = id.or_else(|| call::text(body, kind.id_key()));
    let given = given.filter(|id| *id != super::super::guid::ZERO);
    if let Some(id) = given {
        let found = books.document(kind, &id.to_ascii_lowercase());
        let found = found.or_else(|| numbered(books, kind, id)).ok_or(Refused::NotFound)?;
        if writing.create_only {
            return Err(format!("{} # must be unique.", kind.singular()).into());
        }
        return Ok(Some(found.id.clone()));
    }
    let sales = call::text(body, "Type") != Some(kind.type_name(false));
    let number = call::text(body, number_key(kind)).filter(|_| sales);
    let Some(known) = number.and_then(|number| numbered(books, kind, number)) else {
        return Ok(None);
    };
    if writing.create_only {
        return Err(format!("{} # must be unique.", kind.singular()).into());
    }
    Ok(Some(known.id.clone()))
}

/// The sales document of that number; voided ones count as well.
pub fn numbered<'a>(books: &'a Books, kind: Kind, number: &str) -> Option<&'a Document> {
    let mut sales = books.of_kind(kind).filter(|document| document.sales);
    sales.find(|document| document.number == number)
}

fn number_key(kind: Kind) -> &'static str {
    if kind == Kind::CreditNote { "CreditNoteNumber" } else { "InvoiceNumber" }
}

fn create(writing: &mut Writing<'_>, kind: Kind, body: &Body) -> Result<Written, Refused> {
    if !body.contains_key("Contact") && !body.contains_key("LineItems") {
        return Err(Refused::Broken);
    }
    let mut problems = Problems::default();
    let sales = match call::text(body, "Type") {
        Some(name) if name == kind.type_name(true) => true,
        Some(name) if name == kind.type_name(false) => false,
        _ => return Err("Type must be specified and valid".into()),
    };
    let mut document = fields::blank(writing, kind, sales);
    document.status = status::initial(writing, kind, body, &mut problems);
    let named = call::object(body, "Contact");
    let party = contact::plan(writing, named, &mut problems);
    if let Some(id) = party.as_ref().and_then(contact::Party::id) {
        id.clone_into(&mut document.contact);
    }
    fields::fill(writing, &mut document, body, &mut problems);
    writing.check_lock(document.date, &mut problems);
    let sent = call::objects(body, "LineItems").unwrap_or_default();
    let mut warnings = lines::replace(writing, &mut document, &sent, &mut problems);
    warnings.extend(fields::rate_warning(writing, &document));
    fields::add_up(&mut document);
    fields::check_complete(&document, &mut problems);
    if let Some(number) = call::text(body, number_key(kind)) {
        number.clone_into(&mut document.number);
    }
    problems.into_result()?;
    if let Some(party) = party {
        document.contact = contact::settle(writing, party);
    }
    if document.number.is_empty() && sales {
        document.number = next_number(writing, kind);
    }
    status::count_approval(writing, document.status);
    let id = document.id.clone();
    writing.store(document);
    if posted_at_once(writing, &id) {
        writing.settle(&id);
    }
    Ok(Written { id, warnings, open_before: None })
}

/// An approved document of nothing is paid.
fn posted_at_once(writing: &Writing<'_>, id: &str) -> bool {
    let document = &writing.tenant.books.documents[id];
    document.status == Status::Authorised && document.total.is_zero()
}

/// The next free automatic number.
fn next_number(writing: &mut Writing<'_>, kind: Kind) -> String {
    loop {
        let books = writing.books();
        let (prefix, next) = match kind {
            Kind::CreditNote => ("CN", &mut books.next_credit),
            _ => ("INV", &mut books.next_invoice),
        };
        let number = format!("{prefix}-{next:04}");
        *next += 1;
        if numbered(books, kind, &number).is_none() {
            return number;
        }
    }
}

fn change(writing: &mut Writing<'_>, id: &str, body: &Body) -> Result<Written, Refused> {
    let old = writing.tenant.books.documents[id].clone();
    let mut problems = Problems::default();
    writing.check_lock(old.date, &mut problems);
    problems.into_result()?;
    let asked = match call::text(body, "Status") {
        Some(name) => Status::parse(name).ok_or_else(|| status::invalid(old.kind))?,
        None => old.status,
    };
    if matches!(asked, Status::Voided | Status::Deleted) {
        return status::end(writing, old, asked);
    }
    status::check_move(&old, asked)?;
    let mut problems = Problems::default();
    let mut document = old.clone();
    if old.status != Status::Paid {
        document.status = asked;
    }
    let party = match call::object(body, "Contact") {
        Some(named) => contact::plan(writing, Some(named), &mut problems),
        None => None,
    };
    if let Some(id) = party.as_ref().and_then(contact::Party::id) {
        id.clone_into(&mut document.contact);
    }
    fields::fill(writing, &mut document, body, &mut problems);
    writing.check_lock(document.date, &mut problems);
    let mut warnings = Vec::new();
    if let Some(sent) = call::objects(body, "LineItems") {
        warnings = lines::replace(writing, &mut document, &sent, &mut problems);
    }
    fields::add_up(&mut document);
    renumber(writing, &mut document, body, &mut problems);
    edits::check(&writing.tenant.books, &old, &document, &mut problems);
    fields::check_complete(&document, &mut problems);
    problems.into_result()?;
    if let Some(party) = party {
        document.contact = contact::settle(writing, party);
    }
    if old.status != document.status {
        status::count_approval(writing, document.status);
    }
    let id = document.id.clone();
    if edits::is_silent(&writing.tenant.books, &old, &document) {
        writing.books().documents.insert(id.clone(), document);
    } else {
        writing.store(document);
    }
    if posted_at_once(writing, &id) {
        writing.settle(&id);
    }
    Ok(Written { id, warnings, open_before: None })
}

fn renumber(writing: &Writing<'_>, document: &mut Document, body: &Body, problems: &mut Problems) {
    let Some(number) = call::text(body, number_key(document.kind)) else { return };
    let taken = numbered(&writing.tenant.books, document.kind, number);
    if document.sales && taken.is_some_and(|other| other.id != document.id) {
        problems.add(format!("{} # must be unique.", document.kind.singular()));
    }
    number.clone_into(&mut document.number);
}
