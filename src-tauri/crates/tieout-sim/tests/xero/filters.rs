//! `where` and the list parameters (`xero §3.7`).

use serde_json::{Value, json};

use crate::desk::{Desk, approved, id};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let acme = desk.contact("Acme");
    let other = desk.contact("Élan Ltd");
    let make = |number: &str, contact: &str, net: &str, on: &str| {
        let mut body = approved(contact, net, on);
        body["InvoiceNumber"] = json!(number);
        body["Reference"] = json!(format!("PO {number}"));
        desk.put("/Invoices", body).one();
    };
    make("A-1", &acme, "10", "2026-01-05");
    make("A-2", &acme, "20", "2026-01-15");
    make("B-1", &other, "30", "2026-02-01");
    let mut bill = approved(&other, "5", "2026-01-05");
    bill["Type"] = json!("ACCPAY");
    bill["InvoiceNumber"] = json!("BILL");
    bill["LineItems"][0]["AccountCode"] = json!("429");
    desk.put("/Invoices", bill).one();
    (desk, acme)
}

fn numbers(rows: &[Value]) -> Vec<String> {
    let mut numbers: Vec<String> = rows.iter().map(|row| id(row, "InvoiceNumber")).collect();
    numbers.sort();
    numbers
}

#[track_caller]
fn check(filter: &str, expected: &[&str]) {
    let (desk, acme) = company();
    let filter = filter.replace("ACME", &acme);
    assert_eq!(numbers(&desk.filtered("Invoices", &filter).rows()), expected, "{filter}");
}

#[test]
fn comparisons_join_with_and_and_or() {
    check(r#"Type=="ACCREC""#, &["A-1", "A-2", "B-1"]);
    check(r#"Type="ACCREC" AND AmountDue > 20"#, &["A-2", "B-1"]);
    check(r#"InvoiceNumber=="A-1" OR InvoiceNumber=="B-1""#, &["A-1", "B-1"]);
    check(r#"Type=="ACCREC"&&(Status!="PAID"&&!(InvoiceNumber=="A-1"))"#, &["A-2", "B-1"]);
}

#[test]
fn dates_are_constructed() {
    let june = r#"Type=="ACCREC"&&Date>=DateTime(2026,01,01)&&Date<=DateTime(2026, 01, 31)"#;
    check(june, &["A-1", "A-2"]);
    check(r#"Date==DateTime.Parse("2026-02-01")"#, &["B-1"]);
}

#[test]
fn ids_are_guids() {
    check(r#"Contact.ContactID==guid("ACME")"#, &["A-1", "A-2"]);
    check(r#"Contact.ContactID==Guid("ACME")"#, &["A-1", "A-2"]);
}

#[test]
fn texts_are_tested_without_case_and_accents() {
    check(r#"Contact.Name=="elan LTD"&&Type=="ACCREC""#, &["B-1"]);
    check(r#"Reference.Contains("b-")"#, &["B-1"]);
    check(r#"InvoiceNumber.StartsWith("A")"#, &["A-1", "A-2"]);
    check(r#"Contact.Name.ToLower()=="acme""#, &["A-1", "A-2"]);
    check(r#"Contact.Name.ToLower().Contains("ac")"#, &["A-1", "A-2"]);
    check(r#"Reference!=null&&Type=="ACCREC""#, &["A-1", "A-2", "B-1"]);
    check(r#"Reference==null"#, &["BILL"]);
}

#[test]
fn what_is_no_expression_has_error_16() {
    let (desk, _) = company();
    for filter in [
        r#"Type=="ACCREC"#,
        "Type==",
        r#"Kind=="ACCREC""#,
        r#"Date=="2026-01-01""#,
        r#"Contact.ContactID=="x""#,
        "DateTime(2026)",
        r#"(Type=="ACCREC""#,
    ] {
        let answer = desk.filtered("Invoices", filter);
        let body = answer.json();
        assert_eq!((answer.status, body["ErrorNumber"].clone()), (400, json!(16)), "{filter}");
        assert_eq!(body["Type"], "QueryParseException");
    }
    let message = desk.filtered("Invoices", r#"Kind=="A""#).json()["Message"].clone();
    assert_eq!(message, "No property or field 'Kind' exists in type 'Invoice'");
}

#[test]
fn list_parameters_choose_rows() {
    let (desk, acme) = company();
    let rows = |query: &str| numbers(&desk.get(&format!("/Invoices?page=1&{query}")).rows());
    assert_eq!(rows("InvoiceNumbers=A-1,B-1"), ["A-1", "B-1"]);
    assert_eq!(rows(&format!("ContactIDs={acme}")), ["A-1", "A-2"]);
    assert_eq!(rows("Statuses=DRAFT,PAID"), [""; 0]);
    assert_eq!(rows("searchTerm=po%20a"), ["A-1", "A-2"]);
    let first = desk.get("/Invoices?page=1&InvoiceNumbers=A-1").one()["InvoiceID"].clone();
    assert_eq!(rows(&format!("IDs={}", first.as_str().unwrap())), ["A-1"]);
    assert_eq!(rows("createdByMyApp=TRUE"), ["A-1", "A-2", "B-1", "BILL"]);
}

#[test]
fn payments_are_found_by_their_invoice() {
    let (desk, _) = company();
    let invoice = desk.get("/Invoices/A-1").one();
    desk.pay(&invoice, "1.00", "2026-01-15").one();
    let filter = format!(r#"Invoice.InvoiceID==guid("{}")"#, id(&invoice, "InvoiceID"));
    assert_eq!(desk.filtered("Payments", &filter).rows().len(), 1);
    let other = desk.get("/Invoices/A-2").one();
    let filter = format!(r#"Invoice.InvoiceID==guid("{}")"#, id(&other, "InvoiceID"));
    assert_eq!(desk.filtered("Payments", &filter).rows().len(), 0);
    assert_eq!(desk.filtered("Payments", r#"PaymentType=="ACCRECPAYMENT""#).rows().len(), 1);
}

#[test]
fn very_large_organisations_refuse_slow_filters() {
    let (desk, _) = company();
    desk.sim.switch_tenant(None, &json!({"high_volume": true})).unwrap();
    let answer = desk.filtered("Invoices", "Total>5");
    assert_eq!((answer.status, answer.json()["ErrorNumber"].clone()), (400, json!(51)));
    assert_eq!(desk.filtered("Invoices", r#"Type=="ACCREC"&&AmountDue>5"#).status, 200);
}

#[test]
fn contacts_are_searched_in_many_members() {
    let desk = Desk::new();
    let numbered = json!({"Name": "Zed", "ContactNumber": "001Hs00000AbCdEIAV", "EmailAddress": "a@zed.example"});
    desk.put("/Contacts", numbered).one();
    desk.contact("Other");
    for term in ["zed", "001hs", "a@ZED"] {
        assert_eq!(desk.get(&format!("/Contacts?searchTerm={term}")).one()["Name"], "Zed");
    }
}
