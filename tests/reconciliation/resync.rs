//! Exactly one deal, end to end, in six calls at most.

use serde_json::json;
use tieout_api::Code;
use tieout_api::commands::{ResyncView, resync};
use tieout_api::views::Amount;
use tieout_api::views::deals::DealView;
use tieout_sim::quickbooks::EditKind;
use tieout_tests::World;

/// Invoiced by us in June, open: 10 arrays and a package, 27,600.00.
const DEAL: &str = "D-1042";
const CALLS_MAX: u64 = 6;

/// Resyncs with everything read before, and counts what went over the wire.
#[track_caller]
fn resynced(world: &mut World, reference: &str) -> ResyncView {
    world.wire.forget();
    let view = world.resync(reference);
    assert!(view.complete, "{:?}", view.gaps);
    assert_eq!(view.http_requests, world.wire.sent().len() as u64, "every call is counted");
    view
}

fn net(amount: &Option<Amount>) -> &str {
    amount.as_ref().map_or("", |amount| &amount.amount)
}

fn figures(deal: &DealView) -> [&str; 5] {
    [deal.billing, deal.cash, net(&deal.contract), net(&deal.billed), net(&deal.variance)]
}

/// The deal before and after, and that an ordinary run agrees with the resync.
#[track_caller]
fn check(world: World, want: [&str; 5]) {
    check_within(CALLS_MAX, world, want);
}

#[track_caller]
fn check_within(calls_max: u64, mut world: World, want: [&str; 5]) {
    let view = resynced(&mut world, DEAL);
    assert!(view.changed > 0);
    assert!(view.http_requests <= calls_max, "{} calls", view.http_requests);
    assert_eq!(figures(&view.before.unwrap()), ["BILLED", "OPEN", "27600.00", "27600.00", "0.00"]);
    let after = view.after.unwrap();
    assert_eq!(figures(&after), want);
    world.forward(60);
    assert!(world.sync().run.complete);
    assert_eq!(world.deal_on("2026-07-02", DEAL), after);
}

fn line_of(world: &World, reference: &str, product: &str) -> String {
    let lines = world.sandbox.salesforce.truth();
    let deal = world.deal_id(reference);
    let of_deal = lines.find("OpportunityLineItem", "OpportunityId", &deal);
    let product = world.company.product_id(product).unwrap();
    let is_it =
        |id: &String| lines.field("OpportunityLineItem", id, "Product2Id") == Some(product.clone());
    of_deal.into_iter().find(is_it).unwrap()
}

#[track_caller]
fn check_calls(world: &mut World, reference: &str) {
    let view = resynced(world, reference);
    assert_eq!(view.changed, 0);
    assert!(view.http_requests <= CALLS_MAX, "{:#?}", world.wire.sent());
}

#[test]
fn six_calls_at_most_when_nothing_changed() {
    check_calls(&mut settled(), DEAL);
}

#[test]
fn six_calls_at_most_for_an_account_with_two_customers() {
    check_calls(&mut settled(), "D-1032");
}

#[test]
fn six_calls_at_most_for_a_deal_without_an_invoice() {
    check_calls(&mut settled(), "D-1033");
}

#[test]
fn six_calls_at_most_for_an_unknown_outcome() {
    check_calls(&mut settled(), "D-1034");
}

#[test]
fn six_calls_at_most_in_a_process_that_has_just_begun() {
    let mut world = settled();
    world.reopen();
    check_calls(&mut world, DEAL);
}

#[test]
fn a_resync_sends_no_write_when_nothing_changed() {
    let mut world = settled();
    resynced(&mut world, DEAL);
    assert!(world.wire.writes().is_empty(), "{:#?}", world.wire.writes());
}

/// After the story, our own last writes read back.
fn settled() -> World {
    let mut world = World::played();
    world.forward(60);
    world.sync();
    world
}

#[test]
fn a_line_was_deleted_in_salesforce() {
    let world = World::read();
    let line = line_of(&world, DEAL, "AQ-ONB-PKG");
    world.sandbox.salesforce.delete("OpportunityLineItem", &line).unwrap();
    check(world, ["OVER_BILLED", "OPEN", "24000.00", "27600.00", "3600.00"]);
}

