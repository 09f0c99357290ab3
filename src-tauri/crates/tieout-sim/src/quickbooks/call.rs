//! One request, taken apart.

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use url::form_urlencoded;

/// A request with its whole body. Path segments and parameters are decoded.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
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
            parameters: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: parts.headers.clone(),
            body,
            base: base(parts),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The first parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The members of a form body.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Non-empty path segments, decoded.
    pub fn segments(&self) -> Vec<String> {
        let parts = self.path.split('/').filter(|part| !part.is_empty());
        parts.map(decoded).collect()
    }

    /// Without a word about JSON the answer is XML (`quickbooks §2`).
    pub fn wants_json(&self) -> bool {
        let accepted = self.header("accept").is_some_and(|accept| accept.contains("json"));
        accepted || self.parameter("format") == Some("json")
    }
}

fn base(parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().unwrap_or("http");
    let host = parts.headers.get("host").and_then(|host| host.to_str().ok());
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    format!("{scheme}://{}", authority.or(host).unwrap_or("localhost"))
}

fn decoded(segment: &str) -> String {
    // A plus sign is no blank in a path.
    let pair = format!("x={}", segment.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
