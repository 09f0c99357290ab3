//! A network that answers as the sandbox did, and puts bytes under test in the place of some
//! answers.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, RETRY_AFTER};
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use tieout_connect::transport::{Transport, TransportError};
use tower::ServiceExt;

/// Where every simulator is said to live.
pub const BASE: &str = "http://127.0.0.1:4040";
/// The moment at which everything happens.
pub const NOW: &str = "2026-07-06T16:42:00Z";
/// Access token of every session. Must be in no error.
pub const TOKEN: &str = "planted-access-token";

/// Ends one body of a case; JSON never holds it.
const BODY_END: u8 = 0x1e;
/// The first of the letters that say what a case is about.
pub const FIRST_LETTER: u8 = b'A';
const STATUSES: [u16; 12] = [200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 503, 302];

/// A case: which operation, how many of its requests get their recorded answer first, the status
/// and the bodies of the answers after those.
pub struct Case {
    pub operation: usize,
    skip: usize,
    status: u16,
    bodies: VecDeque<Bytes>,
}

impl Case {
    /// Three letters, then bodies.
    pub fn read(input: &[u8], operations: usize) -> Option<Self> {
        let [operation, skip, status, rest @ ..] = input else { return None };
        // A body that brings the token along may show it again: it is the tool's own words.
        if rest.windows(TOKEN.len()).any(|bytes| bytes == TOKEN.as_bytes()) {
            return None;
        }
        let index = |letter: &u8, of: usize| usize::from(letter.wrapping_sub(FIRST_LETTER)) % of;
        Some(Self {
            operation: index(operation, operations),
            skip: index(skip, 4),
            status: STATUSES[index(status, STATUSES.len())],
            bodies: rest.split(|byte| *byte == BODY_END).map(Bytes::copy_from_slice).collect(),
        })
    }
}

type Answers = HashMap<String, Response<Bytes>>;

/// Asks a simulator and remembers what it said.
pub struct Recorder {
    router: Router,
    answers: Mutex<Answers>,
    /// Bodies in the order in which they came.
    pub bodies: Mutex<Vec<Bytes>>,
}

impl Recorder {
    pub fn before(router: Router) -> Arc<Self> {
        Arc::new(Self { router, answers: Mutex::default(), bodies: Mutex::default() })
    }

    pub fn answers(&self) -> Arc<Answers> {
        Arc::new(self.answers.lock().expect("no holder panics").clone())
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let line = line(&request);
        request.headers_mut().insert(HOST, HeaderValue::from_static("127.0.0.1:4040"));
        let answer = asked(&self.router, request).await;
        self.bodies.lock().expect("no holder panics").push(answer.body().clone());
        self.answers.lock().expect("no holder panics").insert(line, answer.clone());
        Ok(answer)
    }
}

/// Calls a router in this process.
pub async fn asked(router: &Router, request: Request<Bytes>) -> Response<Bytes> {
    let answer = router.clone().oneshot(request.map(Body::from)).await;
    let (parts, body) = answer.unwrap_or_else(|never| match never {}).into_parts();
    let body = body.collect().await.expect("the simulators end their answers").to_bytes();
    Response::from_parts(parts, body)
}

/// Answers a case.
pub struct Wire {
    answers: Arc<Answers>,
    case: Mutex<Case>,
}

impl Wire {
    pub fn of(answers: Arc<Answers>, case: Case) -> Arc<Self> {
        Arc::new(Self { answers, case: Mutex::new(case) })
    }

    /// The answer under test, unless it is not its turn or there is none left.
    fn tested(&self) -> Option<Response<Bytes>> {
        let mut case = self.case.lock().expect("no holder panics");
        if case.skip > 0 {
            case.skip -= 1;
            return None;
        }
        let body = case.bodies.pop_front()?;
        let kind = if body.starts_with(b"<") { "text/html" } else { "application/json" };
        let answer = Response::builder()
            .status(case.status)
            .header(CONTENT_TYPE, kind)
            .header(DATE, "Mon, 06 Jul 2026 16:42:00 GMT")
            .header(RETRY_AFTER, "1");
        Some(answer.body(body).expect("a valid answer"))
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(answer) = self.tested() {
            return Ok(answer);
        }
        let recorded = self.answers.get(&line(&request)).cloned();
        recorded.ok_or_else(|| TransportError::NoAnswer("nobody was asked that before".into()))
    }
}

fn line(request: &Request<Bytes>) -> String {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    format!("{} {target} {}", request.method(), String::from_utf8_lossy(request.body()))
}

/// What a person would see of a failure must not hold the token.
pub fn no_secret<T>(answer: Result<T, impl std::error::Error>) -> Option<T> {
    answer
        .inspect_err(|error| {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(TOKEN), "a token in an error: {shown}");
        })
        .ok()
}

/// A runtime that waits for nothing: the clock is virtual.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// The same with real sockets and real time.
pub fn runtime_with_sockets() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
