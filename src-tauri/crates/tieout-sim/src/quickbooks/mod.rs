//! QuickBooks Online: the accounting API v3 and its sign-in, from `quickbooks.md`.
//!
//! One simulated company holds its books in memory. Everything that a client can see follows from
//! the stored documents: balances, links, aging, reports and control accounts come from one ledger.

mod accounts;
mod amount;
mod answer;
mod api;
mod batch;
mod books;
mod call;
mod cdc;
mod company;
mod config;
mod control;
mod edit;
mod entity;
mod key;
mod ledger;
mod oauth;
mod opening;
mod pacific;
mod posting;
mod query;
mod refusal;
mod reports;
mod row;
mod schema;
mod seed;
mod show;
mod truth;
mod write;

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::clock::SimClock;
use crate::fault::{FaultKind, FaultPlan};
use crate::faulting::{REQUEST_BYTES_MAX, RequestLog, with_faults};
use crate::sample::Company;
use answer::Answer;
use books::Books;
use call::Call;

pub use config::{CompanyConfig, Consent, RedirectRules, TaxMode};
pub use edit::{Edit, EditKind};
pub use key::transaction_key;
pub use truth::{CountAndSum, Period, Truth, TruthCustomer, TruthDocument};

/// The snapshot is not one of this simulator.
#[derive(Debug, thiserror::Error)]
#[error("the snapshot cannot be read")]
pub struct SnapshotError(#[source] serde_json::Error);

/// An edit or a switch that the company does not take.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The books refuse it, with the code that a client of the API would get.
    #[error("the books refuse it with {code}: {detail}")]
    Refused { code: u32, detail: String },
    /// The settings have no such member, or it is of another type.
    #[error("the settings cannot be read")]
    Settings(#[source] serde_json::Error),
}

/// One simulated company with its sign-in. Clones share the books.
#[derive(Clone, Debug)]
pub struct QuickBooksSim {
    clock: SimClock,
    books: Arc<Mutex<Arc<Books>>>,
    plan: FaultPlan,
    log: RequestLog,
}

/// The books, locked. They are copied on the first change where somebody still looks at them.
struct Held<'a>(MutexGuard<'a, Arc<Books>>);

impl Deref for Held<'_> {
    type Target = Books;

    fn deref(&self) -> &Books {
        &self.0
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Books {
        Arc::make_mut(&mut self.0)
    }
}

impl QuickBooksSim {
    /// The id of the app that may connect.
    pub const CLIENT_ID: &'static str = "ABTieoutSandboxClientId0000000000000000000000000001";
    /// Its secret.
    pub const CLIENT_SECRET: &'static str = "TieoutSandboxClientSecret000000000000001";

    /// The company of the default settings, and of the sample.
    pub const REALM: &'static str = Company::QUICKBOOKS_REALM;

    /// A company with accounts, terms, tax codes and two items, and without documents.
    pub fn new(clock: SimClock, config: CompanyConfig) -> Self {
        let mut books = Books::new(config, clock.now());
        opening::install(&mut books, clock.now());
        opening::install_items(&mut books, clock.now());
        Self::of(clock, Arc::new(books))
    }

    /// The US entity of the sample company as it stands at the clock's time. What its people do
    /// later happens when the clock gets there.
    pub fn sample(clock: SimClock, company: &Company) -> Self {
        let books = seed::books(company, clock.now());
        Self::of(clock, Arc::new(books))
    }

    fn of(clock: SimClock, books: Arc<Books>) -> Self {
        let books = Arc::new(Mutex::new(books));
        Self { clock, books, plan: FaultPlan::default(), log: RequestLog::default() }
    }

    /// The API and the sign-in on one base URL, behind the fault plan and the request log.
    pub fn router(&self) -> Router {
        let inner = Router::new().fallback(answered).with_state(self.clone());
        with_faults(inner, self.plan.clone(), self.log.clone(), brand_answer)
    }

    /// The test's own way in: faults, clock, switches, edits and truth. Not part of the service.
    pub fn control(&self) -> Router {
        control::router(self.clone())
    }

    /// The company's whole state: tokens, ids, documents and scheduled edits, but not the clock.
    pub fn snapshot(&self) -> Vec<u8> {
        serde_json::to_vec(&*self.current()).expect("the books have text keys only")
    }

    /// Replaces the company's state by that of a snapshot.
    pub fn restore(&self, snapshot: &[u8]) -> Result<(), SnapshotError> {
        let mut books: Books = serde_json::from_slice(snapshot).map_err(SnapshotError)?;
        books.relink();
        *self.lock().0 = Arc::new(books);
        Ok(())
    }

    /// Another company that stands where this one stands, under another clock. Faults and the log
    /// of requests are not taken along.
    #[must_use]
    pub fn fork(&self, clock: SimClock) -> Self {
        Self::of(clock, Arc::clone(&self.current().0))
    }

    /// What is really in the books now, for comparison with what a client believes.
    pub fn truth(&self) -> Truth {
        truth::of(Arc::clone(&self.current().0))
    }

    /// The requests so far.
    pub fn requests(&self) -> RequestLog {
        self.log.clone()
    }

