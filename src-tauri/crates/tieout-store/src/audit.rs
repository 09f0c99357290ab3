//! The audit chain: each entry carries the hash of the one before it (`finance-domain §15`).
//!
//! Changing the file outside the product is detected, not prevented. The chain is not signed:
//! whoever has the workspace key could write it anew, so workpapers carry its head.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::store::Store;

type Hash = [u8; 32];

/// The first line of the hashed text. Another form of the text needs another line.
const FORM: &str = "tieout-audit-1";

/// One entry of the audit trail. Never holds a token, password or bank details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// From 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// Who did it: a person, or `engine`.
    pub actor: String,
    /// `identity_link.linked`, `effect.moved`, …
    pub action: String,
    /// What it was done to.
    pub subject: String,
    pub detail: String,
    /// SHA-256 over the entry and the hash of the entry before it.
    pub hash: [u8; 32],
}

/// What verifying the whole chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Entries that were read.
    pub entries: u64,
    /// The first entry that is changed, missing or out of place. `None`: the chain is whole.
    pub broken_at: Option<u64>,
    /// The hash of the last entry, 32 zero bytes of an empty chain: compare it with the one that an
    /// earlier workpaper carries.
    pub head: [u8; 32],
}

impl Store {
    /// Adds an entry to the chain.
    pub fn append_audit(
        &mut self,
        at: Timestamp,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        append(&tx, at, actor, action, subject, detail)?;
        Ok(tx.commit()?)
    }

    /// Computes every hash anew and compares the end with the head that is kept apart.
    pub fn verify_audit(&self) -> Result<AuditVerdict, StoreError> {
        let mut query = self.db.prepare(
            "SELECT seq, at, actor, action, subject, detail, hash, previous FROM audit
             ORDER BY seq",
        )?;
        let mut rows = query.query([])?;
        let (mut entries, mut previous, mut broken_at) = (0_u64, [0; 32], None);
        while let Some(row) = rows.next()? {
            entries += 1;
            let entry = read(row)?;
            let follows = row.get::<_, Hash>(7)? == previous && entry.seq == entries;
            if !follows || entry.hash != digest(&previous, &entry) {
                broken_at = broken_at.or(Some(entries));
            }
            previous = entry.hash;
        }
        let (counted, head) = self::head(&self.db)?;
        if counted != entries || head != previous {
            broken_at = broken_at.or(Some(counted.min(entries) + 1));
        }
        Ok(AuditVerdict { entries, broken_at, head: previous })
    }

    /// The latest entries, newest first.
    pub fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT seq, at, actor, action, subject, detail, hash FROM audit
             ORDER BY seq DESC LIMIT ?1",
        )?;
        query.query_and_then([limit], read)?.collect()
    }
}

/// Adds an entry inside the caller's transaction.
pub(crate) fn append(
    db: &Connection,
    at: Timestamp,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let (entries, previous) = head(db)?;
    let mut entry = AuditEntry {
        seq: entries + 1,
        at,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        hash: [0; 32],
    };
    entry.hash = digest(&previous, &entry);
    let seq = i64::try_from(entry.seq).unwrap_or(i64::MAX);
    db.prepare_cached(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        seq,
        at.as_microsecond(),
        actor,
        action,
        subject,
        detail,
        previous,
        entry.hash,
    ])?;
    db.prepare_cached("UPDATE audit_head SET entries = ?1, hash = ?2")?
        .execute(params![seq, entry.hash])?;
    Ok(())
}

fn head(db: &Connection) -> Result<(u64, Hash), StoreError> {
    let sql = "SELECT entries, hash FROM audit_head";
    let (entries, hash) = db
        .prepare_cached(sql)?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Hash>(1)?)))?;
    Ok((u64::try_from(entries).unwrap_or(0), hash))
}

/// Each part is preceded by its length, so that no two entries have the same text.
fn digest(previous: &Hash, entry: &AuditEntry) -> Hash {
    let mut sha = Sha256::new();
    sha.update(format!("{FORM}\n{}\n{}\n", entry.seq, entry.at.as_microsecond()));
    for part in [&entry.actor, &entry.action, &entry.subject, &entry.detail] {
        sha.update(format!("{}:{part}\n", part.len()));
    }
    sha.update(previous);
    sha.finalize().into()
}

fn read(row: &Row<'_>) -> Result<AuditEntry, StoreError> {
    let unreadable = |column| StoreError::Unreadable { table: "audit", column };
    Ok(AuditEntry {
        seq: u64::try_from(row.get::<_, i64>(0)?).map_err(|_| unreadable("seq"))?,
        at: Timestamp::from_microsecond(row.get(1)?).map_err(|_| unreadable("at"))?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
        hash: row.get(6)?,
    })
}
