//! The listener on this computer that the browser is sent back to. It outlives everything but the
//! right answer: icons, preflights, strangers, garbage, slow clients.

mod exchange;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use self::exchange::Site;
use super::callback::Callback;
use super::config::CallbackAnswer;
use super::error::OAuthError;
use crate::cancel::Cancel;
use crate::secret::Secret;

/// How long we look whether somebody already listens on a port.
const PROBE_TIMEOUT: Duration = Duration::from_millis(250);
/// How long our own closing page stays reachable after the code has come.
const LINGER: Duration = Duration::from_secs(3);
/// Connections served at one time; more wait in the system's queue.
const CONNECTIONS_MAX: usize = 16;

/// Limits of one wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitLimits {
    /// How long to wait for the right callback. Two minutes are the least that a person needs.
    pub wait: Duration,
    /// How long one connection may take to send its request.
    pub request_timeout: Duration,
    /// Connections in all, before we give up.
    pub requests_max: usize,
}

impl Default for WaitLimits {
    fn default() -> Self {
        Self {
            wait: super::SIGN_IN_WAIT,
            request_timeout: Duration::from_secs(5),
            requests_max: 500,
        }
    }
}

/// A bound port of the list, on both loopback addresses where the computer has both.
#[derive(Debug)]
pub struct Listener {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl Listener {
    /// Binds the first free port of the list. A port somebody else answers on is not free, even
    /// where the system would let us share it: a stranger must not receive the code.
    pub async fn bind(ports: &[u16]) -> Result<Self, OAuthError> {
        for port in ports.iter().copied() {
            if let Some(listener) = Self::bind_one(port).await {
                return Ok(listener);
            }
        }
        Err(OAuthError::PortsBusy { ports: ports.to_vec() })
    }

    /// The bound port.
    pub fn port(&self) -> u16 {
        self.port
    }

    async fn bind_one(port: u16) -> Option<Self> {
        let v4: SocketAddr = (Ipv4Addr::LOCALHOST, port).into();
        let v6: SocketAddr = (Ipv6Addr::LOCALHOST, port).into();
        if is_answered(v4).await || is_answered(v6).await {
            return None;
        }
        let v4 = TcpListener::bind(v4).await.ok()?;
        let v6 = match TcpListener::bind(v6).await {
            Ok(listener) => Some(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return None,
            // A computer without IPv6: nobody can come that way.
            Err(_) => None,
        };
        Some(Self { v4, v6, port })
    }

    /// Waits for the callback with the right state. Any other request is answered and forgotten.
    /// The browser's last page is served on while the caller goes on.
    pub async fn wait(
        self,
        path: &str,
        state: &Secret,
        answer: &CallbackAnswer,
        limits: WaitLimits,
        cancel: &Cancel,
    ) -> Result<(Callback, ClosingPage), OAuthError> {
        let (found, mut results) = mpsc::channel(1);
        let (close, closed) = watch::channel(false);
        let site = Arc::new(Site::new(path, state.clone(), answer.clone(), found, close));
        let server = tokio::spawn(serve(self, site, limits));
        let stop = AbortOnDrop(Some(server));
        let waited = cancel.unless_cancelled(tokio::time::timeout(limits.wait, results.recv()));
        let result = match waited.await {
            None => return Err(OAuthError::Cancelled),
            Some(Err(_)) => return Err(OAuthError::TimedOut),
            Some(Ok(result)) => result.unwrap_or(Err(OAuthError::Flooded)),
        };
        // The server goes on for a moment, so that the browser gets its closing page.
        stop.release();
        result.map(|callback| (callback, ClosingPage(closed)))
    }
}

/// The page that tells the person to go back to the program.
#[derive(Debug)]
pub struct ClosingPage(watch::Receiver<bool>);

impl ClosingPage {
    /// Waits until the browser has the page, or three seconds have passed. A program that ends
    /// right after a sign-in calls this last: the page is served by the program itself.
    pub async fn shown(mut self) {
        // A browser that never asks for its page does not hold the program back.
        let _ = tokio::time::timeout(LINGER, self.0.wait_for(|closed| *closed)).await;
    }
}

/// Serves until the right callback came and its closing page had a moment to be fetched.
async fn serve(listener: Listener, site: Arc<Site>, limits: WaitLimits) {
    let mut connections = JoinSet::new();
    let mut accepted = 0_usize;
    let mut ends_at = None;
    while accepted < limits.requests_max {
        let linger = linger_until(ends_at);
        tokio::select! {
            () = linger => break,
            stream = accept(&listener), if connections.len() < CONNECTIONS_MAX => {
                accepted += 1;
                if let Ok(stream) = stream {
                    let site = site.clone();
                    connections.spawn(async move {
                        let serving = exchange::serve_one(stream, &site);
                        // A client too slow to ask or to listen is simply let go.
                        let _ = tokio::time::timeout(limits.request_timeout, serving).await;
                    });
                }
            }
            Some(_) = connections.join_next() => {
                if site.is_answered() && ends_at.is_none() {
                    ends_at = Some(tokio::time::Instant::now() + LINGER);
                }
            }
        }
    }
}

async fn linger_until(at: Option<tokio::time::Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn accept(listener: &Listener) -> io::Result<TcpStream> {
    let (stream, _) = match &listener.v6 {
        None => listener.v4.accept().await?,
        Some(v6) => tokio::select! {
            accepted = listener.v4.accept() => accepted?,
            accepted = v6.accept() => accepted?,
        },
    };
    Ok(stream)
}

async fn is_answered(address: SocketAddr) -> bool {
    let connecting = tokio::time::timeout(PROBE_TIMEOUT, TcpStream::connect(address)).await;
    matches!(connecting, Ok(Ok(_)))
}

/// Ends the server with the wait, unless it is released.
struct AbortOnDrop(Option<tokio::task::JoinHandle<()>>);

impl AbortOnDrop {
    fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(server) = self.0.take() {
            server.abort();
        }
    }
}

#[cfg(test)]
mod tests;
