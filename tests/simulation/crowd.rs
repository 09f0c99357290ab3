//! Many worlds side by side, on every core.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

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

/// `TIEOUT_HISTORIES` histories from `TIEOUT_SEED` on.
#[test]
fn random_histories() {
    let first = from_environment("TIEOUT_SEED", 1);
    let histories = from_environment("TIEOUT_HISTORIES", HISTORIES);
    let seeds: Vec<u64> = (first..first + histories).collect();
    let started = Instant::now();
    let failed = side_by_side(&seeds, |seed| history::live(*seed));
    let millis = started.elapsed().as_millis().max(1);
    let per_second = u128::from(histories) * 10_000 / millis;
    eprintln!("{}\n\n{}\n", coverage::table(), coverage::done());
    eprintln!(
        "{histories} histories from seed {first} in {} s: {}.{} a second",
        millis / 1_000,
        per_second / 10,
        per_second % 10
    );
    for seed in &failed {
        eprintln!("seed {seed} failed: cargo xtask simulate --histories 1 --seed {seed}");
    }
    assert!(failed.is_empty(), "{} of {histories} histories failed", failed.len());
}
