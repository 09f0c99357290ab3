//! Invoices and the other sales forms (`quickbooks §3.1, §3.4, §3.6, §4.7, §6`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body, item_line, number, printed};

fn company(changes: Value) -> (Desk, String) {
    let desk = Desk::with(changes);
    let customer = desk.customer("Northwind");
    (desk, customer)
}

#[test]
fn the_smallest_invoice_is_filled_in_by_the_server() {
    let (desk, customer) = company(json!({}));
    let body = json!({"CustomerRef": {"value": customer}, "Line": [item_line("100")]});
    let made = desk.write("/invoice", body);
    assert_eq!(made["DocNumber"], "1001");
    assert_eq!(made["TxnDate"], "2026-02-03");
    assert_eq!(made["DueDate"], "2026-03-05");
    assert_eq!(made["CustomerRef"], json!({"value": customer, "name": "Northwind"}));
    assert_eq!(printed(&made, "TotalAmt"), "100.00");
    assert_eq!(printed(&made, "Balance"), "100.00");
    assert_eq!(made["LinkedTxn"], json!([]));
    assert_eq!(
        (&made["PrintStatus"], &made["EmailStatus"]),
        (&json!("NeedToPrint"), &json!("NotSet"))
    );
    let line = &made["Line"][0];
    assert_eq!((&line["Id"], &line["LineNum"]), (&json!("1"), &json!(1)));
    assert_eq!(line["SalesItemLineDetail"]["TaxCodeRef"], json!({"value": "NON"}));
    assert_eq!(line["SalesItemLineDetail"]["ItemRef"]["name"], "Services");
    let subtotal = &made["Line"][1];
    assert_eq!(subtotal["DetailType"], "SubTotalLineDetail");
    assert_eq!(printed(subtotal, "Amount"), "100.00");
    assert!(subtotal.get("Id").is_none());
    assert_eq!(printed(&made["TxnTaxDetail"], "TotalTax"), "0");
    assert!(made.get("ExchangeRate").is_none());
}

#[test]
fn the_answer_has_the_recorded_headers() {
    let (desk, customer) = company(json!({}));
    let ok = desk.post("/invoice?minorversion=75", invoice_body(&customer, "1.00", "2026-02-01"));
    assert!(ok.headers["intuit_tid"].to_str().unwrap().starts_with("1-"));
    assert!(ok.headers.contains_key("qbo-version"));
    assert_eq!(ok.headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(ok.json()["time"], "2026-02-03T09:15:42.318-08:00");
    let refused = desk.post("/invoice", json!({}));
    assert!(refused.headers.contains_key("intuit_tid"));
    assert!(!refused.headers.contains_key("qbo-version"));
    assert_eq!(refused.headers["content-type"], "application/json");
    let fault = &refused.json()["Fault"];
    assert_eq!(fault["type"], "ValidationFault");
    assert!(fault["Error"][0]["Message"].is_string() && fault["Error"][0]["Detail"].is_string());
}

#[test]
fn the_example_of_the_sheet_adds_up() {
    let desk = Desk::with(json!({"multi_currency": true, "default_tax_code": "2"}));
    let body = json!({"DisplayName": "Northwind", "CurrencyRef": {"value": "EUR"}});
    let customer = id(&desk.write("/customer", body));
    let made = desk.write(
        "/invoice",
        json!({"DocNumber": "SF-100245", "TxnDate": "2026-02-03", "DueDate": "2026-03-05",
            "CustomerRef": {"value": customer}, "CurrencyRef": {"value": "EUR"},
            "ExchangeRate": number("1.0832"), "CustomerMemo": {"value": "PO 4711"},
            "Line": [
                {"Amount": number("980.00"), "DetailType": "SalesItemLineDetail",
                 "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "Qty": 20, "UnitPrice": 49,
                    "TaxCodeRef": {"value": "TAX"}, "ServiceDate": "2026-02-01"}},
                {"Amount": number("98.00"), "DetailType": "DiscountLineDetail",
                 "DiscountLineDetail": {"PercentBased": true, "DiscountPercent": 10}}]}),
    );
    assert_eq!(printed(&made, "TotalAmt"), "952.56");
    assert_eq!(printed(&made, "HomeTotalAmt"), "1031.81");
    assert_eq!(printed(&made, "HomeBalance"), "1031.81");
    let tax = &made["TxnTaxDetail"];
    assert_eq!(printed(tax, "TotalTax"), "70.56");
    assert_eq!(printed(&tax["TaxLine"][0]["TaxLineDetail"], "NetAmountTaxable"), "882.00");
    assert_eq!(printed(&made["Line"][0]["SalesItemLineDetail"], "UnitPrice"), "49");
    let discount = &made["Line"][2];
    assert_eq!(printed(discount, "Amount"), "98.00");
    assert_eq!(discount["DiscountLineDetail"]["DiscountAccountRef"]["name"], "Discounts given");
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Value), code: &str) {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    change(&mut body);
    desk.refused("/invoice", body, code);
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 0);
}

