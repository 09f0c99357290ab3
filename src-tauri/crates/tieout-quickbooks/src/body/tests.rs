use jiff::civil::date;
use serde_json::json;
use tieout_domain::effect::TransactionKey;
use tieout_domain::ids::{CustomerId, DealId, ItemId};
use tieout_domain::{Currency, Money};

use super::*;
use crate::testing::{books, currency, multi_currency};

fn money(text: &str, currency: Currency) -> Money {
    Money::from_decimal(text.parse().unwrap(), currency).unwrap()
}

fn proposed_line(quantity: &str, price: Option<&str>, amount: &str) -> ProposedLine {
    ProposedLine {
        item: ItemId::new("31").unwrap(),
        description: Some("Platform seats".to_owned()),
        quantity: quantity.parse().unwrap(),
        unit_price: price.map(|price| price.parse().unwrap()),
        amount: money(amount, currency("USD")),
        tax_code: Some("TAX".to_owned()),
        service_date: Some(date(2026, 2, 1)),
    }
}

pub(crate) fn proposal() -> ProposedDocument {
    ProposedDocument {
        kind: LedgerDocumentKind::Invoice,
        key: TransactionKey::parse("TIE-4WIP5NPYZH6ZVQOB").unwrap(),
        deal: DealId::new("0065g00000AbCdEAAV").unwrap(),
        customer: CustomerId::new("72").unwrap(),
        currency: currency("USD"),
        effective_on: date(2026, 2, 3),
        due_on: Some(date(2026, 3, 5)),
        order_number: None,
        lines: vec![proposed_line("20", Some("49"), "980")],
        exchange_rate: None,
    }
}

async fn body_of(
    proposal: &ProposedDocument,
    settings: serde_json::Value,
    own_numbers: bool,
    flags: bool,
) -> Result<String, BodyError> {
    let books = books(settings).await;
    let labels = FieldLabels { order_number: Some("Order".to_owned()), ..FieldLabels::default() };
    let terms = Terms { books: &books, labels: &labels, own_numbers, line_codes_are_flags: flags };
    of(proposal, terms).map(|body| serde_json::to_string(&body).unwrap())
}

#[track_caller]
fn has(body: &str, part: &str) {
    assert!(body.contains(part), "{part} is not in {body}");
}

#[track_caller]
fn has_not(body: &str, part: &str) {
    assert!(!body.contains(part), "{part} is in {body}");
}

#[tokio::test]
async fn the_whole_body() {
    let body = body_of(&proposal(), json!({}), false, true).await.unwrap();
    assert_eq!(
        body,
        concat!(
            r#"{"TxnDate":"2026-02-03","DueDate":"2026-03-05","CustomerRef":{"value":"72"},"#,
            r#""PrivateNote":"tieout:TIE-4WIP5NPYZH6ZVQOB opp=0065g00000AbCdEAAV","#,
            r#""CustomField":[{"DefinitionId":"1","Type":"StringType","#,
            r#""StringValue":"0065g00000AbCdEAAV"}],"#,
            r#""Line":[{"Amount":980.00,"Description":"Platform seats","#,
            r#""DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"31"},"#,
            r#""Qty":20,"UnitPrice":49,"TaxCodeRef":{"value":"TAX"},"ServiceDate":"2026-02-01"}}]}"#
        )
    );
}

