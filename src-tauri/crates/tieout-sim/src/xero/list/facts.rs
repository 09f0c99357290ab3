//! The fields that rows can be filtered and sorted by.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::books::Books;
use super::super::contact::Contact;
use super::super::document::{Document, Kind, Payment};
use super::super::stamps;
use super::super::write::payment::{status_name, type_name};
use super::Fact;

const DOCUMENT: [&str; 26] = [
    "Type",
    "Status",
    "Date",
    "DueDate",
    "Reference",
    "InvoiceNumber",
    "InvoiceID",
    "CreditNoteNumber",
    "CreditNoteID",
    "OverpaymentID",
    "PrepaymentID",
    "BankTransactionID",
    "Contact.ContactID",
    "Contact.Name",
    "Contact.ContactNumber",
    "SubTotal",
    "TotalTax",
    "Total",
    "AmountDue",
    "AmountPaid",
    "AmountCredited",
    "RemainingCredit",
    "CurrencyCode",
    "CurrencyRate",
    "UpdatedDateUTC",
    "FullyPaidOnDate",
];
const PAYMENT: [&str; 11] = [
    "PaymentID",
    "PaymentType",
    "Status",
    "Date",
    "Amount",
    "Reference",
    "IsReconciled",
    "Invoice.InvoiceID",
    "Invoice.InvoiceNumber",
    "Account.AccountID",
    "UpdatedDateUTC",
];
const CONTACT: [&str; 11] = [
    "ContactID",
    "Name",
    "ContactNumber",
    "AccountNumber",
    "EmailAddress",
    "CompanyNumber",
    "ContactStatus",
    "FirstName",
    "LastName",
    "DefaultCurrency",
    "UpdatedDateUTC",
];
const PLAIN: [&str; 9] = [
    "Code",
    "Name",
    "Type",
    "Status",
    "SystemAccount",
    "TaxType",
    "UpdatedDateUTC",
    "ItemID",
    "AccountID",
];

/// Whether the type has the field.
pub fn exists(type_name: &str, path: &str) -> bool {
    match type_name {
        "Payment" => PAYMENT.contains(&path),
        "Contact" => CONTACT.contains(&path),
        "Invoice" | "CreditNote" | "Overpayment" | "Prepayment" | "BankTransaction" => {
            DOCUMENT.contains(&path)
        }
        _ => PLAIN.contains(&path),
    }
}

/// A field of an invoice, a credit, or a bank transaction.
pub fn document_fact(books: &Books, document: &Document, path: &str) -> Option<Fact> {
    let contact = || books.contacts.get(&document.contact);
    let name =
        |it: Option<&Contact>, of: fn(&Contact) -> &str| text(it.map(of).unwrap_or_default());
    let own = |kind: Kind| {
        if document.kind == kind { Fact::Id(document.id.clone()) } else { Fact::Null }
    };
    Some(match path {
        "Type" => text(document.kind.type_name(document.sales)),
        "Status" => text(document.status.name()),
        "Date" => day(document.date),
        "DueDate" => document.due.map_or(Fact::Null, day),
        "FullyPaidOnDate" => document.fully_paid_on.map_or(Fact::Null, day),
        "Reference" => text(&document.reference),
        "InvoiceNumber" | "CreditNoteNumber" => text(&document.number),
        "InvoiceID" => own(Kind::Invoice),
        "CreditNoteID" => own(Kind::CreditNote),
        "OverpaymentID" => own(Kind::Overpayment),
        "PrepaymentID" => own(Kind::Prepayment),
        "BankTransactionID" => own(Kind::BankTransaction),
        "Contact.ContactID" => Fact::Id(document.contact.clone()),
        "Contact.Name" => name(contact(), |contact| &contact.name),
        "Contact.ContactNumber" => name(contact(), |contact| &contact.number),
        "SubTotal" => Fact::Number(document.sub_total),
        "TotalTax" => Fact::Number(document.total_tax),
        "Total" => Fact::Number(document.total),
        "AmountDue" | "RemainingCredit" => Fact::Number(books.open(document)),
        "AmountPaid" => applied(books, document, |applied| applied.paid),
        "AmountCredited" => applied(books, document, |applied| applied.credited),
        "CurrencyCode" => text(&document.currency),
        "CurrencyRate" => Fact::Number(document.rate),
        "UpdatedDateUTC" => Fact::Time(document.updated),
        _ => return None,
    })
}

fn applied(
    books: &Books,
    document: &Document,
    of: fn(super::super::books::Applied) -> Decimal,
) -> Fact {
    Fact::Number(of(books.applied(document, None)))
}

/// A field of a payment.
pub fn payment_fact(books: &Books, payment: &Payment, path: &str) -> Option<Fact> {
    let document = books.documents.get(&payment.document)?;
    Some(match path {
        "PaymentID" => Fact::Id(payment.id.clone()),
        "PaymentType" => text(type_name(document)),
        "Status" => text(status_name(payment)),
        "Date" => day(payment.date),
        "Amount" => Fact::Number(payment.amount),
        "Reference" => text(&payment.reference),
        "IsReconciled" => Fact::Flag(payment.reconciled),
        "Invoice.InvoiceID" => Fact::Id(document.id.clone()),
        "Invoice.InvoiceNumber" => text(&document.number),
        "Account.AccountID" => Fact::Id(payment.account.clone()),
        "UpdatedDateUTC" => Fact::Time(payment.updated),
        _ => return None,
    })
}

/// A field of a contact.
pub fn contact_fact(contact: &Contact, path: &str) -> Option<Fact> {
    Some(match path {
        "ContactID" => Fact::Id(contact.id.clone()),
        "Name" => text(&contact.name),
        "ContactNumber" => text(&contact.number),
        "AccountNumber" => text(&contact.account_number),
        "EmailAddress" => text(&contact.email),
        "CompanyNumber" => text(&contact.company_number),
        "ContactStatus" => text(if contact.archived { "ARCHIVED" } else { "ACTIVE" }),
        "FirstName" => text(&contact.first_name),
        "LastName" => text(&contact.last_name),
        "DefaultCurrency" => text(&contact.default_currency),
        "UpdatedDateUTC" => Fact::Time(contact.updated),
        _ => return None,
    })
}

/// A field of an item, an account or a tax rate, which are given as texts.
pub fn plain_fact(texts: &[(&str, &str)], updated: Timestamp, path: &str) -> Option<Fact> {
    if path == "UpdatedDateUTC" {
        return Some(Fact::Time(updated));
    }
    let found = texts.iter().find(|(name, _)| *name == path)?;
    Some(if path.ends_with("ID") { Fact::Id(found.1.to_owned()) } else { text(found.1) })
}

fn text(text: &str) -> Fact {
    if text.is_empty() { Fact::Null } else { Fact::Text(text.to_owned()) }
}

fn day(date: Date) -> Fact {
    Fact::Time(stamps::midnight(date))
}
