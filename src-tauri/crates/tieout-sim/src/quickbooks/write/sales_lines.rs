//! The lines of sales forms: defaults, checks, subtotal and discount.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::amount::{amount, cents, money, number_at, objects, plain, reference, text};
use super::super::config::TaxMode;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::row::Body;
use super::Writing;
use super::references::default;

/// Bundles do not nest deeper than this.
const GROUP_DEPTH_MAX: u8 = 1;

/// What the lines of a document add up to, net of tax.
#[derive(Debug, Default)]
pub struct Sums {
    pub subtotal: Decimal,
    pub discount: Decimal,
    /// Line amounts before discount by tax code.
    pub by_code: BTreeMap<String, Decimal>,
    /// Line amounts with tax by tax code: only where amounts are given so.
    pub with_tax: BTreeMap<String, Decimal>,
}

/// Completes `Line` in place: item lines, the subtotal, then the discount.
pub fn complete(
    writing: &Writing<'_>,
    body: &mut Body,
    before: Option<&Body>,
) -> Result<Sums, Refusal> {
    let given: Vec<Body> = objects(body, "Line").cloned().collect();
    if given.is_empty() {
        return Err(Refusal::missing("Line"));
    }
    let inclusive = text(body, "GlobalTaxCalculation") == Some("TaxInclusive");
    let lines = Lines { writing, before, inclusive };
    let mut sums = Sums::default();
    let mut kept = Vec::new();
    let mut discount = None;
    for line in given {
        match detail_type(&line)? {
            "SubTotalLineDetail" => {}
            "DiscountLineDetail" if discount.is_some() => return Err(Refusal::discount_off()),
            "DiscountLineDetail" => discount = Some(line),
            _ => kept.push(lines.line(line, &mut sums, 0)?),
        }
    }
    let subtotal = json!({
        "Amount": money(sums.subtotal),
        "DetailType": "SubTotalLineDetail",
        "SubTotalLineDetail": {},
    });
    kept.push(subtotal);
    if let Some(discount) = discount {
        kept.push(discounted(writing, discount, &mut sums)?);
    }
    body.insert("Line".to_owned(), Value::Array(kept));
    Ok(sums)
}

fn detail_type(line: &Body) -> Result<&str, Refusal> {
    if let Some(given) = text(line, "DetailType") {
        return Ok(given);
    }
    if line.contains_key("SalesItemLineDetail") {
        return Ok("SalesItemLineDetail");
    }
    Err(Refusal::missing("DetailType"))
}

struct Lines<'w, 'b> {
    writing: &'w Writing<'b>,
    before: Option<&'w Body>,
    inclusive: bool,
}

impl Lines<'_, '_> {
    fn line(&self, line: Body, sums: &mut Sums, depth: u8) -> Result<Value, Refusal> {
        match detail_type(&line)? {
            "SalesItemLineDetail" => self.item_line(line, sums),
            "DescriptionOnly" => {
                let mut line = line;
                line.remove("Amount");
                default(&mut line, "DescriptionLineDetail", json!({}));
                Ok(Value::Object(line))
            }
            "GroupLineDetail" if depth < GROUP_DEPTH_MAX => self.group_line(line, sums, depth),
            _ => Err(Refusal::bad_choice("DetailType")),
        }
    }

    fn group_line(&self, mut line: Body, sums: &mut Sums, depth: u8) -> Result<Value, Refusal> {
        let detail = line.get_mut("GroupLineDetail").and_then(Value::as_object_mut);
        let detail = detail.ok_or_else(|| Refusal::missing("GroupLineDetail"))?;
        self.writing.referred(detail, "GroupItemRef", Entity::Item, None)?;
        let before = sums.subtotal;
        let members: Vec<Body> = objects(detail, "Line").cloned().collect();
        if members.is_empty() {
            return Err(Refusal::missing("GroupLineDetail.Line"));
        }
        let members: Result<Vec<Value>, Refusal> =
            members.into_iter().map(|member| self.line(member, sums, depth + 1)).collect();
        detail.insert("Line".to_owned(), Value::Array(members?));
        line.insert("Amount".to_owned(), money(sums.subtotal - before));
        Ok(Value::Object(line))
    }

    fn item_line(&self, mut line: Body, sums: &mut Sums) -> Result<Value, Refusal> {
        let given = number_at(&line, "Amount");
        let given = given.ok_or_else(|| Refusal::business("The amount of a line is missing"))?;
        let mut detail = match line.remove("SalesItemLineDetail") {
            Some(Value::Object(detail)) => detail,
            _ => Body::new(),
        };
        self.set_item(&mut detail)?;
        check_product(&mut detail, given)?;
        let code = self.set_tax_code(&mut detail)?;
        let net = self.net_amount(&mut detail, &code, given, sums)?;
        sums.subtotal += net;
        *sums.by_code.entry(code).or_default() += net;
        line.insert("Amount".to_owned(), money(net));
        line.insert("DetailType".to_owned(), json!("SalesItemLineDetail"));
        line.insert("SalesItemLineDetail".to_owned(), Value::Object(detail));
        Ok(Value::Object(line))
    }

