//! Signing in to a system: the browser and a loopback listener, a relay page, or a pasted address.

mod ending;
mod keeping;
mod organisations;

use std::sync::Arc;

use tieout_connect::cancel::Cancel;
use tieout_connect::clock::Entropy;
use tieout_connect::oauth::{
    ClosingPage, OAuthClient, OAuthConfig, PendingSignIn, SignedIn, WaitLimits, read_pasted,
};
use tieout_connect::session::StoredGrant;
use tieout_connect::transport::Transport;
use tieout_quickbooks::{Company, Endpoints};
use tieout_salesforce::Salesforce;
use tieout_store::Role;

use self::keeping::Fresh;
use crate::codes::Code;
use crate::consent;
use crate::failure::Failure;
use crate::settings::{self, QuickBooksSettings, SalesforceSettings, XeroSettings};
use crate::workspace::Workspace;

pub(crate) use ending::end;
pub use organisations::Organisation;
pub(crate) use organisations::Undecided;

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
    pub xero: XeroOptions,
}

/// What only Xero asks. What is not said stays as it is, or as Xero has it.
#[derive(Clone, Debug, Default)]
pub struct XeroOptions {
    /// Id or name of the organisation, where a sign-in reaches several.
    pub organisation: Option<String>,
    /// `granular`, `broad`, or the scopes themselves.
    pub scopes: Option<String>,
    pub calls_per_day: Option<u32>,
    /// Documents carry our key as their number.
    pub own_numbers: Option<bool>,
    /// Documents begin as approved.
    pub approved: Option<bool>,
    /// IANA name.
    pub time_zone: Option<String>,
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
    /// The id of the organisation that a person wants, of those that the sign-in reaches.
    fn organisation(&mut self, reached: &[Organisation]) -> Result<String, Failure> {
        Err(organisations::several(reached))
    }
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

/// Connects an organisation of Xero.
pub async fn xero(
    workspace: &mut Workspace,
    options: &ConnectOptions,
    browser: &mut dyn Browser,
) -> Result<Connected, Failure> {
    connect(workspace, Wanted::xero(options)?, options.paste, browser).await
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
    let kept = wanted.keep(workspace, signed_in).await?;
    shown(closing).await;
    match kept {
        Kept::Connected(connected) => Ok(connected),
        Kept::Undecided(undecided) => {
            let wanted = browser.organisation(&undecided.organisations())?;
            undecided.decided(workspace, &wanted).await
        }
    }
}

/// What keeping a sign-in came to.
pub(crate) enum Kept {
    Connected(Connected),
    /// It reaches several organisations, and a person has to say which.
    Undecided(Box<Undecided>),
}

/// What is to be connected, and with which app.
pub(crate) struct Wanted {
    name: Option<String>,
    system: System,
}

enum System {
    Salesforce(SalesforceSettings),
    QuickBooks(Box<QuickBooksSettings>),
    Xero(Box<XeroSettings>, XeroOptions),
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

    pub(crate) fn xero(options: &ConnectOptions) -> Result<Self, Failure> {
        let client_id = required(options.client_id.as_deref(), "--client-id")?;
        let settings = XeroSettings::new(options.base_url.clone(), client_id);
        let settings = organisations::with_options(settings, &options.xero)?;
        settings.app()?;
        let system = System::Xero(Box::new(settings), options.xero.clone());
        Ok(Self { name: options.name.clone(), system })
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
            System::Xero(settings, _) => settings.app()?.oauth(),
        };
        Ok(OAuthClient::new(oauth, transport, entropy))
    }

    /// Keeps what was signed in to, and connects it.
    pub(crate) async fn keep(
        self,
        workspace: &mut Workspace,
        signed_in: SignedIn,
    ) -> Result<Kept, Failure> {
        let SignedIn { answer, callback, .. } = signed_in;
        let grant = StoredGrant::first(answer, callback, workspace.clock.now());
        let fresh = match self.system {
            System::Salesforce(settings) => {
                let org = Salesforce::org_of(&grant)?.to_string();
                let text = settings::to_text(&SalesforceSettings { org, ..settings });
                Fresh::new(self.name, settings::SALESFORCE, Role::Crm, text, grant)?
            }
            System::QuickBooks(settings) => {
                let company =
                    Company::of_sign_in(settings.app()?, &grant, None).map_err(|error| {
                        Failure::caused(Code::SignInRefused, error.to_string(), error)
                    })?;
                let settings = QuickBooksSettings { realm: company.realm().into(), ..*settings };
                let text = settings::to_text(&settings);
                Fresh::new(self.name, settings::QUICKBOOKS, Role::Ledger, text, grant)?
            }
            System::Xero(settings, options) => {
                let undecided =
                    Undecided::reached(workspace, self.name, *settings, options, grant).await?;
                return match undecided.decision(workspace)? {
                    Some(tenant) => {
                        undecided.decided(workspace, &tenant).await.map(Kept::Connected)
                    }
                    None => Ok(Kept::Undecided(Box::new(undecided))),
                };
            }
        };
        fresh.keep(workspace).await.map(Kept::Connected)
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

fn required(value: Option<&str>, name: &str) -> Result<String, Failure> {
    value
        .filter(|value| !value.trim().is_empty())
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(Code::Usage, format!("`{name}` is missing")))
}
