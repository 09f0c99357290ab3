//! Journal entries (`quickbooks §3.6`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::amount::{amount, money, number_at, objects, text};
use super::super::entity::Entity;
use super::super::ledger;
use super::super::refusal::Refusal;
use super::super::row::Body;
use super::references::default;
use super::{Author, Writing};

pub fn complete(writing: &mut Writing<'_>, mut body: Body) -> Result<Body, Refusal> {
    default(&mut body, "TxnDate", json!(writing.today().to_string()));
    let day = ledger::date(&body);
    writing.set_currency(&mut body, None, day, false)?;
    default(&mut body, "Adjustment", json!(false));
    body.remove("LinkedTxn");
    let given: Vec<Body> = objects(&body, "Line").cloned().collect();
    if given.is_empty() {
        return Err(Refusal::missing("Line"));
    }
    let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    let mut lines = Vec::new();
    for line in given {
        let line = line_of(writing, line)?;
        let debit = line["JournalEntryLineDetail"]["PostingType"] == json!("Debit");
        *(if debit { &mut debits } else { &mut credits }) += amount(&line, "Amount");
        lines.push(Value::Object(line));
    }
    if debits != credits {
        return Err(Refusal::business("Debits and credits of a journal entry must be equal"));
    }
    body.insert("Line".to_owned(), Value::Array(lines));
    body.insert("TotalAmt".to_owned(), money(debits));
    Ok(body)
}

fn line_of(writing: &Writing<'_>, mut line: Body) -> Result<Body, Refusal> {
    let given = number_at(&line, "Amount");
    let given = given.ok_or_else(|| Refusal::business("The amount of a line is missing"))?;
    if given < Decimal::ZERO {
        return Err(Refusal::business("Amounts of a journal entry must not be negative"));
    }
    let detail = line.get_mut("JournalEntryLineDetail").and_then(Value::as_object_mut);
    let detail = detail.ok_or_else(|| Refusal::missing("JournalEntryLineDetail"))?;
    if !matches!(text(detail, "PostingType"), Some("Debit" | "Credit")) {
        return Err(Refusal::bad_choice("PostingType"));
    }
    let account = writing.referred(detail, "AccountRef", Entity::Account, None)?;
    let account = account.ok_or_else(|| Refusal::missing("AccountRef"))?;
    writing.referred(detail, "ClassRef", Entity::Class, None)?;
    writing.referred(detail, "DepartmentRef", Entity::Department, None)?;
    let named = set_name(writing, detail)?;
    let receivable = accounts::account_type(&account.body) == accounts::RECEIVABLE_TYPE;
    // A person in the product could post so in the sample company; the API refuses it.
    if receivable && !named && writing.author == Author::Api {
        let detail = "When you use Accounts Receivable, you must choose a customer";
        return Err(Refusal::business(detail));
    }
    line.insert("DetailType".to_owned(), json!("JournalEntryLineDetail"));
    Ok(line)
}

/// Checks the name of a line; true when it is a customer.
fn set_name(writing: &Writing<'_>, detail: &mut Body) -> Result<bool, Refusal> {
    let Some(name) = detail.get_mut("Entity").and_then(Value::as_object_mut) else {
        return Ok(false);
    };
    let kind = text(name, "Type").and_then(Entity::parse).filter(|entity| entity.is_name());
    let kind = kind.ok_or_else(|| Refusal::bad_choice("Entity.Type"))?;
    let row = writing.referred(name, "EntityRef", kind, None)?;
    Ok(row.is_some() && kind == Entity::Customer)
}
