//! A deal makes exactly one invoice, whatever happens on the way (`design` 1, 4).

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use serde_json::json;
use tieout_api::Code;
use tieout_engine::{CrashPoints, EngineError};
use tieout_sim::fault::FaultKind;
use tieout_sim::quickbooks::EditKind;
use tieout_tests::World;
use tieout_tests::wire::{Death, Sent};

/// Won, due, no invoice, every gate passes: 52,700.00.
const DEAL: &str = "D-1041";
/// Hourly runs until an unknown outcome that can end must have ended.
const RUNS_MAX: u32 = 6;
const RUN_SECS: i64 = 3600;

/// The books read once, in a company whose server forgets request ids, as users have reported.
fn world() -> World {
    let world = World::read();
    world.sandbox.quickbooks.switch(&json!({"replay_request_ids": false})).unwrap();
    world
}

fn creates(sent: &Sent) -> bool {
    sent.method == "POST" && sent.path.contains("/invoice")
}

/// Requests so far that would create the deal's invoice.
fn created(world: &World) -> usize {
    let id = world.deal_id(DEAL);
    world.wire.sent().iter().filter(|sent| creates(sent) && sent.body.contains(&id)).count()
}

/// Runs every hour until the promise has left this state.
fn run_while(world: &mut World, state: &str) {
    for _ in 0..RUNS_MAX {
        if world.promise(DEAL).state != state {
            return;
        }
        world.forward(RUN_SECS);
        world.sync();
    }
}

/// The promise ends in one invoice without anybody's help.
#[track_caller]
fn settle(world: &mut World) {
    run_while(world, "unknown");
    run_while(world, "intended");
    let promise = world.promise(DEAL);
    assert_eq!(promise.state, "confirmed", "{promise:#?}");
    check_one(world, &promise.result_id.unwrap());
}

/// However long nobody decides, the outcome stays unknown and nothing is sent. A person says that
/// it may be sent again: then there is one invoice.
#[track_caller]
fn settle_with_a_person(world: &mut World) {
    world.wire.forget();
    run_while(world, "unknown");
    assert_eq!((world.promise(DEAL).state, created(world)), ("unknown", 0));
    let key = world.key(DEAL);
    world.send_again(&key);
    world.sync();
    assert_eq!(created(world), 1);
    settle(world);
}

/// There is one invoice with our key, it is the one that we think it is, and it is the deal's.
#[track_caller]
fn check_one(world: &mut World, id: &str) {
    let invoices = world.invoices_of(DEAL);
    assert_eq!(invoices.len(), 1, "{invoices:#?}");
    assert_eq!((invoices[0].id.as_str(), invoices[0].total.as_str()), (id, "52700.00"));
    world.forward(RUN_SECS);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    let deal = world.deal_on("2026-07-31", DEAL);
    assert_eq!((deal.billing, deal.documents.len()), ("BILLED", 1));
    let ready = world.create(&[]).deals;
    assert!(ready.iter().all(|it| it.opportunity != deal.opportunity), "{ready:#?}");
}

/// The request for the invoice meets `fault`, and the outcome is not known.
#[track_caller]
fn unknown_after(fault: FaultKind) -> World {
    let mut world = world();
    world.quickbooks_suffers(fault, "POST", "/invoice", &world.deal_id(DEAL));
    assert_eq!((world.outcome(DEAL), created(&world)), ("unknown", 1));
    world
}

/// The invoice is there although its answer was lost: it is found by its key and adopted.
#[track_caller]
fn check_lost_answer(fault: FaultKind) {
    let mut world = unknown_after(fault);
    assert_eq!(world.invoices_of(DEAL).len(), 1);
    settle(&mut world);
    assert_eq!(created(&world), 1);
    assert!(world.promise(DEAL).adopted, "found, not answered for");
}

/// The request was lost, which looks the same.
#[track_caller]
fn check_lost_request(fault: FaultKind) {
    let mut world = unknown_after(fault);
    assert_eq!(world.invoices_of(DEAL).len(), 0);
    settle_with_a_person(&mut world);
}

