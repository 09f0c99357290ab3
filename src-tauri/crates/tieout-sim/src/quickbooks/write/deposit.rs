//! Banking payments (`quickbooks §3.6`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::amount::{amount, money, number_at, object, objects, reference, text};
use super::super::books::target;
use super::super::entity::Entity;
use super::super::ledger;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::Writing;
use super::references::default;

pub fn complete(
    writing: &mut Writing<'_>,
    mut body: Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Body, Refusal> {
    let before = old.map(|(_, row)| &row.body);
    let account = writing.referred(&mut body, "DepositToAccountRef", Entity::Account, before)?;
    account.ok_or_else(|| Refusal::missing("DepositToAccountRef"))?;
    default(&mut body, "TxnDate", json!(writing.today().to_string()));
    let day = ledger::date(&body);
    writing.set_currency(&mut body, None, day, false)?;
    body.remove("LinkedTxn");
    let given: Vec<Body> = objects(&body, "Line").cloned().collect();
    if given.is_empty() {
        return Err(Refusal::missing("Line"));
    }
    let mut lines = Vec::new();
    let mut total = Decimal::ZERO;
    for line in given {
        let line = line_of(writing, line, old.map(|(id, _)| id))?;
        total += amount(&line, "Amount");
        lines.push(Value::Object(line));
    }
    if let Some(cash) = object(&body, "CashBack") {
        total -= amount(cash, "Amount");
    }
    if total < Decimal::ZERO {
        return Err(Refusal::business("The total of a deposit must not be negative"));
    }
    body.insert("Line".to_owned(), Value::Array(lines));
    body.insert("TotalAmt".to_owned(), money(total));
    Ok(body)
}

fn line_of(writing: &Writing<'_>, line: Body, own: Option<&RowId>) -> Result<Body, Refusal> {
    if line.contains_key("DepositLineDetail") {
        return direct_line(writing, line);
    }
    let mut links = objects(&line, "LinkedTxn").filter_map(target);
    let (Some((entity, id)), None) = (links.next(), links.next()) else {
        return Err(Refusal::not_linkable("A deposit line links one transaction"));
    };
    if !matches!(entity, Entity::Payment | Entity::SalesReceipt) {
        return Err(Refusal::not_linkable("Deposits do not link this kind of transaction"));
    }
    let row = writing.books.get(entity, id.as_str()).ok_or_else(Refusal::not_found)?;
    let held = reference(&row.body, "DepositToAccountRef") == Some(accounts::UNDEPOSITED_FUNDS);
    let sources = writing.books.sources(entity, &id);
    let banked =
        sources.iter().any(|(source, deposit)| *source == Entity::Deposit && Some(deposit) != own);
    if !held || banked {
        return Err(Refusal::not_linkable("The payment is not among the undeposited funds"));
    }
    let total = amount(&row.body, "TotalAmt");
    if number_at(&line, "Amount").is_some_and(|given| given != total) {
        return Err(Refusal::business("A payment is deposited as a whole"));
    }
    let mut kept = Body::new();
    kept.insert("Amount".to_owned(), money(total));
    let link = json!([{"TxnId": id.as_str(), "TxnType": entity.name(), "TxnLineId": "0"}]);
    kept.insert("LinkedTxn".to_owned(), link);
    Ok(kept)
}

/// Money that no payment brought in. On receivables it is a credit of the customer.
fn direct_line(writing: &Writing<'_>, mut line: Body) -> Result<Body, Refusal> {
    let given = number_at(&line, "Amount");
    let given = given.ok_or_else(|| Refusal::business("The amount of a line is missing"))?;
    let detail = line.get_mut("DepositLineDetail").and_then(Value::as_object_mut);
    let detail = detail.ok_or_else(|| Refusal::missing("DepositLineDetail"))?;
    let account = writing.referred(detail, "AccountRef", Entity::Account, None)?;
    account.ok_or_else(|| Refusal::missing("AccountRef"))?;
    writing.referred(detail, "PaymentMethodRef", Entity::PaymentMethod, None)?;
    let receivable = reference(detail, "AccountRef")
        .is_some_and(|account| accounts::is_receivable(writing.books, account));
    if receivable {
        let customer = object(detail, "Entity").and_then(|name| text(name, "value"));
        let customer = customer.ok_or_else(|| {
            Refusal::business("When you use Accounts Receivable, you must choose a customer")
        })?;
        let known = writing.books.get(Entity::Customer, customer);
        known.ok_or_else(|| Refusal::bad_reference(Entity::Customer, customer))?;
        if given < Decimal::ZERO {
            return Err(Refusal::business("A deposit on receivables must be positive"));
        }
    }
    line.insert("DetailType".to_owned(), json!("DepositLineDetail"));
    Ok(line)
}
