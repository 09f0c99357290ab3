//! Where the tokens of one connection are kept, across processes.

use async_trait::async_trait;

use super::grant::StoredGrant;
use crate::error::BoxError;

/// The token store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("the stored sign-in cannot be reached")]
pub struct StoreError(#[source] pub BoxError);

/// Held while a token is renewed; dropping it lets other processes in.
pub trait StoreLock: Send {}

/// The sealed tokens of one connection.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// What is stored now, read afresh: another process may have renewed it.
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError>;
    /// Durable when it returns: a power cut afterwards must not lose it. Replaces what was there
    /// as a whole or not at all.
    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError>;
    /// Forgets the tokens; nothing stored is success.
    async fn clear(&self) -> Result<(), StoreError>;
    /// Waits for the lock that every process renewing this connection takes. Bounded: ends in an
    /// error rather than waiting for ever.
    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError>;
}
