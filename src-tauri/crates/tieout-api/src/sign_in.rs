//! Signing in to a system: the browser and a loopback listener, a relay page, or a pasted address.

use std::sync::Arc;

use tieout_connect::cancel::Cancel;
use tieout_connect::oauth::{
    ClosingPage, OAuthClient, OAuthConfig, PendingSignIn, SignedIn, WaitLimits, read_pasted,
};
use tieout_connect::session::{StoredGrant, TokenStore};
use tieout_domain::ids::ConnectionId;
use tieout_quickbooks::{Company, Endpoints};
use tieout_salesforce::Salesforce;
use tieout_store::{ConnectionRecord, Role};

use crate::codes::Code;
use crate::consent;
use crate::failure::Failure;
use crate::settings::{self, QuickBooksSettings, SalesforceSettings};
use crate::workspace::Workspace;

/// Production login of Salesforce.
const SALESFORCE_LOGIN: &str = "https://login.salesforce.com";

/// What to connect and with which app.
#[derive(Clone, Default)]
pub struct ConnectOptions {
    pub name: Option<String>,
    pub base_url: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
    pub relay: Option<String>,
    pub paste: bool,
}

/// A finished sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    pub name: String,
    /// The ledger id or the org id.
    pub id: String,
}

/// How the person gets to the consent page and back.
pub trait Browser: Send {
    /// Shows the address. Must not block.
    fn open(&mut self, address: &str);
    /// The address that the browser ended on, for a pasted sign-in.
    fn pasted(&mut self) -> Result<String, Failure>;
}

/// Connects a Salesforce organisation.
pub async fn salesforce(
    workspace: &mut Workspace,
    options: &ConnectOptions,
    browser: &mut dyn Browser,
) -> Result<Connected, Failure> {
    let client_id = required(options.client_id.as_deref(), "--client-id")?;
    let login_url = options.base_url.clone().unwrap_or_else(|| SALESFORCE_LOGIN.into());
    let settings = SalesforceSettings { login_url, client_id, org: String::new() };
    let oauth = settings.config()?.oauth().map_err(|error| {
        Failure::caused(Code::UnsafeAddress, format!("`{}`", settings.login_url), error)
    })?;
    let SignedIn { answer, callback, closing } =
        sign_in(workspace, oauth, options.paste, browser).await?;
    let grant = StoredGrant::first(answer, callback, workspace.clock.now());
    let org = Salesforce::org_of(&grant)?.to_string();
    let name = options.name.clone().unwrap_or_else(|| settings::SALESFORCE.into());
    let text = settings::to_text(&SalesforceSettings { org: org.clone(), ..settings.clone() });
    let new = New { name: &name, brand: settings::SALESFORCE, company: &org };
    refuse_twice(workspace, &new, &settings.client_id, &grant).await?;
    keep(workspace, &name, settings::SALESFORCE, Role::Crm, text, &grant).await?;
    shown(closing).await;
    Ok(Connected { name, id: org })
}

/// Connects a QuickBooks Online company.
pub async fn quickbooks(
    workspace: &mut Workspace,
    options: &ConnectOptions,
    browser: &mut dyn Browser,
) -> Result<Connected, Failure> {
    let settings = QuickBooksSettings {
        environment: options.base_url.clone().unwrap_or_else(|| "production".into()),
        client_id: required(options.client_id.as_deref(), "--client-id")?,
        client_secret: required(options.client_secret.as_deref(), "TIEOUT_CLIENT_SECRET")?,
        relay: options.relay.clone(),
        pasted: options.paste,
        realm: String::new(),
        own_numbers: false,
    };
    let app = settings.app()?;
    let endpoints = Endpoints::discover(app.environment(), workspace.transport.as_ref()).await;
    let SignedIn { answer, callback, closing } =
        sign_in(workspace, app.oauth(&endpoints), options.paste, browser).await?;
    let grant = StoredGrant::first(answer, callback, workspace.clock.now());
    let company = Company::of_sign_in(app, &grant, None)
        .map_err(|error| Failure::caused(Code::SignInRefused, error.to_string(), error))?;
    let name = options.name.clone().unwrap_or_else(|| settings::QUICKBOOKS.into());
    let id = company.ledger().to_string();
    let new = New { name: &name, brand: settings::QUICKBOOKS, company: &id };
    refuse_twice(workspace, &new, &settings.client_id, &grant).await?;
    let text = settings::to_text(&QuickBooksSettings { realm: company.realm().into(), ..settings });
    keep(workspace, &name, settings::QUICKBOOKS, Role::Ledger, text, &grant).await?;
    shown(closing).await;
    Ok(Connected { name, id })
}

async fn sign_in(
    workspace: &Workspace,
    oauth: OAuthConfig,
    paste: bool,
    browser: &mut dyn Browser,
) -> Result<SignedIn, Failure> {
    let client =
        OAuthClient::new(oauth, workspace.transport.clone(), Arc::clone(&workspace.entropy));
    if workspace.sandbox.is_some() {
        let pending = client.begin(Some(first_port(&client)))?;
        let callback = consent::allow(workspace.transport.as_ref(), &pending).await?;
        return Ok(client.redeem(&pending, callback).await?);
    }
    if paste {
        let pending: PendingSignIn = client.begin(None)?;
        browser.open(&pending.authorize_url);
        let callback = read_pasted(&browser.pasted()?, pending.state())?;
        return Ok(client.redeem(&pending, callback).await?);
    }
    let limits = WaitLimits::default();
    let cancel = Cancel::new();
    Ok(client.sign_in(|address| browser.open(address), limits, &cancel).await?)
}

