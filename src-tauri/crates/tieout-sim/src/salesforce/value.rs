//! What a field holds, and how it looks on the wire.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::json::Json;

/// The value of one field. Numbers are exact; moments have whole seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Null,
    Bool(bool),
    Text(String),
    Number(#[serde(with = "as_text")] Decimal),
    Date(#[serde(with = "as_text")] Date),
    Instant(#[serde(with = "as_text")] Timestamp),
}

/// Serde through `Display` and `FromStr`, for types that carry no serde of their own here.
pub mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: Display, S: Serializer>(value: &T, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    /// The text of an optional column, null where there is none.
    pub fn text_or_null(text: Option<impl Into<String>>) -> Self {
        text.map_or(Value::Null, |text| Value::Text(text.into()))
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_date(&self) -> Option<Date> {
        match self {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    pub fn as_instant(&self) -> Option<Timestamp> {
        match self {
            Value::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// Absent flags read as false, as Salesforce's do.
    pub fn is_true(&self) -> bool {
        *self == Value::Bool(true)
    }

    /// Plain text for people and tests: numbers without trailing zeros, null as nothing.
    pub fn plain(&self) -> Option<String> {
        match self {
            Value::Null => None,
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.normalize().to_string()),
            Value::Date(date) => Some(date.to_string()),
            Value::Instant(instant) => Some(instant.to_string()),
        }
    }

    /// Order of `ORDER BY`, `MIN` and `MAX`: text without case; null below everything.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Less,
            (_, Value::Null) => Ordering::Greater,
            (Value::Number(one), Value::Number(two)) => one.cmp(two),
            (Value::Date(one), Value::Date(two)) => one.cmp(two),
            (Value::Instant(one), Value::Instant(two)) => one.cmp(two),
            (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
            (Value::Text(one), Value::Text(two)) => {
                one.to_lowercase().cmp(&two.to_lowercase()).then_with(|| one.cmp(two))
            }
            _ => Ordering::Equal,
        }
    }
}

/// `2026-05-01T07:25:37.000+0000`: an offset without colon (salesforce §3.3).
pub fn wire_instant(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

/// Reads every form that Salesforce accepts in a body: with or without colon, fraction or `Z`.
pub fn read_instant(text: &str) -> Option<Timestamp> {
    let instant =
        text.parse().or_else(|_| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text)).ok()?;
    Some(whole_seconds(instant))
}

/// Salesforce keeps whole seconds.
pub fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// Ten million: from here on Java writes a double with an exponent.
const EXPONENT_FROM: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 0);

/// A double as Salesforce writes it: `15000.0`; with `exponents` also `3.5E8` (salesforce §3.3).
pub fn wire_double(number: Decimal, exponents: bool) -> Json {
    let plain = number.normalize();
    if exponents && plain.abs() >= EXPONENT_FROM {
        return Json::Number(scientific(plain));
    }
    let text = plain.to_string();
    Json::Number(if plain.scale() == 0 { text + ".0" } else { text })
}

fn scientific(number: Decimal) -> String {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let digits = number.mantissa().unsigned_abs().to_string();
    let exponent = digits.len() - 1 - number.scale() as usize;
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{first}.{rest}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: &str, exponents: bool, wire: &str) {
        let number = number.parse().expect("a decimal");
        assert_eq!(wire_double(number, exponents).to_string(), wire);
    }

    #[test]
    fn doubles_look_like_javas() {
        check("15000", false, "15000.0");
        check("12399.960", false, "12399.96");
        check("-0.50", false, "-0.5");
        check("350000000", false, "350000000.0");
        check("350000000", true, "3.5E8");
        check("-12345678.91", true, "-1.234567891E7");
        check("10000000.00", true, "1.0E7");
        check("9999999.99", true, "9999999.99");
    }

    #[test]
    fn instants_are_read_in_every_form_and_written_in_one() {
        for form in [
            "2026-05-01T07:25:37.000+0000",
            "2026-05-01T07:25:37Z",
            "2026-05-01T09:25:37.9+02:00",
            "2026-05-01T00:25:37-0700",
        ] {
            let read = read_instant(form).map(wire_instant);
            assert_eq!(read.as_deref(), Some("2026-05-01T07:25:37.000+0000"), "{form}");
        }
        assert_eq!(read_instant("yesterday"), None);
    }
}