    fn set_item(&self, detail: &mut Body) -> Result<(), Refusal> {
        if let Some(item) = &self.writing.books.config.default_item {
            default(detail, "ItemRef", json!({"value": item}));
        }
        let known = self.names_before(reference(detail, "ItemRef"));
        let item = self.writing.referred(detail, "ItemRef", Entity::Item, known.as_ref())?;
        let item = item.ok_or_else(|| Refusal::missing("ItemRef"))?;
        if text(&item.body, "Type") == Some("Category") {
            let detail = "An item is set up as a category instead of a product or service";
            return Err(Refusal::business(detail));
        }
        self.writing.referred(detail, "ItemAccountRef", Entity::Account, None)?;
        self.writing.referred(detail, "ClassRef", Entity::Class, None)?;
        Ok(())
    }

    /// An item that the document used before stays usable although it is inactive now.
    fn names_before(&self, item: Option<&str>) -> Option<Body> {
        let details = objects(self.before?, "Line")
            .filter_map(|line| line.get("SalesItemLineDetail")?.as_object());
        let mut known = details.filter(|detail| reference(detail, "ItemRef") == item);
        known.next().cloned()
    }

    fn set_tax_code(&self, detail: &mut Body) -> Result<String, Refusal> {
        let given = reference(detail, "TaxCodeRef").map(str::to_owned);
        let code = match (self.writing.books.config.tax_mode, given) {
            (TaxMode::Off, _) => "NON".to_owned(),
            (TaxMode::Vat, Some(code)) => {
                let row = self.writing.books.get(Entity::TaxCode, &code);
                row.ok_or_else(|| Refusal::bad_reference(Entity::TaxCode, &code))?;
                code
            }
            (TaxMode::Vat, None) => {
                let detail = "Make sure all your transactions have a GST/HST rate before you save.";
                return Err(Refusal::business(detail));
            }
            (_, None) => "NON".to_owned(),
            (_, Some(code)) if code == "TAX" || code == "NON" => code,
            (_, Some(code)) => return Err(Refusal::us_tax_code(&code)),
        };
        detail.insert("TaxCodeRef".to_owned(), json!({"value": code}));
        Ok(code)
    }

    /// The line without tax. Where amounts include tax the amount with tax is kept beside it.
    fn net_amount(
        &self,
        detail: &mut Body,
        code: &str,
        given: Decimal,
        sums: &mut Sums,
    ) -> Result<Decimal, Refusal> {
        if !self.inclusive {
            detail.remove("TaxInclusiveAmt");
            return Ok(given);
        }
        let kept = amount(detail, "TaxInclusiveAmt");
        let with_tax = if kept.is_zero() { given } else { kept };
        let percent = super::tax::percent_of_code(self.writing.books, code)?;
        let hundred = Decimal::ONE_HUNDRED;
        detail.insert("TaxInclusiveAmt".to_owned(), money(with_tax));
        *sums.with_tax.entry(code.to_owned()).or_default() += with_tax;
        Ok(cents(with_tax * hundred / (hundred + percent)))
    }
}

/// Price times quantity must give the amount (`quickbooks §9`). Clients that set neither send two
/// zeros: that is neither.
fn check_product(detail: &mut Body, given: Decimal) -> Result<(), Refusal> {
    let price = number_at(detail, "UnitPrice");
    let quantity = number_at(detail, "Qty");
    let unset = |number: Option<Decimal>| number.is_none_or(|number| number.is_zero());
    if unset(price) && unset(quantity) && !given.is_zero() {
        detail.remove("UnitPrice");
        detail.remove("Qty");
        return Ok(());
    }
    match (price, quantity) {
        (Some(price), Some(quantity)) if cents(price * quantity) != given => {
            Err(Refusal::amount_off(&given.to_string()))
        }
        _ => Ok(()),
    }
}

fn discounted(writing: &Writing<'_>, mut line: Body, sums: &mut Sums) -> Result<Value, Refusal> {
    let mut detail = match line.remove("DiscountLineDetail") {
        Some(Value::Object(detail)) => detail,
        _ => Body::new(),
    };
    let percent = detail.get("PercentBased") == Some(&json!(true));
    let discount = if percent {
        let percent = number_at(&detail, "DiscountPercent").ok_or_else(Refusal::discount_off)?;
        detail.insert("DiscountPercent".to_owned(), plain(percent));
        cents(sums.subtotal * percent / Decimal::ONE_HUNDRED)
    } else {
        detail.insert("PercentBased".to_owned(), json!(false));
        detail.remove("DiscountPercent");
        number_at(&line, "Amount").ok_or_else(Refusal::discount_off)?
    };
    if discount < Decimal::ZERO || discount > sums.subtotal {
        return Err(Refusal::discount_off());
    }
    default(&mut detail, "DiscountAccountRef", json!({"value": accounts::DISCOUNTS}));
    writing.referred(&mut detail, "DiscountAccountRef", Entity::Account, None)?;
    sums.discount = discount;
    line.insert("Amount".to_owned(), money(discount));
    line.insert("DetailType".to_owned(), json!("DiscountLineDetail"));
    line.insert("DiscountLineDetail".to_owned(), Value::Object(detail));
    Ok(Value::Object(line))
}
