//! One 32-byte key per workspace, where it is kept, and what is sealed with it.
//!
//! The key lives in the keyring of the operating system, or is wrapped under a passphrase where
//! there is no keyring. Nothing else is kept there: Windows caps a keyring entry at 2,560 bytes, so
//! tokens are sealed with a sub-key and lie in the store.

mod error;
mod header;
mod key;
mod memory;
mod os_keyring;
mod passphrase;
mod seal;
mod source;

pub use error::{BoxError, VaultError};
pub use header::Argon2Cost;
pub use key::{KEY_BYTES, SubKey, WorkspaceKey};
pub use memory::MemoryVault;
pub use os_keyring::{KEYRING_TIMEOUT_MS, KeyringVault};
pub use passphrase::{PASSPHRASE_FILE, PassphraseVault};
pub use seal::{SEALED_OVERHEAD_BYTES, open, seal};
pub use source::{Entropy, KeySource, system_entropy};
