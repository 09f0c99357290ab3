//! Paging: nothing is lost, nothing comes twice into the books, and no request is wasted.

use std::collections::BTreeSet;

use tieout_connect::ports::Source;

use crate::driver::Trial;
use crate::first_sync::{FirstSync, first_sync};
use crate::reader::Reader;
use crate::rows::Count;
use crate::stand::Stand;

/// A first sync may send so many percent of the floor.
const BUDGET_PERCENT: u64 = 105;

pub async fn records<S: Stand>(count: Count) {
    let trial = Trial::<S>::begin().await;
    let page = S::brand().page;
    let count = match count {
        Count::None => 0,
        Count::One => 1,
        Count::Page => page,
        Count::PageAndOne => page + 1,
    };
    let made = trial.stand.make(count, 1);
    let mut reader = trial.reader();
    let run = reader.run().await.expect("the feed is read");
    assert!(run.aside.is_empty(), "{:?}", run.aside.first());
    assert_same(&made, &reader.living());
    let least = count.div_ceil(page).max(1);
    // A tool that does not count makes us ask once more behind a full page.
    assert!((least..=least + 1).contains(&run.pages), "{} pages", run.pages);
    let ids = trial.port.ids(S::brand().stream).await.expect("ids are read");
    if let Some(ids) = ids {
        assert_same(&made, &ids);
    }
}

#[track_caller]
fn assert_same(made: &[String], known: &[String]) {
    let made: BTreeSet<&String> = made.iter().collect();
    let known: BTreeSet<&String> = known.iter().collect();
    let lost: Vec<_> = made.difference(&known).take(3).collect();
    let strange: Vec<_> = known.difference(&made).take(3).collect();
    assert!(lost.is_empty() && strange.is_empty(), "lost {lost:?}, strange {strange:?}");
}

pub async fn change_between<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let mut made = trial.stand.make(S::brand().page, 1);
    let goes = trial.stand.make_removable();
    made.extend(trial.stand.make(3, 1));
    let touched = [made[0].clone(), made.last().expect("some").clone()];
    let acts =
        [trial.stand.touch(&touched[0]), trial.stand.touch(&touched[1]), trial.stand.remove(&goes)];
    let (clock, far) = (trial.stand.world().clock.clone(), jiff::SignedDuration::from_secs(5));
    let act = Box::new(move || {
        clock.advance(far);
        acts.into_iter().for_each(|act| act());
    });
    trial.stand.world().line.afterwards(act, S::is_page);
    let mut reader = trial.reader();
    reader.run().await.expect("the feed is read");
    assert!(trial.stand.world().line.is_quiet(), "it happened between two pages");
    let first: BTreeSet<String> = reader.living().into_iter().collect();
    for id in &made {
        assert!(first.contains(id), "a change between two pages hid {id}");
    }
    trial.stand.world().pass(300);
    reader.run().await.expect("the feed is read");
    // A list of changes that is cut short tells no deletions: the comparison of ids does.
    let there = trial.port.ids(S::brand().stream).await.expect("ids are read");
    let mut living = reader.living();
    living.retain(|id| there.as_ref().is_none_or(|there| there.contains(id)));
    assert_same(&made, &living);
    for id in &touched {
        let stamp = stamp_of(&reader, id);
        assert!(stamp > made_until(&trial), "the change of {id} was missed");
    }
}

fn stamp_of<P: Source + ?Sized>(reader: &Reader<'_, P>, id: &str) -> jiff::Timestamp {
    match reader.known(id).expect("known") {
        tieout_domain::facts::Fact::Deal(deal) => deal.stamp.modified_at,
        tieout_domain::facts::Fact::Document(document) => document.stamp.modified_at,
        other => panic!("{other:?} is in no main feed"),
    }
}

/// Everything was made before this: one second apart, from the beginning on.
fn made_until<S: Stand>(_: &Trial<S>) -> jiff::Timestamp {
    let records = i64::try_from(S::brand().page + 3).expect("a page");
    crate::stand::World::start() + jiff::SignedDuration::from_secs(records)
}

pub async fn budget<S: Stand>() {
    let FirstSync { records, requests, floor } = first_sync::<S>(1).await;
    let most = floor * BUDGET_PERCENT / 100 + S::brand().set_up.requests;
    assert!(records > 2 * S::brand().page, "more than a page was read");
    assert!(requests <= most, "{requests} requests for a floor of {floor}");
}
