//! Reports as control totals (`xero §8`).

use serde_json::{Value, json};

use crate::desk::{Desk, approved, id, number};

/// Rows that point to an account or an invoice.
pub fn rows_with(report: &Value, id: &str) -> Vec<Value> {
    let mut found = Vec::new();
    collect(&report["Reports"][0]["Rows"], id, &mut found);
    found
}

fn collect(rows: &Value, id: &str, found: &mut Vec<Value>) {
    for row in rows.as_array().into_iter().flatten() {
        collect(&row["Rows"], id, found);
        if row["Cells"][0]["Attributes"][0]["Value"] == id {
            found.push(row.clone());
        }
    }
}

fn debtors(desk: &Desk) -> String {
    let accounts = desk.get("/Accounts").rows();
    id(accounts.iter().find(|row| row["SystemAccount"] == "DEBTORS").unwrap(), "AccountID")
}

fn company() -> (Desk, String, Value) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let early = desk.put("/Invoices", approved(&contact, "100", "2025-12-20")).one();
    desk.pay(&early, "15.00", "2026-01-10").one();
    desk.invoice(&contact, "10");
    (desk, contact, early)
}

#[test]
fn the_trial_balance_has_receivables_on_the_debtors_row() {
    let (desk, _, _) = company();
    let report = desk.get("/Reports/TrialBalance?date=2026-01-31&paymentsOnly=false").json();
    let own = &report["Reports"][0];
    assert_eq!(
        own["ReportTitles"],
        json!(["Trial Balance", "Northwind Tools Ltd", "As at 31 January 2026"])
    );
    assert_eq!(own["Rows"][0]["Cells"][3]["Value"], "YTD Debit");
    let row = rows_with(&report, &debtors(&desk)).remove(0);
    let cells = row["Cells"].as_array().unwrap();
    assert_eq!(cells[0]["Value"], "Accounts Receivable (610)");
    // The month: 11.50 invoiced, 15.00 paid.
    assert!(cells[1].get("Value").is_none());
    assert_eq!(cells[2]["Value"], "3.50");
    assert_eq!(
        (cells[3]["Value"].clone(), cells[4]["Value"].clone()),
        (json!("111.50"), json!(""))
    );
}

#[test]
fn reports_are_as_of_their_date() {
    let (desk, _, _) = company();
    let at = |date: &str| {
        let report = desk.get(&format!("/Reports/TrialBalance?date={date}")).json();
        let rows = rows_with(&report, &debtors(&desk));
        rows.first().map(|row| row["Cells"][3]["Value"].as_str().unwrap().to_owned())
    };
    assert_eq!(at("2025-12-19"), None);
    assert_eq!(at("2025-12-31").as_deref(), Some("115.00"));
    assert_eq!(at("2026-01-10").as_deref(), Some("100.00"));
    assert_eq!(at("2026-01-15").as_deref(), Some("111.50"));
}

#[test]
fn debits_and_credits_are_equal() {
    let (desk, _, _) = company();
    let report = desk.get("/Reports/TrialBalance?date=2026-01-31").json();
    let sections = report["Reports"][0]["Rows"].as_array().unwrap();
    let total = &sections.last().unwrap()["Rows"][0];
    assert_eq!(
        (total["RowType"].clone(), total["Cells"][0]["Value"].clone()),
        (json!("SummaryRow"), json!("Total"))
    );
    assert_eq!(total["Cells"][3]["Value"], total["Cells"][4]["Value"]);
    assert_eq!(total["Cells"][1]["Value"], total["Cells"][2]["Value"]);
}

#[test]
fn the_balance_sheet_has_the_same_receivables() {
    let (desk, _, _) = company();
    let report = desk.get("/reports/balancesheet?date=2026-01-31&standardLayout=true").json();
    let row = rows_with(&report, &debtors(&desk)).remove(0);
    assert_eq!(row["Cells"][1]["Value"], "111.50");
    assert_eq!(row["Cells"][1]["Attributes"][0]["Id"], "account");
}

#[test]
fn aged_receivables_list_the_open_invoices_of_one_contact() {
    let (desk, contact, early) = company();
    desk.invoice(&desk.contact("Other"), "7");
    let path = format!("/Reports/AgedReceivablesByContact?contactID={contact}&date=2026-03-01");
    let report = desk.get(&path).json();
    let row = rows_with(&report, &id(&early, "InvoiceID")).remove(0);
    assert_eq!(row["Cells"][0]["Attributes"][0]["Id"], "invoiceID");
    let values: Vec<&str> = row["Cells"].as_array().unwrap()[4..]
        .iter()
        .map(|cell| cell["Value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["115.00", "15.00", "0.00", "100.00"]);
    let section = report["Reports"][0]["Rows"][1]["Rows"].as_array().unwrap();
    assert_eq!(section.last().unwrap()["Cells"][7]["Value"], "111.50");
    assert_eq!(desk.get("/Reports/AgedReceivablesByContact").status, 404);
}

#[test]
fn credits_reduce_what_a_contact_owes() {
    let (desk, contact, _) = company();
    desk.credit(&contact, "20");
    let over = json!({"Type": "RECEIVE-OVERPAYMENT", "Contact": {"ContactID": contact},
        "BankAccount": {"Code": "090"}, "Date": "2026-01-18",
        "LineItems": [{"Description": "Too much", "Quantity": 1, "UnitAmount": number("8.50")}]});
    desk.put("/BankTransactions", over).one();
    let report = desk.get("/Reports/TrialBalance?date=2026-01-31").json();
    let row = rows_with(&report, &debtors(&desk)).remove(0);
    assert_eq!(row["Cells"][3]["Value"], "80.00");
    let path = format!("/Reports/AgedReceivablesByContact?contactId={contact}&date=2026-01-31");
    let report = desk.get(&path).json();
    let section = report["Reports"][0]["Rows"][1]["Rows"].as_array().unwrap();
    assert_eq!(section.last().unwrap()["Cells"][7]["Value"], "80.00");
}

#[test]
fn drafts_and_voided_documents_are_in_no_report() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let mut draft = approved(&contact, "10", "2026-01-15");
    draft["Status"] = json!("DRAFT");
    desk.put("/Invoices", draft).one();
    let path = format!("/Invoices/{}", id(&desk.invoice(&contact, "10"), "InvoiceID"));
    desk.post(&path, json!({"Status": "VOIDED"})).one();
    let report = desk.get("/Reports/TrialBalance?date=2026-01-31").json();
    assert!(rows_with(&report, &debtors(&desk)).is_empty());
}
