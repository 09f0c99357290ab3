//! Date literals such as `LAST_N_DAYS:30`, in the user's time zone.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// Largest number that a literal takes.
const COUNT_MAX: i64 = 100_000;

/// A span of days: first day, and the day after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Date,
    pub until: Date,
}

const PLAIN: [&str; 17] = [
    "TODAY",
    "YESTERDAY",
    "TOMORROW",
    "THIS_WEEK",
    "LAST_WEEK",
    "NEXT_WEEK",
    "THIS_MONTH",
    "LAST_MONTH",
    "NEXT_MONTH",
    "THIS_QUARTER",
    "LAST_QUARTER",
    "NEXT_QUARTER",
    "THIS_YEAR",
    "LAST_YEAR",
    "NEXT_YEAR",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
];
const COUNTED: [&str; 9] = [
    "LAST_N_DAYS",
    "NEXT_N_DAYS",
    "N_DAYS_AGO",
    "LAST_N_WEEKS",
    "NEXT_N_WEEKS",
    "LAST_N_MONTHS",
    "NEXT_N_MONTHS",
    "LAST_N_YEARS",
    "NEXT_N_YEARS",
];

/// Whether `word` is a date literal, in any case.
pub fn is_relative(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    PLAIN.contains(&word.as_str()) || COUNTED.contains(&word.as_str())
}

/// Whether `:n` follows this upper-case literal.
pub fn takes_number(word: &str) -> bool {
    COUNTED.contains(&word)
}

/// The days of a literal, seen from `today`; nothing outside the calendar.
pub fn days(word: &str, count: Option<i64>, today: Date) -> Option<Days> {
    let count = count.unwrap_or(0).min(COUNT_MAX);
    let tomorrow = today.tomorrow().ok()?;
    match word {
        "TODAY" => Some(Days { from: today, until: tomorrow }),
        "YESTERDAY" => Some(Days { from: today.yesterday().ok()?, until: today }),
        "TOMORROW" => Some(Days { from: tomorrow, until: tomorrow.tomorrow().ok()? }),
        "LAST_90_DAYS" => between(today, -90, tomorrow, 0),
        "NEXT_90_DAYS" => between(tomorrow, 0, tomorrow, 90),
        "LAST_N_DAYS" => between(today, -count, tomorrow, 0),
        "NEXT_N_DAYS" => between(tomorrow, 0, tomorrow, count),
        "N_DAYS_AGO" => between(today, -count, tomorrow, -count),
        _ => calendar_unit(word, count, today),
    }
}

fn between(from: Date, back: i64, until: Date, ahead: i64) -> Option<Days> {
    Some(Days { from: moved(from, back.days())?, until: moved(until, ahead.days())? })
}

fn moved(date: Date, by: Span) -> Option<Date> {
    date.checked_add(by).ok()
}

/// `THIS_`, `LAST_`, `NEXT_`, `LAST_N_` and `NEXT_N_` of weeks, months, quarters and years.
fn calendar_unit(word: &str, count: i64, today: Date) -> Option<Days> {
    let (when, unit) = word.rsplit_once('_')?;
    let unit = unit.trim_end_matches('S');
    let start = unit_start(unit, today)?;
    let step = |units: i64| moved(start, unit_span(unit, units)?);
    let (from, until) = match when {
        "THIS" => (start, step(1)?),
        "LAST" => (step(-1)?, start),
        "NEXT" => (step(1)?, step(2)?),
        "LAST_N" => (step(-count)?, start),
        "NEXT_N" => (step(1)?, step(1 + count)?),
        _ => return None,
    };
    Some(Days { from, until })
}

fn unit_start(unit: &str, today: Date) -> Option<Date> {
    match unit {
        "WEEK" => {
            let since_sunday = i64::from(today.weekday().since(Weekday::Sunday));
            moved(today, (-since_sunday).days())
        }
        "MONTH" => Some(today.first_of_month()),
        "QUARTER" => {
            let month = (today.month() - 1) / 3 * 3 + 1;
            Date::new(today.year(), month, 1).ok()
        }
        "YEAR" => Some(today.first_of_year()),
        _ => None,
    }
}

fn unit_span(unit: &str, units: i64) -> Option<Span> {
    match unit {
        "WEEK" => Span::new().try_weeks(units).ok(),
        "MONTH" => Span::new().try_months(units).ok(),
        "QUARTER" => Span::new().try_months(units.checked_mul(3)?).ok(),
        _ => Span::new().try_years(units).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, count: Option<i64>, from: &str, until: &str) {
        // A Monday.
        let today = Date::constant(2026, 7, 6);
        let found = days(word, count, today).expect("in the calendar");
        assert_eq!((found.from.to_string(), found.until.to_string()), (from.into(), until.into()));
    }

    #[test]
    fn literals_are_spans_of_days() {
        check("TODAY", None, "2026-07-06", "2026-07-07");
        check("YESTERDAY", None, "2026-07-05", "2026-07-06");
        check("LAST_N_DAYS", Some(30), "2026-06-06", "2026-07-07");
        check("NEXT_N_DAYS", Some(2), "2026-07-07", "2026-07-09");
        check("N_DAYS_AGO", Some(6), "2026-06-30", "2026-07-01");
        check("THIS_WEEK", None, "2026-07-05", "2026-07-12");
        check("LAST_MONTH", None, "2026-06-01", "2026-07-01");
        check("LAST_QUARTER", None, "2026-04-01", "2026-07-01");
        check("NEXT_YEAR", None, "2027-01-01", "2028-01-01");
        check("LAST_N_MONTHS", Some(3), "2026-04-01", "2026-07-01");
    }
}
