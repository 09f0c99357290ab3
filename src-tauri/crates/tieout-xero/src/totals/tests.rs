use jiff::civil::date;
use serde_json::{Value, json};
use tieout_connect::ports::Ledger;
use tieout_connect::testing::{ScriptedAnswer, json_answer};

use super::*;
use crate::config::Agreement;
use crate::testing::{
    DEBTORS, Rig, envelope, invoice, one_page, overpayment, parameter, path_of, payment, rig,
};

const JUNE: DateRange = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };

fn counted(kind: Kind, record: Value, count: u64) -> ScriptedAnswer {
    json_answer(200, &envelope(kind.name(), &[record], Some((1, count))))
}

fn company() -> Rig {
    rig(Agreement::default(), |request| {
        let filter = parameter(request, "where").unwrap_or_default();
        Some(match path_of(request) {
            "/Invoices" => counted(Kind::Invoice, invoice(json!({})), 77),
            "/CreditNotes" => one_page(Kind::CreditNote, &[]),
            "/Payments" if filter.contains("ACCRECPAYMENT") => {
                counted(Kind::Payment, payment(json!({})), 38)
            }
            "/Payments" => one_page(Kind::Payment, &[]),
            "/Overpayments" => one_page(
                Kind::Overpayment,
                &[
                    overpayment(json!({})),
                    overpayment(json!({"Status": "VOIDED"})),
                    overpayment(json!({"Date": "/Date(1782864000000+0000)/"})),
                    overpayment(json!({"Type": "SPEND-OVERPAYMENT"})),
                ],
            ),
            "/Prepayments" => one_page(Kind::Prepayment, &[]),
            _ => return None,
        })
    })
}

#[tokio::test]
async fn what_did_not_come_along_is_counted_and_not_added() {
    let rig = company();
    let totals = rig.xero.period_totals(JUNE).await.unwrap();
    let counts: Vec<(Measure, u64)> =
        totals.iter().map(|total| (total.measure, total.count)).collect();
    assert_eq!(
        counts,
        [
            (Measure::Invoices, 77),
            (Measure::CreditMemos, 0),
            (Measure::Receipts, 40),
            (Measure::Refunds, 0)
        ],
        "two overpayments of June, void or not, are receipts"
    );
    let added = |total: &ControlTotal| total.sum.is_some();
    assert_eq!(totals.iter().map(added).collect::<Vec<_>>(), [false, true, false, true]);
}

#[tokio::test]
async fn the_documents_of_a_month_are_added_per_currency() {
    let foreign = json!({"CurrencyCode": "EUR", "CurrencyRate": "0.5"});
    let rig = rig(Agreement::default(), move |request| {
        Some(match path_of(request) {
            "/Invoices" => one_page(Kind::Invoice, &[invoice(json!({})), invoice(foreign.clone())]),
            "/CreditNotes" => one_page(Kind::CreditNote, &[]),
            "/Payments" => one_page(Kind::Payment, &[]),
            "/Overpayments" => one_page(Kind::Overpayment, &[]),
            "/Prepayments" => one_page(Kind::Prepayment, &[]),
            _ => return None,
        })
    });
    let totals = rig.xero.period_totals(JUNE).await.unwrap();
    let invoices = totals.iter().filter(|total| total.measure == Measure::Invoices);
    let invoices: Vec<(u64, String)> =
        invoices.map(|total| (total.count, total.sum.unwrap().to_string())).collect();
    let total = invoice(json!({}))["Total"].to_string();
    assert_eq!(invoices, [(1, format!("{total} EUR")), (1, format!("{total} NZD"))]);
}

#[tokio::test]
async fn a_count_over_years_asks_for_one_row_and_leaves_out_what_is_deleted() {
    let rig = company();
    let asked = || {
        let requests = rig.transport.requests().into_iter();
        requests.filter(|it| path_of(it) == "/Invoices").last().unwrap()
    };
    let years = DateRange { from: date(2020, 1, 1), ..JUNE };
    rig.xero.period_totals(years).await.unwrap();
    assert_eq!(parameter(&asked(), "pageSize").as_deref(), Some("1"));
    rig.xero.period_totals(JUNE).await.unwrap();
    let invoices = asked();
    assert_eq!(parameter(&invoices, "pageSize").as_deref(), Some("1000"));
    assert_eq!(
        parameter(&invoices, "where").unwrap(),
        r#"Type=="ACCREC"&&Status!="DELETED"&&Date>=DateTime(2026, 06, 01)&&Date<=DateTime(2026, 06, 30)"#
    );
}

