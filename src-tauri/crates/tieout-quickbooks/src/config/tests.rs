use std::collections::BTreeMap;

use tieout_connect::endpoint::Endpoint;

use super::*;

fn page(url: &str) -> Endpoint {
    Endpoint::parse(url).unwrap()
}

fn app(environment: Environment, redirect: RedirectKind) -> Result<App, ConfigError> {
    App::new(environment, " id ", Secret::new("secret"), redirect)
}

fn sandbox() -> App {
    app(Environment::Sandbox, RedirectKind::Loopback).unwrap()
}

fn grant(realm: Option<&str>) -> StoredGrant {
    let extra: BTreeMap<String, String> =
        realm.map(|realm| (REALM_FIELD.to_owned(), realm.to_owned())).into_iter().collect();
    StoredGrant {
        access: Secret::new("a"),
        refresh: None,
        previous_refresh: None,
        obtained_at: jiff::Timestamp::UNIX_EPOCH,
        expires_at: None,
        instance_url: None,
        extra,
    }
}

#[test]
fn live_keys_cannot_use_loopback() {
    let refused = app(Environment::Production, RedirectKind::Loopback).unwrap_err();
    assert_eq!(refused, ConfigError::LoopbackWithLiveKeys);
    let relay = RedirectKind::Relay { page: page("https://connect.example.com/qbo") };
    assert!(app(Environment::Production, relay).is_ok());
}

#[test]
fn a_redirect_page_is_https() {
    let pasted = RedirectKind::Pasted { page: page("http://localhost/qbo") };
    assert_eq!(app(Environment::Sandbox, pasted).unwrap_err(), ConfigError::PageNotHttps);
}

#[test]
fn keys_are_needed() {
    let none = App::new(Environment::Sandbox, " ", Secret::new("s"), RedirectKind::Loopback);
    assert_eq!(none.unwrap_err(), ConfigError::KeysMissing);
    let none = App::new(Environment::Sandbox, "id", Secret::new(""), RedirectKind::Loopback);
    assert_eq!(none.unwrap_err(), ConfigError::KeysMissing);
}

#[test]
fn the_sign_in_needs_a_secret_and_no_pkce() {
    let oauth = sandbox().oauth(&Endpoints::known(&Environment::Sandbox));
    assert!(!oauth.pkce);
    assert_eq!(oauth.client_id, "id");
    assert_eq!(oauth.auth_in, AuthIn::Basic);
    assert_eq!(oauth.scopes, [SCOPE]);
    assert_eq!(oauth.answer, CallbackAnswer::OwnPage);
}

#[test]
fn a_company_is_named_by_digits() {
    assert_eq!(Company::new(sandbox(), "913").unwrap().ledger().as_str(), "qbo:913");
    for realm in ["", "91a3", "913/../1", "９", "123456789012345678901"] {
        assert_eq!(Company::new(sandbox(), realm).unwrap_err(), ConfigError::RealmNotDigits);
    }
}

#[test]
fn a_sign_in_names_its_company() {
    let company = Company::of_sign_in(sandbox(), &grant(Some("913")), None).unwrap();
    assert_eq!(company.realm(), "913");
    let none = Company::of_sign_in(sandbox(), &grant(None), None).unwrap_err();
    assert_eq!(none, ConfigError::RealmMissing);
}

#[test]
fn a_new_sign_in_cannot_change_the_company() {
    let ledger = LedgerId::new("qbo:914").unwrap();
    let other = Company::of_sign_in(sandbox(), &grant(Some("913")), Some(&ledger)).unwrap_err();
    assert_eq!(other, ConfigError::OtherRealm);
}

#[test]
fn each_environment_has_its_own_host() {
    assert_eq!(Environment::Production.api().host(), "quickbooks.api.intuit.com");
    assert_eq!(Environment::Sandbox.api().host(), "sandbox-quickbooks.api.intuit.com");
    assert!(!Environment::Production.is_sandbox());
}
