//! Which organisation of Xero a sign-in is for. One sign-in reaches every organisation that the
//! person ever connected with the app, and all of them share it (`xero §2.5`, `§2.9`).

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tieout_connect::session::{StoreError, StoreLock, StoredGrant, TokenStore};
use tieout_store::Role;
use tieout_xero::{Company, Tenant, chosen, grant_key, tenants};

use super::keeping::{Fresh, connection_id, save_grant};
use super::{Connected, XeroOptions};
use crate::codes::Code;
use crate::failure::Failure;
use crate::settings::{self, Settings, XeroSettings};
use crate::workspace::Workspace;

/// An organisation that a sign-in reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub id: String,
    /// Its id where Xero tells no name.
    pub name: String,
}

impl From<&Tenant> for Organisation {
    fn from(tenant: &Tenant) -> Self {
        let name = tenant.name.clone().unwrap_or_else(|| tenant.tenant.clone());
        Self { id: tenant.tenant.clone(), name }
    }
}

/// A sign-in of which is not known yet what it is for. It is kept nowhere.
pub(crate) struct Undecided {
    name: Option<String>,
    settings: XeroSettings,
    options: XeroOptions,
    grant: StoredGrant,
    tenants: Vec<Tenant>,
}

impl Undecided {
    /// Asks what a fresh sign-in reaches. Where connections share it already, they have the fresh
    /// one from here.
    pub(super) async fn reached(
        workspace: &Workspace,
        name: Option<String>,
        settings: XeroSettings,
        options: XeroOptions,
        grant: StoredGrant,
    ) -> Result<Self, Failure> {
        let app = settings.app()?;
        let kept_as = grant_key(&app, &grant);
        let held = Arc::new(InMemory(Mutex::new(Some(grant))));
        let listed = tenants(&app, workspace.xero_wiring(held.clone())).await?;
        let grant = held.taken().expect("a renewal replaces it and nobody clears it");
        if in_use(workspace, &kept_as)? {
            save_grant(workspace, &kept_as, &grant).await?;
        }
        let settings = XeroSettings { grant: kept_as, ..settings };
        match listed.is_empty() {
            false => Ok(Self { name, settings, options, grant, tenants: listed }),
            true => {
                let detail = "no organisation of Xero is connected with this sign-in";
                Err(Failure::new(Code::PermissionMissing, detail)
                    .with_hint("Sign in again and choose an organisation before you allow it."))
            }
        }
    }

    /// What a person can choose from, the newest first.
    pub(crate) fn organisations(&self) -> Vec<Organisation> {
        self.tenants.iter().map(Organisation::from).collect()
    }

    /// The one that was named or is plain: chosen in the browser just now, the only one, or the one
    /// that the connection has had. `None`: a person has to say.
    pub(super) fn decision(&self, workspace: &Workspace) -> Result<Option<String>, Failure> {
        if let Some(wanted) = &self.options.organisation {
            return self.named(wanted).map(|tenant| Some(tenant.tenant.clone()));
        }
        let app = self.settings.app()?;
        let plain = chosen(app.clone(), &self.tenants, None).map_err(refused)?;
        let before = || -> Result<Option<Company>, Failure> {
            let Some(before) = before(workspace, self.name.as_deref())? else { return Ok(None) };
            let ledger = before.company()?.ledger().clone();
            Ok(chosen(app, &self.tenants, Some(&ledger)).ok().flatten())
        };
        let decided = match plain {
            Some(company) => Some(company),
            None => before()?,
        };
        Ok(decided.map(|company| company.tenant().to_owned()))
    }

    /// Connects the organisation of this id or name.
    pub(crate) async fn decided(
        self,
        workspace: &mut Workspace,
        wanted: &str,
    ) -> Result<Connected, Failure> {
        let tenant = self.named(wanted)?.tenant.clone();
        let app = self.settings.app()?;
        let company = Company::new(app, &tenant).map_err(refused)?;
        let before = before(workspace, self.name.as_deref())?
            .filter(|before| before.tenant == company.tenant());
        let settings = XeroSettings { tenant: company.tenant().to_owned(), ..self.settings };
        let settings = match before {
            Some(before) => with_options(decisions_of(before, settings), &self.options)?,
            None => settings,
        };
        let text = settings::to_text(&settings);
        Fresh::new(self.name, settings::XERO, Role::Ledger, text, self.grant)?.keep(workspace).await
    }