#[test]
fn each_fault_has_its_code() {
    refused(|body| body["Nonsense"] = json!(1), "2010");
    refused(|body| body["Line"][0]["Nonsense"] = json!(1), "2010");
    refused(|body| body["BillAddr"] = json!({"Street": "x"}), "2010");
    refused(|body| body["CustomerRef"] = json!("1"), "2010");
    refused(|body| drop(body.as_object_mut().unwrap().remove("CustomerRef")), "2020");
    refused(|body| drop(body.as_object_mut().unwrap().remove("Line")), "2020");
    refused(|body| body["Line"] = json!([]), "2020");
    refused(|body| body["Id"] = json!("1.5"), "2030");
    refused(|body| body["DocNumber"] = json!("a number of 22 letters"), "2050");
    refused(|body| body["PrivateNote"] = json!("x".repeat(4001)), "2050");
    refused(|body| body["Line"][0]["Amount"] = json!("ten"), "2080");
    refused(|body| body["TxnDate"] = json!("soon"), "2090");
    refused(|body| body["Line"][0]["DetailType"] = json!("Odd"), "2170");
    refused(|body| body["CustomerRef"]["value"] = json!("99"), "2500");
    refused(|body| body["SalesTermRef"] = json!({"value": "99"}), "2500");
    refused(|body| body["CurrencyRef"] = json!({"value": "EUR"}), "6000");
    refused(|body| drop(body["Line"][0].as_object_mut().unwrap().remove("Amount")), "6000");
    refused(|body| body["Line"][0]["Amount"] = json!(-1), "6000");
    refused(|body| body["EmailStatus"] = json!("NeedToSend"), "6000");
    let taxed = |code: &'static str| {
        move |body: &mut Value| {
            body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": code});
        }
    };
    refused(taxed("2"), "6100");
}

#[test]
fn price_times_quantity_must_be_the_amount() {
    let (desk, customer) = company(json!({}));
    let body = |amount: &str, quantity: &str, price: &str| {
        let mut body = invoice_body(&customer, amount, "2026-02-01");
        let detail = &mut body["Line"][0]["SalesItemLineDetail"];
        detail["Qty"] = number(quantity);
        detail["UnitPrice"] = number(price);
        body
    };
    desk.refused("/invoice", body("1861.07", "22.5", "82.7148"), "6070");
    desk.write("/invoice", body("1861.08", "22.5", "82.7148"));
    desk.write("/invoice", body("100.00", "3", "33.3333333"));
    desk.write("/invoice", body("100.00", "0", "0"));
}

