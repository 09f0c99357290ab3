//! The second company of the sample keeps its books in Xero: read, billed, corrected and tied out
//! by the same commands as the first one.

use serde_json::json;
use tieout_api::commands::{self, FrameOptions};
use tieout_api::sign_in::XeroOptions;
use tieout_sim::fault::FaultKind;
use tieout_sim::xero::EditKind;
use tieout_tests::World;
use tieout_tests::wire::Sent;
use tieout_tests::xero::XERO;

/// Won, due, no invoice, every gate passes: 87,400.00 GBP.
const DEAL: &str = "D-2013";
const NET: &str = "87400.00";
/// Billed in full by a clerk, and not paid.
const BILLED: &str = "D-2018";
/// One deal after an hour: the token and the settings of the organisation are read anew.
const CALLS_MAX: u64 = 14;
const RUNS_MAX: u32 = 6;
const RUN_SECS: i64 = 3_600;

fn creates(sent: &Sent) -> bool {
    sent.method == "PUT" && sent.path.contains("/Invoices")
}

/// Requests so far that would create the deal's invoice.
fn created(world: &World) -> usize {
    let id = world.deal_id(DEAL);
    world.wire.sent().iter().filter(|sent| creates(sent) && sent.body.contains(&id)).count()
}

fn state(world: &mut World) -> String {
    world.promise(DEAL).state.to_string()
}

/// The promise ends in one invoice without anybody's help.
#[track_caller]
fn settle(world: &mut World) {
    for _ in 0..RUNS_MAX {
        if state(world) == "confirmed" {
            break;
        }
        world.forward(RUN_SECS);
        world.sync();
    }
    assert_eq!(state(world), "confirmed", "{:#?}", world.promise(DEAL));
    let invoices = world.xero_invoices_of(DEAL);
    assert_eq!(invoices.len(), 1, "{invoices:#?}");
    assert_eq!(invoices[0].number, world.xero_key(DEAL));
    assert_eq!((invoices[0].net.as_str(), invoices[0].status.as_str()), (NET, "DRAFT"));
    let again = world.create_in(XERO, &[DEAL]);
    assert_eq!((again.created, world.xero_invoices_of(DEAL).len()), (0, 1), "{again:#?}");
}

#[test]
fn every_won_deal_has_a_company_once_both_are_connected() {
    let mut world = World::read();
    let before = world.reconcile_company("quickbooks");
    world.sign_in_xero(XERO, XeroOptions::default()).unwrap();
    let run = world.sync();
    assert!(run.run.complete, "{:?}", run.run.gaps);
    let options =
        FrameOptions { as_of: Some(tieout_tests::AS_OF.into()), ..FrameOptions::default() };
    let view = commands::companies(world.workspace_mut(), &options).unwrap();
    assert!(view.complete && view.unassigned.is_empty(), "{}", view.conclusion);
    let kept: Vec<(&str, u64)> = view
        .companies
        .iter()
        .flat_map(|company| company.keeps.iter().map(|it| (it.currency.as_str(), it.deals)))
        .collect();
    assert!(kept.contains(&("GBP", 11)) && kept.contains(&("EUR", 3)), "{kept:?}");
    let after = world.reconcile_company("quickbooks");
    assert_eq!(after.tie_outs, before.tie_outs, "the first company's figures are its own");
    let second = world.reconcile_company(XERO);
    let lines: Vec<(&str, &str, &str)> = second
        .tie_outs
        .iter()
        .map(|line| (line.tie_out, line.name.as_str(), line.status))
        .collect();
    let want = [
        ("T1", "won deals", "AGREED"),
        ("T2", "invoices", "AGREED"),
        ("T2", "credit memos", "AGREED"),
        ("T2", "receipts", "AGREED"),
        ("T2", "refunds", "AGREED"),
        // Xero has no feed and no total of what journals do to receivables.
        ("T2", "adjustments", "UNPROVED"),
        // The account holds euros as well, each document at its own rate.
        ("T3", "aged receivables", "EXPLAINED"),
        ("T3", "control account", "EXPLAINED"),
        ("T4", "receivables roll-forward", "AGREED"),
        ("T5", "bookings to billings, backlog", "AGREED"),
    ];
    assert_eq!(lines, want);
}

