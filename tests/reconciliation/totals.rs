//! Completeness: what is held is what the systems themselves count, and a second run does nothing.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tieout_api::views::runs::RunView;
use tieout_sim::quickbooks::{CountAndSum, EditKind};
use tieout_tests::{World, opening, play};

/// Documents of a kind by their date: voided ones count, with nothing.
fn dated(world: &World, kind: &str, from: Date, to: Date) -> CountAndSum {
    let documents = world.sandbox.quickbooks.truth().documents();
    let totals = documents.iter().filter(|it| it.kind == kind && from <= it.on && it.on <= to);
    let totals: Vec<Decimal> = totals.map(|it| it.total.parse().unwrap()).collect();
    let sum: Decimal = totals.iter().sum();
    CountAndSum { count: totals.len() as u64, sum: format!("{sum:.2}") }
}

/// Records at the very mark of a feed come again.
const RECORDS_AGAIN_MAX: u64 = 8;
/// Requests of a run that finds nothing: probes, one page per feed, totals of three ranges.
const REQUESTS_MAX: u64 = 60;

/// Every compared total equals what the simulator counts past all of its own interfaces.
#[track_caller]
fn check_truth(world: &World, run: &RunView) {
    assert!(run.complete, "{:?}", run.gaps);
    let mut measures: Vec<&str> = Vec::new();
    for line in &run.completeness {
        let (from, to) = (line.from.parse().unwrap(), line.to.parse().unwrap());
        let counted = match line.measure.as_str() {
            "invoices" => dated(world, "Invoice", from, to),
            "credit_memos" => dated(world, "CreditMemo", from, to),
            "receipts" => world.sandbox.quickbooks.truth().payments(Some((from, to))),
            "refunds" => dated(world, "RefundReceipt", from, to),
            "adjustments" => world.sandbox.quickbooks.truth().write_offs(Some((from, to))),
            "won_deals" => {
                let won = world.sandbox.salesforce.truth().won(Some(from), Some(to));
                let total = &won[&line.currency];
                CountAndSum { count: total.count as u64, sum: format!("{:.2}", total.sum) }
            }
            other => panic!("`{other}` is no measure of this test"),
        };
        let held = (line.held_count, line.held_sum.amount.clone());
        assert_eq!(held, (counted.count, counted.sum), "{} to {}", line.measure, line.to);
        let said = (line.source_count, line.source_sum.clone().map(|it| it.amount));
        assert_eq!(said, (held.0, Some(held.1)), "{} to {}", line.measure, line.to);
        if !measures.contains(&line.measure.as_str()) {
            measures.push(&line.measure);
        }
    }
    assert_eq!(measures.len(), 6, "{measures:?}");
}

#[test]
fn after_the_first_run_every_total_is_that_of_the_simulator() {
    let mut world = World::connected();
    let run = world.sync().run;
    check_truth(&world, &run);
}

#[test]
fn after_the_story_every_total_is_that_of_the_simulator() {
    let mut world = World::played();
    let run = world.sync().run;
    check_truth(&world, &run);
}

#[test]
fn after_changes_on_both_sides_every_total_is_that_of_the_simulator() {
    let mut world = World::read();
    let deal = world.deal_id("D-1041");
    world.in_salesforce("Opportunity", &deal, json!({"CloseDate": "2026-06-28"}));
    let invoice = world.document_id("Invoice", "2285");
    world.in_quickbooks("Invoice", EditKind::Void, json!({"Id": invoice}));
    let receipt = world.sandbox.quickbooks.truth().documents();
    let receipt = receipt.iter().find(|it| it.kind == "Payment" && it.total == "38600.00").unwrap();
    world.in_quickbooks("Payment", EditKind::Delete, json!({"Id": receipt.id}));
    world.forward(600);
    let run = world.sync().run;
    check_truth(&world, &run);
}

#[test]
fn a_run_that_reads_everything_anew_finds_nothing_new() {
    let mut world = World::read();
    world.forward(600);
    let run = world.sync_full().run;
    check_truth(&world, &run);
    for feed in &run.feeds {
        assert_eq!((feed.new, feed.changed, feed.deleted), (0, 0, 0), "{}", feed.feed);
    }
}

