//! Which organisations a sign-in reaches, and leaving one of them (`xero §2.9`, `§2.6`).
//!
//! One sign-in of one person with one app covers all organisations connected with it, so they all
//! share one stored grant: `grant_key` names it.

use data_encoding::BASE64URL_NOPAD;
use http::Method;
use serde_json::Value;
use tieout_connect::json::{Envelope, Reading, Record};
use tieout_connect::ports::Answer;
use tieout_connect::secret::Secret;
use tieout_connect::session::{Call, Session, StoredGrant};
use tieout_connect::{error::ConnectorError, json::plain_word};
use tieout_domain::ids::LedgerId;

use crate::config::{App, Company, ConfigError};
use crate::door::malformed;
use crate::request::{encoded, is_guid};
use crate::wire::read_instant;
use crate::wiring::{Wiring, session};

const CONNECTIONS: &str = "/connections";
/// The only kind of tenant that has books.
const ORGANISATION: &str = "ORGANISATION";
/// Most tenants that one sign-in is looked through for.
const TENANTS_MAX: usize = 10_000;

/// An organisation that a sign-in reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Of the connection, not of the organisation.
    pub connection: String,
    pub tenant: String,
    /// Old connections have none.
    pub name: Option<String>,
    /// A person chose it in the sign-in that is stored now.
    pub chosen_now: bool,
    connected_at: Option<jiff::Timestamp>,
}

/// What leaving an organisation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// `false`: it was not connected any more.
    pub was_connected: bool,
    /// Organisations that the same sign-in still reaches. None: the grant may be revoked too.
    pub remaining: usize,
}

/// What an access token says about its sign-in. It is read, never trusted: the tool checks it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Claims {
    user: Option<String>,
    event: Option<String>,
}

impl Claims {
    fn of(access: &Secret) -> Self {
        let read = || -> Option<Value> {
            let payload = access.expose().split('.').nth(1)?.trim_end_matches('=');
            serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?).ok()
        };
        let claims = read().unwrap_or_default();
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(plain_word);
        let known = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self { user: known(text("xero_userid")), event: known(text("authentication_event_id")) }
    }
}

/// The name under which the one grant of a person and an app is kept: every organisation that the
/// two have in common uses it. A renewal for one is a renewal for all, and a second stored copy
/// would lose its refresh token to the first (`xero §2.5`).
pub fn grant_key(app: &App, grant: &StoredGrant) -> String {
    let user = Claims::of(&grant.access).user;
    format!("xero.{}.{}", plain_word(app.client_id()), user.as_deref().unwrap_or("unknown"))
}

/// The organisations that the stored sign-in reaches: the one just chosen first, then the newest
/// connection. None: the token is good, but nothing is connected.
pub async fn tenants(app: &App, wiring: Wiring) -> Answer<Vec<Tenant>> {
    list(&session(app, wiring)).await
}

/// The company of a new sign-in. `expected` is the organisation of an existing connection, which a
/// new sign-in must reach; without it the one that was chosen now is taken, or the only one.
/// `None`: several are reached and a person has to say which.
pub fn chosen(
    app: App,
    tenants: &[Tenant],
    expected: Option<&LedgerId>,
) -> Result<Option<Company>, ConfigError> {
    if let Some(expected) = expected {
        for tenant in tenants {
            let company = Company::new(app.clone(), &tenant.tenant)?;
            if company.ledger() == expected {
                return Ok(Some(company));
            }
        }
        return Err(ConfigError::OtherTenant);
    }
    let mut now = tenants.iter().filter(|tenant| tenant.chosen_now);
    let one = match (now.next(), now.next(), tenants) {
        (Some(one), None, _) | (None, None, [one]) => one,
        _ => return Ok(None),
    };
    Company::new(app, &one.tenant).map(Some)
}

pub(crate) async fn list(session: &Session) -> Answer<Vec<Tenant>> {
    let event = Claims::of(&session.grant().await?.access).event;
    let response = session.call(Call::get(CONNECTIONS)).await?;
    let connections: Vec<Value> = Envelope::read(response.body(), "connections")?;
    if connections.len() > TENANTS_MAX {
        return Err(malformed("connections"));
    }
    let mut tenants = Vec::new();
    for connection in &connections {
        let read = Record::of(connection).and_then(|record| read(&record, event.as_deref()));
        tenants.extend(read.map_err(|error| malformed(&format!("connections.{}", error.path)))?);
    }
    tenants.sort_by_key(|tenant| {
        (std::cmp::Reverse((tenant.chosen_now, tenant.connected_at)), tenant.tenant.clone())
    });
    Ok(tenants)
}

fn read(record: &Record<'_>, event: Option<&str>) -> Reading<Option<Tenant>> {
    let kind = record.raw_text("tenantType")?.unwrap_or_default();
    if !kind.eq_ignore_ascii_case(ORGANISATION) {
        return Ok(None);
    }
    let text = |field: &str| record.text(field);
    let chosen_now = match (record.raw_text("authEventId")?, event) {
        (Some(own), Some(event)) => own.eq_ignore_ascii_case(event),
        _ => false,
    };
    let stamp = match record.raw_text("updatedDateUtc")? {
        Some(text) => Some(text),
        None => record.raw_text("createdDateUtc")?,
    };
    Ok(Some(Tenant {
        connection: text("id")?,
        tenant: text("tenantId")?,
        name: record.text_or_none("tenantName")?,
        chosen_now,
        connected_at: stamp.and_then(read_instant),
    }))
}

/// Whether an organisation is still connected, after the tool said that it may not be.
pub(crate) async fn is_connected(session: &Session, company: &Company) -> Answer<bool> {
    let tenants = list(session).await?;
    Ok(tenants.iter().any(|known| known.tenant.eq_ignore_ascii_case(company.tenant())))
}

/// Ends the connection of one organisation at the tool. The others of the same sign-in stay.
pub(crate) async fn leave(session: &Session, company: &Company) -> Answer<Left> {
    let tenants = list(session).await?;
    let ours = |known: &&Tenant| known.tenant.eq_ignore_ascii_case(company.tenant());
    let Some(own) = tenants.iter().find(ours) else {
        return Ok(Left { was_connected: false, remaining: tenants.len() });
    };
    if !is_guid(&own.connection) {
        return Err(malformed("connections.id"));
    }
    let path = format!("{CONNECTIONS}/{}", encoded(&own.connection));
    let was_connected =
        match session.call(Call::write(Method::DELETE, path, bytes::Bytes::new())).await {
            Ok(_) => true,
            Err(ConnectorError::NotFound) => false,
            Err(error) => return Err(error),
        };
    Ok(Left { was_connected, remaining: tenants.len() - 1 })
}

#[cfg(test)]
mod tests;
