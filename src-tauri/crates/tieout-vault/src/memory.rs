//! A key that lives as long as the process: tests and the throw-away sample workspace.

use std::sync::{Mutex, PoisonError};

use crate::error::VaultError;
use crate::key::WorkspaceKey;
use crate::source::{Entropy, KeySource};

/// Keeps the key in memory only.
#[derive(Debug, Default)]
pub struct MemoryVault(Mutex<Option<WorkspaceKey>>);

impl MemoryVault {
    /// Without a key.
    pub fn new() -> Self {
        Self::default()
    }
}

impl KeySource for MemoryVault {
    fn load(&self) -> Result<WorkspaceKey, VaultError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone().ok_or(VaultError::NoKey)
    }

    fn create(&self, entropy: Entropy<'_>) -> Result<WorkspaceKey, VaultError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_some() {
            return Err(VaultError::KeyExists);
        }
        let key = WorkspaceKey::generate(entropy)?;
        *kept = Some(key.clone());
        Ok(key)
    }

    fn forget(&self) -> Result<(), VaultError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}
