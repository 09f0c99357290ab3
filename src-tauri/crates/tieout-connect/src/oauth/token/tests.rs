use super::super::{CallbackAnswer, Redirect, RevokeBody};
use super::*;
use crate::endpoint::Endpoint;
use crate::oauth::OAuthClient;
use crate::testing::{CountedEntropy, ScriptedTransport, json_answer};
use http::Request;
use std::sync::Arc;

pub(super) fn config() -> OAuthConfig {
    OAuthConfig {
        authorize_url: Endpoint::parse("https://login.example/services/oauth2/authorize").unwrap(),
        token_url: Endpoint::parse("https://login.example/services/oauth2/token").unwrap(),
        revoke_url: Some(Endpoint::parse("https://login.example/services/oauth2/revoke").unwrap()),
        client_id: "3MVG9+key".to_owned(),
        client_secret: None,
        scopes: vec!["api".to_owned(), "refresh_token".to_owned()],
        pkce: true,
        auth_in: AuthIn::Body,
        redirect: Redirect::Loopback { ports: vec![56_420], path: "/cb".to_owned() },
        answer: CallbackAnswer::Page,
        authorize_params: Vec::new(),
        token_headers: Vec::new(),
        revoke_body: RevokeBody::Form,
        busy_descriptions: vec!["token request is already being processed".to_owned()],
    }
}

fn with_secret() -> OAuthConfig {
    OAuthConfig {
        client_secret: Some(Secret::new("s3cret+/")),
        auth_in: AuthIn::Basic,
        pkce: false,
        revoke_body: RevokeBody::Json,
        ..config()
    }
}

const GRANT: &str = r#"{"access_token":"00D!AQ","refresh_token":"5Aep","signature":"c2ln",
    "scope":"refresh_token api","id_token":"eyJ","instance_url":"https://acme.my.salesforce.com",
    "id":"https://login.example/id/00DHs00000AbCdEMAV/005Hs00000XyZ12IAF",
    "token_type":"Bearer","issued_at":"1793520000000"}"#;

fn client(config: OAuthConfig, status: u16, body: &str) -> (OAuthClient, Arc<ScriptedTransport>) {
    let transport = ScriptedTransport::new();
    transport.push(json_answer(status, body));
    (OAuthClient::new(config, transport.clone(), Arc::new(CountedEntropy::default())), transport)
}

async fn refreshed(status: u16, body: &str) -> Result<TokenAnswer, OAuthError> {
    client(config(), status, body).0.refresh(&Secret::new("5Aep")).await
}

#[track_caller]
fn check(outcome: Result<TokenAnswer, OAuthError>, want: &str) {
    let got = match outcome {
        Ok(answer) => format!("granted {:?}", answer.extra.keys().collect::<Vec<_>>()),
        Err(error) => error.to_string(),
    };
    assert_eq!(got, want);
}

fn form(request: &Request<Bytes>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.body()).into_owned().collect()
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn a_grant_is_read() {
    let answer = refreshed(200, GRANT).await.unwrap();
    assert_eq!(answer.access.expose(), "00D!AQ");
    assert_eq!(answer.refresh.as_ref().map(Secret::expose), Some("5Aep"));
    assert_eq!(answer.instance_url.as_deref(), Some("https://acme.my.salesforce.com"));
    assert_eq!(answer.expires_in_secs, None);
    assert_eq!(answer.extra["issued_at"], "1793520000000");
}

#[tokio::test]
async fn tokens_and_signatures_are_not_kept_as_extras() {
    check(refreshed(200, GRANT).await, r#"granted ["id", "issued_at", "scope"]"#);
}

#[tokio::test]
async fn a_life_in_seconds_is_read() {
    let body = r#"{"access_token":"a","expires_in":3600,"x_refresh_token_expires_in":8726400,
        "token_type":"bearer"}"#;
    let answer = refreshed(200, body).await.unwrap();
    assert_eq!(answer.expires_in_secs, Some(3_600));
    assert_eq!(answer.extra["x_refresh_token_expires_in"], "8726400");
}