#[test]
fn a_run_reads_what_changed_and_nothing_twice() {
    let mut world = World::with_xero();
    world.forward(RUN_SECS);
    let quiet = world.sync().run;
    assert!(quiet.complete, "{:?}", quiet.gaps);
    let before = world.deal_of_on(XERO, "2026-07-02", BILLED);
    let id = before.documents[0].id.clone();
    let paid = json!({"Invoice": {"InvoiceID": id}, "Account": {"Code": "090"},
        "Date": "2026-07-02", "Amount": "1000.00"});
    world.in_xero("Payment", EditKind::Create, paid);
    world.forward(RUN_SECS);
    assert!(world.sync().run.complete);
    let after = world.deal_of_on(XERO, "2026-07-02", BILLED);
    assert_eq!((before.cash, after.cash), ("OPEN", "PART_PAID"));
}

#[test]
fn a_deal_makes_one_invoice() {
    let mut world = World::with_xero();
    let view = world.create_in(XERO, &[DEAL]);
    assert_eq!((view.deals[0].outcome, view.created, view.adopted), ("confirmed", 1, 0));
    settle(&mut world);
    assert_eq!(created(&world), 1);
}

#[track_caller]
fn check_lost_answer(fault: FaultKind) {
    let mut world = World::with_xero();
    world.xero_suffers(fault, "PUT", "/Invoices", &world.deal_id(DEAL));
    let view = world.create_in(XERO, &[DEAL]);
    assert_eq!((view.deals[0].outcome, created(&world)), ("unknown", 1), "{view:#?}");
    assert_eq!(world.xero_invoices_of(DEAL).len(), 1);
    settle(&mut world);
    assert_eq!(created(&world), 1);
    assert!(world.promise(DEAL).adopted, "found, not answered for");
}

#[test]
fn an_answer_that_was_lost_is_found_by_its_key() {
    check_lost_answer(FaultKind::DropAfter);
    check_lost_answer(FaultKind::ServerErrorAfter);
    check_lost_answer(FaultKind::HtmlAfter);
    check_lost_answer(FaultKind::TruncatedAfter);
}

#[test]
fn a_request_that_was_lost_is_sent_again_only_when_it_is_safe() {
    for fault in [FaultKind::DropBefore, FaultKind::ServerErrorBefore, FaultKind::Html] {
        let mut world = World::with_xero();
        world.xero_suffers(fault, "PUT", "/Invoices", &world.deal_id(DEAL));
        let view = world.create_in(XERO, &[DEAL]);
        assert_eq!(view.deals[0].outcome, "unknown", "{fault:?}: {view:#?}");
        assert_eq!(world.xero_invoices_of(DEAL).len(), 0);
        settle(&mut world);
        assert_eq!(created(&world), 2, "{fault:?}");
    }
}

