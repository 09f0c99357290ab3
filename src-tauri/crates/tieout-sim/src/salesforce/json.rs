//! JSON that keeps the order of members and the text of numbers.
//!
//! Salesforce cares about order (`attributes` first, salesforce §9.3), and an amount must not pass
//! through a binary number.

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Deepest nesting that is read.
const JSON_DEPTH_MAX: usize = 64;

/// One JSON value. `Raw` is text that was rendered before and is written as it stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
    Raw(Arc<str>),
}

/// Why bytes are not JSON, with the place that Salesforce's message names.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at line {line}, column {column}")]
pub struct NotJson {
    pub line: usize,
    pub column: usize,
}

impl From<serde_json::Error> for NotJson {
    fn from(error: serde_json::Error) -> Self {
        Self { line: error.line(), column: error.column() }
    }
}

impl Json {
    pub fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        let raw: &RawValue = serde_json::from_slice(bytes)?;
        Self::from_raw(raw, 0)
    }

    fn from_raw(raw: &RawValue, depth: usize) -> Result<Self, NotJson> {
        if depth > JSON_DEPTH_MAX {
            return Err(NotJson { line: 1, column: 1 });
        }
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let members: Members = serde_json::from_str(text)?;
                let members = members
                    .0
                    .into_iter()
                    .map(|(name, raw)| Self::from_raw(raw, depth + 1).map(|value| (name, value)));
                Json::Object(members.collect::<Result<_, _>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let items = items.into_iter().map(|raw| Self::from_raw(raw, depth + 1));
                Json::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Json::Text(serde_json::from_str(text)?),
            Some(b't') => Json::Bool(true),
            Some(b'f') => Json::Bool(false),
            Some(b'n') => Json::Null,
            _ => Json::Number(text.to_owned()),
        })
    }

    pub fn text(text: impl Into<String>) -> Self {
        Json::Text(text.into())
    }

    pub fn int(number: impl fmt::Display) -> Self {
        Json::Number(number.to_string())
    }

    pub fn list(items: impl IntoIterator<Item = Json>) -> Self {
        Json::List(items.into_iter().collect())
    }

    pub fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Json)>) -> Self {
        Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// A text, or null where there is none.
    pub fn text_or_null(text: Option<impl Into<String>>) -> Self {
        text.map_or(Json::Null, |text| Json::Text(text.into()))
    }

    /// The member of this name, exactly spelt.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members().iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of an object, nothing for all else.
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of a list, nothing for all else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(yes) => Some(*yes),
            _ => None,
        }
    }

    /// The number exactly as written, exponent forms included.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Json::Number(text) => decimal(text),
            _ => None,
        }
    }
}

/// Reads `12.50` and `1.25E1` alike; nothing that does not fit a decimal.
pub fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(yes) => write!(out, "{yes}"),
            Json::Number(text) => out.write_str(text),
            Json::Raw(text) => out.write_str(text),
            Json::Text(text) => write_text(out, text),
            Json::List(items) => {
                out.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.write_str(",")?;
                    }
                    item.fmt(out)?;
                }
                out.write_str("]")
            }
            Json::Object(members) => {
                out.write_str("{")?;
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.write_str(",")?;
                    }
                    write_text(out, name)?;
                    out.write_str(":")?;
                    value.fmt(out)?;
                }
                out.write_str("}")
            }
        }
    }
}

fn write_text(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.write_str("\"")?;
        out.write_str(text)?;
        return out.write_str("\"");
    }
    out.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

/// The members of an object in the order of the text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        assert_eq!(Json::parse(text.as_bytes()).expect("readable").to_string(), text);
    }

    #[test]
    fn order_and_numbers_survive() {
        check(r#"{"b":1.50,"a":[3.5E8,-0,"x\"\n",null,true,false,{}]}"#);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(Json::parse(deep.as_bytes()).is_err());
    }

    #[test]
    fn bad_bytes_are_refused_with_a_place() {
        assert_eq!(Json::parse(b"{\"a\":}"), Err(NotJson { line: 1, column: 6 }));
        assert!(Json::parse(b"\xff").is_err());
        assert!(Json::parse(b"").is_err());
    }
}
