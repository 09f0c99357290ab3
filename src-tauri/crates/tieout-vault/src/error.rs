//! What can go wrong with a key. No variant carries a secret, neither in `Display` nor in `Debug`.

/// A boxed cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a key could not be had or sealed bytes could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Nothing is kept for this workspace. A new key would not open an existing store.
    #[error("no key is kept for this workspace")]
    NoKey,
    /// A key is already kept; replacing it would lock the store for ever.
    #[error("a key is already kept for this workspace")]
    KeyExists,
    /// Typed wrongly, or the passphrase of another workspace.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// An empty passphrase would protect nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The passphrase file is not what was written: restore it from a backup of the workspace.
    #[error("the passphrase file is damaged")]
    HeaderDamaged,
    /// The passphrase file was written by a later version of the product.
    #[error("the passphrase file has format {0}, which this version does not know")]
    HeaderUnknown(u8),
    /// The file system refused.
    #[error("the passphrase file could not be {action}")]
    File {
        /// `read`, `written` or `removed`.
        action: &'static str,
        #[source]
        source: std::io::Error,
    },
    /// Another key, another purpose, or changed bytes; which of them cannot be told.
    #[error("the sealed bytes do not open with this key for this purpose")]
    NotOpened,
    /// Sealed by a later version of the product.
    #[error("the sealed bytes have format {0}, which this version does not know")]
    SealUnknown(u8),
    /// The keyring is waiting for a person, or hangs.
    #[error("the keyring did not answer within {limit_ms} ms; it may be locked")]
    KeyringSilent { limit_ms: u64 },
    /// Earlier calls still hang; no further one is started.
    #[error("the keyring has not answered {pending} earlier calls")]
    KeyringStuck { pending: usize },
    /// Unlock the keyring and try again.
    #[error("the keyring is locked or refuses access")]
    KeyringLocked(#[source] BoxError),
    /// No keyring runs for this user: use a passphrase instead.
    #[error("this computer offers no keyring")]
    NoKeyring,
    /// Anything else that the keyring reports; the cause says what.
    #[error("the keyring failed")]
    KeyringFailed(#[source] BoxError),
    /// The entry in the keyring is not a key of ours, or there are several of them.
    #[error("the keyring entry of this workspace is not a key")]
    KeyringEntryDamaged,
    /// The keyring took the key and then gave something else back.
    #[error("the keyring did not keep the key")]
    NotKept,
    /// There is not enough memory for Argon2.
    #[error("the passphrase could not be stretched")]
    Stretching(#[source] BoxError),
    /// Without random bytes nothing is made and nothing is sealed.
    #[error("this computer gives no random bytes")]
    NoEntropy(#[source] BoxError),
}
