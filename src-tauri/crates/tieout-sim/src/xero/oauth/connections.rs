//! The organisations that a user connected (`xero §2.9`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::platform::Platform;
use super::super::stamps;
use super::grants::{Bearer, Connection};

/// `GET /connections`: a bare array.
pub fn list(platform: &Platform, call: &Call, now: Timestamp) -> Answer {
    if let Err(refused) = signed_in(platform, call, now) {
        return refused;
    }
    let event = call.parameter("authEventId");
    let wanted = |known: &&Connection| event.is_none_or(|event| known.event == event);
    let all = platform.grants.connections.iter().filter(wanted);
    Answer::json(200, all.map(|known| shown(platform, known)).collect())
}

/// `DELETE /connections/{id}`: by the connection's own id.
pub fn disconnect(platform: &mut Platform, call: &Call, id: &str, now: Timestamp) -> Answer {
    if let Err(refused) = signed_in(platform, call, now) {
        return refused;
    }
    let before = platform.grants.connections.len();
    platform.grants.connections.retain(|known| known.id != id);
    let gone = platform.grants.connections.len() < before;
    if gone { Answer::empty(204) } else { Answer::empty(404) }
}

fn signed_in(platform: &Platform, call: &Call, now: Timestamp) -> Result<(), Answer> {
    match platform.grants.bearer(call.header("authorization"), now) {
        Bearer::Of(_) => Ok(()),
        Bearer::Expired(until) => Err(expired(until)),
        Bearer::Unknown => Err(Answer::problem(401, "Unauthorized", "AuthenticationUnsuccessful")),
    }
}

/// 401 of a token whose time is over.
pub fn expired(until: Timestamp) -> Answer {
    let detail = format!("TokenExpired: token expired at {}", stamps::american(until));
    Answer::problem(401, "Unauthorized", &detail)
}

fn shown(platform: &Platform, known: &Connection) -> Value {
    let name = platform.tenant(&known.tenant).map(|tenant| tenant.config.name.as_str());
    json!({
        "id": known.id,
        "authEventId": known.event,
        "tenantId": known.tenant,
        "tenantType": "ORGANISATION",
        "tenantName": name,
        "createdDateUtc": stamps::connection_text(known.created),
        "updatedDateUtc": stamps::connection_text(known.updated),
    })
}
