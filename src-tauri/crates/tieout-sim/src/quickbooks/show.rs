//! How a stored row looks on the wire.

use serde_json::{Value, json};

use super::amount::{money, objects, text};
use super::books::Books;
use super::entity::Entity;
use super::pacific;
use super::posting;
use super::row::{Body, Row, RowId};

/// The full object as the API returns it.
pub fn object(books: &Books, entity: Entity, id: &RowId, row: &Row) -> Value {
    let mut shown = row.body.clone();
    shown.retain(|_, value| !value.is_null());
    if entity.is_sales_form() {
        show_sales_form(books, &mut shown);
    }
    if entity == Entity::Payment {
        show_deposits(books, id, &mut shown);
    }
    if entity == Entity::Account {
        let balance = money(posting::account_balance(books, id));
        shown.insert("CurrentBalance".to_owned(), balance.clone());
        shown.insert("CurrentBalanceWithSubAccounts".to_owned(), balance);
    }
    shown.insert("Id".to_owned(), json!(id.as_str()));
    shown.insert("SyncToken".to_owned(), json!(row.token.to_string()));
    shown.insert("domain".to_owned(), json!("QBO"));
    shown.insert("sparse".to_owned(), json!(false));
    shown.insert("MetaData".to_owned(), meta_data(row));
    Value::Object(shown)
}

fn meta_data(row: &Row) -> Value {
    json!({
        "CreateTime": pacific::stamp(row.created),
        "LastUpdatedTime": pacific::stamp(row.updated),
    })
}

/// Every enabled custom field stands on a sales form, with a value or without one.
fn show_sales_form(books: &Books, shown: &mut Body) {
    let value_of = |definition: &str| {
        let field = objects(shown, "CustomField")
            .find(|field| text(field, "DefinitionId") == Some(definition));
        field.and_then(|field| text(field, "StringValue")).map(str::to_owned)
    };
    let fields: Vec<Value> = (1..)
        .zip(&books.config.sales_custom_fields)
        .map(|(at, name)| {
            let definition = at.to_string();
            let mut field = json!({"DefinitionId": definition, "Name": name, "Type": "StringType"});
            if let Some(value) = value_of(&definition) {
                field["StringValue"] = json!(value);
            }
            field
        })
        .collect();
    shown.insert("CustomField".to_owned(), Value::Array(fields));
}

/// A banked payment names its deposit, which changes neither its token nor its times.
fn show_deposits(books: &Books, id: &RowId, shown: &mut Body) {
    let deposits: Vec<Value> = books
        .sources(Entity::Payment, id)
        .iter()
        .filter(|(entity, _)| *entity == Entity::Deposit)
        .map(|(_, deposit)| json!({"TxnId": deposit.as_str(), "TxnType": "Deposit"}))
        .collect();
    if !deposits.is_empty() {
        shown.insert("LinkedTxn".to_owned(), Value::Array(deposits));
    }
}
