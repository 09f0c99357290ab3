//! Calendar dates, windows and periods (`finance-domain §3`).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A date or period that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Before year -9999 or after year 9999.
    #[error("the date lies outside the calendar")]
    OutOfCalendar,
    /// A period that ends before it starts.
    #[error("a period cannot end before it starts")]
    EndBeforeStart,
}

/// Calendar days from one date to another; negative if `to` is earlier (`§3 D2`).
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// `6 Jul 2026`: the month is a word, so that no reader takes it for the day.
pub fn in_words(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// The date that an instant has in the entity's time zone (`§3 D1`).
pub fn date_in_zone(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The same day of the month `months` earlier, clamped to that month's end.
pub fn months_back(date: Date, months: u32) -> Result<Date, DateError> {
    let span = Span::new().try_months(i64::from(months)).map_err(|_| DateError::OutOfCalendar)?;
    date.checked_sub(span).map_err(|_| DateError::OutOfCalendar)
}

/// The date `days` later.
pub fn days_after(date: Date, days: u32) -> Result<Date, DateError> {
    let span = Span::new().try_days(i64::from(days)).map_err(|_| DateError::OutOfCalendar)?;
    date.checked_add(span).map_err(|_| DateError::OutOfCalendar)
}

/// Whether `date` lies in the trailing months of `as_of`: after the same day `months` earlier, up
/// to and including `as_of` (`§11`). Months beyond the calendar's first day are all of it.
pub fn in_trailing_months(date: Date, as_of: Date, months: u32) -> bool {
    date <= as_of && months_back(as_of, months).map_or(true, |start| date > start)
}

/// An accounting period: both ends are part of it (`§3 D4`). Any length, so that 4-4-5 fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: Date,
    end: Date,
}

impl Period {
    /// From the first to the last day.
    pub fn new(start: Date, end: Date) -> Result<Self, DateError> {
        if end < start { Err(DateError::EndBeforeStart) } else { Ok(Self { start, end }) }
    }

    /// The calendar month that `date` lies in.
    pub fn month_of(date: Date) -> Self {
        Self { start: date.first_of_month(), end: date.last_of_month() }
    }

    /// First day.
    pub const fn start(self) -> Date {
        self.start
    }

    /// Last day.
    pub const fn end(self) -> Date {
        self.end
    }

    /// Whether the date lies in the period.
    pub fn contains(self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }

    /// Calendar days, at least one.
    pub fn days(self) -> i64 {
        days_between(self.start, self.end) + 1
    }
}

/// `BACKDATED_CLOSE`: the deal became won after the period of its close date was over (`§3 D5`).
pub fn is_backdated_close(close_period: Period, became_won_on: Date) -> bool {
    became_won_on > close_period.end
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn trailing_twelve_months_begin_the_day_after() {
        let as_of = date(2026, 6, 30);
        assert!(!in_trailing_months(date(2025, 6, 30), as_of, 12));
        assert!(in_trailing_months(date(2025, 7, 1), as_of, 12));
        assert!(in_trailing_months(as_of, as_of, 12));
        assert!(!in_trailing_months(date(2026, 7, 1), as_of, 12));
    }

    #[test]
    fn a_window_longer_than_the_calendar_holds_everything_before() {
        assert!(in_trailing_months(date(1, 1, 1), date(2026, 6, 30), u32::MAX));
        assert!(!in_trailing_months(date(2026, 7, 1), date(2026, 6, 30), u32::MAX));
    }

    #[test]
    fn dates_outside_the_calendar_are_an_error() {
        assert_eq!(months_back(date(2026, 6, 30), u32::MAX), Err(DateError::OutOfCalendar));
        assert_eq!(days_after(date(2026, 6, 30), u32::MAX), Err(DateError::OutOfCalendar));
    }

    #[test]
    fn a_period_holds_both_its_ends() {
        let june = Period::month_of(date(2026, 6, 9));
        assert_eq!(
            (june.start(), june.end(), june.days()),
            (date(2026, 6, 1), date(2026, 6, 30), 30)
        );
        assert!(june.contains(june.start()) && june.contains(june.end()));
        assert!(!june.contains(date(2026, 7, 1)));
        assert_eq!(Period::new(june.end(), june.start()), Err(DateError::EndBeforeStart));
    }

    #[test]
    fn a_deal_won_in_the_next_period_is_backdated() {
        let june = Period::month_of(date(2026, 6, 30));
        assert!(!is_backdated_close(june, date(2026, 6, 30)));
        assert!(is_backdated_close(june, date(2026, 7, 2)));
    }

    #[test]
    fn an_instant_has_the_date_of_the_entitys_zone() {
        let at: Timestamp = "2026-07-01T05:30:00Z".parse().unwrap();
        let west = TimeZone::fixed(jiff::tz::offset(-7));
        assert_eq!(date_in_zone(at, &west), date(2026, 6, 30));
        assert_eq!(date_in_zone(at, &TimeZone::UTC), date(2026, 7, 1));
    }
}
