//! The wire between the product and the simulators: everything that is sent is noted, and an answer
//! can be changed on its way, as no honest server would send it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;
use tieout_connect::transport::{Transport, TransportError};

/// One request of the product.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: Method,
    /// Path with query, percent-decoded.
    pub path: String,
    pub body: String,
}

type Applies = Box<dyn Fn(&Sent) -> bool + Send + Sync>;
type Change = Box<dyn Fn(Bytes) -> Bytes + Send + Sync>;

struct Rule {
    applies: Applies,
    change: Change,
    times: u32,
}

/// Where the process dies on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Before a byte of the request has left.
    BeforeSending,
    /// With the answer in hand, before anybody looked at it.
    AfterTheAnswer,
}

#[derive(Default)]
struct Notes {
    sent: Vec<Sent>,
    secrets: BTreeSet<String>,
    rules: Vec<Rule>,
    death: Option<(Death, Applies)>,
}

/// A transport in front of another one. Clones share notes and rules.
#[derive(Clone)]
pub struct Wire {
    inner: Arc<dyn Transport>,
    notes: Arc<Mutex<Notes>>,
}

impl Wire {
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner, notes: Arc::default() }
    }

    /// The same notes and rules in front of another network.
    #[must_use]
    pub fn before(&self, inner: Arc<dyn Transport>) -> Self {
        Self { inner, notes: self.notes.clone() }
    }

    /// Requests since the last `forget`, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().sent.clone()
    }

    /// Every token, code, verifier and secret that went over the wire since it was laid.
    pub fn secrets(&self) -> BTreeSet<String> {
        self.lock().secrets.clone()
    }

    /// Requests that change something on the other side.
    pub fn writes(&self) -> Vec<Sent> {
        self.sent().into_iter().filter(Sent::writes).collect()
    }

    pub fn forget(&self) {
        self.lock().sent.clear();
    }

    /// The bodies of the next `times` answers to requests for which `applies` holds are changed.
    pub fn change(
        &self,
        times: u32,
        applies: impl Fn(&Sent) -> bool + Send + Sync + 'static,
        change: impl Fn(Bytes) -> Bytes + Send + Sync + 'static,
    ) {
        let rule = Rule { applies: Box::new(applies), change: Box::new(change), times };
        self.lock().rules.push(rule);
    }

    /// As `change`, for ever, on the text of answers that hold `part`.
    pub fn replace(&self, part: &str, with: &str) {
        let (part, with) = (part.to_owned(), with.to_owned());
        self.change(
            u32::MAX,
            |_| true,
            move |body| match std::str::from_utf8(&body) {
                Ok(text) if text.contains(&part) => Bytes::from(text.replace(&part, &with)),
                _ => body,
            },
        );
    }

    /// Sets a member of every record with this id, wherever an answer holds one with that member.
    /// `json` is the text of the new value, which need not be valid.
    pub fn set(&self, id: &str, member: &str, json: &str) {
        let (id, member, json) = (id.to_owned(), member.to_owned(), json.to_owned());
        self.change(u32::MAX, |_| true, move |body| set(body, &id, &member, &json));
    }

    /// Puts a copy of the record with this id behind it, with one member of another value, wherever
    /// an answer lists it.
    pub fn repeat(&self, id: &str, member: &str, json: &str) {
        let (id, member, json) = (id.to_owned(), member.to_owned(), json.to_owned());
        let value: Value = serde_json::from_str(&json).expect("the copy is JSON");
        self.change(
            u32::MAX,
            |_| true,
            move |body| {
                let Ok(mut tree) = serde_json::from_slice::<Value>(&body) else { return body };
                repeat(&mut tree, &id, &member, &value);
                Bytes::from(tree.to_string())
            },
        );
    }

    /// The next request for which `applies` holds panics, once.
    pub fn die(&self, death: Death, applies: impl Fn(&Sent) -> bool + Send + Sync + 'static) {
        self.lock().death = Some((death, Box::new(applies)));
    }

    /// Answers pass unchanged from now on.
    pub fn heal(&self) {
        let mut notes = self.lock();
        notes.rules.clear();
        notes.death = None;
    }

    fn death_of(&self, sent: &Sent) -> Option<Death> {
        let mut notes = self.lock();
        let (death, _) = notes.death.take_if(|(_, applies)| applies(sent))?;
        Some(death)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().expect("no holder of the notes panics")
    }

    /// Changes of the answer to this request, each counted down.
    fn changed(&self, sent: &Sent, mut body: Bytes) -> Bytes {
        let mut notes = self.lock();
        for rule in notes.rules.iter_mut().filter(|rule| rule.times > 0) {
            if (rule.applies)(sent) {
                rule.times -= 1;
                body = (rule.change)(body);
            }
        }
        body
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let sent = Sent::of(&request);
        let authorization = request.headers().get(http::header::AUTHORIZATION).cloned();
        let mut secrets = secrets_sent(&sent);
        secrets.extend(authorization.iter().filter_map(|value| secret_of(value.to_str().ok()?)));
        {
            let mut notes = self.lock();
            notes.sent.push(sent.clone());
            notes.secrets.extend(secrets);
        }
        let death = self.death_of(&sent);
        assert_ne!(death, Some(Death::BeforeSending), "the process dies here");
        let answer = self.inner.send(request).await?;
        assert_ne!(death, Some(Death::AfterTheAnswer), "the process dies here");
        self.lock().secrets.extend(secrets_told(&sent, answer.body()));
        Ok(answer.map(|body| self.changed(&sent, body)))
    }
}

