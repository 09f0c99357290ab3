//! Receiving payments and applying them (`quickbooks §3.5`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::amount::{amount, flag, money, number_at, objects, reference, text, two_places};
use super::super::books::{Books, DocumentId, target};
use super::super::entity::Entity;
use super::super::ledger;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::Writing;
use super::references::default;

/// Members of a banked payment that cannot change any more.
const BANKED: [&str; 5] =
    ["TotalAmt", "CustomerRef", "DepositToAccountRef", "CurrencyRef", "TxnDate"];

pub fn complete(
    writing: &mut Writing<'_>,
    mut body: Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Body, Refusal> {
    let before = old.map(|(_, row)| &row.body);
    let customer = writing.referred(&mut body, "CustomerRef", Entity::Customer, before)?;
    let customer = customer.ok_or_else(|| Refusal::missing("CustomerRef"))?;
    let total = number_at(&body, "TotalAmt").ok_or_else(|| Refusal::missing("TotalAmt"))?;
    if total < Decimal::ZERO {
        return Err(Refusal::business("The amount of a payment must not be negative"));
    }
    default(&mut body, "TxnDate", json!(writing.today().to_string()));
    let day = ledger::date(&body);
    writing.set_currency(&mut body, Some(&customer.body), day, true)?;
    set_accounts(writing, &mut body, before)?;
    body.remove("LinkedTxn");
    body.remove("TxnTaxDetail");
    default(&mut body, "ProcessPayment", json!(false));
    let lines = applied_lines(writing.books, &body, old)?;
    let cash = cash_used(writing.books, &body, &lines)?;
    if cash > total {
        return Err(Refusal::business("The payment is less than what it is applied to"));
    }
    body.insert("Line".to_owned(), Value::Array(lines.into_iter().map(Value::Object).collect()));
    body.insert("UnappliedAmt".to_owned(), money(total - cash));
    if let Some((id, row)) = old {
        let changed = BANKED.iter().any(|member| row.body.get(*member) != body.get(*member));
        if changed && is_banked(writing.books, id) {
            return Err(Refusal::deposited());
        }
    }
    Ok(body)
}

fn set_accounts(
    writing: &Writing<'_>,
    body: &mut Body,
    before: Option<&Body>,
) -> Result<(), Refusal> {
    default(body, "DepositToAccountRef", json!({"value": accounts::UNDEPOSITED_FUNDS}));
    writing.referred(body, "DepositToAccountRef", Entity::Account, before)?;
    writing.referred(body, "PaymentMethodRef", Entity::PaymentMethod, before)?;
    Ok(())
}

/// Whether the payment is part of a deposit.
pub fn is_banked(books: &Books, payment: &RowId) -> bool {
    let sources = books.sources(Entity::Payment, payment);
    sources.iter().any(|(entity, _)| *entity == Entity::Deposit)
}

/// The lines as stored: each links one open document of the payer and does not exceed it.
fn applied_lines(
    books: &Books,
    body: &Body,
    old: Option<(&RowId, &Row)>,
) -> Result<Vec<Body>, Refusal> {
    let payer = reference(body, "CustomerRef").unwrap_or_default();
    let own = old.map(|(id, _)| id);
    let mut kept: Vec<Body> = Vec::new();
    for line in objects(body, "Line") {
        let part = amount(line, "Amount");
        if part.is_zero() && !line.contains_key("LinkedTxn") {
            continue;
        }
        if part <= Decimal::ZERO {
            return Err(Refusal::business("The amount of a payment line must be positive"));
        }
        let links: Vec<DocumentId> = objects(line, "LinkedTxn").filter_map(target).collect();
        let [document] = links.as_slice() else {
            return Err(Refusal::not_linkable("A payment line links one transaction"));
        };
        let item = open_part(books, document, payer, own)?;
        check_currency(books, body, document)?;
        let taken: Decimal = kept
            .iter()
            .filter(|kept| objects(kept, "LinkedTxn").find_map(target).as_ref() == Some(document))
            .map(|kept| amount(kept, "Amount"))
            .sum();
        if part + taken > item.open {
            return Err(Refusal::business("More is applied than the transaction has open"));
        }
        kept.push(linked_line(books, document, part, item.open, old.map(|(_, row)| &row.body)));
    }
    Ok(kept)
}

struct OpenPart {
    open: Decimal,
    owed: bool,
}

/// What a linked document has open for the payer, without this payment's own part.
fn open_part(
    books: &Books,
    document: &DocumentId,
    payer: &str,
    own: Option<&RowId>,
) -> Result<OpenPart, Refusal> {
    let (entity, id) = document;
    let linkable = matches!(
        entity,
        Entity::Invoice | Entity::CreditMemo | Entity::JournalEntry | Entity::Deposit
    );
    if !linkable {
        return Err(Refusal::not_linkable("Payments do not link this kind of transaction"));
    }
    let row = books.get(*entity, id.as_str()).ok_or_else(Refusal::not_found)?;
    let effects = ledger::effects(books, *entity, &row.body);
    let effect = effects.iter().find(|(owner, _)| pays_for(books, payer, owner.as_str()));
    let (owner, effect) = effect.ok_or_else(|| {
        Refusal::business("The transaction belongs to another customer than the payment")
    })?;
    let shared = matches!(entity, Entity::JournalEntry | Entity::Deposit);
    let only = Some(owner.as_str()).filter(|_| shared);
    let open = effect.abs() - ledger::applied(books, document, only, own);
    Ok(OpenPart { open, owed: *effect >= Decimal::ZERO })
}

/// A customer pays for itself and for sub-customers that are billed with it.
fn pays_for(books: &Books, payer: &str, owner: &str) -> bool {
    if payer == owner {
        return true;
    }
    books.get(Entity::Customer, owner).is_some_and(|row| {
        reference(&row.body, "ParentRef") == Some(payer) && flag(&row.body, "BillWithParent")
    })
}

fn check_currency(books: &Books, body: &Body, document: &DocumentId) -> Result<(), Refusal> {
    let row = books.get(document.0, document.1.as_str());
    let other = row.and_then(|row| reference(&row.body, "CurrencyRef"));
    let same = other.is_none_or(|other| reference(body, "CurrencyRef") == Some(other));
    if same { Ok(()) } else { Err(Refusal::business("The transaction is in another currency")) }
}

/// A line with the name and value list that the server adds. A line that was there before keeps
/// its list: the open balance in it is that of the first time.
fn linked_line(
    books: &Books,
    document: &DocumentId,
    part: Decimal,
    open: Decimal,
    before: Option<&Body>,
) -> Body {
    let same = |line: &&Body| {
        amount(line, "Amount") == part
            && objects(line, "LinkedTxn").find_map(target).as_ref() == Some(document)
    };
    let known = before.and_then(|before| objects(before, "Line").find(same));
    if let Some(known) = known {
        return known.clone();
    }
    let (entity, id) = document;
    let number = books
        .get(*entity, id.as_str())
        .and_then(|row| text(&row.body, "DocNumber").map(str::to_owned))
        .unwrap_or_default();
    let mut line = Body::new();
    line.insert("Amount".to_owned(), money(part));
    let link = json!([{"TxnId": id.as_str(), "TxnType": entity.name()}]);
    line.insert("LinkedTxn".to_owned(), link);
    let any = json!({"any": [
        extension("txnId", id.as_str()),
        extension("txnOpenBalance", &two_places(open)),
        extension("txnReferenceNumber", &number),
    ]});
    line.insert("LineEx".to_owned(), any);
    line
}

fn extension(name: &str, value: &str) -> Value {
    json!({
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {"Name": name, "Value": value},
        "nil": false,
        "globalScope": true,
        "typeSubstituted": false,
    })
}

/// What the lines take of the payment's own money: debts less credits.
fn cash_used(books: &Books, body: &Body, lines: &[Body]) -> Result<Decimal, Refusal> {
    let (debts, credits) = sides(books, body, lines);
    if credits > debts {
        return Err(Refusal::business("More credit is applied than there is to pay"));
    }
    Ok(debts - credits)
}

fn sides(books: &Books, body: &Body, lines: &[Body]) -> (Decimal, Decimal) {
    let payer = reference(body, "CustomerRef").unwrap_or_default();
    let (mut debts, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    for line in lines {
        let document = objects(line, "LinkedTxn").find_map(target);
        let owed = document.is_some_and(|document| is_owed(books, &document, payer));
        let side = if owed { &mut debts } else { &mut credits };
        *side += amount(line, "Amount");
    }
    (debts, credits)
}

fn is_owed(books: &Books, document: &DocumentId, payer: &str) -> bool {
    open_part(books, document, payer, None).is_ok_and(|part| part.owed)
}

/// Takes the lines that link `document` out of a payment. What no longer fits goes with them, from
/// the end: credits without a debt, then debts without money.
pub fn without(books: &Books, payment: &Body, document: &DocumentId) -> Body {
    let mut lines: Vec<Body> = objects(payment, "Line")
        .filter(|line| objects(line, "LinkedTxn").find_map(target).as_ref() != Some(document))
        .cloned()
        .collect();
    let total = amount(payment, "TotalAmt");
    let payer = reference(payment, "CustomerRef").unwrap_or_default().to_owned();
    let (debts, credits) = sides(books, payment, &lines);
    trim(&mut lines, credits - debts, |line| !owed_line(books, line, &payer));
    let (debts, credits) = sides(books, payment, &lines);
    trim(&mut lines, debts - credits - total, |line| owed_line(books, line, &payer));
    let (debts, credits) = sides(books, payment, &lines);
    let mut body = payment.clone();
    body.insert("UnappliedAmt".to_owned(), money(total - (debts - credits)));
    body.insert("Line".to_owned(), Value::Array(lines.into_iter().map(Value::Object).collect()));
    body
}

fn owed_line(books: &Books, line: &Body, payer: &str) -> bool {
    let document = objects(line, "LinkedTxn").find_map(target);
    document.is_some_and(|document| is_owed(books, &document, payer))
}

/// Shortens the matching lines by `excess` in all, last line first.
fn trim(lines: &mut Vec<Body>, mut excess: Decimal, matches: impl Fn(&Body) -> bool) {
    for line in lines.iter_mut().rev().filter(|line| matches(line)) {
        let part = amount(line, "Amount");
        let cut = part.min(excess.max(Decimal::ZERO));
        excess -= cut;
        line.insert("Amount".to_owned(), money(part - cut));
    }
    lines.retain(|line| !amount(line, "Amount").is_zero());
}