#[tokio::test]
async fn an_answer_without_a_token_is_malformed() {
    let malformed = |path: &str| format!("unexpected answer of the sign-in server at {path}");
    check(refreshed(200, "{}").await, &malformed("access_token"));
    check(refreshed(200, "<html>").await, &malformed("body"));
    check(refreshed(200, r#"{"access_token":""}"#).await, &malformed("access_token"));
    check(
        refreshed(200, r#"{"access_token":"a","token_type":"mac"}"#).await,
        &malformed("token_type"),
    );
}

#[tokio::test]
async fn a_plain_http_instance_is_refused() {
    let body = r#"{"access_token":"a","instance_url":"http://acme.example"}"#;
    check(refreshed(200, body).await, "the address cannot be used");
}

#[tokio::test]
async fn both_error_shapes_are_read() {
    let gone = "the sign-in is no longer valid";
    check(refreshed(400, r#"{"error":"invalid_grant"}"#).await, gone);
    check(
        refreshed(400, "error=invalid_grant&error_description=expired+access%2Frefresh").await,
        gone,
    );
}

#[tokio::test]
async fn another_renewal_under_way_is_not_the_end() {
    let body = r#"{"error":"invalid_grant",
        "error_description":"token request is already being processed"}"#;
    check(refreshed(400, body).await, "another renewal is under way");
}

#[tokio::test]
async fn the_classes_of_refusals() {
    let app = |code: &str| format!("the app was refused with code {code}");
    check(refreshed(401, r#"{"error":"invalid_client"}"#).await, &app("invalid_client"));
    check(refreshed(400, r#"{"error":"invalid_scope"}"#).await, &app("invalid_scope"));
    let limited = "too many sign-ins, try again later";
    check(refreshed(400, r#"{"error":"rate_limit_exceeded"}"#).await, limited);
    check(refreshed(429, "").await, limited);
    let fault = |status: u16| format!("the sign-in server failed with status {status}");
    check(refreshed(503, "<html>maintenance</html>").await, &fault(503));
    check(refreshed(400, r#"{"error":"unknown_error"}"#).await, &fault(400));
    check(refreshed(400, "<html>").await, "unexpected answer of the sign-in server at body");
}

#[tokio::test]
async fn a_public_client_names_itself_and_sends_no_secret() {
    let (client, transport) = client(config(), 200, GRANT);
    let pending = client.begin(Some(56_420)).unwrap();
    let query = format!("code=aPrx%3D%3D&state={}", pending.state().expose());
    let callback = super::super::callback::read_query(&query, pending.state()).unwrap();
    client.redeem(&pending, callback).await.unwrap();
    let request = &transport.requests()[0];
    let form = form(request);
    assert_eq!(value(&form, "grant_type"), Some("authorization_code"));
    assert_eq!(value(&form, "code"), Some("aPrx=="));
    assert_eq!(value(&form, "client_id"), Some("3MVG9+key"));
    assert_eq!(value(&form, "redirect_uri"), Some("http://localhost:56420/cb"));
    assert_eq!(value(&form, "code_verifier").map(str::len), Some(43));
    assert_eq!(value(&form, "client_secret"), None);
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(request.headers()["accept"], "application/json");
}

#[tokio::test]
async fn the_challenge_is_the_hash_of_the_verifier() {
    let (client, transport) = client(config(), 200, GRANT);
    let pending = client.begin(Some(56_420)).unwrap();
    let url = url::Url::parse(&pending.authorize_url).unwrap();
    let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let query = format!("code=a&state={}", pending.state().expose());
    let callback = super::super::callback::read_query(&query, pending.state()).unwrap();
    client.redeem(&pending, callback).await.unwrap();
    let form = form(&transport.requests()[0]);
    let verifier = value(&form, "code_verifier").unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(verifier.as_bytes());
    assert_eq!(asked["code_challenge"], data_encoding::BASE64URL_NOPAD.encode(&digest));
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["scope"], "api refresh_token");
    assert_eq!(asked["state"].len(), 22);
}

#[tokio::test]
async fn a_secret_goes_into_basic_and_no_challenge_is_sent() {
    let (client, transport) = client(with_secret(), 200, GRANT);
    assert!(!client.begin(Some(1)).unwrap().authorize_url.contains("code_challenge"));
    client.refresh(&Secret::new("RT1")).await.unwrap();
    let request = &transport.requests()[0];
    let basic = data_encoding::BASE64.encode(b"3MVG9%2Bkey:s3cret%2B%2F");
    assert_eq!(request.headers()["authorization"], format!("Basic {basic}"));
    assert_eq!(value(&form(request), "client_secret"), None);
    assert_eq!(value(&form(request), "refresh_token"), Some("RT1"));
}

#[tokio::test]
async fn a_relay_carries_the_port_in_the_state() {
    let page = Endpoint::parse("https://relay.example/qbo").unwrap();
    let redirect = Redirect::Relay { page, ports: vec![7_001], path: "/cb".to_owned() };
    let (client, _) = client(OAuthConfig { redirect, ..config() }, 200, GRANT);
    let pending = client.begin(Some(7_001)).unwrap();
    assert!(pending.state().expose().ends_with(".7001"));
    assert!(pending.authorize_url.contains("redirect_uri=https%3A%2F%2Frelay.example%2Fqbo"));
}

#[tokio::test]
async fn revoking_sends_the_token_and_takes_unknown_for_revoked() {
    let (client, transport) = client(config(), 200, "");
    client.revoke(&Secret::new("5Aep")).await.unwrap();
    assert_eq!(form(&transport.requests()[0]), [("token".to_owned(), "5Aep".to_owned())]);
    transport.push(json_answer(400, "error=invalid_grant"));
    client.revoke(&Secret::new("5Aep")).await.unwrap();
    transport.push(json_answer(503, ""));
    assert!(client.revoke(&Secret::new("5Aep")).await.is_err());
}

#[tokio::test]
async fn a_public_client_may_have_to_name_itself_to_revoke() {
    let named = OAuthConfig { revoke_body: RevokeBody::FormWithClient, ..config() };
    let (client, transport) = client(named, 200, "");
    client.revoke(&Secret::new("5Aep")).await.unwrap();
    assert_eq!(transport.requests()[0].body(), "token=5Aep&client_id=3MVG9%2Bkey");
}

#[tokio::test]
async fn revoking_with_json_and_basic() {
    let (client, transport) = client(with_secret(), 200, "");
    client.revoke(&Secret::new("RT1")).await.unwrap();
    let request = &transport.requests()[0];
    assert_eq!(request.body(), r#"{"token":"RT1"}"#);
    assert!(request.headers()["authorization"].to_str().unwrap().starts_with("Basic "));
}

#[tokio::test]
async fn a_lost_answer_is_told_from_a_request_that_was_not_sent() {
    let transport = ScriptedTransport::new();
    let client = OAuthClient::new(config(), transport.clone(), Arc::new(CountedEntropy::default()));
    transport.push(Err(TransportError::NotSent("no route".into())));
    check(client.refresh(&Secret::new("a")).await, "the sign-in server was not reached");
    transport.push(Err(TransportError::NoAnswer("reset".into())));
    check(client.refresh(&Secret::new("a")).await, "the sign-in server gave no answer");
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let (client, _) = client(with_secret(), 200, GRANT);
    let pending = client.begin(Some(1)).unwrap();
    let answer = client.refresh(&Secret::new("5Aep")).await.unwrap();
    let shown = format!("{:?} {pending:?} {answer:?}", client.config());
    for secret in ["s3cret", "00D!AQ", "5Aep", pending.state().expose(), "005Hs00000XyZ12IAF"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