#[tokio::test]
async fn a_list_that_says_no_count_is_not_counted() {
    let rig = rig(Agreement::default(), |request| {
        (path_of(request) == "/Invoices")
            .then(|| json_answer(200, &envelope("Invoices", &[invoice(json!({}))], None)))
    });
    assert!(rig.xero.period_totals(JUNE).await.is_err());
}

fn cell(value: Option<&str>, account: &str) -> Value {
    let mut cell = json!({"Attributes": [{"Id": "account", "Value": account}]});
    if let Some(value) = value {
        cell["Value"] = json!(value);
    }
    cell
}

/// A report with these cells on the row of debtors, and a row of another account.
fn report(cells: &[Option<&str>]) -> String {
    let row = |account: &str, cells: &[Option<&str>]| {
        let mut row = vec![cell(Some("Accounts Receivable (610)"), account)];
        row.extend(cells.iter().map(|value| cell(*value, account)));
        json!({"RowType": "Row", "Cells": row})
    };
    let other: Vec<Option<&str>> = vec![Some("9.99"); cells.len()];
    let rows = json!([
        {"RowType": "Header", "Cells": [{"Value": "Account"}, {"Value": "Debit"}]},
        {"RowType": "Section", "Title": "Assets", "Rows": [
            row(&DEBTORS.to_uppercase(), cells), row("1111", &other)]},
        {"RowType": "Section", "Title": "", "Rows": [
            {"RowType": "SummaryRow", "Cells": [{"Value": "Total"}, {"Value": "1.00"}]}]}]);
    envelope("Reports", &[json!({"ReportID": "TrialBalance", "Rows": rows})], None)
}

fn reporting(trial: String, sheet: String) -> Rig {
    rig(Agreement::default(), move |request| match path_of(request) {
        "/Reports/TrialBalance" => Some(json_answer(200, &trial)),
        "/Reports/BalanceSheet" => Some(json_answer(200, &sheet)),
        _ => None,
    })
}

#[tokio::test]
async fn the_control_account_is_debit_less_credit_of_the_year() {
    let trial = report(&[None, Some("875.00"), Some("41250.75"), Some("250.75")]);
    let rig = reporting(trial, report(&[Some("41000.00"), Some("1.00")]));
    let totals = rig.xero.balance_totals(date(2026, 6, 30)).await.unwrap();
    let shown: Vec<(Measure, String, u64)> = totals
        .iter()
        .map(|total| (total.measure, total.sum.unwrap().to_string(), total.count))
        .collect();
    assert_eq!(
        shown,
        [
            (Measure::AgedReceivables, "41000.00 NZD".to_owned(), 1),
            (Measure::ControlAccount, "41000.00 NZD".to_owned(), 1)
        ]
    );
    assert!(totals[0].proof.contains("no aged report"));
    let trial = rig.transport.lines().into_iter().find(|line| line.contains("TrialBalance"));
    assert!(trial.unwrap().contains("date=2026-06-30&paymentsOnly=false"));
}

#[tokio::test]
async fn an_account_without_a_line_stands_at_nothing() {
    let none = envelope(
        "Reports",
        &[json!({"Rows": [
        {"RowType": "Section", "Rows": [{"RowType": "Row", "Cells": [cell(Some("Bank"), "1111")]}]}]})],
        None,
    );
    let rig = reporting(none.clone(), none);
    let totals = rig.xero.balance_totals(date(2026, 6, 30)).await.unwrap();
    assert!(totals.iter().all(|total| total.count == 0 && total.sum.unwrap().is_zero()));
}

#[tokio::test]
async fn books_in_which_nothing_was_entered_have_totals_of_nothing() {
    let empty = envelope(
        "Reports",
        &[json!({"Rows": [{"RowType": "Section", "Rows": [
        {"RowType": "Row", "Cells": [{"Value": "Net Assets"}, {"Value": "0.00"}, {}]}]}]})],
        None,
    );
    let rig = reporting(empty.clone(), empty);
    let totals = rig.xero.balance_totals(date(2026, 6, 30)).await.unwrap();
    assert!(totals.iter().all(|total| total.count == 0 && total.sum.unwrap().is_zero()));
}

#[tokio::test]
async fn a_report_that_names_no_account_or_has_no_figures_is_not_believed() {
    let nameless = envelope(
        "Reports",
        &[json!({"Rows": [
        {"RowType": "Row", "Cells": [{"Value": "Accounts Receivable"}, {"Value": "1.00"}]}]})],
        None,
    );
    let short = report(&[Some("1.00")]);
    for trial in [nameless, short, report(&[None, None, Some("1,250.00"), None])] {
        let rig = reporting(trial, report(&[Some("1.00")]));
        assert!(rig.xero.balance_totals(date(2026, 6, 30)).await.is_err());
    }
}
