use super::*;
use crate::testing::VirtualClock;

fn limits() -> BudgetLimits {
    BudgetLimits {
        in_flight_max: 4,
        writes_in_flight_max: 1,
        per_minute_max: None,
        daily: Some(DailyShare { ours_percent: 25, everybody_percent: 80 }),
    }
}

fn budget(limits: BudgetLimits) -> (Budget, Arc<VirtualClock>, Cancel) {
    let (clock, cancel) = (VirtualClock::at("2026-07-06T16:42:00Z"), Cancel::new());
    (Budget::new(limits, clock.clone(), cancel.clone()), clock, cancel)
}

async fn enter(budget: &Budget) -> Result<(), ConnectorError> {
    budget.enter(Effect::Read).await.map(drop)
}

/// Whether the future is still waiting after everything else had its turn.
async fn waits(work: impl Future<Output = Result<Permit, ConnectorError>>) -> bool {
    tokio::select! {
        biased;
        _ = work => false,
        () = async { for _ in 0..10 { tokio::task::yield_now().await } } => true,
    }
}

#[tokio::test]
async fn only_so_many_requests_are_under_way() {
    let (budget, ..) = budget(limits());
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(budget.enter(Effect::Read).await.unwrap());
    }
    assert!(waits(budget.enter(Effect::Read)).await);
    held.pop();
    assert!(!waits(budget.enter(Effect::Read)).await);
}

#[tokio::test]
async fn one_write_at_a_time_beside_reads() {
    let (budget, ..) = budget(limits());
    let _write = budget.enter(Effect::Write).await.unwrap();
    assert!(waits(budget.enter(Effect::Write)).await);
    assert!(!waits(budget.enter(Effect::Read)).await);
}

#[tokio::test]
async fn the_minute_has_a_limit_and_the_rest_waits_for_it_to_pass() {
    let (budget, clock, _) = budget(BudgetLimits { per_minute_max: Some(3), ..limits() });
    for _ in 0..3 {
        enter(&budget).await.unwrap();
    }
    assert!(clock.slept().is_empty());
    enter(&budget).await.unwrap();
    assert_eq!(clock.slept(), [Duration::from_secs(60)]);
}

#[tokio::test]
async fn a_wait_ends_when_a_person_cancels() {
    let (budget, _, cancel) = budget(BudgetLimits { in_flight_max: 1, ..limits() });
    let _held = budget.enter(Effect::Read).await.unwrap();
    cancel.cancel();
    assert!(matches!(enter(&budget).await, Err(ConnectorError::Cancelled)));
}

#[tokio::test]
async fn without_a_report_the_day_has_room() {
    let (budget, ..) = budget(limits());
    enter(&budget).await.unwrap();
    assert_eq!(budget.used(), BudgetUse { ours: 1, reported: None });
}

#[track_caller]
fn spent(outcome: Result<(), ConnectorError>) -> Option<Duration> {
    match outcome {
        Err(ConnectorError::BudgetSpent { retry_after }) => retry_after,
        other => panic!("not spent: {other:?}"),
    }
}

#[tokio::test]
async fn we_stop_when_everybody_has_used_four_fifths() {
    let (budget, ..) = budget(limits());
    budget.observe(DailyUse { used: 11_999, limit: 15_000 });
    enter(&budget).await.unwrap();
    budget.observe(DailyUse { used: 12_000, limit: 15_000 });
    assert_eq!(spent(enter(&budget).await), Some(Duration::from_secs(900)));
}

#[tokio::test]
async fn we_stop_when_we_have_used_a_quarter_ourselves() {
    let (budget, ..) = budget(limits());
    budget.observe(DailyUse { used: 10, limit: 40 });
    for _ in 0..10 {
        enter(&budget).await.unwrap();
    }
    spent(enter(&budget).await);
}

#[tokio::test]
async fn yesterdays_requests_of_ours_no_longer_count() {
    let (budget, clock, _) = budget(limits());
    for _ in 0..10 {
        enter(&budget).await.unwrap();
    }
    clock.advance(Duration::from_secs(24 * 3_600));
    budget.observe(DailyUse { used: 10, limit: 40 });
    enter(&budget).await.unwrap();
    assert_eq!(budget.used().ours, 1);
}

#[tokio::test]
async fn an_old_report_lets_one_request_ask_again() {
    let (budget, clock, _) = budget(limits());
    budget.observe(DailyUse { used: 15_000, limit: 15_000 });
    spent(enter(&budget).await);
    clock.advance(Duration::from_secs(900));
    enter(&budget).await.unwrap();
}
