//! Reading feeds: marks, overlap, resuming, and never calling a run complete that is not.

use jiff::SignedDuration;
use tieout_connect::ports::DateRange;
use tieout_domain::effect::Replay;
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::{Cancel, Engine, EngineError, Event, Gap, Observer, RunReport, SyncRequest};
use tieout_store::Completeness;

use crate::support::death::{DieAt, DieIn};
use crate::support::facts::{
    a_document, customer, date, deal, eur, invoice, line, time, unreadable,
};
use crate::support::feeds::ReadFault;
use crate::support::*;

const REPLAY: Replay = Replay::UniqueExternalId;

/// A ledger with seven invoices that are read two by two.
fn paged() -> World {
    let world = World::new(REPLAY);
    for at in 1..=7 {
        world.ledger.feeds.put(invoice(&format!("{at}"), "C1", 1_000 * at));
    }
    world.ledger.feeds.page_by(2);
    world
}

fn invoices_held(engine: &Engine) -> Vec<String> {
    let facts = engine.store.facts(&books_id(), Stream::Invoices, None).unwrap();
    facts.iter().map(|fact| fact.id().to_owned()).collect()
}

fn mark(engine: &Engine) -> Option<String> {
    let cursor = engine.store.cursor(&books_id(), Stream::Invoices).unwrap()?;
    cursor.mark.map(|mark| mark.to_string())
}

fn tokens(world: &World) -> Vec<Option<String>> {
    world.ledger.feeds.requests(Stream::Invoices).into_iter().map(|(_, token)| token).collect()
}

/// `connection stream class`, or what else is missing.
fn gaps(report: &RunReport) -> Vec<String> {
    let line = |gap: &Gap| match gap {
        Gap::Connection { connection, problem } => format!("{connection} {}", problem.class),
        Gap::Feed { connection, stream, problem } => {
            format!("{connection} {} {}", stream.as_str(), problem.class)
        }
        Gap::Quarantined { connection, stream, id, reason, .. } => {
            format!("{connection} {} {id} {reason}", stream.as_str())
        }
        Gap::Total { connection, compared } => {
            let (theirs, ours) = (compared.source_count, compared.held_count);
            format!("{connection} {theirs} there {ours} here")
        }
        Gap::Missing { connection, what, .. } => format!("{connection} {what}"),
    };
    report.gaps.iter().map(line).collect()
}

/// What the store keeps about the last run is what the report says.
#[track_caller]
fn check_kept(engine: &Engine, report: &RunReport) {
    let end = engine.store.runs(1).unwrap()[0].end.clone().unwrap();
    let kept = |gap: &Gap| format!("{}\n{}", gap.sentence(), gap.remedy());
    let reasons: Vec<String> = report.gaps.iter().map(kept).collect();
    match end.completeness {
        Completeness::Complete => assert_eq!(reasons, Vec::<String>::new()),
        Completeness::Incomplete { reasons: kept } => assert_eq!(kept, reasons),
    }
    assert_eq!(end.http_requests, report.http_requests);
}

#[test]
fn a_feed_is_read_page_by_page_to_its_end() {
    block_on(async {
        let world = paged();
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert_eq!(gaps(&report), Vec::<String>::new());
        assert_eq!(invoices_held(&engine).len(), 7);
        let pages = [None, Some("2"), Some("4"), Some("6")].map(|token| token.map(str::to_owned));
        assert_eq!(tokens(&world), pages);
        check_kept(&engine, &report);
    });
}

#[test]
fn a_read_that_was_interrupted_goes_on_where_it_stopped() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.fail(Stream::Invoices, 2, ReadFault::Unreachable);
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert!(gaps(&report).contains(&"books invoices no_answer".to_owned()), "{report:?}");
        assert_eq!((invoices_held(&engine).len(), mark(&engine)), (4, None));
        check_kept(&engine, &report);
        let mut engine = world.engine();
        world.pass(3_600);
        let before = tokens(&world).len();
        assert!(sync(&mut engine).await.is_complete());
        assert_eq!(invoices_held(&engine).len(), 7);
        assert_eq!(tokens(&world)[before..][..2], [Some("4".to_owned()), Some("6".to_owned())]);
    });
}

#[test]
fn what_changed_since_an_interrupted_read_began_is_read_in_the_run_that_ends_it() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.fail(Stream::Invoices, 2, ReadFault::Unreachable);
        assert!(!sync(&mut world.engine()).await.is_complete());
        world.pass(3_600);
        // It stands before the place where reading goes on.
        world.ledger.feeds.put_at(invoice("0", "C1", 500), time("2026-07-06T09:20:30Z"));
        let mut engine = world.engine();
        // No totals, whose comparison would find it too.
        let request = SyncRequest { ranges: Vec::new(), ..everything() };
        assert!(engine.sync(&request).await.unwrap().is_complete());
        assert!(invoices_held(&engine).contains(&"0".to_owned()));
        assert_eq!(mark(&engine).as_deref(), Some("2026-07-06T10:20:14Z"));
    });
}

