//! The connections of the workspace.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params_from_iter};
use tieout_domain::ids::ConnectionId;

use crate::cell::{Cells, Reading, list, places};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::words;

words! {
    /// What a connected system is to us.
    Role {
        /// The system of record for revenue.
        Crm = "crm",
        /// The system of record for cash.
        Ledger = "ledger",
    }
}

/// One CRM organisation or one ledger company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRecord {
    pub id: ConnectionId,
    /// `salesforce`, `quickbooks`, …: chooses the connector and nothing else.
    pub brand: String,
    pub role: Role,
    /// Name of the organisation or company, for people.
    pub name: String,
    /// JSON text. Never holds a secret.
    pub settings: String,
    pub created_at: Timestamp,
    /// Whether we may write into this system. False when disconnected.
    pub writing: bool,
    /// Facts of a disconnected system stay.
    pub disconnected_at: Option<Timestamp>,
}

const TABLE: &str = "connection";
const COLUMNS: &[&str] =
    &["id", "brand", "role", "name", "settings", "created_at", "writing", "disconnected_at"];

impl Store {
    /// Adds a connection or changes the one with this id.
    pub fn save_connection(&mut self, connection: &ConnectionRecord) -> Result<(), StoreError> {
        let cells = Cells::new()
            .text(connection.id.as_str())
            .text(&connection.brand)
            .text(connection.role.as_str())
            .text(&connection.name)
            .text(&connection.settings)
            .instant(connection.created_at)
            .flag(connection.writing)
            .opt_instant(connection.disconnected_at);
        let changes: Vec<String> =
            COLUMNS.iter().skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
        let sql = format!(
            "INSERT INTO {TABLE} ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}",
            list(COLUMNS),
            places(COLUMNS.len()),
            changes.join(", "),
        );
        let tx = self.write()?;
        tx.execute(&sql, params_from_iter(cells.into_values()))?;
        Ok(tx.commit()?)
    }

    /// Keeps what the last probe found, as text in the engine's own form.
    pub fn save_capabilities(
        &mut self,
        connection: &ConnectionId,
        capabilities: &str,
        probed_at: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let sql = "UPDATE connection SET capabilities = ?2, probed_at = ?3 WHERE id = ?1";
        let probed = (connection.as_str(), capabilities, probed_at.as_microsecond());
        let changed = tx.prepare_cached(sql)?.execute(probed)?;
        if changed == 0 {
            return Err(StoreError::NoSuchConnection { connection: connection.to_string() });
        }
        Ok(tx.commit()?)
    }

    /// What the last probe found and when. `None`: never probed.
    pub fn capabilities(
        &self,
        connection: &ConnectionId,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let sql = "SELECT capabilities, probed_at FROM connection
                   WHERE id = ?1 AND capabilities IS NOT NULL";
        let cells = self
            .db
            .prepare_cached(sql)?
            .query_row([connection.as_str()], |row| {
                Ok(Reading::of_row(TABLE, &["capabilities", "probed_at"], row, 0))
            })
            .optional()?;
        cells
            .map(|cells| {
                let mut cells = cells?;
                Ok((cells.text()?, cells.instant()?))
            })
            .transpose()
    }

    /// All connections, disconnected ones too, in the order in which they were made.
    pub fn connections(&self) -> Result<Vec<ConnectionRecord>, StoreError> {
        let sql = format!("SELECT {} FROM {TABLE} ORDER BY created_at, id", list(COLUMNS));
        self.db
            .prepare_cached(&sql)?
            .query_and_then([], |row| {
                let mut cells = Reading::of_row(TABLE, COLUMNS, row, 0)?;
                Ok(ConnectionRecord {
                    id: cells.id(ConnectionId::new)?,
                    brand: cells.text()?,
                    role: cells.word(Role::parse)?,
                    name: cells.text()?,
                    settings: cells.text()?,
                    created_at: cells.instant()?,
                    writing: cells.flag()?,
                    disconnected_at: cells.opt_instant()?,
                })
            })?
            .collect()
    }
}
