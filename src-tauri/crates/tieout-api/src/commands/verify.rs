//! Checks that anybody can run: the audit chain, and exported files against their recorded hashes.

use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::codes::Code;
use crate::failure::Failure;
use crate::views::instant;
use crate::workspace::{Workspace, naming_backup};

/// Action under which an export is recorded in the audit trail.
pub(crate) const EXPORTED: &str = "report.exported";
/// Audit entries that are searched for an export.
const ENTRIES_SEARCHED_MAX: u32 = 1_000_000;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyView {
    pub verified: bool,
    /// Audit entries that follow from each other.
    pub audit_entries: u64,
    pub file: Option<String>,
    pub hash: Option<String>,
    /// The name that the file was given when it was written.
    pub written_as: Option<String>,
    /// When that was.
    pub written_at: Option<String>,
}

/// Reads every page of the workspace file, then checks the audit chain from its first entry to its
/// last. Takes as long as reading the whole file.
pub fn verify_workspace(workspace: &Workspace) -> Result<VerifyView, Failure> {
    let defects = workspace.engine.store.check_integrity()?;
    if let Some(first) = defects.first() {
        let detail = format!("{} defect(s), the first: {first}", defects.len());
        let failure = Failure::new(Code::DamagedFile, detail);
        return Err(naming_backup(failure, &workspace.folder));
    }
    let verdict = workspace.engine.store.verify_audit()?;
    if let Some(at) = verdict.broken_at {
        let detail = format!("entry {at} does not follow from the one before it");
        return Err(Failure::new(Code::AuditBroken, detail));
    }
    Ok(VerifyView {
        verified: true,
        audit_entries: verdict.entries,
        file: None,
        hash: None,
        written_as: None,
        written_at: None,
    })
}

/// Checks an exported file against the hash that was recorded when it was written.
pub fn verify_file(workspace: &Workspace, file: &Path) -> Result<VerifyView, Failure> {
    let chain = verify_workspace(workspace)?;
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::caused(Code::UnreadableFile, format!("`{}`", file.display()), error)
    })?;
    let hash = hash(&bytes);
    let exported = workspace.engine.store.audit(ENTRIES_SEARCHED_MAX)?;
    let written = exported.into_iter().find(|it| it.action == EXPORTED && it.detail == hash);
    let Some(written) = written else {
        let detail = format!("`{}` is not a file that this workspace wrote", file.display());
        return Err(Failure::new(Code::HashDiffers, detail));
    };
    Ok(VerifyView {
        file: Some(file.display().to_string()),
        hash: Some(hash),
        written_as: Some(written.subject),
        written_at: Some(instant(written.at)),
        ..chain
    })
}

/// SHA-256 as lower-case hexadecimal text.
pub(crate) fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
