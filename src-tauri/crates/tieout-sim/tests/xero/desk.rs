//! A client that speaks to the simulator in process and knows its envelopes.

use std::cell::RefCell;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tieout_sim::clock::SimClock;
use tieout_sim::sample::Company;
use tieout_sim::xero::{AppConfig, Edit, EditKind, TenantConfig, XeroSim};
use tower::ServiceExt;
use url::form_urlencoded;

/// Where the tests start: midsummer in Auckland, just before noon.
pub const START: &str = "2026-01-14T22:15:42.318Z";
pub const REDIRECT: &str = "http://localhost:53682/callback";
pub const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";
pub const SCOPES: &str = "openid profile email offline_access accounting.settings \
    accounting.contacts accounting.invoices accounting.payments accounting.banktransactions \
    accounting.attachments accounting.reports.aged.read accounting.reports.balancesheet.read \
    accounting.reports.trialbalance.read";
/// The second organisation of every desk.
pub const SECOND: &str = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b";

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

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The rows of the only list.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        let body = self.json();
        let list = body.as_object().unwrap().values().find(|value| value.is_array());
        list.unwrap_or_else(|| panic!("no list: {}", self.text)).as_array().unwrap().clone()
    }

    /// The only row.
    #[track_caller]
    pub fn one(&self) -> Value {
        let mut rows = self.rows();
        assert_eq!(rows.len(), 1, "{}", self.text);
        rows.remove(0)
    }

    /// All messages of a refused request, and 400 with error 10.
    #[track_caller]
    pub fn messages(&self) -> String {
        assert_eq!(self.status, 400, "{}", self.text);
        assert_eq!(self.json()["ErrorNumber"], 10, "{}", self.text);
        messages(&self.json()["Elements"][0])
    }
}

/// The messages of an element.
pub fn messages(element: &Value) -> String {
    let list = element["ValidationErrors"].as_array().cloned().unwrap_or_default();
    let texts = list.iter().map(|one| one["Message"].as_str().unwrap().to_owned());
    texts.collect::<Vec<_>>().join(" | ")
}

pub struct Desk {
    pub sim: XeroSim,
    pub clock: SimClock,
    pub token: RefCell<String>,
    pub refresh: RefCell<String>,
    pub runtime: tokio::runtime::Runtime,
}

impl Desk {
    /// Two fresh organisations, the first of them connected; the limits of calls are wide.
    pub fn new() -> Self {
        let desk = Self::signed_out();
        desk.sign_in();
        desk
    }

    /// The same with changed settings of the first organisation.
    pub fn with(changes: Value) -> Self {
        let desk = Self::new();
        desk.sim.switch_tenant(None, &changes).unwrap();
        desk
    }

    pub fn signed_out() -> Self {
        let clock = SimClock::at(START.parse().unwrap());
        let second = TenantConfig {
            tenant_id: SECOND.to_owned(),
            name: "Northwind Services Ltd".to_owned(),
            short_code: "!s2Q".to_owned(),
            base_currency: "GBP".to_owned(),
            country: "GB".to_owned(),
            version: "UK".to_owned(),
            zone: "Europe/London".to_owned(),
            windows_zone: "GMTSTANDARDTIME".to_owned(),
            ..TenantConfig::default()
        };
        let tenants = vec![TenantConfig::default(), second];
        Self::around(XeroSim::new(clock.clone(), AppConfig::default(), tenants), clock)
    }

    /// The sample company at a moment, connected.
    pub fn sample(at: &str) -> Self {
        let clock = SimClock::at(at.parse().unwrap());
        let sim = XeroSim::sample(clock.clone(), &Company::alder_quay());
        let desk = Self::around(sim, clock);
        desk.sign_in();
        desk
    }

    pub fn around(sim: XeroSim, clock: SimClock) -> Self {
        sim.switch(&json!({"minute_limit": 100_000, "day_limit": 100_000})).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { sim, clock, token: RefCell::default(), refresh: RefCell::default(), runtime }
    }

    pub fn sign_in(&self) {
        let code = self.consent(SCOPES).unwrap();
        self.take(&self.exchange(&code).json());
    }

    pub fn take(&self, pair: &Value) {
        let text = |key: &str| pair[key].as_str().unwrap_or_default().to_owned();
        *self.token.borrow_mut() = text("access_token");
        *self.refresh.borrow_mut() = text("refresh_token");
    }

    /// Lets time go by, and the tokens with it.
    pub fn advance(&self, text: &str) {
        self.clock.advance(text.parse().unwrap());
    }

