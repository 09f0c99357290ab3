//! Statements of the query language (`quickbooks §4.1`).

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::entity::Entity;

/// Most rows that one statement may ask for; without the clause only 100 would come.
pub(crate) const PAGE_ROWS_MAX: u32 = 1_000;

/// One statement. Conditions are joined by `AND`; the language has no `OR`.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    entity: Entity,
    columns: &'static str,
    conditions: Vec<String>,
    order: Option<&'static str>,
    start: u32,
}

impl Select {
    /// Whole records: members of references are not reliably honoured in a list of columns.
    pub fn all(entity: Entity) -> Self {
        Self::of(entity, "*")
    }

    /// Only how many.
    pub fn count(entity: Entity) -> Self {
        Self::of(entity, "COUNT(*)")
    }

    fn of(entity: Entity, columns: &'static str) -> Self {
        let conditions = if entity.hides_inactive() {
            vec!["Active IN (true,false)".to_owned()]
        } else {
            Vec::new()
        };
        Self { entity, columns, conditions, order: None, start: 1 }
    }

    pub fn entity(&self) -> Entity {
        self.entity
    }

    pub fn start(&self) -> u32 {
        self.start
    }

    pub fn equals(mut self, field: &str, value: &str) -> Self {
        self.conditions.push(format!("{field} = {}", literal(value)));
        self
    }

    /// One of several values; at least one must be given.
    pub fn among<'a>(mut self, field: &str, values: impl Iterator<Item = &'a str>) -> Self {
        let values: Vec<String> = values.map(literal).collect();
        self.conditions.push(format!("{field} IN ({})", values.join(",")));
        self
    }

    pub fn more_than(mut self, field: &str, value: &str) -> Self {
        self.conditions.push(format!("{field} > {}", literal(value)));
        self
    }

    /// Both ends included.
    pub fn dated(mut self, from: Date, to: Date) -> Self {
        self.conditions.push(format!("TxnDate >= '{from}'"));
        self.conditions.push(format!("TxnDate <= '{to}'"));
        self
    }

    pub fn changed_since(mut self, since: Timestamp) -> Self {
        self.conditions.push(format!("{CHANGED} >= '{}'", wire_instant(since)));
        self
    }

    pub fn oldest_change_first(mut self) -> Self {
        self.order = Some("MetaData.LastUpdatedTime ASC");
        self
    }

    pub fn newest_change_first(mut self) -> Self {
        self.order = Some("MetaData.LastUpdatedTime DESC");
        self
    }

    /// Position of the first row, from 1.
    pub fn starting_at(mut self, start: u32) -> Self {
        self.start = start.max(1);
        self
    }

    /// The statement as sent, before percent-encoding.
    pub fn text(&self) -> String {
        let mut text = format!("SELECT {} FROM {}", self.columns, self.entity.name());
        for (position, condition) in self.conditions.iter().enumerate() {
            let word = if position == 0 { "WHERE" } else { "AND" };
            let _ = write!(text, " {word} {condition}");
        }
        if let Some(order) = self.order {
            let _ = write!(text, " ORDERBY {order}");
        }
        if self.columns == "*" {
            let _ = write!(text, " STARTPOSITION {} MAXRESULTS {PAGE_ROWS_MAX}", self.start);
        }
        text
    }
}

const CHANGED: &str = "MetaData.LastUpdatedTime";

/// A value in single quotes. An apostrophe takes a backslash, doubling it is not the way.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// An instant with a numeric offset in whole seconds, which is how precise the tool keeps it.
pub(crate) fn wire_instant(at: Timestamp) -> String {
    let utc = at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    format!("{}+00:00", utc.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Percent-encodes everything but unreserved characters, so that a plus of an offset, an ampersand
/// of a name and a space all survive.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(select: Select, want: &str) {
        assert_eq!(select.text(), want);
    }

    #[test]
    fn a_changed_page() {
        let since = "2026-02-03T08:00:00.9-08:00".parse().unwrap();
        check(
            Select::all(Entity::Invoice).changed_since(since).oldest_change_first(),
            "SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '2026-02-03T16:00:00+00:00' \
             ORDERBY MetaData.LastUpdatedTime ASC STARTPOSITION 1 MAXRESULTS 1000",
        );
    }

    #[test]
    fn a_list_shows_its_inactive_rows() {
        check(
            Select::all(Entity::Customer).equals("DisplayName", "O'Brien & Sons"),
            "SELECT * FROM Customer WHERE Active IN (true,false) \
             AND DisplayName = 'O\\'Brien & Sons' STARTPOSITION 1 MAXRESULTS 1000",
        );
    }

    #[test]
    fn a_count_has_no_page() {
        check(
            Select::count(Entity::Payment)
                .dated(date(2026, 1, 1), date(2026, 1, 31))
                .more_than("TotalAmt", "0"),
            "SELECT COUNT(*) FROM Payment WHERE TxnDate >= '2026-01-01' \
             AND TxnDate <= '2026-01-31' AND TotalAmt > '0'",
        );
    }

    #[test]
    fn an_apostrophe_cannot_end_the_literal() {
        assert_eq!(literal("Amy's"), r"'Amy\'s'");
        assert_eq!(literal(r"\' OR Id > "), r"'\\\' OR Id > '");
    }

    #[test]
    fn everything_reserved_is_encoded() {
        assert_eq!(encoded("a+b & c='é'"), "a%2Bb%20%26%20c%3D%27%C3%A9%27");
    }
}
