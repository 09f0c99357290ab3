//! Invoices, credits and bank transactions (`xero §6.4` to `§6.11`).

use serde_json::{Value, json};

use super::super::document::{Document, Kind, Line, Status};
use super::super::exact::{cents, fixed, money};
use super::super::guid::coin;
use super::super::stamps;
use super::{Place, Showing, applied, contact, put_if_any, put_text};

/// Keys that a write answer may leave out (`xero §14.5`).
const OMITTED: [&str; 7] = [
    "BrandingThemeID",
    "CurrencyRate",
    "DateString",
    "InvoicePaymentServices",
    "IsDiscounted",
    "SentToContact",
    "UpdatedDateUTCString",
];

/// One document. A voided one has nothing open and nothing paid, but keeps its total.
pub fn document(showing: Showing<'_>, document: &Document) -> Value {
    let mut shown = head(showing, document);
    match document.kind {
        Kind::Invoice => invoice(showing, document, &mut shown),
        Kind::BankTransaction => bank_transaction(showing, document, &mut shown),
        _ => credit(showing, document, &mut shown),
    }
    let written = showing.place == Place::Written;
    if showing.place != Place::Summary {
        if showing.place == Place::Unpaged {
            shown["LineItems"] = json!([]);
        } else {
            let lines = document.lines.iter();
            shown["LineItems"] = lines.map(|one| line(showing, document, one)).collect();
        }
        if !written {
            shown["HasAttachments"] = json!(showing.books.attachments.contains_key(&document.id));
        }
    }
    if written && showing.omit_keys {
        omit(&mut shown, document);
    }
    shown
}

/// Some keys are gone, others at the next write.
fn omit(shown: &mut Value, document: &Document) {
    if let Some(members) = shown.as_object_mut() {
        let moment = document.updated.as_millisecond();
        members.retain(|key, _| {
            !OMITTED.contains(&key.as_str()) || coin(&format!("{key}{moment}{}", document.id))
        });
    }
}

fn head(showing: Showing<'_>, document: &Document) -> Value {
    let kind = document.kind;
    let mut shown = json!({
        "Type": kind.type_name(document.sales),
        kind.id_key(): document.id,
        "Contact": contact::nested(showing, &document.contact),
        "DateString": stamps::day_text(document.date),
        "Date": stamps::day(document.date),
        "Status": document.status.name(),
        "LineAmountTypes": document.amount_types.name(),
        "SubTotal": money(document.sub_total),
        "TotalTax": money(document.total_tax),
        "Total": money(document.total),
        "UpdatedDateUTC": stamps::instant(document.updated),
        "UpdatedDateUTCString": stamps::second_text(document.updated),
        "CurrencyCode": document.currency,
        "HasErrors": false,
    });
    if let Some(rate) = showing.rate(&document.id, &document.currency, document.rate) {
        shown["CurrencyRate"] = rate;
    }
    put_text(&mut shown, "Reference", &document.reference, &document.id);
    if let Some(due) = document.due {
        shown["DueDateString"] = json!(stamps::day_text(due));
        shown["DueDate"] = json!(stamps::day(due));
    }
    if let Some(paid_on) = document.fully_paid_on {
        shown["FullyPaidOnDate"] = json!(stamps::day(paid_on));
    }
    shown
}

fn invoice(showing: Showing<'_>, document: &Document, shown: &mut Value) {
    let live = document.status.is_live();
    let sums = if live { showing.books.applied(document, None) } else { Default::default() };
    shown["InvoiceNumber"] = json!(document.number);
    shown["AmountDue"] = money(showing.books.open(document));
    shown["AmountPaid"] = money(sums.paid);
    shown["SentToContact"] = json!(document.sent && document.status == Status::Authorised);
    let discounted = |line: &Line| line.discount_rate.is_some() || line.discount_amount.is_some();
    let is_discounted = document.lines.iter().any(discounted);
    shown["IsDiscounted"] = json!(is_discounted);
    if is_discounted {
        let whole = |line: &Line| cents(line.quantity.unwrap_or_default() * line.unit);
        let discount = document.lines.iter().map(|line| whole(line) - line.amount).sum();
        shown["TotalDiscount"] = money(discount);
    }
    shown["InvoicePaymentServices"] = json!([]);
    if let Some(theme) = &document.theme {
        shown["BrandingThemeID"] = json!(theme);
    }
    put_if_any(shown, "Url", &document.url);
    if let Some(day) = document.expected_payment {
        let key = if document.sales { "ExpectedPaymentDate" } else { "PlannedPaymentDate" };
        shown[key] = json!(stamps::day(day));
    }
    if !showing.is_list() && !document.rounding.is_zero() {
        shown["RoundingAmount"] = money(document.rounding);
    }
    shown["Prepayments"] = applied::credits(showing, document, Kind::Prepayment);
    shown["Overpayments"] = applied::credits(showing, document, Kind::Overpayment);
    if showing.place != Place::Written {
        shown["AmountCredited"] = money(sums.credited);
        shown["CreditNotes"] = applied::credits(showing, document, Kind::CreditNote);
        if showing.place != Place::Summary {
            shown["Payments"] = applied::payments(showing, document);
        }
    }
}

