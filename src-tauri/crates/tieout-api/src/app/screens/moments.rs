//! Moments and sizes as the window prints them, in the zone of the first company that keeps books.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieout_domain::dates::date_in_zone;

use super::state::local;
use crate::app::home::{Home, Open};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Where and when the window is.
pub(crate) struct Moments {
    pub zone: TimeZone,
    pub now: Timestamp,
    pub today: Date,
}

impl Moments {
    pub(crate) fn of(workspace: &Workspace) -> Result<Self, Failure> {
        let mut zone = TimeZone::UTC;
        for ledger in &workspace.engine.ledgers {
            if let Some(company) = workspace.engine.company(&ledger.id)? {
                zone = company.time_zone;
                break;
            }
        }
        let now = workspace.clock.now();
        Ok(Self { today: date_in_zone(now, &zone), zone, now })
    }

    /// `09:30` today, `2 Jul 17:40` before.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        local(at, &self.zone, self.today)
    }

    /// `09:21:14` today, `2 Jul 17:40:02` before.
    pub(crate) fn exact(&self, at: Timestamp) -> String {
        let seconds = at.to_zoned(self.zone.clone()).strftime(":%S").to_string();
        format!("{}{seconds}", self.moment(at))
    }

    /// `09:21` today, `15 Jun` before.
    pub(crate) fn since(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        let form = match (zoned.date() == self.today, zoned.date().year() == self.today.year()) {
            (true, _) => "%H:%M",
            (false, true) => "%-d %b",
            (false, false) => "%-d %b %Y",
        };
        zoned.strftime(form).to_string()
    }

    /// When the schedule runs next: a run that is overdue comes at once. `None`: no schedule.
    pub(crate) fn next_run(
        &self,
        home: &Home,
        workspace: &Workspace,
    ) -> Result<Option<Timestamp>, Failure> {
        let standing = home.standing();
        let every = home.preferences().schedule.secs();
        let Some(every) = every.filter(|_| standing.open == Open::Real && !standing.read_only)
        else {
            return Ok(None);
        };
        let last = workspace.engine.store.runs(1)?.into_iter().next();
        let every = jiff::SignedDuration::from_secs(every);
        let next = last.and_then(|row| row.run.started_at.checked_add(every).ok());
        Ok(Some(next.map_or(self.now, |next| next.max(self.now))))
    }
}

const KILO: u64 = 1_000;
const MEGA: u64 = 1_000_000;

/// `812 bytes`, `240 kB`, `4.1 MB`.
pub(crate) fn size(bytes: u64) -> String {
    if bytes < KILO {
        return crate::export::words::counted(bytes, "byte", "bytes");
    }
    if bytes < MEGA {
        return format!("{} kB", bytes / KILO);
    }
    let tenths = bytes / (MEGA / 10);
    format!("{}.{} MB", tieout_report::print_count(tenths / 10), tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_and_never_rounded_up() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(240_999), "240 kB");
        assert_eq!(size(4_199_999), "4.1 MB");
        assert_eq!(size(1_204_000_000), "1,204.0 MB");
    }

    #[test]
    fn a_moment_says_no_more_than_it_must() {
        let now: Timestamp = "2026-07-06T16:41:00Z".parse().unwrap();
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let moments = Moments { today: date_in_zone(now, &zone), zone, now };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(moments.exact(at("2026-07-06T16:21:14Z")), "09:21:14");
        assert_eq!(moments.exact(at("2026-07-02T16:21:14Z")), "2 Jul 09:21:14");
        assert_eq!(moments.since(at("2026-07-06T16:21:14Z")), "09:21");
        assert_eq!(moments.since(at("2026-06-15T16:21:14Z")), "15 Jun");
        assert_eq!(moments.since(at("2025-06-15T16:21:14Z")), "15 Jun 2025");
    }
}
