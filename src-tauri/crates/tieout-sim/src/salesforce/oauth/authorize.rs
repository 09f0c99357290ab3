//! The authorize step: a consent page, and the way back to the app (salesforce §2.3, §2.4).

use super::{Code, token_text};
use crate::salesforce::http::{Incoming, Reply, find};
use crate::salesforce::org::Org;
use crate::salesforce::seed;

/// What is carried from the request through the page to the code.
const CARRIED: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

const DEFAULT_SCOPE: &str = "api refresh_token openid";
const NOT_INSTALLED: &str = "/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client\
    &error_description=app+must+be+installed+into+org";

/// GET shows the page, POST carries the decision.
pub fn authorize(org: &mut Org, request: &Incoming) -> Reply {
    let params = if request.method == "POST" { request.form() } else { request.query.clone() };
    if let Err(reply) = acceptable(org, &params) {
        return reply;
    }
    if request.method != "POST" {
        return Reply::html(200, consent_page(org, &params));
    }
    match find(&params, "decision") {
        Some("allow") => allow(org, &params),
        _ => back(
            &params,
            &[("error", "access_denied"), ("error_description", "end-user denied authorization")],
        ),
    }
}

/// Refuses what never reaches the app with a page, all else with an error at the callback.
fn acceptable(org: &Org, params: &[(String, String)]) -> Result<(), Reply> {
    let of = |name: &str| find(params, name).unwrap_or_default();
    if of("client_id") != org.config.client_id {
        return Err(error_page("invalid_client_id", "client identifier invalid"));
    }
    if !org.config.redirect_uris.iter().any(|known| known == of("redirect_uri")) {
        let message = "redirect_uri must match configuration";
        return Err(error_page("redirect_uri_mismatch", message));
    }
    if org.switches().app_not_installed {
        return Err(Reply::redirect(NOT_INSTALLED));
    }
    let refused = |error: &str, message: &str| {
        Err(back(params, &[("error", error), ("error_description", message)]))
    };
    if let Some(error) = &org.switches().authorize_error {
        return refused(error, "the administrator does not allow this");
    }
    if of("response_type") != "code" {
        return refused("unsupported_response_type", "response type not supported");
    }
    if of("code_challenge").is_empty() {
        return refused("invalid_request", "missing required code challenge");
    }
    // jsforce leaves the method out and means S256.
    if !matches!(of("code_challenge_method"), "" | "S256") {
        return refused("invalid_request", "code challenge method not supported");
    }
    Ok(())
}

fn allow(org: &mut Org, params: &[(String, String)]) -> Reply {
    let of = |name: &str| find(params, name).unwrap_or_default().to_owned();
    let text = format!("aPrx{}==", token_text(org, "code", 58));
    let scope = Some(of("scope")).filter(|scope| !scope.is_empty());
    let code = Code {
        text: text.clone(),
        client_id: of("client_id"),
        redirect_uri: of("redirect_uri"),
        scope: scope.unwrap_or_else(|| DEFAULT_SCOPE.to_owned()),
        challenge: of("code_challenge"),
        user_id: seed::user_id(),
        issued: org.now,
    };
    let oldest = org.ago(super::CODE_SECS);
    org.sign_ins.codes.retain(|known| known.issued >= oldest);
    org.sign_ins.codes.push(code);
    back(params, &[("code", &text)])
}

/// Back to the app with these parameters and the state it sent.
fn back(params: &[(String, String)], more: &[(&str, &str)]) -> Reply {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(more);
    if let Some(state) = find(params, "state") {
        query.append_pair("state", state);
    }
    let uri = find(params, "redirect_uri").unwrap_or_default();
    let joint = if uri.contains('?') { '&' } else { '?' };
    Reply::redirect(&format!("{uri}{joint}{}", query.finish()))
}

fn consent_page(org: &Org, params: &[(String, String)]) -> String {
    let hidden: String = CARRIED
        .iter()
        .filter_map(|name| find(params, name).map(|value| (name, value)))
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value))
        })
        .collect();
    let user = escaped(&org.config.username);
    let company = escaped(&org.config.org_name);
    page(
        "Allow Access?",
        &format!(
            "<h1>Allow Access?</h1>\n<p>Tieout asks to use the interface of {company} as \
             {user}.</p>\n<form method=\"post\" action=\"/services/oauth2/authorize\">\n{hidden}\
             <button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
             <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</form>"
        ),
    )
}

fn error_page(error: &str, message: &str) -> Reply {
    let body = format!(
        "<h1>{}</h1>\n<p>error={}&amp;error_description={}</p>",
        "We can't authorize you because of an OAuth error.",
        escaped(error),
        escaped(message)
    );
    Reply::html(400, page("Error", &body))
}

/// The page that never reaches the app (salesforce §2.4).
pub fn not_installed_page() -> Reply {
    let body = "<h1>We can't authorize you because of an OAuth error.</h1>\n\
                <p>OAUTH_APPROVAL_ERROR_GENERIC : An unexpected error has occured during \
                authentication. Please try again.</p>";
    Reply::html(200, page("Error", body))
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         </head>\n<body>\n{body}\n</body></html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
