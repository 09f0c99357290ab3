//! Sign-in: consent, PKCE, rotation, reuse, expiry (salesforce §2).

mod salesforce_support;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use salesforce_support::{Answer, Client, HOST, send};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::salesforce::{CLIENT_ID, USERNAME};

const REDIRECT: &str = "http://localhost:56420/oauth/salesforce/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const DAY_SECS: i64 = 24 * 3600;

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// What a client asks at the authorize step.
fn asked() -> Vec<(&'static str, String)> {
    [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("scope", "api refresh_token openid"),
        ("state", "s 1&"),
        ("code_challenge", &challenge()),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

fn without(name: &str) -> Vec<(&'static str, String)> {
    asked().into_iter().filter(|(known, _)| *known != name).collect()
}

fn but(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut params = without(name);
    params.push((name, value.to_owned()));
    params
}

fn encoded(params: &[(&str, String)]) -> String {
    let pairs: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form(&pairs)
}

fn open(client: &Client, method: &str, path: &str, body: String) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(Body::from(body)).expect("a request");
    send(client.sim.router(), request).expect("an answer")
}

fn page(client: &Client, params: &[(&str, String)]) -> Answer {
    let path = format!("/services/oauth2/authorize?{}", encoded(params));
    open(client, "GET", &path, String::new())
}

/// Presses a button of the consent page; gives the parameters of the callback.
fn decide(
    client: &Client,
    params: &[(&'static str, String)],
    button: &str,
) -> Vec<(String, String)> {
    let mut body = params.to_vec();
    body.push(("decision", button.to_owned()));
    let answer = open(client, "POST", "/services/oauth2/authorize", encoded(&body));
    callback(&answer)
}

fn callback(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 302, "{}", answer.text);
    let location = answer.header("location");
    let query = location.strip_prefix(&format!("{REDIRECT}?")).expect("our callback");
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn of<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn code(client: &Client) -> String {
    of(&decide(client, &asked(), "allow"), "code").to_owned()
}

fn token(client: &Client, pairs: &[(&str, &str)]) -> Answer {
    open(client, "POST", "/services/oauth2/token", form(pairs))
}

fn exchange(client: &Client, code: &str) -> Answer {
    token(
        client,
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ],
    )
}

fn refresh(client: &Client, refresh_token: &str) -> Answer {
    token(
        client,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", CLIENT_ID),
        ],
    )
}

fn text(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap_or_default().to_owned()
}

/// A client whose token came through the whole sign-in, and its refresh token.
fn signed_in() -> (Client, String) {
    let mut client = Client::sample();
    let json = exchange(&client, &code(&client)).succeeded(200);
    client.token = text(&json, "access_token");
    let refresh_token = text(&json, "refresh_token");
    (client, refresh_token)
}

#[track_caller]
fn refused(answer: &Answer, error: &str, description: &str) {
    let json = answer.json();
    let found = (answer.status, text(&json, "error"), text(&json, "error_description"));
    assert_eq!(found, (400, error.to_owned(), description.to_owned()));
}

#[test]
fn consent_is_one_form_with_an_allow_button() {
    let client = Client::sample();
    let page = page(&client, &asked());
    assert_eq!(page.status, 200);
    assert_eq!(page.text.matches("<form").count(), 1);
    assert!(page.text.contains(">Allow</button>"));
    assert!(page.text.contains("value=\"s 1&amp;\""), "the state is escaped");
    assert!(page.text.contains(USERNAME));
}

#[test]
fn allowing_leads_back_with_code_and_state() {
    let back = decide(&Client::sample(), &asked(), "allow");
    assert!(of(&back, "code").ends_with("=="));
    assert_eq!(of(&back, "state"), "s 1&");
}

#[test]
fn denying_leads_back_with_the_error() {
    let back = decide(&Client::sample(), &asked(), "deny");
    assert_eq!(of(&back, "error"), "access_denied");
    assert_eq!(of(&back, "state"), "s 1&");
}

#[test]
fn a_code_becomes_a_session_and_a_refresh_token() {
    let client = Client::sample();
    let json = exchange(&client, &code(&client)).succeeded(200);
    assert!(text(&json, "access_token").starts_with("00DHs00000AbCdE!"));
    assert!(text(&json, "refresh_token").starts_with("5Aep861"));
    assert_eq!(text(&json, "instance_url"), format!("http://{HOST}"));
    assert!(text(&json, "id").contains("/id/00DHs00000AbCdEMAV/005"));
    assert_eq!(text(&json, "issued_at"), "1783356120000");
    assert!(json.get("expires_in").is_none());
}

#[test]
fn without_the_scope_there_is_no_refresh_token() {
    let client = Client::sample();
    let back = decide(&client, &but("scope", "api"), "allow");
    let json = exchange(&client, of(&back, "code")).succeeded(200);
    assert!(json.get("refresh_token").is_none());
}

#[test]
fn a_code_works_once() {
    let client = Client::sample();
    let code = code(&client);
    exchange(&client, &code).succeeded(200);
    refused(&exchange(&client, &code), "invalid_grant", "invalid authorization code");
}

#[test]
fn a_code_lives_fifteen_minutes() {
    let client = Client::sample();
    let code = code(&client);
    client.advance(15 * 60 + 1);
    refused(&exchange(&client, &code), "invalid_grant", "expired authorization code");
}

#[test]
fn the_verifier_is_required_and_checked() {
    let client = Client::sample();
    let exchange = |verifier: &str| {
        let code = code(&client);
        token(
            &client,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("client_id", CLIENT_ID),
                ("redirect_uri", REDIRECT),
                ("code_verifier", verifier),
            ],
        )
    };
    refused(&exchange(""), "invalid_grant", "invalid authorization code");
    let message = "code verifier does not match the challenge";
    refused(&exchange("another-verifier-another-verifier-another-1"), "invalid_request", message);
}