#[test]
fn open_receivables_are_those_of_the_simulator() {
    let world = World::played();
    let truth = world.sandbox.quickbooks.truth();
    let on = "2026-06-30".parse().unwrap();
    let view = world.receivables();
    assert_eq!(view.totals[0].receivable.amount, truth.open_receivables(on));
    let lines = world.reconcile().tie_outs;
    let control = lines.iter().find(|line| line.name == "control account").unwrap();
    assert_eq!(control.source.as_ref().unwrap().amount, truth.control_balance(on));
}

// ---- run twice

/// Every record of both systems, as they are past all interfaces.
fn everything(world: &World) -> Value {
    let mut org = world.sandbox.salesforce.truth().document(None, None);
    json!({
        "org": org["records"].take(),
        "books": world.sandbox.quickbooks.truth().to_json((Date::MIN, Date::MAX)),
    })
}

#[test]
fn a_second_demonstration_creates_nothing_and_writes_nothing() {
    let mut world = World::played();
    let before = everything(&world);
    world.close();
    let (folder, out) = (world.folder().to_owned(), world.beside("reports"));
    let report = play(&opening(&folder), &out);
    assert!(!report.first_run && report.complete);
    assert_eq!((report.created, report.written_back), (0, 0));
    assert!(report.runs.iter().all(|run| run.complete));
    assert_eq!(report.truth.len(), 24);
    assert!(report.truth.iter().all(|line| line.equal));
    world.sandbox = tieout_api::Sandbox::load(&folder).unwrap();
    assert_eq!(everything(&world), before);
}

#[test]
fn a_second_run_sends_no_write() {
    let mut world = World::played();
    world.forward(60);
    world.wire.forget();
    let run = world.sync();
    assert_eq!(run.written_back.written, 0);
    assert_eq!(world.create(&[]).created, 0);
    let writes = world.wire.writes();
    assert!(writes.is_empty(), "{writes:#?}");
}

/// The simulators' own logs: reading is GET, but for tokens and for reads that are posted.
#[test]
fn the_systems_saw_no_write_in_a_second_run() {
    const POSTED_READS: [&str; 4] = [
        "/services/oauth2/token",
        "/oauth2/v1/tokens/bearer",
        "/services/data/v66.0/composite",
        "/batch",
    ];
    let mut world = World::played();
    world.forward(60);
    world.sandbox.salesforce.clear_requests();
    world.sandbox.quickbooks.requests().clear();
    world.sync();
    world.create(&[]);
    let mut lines = world.sandbox.salesforce.requests();
    lines.extend(world.sandbox.quickbooks.requests().lines());
    assert!(!lines.is_empty());
    for line in lines.iter().filter(|line| line.method != "GET") {
        let read = POSTED_READS.iter().any(|path| line.path.contains(path));
        assert!(line.method == "POST" && read, "{} {}", line.method, line.path);
    }
}

/// A world in which even our own last writes were read, an hour ago.
fn settled() -> World {
    let mut world = World::played();
    world.forward(600);
    world.sync();
    world.forward(3600);
    world
}

#[test]
fn a_further_run_reads_only_what_changed() {
    let run = settled().sync().run;
    let changed: u64 = run.feeds.iter().map(|it| it.new + it.changed + it.deleted).sum();
    let records: u64 = run.feeds.iter().map(|it| it.records).sum();
    assert_eq!((changed, run.feeds.len()), (0, 15));
    assert!(records <= RECORDS_AGAIN_MAX, "{records} records came again");
    assert!(run.http_requests <= REQUESTS_MAX, "{} requests", run.http_requests);
}

#[test]
fn one_changed_deal_is_one_changed_record() {
    let mut world = settled();
    let deal = world.deal_id("D-1042");
    world.in_salesforce("Opportunity", &deal, json!({"Name": "Steam trap sensors, east"}));
    world.forward(60);
    let run = world.sync().run;
    let changed: Vec<(&str, u64)> = run
        .feeds
        .iter()
        .map(|it| (it.feed, it.new + it.changed + it.deleted))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(changed, [("deals", 1)]);
}
