//! A connection that was ended: its figures stay and are shown, and nothing is sent.

use tieout_api::Code;
use tieout_api::commands::{self, SyncOptions};
use tieout_tests::{ACTOR, World};

fn ended(names: &[&str]) -> World {
    let mut world = World::played();
    for name in names {
        world
            .ask(async |workspace| commands::disconnect(workspace, name, ACTOR).await)
            .expect("the tool confirms");
    }
    world.reopen();
    world
}

#[track_caller]
fn check(names: &[&str]) {
    let played = World::played();
    let world = ended(names);
    let receivables = world.receivables();
    assert_eq!(receivables.accounts, played.receivables().accounts, "{names:?}");
    assert_eq!(receivables.invoices, played.receivables().invoices, "{names:?}");
    assert_eq!(world.deals(true).deals, played.deals(true).deals, "{names:?}");
    assert_eq!(world.reconcile().tie_outs, played.reconcile().tie_outs, "{names:?}");
    assert_eq!(world.exceptions().exceptions, played.exceptions().exceptions, "{names:?}");
    let gaps = receivables.reading.gaps;
    assert!(!receivables.reading.complete && gaps.len() == names.len(), "{gaps:?}");
    assert!(world.reconcile().conclusion.contains("incomplete"));
}

#[test]
fn the_figures_of_an_ended_ledger_stay() {
    check(&["quickbooks"]);
}

#[test]
fn the_figures_stay_when_salesforce_has_ended() {
    check(&["salesforce"]);
}

#[test]
fn the_figures_stay_when_both_have_ended() {
    check(&["salesforce", "quickbooks"]);
}

#[test]
fn nothing_is_created_while_a_side_has_ended() {
    for name in ["salesforce", "quickbooks"] {
        let mut world = ended(&[name]);
        let refused = world.try_create(&[]).expect_err("nobody knows how things stand there");
        assert_eq!(refused.code, Code::ReadOnlyConnection, "{name}");
        let step = format!("`tieout connect {name} --name {name}`");
        assert!(refused.next_step().contains(&step), "{}", refused.next_step());
    }
}

#[test]
fn a_run_without_any_connection_says_so() {
    let mut world = ended(&["salesforce", "quickbooks"]);
    let refused = world.try_sync(&SyncOptions::default()).expect_err("there is nothing to read");
    assert_eq!(refused.code, Code::NoSuchConnection);
}

#[test]
fn a_resync_asks_for_a_sign_in() {
    let mut world = ended(&["salesforce"]);
    let deal = world.deal_id("D-1042");
    let resync = world.ask(async |workspace| commands::resync(workspace, &deal, None, None).await);
    assert_eq!(resync.expect_err("nobody is signed in").code, Code::SignInNeeded);
}
