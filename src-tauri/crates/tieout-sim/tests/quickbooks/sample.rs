//! The sample company shows the figures of its sheet.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};
use tieout_sim::quickbooks::{CountAndSum, transaction_key};
use tieout_sim::sample::Company;

use crate::desk::{Desk, id, printed};

const AFTER_THE_EDITS: &str = "2026-07-06T16:30:00Z";
const AT_THE_SIGNING: &str = "2026-07-03T00:40:00Z";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn june() -> Option<(Date, Date)> {
    Some((day("2026-06-01"), day("2026-06-30")))
}

#[track_caller]
fn check(found: CountAndSum, count: u64, sum: &str) {
    assert_eq!(found, CountAndSum { count, sum: sum.to_owned() });
}

#[test]
fn all_documents_after_the_edits() {
    let truth = Desk::sample(AFTER_THE_EDITS).sim.truth();
    check(truth.invoices(None), 39, "2310743.36");
    check(truth.credit_memos(None), 2, "8350.00");
    check(truth.payments(None), 26, "1606727.60");
    check(truth.refunds(None), 1, "2150.00");
    check(truth.write_offs(None), 1, "12.40");
}

#[test]
fn june_after_the_edits() {
    let truth = Desk::sample(AFTER_THE_EDITS).sim.truth();
    check(truth.invoices(june()), 13, "354059.76");
    check(truth.credit_memos(june()), 1, "6200.00");
    check(truth.payments(june()), 10, "397540.00");
    check(truth.refunds(june()), 1, "2150.00");
    check(truth.write_offs(june()), 1, "12.40");
    assert_eq!(truth.open_receivables(day("2026-06-30")), "697803.36");
    assert_eq!(truth.control_balance(day("2026-06-30")), "699053.36");
}

#[test]
fn june_as_it_was_signed() {
    let truth = Desk::sample(AT_THE_SIGNING).sim.truth();
    check(truth.invoices(june()), 12, "344529.76");
    check(truth.credit_memos(june()), 1, "6200.00");
    check(truth.payments(june()), 9, "385540.00");
    assert_eq!(truth.open_receivables(day("2026-06-30")), "700273.36");
    assert_eq!(truth.control_balance(day("2026-06-30")), "701523.36");
}

#[test]
fn the_same_company_gets_there_when_its_clock_moves() {
    let early = Desk::sample(AT_THE_SIGNING);
    early.clock.advance_to(AFTER_THE_EDITS.parse().unwrap());
    let late = Desk::sample(AFTER_THE_EDITS);
    assert_eq!(early.sim.truth().documents(), late.sim.truth().documents());
    assert!(early.sim.failed_edits().is_empty() && late.sim.failed_edits().is_empty());
}

#[test]
fn receivables_of_every_month_end() {
    let truth = Desk::sample(AFTER_THE_EDITS).sim.truth();
    for (end, open) in [
        ("2026-01-31", "254700.00"),
        ("2026-02-28", "182850.00"),
        ("2026-03-31", "440833.10"),
        ("2026-04-30", "412356.00"),
        ("2026-05-31", "745346.00"),
        ("2026-06-30", "697803.36"),
    ] {
        assert_eq!(truth.open_receivables(day(end)), open, "{end}");
    }
}

