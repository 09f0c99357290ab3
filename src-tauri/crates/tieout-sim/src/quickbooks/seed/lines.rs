//! The lines of the sample invoices.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::masters::{FREIGHT, item_id};
use crate::sample::{Company, SampleDeal, SampleInvoice};

/// Lines that add up to the invoice's net, or to `net` where it had another one first.
pub fn of_invoice(company: &Company, invoice: &SampleInvoice, net: &str) -> Value {
    let tax_code = if invoice.tax == "0.00" { "NON" } else { "TAX" };
    let deal = invoice.deal.as_ref().map(|reference| {
        let deal = company.deals.iter().find(|deal| deal.reference == *reference);
        deal.expect("invoices name deals of the rows")
    });
    let Some(deal) = deal else {
        let call_out = item_id(company, "AQ-CAL-DAY");
        return json!([line(&call_out, net, tax_code, None)]);
    };
    let first = item_id(company, &deal.lines[0].product);
    let whole = json!(of_deal(company, deal, tax_code));
    match invoice.number.as_str() {
        "2277" => with(
            whole,
            json!({
                "Amount": number("240.00"),
                "Description": "Early renewal, 1%",
                "DetailType": "DiscountLineDetail",
                "DiscountLineDetail": {"PercentBased": false},
            }),
        ),
        "2282" => with(whole, line(FREIGHT, "135.00", tax_code, None)),
        "2284" => json!([line(&first, net, tax_code, Some(("17", "2400.00")))]),
        "2289" => with(whole, line(FREIGHT, "20.00", tax_code, None)),
        _ if deal.amount == net => whole,
        _ => json!([line(&first, net, tax_code, None)]),
    }
}

/// The deal's own lines.
fn of_deal(company: &Company, deal: &SampleDeal, tax_code: &str) -> Vec<Value> {
    let lines = deal.lines.iter().map(|sold| {
        let amount = decimal(&sold.quantity) * decimal(&sold.unit_price);
        let item = item_id(company, &sold.product);
        let sold = Some((sold.quantity.as_str(), sold.unit_price.as_str()));
        line(&item, &amount.to_string(), tax_code, sold)
    });
    lines.collect()
}

/// The last line of the deal cut down, as the clerk did with invoice 2281.
pub fn reduced(company: &Company, invoice: &SampleInvoice, from: &str) -> Value {
    let mut lines = of_invoice(company, invoice, from);
    let by = decimal(from) - decimal(&invoice.net);
    let all = lines.as_array_mut().expect("lines are a list");
    for (at, line) in (1..).zip(all.iter_mut()) {
        line["Id"] = json!(usize::to_string(&at));
    }
    if let Some(last) = all.last_mut() {
        let before = last["Amount"].to_string();
        last["Amount"] = number(&(decimal(&before) - by).to_string());
        let detail = last["SalesItemLineDetail"].as_object_mut().expect("an item line");
        detail.remove("Qty");
        detail.remove("UnitPrice");
    }
    lines
}

fn with(lines: Value, further: Value) -> Value {
    let mut lines = lines;
    lines.as_array_mut().expect("lines are a list").push(further);
    lines
}

/// One item line; `sold` is quantity and price.
pub fn line(item: &str, amount: &str, tax_code: &str, sold: Option<(&str, &str)>) -> Value {
    let mut detail = json!({"ItemRef": {"value": item}, "TaxCodeRef": {"value": tax_code}});
    if let Some((quantity, price)) = sold {
        detail["Qty"] = number(quantity);
        detail["UnitPrice"] = number(price);
    }
    json!({
        "Amount": number(amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    })
}

/// The rows' text as a JSON number.
pub fn number(text: &str) -> Value {
    super::super::amount::plain(decimal(text))
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("the rows have decimal texts")
}
