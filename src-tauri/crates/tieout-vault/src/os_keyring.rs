//! The workspace key in the keyring of the operating system: Secret Service on Linux, Keychain on
//! macOS, Credential Manager on Windows.
//!
//! A keyring may wait for a person for ever, and its client blocks; so every call has a thread of
//! its own and a time limit. A call that ran into the limit goes on in the background and its
//! answer is dropped: it changes nothing that a later call could not see.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::WorkspaceKey;
use crate::source::{Entropy, KeySource};

/// How long one call to the keyring may take.
pub const KEYRING_TIMEOUT_MS: u64 = 10_000;

/// Calls that hang at the same time; a further one is refused instead of started.
const PENDING_CALLS_MAX: usize = 4;

/// The name under which the keyring shows our entries to a person.
const ENTRY_GROUP: &str = "Tieout workspace";

/// What we need of a keyring: one secret under one name. `None`: there is no such entry.
trait Keyring: Send + Sync {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError>;
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), VaultError>;
    fn remove(&self, name: &str) -> Result<(), VaultError>;
}

/// Keeps the key in the operating system's keyring.
pub struct KeyringVault {
    keyring: Arc<dyn Keyring>,
    name: String,
    timeout: Duration,
    pending: Arc<AtomicUsize>,
}

impl KeyringVault {
    /// For the workspace with this id. The id names the keyring entry: it must be unique on this
    /// computer, stay the same for ever and say nothing about the customer.
    pub fn new(workspace: &str) -> Self {
        let timeout = Duration::from_millis(KEYRING_TIMEOUT_MS);
        Self::over(Arc::new(SystemKeyring), workspace, timeout)
    }

    fn over(keyring: Arc<dyn Keyring>, workspace: &str, timeout: Duration) -> Self {
        Self { keyring, name: workspace.to_owned(), timeout, pending: Arc::default() }
    }

    /// Runs one call on a thread of its own and waits for it no longer than the limit.
    fn within_limit<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Keyring, &str) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let pending = Pending::begin(&self.pending)?;
        let (keyring, name) = (Arc::clone(&self.keyring), self.name.clone());
        let (answer, inbox) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("keyring".into())
            .spawn(move || {
                let outcome = call(&*keyring, &name);
                drop(pending);
                // Nobody listens any more when the limit has passed.
                let _ = answer.send(outcome);
            })
            .map_err(|error| VaultError::KeyringFailed(error.into()))?;
        match inbox.recv_timeout(self.timeout) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Timeout) => {
                let limit_ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
                Err(VaultError::KeyringSilent { limit_ms })
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(VaultError::KeyringFailed("the call ended without an answer".into()))
            }
        }
    }

    fn kept(&self) -> Result<Option<WorkspaceKey>, VaultError> {
        match self.within_limit(|keyring, name| keyring.get(name))? {
            None => Ok(None),
            Some(secret) => {
                WorkspaceKey::from_slice(&secret).map(Some).ok_or(VaultError::KeyringEntryDamaged)
            }
        }
    }
}

impl KeySource for KeyringVault {
    fn load(&self) -> Result<WorkspaceKey, VaultError> {
        self.kept()?.ok_or(VaultError::NoKey)
    }

    /// Reads the key back before it is believed: some keyrings forget when the session ends.
    fn create(&self, entropy: Entropy<'_>) -> Result<WorkspaceKey, VaultError> {
        if self.kept()?.is_some() {
            return Err(VaultError::KeyExists);
        }
        let key = WorkspaceKey::generate(entropy)?;
        let secret = Zeroizing::new(key.as_bytes().to_vec());
        self.within_limit(move |keyring, name| keyring.set(name, &secret))?;
        match self.kept()? {
            Some(kept) if kept.as_bytes() == key.as_bytes() => Ok(key),
            _ => Err(VaultError::NotKept),
        }
    }

    fn forget(&self) -> Result<(), VaultError> {
        self.within_limit(|keyring, name| keyring.remove(name))
    }
}

impl fmt::Debug for KeyringVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringVault").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Counts a call for as long as its thread lives.
struct Pending(Arc<AtomicUsize>);