    /// Lets time go by and refreshes.
    pub fn pass(&self, text: &str) {
        self.advance(text);
        let token = self.refresh.borrow().clone();
        self.take(&self.refreshed(&token).json());
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token.borrow())
    }

    pub fn tenant(&self) -> String {
        self.sim.tenant_ids()[0].clone()
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

    /// A call of the API with further headers.
    pub fn api(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let (bearer, tenant) = (self.bearer(), self.tenant());
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("xero-tenant-id", tenant.as_str()),
            ("accept", "application/json"),
            ("content-type", "application/json"),
        ];
        headers.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        headers.extend(more);
        self.send(method, &format!("/api.xro/2.0{path}"), &headers, body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.api("GET", path, &[], "")
    }

    pub fn since(&self, path: &str, since: &str) -> Vec<Value> {
        self.api("GET", path, &[("if-modified-since", since)], "").rows()
    }

    /// A list with a filter.
    pub fn filtered(&self, endpoint: &str, filter: &str) -> Answer {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(&format!("/{endpoint}?where={filter}&page=1"))
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.api("PUT", path, &[], &body.to_string())
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.api("POST", path, &[], &body.to_string())
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.api("DELETE", path, &[], "")
    }

    /// A person does it in the product.
    #[track_caller]
    pub fn person(&self, entity: &str, operation: EditKind, body: Value) -> Value {
        let edit = Edit { tenant: None, entity: entity.to_owned(), operation, body };
        self.sim.edit(&edit).unwrap()
    }

    /// A contact of that name.
    #[track_caller]
    pub fn contact(&self, name: &str) -> String {
        id(&self.put("/Contacts", json!({"Name": name})).one(), "ContactID")
    }

    /// An approved invoice of one line, net, dated today.
    #[track_caller]
    pub fn invoice(&self, contact: &str, net: &str) -> Value {
        self.put("/Invoices", approved(contact, net, "2026-01-15")).one()
    }

    #[track_caller]
    pub fn read(&self, endpoint: &str, id: &str) -> Value {
        self.get(&format!("/{endpoint}/{id}?unitdp=4")).one()
    }

    /// Money for an invoice.
    pub fn pay(&self, invoice: &Value, amount: &str, on: &str) -> Answer {
        self.put("/Payments", payment(invoice, amount, on))
    }

    /// An approved credit note.
    #[track_caller]
    pub fn credit(&self, contact: &str, net: &str) -> Value {
        let mut body = approved(contact, net, "2026-01-15");
        body["Type"] = json!("ACCRECCREDIT");
        self.put("/CreditNotes", body).one()
    }

    pub fn consent(&self, scopes: &str) -> Result<String, String> {
        self.sim.switch(&json!({"consent": "allow"})).unwrap();
        let answer = self.send("GET", &authorize_path(scopes, REDIRECT), &[], "");
        self.sim.switch(&json!({"consent": "ask"})).unwrap();
        let to = answer.headers.get("location").ok_or(answer.text)?.to_str().unwrap().to_owned();
        parameter(&to, "code").ok_or(to)
    }

    pub fn exchange(&self, code: &str) -> Answer {
        self.token_call(&[
            ("grant_type", "authorization_code"),
            ("client_id", XeroSim::CLIENT_ID),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
    }

    pub fn refreshed(&self, token: &str) -> Answer {
        self.token_call(&[
            ("grant_type", "refresh_token"),
            ("client_id", XeroSim::CLIENT_ID),
            ("refresh_token", token),
        ])
    }

    pub fn token_call(&self, fields: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", "/connect/token", &headers, &form(fields))
    }
}

pub fn authorize_path(scopes: &str, redirect: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let query = form(&[
        ("response_type", "code"),
        ("client_id", XeroSim::CLIENT_ID),
        ("redirect_uri", redirect),
        ("scope", scopes),
        ("state", "s-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    format!("/identity/connect/authorize?{query}")
}

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

#[track_caller]
pub fn id(object: &Value, key: &str) -> String {
    object[key].as_str().unwrap_or_else(|| panic!("no {key}: {object}")).to_owned()
}

/// A JSON number from its text.
pub fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The text of a member as the wire prints it.
pub fn printed(object: &Value, member: &str) -> String {
    object[member].to_string()
}

pub fn line(amount: &str) -> Value {
    json!({"Description": "Goods", "Quantity": 1, "UnitAmount": number(amount), "AccountCode": "200"})
}

pub fn approved(contact: &str, net: &str, on: &str) -> Value {
    json!({
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": contact},
        "Date": on,
        "DueDate": "2026-02-14",
        "LineItems": [line(net)],
    })
}

pub fn payment(invoice: &Value, amount: &str, on: &str) -> Value {
    json!({
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": on,
        "Amount": number(amount),
    })
}