#[test]
fn a_public_client_sends_no_secret() {
    let client = Client::sample();
    let code = code(&client);
    let answer = token(
        &client,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("client_id", CLIENT_ID),
            ("client_secret", "x"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ],
    );
    refused(&answer, "invalid_client", "invalid client credentials");
}

#[test]
fn other_grants_and_clients_are_refused() {
    let client = Client::sample();
    let answer = token(&client, &[("grant_type", "password"), ("client_id", CLIENT_ID)]);
    refused(&answer, "unsupported_grant_type", "grant type not supported");
    let answer = token(&client, &[("grant_type", "refresh_token"), ("client_id", "x")]);
    refused(&answer, "invalid_client_id", "client identifier invalid");
}

#[test]
fn a_wrong_redirect_or_client_never_reaches_the_app() {
    let client = Client::sample();
    for uri in ["http://localhost:56421/oauth/salesforce/callback", "http://127.0.0.1:56420/"] {
        let answer = page(&client, &but("redirect_uri", uri));
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains("redirect_uri_mismatch"));
    }
    let answer = page(&client, &but("client_id", "nobody"));
    assert!(answer.text.contains("invalid_client_id"));
}

#[test]
fn every_registered_port_is_accepted() {
    let client = Client::sample();
    for port in [56420, 58728, 59132, 61361, 62784] {
        let uri = format!("http://localhost:{port}/oauth/salesforce/callback");
        assert_eq!(page(&client, &but("redirect_uri", &uri)).status, 200);
    }
    let cli = but("redirect_uri", "http://localhost:1717/OauthRedirect");
    assert_eq!(page(&client, &cli).status, 200);
}

#[test]
fn pkce_is_required_at_the_authorize_step() {
    let client = Client::sample();
    let back = callback(&page(&client, &without("code_challenge")));
    assert_eq!(of(&back, "error"), "invalid_request");
    let back = callback(&page(&client, &but("code_challenge_method", "plain")));
    assert_eq!(of(&back, "error"), "invalid_request");
    assert_eq!(page(&client, &without("code_challenge_method")).status, 200);
}

#[test]
fn an_app_that_is_not_installed_ends_on_salesforces_own_page() {
    let client = Client::sample();
    client.switch(|switches| switches.app_not_installed = true);
    let answer = page(&client, &asked());
    assert_eq!(answer.status, 302);
    let answer = open(&client, "GET", answer.header("location"), String::new());
    assert!(answer.text.contains("OAUTH_APPROVAL_ERROR_GENERIC"));
}

#[test]
fn an_administrators_refusal_arrives_at_the_callback() {
    let client = Client::sample();
    client.switch(|switches| {
        switches.authorize_error = Some("OAUTH_APP_ACCESS_DENIED".to_owned());
    });
    assert_eq!(of(&callback(&page(&client, &asked())), "error"), "OAUTH_APP_ACCESS_DENIED");
}

#[test]
fn a_refresh_rotates_and_ends_the_old_session() {
    let (mut client, first) = signed_in();
    let old = client.token.clone();
    let json = refresh(&client, &first).succeeded(200);
    let second = text(&json, "refresh_token");
    assert_ne!(first, second);
    client.get("limits").refused(401, "INVALID_SESSION_ID");
    client.token = text(&json, "access_token");
    client.get("limits").succeeded(200);
    assert_ne!(old, client.token);
}

#[test]
fn without_rotation_the_refresh_token_stays() {
    let (client, first) = signed_in();
    client.switch(|switches| switches.rotation = false);
    let json = refresh(&client, &first).succeeded(200);
    assert!(json.get("refresh_token").is_none());
    client.get("limits").succeeded(200);
    refresh(&client, &first).succeeded(200);
}

