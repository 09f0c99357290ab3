//! The network between the product and the simulators: where requests and answers get lost.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Mutex;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tieout_connect::transport::{Transport, TransportError};
use tieout_sim::clock::SimClock;
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::salesforce::SalesforceSim;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::chance::Chance;
use crate::spoilt;

pub const SALESFORCE: &str = "127.0.0.1:1";
pub const QUICKBOOKS: &str = "127.0.0.1:2";
/// How late a delayed request arrives, one after the other.
const LATE_SECS: [i64; 4] = [240, 40, 5, 90];
/// Shortest text that is taken for a secret.
const SECRET_LENGTH_MIN: usize = 20;
/// Secrets of one world that are looked for.
const SECRETS_MAX: usize = 60;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No route: nothing left.
    NotSent,
    /// Nothing arrived, and nobody knows that.
    LostRequest,
    LostAnswer,
    /// It arrives long after the product stopped waiting for it.
    ArrivesLate,
    /// It arrives twice; the second answer comes back.
    Duplicated,
    ErrorBefore,
    ErrorAfter,
    Throttled,
    ThrottledWithHint,
    HtmlBefore,
    HtmlAfter,
    TruncatedAfter,
    /// The session is over, in the middle of whatever goes on.
    Expired,
    /// A success that holds a refusal.
    RefusalInside,
    ThrottledAsXml,
    /// The process is killed while the request is on its way.
    KilledBefore,
    /// The process is killed while the answer is on its way.
    KilledAfter,
}

impl Fault {
    pub const ALL: [Self; 17] = [
        Self::NotSent,
        Self::LostRequest,
        Self::LostAnswer,
        Self::ArrivesLate,
        Self::Duplicated,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::Throttled,
        Self::ThrottledWithHint,
        Self::HtmlBefore,
        Self::HtmlAfter,
        Self::TruncatedAfter,
        Self::Expired,
        Self::RefusalInside,
        Self::ThrottledAsXml,
        Self::KilledBefore,
        Self::KilledAfter,
    ];
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Makes an invoice.
    Create,
    /// Asks for an invoice by our key.
    LookUp,
    Other,
    /// Any request; no request is of this errand alone.
    Any,
}

impl Errand {
    fn of(request: &Request<Bytes>) -> Self {
        let target = request.uri().path_and_query().map_or("", |target| target.as_str());
        let is_query = request.uri().path().ends_with("/query");
        if request.method() == http::Method::POST && request.uri().path().ends_with("/invoice") {
            Self::Create
        } else if is_query
            && target.contains("Invoice")
            && (target.contains("CustomerRef") || target.contains("DocNumber"))
        {
            Self::LookUp
        } else {
            Self::Other
        }
    }
}

struct Held {
    due: Timestamp,
    request: Request<Bytes>,
}

#[derive(Default)]
struct State {
    /// The next request of this errand suffers the fault; in order.
    planned: VecDeque<(Errand, Fault)>,
    /// Every request may suffer any fault, so many times in a thousand.
    weather: Option<(Chance, u64)>,
    held: Vec<Held>,
    /// No list shows invoices younger than this.
    stale_secs: i64,
    suffered: Vec<Fault>,
    /// Requests that were held back so far.
    held_back: usize,
    /// Requests so far.
    sent: usize,
    /// The requests after so many others suffer these faults.
    at: Vec<(usize, Fault)>,
    secrets: BTreeSet<String>,
    /// Kind and id of records that come in a form that nobody can read.
    spoilt: BTreeSet<(&'static str, String)>,
}

/// Ends at both simulators. Shared by the processes that live one after the other.
pub struct Network {
    salesforce: (SalesforceSim, Router),
    quickbooks: (QuickBooksSim, Router),
    clock: SimClock,
    /// What the ledger stamps its records with.
    ledger_clock: SimClock,
    state: Mutex<State>,
    death: Notify,
}

const LOST: &str = "lost on purpose";

impl Network {
    pub fn new(
        salesforce: SalesforceSim,
        quickbooks: QuickBooksSim,
        clock: SimClock,
        ledger_clock: SimClock,
    ) -> Self {
        let routers = (salesforce.router(), quickbooks.router());
        Self {
            salesforce: (salesforce, routers.0),
            quickbooks: (quickbooks, routers.1),
            clock,
            ledger_clock,
            state: Mutex::default(),
            death: Notify::new(),
        }
    }

    /// The next request of this errand suffers the fault, after those planned before.
    pub fn plan(&self, errand: Errand, fault: Fault) {
        self.state.lock().unwrap().planned.push_back((errand, fault));
    }

    /// The request after so many others from here suffers the fault.
    pub fn plan_at(&self, at: usize, fault: Fault) {
        let mut state = self.state.lock().unwrap();
        let at = state.sent + at;
        state.at.push((at, fault));
    }

