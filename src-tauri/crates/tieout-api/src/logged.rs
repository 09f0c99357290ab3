//! Every request in the log, with nothing in it that a stranger may not read: no query, no body, no
//! header, and of the path only the words of the contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use tieout_connect::clock::Clock;
use tieout_connect::transport::{Transport, TransportError};

/// Longest word of a path that is written out.
const WORD_CHARS_MAX: usize = 40;
/// Lengths of Salesforce ids, which may have no digit.
const ID_CHARS: [usize; 2] = [15, 18];
/// What stands for an id, a key or a name.
const LEFT_OUT: &str = "{}";

/// Hands requests on and tells of each one.
pub struct LoggedTransport {
    next: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    sent: AtomicU64,
}

impl LoggedTransport {
    pub fn new(next: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { next, clock, sent: AtomicU64::new(0) }
    }
}

#[async_trait]
impl Transport for LoggedTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let request_no = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let method = request.method().clone();
        let host = request.uri().host().unwrap_or_default().to_owned();
        let path = template(request.uri().path());
        let begun = self.clock.now();
        let answer = self.next.send(request).await;
        let took_ms = self.clock.now().duration_since(begun).as_millis();
        match &answer {
            Ok(response) => {
                let status = response.status().as_u16();
                tracing::debug!(request_no, %method, host, path, status, took_ms, "answered");
            }
            Err(error) => {
                tracing::info!(request_no, %method, host, path, took_ms, %error, "not answered");
            }
        }
        answer
    }
}

/// The path with a mark for each part that may be an id, a key or a name.
fn template(path: &str) -> String {
    let mut parts = Vec::new();
    let mut after_field = false;
    for part in path.split('/') {
        let shown = part.is_empty() || (!after_field && is_word(part));
        parts.push(if shown { part } else { LEFT_OUT });
        // What follows a field of our own is its value.
        after_field = part.ends_with("__c") && parts.len() > 1 && names_a_field(&parts);
    }
    parts.join("/")
}

/// `…/sobjects/OBJECT/FIELD`, and not yet the object.
fn names_a_field(parts: &[&str]) -> bool {
    parts.iter().position(|it| *it == "sobjects").is_some_and(|at| parts.len() == at + 3)
}

fn is_word(part: &str) -> bool {
    let letters = part.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.'));
    let version = part.strip_prefix('v').is_some_and(|rest| {
        rest.chars().all(|c| c.is_ascii_digit() || c == '.') && rest.len() < ID_CHARS[0]
    });
    version
        || part == "oauth2"
        || (letters
            && part.len() <= WORD_CHARS_MAX
            && (part.contains('_') || !ID_CHARS.contains(&part.len())))
}

#[cfg(test)]
mod tests {
    use super::template;

    #[track_caller]
    fn check(path: &str, want: &str) {
        assert_eq!(template(path), want);
    }

    #[test]
    fn words_of_the_contract_stay_and_ids_keys_and_names_go() {
        check("/v3/company/9341452000111/query", "/v3/company/{}/query");
        check("/services/data/v62.0/query/01gHs0000-2000", "/services/data/v62.0/query/{}");
        check("/v62.0/sobjects/Account/AbcDefGhiJklMno", "/v62.0/sobjects/Account/{}");
        check("/sobjects/Tieout_Error__c/Key__c/Harrow", "/sobjects/Tieout_Error__c/Key__c/{}");
        check("/customer/Harrow%20Creek", "/customer/{}");
        check("/services/oauth2/token", "/services/oauth2/token");
        check("/", "/");
    }
}
