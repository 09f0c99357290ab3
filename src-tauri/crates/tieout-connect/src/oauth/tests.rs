use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::endpoint::Endpoint;
use crate::testing::{CountedEntropy, ScriptedTransport, json_answer};

fn config(ports: Vec<u16>) -> OAuthConfig {
    OAuthConfig {
        authorize_url: Endpoint::parse("https://login.example/authorize").unwrap(),
        token_url: Endpoint::parse("https://login.example/token").unwrap(),
        revoke_url: None,
        client_id: "app".to_owned(),
        client_secret: None,
        scopes: vec!["api".to_owned()],
        pkce: true,
        auth_in: AuthIn::Body,
        redirect: Redirect::Loopback { ports, path: "/oauth/callback".to_owned() },
        answer: CallbackAnswer::Page,
        authorize_params: vec![("prompt".to_owned(), "login".to_owned())],
        token_headers: Vec::new(),
        revoke_body: RevokeBody::Form,
        busy_descriptions: Vec::new(),
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What a browser does after consent: it goes where the tool sends it.
async fn browse(authorize_url: String) {
    let url = url::Url::parse(&authorize_url).unwrap();
    let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let back = url::Url::parse(&asked["redirect_uri"]).unwrap();
    let target = format!("{}?code=c1&state={}&realmId=9130", back.path(), asked["state"]);
    let address = (Ipv4Addr::LOCALHOST, back.port().unwrap());
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_whole_sign_in() {
    let transport = ScriptedTransport::new();
    transport.push(json_answer(200, r#"{"access_token":"a1","refresh_token":"r1"}"#));
    let entropy = Arc::new(CountedEntropy::default());
    let client = OAuthClient::new(config(vec![free_port()]), transport.clone(), entropy);
    let open = |url: &str| {
        assert!(url.contains("prompt=login"));
        tokio::spawn(browse(url.to_owned()));
    };
    let signed_in = client.sign_in(open, WaitLimits::default(), &Cancel::new()).await.unwrap();
    assert_eq!(signed_in.answer.access.expose(), "a1");
    assert_eq!(signed_in.callback["realmId"], "9130");
    assert_eq!(transport.lines(), ["POST /token"]);
}

#[tokio::test]
async fn a_pasted_redirect_is_not_listened_for() {
    let page = Endpoint::parse("https://relay.example/paste").unwrap();
    let config = OAuthConfig { redirect: Redirect::Pasted { page }, ..config(Vec::new()) };
    let transport = ScriptedTransport::new();
    transport.push(json_answer(200, r#"{"access_token":"a1"}"#));
    let client = OAuthClient::new(config, transport, Arc::new(CountedEntropy::default()));
    let outcome = client.sign_in(|_| (), WaitLimits::default(), &Cancel::new()).await;
    assert!(matches!(outcome, Err(OAuthError::NoListener)));
    let pending = client.begin(None).unwrap();
    let pasted = format!("https://relay.example/paste?code=c&state={}", pending.state().expose());
    let callback = read_pasted(&pasted, pending.state()).unwrap();
    assert_eq!(client.redeem(&pending, callback).await.unwrap().answer.access.expose(), "a1");
}
