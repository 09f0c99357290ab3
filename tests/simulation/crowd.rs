//! Many worlds side by side, on every core.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::coverage;
use crate::history;

/// Histories of an ordinary test run.
const HISTORIES: u64 = 200;

/// Does every task once, on every core. Gives those that failed.
pub fn side_by_side<T: Sync>(tasks: &[T], each: impl Fn(&T) + Sync) -> Vec<&T> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| each(task))).is_err() {
                        failed.lock().unwrap().push(task);
                    }
                }
            });
        }
    });
    failed.into_inner().unwrap()
}

/// A number from the environment.
pub fn from_environment(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// What this thread had of a core so far; nothing where the system does not say.
fn core_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// So many a second, to one place.
fn rate(count: u64, millis: u64) -> String {
    let tenths = count * 10_000 / millis.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `TIEOUT_HISTORIES` histories from `TIEOUT_SEED` on.
#[test]
fn random_histories() {
    let first = from_environment("TIEOUT_SEED", 1);
    let histories = from_environment("TIEOUT_HISTORIES", HISTORIES);
    let seeds: Vec<u64> = (first..first + histories).collect();
    let (started, of_a_core) = (Instant::now(), AtomicU64::new(0));
    let failed = side_by_side(&seeds, |seed| {
        let before = core_time();
        history::live(*seed);
        let spent = core_time().saturating_sub(before).as_millis();
        of_a_core.fetch_add(u64::try_from(spent).unwrap(), Ordering::Relaxed);
    });
    let took = u64::try_from(started.elapsed().as_millis()).unwrap();
    let (table, in_short) = (coverage::table(), coverage::in_short());
    eprintln!("{table}\n\n{in_short}\n{}\n", coverage::done());
    eprintln!(
        "{histories} histories from seed {first} in {} s: {} a second, {} per second of a core",
        took / 1_000,
        rate(histories, took),
        rate(histories, of_a_core.into_inner())
    );
    for seed in &failed {
        eprintln!("seed {seed} failed: cargo xtask simulate --histories 1 --seed {seed}");
    }
    assert!(failed.is_empty(), "{} of {histories} histories failed", failed.len());
}