/// As with a real Salesforce: documents take Xero's numbers, and their link back carries our key.
fn with_links() -> World {
    let mut world = World::read();
    let numbers = XeroOptions { own_numbers: Some(false), ..XeroOptions::default() };
    world.sign_in_xero(XERO, numbers).unwrap();
    world.ask(async |workspace| {
        let store = &mut workspace.engine.store;
        let known = store.connections().unwrap();
        let mut xero = known.into_iter().find(|record| record.id.as_str() == XERO).unwrap();
        let pages = r#""deal_pages":"https://alderquay.my.salesforce.com""#;
        xero.settings = xero.settings.replace(r#""deal_pages":null"#, pages);
        store.save_connection(&xero).unwrap();
        workspace.connect_all().await.unwrap();
    });
    assert!(world.sync().run.complete);
    world.allow_writing(XERO);
    world
}

#[track_caller]
fn check_link(world: &World) {
    let invoices = world.xero_invoices_of(DEAL);
    assert_eq!(invoices.len(), 1, "{invoices:#?}");
    let key = world.xero_key(DEAL);
    assert!(invoices[0].url.ends_with(&format!("?tieout={key}")), "{}", invoices[0].url);
    assert!(invoices[0].number.starts_with("INV-"), "{}", invoices[0].number);
}

#[test]
fn under_xeros_own_numbers_the_link_back_tells_an_invoice_apart() {
    let mut world = with_links();
    assert_eq!(world.create_in(XERO, &[DEAL]).created, 1);
    check_link(&world);
    for fault in [FaultKind::DropAfter, FaultKind::TruncatedAfter] {
        let mut world = with_links();
        world.xero_suffers(fault, "PUT", "/Invoices", &world.deal_id(DEAL));
        assert_eq!(world.create_in(XERO, &[DEAL]).deals[0].outcome, "unknown");
        for _ in 0..RUNS_MAX {
            world.forward(RUN_SECS);
            world.sync();
        }
        assert_eq!(state(&mut world), "confirmed", "{:#?}", world.promise(DEAL));
        check_link(&world);
    }
}

#[test]
fn a_draft_that_somebody_deletes_is_seen_and_makes_room_for_no_second_one() {
    let mut world = World::with_xero();
    world.create_in(XERO, &[DEAL]);
    let id = world.promise(DEAL).result_id.unwrap();
    world.in_xero("Invoice", EditKind::Delete, json!({ "InvoiceID": id }));
    world.forward(RUN_SECS);
    assert!(world.sync().run.complete);
    let deal = world.deal_of_on(XERO, "2026-07-31", DEAL);
    assert_ne!(deal.billing, "BILLED", "{deal:#?}");
    let again = world.create_in(XERO, &[DEAL]);
    assert_eq!((again.created, world.xero_invoices_of(DEAL).len()), (0, 1), "{again:#?}");
}

#[test]
fn an_invoice_that_somebody_voids_counts_no_more() {
    let mut world = World::with_xero();
    let before = world.deal_of_on(XERO, "2026-07-02", BILLED);
    let id = before.documents[0].id.clone();
    world.in_xero("Invoice", EditKind::Void, json!({ "InvoiceID": id }));
    world.forward(RUN_SECS);
    assert!(world.sync().run.complete);
    let after = world.deal_of_on(XERO, "2026-07-02", BILLED);
    assert_eq!(before.billing, "PART_BILLED");
    assert_eq!((after.billing, after.documents.len()), ("REVERSED", 1));
}

#[test]
fn one_deal_is_read_again_alone() {
    let mut world = World::with_xero();
    let before = world.deal_of_on(XERO, "2026-07-02", BILLED);
    let id = before.documents[0].id.clone();
    let paid = json!({"Invoice": {"InvoiceID": id}, "Account": {"Code": "090"},
        "Date": "2026-07-02", "Amount": "1000.00"});
    world.in_xero("Payment", EditKind::Create, paid);
    world.forward(RUN_SECS);
    world.wire.forget();
    let view = world.resync_in(XERO, BILLED);
    assert!(view.complete && view.changed > 0, "{:?}", view.gaps);
    assert_eq!(view.http_requests, world.wire.sent().len() as u64, "every call is counted");
    assert!(view.http_requests <= CALLS_MAX, "{:#?}", world.wire.sent());
    let after = view.after.unwrap();
    assert_eq!(after.cash, "PART_PAID");
    world.forward(60);
    assert!(world.sync().run.complete);
    assert_eq!(world.deal_of_on(XERO, "2026-07-03", BILLED), after, "the day is London's");
}

#[test]
fn figures_of_both_companies_are_written_back_once() {
    let mut world = World::read();
    world.sign_in_xero(XERO, XeroOptions::default()).unwrap();
    let first = world.sync().written_back;
    assert!(first.written > 0 && first.failed.is_empty(), "{first:?}");
    let wrote = world.wire.writes();
    let account = world.company.account_id("PEN").unwrap();
    for id in [world.deal_id(BILLED), account] {
        assert!(wrote.iter().any(|sent| sent.body.contains(&id)), "{id} has figures of Xero");
    }
    world.forward(RUN_SECS);
    let again = world.sync().written_back;
    assert_eq!((again.written, again.failed.len()), (0, 0));
}

#[test]
fn what_is_shown_has_a_page_in_xero_also_after_a_restart() {
    let mut world = World::with_xero();
    world.close();
    world.reopen();
    let ledger = &world.workspace().engine.ledgers;
    let xero = ledger.iter().find(|it| it.id.as_str() == XERO).unwrap();
    let link = xero.port.deep_link(tieout_domain::facts::Stream::Invoices, "b7a0");
    assert!(link.unwrap().starts_with("https://go.xero.com/organisationlogin/default.aspx?"));
}