#[test]
fn reuse_of_a_rotated_token_ends_the_whole_chain() {
    let (mut client, first) = signed_in();
    let json = refresh(&client, &first).succeeded(200);
    client.token = text(&json, "access_token");
    refused(&refresh(&client, &first), "invalid_grant", "expired access/refresh token");
    client.get("limits").refused(401, "INVALID_SESSION_ID");
    let second = text(&json, "refresh_token");
    refused(&refresh(&client, &second), "invalid_grant", "expired access/refresh token");
}

#[test]
fn a_busy_refresh_leaves_the_token_alone() {
    let (client, first) = signed_in();
    client.switch(|switches| switches.refresh_busy = 1);
    let busy = "token request is already being processed";
    refused(&refresh(&client, &first), "invalid_grant", busy);
    refresh(&client, &first).succeeded(200);
}

#[test]
fn a_refresh_token_dies_after_thirty_idle_days_and_each_use_slides() {
    let (client, first) = signed_in();
    client.advance(29 * DAY_SECS);
    let second = text(&refresh(&client, &first).succeeded(200), "refresh_token");
    client.advance(29 * DAY_SECS);
    let third = text(&refresh(&client, &second).succeeded(200), "refresh_token");
    client.advance(30 * DAY_SECS + 1);
    refused(&refresh(&client, &third), "invalid_grant", "expired access/refresh token");
}

#[test]
fn a_session_dies_after_two_idle_hours() {
    let (client, _) = signed_in();
    client.advance(2 * 3600 - 1);
    client.get("limits").succeeded(200);
    client.advance(2 * 3600 - 1);
    client.get("limits").succeeded(200);
    client.advance(2 * 3600 + 1);
    client.get("limits").refused(401, "INVALID_SESSION_ID");
}

#[test]
fn a_sixth_sign_in_silently_ends_the_first() {
    let (client, first) = signed_in();
    for _ in 0..4 {
        exchange(&client, &code(&client)).succeeded(200);
    }
    client.get("limits").succeeded(200);
    exchange(&client, &code(&client)).succeeded(200);
    client.get("limits").refused(401, "INVALID_SESSION_ID");
    refused(&refresh(&client, &first), "invalid_grant", "expired access/refresh token");
}

#[test]
fn revoking_a_refresh_token_takes_the_session_along() {
    let (client, first) = signed_in();
    let answer = open(&client, "POST", "/services/oauth2/revoke", form(&[("token", &first)]));
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    client.get("limits").refused(401, "INVALID_SESSION_ID");
    refused(&refresh(&client, &first), "invalid_grant", "expired access/refresh token");
}

#[test]
fn revoking_a_session_leaves_the_refresh_token() {
    let (client, first) = signed_in();
    let body = form(&[("token", &client.token)]);
    assert_eq!(open(&client, "POST", "/services/oauth2/revoke", body).status, 200);
    client.get("limits").refused(401, "INVALID_SESSION_ID");
    refresh(&client, &first).succeeded(200);
}

#[test]
fn identity_tells_who_signed_in() {
    let (client, _) = signed_in();
    let id = client.sim.truth().find("User", "Username", USERNAME)[0].clone();
    let json = client.get(&format!("/id/00DHs00000AbCdEMAV/{id}")).succeeded(200);
    assert_eq!(text(&json, "username"), USERNAME);
    assert_eq!(text(&json, "organization_id"), "00DHs00000AbCdEMAV");
    assert!(json["urls"]["rest"].as_str().is_some_and(|url| url.contains("v{version}")));
    let json = client.get("/services/oauth2/userinfo").succeeded(200);
    assert_eq!(text(&json, "preferred_username"), USERNAME);
}

#[test]
fn the_instance_may_move_with_a_refresh() {
    let (client, first) = signed_in();
    client.switch(|switches| switches.instance_url = Some("http://127.0.0.1:9".to_owned()));
    let json = refresh(&client, &first).succeeded(200);
    assert_eq!(text(&json, "instance_url"), "http://127.0.0.1:9");
}

#[test]
fn a_401_that_no_refresh_cures_says_so() {
    let (client, _) = signed_in();
    let message = "This session is not valid for use with the REST API";
    client.switch(|switches| switches.session_message = Some(message.to_owned()));
    let answer = client.get("limits");
    answer.refused(401, "INVALID_SESSION_ID");
    assert_eq!(answer.json()[0]["message"], message);
}

#[test]
fn a_lost_answer_to_a_refresh_has_rotated_all_the_same() {
    let (client, first) = signed_in();
    client.sim.faults().add(FaultRule {
        method: "POST".to_owned(),
        path_contains: "/oauth2/token".to_owned(),
        body_contains: String::new(),
        kind: FaultKind::DropAfter,
        times: 1,
    });
    let body = form(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &first),
        ("client_id", CLIENT_ID),
    ]);
    let request = Request::post("/services/oauth2/token").body(Body::from(body)).expect("one");
    assert!(send(client.sim.router(), request).is_none());
    refused(&refresh(&client, &first), "invalid_grant", "expired access/refresh token");
}