    fn named(&self, wanted: &str) -> Result<&Tenant, Failure> {
        let wanted = wanted.trim();
        let by_id = |it: &&Tenant| it.tenant.eq_ignore_ascii_case(wanted);
        let by_name = |it: &&Tenant| it.name.as_deref() == Some(wanted);
        let mut named = self.tenants.iter().filter(by_name);
        match (self.tenants.iter().find(by_id), named.next(), named.next()) {
            (Some(tenant), _, _) | (None, Some(tenant), None) => Ok(tenant),
            (None, ..) => Err(several(&self.organisations())),
        }
    }
}

/// What a person says is taken over; what is not said stays.
pub(super) fn with_options(
    settings: XeroSettings,
    options: &XeroOptions,
) -> Result<XeroSettings, Failure> {
    if let Some(zone) = &options.time_zone {
        jiff::tz::TimeZone::get(zone).map_err(|error| {
            Failure::caused(Code::Usage, format!("`{zone}` is no time zone"), error)
        })?;
    }
    Ok(XeroSettings {
        scopes: options.scopes.clone().unwrap_or(settings.scopes),
        calls_per_day: options.calls_per_day.unwrap_or(settings.calls_per_day),
        own_numbers: options.own_numbers.unwrap_or(settings.own_numbers),
        approved: options.approved.unwrap_or(settings.approved),
        time_zone: options.time_zone.clone().or(settings.time_zone),
        ..settings
    })
}

/// The decisions of the connection that is signed in to again, with the app and the sign-in of now.
fn decisions_of(before: XeroSettings, now: XeroSettings) -> XeroSettings {
    XeroSettings {
        environment: now.environment,
        client_id: now.client_id,
        grant: now.grant,
        tenant: now.tenant,
        ..before
    }
}

/// The settings of the connection that has this name.
fn before(workspace: &Workspace, name: Option<&str>) -> Result<Option<XeroSettings>, Failure> {
    let id = connection_id(name.unwrap_or(settings::XERO))?;
    let records = workspace.engine.store.connections()?;
    let Some(record) = records.iter().find(|record| record.id == id) else { return Ok(None) };
    Ok(match Settings::of(record)? {
        Settings::Xero(settings) => Some(*settings),
        Settings::Salesforce(_) | Settings::QuickBooks(_) => None,
    })
}

/// Whether a living connection uses the sign-in of this name.
fn in_use(workspace: &Workspace, kept_as: &str) -> Result<bool, Failure> {
    for record in workspace.engine.store.connections()? {
        let living = record.disconnected_at.is_none();
        if living && Settings::of(&record)?.grant(&record.id) == kept_as {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Several organisations, and nobody said which.
pub(super) fn several(reached: &[Organisation]) -> Failure {
    let names: Vec<String> =
        reached.iter().map(|it| format!("`{}` ({})", it.name, it.id)).collect();
    let detail = format!("the sign-in reaches {}", names.join(", "));
    Failure::new(Code::SignInRefused, detail)
        .with_hint("Sign in again and name one with `--organisation`.")
}

fn refused(error: tieout_xero::ConfigError) -> Failure {
    Failure::caused(Code::SignInRefused, error.to_string(), error)
}

/// A sign-in that is used before it is known what for.
struct InMemory(Mutex<Option<StoredGrant>>);

/// Nobody else knows it.
struct Alone;

impl StoreLock for Alone {}

impl InMemory {
    fn held(&self) -> std::sync::MutexGuard<'_, Option<StoredGrant>> {
        self.0.lock().expect("nobody panics with it")
    }

    fn taken(&self) -> Option<StoredGrant> {
        self.held().take()
    }
}

#[async_trait]
impl TokenStore for InMemory {
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError> {
        Ok(self.held().clone())
    }

    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError> {
        *self.held() = Some(grant.clone());
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.held() = None;
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError> {
        Ok(Box::new(Alone))
    }
}
