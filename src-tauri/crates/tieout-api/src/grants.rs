//! Sealed grants in files: one per connection, replaced as a whole and synced before it is used
//! (`src-tauri/docs/adr/0001`).

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use tieout_connect::session::{StoreError, StoreLock, StoredGrant, TokenStore};
use tieout_vault::{SubKey, open, seal, system_entropy};

/// Folder of the sealed grants inside a workspace.
pub const GRANTS_FOLDER: &str = "grants";
/// Wait between two tries for the lock of a connection.
const LOCK_RETRY_MS: u64 = 50;
/// Tries for the lock: together a bit more than the longest token request.
const LOCK_TRIES_MAX: u32 = 1_200;

/// The grant of one connection.
pub struct GrantFile {
    path: PathBuf,
    context: String,
    key: SubKey,
}

/// Holds the lock file of one connection until it is dropped.
struct FileLock(#[allow(dead_code, reason = "dropping it lets go of the lock")] File);

impl StoreLock for FileLock {}

impl GrantFile {
    /// The grant of `connection` in the workspace folder. The folder is made when needed.
    pub fn new(workspace: &Path, connection: &str, key: SubKey) -> Self {
        let name: String =
            connection.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        Self {
            path: workspace.join(GRANTS_FOLDER).join(format!("{name}.sealed")),
            context: format!("grant/{connection}"),
            key,
        }
    }

    fn folder(&self) -> &Path {
        self.path.parent().expect("the path was made with a folder")
    }

    fn read(&self) -> std::io::Result<Option<Vec<u8>>> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes beside the old file, syncs, renames, and syncs the folder: after a power cut there is
    /// either the old grant or the new one.
    fn replace(&self, bytes: &[u8]) -> std::io::Result<()> {
        std::fs::create_dir_all(self.folder())?;
        let fresh = self.path.with_extension("new");
        let mut file = owner_only().create(true).truncate(true).write(true).open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)?;
        #[cfg(unix)]
        File::open(self.folder())?.sync_all()?;
        Ok(())
    }
}

fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError(error.into())
}

#[async_trait]
impl TokenStore for GrantFile {
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError> {
        let Some(sealed) = self.read().map_err(failed)? else {
            return Ok(None);
        };
        let bytes = open(&self.key, &self.context, &sealed).map_err(failed)?;
        StoredGrant::from_bytes(&bytes).map(Some).map_err(failed)
    }

    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError> {
        let bytes = grant.to_bytes();
        let sealed = seal(&self.key, &self.context, &bytes, &system_entropy).map_err(failed)?;
        self.replace(&sealed).map_err(failed)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }

    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError> {
        std::fs::create_dir_all(self.folder()).map_err(failed)?;
        let path = self.path.with_extension("lock");
        let file = owner_only().create(true).truncate(false).write(true).open(path);
        let file = file.map_err(failed)?;
        for _ in 0..LOCK_TRIES_MAX {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(FileLock(file))),
                Err(std::fs::TryLockError::WouldBlock) => {
                    tokio::time::sleep(Duration::from_millis(LOCK_RETRY_MS)).await;
                }
                Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(failed(std::io::Error::from(std::io::ErrorKind::TimedOut)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tieout_connect::secret::Secret;
    use tieout_vault::WorkspaceKey;

    use super::*;

    fn grant() -> StoredGrant {
        StoredGrant {
            access: Secret::new("the access token"),
            refresh: Some(Secret::new("the refresh token")),
            previous_refresh: None,
            obtained_at: jiff::Timestamp::UNIX_EPOCH,
            expires_at: None,
            instance_url: None,
            extra: BTreeMap::new(),
        }
    }

    #[tokio::test]
    async fn a_grant_comes_back_and_no_token_is_readable_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let key = WorkspaceKey::generate(&system_entropy).unwrap();
        let file = GrantFile::new(folder.path(), "quickbooks", key.token_key());
        assert!(file.load().await.unwrap().is_none());
        file.save(&grant()).await.unwrap();
        assert!(file.load().await.unwrap() == Some(grant()));
        let bytes = std::fs::read(&file.path).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"token"));
        let other = GrantFile::new(folder.path(), "salesforce", key.token_key());
        std::fs::copy(&file.path, &other.path).unwrap();
        assert!(other.load().await.is_err(), "a grant opens for its own connection only");
        file.clear().await.unwrap();
        assert!(file.load().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn one_renewal_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let key = WorkspaceKey::generate(&system_entropy).unwrap();
        let file = GrantFile::new(folder.path(), "quickbooks", key.token_key());
        let held = file.lock().await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(120), file.lock()).await;
        assert!(waiting.is_err());
        drop(held);
        assert!(file.lock().await.is_ok());
    }
}
