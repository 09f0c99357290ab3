//! What a killed program left on the disk, looked at in a copy, before anything else opens it.

use std::path::Path;

use tieout_domain::effect::EffectState;
use tieout_store::{DatabaseKey, EffectFilter, EffectKind, Store};
use tieout_vault::{KeySource, PassphraseVault};

use crate::desk::{Desk, PASSPHRASE};

const STORE: &str = "tieout.db";
const JOURNAL: &str = "tieout.db-wal";
/// Lengths and places of the journal's own format (`sqlite.org/fileformat.html`, 4.1 and 4.2).
const JOURNAL_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// What was on the disk.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Promises whose request may have left and whose answer is not recorded.
    pub sent: usize,
    pub unknown: usize,
    pub intended: usize,
    /// Deals whose invoice stands here as confirmed.
    pub confirmed: Vec<String>,
    /// Runs that began and have no end, of all kills so far.
    pub open_runs: usize,
    /// Frames stand behind the last commit: it died while a transaction was being written.
    pub torn: bool,
    /// The journal holds commits that the file itself does not hold yet.
    pub journal: bool,
}

pub fn database_key(desk: &Desk) -> [u8; 32] {
    let vault = PassphraseVault::new(&desk.workspace(), PASSPHRASE.to_owned().into());
    *vault.load().expect("the desk made it").database_key().as_bytes()
}

/// Opens a copy of the store as the program left it.
pub fn of(desk: &Desk, key: &[u8; 32]) -> Found {
    let copy = desk.path("autopsy");
    let _ = std::fs::remove_dir_all(&copy);
    std::fs::create_dir(&copy).expect("the desk is ours");
    for name in [STORE, JOURNAL] {
        // Without a journal everything is in the file.
        let _ = std::fs::copy(desk.workspace().join(name), copy.join(name));
    }
    let (journal, torn) = frames(&copy.join(JOURNAL));
    let store = Store::open(&copy.join(STORE), &DatabaseKey::new(*key));
    let store = store.expect("a store survives the death of its program");
    let verdict = store.verify_audit().expect("the audit trail can be read");
    assert_eq!(verdict.broken_at, None, "the audit trail is broken");
    let effects = store.effects(&EffectFilter::default()).expect("effects can be read");
    let count = |state| effects.iter().filter(|effect| effect.state == state).count();
    Found {
        sent: count(EffectState::Sent),
        unknown: count(EffectState::Unknown),
        intended: count(EffectState::Intended),
        confirmed: effects
            .iter()
            .filter(|effect| effect.kind == EffectKind::Document)
            .filter(|effect| effect.state == EffectState::Confirmed)
            .filter_map(|effect| effect.deal.as_ref().map(ToString::to_string))
            .collect(),
        open_runs: store.interrupted_runs().expect("runs can be read").len(),
        torn,
        journal,
    }
}

/// Whether the journal holds a commit, and frames behind its last one.
fn frames(journal: &Path) -> (bool, bool) {
    let bytes = std::fs::read(journal).unwrap_or_default();
    let Some((header, mut rest)) = bytes.split_at_checked(JOURNAL_HEADER_BYTES) else {
        return (false, false);
    };
    let number = |at: &[u8]| u32::from_be_bytes(at.try_into().expect("four bytes"));
    let page = usize::try_from(number(&header[8..12])).expect("a page fits in memory");
    let (mut committed, mut behind) = (false, false);
    while let Some((frame, after)) = rest.split_at_checked(FRAME_HEADER_BYTES + page) {
        // Frames of an earlier round of the journal carry another salt.
        if frame[8..16] != header[16..24] {
            return (committed, behind);
        }
        behind = number(&frame[4..8]) == 0;
        committed |= !behind;
        rest = after;
    }
    (committed, behind)
}
