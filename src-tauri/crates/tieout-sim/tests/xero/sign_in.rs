//! Sign-in, tokens and connections (`xero §2`).

use serde_json::json;

use crate::desk::{Desk, REDIRECT, SCOPES, SECOND, VERIFIER, authorize_path, form, parameter};
use tieout_sim::xero::XeroSim;

#[test]
fn the_consent_page_is_a_form_with_one_allow_button() {
    let desk = Desk::signed_out();
    let page = desk.send("GET", &authorize_path(SCOPES, REDIRECT), &[], "");
    assert_eq!(page.status, 200);
    assert_eq!(page.text.matches("<form").count(), 1);
    assert_eq!(page.text.matches("<button").count(), 1);
    assert!(page.text.contains(">Allow</button>"));
    let pressed = form(&[
        ("client_id", XeroSim::CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("state", "s-1"),
        ("code_challenge", "fD3GLJ_KzCDB0w6uDOSFNNdflrHwtv8Cizh6P5pJkfQ"),
        ("code_challenge_method", "S256"),
        ("tenant", SECOND),
    ]);
    let back = desk.send("POST", "/identity/connect/authorize/decision", &[], &pressed);
    let to = back.header("location").unwrap();
    assert!(to.starts_with(REDIRECT));
    assert_eq!(parameter(to, "state").as_deref(), Some("s-1"));
    assert!(parameter(to, "code").is_some() && parameter(to, "session_state").is_some());
    assert_eq!(parameter(to, "scope").as_deref(), Some(SCOPES));
}

#[test]
fn only_registered_localhost_redirects_are_taken() {
    let desk = Desk::signed_out();
    desk.sim
        .switch(&json!({"registered_redirects": [REDIRECT, "http://127.0.0.1:53682/callback"]}))
        .unwrap();
    for (redirect, status) in [
        (REDIRECT, 200),
        ("http://localhost:53682/other", 400),
        ("http://localhost:60000/callback", 400),
        ("http://127.0.0.1:53682/callback", 400),
        ("tieout://callback", 400),
    ] {
        let answer = desk.send("GET", &authorize_path(SCOPES, redirect), &[], "");
        assert_eq!(answer.status, status, "{redirect}");
        assert!(answer.header("location").is_none());
    }
}

#[test]
fn denial_comes_back_and_error_pages_do_not() {
    let desk = Desk::signed_out();
    let ask = |consent: &str| {
        desk.sim.switch(&json!({ "consent": consent })).unwrap();
        desk.send("GET", &authorize_path(SCOPES, REDIRECT), &[], "")
    };
    let denied = ask("deny");
    assert_eq!(
        parameter(denied.header("location").unwrap(), "error").as_deref(),
        Some("access_denied")
    );
    let scope = ask("scope_page");
    assert_eq!((scope.status, scope.header("location")), (400, None));
    assert!(scope.text.contains("Invalid scope for client"));
    let limit = ask("limit_page");
    assert_eq!((limit.status, limit.header("location")), (200, None));
}

#[test]
fn scopes_that_the_app_has_not_are_refused_on_the_page() {
    let desk = Desk::signed_out();
    desk.sim.switch(&json!({"scopes": "granular"})).unwrap();
    assert!(desk.consent("offline_access accounting.transactions").unwrap_err().contains("scope"));
    assert!(desk.consent("offline_access accounting.invoices").is_ok());
}

#[test]
fn the_connection_limit_shows_its_page() {
    let desk = Desk::new();
    desk.sim.switch(&json!({"connections_max": 1})).unwrap();
    assert!(desk.consent(SCOPES).unwrap_err().contains("limit"));
}

#[test]
fn a_code_is_good_once_for_five_minutes_with_its_verifier() {
    let desk = Desk::signed_out();
    let code = desk.consent(SCOPES).unwrap();
    let pair = desk.exchange(&code);
    assert_eq!(pair.status, 200);
    assert_eq!(pair.json()["expires_in"], 1800);
    assert_eq!(pair.json()["token_type"], "Bearer");
    assert_eq!(pair.json()["access_token"].as_str().unwrap().split('.').count(), 3);
    assert!(pair.json()["id_token"].is_string());
    let again = desk.exchange(&code);
    assert_eq!((again.status, again.json()), (400, json!({"error": "invalid_grant"})));

    let late = desk.consent(SCOPES).unwrap();
    desk.advance("PT5M1S");
    assert_eq!(desk.exchange(&late).json()["error"], "invalid_grant");

    let wrong = desk.consent(SCOPES).unwrap();
    let other = VERIFIER.replace("verifier", "different");
    let answer = desk.token_call(&[
        ("grant_type", "authorization_code"),
        ("client_id", XeroSim::CLIENT_ID),
        ("code", &wrong),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &other),
    ]);
    assert_eq!(answer.json()["error"], "invalid_grant");
    assert_eq!(desk.exchange(&wrong).json()["error"], "invalid_grant");
}

