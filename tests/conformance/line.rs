//! The line between a connector and its simulator: every exchange is kept, and accidents happen on
//! it that no honest server would make.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde_json::Value;
use tieout_connect::transport::{Transport, TransportError};
use tieout_sim::clock::SimClock;
use tieout_sim::drop::Dropped;
use tieout_sim::fault::{FaultKind, FaultPlan, FaultRule};
use tower::ServiceExt;

/// Shortest text that is taken for a secret.
const SECRET_LENGTH_MIN: usize = 12;
/// Fields of a form that are secret.
const SECRET_FIELDS: [&str; 4] = ["code", "code_verifier", "refresh_token", "client_secret"];
/// Members of a token answer that are secret.
const SECRET_MEMBERS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// What happens to one exchange, besides the faults that the simulator itself makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accident {
    /// The whole answer comes, so many seconds late.
    Slow(i64),
    /// The other side acts; the body does not end before the transport gives up.
    GivenUp(i64),
    /// No route: nothing left.
    NotSent,
    /// The other side does not see it; this comes back, as the sheet has it.
    Answered(u16, String),
    /// What the simulator does about it, in the brand's own words.
    Fault(FaultKind),
}

/// One request with what came back, in the order in which they were sent.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub request: Request<Bytes>,
    /// `None`: nothing came back.
    pub answer: Option<(StatusCode, Bytes)>,
}

/// What was done with tokens, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The tool gave this access token.
    Told(String),
    /// A grant with this access token was stored.
    Saved(String),
    /// A request carried this access token.
    Used(String),
}

pub type Applies = Box<dyn Fn(&Request<Bytes>) -> bool + Send + Sync>;
type Change = Box<dyn Fn(Bytes) -> Bytes + Send + Sync>;
pub type Act = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Notes {
    exchanges: Vec<Exchange>,
    steps: Vec<Step>,
    secrets: BTreeSet<String>,
    accidents: Vec<(Applies, Accident, u32)>,
    changes: Vec<(Applies, Change)>,
    afterwards: Vec<(Applies, Act)>,
}

/// Whether the tool would take a request and read it as it is meant; why not.
pub type Inspect = fn(&Request<Bytes>) -> Result<(), String>;

pub struct Line {
    router: Router,
    inspect: Option<Inspect>,
    plan: FaultPlan,
    clock: SimClock,
    notes: Mutex<Notes>,
}

impl Line {
    /// `plan` is the simulator's own. A request that `inspect` refuses stops the test.
    pub fn to(
        router: Router,
        plan: FaultPlan,
        clock: SimClock,
        inspect: Option<Inspect>,
    ) -> Arc<Self> {
        Arc::new(Self { router, inspect, plan, clock, notes: Mutex::default() })
    }

    /// The next `times` requests for which `applies` holds meet with this accident.
    pub fn happens(
        &self,
        accident: Accident,
        times: u32,
        applies: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) {
        self.lock().accidents.push((Box::new(applies), accident, times));
    }

    /// From now on bodies of answers to requests for which `applies` holds are changed.
    pub fn changes(
        &self,
        applies: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
        change: impl Fn(Bytes) -> Bytes + Send + Sync + 'static,
    ) {
        self.lock().changes.push((Box::new(applies), Box::new(change)));
    }

    /// Once, when the next request for which `applies` holds was answered, somebody does this.
    pub fn afterwards(
        &self,
        act: Act,
        applies: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) {
        self.lock().afterwards.push((Box::new(applies), act));
    }

    /// Nothing happens any more.
    pub fn heal(&self) {
        let mut notes = self.lock();
        notes.accidents.clear();
        notes.changes.clear();
        notes.afterwards.clear();
    }

