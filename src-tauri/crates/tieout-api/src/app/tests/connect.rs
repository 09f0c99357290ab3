use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use tieout_connect::http::{HttpOptions, ReqwestTransport};
use tieout_connect::transport::Transport;

use super::Window;
use crate::app::{AppEvent, Tag};
use crate::codes::Code;
use crate::serve::Addresses;
use crate::{ServeOptions, serve};

/// A stuck sign-in ends the test instead of hanging it.
const STUCK: Duration = Duration::from_secs(60);

/// Simulators on loopback, until the test ends.
fn served() -> Addresses {
    let (told, addresses) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listen = "127.0.0.1:0".parse().unwrap();
            let serving = serve(&ServeOptions { listen, tls_certificate: None }).await.unwrap();
            told.send(serving.addresses.clone()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    addresses.recv().unwrap()
}

/// A person's browser: it allows the access and goes where it is sent.
fn allowed(link: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let transport = ReqwestTransport::new(&HttpOptions::default()).unwrap();
    runtime.block_on(crate::consent::location(&transport, link)).unwrap()
}

fn visit(address: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let transport = ReqwestTransport::new(&HttpOptions::default()).unwrap();
    let request = http::Request::get(address).body(bytes::Bytes::new()).unwrap();
    let answer = runtime.block_on(transport.send(request)).unwrap();
    assert!(answer.status().is_redirection() || answer.status().is_success());
}

/// Waits until the sign-in has ended; every change is told by an event.
fn ended(window: &Window, changes: &mpsc::Receiver<()>) -> Value {
    loop {
        let state = window.told("connect_state", json!({}));
        if state["stage"] == "done" || state["stage"] == "failed" {
            return state;
        }
        changes.recv_timeout(STUCK).expect("the sign-in comes to its end");
    }
}

fn watched(window: &Window) -> mpsc::Receiver<()> {
    let (told, changes) = mpsc::channel();
    window.app.listen(Box::new(move |event| {
        if matches!(event, AppEvent::Changed { tags } if tags.contains(&Tag::Connect)) {
            // A test that has ended listens no more.
            let _ = told.send(());
        }
    }));
    changes
}

#[test]
fn two_systems_are_connected_by_the_browser_and_by_a_pasted_address() {
    let addresses = served();
    let window = Window::new();
    let changes = watched(&window);
    let salesforce = json!({
        "system": "salesforce", "name": "crm", "app_id": addresses.salesforce.client_id,
        "secret": null, "address": addresses.salesforce.base_url, "relay": null, "calls": null,
        "scopes": null,
    });
    let state = window.told("connect_start", salesforce.clone());
    assert_eq!(state["stage"], "waiting", "{state}");
    window.told("cancel_task", json!({ "task": "connect" }));
    assert_eq!(window.told("connect_state", json!({})), Value::Null, "nothing is kept");
    assert_eq!(window.told("app_state", json!({}))["workspace"], Value::Null);

    let state = window.told("connect_start", salesforce);
    let link = state["link"].as_str().unwrap().to_owned();
    let foreign = json!({ "link": "https://evil.example/" });
    assert!(window.call("open_link", foreign).is_err());
    window.told("open_link", json!({ "link": link }));
    let old = json!({ "address": "https://a.example/?code=x&state=old" });
    assert_eq!(window.call("connect_paste", old).unwrap_err().code, Code::SignInRefused.as_str());
    let blocked = json!({ "address": "error=invalid_client OAUTH_APPROVAL_ERROR_GENERIC" });
    let blocked = window.call("connect_paste", blocked).unwrap_err();
    assert_eq!(blocked.code, Code::AppNotInstalled.as_str());
    let state = window.told("connect_state", json!({}));
    assert_eq!(state["stage"], "waiting", "what was wrong ends nothing");
    assert_eq!(state["remedies"][0]["hit"], true, "{state}");
    window.told("connect_paste", json!({ "address": allowed(&link) }));
    let state = ended(&window, &changes);
    assert_eq!(state["stage"], "done", "{state}");
    assert_eq!(state["findings"][0]["ok"], true, "{state}");

    let quickbooks = json!({
        "system": "quickbooks", "name": "books", "app_id": addresses.quickbooks.client_id,
        "secret": addresses.quickbooks.client_secret,
        "address": addresses.quickbooks.base_url, "relay": null, "calls": null, "scopes": null,
    });
    let state = window.told("connect_start", quickbooks);
    visit(&allowed(state["link"].as_str().unwrap()));
    let state = ended(&window, &changes);
    assert_eq!(state["stage"], "done", "{state}");
    let app = window.told("app_state", json!({}));
    assert_eq!(app["ledgers"][0]["id"], "books", "the reader sees it at once: {app}");
    assert!(!app.to_string().contains(&addresses.quickbooks.client_secret));
}

/// Tells the simulated Xero something.
fn tell_xero(addresses: &Addresses, what: &str, body: &Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let transport = ReqwestTransport::new(&HttpOptions::default()).unwrap();
    let request = http::Request::post(format!("{}/xero/{what}", addresses.control_url))
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(bytes::Bytes::from(body.to_string()))
        .unwrap();
    assert!(runtime.block_on(transport.send(request)).unwrap().status().is_success());
}

/// Waits for this stage.
fn until(window: &Window, changes: &mpsc::Receiver<()>, stage: &str) -> Value {
    loop {
        let state = window.told("connect_state", json!({}));
        if state["stage"] == stage {
            return state;
        }
        changes.recv_timeout(STUCK).expect("the sign-in gets there");
    }
}

#[test]
fn a_person_chooses_among_the_organisations_of_a_sign_in() {
    let addresses = served();
    let other = json!({"tenant_id": "9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f", "name": "Northwind"});
    tell_xero(&addresses, "open-tenant", &other);
    tell_xero(&addresses, "switch", &json!({"bulk_connect": true}));
    let window = Window::new();
    let changes = watched(&window);
    let xero = json!({
        "system": "xero", "name": "uk", "app_id": addresses.xero.client_id, "secret": null,
        "address": addresses.xero.base_url, "relay": null, "calls": "1,000", "scopes": "granular",
    });
    let state = window.told("connect_start", xero.clone());
    visit(&allowed(state["link"].as_str().unwrap()));
    let state = until(&window, &changes, "choosing");
    assert_eq!(state["organisations"].as_array().unwrap().len(), 2, "{state}");
    assert_eq!(window.told("app_state", json!({}))["ledgers"], json!([]), "nothing is kept yet");
    window.told("cancel_task", json!({ "task": "connect" }));
    assert_eq!(window.told("connect_state", json!({})), Value::Null);
    let late = json!({ "organisation": addresses.xero.tenant_ids[0] });
    assert_eq!(window.call("connect_choose", late.clone()).unwrap_err().code, "TIE-4010");

    let state = window.told("connect_start", xero);
    visit(&allowed(state["link"].as_str().unwrap()));
    until(&window, &changes, "choosing");
    window.told("connect_choose", late);
    let state = ended(&window, &changes);
    assert_eq!(state["stage"], "done", "{state}");
    assert_eq!(state["findings"][0]["ok"], true, "{state}");
    let app = window.told("app_state", json!({}));
    assert_eq!(app["ledgers"][0]["id"], "uk", "{app}");
    let cards = window.told("connections", json!({}));
    assert_eq!(cards["connections"][0]["brand_name"], "Xero", "{cards}");
}

#[test]
fn what_was_entered_wrongly_is_told_before_any_browser_opens() {
    let window = Window::new();
    let refused = |address: &str, relay: Value| {
        let params = json!({
            "system": "quickbooks", "name": "books", "app_id": "id", "secret": "secret",
            "address": address, "relay": relay, "calls": null, "scopes": null,
        });
        window.call("connect_start", params).unwrap_err()
    };
    let live = refused("production", Value::Null);
    assert_eq!(live.code, Code::Usage.as_str());
    assert!(live.next_step.contains("https page"), "{live:?}");
    assert_eq!(refused("http://books.example", Value::Null).code, Code::UnsafeAddress.as_str());
    assert_eq!(window.told("connect_state", json!({})), Value::Null);
    let forms = window.told("connect_forms", json!({}));
    assert_eq!(forms["systems"][0]["callbacks"].as_array().unwrap().len(), 5);
}
