//! What the system's notifications tell: one per cause and day, never an amount
//! (`design §19`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieout_domain::dates::Period;
use tieout_domain::effect::EffectState;
use tieout_domain::verdict::Verdict;
use tieout_engine::{Gap, KnownAt, RunReport};

use super::writer::Writer;
use crate::commands::frame;
use crate::export::words::counted;
use crate::failure::Failure;

/// An unknown outcome is told once it is older than this.
const UNKNOWN_AFTER_SECS: i64 = 15 * 60;

/// Why a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    Finished,
    Failed,
    SignIn,
    Unknown,
    Limit,
}

impl Cause {
    /// The command of the page that shows what it is about.
    const fn opens(self) -> &'static str {
        match self {
            Self::Finished | Self::Failed | Self::Unknown => "go.activity",
            Self::SignIn => "go.connections",
            Self::Limit => "go.reconciliation",
        }
    }
}

/// The day on which each cause was told last.
#[derive(Default)]
pub(crate) struct Told {
    days: BTreeMap<Cause, Date>,
}

impl Told {
    /// Whether the cause may be told today; from here it was.
    fn may(&mut self, cause: Cause, today: Date) -> bool {
        self.days.insert(cause, today) != Some(today)
    }
}

/// Tells what a scheduled run came to.
pub(crate) fn after_run(
    writer: &mut Writer,
    report: &RunReport,
    said: &str,
) -> Result<(), Failure> {
    let wanted = writer.home.preferences().notify;
    if wanted.finished && report.is_complete() {
        tell(writer, Cause::Finished, "Run complete", said);
    }
    if wanted.failed && !report.is_complete() {
        tell(writer, Cause::Failed, "Run incomplete", said);
    }
    let signed_out = report.gaps.iter().any(|gap| match gap {
        Gap::Connection { problem, .. } | Gap::Feed { problem, .. } => {
            problem.class == "sign_in_needed"
        }
        _ => false,
    });
    if wanted.sign_in && signed_out {
        let body = "Nothing was lost and nothing was sent.";
        tell(writer, Cause::SignIn, "A connection asks you to sign in again", body);
    }
    let unknown = unknown_for_long(writer)?;
    if wanted.unknown && unknown > 0 {
        let title = counted(unknown, "outcome is unknown", "outcomes are unknown");
        tell(writer, Cause::Unknown, &title, "It is never sent again without an answer.");
    }
    let open = beyond_limits(writer, report)?;
    if wanted.limit && open > 0 {
        let title = counted(open, "difference needs a reason", "differences need a reason");
        tell(writer, Cause::Limit, &title, "They are above the limit, in the last full month.");
    }
    Ok(())
}

/// Tells that a scheduled run could not be carried out.
pub(crate) fn failed(writer: &mut Writer, failure: &Failure) {
    if writer.home.preferences().notify.failed {
        let body = format!("{}: {}", failure.code.as_str(), failure.code.title());
        tell(writer, Cause::Failed, "The scheduled run failed", &body);
    }
}

fn tell(writer: &mut Writer, cause: Cause, title: &str, body: &str) {
    let today = writer.home.now().to_zoned(TimeZone::UTC).date();
    if writer.told.may(cause, today) {
        writer.home.desktop.notify(title, body, Some(cause.opens()));
    }
}

fn unknown_for_long(writer: &mut Writer) -> Result<u64, Failure> {
    let now = writer.home.now();
    let effects = writer.workspace()?.engine.effects()?;
    let old = |since: jiff::Timestamp| now.duration_since(since).as_secs() >= UNKNOWN_AFTER_SECS;
    let unknown = effects.iter().filter(|effect| {
        let since = effect.last_sent_at.unwrap_or(effect.created_at);
        effect.state == EffectState::Unknown && old(since)
    });
    Ok(unknown.count() as u64)
}

/// Deals of the last full month, of every ledger, that differ and have no accepted reason.
fn beyond_limits(writer: &mut Writer, report: &RunReport) -> Result<u64, Failure> {
    if !report.is_complete() {
        return Ok(0);
    }
    let workspace = writer.workspace()?;
    let mut open = 0;
    for ledger in workspace.engine.connected_ledgers() {
        let end = frame::last_month_end(workspace, &ledger, None)?;
        let as_of = Period::month_of(end).end();
        let view = workspace.engine.view(&ledger, KnownAt { as_of, known_at: None })?;
        let rows = view.reconcile()?.rows;
        open += rows.iter().filter(|row| row.verdict == Some(Verdict::Unexplained)).count() as u64;
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_notification_opens_a_place_that_the_page_has() {
        let catalog = include_str!("../../../../../ui/src/commands/catalog.json");
        let catalog: serde_json::Value = serde_json::from_str(catalog).unwrap();
        for cause in [Cause::Finished, Cause::Failed, Cause::SignIn, Cause::Unknown, Cause::Limit] {
            assert!(catalog.get(cause.opens()).is_some(), "{}", cause.opens());
        }
    }

    #[test]
    fn a_cause_is_told_once_a_day() {
        let mut told = Told::default();
        assert!(told.may(Cause::Failed, date(2026, 7, 6)));
        assert!(!told.may(Cause::Failed, date(2026, 7, 6)));
        assert!(told.may(Cause::Unknown, date(2026, 7, 6)));
        assert!(told.may(Cause::Failed, date(2026, 7, 7)));
    }
}