#[tokio::test]
async fn our_number_or_the_companys() {
    let custom = json!({"SalesFormsPrefs": {"CustomTxnNumbers": true}});
    let own = body_of(&proposal(), json!({}), true, true).await.unwrap();
    has(&own, r#""DocNumber":"TIE-4WIP5NPYZH6ZVQOB""#);
    has_not(&body_of(&proposal(), json!({}), false, true).await.unwrap(), "DocNumber");
    let next = body_of(&proposal(), custom.clone(), false, true).await.unwrap();
    has(&next, r#""DocNumber":"AUTO_GENERATE""#);
    let credit = ProposedDocument { kind: LedgerDocumentKind::CreditMemo, ..proposal() };
    let credit = body_of(&credit, custom, false, true).await.unwrap();
    has(&credit, r#""DocNumber":"TIE-4WIP5NPYZH6ZVQOB""#);
    has_not(&credit, "DueDate");
}

#[tokio::test]
async fn currency_and_rate_only_where_the_company_keeps_several() {
    let eur = currency("EUR");
    let mut foreign = ProposedDocument {
        currency: eur,
        exchange_rate: Some("1.08320".parse().unwrap()),
        ..proposal()
    };
    foreign.lines[0].amount = money("980", eur);
    let refused = body_of(&foreign, json!({}), false, true).await.unwrap_err();
    assert_eq!(refused, BodyError::OtherCurrency);
    let body = body_of(&foreign, multi_currency(), false, true).await.unwrap();
    has(&body, r#""CurrencyRef":{"value":"EUR"},"ExchangeRate":1.08320"#);
    let home = body_of(&proposal(), multi_currency(), false, true).await.unwrap();
    has(&home, r#""CurrencyRef":{"value":"USD"}"#);
    has_not(&home, "ExchangeRate");
}

async fn priced(quantity: &str, price: Option<&str>, amount: &str) -> String {
    let lines = vec![proposed_line(quantity, price, amount)];
    body_of(&ProposedDocument { lines, ..proposal() }, json!({}), false, true).await.unwrap()
}

#[tokio::test]
async fn price_and_quantity_stand_only_where_they_multiply() {
    has(&priced("3", Some("33.335"), "100.01").await, r#""Qty":3,"UnitPrice":33.335"#);
    has_not(&priced("3", Some("33.33"), "100.00").await, "UnitPrice");
    has_not(&priced("3", None, "100.00").await, "Qty");
    has(&priced("3", Some("33.3333333"), "100.00").await, r#""UnitPrice":33.3333333"#);
    has_not(&priced("3", Some("33.33333333"), "100.00").await, "UnitPrice");
    has(&priced("0.5", Some("1.01"), "0.51").await, r#""Amount":0.51"#);
}

#[tokio::test]
async fn amounts_are_bare_numbers_with_two_decimals() {
    has(&priced("1", None, "980").await, r#""Amount":980.00,"#);
    has(&priced("1", None, "90000000000000.01").await, r#""Amount":90000000000000.01,"#);
    has(&priced("1", None, "-0.10").await, r#""Amount":-0.10,"#);
}

#[tokio::test]
async fn more_decimals_than_the_tool_keeps_are_refused() {
    let kwd = currency("KWD");
    let mut document = ProposedDocument { currency: kwd, ..proposal() };
    document.lines[0].amount = money("1.005", kwd);
    let refused = body_of(&document, multi_currency(), false, true).await.unwrap_err();
    assert_eq!(refused, BodyError::AmountTooPrecise);
    document.lines[0].amount = money("1.500", kwd);
    has(&body_of(&document, multi_currency(), false, true).await.unwrap(), r#""Amount":1.50"#);
}

#[tokio::test]
async fn a_document_has_lines() {
    let empty = ProposedDocument { lines: vec![], ..proposal() };
    assert_eq!(body_of(&empty, json!({}), false, true).await.unwrap_err(), BodyError::NoLines);
}

#[tokio::test]
async fn outside_the_us_lines_are_said_to_be_net() {
    let body = body_of(&proposal(), json!({}), false, false).await.unwrap();
    has(&body, r#""GlobalTaxCalculation":"TaxExcluded""#);
    let untaxed = json!({"TaxPrefs": {"UsingSalesTax": false}});
    has_not(&body_of(&proposal(), untaxed, false, false).await.unwrap(), "GlobalTax");
}

#[tokio::test]
async fn the_order_number_goes_where_it_fits() {
    let ordered =
        |number: &str| ProposedDocument { order_number: Some(number.to_owned()), ..proposal() };
    let body = body_of(&ordered("4711"), json!({}), false, true).await.unwrap();
    has(&body, r#""CustomerMemo":{"value":"PO 4711"}"#);
    let body = body_of(&ordered("po-4711"), json!({}), false, true).await.unwrap();
    has(&body, r#""CustomerMemo":{"value":"po-4711"}"#);
    let on = json!({"SalesFormsPrefs": {"CustomField": [{"CustomField": [
        {"Name": "SalesFormsPrefs.UseSalesCustom3", "BooleanValue": true},
        {"Name": "SalesFormsPrefs.SalesCustomName3", "StringValue": "Order"}]}]}});
    let body = body_of(&ordered("4711"), on.clone(), false, true).await.unwrap();
    has(&body, r#"{"DefinitionId":"3","Type":"StringType","StringValue":"4711"}"#);
    has_not(&body, "CustomerMemo");
    let long = "4".repeat(32);
    has(&body_of(&ordered(&long), on, false, true).await.unwrap(), "CustomerMemo");
}

#[tokio::test]
async fn text_cannot_leave_its_place() {
    let mut document = proposal();
    document.lines[0].description = Some("\"}],\"TotalAmt\":0,\n\u{1}é".to_owned());
    let body = body_of(&document, json!({}), false, true).await.unwrap();
    let read: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(read.get("TotalAmt"), None);
    assert_eq!(read["Line"][0]["Description"], document.lines[0].description.clone().unwrap());
}
