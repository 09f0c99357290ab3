//! Payments of invoices and refunds of credits (`xero §6.9`).

use rust_decimal::Decimal;

use super::super::books::Books;
use super::super::call::{self, Body};
use super::super::chart::Account;
use super::super::document::{Document, Kind, Payment, Status};
use super::super::exact::cents;
use super::super::guid::Guid;
use super::document::numbered;
use super::{Author, Problems, Refused, Writing, Written};

/// Creates one payment, or deletes it where the element or the path names one.
pub fn save(writing: &mut Writing<'_>, body: &Body, id: Option<&str>) -> Result<Written, Refused> {
    match id.or_else(|| call::text(body, "PaymentID")) {
        Some(id) => delete(writing, body, id),
        None => create(writing, body, None),
    }
}

/// Creates a payment, maybe as a part of a batch.
pub fn create(
    writing: &mut Writing<'_>,
    body: &Body,
    batch: Option<&Guid>,
) -> Result<Written, Refused> {
    let document = target(&writing.tenant.books, body)?;
    let mut problems = Problems::default();
    let account = match account(&writing.tenant.books, body) {
        Ok(account) => Some(account.clone()),
        Err(message) => {
            problems.add(message);
            None
        }
    };
    let date = call::date(body, "Date").unwrap_or_else(|| writing.today());
    let amount = cents(call::number(body, "Amount").unwrap_or_default());
    check(writing, &document, amount, &mut problems);
    writing.check_lock(date, &mut problems);
    problems.into_result()?;
    let account = account.ok_or(Refused::NotFound)?;
    let sent = call::number(body, "CurrencyRate").filter(|rate| !rate.is_zero());
    let books = writing.books();
    let rate = sent.unwrap_or_else(|| books.rate_on(&document.currency, date));
    let same = account.currency.as_ref() == Some(&document.currency);
    let in_bank = if same { amount } else { Books::in_base(amount, rate) };
    let payment = Payment {
        id: books.guids.next(),
        document: document.id.clone(),
        date,
        amount,
        bank_amount: call::number(body, "BankAmount").map_or(in_bank, cents),
        rate,
        account: account.id,
        reference: call::text(body, "Reference").unwrap_or_default().to_owned(),
        batch: batch.cloned(),
        deleted: false,
        reconciled: call::flag(body, "IsReconciled").unwrap_or(false),
        by_app: writing.author == Author::App,
        updated: writing.now,
    };
    let id = payment.id.clone();
    if let Some(document) = writing.books().documents.get_mut(&document.id) {
        document.payments.push(id.clone());
    }
    writing.books().payments.insert(id.clone(), payment);
    writing.settle(&document.id);
    let early = date < document.date;
    let warning = "The payment date is prior to the invoice date".to_owned();
    let warnings = if early { vec![warning] } else { Vec::new() };
    Ok(Written { id, warnings, open_before: None })
}

/// The one document that is paid.
fn target(books: &Books, body: &Body) -> Result<Document, Refused> {
    let kinds = [
        (Kind::Invoice, "InvoiceNumber"),
        (Kind::CreditNote, "CreditNoteNumber"),
        (Kind::Overpayment, ""),
        (Kind::Prepayment, ""),
    ];
    let named: Vec<_> = kinds
        .into_iter()
        .filter_map(|(kind, number)| Some((kind, number, call::object(body, kind.singular())?)))
        .collect();
    let [(kind, number, named)] = named.as_slice() else {
        return Err("Payment must be against exactly one invoice, credit note, prepayment or \
                    overpayment"
            .into());
    };
    let by_id = call::text(named, kind.id_key())
        .map(|id| books.document(*kind, &id.to_ascii_lowercase()).ok_or(Refused::NotFound));
    let by_number = || call::text(named, number).and_then(|it| numbered(books, *kind, it)).map(Ok);
    match by_id.or_else(by_number) {
        Some(found) => found.cloned(),
        None => Err(format!("{} could not be found", kind.singular()).into()),
    }
}

/// A bank account, or one that takes payments.
fn account<'a>(books: &'a Books, body: &Body) -> Result<&'a Account, &'static str> {
    let named = call::object(body, "Account").ok_or("Account must be specified")?;
    let by_id = call::text(named, "AccountID").and_then(|id| books.account(id));
    let by_code = || call::text(named, "Code").and_then(|code| books.account_by_code(code));
    let found = by_id.or_else(by_code).ok_or("Account could not be found")?;
    if found.takes_money() { Ok(found) } else { Err("Account could not be found") }
}

fn check(writing: &Writing<'_>, document: &Document, amount: Decimal, problems: &mut Problems) {
    if !document.status.is_posted() {
        problems.add(format!(
            "{} not of valid status for modification: payments need an authorised document",
            document.kind.singular()
        ));
        return;
    }
    if amount <= Decimal::ZERO {
        problems.add("Payment amount must be greater than zero");
    }
    if amount > writing.tenant.books.open(document) {
        problems.add("Payment amount exceeds the amount outstanding on this document");
    }
}

/// `{"Status":"DELETED"}` and nothing else.
fn delete(writing: &mut Writing<'_>, body: &Body, id: &str) -> Result<Written, Refused> {
    let id = id.to_ascii_lowercase();
    let payment = writing.tenant.books.payments.get(&id).ok_or(Refused::NotFound)?.clone();
    let others = body.keys().any(|key| key != "Status" && key != "PaymentID");
    if others || call::text(body, "Status") != Some("DELETED") {
        return Err("Only Status accepted for updates".into());
    }
    if payment.batch.is_some() {
        return Err("Payments that are a part of a batch cannot be deleted".into());
    }
    take_back(writing, &payment)?;
    Ok(Written { id, ..Written::default() })
}

/// Deletes the payment; the document is open again, and both get the stamp (`xero §9.2`).
pub fn take_back(writing: &mut Writing<'_>, payment: &Payment) -> Result<(), Refused> {
    if payment.deleted {
        return Err("Payment not of valid status for modification".into());
    }
    let mut problems = Problems::default();
    writing.check_lock(payment.date, &mut problems);
    problems.into_result()?;
    let now = writing.now;
    if let Some(stored) = writing.books().payments.get_mut(&payment.id) {
        stored.deleted = true;
        stored.updated = now;
    }
    writing.settle(&payment.document);
    Ok(())
}

/// `PaymentType`: the kinds of credits are refunds.
pub fn type_name(document: &Document) -> &'static str {
    match (document.kind, document.sales) {
        (Kind::CreditNote, true) => "ARCREDITPAYMENT",
        (Kind::CreditNote, false) => "APCREDITPAYMENT",
        (Kind::Overpayment, true) => "AROVERPAYMENTPAYMENT",
        (Kind::Overpayment, false) => "APOVERPAYMENTPAYMENT",
        (Kind::Prepayment, true) => "ARPREPAYMENTPAYMENT",
        (Kind::Prepayment, false) => "APPREPAYMENTPAYMENT",
        (_, true) => "ACCRECPAYMENT",
        (_, false) => "ACCPAYPAYMENT",
    }
}

/// `Status` of a payment.
pub fn status_name(payment: &Payment) -> &'static str {
    if payment.deleted { Status::Deleted.name() } else { Status::Authorised.name() }
}
