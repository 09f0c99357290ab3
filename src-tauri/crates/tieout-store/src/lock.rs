//! One writing instance per workspace.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::StoreError;

/// Name of the lock file in the workspace folder. Its content means nothing.
pub const LOCK_FILE: &str = "workspace.lock";

/// Held for as long as this instance may write. The operating system lets go of it when the process
/// ends, however it ends.
#[derive(Debug)]
pub struct WorkspaceLock {
    _file: File,
}

impl WorkspaceLock {
    /// Takes the lock of the workspace in `folder` without waiting. `WorkspaceInUse`: another
    /// instance has it, and this one may open the store for reading only.
    pub fn acquire(folder: &Path) -> Result<Self, StoreError> {
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(LOCK_FILE))
            .map_err(StoreError::file("opened"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::WorkspaceInUse),
            Err(TryLockError::Error(source)) => Err(StoreError::File { action: "locked", source }),
        }
    }
}
