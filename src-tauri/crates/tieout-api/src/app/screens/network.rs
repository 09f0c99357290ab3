//! The ledger of the network: every host, what for, and how much.

use std::collections::BTreeMap;

use serde::Serialize;
use tieout_connect::session::TokenStore;
use tieout_quickbooks::Endpoints;
use tieout_report::print_count;
use tieout_store::ConnectionRecord;
use ts_rs::TS;
use url::Url;

use super::moments::{Moments, size};
use crate::app::home::Open;
use crate::app::reader::Reader;
use crate::app::shapes::Nothing;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::settings::{self, Settings};
use crate::workspace::Workspace;

const SIGN_IN: &str = "Sign-in and its renewal";
const CRM: &str = "Deals, Accounts, products; writes figures where you allow it";
const BOOKS: &str = "Invoices, payments, customers; creates invoices where you allow it";
const UNKNOWN: &str = "Belongs to no connection of this workspace";
/// Domains whose hosts belong to a brand although no setting names them.
const SALESFORCE_DOMAINS: [&str; 2] = [".salesforce.com", ".force.com"];
const INTUIT_DOMAIN: &str = ".intuit.com";
const XERO_DOMAIN: &str = ".xero.com";

/// Every host contacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NetworkView {
    /// "4 hosts, 1,204 requests since the workspace was opened".
    pub note: String,
    pub hosts: Vec<NetworkHost>,
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NetworkHost {
    pub host: String,
    pub purpose: &'static str,
    /// Connection that it belongs to, empty for none.
    pub connection: String,
    pub requests: u64,
    /// "1.2 MB".
    pub sent: String,
    pub received: String,
    pub last: String,
}

/// Every host since the workspace was opened.
pub async fn network(reader: &mut Reader, _: Nothing) -> Result<NetworkView, Failure> {
    let standing = reader.home.standing();
    let Some(workspace) = reader.opened() else {
        let note = "No workspace is open: nothing was contacted.".to_owned();
        return Ok(NetworkView { note, hosts: Vec::new() });
    };
    let Some(traffic) = standing.traffic else {
        let note = "Another window has this workspace and its network.".to_owned();
        return Ok(NetworkView { note, hosts: Vec::new() });
    };
    let moments = Moments::of(workspace)?;
    let known = known_hosts(workspace).await?;
    let mut hosts = Vec::new();
    let mut requests = 0;
    for (host, count) in traffic.hosts() {
        requests += count.requests;
        let (connection, purpose) = owner(&known, &host);
        hosts.push(NetworkHost {
            purpose,
            connection,
            requests: count.requests,
            sent: size(count.sent_bytes),
            received: size(count.received_bytes),
            last: moments.moment(count.last),
            host,
        });
    }
    let of = counted(hosts.len() as u64, "host", "hosts");
    let asked = counted(requests, "request", "requests");
    let note = match standing.open {
        Open::Sample if hosts.is_empty() => {
            "Sample company: nothing left this computer. Its systems are simulated here.".to_owned()
        }
        Open::Sample => format!(
            "Sample company: nothing left this computer. {of} simulated in it, {asked} since it \
             was opened."
        ),
        _ => format!("{of}, {asked} since the workspace was opened"),
    };
    Ok(NetworkView { note, hosts })
}

/// Requests to the hosts of each connection since the workspace was opened.
pub(crate) async fn requests_by_connection(
    reader: &Reader,
) -> Result<BTreeMap<String, u64>, Failure> {
    let mut requests = BTreeMap::new();
    let (Some(workspace), Some(traffic)) = (reader.opened(), reader.home.standing().traffic) else {
        return Ok(requests);
    };
    let known = known_hosts(workspace).await?;
    for (host, count) in traffic.hosts() {
        let (connection, _) = owner(&known, &host);
        *requests.entry(connection).or_default() += count.requests;
    }
    Ok(requests)
}

