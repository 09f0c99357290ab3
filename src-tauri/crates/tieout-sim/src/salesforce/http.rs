//! Requests and replies between axum and the org.

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;

use super::json::Json;
use super::refusal::{Refusal, render_all};
use crate::faulting::REQUEST_BYTES_MAX;
use crate::serve::OverTls;

/// A request, read whole.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub method: String,
    /// As sent, percent-encoded.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// `http://127.0.0.1:PORT`: what the client calls this server.
    pub base: String,
    /// Bytes of the request line's target.
    pub target_bytes: usize,
}

impl Incoming {
    /// Reads the body; a body above the limit reads as empty, which no call accepts.
    pub async fn read(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, REQUEST_BYTES_MAX).await.unwrap_or_default();
        let over_tls = parts.extensions.get::<OverTls>().is_some();
        let scheme = parts.uri.scheme_str().unwrap_or(if over_tls { "https" } else { "http" });
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = parts.uri.authority().map(ToString::to_string);
        let authority = authority.or(host.map(str::to_owned)).unwrap_or("localhost".to_owned());
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
            target_bytes: parts.uri.path_and_query().map_or(0, |target| target.as_str().len()),
            base: format!("{scheme}://{authority}"),
            headers: parts.headers,
            body,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// The bearer token, in either of the two schemes that Salesforce knows.
    pub fn token(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
        known.then(|| token.trim())
    }
}

/// Decodes `a=b&c=d`.
pub fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// The first value of this name.
pub fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    None,
    Json(Json),
    Html(String),
}

/// An answer before it becomes an HTTP response.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub content: Content,
}

impl Reply {
    pub fn json(status: u16, json: Json) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(json) }
    }

    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content: Content::None }
    }

    pub fn html(status: u16, page: String) -> Self {
        Self { status, headers: Vec::new(), content: Content::Html(page) }
    }

    pub fn redirect(to: &str) -> Self {
        Self::empty(302).with("location", to)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The whole call refused; the status is that of the first refusal.
    pub fn refused(refusals: &[Refusal]) -> Self {
        let status = refusals.first().map_or(500, |refusal| refusal.status);
        Self::json(status, render_all(refusals))
    }

    /// The response, with the headers that every answer of the edge carries.
    pub fn into_response(self, now: Timestamp, request_id: u64) -> Response<Body> {
        let (kind, body) = match self.content {
            Content::None => (None, Body::empty()),
            Content::Json(json) => {
                (Some("application/json;charset=UTF-8"), Body::from(json.to_string()))
            }
            Content::Html(page) => (Some("text/html; charset=UTF-8"), Body::from(page)),
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let fixed = [
            ("date", date),
            ("server", "sfdcedge".to_owned()),
            ("x-sfdc-request-id", format!("{request_id:032x}")),
            ("cache-control", "no-cache,must-revalidate,max-age=0,no-store,private".to_owned()),
            ("vary", "Accept-Encoding".to_owned()),
        ];
        let kind = kind.map(|kind| (CONTENT_TYPE.as_str(), kind.to_owned()));
        for (name, value) in fixed.into_iter().chain(kind).chain(self.headers) {
            // What a header cannot hold is left out: a caller's value must not fail the answer.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
