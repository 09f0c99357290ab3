//! The query languages of the simulators, through their routers.

use std::cell::OnceCell;

use axum::Router;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Request, Response};
use tieout_sim::clock::SimClock;
use tieout_sim::salesforce::SalesforceSim;
use tieout_sim::sample::Company;
use url::form_urlencoded::byte_serialize;

use super::wire::{BASE, NOW, asked, runtime};
use super::{quickbooks, salesforce};

thread_local! {
    static SALESFORCE: OnceCell<(Router, String)> = const { OnceCell::new() };
    static QUICKBOOKS: OnceCell<(Router, String)> = const { OnceCell::new() };
}

/// A SOQL statement: answered, or refused as a statement that is wrong.
pub fn soql(input: &[u8]) {
    let text: String = byte_serialize(input).collect();
    let target = format!("{BASE}/services/data/{}/query?q={text}", salesforce::VERSION);
    let answer = SALESFORCE.with(|it| {
        let (router, token) = it.get_or_init(|| {
            let clock = SimClock::at(NOW.parse().expect("a moment"));
            let simulator = SalesforceSim::sample(clock, &Company::alder_quay());
            // A fuzzer asks more in a minute than an organisation may in a day.
            simulator.switch(|switches| switches.daily_limit = u32::MAX);
            (simulator.router(), simulator.open_session())
        });
        get(router, token, &target)
    });
    is_answered_or_refused(&answer);
}

/// A statement of the accounting tool: the same.
pub fn quickbooks(input: &[u8]) {
    let text: String = byte_serialize(input).collect();
    let realm = Company::QUICKBOOKS_REALM;
    let target = format!("{BASE}/v3/company/{realm}/query?minorversion=75&query={text}");
    let answer = QUICKBOOKS.with(|it| {
        let (router, token) = it.get_or_init(|| runtime().block_on(quickbooks::serving()));
        get(router, token, &target)
    });
    is_answered_or_refused(&answer);
}

fn get(router: &Router, token: &str, target: &str) -> Response<Bytes> {
    let request = Request::get(target)
        .header(HOST, "127.0.0.1:4040")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(ACCEPT, "application/json")
        .body(Bytes::new());
    runtime().block_on(asked(router, request.expect("a valid request")))
}

/// Nothing but JSON comes back, and a bad statement is the caller's fault, never the server's.
fn is_answered_or_refused(answer: &Response<Bytes>) {
    let status = answer.status().as_u16();
    let told = String::from_utf8_lossy(answer.body());
    assert!(matches!(status, 200 | 400 | 404 | 414 | 431), "{status}: {told}");
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.contains("json")) {
        let read = serde_json::from_slice::<serde_json::Value>(answer.body());
        assert!(read.is_ok(), "no JSON: {told}");
    }
}