    /// Nothing is still on its way, and what was made is shown.
    pub fn is_quiet(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.held.is_empty() && state.stale_secs == 0
    }

    /// Requests so far.
    pub fn sent(&self) -> usize {
        self.state.lock().unwrap().sent
    }

    /// Texts that must show up in no log and no file.
    pub fn plant_secrets<'a>(&self, texts: impl IntoIterator<Item = &'a str>) {
        let mut state = self.state.lock().unwrap();
        for text in texts.into_iter().filter(|text| text.len() >= SECRET_LENGTH_MIN) {
            if state.secrets.len() < SECRETS_MAX {
                state.secrets.insert(text.to_owned());
            }
        }
    }

    pub fn secrets(&self) -> BTreeSet<String> {
        self.state.lock().unwrap().secrets.clone()
    }

    /// A record comes in a form that nobody can read, until it is mended.
    pub fn spoil(&self, kind: &'static str, id: &str) {
        self.state.lock().unwrap().spoilt.insert((kind, id.to_owned()));
    }

    /// Records that cannot be read now.
    pub fn spoilt(&self) -> BTreeSet<(&'static str, String)> {
        self.state.lock().unwrap().spoilt.clone()
    }

    /// Every record can be read again. Gives those that could not.
    pub fn mend(&self) -> BTreeSet<(&'static str, String)> {
        std::mem::take(&mut self.state.lock().unwrap().spoilt)
    }

    pub fn weather(&self, chance: Chance, permille: u64) {
        self.state.lock().unwrap().weather = Some((chance, permille));
    }

    pub fn stale(&self, secs: i64) {
        self.state.lock().unwrap().stale_secs = secs;
    }

    /// No fault from here on. What is on its way still arrives.
    pub fn clear(&self) {
        let mut state = self.state.lock().unwrap();
        state.planned.clear();
        state.at.clear();
        state.weather = None;
        state.stale_secs = 0;
    }

    /// Faults since this was last asked.
    pub fn suffered(&self) -> Vec<Fault> {
        std::mem::take(&mut self.state.lock().unwrap().suffered)
    }

    /// Resolves when the process is killed.
    pub async fn death(&self) {
        self.death.notified().await;
    }

    fn fault_for(&self, errand: Errand) -> Option<Fault> {
        let mut state = self.state.lock().unwrap();
        state.sent += 1;
        let now = state.sent;
        let due = state.at.iter().position(|(at, _)| at + 1 == now);
        let due = due.map(|place| state.at.remove(place).1);
        let fits = |wanted: Errand| wanted == errand || wanted == Errand::Any;
        let planned = state.planned.front().filter(|(wanted, _)| fits(*wanted)).map(|it| it.1);
        let fault = match (due, planned) {
            (Some(fault), _) => Some(fault),
            (None, Some(fault)) => {
                state.planned.pop_front();
                Some(fault)
            }
            (None, None) => state.weather.as_mut().and_then(|(chance, permille)| {
                let strikes = chance.permille(*permille);
                strikes.then(|| chance.pick(&Fault::ALL).copied()).flatten()
            }),
        };
        state.suffered.extend(fault);
        fault
    }

    fn hold(&self, request: Request<Bytes>) {
        let mut state = self.state.lock().unwrap();
        let late = LATE_SECS[state.held_back % LATE_SECS.len()];
        state.held_back += 1;
        let due = self.clock.now() + SignedDuration::from_secs(late);
        state.held.push(Held { due, request });
    }

    /// Hands on what was held back and is due.
    async fn deliver_late(&self) {
        let due = {
            let mut state = self.state.lock().unwrap();
            let now = self.clock.now();
            let (due, later) = std::mem::take(&mut state.held)
                .into_iter()
                .partition::<Vec<Held>, _>(|held| held.due <= now);
            state.held = later;
            due
        };
        for held in due {
            self.arrive(held.request).await;
        }
    }

    /// Brings everything that is still on its way to its end.
    pub async fn settle(&self) {
        let longest = LATE_SECS.into_iter().max().unwrap_or(0);
        self.clock.advance(SignedDuration::from_secs(longest));
        self.deliver_late().await;
    }

    async fn arrive(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let is_sign_in = request.uri().path().contains("/oauth2/");
        let router = match authority.as_str() {
            SALESFORCE => &self.salesforce.1,
            QUICKBOOKS => &self.quickbooks.1,
            other => panic!("nobody lives at {other}"),
        };
        request.headers_mut().insert(http::header::HOST, authority.parse().unwrap());
        let response = router.clone().oneshot(request.map(Body::from)).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if is_sign_in && let Ok(tokens) = serde_json::from_slice::<Value>(&body) {
            let names = ["access_token", "refresh_token"];
            self.plant_secrets(names.iter().filter_map(|name| tokens[name].as_str()));
        }
        let spoilt = self.spoilt();
        let body = if spoilt.is_empty() { body } else { spoilt::spoil(body, &spoilt) };
        Response::from_parts(parts, body)
    }

