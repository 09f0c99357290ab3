//! Whether a file on disk is one that was exported here, unchanged.

use std::path::Path;

use serde::Serialize;
use ts_rs::TS;

use super::moments::Moments;
use crate::app::shapes::{FactLine, Nothing, Status, Tone};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::commands::{VerifyView, verify_file as check};
use crate::export::words::counted;
use crate::failure::Failure;

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VerifyReply {
    Checked {
        status: Status,
        sentence: String,
        facts: Vec<FactLine>,
        /// SHA-256 of a file that was exported here; empty for any other.
        hash: String,
    },
    /// The person closed the dialog.
    Closed,
}

/// Asks for a file and checks it, as `tieout verify FILE` does. The page never names a file.
pub async fn verify_file(writer: &mut Writer, _: Nothing) -> Result<VerifyReply, Failure> {
    let home = writer.home.clone();
    let workspace = writer.workspace()?;
    let Some(file) = home.desktop.choose_existing("Choose the file to verify") else {
        return Ok(VerifyReply::Closed);
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match check(workspace, Path::new(&file)) {
        Ok(found) => Ok(same(&name, &found, &Moments::of(workspace)?)),
        Err(failure) if failure.code == Code::HashDiffers => Ok(other(&name)),
        Err(failure) => Err(failure),
    }
}

fn same(name: &str, found: &VerifyView, moments: &Moments) -> VerifyReply {
    let at = found.written_at.as_ref().and_then(|at| at.parse().ok());
    let at = at.map(|at| moments.exact(at)).unwrap_or_default();
    let entries = counted(found.audit_entries, "entry", "entries");
    VerifyReply::Checked {
        status: Status::new("tick", "Unchanged", Tone::Ok),
        sentence: format!("{name} is what was exported here, byte for byte."),
        facts: vec![
            FactLine::new("Exported", at),
            FactLine::new("As", found.written_as.clone().unwrap_or_default()),
            FactLine::new("Audit trail", format!("{entries}, unbroken")),
        ],
        hash: found.hash.clone().unwrap_or_default(),
    }
}

/// Changed by one byte, or never written here: the hash alone cannot tell which.
fn other(name: &str) -> VerifyReply {
    VerifyReply::Checked {
        status: Status::new("square_bar", "Not as exported", Tone::Bad),
        sentence: format!(
            "{name} is no file that this workspace wrote, or it was changed since. Export it \
             again, and keep this one for comparison."
        ),
        facts: Vec::new(),
        hash: String::new(),
    }
}