#[test]
fn nothing_goes_wrong() {
    let mut world = world();
    let view = world.create(&[DEAL]);
    assert_eq!((view.deals[0].outcome, view.created, view.adopted), ("confirmed", 1, 0));
    assert!(!world.promise(DEAL).adopted);
    settle(&mut world);
}

// ---- the answer is lost

#[test]
fn the_connection_breaks_after_the_commit() {
    check_lost_answer(FaultKind::DropAfter);
}

#[test]
fn a_gateway_fails_after_the_commit() {
    check_lost_answer(FaultKind::ServerErrorAfter);
}

#[test]
fn a_proxy_answers_with_a_page_after_the_commit() {
    check_lost_answer(FaultKind::HtmlAfter);
}

#[test]
fn the_answer_stops_in_the_middle() {
    check_lost_answer(FaultKind::TruncatedAfter);
}

// ---- the request is lost

#[test]
fn the_connection_breaks_before_the_commit() {
    check_lost_request(FaultKind::DropBefore);
}

#[test]
fn the_server_fails_before_the_commit() {
    check_lost_request(FaultKind::ServerErrorBefore);
}

#[test]
fn a_gateway_answers_with_a_page() {
    check_lost_request(FaultKind::Html);
}

#[test]
fn a_success_that_holds_a_fault() {
    let mut world = world();
    world.quickbooks_suffers(FaultKind::FaultInside, "POST", "/invoice", &world.deal_id(DEAL));
    let outcome = world.outcome(DEAL);
    assert!(matches!(outcome, "unknown" | "rejected"), "{outcome}");
    assert_eq!(world.invoices_of(DEAL).len(), 0);
    match outcome {
        "rejected" => assert_eq!(world.outcome(DEAL), "confirmed"),
        _ => settle_with_a_person(&mut world),
    }
    settle(&mut world);
}

#[test]
fn a_server_that_remembers_request_ids_changes_nothing() {
    let mut world = World::read();
    world.quickbooks_suffers(FaultKind::DropAfter, "POST", "/invoice", &world.deal_id(DEAL));
    assert_eq!(world.outcome(DEAL), "unknown");
    settle(&mut world);
}

#[test]
fn the_server_says_wait() {
    let mut world = world();
    world.quickbooks_suffers(FaultKind::ThrottleWithHint, "POST", "/invoice", "");
    assert_eq!(world.outcome(DEAL), "intended");
    settle(&mut world);
    assert_eq!(created(&world), 2);
}

#[test]
fn an_answer_is_lost_twice_and_asking_fails_as_well() {
    let mut world = world();
    world.quickbooks_suffers(FaultKind::DropAfter, "POST", "/invoice", "");
    assert_eq!(world.outcome(DEAL), "unknown");
    for _ in 0..3 {
        world.quickbooks_suffers(FaultKind::DropBefore, "GET", "/query", "");
    }
    world.forward(120);
    world.ask_about_unknown();
    settle(&mut world);
}

#[test]
fn an_unknown_outcome_is_asked_about_and_not_sent_again_blindly() {
    let mut world = unknown_after(FaultKind::DropBefore);
    world.wire.forget();
    assert_eq!(world.outcome(DEAL), "blocked");
    assert_eq!(world.create(&[]).created, 2, "the other deals go through");
    assert_eq!((world.promise(DEAL).state, created(&world)), ("unknown", 0));
    assert_eq!(world.deal(DEAL).billing, "IN_FLIGHT");
    let exception = world.exceptions().exceptions;
    let exception = exception.iter().find(|it| it.kind == "unknown_outcome").unwrap();
    assert_eq!((exception.subject.clone(), exception.code.as_str()), (world.key(DEAL), "TIE-4001"));
}

// ---- the process dies

/// The process dies while it creates the invoice; another one carries on.
#[track_caller]
fn check_death(death: Death) {
    let mut world = world();
    world.wire.die(death, creates);
    let died = catch_unwind(AssertUnwindSafe(|| world.create(&[DEAL])));
    assert!(died.is_err(), "the process died");
    world.die();
    world.reopen();
    world.forward(60);
    world.sync();
    match death {
        Death::BeforeSending => settle_with_a_person(&mut world),
        Death::AfterTheAnswer => settle(&mut world),
    }
}

