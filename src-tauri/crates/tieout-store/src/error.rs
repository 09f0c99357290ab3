//! What can go wrong with the store. Classified by SQLite's codes, never by text; no variant shows
//! a value of a record.

use rusqlite::ErrorCode;
use rusqlite::ffi;
use tieout_domain::effect::EffectState;

use crate::workpapers::WorkpaperState;

/// A boxed cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not do what was asked. Nothing of a failed write is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key does not open the file, or the very first page is damaged: the two look the same.
    #[error("the key does not open this workspace file")]
    WrongKey,
    /// A plain SQLite file lies where the encrypted one should be.
    #[error("the workspace file is not encrypted")]
    NotEncrypted,
    /// An encrypted database that this product did not write.
    #[error("the file is not a workspace of this product")]
    NotAWorkspace,
    /// Written by a later version of the product: install that version.
    #[error("the workspace file has version {found}; this version of the product knows {known}")]
    NewerFile { found: u32, known: u32 },
    /// Read-only opening cannot bring an older file up to date: open it for writing once.
    #[error("the workspace file has version {found} and must first be brought to {known}")]
    OlderFile { found: u32, known: u32 },
    /// Nothing was lost: make room and do it again.
    #[error("the disk is full")]
    DiskFull(#[source] BoxError),
    /// Restore a backup.
    #[error("the workspace file is damaged")]
    Corrupt(#[source] BoxError),
    /// It is not there, or this user may not open it.
    #[error("the workspace file cannot be opened")]
    CannotOpen(#[source] BoxError),
    /// Another connection has held the file for longer than we wait.
    #[error("the workspace file is busy")]
    Busy(#[source] BoxError),
    /// A second instance may read only.
    #[error("the workspace is open for reading only")]
    ReadOnly(#[source] BoxError),
    /// Open for reading only, or end the other instance.
    #[error("another instance has this workspace open for writing")]
    WorkspaceInUse,
    /// The file system cannot hold the write-ahead journal: a network folder, usually.
    #[error("the folder does not allow the journal that this product needs")]
    NoJournal,
    /// Built without SQLCipher: nothing is ever written unencrypted instead.
    #[error("this build has no encryption")]
    NoCipher,
    /// Facts, history and audit are never changed or removed.
    #[error("stored history cannot be changed")]
    AppendOnly(#[source] BoxError),
    /// A row names a connection, run or effect that is not there.
    #[error("a row refers to something that is not stored")]
    UnknownReference(#[source] BoxError),
    /// A rule of the schema refuses the row: a defect of the caller.
    #[error("the store refuses a row that breaks its rules")]
    Refused(#[source] BoxError),
    /// A stored value is not what this version writes: something else changed the file.
    #[error("a value in column `{column}` of `{table}` cannot be read")]
    Unreadable { table: &'static str, column: &'static str },
    /// A lock file or a copy beside the store.
    #[error("a file of the workspace could not be {action}")]
    File {
        /// `opened`, `locked`, `written`, …
        action: &'static str,
        #[source]
        source: std::io::Error,
    },
    /// A backup never overwrites another file.
    #[error("there is already a file where the copy should go")]
    TargetExists,
    /// No effect was ever promised under this key.
    #[error("there is no promised effect `{key}`")]
    NoSuchEffect { key: String },
    /// The move is not allowed, or somebody else moved first and the state is now `found`.
    #[error(
        "effect `{key}` cannot go from `{}` to `{}`; it is `{}`",
        from.as_str(), to.as_str(), found.as_str()
    )]
    IllegalMove { key: String, from: EffectState, to: EffectState, found: EffectState },
    /// Only an `intended` effect that nothing can have received may be promised or rewritten.
    #[error("effect `{key}` may have been sent; its content is frozen")]
    ContentFrozen { key: String },
    /// The attempt group never falls, and stays after a lost answer (`finance-domain §6 R4`).
    #[error("the attempt group of effect `{key}` cannot change like this")]
    AttemptGroup { key: String },
    /// The connection was never saved.
    #[error("there is no connection `{connection}`")]
    NoSuchConnection { connection: String },
    /// The run was never started, or has ended.
    #[error("there is no run `{run}` under way")]
    NoSuchRun { run: String },
    /// A mark past the moment its read began would skip what changed meanwhile.
    #[error("the mark lies after the moment the read began")]
    MarkTooLate,
    /// Two currencies in one row of totals.
    #[error("a sum is not in the currency of its row")]
    MixedCurrencies,
    /// No such workpaper was ever saved.
    #[error("there is no workpaper `{id}` version {version}")]
    NoSuchWorkpaper { id: String, version: u32 },
    /// The move is not one of `finance-domain §10` from the state `found`.
    #[error("workpaper `{id}` cannot go to `{}`; it is `{}`", to.as_str(), found.as_str())]
    IllegalWorkpaperMove { id: String, to: WorkpaperState, found: WorkpaperState },
    /// Preparer and reviewer are different identities (`finance-domain §14`).
    #[error("whoever prepared workpaper `{id}` cannot review it")]
    SamePerson { id: String },
    /// The given hash is not that of the given snapshot.
    #[error("the snapshot of workpaper `{id}` does not match its hash")]
    SnapshotHash { id: String },
    /// Anything else that SQLite reports; the cause says what.
    #[error("the database failed")]
    Database(#[source] BoxError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let (class, extended) = match &error {
            rusqlite::Error::SqliteFailure(cause, _) => (cause.code, cause.extended_code),
            _ => return Self::Database(error.into()),
        };
        let cause = Box::new(error);
        match class {
            ErrorCode::DiskFull => Self::DiskFull(cause),
            // Only the file's own growth has a code for a full device. A spent quota is a write
            // that failed, and the journal's index that cannot grow is something else again.
            ErrorCode::SystemIoFailure
                if matches!(extended, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE) =>
            {
                Self::DiskFull(cause)
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(cause),
            ErrorCode::CannotOpen => Self::CannotOpen(cause),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy(cause),
            ErrorCode::ReadOnly => Self::ReadOnly(cause),
            ErrorCode::ConstraintViolation => match extended {
                ffi::SQLITE_CONSTRAINT_TRIGGER => Self::AppendOnly(cause),
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::UnknownReference(cause),
                _ => Self::Refused(cause),
            },
            _ => Self::Database(cause),
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            other => Self::Database(other.into()),
        }
    }
}

impl StoreError {
    /// Gives an input or output error the word for what was attempted.
    pub(crate) fn file(action: &'static str) -> impl Fn(std::io::Error) -> Self {
        move |source| Self::File { action, source }
    }
}
