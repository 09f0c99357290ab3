//! Signing in through the browser: what a person does, and what strangers do.

use serde_json::json;
use tieout_tests::consent::followed;
use tieout_tests::http;

use crate::desk::Desk;
use crate::person::SigningIn;
use crate::sandbox::Sandbox;
use crate::world::{World, list};

fn start(desk: &Desk, sandbox: &Sandbox, brand: &str) -> SigningIn {
    SigningIn::start(desk, sandbox, brand, sandbox.place(brand, "base_url"), &["--json"])
}

#[test]
fn a_new_connection_only_reads() {
    let world = World { sandbox: Sandbox::serve(), desk: Desk::bare() };
    world.connect("salesforce");
    world.connect("quickbooks");
    let view = world.desk.document(&["connections"]);
    let shown: Vec<_> = list(&view["connections"])
        .iter()
        .map(|it| (&it["name"], &it["role"], &it["writing"], &it["signed_in"]))
        .collect();
    let (salesforce, quickbooks) = (json!("salesforce"), json!("quickbooks"));
    let (crm, ledger, yes, no) = (json!("crm"), json!("ledger"), json!(true), json!(false));
    let want = [(&salesforce, &crm, &no, &yes), (&quickbooks, &ledger, &no, &yes)];
    assert_eq!(shown, want);
    let realm = world.sandbox.place("quickbooks", "realm_id");
    assert_eq!(view["connections"][1]["id"], format!("qbo:{realm}"));
}

#[test]
fn xero_is_connected_with_an_app_that_has_no_secret() {
    let world = World { sandbox: Sandbox::serve(), desk: Desk::new() };
    world.connect("xero");
    let view = world.desk.document(&["connections"]);
    let tenant = world.sandbox.places["xero"]["tenant_ids"][0].as_str().unwrap();
    assert_eq!(view["connections"][0]["id"], format!("xero:{tenant}"));
    let run = world.desk.document(&["sync"]);
    assert_eq!(run["complete"], true, "{}", run["gaps"]);
    let view = world.desk.document(&["connections", "--disconnect", "xero"]);
    assert_eq!(list(&view["connections"]).len(), 0);
    world.connect("xero");
}

#[test]
fn a_person_who_presses_deny_connects_nothing() {
    let (sandbox, desk) = (Sandbox::serve(), Desk::new());
    for brand in ["salesforce", "quickbooks"] {
        let signing_in = start(&desk, &sandbox, brand);
        let page = signing_in.press("Deny");
        assert!(page.body.contains("The sign-in was refused"), "{}", page.body);
        let ran = signing_in.end();
        ran.fails_with("TIE-2002");
        assert_eq!(ran.document()["error"]["code"], "TIE-2002");
    }
    let view = desk.document(&["connections"]);
    assert_eq!(list(&view["connections"]).len(), 0);
}

#[test]
fn a_redirect_that_is_not_the_answer_is_ignored() {
    let (sandbox, desk) = (Sandbox::serve(), Desk::new());
    let signing_in = start(&desk, &sandbox, "salesforce");
    let redirect = signing_in.redirect_of("Allow");
    let (address, _) = redirect.split_once('?').expect("it carries a code");
    for stranger in ["", "?code=abc", "?code=abc&state=guessed", "?error=access_denied"] {
        let answer = http::get(&format!("{address}{stranger}"));
        assert_eq!(answer.status, 400, "{stranger}");
    }
    let elsewhere = http::get(&address.replace("/callback", "/other"));
    assert_eq!(elsewhere.status, 404);
    let page = followed(http::get(&redirect));
    assert!(page.body.contains("You can close this window"), "{}", page.body);
    let ran = signing_in.end().exits(0);
    assert_eq!(ran.document()["name"], "salesforce");
}

#[test]
fn an_app_that_an_administrator_must_install_never_comes_back() {
    let (sandbox, desk) = (Sandbox::serve(), Desk::new());
    let switch = format!("{}/salesforce/switch", sandbox.places["control_url"].as_str().unwrap());
    http::post_json(&switch, &json!({ "app_not_installed": true })).json();
    let signing_in = start(&desk, &sandbox, "salesforce");
    let redirect = http::get(&signing_in.authorize_url).location.expect("to a page of Salesforce");
    assert!(redirect.contains("must+be+installed"), "{redirect}");
    signing_in.kill();
}

#[test]
fn a_disconnected_company_is_forgotten_and_can_be_connected_again() {
    let world = World { sandbox: Sandbox::serve(), desk: Desk::new() };
    world.connect("quickbooks");
    let view = world.desk.document(&["connections", "--disconnect", "quickbooks"]);
    assert_eq!(list(&view["connections"]).len(), 0);
    world.desk.fails(&["sync", "--connection", "other"], "TIE-2006");
    world.connect("quickbooks");
    assert_eq!(list(&world.desk.document(&["connections"])["connections"]).len(), 1);
}

#[test]
fn the_sandbox_ends_when_the_system_asks_it_to() {
    assert_eq!(Sandbox::serve().terminate(), Some(0));
}
