use jiff::civil::date;
use tieout_connect::ports::{ControlTotal, Crm, DateRange};
use tieout_connect::testing::json_answer;

use crate::fixtures::{World, composite, page, world};

const SEVERAL: &str = "Opportunity.CurrencyIsoCode";
const MIRROR: &str = "Opportunity.Tieout_Amount_Number__c";

async fn totals(world: &World) -> Vec<ControlTotal> {
    let range = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };
    world.salesforce.won_totals(range).await.unwrap()
}

fn shown(totals: &[ControlTotal]) -> Vec<String> {
    totals
        .iter()
        .map(|total| {
            let sum = total.sum.map_or("no sum".to_owned(), |sum| sum.to_string());
            let (count, without) = (total.count, total.count_without_amount);
            format!("{}: {count} deals, {sum}, {without} without amount", total.currency)
        })
        .collect()
}

async fn world_with(extra: &[&str], all: &[&str], without: &[&str]) -> World {
    let world = world(extra).await;
    let (all, without) = (page(all, None, all.len()), page(without, None, without.len()));
    let answer = composite(&[(200, &all), (200, &without)]);
    world.on("IsWon = true", move || json_answer(200, &answer));
    world
}

#[tokio::test]
async fn one_currency_is_counted_and_added_in_one_call() {
    let row = r#"{"attributes":{"type":"AggregateResult"},"n":34,"s":2492909.8500000001}"#;
    let world = world_with(&[], &[row], &[r#"{"n":2}"#]).await;
    let totals = totals(&world).await;
    assert_eq!(shown(&totals), ["USD: 34 deals, 2492909.85 USD, 2 without amount"]);
    assert_eq!(
        totals[0].source,
        "SELECT COUNT(Id) n, SUM(Amount) s FROM Opportunity WHERE IsWon = true AND CloseDate >= \
         2026-06-01 AND CloseDate <= 2026-06-30"
    );
    assert!(totals[0].proof.contains("one currency"));
    let asked = world.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].contains("AND Amount = null"), "{asked:?}");
}

#[tokio::test]
async fn nothing_won_is_zero() {
    let world = world_with(&[], &[r#"{"n":0,"s":null}"#], &[r#"{"n":0}"#]).await;
    assert_eq!(shown(&totals(&world).await), ["USD: 0 deals, 0.00 USD, 0 without amount"]);
}

#[tokio::test]
async fn several_currencies_are_added_by_the_plain_number() {
    let rows = [
        r#"{"CurrencyIsoCode":"EUR","n":3,"s":1.5E3}"#,
        r#"{"CurrencyIsoCode":"JPY","n":1,"s":350.0}"#,
    ];
    let world =
        world_with(&[SEVERAL, MIRROR], &rows, &[r#"{"CurrencyIsoCode":"EUR","n":1}"#]).await;
    let totals = totals(&world).await;
    assert_eq!(
        shown(&totals),
        ["EUR: 3 deals, 1500.00 EUR, 1 without amount", "JPY: 1 deals, 350 JPY, 0 without amount"]
    );
    assert!(totals[0].source.contains("SUM(Tieout_Amount_Number__c) s"));
    assert!(totals[0].source.ends_with("GROUP BY CurrencyIsoCode"));
}

#[tokio::test]
async fn without_the_plain_number_salesforce_only_counts() {
    let world = world_with(&[SEVERAL], &[r#"{"CurrencyIsoCode":"EUR","n":3}"#], &[]).await;
    let totals = totals(&world).await;
    assert_eq!(shown(&totals), ["EUR: 3 deals, no sum, 0 without amount"]);
    assert!(!totals[0].source.contains("SUM"));
    assert!(totals[0].proof.contains("sums are not compared"));
}

#[tokio::test]
async fn a_code_that_is_no_currency_has_no_total() {
    let rows = [r#"{"CurrencyIsoCode":"ZZZ","n":1}"#, r#"{"CurrencyIsoCode":"EUR","n":3}"#];
    let world = world_with(&[SEVERAL], &rows, &[]).await;
    assert_eq!(shown(&totals(&world).await), ["EUR: 3 deals, no sum, 0 without amount"]);
}

#[tokio::test]
async fn an_unreadable_count_is_an_error_not_zero() {
    let world = world_with(&[], &[r#"{"n":"many","s":1}"#], &[r#"{"n":0}"#]).await;
    let range = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };
    let error = world.salesforce.won_totals(range).await.unwrap_err();
    assert_eq!(error.to_string(), "unexpected answer at totals.n");
}

#[tokio::test]
async fn a_refused_part_is_the_error_of_the_whole() {
    let world = world(&[]).await;
    let answer = composite(&[
        (400, r#"[{"errorCode":"INVALID_FIELD","message":"x"}]"#),
        (200, &page(&[], None, 0)),
    ]);
    world.on("IsWon = true", move || json_answer(200, &answer));
    let range = DateRange { from: date(2026, 6, 1), to: date(2026, 6, 30) };
    let error = world.salesforce.won_totals(range).await.unwrap_err();
    assert!(error.to_string().starts_with("not permitted: a field is missing"), "{error}");
}
