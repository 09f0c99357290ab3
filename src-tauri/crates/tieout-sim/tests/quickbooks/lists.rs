//! Items, accounts, small lists, the company and its preferences (`quickbooks §3.3, §3.7, §3.8`).

use serde_json::json;

use crate::desk::{Desk, id, invoice_body, printed};

#[test]
fn an_item_needs_an_income_account() {
    let desk = Desk::new();
    let made = desk.write(
        "/item",
        json!({"Name": "Seat", "Sku": "PLAT-SEAT", "Type": "Service", "UnitPrice": 49,
            "IncomeAccountRef": {"value": "79"}}),
    );
    assert_eq!(printed(&made, "UnitPrice"), "49");
    assert_eq!(made["IncomeAccountRef"]["name"], "Sales of Product Income");
    assert_eq!(desk.rows("SELECT * FROM Item WHERE Sku = 'PLAT-SEAT'").len(), 1);
    desk.refused("/item", json!({"Name": "Bare", "Type": "Service"}), "2020");
    let wrong = json!({"Name": "W", "Type": "Service", "IncomeAccountRef": {"value": "4"}});
    desk.refused("/item", wrong, "6000");
    let unknown = json!({"Name": "W", "Type": "Service", "IncomeAccountRef": {"value": "999"}});
    desk.refused("/item", unknown, "2500");
    let odd = json!({"Name": "W", "Type": "Gadget", "IncomeAccountRef": {"value": "79"}});
    desk.refused("/item", odd, "2170");
}

#[test]
fn names_are_unique_among_siblings_and_skus_are_not() {
    let desk = Desk::new();
    let item = |name: &str| {
        let income = json!({"value": "79"});
        json!({"Name": name, "Sku": "S", "Type": "Service", "IncomeAccountRef": income})
    };
    desk.write("/item", item("Seat"));
    desk.write("/item", item("Seat 2"));
    desk.refused("/item", item("SEAT"), "6240");
    let group = id(&desk.write("/item", json!({"Name": "Group", "Type": "Category"})));
    let mut below = item("Seat");
    below["ParentRef"] = json!({"value": group});
    assert_eq!(desk.write("/item", below)["FullyQualifiedName"], "Group:Seat");
}

#[test]
fn a_category_cannot_be_sold_and_an_inactive_item_not_either() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let category = id(&desk.write("/item", json!({"Name": "Group", "Type": "Category"})));
    let mut body = invoice_body(&customer, "1.00", "2026-02-01");
    body["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = json!(category);
    desk.refused("/invoice", body.clone(), "6000");
    let gone = desk.sparse("item", "2", json!({"Active": false}));
    assert_eq!(gone["Name"], "Hours (deleted)");
    body["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = json!("2");
    desk.refused("/invoice", body.clone(), "610");
    body["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = json!("999");
    desk.refused("/invoice", body, "2500");
}

#[test]
fn a_document_keeps_an_item_that_became_inactive() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let invoice = desk.invoice(&customer, "10.00", "2026-02-01");
    desk.sparse("item", "1", json!({"Active": false}));
    let after = desk.sparse("invoice", &id(&invoice), json!({"PrivateNote": "n"}));
    assert_eq!(after["SyncToken"], "1");
}

#[test]
fn stock_moves_with_sales_and_takes_the_token_with_it() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let stock = json!({"Name": "Pump", "Type": "Inventory", "TrackQtyOnHand": true, "QtyOnHand": 10,
        "InvStartDate": "2026-01-01", "IncomeAccountRef": {"value": "79"},
        "AssetAccountRef": {"value": "81"}, "ExpenseAccountRef": {"value": "80"}});
    let mut bare = stock.clone();
    bare.as_object_mut().unwrap().remove("InvStartDate");
    desk.refused("/item", bare, "2020");
    let item = id(&desk.write("/item", stock));
    let mut body = invoice_body(&customer, "30.00", "2026-02-01");
    body["Line"][0]["SalesItemLineDetail"] =
        json!({"ItemRef": {"value": item}, "Qty": 3, "UnitPrice": 10});
    desk.write("/invoice", body);
    let after = desk.read("item", &item);
    assert_eq!((printed(&after, "QtyOnHand"), &after["SyncToken"]), ("7".into(), &json!("1")));
}

