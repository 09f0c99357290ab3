//! The real network: one client, TLS, no redirects, no retries, bounded time and size.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};

use crate::endpoint::{EndpointError, require_allowed};
use crate::error::BoxError;
use crate::transport::{BODY_BYTES_MAX, Transport, TransportError};

/// Until the TLS session stands (`salesforce §11`).
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two pieces of an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(120);
/// One exchange in all, as long as the slowest tool allows itself (`salesforce §11`).
pub const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(600);

/// What differs between the product and its sandbox.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// PEM certificates that are trusted besides the system's: the sandbox's own.
    pub extra_roots_pem: Option<Vec<u8>>,
    /// Largest answer, `BODY_BYTES_MAX` unless told otherwise.
    pub body_bytes_max: Option<usize>,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpSetupError {
    /// The text given as an extra certificate holds none.
    #[error("the extra certificate is not a PEM certificate")]
    Certificate(#[source] BoxError),
    /// The system's certificates or settings cannot be used.
    #[error("the network client cannot be made")]
    Client(#[source] BoxError),
}

/// Sends over the network. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    body_bytes_max: usize,
}

impl ReqwestTransport {
    /// Makes the client. Proxies of the environment are not used: Salesforce freezes users whose
    /// traffic comes from one (`salesforce §2.1`).
    pub fn new(options: &HttpOptions) -> Result<Self, HttpSetupError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Tieout/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT);
        if let Some(pem) = &options.extra_roots_pem {
            let roots = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|error| HttpSetupError::Certificate(error.into()))?;
            if roots.is_empty() {
                return Err(HttpSetupError::Certificate("no certificate in the text".into()));
            }
            builder = builder.tls_certs_merge(roots);
        }
        let client = builder.build().map_err(|error| HttpSetupError::Client(error.into()))?;
        let body_bytes_max = options.body_bytes_max.unwrap_or(BODY_BYTES_MAX);
        Ok(Self { client, body_bytes_max })
    }

    async fn receive(
        &self,
        mut response: reqwest::Response,
    ) -> Result<Response<Bytes>, TransportError> {
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).map_or(true, |bytes| bytes > self.body_bytes_max) {
            return Err(TransportError::TooLarge);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            if body.len() + chunk.len() > self.body_bytes_max {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut whole = Response::new(body.freeze());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = response.headers().clone();
        Ok(whole)
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let unreadable = |_| TransportError::NotSent(Box::new(EndpointError::Unreadable));
        let url = url::Url::parse(&request.uri().to_string()).map_err(unreadable)?;
        require_allowed(&url).map_err(|error| TransportError::NotSent(error.into()))?;
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::NotSent(without_url(error)))?;
        let response = self.client.execute(request).await.map_err(failed)?;
        self.receive(response).await
    }
}

/// Only a failure before the connection stands is certain. A request that a pooled connection
/// dropped may have been read, so it is `NoAnswer`.
fn failed(error: reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent(without_url(error))
    } else {
        no_answer(error)
    }
}

fn no_answer(error: reqwest::Error) -> TransportError {
    TransportError::NoAnswer(without_url(error))
}

/// Addresses hold queries with customer data; causes end up in logs.
fn without_url(error: reqwest::Error) -> BoxError {
    error.without_url().into()
}

#[cfg(test)]
mod tests;
