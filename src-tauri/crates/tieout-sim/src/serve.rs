//! Serves a router on loopback, plainly or with TLS, and really closes dropped connections.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tower::ServiceExt;

use crate::drop::Dropped;

/// Connections that one server holds at a time; further ones wait in the backlog.
const CONNECTIONS_MAX: usize = 256;

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the address cannot be listened on")]
    Listen(#[source] std::io::Error),
    #[error("the certificate cannot be written")]
    Write(#[source] std::io::Error),
    #[error("the certificate cannot be made")]
    Certificate(#[source] rcgen::Error),
    #[error("TLS cannot be set up")]
    Tls(#[source] tokio_rustls::rustls::Error),
}

/// Stands in the extensions of a request that came over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverTls;

/// A running server. Dropping it ends it; [`Served::stop`] also waits for the end.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    scheme: &'static str,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Served {
    /// The address that was bound: with the real port where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT` or `https://...`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Lets the requests under way finish, then ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // An accepting task that panicked has ended as well.
        let _ = self.accepting.await;
    }
}

/// Serves `router` over plain http.
pub async fn serve(router: Router, listen: SocketAddr) -> Result<Served, ServeError> {
    start(router, listen, None).await
}

/// Serves `router` over TLS with a new self-signed certificate for `localhost` and the loopback
/// addresses, which is written to `certificate` as PEM so that a client can be told to trust it.
pub async fn serve_tls(
    router: Router,
    listen: SocketAddr,
    certificate: &Path,
) -> Result<Served, ServeError> {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let own = rcgen::generate_simple_self_signed(names).map_err(ServeError::Certificate)?;
    std::fs::write(certificate, own.cert.pem()).map_err(ServeError::Write)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key)
        })
        .map_err(ServeError::Tls)?;
    start(router, listen, Some(TlsAcceptor::from(Arc::new(config)))).await
}

async fn start(
    router: Router,
    listen: SocketAddr,
    tls: Option<TlsAcceptor>,
) -> Result<Served, ServeError> {
    let listener = TcpListener::bind(listen).await.map_err(ServeError::Listen)?;
    let address = listener.local_addr().map_err(ServeError::Listen)?;
    let (stop, stopped) = watch::channel(false);
    let scheme = if tls.is_some() { "https" } else { "http" };
    let accepting = tokio::spawn(accept(listener, router, tls, stopped));
    Ok(Served { address, scheme, stop, accepting })
}

async fn accept(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= CONNECTIONS_MAX {
            connections.join_next().await;
        }
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
            // An error means that the handle is gone, which is a stop as well.
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        connections.spawn(handshake(stream, router.clone(), tls.clone(), stopped.clone()));
    }
    while connections.join_next().await.is_some() {}
}

async fn handshake(
    stream: TcpStream,
    router: Router,
    tls: Option<TlsAcceptor>,
    mut stopped: watch::Receiver<bool>,
) {
    match tls {
        None => converse(stream, router, stopped, false).await,
        Some(acceptor) => {
            let accepted = tokio::select! {
                accepted = acceptor.accept(stream) => accepted,
                _ = stopped.wait_for(|stop| *stop) => return,
            };
            if let Ok(stream) = accepted {
                converse(stream, router, stopped, true).await;
            }
        }
    }
}

/// Answers one connection until it ends, is dropped on purpose, or the server stops.
async fn converse<S>(stream: S, router: Router, mut stopped: watch::Receiver<bool>, over_tls: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answering = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        let mut request = request.map(Body::new);
        if over_tls {
            request.extensions_mut().insert(OverTls);
        }
        async move { answer(router, request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), answering);
    tokio::pin!(connection);
    tokio::select! {
        // An error here is a client that went away or a connection dropped on purpose.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// The connection was to be closed without an answer: hyper closes it on a service's error.
#[derive(Debug, thiserror::Error)]
#[error("dropped on purpose")]
struct DroppedOnPurpose;

async fn answer(
    router: Router,
    request: Request<Body>,
) -> Result<Response<Body>, DroppedOnPurpose> {
    let response = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
    if Dropped::marks(&response) { Err(DroppedOnPurpose) } else { Ok(response) }
}