#[test]
fn discounts_stay_within_the_subtotal_and_come_once() {
    let (desk, customer) = company(json!({}));
    let line = |amount: &str| {
        json!({"Amount": number(amount), "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {"PercentBased": false}})
    };
    let body = |discounts: Vec<Value>| {
        let mut body = invoice_body(&customer, "100.00", "2026-02-01");
        body["Line"].as_array_mut().unwrap().extend(discounts);
        body
    };
    assert_eq!(printed(&desk.write("/invoice", body(vec![line("25")])), "TotalAmt"), "75.00");
    desk.refused("/invoice", body(vec![line("100.01")]), "6090");
    desk.refused("/invoice", body(vec![line("1"), line("1")]), "6090");
}

#[test]
fn text_lines_and_bundles() {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "10.00", "2026-02-01");
    body["Line"].as_array_mut().unwrap().extend([
        json!({"DetailType": "DescriptionOnly", "Description": "as agreed"}),
        json!({"DetailType": "GroupLineDetail", "GroupLineDetail": {
            "GroupItemRef": {"value": "2"}, "Line": [item_line("5.00"), item_line("6.00")]}}),
    ]);
    let made = desk.write("/invoice", body);
    assert_eq!(printed(&made, "TotalAmt"), "21.00");
    assert!(made["Line"][1].get("Amount").is_none());
    assert_eq!(printed(&made["Line"][2], "Amount"), "11.00");
}

#[test]
fn the_server_numbers_where_the_company_lets_it() {
    let (desk, customer) = company(json!({}));
    let make = |number: Option<&str>| {
        let mut body = invoice_body(&customer, "1.00", "2026-02-01");
        if let Some(number) = number {
            body["DocNumber"] = json!(number);
        }
        desk.write("/invoice", body)["DocNumber"].clone()
    };
    assert_eq!(make(None), "1001");
    assert_eq!(make(Some("5000")), "5000");
    assert_eq!(make(None), "1002");
    let receipt = json!({"Line": [item_line("1.00")]});
    assert_eq!(desk.write("/salesreceipt", receipt)["DocNumber"], "1003");
    desk.sim.switch(&json!({"custom_txn_numbers": true})).unwrap();
    assert_eq!(make(None), Value::Null);
    assert_eq!(make(Some("AUTO_GENERATE")), "1004");
}

#[test]
fn a_taken_number_is_6140_unless_it_is_allowed() {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "1.00", "2026-02-01");
    body["DocNumber"] = json!("A-1");
    let first = id(&desk.write("/invoice", body.clone()));
    let refused = desk.post("/invoice", body.clone());
    assert_eq!(refused.code(), (400, "6140".to_owned()));
    let detail = refused.json()["Fault"]["Error"][0]["Detail"].as_str().unwrap().to_owned();
    assert!(
        detail
            .contains(&format!("DocNumber=A-1 is assigned to TxnType=Invoice with TxnId={first}"))
    );
    desk.write("/invoice?include=allowduplicatedocnum", body.clone());
    desk.sim.switch(&json!({"warn_duplicate_numbers": false})).unwrap();
    desk.write("/invoice", body);
    let same = desk.sparse("invoice", &first, json!({"DocNumber": "A-1", "PrivateNote": "n"}));
    assert_eq!(same["SyncToken"], "1");
}

#[test]
fn terms_come_from_the_customer_and_give_the_due_date() {
    let (desk, customer) = company(json!({}));
    desk.sparse("customer", &customer, json!({"SalesTermRef": {"value": "5"}}));
    let made = desk.invoice(&customer, "1.00", "2026-02-01");
    assert_eq!(
        (&made["DueDate"], &made["SalesTermRef"]["name"]),
        (&json!("2026-03-18"), &json!("Net 45"))
    );
}

#[test]
fn a_stale_token_is_5010_and_so_is_one_from_the_future() {
    let (desk, customer) = company(json!({}));
    let invoice = id(&desk.invoice(&customer, "1.00", "2026-02-01"));
    desk.sparse("invoice", &invoice, json!({"PrivateNote": "a"}));
    let change = |token: &str| json!({"Id": invoice, "SyncToken": token, "sparse": true, "PrivateNote": "b"});
    desk.refused("/invoice", change("0"), "5010");
    desk.refused("/invoice", change("2"), "5010");
    desk.refused("/invoice", json!({"Id": invoice, "sparse": true, "PrivateNote": "b"}), "2020");
    desk.refused("/invoice", json!({"Id": "99", "SyncToken": "0", "sparse": true}), "610");
    assert_eq!(desk.write("/invoice", change("1"))["SyncToken"], "2");
}

#[test]
fn a_change_of_nothing_changes_nothing() {
    let (desk, customer) = company(json!({}));
    let invoice = desk.invoice(&customer, "1.00", "2026-02-01");
    desk.pass("1m");
    let echoed = desk.write("/invoice", invoice.clone());
    assert_eq!(echoed, invoice);
    let sparse = desk.sparse("invoice", &id(&invoice), json!({"TxnDate": "2026-02-01"}));
    assert_eq!(sparse, invoice);
}

#[test]
fn a_full_update_clears_what_it_does_not_send() {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "1.00", "2026-02-01");
    body["PrivateNote"] = json!("note");
    let made = desk.write("/invoice", body);
    desk.pass("24h");
    let full = json!({"Id": made["Id"], "SyncToken": "0", "CustomerRef": {"value": customer},
        "Line": [item_line("2.00")]});
    let after = desk.write("/invoice", full);
    assert_eq!(after["SyncToken"], "1");
    assert!(after.get("PrivateNote").is_none());
    assert_eq!(after["TxnDate"], "2026-02-04");
    assert_eq!(after["DocNumber"], made["DocNumber"]);
    assert_eq!(after["MetaData"]["CreateTime"], made["MetaData"]["CreateTime"]);
    assert_eq!(after["MetaData"]["LastUpdatedTime"], "2026-02-04T09:15:42-08:00");
}