#[test]
fn aging_on_30_june_has_the_rows_of_the_sheet() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let report = desk.get("/reports/AgedReceivables?report_date=2026-06-30").json();
    let rows = report["Rows"]["Row"].as_array().unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.get("ColData").is_some()) {
        let cells: Vec<String> = row["ColData"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["value"].as_str().unwrap().to_owned())
            .collect();
        found.insert(cells[0].clone(), cells[1..].to_vec());
    }
    let check = |name: &str, cells: [&str; 6]| assert_eq!(found[name], cells, "{name}");
    check("Harrow Creek Water District", ["51880.00", "", "", "", "", "51880.00"]);
    check("Tamarack Foods Co.", ["57934.76", "", "42910.50", "30383.10", "", "131228.36"]);
    check("Vantry Logistics, Inc.", ["56760.00", "108200.00", "", "", "33600.00", "198560.00"]);
    // Unapplied money and credits stand in the bucket of their own date.
    check("Kestrel Ridge Aerospace", ["", "103400.00", "", "", "", "103400.00"]);
    check("Dunmore Paper Mills", ["", "-6200.00", "", "", "", "-6200.00"]);
    check("Sable Point Energy", ["27600.00", "", "", "", "", "27600.00"]);
    check("Quillan Pharma", ["", "", "", "30000.00", "", "30000.00"]);
    check("Northgate Municipal Transit", ["93850.00", "", "", "", "", "93850.00"]);
    check("Osprey Medical Devices", ["27285.00", "", "", "", "21450.00", "48735.00"]);
    check("Osprey Medical Devices (Plant 2)", ["18750.00", "", "", "", "", "18750.00"]);
    assert_eq!(found.len(), 10);
    let total = &rows.last().unwrap()["Summary"]["ColData"][6]["value"];
    assert_eq!(total, "697803.36");
}

#[test]
fn the_control_account_is_1200() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let found = desk.rows("SELECT * FROM Account WHERE AccountType = 'Accounts Receivable'");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["AcctNum"], &found[0]["Name"]),
        (&json!("1200"), &json!("Accounts receivable"))
    );
    assert_eq!(printed(&found[0], "CurrentBalance"), "699053.36");
    let report = desk.get("/reports/TrialBalance?end_date=2026-06-30").json();
    let rows = report["Rows"]["Row"].as_array().unwrap();
    let row = rows.iter().find(|row| row["ColData"][0]["value"] == "1200 Accounts receivable");
    assert_eq!(row.unwrap()["ColData"][1]["value"], "699053.36");
}

#[test]
fn the_company_and_its_preferences() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    assert_eq!(desk.sim.realm(), Company::QUICKBOOKS_REALM);
    let company = desk.read("companyinfo", Company::QUICKBOOKS_REALM);
    assert_eq!(company["CompanyName"], "Alder Quay Instruments, Inc.");
    let prefs = desk.get("/preferences").json()["Preferences"].clone();
    assert_eq!(prefs["AccountingInfoPrefs"]["BookCloseDate"], "2026-05-31");
    assert_eq!(prefs["SalesFormsPrefs"]["CustomTxnNumbers"], false);
    assert_eq!(prefs["CurrencyPrefs"]["MultiCurrencyEnabled"], false);
    let names = &prefs["SalesFormsPrefs"]["CustomField"][1]["CustomField"];
    assert_eq!(
        (&names[0]["StringValue"], &names[1]["StringValue"]),
        (&json!("Opportunity"), &json!("Dispute"))
    );
}

#[test]
fn customers_have_their_numbers_tags_and_terms() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let company = Company::alder_quay();
    let found = desk.rows("SELECT * FROM Customer ORDERBY Id");
    let ids: Vec<String> = found.iter().map(id).collect();
    assert_eq!(ids, ["104", "111", "116", "117", "121", "125", "130", "133", "138", "142"]);
    let vantry = desk.read("customer", "116");
    assert_eq!(vantry["SalesTermRef"]["name"], "Net 45");
    assert_eq!(vantry["DefaultTaxCodeRef"]["value"], "NON");
    assert_eq!(desk.read("customer", "111")["DefaultTaxCodeRef"]["value"], "2");
    let osprey = format!("tieout:account={}", company.account_id("OSP").unwrap());
    for customer in ["117", "142"] {
        assert_eq!(desk.read("customer", customer)["Notes"], json!(osprey));
    }
    assert_eq!(desk.read("customer", "142")["DisplayName"], "Osprey Medical Devices (Plant 2)");
}

