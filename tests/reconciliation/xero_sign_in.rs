//! One sign-in of a person reaches several organisations of Xero, and they share it.

use std::fs;

use serde_json::json;
use tieout_api::sign_in::{Browser, Organisation, XeroOptions};
use tieout_api::views::connections::ConnectionView;
use tieout_api::{Code, Failure, commands};
use tieout_sim::xero::{TenantConfig, XeroSim};
use tieout_tests::xero::XERO;
use tieout_tests::{ACTOR, World};

/// Another organisation of the same person.
const OTHER: &str = "9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f";
const OTHER_NAME: &str = "Northwind Tools Ltd";

/// A world whose person has two organisations.
fn two() -> World {
    let world = World::read();
    world.sandbox.xero.open_tenant(TenantConfig::default());
    world
}

/// Both connected, one after the other.
fn both() -> World {
    let mut world = two();
    world.sign_in_xero("uk", XeroOptions::default()).unwrap();
    world.sign_in_xero("nz", XeroOptions::default()).unwrap();
    world
}

fn connection(world: &mut World, name: &str) -> Option<ConnectionView> {
    let view = world.ask(async |workspace| commands::connections(workspace).await).unwrap();
    view.connections.into_iter().find(|it| it.name == name)
}

fn disconnect(world: &mut World, name: &str) -> Result<(), Failure> {
    world.ask(async |workspace| commands::disconnect(workspace, name, ACTOR).await)
}

/// Sealed sign-ins of Xero on disk.
fn sealed(world: &World) -> usize {
    let files = fs::read_dir(world.folder().join("grants")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("xero_") && name.ends_with(".sealed")).count()
}

/// Renewals so far.
fn renewals(world: &World) -> usize {
    let sent = world.wire.sent();
    let token = sent.iter().filter(|sent| sent.path.contains("/connect/token"));
    token.filter(|sent| sent.body.contains("grant_type=refresh_token")).count()
}

struct Person {
    answer: &'static str,
    offered: Vec<Organisation>,
}

impl Browser for Person {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        unreachable!("a sandbox answers its own consent page")
    }

    fn organisation(&mut self, reached: &[Organisation]) -> Result<String, Failure> {
        self.offered = reached.to_vec();
        Ok(self.answer.to_owned())
    }
}

#[test]
fn the_organisation_that_was_chosen_in_the_browser_is_connected() {
    let mut world = both();
    let uk = connection(&mut world, "uk").unwrap();
    assert_eq!((uk.id, uk.brand), (format!("xero:{}", XeroSim::SAMPLE_TENANT), XERO.into()));
    assert_eq!(connection(&mut world, "nz").unwrap().id, format!("xero:{OTHER}"));
    assert_eq!(sealed(&world), 1, "one person, one app, one sign-in");
}

#[test]
fn a_person_says_which_where_nobody_can_tell() {
    let mut world = two();
    world.sandbox.xero.switch(&json!({"bulk_connect": true})).unwrap();
    let unasked = world.sign_in_xero(XERO, XeroOptions::default()).unwrap_err();
    assert_eq!(unasked.code, Code::SignInRefused);
    assert!(unasked.detail.contains(OTHER_NAME), "{}", unasked.detail);
    assert!(unasked.next_step().contains("`--organisation`"));
    assert_eq!((connection(&mut world, XERO), sealed(&world)), (None, 0), "nothing is kept");

    let mut person = Person { answer: OTHER, offered: Vec::new() };
    let connected = world.sign_in_xero_with(XERO, XeroOptions::default(), &mut person).unwrap();
    assert_eq!(connected.id, format!("xero:{OTHER}"));
    assert_eq!(person.offered.len(), 2);
}

#[test]
fn an_organisation_can_be_named() {
    let mut world = two();
    world.sandbox.xero.switch(&json!({"bulk_connect": true})).unwrap();
    let named = |organisation: &str| XeroOptions {
        organisation: Some(organisation.into()),
        ..XeroOptions::default()
    };
    let unknown = world.sign_in_xero(XERO, named("Northwind")).unwrap_err();
    assert_eq!(unknown.code, Code::SignInRefused);
    let connected = world.sign_in_xero("nz", named(OTHER_NAME)).unwrap();
    assert_eq!(connected.id, format!("xero:{OTHER}"));
    let connected = world.sign_in_xero("uk", named(XeroSim::SAMPLE_TENANT)).unwrap();
    assert_eq!(connected.id, format!("xero:{}", XeroSim::SAMPLE_TENANT));
}