#[test]
fn a_crash_at_any_page_loses_and_doubles_nothing() {
    block_on(async {
        let counted = paged();
        let (death, passed) = DieAt::new(None);
        let mut engine = counted.engine();
        engine.crash_points = Box::new(death);
        sync(&mut engine).await;
        for die_at in 0..passed.get() {
            let world = paged();
            let mut engine = world.engine();
            engine.crash_points = Box::new(DieAt::new(Some(die_at)).0);
            let died = engine.sync(&everything()).await;
            assert!(matches!(died, Err(EngineError::Died(_))), "{die_at}");
            let mut engine = world.engine();
            assert_eq!(engine.store.interrupted_runs().unwrap().len(), 1, "{die_at}");
            assert!(sync(&mut engine).await.is_complete(), "{die_at}");
            assert_eq!(invoices_held(&engine).len(), 7, "{die_at}");
            let versions = engine.store.fact_versions(&books_id(), Stream::Invoices, "3").unwrap();
            assert_eq!(versions.len(), 1, "{die_at}");
        }
    });
}

#[test]
fn a_lost_cursor_begins_again_from_the_mark() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.fail(Stream::Invoices, 2, ReadFault::CursorLost);
        let mut engine = world.engine();
        assert!(sync(&mut engine).await.is_complete());
        assert_eq!(invoices_held(&engine).len(), 7);
        let asked = tokens(&world);
        assert_eq!(asked.iter().filter(|token| token.is_none()).count(), 2, "{asked:?}");
    });
}

#[test]
fn a_cursor_that_dies_again_and_again_ends_the_feed() {
    block_on(async {
        let world = paged();
        for _ in 0..9 {
            world.ledger.feeds.fail(Stream::Invoices, 1, ReadFault::CursorLost);
        }
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert!(gaps(&report).contains(&"books invoices cursor_lost".to_owned()));
        assert_eq!(tokens(&world).len(), 8);
    });
}

#[test]
fn a_feed_that_goes_round_in_circles_is_noticed() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.fail(Stream::Invoices, 1, ReadFault::SameToken);
        let report = sync(&mut world.engine()).await;
        assert!(gaps(&report).contains(&"books invoices malformed".to_owned()));
        assert_eq!(tokens(&world).len(), 2);
    });
}

#[test]
fn the_mark_stands_before_the_moment_the_read_began() {
    block_on(async {
        let world = World::new(REPLAY);
        let engine = world.synced().await;
        // 09:21:14 less the minute that a change may take to become visible.
        assert_eq!(mark(&engine).as_deref(), Some("2026-07-06T09:20:14Z"));
    });
}

#[test]
fn the_next_read_begins_at_the_mark_less_the_overlap() {
    block_on(async {
        let world = World::new(REPLAY);
        let mut engine = world.synced().await;
        world.pass(3_600);
        sync(&mut engine).await;
        let requests = world.ledger.feeds.requests(Stream::Invoices);
        assert_eq!(requests[0].0, None);
        assert_eq!(requests[1].0, Some(time("2026-07-06T09:10:14Z")));
    });
}

#[test]
fn what_became_visible_late_is_read_all_the_same() {
    block_on(async {
        let world = World::new(REPLAY);
        let mut engine = world.synced().await;
        world.pass(3_600);
        sync(&mut engine).await;
        // Written nine minutes before the last mark, committed after it was read.
        let late = world.clock.slept().len();
        assert_eq!(late, 0);
        let at = time("2026-07-06T10:21:14Z").checked_sub(SignedDuration::from_secs(600)).unwrap();
        world.ledger.feeds.put_at(invoice("55", "C1", 4_000), at);
        sync(&mut engine).await;
        assert_eq!(invoices_held(&engine), ["55"]);
    });
}

#[test]
fn a_mark_never_moves_back() {
    block_on(async {
        let world = World::new(REPLAY);
        let mut engine = world.synced().await;
        world.pass(7_200);
        sync(&mut engine).await;
        let high = mark(&engine);
        let earlier = World { clock: tieout_connect::testing::VirtualClock::at(START), ..world };
        sync(&mut earlier.engine()).await;
        assert_eq!(mark(&engine), high);
    });
}

