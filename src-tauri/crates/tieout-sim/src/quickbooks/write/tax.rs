//! Sales tax: the server decides the amount (`quickbooks §6`).

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::{amount, cents, flag, money, number_at, object, plain, reference};
use super::super::books::Books;
use super::super::config::TaxMode;
use super::super::entity::Entity;
use super::super::opening::AUTOMATED_TAX_CODE;
use super::super::refusal::Refusal;
use super::super::row::Body;
use super::Writing;
use super::sales_lines::Sums;

/// A tax rate with its share of a code.
struct Rate {
    id: String,
    percent: Decimal,
}

/// Writes `TxnTaxDetail` and returns the total tax.
pub fn complete(
    writing: &Writing<'_>,
    body: &mut Body,
    customer: Option<&Body>,
    sums: &Sums,
) -> Result<Decimal, Refusal> {
    let (total, detail) = match writing.books.config.tax_mode {
        TaxMode::Off => (Decimal::ZERO, json!({"TotalTax": 0})),
        TaxMode::UsManual => us_manual(writing.books, body, customer, sums)?,
        TaxMode::UsAutomated => us_automated(writing.books, body, customer, sums)?,
        TaxMode::Vat => vat(writing.books, body, sums)?,
    };
    body.insert("TxnTaxDetail".to_owned(), detail);
    Ok(total)
}

fn us_manual(
    books: &Books,
    body: &Body,
    customer: Option<&Body>,
    sums: &Sums,
) -> Result<(Decimal, Value), Refusal> {
    let given = object(body, "TxnTaxDetail");
    let named = given.and_then(|given| reference(given, "TxnTaxCodeRef"));
    let total = given.map(|given| amount(given, "TotalTax")).unwrap_or_default();
    if named.is_none() && total > Decimal::ZERO {
        return Ok((total, override_detail(total)));
    }
    let own = customer.and_then(|customer| reference(customer, "DefaultTaxCodeRef"));
    let code = named.or(own).or(books.config.default_tax_code.as_deref());
    match code {
        Some(code) if code != "NON" && code != "TAX" => {
            if named.is_none() && taxable(sums).is_zero() {
                return Ok((Decimal::ZERO, json!({"TotalTax": 0})));
            }
            let base = taxable(sums) - discount_share(body, sums);
            coded(books, code, base)
        }
        _ => Ok((Decimal::ZERO, json!({"TotalTax": 0}))),
    }
}

/// A stub: one rate for everybody but customers that are not taxable.
fn us_automated(
    books: &Books,
    body: &Body,
    customer: Option<&Body>,
    sums: &Sums,
) -> Result<(Decimal, Value), Refusal> {
    let exempt = customer.is_some_and(|customer| !flag(customer, "Taxable"));
    let base = if exempt { Decimal::ZERO } else { taxable(sums) - discount_share(body, sums) };
    coded(books, AUTOMATED_TAX_CODE, base)
}

fn taxable(sums: &Sums) -> Decimal {
    sums.by_code.get("TAX").copied().unwrap_or_default()
}

/// The part of the discount that falls on the taxable lines.
fn discount_share(body: &Body, sums: &Sums) -> Decimal {
    if sums.subtotal.is_zero() || !flag(body, "ApplyTaxAfterDiscount") {
        return Decimal::ZERO;
    }
    cents(sums.discount * taxable(sums) / sums.subtotal)
}

/// One line per rate on the summed base.
fn coded(books: &Books, code: &str, base: Decimal) -> Result<(Decimal, Value), Refusal> {
    let rates = rates_of(books, code)?;
    let lines: Vec<(Decimal, Value)> = rates.iter().map(|rate| tax_line(rate, base)).collect();
    let total = lines.iter().map(|(tax, _)| *tax).sum();
    let lines: Vec<Value> = lines.into_iter().map(|(_, line)| line).collect();
    let detail = json!({
        "TxnTaxCodeRef": {"value": code},
        "TotalTax": money(total),
        "TaxLine": lines,
    });
    Ok((total, detail))
}

fn tax_line(rate: &Rate, base: Decimal) -> (Decimal, Value) {
    let tax = cents(base * rate.percent / Decimal::ONE_HUNDRED);
    (tax, shown_line(rate, base, tax))
}

fn shown_line(rate: &Rate, base: Decimal, tax: Decimal) -> Value {
    json!({
        "Amount": money(tax),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate.id},
            "PercentBased": true,
            "TaxPercent": plain(rate.percent),
            "NetAmountTaxable": money(base),
        },
    })
}

/// A total that was sent without a code is taken as it is.
fn override_detail(total: Decimal) -> Value {
    json!({
        "TotalTax": money(total),
        "TaxLine": [{
            "Amount": money(total),
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {"PercentBased": false},
        }],
    })
}

/// Every line has its own code. Where amounts include tax, tax is what they hold above the net.
fn vat(books: &Books, body: &Body, sums: &Sums) -> Result<(Decimal, Value), Refusal> {
    if body.get("GlobalTaxCalculation") == Some(&json!("NotApplicable")) {
        return Ok((Decimal::ZERO, json!({"TotalTax": 0})));
    }
    let mut total = Decimal::ZERO;
    let mut lines = Vec::new();
    for (code, base) in discounted_bases(sums) {
        for rate in rates_of(books, &code)? {
            let included = sums.with_tax.get(&code).filter(|_| sums.discount.is_zero());
            let (tax, line) = match included {
                Some(with_tax) => {
                    let tax = with_tax - base;
                    (tax, shown_line(&rate, base, tax))
                }
                None => tax_line(&rate, base),
            };
            total += tax;
            lines.push(line);
        }
    }
    Ok((total, json!({"TotalTax": money(total), "TaxLine": lines})))
}

/// The bases by code less their share of the discount; the last code takes the rest.
fn discounted_bases(sums: &Sums) -> BTreeMap<String, Decimal> {
    let mut bases = sums.by_code.clone();
    let mut left = sums.discount;
    let count = bases.len();
    for (at, base) in bases.values_mut().enumerate() {
        let share = if at + 1 == count || sums.subtotal.is_zero() {
            left
        } else {
            cents(sums.discount * *base / sums.subtotal)
        };
        left -= share;
        *base -= share;
    }
    bases
}

fn rates_of(books: &Books, code: &str) -> Result<Vec<Rate>, Refusal> {
    let row = books.get(Entity::TaxCode, code);
    let row = row.ok_or_else(|| Refusal::bad_reference(Entity::TaxCode, code))?;
    let list = object(&row.body, "SalesTaxRateList");
    let details = list.and_then(|list| list.get("TaxRateDetail")).and_then(Value::as_array);
    let ids = details.into_iter().flatten().filter_map(Value::as_object);
    ids.filter_map(|detail| reference(detail, "TaxRateRef"))
        .map(|id| {
            let rate = books.get(Entity::TaxRate, id);
            let rate = rate.ok_or_else(|| Refusal::bad_reference(Entity::TaxRate, id))?;
            let percent = number_at(&rate.body, "RateValue").unwrap_or_default();
            Ok(Rate { id: id.to_owned(), percent })
        })
        .collect()
}

/// The sum of a code's rates, in percent.
pub fn percent_of_code(books: &Books, code: &str) -> Result<Decimal, Refusal> {
    Ok(rates_of(books, code)?.iter().map(|rate| rate.percent).sum())
}
