//! As of a day, and as known at a moment: what was signed can always be shown again, with the list
//! of what changed since (`design` 1.5, `sample-company` 11).

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tieout_api::commands::{Choice, DecideOptions, FrameOptions, deals, decide};
use tieout_api::views::deals::DealView;
use tieout_domain::facts::{Document, Fact};
use tieout_domain::ids::ConnectionId;
use tieout_sim::quickbooks::EditKind;
use tieout_store::Change;
use tieout_tests::expected::{rows, text};
use tieout_tests::{AS_OF, World, local};

/// Invoiced by us on 29 June for 58,400.00.
const DEAL: &str = "D-1035";
const INVOICE: &str = "2288";
const SIGNED: &str = "2026-07-02T17:40";

/// Figures of the deal at 30 June, as known at a local time of the story.
#[track_caller]
fn known(world: &World, at: &str, reference: &str) -> Vec<String> {
    let frame = FrameOptions {
        as_of: Some(AS_OF.into()),
        known_at: Some(local(at).to_string()),
        ledger: None,
    };
    let id = world.deal_id(reference);
    let deals = deals(world.workspace(), &frame, true).unwrap().deals;
    figures(&deals.into_iter().find(|deal| deal.opportunity == id).unwrap())
}

fn figures(deal: &DealView) -> Vec<String> {
    let of = |amount: &Option<tieout_api::views::Amount>| amount.clone().unwrap().amount;
    vec![deal.billing.into(), of(&deal.contract), of(&deal.billed), of(&deal.open)]
}

/// Signs in the evening of 2 July, changes something the next day, and looks both ways. The codes
/// that are proposed then come back.
#[track_caller]
fn check(change: impl FnOnce(&World), now: [&str; 4]) -> Vec<&'static str> {
    const THEN: [&str; 4] = ["BILLED", "58400.00", "58400.00", "58400.00"];
    let mut world = World::read();
    world.forward_to(SIGNED);
    let signed = world.reconcile_known(SIGNED);
    assert_eq!(known(&world, SIGNED, DEAL), THEN);
    world.forward_to("2026-07-03T09:00");
    change(&world);
    world.forward(60);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    assert_eq!(figures(&world.deal(DEAL)), now);
    assert_eq!(known(&world, SIGNED, DEAL), THEN, "what was known does not change");
    assert_eq!(world.reconcile_known(SIGNED), signed, "nothing of what was signed changes");
    world.deal(DEAL).proposed.into_iter().map(|it| it.code).collect()
}

fn invoice(world: &World, operation: EditKind, mut body: Value) {
    body["Id"] = world.document_id("Invoice", INVOICE).into();
    world.in_quickbooks("Invoice", operation, body);
}

#[test]
fn an_invoice_is_voided_late() {
    let void = |world: &World| invoice(world, EditKind::Void, json!({}));
    let codes = check(void, ["REVERSED", "58400.00", "0.00", "0.00"]);
    assert_eq!(codes, ["VOIDED_LATER"]);
}

#[test]
fn an_invoice_is_deleted_late() {
    let delete = |world: &World| invoice(world, EditKind::Delete, json!({}));
    let codes = check(delete, ["UNBILLED", "58400.00", "0.00", "0.00"]);
    assert_eq!(codes, ["DELETED"]);
}

#[test]
fn an_invoice_is_edited_late() {
    let edit = |world: &World| {
        let line = json!([{"DetailType": "SalesItemLineDetail", "Amount": 58000,
            "SalesItemLineDetail": {"ItemRef": {"value": "11"}, "TaxCodeRef": {"value": "NON"}}}]);
        invoice(world, EditKind::Update, json!({"Line": line}));
    };
    check(edit, ["PART_BILLED", "58400.00", "58000.00", "58000.00"]);
}

#[test]
fn a_payment_of_june_is_entered_late() {
    let pay = |world: &World| {
        let id = world.document_id("Invoice", INVOICE);
        let line = json!({"Amount": 400, "LinkedTxn": [{"TxnId": id, "TxnType": "Invoice"}]});
        let payment = json!({"TxnDate": "2026-06-30", "CustomerRef": {"value": "138"},
            "TotalAmt": 400, "Line": [line]});
        world.in_quickbooks("Payment", EditKind::Create, payment);
    };
    check(pay, ["BILLED", "58400.00", "58400.00", "58000.00"]);
}

#[test]
fn a_payment_of_july_changes_nothing_in_june() {
    let pay = |world: &World| {
        let id = world.document_id("Invoice", INVOICE);
        let line = json!({"Amount": 400, "LinkedTxn": [{"TxnId": id, "TxnType": "Invoice"}]});
        let payment = json!({"TxnDate": "2026-07-01", "CustomerRef": {"value": "138"},
            "TotalAmt": 400, "Line": [line]});
        world.in_quickbooks("Payment", EditKind::Create, payment);
    };
    check(pay, ["BILLED", "58400.00", "58400.00", "58400.00"]);
}

#[test]
fn a_deal_is_reduced_late() {
    let reduce = |world: &World| {
        let deal = world.deal_id(DEAL);
        let lines = world.sandbox.salesforce.truth();
        for line in lines.find("OpportunityLineItem", "OpportunityId", &deal) {
            let package = world.company.product_id("AQ-ONB-PKG");
            if lines.field("OpportunityLineItem", &line, "Product2Id") == package {
                world.sandbox.salesforce.delete("OpportunityLineItem", &line).unwrap();
            }
        }
    };
    check(reduce, ["OVER_BILLED", "53800.00", "58400.00", "58400.00"]);
}