fn credit(showing: Showing<'_>, document: &Document, shown: &mut Value) {
    let books = showing.books;
    if document.kind == Kind::CreditNote {
        shown["CreditNoteNumber"] = json!(document.number);
        shown["ID"] = json!(document.id);
        shown["SentToContact"] = json!(document.sent);
        if let Some(theme) = &document.theme {
            shown["BrandingThemeID"] = json!(theme);
        }
    }
    shown["RemainingCredit"] = money(books.open(document));
    if showing.place != Place::Written {
        shown["AppliedAmount"] = money(books.applied(document, None).credited);
        shown["Allocations"] = applied::allocations(showing, document);
        shown["Payments"] = applied::payments(showing, document);
    }
}

fn bank_transaction(showing: Showing<'_>, document: &Document, shown: &mut Value) {
    shown["IsReconciled"] = json!(document.reconciled);
    bank_account(showing, document, shown);
}

fn bank_account(showing: Showing<'_>, document: &Document, shown: &mut Value) {
    let bank = document.bank.as_ref().and_then(|id| showing.books.account(id));
    if let Some(bank) = bank {
        shown["BankAccount"] = json!({"AccountID": bank.id, "Code": bank.code, "Name": bank.name});
    }
}

/// An overpayment or prepayment as the bank transaction that it was made by.
pub fn as_bank_transaction(showing: Showing<'_>, document: &Document) -> Value {
    let mut shown = self::document(showing, document);
    for key in ["Allocations", "Payments", "RemainingCredit", "AppliedAmount"] {
        shown.as_object_mut().map(|members| members.remove(key));
    }
    shown["BankTransactionID"] = json!(document.bank_transaction);
    shown["IsReconciled"] = json!(document.reconciled);
    bank_account(showing, document, &mut shown);
    shown
}

fn line(showing: Showing<'_>, document: &Document, line: &Line) -> Value {
    let books = showing.books;
    let mut shown = json!({
        "LineItemID": line.id,
        "Description": line.description,
        "Tracking": line.tracking.iter().map(|one| tracked(showing, one)).collect::<Vec<_>>(),
    });
    if showing.place == Place::Written {
        shown["ValidationErrors"] = json!([]);
    }
    let Some(quantity) = line.quantity else { return shown };
    shown["Quantity"] = fixed(quantity, 4);
    shown["UnitAmount"] = fixed(line.unit, showing.places);
    shown["TaxAmount"] = money(line.tax);
    shown["LineAmount"] = money(line.amount);
    put_if_any(&mut shown, "TaxType", line.tax_type.as_deref().unwrap_or_default());
    if let Some(account) = line.account.as_ref().and_then(|id| books.account(id)) {
        shown["AccountCode"] = json!(account.code);
        shown["AccountID"] = json!(account.id);
    }
    if let Some(code) = &line.item_code {
        shown["ItemCode"] = json!(code);
        if let Some(item) = books.item_by_code(code) {
            shown["Item"] = json!({"ItemID": item.id, "Name": item.name, "Code": item.code});
        }
    }
    if document.sales {
        if let Some(rate) = line.discount_rate {
            shown["DiscountRate"] = fixed(rate, 4);
            shown["DiscountEnteredAsPercent"] = json!(true);
        }
        if let Some(amount) = line.discount_amount {
            shown["DiscountAmount"] = money(amount);
            shown["DiscountEnteredAsPercent"] = json!(false);
        }
    }
    shown
}

/// Lists have an empty `Options` and no id of the option (`xero §6.5`).
fn tracked(showing: Showing<'_>, tracked: &super::super::document::Tracked) -> Value {
    let category = showing.books.tracking.iter().find(|known| known.id == tracked.category);
    let option = category.and_then(|category| {
        category.options.iter().find(|(id, _)| *id == tracked.option).map(|(_, name)| name)
    });
    let name = category.map(|category| &category.name);
    let mut shown = json!({"Name": name, "Option": option, "TrackingCategoryID": tracked.category});
    if showing.is_list() {
        shown["Options"] = json!([]);
    } else {
        shown["TrackingOptionID"] = json!(tracked.option);
    }
    shown
}
