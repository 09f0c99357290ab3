//! A client that speaks to the simulator in process and knows its envelopes.

use std::cell::RefCell;

use axum::body::Body;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::{CompanyConfig, QuickBooksSim};
use tieout_sim::sample::Company;
use tower::ServiceExt;
use url::form_urlencoded;

/// Where the tests of `desk` start: winter, 09:15 Pacific.
pub const START: &str = "2026-02-03T17:15:42.318Z";

/// One answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The code of envelope A, with the HTTP status.
    #[track_caller]
    pub fn code(&self) -> (u16, String) {
        let code = self.json()["Fault"]["Error"][0]["code"].as_str().map(str::to_owned);
        (self.status, code.unwrap_or_else(|| panic!("no fault: {}", self.text)))
    }
}

pub struct Desk {
    pub sim: QuickBooksSim,
    pub clock: SimClock,
    pub token: RefCell<String>,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    /// A fresh company with changed settings, signed in.
    pub fn with(changes: Value) -> Self {
        let clock = SimClock::at(START.parse().unwrap());
        let config = CompanyConfig::default().switched(&changes).unwrap();
        let sim = QuickBooksSim::new(clock.clone(), config);
        Self::signed_in(sim, clock)
    }

    pub fn new() -> Self {
        Self::with(json!({}))
    }

    /// The sample company at a moment, signed in.
    pub fn sample(at: &str) -> Self {
        let clock = SimClock::at(at.parse().unwrap());
        let sim = QuickBooksSim::sample(clock.clone(), &Company::alder_quay());
        Self::signed_in(sim, clock)
    }

    pub fn signed_in(sim: QuickBooksSim, clock: SimClock) -> Self {
        let desk = Self::signed_out(sim, clock);
        desk.sign_in();
        desk
    }

    fn sign_in(&self) {
        let code = self.consent("com.intuit.quickbooks.accounting").unwrap();
        let pair = self.exchange(&code).json();
        *self.token.borrow_mut() = pair["access_token"].as_str().unwrap().to_owned();
    }