    /// The answer of the brand itself to a fault in front of it.
    async fn answered_with(&self, kind: FaultKind, request: Request<Bytes>) -> Response<Bytes> {
        let rule = FaultRule {
            method: String::new(),
            path_contains: String::new(),
            body_contains: String::new(),
            kind,
            times: 1,
        };
        if request.uri().authority().is_some_and(|it| it.as_str() == SALESFORCE) {
            self.salesforce.0.faults().add(rule);
        } else {
            self.quickbooks.0.faults().add(rule);
        }
        self.arrive(request).await
    }

    fn makes_two(&self) -> bool {
        let config = self.quickbooks.0.config();
        !config.replay_request_ids && !config.custom_txn_numbers
    }

    async fn kill(&self) -> ! {
        self.death.notify_one();
        std::future::pending().await
    }

    /// The answer as it was before the youngest invoices, where it lists any.
    fn aged(&self, answer: Response<Bytes>) -> Response<Bytes> {
        let stale_secs = self.state.lock().unwrap().stale_secs;
        if stale_secs == 0 {
            return answer;
        }
        let since = self.ledger_clock.now() - SignedDuration::from_secs(stale_secs);
        answer.map(|body| {
            let Ok(mut tree) = serde_json::from_slice::<Value>(&body) else { return body };
            let any = leave_out_fresh(&mut tree, since);
            if any { Bytes::from(tree.to_string()) } else { body }
        })
    }
}

/// Takes invoices out of every list that are younger. Says whether there were any.
fn leave_out_fresh(tree: &mut Value, since: Timestamp) -> bool {
    match tree {
        Value::Array(rows) => {
            let mut any = false;
            for row in rows {
                any |= leave_out_fresh(row, since);
            }
            any
        }
        Value::Object(members) => {
            let mut any = false;
            for (name, value) in members.iter_mut() {
                match value {
                    Value::Array(rows) if name == "Invoice" => {
                        let before = rows.len();
                        rows.retain(|row| {
                            let made = row["MetaData"]["CreateTime"].as_str();
                            let made = made.and_then(|text| text.parse::<Timestamp>().ok());
                            made.is_none_or(|made| made <= since)
                        });
                        any |= rows.len() < before;
                    }
                    value => any |= leave_out_fresh(value, since),
                }
            }
            any
        }
        _ => false,
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.deliver_late().await;
        let errand = Errand::of(&request);
        let lost = || Err(TransportError::NoAnswer(LOST.into()));
        let Some(fault) = self.fault_for(errand) else {
            return Ok(self.aged(self.arrive(request).await));
        };
        match fault {
            Fault::NotSent => Err(TransportError::NotSent(LOST.into())),
            Fault::LostRequest => lost(),
            Fault::ArrivesLate => {
                self.hold(request);
                lost()
            }
            Fault::LostAnswer => {
                self.arrive(request).await;
                lost()
            }
            // No client can keep a server from acting on both that neither knows ids nor numbers.
            Fault::Duplicated if errand == Errand::Create && self.makes_two() => {
                Ok(self.arrive(request).await)
            }
            Fault::Duplicated => {
                self.arrive(request.clone()).await;
                Ok(self.aged(self.arrive(request).await))
            }
            Fault::ErrorBefore => Ok(plain(500, "")),
            Fault::ErrorAfter => {
                self.arrive(request).await;
                Ok(plain(503, ""))
            }
            Fault::Throttled => Ok(plain(429, "")),
            Fault::ThrottledWithHint => {
                let mut answer = plain(429, "");
                answer.headers_mut().insert(http::header::RETRY_AFTER, "7".parse().unwrap());
                Ok(answer)
            }
            Fault::HtmlBefore => Ok(plain(502, "<html><body>Bad gateway</body></html>")),
            Fault::HtmlAfter => {
                self.arrive(request).await;
                Ok(plain(200, "<html><body>Please wait</body></html>"))
            }
            Fault::TruncatedAfter => {
                let whole = self.arrive(request).await;
                Ok(whole.map(|body| body.slice(..body.len() / 2)))
            }
            Fault::Expired => {
                self.salesforce.0.end_sessions();
                Ok(self.answered_with(FaultKind::Unauthorized, request).await)
            }
            Fault::RefusalInside => Ok(self.answered_with(FaultKind::FaultInside, request).await),
            Fault::ThrottledAsXml => Ok(self.answered_with(FaultKind::ThrottleXml, request).await),
            Fault::KilledBefore => self.kill().await,
            Fault::KilledAfter => {
                self.arrive(request).await;
                self.kill().await
            }
        }
    }
}

fn plain(status: u16, body: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}
