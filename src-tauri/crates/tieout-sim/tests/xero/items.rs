//! Items (`xero §6.3`).

use serde_json::json;

use crate::desk::{Desk, approved, id, number, printed};

fn item() -> serde_json::Value {
    json!({
        "Code": "LIC-PRO",
        "Name": "Licence Pro",
        "Description": "Licence Pro, 12 months",
        "SalesDetails": {"UnitPrice": number("1250.5"), "AccountCode": "200", "TaxType": "ZERORATED"},
    })
}

#[test]
fn an_item_is_read_by_id_or_code() {
    let desk = Desk::new();
    let made = desk.put("/Items", item()).one();
    assert_eq!(desk.get("/Items/LIC-PRO").one()["ItemID"], made["ItemID"]);
    assert_eq!(desk.get(&format!("/Items/{}", id(&made, "ItemID"))).one()["Code"], "LIC-PRO");
    assert_eq!(printed(&made["SalesDetails"], "UnitPrice"), "1250.50");
    assert_eq!((made["IsSold"].clone(), made["IsPurchased"].clone()), (json!(true), json!(true)));
}

#[test]
fn a_code_is_taken_once_by_put_and_matched_by_post() {
    let desk = Desk::new();
    desk.put("/Items", item()).one();
    let refused = desk.put("/Items", item()).messages();
    assert_eq!(refused, "Price List Item with Code 'LIC-PRO' already exists");
    let after = desk.post("/Items", json!({"Code": "LIC-PRO", "Name": "Licence"})).one();
    assert_eq!(after["Name"], "Licence");
    let cleared = json!({"Code": "LIC-PRO", "SalesDetails": {"AccountCode": "260"}});
    let after = desk.post("/Items", cleared).one();
    assert!(after["SalesDetails"].get("UnitPrice").is_none());
}

#[test]
fn codes_and_accounts_are_checked() {
    let desk = Desk::new();
    let long = "X".repeat(31);
    assert_eq!(desk.put("/Items", json!({ "Code": long })).status, 400);
    assert_eq!(desk.put("/Items", json!({"Name": "No code"})).status, 400);
    let refused = desk.put("/Items", json!({"Code": "A", "SalesDetails": {"AccountCode": "610"}}));
    assert!(refused.messages().contains("Account must be valid"));
}

#[test]
fn a_deleted_item_is_gone() {
    let desk = Desk::new();
    desk.put("/Items", item()).one();
    let answer = desk.delete("/Items/LIC-PRO");
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(desk.get("/Items/LIC-PRO").status, 404);
    assert_eq!(desk.get("/Items").rows().len(), 0);
    assert_eq!(desk.delete("/Items/LIC-PRO").status, 404);
}

#[test]
fn items_have_no_pages() {
    let desk = Desk::new();
    desk.put("/Items", json!({"Items": [{"Code": "A"}, {"Code": "B"}]}));
    let body = desk.get("/Items?page=1&pageSize=1").json();
    assert_eq!(body["Items"].as_array().unwrap().len(), 2);
    assert!(body.get("pagination").is_none());
}

#[test]
fn an_item_fills_what_a_line_leaves_out() {
    let desk = Desk::new();
    desk.put("/Items?unitdp=4", item()).one();
    let contact = desk.contact("Acme");
    let mut body = approved(&contact, "1", "2026-01-15");
    body["LineItems"] = json!([{"ItemCode": "LIC-PRO", "Quantity": 2}]);
    let invoice = desk.put("/Invoices", body).one();
    let line = &invoice["LineItems"][0];
    assert_eq!(line["Description"], "Licence Pro, 12 months");
    assert_eq!(
        (line["AccountCode"].clone(), line["TaxType"].clone()),
        (json!("200"), json!("ZERORATED"))
    );
    assert_eq!(line["Item"]["Name"], "Licence Pro");
    assert_eq!(printed(&invoice, "Total"), "2501.00");
}
