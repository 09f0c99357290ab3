//! OAuth (`quickbooks §1`).

use serde_json::{Value, json};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::{CompanyConfig, QuickBooksSim};

use crate::desk::{Desk, REDIRECT, START, authorize_path, basic, form, parameter};

const SCOPE: &str = "com.intuit.quickbooks.accounting";

fn stranger(changes: Value) -> Desk {
    let clock = SimClock::at(START.parse().unwrap());
    let config = CompanyConfig::default().switched(&changes).unwrap();
    Desk::signed_out(QuickBooksSim::new(clock.clone(), config), clock)
}

fn pair(desk: &Desk) -> Value {
    let code = desk.consent(SCOPE).unwrap();
    desk.exchange(&code).json()
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap().to_owned()
}

#[test]
fn both_discovery_documents_name_this_server_and_no_pkce() {
    let desk = stranger(json!({}));
    for name in ["openid_configuration", "openid_sandbox_configuration"] {
        let path = format!("/.well-known/{name}");
        let found = desk.send("GET", &path, &[("host", "127.0.0.1:9")], "").json();
        assert_eq!(found["token_endpoint"], "http://127.0.0.1:9/oauth2/v1/tokens/bearer");
        assert_eq!(found["authorization_endpoint"], "http://127.0.0.1:9/connect/oauth2");
        assert!(found.get("code_challenge_methods_supported").is_none());
        assert_eq!(found["scopes_supported"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn behind_tls_the_discovery_document_names_the_public_place() {
    let desk = stranger(json!({"public_base_url": "https://localhost:9"}));
    let found = desk.send("GET", "/.well-known/openid_configuration", &[], "").json();
    assert_eq!(found["token_endpoint"], "https://localhost:9/oauth2/v1/tokens/bearer");
}

#[test]
fn the_consent_page_is_a_form_with_allow_and_deny() {
    let desk = stranger(json!({}));
    let page = desk.send("GET", &authorize_path(SCOPE, REDIRECT), &[], "");
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.text.contains(">Allow</button>") && page.text.contains(">Deny</button>"));
    let decided = |decision: &str| {
        let fields = [
            ("client_id", QuickBooksSim::CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", SCOPE),
            ("state", "s-1"),
            ("decision", decision),
        ];
        let answer = desk.send("POST", "/connect/oauth2/decision", &[], &form(&fields));
        assert_eq!(answer.status, 302);
        answer.headers["location"].to_str().unwrap().to_owned()
    };
    let to = decided("allow");
    assert!(to.starts_with(REDIRECT));
    assert_eq!(parameter(&to, "state").as_deref(), Some("s-1"));
    assert_eq!(parameter(&to, "realmId"), Some(desk.sim.realm()));
    assert_eq!(desk.exchange(&parameter(&to, "code").unwrap()).status, 200);
    let to = decided("deny");
    assert_eq!(parameter(&to, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&to, "code"), None);
}

#[track_caller]
fn accepts(rules: Value, redirect: &str, expected: bool) {
    let desk = stranger(rules);
    let status = desk.send("GET", &authorize_path(SCOPE, redirect), &[], "").status;
    assert_eq!(status, if expected { 200 } else { 400 }, "{redirect}");
}

#[test]
fn development_keys_take_localhost_on_any_port() {
    accepts(json!({}), "http://localhost:1234/anything", true);
    accepts(json!({}), "http://127.0.0.1:1/cb", true);
    accepts(json!({}), "https://localhost/cb", true);
    accepts(json!({}), "https://example.com/cb", false);
    accepts(json!({}), "tieout://cb", false);
}

#[test]
fn production_keys_take_only_registered_https_on_a_real_host() {
    let production =
        |registered: &str| json!({"redirects": "production", "registered_redirects": [registered]});
    let bounce = "https://connect.example.com/qbo";
    accepts(production(bounce), bounce, true);
    accepts(production(bounce), "https://connect.example.com/qbo/", false);
    accepts(production("http://localhost:1/cb"), "http://localhost:1/cb", false);
    accepts(production("https://localhost/cb"), "https://localhost/cb", false);
    accepts(production("https://10.0.0.1/cb"), "https://10.0.0.1/cb", false);
}

#[test]
fn an_unknown_client_a_missing_state_and_a_foreign_scope_are_refused_on_the_page() {
    let desk = stranger(json!({}));
    let good = authorize_path(SCOPE, REDIRECT);
    for bad in [
        good.replace(QuickBooksSim::CLIENT_ID, "someone-else"),
        good.replace("state=s-1", "state="),
        good.replace("com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment"),
        good.replace("response_type=code", "response_type=token"),
    ] {
        assert_eq!(desk.send("GET", &bad, &[], "").status, 400, "{bad}");
    }
}

#[test]
fn a_code_works_once_with_its_own_redirect_and_for_ten_minutes() {
    let desk = stranger(json!({}));
    let code = desk.consent(SCOPE).unwrap();
    assert_eq!(desk.exchange(&code).status, 200);
    let again = desk.exchange(&code);
    assert_eq!((again.status, again.json()["error"].as_str()), (400, Some("invalid_grant")));
    let code = desk.consent(SCOPE).unwrap();
    let other = form(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost:1/other"),
    ]);
    assert_eq!(desk.token_call(&other).json()["error"], "invalid_grant");
    let code = desk.consent(SCOPE).unwrap();
    desk.advance("10m");
    assert_eq!(desk.exchange(&code).json()["error"], "invalid_grant");
}

#[test]
fn the_pair_has_the_recorded_members_and_no_realm() {
    let desk = stranger(json!({}));
    let pair = pair(&desk);
    assert_eq!(pair["token_type"], "bearer");
    assert_eq!(pair["expires_in"], 3600);
    assert_eq!(pair["x_refresh_token_expires_in"], 8_726_400);
    assert!(pair.get("x_refresh_token_hard_expires_in").is_none());
    assert!(pair.get("realmId").is_none() && pair.get("id_token").is_none());
    assert!(text(&pair, "access_token").len() > 500);
    assert!(text(&pair, "refresh_token").starts_with("RT1-"));
}

#[test]
fn the_hard_end_is_told_to_who_asks() {
    let desk = stranger(json!({}));
    let token = text(&pair(&desk), "refresh_token");
    let basic = basic();
    let headers =
        [("authorization", basic.as_str()), ("x-include-refresh-token-hard-expires-in", "true")];
    let body = form(&[("grant_type", "refresh_token"), ("refresh_token", &token)]);
    let pair = desk.send("POST", "/oauth2/v1/tokens/bearer", &headers, &body).json();
    assert_eq!(pair["x_refresh_token_hard_expires_in"], 5 * 365 * 86_400);
}

#[test]
fn the_secret_is_needed_in_the_header_or_in_the_form() {
    let desk = stranger(json!({}));
    let token = text(&pair(&desk), "refresh_token");
    let call = |fields: &[(&str, &str)], headers: &[(&str, &str)]| {
        let mut all = vec![("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        all.extend(fields);
        let answer = desk.send("POST", "/oauth2/v1/tokens/bearer", headers, &form(&all));
        (answer.status, answer.json()["error"].as_str().map(str::to_owned))
    };
    let id = ("client_id", QuickBooksSim::CLIENT_ID);
    let secret = ("client_secret", QuickBooksSim::CLIENT_SECRET);
    let refused = (401, Some("invalid_client".to_owned()));
    assert_eq!(call(&[id, secret], &[]), (200, None));
    assert_eq!(call(&[id], &[]), refused);
    assert_eq!(call(&[id, ("client_secret", "wrong")], &[]), refused);
    assert_eq!(call(&[], &[("authorization", "Basic d3Jvbmc6d3Jvbmc=")]), refused);
}

#[test]
fn the_value_of_the_refresh_token_changes_once_a_day_and_the_old_one_works_another_day() {
    let desk = stranger(json!({}));
    let first = text(&pair(&desk), "refresh_token");
    desk.advance("23h");
    assert_eq!(text(&desk.refresh(&first).json(), "refresh_token"), first);
    desk.advance("1h");
    let second = text(&desk.refresh(&first).json(), "refresh_token");
    assert_ne!(second, first);
    desk.advance("23h");
    let raced = desk.refresh(&first).json();
    assert_eq!(text(&raced, "refresh_token"), second);
    assert_eq!(raced["x_refresh_token_expires_in"], 8_726_400 - 23 * 3600);
    desk.advance("2h");
    let late = desk.refresh(&first);
    assert_eq!((late.status, late.json()["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(desk.refresh(&second).status, 200);
}

#[test]
fn a_connection_dies_after_100_idle_days_or_five_years() {
    let desk = stranger(json!({}));
    let first = text(&pair(&desk), "refresh_token");
    desk.advance("2401h");
    assert_eq!(desk.refresh(&first).json()["error"], "invalid_grant");
    let mut token = text(&pair(&desk), "refresh_token");
    for _ in 0..18 {
        desk.advance("2399h");
        token = text(&desk.refresh(&token).json(), "refresh_token");
    }
    desk.advance("2399h");
    assert_eq!(desk.refresh(&token).json()["error"], "invalid_grant");
}

#[test]
fn a_new_authorization_ends_the_earlier_one() {
    let desk = stranger(json!({}));
    let first = text(&pair(&desk), "refresh_token");
    let second = text(&pair(&desk), "refresh_token");
    assert_eq!(desk.refresh(&first).json()["error"], "invalid_grant");
    assert_eq!(desk.refresh(&second).status, 200);
}

#[test]
fn malformed_token_requests_have_their_own_errors() {
    let desk = stranger(json!({}));
    let error = |fields: &[(&str, &str)]| text(&desk.token_call(&form(fields)).json(), "error");
    assert_eq!(error(&[("grant_type", "password")]), "unsupported_grant_type");
    assert_eq!(error(&[("grant_type", "refresh_token")]), "invalid_request");
    assert_eq!(error(&[]), "invalid_request");
}

#[test]
fn a_dead_access_token_gets_the_gateways_401() {
    let desk = Desk::new();
    assert_eq!(desk.get("/companyinfo/1").status, 200);
    desk.advance("1h");
    let refused = desk.get("/companyinfo/1");
    assert_eq!(refused.status, 401);
    let body = refused.json();
    assert_eq!(body["fault"]["error"][0]["code"], "3200");
    assert_eq!(body["fault"]["type"], "AUTHENTICATION");
    assert!(body["time"].is_number());
    let challenge = refused.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("invalid_token"));
}

#[test]
fn a_token_is_good_for_its_own_company_only() {
    let desk = Desk::new();
    let bearer = desk.bearer();
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let refused = desk.send("GET", "/v3/company/1/companyinfo/1", &headers, "");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["fault"]["error"][0]["code"], "3100");
}

#[test]
fn revoking_takes_json_and_forms_and_either_token() {
    for as_json in [true, false] {
        let desk = stranger(json!({}));
        let pair = pair(&desk);
        let basic = basic();
        let revoke = |token: &str| {
            let body = if as_json {
                json!({"token": token}).to_string()
            } else {
                form(&[("token", token)])
            };
            let headers = [("authorization", basic.as_str())];
            let answer = desk.send("POST", "/v2/oauth2/tokens/revoke", &headers, &body);
            (answer.status, answer.text.is_empty())
        };
        assert_eq!(revoke(&text(&pair, "access_token")), (200, true));
        assert_eq!(revoke(&text(&pair, "refresh_token")), (200, true));
        assert_eq!(revoke("unknown").0, 400);
        let token = text(&pair, "refresh_token");
        assert_eq!(desk.refresh(&token).json()["error"], "invalid_grant");
    }
}

#[test]
fn a_disconnect_inside_the_product_ends_every_token() {
    let desk = Desk::new();
    desk.sim.disconnect();
    assert_eq!(desk.get("/companyinfo/1").status, 401);
}

#[test]
fn user_data_needs_the_openid_scope() {
    for (scope, status) in [(SCOPE.to_owned(), 401), (format!("openid {SCOPE}"), 200)] {
        let desk = stranger(json!({}));
        let code = desk.consent(&scope).unwrap();
        let bearer = format!("Bearer {}", text(&desk.exchange(&code).json(), "access_token"));
        let headers = [("authorization", bearer.as_str())];
        let user = desk.send("GET", "/v1/openid_connect/userinfo", &headers, "");
        assert_eq!(user.status, status);
    }
}