    pub fn signed_out(sim: QuickBooksSim, clock: SimClock) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { sim, clock, token: RefCell::default(), runtime }
    }

    /// Lets time go by, and the tokens with it.
    pub fn advance(&self, text: &str) {
        self.clock.advance(text.parse().unwrap());
    }

    /// Lets time go by and signs in again.
    pub fn pass(&self, text: &str) {
        self.advance(text);
        self.sign_in();
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token.borrow())
    }

    /// Any request; headers as pairs.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let router = self.sim.router();
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status, headers, text }
        })
    }

    fn api(&self, method: &str, path: &str, body: &str) -> Answer {
        let bearer = self.bearer();
        let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
        self.send(method, &format!("/v3/company/{}{path}", self.sim.realm()), &headers, body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.api("GET", path, "")
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.api("POST", path, &body.to_string())
    }

    /// Writes and returns the object.
    #[track_caller]
    pub fn write(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let mut all = answer.json();
        let members = all.as_object_mut().unwrap();
        assert!(members.remove("time").is_some_and(|time| time.is_string()));
        let (_, object) = members.iter().next().unwrap();
        object.clone()
    }

    #[track_caller]
    pub fn refused(&self, path: &str, body: Value, code: &str) {
        assert_eq!(self.post(path, body).code(), (400, code.to_owned()));
    }

    #[track_caller]
    pub fn read(&self, entity: &str, id: &str) -> Value {
        let answer = self.get(&format!("/{entity}/{id}"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json().as_object().unwrap().values().find(|v| v.is_object()).unwrap().clone()
    }

    /// The current object with some members changed, for an update.
    pub fn changed(&self, entity: &str, id: &str, changes: Value) -> Value {
        let now = self.read(entity, id);
        let mut body = json!({"Id": id, "SyncToken": now["SyncToken"], "sparse": true});
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    }

    #[track_caller]
    pub fn sparse(&self, entity: &str, id: &str, changes: Value) -> Value {
        self.write(&format!("/{entity}"), self.changed(entity, id, changes))
    }

    pub fn asked(&self, statement: &str) -> Answer {
        let query: String = form_urlencoded::byte_serialize(statement.as_bytes()).collect();
        self.get(&format!("/query?query={query}&minorversion=75"))
    }

    #[track_caller]
    pub fn query(&self, statement: &str) -> Value {
        let answer = self.asked(statement);
        assert_eq!(answer.status, 200, "{statement}: {}", answer.text);
        answer.json()["QueryResponse"].clone()
    }

    /// Rows of the only entity in a query's answer.
    #[track_caller]
    pub fn rows(&self, statement: &str) -> Vec<Value> {
        let found = self.query(statement);
        let list = found.as_object().unwrap().values().find(|value| value.is_array());
        list.map(|list| list.as_array().unwrap().clone()).unwrap_or_default()
    }

    /// A customer of that name.
    pub fn customer(&self, name: &str) -> String {
        id(&self.write("/customer", json!({"DisplayName": name})))
    }

    /// An untaxed invoice of one line.
    #[track_caller]
    pub fn invoice(&self, customer: &str, amount: &str, on: &str) -> Value {
        self.write("/invoice", invoice_body(customer, amount, on))
    }

    /// A payment applied to documents: amount, kind, id.
    #[track_caller]
    pub fn payment(&self, customer: &str, total: &str, lines: &[(&str, &str, &str)]) -> Value {
        self.write("/payment", payment_body(customer, total, lines))
    }

    pub fn consent(&self, scope: &str) -> Result<String, String> {
        self.sim.switch(&json!({"consent": "allow"})).unwrap();
        let answer = self.send("GET", &authorize_path(scope, REDIRECT), &[], "");
        self.sim.switch(&json!({"consent": "ask"})).unwrap();
        let to = answer.headers.get("location").ok_or(answer.text)?.to_str().unwrap().to_owned();
        parameter(&to, "code").ok_or(to)
    }

    pub fn exchange(&self, code: &str) -> Answer {
        let form = form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
        ]);
        self.token_call(&form)
    }

    pub fn refresh(&self, token: &str) -> Answer {
        self.token_call(&form(&[("grant_type", "refresh_token"), ("refresh_token", token)]))
    }

    pub fn token_call(&self, form: &str) -> Answer {
        let headers = [
            ("authorization", basic().as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.send("POST", "/oauth2/v1/tokens/bearer", &headers, form)
    }
}

pub const REDIRECT: &str = "http://localhost:8765/cb";

pub fn authorize_path(scope: &str, redirect: &str) -> String {
    let query = form(&[
        ("client_id", QuickBooksSim::CLIENT_ID),
        ("response_type", "code"),
        ("scope", scope),
        ("redirect_uri", redirect),
        ("state", "s-1"),
    ]);
    format!("/connect/oauth2?{query}")
}

pub fn basic() -> String {
    use base64::Engine;
    let pair = format!("{}:{}", QuickBooksSim::CLIENT_ID, QuickBooksSim::CLIENT_SECRET);
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub fn id(object: &Value) -> String {
    object["Id"].as_str().unwrap_or_else(|| panic!("no id: {object}")).to_owned()
}

/// A JSON number from its text.
pub fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn item_line(amount: &str) -> Value {
    json!({
        "Amount": number(amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
    })
}

pub fn invoice_body(customer: &str, amount: &str, on: &str) -> Value {
    json!({"CustomerRef": {"value": customer}, "TxnDate": on, "Line": [item_line(amount)]})
}

pub fn payment_body(customer: &str, total: &str, lines: &[(&str, &str, &str)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(amount, kind, id)| {
            json!({"Amount": number(amount), "LinkedTxn": [{"TxnId": id, "TxnType": kind}]})
        })
        .collect();
    json!({"CustomerRef": {"value": customer}, "TotalAmt": number(total), "Line": lines})
}

/// The text of a member as the wire prints it.
pub fn printed(object: &Value, member: &str) -> String {
    object[member].to_string()
}
