//! Customers and items of the sample company.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::accounts;
use super::super::books::Books;
use super::super::edit::{Edit, EditKind, perform};
use super::super::opening::OWN_TAX_CODE;
use super::ENTITY;
use crate::sample::{Company, SampleAccount};

/// Items that belong to no product.
pub const FREIGHT: &str = "31";
pub const ADJUSTMENT: &str = "32";
const EDGE_INFERENCE: &str = "33";
const EDGE_UK: &str = "34";
/// Item ids of the products start here, in the order of the rows.
const FIRST_PRODUCT: usize = 11;
/// Customer made later than the first of its account.
const LATER_CUSTOMER: &str = "2026-05-04T10:00";

/// The customer id of an account's first customer, or of a later one.
pub fn customer_id(account: &SampleAccount, at: usize) -> &str {
    account.customers[at].trim_start_matches('0')
}

/// The id of a product's item here.
pub fn item_id(company: &Company, product: &str) -> String {
    let at = company.products.iter().position(|known| known.code == product);
    (FIRST_PRODUCT + at.expect("lines name products of the rows")).to_string()
}

pub fn install(books: &mut Books, company: &Company, opened: Timestamp) {
    for (at, product) in company.products.iter().enumerate() {
        if let Some(sku) = &product.item_us {
            let id = (FIRST_PRODUCT + at).to_string();
            let service = product.kind == "service";
            item(books, opened, &id, sku, &product.name, service);
        }
    }
    item(books, opened, EDGE_INFERENCE, "EDGE-INF", "Edge inference", true);
    item(books, opened, FREIGHT, "SHIP", "Freight and carriage", true);
    item(books, opened, ADJUSTMENT, "ADJ", "Bad debt and adjustment", true);
    item(books, opened, EDGE_UK, "EDGE-AI-UK", "Edge inference, UK", true);
    let inactive = json!({"Id": EDGE_UK, "Active": false});
    done(books, opened, "Item", EditKind::Update, inactive);
    for account in company.accounts.iter().filter(|account| account.entity == ENTITY) {
        let tag = company.account_id(&account.code).expect("the account is one of the rows");
        for at in 0..account.customers.len() {
            let when = if at == 0 { opened } else { super::moment(LATER_CUSTOMER) };
            done(books, when, "Customer", EditKind::Create, customer(account, at, &tag));
        }
    }
}

fn item(books: &mut Books, at: Timestamp, id: &str, sku: &str, name: &str, service: bool) {
    let income = if service { accounts::SERVICES } else { accounts::PRODUCT_INCOME };
    let item = json!({
        "Id": id,
        "Name": name,
        "Sku": sku,
        "Type": if service { "Service" } else { "NonInventory" },
        "IncomeAccountRef": {"value": income},
    });
    done(books, at, "Item", EditKind::Create, item);
}

fn customer(account: &SampleAccount, at: usize, tag: &str) -> Value {
    let name = match at {
        0 => account.name.clone(),
        later => format!("{} (Plant {})", account.name, later + 1),
    };
    let term = if account.terms_days == 45 { "5" } else { "3" };
    let taxed = account.tax_rate != "0";
    json!({
        "Id": customer_id(account, at),
        "DisplayName": name,
        "CompanyName": account.name,
        "Notes": format!("tieout:account={tag}"),
        "SalesTermRef": {"value": term},
        "Taxable": taxed,
        "DefaultTaxCodeRef": {"value": if taxed { OWN_TAX_CODE } else { "NON" }},
    })
}

fn done(books: &mut Books, at: Timestamp, entity: &str, operation: EditKind, body: Value) {
    let edit = Edit { entity: entity.to_owned(), operation, body };
    perform(books, &edit, at).expect("the books take the rows' masters");
}
