//! One request, taken apart.

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use url::form_urlencoded;

/// The members of a JSON object.
pub type Body = Map<String, Value>;

/// A request with its whole body. Names of parameters are compared without regard to case.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: String,
    pub parameters: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// `http://host:port` as the client addressed it.
    pub base: String,
}

impl Call {
    pub fn new(parts: &Parts, body: Bytes) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: query.to_owned(),
            parameters: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: parts.headers.clone(),
            body,
            base: base(parts),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The first parameter of that name that is not empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let named =
            |known: &str, value: &str| known.eq_ignore_ascii_case(name) && !value.is_empty();
        let found = self.parameters.iter().find(|(known, value)| named(known, value));
        found.map(|(_, value)| value.as_str())
    }

    /// A yes or no in any case (`xero §7.5`).
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.parameter(name)?.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The values of a comma-separated parameter.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        let values = self.parameter(name)?.split(',').map(str::trim);
        Some(values.filter(|value| !value.is_empty()).collect())
    }

    /// Places of unit prices (`xero §3.9`).
    pub fn unit_places(&self) -> u32 {
        if self.parameter("unitdp") == Some("4") { 4 } else { 2 }
    }

    /// The members of a form body.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Non-empty path segments, decoded.
    pub fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|part| !part.is_empty()).map(decoded).collect()
    }

    /// Without a word about JSON the answer is XML (`xero §3.1`).
    pub fn wants_json(&self) -> bool {
        self.accepts("application/json")
    }

    pub fn accepts(&self, kind: &str) -> bool {
        self.header("accept").is_some_and(|accept| accept.contains(kind))
    }
}

/// A text member that is not empty.
pub fn text<'a>(body: &'a Body, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str).filter(|text| !text.is_empty())
}

pub fn flag(body: &Body, member: &str) -> Option<bool> {
    match body.get(member)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// 10,000,000,000,000: quantities have up to 13 digits (`xero §6.5`), and nothing has more.
const NUMBER_MAX: Decimal = Decimal::from_parts(0x4E72_A000, 0x918, 0, false, 0);

/// The number in a member, if it is there. One that is too large for anything is none.
pub fn number(body: &Body, member: &str) -> Option<Decimal> {
    body.get(member).and_then(super::exact::decimal).filter(|number| number.abs() < NUMBER_MAX)
}

/// The date in a member, if it is there.
pub fn date(body: &Body, member: &str) -> Option<jiff::civil::Date> {
    text(body, member).and_then(super::stamps::read_day)
}

/// The object in a member.
pub fn object<'a>(body: &'a Body, member: &str) -> Option<&'a Body> {
    body.get(member).and_then(Value::as_object)
}

/// The objects in an array member, if the member is there.
pub fn objects<'a>(body: &'a Body, member: &str) -> Option<Vec<&'a Body>> {
    let list = body.get(member)?.as_array()?;
    Some(list.iter().filter_map(Value::as_object).collect())
}

fn base(parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().unwrap_or("http");
    let host = parts.headers.get("host").and_then(|host| host.to_str().ok());
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    format!("{scheme}://{}", authority.or(host).unwrap_or("localhost"))
}

fn decoded(segment: &str) -> String {
    // A plus sign is no blank in a path.
    let pair = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    let value = form_urlencoded::parse(pair.as_bytes()).next();
    value.map(|(_, value)| value.into_owned()).unwrap_or_default()
}