#[test]
fn the_process_dies_before_the_request_leaves() {
    check_death(Death::BeforeSending);
}

#[test]
fn the_process_dies_with_the_answer_unread() {
    check_death(Death::AfterTheAnswer);
}

/// Dies at the n-th place where a process may die.
struct DiesAt {
    place: usize,
    passed: Rc<Cell<usize>>,
}

impl CrashPoints for DiesAt {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        self.passed.set(self.passed.get() + 1);
        if self.passed.get() == self.place { Err(EngineError::Died(name)) } else { Ok(()) }
    }
}

/// Dies as soon as this was reached.
struct DiesWhen(&'static str);

impl CrashPoints for DiesWhen {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        if name == self.0 { Err(EngineError::Died(name)) } else { Ok(()) }
    }
}

/// Whether there was such a place.
fn dies_at(place: usize) -> bool {
    let mut world = world();
    let passed = Rc::new(Cell::new(0));
    world.workspace_mut().engine.crash_points = Box::new(DiesAt { place, passed });
    let died = world.try_create(&[DEAL]).is_err();
    world.die();
    world.reopen();
    world.forward(60);
    world.sync();
    let promised = world.effects().iter().any(|it| it.kind == "document");
    if !promised {
        assert_eq!(world.outcome(DEAL), "confirmed");
    }
    match world.invoices_of(DEAL).len() {
        0 => settle_with_a_person(&mut world),
        _ => settle(&mut world),
    }
    died
}

#[test]
fn the_process_dies_at_every_place_where_it_may() {
    let places = (1..).take_while(|place| dies_at(*place)).count();
    assert!(places >= 4, "{places} places are not all of creating an invoice");
}

// ---- asked twice

#[test]
fn a_deal_is_created_twice() {
    let mut world = world();
    assert_eq!(world.outcome(DEAL), "confirmed");
    let again = world.create(&[DEAL]);
    assert_eq!((again.created, created(&world)), (0, 1), "{again:#?}");
    settle(&mut world);
}

#[test]
fn a_deal_is_named_twice() {
    let mut world = world();
    assert_eq!(world.create(&[DEAL, DEAL]).created, 1);
    settle(&mut world);
}

#[test]
fn a_deal_is_created_again_after_everything_was_read_anew() {
    let mut world = world();
    assert_eq!(world.outcome(DEAL), "confirmed");
    world.forward(600);
    world.sync_full();
    assert_eq!(world.create(&[DEAL]).created, 0);
    settle(&mut world);
}

// ---- another copy of the workspace

#[test]
fn a_backup_from_before_the_invoice_is_restored() {
    let mut world = world();
    world.close();
    let backup = world.beside("backup");
    tieout_tests::prepared::copy_folder(world.folder(), &backup);
    world.reopen();
    assert_eq!(world.outcome(DEAL), "confirmed");
    world.close();
    std::fs::remove_dir_all(world.folder()).unwrap();
    tieout_tests::prepared::copy_folder(&backup, world.folder());
    world.reopen();
    world.wire.forget();
    assert_eq!(world.outcome(DEAL), "confirmed", "found by its key and adopted");
    assert_eq!(created(&world), 0);
    settle(&mut world);
}

#[test]
fn a_restored_backup_that_reads_first_adopts_what_it_reads() {
    let mut world = world();
    world.close();
    let backup = world.beside("backup");
    tieout_tests::prepared::copy_folder(world.folder(), &backup);
    world.reopen();
    assert_eq!(world.outcome(DEAL), "confirmed");
    world.close();
    std::fs::remove_dir_all(world.folder()).unwrap();
    tieout_tests::prepared::copy_folder(&backup, world.folder());
    world.reopen();
    world.wire.forget();
    world.forward(600);
    assert!(world.sync().run.complete);
    assert_eq!((world.create(&[DEAL]).created, created(&world)), (0, 0));
    assert_eq!(world.invoices_of(DEAL).len(), 1);
    assert_eq!(world.deal_on("2026-07-31", DEAL).billing, "BILLED");
}

// ---- people

