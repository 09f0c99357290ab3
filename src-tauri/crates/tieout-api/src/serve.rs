//! The sandbox on loopback, for a browser, a script or a real client library.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::Company;
use tieout_sim::serve::{Served, serve as serve_plain, serve_tls};
use tieout_sim::xero::XeroSim;

use crate::codes::Code;
use crate::failure::Failure;
use crate::sandbox::Sandbox;

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Port 0 takes free ports; any other port is the first of four.
    pub listen: SocketAddr,
    /// Also listen with TLS and write the certificate here.
    pub tls_certificate: Option<PathBuf>,
}

/// The Salesforce simulator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SalesforceAddress {
    pub base_url: String,
    pub client_id: String,
    pub username: String,
    /// A session for tools that do not sign in themselves.
    pub access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_base_url: Option<String>,
}

/// The QuickBooks Online simulator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuickBooksAddress {
    pub base_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub realm_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_base_url: Option<String>,
}

/// The Xero simulator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct XeroAddress {
    pub base_url: String,
    pub client_id: String,
    pub tenant_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_base_url: Option<String>,
}

/// What is printed as one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addresses {
    pub salesforce: SalesforceAddress,
    pub quickbooks: QuickBooksAddress,
    pub xero: XeroAddress,
    pub control_url: String,
}

/// How often the sandbox's clock follows the real one.
const TICK_MS: u64 = 250;

/// Simulators that are being served.
pub struct Serving {
    pub addresses: Addresses,
    served: Vec<Served>,
    ticking: tokio::task::JoinHandle<()>,
}

impl Serving {
    /// Lets the requests under way finish, then ends.
    pub async fn stop(self) {
        self.ticking.abort();
        for served in self.served {
            served.stop().await;
        }
    }
}

/// Serves the simulators, seeded with the sample company as it stands in its story.
pub async fn serve(options: &ServeOptions) -> Result<Serving, Failure> {
    let company = Company::alder_quay();
    let now: Result<DateTime, _> = company.now.parse();
    let now = now
        .and_then(|local| local.to_zoned(TimeZone::get(&company.zone)?))
        .map_err(|error| Failure::caused(Code::Unexpected, "the clock of the story", error))?;
    let sandbox = Sandbox::sample(now.timestamp());
    let mut served = Vec::new();
    let mut at = 0;
    let mut next = || {
        let mut listen = options.listen;
        if listen.port() != 0 {
            listen.set_port(listen.port() + at);
        }
        at += 1;
        listen
    };
    let salesforce = start(sandbox.salesforce.router(), next()).await?;
    let quickbooks = start(sandbox.quickbooks.router(), next()).await?;
    let control = axum::Router::new()
        .nest("/salesforce", sandbox.salesforce.control())
        .nest("/quickbooks", sandbox.quickbooks.control())
        .nest("/xero", sandbox.xero.control());
    let control = start(control, next()).await?;
    let xero = start(sandbox.xero.router(), next()).await?;
    let mut tls = [None, None, None];
    if let Some(certificate) = &options.tls_certificate {
        let router = sandbox.salesforce.router();
        let first = start_tls(router, next(), certificate).await?;
        let second_certificate = certificate.with_extension("quickbooks.pem");
        let router = sandbox.quickbooks.router();
        let second = start_tls(router, next(), &second_certificate).await?;
        let third_certificate = certificate.with_extension("xero.pem");
        let third = start_tls(sandbox.xero.router(), next(), &third_certificate).await?;
        tls = [&first, &second, &third].map(|served| Some(served.base_url()));
        served.extend([first, second, third]);
    }
    let bases = [&salesforce, &quickbooks, &xero].map(Served::base_url);
    let addresses = addresses(&sandbox, bases, tls, control.base_url());
    served.extend([salesforce, quickbooks, control, xero]);
    let ticking = tokio::spawn(tick(sandbox.clock));
    Ok(Serving { addresses, served, ticking })
}

/// Where everything is: Salesforce, QuickBooks and Xero, in this order.
fn addresses(
    sandbox: &Sandbox,
    [salesforce, quickbooks, xero]: [String; 3],
    tls: [Option<String>; 3],
    control_url: String,
) -> Addresses {
    let [salesforce_tls, quickbooks_tls, xero_tls] = tls;
    Addresses {
        salesforce: SalesforceAddress {
            base_url: salesforce,
            client_id: tieout_sim::salesforce::CLIENT_ID.into(),
            username: tieout_sim::salesforce::USERNAME.into(),
            access_token: sandbox.salesforce.open_session(),
            tls_base_url: salesforce_tls,
        },
        quickbooks: QuickBooksAddress {
            base_url: quickbooks,
            client_id: QuickBooksSim::CLIENT_ID.into(),
            client_secret: QuickBooksSim::CLIENT_SECRET.into(),
            realm_id: sandbox.quickbooks.realm(),
            tls_base_url: quickbooks_tls,
        },
        xero: XeroAddress {
            base_url: xero,
            client_id: XeroSim::CLIENT_ID.into(),
            tenant_ids: sandbox.xero.tenant_ids(),
            tls_base_url: xero_tls,
        },
        control_url,
    }
}

/// Lets the sandbox's time pass as fast as real time, so that tokens end and changes have stamps.
async fn tick(clock: tieout_sim::clock::SimClock) {
    let period = std::time::Duration::from_millis(TICK_MS);
    let mut interval = tokio::time::interval(period);
    interval.tick().await;
    loop {
        interval.tick().await;
        clock.advance(jiff::SignedDuration::try_from(period).unwrap_or_default());
    }
}

async fn start(router: axum::Router, listen: SocketAddr) -> Result<Served, Failure> {
    serve_plain(router, listen).await.map_err(cannot_listen)
}

async fn start_tls(
    router: axum::Router,
    listen: SocketAddr,
    certificate: &std::path::Path,
) -> Result<Served, Failure> {
    serve_tls(router, listen, certificate).await.map_err(cannot_listen)
}

fn cannot_listen(error: tieout_sim::serve::ServeError) -> Failure {
    Failure::caused(Code::CallbackPortsBusy, error.to_string(), error)
}