/// No promise of this workspace made its invoice: only the note of the invoice names the deal.
#[test]
fn a_deal_is_lost_late() {
    let lose = |world: &World| {
        let deal = world.deal_id(DEAL);
        world.in_salesforce("Opportunity", &deal, json!({"StageName": "Closed Lost"}));
    };
    let codes = check(lose, ["OVER_BILLED", "0.00", "58400.00", "58400.00"]);
    assert_eq!(codes, ["AMENDED_AFTER_INVOICE"]);
}

#[test]
fn a_decision_counts_from_its_moment_on() {
    let mut world = World::read();
    world.forward_to("2026-07-03T09:00");
    let options = DecideOptions {
        opportunity: world.deal_id(DEAL),
        choice: Choice::Exclude("INTERCOMPANY".into()),
        note: "shipped to our own warehouse".into(),
        actor: "Priya Raman".into(),
        frame: FrameOptions { as_of: Some(AS_OF.into()), ..FrameOptions::default() },
    };
    decide(world.workspace_mut(), &options).unwrap();
    world.forward(60);
    assert_eq!(world.deal(DEAL).billing, "EXCLUDED");
    assert_eq!(known(&world, SIGNED, DEAL)[0], "BILLED");
}

// ---- the list of what changed

fn changes(world: &World, from: &str) -> Vec<Change> {
    let books = ConnectionId::new("quickbooks").unwrap();
    let store = &world.workspace().engine.store;
    store.changes_between(&books, local(from), world.now()).unwrap()
}

fn document(fact: &Fact) -> Option<&Document> {
    match fact {
        Fact::Document(document) => Some(document),
        _ => None,
    }
}

/// What the change does to June, with the amounts before and after.
fn movement(change: &Change) -> Option<Value> {
    let end = AS_OF.parse().unwrap();
    let in_june = |on: jiff::civil::Date| on <= end;
    if let Some(after) = document(&change.after).filter(|it| in_june(it.effective_on)) {
        let before = change.before.as_ref().and_then(document);
        let before_total = before.map_or(Decimal::ZERO, |it| it.total.to_decimal());
        let after_total = after.total.to_decimal();
        let what = if before.is_some() { "Invoice edited" } else { "Invoice entered late" };
        return (before_total != after_total).then(|| {
            json!({"what": what, "effective": after.effective_on.to_string(),
                "before": format!("{before_total:.2}"), "after": format!("{after_total:.2}"),
                "effect": format!("{:.2}", after_total - before_total)})
        });
    }
    match &change.after {
        Fact::Receipt(receipt) if in_june(receipt.effective_on) => {
            let total = receipt.amount.to_decimal();
            Some(json!({"what": "Payment entered late",
                "effective": receipt.effective_on.to_string(),
                "effect": format!("{:.2}", -total)}))
        }
        _ => None,
    }
}

#[test]
fn the_changes_since_signing_are_listed() {
    let world = World::played();
    let mut found: Vec<Value> = changes(&world, SIGNED).iter().filter_map(movement).collect();
    found.sort_by_key(|row| row["what"].to_string());
    let mut want = rows("changes");
    want.sort_by_key(|row| row["what"].to_string());
    assert_eq!(found.len(), want.len(), "{found:#?}");
    for (found, mut want) in found.into_iter().zip(want) {
        if text(&want, "what") == "Payment entered late" {
            // The list of the sample shows the invoice's open balance beside the payment.
            let members = want.as_object_mut().unwrap();
            members.remove("before");
            members.remove("after");
        }
        assert_eq!(found, want);
    }
}

#[test]
fn the_changes_explain_the_whole_movement_of_receivables() {
    let world = World::played();
    let changes = changes(&world, SIGNED);
    let effects = changes.iter().filter_map(movement).map(|row| {
        let effect: Decimal = text(&row, "effect").parse().unwrap();
        effect
    });
    let receivable = |view: &tieout_api::views::reconciliation::ReconciliationView| {
        view.receivables[0].receivable.amount.parse::<Decimal>().unwrap()
    };
    let moved = receivable(&world.reconcile()) - receivable(&world.reconcile_known(SIGNED));
    assert_eq!(effects.sum::<Decimal>(), moved);
    assert_eq!(moved.to_string(), "-2470.00");
}

#[test]
fn a_late_void_is_listed_with_both_versions() {
    let mut world = World::read();
    world.forward_to("2026-07-03T09:00");
    invoice(&world, EditKind::Void, json!({}));
    world.forward(60);
    world.sync();
    let id = world.document_id("Invoice", INVOICE);
    let changes = changes(&world, SIGNED);
    let change = changes.iter().find(|change| change.id == id).unwrap();
    let before = change.before.as_ref().and_then(document).unwrap();
    let after = document(&change.after).unwrap();
    assert_eq!(
        (before.total.to_plain(), after.total.to_plain()),
        ("58400.00".into(), "0.00".into())
    );
    assert_eq!(after.status, tieout_domain::facts::DocumentStatus::Void);
    assert_eq!(change.observed_at, world.now());
}

#[test]
fn without_changes_nothing_is_listed() {
    let mut world = World::read();
    world.forward_to("2026-07-03T09:00");
    world.sync();
    assert_eq!(changes(&world, SIGNED), []);
}
