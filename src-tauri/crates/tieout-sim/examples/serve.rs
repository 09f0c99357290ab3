//! Serves the sample company's simulators on loopback until it is ended, and prints where as one
//! line of JSON: for trying other clients against them.
//!
//! `serve [CERTIFICATE]`: with a path, Salesforce also speaks TLS and its certificate is written
//! there.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use axum::Router;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::json;
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::salesforce::{CLIENT_ID, SalesforceSim, USERNAME};
use tieout_sim::sample::Company;
use tieout_sim::serve::{serve, serve_tls};
use tieout_sim::xero::XeroSim;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let company = Company::alder_quay();
    let today: DateTime = company.now.parse()?;
    let clock = SimClock::at(today.to_zoned(TimeZone::get(&company.zone)?)?.timestamp());

    let salesforce = SalesforceSim::sample(clock.clone(), &company);
    let quickbooks = QuickBooksSim::sample(clock.clone(), &company);
    let xero = XeroSim::sample(clock, &company);
    let crm = serve(salesforce.router(), any_port).await?;
    let books = serve(quickbooks.router(), any_port).await?;
    let books_uk = serve(xero.router(), any_port).await?;
    let certificate = std::env::args_os().nth(1).map(PathBuf::from);
    let over_tls = match &certificate {
        Some(path) => Some(serve_tls(salesforce.router(), any_port, path).await?),
        None => None,
    };
    let control = Router::new()
        .nest("/salesforce", salesforce.control())
        .nest("/quickbooks", quickbooks.control())
        .nest("/xero", xero.control());
    let control = serve(control, any_port).await?;

    let places = json!({
        "salesforce": {
            "base_url": crm.base_url(),
            "tls_base_url": over_tls.as_ref().map(|served| served.base_url()),
            "certificate": certificate,
            "client_id": CLIENT_ID,
            "username": USERNAME,
            "redirect_uri": "http://localhost:1717/OauthRedirect",
        },
        "quickbooks": {
            "base_url": books.base_url(),
            "client_id": QuickBooksSim::CLIENT_ID,
            "client_secret": QuickBooksSim::CLIENT_SECRET,
            "realm_id": quickbooks.realm(),
        },
        "xero": {
            "base_url": books_uk.base_url(),
            "client_id": XeroSim::CLIENT_ID,
            "tenant_ids": xero.tenant_ids(),
        },
        "control_url": control.base_url(),
    });
    #[expect(clippy::print_stdout, reason = "the places are this program's output")]
    {
        println!("{places}");
    }
    std::future::pending::<()>().await;
    Ok(())
}
