//! The page where a person allows the connection (`quickbooks §1.3, §1.6`).

use jiff::Timestamp;
use url::{Host, Url};

use super::super::answer::{Answer, escaped};
use super::super::books::Books;
use super::super::call::Call;
use super::super::config::{Consent, RedirectRules};
use super::{ACCOUNTING, DECISION_PATH};

/// What the client asks for, with everything that must be right before a page is shown.
struct Request {
    redirect: String,
    state: String,
    scopes: String,
}

/// Shows the consent page, or redirects at once where the company is set so.
pub fn ask(books: &mut Books, call: &Call, now: Timestamp) -> Answer {
    let request = match Request::read(books, &call.parameters) {
        Ok(request) => request,
        Err(reason) => return refused(reason),
    };
    match books.config.consent {
        Consent::Ask => page(books, &request),
        Consent::Allow => allow(books, &request, now),
        Consent::Deny => deny(&request),
    }
}

/// The form comes back. Everything in it is checked again.
pub fn decide(books: &mut Books, call: &Call, now: Timestamp) -> Answer {
    let form = call.form();
    let request = match Request::read(books, &form) {
        Ok(request) => request,
        Err(reason) => return refused(reason),
    };
    match field(&form, "decision") {
        Some("allow") => allow(books, &request, now),
        _ => deny(&request),
    }
}

impl Request {
    fn read(books: &Books, fields: &[(String, String)]) -> Result<Self, &'static str> {
        if field(fields, "client_id") != Some(books.config.client_id.as_str()) {
            return Err("The client_id is unknown.");
        }
        let redirect = field(fields, "redirect_uri").unwrap_or_default();
        if !accepts(books, redirect) {
            return Err("The redirect_uri query parameter value is invalid.");
        }
        if field(fields, "response_type") != Some("code") {
            return Err("The response_type query parameter must be code.");
        }
        let scopes = field(fields, "scope").unwrap_or_default();
        if !scopes.split(' ').any(|scope| scope == ACCOUNTING) {
            return Err("The scope query parameter is invalid.");
        }
        let state = field(fields, "state").filter(|state| !state.is_empty());
        let state = state.ok_or("The state query parameter is missing.")?;
        Ok(Self {
            redirect: redirect.to_owned(),
            state: state.to_owned(),
            scopes: scopes.to_owned(),
        })
    }
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Development keys take localhost on any port; production keys only what is registered, and of
/// that only https on a real host.
fn accepts(books: &Books, redirect: &str) -> bool {
    let Ok(url) = Url::parse(redirect) else { return false };
    let registered = books.config.registered_redirects.iter().any(|known| known == redirect);
    match books.config.redirects {
        RedirectRules::Development => registered || is_local(&url),
        RedirectRules::Production => {
            let real = matches!(url.host(), Some(Host::Domain(name)) if name != "localhost");
            registered && url.scheme() == "https" && real
        }
    }
}

fn is_local(url: &Url) -> bool {
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    local && matches!(url.scheme(), "http" | "https")
}

/// Two forms, so that whoever sends one without pressing a button has still decided.
fn page(books: &Books, request: &Request) -> Answer {
    let company = escaped(&books.config.company_name);
    let form = |decision: &str, label: &str| {
        let hidden: String = [
            ("client_id", books.config.client_id.as_str()),
            ("redirect_uri", request.redirect.as_str()),
            ("response_type", "code"),
            ("scope", request.scopes.as_str()),
            ("state", request.state.as_str()),
            ("decision", decision),
        ]
        .iter()
        .map(|(name, value)| {
            format!(r#"<input type="hidden" name="{name}" value="{}">"#, escaped(value))
        })
        .collect();
        format!(
            r#"<form id="{decision}" method="post" action="{DECISION_PATH}">{hidden}<button type="submit">{label}</button></form>"#
        )
    };
    let inner = format!(
        "<h1>Connect to QuickBooks</h1><p>The app asks to read and write the accounting data of \
         <strong>{company}</strong>.</p>{}{}",
        form("allow", "Allow"),
        form("deny", "Deny")
    );
    Answer::html(200, "Connect to QuickBooks", &inner)
}

/// `realmId` is given here and nowhere else.
fn allow(books: &mut Books, request: &Request, now: Timestamp) -> Answer {
    let realm = books.config.realm.clone();
    let code = books.grants.code(&request.redirect, &realm, &request.scopes, now);
    back(request, &[("code", &code), ("state", &request.state), ("realmId", &realm)])
}

fn deny(request: &Request) -> Answer {
    back(request, &[("error", "access_denied"), ("state", &request.state)])
}

fn back(request: &Request, parameters: &[(&str, &str)]) -> Answer {
    match Url::parse(&request.redirect) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(parameters);
            Answer::redirect(url.as_str())
        }
        Err(_) => refused("The redirect_uri query parameter value is invalid."),
    }
}

fn refused(reason: &str) -> Answer {
    let inner = format!("<h1>Sorry, but the app didn't connect</h1><p>{reason}</p>");
    Answer::html(400, "Connection problem", &inner)
}