#[test]
fn a_sparse_update_replaces_all_lines_and_keeps_the_ids_it_is_sent() {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "1.00", "2026-02-01");
    body["Line"].as_array_mut().unwrap().push(item_line("2.00"));
    let made = desk.write("/invoice", body);
    let kept = made["Line"][1].clone();
    let after = desk.sparse("invoice", &id(&made), json!({"Line": [item_line("5.00"), kept]}));
    let ids: Vec<&Value> = (0..2).map(|at| &after["Line"][at]["Id"]).collect();
    assert_eq!(ids, [&json!("3"), &json!("2")]);
    assert_eq!(printed(&after, "TotalAmt"), "7.00");
    let cleared = desk.sparse("invoice", &id(&made), json!({"DueDate": null}));
    assert_eq!(cleared["DueDate"], "2026-03-03");
}

#[test]
fn custom_fields_are_shown_also_without_a_value() {
    let (desk, customer) = company(json!({"sales_custom_fields": ["Opportunity", "Dispute"]}));
    let mut body = invoice_body(&customer, "1.00", "2026-02-01");
    body["CustomField"] =
        json!([{"DefinitionId": "1", "Type": "StringType", "StringValue": "006"}]);
    let made = desk.write("/invoice", body.clone());
    assert_eq!(
        made["CustomField"],
        json!([
            {"DefinitionId": "1", "Name": "Opportunity", "Type": "StringType", "StringValue": "006"},
            {"DefinitionId": "2", "Name": "Dispute", "Type": "StringType"},
        ])
    );
    body["CustomField"][0]["StringValue"] = json!("x".repeat(32));
    desk.refused("/invoice", body, "2050");
}

#[test]
fn manual_tax_takes_the_documents_code_then_the_customers() {
    let (desk, customer) = company(json!({}));
    let taxed = |customer: &str, code: Option<&str>| {
        let mut body = invoice_body(customer, "100.00", "2026-02-01");
        body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "TAX"});
        if let Some(code) = code {
            body["TxnTaxDetail"] = json!({"TxnTaxCodeRef": {"value": code}});
        }
        printed(&desk.write("/invoice", body), "TotalAmt")
    };
    assert_eq!(taxed(&customer, None), "100.00");
    assert_eq!(taxed(&customer, Some("2")), "108.00");
    desk.sparse("customer", &customer, json!({"DefaultTaxCodeRef": {"value": "2"}}));
    assert_eq!(taxed(&customer, None), "108.00");
    assert_eq!(printed(&desk.invoice(&customer, "100.00", "2026-02-01"), "TotalAmt"), "100.00");
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    body["TxnTaxDetail"] = json!({"TotalTax": number("7.77")});
    assert_eq!(printed(&desk.write("/invoice", body), "TotalAmt"), "107.77");
}

#[test]
fn automated_tax_is_a_stub_of_one_rate() {
    let (desk, customer) = company(json!({"tax_mode": "us_automated"}));
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "TAX"});
    let made = desk.write("/invoice", body);
    assert_eq!(printed(&made, "TotalAmt"), "108.25");
    assert_eq!(made["TxnTaxDetail"]["TxnTaxCodeRef"]["value"], "3");
}

#[test]
fn outside_the_us_every_line_needs_a_code() {
    let (desk, customer) = company(json!({"tax_mode": "vat", "country": "GB"}));
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    desk.refused("/invoice", body.clone(), "6000");
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "10"});
    let made = desk.write("/invoice", body.clone());
    assert_eq!(
        (printed(&made, "TotalAmt"), &made["GlobalTaxCalculation"]),
        ("120.00".into(), &json!("TaxExcluded"))
    );
    body["GlobalTaxCalculation"] = json!("TaxInclusive");
    let made = desk.write("/invoice", body.clone());
    assert_eq!(printed(&made, "TotalAmt"), "100.00");
    assert_eq!(printed(&made["TxnTaxDetail"], "TotalTax"), "16.67");
    assert_eq!(printed(&made["Line"][0]["SalesItemLineDetail"], "TaxInclusiveAmt"), "100.00");
    body["GlobalTaxCalculation"] = json!("NotApplicable");
    assert_eq!(printed(&desk.write("/invoice", body.clone()), "TotalAmt"), "100.00");
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "99"});
    desk.refused("/invoice", body, "2500");
}

