//! The mark of an answer that must never arrive.

use axum::body::Body;
use http::Response;

/// Stands in the extensions of a response whose connection is to be closed without an answer.
/// An in-process caller turns it into "no answer"; [`crate::serve`] closes the TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped;

impl Dropped {
    /// A response that carries the mark and nothing else.
    pub fn response() -> Response<Body> {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Dropped);
        response
    }

    /// Whether this response must be treated as "no answer".
    pub fn marks<B>(response: &Response<B>) -> bool {
        response.extensions().get::<Dropped>().is_some()
    }
}
