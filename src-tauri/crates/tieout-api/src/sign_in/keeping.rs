//! Keeping a sign-in as a connection.

use tieout_connect::session::{StoredGrant, TokenStore};
use tieout_domain::ids::ConnectionId;
use tieout_store::{ConnectionRecord, Role};

use super::Connected;
use crate::codes::Code;
use crate::failure::Failure;
use crate::settings::Settings;
use crate::workspace::Workspace;

/// What somebody has just signed in to, under which name.
pub(super) struct Fresh {
    id: ConnectionId,
    brand: &'static str,
    role: Role,
    settings: String,
    grant: StoredGrant,
}

impl Fresh {
    /// Without a name the connection is called as its brand.
    pub fn new(
        name: Option<String>,
        brand: &'static str,
        role: Role,
        settings: String,
        grant: StoredGrant,
    ) -> Result<Self, Failure> {
        let id = connection_id(name.as_deref().unwrap_or(brand))?;
        Ok(Self { id, brand, role, settings, grant })
    }

    /// Stores it and connects it.
    pub async fn keep(self, workspace: &mut Workspace) -> Result<Connected, Failure> {
        let now = workspace.clock.now();
        let record = ConnectionRecord {
            id: self.id.clone(),
            brand: self.brand.into(),
            role: self.role,
            name: self.id.to_string(),
            settings: self.settings,
            created_at: now,
            writing: false,
            disconnected_at: None,
        };
        let settings = Settings::of(&record)?;
        refuse_twice(workspace, &record, &settings, &self.grant).await?;
        store(workspace, record, &self.grant).await?;
        Ok(Connected { name: self.id.to_string(), id: settings.company() })
    }
}

pub(super) fn connection_id(name: &str) -> Result<ConnectionId, Failure> {
    ConnectionId::new(name)
        .map_err(|error| Failure::caused(Code::Usage, "the name of the connection", error))
}

/// One company under two names would be counted twice, and two companies under one name would be
/// mixed: both are refused before anything is saved. A tool may end the earlier sign-in of an app
/// when the same company signs in again (`quickbooks §1.4`), so the fresh one takes its place. One
/// that several companies share was taken over before.
async fn refuse_twice(
    workspace: &Workspace,
    new: &ConnectionRecord,
    settings: &Settings,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    let wanted = settings.company();
    for record in workspace.engine.store.connections()? {
        let named = record.id == new.id;
        let known = Settings::of(&record)?;
        let company = known.company();
        let same = record.brand == new.brand && company == wanted;
        if record.role == Role::Crm && new.brand == record.brand && !same {
            return Err(second_organisation(&wanted, &company));
        }
        if named == same {
            continue;
        }
        if named {
            let detail = format!("`{}` is the connection of `{company}`", new.id);
            let hint = format!("Connect `{wanted}` under another name with `--name`.");
            return Err(Failure::new(Code::SignInRefused, detail).with_hint(hint));
        }
        let kept_as = known.grant(&record.id);
        let living = record.disconnected_at.is_none();
        if living && known.app() == settings.app() && kept_as == record.id.as_str() {
            save_grant(workspace, &kept_as, grant).await?;
        }
        let detail = format!("`{company}` is connected already as `{}`", record.id);
        let hint = format!("Sign in to it again with `--name {}`.", record.id);
        return Err(Failure::new(Code::SignInRefused, detail).with_hint(hint));
    }
    Ok(())
}

/// Only one organisation's deals would be read; the other's would be missing without a word.
fn second_organisation(new: &str, first: &str) -> Failure {
    let detail = format!("this workspace keeps the deals of `{first}`, not of `{new}`");
    Failure::new(Code::SignInRefused, detail).with_hint(
        "A second Salesforce organisation needs a workspace of its own (`--workspace DIR`).",
    )
}

/// Replaces the sealed sign-in of this name. Whoever renews it now is waited for.
pub(super) async fn save_grant(
    workspace: &Workspace,
    name: &str,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    let file = workspace.grant_named(name);
    let saved = async {
        let _lock = file.lock().await?;
        file.save(grant).await
    };
    saved.await.map_err(|error| Failure::caused(Code::CannotWrite, "the sealed sign-in", error))
}

/// Stores the grant first: a connection without tokens is worse than tokens without a connection.
async fn store(
    workspace: &mut Workspace,
    record: ConnectionRecord,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    let (name, brand) = (record.name.clone(), record.brand.clone());
    save_grant(workspace, &Settings::of(&record)?.grant(&record.id), grant).await?;
    let now = record.created_at;
    let known = workspace.engine.store.connections()?;
    let before = known.into_iter().find(|known| known.id == record.id);
    let store = &mut workspace.engine.store;
    store.save_connection(&ConnectionRecord {
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        writing: before.as_ref().is_some_and(|before| before.writing),
        ..record
    })?;
    store.append_audit(now, "tieout", "connection.made", &name, &brand)?;
    tracing::info!(connection = name, brand, "connected");
    if let Some(before) = before {
        forget_unused(workspace, &before).await?;
    }
    workspace.connect_all().await
}

/// Another person signed in: nobody uses the earlier one's sign-in any more.
async fn forget_unused(workspace: &Workspace, before: &ConnectionRecord) -> Result<(), Failure> {
    let kept_as = Settings::of(before)?.grant(&before.id);
    for record in workspace.engine.store.connections()? {
        if record.disconnected_at.is_none() && Settings::of(&record)?.grant(&record.id) == kept_as {
            return Ok(());
        }
    }
    let cleared = workspace.grant_named(&kept_as).clear().await;
    cleared.map_err(|error| Failure::caused(Code::CannotWrite, "the sealed sign-in", error))
}
