//! One row per document of a period.

use jiff::civil::Date;

use super::super::amount::{amount, cents, reference, text};
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::ledger::{date, rate};
use super::super::row::{Row, RowId};
use super::Asked;
use super::balances::customer_name;
use super::table::{Cell, Line, Table, column};

/// Documents by date. Amounts are as the document states them, positive whichever way they act, in
/// home currency \[the row layout is from memory\].
pub fn transactions(books: &Books, asked: &Asked) -> Table {
    let mut found: Vec<(Date, Entity, &RowId, &Row)> = Vec::new();
    for entity in Entity::ALL.into_iter().filter(|entity| entity.is_transaction()) {
        let rows = books.all(entity).map(|(id, row)| (date(&row.body), entity, id, row));
        found.extend(rows.filter(|(day, entity, _, row)| wanted(asked, *day, *entity, row)));
    }
    found.sort_by(|a, b| (a.0, a.2).cmp(&(b.0, b.2)));
    let from = asked.from.or(found.first().map(|first| first.0)).unwrap_or(asked.on);
    let rows = found.into_iter().map(|(day, entity, id, row)| shown(books, day, entity, id, row));
    Table {
        name: "TransactionList",
        from,
        to: asked.to.unwrap_or(asked.on),
        options: Vec::new(),
        columns: vec![
            column("Date", "Date", "tx_date"),
            column("Transaction Type", "String", "txn_type"),
            column("Num", "String", "doc_num"),
            column("Posting", "String", "is_no_post"),
            column("Name", "String", "name"),
            column("Memo/Description", "String", "memo"),
            column("Amount", "Money", "subt_nat_amount"),
        ],
        rows: rows.collect(),
    }
}

fn wanted(asked: &Asked, day: Date, entity: Entity, row: &Row) -> bool {
    let in_period =
        asked.from.is_none_or(|from| day >= from) && asked.to.is_none_or(|to| day <= to);
    let of_kind = asked.kinds.is_empty() || asked.kinds.iter().any(|kind| is_kind(kind, entity));
    let customer = reference(&row.body, "CustomerRef").unwrap_or_default();
    in_period && of_kind && asked.covers(customer)
}

/// The parameter takes the entity's name in any case; a received payment has a second one.
fn is_kind(asked: &str, entity: Entity) -> bool {
    let second = entity == Entity::Payment && asked.eq_ignore_ascii_case("ReceivePayment");
    second || asked.eq_ignore_ascii_case(entity.name())
}

fn shown(books: &Books, day: Date, entity: Entity, id: &RowId, row: &Row) -> Line {
    let body = &row.body;
    let number = text(body, "DocNumber").or_else(|| text(body, "PaymentRefNum"));
    let customer = reference(body, "CustomerRef");
    let name = customer.map(|customer| Cell::of(customer_name(books, customer), customer));
    let total = cents(amount(body, "TotalAmt") * rate(body));
    Line::Data(vec![
        Cell::text(day.to_string()),
        Cell::of(kind_title(entity), id.as_str()),
        Cell::text(number.unwrap_or_default()),
        Cell::text("Yes"),
        name.unwrap_or_default(),
        Cell::text(text(body, "PrivateNote").unwrap_or_default()),
        Cell::amount(total),
    ])
}

/// The name of a kind of document as reports print it.
pub fn kind_title(entity: Entity) -> &'static str {
    match entity {
        Entity::CreditMemo => "Credit Memo",
        Entity::SalesReceipt => "Sales Receipt",
        Entity::RefundReceipt => "Refund",
        Entity::JournalEntry => "Journal Entry",
        other => other.name(),
    }
}
