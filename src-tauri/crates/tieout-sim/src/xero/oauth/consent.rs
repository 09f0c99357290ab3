//! The page where a person picks an organisation and allows the connection (`xero §2.3`).

use jiff::Timestamp;
use url::Url;

use super::super::answer::{Answer, escaped};
use super::super::call::Call;
use super::super::config::Consent;
use super::super::platform::Platform;
use super::grants::Consented;
use super::{DECISION_PATH, field, scopes};

/// What the client asks for, with everything that must be right before a page is shown.
struct Request {
    redirect: String,
    scopes: String,
    state: String,
    challenge: String,
    /// What the person picked, if he did.
    tenant: Option<String>,
}

/// Shows the consent page, or what the app is set to instead.
pub fn ask(platform: &mut Platform, call: &Call, now: Timestamp) -> Answer {
    let request = match Request::read(platform, &call.parameters) {
        Ok(request) => request,
        Err(reason) => return refused(reason),
    };
    match platform.config.consent {
        Consent::Ask => page(platform, &request),
        Consent::Allow => allow(platform, &request, now),
        Consent::Deny => deny(&request),
        Consent::ScopePage => refused("invalid_scope: Invalid scope for client"),
        Consent::LimitPage => limit_page(),
    }
}

/// The form comes back. Everything in it is checked again.
pub fn decide(platform: &mut Platform, call: &Call, now: Timestamp) -> Answer {
    match Request::read(platform, &call.form()) {
        Ok(request) => allow(platform, &request, now),
        Err(reason) => refused(reason),
    }
}

impl Request {
    fn read(platform: &Platform, fields: &[(String, String)]) -> Result<Self, &'static str> {
        let config = &platform.config;
        if field(fields, "client_id") != Some(config.client_id.as_str()) {
            return Err("unauthorized_client: Unknown client or client not enabled");
        }
        let redirect = field(fields, "redirect_uri").unwrap_or_default();
        if !accepts(&config.registered_redirects, redirect) {
            return Err("unauthorized_client: Invalid redirect_uri");
        }
        if field(fields, "response_type") != Some("code") {
            return Err("unsupported_response_type");
        }
        let asked = field(fields, "scope").unwrap_or_default();
        if asked.is_empty() || asked.split(' ').any(|one| !scopes::known(config.scopes, one)) {
            return Err("invalid_scope: Invalid scope for client");
        }
        let challenge = field(fields, "code_challenge").ok_or("code challenge required")?;
        if field(fields, "code_challenge_method") != Some("S256") {
            return Err("Transform algorithm not supported");
        }
        Ok(Self {
            redirect: redirect.to_owned(),
            scopes: asked.to_owned(),
            state: field(fields, "state").unwrap_or_default().to_owned(),
            challenge: challenge.to_owned(),
            tenant: field(fields, "tenant").map(str::to_owned),
        })
    }
}

/// Registered exactly, and https or `http://localhost` (`xero §2.2`).
fn accepts(registered: &[String], redirect: &str) -> bool {
    let Ok(url) = Url::parse(redirect) else { return false };
    let local = url.scheme() == "http" && url.host_str() == Some("localhost");
    (local || url.scheme() == "https") && registered.iter().any(|known| known == redirect)
}

/// One form with one button. The organisation that it would connect comes first.
fn page(platform: &Platform, request: &Request) -> Answer {
    let chosen = choice(platform, request);
    let options: String = platform
        .tenants
        .iter()
        .map(|tenant| {
            let config = &tenant.config;
            let selected = if config.tenant_id == chosen { " selected" } else { "" };
            let (id, name) = (escaped(&config.tenant_id), escaped(&config.name));
            format!(r#"<option value="{id}"{selected}>{name}</option>"#)
        })
        .collect();
    let hidden: String = [
        ("client_id", platform.config.client_id.as_str()),
        ("redirect_uri", request.redirect.as_str()),
        ("response_type", "code"),
        ("scope", request.scopes.as_str()),
        ("state", request.state.as_str()),
        ("code_challenge", request.challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]
    .iter()
    .map(|(name, value)| {
        format!(r#"<input type="hidden" name="{name}" value="{}">"#, escaped(value))
    })
    .collect();
    let app = escaped(&platform.config.app_name);
    let inner = format!(
        "<h1>{app} wants access to:</h1><form id=\"allow\" method=\"post\" \
         action=\"{DECISION_PATH}\">{hidden}<label>Organisation data \
         <select name=\"tenant\">{options}</select></label>\
         <button type=\"submit\">Allow</button></form>"
    );
    Answer::html(200, &inner)
}

/// The picked organisation, else the one set, else the first that is not connected yet.
fn choice(platform: &Platform, request: &Request) -> String {
    let set = request.tenant.as_ref().or(platform.config.consent_tenant.as_ref());
    if let Some(id) = set.filter(|id| platform.tenant(id).is_some()) {
        return id.clone();
    }
    let ids = || platform.tenants.iter().map(|tenant| tenant.config.tenant_id.as_str());
    let fresh = ids().find(|id| !platform.grants.is_connected(id));
    fresh.or_else(|| ids().next()).unwrap_or_default().to_owned()
}

fn allow(platform: &mut Platform, request: &Request, now: Timestamp) -> Answer {
    let tenants = match platform.config.bulk_connect {
        true => platform.tenants.iter().map(|tenant| tenant.config.tenant_id.clone()).collect(),
        false => vec![choice(platform, request)],
    };
    let fresh = tenants.iter().filter(|tenant| !platform.grants.is_connected(tenant)).count();
    let connected = platform.grants.connections.len();
    if fresh > 0 && connected + fresh > platform.config.connections_max {
        return limit_page();
    }
    let consented = Consented {
        redirect: &request.redirect,
        challenge: &request.challenge,
        scopes: &request.scopes,
        tenants: &tenants,
    };
    let code = platform.grants.consent(&consented, now);
    let session = code.chars().rev().collect::<String>();
    back(
        request,
        &[
            ("code", &code),
            ("scope", &request.scopes),
            ("session_state", &session),
            ("state", &request.state),
        ],
    )
}

fn deny(request: &Request) -> Answer {
    let description = "The user denied access";
    let parameters =
        [("error", "access_denied"), ("error_description", description), ("state", &request.state)];
    back(request, &parameters)
}

fn back(request: &Request, parameters: &[(&str, &str)]) -> Answer {
    match Url::parse(&request.redirect) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(parameters);
            Answer::redirect(url.as_str())
        }
        Err(_) => refused("unauthorized_client: Invalid redirect_uri"),
    }
}

/// A page of Xero's own: no callback (`xero §2.3`).
fn refused(reason: &str) -> Answer {
    Answer::html(400, &format!("<h1>Sorry, something went wrong</h1><p>Error: {reason}</p>"))
}

fn limit_page() -> Answer {
    let text = "This app has reached the number of organisations that it can connect to";
    Answer::html(200, &format!("<h1>Connection limit</h1><p>{text}</p>"))
}
