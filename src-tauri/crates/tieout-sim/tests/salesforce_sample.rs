//! The sample company's org: totals, lines, schedules, history (sample sheet §5, §12).

mod salesforce_support;

use rust_decimal::Decimal;
use salesforce_support::{Client, company, day, shown};
use serde_json::json;
use std::collections::BTreeMap;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

#[track_caller]
fn won(from: Option<&str>, to: Option<&str>, expected: &[(&str, usize, &str)]) {
    let truth = Client::sample().sim.truth();
    let totals = truth.won(from.map(day), to.map(day));
    let found: Vec<_> =
        totals.iter().map(|(iso, won)| (iso.as_str(), won.count, won.sum)).collect();
    let expected: Vec<_> =
        expected.iter().map(|(iso, count, sum)| (*iso, *count, decimal(sum))).collect();
    assert_eq!(found, expected);
}

#[test]
fn won_deals_add_up_to_the_sheet() {
    won(
        None,
        None,
        &[("EUR", 3, "113500.00"), ("GBP", 11, "428100.00"), ("USD", 39, "3173150.00")],
    );
}

#[test]
fn june_in_dollars_is_the_sheets_tie_out() {
    let client = Client::sample();
    let totals = client.sim.truth().won(Some(day("2026-06-01")), Some(day("2026-06-30")));
    assert_eq!((totals["USD"].count, totals["USD"].sum), (13, decimal("651960.00")));
}

#[test]
fn the_source_counts_and_sums_the_same_through_soql() {
    let rows = Client::sample().rows(
        "SELECT CurrencyIsoCode, COUNT(Id) n, SUM(Tieout_Amount_Number__c) s FROM Opportunity \
         WHERE IsWon = true GROUP BY CurrencyIsoCode ORDER BY CurrencyIsoCode",
    );
    let found: Vec<_> = rows
        .iter()
        .map(|row| (shown(&row["CurrencyIsoCode"]), shown(&row["n"]), shown(&row["s"])))
        .collect();
    let row = |iso: &str, n: &str, s: &str| (iso.to_owned(), n.to_owned(), s.to_owned());
    assert_eq!(
        found,
        [row("EUR", "3", "113500.0"), row("GBP", "11", "428100.0"), row("USD", "39", "3173150.0"),]
    );
}

#[test]
fn a_currency_field_is_summed_in_the_corporate_currency() {
    let rows = Client::sample().rows(
        "SELECT CurrencyIsoCode, SUM(Amount) s FROM Opportunity WHERE IsWon = true \
         GROUP BY CurrencyIsoCode ORDER BY CurrencyIsoCode",
    );
    // 113,500 / 0.918695 and 428,100 / 0.786782, each deal rounded to six digits.
    let sums: Vec<_> = rows.iter().map(|row| decimal(&shown(&row["s"])).round_dp(2)).collect();
    assert_eq!(sums, [decimal("123544.81"), decimal("544115.14"), decimal("3173150.00")]);
}

#[test]
fn every_deal_is_there_with_its_id_and_its_lines() {
    let (client, company) = (Client::sample(), company());
    let truth = client.sim.truth();
    for deal in &company.deals {
        let id = company.deal_id(&deal.reference).expect("every deal has an id");
        let of = |name: &str| truth.field("Opportunity", &id, name);
        assert_eq!(of("Reference__c").as_deref(), Some(deal.reference.as_str()));
        assert_eq!(of("CloseDate").as_deref(), Some(deal.close.as_str()));
        assert_eq!(of("Amount").map(|text| decimal(&text)), Some(decimal(&deal.amount)));
        let lines = truth.find("OpportunityLineItem", "OpportunityId", &id);
        assert_eq!(lines.len(), deal.lines.len(), "{}", deal.reference);
    }
    assert_eq!(truth.count("Opportunity"), 56);
    assert_eq!(truth.count("Account"), 14);
    assert_eq!(truth.count("Product2"), 10);
}

#[test]
fn schedules_add_up_per_line_and_per_date() {
    let (client, company) = (Client::sample(), company());
    let truth = client.sim.truth();
    for deal in &company.deals {
        let id = company.deal_id(&deal.reference).expect("every deal has an id");
        let mut by_date: BTreeMap<String, Decimal> = BTreeMap::new();
        for line in truth.find("OpportunityLineItem", "OpportunityId", &id) {
            let rows = truth.find("OpportunityLineItemSchedule", "OpportunityLineItemId", &line);
            let mut sum = Decimal::ZERO;
            for row in &rows {
                let of = |name: &str| truth.field("OpportunityLineItemSchedule", row, name);
                let share = decimal(&of("Revenue").expect("an amount"));
                *by_date.entry(of("ScheduleDate").expect("a date")).or_default() += share;
                sum += share;
            }
            let total = truth.field("OpportunityLineItem", &line, "TotalPrice").expect("a total");
            assert!(rows.is_empty() || sum == decimal(&total), "{}", deal.reference);
        }
        let plain = deal.schedule.len() == 1 && deal.schedule[0].on == deal.close;
        let told = deal.schedule.iter().map(|row| (row.on.clone(), decimal(&row.amount)));
        let expected = if plain { BTreeMap::new() } else { told.collect() };
        assert_eq!(by_date, expected, "{}", deal.reference);
    }
}