#[test]
fn reading_the_same_again_appends_nothing() {
    block_on(async {
        let world = paged();
        let mut engine = world.synced().await;
        let again = engine.sync(&SyncRequest { full: true, ..everything() }).await.unwrap();
        assert!(again.is_complete());
        assert!(again.feeds.iter().all(|feed| feed.new + feed.changed + feed.deleted == 0));
    });
}

#[test]
fn other_fields_than_before_make_the_feed_begin_anew() {
    block_on(async {
        let world = World::new(REPLAY);
        world.crm.feeds.shape_is("Id, Name");
        let mut engine = world.synced().await;
        sync(&mut engine).await;
        world.crm.feeds.shape_is("Id, Name, Amount");
        sync(&mut engine).await;
        let since: Vec<bool> =
            world.crm.feeds.requests(Stream::Deals).iter().map(|(at, _)| at.is_some()).collect();
        assert_eq!(since, [false, true, false]);
    });
}

#[test]
fn one_failing_feed_does_not_stop_the_others() {
    block_on(async {
        let world = paged();
        world.crm.feeds.fail(Stream::Products, 0, ReadFault::Unreachable);
        world.ledger.feeds.fail(Stream::Items, 0, ReadFault::Unreachable);
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert_eq!(gaps(&report), ["crm products no_answer", "books items no_answer"]);
        assert_eq!(report.feeds.len(), 14);
        assert_eq!(invoices_held(&engine).len(), 7);
    });
}

#[test]
fn a_connection_that_wants_a_sign_in_is_left_and_the_other_is_read() {
    block_on(async {
        let world = paged();
        world.crm.feeds.fail(Stream::Accounts, 0, ReadFault::SignIn);
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert_eq!(gaps(&report), ["crm accounts sign_in_needed"]);
        assert_eq!(world.crm.feeds.count(), 1);
        assert_eq!(invoices_held(&engine).len(), 7);
    });
}

#[test]
fn a_record_that_is_kept_aside_makes_every_run_incomplete_until_it_is_read() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.put_unreadable(unreadable(Stream::Invoices, "8"));
        let mut engine = world.engine();
        let named = "books invoices 8 TOO_PRECISE".to_owned();
        for _ in 0..2 {
            let report = sync(&mut engine).await;
            assert_eq!(gaps(&report), std::slice::from_ref(&named));
            assert_eq!(invoices_held(&engine).len(), 7);
            check_kept(&engine, &report);
            world.pass(86_400);
        }
        world.ledger.feeds.put(invoice("8", "C1", 1_000));
        let report = sync(&mut engine).await;
        assert_eq!(gaps(&report), Vec::<String>::new());
    });
}

#[test]
fn a_total_that_differs_makes_the_run_incomplete() {
    block_on(async {
        let world = paged();
        world.ledger.total_off(1);
        let report = sync(&mut world.engine()).await;
        assert_eq!(gaps(&report), ["books 8 there 7 here"]);
        world.ledger.total_off(0);
        world.crm.total_off(1);
        let report = sync(&mut world.engine()).await;
        assert_eq!(gaps(&report), ["crm 2 there 1 here"]);
    });
}

#[test]
fn a_source_that_says_nothing_counts_zero() {
    block_on(async {
        let world = paged();
        world.ledger.fall_silent();
        world.crm.fall_silent();
        let report = sync(&mut world.engine()).await;
        assert_eq!(gaps(&report), ["crm 0 there 1 here", "books 0 there 7 here"]);
    });
}

#[test]
fn one_count_over_all_currencies_is_compared_with_all_of_ours() {
    block_on(async {
        let world = paged();
        world.ledger.count_only();
        world.ledger.able(|able| able.currencies.push(eur()));
        let foreign = tieout_domain::Money::from_minor(500, eur());
        world.ledger.feeds.put(Fact::Document(a_document("9", "C1", foreign)));
        let report = sync(&mut world.engine()).await;
        assert_eq!(gaps(&report), Vec::<String>::new());
        world.ledger.total_off(1);
        let report = sync(&mut world.engine()).await;
        assert_eq!(gaps(&report), ["books 9 there 8 here"]);
    });
}

#[test]
fn only_the_range_is_compared() {
    block_on(async {
        let world = paged();
        let may = DateRange { from: date("2026-05-01"), to: date("2026-05-31") };
        world.ledger.total_off(3);
        let request = SyncRequest { ranges: vec![may], ..everything() };
        let report = world.engine().sync(&request).await.unwrap();
        assert_eq!(gaps(&report), ["books 3 there 0 here"]);
    });
}

/// Cancels when a feed has got so far.
struct CancelAt(Cancel, Stream, u64);

