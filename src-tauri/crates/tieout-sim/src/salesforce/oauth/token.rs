//! The token endpoint and revocation (salesforce §2.5 to §2.8).

use super::{
    GRANTS_MAX, Grant, REFRESH_IDLE_SECS, RETIRED_MAX, challenge_of, end_grant, open_session,
    signature_of, token_text,
};
use crate::salesforce::http::{Incoming, Reply, find};
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;

type Form = [(String, String)];

/// `error` and `error_description`, status 400.
fn refused(error: &str, description: &str) -> Reply {
    Reply::json(
        400,
        Json::object([
            ("error", Json::text(error)),
            ("error_description", Json::text(description)),
        ]),
    )
}

/// POST `/services/oauth2/token`.
pub fn token(org: &mut Org, request: &Incoming) -> Reply {
    if request.method != "POST" {
        return refused("invalid_request", "must use HTTP POST");
    }
    let form = request.form();
    let of = |name: &str| find(&form, name).unwrap_or_default();
    let grants = ["authorization_code", "refresh_token"];
    if !grants.contains(&of("grant_type")) {
        return refused("unsupported_grant_type", "grant type not supported");
    }
    if of("client_id") != org.config.client_id {
        return refused("invalid_client_id", "client identifier invalid");
    }
    // A public client that sends a secret sends a wrong one.
    if find(&form, "client_secret").is_some() {
        return refused("invalid_client", "invalid client credentials");
    }
    let answer = match of("grant_type") {
        "authorization_code" => exchange(org, request, &form),
        _ => refresh(org, request, &form),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

fn exchange(org: &mut Org, request: &Incoming, form: &Form) -> Result<Reply, Reply> {
    let of = |name: &str| find(form, name).unwrap_or_default();
    let oldest = org.ago(super::CODE_SECS);
    let known = org.sign_ins.codes.iter().position(|code| code.text == of("code"));
    let at = known.ok_or_else(|| refused("invalid_grant", "invalid authorization code"))?;
    // A code works once, whatever comes of it.
    let code = org.sign_ins.codes.remove(at);
    if code.issued < oldest {
        return Err(refused("invalid_grant", "expired authorization code"));
    }
    if code.client_id != of("client_id") {
        return Err(refused("invalid_grant", "invalid authorization code"));
    }
    if code.redirect_uri != of("redirect_uri") {
        let description = "redirect_uri must match configuration";
        return Err(refused("redirect_uri_mismatch", description));
    }
    if of("code_verifier").is_empty() {
        return Err(refused("invalid_grant", "invalid authorization code"));
    }
    if challenge_of(of("code_verifier")) != code.challenge {
        return Err(refused("invalid_request", "code verifier does not match the challenge"));
    }
    let (user_id, scope) = (code.user_id, code.scope);
    let serial = open_grant(org, &code.client_id, &user_id, &scope);
    let wants_refresh =
        scope.split(' ').any(|word| word == "refresh_token" || word == "offline_access");
    let refresh = wants_refresh.then(|| new_refresh_token(org, serial));
    Ok(grant_answer(org, request, serial, &user_id, &scope, refresh))
}

fn open_grant(org: &mut Org, client_id: &str, user_id: &str, scope: &str) -> u64 {
    let serial = org.next_sequence();
    let now = org.now;
    org.sign_ins.grants.push(Grant {
        serial,
        client_id: client_id.to_owned(),
        user_id: user_id.to_owned(),
        scope: scope.to_owned(),
        current: None,
        retired: Vec::new(),
        used: now,
    });
    let same = |grant: &&Grant| {
        grant.client_id == client_id
            && grant.user_id == user_id
            && (grant.current.is_some() || grant.serial == serial)
    };
    let live: Vec<u64> =
        org.sign_ins.grants.iter().filter(same).map(|grant| grant.serial).collect();
    for oldest in live.iter().take(live.len().saturating_sub(GRANTS_MAX)) {
        end_grant(org, *oldest);
    }
    serial
}

/// A grant as the authorization of the app makes it, without the browser.
pub fn sign_in(org: &mut Org, user_id: &str) -> (String, String) {
    let client_id = org.config.client_id.clone();
    let serial = open_grant(org, &client_id, user_id, "api refresh_token");
    let refresh = new_refresh_token(org, serial);
    (open_session(org, user_id, Some(serial)), refresh)
}

fn new_refresh_token(org: &mut Org, serial: u64) -> String {
    let token = format!("5Aep861{}", token_text(org, "refresh", 80));
    if let Some(grant) = org.sign_ins.grants.iter_mut().find(|grant| grant.serial == serial) {
        grant.retired.extend(grant.current.replace(token.clone()));
        let surplus = grant.retired.len().saturating_sub(RETIRED_MAX);
        grant.retired.drain(..surplus);
    }
    token
}

fn refresh(org: &mut Org, request: &Incoming, form: &Form) -> Result<Reply, Reply> {
    if org.switches().refresh_busy > 0 {
        org.config.switches.refresh_busy -= 1;
        return Err(refused("invalid_grant", "token request is already being processed"));
    }
    let dead = || refused("invalid_grant", "expired access/refresh token");
    let token = find(form, "refresh_token").unwrap_or_default();
    let is = |known: &String| known == token;
    let reused = org.sign_ins.grants.iter().find(|grant| grant.retired.iter().any(is));
    if let Some(serial) = reused.map(|grant| grant.serial) {
        // A rotated-out token takes the whole chain with it.
        end_grant(org, serial);
        return Err(dead());
    }
    let oldest = org.ago(REFRESH_IDLE_SECS);
    let now = org.now;
    let grants = &mut org.sign_ins.grants;
    let grant = grants.iter_mut().find(|grant| grant.current.as_ref().is_some_and(is));
    let grant = grant.ok_or_else(dead)?;
    let (serial, user_id, scope) = (grant.serial, grant.user_id.clone(), grant.scope.clone());
    if grant.used < oldest {
        end_grant(org, serial);
        return Err(dead());
    }
    grant.used = now;
    let mut next = None;
    if org.switches().rotation {
        org.sign_ins.sessions.retain(|session| session.grant != Some(serial));
        next = Some(new_refresh_token(org, serial));
    }
    Ok(grant_answer(org, request, serial, &user_id, &scope, next))
}

/// The 200 of both grant types; `refresh_token` only where there is a new one.
fn grant_answer(
    org: &mut Org,
    request: &Incoming,
    serial: u64,
    user_id: &str,
    scope: &str,
    refresh: Option<String>,
) -> Reply {
    let access = open_session(org, user_id, Some(serial));
    let instance = org.switches().instance_url.clone().unwrap_or_else(|| request.base.clone());
    let id = format!("{}/id/{}/{user_id}", request.base, org.config.org_id);
    let issued_at = org.now.as_millisecond().to_string();
    let mut members = vec![("access_token", Json::text(access))];
    if let Some(refresh) = refresh {
        members.push(("refresh_token", Json::text(refresh)));
    }
    members.extend([
        ("signature", Json::text(signature_of(&id, &issued_at))),
        ("scope", Json::text(scope)),
        ("instance_url", Json::text(instance)),
        ("id", Json::text(id)),
        ("token_type", Json::text("Bearer")),
        ("issued_at", Json::text(issued_at)),
    ]);
    Reply::json(200, Json::object(members))
}

/// `/services/oauth2/revoke`: a refresh token takes its sessions along, a session goes alone.
pub fn revoke(org: &mut Org, request: &Incoming) -> Reply {
    let mut params = request.form();
    params.extend(request.query.clone());
    let token = find(&params, "token").unwrap_or_default().to_owned();
    let grants = &org.sign_ins.grants;
    let grant = grants.iter().find(|grant| grant.current.as_ref() == Some(&token));
    if let Some(serial) = grant.map(|grant| grant.serial) {
        end_grant(org, serial);
        return Reply::empty(200);
    }
    let before = org.sign_ins.sessions.len();
    org.sign_ins.sessions.retain(|session| session.token != token);
    if org.sign_ins.sessions.len() < before {
        return Reply::empty(200);
    }
    refused("invalid_token", "invalid token")
}