    /// The faults that the next requests will meet.
    pub fn faults(&self) -> FaultPlan {
        self.plan.clone()
    }

    /// The id in every path, and the one that the redirect of the sign-in names.
    pub fn realm(&self) -> String {
        self.lock().config.realm.clone()
    }

    /// The settings now.
    pub fn config(&self) -> CompanyConfig {
        self.lock().config.clone()
    }

    /// Replaces the settings that `changes` names, for example
    /// `{"custom_txn_numbers": true, "book_close_date": "2026-05-31"}`.
    pub fn switch(&self, changes: &serde_json::Value) -> Result<(), EditError> {
        let mut books = self.current();
        books.config = books.config.switched(changes).map_err(EditError::Settings)?;
        let now = self.clock.now();
        opening::install_taxes(&mut books, now);
        Ok(())
    }

    /// Does what a person in the product would do, now. Returns the object as the API shows it.
    pub fn edit(&self, edit: &Edit) -> Result<serde_json::Value, EditError> {
        let now = self.clock.now();
        edit::perform(&mut self.current(), edit, now)
            .map_err(|refusal| EditError::Refused { code: refusal.code, detail: refusal.detail })
    }

    /// Lets a person do it at `at`: whoever looks after that finds it done at that time.
    pub fn schedule(&self, at: Timestamp, edit: Edit) {
        self.lock().schedule.push(edit::Scheduled { at, edit });
    }

    /// Scheduled edits that the books refused, as text.
    pub fn failed_edits(&self) -> Vec<String> {
        self.current().failed_edits.clone()
    }

    /// A person disconnects the app inside the product.
    pub fn disconnect(&self) {
        self.lock().grants.disconnect();
    }

    /// The books with every edit done whose time has come.
    fn current(&self) -> Held<'_> {
        let mut books = self.lock();
        if !books.schedule.is_empty() {
            edit::catch_up(&mut books, self.clock.now());
        }
        books
    }

    fn lock(&self) -> Held<'_> {
        Held(self.books.lock().expect("no holder of the books panics"))
    }

    /// One request from end to end. The books are locked for the whole of it.
    fn respond(&self, call: &Call) -> Response<Body> {
        let now = self.clock.now();
        let mut books = self.current();
        books.answers += 1;
        let support_id = support_id(books.answers, now);
        let segments = call.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = route(&mut books, call, &path, now);
        answer.into_response(call.wants_json(), &support_id)
    }
}

fn route(books: &mut Books, call: &Call, path: &[&str], now: Timestamp) -> Answer {
    if let ["v3", "company", realm, rest @ ..] = path {
        return api::answer(books, call, realm, rest, now);
    }
    match (call.method.as_str(), call.path.trim_end_matches('/')) {
        (
            "GET",
            "/.well-known/openid_configuration" | "/.well-known/openid_sandbox_configuration",
        ) => oauth::document(books, call),
        ("GET", oauth::KEYS_PATH) => oauth::keys(),
        ("GET", oauth::AUTHORIZE_PATH) => oauth::ask(books, call, now),
        ("POST", oauth::DECISION_PATH) => oauth::decide(books, call, now),
        ("POST", oauth::TOKEN_PATH) => oauth::token(books, call, now),
        ("POST", oauth::REVOKE_PATH) => oauth::revoke(books, call),
        ("GET", oauth::USER_PATH) => oauth::user(books, call, now),
        _ => Answer::html(404, "Not Found", "<h1>Not Found</h1>"),
    }
}

async fn answered(State(sim): State<QuickBooksSim>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    match axum::body::to_bytes(body, REQUEST_BYTES_MAX).await {
        Ok(body) => sim.respond(&Call::new(&parts, body)),
        Err(_) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            response
        }
    }
}

/// How QuickBooks words the faults of the plan. They stand in front of the company and do not know
/// its time, which may be absent from a fault.
fn brand_answer(kind: FaultKind, parts: &http::request::Parts) -> Response<Body> {
    let epoch = Timestamp::UNIX_EPOCH;
    let failed = refusal::Refusal::application_error();
    let answer = match kind {
        FaultKind::Throttle => Answer::throttled(epoch),
        FaultKind::ThrottleWithHint => {
            Answer::throttled(epoch).with(http::header::RETRY_AFTER, "7")
        }
        FaultKind::ThrottleXml => Answer::throttled_xml(),
        FaultKind::Unauthorized => Answer::unauthenticated(epoch),
        FaultKind::FaultInside => {
            Answer::refused(&refusal::Refusal { status: 200, ..failed }, epoch)
        }
        FaultKind::ServerErrorAfter => {
            Answer::html(503, "Service Unavailable", "<h1>Service Unavailable</h1>")
        }
        _ => Answer::refused(&failed, epoch),
    };
    let call = Call::new(parts, Bytes::new());
    let support_id = "1-00000000-000000000000000000000000";
    answer.without_time().into_response(call.wants_json(), support_id)
}

/// The form of recorded ids: seconds, then 12 bytes.
fn support_id(answers: u64, now: Timestamp) -> String {
    let digest = Sha256::digest(answers.to_be_bytes());
    let tail: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("1-{:08x}-{tail}", now.as_second())
}
