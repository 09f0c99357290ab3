//! The stored sign-in of one connection. It outlives the connector, and tells when it was saved.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tieout_connect::session::{StoreError, StoreLock, StoredGrant, TokenStore};

use crate::line::{Line, Step};

pub struct Keys {
    line: Arc<Line>,
    grant: Mutex<Option<StoredGrant>>,
    failing: AtomicU32,
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Turn(#[expect(dead_code)] tokio::sync::OwnedMutexGuard<()>);

impl StoreLock for Turn {}

impl Keys {
    pub fn beside(line: &Arc<Line>) -> Arc<Self> {
        let (grant, failing, turn) = (Mutex::default(), AtomicU32::default(), Arc::default());
        Arc::new(Self { line: line.clone(), grant, failing, turn })
    }

    /// The disk is full for the next so many saves.
    pub fn fail_saves(&self, times: u32) {
        self.failing.store(times, Ordering::SeqCst);
    }

    pub fn stored(&self) -> Option<StoredGrant> {
        self.grant.lock().expect("no holder of the grant panics").clone()
    }

    /// What a new sign-in gave.
    pub fn put(&self, grant: StoredGrant) {
        self.line.note(Step::Saved(grant.access.expose().to_owned()));
        *self.grant.lock().expect("no holder of the grant panics") = Some(grant);
    }
}

#[async_trait]
impl TokenStore for Keys {
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError> {
        Ok(self.stored())
    }

    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError> {
        // A disk takes its time, and whoever does not wait for it is found out.
        tokio::task::yield_now().await;
        let left = self.failing.load(Ordering::SeqCst);
        if left > 0 {
            self.failing.store(left - 1, Ordering::SeqCst);
            return Err(StoreError("the disk is full".into()));
        }
        self.put(grant.clone());
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.grant.lock().expect("no holder of the grant panics") = None;
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError> {
        Ok(Box::new(Turn(self.turn.clone().lock_owned().await)))
    }
}
