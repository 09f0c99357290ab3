//! Overdue tasks, once per token. Where Salesforce can hold the token unique, by upsert; elsewhere
//! (`salesforce §14.1`, Task) by looking first for what is already there.

use std::collections::BTreeMap;

use serde::Deserialize;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;

use super::TASK_TOKEN;
use super::batch::{Batch, portions_of, same_class, send};
use super::row::{Identity, Row};
use crate::errors::nothing_sent;
use crate::query::all_records;
use crate::schema::Schema;
use crate::soql::{Rows, texts};

/// Tokens asked for in one statement; 40 characters each keep its address well below the limit.
const TOKENS_MAX: usize = 100;
/// Tasks that may carry the tokens of one statement before something is wrong.
const FOUND_MAX: usize = 2_000;

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "Id")]
    id: String,
    #[serde(rename = "Tieout_Client_Token__c")]
    token: Option<String>,
    #[serde(rename = "IsDeleted", default)]
    deleted: bool,
}

pub(super) async fn send_tasks(
    session: &Session,
    schema: &Schema,
    rows: Vec<Row<'_>>,
    outcomes: &mut [Answer<()>],
) {
    if schema.field("Task", TASK_TOKEN).is_some_and(|field| field.external_id) {
        return send(session, &Batch::upsert("Task", TASK_TOKEN), rows, outcomes).await;
    }
    // No token twice in one portion: the second task of a pair must find the first.
    for portion in portions_of(rows, TOKENS_MAX) {
        match tasks_of(session, &portion).await {
            Err(error) => {
                let error = nothing_sent(error);
                for row in &portion {
                    outcomes[row.position] = Err(same_class(&error));
                }
            }
            Ok(known) => {
                let (updates, creates) = parted(portion, &known);
                send(session, &Batch::update(), updates, outcomes).await;
                send(session, &Batch::create(), creates, outcomes).await;
            }
        }
    }
}

/// Ids of the tasks that carry these tokens. A deleted task counts: a person's decision is not
/// undone. Archived ones too, hence all rows.
async fn tasks_of(session: &Session, rows: &[Row<'_>]) -> Answer<BTreeMap<String, String>> {
    let tokens = texts(rows.iter().filter_map(token_of));
    let statement =
        format!("SELECT Id, {TASK_TOKEN}, IsDeleted FROM Task WHERE {TASK_TOKEN} IN {tokens}");
    let malformed = || ConnectorError::Malformed { path: "tasks".to_owned() };
    let found = all_records(session, Rows::All, &statement, FOUND_MAX).await?;
    let mut known: BTreeMap<String, Found> = BTreeMap::new();
    for raw in found.ok_or_else(malformed)? {
        let task: Found = serde_json::from_str(raw.get()).map_err(|_| malformed())?;
        let Some(token) = task.token.clone() else { continue };
        let better = known.get(&token).is_none_or(|before| before.deleted && !task.deleted);
        if better {
            known.insert(token, task);
        }
    }
    Ok(known.into_iter().map(|(token, task)| (token, task.id)).collect())
}

fn parted<'a>(
    rows: Vec<Row<'a>>,
    known: &BTreeMap<String, String>,
) -> (Vec<Row<'a>>, Vec<Row<'a>>) {
    let (mut updates, mut creates) = (Vec::new(), Vec::new());
    for row in rows {
        match token_of(&row).and_then(|token| known.get(token)).cloned() {
            Some(id) => updates.push(Row { identity: Identity::Id(id), ..row }),
            None => creates.push(row),
        }
    }
    (updates, creates)
}

fn token_of<'a>(row: &'a Row<'_>) -> Option<&'a str> {
    match &row.identity {
        Identity::Key { value, .. } => Some(value),
        Identity::Id(_) => None,
    }
}
