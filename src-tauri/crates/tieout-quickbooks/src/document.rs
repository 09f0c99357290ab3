//! Invoices, credit memos and cash sales (`quickbooks §3.4`, `§3.6`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{Document, DocumentStatus, LedgerDocumentKind, QuarantineReason};
use tieout_domain::ids::{CustomerId, DocumentId};
use tieout_domain::{Currency, Money};

use crate::lines;
use crate::note;
use crate::reading::{
    Context, currency, is_voided, magnitude, reference, reference_text, required_magnitude, stamp,
};

/// The customer of a cash sale that names none: a sale over the counter, nobody's receivable. No
/// customer of QuickBooks can have this id, since ids are digits.
pub const NO_CUSTOMER: &str = "no-customer";

/// Reads a document with its figures exactly as given; net is the total less the tax.
pub(crate) fn read(
    kind: LedgerDocumentKind,
    record: &Record<'_>,
    context: Context<'_>,
) -> Reading<Document> {
    let currency = currency(record, context.books)?;
    let total = required_magnitude(record, "TotalAmt", currency)?;
    let tax = total_tax(record, currency)?;
    let net = total
        .checked_sub(tax)
        .map_err(|_| record.error("TxnTaxDetail", QuarantineReason::OutOfRange))?;
    refuse_deposit_inside(record, currency)?;
    let balance_now = balance(kind, record, total)?;
    let voided = is_voided(record, total)?;
    let memo = record.lines_or_none("PrivateNote")?;
    let number = record.text_or_none("DocNumber")?;
    let terms = reference_text(record, "SalesTermRef")?;
    Ok(Document {
        id: record.id("Id", DocumentId::new)?,
        stamp: stamp(record)?,
        kind,
        customer: customer_of(kind, record)?,
        currency,
        effective_on: record.date("TxnDate")?,
        due_on: record.date_or_none("DueDate")?,
        terms_days: terms.and_then(|id| context.books.term_days(&id)),
        net,
        tax,
        total,
        balance_now,
        status: status(total, balance_now, voided),
        key: key_of(memo.as_deref(), number.as_deref()),
        deal_reference: note::custom_field(record, &context.labels.deal)?
            .or_else(|| memo.as_deref().and_then(note::deal_of).map(|deal| deal.to_string())),
        order_number: order_number(record, context)?,
        memo: match memo {
            Some(memo) => Some(memo),
            None => customer_memo(record)?,
        },
        exchange_rate: exchange_rate(record, currency, context)?,
        disputed: note::custom_field(record, &context.labels.dispute)?.is_some(),
        lines: lines::read(record, currency)?,
        number,
    })
}

/// Our key from the note; the number carries it too where documents take our numbers.
fn key_of(note: Option<&str>, number: Option<&str>) -> Option<TransactionKey> {
    note.and_then(note::key_of)
        .or_else(|| number.and_then(|number| TransactionKey::parse(number).ok()))
}

fn customer_of(kind: LedgerDocumentKind, record: &Record<'_>) -> Reading<CustomerId> {
    match (reference(record, "CustomerRef", CustomerId::new)?, kind) {
        (Some(customer), _) => Ok(customer),
        (None, LedgerDocumentKind::CashSale) => {
            Ok(CustomerId::new(NO_CUSTOMER).expect("the stand-in is an identifier"))
        }
        (None, _) => Err(record.error("CustomerRef", QuarantineReason::Malformed)),
    }
}

/// Untaxed documents come with a zero, an empty detail or none.
fn total_tax(record: &Record<'_>, currency: Currency) -> Reading<Money> {
    let tax = match record.record_or_none("TxnTaxDetail")? {
        Some(detail) => detail.money_or_none("TotalTax", currency)?,
        None => None,
    };
    Ok(tax.unwrap_or(Money::zero(currency)))
}

/// Money taken inside an invoice lowers its balance without any payment record, so no application
/// could explain it: such an invoice is kept aside for a person (`quickbooks §3.4`, `Deposit`).
fn refuse_deposit_inside(record: &Record<'_>, currency: Currency) -> Reading<()> {
    match record.money_or_none("Deposit", currency)? {
        Some(deposit) if !deposit.is_zero() => {
            Err(record.error("Deposit", QuarantineReason::UnknownValue))
        }
        _ => Ok(()),
    }
}

/// What is open or unapplied now. It lies between zero and the total.
fn balance(kind: LedgerDocumentKind, record: &Record<'_>, total: Money) -> Reading<Money> {
    let currency = total.currency();
    let (field, balance) = match kind {
        LedgerDocumentKind::Invoice => {
            ("Balance", Some(required_magnitude(record, "Balance", currency)?))
        }
        LedgerDocumentKind::CreditMemo => match magnitude(record, "RemainingCredit", currency)? {
            Some(remaining) => ("RemainingCredit", Some(remaining)),
            None => ("Balance", Some(required_magnitude(record, "Balance", currency)?)),
        },
        LedgerDocumentKind::CashSale => ("Balance", magnitude(record, "Balance", currency)?),
    };
    let balance = balance.unwrap_or(Money::zero(currency));
    if balance.minor() > total.minor() {
        return Err(record.error(field, QuarantineReason::OutOfRange));
    }
    Ok(balance)
}

/// Status is no field of the tool; a total of zero that is not void is free of charge, thus paid
/// (`finance-domain §10`).
fn status(total: Money, balance: Money, voided: bool) -> DocumentStatus {
    if voided {
        DocumentStatus::Void
    } else if balance.is_zero() {
        DocumentStatus::Paid
    } else if balance == total {
        DocumentStatus::Open
    } else {
        DocumentStatus::PartPaid
    }
}

fn order_number(record: &Record<'_>, context: Context<'_>) -> Reading<Option<String>> {
    let agreed = match &context.labels.order_number {
        Some(label) => note::custom_field(record, label)?,
        None => None,
    };
    match agreed {
        Some(number) => Ok(Some(number)),
        None => record.text_or_none("PONumber"),
    }
}

fn customer_memo(record: &Record<'_>) -> Reading<Option<String>> {
    match record.record_or_none("CustomerMemo")? {
        Some(memo) => memo.lines_or_none("value"),
        None => Ok(None),
    }
}

/// Home units for one foreign unit, on a foreign document only.
fn exchange_rate(
    record: &Record<'_>,
    currency: Currency,
    context: Context<'_>,
) -> Reading<Option<rust_decimal::Decimal>> {
    if currency == context.books.home {
        return Ok(None);
    }
    match record.decimal_or_none("ExchangeRate")? {
        Some(rate) if rate.is_zero() || rate.is_sign_negative() => {
            Err(record.error("ExchangeRate", QuarantineReason::OutOfRange))
        }
        rate => Ok(rate),
    }
}
