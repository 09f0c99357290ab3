//! A simulator's router behind the transport port: no socket, no port, no clock.

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use tieout_connect::transport::{BODY_BYTES_MAX, Transport, TransportError};
use tieout_sim::drop::Dropped;
use tower::ServiceExt;

/// Calls a router in this process.
pub struct InProcess(pub Router);

/// The simulator closed the connection on purpose.
#[derive(Debug, thiserror::Error)]
#[error("the connection was closed without an answer")]
struct Closed;

#[async_trait]
impl Transport for InProcess {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let response = match self.0.clone().oneshot(request.map(Body::from)).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if Dropped::marks(&response) {
            return Err(TransportError::NoAnswer(Box::new(Closed)));
        }
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX)
            .collect()
            .await
            .map_err(TransportError::NoAnswer)?
            .to_bytes();
        Ok(http::Response::from_parts(parts, body))
    }
}

/// Sends each request to the simulator that lives at its host.
pub struct SandboxNetwork {
    hosts: Vec<(String, InProcess)>,
}

/// No simulator lives at this address.
#[derive(Debug, thiserror::Error)]
#[error("there is nothing at this address in the sandbox")]
struct NoSuchHost;

impl SandboxNetwork {
    pub fn new() -> Self {
        Self { hosts: Vec::new() }
    }

    /// Puts a router at `host:port`.
    #[must_use]
    pub fn with(mut self, authority: &str, router: Router) -> Self {
        self.hosts.push((authority.to_owned(), InProcess(router)));
        self
    }
}

impl Default for SandboxNetwork {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Transport for SandboxNetwork {
    async fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let Some((_, simulator)) = self.hosts.iter().find(|(known, _)| *known == authority) else {
            return Err(TransportError::NotSent(Box::new(NoSuchHost)));
        };
        if let Ok(host) = http::HeaderValue::from_str(&authority) {
            request.headers_mut().insert(http::header::HOST, host);
        }
        simulator.send(request).await
    }
}