#[test]
fn the_amount_changed_after_invoicing() {
    let world = World::read();
    let line = line_of(&world, DEAL, "AQ-SENS-100");
    world.in_salesforce("OpportunityLineItem", &line, json!({"Quantity": 12}));
    check(world, ["PART_BILLED", "OPEN", "32400.00", "27600.00", "-4800.00"]);
}

#[test]
fn the_invoice_was_voided() {
    let world = World::read();
    let invoice = world.document_id("Invoice", "2286");
    world.in_quickbooks("Invoice", EditKind::Void, json!({"Id": invoice}));
    check(world, ["REVERSED", "CLOSED_NO_CASH", "27600.00", "0.00", "-27600.00"]);
}

#[test]
fn the_invoice_was_deleted() {
    let world = World::read();
    let invoice = world.document_id("Invoice", "2286");
    world.in_quickbooks("Invoice", EditKind::Delete, json!({"Id": invoice}));
    // One more asks for the invoice itself before its absence is believed.
    check_within(CALLS_MAX + 1, world, ["UNBILLED", "NONE", "27600.00", "0.00", "-27600.00"]);
}

#[test]
fn a_payment_was_added() {
    let world = World::read();
    let invoice = world.document_id("Invoice", "2286");
    let line = json!({"Amount": 27600, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]});
    let payment = json!({"TxnDate": "2026-07-02", "CustomerRef": {"value": "130"},
        "TotalAmt": 27600, "Line": [line]});
    world.in_quickbooks("Payment", EditKind::Create, payment);
    check(world, ["BILLED", "PAID", "27600.00", "27600.00", "0.00"]);
}

#[test]
fn a_part_was_paid() {
    let world = World::read();
    let invoice = world.document_id("Invoice", "2286");
    let line = json!({"Amount": 7600, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]});
    let payment = json!({"TxnDate": "2026-07-02", "CustomerRef": {"value": "130"},
        "TotalAmt": 7600, "Line": [line]});
    world.in_quickbooks("Payment", EditKind::Create, payment);
    check(world, ["BILLED", "PART_PAID", "27600.00", "27600.00", "0.00"]);
}

#[test]
fn the_deal_was_lost_after_invoicing() {
    let mut world = World::read();
    let deal = world.deal_id(DEAL);
    world.in_salesforce("Opportunity", &deal, json!({"StageName": "Closed Lost"}));
    let view = resynced(&mut world, DEAL);
    assert!(view.changed > 0);
    let after = view.after.unwrap();
    let contract = after.contract.unwrap().amount;
    assert_eq!((after.billing, contract.as_str()), ("OVER_BILLED", "0.00"));
    let invoice = world.document_id("Invoice", "2286");
    assert!(!world.reconcile().orphans.contains(&invoice), "its note names the deal");
}

#[test]
fn with_create_the_missing_invoice_is_made() {
    let mut world = World::read();
    let id = world.deal_id("D-1041");
    let view = world
        .ask(async |workspace| resync(workspace, &id, Some("Priya Raman"), None).await)
        .unwrap();
    assert_eq!(view.created.unwrap().created, 1);
    assert_eq!(view.after.unwrap().billing, "BILLED");
    assert_eq!(world.invoices_of("D-1041").len(), 1);
    assert_eq!(world.invoices_of("D-1034").len(), 0, "exactly that deal");
}

#[test]
fn the_id_may_be_pasted_as_the_address_of_the_record() {
    let mut world = World::read();
    let id = world.deal_id(DEAL);
    let address =
        format!("https://alderquay.lightning.force.com/lightning/r/Opportunity/{id}/view");
    let view = world.ask(async |workspace| resync(workspace, &address, None, None).await).unwrap();
    assert_eq!(view.after.unwrap().opportunity, id);
}

#[track_caller]
fn check_failure(opportunity: &str, code: Code) {
    let mut world = World::read();
    let failure = world.ask(async |workspace| resync(workspace, opportunity, None, None).await);
    assert_eq!(failure.unwrap_err().code, code);
}

#[test]
fn what_is_no_opportunity_id_is_said() {
    check_failure("0012x00000AbCdE", Code::NoSuchDeal);
}

#[test]
fn a_deal_that_does_not_exist_is_said() {
    check_failure("006Hs00001ZZZZZIA5", Code::NoSuchDeal);
}
