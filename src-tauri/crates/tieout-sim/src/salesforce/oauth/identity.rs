//! Who the session belongs to (salesforce §2.7).

use crate::salesforce::http::Reply;
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::value::Value;

fn user_text(org: &Org, user_id: &str, name: &str) -> Json {
    let user = org.row("User", user_id);
    Json::text_or_null(user.and_then(|user| user.get(name)).and_then(Value::as_text))
}

/// GET `/id/{org}/{user}`.
pub fn identity(org: &Org, base: &str, user_id: &str) -> Reply {
    let of = |name: &str| user_text(org, user_id, name);
    let urls = [
        ("rest", "/services/data/v{version}/"),
        ("sobjects", "/services/data/v{version}/sobjects/"),
        ("query", "/services/data/v{version}/query/"),
        ("recent", "/services/data/v{version}/recent/"),
        ("custom_domain", ""),
    ];
    let urls = urls.map(|(name, path)| (name, Json::text(format!("{base}{path}"))));
    Reply::json(
        200,
        Json::object([
            ("id", Json::text(format!("{base}/id/{}/{user_id}", org.config.org_id))),
            ("asserted_user", Json::Bool(true)),
            ("user_id", Json::text(user_id)),
            ("organization_id", Json::text(&org.config.org_id)),
            ("username", of("Username")),
            ("nick_name", of("Alias")),
            ("display_name", of("Name")),
            ("email", of("Email")),
            ("first_name", of("FirstName")),
            ("last_name", of("LastName")),
            ("timezone", of("TimeZoneSidKey")),
            ("urls", Json::object(urls)),
            ("active", Json::Bool(true)),
            ("user_type", Json::text("STANDARD")),
            ("language", of("LanguageLocaleKey")),
            ("locale", of("LocaleSidKey")),
            ("utcOffset", Json::int(-28_800_000)),
            ("is_app_installed", Json::Bool(true)),
        ]),
    )
}

/// GET `/services/oauth2/userinfo`: the OIDC form.
pub fn user_claims(org: &Org, base: &str, user_id: &str) -> Reply {
    let of = |name: &str| user_text(org, user_id, name);
    Reply::json(
        200,
        Json::object([
            ("sub", Json::text(format!("{base}/id/{}/{user_id}", org.config.org_id))),
            ("user_id", Json::text(user_id)),
            ("organization_id", Json::text(&org.config.org_id)),
            ("preferred_username", of("Username")),
            ("nickname", of("Alias")),
            ("name", of("Name")),
            ("email", of("Email")),
            ("email_verified", Json::Bool(true)),
            ("given_name", of("FirstName")),
            ("family_name", of("LastName")),
            ("zoneinfo", of("TimeZoneSidKey")),
            ("active", Json::Bool(true)),
            ("user_type", Json::text("STANDARD")),
            ("locale", of("LocaleSidKey")),
        ]),
    )
}
