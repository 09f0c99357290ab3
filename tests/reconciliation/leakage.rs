//! What was won and never invoiced, and what a run is about to create.

use rust_decimal::Decimal;
use serde_json::json;
use tieout_api::commands::{self, CreateOptions, CreateView, FrameOptions};
use tieout_api::views::leakage::LeakageView;
use tieout_api::{Code, Failure};
use tieout_tests::{ACTOR, World};

/// Won on 30 June, ready to be invoiced: 52,700.00.
const DEAL: &str = "D-1041";

#[track_caller]
fn leakage(world: &World, as_of: &str, part: bool) -> LeakageView {
    let frame = FrameOptions { as_of: Some(as_of.into()), ..FrameOptions::default() };
    let view = commands::leakage(world.workspace(), &frame, part).expect("the books reconcile");
    let rows = view.deals.iter().filter_map(|deal| deal.leakage.as_ref());
    let sum: Decimal = rows.map(|amount| number(&amount.amount)).sum();
    let total: Decimal = view.totals.iter().map(|total| number(&total.amount)).sum();
    assert_eq!((sum, view.count), (total, view.deals.len()), "the sample has one currency here");
    view
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn told(view: &LeakageView) -> Vec<(&str, &str, &str)> {
    let rows = view.deals.iter();
    rows.map(|deal| {
        let leakage = deal.leakage.as_ref().map_or("", |it| it.amount.as_str());
        (deal.reference.as_deref().unwrap_or(""), leakage, deal.reason.as_str())
    })
    .collect()
}

#[test]
fn what_leaks_is_told_largest_first_with_its_reason() {
    let world = World::played();
    let june = leakage(&world, "2026-06-30", false);
    assert_eq!(
        told(&june),
        [("D-1033", "164250.00", "NO_ITEM_CODE"), ("D-1034", "128900.00", "IN_FLIGHT")]
    );
    assert_eq!(june.totals[0].amount, "293150.00");
    assert!(june.deals.iter().all(|deal| deal.age_days > i64::from(june.grace_days)));
    let part = leakage(&world, "2026-06-30", true);
    assert!(part.count > june.count);
    let sizes: Vec<Decimal> =
        { part.deals.iter() }.map(|it| number(&it.leakage.as_ref().unwrap().amount)).collect();
    let mut sorted = sizes.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(sizes, sorted);
    let excluded = &world.company.excluded[0].reference;
    assert!(part.deals.iter().all(|it| it.reference.as_ref() != Some(excluded)));
}

#[test]
fn a_deal_leaks_when_its_grace_is_over_and_stops_when_it_is_invoiced() {
    let mut world = World::read();
    let of = |view: &LeakageView| -> Vec<String> {
        { view.deals.iter() }
            .filter(|it| it.reference.as_deref() == Some(DEAL))
            .map(|it| it.reason.clone())
            .collect()
    };
    assert_eq!(of(&leakage(&world, "2026-07-05", false)), Vec::<String>::new(), "five days");
    assert_eq!(of(&leakage(&world, "2026-07-06", false)), ["READY"]);
    assert_eq!(world.outcome(DEAL), "confirmed");
    assert_eq!(of(&leakage(&world, "2026-07-06", false)), Vec::<String>::new());
}

#[test]
fn a_deal_without_an_amount_is_told_last_and_in_no_total() {
    let mut world = World::read();
    world.new_in_salesforce(
        "Opportunity",
        json!({"Name": "Somehow won", "AccountId": "001Hs00000000GEIAY",
            "StageName": "Closed Won", "CloseDate": "2026-06-01", "CurrencyIsoCode": "USD"}),
    );
    world.forward(600);
    world.sync();
    let view = leakage(&world, "2026-06-30", false);
    let last = view.deals.last().unwrap();
    assert_eq!((last.name.as_str(), &last.leakage), ("Somehow won", &None));
    assert_eq!((last.age_days, last.reason.as_str()), (29, "AMOUNT_MISSING"));
}

// ---- what a run is about to create

fn create(world: &mut World, limit: u32, dry_run: bool) -> Result<CreateView, Failure> {
    let options = CreateOptions {
        opportunities: Vec::new(),
        further: false,
        dry_run,
        limit,
        actor: ACTOR.into(),
        ledger: None,
    };
    world.ask(async |workspace| commands::create(workspace, &options).await)
}

#[test]
fn a_dry_run_says_what_all_would_come_to_and_a_run_beyond_the_limit_how_to_confirm_it() {
    let mut world = World::read();
    let dry = create(&mut world, 1, true).unwrap();
    let ready: Vec<_> = dry.deals.iter().filter(|deal| deal.outcome == "ready").collect();
    let sum: Decimal = ready.iter().map(|it| number(&it.net.as_ref().unwrap().amount)).sum();
    assert_eq!((dry.to_create.len(), dry.to_create[0].documents), (1, ready.len()));
    assert_eq!(number(&dry.to_create[0].net.amount), sum);
    assert!(ready.len() > 1 && sum > Decimal::ZERO);

    let refused = create(&mut world, 1, false).unwrap_err();
    assert_eq!(refused.code, Code::WriteLimit);
    let confirms = format!("--limit {}", ready.len());
    assert!(refused.next_step().contains(&confirms), "{}", refused.next_step());
    assert!(world.effects().is_empty());
    let limit = u32::try_from(ready.len()).unwrap();
    let made = create(&mut world, limit, false).unwrap();
    assert_eq!((made.created, made.to_create.len()), (ready.len(), 0));
}
