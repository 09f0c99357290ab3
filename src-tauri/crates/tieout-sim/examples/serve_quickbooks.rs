//! Serves the sample company's QuickBooks on loopback until it is ended, and prints where as one
//! line of JSON: the settings that the scripts in `clients` take as their argument.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::json;
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::Company;
use tieout_sim::serve::serve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let company = Company::alder_quay();
    let today: DateTime = company.now.parse()?;
    let clock = SimClock::at(today.to_zoned(TimeZone::get(&company.zone)?)?.timestamp());
    let sim = QuickBooksSim::sample(clock, &company);
    let service = serve(sim.router(), any_port).await?;
    let control = serve(sim.control(), any_port).await?;
    let settings = json!({
        "base_url": service.base_url(),
        "client_id": QuickBooksSim::CLIENT_ID,
        "client_secret": QuickBooksSim::CLIENT_SECRET,
        "realm_id": sim.realm(),
        "redirect_uri": "http://localhost:8765/cb",
        "control_url": control.base_url(),
    });
    #[expect(clippy::print_stdout, reason = "the settings are this program's output")]
    {
        println!("{settings}");
    }
    std::future::pending::<()>().await;
    Ok(())
}
