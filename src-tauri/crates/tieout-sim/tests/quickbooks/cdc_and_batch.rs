//! Change data capture and batches (`quickbooks §4.4, §4.10`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body};

fn changes(desk: &Desk, entities: &str, since: &str) -> Vec<Value> {
    let since = since.replace('+', "%2B");
    let answer = desk.get(&format!("/cdc?entities={entities}&changedSince={since}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let parts = answer.json()["CDCResponse"][0]["QueryResponse"].clone();
    parts.as_array().unwrap().clone()
}

#[test]
fn one_part_per_entity_in_order_and_empty_ones_stay() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.pass("1h");
    let invoice = desk.invoice(&customer, "10.00", "2026-02-01");
    let found = changes(&desk, "Invoice,Payment,Customer,Item", "2026-02-03T10:00:00-08:00");
    assert_eq!(found.len(), 4);
    assert_eq!(found[0], json!({"Invoice": [invoice], "startPosition": 1, "maxResults": 1}));
    assert_eq!((&found[1], &found[3]), (&json!({}), &json!({})));
    assert_eq!(found[2]["Customer"][0]["Id"], json!(customer));
}

#[test]
fn deleted_rows_are_stubs_and_voided_and_inactive_ones_whole() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let gone = id(&desk.invoice(&customer, "10.00", "2026-02-01"));
    let voided = id(&desk.invoice(&customer, "10.00", "2026-02-01"));
    desk.pass("1h");
    desk.write("/invoice?operation=delete", json!({"Id": gone, "SyncToken": "0"}));
    desk.write("/invoice?operation=void", json!({"Id": voided, "SyncToken": "0"}));
    desk.sparse("customer", &customer, json!({"Active": false}));
    let found = changes(&desk, "invoice,customer", "2026-02-03T18:00:00Z");
    let invoices = found[0]["Invoice"].as_array().unwrap();
    assert_eq!(invoices[0]["PrivateNote"], "Voided");
    assert_eq!(
        invoices[1],
        json!({"domain": "QBO", "status": "Deleted", "Id": gone,
            "MetaData": {"LastUpdatedTime": "2026-02-03T10:15:42-08:00"}})
    );
    assert_eq!(found[1]["Customer"][0]["Active"], false);
}

#[test]
fn the_feed_looks_back_thirty_days_and_holds_a_thousand() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.invoice(&customer, "10.00", "2026-02-01");
    desk.pass("800h");
    assert_eq!(changes(&desk, "Invoice", "2026-01-01"), [json!({})]);
    for at in 0..700 {
        for entity in ["Term", "PaymentMethod"] {
            desk.sim
                .edit(&tieout_sim::quickbooks::Edit {
                    entity: entity.to_owned(),
                    operation: tieout_sim::quickbooks::EditKind::Create,
                    body: json!({"Name": format!("N{at}")}),
                })
                .unwrap();
        }
    }
    let found = changes(&desk, "Term,PaymentMethod,Customer", "2026-03-01");
    let count = |at: usize, name: &str| found[at][name].as_array().map_or(0, Vec::len);
    assert_eq!((count(0, "Term"), count(1, "PaymentMethod"), count(2, "Customer")), (700, 300, 0));
}

#[test]
fn taxes_are_not_in_the_feed() {
    let desk = Desk::new();
    for entity in ["TaxCode", "TaxRate", "TaxAgency", "Nonsense"] {
        let path = format!("/cdc?entities={entity}&changedSince=2026-02-01");
        assert_eq!(desk.get(&path).code().1, "4001");
    }
    assert_eq!(desk.get("/cdc?entities=Invoice&changedSince=soon").code().1, "2090");
    assert_eq!(desk.get("/cdc?entities=Invoice").code().1, "2020");
}

#[test]
fn the_feed_may_leave_an_id_out() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.sim.switch(&json!({"cdc_omits": [customer]})).unwrap();
    assert_eq!(changes(&desk, "Customer", "2026-02-01"), [json!({})]);
}

#[test]
fn a_batch_answers_each_item_for_itself() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let invoice = id(&desk.invoice(&customer, "10.00", "2026-02-01"));
    let paid = id(&desk.payment(&customer, "10.00", &[("10.00", "Invoice", &invoice)]));
    let answer = desk.post(
        "/batch",
        json!({"BatchItemRequest": [
            {"bId": "c1", "operation": "create", "Customer": {"DisplayName": "Fabrikam"}},
            {"bId": "c2", "operation": "create", "Customer": {"DisplayName": "fabrikam"}},
            {"bId": "u1", "operation": "update", "Invoice": {"Id": invoice, "SyncToken": "0",
                "sparse": true, "PrivateNote": "n"}},
            {"bId": "v1", "operation": "update", "optionsData": "void",
                "Payment": {"Id": paid, "SyncToken": "0", "sparse": true}},
            {"bId": "q1", "Query": "select * from Term"},
            {"bId": "d1", "operation": "delete", "Invoice": {"Id": invoice, "SyncToken": "2"}},
        ]}),
    );
    assert_eq!(answer.status, 200);
    let items = answer.json()["BatchItemResponse"].clone();
    let ids: Vec<&Value> = (0..6).map(|at| &items[at]["bId"]).collect();
    assert_eq!(ids, ["c1", "c2", "u1", "v1", "q1", "d1"]);
    assert_eq!(items[0]["Customer"]["DisplayName"], "Fabrikam");
    assert_eq!(items[1]["Fault"]["Error"][0]["code"], "6240");
    assert_eq!(items[2]["Fault"]["Error"][0]["code"], "5010");
    assert_eq!(items[3]["Payment"]["PrivateNote"], "Voided");
    assert_eq!(items[4]["QueryResponse"]["maxResults"], 5);
    assert_eq!(items[5]["Invoice"]["status"], "Deleted");
}

#[test]
fn a_batch_takes_thirty_items() {
    let desk = Desk::new();
    let items = |count: usize| {
        let items: Vec<Value> = (0..count)
            .map(|at| json!({"bId": at.to_string(), "Query": "select * from Term"}))
            .collect();
        desk.post("/batch", json!({"BatchItemRequest": items}))
    };
    assert_eq!(items(30).status, 200);
    assert_eq!(items(31).status, 400);
    assert_eq!(desk.post("/batch", json!({})).code().1, "2020");
}

#[test]
fn an_item_that_names_nothing_known_is_refused_alone() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let body = invoice_body(&customer, "1.00", "2026-02-01");
    let answer = desk.post(
        "/batch",
        json!({"BatchItemRequest": [
        {"bId": "1", "operation": "create", "Nonsense": {}},
        {"bId": "2", "operation": "create", "Invoice": body}]}),
    );
    let items = answer.json()["BatchItemResponse"].clone();
    assert_eq!(items[0]["Fault"]["Error"][0]["code"], "500");
    assert_eq!(items[1]["Invoice"]["TotalAmt"].to_string(), "1.00");
}
