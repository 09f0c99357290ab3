//! Opening the file: key, checks, migrations.

use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::backup;
use crate::error::StoreError;
use crate::key::DatabaseKey;
use crate::migrations::{self, APPLICATION_ID, Schema};

/// How long a statement waits for another connection to let go of the file.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Distinct statements that stay prepared.
const PREPARED_STATEMENTS_MAX: usize = 128;
/// Page size of SQLCipher; the file is a whole number of pages.
const PAGE_BYTES: u64 = 4_096;
/// How a plain SQLite file begins.
const PLAIN_MAGIC: &[u8] = b"SQLite format 3\0";

/// One connection to the workspace file. It can move to another thread; one at a time uses it.
pub struct Store {
    pub(crate) db: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the file for writing, makes it if it is not there, and brings an older one up to date
    /// after copying it beside itself as `<name>.v<version>.backup`, encrypted with the same key.
    ///
    /// The caller holds the `WorkspaceLock`.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        Self::open_at(path, key, &migrations::current())
    }

    /// Opens the file for reading only, beside the instance that writes. Every writing method
    /// answers `ReadOnly`.
    pub fn open_read_only(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let schema = migrations::current();
        let db = connect(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.execute_batch("PRAGMA query_only = ON;")?;
        let found = version_of(&db, &schema)?;
        if found < schema.version {
            return Err(StoreError::OlderFile { found, known: schema.version });
        }
        Ok(Self { db, path: path.to_owned() })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The version of the file's schema.
    pub fn schema_version(&self) -> Result<u32, StoreError> {
        version_of(&self.db, &migrations::current())
    }

    /// Changes whenever another connection has committed something; means nothing else.
    pub fn commits_seen(&self) -> Result<i64, StoreError> {
        Ok(self.db.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Reads every page and every reference. Each answer is a sentence about one defect; none means
    /// that the file is whole. Takes as long as reading the whole file.
    pub fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        let mut defects = Vec::new();
        for pragma in ["cipher_integrity_check", "integrity_check"] {
            self.db.pragma_query(None, pragma, |row| {
                defects.push(row.get::<_, String>(0)?);
                Ok(())
            })?;
            defects.retain(|line| line != "ok");
            // A page that does not decrypt ends every further question with an error.
            if !defects.is_empty() {
                return Ok(defects);
            }
        }
        self.db.pragma_query(None, "foreign_key_check", |row| {
            defects.push(format!("a row of `{}` has lost its parent", row.get::<_, String>(0)?));
            Ok(())
        })?;
        Ok(defects)
    }

    /// Writes a consistent, encrypted copy to a path where no file is yet. Reading and writing may
    /// go on meanwhile.
    pub fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
        if target.exists() {
            return Err(StoreError::TargetExists);
        }
        backup::copy(&self.db, target)
    }

    /// Every write begins here: the lock is taken at once, so nothing read inside can be outdated.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    pub(crate) fn open_at(
        path: &Path,
        key: &DatabaseKey,
        schema: &Schema,
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut db = connect(path, key, flags)?;
        let found = version_of(&db, schema)?;
        let journal: String =
            db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if journal != "wal" {
            return Err(StoreError::NoJournal);
        }
        db.execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA recursive_triggers = ON;",
        )?;
        if found < schema.version {
            if found > 0 {
                let copy = path.with_extension(format!("v{found}.backup"));
                backup::copy(&db, &copy)?;
                tracing::info!(
                    from = found,
                    to = schema.version,
                    "bringing the workspace up to date"
                );
            }
            db.set_transaction_behavior(TransactionBehavior::Immediate);
            schema.migrations.to_latest(&mut db)?;
        }
        Ok(Self { db, path: path.to_owned() })
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A connection whose key is proven by reading the first page.
fn connect(path: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // The cause is dropped: it would hold the statement, and with it the key.
    db.execute_batch(&key.pragma()).map_err(|_| StoreError::NoCipher)?;
    let mut cipher = None;
    db.pragma_query(None, "cipher_version", |row| {
        cipher = Some(row.get::<_, String>(0)?);
        Ok(())
    })?;
    cipher.ok_or(StoreError::NoCipher)?;
    db.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    db.execute_batch(
        "PRAGMA cipher_log_level = NONE;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    db.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS_MAX);
    // A plan that looks at bound values is made anew for each of them, which costs more than the
    // statement.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    match db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(db),
        Err(error) => Err(classify_first_read(path, error)),
    }
}

/// SQLCipher cannot tell a wrong key from a file that is none; the file's size and first bytes can.
fn classify_first_read(path: &Path, error: rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() != Some(rusqlite::ErrorCode::NotADatabase) {
        return error.into();
    }
    let mut first = [0; PLAIN_MAGIC.len()];
    let head = fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    let length = fs::metadata(path).map_or(0, |file| file.len());
    if head.is_ok() && first == PLAIN_MAGIC {
        StoreError::NotEncrypted
    } else if length < PAGE_BYTES || !length.is_multiple_of(PAGE_BYTES) {
        StoreError::Corrupt(error.into())
    } else {
        StoreError::WrongKey
    }
}

/// 0 for a new file. Refuses a file that is not ours or is newer than `schema`.
fn version_of(db: &Connection, schema: &Schema) -> Result<u32, StoreError> {
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let is_new = found == 0 && tables == 0;
    if !is_new && application != APPLICATION_ID {
        return Err(StoreError::NotAWorkspace);
    }
    if found > schema.version {
        return Err(StoreError::NewerFile { found, known: schema.version });
    }
    Ok(found)
}
