//! A demo that was cut off in the middle: how it is noticed, and how its workspace begins anew.
//!
//! The store is written step by step and the simulators only at the end. Between the two the store
//! knows a company that no simulator remembers, and nothing would ever tie out again.

use std::io::ErrorKind;
use std::path::Path;

use tieout_store::{ConnectionRecord, WorkspaceLock};

use crate::codes::Code;
use crate::failure::Failure;
use crate::grants::GRANTS_FOLDER;
use crate::sandbox::{
    QUICKBOOKS_AUTHORITY, SALESFORCE_AUTHORITY, SANDBOX_FOLDER, Sandbox, XERO_AUTHORITY,
    cannot_write,
};
use crate::settings::Settings;
use crate::workspace::{Opening, STORE_FILE, Workspace};

/// What a demo says when it throws the sample away.
const BEGINS_ANEW: &str = "an earlier demo was cut off here: its sample company begins anew";

/// Whether this demo plays the story from its beginning. What an earlier demo left half-done is
/// thrown away, if it is the sample and nothing else.
pub(super) fn begin(opening: &Opening, tell: fn(&str)) -> Result<bool, Failure> {
    let folder = &opening.folder;
    let cut_off = Sandbox::is_unfinished(folder);
    let has_store = folder.join(STORE_FILE).is_file();
    let goes_on = has_store && !cut_off && Sandbox::is_whole(folder);
    let mut begins_anew = cut_off || folder.join(SANDBOX_FOLDER).exists();
    if has_store && !goes_on {
        let connections = Workspace::stored_connections(opening)?;
        refuse_real(&connections)?;
        // These addresses are nobody's but the demo's, so the store is proved to be its own.
        begins_anew |= !connections.is_empty();
    }
    if begins_anew && !goes_on {
        let _lock = WorkspaceLock::acquire(folder)?;
        // Throwing away can be cut off as well.
        Sandbox::mark_unfinished(folder)?;
        tell(BEGINS_ANEW);
        discard(folder)?;
    }
    Ok(!goes_on)
}

/// A store that holds anything but the sample company is not the demo's to play in.
pub(super) fn refuse_real(connections: &[ConnectionRecord]) -> Result<(), Failure> {
    let Some(real) = connections.iter().find(|connection| !is_sample(connection)) else {
        return Ok(());
    };
    let detail = format!(
        "this workspace holds the connection `{}`, which is not the sample company's; \
         name another folder for the demo with `--workspace`",
        real.id
    );
    Err(Failure::new(Code::Usage, detail))
}

/// Settings that cannot be read count as real: nothing is thrown away on a guess.
fn is_sample(connection: &ConnectionRecord) -> bool {
    let (base, authority) = match Settings::of(connection) {
        Ok(Settings::Salesforce(settings)) => (settings.login_url, SALESFORCE_AUTHORITY),
        Ok(Settings::QuickBooks(settings)) => (settings.environment, QUICKBOOKS_AUTHORITY),
        Ok(Settings::Xero(settings)) => (settings.environment, XERO_AUTHORITY),
        Err(_) => return false,
    };
    base.trim_end_matches('/') == format!("http://{authority}")
}

/// Removes the store, the sign-ins and the simulators' state. The mark stays to the end of the demo
/// and the key stays for good. The store goes before its journal: a journal without its store is
/// removed by the next demo, and a store without its journal would have lost what it knew.
fn discard(folder: &Path) -> Result<(), Failure> {
    for name in [STORE_FILE.to_owned(), format!("{STORE_FILE}-wal"), format!("{STORE_FILE}-shm")] {
        gone(&folder.join(&name), std::fs::remove_file(folder.join(&name)))?;
    }
    let grants = folder.join(GRANTS_FOLDER);
    gone(&grants, std::fs::remove_dir_all(&grants))?;
    for file in Sandbox::state_files(folder) {
        gone(&file, std::fs::remove_file(&file))?;
    }
    Ok(())
}

fn gone(path: &Path, removed: std::io::Result<()>) -> Result<(), Failure> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot_write(path, error)),
        _ => Ok(()),
    }
}
