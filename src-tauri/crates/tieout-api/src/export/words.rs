//! How figures and dates stand inside sentences.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use tieout_domain::Money;
use tieout_domain::dates::Period;
use tieout_report::{MoneyStyle, print_date, print_money};

/// The amount with its digits, without its currency: `0.00`, `(350.00)`.
pub(crate) fn amount(money: Money) -> String {
    print_money(money, MoneyStyle::GRID)
}

/// The amount with its currency: `1,250.00 USD`.
pub(crate) fn amount_in(money: Money) -> String {
    format!("{} {}", amount(money), money.currency())
}

/// `30 Jun 2026`.
pub(crate) fn day(date: Date) -> String {
    print_date(date)
}

/// The instant in the entity's zone.
pub(crate) fn zoned(at: Timestamp, zone: &TimeZone) -> Zoned {
    at.to_zoned(zone.clone())
}

/// `6 Jul 2026 09:44 PDT`.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    tieout_report::print_moment(&zoned(at, zone))
}

/// `1 deal`, `37 deals`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", tieout_report::print_count(count))
}

/// A sentence with its code marks set as quotation marks, where it is read and not typed: a name
/// is a name there, and nothing to copy into a terminal.
pub(crate) fn typeset(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, quoted, after)) = first_quoted(rest) {
        text.push_str(before);
        text.push('“');
        text.push_str(quoted);
        text.push('”');
        rest = after;
    }
    text + rest
}

fn first_quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (quoted, after) = rest.split_once('`')?;
    Some((before, quoted, after))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A calendar month by its name, any other period by its ends.
pub(crate) fn period(of: Period) -> String {
    if of == Period::month_of(of.start()) {
        of.start().strftime("%B %Y").to_string()
    } else {
        format!("{} to {}", day(of.start()), day(of.end()))
    }
}

/// The dates that a total covers: the period by name, or what it begins and ends with.
pub(crate) fn range(from: Date, to: Date, reported: Period, ever: bool) -> String {
    match (from == reported.start(), to == reported.end()) {
        (true, true) => period(reported),
        (false, true) if ever => format!("all to {}", day(to)),
        _ if ever => "all dates".to_owned(),
        _ => format!("{} to {}", day(from), day(to)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_list_ends_with_and() {
        let words =
            |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        assert_eq!(listed(&words(&["a"])), "a");
        assert_eq!(listed(&words(&["a", "b", "c"])), "a, b and c");
    }

    #[test]
    fn a_month_has_a_name_and_other_periods_have_ends() {
        assert_eq!(period(Period::month_of(date(2026, 6, 9))), "June 2026");
        let odd = Period::new(date(2026, 5, 31), date(2026, 6, 27)).unwrap();
        assert_eq!(period(odd), "31 May 2026 to 27 Jun 2026");
    }

    #[test]
    fn a_name_in_code_marks_is_set_in_quotation_marks() {
        assert_eq!(typeset("`a b` and `c`: 1"), "“a b” and “c”: 1");
        assert_eq!(typeset("no name"), "no name");
        assert_eq!(typeset("one ` alone"), "one ` alone");
    }

    #[test]
    fn a_count_has_its_noun() {
        assert_eq!(counted(1, "deal", "deals"), "1 deal");
        assert_eq!(counted(1_200, "deal", "deals"), "1,200 deals");
    }
}
