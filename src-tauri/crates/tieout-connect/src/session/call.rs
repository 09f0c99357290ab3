//! One request of a connector, before it gets its address, token and budget.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// What a request does at the other side; decides what may follow a lost answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing: may be repeated.
    Read,
    /// May change something: never repeated here, whatever happens.
    Write,
}

/// What may happen when the tool refuses the access token of this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// Renew the token once and replay the request once.
    Replay,
    /// Renew the token, do not replay: the answer is `CursorLost`, because the cursor died with the
    /// session that opened it (`salesforce §2.9`). Never renewed early either.
    CursorLost,
    /// Neither: the answer is `SignInNeeded`.
    Never,
}

/// A request relative to the base address of the connection.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// Begins with a slash; may carry a query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub effect: Effect,
    pub renewal: Renewal,
}

impl Call {
    /// `GET path`, a read that accepts JSON.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path.into(), Bytes::new(), Effect::Read)
    }

    /// A read that must be posted, such as a long query. The content type is JSON.
    pub fn read(method: Method, path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(method, path.into(), body.into(), Effect::Read)
    }

    /// A write with a JSON body. Sent at most once, except after a certain refusal with 401.
    pub fn write(method: Method, path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(method, path.into(), body.into(), Effect::Write)
    }

    /// Sets a header, replacing an earlier value.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Chooses what a refused token leads to.
    pub fn renewal(mut self, renewal: Renewal) -> Self {
        self.renewal = renewal;
        self
    }

    fn new(method: Method, path: String, body: Bytes, effect: Effect) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if !body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Self { method, path, headers, body, effect, renewal: Renewal::Replay }
    }
}
