//! The stored form of a promised document: JSON text with canonical amounts, so that the same
//! promise always has the same text and the same content hash.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_connect::ports::{ProposedDocument, ProposedLine};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{Document, LedgerDocumentKind};
use tieout_domain::ids::{CustomerId, DealId, ItemId};
use tieout_domain::{Currency, Money};

#[derive(Serialize, Deserialize)]
struct StoredDocument {
    kind: String,
    key: String,
    deal: String,
    customer: String,
    currency: String,
    effective_on: String,
    due_on: Option<String>,
    order_number: Option<String>,
    lines: Vec<StoredLine>,
    exchange_rate: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredLine {
    item: String,
    description: Option<String>,
    quantity: String,
    unit_price: Option<String>,
    amount: String,
    tax_code: Option<String>,
    service_date: Option<String>,
}

/// The words of the stored form.
const KINDS: [(LedgerDocumentKind, &str); 3] = [
    (LedgerDocumentKind::Invoice, "invoice"),
    (LedgerDocumentKind::CreditMemo, "credit_memo"),
    (LedgerDocumentKind::CashSale, "cash_sale"),
];

/// Writes a proposal as canonical JSON.
pub fn to_text(proposal: &ProposedDocument) -> String {
    let stored = StoredDocument {
        kind: kind_word(proposal.kind).into(),
        key: proposal.key.to_string(),
        deal: proposal.deal.to_string(),
        customer: proposal.customer.to_string(),
        currency: proposal.currency.code().into(),
        effective_on: proposal.effective_on.to_string(),
        due_on: proposal.due_on.map(|date| date.to_string()),
        order_number: proposal.order_number.clone(),
        lines: proposal.lines.iter().map(stored_line).collect(),
        exchange_rate: proposal.exchange_rate.map(|rate| rate.normalize().to_string()),
    };
    serde_json::to_string(&stored).expect("strings and lists of strings always serialise")
}

/// Reads what `to_text` wrote. `None`: something else changed the file.
pub fn from_text(text: &str) -> Option<ProposedDocument> {
    let stored: StoredDocument = serde_json::from_str(text).ok()?;
    let effective_on: Date = stored.effective_on.parse().ok()?;
    let currency = Currency::parse_on(&stored.currency, Some(effective_on)).ok()?;
    Some(ProposedDocument {
        kind: KINDS.iter().find(|(_, word)| *word == stored.kind)?.0,
        key: TransactionKey::parse(&stored.key).ok()?,
        deal: DealId::new(&stored.deal).ok()?,
        customer: CustomerId::new(&stored.customer).ok()?,
        currency,
        effective_on,
        due_on: optional_date(stored.due_on.as_deref())?,
        order_number: stored.order_number,
        lines: stored
            .lines
            .iter()
            .map(|line| read_line(line, currency))
            .collect::<Option<Vec<_>>>()?,
        exchange_rate: match &stored.exchange_rate {
            Some(rate) => Some(rate.parse().ok()?),
            None => None,
        },
    })
}

/// The net total of a proposal.
pub fn net_total(proposal: &ProposedDocument) -> Result<Money, tieout_domain::MoneyError> {
    Money::sum(proposal.currency, proposal.lines.iter().map(|line| line.amount))
}

/// Whether a document that carries our key is the one that was promised: same customer, currency
/// and net total. Tax is the tool's own (`finance-domain §2 M6`).
pub fn is_promised(proposal: &ProposedDocument, found: &Document) -> bool {
    found.customer == proposal.customer
        && found.currency == proposal.currency
        && net_total(proposal).is_ok_and(|net| net == found.net)
}

fn kind_word(kind: LedgerDocumentKind) -> &'static str {
    KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, word)| *word)
        .expect("the table holds every kind")
}

fn stored_line(line: &ProposedLine) -> StoredLine {
    StoredLine {
        item: line.item.to_string(),
        description: line.description.clone(),
        quantity: line.quantity.normalize().to_string(),
        unit_price: line.unit_price.map(|price| price.normalize().to_string()),
        amount: line.amount.to_plain(),
        tax_code: line.tax_code.clone(),
        service_date: line.service_date.map(|date| date.to_string()),
    }
}

fn read_line(line: &StoredLine, currency: Currency) -> Option<ProposedLine> {
    Some(ProposedLine {
        item: ItemId::new(&line.item).ok()?,
        description: line.description.clone(),
        quantity: line.quantity.parse().ok()?,
        unit_price: match &line.unit_price {
            Some(price) => Some(price.parse().ok()?),
            None => None,
        },
        amount: Money::from_decimal(line.amount.parse::<Decimal>().ok()?, currency).ok()?,
        tax_code: line.tax_code.clone(),
        service_date: optional_date(line.service_date.as_deref())?,
    })
}

fn optional_date(text: Option<&str>) -> Option<Option<Date>> {
    match text {
        Some(text) => text.parse().ok().map(Some),
        None => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("USD").unwrap())
    }

    fn key() -> TransactionKey {
        TransactionKey::parse("TIE-5JPNS6MSJ5B5J22C").unwrap()
    }

    fn day() -> impl Strategy<Value = Date> {
        (2000_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
    }

    prop_compose! {
        fn line()(
            item in "[a-z0-9]{1,9}",
            description in proptest::option::of(".{0,40}"),
            quantity in any::<i32>(),
            scale in 0_u32..9,
            price in proptest::option::of(any::<i32>()),
            minor in -9_000_000_000_i64..9_000_000_000,
            tax_code in proptest::option::of("[A-Z]{1,4}"),
            service_date in proptest::option::of(day()),
        ) -> ProposedLine {
            ProposedLine {
                item: ItemId::new(&item).unwrap(),
                description,
                quantity: Decimal::new(i64::from(quantity), scale),
                unit_price: price.map(|price| Decimal::new(i64::from(price), scale)),
                amount: money(minor),
                tax_code,
                service_date,
            }
        }
    }

    prop_compose! {
        fn proposal()(
            lines in proptest::collection::vec(line(), 0..5),
            effective_on in day(),
            due_on in proptest::option::of(day()),
            order_number in proptest::option::of(".{0,20}"),
            rate in proptest::option::of(1_i64..9_999_999),
        ) -> ProposedDocument {
            ProposedDocument {
                kind: LedgerDocumentKind::Invoice,
                key: key(),
                deal: DealId::new("006D1").unwrap(),
                customer: CustomerId::new("C1").unwrap(),
                currency: Currency::parse("USD").unwrap(),
                effective_on,
                due_on,
                order_number,
                lines,
                exchange_rate: rate.map(|rate| Decimal::new(rate, 6)),
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_promised_comes_back_whole(proposal in proposal()) {
            let text = to_text(&proposal);
            prop_assert_eq!(from_text(&text), Some(proposal.clone()));
            prop_assert_eq!(to_text(&from_text(&text).unwrap()), text);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            from_text(&text);
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_refused() {
        for text in ["", "{}", "[]", r#"{"kind":"invoice"}"#] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
