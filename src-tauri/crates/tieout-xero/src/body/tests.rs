use jiff::civil::date;
use tieout_domain::Money;
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ids::{CustomerId, DealId, ItemId};

use super::*;
use crate::prices::Price;
use crate::testing::{CONTACT, DEAL, ITEM, KEY, currency, own_numbers, tool_numbers};

pub(crate) fn proposal() -> ProposedDocument {
    ProposedDocument {
        kind: LedgerDocumentKind::Invoice,
        key: TransactionKey::parse(KEY).unwrap(),
        deal: DealId::new(DEAL).unwrap(),
        customer: CustomerId::new(CONTACT).unwrap(),
        currency: currency("NZD"),
        effective_on: date(2026, 6, 1),
        due_on: Some(date(2026, 7, 1)),
        order_number: None,
        lines: vec![line("2", Some("1250"), 250_000)],
        exchange_rate: None,
    }
}

pub(crate) fn line(quantity: &str, price: Option<&str>, minor: i64) -> ProposedLine {
    ProposedLine {
        item: ItemId::new(ITEM).unwrap(),
        description: Some("Licence Pro, 12 months".to_owned()),
        quantity: quantity.parse().unwrap(),
        unit_price: price.map(|price| price.parse().unwrap()),
        amount: Money::from_minor(minor, currency("NZD")),
        tax_code: None,
        service_date: None,
    }
}

fn written(proposal: &ProposedDocument, agreement: &Agreement) -> Result<String, BodyError> {
    let price = Price {
        code: "LIC-PRO".to_owned(),
        account: Some("200".to_owned()),
        tax_code: Some("OUTPUT2".to_owned()),
    };
    let prices = Prices::of_one(ITEM, price);
    let currencies = [currency("NZD"), currency("EUR")];
    let terms =
        Terms { home: currency("NZD"), currencies: &currencies, prices: &prices, agreement };
    of(proposal, terms).map(|body| serde_json::to_string(&body).unwrap())
}

#[track_caller]
fn has(proposal: &ProposedDocument, agreement: &Agreement, want: &str) {
    let body = written(proposal, agreement).unwrap();
    assert!(body.contains(want), "{want}\nin {body}");
}

#[track_caller]
fn lacks(proposal: &ProposedDocument, agreement: &Agreement, word: &str) {
    let body = written(proposal, agreement).unwrap();
    assert!(!body.contains(word), "{word}\nin {body}");
}

fn with(line: ProposedLine) -> ProposedDocument {
    ProposedDocument { lines: vec![line], ..proposal() }
}

#[test]
fn an_invoice_under_our_number() {
    assert_eq!(
        written(&proposal(), &own_numbers()).unwrap(),
        concat!(
            r#"{"Invoices":[{"Type":"ACCREC","Status":"DRAFT","#,
            r#""InvoiceNumber":"TIE-YIO2VH22ILF65RQE","Reference":"006Hs00001AsDfGIAV","#,
            r#""Contact":{"ContactID":"7c1d0f2e-0b1a-4c2d-8e3f-405162738495"},"#,
            r#""Date":"2026-06-01","DueDate":"2026-07-01","LineAmountTypes":"Exclusive","#,
            r#""CurrencyCode":"NZD","#,
            r#""Url":"https://example.my.salesforce.com/006Hs00001AsDfGIAV?tieout=TIE-YIO2VH22ILF65RQE","#,
            r#""LineItems":[{"ItemCode":"LIC-PRO","Description":"Licence Pro, 12 months","#,
            r#""Quantity":2,"UnitAmount":1250,"AccountCode":"200","TaxType":"OUTPUT2"}]}]}"#,
        )
    );
}

#[test]
fn under_the_tools_number_the_link_carries_the_key() {
    lacks(&proposal(), &tool_numbers(), "InvoiceNumber");
    has(&proposal(), &tool_numbers(), "?tieout=TIE-YIO2VH22ILF65RQE");
}

#[test]
fn without_any_place_for_the_key_nothing_is_sent() {
    let nowhere = Agreement::default();
    assert_eq!(written(&proposal(), &nowhere), Err(BodyError::NoLink));
    let numbered = Agreement { own_numbers: true, ..Agreement::default() };
    lacks(&proposal(), &numbered, "Url");
}

#[test]
fn approval_is_a_decision() {
    let approved = Agreement { approval: Approval::Approved, ..own_numbers() };
    has(&proposal(), &approved, r#""Status":"AUTHORISED""#);
    has(&proposal(), &own_numbers(), r#""Status":"DRAFT""#);
}

#[test]
fn the_line_amount_is_left_to_the_tool() {
    lacks(&proposal(), &own_numbers(), "LineAmount\"");
}

#[test]
fn a_price_of_four_places_is_sent_as_it_is() {
    has(
        &with(line("3", Some("0.3333"), 100)),
        &own_numbers(),
        r#""Quantity":3,"UnitAmount":0.3333"#,
    );
}

#[test]
fn a_price_that_does_not_multiply_gives_way_to_the_amount() {
    for line in [
        line("3", Some("33.33"), 10_000),
        line("3", None, 10_000),
        line("1.00001", Some("100"), 10_000),
        line("1", Some("100.00001"), 10_000),
    ] {
        has(&with(line), &own_numbers(), r#""Quantity":1,"UnitAmount":100.00"#);
    }
}

#[test]
fn the_tax_code_of_the_line_comes_before_the_items() {
    let taxed = ProposedLine { tax_code: Some("ZERORATED".into()), ..line("1", None, 100) };
    has(&with(taxed), &own_numbers(), r#""TaxType":"ZERORATED""#);
}

#[test]
fn an_order_number_stands_on_a_line_of_text() {
    let ordered = ProposedDocument { order_number: Some("4711".into()), ..proposal() };
    has(&ordered, &own_numbers(), r#"{"Description":"Order number 4711"}]"#);
    has(&ordered, &own_numbers(), r#""Reference":"006Hs00001AsDfGIAV""#);
}

#[test]
fn a_rate_is_turned_round() {
    let foreign = ProposedDocument {
        currency: currency("EUR"),
        exchange_rate: Some("3".parse().unwrap()),
        ..proposal()
    };
    has(&foreign, &own_numbers(), r#""CurrencyRate":0.3333333333"#);
    let home = ProposedDocument { exchange_rate: Some(Decimal::ONE), ..proposal() };
    lacks(&home, &own_numbers(), "CurrencyRate");
}

#[test]
fn what_xero_cannot_hold_is_refused_here() {
    let other = ProposedDocument { currency: currency("USD"), ..proposal() };
    assert_eq!(written(&other, &own_numbers()), Err(BodyError::CurrencyNotThere(currency("USD"))));
    let empty = ProposedDocument { lines: Vec::new(), ..proposal() };
    assert_eq!(written(&empty, &own_numbers()), Err(BodyError::NoLines));
    let gone = ProposedLine { item: ItemId::new("gone").unwrap(), ..line("1", None, 100) };
    assert_eq!(written(&with(gone), &own_numbers()), Err(BodyError::ItemNotThere(1)));
    let fine = Money::from_minor(1, currency("KWD"));
    let precise = ProposedLine { amount: fine, ..line("1", None, 100) };
    assert_eq!(written(&with(precise), &own_numbers()), Err(BodyError::AmountTooPrecise));
}

#[test]
fn an_amount_in_yen_is_written_like_any_other() {
    let yen = Money::from_minor(1_000, currency("JPY"));
    has(
        &with(ProposedLine { amount: yen, ..line("1", None, 100) }),
        &own_numbers(),
        r#""UnitAmount":1000.00"#,
    );
}