#[test]
fn without_sales_tax_there_is_none() {
    let (desk, customer) = company(json!({"tax_mode": "off"}));
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "TAX"});
    assert_eq!(printed(&desk.write("/invoice", body), "TotalAmt"), "100.00");
}

#[test]
fn closed_books_refuse_with_either_code() {
    let (desk, customer) = company(json!({"book_close_date": "2026-01-31"}));
    let closed = invoice_body(&customer, "1.00", "2026-01-31");
    desk.refused("/invoice", closed.clone(), "6210");
    let open = id(&desk.invoice(&customer, "1.00", "2026-02-01"));
    let back = desk.changed("invoice", &open, json!({"TxnDate": "2026-01-31"}));
    desk.refused("/invoice", back, "6210");
    desk.sim.switch(&json!({"closed_period_as_5010": true})).unwrap();
    let refused = desk.post("/invoice", closed);
    assert_eq!(refused.code(), (400, "5010".to_owned()));
    assert_eq!(refused.json()["Fault"]["Error"][0]["Message"], "Account Period Closed");
    desk.sim.switch(&json!({"book_close_date": "2026-02-28"})).unwrap();
    desk.refused("/invoice?operation=void", json!({"Id": open, "SyncToken": "0"}), "5010");
    desk.refused("/invoice?operation=delete", json!({"Id": open, "SyncToken": "0"}), "5010");
}

#[test]
fn a_deposit_with_the_invoice_reduces_its_balance() {
    let (desk, customer) = company(json!({"allow_deposit": true}));
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    body["Deposit"] = json!(30);
    let made = desk.write("/invoice", body.clone());
    assert_eq!(
        (printed(&made, "TotalAmt"), printed(&made, "Balance")),
        ("100.00".into(), "70.00".into())
    );
    body["Deposit"] = json!(101);
    desk.refused("/invoice", body, "6000");
}

#[test]
fn a_credit_memo_is_open_until_it_is_applied_and_has_no_due_date() {
    let (desk, customer) = company(json!({}));
    let mut body = invoice_body(&customer, "50.00", "2026-02-01");
    body["DueDate"] = json!("2026-03-01");
    let made = desk.write("/creditmemo", body);
    assert_eq!(
        (printed(&made, "Balance"), printed(&made, "RemainingCredit")),
        ("50.00".into(), "50.00".into())
    );
    assert!(made.get("DueDate").is_none());
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "-50.00");
}

#[test]
fn a_sales_receipt_needs_no_customer_and_a_refund_needs_an_account() {
    let (desk, customer) = company(json!({}));
    let receipt = desk.write("/salesreceipt", json!({"Line": [item_line("9.00")]}));
    assert_eq!(
        (printed(&receipt, "Balance"), &receipt["DepositToAccountRef"]["value"]),
        ("0".into(), &json!("4"))
    );
    let mut refund = invoice_body(&customer, "9.00", "2026-02-01");
    desk.refused("/refundreceipt", refund.clone(), "2020");
    refund["DepositToAccountRef"] = json!({"value": "35"});
    assert_eq!(printed(&desk.write("/refundreceipt", refund), "Balance"), "0");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "0");
}

#[test]
fn sending_and_printing() {
    let (desk, customer) = company(json!({}));
    let invoice = id(&desk.invoice(&customer, "1.00", "2026-02-01"));
    assert_eq!(desk.post(&format!("/invoice/{invoice}/send"), json!({})).code().1, "6000");
    let sent = desk.post(&format!("/invoice/{invoice}/send?sendTo=ap%40x.example"), json!({}));
    assert_eq!(sent.json()["Invoice"]["EmailStatus"], "EmailSent");
    let printed = desk.get(&format!("/invoice/{invoice}/pdf"));
    assert!(printed.text.starts_with("%PDF"));
}

#[test]
fn who_does_not_ask_for_json_gets_xml() {
    let (desk, customer) = company(json!({}));
    let bearer = desk.bearer();
    let path = format!("/v3/company/{}/customer", desk.sim.realm());
    let xml = |accept: &str, path: &str| {
        let headers = [("authorization", bearer.as_str()), ("accept", accept)];
        desk.send("GET", path, &headers, "")
    };
    let found = xml("*/*", &format!("{path}/{customer}"));
    assert_eq!(found.headers["content-type"], "application/xml");
    assert!(found.text.contains("<DisplayName>Northwind</DisplayName>"));
    let refused = xml("text/html", &format!("{path}/99"));
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("<code>610</code>"));
    assert!(xml("*/*", &format!("{path}/{customer}?format=json")).text.starts_with('{'));
}
