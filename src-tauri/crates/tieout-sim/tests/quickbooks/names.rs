//! Customers, vendors and employees (`quickbooks §3.2`).

use serde_json::json;

use crate::desk::{Desk, id, printed};

#[test]
fn a_new_customer_gets_the_recorded_defaults() {
    let desk = Desk::with(json!({"default_tax_code": "2"}));
    let made = desk.write(
        "/customer",
        json!({"DisplayName": "Northwind", "CompanyName": "Northwind",
            "BillAddr": {"Line1": "1 Main St", "City": "Berlin", "Country": "DE"}}),
    );
    assert_eq!(made["SyncToken"], "0");
    assert_eq!(made["domain"], "QBO");
    assert_eq!(made["sparse"], false);
    assert_eq!(made["FullyQualifiedName"], "Northwind");
    assert_eq!(made["PrintOnCheckName"], "Northwind");
    assert_eq!(made["CurrencyRef"], json!({"value": "USD", "name": "United States Dollar"}));
    assert_eq!(made["DefaultTaxCodeRef"], json!({"value": "2"}));
    assert_eq!((&made["Taxable"], &made["Job"]), (&json!(true), &json!(false)));
    assert_eq!(printed(&made, "Balance"), "0");
    assert!(made["BillAddr"]["Id"].is_string());
    let times = &made["MetaData"];
    assert_eq!(times["CreateTime"], "2026-02-03T09:15:42-08:00");
    assert_eq!(times["LastUpdatedTime"], times["CreateTime"]);
}

#[test]
fn the_name_is_built_from_its_parts() {
    let desk = Desk::new();
    let made = desk.write("/customer", json!({"GivenName": "Ada", "FamilyName": "Byron"}));
    assert_eq!(made["DisplayName"], "Ada Byron");
    desk.refused("/customer", json!({"CompanyName": "Nobody"}), "2020");
    desk.refused("/customer", json!({"DisplayName": ""}), "2020");
    desk.refused("/customer", json!({"DisplayName": "a:b"}), "6000");
}

#[test]
fn a_name_is_unique_over_all_three_lists_also_when_inactive() {
    let desk = Desk::new();
    desk.write("/vendor", json!({"DisplayName": "Acme"}));
    desk.write("/employee", json!({"GivenName": "Ed", "FamilyName": "Low"}));
    let gone = desk.customer("Gone");
    desk.sparse("customer", &gone, json!({"Active": false}));
    for name in ["Acme", " ACME ", "ed low", "Gone", "gone (deleted)"] {
        desk.refused("/customer", json!({"DisplayName": name}), "6240");
    }
    desk.refused("/vendor", json!({"DisplayName": "gone"}), "6240");
}

#[test]
fn a_deactivated_name_gains_its_end_and_loses_it_again() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let gone = desk.sparse("customer", &customer, json!({"Active": false}));
    assert_eq!(gone["DisplayName"], "Acme (deleted)");
    assert_eq!(gone["SyncToken"], "1");
    let again = desk.sparse("customer", &customer, json!({"Active": false}));
    assert_eq!(again["SyncToken"], "1");
    let back = desk.sparse("customer", &customer, json!({"Active": true}));
    assert_eq!(back["DisplayName"], "Acme");
}

#[test]
fn an_inactive_customer_cannot_be_used() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.sparse("customer", &customer, json!({"Active": false}));
    let body = crate::desk::invoice_body(&customer, "1.00", "2026-02-03");
    desk.refused("/invoice", body, "610");
}

#[test]
fn deactivating_a_customer_with_a_balance_posts_the_opposite() {
    let desk = Desk::new();
    let owes = desk.customer("Owes");
    desk.invoice(&owes, "120.00", "2026-02-01");
    let gone = desk.sparse("customer", &owes, json!({"Active": false}));
    assert_eq!(printed(&gone, "Balance"), "0");
    assert_eq!(desk.rows("SELECT * FROM CreditMemo").len(), 1);
    let owed = desk.customer("Owed");
    desk.payment(&owed, "30.00", &[]);
    desk.sparse("customer", &owed, json!({"Active": false}));
    assert_eq!(desk.rows("SELECT * FROM Invoice WHERE TotalAmt = '30'").len(), 1);
}

