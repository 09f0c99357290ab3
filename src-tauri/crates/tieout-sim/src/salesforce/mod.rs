//! A Salesforce org that a real client cannot tell from the service, for the calls of the sheet:
//! sign-in, SOQL, records, collections, composite, describe, limits. Section numbers in this
//! module are those of the wire sheet.

mod config;
mod control;
mod cursor;
mod dml;
mod fault_answers;
mod http;
mod ids;
mod index;
mod json;
mod oauth;
mod org;
mod refusal;
mod rest;
mod schema;
mod seed;
mod soql;
mod truth;
mod value;

use std::sync::{Arc, Mutex, MutexGuard};

use ::http::header::DATE;
use ::http::{HeaderValue, Response};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::map_response_with_state;
use jiff::{SignedDuration, Timestamp};

pub use config::{OrgConfig, RowLock, Switches, ValidationRule};
pub use control::{ControlError, Edit};
pub use truth::{Truth, WonTotal};

use self::http::{Incoming, Reply};
use crate::clock::SimClock;
use crate::fault::FaultPlan;
use crate::faulting::{RequestLine, RequestLog, with_faults};
use crate::sample::Company;
use org::Org;

/// Consumer key of the simulated external client app. It is public and has no secret.
pub const CLIENT_ID: &str = "3MVG9TieoutSandboxConsumerKey";
/// The only user that can sign in.
pub const USERNAME: &str = "integration@alderquay.example";

/// One simulated org. Clones share it.
#[derive(Clone, Debug)]
pub struct SalesforceSim {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    org: Mutex<Org>,
    clock: SimClock,
    faults: FaultPlan,
    log: RequestLog,
}

/// Why a snapshot cannot be restored.
#[derive(Debug, thiserror::Error)]
#[error("this is not a snapshot of a Salesforce org")]
pub struct RestoreError(#[from] serde_json::Error);

impl SalesforceSim {
    /// An org with its stages, its standard price book and one user, and no business rows.
    pub fn new(clock: SimClock, config: OrgConfig) -> Self {
        let mut org = Org::new(config, clock.now());
        seed::base(&mut org);
        Self::of(org, clock)
    }

    /// The org of the sample company as it stands at the clock's time, several currencies and all
    /// our fields in place. What its people do later happens when the clock gets there.
    pub fn sample(clock: SimClock, company: &Company) -> Self {
        let mut org = Org::new(seed::sample_config(company), clock.now());
        seed::base(&mut org);
        seed::sample(&mut org, company);
        Self::of(org, clock)
    }

    fn of(org: Org, clock: SimClock) -> Self {
        let (faults, log) = (FaultPlan::default(), RequestLog::default());
        Self { shared: Arc::new(Shared { org: Mutex::new(org), clock, faults, log }) }
    }

    /// The routes of the product itself: sign-in and REST.
    pub fn router(&self) -> Router {
        let product = Router::new().fallback(answer).with_state(self.clone());
        let (faults, log) = (self.faults().clone(), self.shared.log.clone());
        with_faults(product, faults, log, fault_answers::answer)
            .layer(map_response_with_state(self.clone(), dated))
    }

    /// The routes that steer the simulator; never part of the product.
    pub fn control(&self) -> Router {
        control::router(self.clone())
    }

    /// The whole state, sign-ins and ids included, as JSON.
    pub fn snapshot(&self) -> Vec<u8> {
        serde_json::to_vec(&*self.lock()).expect("the state has text keys only")
    }

    /// Puts a snapshot in place of the state; the clock moves on to where the snapshot was.
    pub fn restore(&self, bytes: &[u8]) -> Result<(), RestoreError> {
        let mut org: Org = serde_json::from_slice(bytes)?;
        org.shape();
        self.shared.clock.advance_to(org.now);
        *self.lock() = org;
        Ok(())
    }

    /// Another org that stands where this one stands, under another clock. Faults and the log of
    /// requests are not taken along.
    #[must_use]
    pub fn fork(&self, clock: SimClock) -> Self {
        Self::of(self.lock().clone(), clock)
    }

    /// What the org really holds, for assertions.
    pub fn truth(&self) -> Truth {
        Truth::of(self.clone())
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<RequestLine> {
        self.shared.log.lines()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// The faults that the next requests suffer.
    pub fn faults(&self) -> &FaultPlan {
        &self.shared.faults
    }

    pub fn clock(&self) -> &SimClock {
        &self.shared.clock
    }

    /// The switches now in force.
    pub fn switches(&self) -> Switches {
        self.lock().switches().clone()
    }

    /// Turns switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut org = self.lock();
        let mut switches = org.switches().clone();
        change(&mut switches);
        org.turn(switches);
    }

    /// A new access token of the integration user, as if it had signed in.
    pub fn open_session(&self) -> String {
        oauth::open_session(&mut self.lock(), &seed::user_id(), None)
    }

    /// The integration user allows the app anew: an access token and a refresh token.
    pub fn sign_in(&self) -> (String, String) {
        oauth::token::sign_in(&mut self.lock(), &seed::user_id())
    }

    /// Ends every session; refresh tokens stay alive.
    pub fn end_sessions(&self) {
        oauth::end_all_sessions(&mut self.lock());
    }

    /// The state, its time brought up to the clock's.
    fn lock(&self) -> MutexGuard<'_, Org> {
        let mut org = self.shared.org.lock().expect("no holder of the org panics");
        org.advance_to(self.shared.clock.now());
        org
    }
}

async fn answer(State(sim): State<SalesforceSim>, request: Request) -> Response<Body> {
    let request = Incoming::read(request).await;
    let mut org = sim.lock();
    let request_id = org.next_sequence();
    let reply = route(&mut org, &request);
    reply.into_response(shown_time(&org), request_id)
}

/// The time that the `Date` header tells.
fn shown_time(org: &Org) -> Timestamp {
    let skew = SignedDuration::from_secs(org.switches().date_skew_secs);
    org.now.saturating_add(skew).unwrap_or(org.now)
}

/// Answers that a fault made carry the org's date as well: the socket server would put the real
/// one there.
async fn dated(State(sim): State<SalesforceSim>, mut response: Response<Body>) -> Response<Body> {
    let date = shown_time(&sim.lock()).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}

/// Sign-in pages, identity, REST.
fn route(org: &mut Org, request: &Incoming) -> Reply {
    let path = request.path.trim_end_matches('/');
    match path {
        "/services/oauth2/authorize" => oauth::authorize::authorize(org, request),
        "/services/oauth2/token" => oauth::token::token(org, request),
        "/services/oauth2/revoke" => oauth::token::revoke(org, request),
        "/setup/secur/RemoteAccessErrorPage.apexp" => oauth::authorize::not_installed_page(),
        "/services/oauth2/userinfo" => with_session(org, request, oauth::identity::user_claims),
        _ if path.starts_with("/id/") => with_session(org, request, oauth::identity::identity),
        _ if path == "/services/data" || path.starts_with("/services/data/") => {
            rest::answer(org, request)
        }
        _ => Reply::refused(&[refusal::Refusal::not_found()]),
    }
}

fn with_session(org: &mut Org, request: &Incoming, show: fn(&Org, &str, &str) -> Reply) -> Reply {
    match rest::session(org, request) {
        Ok(session) => show(org, &request.base, &session.user_id),
        Err(refusal) => Reply::refused(&[refusal]),
    }
}