/// The program may end now, and with it the page that the browser is about to ask for.
async fn shown(closing: Option<ClosingPage>) {
    if let Some(page) = closing {
        page.shown().await;
    }
}

/// The port that a redirect inside this process would come back to; nothing listens there.
fn first_port(client: &OAuthClient) -> u16 {
    match &client.config().redirect {
        tieout_connect::oauth::Redirect::Loopback { ports, .. }
        | tieout_connect::oauth::Redirect::Relay { ports, .. } => {
            ports.first().copied().unwrap_or_default()
        }
        tieout_connect::oauth::Redirect::Pasted { .. } => 0,
    }
}

/// What somebody has just signed in to, under which name.
struct New<'a> {
    name: &'a str,
    brand: &'a str,
    company: &'a str,
}

/// One company under two names would be counted twice, and two companies under one name would be
/// mixed: both are refused before anything is saved. A tool may end the earlier sign-in of an app
/// when the same company signs in again (`quickbooks §1.4`), so the fresh one takes its place.
async fn refuse_twice(
    workspace: &Workspace,
    new: &New<'_>,
    app: &str,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    for record in workspace.engine.store.connections()? {
        let named = record.id.as_str() == new.name;
        let company = settings::company_of(&record)?;
        let same = record.brand == new.brand && company == new.company;
        if named == same {
            continue;
        }
        if named {
            let detail = format!("`{}` is the connection of `{company}`", new.name);
            let hint = format!(
                "Connect `{}` under another name with `--name`; a second Salesforce organisation \
                 needs a workspace of its own (`--workspace DIR`).",
                new.company
            );
            return Err(Failure::new(Code::SignInRefused, detail).with_hint(hint));
        }
        if record.disconnected_at.is_none() && settings::app_of(&record)? == app {
            save_grant(workspace, &record.id, grant).await?;
        }
        let detail = format!("`{company}` is connected already as `{}`", record.id);
        let hint = format!("Sign in to it again with `--name {}`.", record.id);
        return Err(Failure::new(Code::SignInRefused, detail).with_hint(hint));
    }
    Ok(())
}

async fn save_grant(
    workspace: &Workspace,
    id: &ConnectionId,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    let saved = workspace.grant_file(id).save(grant).await;
    saved.map_err(|error| Failure::caused(Code::CannotWrite, "the sealed sign-in", error))
}

/// Stores the grant first: a connection without tokens is worse than tokens without a connection.
async fn keep(
    workspace: &mut Workspace,
    name: &str,
    brand: &str,
    role: Role,
    settings: String,
    grant: &StoredGrant,
) -> Result<(), Failure> {
    let id = ConnectionId::new(name)
        .map_err(|error| Failure::caused(Code::Usage, "the name of the connection", error))?;
    save_grant(workspace, &id, grant).await?;
    let now = workspace.clock.now();
    let known = workspace.engine.store.connections()?;
    let before = known.into_iter().find(|record| record.id == id);
    let store = &mut workspace.engine.store;
    store.save_connection(&ConnectionRecord {
        id: id.clone(),
        brand: brand.into(),
        role,
        name: name.into(),
        settings,
        created_at: before.as_ref().map_or(now, |record| record.created_at),
        writing: before.as_ref().is_some_and(|record| record.writing),
        disconnected_at: None,
    })?;
    store.append_audit(now, "tieout", "connection.made", name, brand)?;
    tracing::info!(connection = name, brand, "connected");
    workspace.connect_all().await
}

/// Ends a grant at the tool.
pub(crate) async fn revoke(
    workspace: &Workspace,
    record: &ConnectionRecord,
) -> Result<(), Failure> {
    let Ok(Some(grant)) = workspace.grant_file(&record.id).load().await else { return Ok(()) };
    let oauth = match record.brand.as_str() {
        settings::SALESFORCE => {
            let settings: SalesforceSettings = settings::from_text(&record.settings)?;
            settings
                .config()?
                .oauth()
                .map_err(|error| Failure::caused(Code::UnsafeAddress, "Salesforce", error))?
        }
        _ => {
            let settings: QuickBooksSettings = settings::from_text(&record.settings)?;
            let app = settings.app()?;
            app.oauth(&Endpoints::known(app.environment()))
        }
    };
    let client =
        OAuthClient::new(oauth, workspace.transport.clone(), Arc::clone(&workspace.entropy));
    let token = grant.refresh.as_ref().unwrap_or(&grant.access);
    Ok(client.revoke(token).await?)
}

fn required(value: Option<&str>, name: &str) -> Result<String, Failure> {
    value
        .filter(|value| !value.trim().is_empty())
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(Code::Usage, format!("`{name}` is missing")))
}