#[test]
fn items_carry_the_codes_of_the_mapping() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let found = desk.rows("SELECT * FROM Item WHERE Active IN (true,false)");
    let sku = |row: &Value| row["Sku"].as_str().unwrap().to_owned();
    let active = |row: &&Value| row["Active"] == true;
    let mut skus: Vec<String> = found.iter().filter(active).map(sku).collect();
    skus.sort();
    let expected = [
        "ADJ",
        "CAL-DAY",
        "CLOUD-ENT",
        "CLOUD-STD",
        "EDGE-INF",
        "GATE-2",
        "ONB-PKG",
        "PROBE-S",
        "SENS-100",
        "SENS-250",
        "SHIP",
        "SUP-PRM",
    ];
    assert_eq!(skus, expected);
    let gone: Vec<String> = found.iter().filter(|row| !active(row)).map(sku).collect();
    assert_eq!(gone, ["EDGE-AI-UK"]);
}

fn invoice(desk: &Desk, number: &str) -> Value {
    desk.rows(&format!("SELECT * FROM Invoice WHERE DocNumber = '{number}'"))[0].clone()
}

fn field(invoice: &Value, at: usize) -> Value {
    invoice["CustomField"][at]["StringValue"].clone()
}

#[test]
fn our_invoices_carry_the_key_and_those_of_people_the_deal() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let company = Company::alder_quay();
    let ledger = format!("qbo:{}", Company::QUICKBOOKS_REALM);
    let deal = company.deal_id("D-1021").unwrap();
    for (number, sequence) in [("2267", 1), ("2283", 2)] {
        let key = transaction_key(Company::ORG_ID, &ledger, &deal, "invoice", sequence);
        let own = invoice(&desk, number);
        assert_eq!(own["PrivateNote"], json!(format!("tieout:{key} opp={deal}")));
        assert_eq!(field(&own, 0), Value::Null);
        assert_eq!(desk.sim.truth().noted(&key).len(), 1);
    }
    let twice = invoice(&desk, "2279");
    assert_eq!(field(&twice, 0), json!(company.deal_id("D-1032").unwrap()));
    assert_eq!(twice["CustomerRef"]["value"], "142");
    assert!(twice.get("PrivateNote").is_none());
    let none = invoice(&desk, "2285");
    assert!(field(&none, 0).is_null() && none.get("PrivateNote").is_none());
    let disputed = invoice(&desk, "2256");
    assert_eq!(field(&disputed, 1), "disputed");
    assert!(disputed.get("PrivateNote").is_none());
    let made_by_us = desk.sim.truth().noted("tieout:TIE-").len();
    assert_eq!(made_by_us, 20);
}

#[test]
fn every_invoice_has_net_tax_and_dates_of_its_row() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let company = Company::alder_quay();
    let rows = company.invoices.iter().filter(|row| row.entity == "AQ-US");
    for row in rows {
        let found = invoice(&desk, &row.number);
        assert_eq!(printed(&found, "TotalAmt"), row.total, "{}", row.number);
        let tax = if row.tax == "0.00" { "0" } else { &row.tax };
        assert_eq!(printed(&found["TxnTaxDetail"], "TotalTax"), tax, "{}", row.number);
        assert_eq!((&found["TxnDate"], &found["DueDate"]), (&json!(row.on), &json!(row.due)));
    }
}

