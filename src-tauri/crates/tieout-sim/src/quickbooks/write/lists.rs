//! Items, accounts and the small lists (`quickbooks §3.3, §3.7`).

use serde_json::json;

use super::super::accounts;
use super::super::amount::{flag, named, reference, text};
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::names::DELETED;
use super::references::{default, is_active};
use super::{Author, Writing};

const ITEM_TYPES: [&str; 5] = ["Service", "NonInventory", "Inventory", "Group", "Category"];

pub fn complete(
    writing: &mut Writing<'_>,
    entity: Entity,
    mut body: Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Body, Refusal> {
    let before = old.map(|(_, row)| &row.body);
    default(&mut body, "Active", json!(true));
    set_name(writing, entity, &mut body, old)?;
    match entity {
        Entity::Item => complete_item(writing, &mut body, before)?,
        Entity::Account => complete_account(writing, &mut body, before)?,
        Entity::Term => {
            let standard = body.contains_key("DueDays") || !body.contains_key("DayOfMonthDue");
            let kind = if standard { "STANDARD" } else { "DATE_DRIVEN" };
            body.insert("Type".to_owned(), json!(kind));
        }
        Entity::PaymentMethod => default(&mut body, "Type", json!("NON_CREDIT_CARD")),
        Entity::CompanyCurrency => {
            let code = text(&body, "Code").unwrap_or_default().to_owned();
            default(&mut body, "Name", json!(accounts::currency_name(&code)));
        }
        _ => {}
    }
    Ok(body)
}

/// Checks the name among its siblings, builds the full name and ends inactive ones.
fn set_name(
    writing: &Writing<'_>,
    entity: Entity,
    body: &mut Body,
    old: Option<(&RowId, &Row)>,
) -> Result<(), Refusal> {
    let Some(member) = entity.name_member() else { return Ok(()) };
    let given = text(body, member).ok_or_else(|| Refusal::missing(member))?.trim().to_owned();
    if given.contains([':', '\t', '\n']) {
        return Err(Refusal::business("A name must not hold a colon, a tab or a line break"));
    }
    let base = given.strip_suffix(DELETED).unwrap_or(&given).to_owned();
    let has_parents =
        matches!(entity, Entity::Item | Entity::Account | Entity::Class | Entity::Department);
    let before = old.map(|(_, row)| &row.body);
    let parent =
        if has_parents { writing.referred(body, "ParentRef", entity, before)? } else { None };
    check_unused(writing.books, entity, member, &base, body, old.map(|(id, _)| id))?;
    let suffixed = !is_active(body) && entity != Entity::CompanyCurrency;
    let shown = if suffixed { format!("{base}{DELETED}") } else { base };
    if has_parents {
        let above = parent.as_ref().and_then(|row| text(&row.body, "FullyQualifiedName"));
        let full = above.map_or_else(|| shown.clone(), |above| format!("{above}:{shown}"));
        body.insert("FullyQualifiedName".to_owned(), json!(full));
    }
    body.insert(member.to_owned(), json!(shown));
    Ok(())
}

fn check_unused(
    books: &Books,
    entity: Entity,
    member: &str,
    name: &str,
    body: &Body,
    own: Option<&RowId>,
) -> Result<(), Refusal> {
    let parent = reference(body, "ParentRef");
    let wanted = name.to_lowercase();
    let mut siblings = books
        .all(entity)
        .filter(|(id, row)| Some(*id) != own && reference(&row.body, "ParentRef") == parent);
    let taken = siblings.any(|(_, row)| {
        let other = text(&row.body, member).unwrap_or_default();
        other.strip_suffix(DELETED).unwrap_or(other).to_lowercase() == wanted
    });
    if taken { Err(Refusal::duplicate_name()) } else { Ok(()) }
}

fn complete_item(
    writing: &Writing<'_>,
    body: &mut Body,
    before: Option<&Body>,
) -> Result<(), Refusal> {
    default(body, "Type", json!("Service"));
    let kind = text(body, "Type").unwrap_or_default().to_owned();
    if !ITEM_TYPES.contains(&kind.as_str()) {
        return Err(Refusal::bad_choice("Type"));
    }
    default(body, "Taxable", json!(false));
    default(body, "TrackQtyOnHand", json!(false));
    if body.contains_key("ParentRef") {
        body.insert("SubItem".to_owned(), json!(true));
    }
    if matches!(kind.as_str(), "Group" | "Category") {
        return Ok(());
    }
    let income = writing.referred(body, "IncomeAccountRef", Entity::Account, before)?;
    let income = income.ok_or_else(|| Refusal::missing("IncomeAccountRef"))?;
    let earns = accounts::classification(accounts::account_type(&income.body)) == Some("Revenue");
    if !earns && writing.author == Author::Api {
        return Err(Refusal::business("IncomeAccountRef must be an income account"));
    }
    writing.referred(body, "ExpenseAccountRef", Entity::Account, before)?;
    writing.referred(body, "AssetAccountRef", Entity::Account, before)?;
    if kind == "Inventory" {
        check_stock(body)?;
    }
    Ok(())
}

fn check_stock(body: &Body) -> Result<(), Refusal> {
    if !flag(body, "TrackQtyOnHand") {
        return Err(Refusal::missing("TrackQtyOnHand"));
    }
    for member in ["QtyOnHand", "InvStartDate", "AssetAccountRef", "ExpenseAccountRef"] {
        if !body.contains_key(member) {
            return Err(Refusal::missing(member));
        }
    }
    Ok(())
}

fn complete_account(
    writing: &Writing<'_>,
    body: &mut Body,
    before: Option<&Body>,
) -> Result<(), Refusal> {
    let kind = text(body, "AccountType").ok_or_else(|| Refusal::missing("AccountType"))?;
    let class = accounts::classification(kind).ok_or_else(|| Refusal::bad_choice("AccountType"))?;
    let sub_type: String = kind.split(' ').collect();
    let home = writing.books.config.home_currency.clone();
    let currency = reference(body, "CurrencyRef").unwrap_or(&home).to_owned();
    if before.is_none() && currency != home && !writing.books.config.multi_currency {
        return Err(Refusal::business("Multicurrency is not enabled for this company"));
    }
    body.insert("Classification".to_owned(), json!(class));
    body.insert("CurrencyRef".to_owned(), named(&currency, accounts::currency_name(&currency)));
    body.insert("SubAccount".to_owned(), json!(body.contains_key("ParentRef")));
    default(body, "AccountSubType", json!(sub_type));
    Ok(())
}
