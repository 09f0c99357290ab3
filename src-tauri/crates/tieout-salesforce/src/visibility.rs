//! Whether this user sees every record: a row that is not shared looks exactly like one that does
//! not exist (`salesforce §6`).

use serde_json::value::RawValue;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;

use crate::query::all_records;
use crate::soql::{Rows, text, texts};

/// What could be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// "View All" on every object.
    All,
    /// Objects of which only shared records are seen.
    Shared(Vec<&'static str>),
    /// This user may not look at permissions.
    Unknown,
}

/// Objects whose every record counts. Lines follow their Opportunity.
const OBJECTS: [&str; 3] = ["Account", "Opportunity", "Product2"];
/// Permission sets of one user, and their entries, that are looked at.
const ENTRIES_MAX: usize = 2_000;

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Assignment {
    permission_set_id: String,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    sobject_type: String,
    permissions_view_all_records: bool,
}

/// Asks which of the user's permission sets, the profile's own among them, grant "View All".
pub(crate) async fn visibility_of(session: &Session, user: &str) -> Answer<Visibility> {
    match view_all_of(session, user).await {
        Ok(Some(granted)) => {
            let shared: Vec<_> =
                OBJECTS.into_iter().filter(|object| !granted.contains(*object)).collect();
            Ok(if shared.is_empty() { Visibility::All } else { Visibility::Shared(shared) })
        }
        Ok(None) => Ok(Visibility::Unknown),
        Err(error) if error.is_refusal() => Ok(Visibility::Unknown),
        Err(error) => Err(error),
    }
}

async fn view_all_of(
    session: &Session,
    user: &str,
) -> Answer<Option<std::collections::BTreeSet<String>>> {
    let assigned = format!(
        "SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = {}",
        text(user)
    );
    let assigned = all_records(session, Rows::Existing, &assigned, ENTRIES_MAX).await?;
    let Some(sets) = assigned.and_then(|records| read_all::<Assignment>(&records)) else {
        return Ok(None);
    };
    if sets.is_empty() {
        return Ok(None);
    }
    let entries = format!(
        "SELECT SobjectType, PermissionsViewAllRecords FROM ObjectPermissions WHERE ParentId IN {} \
         AND SobjectType IN {}",
        texts(sets.iter().map(|set| set.permission_set_id.as_str())),
        texts(OBJECTS)
    );
    let entries = all_records(session, Rows::Existing, &entries, ENTRIES_MAX).await?;
    let entries = entries.and_then(|records| read_all::<Entry>(&records));
    Ok(entries.map(|entries| {
        let granted = entries.into_iter().filter(|entry| entry.permissions_view_all_records);
        granted.map(|entry| entry.sobject_type).collect()
    }))
}

fn read_all<T: serde::de::DeserializeOwned>(records: &[Box<RawValue>]) -> Option<Vec<T>> {
    records.iter().map(|raw| serde_json::from_str(raw.get()).ok()).collect()
}
