//! Stand-ins for the tests of connectors: nothing waits, nothing is random, nothing is sent.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};

use crate::clock::{Clock, Entropy};
use crate::session::{StoreError, StoreLock, StoredGrant, TokenStore};
use crate::transport::{Transport, TransportError};

/// A clock that moves only by being slept on or told to.
#[derive(Debug)]
pub struct VirtualClock {
    now: Mutex<Timestamp>,
    slept: Mutex<Vec<Duration>>,
}

impl VirtualClock {
    pub fn at(now: &str) -> Arc<Self> {
        let now = Mutex::new(now.parse().expect("an instant like 2026-07-06T16:42:00Z"));
        Arc::new(Self { now, slept: Mutex::default() })
    }

    /// Moves on.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).expect("a short while");
        let mut now = self.now.lock().expect("unpoisoned");
        *now = now.checked_add(by).expect("within time");
    }

    /// Every wait so far.
    pub fn slept(&self) -> Vec<Duration> {
        self.slept.lock().expect("unpoisoned").clone()
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("unpoisoned")
    }

    async fn sleep(&self, duration: Duration) {
        self.slept.lock().expect("unpoisoned").push(duration);
        self.advance(duration);
        tokio::task::yield_now().await;
    }
}

/// Bytes that differ on every call and are the same on every run.
#[derive(Debug, Default)]
pub struct CountedEntropy(AtomicU64);

impl Entropy for CountedEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            let mixed = count.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes();
            chunk.copy_from_slice(&mixed[..chunk.len()]);
        }
    }
}

/// A token store in memory, with switches for its failures.
#[derive(Debug, Default)]
pub struct MemoryStore {
    grant: Mutex<Option<StoredGrant>>,
    lock: Arc<tokio::sync::Mutex<()>>,
    failing_saves: AtomicU64,
    saves: AtomicU64,
}

impl MemoryStore {
    pub fn with(grant: StoredGrant) -> Arc<Self> {
        Arc::new(Self { grant: Mutex::new(Some(grant)), ..Self::default() })
    }

    /// The next saves fail.
    pub fn fail_saves(&self, count: u64) {
        self.failing_saves.store(count, Ordering::SeqCst);
    }

    /// Saves that succeeded.
    pub fn saves(&self) -> u64 {
        self.saves.load(Ordering::SeqCst)
    }

    /// What is stored.
    pub fn stored(&self) -> Option<StoredGrant> {
        self.grant.lock().expect("unpoisoned").clone()
    }
}

struct MemoryLock(#[expect(dead_code)] tokio::sync::OwnedMutexGuard<()>);

impl StoreLock for MemoryLock {}

#[async_trait]
impl TokenStore for MemoryStore {
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError> {
        Ok(self.stored())
    }

    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError> {
        let failing = self.failing_saves.load(Ordering::SeqCst);
        if failing > 0 {
            self.failing_saves.store(failing - 1, Ordering::SeqCst);
            return Err(StoreError("the disk is full".into()));
        }
        *self.grant.lock().expect("unpoisoned") = Some(grant.clone());
        self.saves.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.grant.lock().expect("unpoisoned") = None;
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError> {
        Ok(Box::new(MemoryLock(self.lock.clone().lock_owned().await)))
    }
}

/// One answer of a script.
pub type ScriptedAnswer = Result<Response<Bytes>, TransportError>;

type Handler = Box<dyn Fn(&Request<Bytes>) -> Option<ScriptedAnswer> + Send + Sync>;

/// A transport that answers from a script and keeps what it was asked. A request that nothing in
/// the script answers fails the test loudly.
#[derive(Default)]
pub struct ScriptedTransport {
    queue: Mutex<VecDeque<ScriptedAnswer>>,
    handlers: Mutex<Vec<Handler>>,
    requests: Mutex<Vec<Request<Bytes>>>,
}

impl ScriptedTransport {
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Answers with the next of these, in their order, before any handler is asked.
    pub fn push(&self, answer: ScriptedAnswer) {
        self.queue.lock().expect("unpoisoned").push_back(answer);
    }

    /// Answers requests for which `handler` has an answer; the earliest handler wins.
    pub fn on(
        &self,
        handler: impl Fn(&Request<Bytes>) -> Option<ScriptedAnswer> + Send + Sync + 'static,
    ) {
        self.handlers.lock().expect("unpoisoned").push(Box::new(handler));
    }

    /// Every request so far, as sent.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.requests.lock().expect("unpoisoned").clone()
    }

    /// `METHOD path?query` of every request so far.
    pub fn lines(&self) -> Vec<String> {
        let line = |request: &Request<Bytes>| {
            let target = request.uri().path_and_query().map_or("", |target| target.as_str());
            format!("{} {target}", request.method())
        };
        self.requests().iter().map(line).collect()
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(&self, request: Request<Bytes>) -> ScriptedAnswer {
        self.requests.lock().expect("unpoisoned").push(request.clone());
        // Lets other tasks in, as a network would.
        tokio::task::yield_now().await;
        if let Some(answer) = self.queue.lock().expect("unpoisoned").pop_front() {
            return answer;
        }
        let handlers = self.handlers.lock().expect("unpoisoned");
        let answer = handlers.iter().find_map(|handler| handler(&request));
        answer.unwrap_or_else(|| panic!("nobody answers {} {}", request.method(), request.uri()))
    }
}

/// A JSON answer.
pub fn json_answer(status: u16, body: &str) -> ScriptedAnswer {
    let answer = Response::builder()
        .status(status)
        .header("content-type", "application/json;charset=UTF-8")
        .header("date", "Mon, 06 Jul 2026 16:42:00 GMT")
        .body(Bytes::copy_from_slice(body.as_bytes()));
    Ok(answer.expect("a valid answer"))
}
