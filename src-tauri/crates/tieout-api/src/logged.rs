//! Every request in the log, with nothing in it that a stranger may not read: no query, no body, no
//! header, and of the path only the words of the contract. And how much went to each host and came
//! from it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tieout_connect::clock::Clock;
use tieout_connect::transport::{Transport, TransportError};

/// Longest word of a path that is written out.
const WORD_CHARS_MAX: usize = 40;
/// Lengths of Salesforce ids, which may have no digit.
const ID_CHARS: [usize; 2] = [15, 18];
/// What stands for an id, a key or a name.
const LEFT_OUT: &str = "{}";

/// Hosts that are counted apart; what goes to more of them is counted together.
const HOSTS_MAX: usize = 200;
/// The name of what is counted together.
const OTHER_HOSTS: &str = "other hosts";

/// What went to one host and came from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostCount {
    pub requests: u64,
    /// Address, headers and body as they were handed over, before encryption.
    pub sent_bytes: u64,
    /// Headers and body as they were read.
    pub received_bytes: u64,
    pub last: Timestamp,
}

/// Every host that was contacted since the workspace was opened.
#[derive(Debug, Default)]
pub struct Traffic(Mutex<BTreeMap<String, HostCount>>);

impl Traffic {
    /// By host, with the port where one is named.
    pub fn hosts(&self) -> BTreeMap<String, HostCount> {
        self.0.lock().expect("nobody panics with it").clone()
    }

    fn note(&self, host: &str, at: Timestamp, requests: u64, sent: u64, received: u64) {
        let mut hosts = self.0.lock().expect("nobody panics with it");
        let known = hosts.len() < HOSTS_MAX || hosts.contains_key(host);
        let host = if known { host } else { OTHER_HOSTS };
        let none = HostCount { requests: 0, sent_bytes: 0, received_bytes: 0, last: at };
        let count = hosts.entry(host.to_owned()).or_insert(none);
        count.requests += requests;
        count.sent_bytes += sent;
        count.received_bytes += received;
        count.last = count.last.max(at);
    }
}

fn header_bytes(headers: &http::HeaderMap) -> u64 {
    headers.iter().map(|(name, value)| (name.as_str().len() + value.len()) as u64).sum()
}

/// Hands requests on, tells of each one and counts it.
pub struct LoggedTransport {
    next: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    sent: AtomicU64,
    traffic: Arc<Traffic>,
}

impl LoggedTransport {
    pub fn new(next: Arc<dyn Transport>, clock: Arc<dyn Clock>, traffic: Arc<Traffic>) -> Self {
        Self { next, clock, sent: AtomicU64::new(0), traffic }
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
        let authority = request.uri().authority().map_or("", |it| it.as_str()).to_owned();
        let address = request.uri().path_and_query().map_or(0, |it| it.as_str().len());
        let length = (address + request.body().len()) as u64 + header_bytes(request.headers());
        let path = template(request.uri().path());
        let begun = self.clock.now();
        self.traffic.note(&authority, begun, 1, length, 0);
        let answer = self.next.send(request).await;
        let took_ms = self.clock.now().duration_since(begun).as_millis();
        match &answer {
            Ok(response) => {
                let read = response.body().len() as u64 + header_bytes(response.headers());
                self.traffic.note(&authority, self.clock.now(), 0, 0, read);
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
    use super::{HOSTS_MAX, OTHER_HOSTS, Traffic, template};

    #[test]
    fn each_host_is_counted_and_their_number_is_bounded() {
        let traffic = Traffic::default();
        let at = jiff::Timestamp::UNIX_EPOCH;
        for number in 0..HOSTS_MAX + 5 {
            traffic.note(&format!("host-{number}"), at, 1, 10, 0);
        }
        traffic.note("host-0", at, 0, 0, 7);
        let hosts = traffic.hosts();
        assert_eq!(hosts.len(), HOSTS_MAX + 1);
        assert_eq!((hosts["host-0"].sent_bytes, hosts["host-0"].received_bytes), (10, 7));
        assert_eq!(hosts[OTHER_HOSTS].requests, 5);
    }

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