    /// Nobody is still waiting for an answer to act after.
    pub fn is_quiet(&self) -> bool {
        self.lock().afterwards.is_empty()
    }

    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone()
    }

    pub fn count(&self) -> usize {
        self.lock().exchanges.len()
    }

    /// Steps with tokens since the beginning.
    pub fn steps(&self) -> Vec<Step> {
        self.lock().steps.clone()
    }

    pub fn note(&self, step: Step) {
        self.lock().steps.push(step);
    }

    /// Every token, code, verifier and client secret that went over the line.
    pub fn secrets(&self) -> BTreeSet<String> {
        self.lock().secrets.clone()
    }

    /// A request of the test's own, past all notes.
    pub async fn direct(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.arrive(request).await.expect("a person's browser gets an answer")
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().expect("no holder of the notes panics")
    }

    fn accident_of(&self, request: &Request<Bytes>) -> Option<Accident> {
        let mut notes = self.lock();
        let due =
            |(applies, _, times): &&mut (Applies, Accident, u32)| *times > 0 && applies(request);
        let (_, accident, times) = notes.accidents.iter_mut().find(due)?;
        *times -= 1;
        Some(accident.clone())
    }

    fn pass(&self, secs: i64) {
        self.clock.advance(SignedDuration::from_secs(secs));
    }

    async fn arrive(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(authority) = request.uri().authority().map(ToString::to_string) {
            let authority = authority.parse().expect("an authority is a header value");
            request.headers_mut().insert(HOST, authority);
        }
        let answered = self.router.clone().oneshot(request.map(Body::from)).await;
        let answer = answered.unwrap_or_else(|never| match never {});
        if Dropped::marks(&answer) {
            return Err(TransportError::NoAnswer("closed".into()));
        }
        let (head, body) = answer.into_parts();
        let body = body.collect().await.expect("bodies of routers do not break").to_bytes();
        Ok(Response::from_parts(head, body))
    }

    async fn exchanged(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.accident_of(&request) {
            None => self.arrive(request).await,
            Some(Accident::Slow(secs)) => {
                let answer = self.arrive(request).await;
                self.pass(secs);
                answer
            }
            Some(Accident::GivenUp(secs)) => {
                self.arrive(request).await?;
                self.pass(secs);
                Err(TransportError::NoAnswer("the body did not end in time".into()))
            }
            Some(Accident::NotSent) => Err(TransportError::NotSent("no route".into())),
            Some(Accident::Fault(kind)) => {
                self.plan.add(FaultRule {
                    method: String::new(),
                    path_contains: String::new(),
                    body_contains: String::new(),
                    kind,
                    times: 1,
                });
                self.arrive(request).await
            }
            Some(Accident::Answered(status, body)) => {
                let answer = Response::builder().status(status);
                let answer = answer.header("content-type", "application/json");
                Ok(answer.body(Bytes::from(body)).expect("a status of the sheet"))
            }
        }
    }

    fn changed(&self, request: &Request<Bytes>, mut body: Bytes) -> Bytes {
        for (applies, change) in &self.lock().changes {
            if applies(request) {
                body = change(body);
            }
        }
        body
    }

    /// What somebody does now that this request was answered.
    fn act_after(&self, request: &Request<Bytes>) -> Option<Act> {
        let mut notes = self.lock();
        let at = notes.afterwards.iter().position(|(applies, _)| applies(request))?;
        Some(notes.afterwards.remove(at).1)
    }

    fn note_sent(&self, request: &Request<Bytes>) -> usize {
        let mut notes = self.lock();
        let sent = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let sent = sent.and_then(|value| value.split_once(' '));
        if let Some(("Bearer", token)) = sent {
            notes.steps.push(Step::Used(token.to_owned()));
        }
        let mut secrets: Vec<String> =
            sent.map(|(_, secret)| secret.to_owned()).into_iter().collect();
        secrets.extend(secrets_sent(request.body()));
        notes.secrets.extend(secrets.into_iter().filter(|it| it.len() >= SECRET_LENGTH_MIN));
        notes.exchanges.push(Exchange { request: request.clone(), answer: None });
        notes.exchanges.len() - 1
    }

    fn note_answered(&self, at: usize, answer: &Response<Bytes>) {
        let mut notes = self.lock();
        notes.exchanges[at].answer = Some((answer.status(), answer.body().clone()));
        let Ok(Value::Object(told)) = serde_json::from_slice(answer.body()) else { return };
        for member in SECRET_MEMBERS {
            if let Some(secret) = told.get(member).and_then(Value::as_str) {
                notes.secrets.insert(secret.to_owned());
                if member == "access_token" {
                    notes.steps.push(Step::Told(secret.to_owned()));
                }
            }
        }
    }
}

/// Secrets in the form of a token request.
fn secrets_sent(body: &Bytes) -> Vec<String> {
    let fields = url::form_urlencoded::parse(body).into_owned();
    let secret = fields.filter(|(name, _)| SECRET_FIELDS.contains(&name.as_str()));
    secret.map(|(_, value)| value).collect()
}

#[async_trait]
impl Transport for Line {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(Err(why)) = self.inspect.map(|inspect| inspect(&request)) {
            panic!("the tool would not take it: {why}");
        }
        let at = self.note_sent(&request);
        // Lets other tasks in, as a network would.
        tokio::task::yield_now().await;
        let answer = self.exchanged(request.clone()).await?;
        let answer = answer.map(|body| self.changed(&request, body));
        self.note_answered(at, &answer);
        if let Some(act) = self.act_after(&request) {
            act();
        }
        Ok(answer)
    }
}

/// Path with query of a request, percent-decoded.
pub fn target(request: &Request<Bytes>) -> String {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    percent_decoded(&target.replace('+', "%20"))
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = &tail[2..];
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
