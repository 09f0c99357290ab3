//! Requests that are being answered, per organisation (`xero §5`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

/// Counts requests and can hold their answers back. Clones share it.
#[derive(Clone, Debug)]
pub struct UnderWay {
    counts: Arc<Mutex<BTreeMap<String, u32>>>,
    held: Arc<watch::Sender<bool>>,
}

/// The place of one request; leaving it ends the request.
#[derive(Debug)]
pub struct Place {
    under_way: UnderWay,
    tenant: String,
    others: u32,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self { counts: Arc::default(), held: Arc::new(watch::channel(false).0) }
    }
}

impl UnderWay {
    pub fn enter(&self, tenant: &str) -> Place {
        let mut counts = self.lock();
        let count = counts.entry(tenant.to_owned()).or_default();
        let others = *count;
        *count += 1;
        drop(counts);
        Place { under_way: self.clone(), tenant: tenant.to_owned(), others }
    }

    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    pub fn release(&self) {
        self.held.send_replace(false);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.counts.lock().expect("no holder of the counts panics")
    }
}

impl Place {
    /// Requests of the organisation that were there before.
    pub fn others(&self) -> u32 {
        self.others
    }

    /// Waits while answers are held back.
    pub async fn wait(&self) {
        let mut held = self.under_way.held.subscribe();
        // The sender lives as long as this place does.
        let _ = held.wait_for(|held| !held).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(count) = self.under_way.lock().get_mut(&self.tenant) {
            *count = count.saturating_sub(1);
        }
    }
}