/// Paths of sign-in, where a POST changes no record.
const TOKENS: [&str; 2] = ["/services/oauth2/token", "/oauth2/v1/tokens/bearer"];

/// `Bearer 00D…` without its first word.
fn secret_of(authorization: &str) -> Option<String> {
    authorization.split_once(' ').map(|(_, secret)| secret.to_owned())
}

/// Secrets in the form of a token request.
fn secrets_sent(sent: &Sent) -> Vec<String> {
    const FIELDS: [&str; 4] = ["code", "code_verifier", "refresh_token", "client_secret"];
    if !sent.is_of_sign_in() {
        return Vec::new();
    }
    let fields = sent.body.split('&').filter_map(|field| field.split_once('='));
    let secret = fields.filter(|(name, _)| FIELDS.contains(name));
    secret.map(|(_, value)| decoded(value)).collect()
}

/// Tokens in the answer to a token request.
fn secrets_told(sent: &Sent, body: &Bytes) -> Vec<String> {
    const MEMBERS: [&str; 3] = ["access_token", "refresh_token", "id_token"];
    if !sent.is_of_sign_in() {
        return Vec::new();
    }
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    MEMBERS.iter().filter_map(|member| told[*member].as_str()).map(str::to_owned).collect()
}

impl Sent {
    fn is_of_sign_in(&self) -> bool {
        TOKENS.iter().any(|token| self.path.contains(token))
    }

    fn of(request: &Request<Bytes>) -> Self {
        let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
        Self {
            method: request.method().clone(),
            path: decoded(&path),
            body: String::from_utf8_lossy(request.body()).into_owned(),
        }
    }

    /// Whether the request may change a record. Read-only are GET, sign-in, the collections call
    /// that retrieves by ids, and batches of nothing but reads.
    pub fn writes(&self) -> bool {
        if self.method == Method::GET || self.is_of_sign_in() {
            return false;
        }
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let all = |list: &str, reads: fn(&Value) -> bool| {
            let parts = body[list].as_array();
            parts.is_some_and(|parts| !parts.is_empty() && parts.iter().all(reads))
        };
        let is_get = |part: &Value| part["method"] == "GET";
        let only_reads = self.method == Method::POST
            && (all("compositeRequest", is_get)
                || all("batchRequests", is_get)
                || all("BatchItemRequest", |part| part.get("Query").is_some())
                || (body.get("ids").is_some() && body.get("fields").is_some()));
        !only_reads
    }
}

fn set(body: Bytes, id: &str, member: &str, json: &str) -> Bytes {
    const MARK: &str = "\"the new value\"";
    let Ok(mut tree) = serde_json::from_slice::<Value>(&body) else { return body };
    let mark: Value = serde_json::from_str(MARK).expect("a text is JSON");
    if !mark_member(&mut tree, id, member, &mark) {
        return body;
    }
    Bytes::from(tree.to_string().replace(MARK, json))
}

fn mark_member(tree: &mut Value, id: &str, member: &str, mark: &Value) -> bool {
    match tree {
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, item| mark_member(item, id, member, mark) | found)
        }
        Value::Object(members) => {
            let is_it = members.get("Id").is_some_and(|found| found == id);
            if is_it && members.contains_key(member) {
                members.insert(member.to_owned(), mark.clone());
                return true;
            }
            members
                .values_mut()
                .fold(false, |found, item| mark_member(item, id, member, mark) | found)
        }
        _ => false,
    }
}

fn repeat(tree: &mut Value, id: &str, member: &str, value: &Value) {
    match tree {
        Value::Array(items) => {
            let is_it = |item: &Value| item.get("Id").is_some_and(|found| found == id);
            if let Some(at) = items.iter().position(is_it) {
                let mut copy = items[at].clone();
                copy[member] = value.clone();
                items.insert(at + 1, copy);
            }
            items.iter_mut().for_each(|item| repeat(item, id, member, value));
        }
        Value::Object(members) => {
            members.values_mut().for_each(|item| repeat(item, id, member, value));
        }
        _ => {}
    }
}

/// `%xx` and `+` undone.
fn decoded(path: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), path.as_bytes());
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        rest = match (first, byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                &tail[2..]
            }
            (b'+', _) => {
                out.push(b' ');
                tail
            }
            _ => {
                out.push(*first);
                tail
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}
