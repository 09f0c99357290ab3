//! Money in and out of the bank without an invoice: plain, overpaid or paid in advance
//! (`xero §6.10, §6.11`).

use super::super::call::{self, Body};
use super::super::document::{AmountTypes, Kind, Status};
use super::{Problems, Refused, Writing, Written, contact, fields, lines};

/// Creates one bank transaction; one that exists can only be deleted, and only a plain one.
pub fn save(writing: &mut Writing<'_>, body: &Body, id: Option<&str>) -> Result<Written, Refused> {
    if let Some(id) = id.or_else(|| call::text(body, "BankTransactionID")) {
        return delete(writing, body, &id.to_ascii_lowercase());
    }
    let (kind, sales) = match call::text(body, "Type") {
        Some("RECEIVE") => (Kind::BankTransaction, true),
        Some("SPEND") => (Kind::BankTransaction, false),
        Some("RECEIVE-OVERPAYMENT") => (Kind::Overpayment, true),
        Some("SPEND-OVERPAYMENT") => (Kind::Overpayment, false),
        Some("RECEIVE-PREPAYMENT") => (Kind::Prepayment, true),
        Some("SPEND-PREPAYMENT") => (Kind::Prepayment, false),
        _ => return Err("Type must be specified and valid".into()),
    };
    let mut problems = Problems::default();
    let mut document = fields::blank(writing, kind, sales);
    document.status = Status::Authorised;
    let party = contact::plan(writing, call::object(body, "Contact"), &mut problems);
    if let Some(id) = party.as_ref().and_then(contact::Party::id) {
        id.clone_into(&mut document.contact);
    }
    bank(writing, &mut document, body, &mut problems);
    fields::fill(writing, &mut document, body, &mut problems);
    writing.check_lock(document.date, &mut problems);
    let sent = call::objects(body, "LineItems").unwrap_or_default();
    if kind == Kind::Overpayment {
        one_line(writing, &mut document, &sent, &mut problems);
    } else {
        lines::replace(writing, &mut document, &sent, &mut problems);
        fields::check_complete(&document, &mut problems);
    }
    fields::add_up(&mut document);
    if document.total <= rust_decimal::Decimal::ZERO {
        problems.add("The total must be greater than zero");
    }
    problems.into_result()?;
    if let Some(party) = party {
        document.contact = contact::settle(writing, party);
    }
    if kind != Kind::BankTransaction {
        document.bank_transaction = Some(writing.books().guids.next());
    }
    document.reconciled = call::flag(body, "IsReconciled").unwrap_or(false);
    let id = document.id.clone();
    writing.store(document);
    Ok(Written { id, ..Written::default() })
}

/// The bank account, whose currency is that of the money.
fn bank(
    writing: &Writing<'_>,
    document: &mut super::super::document::Document,
    body: &Body,
    problems: &mut Problems,
) {
    let books = &writing.tenant.books;
    let named = call::object(body, "BankAccount");
    let found = named.and_then(|named| {
        let by_id = call::text(named, "AccountID").and_then(|id| books.account(id));
        by_id.or_else(|| call::text(named, "Code").and_then(|code| books.account_by_code(code)))
    });
    match found.filter(|account| account.is_bank()) {
        Some(account) => {
            document.bank = Some(account.id.clone());
            if let Some(currency) = &account.currency {
                document.currency.clone_from(currency);
                document.rate = books.rate_on(currency, document.date);
            }
        }
        None => problems.add("Account could not be found"),
    }
}

/// An overpayment is one line on the control account, without tax.
fn one_line(
    writing: &mut Writing<'_>,
    document: &mut super::super::document::Document,
    sent: &[&Body],
    problems: &mut Problems,
) {
    let [line] = sent else {
        problems.add("An overpayment has exactly one line item");
        return;
    };
    let control = if document.sales { "DEBTORS" } else { "CREDITORS" };
    let control = writing.tenant.books.system(control).id.clone();
    document.amount_types = AmountTypes::NoTax;
    let mut body = (*line).clone();
    body.remove("AccountCode");
    body.remove("AccountID");
    lines::replace(writing, document, &[&body], problems);
    if let Some(line) = document.lines.first_mut() {
        line.account = Some(control);
    }
}

fn delete(writing: &mut Writing<'_>, body: &Body, id: &str) -> Result<Written, Refused> {
    let books = &writing.tenant.books;
    let made_by = |document: &&super::super::document::Document| {
        document.bank_transaction.as_deref() == Some(id)
    };
    if books.documents.values().any(|document| made_by(&document)) {
        return Err("Overpayments and prepayments cannot be edited here".into());
    }
    let known = books.document(Kind::BankTransaction, id).ok_or(Refused::NotFound)?;
    let mut document = known.clone();
    let other = call::text(body, "Status") != Some("DELETED");
    if other || document.status != Status::Authorised || document.reconciled {
        return Err("Bank transaction not of valid status for modification".into());
    }
    let mut problems = Problems::default();
    writing.check_lock(document.date, &mut problems);
    problems.into_result()?;
    document.status = Status::Deleted;
    writing.store(document);
    Ok(Written { id: id.to_owned(), ..Written::default() })
}