#[test]
fn another_organisation_under_a_taken_name_is_refused_and_the_first_lives_on() {
    let mut world = two();
    world.sign_in_xero(XERO, XeroOptions::default()).unwrap();
    let refused = world.sign_in_xero(XERO, XeroOptions::default()).unwrap_err();
    assert_eq!(refused.code, Code::SignInRefused);
    assert!(refused.detail.contains(XeroSim::SAMPLE_TENANT), "{}", refused.detail);
    assert!(refused.next_step().contains("`--name`"));
    world.forward(7_200);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
}

#[test]
fn what_was_decided_about_a_connection_outlives_a_new_sign_in() {
    let mut world = World::read();
    let decided = XeroOptions { approved: Some(true), ..XeroOptions::default() };
    world.sign_in_xero(XERO, decided).unwrap();
    world.sign_in_xero(XERO, XeroOptions::default()).unwrap();
    let records = world.workspace().engine.store.connections().unwrap();
    let kept = records.into_iter().find(|record| record.id.as_str() == XERO).unwrap();
    assert!(kept.settings.contains(r#""approved":true"#), "{}", kept.settings);
}

#[test]
fn two_organisations_renew_the_sign_in_that_they_share_one_after_the_other() {
    let mut world = both();
    for _ in 0..4 {
        world.forward(7_200);
        world.wire.forget();
        let run = world.sync().run;
        assert!(run.complete, "{:?}", run.gaps);
        assert_eq!(renewals(&world), 1, "the second one takes what the first one stored");
    }
    world.die();
    world.reopen();
    world.forward(7_200);
    let run = world.sync().run;
    assert!(run.complete, "what is stored is what works: {:?}", run.gaps);
}

#[test]
fn one_organisation_leaves_and_the_other_stays() {
    let mut world = both();
    disconnect(&mut world, "uk").unwrap();
    assert_eq!(sealed(&world), 1);
    let revoked = |world: &World| {
        world.wire.sent().iter().any(|sent| sent.path.contains("/connect/revocation"))
    };
    assert!(!revoked(&world), "that would end both");
    world.forward(7_200);
    let view = world.sync().run;
    assert!(view.gaps.iter().all(|gap| !gap.sentence.starts_with("nz: ")), "{view:?}");
    disconnect(&mut world, "nz").unwrap();
    assert!(revoked(&world));
    assert_eq!(sealed(&world), 0);
}

#[test]
fn an_organisation_that_was_removed_inside_xero_is_a_clear_failure() {
    let mut world = both();
    assert!(world.sync().run.complete);
    world.sandbox.xero.disconnect(XeroSim::SAMPLE_TENANT);
    world.forward(7_200);
    let run = world.sync().run;
    assert!(!run.complete);
    let told: Vec<&str> = run.gaps.iter().map(|gap| gap.sentence.as_str()).collect();
    assert!(told.iter().any(|gap| gap.contains("not connected any more")), "{told:#?}");
    assert!(told.iter().all(|gap| !gap.starts_with("nz: ")), "the other was read: {told:#?}");
    // Here it can still be ended.
    disconnect(&mut world, "uk").unwrap();
    assert!(connection(&mut world, "uk").is_none() && connection(&mut world, "nz").is_some());
}

#[test]
fn no_failure_and_no_file_holds_a_secret() {
    let mut world = both();
    world.sandbox.xero.switch(&json!({"consent": "deny"})).unwrap();
    let denied = world.sign_in_xero("third", XeroOptions::default()).unwrap_err();
    world.sandbox.xero.switch(&json!({"consent": "ask"})).unwrap();
    world.sandbox.xero.disconnect(OTHER);
    world.forward(7_200);
    let run = world.sync();
    assert!(!run.run.complete);
    let told = format!("{denied:?} {run:?} {:?}", connection(&mut world, "uk"));
    let secrets = world.wire.secrets();
    assert!(secrets.len() > 4, "tokens of two sign-ins and their renewals went over the wire");
    for secret in &secrets {
        assert!(!told.contains(secret.as_str()), "a secret was told");
    }
    world.close();
    for folder in [world.folder().to_owned(), world.folder().join("grants")] {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let bytes = fs::read(&path).unwrap();
                for secret in &secrets {
                    let held = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                    assert!(!held, "{}", path.display());
                }
            }
        }
    }
}
