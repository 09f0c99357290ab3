//! Invoices, credit memos, sales receipts and refund receipts (`quickbooks §3.4, §3.6`).

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::{amount, money, number_at, objects, reference, text};
use super::super::config::TaxMode;
use super::super::entity::Entity;
use super::super::ledger;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::references::default;
use super::{Writing, numbering, sales_lines, tax};

/// Days until an invoice is due where neither it nor its customer has terms.
const DUE_DAYS_DEFAULT: i64 = 30;
/// Days that the server takes for a term.
const DUE_DAYS_MAX: i64 = 999;

pub fn complete(
    writing: &mut Writing<'_>,
    entity: Entity,
    mut body: Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Body, Refusal> {
    let before = old.map(|(_, row)| &row.body);
    let customer = writing.referred(&mut body, "CustomerRef", Entity::Customer, before)?;
    if customer.is_none() && entity != Entity::SalesReceipt {
        return Err(Refusal::missing("CustomerRef"));
    }
    let customer = customer.map(|row| row.body);
    let today = writing.today();
    default(&mut body, "TxnDate", json!(today.to_string()));
    if objects(&body, "CustomField").next().is_none() {
        body.remove("CustomField");
    }
    let day = ledger::date(&body);
    writing.set_currency(&mut body, customer.as_ref(), day, false)?;
    set_terms(writing, entity, &mut body, customer.as_ref(), before)?;
    set_accounts(writing, entity, &mut body, before)?;
    copy_addresses(&mut body, customer.as_ref());
    set_switches(writing, entity, &mut body)?;
    let sums = sales_lines::complete(writing, &mut body, before)?;
    let tax = tax::complete(writing, &mut body, customer.as_ref(), &sums)?;
    set_totals(&mut body, sums.subtotal - sums.discount + tax)?;
    set_deposit(writing, entity, &mut body)?;
    check_refund(writing, entity, &mut body, old.map(|(id, _)| id))?;
    numbering::number(writing, entity, &mut body, old)?;
    Ok(body)
}

fn set_terms(
    writing: &Writing<'_>,
    entity: Entity,
    body: &mut Body,
    customer: Option<&Body>,
    before: Option<&Body>,
) -> Result<(), Refusal> {
    if entity != Entity::Invoice {
        body.remove("DueDate");
        writing.referred(body, "SalesTermRef", Entity::Term, before)?;
        return Ok(());
    }
    if let Some(own) = customer.and_then(|customer| customer.get("SalesTermRef")) {
        default(body, "SalesTermRef", own.clone());
    }
    let term = writing.referred(body, "SalesTermRef", Entity::Term, before)?;
    let days = term.and_then(|term| number_at(&term.body, "DueDays"));
    let days = days.and_then(|days| i64::try_from(days.trunc().mantissa()).ok());
    let due = due_date(ledger::date(body), days.unwrap_or(DUE_DAYS_DEFAULT));
    default(body, "DueDate", json!(due.to_string()));
    Ok(())
}

fn due_date(day: Date, days: i64) -> Date {
    let span: Span = days.clamp(0, DUE_DAYS_MAX).days();
    day.checked_add(span).unwrap_or(day)
}

fn set_accounts(
    writing: &Writing<'_>,
    entity: Entity,
    body: &mut Body,
    before: Option<&Body>,
) -> Result<(), Refusal> {
    writing.referred(body, "PaymentMethodRef", Entity::PaymentMethod, before)?;
    writing.referred(body, "DepartmentRef", Entity::Department, before)?;
    writing.referred(body, "ClassRef", Entity::Class, before)?;
    if entity == Entity::SalesReceipt {
        let funds = json!({"value": super::super::accounts::UNDEPOSITED_FUNDS});
        default(body, "DepositToAccountRef", funds);
    }
    let account = writing.referred(body, "DepositToAccountRef", Entity::Account, before)?;
    if entity == Entity::RefundReceipt && account.is_none() {
        return Err(Refusal::missing("DepositToAccountRef"));
    }
    Ok(())
}

fn copy_addresses(body: &mut Body, customer: Option<&Body>) {
    for member in ["BillAddr", "ShipAddr"] {
        if let Some(own) = customer.and_then(|customer| customer.get(member)) {
            default(body, member, own.clone());
        }
    }
}

fn set_switches(writing: &Writing<'_>, entity: Entity, body: &mut Body) -> Result<(), Refusal> {
    if entity == Entity::Invoice {
        for member in [
            "AllowIPNPayment",
            "AllowOnlinePayment",
            "AllowOnlineCreditCardPayment",
            "AllowOnlineACHPayment",
        ] {
            default(body, member, json!(false));
        }
    }
    if writing.books.config.tax_mode == TaxMode::Vat {
        default(body, "GlobalTaxCalculation", json!("TaxExcluded"));
    } else {
        body.remove("GlobalTaxCalculation");
        default(body, "ApplyTaxAfterDiscount", json!(true));
    }
    default(body, "PrintStatus", json!("NeedToPrint"));
    default(body, "EmailStatus", json!("NotSet"));
    check_choice(body, "PrintStatus", &["NotSet", "NeedToPrint", "PrintComplete"])?;
    check_choice(body, "EmailStatus", &["NotSet", "NeedToSend", "EmailSent"])?;
    check_choice(body, "GlobalTaxCalculation", &["TaxExcluded", "TaxInclusive", "NotApplicable"])?;
    if text(body, "EmailStatus") == Some("NeedToSend") && !body.contains_key("BillEmail") {
        return Err(Refusal::business("An e-mail address is needed to send the form"));
    }
    Ok(())
}

fn check_choice(body: &Body, member: &str, choices: &[&str]) -> Result<(), Refusal> {
    let known = text(body, member).is_none_or(|given| choices.contains(&given));
    if known { Ok(()) } else { Err(Refusal::bad_choice(member)) }
}

fn set_totals(body: &mut Body, total: Decimal) -> Result<(), Refusal> {
    if total < Decimal::ZERO {
        return Err(Refusal::business("The total amount must not be negative"));
    }
    body.insert("TotalAmt".to_owned(), money(total));
    Ok(())
}

/// Money taken with the invoice reduces its balance at once, without a payment.
fn set_deposit(writing: &Writing<'_>, entity: Entity, body: &mut Body) -> Result<(), Refusal> {
    let deposit = amount(body, "Deposit");
    let taken = entity == Entity::Invoice && writing.books.config.allow_deposit;
    if !taken || deposit.is_zero() {
        body.remove("Deposit");
        return Ok(());
    }
    if deposit < Decimal::ZERO || deposit > amount(body, "TotalAmt") {
        return Err(Refusal::business("The deposit exceeds the total amount"));
    }
    Ok(())
}

/// A refund receipt that links a credit memo of the same customer pays that credit out. No other
/// link is taken from the side of a sales form.
fn check_refund(
    writing: &Writing<'_>,
    entity: Entity,
    body: &mut Body,
    own: Option<&RowId>,
) -> Result<(), Refusal> {
    if entity != Entity::RefundReceipt {
        body.remove("LinkedTxn");
        return Ok(());
    }
    let Some(credit) = ledger::refunded_credit(body) else {
        body.remove("LinkedTxn");
        return Ok(());
    };
    let row = writing.books.get(credit.0, credit.1.as_str()).ok_or_else(Refusal::not_found)?;
    if reference(&row.body, "CustomerRef") != reference(body, "CustomerRef") {
        return Err(Refusal::not_linkable("The credit memo belongs to another customer"));
    }
    let left = amount(&row.body, "TotalAmt") - ledger::applied(writing.books, &credit, None, own);
    if amount(body, "TotalAmt") > left {
        return Err(Refusal::business("The refund exceeds what is left of the credit memo"));
    }
    let links: Vec<Value> = objects(body, "LinkedTxn")
        .take(1)
        .map(|link| json!({"TxnId": link["TxnId"], "TxnType": "CreditMemo"}))
        .collect();
    body.insert("LinkedTxn".to_owned(), Value::Array(links));
    Ok(())
}
