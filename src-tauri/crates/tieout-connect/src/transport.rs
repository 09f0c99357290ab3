//! One door for the network and the simulators.

use async_trait::async_trait;
use bytes::Bytes;

use crate::error::BoxError;

/// Sends one request. Implementations never retry and never follow redirects.
#[async_trait]
pub trait Transport: Send + Sync {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

/// The difference decides everything: only `NotSent` allows a write to be sent again.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No byte of the request reached the other side (no route, refused, TLS failed).
    #[error("the request was not sent")]
    NotSent(#[source] BoxError),
    /// It may have been received: timeout, reset, half a response.
    #[error("no complete answer")]
    NoAnswer(#[source] BoxError),
    /// The answer is larger than `BODY_BYTES_MAX`.
    #[error("the answer is too large")]
    TooLarge,
}

/// Largest body that a transport hands on.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
