//! From what was typed to a day and a moment.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use tieout_connect::ports::DateRange;
use tieout_domain::dates::Period;
use tieout_domain::ids::ConnectionId;
use tieout_engine::{KnownAt, LedgerView};

use crate::codes::Code;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// The first day that any comparison of totals covers.
const EVER_FROM: Date = date(1990, 1, 1);
/// The last day that any comparison of totals covers.
const EVER_TO: Date = date(2199, 12, 31);

/// As of which day, as known when, of which ledger.
#[derive(Clone, Debug, Default)]
pub struct FrameOptions {
    /// ISO date. `None`: the end of the last full month.
    pub as_of: Option<String>,
    /// RFC 3339 instant. `None`: now.
    pub known_at: Option<String>,
    /// Name of the ledger connection. `None`: the only one.
    pub ledger: Option<String>,
}

/// The books of the ledger in the frame.
pub(crate) fn view(workspace: &Workspace, options: &FrameOptions) -> Result<LedgerView, Failure> {
    let ledger = workspace.ledger_named(options.ledger.as_deref())?;
    let known_at = options.known_at.as_deref().map(instant).transpose()?;
    let as_of = match &options.as_of {
        Some(text) => day(text)?,
        None => last_month_end(workspace, &ledger, known_at)?,
    };
    Ok(workspace.engine.view(&ledger, KnownAt { as_of, known_at })?)
}

/// Whether a date can be read, so that a typing mistake is told before anything is opened.
pub fn check_date(text: &str) -> Result<(), Failure> {
    day(text).map(drop)
}

/// As `check_date`, for a moment of knowledge.
pub fn check_moment(text: &str) -> Result<(), Failure> {
    instant(text).map(drop)
}

/// As `check_date`, for a month.
pub fn check_month(text: &str) -> Result<(), Failure> {
    month_of(text).map(drop)
}

/// An ISO date as typed.
pub(crate) fn day(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|error| {
        let detail = format!("`{text}` is not a date; write it like `2026-06-30`");
        Failure::caused(Code::Usage, detail, error)
    })
}

fn instant(text: &str) -> Result<Timestamp, Failure> {
    let zoned = || text.parse::<Zoned>().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>().or_else(|_| zoned()).map_err(|error| {
        let detail = format!("`{text}` is not a moment; write it like `2026-07-02T17:40-07:00`");
        Failure::caused(Code::Usage, detail, error)
    })
}

/// A month as typed: `2026-06`.
pub(crate) fn month_of(text: &str) -> Result<Period, Failure> {
    let first = format!("{text}-01");
    first.parse::<Date>().map(Period::month_of).map_err(|error| {
        let detail = format!("`{text}` is not a month; write it like `2026-06`");
        Failure::caused(Code::Usage, detail, error)
    })
}

/// The last day of the last full month in the ledger's zone.
pub(crate) fn last_month_end(
    workspace: &Workspace,
    ledger: &ConnectionId,
    known_at: Option<Timestamp>,
) -> Result<Date, Failure> {
    let today = match workspace.engine.view_today(ledger) {
        Ok(view) => match known_at {
            Some(at) => tieout_domain::dates::date_in_zone(at, &view.frame.time_zone),
            None => view.frame.today,
        },
        // Nothing was read yet: the first run needs a month all the same.
        Err(tieout_engine::EngineError::NothingToReport) => {
            let at = known_at.unwrap_or_else(|| workspace.engine.now());
            tieout_domain::dates::date_in_zone(at, &TimeZone::UTC)
        }
        Err(error) => return Err(error.into()),
    };
    let first = today.first_of_month();
    Ok(first.yesterday().unwrap_or(first))
}

/// The ranges whose totals a run compares: the month, everything up to its end, and everything.
pub(crate) fn ranges_for(period: Period) -> Vec<DateRange> {
    vec![
        DateRange { from: period.start(), to: period.end() },
        DateRange { from: EVER_FROM, to: period.end() },
        DateRange { from: EVER_FROM, to: EVER_TO },
    ]
}
