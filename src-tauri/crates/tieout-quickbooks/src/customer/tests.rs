//! Customers and items as they come, and what becomes of them.

use serde_json::{Value, json};
use tieout_connect::json::Reading;
use tieout_domain::facts::{Customer, Fact, Item};

use crate::config::FieldLabels;
use crate::entity::Entity;
use crate::testing::{patched, read_with};

fn read(entity: Entity, text: &str) -> Reading<Option<Fact>> {
    read_with(json!({}), &FieldLabels::default(), entity, text)
}

#[track_caller]
fn fact(entity: Entity, text: &str) -> Fact {
    read(entity, text).unwrap().expect("a fact")
}

#[track_caller]
fn customer(patch: Value) -> Customer {
    let base = json!({"Id": "72", "SyncToken": "3", "DisplayName": "Northwind Traders GmbH",
        "MetaData": {"LastUpdatedTime": "2026-02-03T09:15:42-08:00"}, "Active": true, "Balance": 12.5,
        "CompanyName": "Northwind", "CurrencyRef": {"value": "EUR"},
        "BillAddr": {"Id": "105", "Line1": "Hauptstr. 1", "Line2": "Hof", "City": "Berlin",
                     "CountrySubDivisionCode": "BE", "PostalCode": "10115", "Country": "DE"},
        "PrimaryEmailAddr": {"Address": "ap@northwind.example"},
        "WebAddr": {"URI": "https://northwind.example"}, "SalesTermRef": {"value": "3"},
        "Notes": "Net 30\ntieout:account=0015g00000XyZabAAF", "PrimaryTaxIdentifier": "XXXXXX56789",
        "DefaultTaxCodeRef": {"value": "2"}, "ParentRef": {"value": "70"}});
    match fact(Entity::Customer, &patched(base, patch)) {
        Fact::Customer(customer) => customer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_customer() {
    let read = customer(json!({}));
    assert_eq!(read.name, "Northwind Traders GmbH");
    assert_eq!(read.legal_name.as_deref(), Some("Northwind"));
    assert_eq!(read.currency.unwrap().code(), "EUR");
    assert_eq!(read.address.street.as_deref(), Some("Hauptstr. 1\nHof"));
    assert_eq!(read.address.country.as_deref(), Some("DE"));
    assert_eq!(read.email.as_deref(), Some("ap@northwind.example"));
    assert_eq!(read.website.as_deref(), Some("https://northwind.example"));
    assert_eq!(read.tax_number.as_deref(), Some("XXXXXX56789"));
    assert_eq!(read.account.unwrap().as_str(), "0015g00000XyZabAAF");
    assert_eq!(read.terms_days, Some(30));
    assert_eq!(read.parent.unwrap().as_str(), "70");
    assert!(read.active);
}

#[test]
fn an_inactive_name_loses_its_suffix() {
    let inactive = customer(json!({"Active": false, "DisplayName": "Acme (deleted)"}));
    assert_eq!((inactive.name.as_str(), inactive.active), ("Acme", false));
    assert_eq!(customer(json!({"DisplayName": "Acme (deleted)"})).name, "Acme (deleted)");
}

#[test]
fn long_and_strange_names_are_names() {
    let long = "Ł".repeat(300);
    assert_eq!(customer(json!({"DisplayName": long})).name, long);
    assert_eq!(customer(json!({"DisplayName": "=1+1"})).name, "=1+1");
    assert_eq!(customer(json!({"DisplayName": "Acme\u{0}Inc"})).name, "Acme Inc");
}

#[test]
fn terms_by_day_of_month_have_no_days() {
    assert_eq!(customer(json!({"SalesTermRef": {"value": "9"}})).terms_days, None);
}

#[track_caller]
fn item(patch: Value) -> Item {
    let base = json!({"Id": "31", "SyncToken": "0", "Name": "Platform seat", "Sku": "PLAT-SEAT",
        "MetaData": {"LastUpdatedTime": "2026-02-03T09:15:42-08:00"}, "Active": true,
        "Type": "Service", "Taxable": true, "UnitPrice": 49});
    match fact(Entity::Item, &patched(base, patch)) {
        Fact::Item(item) => item,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_item() {
    let read = item(json!({}));
    assert_eq!(read.code.as_deref(), Some("PLAT-SEAT"));
    assert_eq!(read.kind, "Service");
    assert_eq!(read.tax_code.as_deref(), Some("TAX"));
    assert_eq!(item(json!({"Taxable": false})).tax_code.as_deref(), Some("NON"));
    assert_eq!(item(json!({"SalesTaxCodeRef": {"value": "5"}})).tax_code.as_deref(), Some("5"));
}

#[test]
fn without_a_sku_the_name_is_the_code() {
    assert_eq!(item(json!({"Sku": null})).code.as_deref(), Some("Platform seat"));
    assert_eq!(item(json!({"Sku": null, "Type": "Category"})).code, None);
}
