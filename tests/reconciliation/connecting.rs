//! One company under one name, the right app, and what is known of a sign-in.

use tieout_api::sign_in::{self, Browser, ConnectOptions, Connected};
use tieout_api::views::connections::ConnectionView;
use tieout_api::{Code, Failure, commands};
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_tests::World;

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        unreachable!("a sandbox answers its own consent page")
    }
}

fn salesforce(world: &mut World, name: &str) -> Result<Connected, Failure> {
    let options = ConnectOptions {
        name: Some(name.into()),
        base_url: Some("http://127.0.0.1:1".into()),
        client_id: Some(tieout_sim::salesforce::CLIENT_ID.into()),
        ..ConnectOptions::default()
    };
    world.ask(async |workspace| sign_in::salesforce(workspace, &options, &mut NoBrowser).await)
}

fn quickbooks(world: &mut World, name: &str, secret: &str) -> Result<Connected, Failure> {
    let options = ConnectOptions {
        name: Some(name.into()),
        base_url: Some("http://127.0.0.1:2".into()),
        client_id: Some(QuickBooksSim::CLIENT_ID.into()),
        client_secret: Some(secret.into()),
        ..ConnectOptions::default()
    };
    world.ask(async |workspace| sign_in::quickbooks(workspace, &options, &mut NoBrowser).await)
}

fn connections(world: &mut World) -> Vec<ConnectionView> {
    let view = world.ask(async |workspace| commands::connections(workspace).await);
    view.unwrap().connections
}

#[track_caller]
fn check_refused(refused: Result<Connected, Failure>, detail: &str, hint: &str) {
    let failure = refused.expect_err("it is connected already");
    assert_eq!(failure.code, Code::SignInRefused);
    assert!(failure.detail.ends_with(detail), "{}", failure.detail);
    assert!(failure.next_step().contains(hint), "{}", failure.next_step());
}

/// QuickBooks ends the earlier sign-in of an app when its company signs in again.
#[test]
fn a_company_that_signs_in_under_a_second_name_is_refused_and_the_first_lives_on() {
    let mut world = World::connected();
    let before = connections(&mut world);
    let second = quickbooks(&mut world, "books", QuickBooksSim::CLIENT_SECRET);
    check_refused(second, "is connected already as `quickbooks`", "`--name quickbooks`");
    let second = salesforce(&mut world, "crm");
    check_refused(second, "is connected already as `salesforce`", "`--name salesforce`");
    assert_eq!(connections(&mut world), before);
    world.forward(7_200);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
}

#[test]
fn a_name_that_is_taken_by_another_company_is_refused() {
    let mut world = World::fresh();
    salesforce(&mut world, "salesforce").unwrap();
    let before = connections(&mut world);
    let taken = quickbooks(&mut world, "salesforce", QuickBooksSim::CLIENT_SECRET);
    let org = before[0].id.clone();
    check_refused(taken, &format!("is the connection of `{org}`"), "`--name`");
    assert_eq!(connections(&mut world), before);
}

#[test]
fn a_second_organisation_is_refused_under_any_name() {
    let mut world = World::fresh();
    salesforce(&mut world, "salesforce").unwrap();
    world.ask(async |workspace| {
        let store = &mut workspace.engine.store;
        let mut first = store.connections().unwrap().remove(0);
        first.settings = first.settings.replace("00D", "00X");
        store.save_connection(&first).unwrap();
    });
    for name in ["another", "salesforce"] {
        let refused = salesforce(&mut world, name);
        let failure = refused.expect_err("it is another organisation");
        assert_eq!(failure.code, Code::SignInRefused);
        assert!(failure.detail.starts_with("this workspace keeps the deals of `00X"));
        assert!(failure.next_step().contains("a workspace of its own"));
    }
    assert_eq!(connections(&mut world).len(), 1);
}

#[test]
fn the_same_company_signs_in_again_under_its_name() {
    let mut world = World::connected();
    quickbooks(&mut world, "quickbooks", QuickBooksSim::CLIENT_SECRET).unwrap();
    salesforce(&mut world, "salesforce").unwrap();
    assert_eq!(connections(&mut world).len(), 2);
}

#[test]
fn a_wrong_secret_is_not_taken_for_a_missing_app() {
    let mut world = World::fresh();
    let failure = quickbooks(&mut world, "quickbooks", "not this one").unwrap_err();
    assert_eq!(failure.code, Code::WrongApp);
    assert!(failure.next_step().contains("Keys and credentials"));
}

#[test]
fn a_sign_in_that_the_tool_refused_is_shown_until_it_is_renewed() {
    let mut world = World::connected();
    world.sandbox.quickbooks.disconnect();
    world.forward(7_200);
    assert!(!world.sync().run.complete);
    let rows = connections(&mut world).into_iter();
    let mut shown: Vec<(String, bool, String)> =
        rows.map(|it| (it.name, it.signed_in, it.finding.unwrap_or_default())).collect();
    let want = [("quickbooks", false, "it wants a new sign-in"), ("salesforce", true, "")];
    let want = want.map(|(name, signed_in, found)| (name.into(), signed_in, found.into()));
    shown.sort();
    assert_eq!(shown, want);
    world.forward(60);
    quickbooks(&mut world, "quickbooks", QuickBooksSim::CLIENT_SECRET).unwrap();
    assert!(connections(&mut world).iter().all(|it| it.signed_in && it.finding.is_none()));
}
