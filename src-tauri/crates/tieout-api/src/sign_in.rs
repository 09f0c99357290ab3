//! Signing in to a system: the browser and a loopback listener, a relay page, or a pasted address.

use std::sync::Arc;

use tieout_connect::cancel::Cancel;
use tieout_connect::clock::Entropy;
use tieout_connect::oauth::{
    ClosingPage, OAuthClient, OAuthConfig, PendingSignIn, SignedIn, WaitLimits, read_pasted,
};
use tieout_connect::session::{StoredGrant, TokenStore};
use tieout_connect::transport::Transport;
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
    connect(workspace, Wanted::salesforce(options)?, options.paste, browser).await
}

/// Connects a QuickBooks Online company.
pub async fn quickbooks(
    workspace: &mut Workspace,
    options: &ConnectOptions,
    browser: &mut dyn Browser,
) -> Result<Connected, Failure> {
    connect(workspace, Wanted::quickbooks(options)?, options.paste, browser).await
}

async fn connect(
    workspace: &mut Workspace,
    wanted: Wanted,
    paste: bool,
    browser: &mut dyn Browser,
) -> Result<Connected, Failure> {
    let client = wanted.client(workspace.transport.clone(), workspace.entropy.clone()).await?;
    let mut signed_in = sign_in(workspace, &client, paste, browser).await?;
    let closing = signed_in.closing.take();
    let connected = wanted.keep(workspace, signed_in).await?;
    shown(closing).await;
    Ok(connected)
}

/// What is to be connected, and with which app.
pub(crate) struct Wanted {
    name: Option<String>,
    system: System,
}

enum System {
    Salesforce(SalesforceSettings),
    QuickBooks(Box<QuickBooksSettings>),
}

impl Wanted {
    pub(crate) fn salesforce(options: &ConnectOptions) -> Result<Self, Failure> {
        let client_id = required(options.client_id.as_deref(), "--client-id")?;
        let login_url = options.base_url.clone().unwrap_or_else(|| SALESFORCE_LOGIN.into());
        let settings = SalesforceSettings { login_url, client_id, org: String::new() };
        oauth_of(&settings)?;
        Ok(Self { name: options.name.clone(), system: System::Salesforce(settings) })
    }

    pub(crate) fn quickbooks(options: &ConnectOptions) -> Result<Self, Failure> {
        let settings = QuickBooksSettings {
            environment: options.base_url.clone().unwrap_or_else(|| "production".into()),
            client_id: required(options.client_id.as_deref(), "--client-id")?,
            client_secret: required(options.client_secret.as_deref(), "TIEOUT_CLIENT_SECRET")?,
            relay: options.relay.clone(),
            pasted: options.paste,
            realm: String::new(),
            own_numbers: false,
        };
        settings.app()?;
        Ok(Self { name: options.name.clone(), system: System::QuickBooks(Box::new(settings)) })
    }

    /// The sign-in of the app. May ask the tool for its addresses.
    pub(crate) async fn client(
        &self,
        transport: Arc<dyn Transport>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<OAuthClient, Failure> {
        let oauth = match &self.system {
            System::Salesforce(settings) => oauth_of(settings)?,
            System::QuickBooks(settings) => {
                let app = settings.app()?;
                let endpoints = Endpoints::discover(app.environment(), transport.as_ref()).await;
                app.oauth(&endpoints)
            }
        };
        Ok(OAuthClient::new(oauth, transport, entropy))
    }

    /// Keeps what was signed in to, and connects it.
    pub(crate) async fn keep(
        self,
        workspace: &mut Workspace,
        signed_in: SignedIn,
    ) -> Result<Connected, Failure> {
        let SignedIn { answer, callback, .. } = signed_in;
        let grant = StoredGrant::first(answer, callback, workspace.clock.now());
        let (brand, role, app, id, text) = match self.system {
            System::Salesforce(settings) => {
                let org = Salesforce::org_of(&grant)?.to_string();
                let app = settings.client_id.clone();
                let text = settings::to_text(&SalesforceSettings { org: org.clone(), ..settings });
                (settings::SALESFORCE, Role::Crm, app, org, text)
            }
            System::QuickBooks(settings) => {
                let company =
                    Company::of_sign_in(settings.app()?, &grant, None).map_err(|error| {
                        Failure::caused(Code::SignInRefused, error.to_string(), error)
                    })?;
                let app = settings.client_id.clone();
                let settings = QuickBooksSettings { realm: company.realm().into(), ..*settings };
                let id = company.ledger().to_string();
                (settings::QUICKBOOKS, Role::Ledger, app, id, settings::to_text(&settings))
            }
        };
        let name = self.name.unwrap_or_else(|| brand.into());
        refuse_twice(workspace, &New { name: &name, brand, company: &id }, &app, &grant).await?;
        keep(workspace, &name, brand, role, text, &grant).await?;
        Ok(Connected { name, id })
    }
}

fn oauth_of(settings: &SalesforceSettings) -> Result<OAuthConfig, Failure> {
    settings.config(&[])?.oauth().map_err(|error| {
        Failure::caused(Code::UnsafeAddress, format!("`{}`", settings.login_url), error)
    })
}

async fn sign_in(
    workspace: &Workspace,
    client: &OAuthClient,
    paste: bool,
    browser: &mut dyn Browser,
) -> Result<SignedIn, Failure> {
    if workspace.sandbox.is_some() {
        let pending = client.begin(Some(first_port(client)))?;
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
        if record.role == Role::Crm && new.brand == record.brand && !same {
            return Err(second_organisation(new, &company));
        }
        if named == same {
            continue;
        }
        if named {
            let detail = format!("`{}` is the connection of `{company}`", new.name);
            let hint = format!("Connect `{}` under another name with `--name`.", new.company);
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

/// Only one organisation's deals would be read; the other's would be missing without a word.
fn second_organisation(new: &New<'_>, first: &str) -> Failure {
    let detail = format!("this workspace keeps the deals of `{first}`, not of `{}`", new.company);
    Failure::new(Code::SignInRefused, detail).with_hint(
        "A second Salesforce organisation needs a workspace of its own (`--workspace DIR`).",
    )
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
        settings::SALESFORCE => oauth_of(&settings::from_text(&record.settings)?)?,
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