#[test]
fn the_token_endpoint_names_what_is_wrong() {
    let desk = Desk::signed_out();
    let call = |fields: &[(&str, &str)]| desk.token_call(fields).json()["error"].clone();
    let id = ("client_id", XeroSim::CLIENT_ID);
    assert_eq!(call(&[("grant_type", "refresh_token"), ("client_id", "X")]), "invalid_client");
    assert_eq!(call(&[("grant_type", "refresh_token")]), "invalid_request");
    assert_eq!(call(&[id, ("grant_type", "client_credentials")]), "unauthorized_client");
    assert_eq!(call(&[id, ("grant_type", "password")]), "unsupported_grant_type");
    let kind = [("content-type", "application/json")];
    let answer = desk.send("POST", "/connect/token", &kind, r#"{"grant_type":"refresh_token"}"#);
    assert_eq!((answer.status, answer.json()["error"].clone()), (400, json!("invalid_request")));
}

#[test]
fn refresh_tokens_rotate_with_a_grace_of_thirty_minutes() {
    let desk = Desk::new();
    let first = desk.refresh.borrow().clone();
    let second = desk.refreshed(&first).json()["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    desk.advance("PT29M");
    assert_eq!(desk.refreshed(&first).status, 200);
    desk.advance("PT2M");
    assert_eq!(desk.refreshed(&first).json()["error"], "invalid_grant");
    assert_eq!(desk.refreshed(&second).status, 200);
}

#[test]
fn two_refreshes_at_once_both_get_tokens_that_work() {
    let desk = Desk::new();
    let first = desk.refresh.borrow().clone();
    let (one, other) = (desk.refreshed(&first).json(), desk.refreshed(&first).json());
    assert_ne!(one["refresh_token"], other["refresh_token"]);
    for pair in [one, other] {
        desk.take(&pair);
        assert_eq!(desk.get("/Organisation").status, 200);
    }
}

#[test]
fn an_unused_refresh_token_dies_after_sixty_days() {
    let desk = Desk::new();
    let token = desk.refresh.borrow().clone();
    desk.advance("PT1440H");
    assert_eq!(desk.refreshed(&token).status, 200);
    let token = desk.refreshed(&token).json()["refresh_token"].as_str().unwrap().to_owned();
    desk.advance("PT1441H");
    assert_eq!(desk.refreshed(&token).json()["error"], "invalid_grant");
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    let desk = Desk::signed_out();
    let code = desk.consent("openid accounting.contacts").unwrap();
    assert!(desk.exchange(&code).json().get("refresh_token").is_none());
}

#[test]
fn scopes_accumulate_over_consents() {
    let desk = Desk::signed_out();
    desk.exchange(&desk.consent("offline_access accounting.contacts").unwrap());
    let pair = desk.exchange(&desk.consent("offline_access accounting.settings.read").unwrap());
    let scope = pair.json()["scope"].as_str().unwrap().to_owned();
    assert!(scope.contains("accounting.contacts") && scope.contains("accounting.settings.read"));
}

#[test]
fn an_access_token_ends_and_says_when() {
    let desk = Desk::new();
    desk.advance("PT30M");
    let answer = desk.get("/Organisation");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["Detail"], "TokenExpired: token expired at 01/14/2026 22:45:42");
    *desk.token.borrow_mut() = "nonsense".to_owned();
    assert_eq!(desk.get("/Organisation").json()["Detail"], "AuthenticationUnsuccessful");
}

#[test]
fn a_missing_scope_is_401_and_not_403() {
    let desk = Desk::signed_out();
    desk.take(
        &desk.exchange(&desk.consent("offline_access accounting.contacts.read").unwrap()).json(),
    );
    assert_eq!(desk.get("/Contacts").status, 200);
    let answer = desk.get("/Invoices?page=1");
    assert_eq!(
        (answer.status, answer.json()["Detail"].clone()),
        (401, json!("AuthorizationUnsuccessful"))
    );
    let answer = desk.put("/Contacts", json!({"Name": "Acme"}));
    assert_eq!(answer.json()["Detail"], "AuthorizationUnsuccessful");
}

#[test]
fn broad_scopes_open_what_granular_ones_do() {
    let desk = Desk::signed_out();
    let scopes = "accounting.transactions.read accounting.reports.read accounting.settings";
    desk.take(&desk.exchange(&desk.consent(scopes).unwrap()).json());
    for path in ["/Invoices", "/Payments", "/Overpayments", "/Reports/TrialBalance", "/Items"] {
        assert_eq!(desk.get(path).status, 200, "{path}");
    }
    assert_eq!(desk.get("/Contacts").status, 401);
}

#[test]
fn connections_list_what_the_user_connected() {
    let desk = Desk::new();
    desk.advance("PT1S");
    desk.sign_in();
    let bearer = desk.bearer();
    let headers = [("authorization", bearer.as_str())];
    let all = desk.send("GET", "/Connections", &headers, "").json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["tenantId"], desk.tenant());
    assert_eq!(all[1]["tenantName"], "Northwind Services Ltd");
    assert_eq!(all[0]["tenantType"], "ORGANISATION");
    assert_eq!(all[0]["createdDateUtc"], "2026-01-14T22:15:42.3180000");
    let event = all[1]["authEventId"].as_str().unwrap();
    let one = desk.send("GET", &format!("/connections?authEventId={event}"), &headers, "").json();
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!(one[0]["tenantId"], SECOND);
}

