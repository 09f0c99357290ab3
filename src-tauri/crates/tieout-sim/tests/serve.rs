//! The socket server: connections that close without an answer, TLS, and a graceful end.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tieout_sim::clock::SimClock;
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::salesforce::{OrgConfig, SalesforceSim};
use tieout_sim::serve::{Served, serve, serve_tls};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

fn sim() -> SalesforceSim {
    let now = "2026-07-06T16:42:00Z".parse().expect("a moment");
    SalesforceSim::new(SimClock::at(now), OrgConfig::default())
}

async fn plain(sim: &SalesforceSim) -> Served {
    serve(sim.router(), ANY_PORT).await.expect("a free port")
}

fn make_account(token: &str) -> String {
    let body = "{\"Name\":\"Acme\"}";
    format!(
        "POST /services/data/v66.0/sobjects/Account HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends a request and reads one answer as text; empty if the connection ends without one.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !is_whole(&answer) {
        // A reset is an end without an answer, too.
        let length = stream.read(&mut part).await.unwrap_or(0);
        if length == 0 {
            break;
        }
        answer.extend_from_slice(&part[..length]);
    }
    String::from_utf8(answer).expect("UTF-8")
}

fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) <= body.len()
}

fn drop_rule(kind: FaultKind) -> FaultRule {
    FaultRule {
        method: String::new(),
        path_contains: String::new(),
        body_contains: String::new(),
        kind,
        times: 1,
    }
}

#[tokio::test]
async fn one_connection_serves_several_requests() {
    let sim = sim();
    let served = plain(&sim).await;
    let request = make_account(&sim.open_session());
    let mut stream = TcpStream::connect(served.address()).await.expect("connected");
    for _ in 0..2 {
        assert!(talk(&mut stream, &request).await.starts_with("HTTP/1.1 201"));
    }
    assert_eq!(sim.truth().count("Account"), 2);
}

#[tokio::test]
async fn the_date_is_the_clocks() {
    let served = plain(&sim()).await;
    let mut stream = TcpStream::connect(served.address()).await.expect("connected");
    let request = "GET /services/data HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = talk(&mut stream, request).await;
    assert!(answer.contains("date: Mon, 06 Jul 2026 16:42:00 GMT"), "{answer}");
}

#[tokio::test]
async fn a_dropped_connection_closes_before_or_after_the_write() {
    for (kind, written) in [(FaultKind::DropBefore, 0), (FaultKind::DropAfter, 1)] {
        let sim = sim();
        let served = plain(&sim).await;
        sim.faults().add(drop_rule(kind));
        let mut stream = TcpStream::connect(served.address()).await.expect("connected");
        assert_eq!(talk(&mut stream, &make_account(&sim.open_session())).await, "");
        assert_eq!(sim.truth().count("Account"), written, "{kind:?}");
    }
}

#[tokio::test]
async fn tls_with_the_certificate_that_was_written() {
    let sim = sim();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("certificate.pem");
    let served = serve_tls(sim.router(), ANY_PORT, &path).await.expect("served");
    let own = CertificateDer::from_pem_file(&path).expect("a certificate");
    let mut roots = RootCertStore::empty();
    roots.add(own).expect("a root");
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(served.address()).await.expect("connected");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let mut stream =
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("trusted");
    let answer = talk(&mut stream, &make_account(&sim.open_session())).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(served.base_url().starts_with("https://127.0.0.1:"));
}

#[tokio::test]
async fn a_stop_ends_idle_connections_and_frees_the_port() {
    let served = plain(&sim()).await;
    let address = served.address();
    let mut idle = TcpStream::connect(address).await.expect("connected");
    let request = "GET /services/data HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert!(talk(&mut idle, request).await.starts_with("HTTP/1.1 200"));
    served.stop().await;
    assert_eq!(idle.read(&mut [0; 1]).await.unwrap_or(0), 0);
    assert!(TcpStream::connect(address).await.is_err());
    serve(sim().router(), address).await.expect("the port is free");
}