#[test]
fn an_opening_balance_becomes_an_invoice() {
    let desk = Desk::new();
    let body = json!({"DisplayName": "Old", "Balance": 75.5, "OpenBalanceDate": "2026-01-01"});
    let made = desk.write("/customer", body);
    assert_eq!(printed(&made, "Balance"), "75.50");
    let invoice = &desk.rows("SELECT * FROM Invoice")[0];
    assert_eq!(
        (&invoice["TxnDate"], printed(invoice, "TotalAmt")),
        (&json!("2026-01-01"), "75.50".into())
    );
    let later = desk.sparse("customer", &id(&made), json!({"Balance": 1, "Notes": "x"}));
    assert_eq!(printed(&later, "Balance"), "75.50");
}

#[test]
fn sub_customers_have_full_names_and_count_for_their_parents() {
    let desk = Desk::new();
    let parent = desk.customer("Parent");
    let child = desk.write(
        "/customer",
        json!({"DisplayName": "Child", "Job": true, "ParentRef": {"value": parent}}),
    );
    assert_eq!(child["FullyQualifiedName"], "Parent:Child");
    desk.invoice(&id(&child), "40.00", "2026-02-01");
    let above = desk.read("customer", &parent);
    assert_eq!(
        (printed(&above, "Balance"), printed(&above, "BalanceWithJobs")),
        ("0".into(), "40.00".into())
    );
}

#[test]
fn a_customer_takes_its_debt_along_and_is_never_below_itself() {
    let desk = Desk::new();
    let (first, second, child) = (desk.customer("A"), desk.customer("B"), desk.customer("C"));
    desk.invoice(&child, "40.00", "2026-02-01");
    let with_jobs = |id: &str| printed(&desk.read("customer", id), "BalanceWithJobs");
    let below = |parent: &str| json!({"ParentRef": {"value": parent}});
    desk.sparse("customer", &child, below(&first));
    assert_eq!((with_jobs(&first), with_jobs(&second)), ("40.00".into(), "0".into()));
    desk.sparse("customer", &child, below(&second));
    assert_eq!((with_jobs(&first), with_jobs(&second)), ("0".into(), "40.00".into()));
    desk.refused("/customer", desk.changed("customer", &child, below(&child)), "6000");
    desk.refused("/customer", desk.changed("customer", &second, below(&child)), "6000");
}

#[test]
fn a_document_moves_the_customers_time_and_not_its_token() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.pass("5s");
    desk.invoice(&customer, "10.00", "2026-02-01");
    let after = desk.read("customer", &customer);
    assert_eq!(after["SyncToken"], "0");
    assert_eq!(after["MetaData"]["LastUpdatedTime"], "2026-02-03T09:15:47-08:00");
    assert_eq!(printed(&after, "Balance"), "10.00");
}

#[test]
fn a_tax_number_is_returned_masked() {
    let desk = Desk::new();
    let body = json!({"DisplayName": "Acme", "PrimaryTaxIdentifier": "99-12356789"});
    assert_eq!(desk.write("/customer", body)["PrimaryTaxIdentifier"], "XXXXXX56789");
}

#[test]
fn an_address_keeps_its_id_until_it_is_edited() {
    let desk = Desk::new();
    let address = json!({"Line1": "1 Main St"});
    let made = desk.write("/customer", json!({"DisplayName": "Acme", "BillAddr": address}));
    let (customer, first) = (id(&made), made["BillAddr"]["Id"].clone());
    let same = desk.sparse("customer", &customer, json!({"BillAddr": address, "Notes": "n"}));
    assert_eq!(same["BillAddr"]["Id"], first);
    let moved = desk.sparse("customer", &customer, json!({"BillAddr": {"Line1": "2 Main St"}}));
    assert_ne!(moved["BillAddr"]["Id"], first);
}

#[test]
fn names_cannot_be_deleted() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.refused("/customer?operation=delete", json!({"Id": customer, "SyncToken": "0"}), "500");
}

#[test]
fn currencies_are_refused_while_multicurrency_is_off() {
    let desk = Desk::new();
    let body = json!({"DisplayName": "Acme", "CurrencyRef": {"value": "EUR"}});
    desk.refused("/customer", body, "6000");
    let row_id = json!({"DisplayName": "Acme", "CurrencyRef": {"value": "1"}});
    desk.refused("/customer", row_id, "2500");
}
