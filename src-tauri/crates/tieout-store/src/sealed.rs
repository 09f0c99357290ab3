//! Opaque sealed bytes: grants and tokens. The store never opens them.

use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Keeps sealed bytes under a name, in place of what was there. Durable when it returns, so an
    /// old refresh token may be given up only after this.
    pub fn put_sealed(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let tx = self.write()?;
        tx.execute(
            "INSERT INTO sealed (name, bytes) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
            (name, bytes),
        )?;
        Ok(tx.commit()?)
    }

    /// The sealed bytes under a name.
    pub fn sealed(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT bytes FROM sealed WHERE name = ?1";
        Ok(self.db.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    /// Removes sealed bytes. No error when there are none.
    pub fn delete_sealed(&mut self, name: &str) -> Result<(), StoreError> {
        let tx = self.write()?;
        tx.execute("DELETE FROM sealed WHERE name = ?1", [name])?;
        Ok(tx.commit()?)
    }
}
