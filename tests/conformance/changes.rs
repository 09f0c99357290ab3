//! Incremental reading: what changed, what came late, what is gone, and to the cent.

use tieout_domain::facts::{DocumentStatus, Fact};

use crate::driver::Trial;
use crate::reader::{amount_of, is_gone};
use crate::stand::Stand;

/// As a tool prints them: more than a float could tell apart, less than a cent could show.
const AMOUNTS: [(&str, &str); 8] = [
    ("0.01", "0.01"),
    ("0.10", "0.10"),
    ("70.05", "70.05"),
    ("1234567.89", "1234567.89"),
    ("4.35", "4.35"),
    ("8.29", "8.29"),
    ("99999999.99", "99999999.99"),
    ("1e2", "100.00"),
];

pub async fn equal_stamps<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let page = S::brand().page;
    let mut made = trial.stand.make(page + 2, 0);
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    assert_eq!(reader.living().len(), made.len(), "one second, more than a page");
    // Made in the second of the mark, after the mark was taken.
    made.extend(trial.stand.make(1, 0));
    trial.stand.world().pass(120);
    reader.run().await.expect("the feed is read");
    assert_eq!(reader.living().len(), made.len(), "the mark is inclusive");
}

pub async fn late<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let late_secs = trial.capabilities.overlap_secs / 2;
    trial.stand.make(1, 1);
    trial.stand.begin_late(late_secs);
    trial.stand.make(1, 60);
    trial.stand.world().pass(120);
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    assert_eq!(reader.living().len(), 2);
    let mark = reader.mark.expect("something was read");
    trial.stand.world().pass(i64::from(late_secs));
    let id = trial.stand.end_late();
    trial.stand.world().pass(1);
    reader.run().await.expect("the feed is read");
    let Some(fact) = reader.known(&id) else { panic!("what came late was never seen") };
    let stamp = match fact {
        Fact::Deal(deal) => &deal.stamp,
        Fact::Document(document) => &document.stamp,
        other => panic!("{other:?} is in no main feed"),
    };
    assert!(stamp.modified_at < mark, "it was older than the mark");
}

pub async fn deletion<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    trial.stand.make(1, 1);
    let id = trial.stand.make_removable();
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    assert!(reader.living().contains(&id));
    trial.stand.world().pass(120);
    trial.stand.remove(&id)();
    trial.stand.world().pass(5);
    let run = reader.run().await.expect("the feed is read");
    let told = run.of(&id);
    assert!(told.iter().any(|fact| is_gone(fact)), "a deletion is a fact: {told:?}");
    assert!(!reader.living().contains(&id));
    assert_eq!(reader.living().len(), 1, "the other one stays");
}

pub async fn void<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let made = trial.stand.make(2, 1);
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    trial.stand.world().pass(120);
    trial.stand.void(&made[0])();
    trial.stand.world().pass(5);
    reader.run().await.expect("the feed is read");
    let Some(Fact::Document(document)) = reader.known(&made[0]) else { panic!("it is there") };
    assert_eq!(document.status, DocumentStatus::Void);
    assert!(document.balance_now.is_zero(), "nothing is open of it");
    let Some(Fact::Document(other)) = reader.known(&made[1]) else { panic!("it is there") };
    assert_eq!(other.status, DocumentStatus::Open);
}

pub async fn amounts<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let made: Vec<(String, &str)> =
        AMOUNTS.iter().map(|(sent, want)| (trial.stand.make_of(sent), *want)).collect();
    let mut reader = trial.reader();
    let run = reader.run().await.expect("the feed is read");
    assert!(run.aside.is_empty(), "{:?}", run.aside);
    for (id, want) in made {
        let fact = reader.known(&id).expect("read");
        assert_eq!(amount_of(fact).as_deref(), Some(want));
    }
}
