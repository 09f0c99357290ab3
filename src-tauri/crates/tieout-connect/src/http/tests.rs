use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// Answers every connection with the same bytes, or closes it after the request head.
struct Server {
    base: String,
    heads: Arc<std::sync::Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8]) -> String {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => break,
            Ok(count) => head.extend_from_slice(&chunk[..count]),
        }
    }
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
    String::from_utf8_lossy(&head).into_owned()
}

async fn serve(answer: Vec<u8>, tls: Option<tokio_rustls::TlsAcceptor>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let server = Server {
        base: format!("{scheme}://localhost:{port}"),
        heads: Arc::default(),
        connections: Arc::default(),
    };
    let (heads, connections) = (server.heads.clone(), server.connections.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            let head = match &tls {
                None => exchange(stream, &answer).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => exchange(stream, &answer).await,
                    Err(_) => continue,
                },
            };
            heads.lock().unwrap().push(head);
        }
    });
    server
}

async fn plain(answer: &str) -> Server {
    serve(answer.as_bytes().to_vec(), None).await
}

async fn get(options: &HttpOptions, url: &str) -> Result<Response<Bytes>, TransportError> {
    let transport = ReqwestTransport::new(options).unwrap();
    transport.send(Request::get(url).body(Bytes::new()).unwrap()).await
}

fn told(outcome: Result<Response<Bytes>, TransportError>) -> String {
    match outcome {
        Ok(answer) => {
            format!("{} {}", answer.status().as_u16(), String::from_utf8_lossy(answer.body()))
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_answer_comes_whole() {
    let server = plain("HTTP/1.1 201 Created\r\nX-Id: 7\r\nContent-Length: 2\r\n\r\nok").await;
    let answer = get(&HttpOptions::default(), &format!("{}/a?b=c", server.base)).await.unwrap();
    assert_eq!(answer.headers()["x-id"], "7");
    assert_eq!(told(Ok(answer)), "201 ok");
    let head = server.heads.lock().unwrap()[0].to_ascii_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1"), "{head}");
    assert!(head.contains("user-agent: tieout/") && head.contains("accept-encoding: gzip"));
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = get(&HttpOptions::default(), &format!("http://127.0.0.1:{port}/")).await;
    assert!(matches!(outcome, Err(TransportError::NotSent(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_host_that_is_not_there_was_not_sent_to() {
    let outcome = get(&HttpOptions::default(), "https://no-such-host.invalid/").await;
    assert!(matches!(outcome, Err(TransportError::NotSent(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_no_answer_and_not_tried_again() {
    let server = plain("").await;
    let outcome = get(&HttpOptions::default(), &server.base).await;
    assert!(matches!(outcome, Err(TransportError::NoAnswer(_))), "{outcome:?}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn half_a_body_is_no_answer() {
    let server = plain("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
    let outcome = get(&HttpOptions::default(), &server.base).await;
    assert!(matches!(outcome, Err(TransportError::NoAnswer(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_server_that_speaks_something_else_is_no_answer() {
    let server = plain("SSH-2.0-OpenSSH_9.2\r\n\r\n").await;
    let outcome = get(&HttpOptions::default(), &server.base).await;
    assert!(matches!(outcome, Err(TransportError::NoAnswer(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_redirect_is_handed_on_not_followed() {
    let server = plain("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(told(get(&HttpOptions::default(), &server.base).await), "302 ");
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_refused() {
    let options = HttpOptions { body_bytes_max: Some(4), ..HttpOptions::default() };
    let server = plain("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345").await;
    assert_eq!(told(get(&options, &server.base).await), "the answer is too large");
}

#[tokio::test]
async fn an_answer_that_grows_too_large_is_refused_while_it_comes() {
    let options = HttpOptions { body_bytes_max: Some(4), ..HttpOptions::default() };
    let server =
        plain("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n").await;
    assert_eq!(told(get(&options, &server.base).await), "the answer is too large");
}

#[tokio::test]
async fn plain_http_to_another_computer_is_never_sent() {
    let outcome = get(&HttpOptions::default(), "http://192.0.2.1/").await;
    let Err(TransportError::NotSent(cause)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(cause.to_string(), "only https is allowed for 192.0.2.1");
}

#[tokio::test]
async fn a_cause_does_not_hold_the_address() {
    let server = plain("").await;
    let url = format!("{}/q?name=Acme", server.base);
    let Err(TransportError::NoAnswer(cause)) = get(&HttpOptions::default(), &url).await else {
        panic!("no answer")
    };
    let mut shown = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        shown.push_str(&cause.to_string());
        next = cause.source();
    }
    assert!(!shown.contains("Acme"), "{shown}");
}

fn certificate() -> (tokio_rustls::TlsAcceptor, String) {
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    (tokio_rustls::TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn the_sandbox_certificate_is_trusted_when_it_is_given() {
    let (tls, pem) = certificate();
    let server = serve(OK.to_vec(), Some(tls)).await;
    let options = HttpOptions { extra_roots_pem: Some(pem.into_bytes()), ..HttpOptions::default() };
    assert_eq!(told(get(&options, &server.base).await), "200 ok");
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_before_anything_is_sent() {
    let (tls, _) = certificate();
    let server = serve(OK.to_vec(), Some(tls)).await;
    let outcome = get(&HttpOptions::default(), &server.base).await;
    assert!(matches!(outcome, Err(TransportError::NotSent(_))), "{outcome:?}");
    assert!(server.heads.lock().unwrap().is_empty());
}

#[test]
fn a_text_without_a_certificate_is_said_at_once() {
    let options =
        HttpOptions { extra_roots_pem: Some(b"hello".to_vec()), ..HttpOptions::default() };
    assert!(matches!(ReqwestTransport::new(&options), Err(HttpSetupError::Certificate(_))));
}
