//! Copies of the whole file, encrypted with the same key.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::Connection;

use crate::error::StoreError;

/// Writes a consistent copy under another name first, so that a crash never leaves half a copy
/// under the name that somebody would restore from.
pub(crate) fn copy(db: &Connection, target: &Path) -> Result<(), StoreError> {
    let partial = target.with_extension("partial");
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::File { action: "removed", source: error });
        }
        _ => {}
    }
    let name = partial.to_str().ok_or_else(|| StoreError::File {
        action: "written",
        source: io::Error::new(io::ErrorKind::InvalidFilename, "the name is not UTF-8"),
    })?;
    db.execute("VACUUM INTO ?1", [name])?;
    let written = File::options().write(true).open(&partial);
    written.and_then(|file| file.sync_all()).map_err(StoreError::file("written"))?;
    fs::rename(&partial, target).map_err(StoreError::file("renamed"))?;
    sync_folder(target).map_err(StoreError::file("written"))
}

/// The new name is durable only when the folder is; other systems than Unix do this themselves.
fn sync_folder(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => {
            File::open(folder)?.sync_all()
        }
        _ => Ok(()),
    }
}
