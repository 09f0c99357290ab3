//! Where the workspace key comes from.

use crate::error::VaultError;
use crate::key::WorkspaceKey;

/// Fills the whole slice with unpredictable bytes. Random bytes enter through this parameter only.
pub type Entropy<'a> = &'a dyn Fn(&mut [u8]) -> Result<(), VaultError>;

/// The random bytes of the operating system: what the product passes as `Entropy`.
pub fn system_entropy(bytes: &mut [u8]) -> Result<(), VaultError> {
    getrandom::fill(bytes).map_err(|error| VaultError::NoEntropy(error.into()))
}

/// Keeps one workspace key.
pub trait KeySource: Send + Sync {
    /// The kept key, or `NoKey`.
    fn load(&self) -> Result<WorkspaceKey, VaultError>;

    /// Makes a key and keeps it. `KeyExists` when one is kept: a kept key is never replaced.
    fn create(&self, entropy: Entropy<'_>) -> Result<WorkspaceKey, VaultError>;

    /// Removes the kept key. Whatever it encrypted can then not be read by anybody.
    fn forget(&self) -> Result<(), VaultError>;

    /// For a workspace without a store file. With a store file call `load`: a new key would not
    /// open it, and would hide that the old one is lost.
    fn load_or_create(&self, entropy: Entropy<'_>) -> Result<WorkspaceKey, VaultError> {
        match self.load() {
            Err(VaultError::NoKey) => self.create(entropy),
            loaded => loaded,
        }
    }
}
