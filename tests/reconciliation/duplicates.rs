//! The duplicate radar over the sample company: one invoice was keyed twice in June.

use serde_json::json;
use tieout_api::commands::{self, DuplicatesOptions, PairWord};
use tieout_api::views::duplicates::{DuplicateView, DuplicatesView};
use tieout_api::{Code, Failure};
use tieout_sim::quickbooks::EditKind;
use tieout_tests::{ACTOR, World};

/// Invoices 2278 and 2279 of D-1032, 18,750.00 each.
const TWINS: (&str, &str) = ("2278", "2279");

#[track_caller]
fn radar(world: &mut World) -> DuplicatesView {
    commands::duplicates(world.workspace_mut(), &DuplicatesOptions::default()).unwrap()
}

fn say(
    world: &mut World,
    pair: (&str, &str),
    cleared: bool,
    reason: &str,
) -> Result<DuplicatesView, Failure> {
    let word = PairWord {
        pair: (pair.0.into(), pair.1.into()),
        cleared,
        reason: reason.into(),
        actor: ACTOR.into(),
    };
    let options = DuplicatesOptions { word: Some(word), ledger: None };
    commands::duplicates(world.workspace_mut(), &options)
}

fn names(pair: &DuplicateView) -> (&str, &str) {
    (pair.first.name.as_deref().unwrap_or(""), pair.second.name.as_deref().unwrap_or(""))
}

#[test]
fn the_invoice_that_was_keyed_twice_is_found_and_cleared_by_a_person() {
    let mut world = World::read();
    let view = radar(&mut world);
    assert_eq!((view.count, view.open), (1, 1), "{:#?}", view.pairs);
    let pair = &view.pairs[0];
    assert_eq!((names(pair), pair.kind), (TWINS, "invoice"));
    assert_eq!(pair.opportunities, [world.deal_id("D-1032")]);
    assert!(pair.evidence.contains(&"deal") && pair.evidence.contains(&"day"));
    assert_eq!(pair.at_risk.amount, "18750.00");
    assert_eq!(view.documents_at_risk, std::slice::from_ref(&pair.at_risk));

    let ids = (pair.second.id.clone(), pair.first.id.clone());
    let ids = (ids.0.as_str(), ids.1.as_str());
    let excluded = world.deals(true).deals.iter().filter(|it| it.excluded.is_some()).count();
    let view = say(&mut world, ids, true, "two deliveries").unwrap();
    assert_eq!((view.count, view.open, view.documents_at_risk.len()), (1, 0, 0));
    let cleared = view.pairs[0].cleared.as_ref().unwrap();
    assert_eq!((cleared.by.as_str(), cleared.reason.as_str()), (ACTOR, "two deliveries"));
    let audit = world.workspace().engine.store.audit(1).unwrap().remove(0);
    assert_eq!((audit.actor.as_str(), audit.action.as_str()), (ACTOR, "exclusion.excluded"));
    let now = world.deals(true).deals.iter().filter(|it| it.excluded.is_some()).count();
    assert_eq!(now, excluded, "nothing is left out by it");

    assert_eq!(say(&mut world, ids, false, "it was one").unwrap().open, 1);
    let again = say(&mut world, ids, false, "it was one").unwrap_err();
    assert_eq!(again.code, Code::NotNow);
    let unknown = say(&mut world, ("1", "2"), true, "seen").unwrap_err();
    assert_eq!(unknown.code, Code::NoSuchRecord);
    assert_eq!(say(&mut world, ids, true, " ").unwrap_err().code, Code::Usage);
}

#[test]
fn a_duplicate_whose_reason_was_accepted_or_that_was_voided_is_open_no_more() {
    let mut world = World::played();
    let view = radar(&mut world);
    assert_eq!((view.count, view.open), (1, 0), "{:#?}", view.pairs);
    let reason = &view.pairs[0].cleared.as_ref().unwrap().reason;
    assert!(reason.starts_with("accepted as the reason of the deal"), "{reason}");
    let second = world.document_id("Invoice", TWINS.1);
    world.in_quickbooks("Invoice", EditKind::Void, json!({"Id": second}));
    world.forward(600);
    world.sync();
    assert_eq!(radar(&mut world).count, 0);
}

#[test]
fn the_same_amount_for_the_same_customer_in_the_same_week_is_found() {
    let mut world = World::read();
    for (on, found) in [("2026-07-01", 1), ("2026-06-30", 2)] {
        let body = json!({
            "TxnDate": on, "CustomerRef": {"value": "130"},
            "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 27_600,
                "SalesItemLineDetail":
                    {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}}}],
        });
        let made = world.in_quickbooks("Invoice", EditKind::Create, body);
        world.forward(600);
        world.sync();
        let view = radar(&mut world);
        assert_eq!(view.open, found, "{on}: {:#?}", view.pairs);
        world.in_quickbooks("Invoice", EditKind::Delete, json!({"Id": made["Id"]}));
    }
}

#[test]
fn a_deal_that_was_entered_twice_is_found() {
    let mut world = World::read();
    world.new_in_salesforce(
        "Opportunity",
        json!({"Name": "Gateway pilot", "AccountId": "001Hs00000000GEIAY",
            "StageName": "Closed Won", "CloseDate": "2026-06-26", "Amount": 52_700,
            "CurrencyIsoCode": "USD"}),
    );
    world.forward(600);
    world.sync();
    let view = radar(&mut world);
    let pair = view.pairs.iter().find(|pair| pair.kind == "deal").unwrap();
    assert_eq!((pair.second.name.as_deref(), pair.days_apart), (Some("D-1041"), 4));
    assert_eq!(pair.name.as_deref(), Some("Sable Point Energy"));
    assert_eq!(view.deals_at_risk, std::slice::from_ref(&pair.at_risk));
    let ids = (pair.first.id.as_str(), pair.second.id.as_str());
    let cleared = say(&mut world, ids, true, "a pilot of its own").unwrap();
    assert!(cleared.deals_at_risk.is_empty());
}
