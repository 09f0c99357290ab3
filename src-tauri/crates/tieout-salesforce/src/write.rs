//! The write-back (`salesforce §9, §14.1`): updates by id and upserts by our own keys, both of
//! which may be repeated. Nothing is ever retried here.

mod batch;
mod fields;
mod mirror;
mod row;
mod task;

use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, CrmWrite, WriteTarget};
use tieout_connect::session::Session;
use tieout_domain::salesforce_id::salesforce_id_18;

#[cfg(test)]
pub(crate) use self::fields::Kind;
pub(crate) use self::fields::{ACCOUNT_FIELDS, DEAL_FIELDS};
pub(crate) use self::mirror::mirrored;

use self::batch::{Batch, send};
use self::row::{Identity, Row};
use crate::describe::{LEDGER_ACCOUNT, SYNC_ERROR};
use crate::schema::Schema;

/// Field of Task that carries the key of (invoice, stage).
pub(crate) const TASK_TOKEN: &str = "Tieout_Client_Token__c";
/// Field of the ledger account rows that carries their key.
const LEDGER_ACCOUNT_KEY: &str = "Key__c";
const SYNC_ERROR_KEY: &str = "Dedupe_Key__c";

/// Writes every record and says for each what became of it, in the order of `writes`.
///
/// Deals and Accounts go first, then ledger accounts, tasks and failure records; the order among
/// records of one kind stays. The outer error means that nothing was sent.
pub(crate) async fn write(
    session: &Session,
    schema: &Schema,
    writes: &[CrmWrite],
) -> Answer<Vec<Answer<()>>> {
    let mut outcomes: Vec<Answer<()>> = writes.iter().map(|_| Ok(())).collect();
    let (mut updates, mut ledger_accounts, mut tasks, mut failures) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (position, write) in writes.iter().enumerate().filter(|(_, write)| !write.fields.is_empty())
    {
        match row_of(position, write, schema) {
            Err(error) => outcomes[position] = Err(error),
            Ok(row) => match &write.target {
                WriteTarget::Deal(_) | WriteTarget::Account(_) => updates.push(row),
                WriteTarget::LedgerAccount { .. } => ledger_accounts.push(row),
                WriteTarget::Task { .. } => tasks.push(row),
                WriteTarget::Failure { .. } => failures.push(row),
            },
        }
    }
    // Mixed types are sent in few runs of one type each (`salesforce §9.3`).
    updates.sort_by_key(|row| row.object);
    send(session, &Batch::update(), updates, &mut outcomes).await;
    let upserted = Batch::upsert(LEDGER_ACCOUNT, LEDGER_ACCOUNT_KEY);
    send(session, &upserted, ledger_accounts, &mut outcomes).await;
    task::send_tasks(session, schema, tasks, &mut outcomes).await;
    send(session, &Batch::upsert(SYNC_ERROR, SYNC_ERROR_KEY), failures, &mut outcomes).await;
    Ok(outcomes)
}

/// Object and identity of a write; refused here where the field is not there, because one unknown
/// field would fail the records beside it.
fn row_of<'a>(position: usize, write: &'a CrmWrite, schema: &Schema) -> Answer<Row<'a>> {
    let by_id =
        |id: &str| salesforce_id_18(id).map(Identity::Id).map_err(|_| ConnectorError::NotFound);
    let by_key = |field, value: &str| Identity::Key { field, value: value.to_owned() };
    let (object, identity) = match &write.target {
        WriteTarget::Deal(id) => ("Opportunity", by_id(id.as_str())?),
        WriteTarget::Account(id) => ("Account", by_id(id.as_str())?),
        WriteTarget::LedgerAccount { key } => (LEDGER_ACCOUNT, by_key(LEDGER_ACCOUNT_KEY, key)),
        WriteTarget::Failure { fingerprint } => (SYNC_ERROR, by_key(SYNC_ERROR_KEY, fingerprint)),
        WriteTarget::Task { token } => ("Task", by_key(TASK_TOKEN, token)),
    };
    require_fields(schema, object, &identity, write)?;
    Ok(Row { position, object, identity, fields: &write.fields })
}

fn require_fields(
    schema: &Schema,
    object: &str,
    identity: &Identity,
    write: &CrmWrite,
) -> Answer<()> {
    let refused = |what: String| Err(ConnectorError::NotPermitted { what });
    if schema.object(object).is_none() {
        return refused(format!("{object} is missing or not visible to this user"));
    }
    let key = match identity {
        Identity::Id(_) => None,
        Identity::Key { field, .. } => Some(*field),
    };
    let names = write.fields.iter().map(|(name, _)| name.as_str());
    for name in names.chain(key) {
        match schema.field(object, name) {
            None => {
                return refused(format!("{object}.{name} is missing or not visible to this user"));
            }
            Some(field) if !field.updateable && !field.createable => {
                return refused(format!("{object}.{name} may not be changed by this user"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
