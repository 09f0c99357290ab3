//! What nobody told us about: fields and words of tomorrow, and rights that are not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Source;
use tieout_domain::facts::Fact;

use crate::driver::Trial;
use crate::reader::{Reader, amount_of};
use crate::stand::{Shown, Stand, Word};

type Spoil = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// Changes the record with this id wherever an answer holds it.
fn spoil<S: Stand>(trial: &Trial<S>, id: &str, spoil: Spoil) -> Arc<AtomicUsize> {
    let (member, id, times) = (S::brand().id, id.to_owned(), Arc::new(AtomicUsize::new(0)));
    let count = times.clone();
    let change = move |body: Bytes| {
        let Ok(mut tree) = serde_json::from_slice::<Value>(&body) else { return body };
        let found = visit(&mut tree, member, &id, &spoil);
        count.fetch_add(found, Ordering::SeqCst);
        if found > 0 { Bytes::from(tree.to_string()) } else { body }
    };
    trial.stand.world().line.changes(|_| true, change);
    times
}

fn visit(tree: &mut Value, member: &str, id: &str, spoil: &Spoil) -> usize {
    match tree {
        Value::Array(items) => items.iter_mut().map(|item| visit(item, member, id, spoil)).sum(),
        Value::Object(members) => {
            if members.get(member).and_then(Value::as_str) == Some(id) {
                spoil(tree);
                return 1;
            }
            members.values_mut().map(|value| visit(value, member, id, spoil)).sum()
        }
        _ => 0,
    }
}

fn add_a_field(record: &mut Value) {
    record["Novelty"] = json!({"since": 2027, "kinds": ["A", null]});
}

pub async fn field<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let made = trial.stand.make(3, 1);
    let spoilt = spoil(&trial, &made[1], Arc::new(add_a_field));
    let mut reader = trial.reader();
    let run = reader.run().await.expect("the feed is read");
    assert!(spoilt.load(Ordering::SeqCst) > 0, "the field was there");
    assert!(run.aside.is_empty(), "a new field means nothing: {:?}", run.aside);
    assert_eq!(reader.living().len(), 3);
}

pub async fn word<S: Stand>(word: Word) {
    let trial = Trial::<S>::begin().await;
    let made = trial.stand.make(3, 1);
    let spoilt = spoil(&trial, &made[1], Arc::new(move |record| S::misname(record, word)));
    let mut reader = trial.reader();
    let run = reader.run().await.expect("one strange record stops nobody");
    assert!(spoilt.load(Ordering::SeqCst) > 0, "the word was there");
    let read = reader.living();
    assert!(read.contains(&made[0]) && read.contains(&made[2]), "the rest goes through");
    match word {
        Word::DecidesNothing => {
            assert!(run.aside.is_empty(), "{:?}", run.aside);
            let fact = reader.known(&made[1]).expect("taken");
            assert_eq!(amount_of(fact).as_deref(), Some("100.00"), "its amount counts");
        }
        Word::Decides => {
            let aside: Vec<&str> = run.aside.iter().map(|aside| aside.id.as_str()).collect();
            assert_eq!(aside, [made[1].as_str()], "kept whole, with its id");
            assert!(!run.aside[0].raw.is_empty());
            assert!(!read.contains(&made[1]), "and enters no figure");
        }
    }
}

pub async fn right<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let made = trial.stand.make(2, 1);
    trial.stand.take_a_right_away();
    let port = trial.stand.connect().await;
    let probe = port.probe().await;
    let mut reader = Reader::new(port.as_ref(), S::brand().stream, &trial.capabilities);
    let run = reader.run().await;
    match S::brand().right {
        Shown::AtReading => {
            let error = run.expect_err("no right is no empty list");
            trial.stand.world().judge(&error);
            assert!(matches!(error, ConnectorError::NotPermitted { .. }), "{error:?}");
        }
        Shown::ByTheProbe => {
            let missing = match probe {
                Ok(probe) => probe.missing,
                Err(error) => panic!("the probe says what is missing: {error:?}"),
            };
            assert!(!missing.is_empty(), "nobody said what is missing");
            match run {
                Err(error) => assert!(matches!(error, ConnectorError::NotPermitted { .. })),
                Ok(run) => check_hidden(&made, &run.facts),
            }
        }
    }
}

/// What is hidden may be absent; it is never nought.
fn check_hidden(made: &[String], facts: &[Fact]) {
    assert_eq!(facts.len(), made.len());
    assert!(facts.iter().all(|fact| amount_of(fact).is_none_or(|amount| amount != "0.00")));
}