/// A person keys the invoice with our key in its note.
fn keyed_by_hand(world: &World, amount: u32) -> String {
    let note = format!("tieout:{} opp={}", world.key(DEAL), world.deal_id(DEAL));
    let customer = "130";
    let body = json!({
        "TxnDate": "2026-07-02", "DueDate": "2026-08-01",
        "CustomerRef": {"value": customer}, "PrivateNote": note,
        "Line": [{"DetailType": "SalesItemLineDetail", "Amount": amount,
            "SalesItemLineDetail": {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}}}],
    });
    let made = world.in_quickbooks("Invoice", EditKind::Create, body);
    made["Id"].as_str().unwrap().to_owned()
}

#[test]
fn a_person_keyed_the_invoice_with_our_key() {
    let mut world = world();
    let id = keyed_by_hand(&world, 52_700);
    world.wire.forget();
    let view = world.create(&[DEAL]);
    assert_eq!((view.created, view.adopted, created(&world)), (0, 1, 0));
    assert_eq!(world.promise(DEAL).result_id, Some(id));
    settle(&mut world);
}

/// A promise that never left, and its invoice is read before it could be sent.
#[test]
fn an_invoice_that_was_read_is_adopted_and_not_counted_as_created() {
    let mut world = world();
    world.workspace_mut().engine.crash_points = Box::new(DiesWhen("document promised"));
    assert!(world.try_create(&[DEAL]).is_err());
    world.die();
    world.reopen();
    assert_eq!(world.promise(DEAL).state, "intended");
    let id = keyed_by_hand(&world, 52_700);
    world.set_writing("quickbooks", false);
    world.forward(600);
    world.wire.forget();
    world.sync();
    assert_eq!(created(&world), 0);
    let promise = world.promise(DEAL);
    assert_eq!((promise.state, promise.adopted, promise.result_id), ("confirmed", true, Some(id)));
}

#[test]
fn a_person_keyed_another_amount_with_our_key() {
    let mut world = world();
    keyed_by_hand(&world, 50_000);
    world.wire.forget();
    assert_eq!((world.outcome(DEAL), created(&world)), ("conflict", 0));
    world.forward(600);
    world.sync();
    assert_eq!((world.create(&[]).created, world.invoices_of(DEAL).len()), (2, 1));
    let exceptions = world.exceptions().exceptions;
    let conflict = exceptions.iter().find(|it| it.kind == "conflict").unwrap();
    assert_eq!(conflict.code, Code::KeyConflict.as_str());
    assert_eq!(conflict.subject, world.key(DEAL));
}

#[test]
fn a_person_keyed_it_while_the_outcome_was_unknown() {
    let mut world = unknown_after(FaultKind::DropBefore);
    let id = keyed_by_hand(&world, 52_700);
    settle(&mut world);
    assert_eq!(world.promise(DEAL).result_id, Some(id));
}

#[test]
fn a_refused_invoice_is_no_invoice_and_says_why() {
    let mut world = world();
    world.sandbox.quickbooks.switch(&json!({"book_close_date": "2026-07-31"})).unwrap();
    assert_eq!(world.outcome(DEAL), "rejected");
    assert_eq!(world.invoices_of(DEAL).len(), 0);
    let promise = world.promise(DEAL);
    assert!(promise.error_code.is_some() && promise.error_text.is_some());
    world.sandbox.quickbooks.switch(&json!({"book_close_date": "2026-05-31"})).unwrap();
    assert_eq!(world.outcome(DEAL), "confirmed");
    settle(&mut world);
}

#[test]
fn without_permission_to_write_nothing_is_created() {
    let mut world = World::connected();
    world.sync();
    let failure = world.try_create(&[DEAL]).unwrap_err();
    assert_eq!(failure.code, Code::ReadOnlyConnection);
    assert_eq!(world.invoices_of(DEAL).len(), 0);
}

#[test]
fn before_anything_was_read_nothing_is_created() {
    let mut world = World::connected();
    world.allow_writing("quickbooks");
    let failure = world.try_create(&[DEAL]).unwrap_err();
    assert_eq!(failure.code, Code::NothingToReport);
}
