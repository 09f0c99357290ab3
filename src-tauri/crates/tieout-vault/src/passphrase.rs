//! The workspace key under a passphrase: servers, CI, and computers without a keyring.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::header::{self, Argon2Cost};
use crate::key::WorkspaceKey;
use crate::source::{Entropy, KeySource};

/// Name of the passphrase file in the workspace folder. Useless without the passphrase, and the
/// store is lost without it: back it up with the store.
pub const PASSPHRASE_FILE: &str = "passphrase.key";

/// Keeps the key sealed under a passphrase in the workspace folder.
///
/// Every call stretches the passphrase anew, which is slow on purpose: call once per start.
pub struct PassphraseVault {
    file: PathBuf,
    passphrase: Zeroizing<String>,
    cost: Argon2Cost,
}

impl PassphraseVault {
    /// For the workspace in `folder`, with the recommended cost.
    pub fn new(folder: &Path, passphrase: Zeroizing<String>) -> Self {
        Self::with_cost(folder, passphrase, Argon2Cost::RECOMMENDED)
    }

    /// With another cost for a new file. An existing file keeps the cost it was written with.
    pub fn with_cost(folder: &Path, passphrase: Zeroizing<String>, cost: Argon2Cost) -> Self {
        Self { file: folder.join(PASSPHRASE_FILE), passphrase, cost }
    }

    /// Whether a passphrase file lies in `folder`, so that this workspace needs a passphrase.
    pub fn exists(folder: &Path) -> bool {
        folder.join(PASSPHRASE_FILE).exists()
    }

    /// Seals the same key under another passphrase. The file is replaced as a whole or not at all.
    pub fn change(
        &mut self,
        passphrase: Zeroizing<String>,
        entropy: Entropy<'_>,
    ) -> Result<(), VaultError> {
        let key = self.load()?;
        self.write(&key, &passphrase, entropy)?;
        self.passphrase = passphrase;
        Ok(())
    }

    fn write(
        &self,
        key: &WorkspaceKey,
        passphrase: &str,
        entropy: Entropy<'_>,
    ) -> Result<(), VaultError> {
        if passphrase.is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        let header = header::write(key, passphrase, self.cost, entropy)?;
        replace(&self.file, &header)
            .map_err(|source| VaultError::File { action: "written", source })
    }
}

impl KeySource for PassphraseVault {
    fn load(&self) -> Result<WorkspaceKey, VaultError> {
        let header = fs::read(&self.file).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => VaultError::NoKey,
            _ => VaultError::File { action: "read", source },
        })?;
        header::read(&header, &self.passphrase)
    }

    fn create(&self, entropy: Entropy<'_>) -> Result<WorkspaceKey, VaultError> {
        if self.file.exists() {
            return Err(VaultError::KeyExists);
        }
        let key = WorkspaceKey::generate(entropy)?;
        self.write(&key, &self.passphrase, entropy)?;
        Ok(key)
    }

    fn forget(&self) -> Result<(), VaultError> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(|source| VaultError::File { action: "removed", source }),
        }
    }
}

impl fmt::Debug for PassphraseVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<passphrase vault>")
    }
}

/// A crash leaves either the old file or the new one, never half of one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = file.with_extension("key.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&new)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&new, file)?;
    sync_folder(file)
}

/// The new name is durable only when the folder is; other systems than Unix do this themselves.
fn sync_folder(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::system_entropy;

    fn vault(folder: &Path, passphrase: &str) -> PassphraseVault {
        PassphraseVault::with_cost(folder, passphrase.to_owned().into(), Argon2Cost::LEAST)
    }

    #[test]
    fn a_created_key_is_loaded_with_the_same_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let created = vault(folder.path(), "correct horse").create(&system_entropy).unwrap();
        let loaded = vault(folder.path(), "correct horse").load().unwrap();
        assert_eq!(created.as_bytes(), loaded.as_bytes());
        assert!(PassphraseVault::exists(folder.path()));
    }

    #[test]
    fn a_wrong_passphrase_does_not_load() {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), "correct horse").create(&system_entropy).unwrap();
        let loaded = vault(folder.path(), "battery staple").load();
        assert!(matches!(loaded, Err(VaultError::WrongPassphrase)));
    }

    #[test]
    fn without_a_file_there_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(vault(folder.path(), "x").load(), Err(VaultError::NoKey)));
    }

    #[test]
    fn a_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), "correct horse").create(&system_entropy).unwrap();
        let again = vault(folder.path(), "battery staple").create(&system_entropy);
        assert!(matches!(again, Err(VaultError::KeyExists)));
        assert!(vault(folder.path(), "correct horse").load().is_ok());
    }

    #[test]
    fn an_empty_passphrase_protects_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let created = vault(folder.path(), "").create(&system_entropy);
        assert!(matches!(created, Err(VaultError::EmptyPassphrase)));
    }

    #[test]
    fn a_changed_passphrase_keeps_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = vault(folder.path(), "correct horse");
        let created = vault.create(&system_entropy).unwrap();
        vault.change("battery staple".to_owned().into(), &system_entropy).unwrap();
        assert_eq!(vault.load().unwrap().as_bytes(), created.as_bytes());
        let old = super::tests::vault(folder.path(), "correct horse").load();
        assert!(matches!(old, Err(VaultError::WrongPassphrase)));
    }

    #[test]
    fn a_forgotten_key_is_gone_and_forgetting_twice_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path(), "correct horse");
        vault.create(&system_entropy).unwrap();
        vault.forget().unwrap();
        vault.forget().unwrap();
        assert!(matches!(vault.load(), Err(VaultError::NoKey)));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), "correct horse").create(&system_entropy).unwrap();
        let kept = fs::metadata(folder.path().join(PASSPHRASE_FILE)).unwrap();
        assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    }
}