impl Pending {
    fn begin(count: &Arc<AtomicUsize>) -> Result<Self, VaultError> {
        let pending = count.fetch_add(1, Ordering::SeqCst);
        let counted = Self(Arc::clone(count));
        if pending < PENDING_CALLS_MAX {
            Ok(counted)
        } else {
            Err(VaultError::KeyringStuck { pending })
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The keyring of this computer. The client remembers for the life of the process that it could
/// not reach a keyring: after starting one, the product must be started again.
struct SystemKeyring;

impl SystemKeyring {
    fn entry(name: &str) -> Result<keyring::Entry, VaultError> {
        keyring::Entry::new(ENTRY_GROUP, name).map_err(classified)
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        match Self::entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(classified(error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), VaultError> {
        Self::entry(name)?.set_secret(secret).map_err(classified)
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(classified(error)),
        }
    }
}

/// Some variants of the client's error hold the secret bytes, so the error itself is never kept.
fn classified(error: keyring::Error) -> VaultError {
    use keyring::Error;
    match error {
        Error::NoStorageAccess(cause) => VaultError::KeyringLocked(cause),
        Error::PlatformFailure(cause) => VaultError::KeyringFailed(cause),
        Error::NoDefaultStore => VaultError::NoKeyring,
        Error::NoEntry => VaultError::NoKey,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
            VaultError::KeyringEntryDamaged
        }
        Error::BadStoreFormat(_) => VaultError::KeyringFailed("its storage is damaged".into()),
        Error::TooLong(..) | Error::Invalid(..) | Error::NotSupportedByStore(_) => {
            VaultError::KeyringFailed("it does not accept this entry".into())
        }
        _ => VaultError::KeyringFailed("for a reason that this version does not know".into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::source::system_entropy;

    /// A keyring in memory, with the ways in which a real one fails.
    #[derive(Default)]
    struct Fake {
        secret: Mutex<Option<Vec<u8>>>,
        forgets: bool,
        hangs: bool,
        panics: bool,
    }

    impl Fake {
        fn meet(&self) {
            assert!(!self.panics, "the keyring client panicked");
            if self.hangs {
                loop {
                    thread::park();
                }
            }
        }
    }

    impl Keyring for Fake {
        fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
            self.meet();
            Ok(self.secret.lock().unwrap().clone().map(Zeroizing::new))
        }

        fn set(&self, _: &str, secret: &[u8]) -> Result<(), VaultError> {
            self.meet();
            if !self.forgets {
                *self.secret.lock().unwrap() = Some(secret.to_vec());
            }
            Ok(())
        }

        fn remove(&self, _: &str) -> Result<(), VaultError> {
            self.meet();
            *self.secret.lock().unwrap() = None;
            Ok(())
        }
    }

    fn vault(fake: Fake, timeout_ms: u64) -> KeyringVault {
        KeyringVault::over(Arc::new(fake), "w1", Duration::from_millis(timeout_ms))
    }

    #[test]
    fn a_created_key_is_loaded_again() {
        let vault = vault(Fake::default(), KEYRING_TIMEOUT_MS);
        let created = vault.create(&system_entropy).unwrap();
        assert_eq!(vault.load().unwrap().as_bytes(), created.as_bytes());
        assert!(matches!(vault.create(&system_entropy), Err(VaultError::KeyExists)));
        vault.forget().unwrap();
        assert!(matches!(vault.load(), Err(VaultError::NoKey)));
    }

    #[test]
    fn a_keyring_that_does_not_keep_is_found_out() {
        let vault = vault(Fake { forgets: true, ..Fake::default() }, KEYRING_TIMEOUT_MS);
        assert!(matches!(vault.create(&system_entropy), Err(VaultError::NotKept)));
    }

    #[test]
    fn an_entry_that_is_not_a_key_is_named() {
        let fake = Fake { secret: Mutex::new(Some(b"short".to_vec())), ..Fake::default() };
        let loaded = vault(fake, KEYRING_TIMEOUT_MS).load_or_create(&system_entropy);
        assert!(matches!(loaded, Err(VaultError::KeyringEntryDamaged)));
    }

    #[test]
    fn a_locked_keyring_is_an_error_and_not_a_hang() {
        let vault = vault(Fake { hangs: true, ..Fake::default() }, 1);
        for _ in 0..PENDING_CALLS_MAX {
            assert!(matches!(vault.load(), Err(VaultError::KeyringSilent { limit_ms: 1 })));
        }
        assert!(matches!(vault.load(), Err(VaultError::KeyringStuck { pending: 4 })));
    }

    #[test]
    fn a_client_that_panics_is_an_error() {
        let vault = vault(Fake { panics: true, ..Fake::default() }, KEYRING_TIMEOUT_MS);
        assert!(matches!(vault.load(), Err(VaultError::KeyringFailed(_))));
    }

    #[test]
    fn no_error_shows_a_secret() {
        let secret = || b"hunter2".to_vec();
        for error in [
            keyring::Error::BadEncoding(secret()),
            keyring::Error::BadDataFormat(secret(), "parse".into()),
        ] {
            let shown = format!("{:?}", classified(error));
            assert_eq!(shown, "KeyringEntryDamaged");
        }
    }
}
