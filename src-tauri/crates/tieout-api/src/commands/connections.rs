//! Connections: list, allow writing, disconnect.

use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::session::TokenStore;
use tieout_domain::ids::ConnectionId;
use tieout_engine::{Gap, Problem};
use tieout_store::{Completeness, ConnectionRecord, Role};

use crate::codes::Code;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::views::connections::{ConnectionView, ConnectionsView};
use crate::views::instant;
use crate::workspace::Workspace;

/// Runs that are looked through for what became of a sign-in.
const RUNS_LOOKED_THROUGH_MAX: u32 = 20;

/// Every connection that is not disconnected.
pub async fn connections(workspace: &Workspace) -> Result<ConnectionsView, Failure> {
    let mut views = Vec::new();
    for record in workspace.engine.store.connections()? {
        if record.disconnected_at.is_none() {
            views.push(connection_view(workspace, &record).await?);
        }
    }
    Ok(ConnectionsView { connections: views })
}

async fn connection_view(
    workspace: &Workspace,
    record: &ConnectionRecord,
) -> Result<ConnectionView, Failure> {
    let settings = Settings::of(record)?;
    let grant = workspace.grant_of(record)?.load().await.ok().flatten();
    let finding = match &grant {
        Some(grant) => refused_since(workspace, &record.id, grant.obtained_at)?,
        None => None,
    };
    let probed = workspace.engine.company(&record.id)?;
    Ok(ConnectionView {
        name: record.id.to_string(),
        brand: record.brand.clone(),
        role: match record.role {
            Role::Crm => "crm",
            Role::Ledger => "ledger",
        },
        company: probed.as_ref().map(|it| it.name.clone()),
        sandbox: probed.map(|it| it.sandbox),
        id: settings.company(),
        connected_at: instant(record.created_at),
        writing: record.writing,
        signed_in: grant.is_some() && finding.is_none(),
        finding,
    })
}

/// What a run found that met a refused sign-in, unless it was renewed or used since.
fn refused_since(
    workspace: &Workspace,
    connection: &ConnectionId,
    obtained_at: Timestamp,
) -> Result<Option<String>, Failure> {
    let problem = Problem::from(&ConnectorError::SignInNeeded);
    let told = Gap::Connection { connection: connection.clone(), problem }.sentence();
    let start = format!("{connection}: ");
    let words = told.strip_prefix(&start).unwrap_or(&told);
    for row in workspace.engine.store.runs(RUNS_LOOKED_THROUGH_MAX)? {
        let Some(end) = row.end.filter(|end| end.ended_at >= obtained_at) else { continue };
        let Completeness::Incomplete { reasons } = end.completeness else { return Ok(None) };
        let mut sentences = reasons.iter().filter_map(|reason| reason.lines().next());
        if sentences.any(|it| it.starts_with(&start) && it.ends_with(words)) {
            return Ok(Some(words.to_owned()));
        }
    }
    Ok(None)
}

/// Turns writing on or off.
pub async fn set_writing(
    workspace: &mut Workspace,
    name: &str,
    writing: bool,
    actor: &str,
) -> Result<(), Failure> {
    let record = find(workspace, name)?;
    let now = workspace.engine.now();
    let store = &mut workspace.engine.store;
    store.save_connection(&ConnectionRecord { writing, ..record })?;
    let action = if writing { "writing.allowed" } else { "writing.stopped" };
    store.append_audit(now, actor, action, name, "")?;
    workspace.connect_all().await
}

/// Ends the access at the tool and forgets its tokens, whatever the tool answers. Tokens that
/// another connection shares stay for it.
pub async fn disconnect(workspace: &mut Workspace, name: &str, actor: &str) -> Result<(), Failure> {
    let record = find(workspace, name)?;
    let ended = crate::sign_in::end(workspace, &record).await;
    if !workspace.shares_grant(&record)? {
        let cleared = workspace.grant_of(&record)?.clear().await;
        cleared.map_err(|error| Failure::caused(Code::CannotWrite, "the sealed sign-in", error))?;
    }
    let now = workspace.engine.now();
    let store = &mut workspace.engine.store;
    store.save_connection(&ConnectionRecord {
        writing: false,
        disconnected_at: Some(now),
        ..record
    })?;
    let detail = if ended.is_ok() { "revoked at the tool" } else { "the tool did not confirm" };
    store.append_audit(now, actor, "connection.ended", name, detail)?;
    workspace.connect_all().await?;
    ended
}

fn find(workspace: &Workspace, name: &str) -> Result<ConnectionRecord, Failure> {
    let known = workspace.engine.store.connections()?;
    known
        .into_iter()
        .find(|record| record.id.as_str() == name && record.disconnected_at.is_none())
        .ok_or_else(|| Failure::new(Code::NoSuchConnection, format!("`{name}`")))
}