#[test]
fn small_lists_take_new_rows() {
    let desk = Desk::new();
    let term = desk.write("/term", json!({"Name": "Net 7", "DueDays": 7}));
    assert_eq!(term["Type"], "STANDARD");
    let term = desk.write("/term", json!({"Name": "15th", "DayOfMonthDue": 15}));
    assert_eq!(term["Type"], "DATE_DRIVEN");
    desk.refused("/term", json!({"Name": "net 7"}), "6240");
    desk.refused("/term", json!({"Name": "A name of more than 31 characters"}), "2050");
    desk.write("/paymentmethod", json!({"Name": "ACH"}));
    desk.write("/class", json!({"Name": "West"}));
    desk.write("/department", json!({"Name": "Plant"}));
    let account = json!({"Name": "Fees", "AccountType": "Income"});
    let made = desk.write("/account", account);
    assert_eq!(
        (&made["Classification"], &made["AccountSubType"]),
        (&json!("Revenue"), &json!("Income"))
    );
    desk.refused("/account", json!({"Name": "Odd", "AccountType": "Odd"}), "2170");
}

#[test]
fn tax_codes_are_read_and_not_written() {
    let desk = Desk::new();
    assert_eq!(desk.read("taxcode", "TAX")["Taxable"], true);
    assert_eq!(printed(&desk.read("taxrate", "3"), "RateValue"), "8");
    desk.refused("/taxcode", json!({"Name": "Mine"}), "500");
    assert_eq!(desk.rows("SELECT * FROM TaxCode").len(), 3);
}

#[test]
fn the_company_is_the_cheapest_test_of_a_connection() {
    let desk = Desk::new();
    let company = desk.read("companyinfo", &desk.sim.realm());
    assert_eq!(
        (&company["CompanyName"], &company["Country"]),
        (&json!("Sandbox Company US 1"), &json!("US"))
    );
    assert_eq!(desk.rows("select * from companyInfo").len(), 1);
    assert_eq!(desk.get("/companyinfo/77").code(), (400, "610".to_owned()));
}

#[test]
fn preferences_follow_the_switches() {
    let desk = Desk::new();
    let changes = json!({"custom_txn_numbers": true, "book_close_date": "2026-01-31",
        "multi_currency": true, "tax_mode": "us_automated", "sales_custom_fields": ["Opportunity"]});
    desk.sim.switch(&changes).unwrap();
    let prefs = desk.get("/preferences").json()["Preferences"].clone();
    assert_eq!(prefs["SalesFormsPrefs"]["CustomTxnNumbers"], true);
    assert_eq!(prefs["AccountingInfoPrefs"]["BookCloseDate"], "2026-01-31");
    assert_eq!(prefs["CurrencyPrefs"]["MultiCurrencyEnabled"], true);
    assert_eq!(prefs["CurrencyPrefs"]["HomeCurrency"]["value"], "USD");
    assert_eq!(prefs["TaxPrefs"]["PartnerTaxEnabled"], true);
    let fields = &prefs["SalesFormsPrefs"]["CustomField"];
    let first = &fields[0]["CustomField"][0];
    assert_eq!(
        (&first["Name"], &first["BooleanValue"]),
        (&json!("SalesFormsPrefs.UseSalesCustom1"), &json!(true))
    );
    assert_eq!(fields[0]["CustomField"][1]["BooleanValue"], false);
    assert_eq!(fields[1]["CustomField"][0]["StringValue"], "Opportunity");
    desk.refused("/preferences", json!({"SalesFormsPrefs": {}}), "500");
}

#[test]
fn a_switch_that_does_not_exist_is_refused() {
    let desk = Desk::new();
    assert!(desk.sim.switch(&json!({"nonsense": 1})).is_err());
    assert!(desk.sim.switch(&json!({"multi_currency": "yes"})).is_err());
}

#[test]
fn ids_that_are_no_numbers_and_paths_that_do_not_exist() {
    let desk = Desk::new();
    let refused = desk.get("/customer/1.5");
    assert_eq!(refused.code(), (400, "2030".to_owned()));
    assert_eq!(refused.json()["Fault"]["Error"][0]["element"], "Id");
    assert_eq!(desk.get("/customer/999").code(), (400, "610".to_owned()));
    assert_eq!(desk.get("/customer/1/5").code(), (400, "500".to_owned()));
    assert_eq!(desk.get("/nonsense/1").code(), (400, "500".to_owned()));
    assert_eq!(desk.post("/nonsense", json!({})).code(), (400, "500".to_owned()));
}
