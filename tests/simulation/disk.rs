//! The disk under the store: copies, a full disk, a second instance.

use std::path::Path;

use rusqlite::Connection;
use tieout_store::{DatabaseKey, EffectFilter, Store, StoreError, WorkspaceLock};

use crate::world::World;

const KEY: [u8; 32] = [7; 32];
/// What SQLite puts beside the file.
const BESIDE: [&str; 2] = ["tieout.db-wal", "tieout.db-shm"];
const CHANGES: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

pub fn key() -> DatabaseKey {
    DatabaseKey::new(KEY)
}

/// Another program's connection to the store.
fn beside(store: &Path) -> Connection {
    let db = Connection::open(store).unwrap();
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";")).unwrap();
    db
}

fn tables(db: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut query = db.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Lets every change of every table fail, in the middle of a run, as if no page were left. A file
/// that is open cannot be moved to a full disk, so the store itself refuses.
pub fn fill(store: &Path) {
    let db = beside(store);
    let mut sql = String::from("BEGIN IMMEDIATE;");
    for table in tables(&db) {
        for change in CHANGES {
            sql.push_str(&format!(
                "CREATE TRIGGER full_{table}_{change} BEFORE {change} ON {table}
                 BEGIN SELECT RAISE(ABORT, 'no space left'); END;"
            ));
        }
    }
    db.execute_batch(&(sql + "COMMIT;")).unwrap();
}

/// Makes room again.
fn make_room(store: &Path) {
    let db = beside(store);
    let mut sql = String::from("BEGIN IMMEDIATE;");
    for table in tables(&db) {
        for change in CHANGES {
            sql.push_str(&format!("DROP TRIGGER IF EXISTS full_{table}_{change};"));
        }
    }
    db.execute_batch(&(sql + "COMMIT;")).unwrap();
}

impl World {
    /// The product's own backup, under a name of its own.
    pub fn keep_a_copy(&mut self) {
        let copy = self.copy_path();
        drop(std::fs::remove_file(&copy));
        self.engine().store.backup_to(&copy).unwrap();
    }

    /// Puts the kept copy in the place of the store, as a person restores a backup. Nothing happens
    /// without a copy.
    pub async fn restore_the_copy(&mut self) {
        if !self.copy_path().exists() {
            return;
        }
        self.end();
        for name in BESIDE {
            drop(std::fs::remove_file(self.folder.path().join(name)));
        }
        std::fs::copy(self.copy_path(), self.store_path()).unwrap();
        self.start().await;
    }

    /// The program is started when there is no room left.
    pub async fn start_on_a_full_disk(&mut self) {
        self.end();
        fill(&self.store_path());
        self.full_disk = true;
        self.start().await;
    }

    /// Somebody makes room, and the program is started again.
    pub async fn make_room(&mut self) {
        self.end();
        make_room(&self.store_path());
        self.full_disk = false;
        self.start().await;
    }

    /// The program is started a second time: it may look, and nothing else.
    pub fn start_twice(&mut self) {
        let second = WorkspaceLock::acquire(self.folder.path());
        assert!(matches!(second, Err(StoreError::WorkspaceInUse)), "two instances may write");
        let mut store = Store::open_read_only(&self.store_path(), &key()).unwrap();
        let filter = EffectFilter::default();
        let seen = store.effects(&filter).unwrap();
        assert_eq!(seen, self.engine().store.effects(&filter).unwrap(), "the second one sees less");
        let refused = store.forget_cursors(&self.ledger);
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "the second one wrote");
    }
}
