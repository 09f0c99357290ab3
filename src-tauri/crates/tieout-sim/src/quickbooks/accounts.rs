//! The chart of accounts: fixed places and look-ups.

use jiff::Timestamp;
use serde_json::json;

use super::amount::{named, reference, text};
use super::books::Books;
use super::entity::Entity;
use super::row::{Body, Row, RowId};

/// Ids of the accounts that the server itself posts to.
pub const SERVICES: &str = "1";
pub const RETAINED_EARNINGS: &str = "2";
pub const UNDEPOSITED_FUNDS: &str = "4";
pub const OPENING_BALANCE: &str = "34";
pub const CHECKING: &str = "35";
pub const PRODUCT_INCOME: &str = "79";
pub const COST_OF_GOODS: &str = "80";
pub const INVENTORY: &str = "81";
pub const RECEIVABLE: &str = "84";
pub const DISCOUNTS: &str = "86";
pub const TAX_PAYABLE: &str = "89";
pub const BAD_DEBTS: &str = "90";
pub const EXCHANGE_GAIN: &str = "91";

/// The account type of control accounts.
pub const RECEIVABLE_TYPE: &str = "Accounts Receivable";

/// The classification of an account type; `None` for a type that does not exist.
pub fn classification(account_type: &str) -> Option<&'static str> {
    Some(match account_type {
        "Bank" | "Accounts Receivable" | "Other Current Asset" | "Fixed Asset" | "Other Asset" => {
            "Asset"
        }
        "Accounts Payable" | "Credit Card" | "Other Current Liability" | "Long Term Liability" => {
            "Liability"
        }
        "Equity" => "Equity",
        "Income" | "Other Income" => "Revenue",
        "Cost of Goods Sold" | "Expense" | "Other Expense" => "Expense",
        _ => return None,
    })
}

pub fn account_type(account: &Body) -> &str {
    text(account, "AccountType").unwrap_or_default()
}

pub fn is_receivable(books: &Books, account: &str) -> bool {
    books
        .get(Entity::Account, account)
        .is_some_and(|row| account_type(&row.body) == RECEIVABLE_TYPE)
}

/// Whether debits raise the balance.
pub fn is_debit_account(account: &Body) -> bool {
    matches!(classification(account_type(account)), Some("Asset" | "Expense"))
}

/// The number and name as reports print them.
pub fn title(account: &Body) -> String {
    let name = text(account, "FullyQualifiedName").or_else(|| text(account, "Name"));
    let name = name.unwrap_or_default();
    text(account, "AcctNum").map_or_else(|| name.to_owned(), |number| format!("{number} {name}"))
}

/// The receivables account of a currency. Foreign ones are made with the first customer of theirs.
pub fn receivable_of(books: &Books, currency: &str) -> RowId {
    let own = books.all(Entity::Account).find(|(_, row)| {
        account_type(&row.body) == RECEIVABLE_TYPE
            && reference(&row.body, "CurrencyRef") == Some(currency)
    });
    own.map_or_else(|| RowId::new(RECEIVABLE), |(id, _)| id.clone())
}

/// Adds a list entry and a receivables account for a foreign currency that has none yet.
pub fn open_currency(books: &mut Books, currency: &str, at: Timestamp) {
    if currency == books.config.home_currency {
        return;
    }
    let name = currency_name(currency);
    let is_own = |(_, row): (&RowId, &Row)| text(&row.body, "Code") == Some(currency);
    if !books.all(Entity::CompanyCurrency).any(is_own) {
        let mut entry = Body::new();
        entry.insert("Code".to_owned(), json!(currency));
        entry.insert("Name".to_owned(), json!(name));
        entry.insert("Active".to_owned(), json!(true));
        let id = books.next_id(Entity::CompanyCurrency);
        books.put(Entity::CompanyCurrency, &id, Row::new(at, entry));
    }
    if receivable_of(books, currency).as_str() == RECEIVABLE {
        let title = format!("Accounts Receivable (A/R) - {currency}");
        let mut account = body_of(&title, RECEIVABLE_TYPE, "AccountsReceivable");
        account.insert("CurrencyRef".to_owned(), named(currency, name));
        let id = books.next_id(Entity::Account);
        books.put(Entity::Account, &id, Row::new(at, account));
    }
}

/// The members of an active account without a parent, in no currency yet.
pub fn body_of(name: &str, account_type: &str, sub_type: &str) -> Body {
    let mut body = Body::new();
    body.insert("Name".to_owned(), json!(name));
    body.insert("FullyQualifiedName".to_owned(), json!(name));
    body.insert("AccountType".to_owned(), json!(account_type));
    body.insert("AccountSubType".to_owned(), json!(sub_type));
    body.insert("Classification".to_owned(), json!(classification(account_type)));
    body.insert("SubAccount".to_owned(), json!(false));
    body.insert("Active".to_owned(), json!(true));
    body
}

/// The name that goes with an ISO code in references; the code itself where we know none.
pub fn currency_name(code: &str) -> &str {
    match code {
        "USD" => "United States Dollar",
        "EUR" => "Euro",
        "GBP" => "British Pound Sterling",
        "CAD" => "Canadian Dollar",
        "AUD" => "Australian Dollar",
        "JPY" => "Japanese Yen",
        other => other,
    }
}