impl Observer for CancelAt {
    fn on(&self, event: &Event) {
        if matches!(event, Event::Reading { stream, done, .. } if *stream == self.1 && *done >= self.2)
        {
            self.0.request();
        }
    }
}

async fn cancelled_at(world: &World, stream: Stream, done: u64) -> (Engine, RunReport) {
    let mut engine = world.engine();
    engine.observer = Box::new(CancelAt(engine.cancel.clone(), stream, done));
    let report = sync(&mut engine).await;
    (engine, report)
}

#[test]
fn a_run_that_is_cancelled_between_two_pages_is_incomplete_and_goes_on_later() {
    block_on(async {
        let world = paged();
        let (engine, report) = cancelled_at(&world, Stream::Invoices, 4).await;
        assert_eq!(gaps(&report), ["books invoices cancelled", "books cancelled"]);
        assert_eq!((invoices_held(&engine).len(), mark(&engine)), (4, None));
        check_kept(&engine, &report);
        let mut engine = world.engine();
        assert!(sync(&mut engine).await.is_complete());
        assert_eq!(tokens(&world)[2..4], [Some("4".to_owned()), Some("6".to_owned())]);
    });
}

#[test]
fn a_run_that_is_cancelled_after_its_last_feed_has_compared_nothing_and_is_incomplete() {
    block_on(async {
        let world = paged();
        world.ledger.feeds.put(receipt_of_one());
        let (_, report) = cancelled_at(&world, Stream::Receipts, 1).await;
        assert_eq!(gaps(&report), ["books cancelled"]);
        let (_, report) = cancelled_at(&World::new(REPLAY), Stream::DealLines, 1).await;
        assert_eq!(gaps(&report), ["crm cancelled", "books cancelled"]);
        assert_eq!(report.totals.len(), 0);
    });
}

fn receipt_of_one() -> Fact {
    facts::receipt("R1", "C1", "1", 1_000, "2026-07-03")
}

#[test]
fn a_connection_that_is_not_there_is_no_complete_run() {
    block_on(async {
        let world = World::new(REPLAY);
        let nowhere = tieout_domain::ids::ConnectionId::new("nowhere").unwrap();
        let request = SyncRequest { only: Some(nowhere), ..everything() };
        let refused = world.engine().sync(&request).await;
        assert!(matches!(refused, Err(EngineError::NoSuchConnection(_))));
    });
}

#[test]
fn one_connection_may_be_read_alone() {
    block_on(async {
        let world = World::new(REPLAY);
        let request = SyncRequest { only: Some(books_id()), ..everything() };
        let report = world.engine().sync(&request).await.unwrap();
        assert!(report.is_complete());
        assert_eq!(world.crm.feeds.count(), 0);
    });
}

#[test]
fn a_deal_that_was_deleted_leaves_every_figure_and_stays_in_history() {
    block_on(async {
        let world = World::new(REPLAY);
        world.crm.feeds.put(deal("006D2", "001A", 5_000));
        world.crm.feeds.put(line("00k2", "006D2", "01t1", 5_000));
        let mut engine = world.synced().await;
        world.pass(60);
        world.crm.feeds.delete(Stream::Deals, "006D2");
        let report = sync(&mut engine).await;
        assert_eq!(gaps(&report), Vec::<String>::new());
        let rows = engine.view_today(&books_id()).unwrap().reconcile().unwrap().rows;
        assert_eq!(rows.len(), 1);
        let versions = engine.store.fact_versions(&crm_id(), Stream::Deals, "006D2").unwrap();
        assert_eq!(versions.len(), 2);
    });
}

#[test]
fn dying_between_data_and_mark_is_impossible() {
    block_on(async {
        let world = World::new(REPLAY);
        let mut engine = world.engine();
        engine.crash_points = Box::new(DieIn("page recorded"));
        engine.sync(&everything()).await.unwrap_err();
        let engine = world.engine();
        let held = engine.store.facts(&crm_id(), Stream::Accounts, None).unwrap().len();
        let cursor = engine.store.cursor(&crm_id(), Stream::Accounts).unwrap();
        assert_eq!((held, cursor.and_then(|cursor| cursor.mark).is_some()), (1, true));
    });
}

#[test]
fn a_customer_that_changes_between_two_runs_is_read_as_a_new_version() {
    block_on(async {
        let world = World::new(REPLAY);
        let mut engine = world.synced().await;
        world.pass(600);
        world.ledger.feeds.put(customer("C1", "Harrow Creek Holdings Ltd", Some("001A")));
        let report = sync(&mut engine).await;
        let changed: u64 = report.feeds.iter().map(|feed| feed.changed).sum();
        assert_eq!(changed, 1);
    });
}
