//! A rehearsal before the first write: what would be created, and not a byte of it written.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::json;
use tieout_api::Code;
use tieout_api::commands::{self, CreateOptions, RehearseOptions};
use tieout_api::views::rehearsal::{FateView, RehearsalView, SumView};
use tieout_sim::quickbooks::EditKind;
use tieout_tests::{ACTOR, World};

/// Won, due, no invoice, every gate passes: 52,700.00, Sable Point Energy.
const DEAL: &str = "D-1041";
const FROM: &str = "2026-04-01";
const TO: &str = "2026-06-30";

/// Everything read once; nobody has allowed writing.
fn read_only() -> World {
    let mut world = World::connected();
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    world
}

#[track_caller]
fn rehearse(world: &World) -> RehearsalView {
    commands::rehearse(world.workspace(), &RehearseOptions::default()).expect("everything was read")
}

/// Deals and sum per currency, in words.
fn sums<'a>(sums: impl IntoIterator<Item = &'a SumView>) -> BTreeMap<String, (u64, Decimal)> {
    let mut added: BTreeMap<String, (u64, Decimal)> = BTreeMap::new();
    for sum in sums {
        let entry = added.entry(sum.currency.clone()).or_default();
        entry.0 += sum.deals;
        entry.1 += sum.sum.amount.parse::<Decimal>().unwrap();
    }
    added
}

fn fate<'a>(view: &'a RehearsalView, word: &str) -> &'a [SumView] {
    let found = view.fates.iter().find(|of: &&FateView| of.fate == word);
    found.map_or(&[], |of| of.sums.as_slice())
}

/// Won in the time, added from the sample company itself.
fn won(world: &World) -> BTreeMap<String, (u64, Decimal)> {
    let company = &world.company;
    let deals = company.deals.iter().map(|deal| (&deal.close, &deal.currency, &deal.amount));
    let excluded = company.excluded.iter().map(|it| (&it.close, &it.currency, &it.amount));
    let mut added: BTreeMap<String, (u64, Decimal)> = BTreeMap::new();
    for (close, currency, amount) in deals.chain(excluded) {
        if (FROM..=TO).contains(&close.as_str()) {
            let entry = added.entry(currency.clone()).or_default();
            entry.0 += 1;
            entry.1 += amount.parse::<Decimal>().unwrap();
        }
    }
    added
}

#[test]
fn the_fates_add_up_to_what_was_won_and_nothing_is_written() {
    let mut world = read_only();
    let entries = world.workspace().engine.store.verify_audit().unwrap().entries;
    world.wire.forget();
    let view = rehearse(&world);
    assert_eq!((view.from.as_str(), view.to.as_str(), view.writing), (FROM, TO, false));
    let won = won(&world);
    assert_eq!(won.len(), 3, "three currencies");
    assert_eq!(sums(&view.won), won);
    assert_eq!(sums(view.fates.iter().flat_map(|of| &of.sums)), won);
    let deals: u64 = view.won.iter().map(|sum| sum.deals).sum();
    assert_eq!(view.deals.len() as u64, deals);
    for word in ["create", "blocked", "matched", "not_due", "unassigned"] {
        assert!(!fate(&view, word).is_empty(), "{word}: {:#?}", view.fates);
    }

    assert!(world.wire.sent().is_empty(), "no request");
    assert!(world.effects().is_empty(), "no promise");
    assert_eq!(world.workspace().engine.store.verify_audit().unwrap().entries, entries);
}

#[test]
fn what_would_be_created_is_what_a_create_run_creates() {
    let mut world = World::read();
    let options = RehearseOptions { to: Some("2026-07-02".into()), ..RehearseOptions::default() };
    let view = commands::rehearse(world.workspace(), &options).unwrap();
    let mut ready: Vec<String> = { view.deals.iter() }
        .filter(|deal| deal.fate == "create")
        .map(|deal| deal.opportunity.clone())
        .collect();
    let documents: u64 = view.to_create.iter().map(|sum| sum.deals).sum();
    assert_eq!(documents, ready.len() as u64);
    let dry = CreateOptions {
        opportunities: Vec::new(),
        further: false,
        dry_run: true,
        limit: 0,
        actor: ACTOR.into(),
        ledger: None,
    };
    let dry = world.ask(async |workspace| commands::create(workspace, &dry).await).unwrap();
    let net = dry.deals.iter().filter_map(|deal| deal.net.as_ref());
    let net: Decimal = net.map(|net| net.amount.parse::<Decimal>().unwrap()).sum();
    assert_eq!(sums(&view.to_create).values().map(|it| it.1).sum::<Decimal>(), net);

    let created = world.create(&[]);
    let mut made: Vec<String> = { created.deals.iter() }
        .filter(|deal| deal.outcome == "confirmed")
        .map(|deal| deal.opportunity.clone())
        .collect();
    ready.sort();
    made.sort();
    assert_eq!((ready.is_empty(), &ready), (false, &made));
    let after = commands::rehearse(world.workspace(), &options).unwrap();
    assert!(fate(&after, "create").is_empty(), "{:#?}", after.fates);
}

#[test]
fn matched_and_ambiguous_deals_tell_their_evidence() {
    let mut world = read_only();
    let before = rehearse(&world);
    assert!(fate(&before, "ambiguous").is_empty());
    let body = json!({
        "TxnDate": "2026-07-02", "CustomerRef": {"value": "130"},
        "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 52_700,
            "SalesItemLineDetail": {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}}}],
    });
    let made = world.in_quickbooks("Invoice", EditKind::Create, body);
    world.forward(600);
    world.sync();
    let view = rehearse(&world);
    let id = world.deal_id(DEAL);
    let deal = view.deals.iter().find(|deal| deal.opportunity == id).unwrap();
    assert_eq!((deal.fate, deal.gates[0].code), ("ambiguous", "POSSIBLE_INVOICE"));
    assert_eq!(deal.documents, [made["Id"].as_str().unwrap()]);
    assert_eq!(view.gates.iter().filter(|gate| gate.code == "POSSIBLE_INVOICE").count(), 1);
    let ambiguous: Vec<_> = view.evidence.iter().filter(|of| of.fate == "ambiguous").collect();
    assert_eq!(ambiguous.len(), 1, "{ambiguous:?}");
    assert_eq!(
        (ambiguous[0].tier, ambiguous[0].rule, ambiguous[0].documents),
        ("3", "net-in-window", 1)
    );

    let matched = sums(fate(&view, "matched"));
    assert_eq!(sums(view.matched_by.iter().flat_map(|of| &of.sums)), matched);
    let tiers: Vec<&str> = view.matched_by.iter().map(|of| of.tier).collect();
    assert_eq!(tiers, ["0", "1"]);
    assert_eq!(sums(&view.won), sums(&before.won));
}

#[test]
fn before_anything_was_read_nobody_knows() {
    let world = World::connected();
    let failure = commands::rehearse(world.workspace(), &RehearseOptions::default()).unwrap_err();
    assert_eq!(failure.code, Code::NothingToReport);
}
