//! Reports (`quickbooks §4.9`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body, number};

fn report(desk: &Desk, path: &str) -> Value {
    let answer = desk.get(&format!("/reports/{path}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn cells(row: &Value) -> Vec<&str> {
    let data = row["ColData"].as_array().unwrap();
    data.iter().map(|cell| cell["value"].as_str().unwrap()).collect()
}

fn rows(report: &Value) -> Vec<Value> {
    report["Rows"]["Row"].as_array().unwrap().clone()
}

/// Acme: five invoices, one per bucket on 2026-02-28, an unapplied payment and a credit.
fn aged() -> (Desk, String) {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    for (amount, due) in [
        ("1.00", "2026-02-28"),
        ("2.00", "2026-02-27"),
        ("4.00", "2026-01-28"),
        ("8.00", "2025-12-29"),
        ("16.00", "2025-11-29"),
    ] {
        let mut body = invoice_body(&customer, amount, "2025-11-01");
        body["DueDate"] = json!(due);
        desk.write("/invoice", body);
    }
    (desk, customer)
}

#[test]
fn receivables_are_aged_from_the_due_date() {
    let (desk, customer) = aged();
    let report = report(&desk, "AgedReceivables?report_date=2026-02-28&aging_method=Report_Date");
    assert_eq!(report["Header"]["ReportName"], "AgedReceivables");
    assert_eq!(report["Header"]["EndPeriod"], "2026-02-28");
    assert_eq!(report["Header"]["Currency"], "USD");
    let keys: Vec<&Value> = report["Columns"]["Column"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["MetaData"][0]["Value"])
        .collect();
    assert_eq!(keys, ["cust_name", "current", "0", "1", "2", "3", "total"]);
    let rows = rows(&report);
    assert_eq!(rows[0]["ColData"][0]["id"], json!(customer));
    assert_eq!(cells(&rows[0]), ["Acme", "1.00", "2.00", "4.00", "8.00", "16.00", "31.00"]);
    assert_eq!(rows[1]["group"], "GrandTotal");
    assert_eq!(cells(&rows[1]["Summary"])[6], "31.00");
    assert!(report.get("time").is_none());
}

#[test]
fn unapplied_money_stands_in_the_bucket_of_its_own_date() {
    let (desk, customer) = aged();
    let mut paid = crate::desk::payment_body(&customer, "5.00", &[]);
    paid["TxnDate"] = json!("2026-02-10");
    desk.write("/payment", paid);
    let report = report(&desk, "AgedReceivables?report_date=2026-02-28");
    assert_eq!(
        cells(&rows(&report)[0]),
        ["Acme", "1.00", "-3.00", "4.00", "8.00", "16.00", "26.00"]
    );
}

#[test]
fn the_report_is_as_of_its_day() {
    let (desk, customer) = aged();
    let invoice = id(&desk.rows("SELECT * FROM Invoice WHERE TotalAmt = '16'")[0]);
    let mut paid = crate::desk::payment_body(&customer, "16.00", &[("16.00", "Invoice", &invoice)]);
    paid["TxnDate"] = json!("2026-02-15");
    desk.write("/payment", paid);
    let total = |day: &str| {
        let report = report(&desk, &format!("AgedReceivables?report_date={day}"));
        let rows = rows(&report);
        cells(&rows.last().unwrap()["Summary"])[6].to_owned()
    };
    assert_eq!(total("2025-10-31"), "");
    assert_eq!(total("2026-02-14"), "31.00");
    assert_eq!(total("2026-02-15"), "15.00");
}

#[test]
fn aging_from_the_transaction_date_is_a_preference() {
    let (desk, _) = aged();
    desk.sim.switch(&json!({"age_from_txn_date": true})).unwrap();
    let report = report(&desk, "AgedReceivables?report_date=2026-02-28");
    assert_eq!(cells(&rows(&report)[0]), ["Acme", "", "", "", "", "31.00", "31.00"]);
}

#[test]
fn detail_lists_the_documents_by_bucket() {
    let (desk, _) = aged();
    let report = report(&desk, "AgedReceivableDetail?report_date=2026-02-28");
    let rows = rows(&report);
    assert_eq!(rows.len(), 6);
    assert_eq!(cells(&rows[0]["Header"])[0], "91 or more days past due");
    let first = &rows[0]["Rows"]["Row"][0];
    assert_eq!(
        cells(first),
        ["2025-11-01", "Invoice", "1005", "Acme", "2025-11-29", "16.00", "16.00"]
    );
    assert_eq!(cells(&rows[5]["Summary"])[6], "31.00");
}

#[test]
fn sub_customers_nest() {
    let desk = Desk::new();
    let parent = desk.customer("Parent");
    let child = id(&desk.write(
        "/customer",
        json!({"DisplayName": "Child", "Job": true,
        "ParentRef": {"value": parent}}),
    ));
    desk.invoice(&parent, "1.00", "2026-02-01");
    desk.invoice(&child, "2.00", "2026-02-01");
    let report = report(&desk, "CustomerBalance");
    let section = &rows(&report)[0];
    assert_eq!(cells(&section["Header"]), ["Parent"]);
    let inner = section["Rows"]["Row"].as_array().unwrap();
    assert_eq!(
        (cells(&inner[0]), cells(&inner[1])),
        (vec!["Parent", "1.00"], vec!["Child", "2.00"])
    );
    assert_eq!(cells(&section["Summary"]), ["Total Parent", "3.00"]);
    assert_eq!(cells(&rows(&report)[1]["Summary"]), ["TOTAL", "3.00"]);
}

#[test]
fn one_row_per_document_of_the_period() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    desk.invoice(&customer, "10.00", "2026-01-31");
    let invoice = id(&desk.invoice(&customer, "20.00", "2026-02-01"));
    let mut paid = crate::desk::payment_body(&customer, "20.00", &[("20.00", "Invoice", &invoice)]);
    paid["PaymentRefNum"] = json!("WIRE-1");
    desk.write("/payment", paid);
    let path = "TransactionList?start_date=2026-02-01&end_date=2026-02-28";
    let all = report(&desk, path);
    let keys: Vec<&Value> = all["Columns"]["Column"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["MetaData"][0]["Value"])
        .collect();
    assert_eq!(
        keys,
        ["tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "subt_nat_amount"]
    );
    assert_eq!(rows(&all).len(), 2);
    let only = report(&desk, &format!("{path}&transaction_type=Invoice"));
    assert_eq!(
        cells(&rows(&only)[0]),
        ["2026-02-01", "Invoice", "1002", "Yes", "Acme", "", "20.00"]
    );
    let only = report(&desk, &format!("{path}&transaction_type=Payment"));
    assert_eq!(cells(&rows(&only)[0])[2], "WIRE-1");
    let none = report(&desk, "TransactionList?start_date=2027-01-01&end_date=2027-01-31");
    let no_data =
        none["Header"]["Option"].as_array().unwrap().iter().find(|o| o["Name"] == "NoReportData");
    assert_eq!(no_data.unwrap()["Value"], "true");
}

#[test]
fn the_trial_balance_balances_and_holds_the_control_account() {
    let (desk, customer) = aged();
    let mut taxed = invoice_body(&customer, "100.00", "2026-02-01");
    taxed["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] = json!({"value": "TAX"});
    taxed["TxnTaxDetail"] = json!({"TxnTaxCodeRef": {"value": "2"}});
    taxed["Line"].as_array_mut().unwrap().push(json!({"Amount": number("10.00"),
        "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": false}}));
    desk.write("/invoice", taxed);
    let report = report(&desk, "TrialBalance?end_date=2026-02-28");
    let rows = rows(&report);
    let of = |name: &str| {
        let row = rows.iter().find(|row| row["ColData"][0]["value"] == name);
        row.map(|row| cells(row)[1..].join("|")).unwrap_or_default()
    };
    assert_eq!(of("Accounts Receivable (A/R)"), "128.20|");
    assert_eq!(of("Services"), "|131.00");
    assert_eq!(of("Discounts given"), "10.00|");
    assert_eq!(of("Sales Tax Payable"), "|7.20");
    assert_eq!(cells(&rows.last().unwrap()["Summary"]), ["TOTAL", "138.20", "138.20"]);
}

#[test]
fn the_balance_sheet_has_receivables_in_their_own_group() {
    let (desk, _) = aged();
    let report = report(&desk, "BalanceSheet?end_date=2026-02-28");
    let rows = rows(&report);
    let receivables = &rows[0]["Rows"]["Row"][0];
    assert_eq!(receivables["group"], "AR");
    assert_eq!(cells(&receivables["Summary"])[1], "31.00");
    assert_eq!(cells(&rows[0]["Summary"])[1], "31.00");
    assert_eq!(cells(&rows[1]["Summary"])[1], "31.00");
}

#[test]
fn filters_and_odd_parameters() {
    let (desk, _) = aged();
    let other = desk.customer("Other");
    desk.invoice(&other, "7.00", "2026-02-01");
    let only = report(&desk, &format!("CustomerBalance?customer={other}&&minorversion=75"));
    assert_eq!(cells(&rows(&only)[1]["Summary"]), ["TOTAL", "7.00"]);
    assert_eq!(desk.get("/reports/AgedReceivables?report_date=soon").code().1, "2090");
    assert_eq!(desk.get("/reports/Nonsense").code().1, "500");
}
