//! A client for the specifications of the Salesforce simulator: in process, no socket.

// Each specification uses its own part of the client.
#![allow(dead_code)]

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use tieout_sim::clock::SimClock;
use tieout_sim::drop::Dropped;
use tieout_sim::salesforce::{OrgConfig, SalesforceSim, Switches};
use tieout_sim::sample::Company;
use tower::ServiceExt;

pub const HOST: &str = "acme.my.salesforce.test";

/// 6 July 2026, 09:42 Pacific: the sample's today.
pub fn now() -> Timestamp {
    "2026-07-06T16:42:00Z".parse().expect("a moment")
}

pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub fn company() -> Company {
    Company::alder_quay()
}

/// One answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the answer is JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// `errorCode` of the first error.
    pub fn code(&self) -> String {
        self.json()[0]["errorCode"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text);
    }

    #[track_caller]
    pub fn succeeded(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }
}

/// A signed-in client of one org.
pub struct Client {
    pub sim: SalesforceSim,
    pub token: String,
    pub extra: Vec<(&'static str, String)>,
}

impl Client {
    pub fn of(sim: SalesforceSim) -> Self {
        Self { token: sim.open_session(), sim, extra: Vec::new() }
    }

    /// An empty org.
    pub fn empty(change: impl FnOnce(&mut Switches)) -> Self {
        let mut config = OrgConfig::default();
        change(&mut config.switches);
        Self::of(SalesforceSim::new(SimClock::at(now()), config))
    }

    /// The sample company's org.
    pub fn sample() -> Self {
        Self::of(SalesforceSim::sample(SimClock::at(now()), &company()))
    }

    /// The sample company's org as it stood at a moment.
    pub fn sample_at(moment: &str) -> Self {
        let at = moment.parse().expect("a moment");
        Self::of(SalesforceSim::sample(SimClock::at(at), &company()))
    }

    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.sim.switch(change);
    }

    pub fn advance(&self, secs: i64) {
        self.sim.clock().advance(jiff::SignedDuration::from_secs(secs));
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.extra.push((name, value.to_owned()));
        self
    }

    /// Sends to `/services/data/v66.0/` and below; a path with a leading slash goes as it is.
    pub fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = match path.strip_prefix('/') {
            Some(_) => path.to_owned(),
            None => format!("/services/data/v66.0/{path}"),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header("authorization", format!("Bearer {}", self.token));
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        let body = body.map_or_else(Body::empty, |body| {
            Body::from(body.as_str().map_or_else(|| body.to_string(), str::to_owned))
        });
        let request = request.header("content-type", "application/json");
        send(self.sim.router(), request.body(body).expect("a request")).expect("an answer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None)
    }

    pub fn query(&self, soql: &str) -> Answer {
        self.get(&query_path("query", soql))
    }

    /// The rows of a query's first page.
    #[track_caller]
    pub fn rows(&self, soql: &str) -> Vec<Value> {
        let page = self.query(soql).succeeded(200);
        page["records"].as_array().expect("rows").clone()
    }

    /// One column of a query as text, joined with blanks.
    #[track_caller]
    pub fn column(&self, soql: &str, name: &str) -> String {
        let texts = self.rows(soql).iter().map(|row| shown(&row[name])).collect::<Vec<_>>();
        texts.join(" ")
    }

    /// Makes a record and gives its id.
    #[track_caller]
    pub fn make(&self, object: &str, body: Value) -> String {
        let made = self.post(&format!("sobjects/{object}"), body).succeeded(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    pub fn account(&self, name: &str) -> String {
        self.make("Account", json!({ "Name": name }))
    }

    pub fn deal(&self, name: &str, stage: &str, close: &str, amount: Value) -> String {
        let body = json!({
            "Name": name, "StageName": stage, "CloseDate": close, "Amount": amount,
        });
        self.make("Opportunity", body)
    }

    /// A product with a standard price in dollars; gives product and price book entry.
    pub fn product(&self, code: &str, price: Value) -> (String, String) {
        let product = self.make("Product2", json!({ "Name": code, "ProductCode": code }));
        let book = self.sim.truth().ids("Pricebook2")[0].clone();
        let entry = json!({ "Pricebook2Id": book, "Product2Id": product, "UnitPrice": price });
        let entry = self.make("PricebookEntry", entry);
        (product, entry)
    }

    pub fn field(&self, object: &str, id: &str, name: &str) -> Option<String> {
        self.sim.truth().field(object, id, name)
    }
}

pub fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub fn query_path(resource: &str, soql: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("q", soql).finish();
    format!("{resource}?{query}")
}

/// Nothing where the connection would be closed.
pub fn send(router: Router, request: Request<Body>) -> Option<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let response = router.oneshot(request).await.expect("routers do not fail");
        if Dropped::marks(&response) { None } else { Some(read(response).await) }
    })
}

async fn read(response: Response<Body>) -> Answer {
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        text: String::from_utf8(body.to_vec()).expect("UTF-8"),
    }
}