#[test]
fn a_late_stage_change_is_told_by_stage_date_and_history() {
    let (client, id) = (Client::sample(), company().deal_id("D-1041").expect("known"));
    let changed = client.field("Opportunity", &id, "LastStageChangeDate");
    assert_eq!(changed.as_deref(), Some("2026-07-02T18:20:00Z"));
    assert_eq!(client.field("Opportunity", &id, "CloseDate").as_deref(), Some("2026-06-30"));
    let soql = format!(
        "SELECT StageName, CreatedDate FROM OpportunityHistory WHERE OpportunityId = '{id}' \
         ORDER BY CreatedDate"
    );
    assert_eq!(client.column(&soql, "StageName"), "Prospecting Closed Won");
}

#[test]
fn a_reduced_deal_remembers_its_larger_amount() {
    let (client, id) = (Client::sample(), company().deal_id("D-1010").expect("known"));
    let soql = format!(
        "SELECT Amount, PrevAmount, CreatedDate FROM OpportunityHistory \
         WHERE OpportunityId = '{id}' ORDER BY CreatedDate"
    );
    assert_eq!(client.column(&soql, "Amount"), "44000.0 44000.0 40000.0");
    assert_eq!(client.column(&soql, "PrevAmount"), "null 44000.0 44000.0");
    let stamp = client.field("Opportunity", &id, "SystemModstamp");
    assert_eq!(stamp.as_deref(), Some("2026-06-16T19:00:00Z"));
}

#[test]
fn the_org_stands_where_the_clock_stands_and_moves_on_with_it() {
    let (client, company) = (Client::sample_at("2026-06-16T18:59:00Z"), company());
    let reduced = company.deal_id("D-1010").expect("known");
    let amount = || client.field("Opportunity", &reduced, "Amount");
    let soql = "SELECT SUM(TotalPrice) l FROM OpportunityLineItem \
                WHERE Opportunity.Reference__c = 'D-1010'";
    let soql_dates = "SELECT SUM(Revenue) l FROM OpportunityLineItemSchedule \
                      WHERE OpportunityLineItem.Opportunity.Reference__c = 'D-1010'";
    let sums = || (client.column(soql, "l"), client.column(soql_dates, "l"));
    let both = |text: &str| (text.to_owned(), text.to_owned());
    assert_eq!((amount().as_deref(), sums()), (Some("44000"), both("44000.0")));
    client.advance(60);
    assert_eq!((amount().as_deref(), sums()), (Some("40000"), both("40000.0")));

    let late = company.deal_id("D-1041").expect("known");
    let is_won = || client.field("Opportunity", &late, "IsWon");
    assert_eq!(is_won().as_deref(), Some("false"));
    client.advance(15 * 24 * 3600 + 23 * 3600);
    assert_eq!(is_won().as_deref(), Some("false"), "on 2 July before 11:20");
    client.advance(3600);
    assert_eq!(is_won().as_deref(), Some("true"));
    assert_eq!(client.sim.truth().won(None, None), Client::sample().sim.truth().won(None, None));
}

#[test]
fn history_agrees_with_the_deals() {
    let client = Client::sample();
    let last = client.rows(
        "SELECT Id, Amount, (SELECT Amount, StageName FROM OpportunityHistories \
         ORDER BY CreatedDate DESC LIMIT 1) FROM Opportunity",
    );
    assert_eq!(last.len(), 56);
    for deal in last {
        assert_eq!(deal["OpportunityHistories"]["records"][0]["Amount"], deal["Amount"]);
    }
}

#[test]
fn only_the_edge_product_has_no_item_code() {
    let client = Client::sample();
    let soql = "SELECT ProductCode FROM Product2 WHERE Tieout_External_Id__c = null";
    assert_eq!(client.column(soql, "ProductCode"), "AQ-EDGE-AI");
}

#[test]
fn the_pipeline_is_open_and_in_its_accounts_currency() {
    let client = Client::sample();
    let soql = "SELECT Name, CurrencyIsoCode FROM Opportunity WHERE IsClosed = false ORDER BY Name";
    assert_eq!(client.column(soql, "CurrencyIsoCode"), "USD GBP USD");
}

#[test]
fn the_storys_refusals_hold_only_while_the_story_is_told() {
    let (client, company) = (Client::sample(), company());
    let deal = format!("sobjects/Opportunity/{}", company.deal_id("D-1032").expect("known"));
    let other = format!("sobjects/Opportunity/{}", company.deal_id("D-1036").expect("known"));
    let account = format!("sobjects/Account/{}", company.account_id("HAR").expect("known"));
    let status = json!({ "Tieout_Billing_Status__c": "OVER_BILLED" });
    let balance = json!({ "Tieout_AR_Balance__c": 51880 });
    client.patch(&deal, status.clone()).succeeded(204);
    client.patch(&account, balance.clone()).succeeded(204);
    client.switch(|switches| switches.story = true);
    client.patch(&deal, status.clone()).refused(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    client.patch(&deal, json!({ "Tieout_Open__c": 37500 })).succeeded(204);
    client.patch(&other, status).succeeded(204);
    client.patch(&account, balance.clone()).refused(400, "UNABLE_TO_LOCK_ROW");
    client.advance(8 * 60);
    client.patch(&account, balance).succeeded(204);
}
