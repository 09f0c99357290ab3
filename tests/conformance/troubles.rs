//! Accidents on the way: a read is whole or fails, a write is never sent twice by itself, and
//! nothing that is said about it holds a secret.

use jiff::Timestamp;
use tieout_connect::error::{Action, ConnectorError};
use tieout_sim::fault::FaultKind;

use crate::driver::Trial;
use crate::line::Accident;
use crate::rows::{ReadEnds, Trouble, WriteEnds};
use crate::stand::Stand;

pub async fn read<S: Stand>(trouble: Trouble) {
    let trial = Trial::<S>::begin().await;
    let world = trial.stand.world();
    trial.stand.make(2, 1);
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    let late = trial.stand.make(1, 120);
    let mark = reader.mark;
    let (before, sent) = (world.clock.now(), pages_sent::<S>(&trial));
    world.line.happens(trouble.accident, 1, S::is_page);
    let outcome = reader.run().await;
    let waited = secs_between(before, world.clock.now());
    assert!(pages_sent::<S>(&trial) > sent, "the accident had its chance");
    match (trouble.read, outcome) {
        (ReadEnds::Whole(least), outcome) => {
            let run = outcome.expect("tried again");
            assert!(!run.of(&late[0]).is_empty(), "the page was whole");
            assert!(waited >= least, "waited {waited} s where {least} were asked for");
        }
        (ReadEnds::WholeOrError, Ok(run)) => {
            assert!(!run.of(&late[0]).is_empty(), "half a page was taken for a page");
        }
        (ReadEnds::WholeOrError, Err(error)) => {
            world.judge(&error);
            assert_eq!(reader.mark, mark, "the mark never moves over what was not read");
        }
    }
    world.line.heal();
    reader.run().await.expect("the accident is over");
    assert!(reader.living().contains(&late[0]), "nothing is lost in the end");
    assert_eq!(reader.living().len(), 3);
}

fn pages_sent<S: Stand>(trial: &Trial<S>) -> usize {
    let exchanges = trial.stand.world().line.exchanges();
    exchanges.iter().filter(|exchange| S::is_page(&exchange.request)).count()
}

fn writes_sent<S: Stand>(trial: &Trial<S>) -> usize {
    let exchanges = trial.stand.world().line.exchanges();
    exchanges.iter().filter(|exchange| S::is_write(&exchange.request)).count()
}

fn secs_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs()
}

pub async fn write<S: Stand>(trouble: Trouble) {
    let trial = Trial::<S>::begin().await;
    let (stand, port) = (&trial.stand, trial.port.as_ref());
    assert!(!stand.look_up(port).await.expect("asked"), "nothing is there yet");
    stand.world().line.happens(trouble.accident, 1, S::is_write);
    let outcome = stand.write(port, 1).await;
    if let Err(error) = &outcome {
        stand.world().judge(error);
    }
    assert_eq!(writes_sent::<S>(&trial), 1, "a write is sent once");
    let there = match trouble.write {
        WriteEnds::Done => {
            outcome.expect("it only took long");
            true
        }
        WriteEnds::NotReceived => {
            let error = outcome.expect_err("it was not received");
            assert!(error.certainly_not_received(), "{error:?}");
            assert_eq!(error.action(), Action::RetryLater);
            false
        }
        WriteEnds::NotDone => {
            let error = outcome.expect_err("it was not done");
            assert!(error.is_refusal() || error.action() == Action::AskFirst, "{error:?}");
            false
        }
        WriteEnds::Unknown { acted } => {
            let error = outcome.expect_err("nobody knows");
            assert_eq!(error.action(), Action::AskFirst, "{error:?}");
            assert!(!error.certainly_not_received() && !error.is_refusal(), "{error:?}");
            acted
        }
    };
    assert_eq!(stand.written(), usize::from(there), "in the tool");
    assert_eq!(stand.look_up(port).await.expect("asked"), there, "asking tells");
    if !there {
        stand.write(port, 1).await.expect("the accident is over");
    }
    assert_eq!(stand.written(), 1, "once in the end");
    assert!(stand.look_up(port).await.expect("asked"));
}

/// Every kind of refusal there is, on the pages, on the writes and on the renewal of tokens.
pub async fn no_secret<S: Stand>() {
    const KINDS: [FaultKind; 8] = [
        FaultKind::Unauthorized,
        FaultKind::FaultInside,
        FaultKind::ServerErrorBefore,
        FaultKind::Html,
        FaultKind::HtmlAfter,
        FaultKind::TruncatedAfter,
        FaultKind::DropAfter,
        FaultKind::Throttle,
    ];
    let (mut seen, mut secrets) = (0, 0);
    for kind in KINDS {
        let trial = Trial::<S>::begin().await;
        trial.stand.make(1, 1);
        let world = trial.stand.world();
        let errors: [Option<ConnectorError>; 3] = [
            refused_at(&trial, kind, S::is_page).await,
            refused_write(&trial, kind).await,
            refused_at(&trial, kind, is_renewal).await,
        ];
        for error in errors.iter().flatten() {
            world.judge(error);
            seen += 1;
        }
        secrets = world.line.secrets().len();
    }
    assert!(seen > KINDS.len(), "{seen} errors were looked at");
    assert!(secrets >= 3, "tokens and a code went over the line");
}

fn is_renewal(request: &http::Request<bytes::Bytes>) -> bool {
    request.body().windows(13).any(|part| part == b"refresh_token")
}

async fn refused_at<S: Stand>(
    trial: &Trial<S>,
    kind: FaultKind,
    applies: fn(&http::Request<bytes::Bytes>) -> bool,
) -> Option<ConnectorError> {
    let line = &trial.stand.world().line;
    line.happens(Accident::Fault(kind), u32::MAX, applies);
    trial.stand.lapse();
    let outcome = trial.reader().run().await;
    line.heal();
    outcome.err()
}

async fn refused_write<S: Stand>(trial: &Trial<S>, kind: FaultKind) -> Option<ConnectorError> {
    let line = &trial.stand.world().line;
    line.happens(Accident::Fault(kind), u32::MAX, S::is_write);
    let outcome = trial.stand.write(trial.port.as_ref(), 1).await;
    line.heal();
    outcome.err()
}
