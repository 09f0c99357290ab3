//! Sign-in, renewal and its end.

use tieout_connect::error::ConnectorError;
use tieout_connect::oauth::OAuthClient;
use tieout_connect::ports::Source;

use crate::driver::Trial;
use crate::line::Step;
use crate::stand::{Stand, sign_in};

/// Requests that a connector may send before it says that a person must sign in.
const LAST_REQUESTS_MAX: usize = 4;

pub async fn signs_in<S: Stand>() {
    let stand = S::found();
    let port = stand.connect().await;
    let before = port.probe().await.expect_err("nobody is signed in");
    assert!(matches!(before, ConnectorError::SignInNeeded), "{before:?}");
    assert_eq!(stand.world().line.count(), 0, "nothing is sent without a token");

    sign_in(&stand).await;
    let grant = stand.world().keys.stored().expect("stored");
    assert!(grant.refresh.is_some(), "or a person would sign in again and again");
    let port = stand.connect().await;
    port.probe().await.expect("signed in");
    let wrong = Step::Used("undefined".to_owned());
    assert!(!stand.world().line.steps().contains(&wrong));
}

/// The tool told a token, it was stored, it was used: in this order, and never without the middle.
fn check_order(steps: &[Step]) {
    let place = |wanted: &Step| steps.iter().position(|step| step == wanted);
    for step in steps {
        let Step::Used(token) = step else { continue };
        let saved = place(&Step::Saved(token.clone()));
        let used = place(step);
        assert!(saved.is_some() && saved < used, "a token was used before it was stored");
    }
}

fn told(steps: &[Step]) -> usize {
    steps.iter().filter(|step| matches!(step, Step::Told(_))).count()
}

pub async fn is_saved_before_use<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let world = trial.stand.world();
    let first = world.keys.stored().expect("signed in");
    trial.stand.make(1, 1);
    trial.stand.lapse();
    trial.reader().run().await.expect("renewed");
    let second = world.keys.stored().expect("renewed");
    assert_ne!(first.access, second.access);
    assert_ne!(first.refresh, second.refresh, "the tool rotates");
    check_order(&world.line.steps());

    trial.stand.lapse();
    world.keys.fail_saves(1);
    let error = trial.reader().run().await.err();
    if let Some(error) = &error {
        world.judge(error);
    }
    check_order(&world.line.steps());
    trial.reader().run().await.expect("the rotated token was kept until it could be stored");
    check_order(&world.line.steps());
    assert_ne!(world.keys.stored().expect("renewed").refresh, second.refresh);

    // Another process begins where this one ended.
    let port = trial.stand.connect().await;
    port.probe().await.expect("what was stored is good");
}

pub async fn renews_once<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    trial.stand.make(1, 1);
    let world = trial.stand.world();
    let before = told(&world.line.steps());
    trial.stand.lapse();
    let (mut one, mut other) = (trial.reader(), trial.reader());
    let (one, other) = tokio::join!(one.run(), other.run());
    one.expect("renewed");
    other.expect("renewed by the other");
    assert_eq!(told(&world.line.steps()) - before, 1, "two renewals would end the grant");
    check_order(&world.line.steps());
}

pub async fn is_revoked<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let world = trial.stand.world();
    let grant = world.keys.stored().expect("signed in");
    let person = OAuthClient::new(trial.stand.oauth(), world.line.clone(), world.entropy.clone());
    person.revoke(&grant.refresh.expect("one is given")).await.expect("the tool takes it");
    trial.stand.lapse();
    for _ in 0..2 {
        let before = world.line.count();
        let error = trial.reader().run().await.expect_err("the grant is gone");
        world.judge(&error);
        assert!(matches!(error, ConnectorError::SignInNeeded), "{error:?}");
        let sent = world.line.count() - before;
        assert!(sent <= LAST_REQUESTS_MAX, "{sent} requests with a dead grant");
    }
    sign_in(&trial.stand).await;
    let port = trial.stand.connect().await;
    port.probe().await.expect("a person signed in again");
}

pub async fn probe<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let (brand, capabilities) = (S::brand(), &trial.capabilities);
    assert_eq!(capabilities.tool, brand.tool);
    assert_eq!(capabilities.replay, brand.replay);
    assert!(capabilities.streams.contains(&brand.stream));
    assert!(capabilities.currencies.contains(&capabilities.functional_currency));
    assert!(capabilities.overlap_secs > 0 && capabilities.settle_secs < capabilities.overlap_secs);
    assert!(jiff::tz::TimeZone::get(&capabilities.time_zone).is_ok(), "{capabilities:?}");
    let probe = trial.port.probe().await.expect("a second time");
    assert!(!probe.name.is_empty());
    assert!(probe.missing.iter().all(|missing| !missing.blocks_reading), "{:?}", probe.missing);
    for stream in &capabilities.streams {
        let feed =
            crate::reader::Reader::new(trial.port.as_ref(), *stream, capabilities).run().await;
        feed.unwrap_or_else(|error| panic!("{stream:?} was declared: {error:?}"));
    }
}
