//! Customers, vendors and employees: one name space over three lists (`quickbooks §3.2`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::amount::{amount, decimal, flag, money, named, reference, text};
use super::super::books::Books;
use super::super::config::TaxMode;
use super::super::entity::Entity;
use super::super::opening::EXEMPT_TAX_CODE;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::references::{default, is_active};
use super::{Author, Writing};

/// What a deactivated name ends with.
pub const DELETED: &str = " (deleted)";
/// Levels of sub-customers (`quickbooks §3.2`).
const LEVELS_MAX: usize = 5;
/// Characters of a tax number that stay readable.
const TAX_ID_READABLE: usize = 5;

pub fn complete(
    writing: &mut Writing<'_>,
    entity: Entity,
    mut body: Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Body, Refusal> {
    let before = old.map(|(_, row)| &row.body);
    default(&mut body, "Active", json!(true));
    set_display_name(writing.books, &mut body, old)?;
    let name = plain_name(&body);
    default(&mut body, "PrintOnCheckName", json!(name));
    if let Some(id) = text(&body, "PrimaryTaxIdentifier").map(masked) {
        body.insert("PrimaryTaxIdentifier".to_owned(), json!(id));
    }
    for member in ["BillAddr", "ShipAddr", "PrimaryAddr"] {
        set_address_id(writing.books, &mut body, member, before);
    }
    if entity != Entity::Employee {
        set_currency(writing, &mut body)?;
    }
    if entity == Entity::Customer {
        complete_customer(writing, &mut body, old)?;
    } else {
        body.insert("FullyQualifiedName".to_owned(), body["DisplayName"].clone());
    }
    Ok(body)
}

/// Builds the name from its parts where it is absent, checks it and gives inactive ones their end.
fn set_display_name(
    books: &Books,
    body: &mut Body,
    old: Option<(&RowId, &Row)>,
) -> Result<(), Refusal> {
    let given = text(body, "DisplayName").map(|name| name.trim().to_owned());
    let name = given.or_else(|| from_parts(body)).ok_or_else(|| Refusal::missing("DisplayName"))?;
    if name.contains([':', '\t', '\n']) {
        return Err(Refusal::business("A name must not hold a colon, a tab or a line break"));
    }
    let base = name.strip_suffix(DELETED).unwrap_or(&name).to_owned();
    check_unused(books, &base, old.map(|(id, _)| id))?;
    let shown = if is_active(body) { base } else { format!("{base}{DELETED}") };
    body.insert("DisplayName".to_owned(), json!(shown));
    Ok(())
}

fn from_parts(body: &Body) -> Option<String> {
    let parts = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"];
    let words: Vec<&str> = parts.iter().filter_map(|part| text(body, part)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn plain_name(body: &Body) -> String {
    let name = text(body, "DisplayName").unwrap_or_default();
    name.strip_suffix(DELETED).unwrap_or(name).to_owned()
}

/// Names compare without case and outer blanks; inactive ones stay reserved.
fn check_unused(books: &Books, name: &str, own: Option<&RowId>) -> Result<(), Refusal> {
    let wanted = name.trim().to_lowercase();
    let lists = [Entity::Customer, Entity::Vendor, Entity::Employee];
    let mut others =
        lists.into_iter().flat_map(|entity| books.all(entity)).filter(|(id, _)| Some(*id) != own);
    if others.any(|(_, row)| plain_name(&row.body).to_lowercase() == wanted) {
        return Err(Refusal::duplicate_name());
    }
    Ok(())
}

fn masked(id: &str) -> String {
    let hidden = id.chars().count().saturating_sub(TAX_ID_READABLE);
    id.chars().enumerate().map(|(at, char)| if at < hidden { 'X' } else { char }).collect()
}

/// An address keeps its id until it is edited.
fn set_address_id(books: &mut Books, body: &mut Body, member: &str, before: Option<&Body>) {
    let Some(address) = body.get_mut(member).and_then(Value::as_object_mut) else { return };
    if address.contains_key("Id") {
        return;
    }
    let known = before.and_then(|before| before.get(member)).and_then(Value::as_object);
    let same = known.filter(|known| {
        let mut without_id = (*known).clone();
        without_id.remove("Id");
        without_id == *address
    });
    let id = same.and_then(|known| text(known, "Id")).map(str::to_owned);
    let id = id.unwrap_or_else(|| books.next_address_id());
    address.insert("Id".to_owned(), json!(id));
}

fn set_currency(writing: &mut Writing<'_>, body: &mut Body) -> Result<(), Refusal> {
    let home = writing.books.config.home_currency.clone();
    let code = reference(body, "CurrencyRef").unwrap_or(&home).to_uppercase();
    // The reference holds the ISO code, never the id of the list's row.
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Refusal::bad_reference(Entity::CompanyCurrency, &code));
    }
    if code != home && !writing.books.config.multi_currency {
        return Err(Refusal::business("Multicurrency is not enabled for this company"));
    }
    accounts::open_currency(writing.books, &code, writing.now);
    body.insert("CurrencyRef".to_owned(), named(&code, accounts::currency_name(&code)));
    Ok(())
}

fn complete_customer(
    writing: &mut Writing<'_>,
    body: &mut Body,
    old: Option<(&RowId, &Row)>,
) -> Result<(), Refusal> {
    let before = old.map(|(_, row)| &row.body);
    let kept = |member| before.map(|before| amount(before, member)).unwrap_or_default();
    for member in ["Balance", "BalanceWithJobs"] {
        body.insert(member.to_owned(), money(kept(member)));
    }
    body.remove("OpenBalanceDate");
    default(body, "Taxable", json!(true));
    default(body, "Job", json!(false));
    default(body, "BillWithParent", json!(false));
    default(body, "PreferredDeliveryMethod", json!("Print"));
    body.insert("IsProject".to_owned(), json!(false));
    if let (true, Some(code)) = (flag(body, "Taxable"), &writing.books.config.default_tax_code) {
        default(body, "DefaultTaxCodeRef", json!({"value": code}));
    }
    if let Some(code) = reference(body, "DefaultTaxCodeRef") {
        let known = writing.books.get(Entity::TaxCode, code);
        known.ok_or_else(|| Refusal::bad_reference(Entity::TaxCode, code))?;
    }
    writing.referred(body, "SalesTermRef", Entity::Term, before)?;
    writing.referred(body, "PaymentMethodRef", Entity::PaymentMethod, before)?;
    set_parent(writing, body, old)
}

fn set_parent(
    writing: &Writing<'_>,
    body: &mut Body,
    old: Option<(&RowId, &Row)>,
) -> Result<(), Refusal> {
    let before = old.map(|(_, row)| &row.body);
    let name = text(body, "DisplayName").unwrap_or_default().to_owned();
    let Some(parent) = writing.referred(body, "ParentRef", Entity::Customer, before)? else {
        body.insert("Job".to_owned(), json!(false));
        body.insert("FullyQualifiedName".to_owned(), json!(name));
        return Ok(());
    };
    let own = old.map(|(id, _)| id.as_str());
    if own.is_some_and(|own| ancestors(writing.books, body).contains(&own)) {
        return Err(Refusal::business("A customer cannot be below itself"));
    }
    if reference(&parent.body, "CurrencyRef") != reference(body, "CurrencyRef") {
        return Err(Refusal::business("A sub-customer has the currency of its parent"));
    }
    let above = text(&parent.body, "FullyQualifiedName").unwrap_or_default();
    let full = format!("{above}:{name}");
    let level = full.matches(':').count();
    if level >= LEVELS_MAX {
        return Err(Refusal::business("Sub-customers have at most five levels"));
    }
    body.insert("Job".to_owned(), json!(true));
    body.insert("Level".to_owned(), json!(level));
    body.insert("FullyQualifiedName".to_owned(), json!(full));
    Ok(())
}

/// Ids of the customers above one, nearest first.
pub fn ancestors<'b>(books: &'b Books, customer: &'b Body) -> Vec<&'b str> {
    let mut above = Vec::new();
    let mut next = reference(customer, "ParentRef");
    while let Some(id) = next.filter(|_| above.len() < LEVELS_MAX) {
        above.push(id);
        let row = books.get(Entity::Customer, id);
        next = row.and_then(|row| reference(&row.body, "ParentRef"));
    }
    above
}

/// A balance given with a new customer becomes an invoice, or a credit memo when negative.
pub fn open_balance(
    writing: &mut Writing<'_>,
    entity: Entity,
    id: &RowId,
    input: &Body,
) -> Result<(), Refusal> {
    let balance = input.get("Balance").and_then(decimal).unwrap_or_default();
    if entity != Entity::Customer || balance.is_zero() {
        return Ok(());
    }
    let day = text(input, "OpenBalanceDate").map(|day| json!(day));
    post(writing, id, balance, accounts::OPENING_BALANCE, "Opening Balance", day)
}

/// Whether an update makes a customer inactive that still owes or is owed.
pub fn closes(entity: Entity, old: &Body, new: &Body) -> bool {
    let ends = is_active(old) && !is_active(new);
    entity == Entity::Customer && ends && !amount(old, "Balance").is_zero()
}

/// Posts the opposite of the balance before the customer goes, and takes the new balance over.
pub fn balance_out(writing: &mut Writing<'_>, id: &RowId, body: &mut Body) -> Result<(), Refusal> {
    let balance = amount(body, "Balance");
    post(
        writing,
        id,
        -balance,
        accounts::BAD_DEBTS,
        "Created by QB Online to adjust balance",
        None,
    )?;
    if let Some(row) = writing.books.get(Entity::Customer, id.as_str()) {
        for member in ["Balance", "BalanceWithJobs"] {
            body.insert(member.to_owned(), row.body[member].clone());
        }
    }
    Ok(())
}

fn post(
    writing: &mut Writing<'_>,
    customer: &RowId,
    balance: Decimal,
    account: &str,
    description: &str,
    day: Option<Value>,
) -> Result<(), Refusal> {
    let entity = if balance > Decimal::ZERO { Entity::Invoice } else { Entity::CreditMemo };
    let vat = writing.books.config.tax_mode == TaxMode::Vat;
    let code = if vat { EXEMPT_TAX_CODE } else { "NON" };
    let detail = json!({"ItemAccountRef": {"value": account}, "TaxCodeRef": {"value": code}});
    let mut document = Body::new();
    document.insert("CustomerRef".to_owned(), json!({"value": customer.as_str()}));
    document.extend(day.map(|day| ("TxnDate".to_owned(), day)));
    document.insert(
        "Line".to_owned(),
        json!([{
            "Amount": money(balance.abs()),
            "Description": description,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": detail,
        }]),
    );
    let mut own = Writing::new(writing.books, writing.now, Author::Clerk);
    own.perform(entity, super::Operation::Save, &document).map(drop)
}
