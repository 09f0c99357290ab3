//! One record of a write, as Salesforce wants it: `attributes` first (`salesforce §9.3`).

use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};
use tieout_connect::ports::FieldValue;

/// How Salesforce finds the record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identity {
    Id(String),
    /// A unique external id of ours.
    Key {
        field: &'static str,
        value: String,
    },
}

/// A record to be written.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// Place in the list of writes.
    pub position: usize,
    pub object: &'static str,
    pub identity: Identity,
    pub fields: &'a [(String, FieldValue)],
}

#[derive(Serialize)]
struct Attributes {
    r#type: &'static str,
}

/// In the order in which the fields are put: a sorted map would not begin with `attributes`.
impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("attributes", &Attributes { r#type: self.object })?;
        match &self.identity {
            Identity::Id(id) => map.serialize_entry("id", id)?,
            Identity::Key { field, value } => map.serialize_entry(field, value)?,
        }
        for (name, value) in self.fields {
            map.serialize_entry(name, &wire_value(value))?;
        }
        map.end()
    }
}

/// The value as JSON; amounts and decimals as their own digits, never through a float.
fn wire_value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) => Value::String(text.clone()),
        FieldValue::Amount(amount) => number(&amount.to_plain()),
        FieldValue::Number(decimal) => number(&decimal.to_string()),
        FieldValue::Count(count) => Value::Number((*count).into()),
        FieldValue::Date(date) => Value::String(crate::soql::date(*date)),
        FieldValue::Instant(at) => {
            let text = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
            Value::String(text.to_string())
        }
        FieldValue::Empty => Value::Null,
    }
}

fn number(text: &str) -> Value {
    Value::Number(Number::from_str(text).expect("a decimal's own digits are a number"))
}

#[cfg(test)]
mod tests {
    use tieout_domain::{Currency, Money};

    use super::*;

    #[track_caller]
    fn check(value: FieldValue, want: &str) {
        let fields = [("F__c".to_owned(), value)];
        let row = Row {
            position: 0,
            object: "Account",
            identity: Identity::Id("001Hs00002QwErTIAV".to_owned()),
            fields: &fields,
        };
        let want = format!(
            r#"{{"attributes":{{"type":"Account"}},"id":"001Hs00002QwErTIAV","F__c":{want}}}"#
        );
        assert_eq!(serde_json::to_string(&row).unwrap(), want);
    }

    #[test]
    fn amounts_are_their_own_digits() {
        let usd = Currency::parse("USD").unwrap();
        check(
            FieldValue::Amount(Money::from_minor(9_007_199_254_740_993, usd)),
            "90071992547409.93",
        );
        check(FieldValue::Amount(Money::from_minor(-5, usd)), "-0.05");
        let jpy = Currency::parse("JPY").unwrap();
        check(FieldValue::Amount(Money::from_minor(350, jpy)), "350");
    }

    #[test]
    fn every_kind_of_value() {
        check(FieldValue::Text("Müller \"x\"\n".to_owned()), r#""Müller \"x\"\n""#);
        check(FieldValue::Number("12.5".parse().unwrap()), "12.5");
        check(FieldValue::Count(-3), "-3");
        check(FieldValue::Date(jiff::civil::date(2026, 6, 30)), r#""2026-06-30""#);
        let at = "2026-07-06T16:42:00.12Z".parse().unwrap();
        check(FieldValue::Instant(at), r#""2026-07-06T16:42:00.120Z""#);
        check(FieldValue::Empty, "null");
    }
}
