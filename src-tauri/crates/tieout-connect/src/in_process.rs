//! A simulator called in this process: no socket, no port, no waiting.

use async_trait::async_trait;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use tower::{Service, ServiceExt};

use crate::error::BoxError;
use crate::transport::{BODY_BYTES_MAX, Transport, TransportError};

/// Sends to a router, such as one of axum. Whoever asks gets a clone of it.
#[derive(Clone, Debug)]
pub struct InProcess<S>(pub S);

#[async_trait]
impl<S, B> Transport for InProcess<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError> + Send,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut request = request.map(Full::new);
        let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
        if let Some(host) = authority.and_then(|host| HeaderValue::try_from(host).ok()) {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        let answered = self.0.clone().oneshot(request).await;
        let response = answered.map_err(|error| TransportError::NoAnswer(error.into()))?;
        let (head, body) = response.into_parts();
        let whole = Limited::new(body, BODY_BYTES_MAX).collect().await;
        let body = whole.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                TransportError::TooLarge
            } else {
                TransportError::NoAnswer(error)
            }
        })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, BoxError> {
        if request.uri().path() == "/drop" {
            return Err("dropped".into());
        }
        let host = request.headers()[HOST].clone();
        let body = request.into_body().collect().await?.to_bytes();
        Ok(Response::builder().status(201).header("x-host", host).body(Full::new(body))?)
    }

    async fn send(url: &str) -> Result<Response<Bytes>, TransportError> {
        let transport = InProcess(tower::service_fn(echo));
        transport.send(Request::post(url).body(Bytes::from_static(b"hello")).unwrap()).await
    }

    #[tokio::test]
    async fn a_router_answers() {
        let answer = send("http://127.0.0.1:8080/x").await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (201, &b"hello"[..]));
        assert_eq!(answer.headers()["x-host"], "127.0.0.1:8080");
    }

    #[tokio::test]
    async fn a_dropped_connection_is_no_answer() {
        let outcome = send("http://127.0.0.1:8080/drop").await;
        assert!(matches!(outcome, Err(TransportError::NoAnswer(_))));
    }
}