#[test]
fn lines_are_those_of_the_deal_where_it_was_billed_whole() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let lines = |number: &str| -> Vec<(String, String)> {
        let found = invoice(&desk, number);
        let lines = found["Line"].as_array().unwrap().clone();
        let shown = lines.iter().filter(|line| line["DetailType"] != "SubTotalLineDetail");
        shown
            .map(|line| {
                let item = &line["SalesItemLineDetail"]["ItemRef"]["value"];
                let item =
                    item.as_str().map_or(Value::Null, |id| desk.read("item", id)["Sku"].clone());
                (item.as_str().unwrap_or("discount").to_owned(), printed(line, "Amount"))
            })
            .collect()
    };
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    assert_eq!(lines("2272"), pairs(&[("GATE-2", "139200.00"), ("ONB-PKG", "9000.00")]));
    assert_eq!(lines("2266"), pairs(&[("CLOUD-STD", "22000.00")]));
    assert_eq!(lines("2277"), pairs(&[("SUP-PRM", "24000.00"), ("discount", "240.00")]));
    assert_eq!(lines("2280"), pairs(&[("CAL-DAY", "12399.96")]));
    assert_eq!(lines("2281"), pairs(&[("GATE-2", "29000.00"), ("ONB-PKG", "2150.00")]));
    assert_eq!(lines("2282"), pairs(&[("CAL-DAY", "8400.00"), ("SHIP", "135.00")]));
    assert_eq!(lines("2284"), pairs(&[("SENS-100", "40800.00")]));
    let last = pairs(&[("PROBE-S", "6900.00"), ("GATE-2", "2960.00"), ("SHIP", "20.00")]);
    assert_eq!(lines("2289"), last);
}

#[test]
fn documents_have_the_times_at_which_they_were_made() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let late = invoice(&desk, "2289");
    assert_eq!(late["MetaData"]["CreateTime"], "2026-07-06T09:11:00-07:00");
    let edited = invoice(&desk, "2281");
    assert_eq!(edited["MetaData"]["CreateTime"], "2026-06-09T12:00:00-07:00");
    assert_eq!(edited["MetaData"]["LastUpdatedTime"], "2026-07-06T09:19:00-07:00");
    assert_eq!(edited["SyncToken"], "1");
    let old = invoice(&desk, "2251");
    assert_eq!(old["MetaData"]["CreateTime"], "2025-11-03T12:00:00-08:00");
    let since = "2026-07-02T17:40:00-07:00";
    let path = format!("/cdc?entities=Invoice,Payment&changedSince={since}");
    let found = desk.get(&path).json()["CDCResponse"][0]["QueryResponse"].clone();
    let numbers: Vec<&Value> =
        found[0]["Invoice"].as_array().unwrap().iter().map(|row| &row["DocNumber"]).collect();
    assert_eq!(numbers, ["2264", "2289", "2281"]);
    assert_eq!(printed(&found[1]["Payment"][0], "TotalAmt"), "12000.00");
}

#[test]
fn the_refund_has_used_its_credit_up_and_the_other_credit_is_open() {
    let desk = Desk::sample(AFTER_THE_EDITS);
    let credits = desk.rows("SELECT * FROM CreditMemo ORDERBY DocNumber");
    assert_eq!(
        (&credits[0]["DocNumber"], printed(&credits[0], "RemainingCredit")),
        (&json!("CM-0311"), "0".into())
    );
    assert_eq!(
        (&credits[1]["DocNumber"], printed(&credits[1], "RemainingCredit")),
        (&json!("CM-0318"), "6200.00".into())
    );
    assert_eq!(credits[1]["PrivateNote"], "four damaged units");
    let kestrel =
        desk.rows("SELECT * FROM Payment WHERE CustomerRef = '121' AND TotalAmt = '15000'");
    assert_eq!(
        (&kestrel[0]["PaymentRefNum"], printed(&kestrel[0], "UnappliedAmt")),
        (&json!("wire, no remittance"), "15000.00".into())
    );
}

#[test]
fn the_next_invoice_is_2290_and_may_is_closed() {
    let desk = Desk::sample(AT_THE_SIGNING);
    let body = crate::desk::invoice_body("133", "1.00", "2026-07-02");
    let mut body = body;
    body["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] = json!("11");
    assert_eq!(desk.write("/invoice", body.clone())["DocNumber"], "2290");
    body["TxnDate"] = json!("2026-05-31");
    desk.refused("/invoice", body, "6210");
    desk.clock.advance_to(AFTER_THE_EDITS.parse().unwrap());
    assert_eq!(desk.sim.truth().invoices(None).count, 40);
}