/// A host of a connection, and what for.
struct Known {
    host: String,
    connection: String,
    purpose: &'static str,
}

async fn known_hosts(workspace: &Workspace) -> Result<Vec<Known>, Failure> {
    let mut known = Vec::new();
    for record in workspace.engine.store.connections()? {
        let of = |address: &str, purpose| {
            let host = authority(address)?;
            Some(Known { host, connection: record.id.to_string(), purpose })
        };
        match Settings::of(&record)? {
            Settings::Salesforce(settings) => {
                // A sign-in that cannot be read names no host; the connection itself tells why.
                let grant = workspace.grant_of(&record)?.load().await.ok().flatten();
                let instance = grant.and_then(|grant| grant.instance_url);
                known.extend(instance.as_deref().and_then(|url| of(url, CRM)));
                known.extend(of(&settings.login_url, SIGN_IN));
            }
            Settings::QuickBooks(settings) => {
                let app = settings.app()?;
                let api = app.environment().api().join("/").ok();
                known.extend(api.and_then(|api| of(api.as_str(), BOOKS)));
                let endpoints = Endpoints::known(app.environment());
                known.extend(of(endpoints.token.as_str(), SIGN_IN));
                known.extend(of(endpoints.revoke.as_str(), SIGN_IN));
            }
            Settings::Xero(settings) => {
                let app = settings.app()?;
                let api = app.environment().api().join("/").ok();
                known.extend(api.and_then(|api| of(api.as_str(), BOOKS)));
                known.extend(of(app.oauth().token_url.as_str(), SIGN_IN));
            }
        }
        known.extend(domains(&record));
    }
    Ok(known)
}

fn domains(record: &ConnectionRecord) -> Vec<Known> {
    let (domains, purpose): (&[&str], _) = match record.brand.as_str() {
        settings::SALESFORCE => (&SALESFORCE_DOMAINS, CRM),
        settings::QUICKBOOKS => (&[INTUIT_DOMAIN], SIGN_IN),
        settings::XERO => (&[XERO_DOMAIN], SIGN_IN),
        _ => (&[], UNKNOWN),
    };
    let known = |domain: &&str| Known {
        host: (*domain).to_owned(),
        connection: record.id.to_string(),
        purpose,
    };
    domains.iter().map(known).collect()
}

/// Host and port as requests name them.
fn authority(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The first that names the host itself, else the first whose domain it is in.
fn owner(known: &[Known], host: &str) -> (String, &'static str) {
    let itself = known.iter().find(|it| it.host == host);
    let inside = || known.iter().find(|it| it.host.starts_with('.') && host.ends_with(&it.host));
    match itself.or_else(inside) {
        Some(found) => (found.connection.clone(), found.purpose),
        None => (String::new(), UNKNOWN),
    }
}

/// "312 requests since the workspace was opened".
pub(crate) fn requests_words(requests: u64) -> String {
    match requests {
        0 => "none since the workspace was opened".to_owned(),
        count => format!("{} since the workspace was opened", print_count(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_belongs_to_whom_it_was_named_by_and_no_stranger_slips_in() {
        let of = |host: &str, connection: &str, purpose| Known {
            host: host.to_owned(),
            connection: connection.to_owned(),
            purpose,
        };
        let known = [
            of("acme.my.salesforce.com", "crm", CRM),
            of("login.salesforce.com", "crm", SIGN_IN),
            of(".salesforce.com", "crm", CRM),
        ];
        assert_eq!(owner(&known, "login.salesforce.com"), ("crm".to_owned(), SIGN_IN));
        assert_eq!(owner(&known, "na1.salesforce.com"), ("crm".to_owned(), CRM));
        assert_eq!(owner(&known, "salesforce.com.evil.example"), (String::new(), UNKNOWN));
        assert_eq!(authority("http://127.0.0.1:8080/x").as_deref(), Some("127.0.0.1:8080"));
    }
}
