//! Reading a workspace beside the instance that writes: no lock, no recovery, and no network.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tieout_connect::clock::Clock;
use tieout_connect::transport::{Transport, TransportError};
use tieout_store::Store;
use tieout_vault::WorkspaceKey;

use crate::codes::Code;
use crate::failure::Failure;
use crate::machine::{SandboxClock, SystemClock};
use crate::sandbox::Sandbox;
use crate::workspace::{Opening, STORE_FILE, Workspace, database_key, workspace_key};

/// What a reader needs; it may move to another thread before it opens.
pub struct Beside {
    folder: PathBuf,
    key: WorkspaceKey,
    clock: Arc<dyn Clock>,
}

impl Workspace {
    /// A reader of the same file on the same clock. It sees what is committed when it looks.
    pub fn beside(&self) -> Beside {
        Beside { folder: self.folder.clone(), key: self.key().clone(), clock: self.clock.clone() }
    }

    /// Opens the workspace for writing where nobody else does, and for reading only where another
    /// instance holds the lock.
    ///
    /// # Errors
    /// As `open`, but never `SecondInstance` for the lock alone.
    pub async fn open_to_read(opening: &Opening) -> Result<Self, Failure> {
        match Self::open(opening).await {
            Err(failure) if failure.is_locked() => Beside::found(opening)?.open().await,
            other => other,
        }
    }
}

impl Beside {
    /// The same without an open workspace: the key comes from the vault, and the time of a sample
    /// workspace from where it was saved last.
    pub(crate) fn found(opening: &Opening) -> Result<Self, Failure> {
        let folder = opening.folder.clone();
        if !folder.join(STORE_FILE).is_file() {
            let detail = format!("`{}` has no `{STORE_FILE}`", folder.display());
            return Err(Failure::new(Code::NoWorkspace, detail));
        }
        let key = workspace_key(opening, true)?;
        let clock: Arc<dyn Clock> = match Sandbox::is_in(&folder) {
            true => Arc::new(SandboxClock(Sandbox::load(&folder)?.clock)),
            false => Arc::new(SystemClock),
        };
        Ok(Self { folder, key, clock })
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Opens the file for reading only, with a connector per connection that answers what needs no
    /// network.
    pub async fn open(self) -> Result<Workspace, Failure> {
        let path = self.folder.join(STORE_FILE);
        let store = Store::open_read_only(&path, &database_key(&self.key))?;
        let mut workspace =
            Workspace::around(self.folder, store, Arc::new(Severed), self.clock, self.key);
        workspace.connect_all().await?;
        Ok(workspace)
    }
}

/// A reader sends nothing, whatever is asked of it.
struct Severed;

#[derive(Debug, thiserror::Error)]
#[error("this instance only reads")]
struct OnlyReads;

#[async_trait]
impl Transport for Severed {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Err(TransportError::NotSent(Box::new(OnlyReads)))
    }
}
