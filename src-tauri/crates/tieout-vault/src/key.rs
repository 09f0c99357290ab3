//! The workspace key and the keys derived from it.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::VaultError;
use crate::source::Entropy;

/// Length of every key.
pub const KEY_BYTES: usize = 32;

/// The purpose texts enter the derivation, so they may never change.
const DATABASE_PURPOSE: &[u8] = b"tieout/1/database";
const TOKEN_PURPOSE: &[u8] = b"tieout/1/tokens";

/// The one secret of a workspace. Wiped when dropped; `Debug` shows nothing of it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct WorkspaceKey([u8; KEY_BYTES]);

/// A key for one purpose, derived from the workspace key. Wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SubKey([u8; KEY_BYTES]);

impl WorkspaceKey {
    /// A new key from the given source of random bytes.
    pub fn generate(entropy: Entropy<'_>) -> Result<Self, VaultError> {
        let mut key = Self([0; KEY_BYTES]);
        entropy(&mut key.0)?;
        if key.0 == [0; KEY_BYTES] {
            return Err(VaultError::NoEntropy("every byte is zero".into()));
        }
        Ok(key)
    }

    /// The key that encrypts the store.
    pub fn database_key(&self) -> SubKey {
        self.derive(DATABASE_PURPOSE)
    }

    /// The key that seals grants and tokens.
    pub fn token_key(&self) -> SubKey {
        self.derive(TOKEN_PURPOSE)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// HKDF-SHA256 (RFC 5869) without salt: the input is already a uniform random key.
    fn derive(&self, purpose: &[u8]) -> SubKey {
        let mut derived = SubKey([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(purpose, &mut derived.0)
            .expect("32 bytes are within what HKDF-SHA256 can give");
        derived
    }
}

impl SubKey {
    /// For keys that are not derived from a workspace key: the wrapping key of a passphrase.
    pub(crate) fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the cipher that uses them. Do not copy them elsewhere.
    pub fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for WorkspaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<workspace key>")
    }
}

impl fmt::Debug for SubKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<key>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> WorkspaceKey {
        WorkspaceKey([byte; KEY_BYTES])
    }

    #[test]
    fn each_purpose_has_its_own_key() {
        assert_ne!(key(7).database_key().as_bytes(), key(7).token_key().as_bytes());
        assert_ne!(key(7).database_key().as_bytes(), key(7).as_bytes());
    }

    #[test]
    fn another_workspace_has_another_key() {
        assert_ne!(key(7).database_key().as_bytes(), key(8).database_key().as_bytes());
    }

    /// Stored databases depend on these very bytes.
    #[test]
    fn the_derivation_never_changes() {
        let shown = |key: SubKey| key.as_bytes()[..6].to_vec();
        assert_eq!(shown(key(7).database_key()), [44, 116, 194, 20, 90, 173]);
        assert_eq!(shown(key(7).token_key()), [177, 121, 134, 231, 157, 72]);
    }

    #[test]
    fn a_source_that_gives_nothing_is_refused() {
        let silent = |_: &mut [u8]| Ok(());
        assert!(matches!(WorkspaceKey::generate(&silent), Err(VaultError::NoEntropy(_))));
    }

    #[test]
    fn a_key_cannot_be_printed() {
        assert_eq!(format!("{:?} {:?}", key(7), key(7).token_key()), "<workspace key> <key>");
    }
}