#[test]
fn the_token_names_the_connection_just_made() {
    let desk = Desk::new();
    let token = desk.token.borrow().clone();
    let claims = token.split('.').nth(1).unwrap();
    let claims = {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap()
    };
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    let bearer = desk.bearer();
    let all = desk.send("GET", "/connections", &[("authorization", &bearer)], "").json();
    assert_eq!(claims["authentication_event_id"], all[0]["authEventId"]);
    assert!(claims["xero_userid"].is_string() && claims["scope"].is_array());
}

#[test]
fn a_connection_is_deleted_by_its_own_id() {
    let desk = Desk::new();
    let bearer = desk.bearer();
    let headers = [("authorization", bearer.as_str())];
    let id = desk.send("GET", "/connections", &headers, "").json()[0]["id"].clone();
    let path = |id: &str| format!("/connections/{id}");
    assert_eq!(desk.send("DELETE", &path(&desk.tenant()), &headers, "").status, 404);
    assert_eq!(desk.send("DELETE", &path(id.as_str().unwrap()), &headers, "").status, 204);
    let gone = desk.get("/Organisation");
    assert_eq!((gone.status, gone.json()["Title"].clone()), (403, json!("Forbidden")));
    assert_eq!(desk.send("GET", "/connections", &headers, "").json(), json!([]));
}

#[test]
fn revocation_removes_every_connection() {
    let desk = Desk::new();
    let token = desk.refresh.borrow().clone();
    let body = form(&[("token", &token), ("client_id", XeroSim::CLIENT_ID)]);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let answer = desk.send("POST", "/connect/revocation", &kind, &body);
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(desk.refreshed(&token).json()["error"], "invalid_grant");
    assert_eq!(desk.get("/Organisation").status, 401);
}

#[test]
fn a_tenant_that_is_wrong_or_disconnected_is_forbidden() {
    let desk = Desk::new();
    for tenant in [SECOND, "no-guid", ""] {
        let answer = desk.api("GET", "/Organisation", &[("xero-tenant-id", tenant)], "");
        assert_eq!(answer.status, 403, "{tenant}");
        assert_eq!(answer.json()["Detail"], "AuthenticationUnsuccessful");
    }
    desk.sim.disconnect(&desk.tenant());
    assert_eq!(desk.get("/Organisation").status, 403);
}

#[test]
fn a_role_closes_some_endpoints_only() {
    let desk = Desk::with(json!({"forbidden": ["Reports"]}));
    let answer = desk.get("/Reports/TrialBalance");
    assert_eq!(answer.status, 403);
    assert_ne!(answer.json()["Detail"], "AuthenticationUnsuccessful");
    assert_eq!(desk.get("/Invoices").status, 200);
}

#[test]
fn discovery_points_to_the_simulator_itself() {
    let desk = Desk::signed_out();
    let document =
        desk.send("GET", "/.well-known/openid-configuration", &[("host", "127.0.0.1:4000")], "");
    assert_eq!(document.json()["token_endpoint"], "http://127.0.0.1:4000/connect/token");
}

#[test]
fn one_token_reads_every_connected_organisation_apart() {
    let desk = Desk::new();
    desk.sign_in();
    desk.invoice(&desk.contact("Acme"), "10");
    let other = [("xero-tenant-id", SECOND)];
    assert_eq!(desk.api("GET", "/Invoices", &other, "").rows().len(), 0);
    assert_eq!(desk.api("GET", "/Organisation", &other, "").one()["BaseCurrency"], "GBP");
    let name = json!({"Name": "Acme"}).to_string();
    assert_eq!(desk.api("PUT", "/Contacts", &other, &name).status, 200);
    assert_eq!(desk.get("/Contacts").rows().len(), 1);
    let truth = desk.sim.truth(Some(SECOND)).unwrap();
    assert_eq!((truth.documents().len(), truth.contacts().len()), (0, 1));
}
