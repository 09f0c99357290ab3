//! Our part of the calls that a tool allows: in flight, per minute, per day.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::error::ConnectorError;
use crate::session::Effect;

/// What one connection may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetLimits {
    /// Requests under way at one time.
    pub in_flight_max: usize,
    /// Of these, writes.
    pub writes_in_flight_max: usize,
    /// Requests begun in any 60 seconds. `None`: no such limit.
    pub per_minute_max: Option<u32>,
    /// Our share of a daily ceiling that the tool reports. `None`: no such ceiling.
    pub daily: Option<DailyShare>,
}

/// Where we stop, in percent of the tool's daily ceiling (`salesforce §11`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyShare {
    /// Calls of ours in the last 24 hours.
    pub ours_percent: u32,
    /// Calls of everybody, as the tool reports them.
    pub everybody_percent: u32,
}

/// What the tool reports about the day's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyUse {
    /// Calls of everybody in the rolling day.
    pub used: u64,
    /// Calls that everybody together may make in the rolling day.
    pub limit: u64,
}

/// Both figures for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUse {
    /// Requests of ours in the last 24 hours, as far as this process saw them.
    pub ours: u64,
    /// What the tool last reported.
    pub reported: Option<DailyUse>,
}

/// A report older than this no longer stops us: one request may ask again, or we would never
/// learn that the ceiling has room.
const REPORT_LIFE_SECS: i64 = 15 * 60;
const MINUTE_SECS: i64 = 60;
const HOUR_SECS: i64 = 3_600;
const DAY_HOURS: i64 = 24;
/// Shortest pause before looking again whether the minute has room.
const PAUSE_MS_MIN: i64 = 10;

/// The budget of one connection. Every request passes through it.
pub struct Budget {
    limits: BudgetLimits,
    clock: Arc<dyn Clock>,
    cancel: Cancel,
    all: Arc<Semaphore>,
    writes: Arc<Semaphore>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// Begin times of the requests of the last minute, oldest first.
    minute: VecDeque<Timestamp>,
    /// Requests of ours by hour since the epoch.
    hours: BTreeMap<i64, u64>,
    reported: Option<(DailyUse, Timestamp)>,
}

/// Held while a request is under way.
#[derive(Debug)]
pub struct Permit {
    _all: OwnedSemaphorePermit,
    _write: Option<OwnedSemaphorePermit>,
}

impl Budget {
    /// A budget of which nothing is used. Waits end with `cancel`.
    pub fn new(limits: BudgetLimits, clock: Arc<dyn Clock>, cancel: Cancel) -> Self {
        let all = Arc::new(Semaphore::new(limits.in_flight_max.max(1)));
        let writes = Arc::new(Semaphore::new(limits.writes_in_flight_max.max(1)));
        Self { limits, clock, cancel, all, writes, counts: Mutex::default() }
    }

    /// Waits for room and counts the request. `BudgetSpent` when the day's share is used up,
    /// `Cancelled` when a person stopped the wait.
    pub async fn enter(&self, effect: Effect) -> Result<Permit, ConnectorError> {
        self.require_daily_room()?;
        let write = match effect {
            Effect::Read => None,
            Effect::Write => Some(self.acquire(&self.writes).await?),
        };
        let all = self.acquire(&self.all).await?;
        while let Some(pause) = self.begin_or_pause() {
            let slept = self.cancel.unless_cancelled(self.clock.sleep(pause)).await;
            slept.ok_or(ConnectorError::Cancelled)?;
        }
        Ok(Permit { _all: all, _write: write })
    }

    /// Takes note of what the tool reported with an answer.
    pub fn observe(&self, report: DailyUse) {
        let now = self.clock.now();
        self.counts().reported = Some((report, now));
    }

    /// The figures as of now.
    pub fn used(&self) -> BudgetUse {
        let hour = hour_of(self.clock.now());
        let counts = self.counts();
        BudgetUse { ours: counts.ours(hour), reported: counts.reported.map(|(report, _)| report) }
    }

    async fn acquire(&self, of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ConnectorError> {
        let permit = self.cancel.unless_cancelled(of.clone().acquire_owned()).await;
        let permit = permit.ok_or(ConnectorError::Cancelled)?;
        Ok(permit.expect("a budget never closes its semaphores"))
    }

    fn require_daily_room(&self) -> Result<(), ConnectorError> {
        let Some(share) = self.limits.daily else {
            return Ok(());
        };
        let now = self.clock.now();
        let counts = self.counts();
        let Some((report, at)) = counts.reported else {
            return Ok(());
        };
        let age_secs = now.duration_since(at).as_secs();
        if age_secs >= REPORT_LIFE_SECS {
            return Ok(());
        }
        let reached = |used: u64, percent: u32| {
            u128::from(used) * 100 >= u128::from(report.limit) * u128::from(percent)
        };
        let spent = reached(report.used, share.everybody_percent)
            || reached(counts.ours(hour_of(now)), share.ours_percent);
        if spent {
            let wait_secs = u64::try_from(REPORT_LIFE_SECS - age_secs).unwrap_or_default();
            let retry_after = Some(Duration::from_secs(wait_secs));
            return Err(ConnectorError::BudgetSpent { retry_after });
        }
        Ok(())
    }

    /// Counts the request if the minute has room, else says how long to wait.
    fn begin_or_pause(&self) -> Option<Duration> {
        let now = self.clock.now();
        let mut counts = self.counts();
        let minute_ago = now.checked_sub(SignedDuration::from_secs(MINUTE_SECS)).unwrap_or(now);
        while counts.minute.front().is_some_and(|begun| *begun <= minute_ago) {
            counts.minute.pop_front();
        }
        if let Some(limit) = self.limits.per_minute_max {
            if counts.minute.len() >= usize::try_from(limit.max(1)).unwrap_or(usize::MAX) {
                let oldest = counts.minute.front().copied().unwrap_or(now);
                let wait_ms = oldest.duration_since(minute_ago).as_millis();
                let wait_ms = u64::try_from(wait_ms.max(i128::from(PAUSE_MS_MIN)));
                return Some(Duration::from_millis(wait_ms.unwrap_or_default()));
            }
            counts.minute.push_back(now);
        }
        counts.count(hour_of(now));
        None
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().expect("no holder of the counts panics")
    }
}

impl Counts {
    fn count(&mut self, hour: i64) {
        self.hours.retain(|at, _| *at > hour - DAY_HOURS);
        *self.hours.entry(hour).or_default() += 1;
    }

    fn ours(&self, hour: i64) -> u64 {
        self.hours.range(hour - DAY_HOURS + 1..).map(|(_, count)| count).sum()
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR_SECS)
}

#[cfg(test)]
mod tests;
