//! The accounting API: who may come in, how often, and to which endpoint (`xero §3, §4, §5`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::call::Call;
use super::config::AppConfig;
use super::edit;
use super::guid;
use super::oauth::{self, Bearer};
use super::platform::{Platform, Tenant};
use super::stamps;
use super::{reads, reports, writes};

/// A longer query string is answered as if the resource were not there.
const QUERY_CHARACTERS_MAX: usize = 2000;

/// One request that came in, on its way to the endpoint.
pub struct Visit<'a> {
    pub tenant: &'a mut Tenant,
    pub call: &'a Call,
    pub app: &'a AppConfig,
    pub now: Timestamp,
}

/// Answers a request below `/api.xro/2.0`. `crowded`: too many requests of this organisation are
/// under way.
pub fn answer(
    platform: &mut Platform,
    call: &Call,
    path: &[&str],
    crowded: bool,
    now: Timestamp,
) -> Answer {
    if call.query.len() > QUERY_CHARACTERS_MAX {
        return Answer::not_found();
    }
    let (id, scopes) = match visitor(platform, call, now) {
        Ok(visitor) => visitor,
        Err(refused) => return refused,
    };
    let Platform { config, tenants, replays, answers, .. } = &mut *platform;
    let tenant = tenants.iter_mut().find(|tenant| tenant.config.tenant_id == id);
    let Some(tenant) = tenant else { return forbidden() };
    if crowded {
        let answer = Answer::throttled("concurrent", None);
        return tenant.limiter.stated(answer, config);
    }
    if let Err(refused) = tenant.limiter.admit(config, now) {
        return tenant.limiter.stated(refused, config);
    }
    let answer = match refused_by_rights(tenant, call, path, &scopes) {
        Some(refused) => refused,
        None => match replays.earlier(call, now) {
            Some(earlier) => earlier,
            None => {
                let mut visit = Visit { tenant, call, app: config, now };
                let answer = wrapped(routed(&mut visit, path), config, *answers, now);
                replays.keep(call, &answer, now);
                answer
            }
        },
    };
    let answer = tenant.limiter.stated(answer, config);
    if is_page(&answer) {
        edit::between_pages(platform, now);
    }
    answer
}

/// The organisation and the scopes of the token.
fn visitor(platform: &Platform, call: &Call, now: Timestamp) -> Result<(String, String), Answer> {
    let scopes = match platform.grants.bearer(call.header("authorization"), now) {
        Bearer::Of(scopes) => scopes,
        Bearer::Expired(until) => return Err(oauth::expired(until)),
        Bearer::Unknown => {
            return Err(Answer::problem(401, "Unauthorized", "AuthenticationUnsuccessful"));
        }
    };
    let tenant = call.header("xero-tenant-id").and_then(|id| platform.tenant(id.trim()));
    match tenant.map(|tenant| tenant.config.tenant_id.clone()) {
        Some(id) if platform.grants.is_connected(&id) => Ok((id, scopes)),
        _ => Err(forbidden()),
    }
}

/// The header is missing or wrong, or the organisation is disconnected.
fn forbidden() -> Answer {
    Answer::problem(403, "Forbidden", "AuthenticationUnsuccessful")
}

fn refused_by_rights(tenant: &Tenant, call: &Call, path: &[&str], scopes: &str) -> Option<Answer> {
    let writes = call.method != "GET";
    let endpoint = path.first().copied().unwrap_or_default();
    if reads::is_endpoint(endpoint) && !oauth::allows(scopes, path, writes) {
        return Some(Answer::problem(401, "Unauthorized", "AuthorizationUnsuccessful"));
    }
    let closed = &tenant.config.forbidden;
    let closed = closed.iter().any(|one| one.eq_ignore_ascii_case(endpoint));
    let detail = "You do not have permission to access this resource";
    closed.then(|| Answer::problem(403, "Forbidden", detail))
}

fn routed(visit: &mut Visit<'_>, path: &[&str]) -> Answer {
    let call = visit.call;
    match (call.method.as_str(), path) {
        ("GET", [first, name]) if first.eq_ignore_ascii_case("Reports") => {
            reports::answer(visit.tenant, call, name, visit.now)
        }
        ("GET", _) => reads::answer(visit, path),
        ("PUT" | "POST" | "DELETE", _) => writes::answer(visit, path),
        _ => Answer::empty(405),
    }
}

/// The members around every API object.
fn wrapped(mut answer: Answer, config: &AppConfig, serial: u64, now: Timestamp) -> Answer {
    if answer.status == 200
        && let Content::Json(body) = &mut answer.body
    {
        body["Id"] = json!(guid::of(&format!("answer|{serial}")));
        body["Status"] = json!("OK");
        body["ProviderName"] = json!(config.app_name);
        body["DateTimeUTC"] = json!(stamps::bare_instant(now));
    }
    answer
}

fn is_page(answer: &Answer) -> bool {
    let paged = |body: &Value| body.get("pagination").is_some();
    matches!(&answer.body, Content::Json(body) if paged(body))
}
