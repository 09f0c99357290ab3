use jiff::civil::date;
use serde_json::{Value, json};
use tieout_connect::ports::Ledger;
use tieout_connect::testing::json_answer;

use super::*;
use crate::config::Agreement;
use crate::testing::{
    Rig, Script, batch_statements, fault, multi_currency, parameter, rig_of, rows,
};

const JUNE: DateRange = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };

fn list(amounts: &[&str]) -> String {
    let row = |amount: &&str| json!({"ColData": [{"value": "2026-06-05"}, {"value": *amount}]});
    json!({"Header": {"Currency": "USD"}, "Columns": {"Column": [
        {"ColType": "tx_date"},
        {"ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "subt_nat_amount"}]}]},
        "Rows": {"Row": amounts.iter().map(row).collect::<Vec<_>>()}})
    .to_string()
}

fn counts() -> Script {
    Script::default()
        .with("COUNT(*) FROM Invoice", r#"{"totalCount":2}"#)
        .with("COUNT(*) FROM CreditMemo", r#"{"totalCount":1}"#)
        .with("COUNT(*) FROM Payment", r#"{"totalCount":1}"#)
        .with("COUNT(*) FROM RefundReceipt", r#"{"totalCount":0}"#)
}

fn journals(script: Script, journals: &[Value]) -> Script {
    let texts: Vec<String> = journals.iter().map(Value::to_string).collect();
    script.with("FROM JournalEntry", rows(Entity::JournalEntry, &texts)).with("FROM Deposit", "{}")
}

/// Status and body of a report, by its name and its kind of transactions.
type Reports = fn(&str, &str) -> (u16, String);

fn company(script: Script, settings: Value, reports: Reports) -> Rig {
    let rig = rig_of(script, settings, Agreement::default());
    rig.transport.on(move |request| {
        let (_, name) = request.uri().path().split_once("/reports/")?;
        let kind = parameter(request, "transaction_type").unwrap_or_default();
        let (status, body) = reports(name, &kind);
        Some(json_answer(status, &body))
    });
    rig
}

fn june_lists(_: &str, kind: &str) -> (u16, String) {
    match kind {
        "Invoice" => (200, list(&["100.00", "54.30"])),
        "CreditMemo" => (200, list(&["-6200.00"])),
        "ReceivePayment" => (200, list(&[])),
        "Payment" => (200, list(&["397540.00"])),
        other => panic!("nobody asks for {other}"),
    }
}

fn shown(total: &ControlTotal) -> String {
    let sum = total.sum.map_or("-".to_owned(), |sum| sum.to_string());
    format!("{:?} {} {} {sum}", total.measure, total.currency, total.count)
}

async fn june(rig: &Rig) -> Vec<ControlTotal> {
    rig.quickbooks.period_totals(JUNE).await.unwrap()
}

fn entry(line: Value) -> Value {
    json!({"Id": "1", "SyncToken": "0", "TxnDate": "2026-06-30",
        "MetaData": {"LastUpdatedTime": "2026-06-30T10:00:00-07:00"}, "Line": line})
}

fn receivable(amount: Value, posting: &str, customer: Option<&str>) -> Value {
    let mut detail = json!({"PostingType": posting, "AccountRef": {"value": "84"}});
    if let Some(id) = customer {
        detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": id}});
    }
    json!({"Amount": amount, "JournalEntryLineDetail": detail})
}

#[tokio::test]
async fn counts_and_sums_of_a_period() {
    let lines = json!([
        receivable(json!(12.40), "Credit", Some("7")),
        receivable(json!(1250), "Debit", None),
        receivable(json!(3), "Debit", Some("7"))
    ]);
    let rig = company(journals(counts(), &[entry(lines)]), json!({}), june_lists);
    let totals = june(&rig).await;
    assert_eq!(
        totals.iter().map(shown).collect::<Vec<_>>(),
        [
            "Invoices USD 2 154.30 USD",
            "CreditMemos USD 1 6200.00 USD",
            "Receipts USD 1 397540.00 USD",
            "Refunds USD 0 0.00 USD",
            "Adjustments USD 1 12.40 USD",
        ]
    );
    assert!(totals[2].source.contains("AND TotalAmt > '0'"));
    assert!(totals[2].source.ends_with("report TransactionList of Payment"));
    let batch = rig.transport.requests().into_iter().filter(|r| r.uri().path().ends_with("/batch"));
    assert_eq!(batch_statements(&batch.last().unwrap()).len(), 4, "one request for all counts");
}

#[tokio::test]
async fn a_name_that_the_report_does_not_know_is_not_the_end() {
    let rig = company(journals(counts(), &[]), json!({}), |name, kind| match kind {
        "ReceivePayment" => (400, fault("2170")),
        _ => june_lists(name, kind),
    });
    assert_eq!(shown(&june(&rig).await[2]), "Receipts USD 1 397540.00 USD");
}

#[tokio::test]
async fn a_list_without_amounts_gives_a_count_only() {
    let rig = company(journals(counts(), &[]), json!({}), |_, _| {
        let text = json!({"Columns": {"Column": [{"ColType": "Money"}, {"ColType": "Money"}]},
            "Rows": {"Row": [{"ColData": [{"value": "1"}, {"value": "2"}]}]}});
        (200, text.to_string())
    });
    let totals = june(&rig).await;
    assert_eq!(shown(&totals[0]), "Invoices USD 2 -");
    assert_eq!(totals[0].proof, SUM_UNREADABLE);
}

#[tokio::test]
async fn several_currencies_cannot_be_added_by_the_tool() {
    let rig = company(journals(counts(), &[]), multi_currency(), |name, _| panic!("{name}"));
    let totals = june(&rig).await;
    assert_eq!(shown(&totals[0]), "Invoices USD 2 -");
    assert_eq!(totals[0].proof, COUNT_ONLY);
}

#[tokio::test]
async fn an_amount_that_is_no_number_is_an_error_never_zero() {
    let rig = company(journals(counts(), &[]), json!({}), |_, _| (200, list(&["1,000.00"])));
    assert!(rig.quickbooks.period_totals(JUNE).await.is_err());
}

fn balances(name: &str, _: &str) -> (u16, String) {
    let body = match name {
        "AgedReceivables" => json!({"Header": {"Currency": "USD"}, "Columns": {"Column": [
            {"ColType": "Customer"}, {"ColType": "Money"}, {"ColType": "Money"}]},
            "Rows": {"Row": [
                {"ColData": [{"value": "A", "id": "1"}, {"value": ""}, {"value": "100.00"}]},
                {"ColData": [{"value": "B", "id": "2"}, {"value": ""}, {"value": "-20.00"}]},
                {"group": "GrandTotal", "Summary": {"ColData": [
                    {"value": "TOTAL"}, {"value": ""}, {"value": "80.00"}]}}]}}),
        _ => json!({"Header": {"Currency": "USD"}, "Columns": {"Column": [
            {"ColType": "Account"}, {"ColType": "Money"}, {"ColType": "Money"}]},
            "Rows": {"Row": [
                {"ColData": [{"value": "1200 A/R", "id": "84"}, {"value": "1330.00"}, {"value": ""}]},
                {"ColData": [{"value": "1201 A/R EUR", "id": "85"}, {"value": ""}, {"value": "0.50"}]},
                {"ColData": [{"value": "Sales", "id": "79"}, {"value": ""}, {"value": "999.00"}]}]}}),
    };
    (200, body.to_string())
}

#[tokio::test]
async fn balances_at_a_date() {
    let rig = company(Script::default(), json!({}), balances);
    let totals = rig.quickbooks.balance_totals(date(2026, 6, 30)).await.unwrap();
    assert_eq!(
        totals.iter().map(shown).collect::<Vec<_>>(),
        ["AgedReceivables USD 2 80.00 USD", "ControlAccount USD 2 1329.50 USD"]
    );
    let lines = rig.transport.lines();
    let aged = lines.iter().find(|line| line.contains("AgedReceivables")).unwrap();
    assert!(aged.contains("report_date=2026-06-30&aging_method=Report_Date"), "{aged}");
    let trial = lines.iter().find(|line| line.contains("TrialBalance")).unwrap();
    assert!(trial.contains("end_date=2026-06-30"), "{trial}");
}

#[tokio::test]
async fn a_company_that_nobody_owes() {
    let rig = company(Script::default(), json!({}), |_, _| {
        let empty = json!({"Columns": {"Column": [
            {"ColType": "Account"}, {"ColType": "Money"}, {"ColType": "Money"}]}, "Rows": {}});
        (200, empty.to_string())
    });
    let totals = rig.quickbooks.balance_totals(date(2026, 6, 30)).await.unwrap();
    assert_eq!(shown(&totals[0]), "AgedReceivables USD 0 0.00 USD");
    assert_eq!(shown(&totals[1]), "ControlAccount USD 0 0.00 USD");
}

#[tokio::test]
async fn a_report_that_cannot_be_understood_is_an_error_never_zero() {
    let broken: [Reports; 4] = [
        |_, _| (200, r#"{"Columns":{"Column":[]},"Rows":{}}"#.to_owned()),
        |name, kind| (200, balances(name, kind).1.replace("GrandTotal", "Other")),
        |name, kind| (200, balances(name, kind).1.replace("\"id\"", "\"no\"")),
        |name, kind| (200, balances(name, kind).1.replace("USD", "EUR")),
    ];
    for (at, reports) in broken.into_iter().enumerate() {
        let rig = company(Script::default(), json!({}), reports);
        assert!(rig.quickbooks.balance_totals(date(2026, 6, 30)).await.is_err(), "{at}");
    }
}
