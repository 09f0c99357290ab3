//! A first sync: everything is read once by a process that has nothing in hand.

use tieout_connect::ports::Source;

use crate::driver::Trial;
use crate::reader::Reader;
use crate::stand::Stand;

/// What it came to.
#[derive(Clone, Copy, Debug)]
pub struct FirstSync {
    pub records: usize,
    pub requests: u64,
    /// The sum over all kinds of objects of records through rows of a page; an empty kind takes a
    /// request as well, to know that it is empty.
    pub floor: u64,
}

/// `scale` times the records of the ordinary trial.
pub async fn first_sync<S: Stand>(scale: usize) -> FirstSync {
    let trial = Trial::<S>::begin().await;
    let objects = trial.stand.fill(scale);
    let floor: usize =
        objects.iter().map(|(_, records, page)| records.div_ceil(*page).max(1)).sum();
    let port = trial.stand.connect().await;
    let before = trial.stand.world().line.count();
    port.probe().await.expect("probed");
    let mut records = 0;
    for stream in &trial.capabilities.streams {
        let mut reader = Reader::new(port.as_ref(), *stream, &trial.capabilities);
        let run = reader.run().await.unwrap_or_else(|error| panic!("{stream:?}: {error:?}"));
        assert!(run.aside.is_empty(), "{stream:?}: {:?}", run.aside.first());
        records += run.facts.len();
    }
    let requests = u64::try_from(trial.stand.world().line.count() - before).expect("a count");
    assert_eq!(requests, port.requests_sent(), "what is counted is what was sent");
    FirstSync { records, requests, floor: u64::try_from(floor).expect("a count") }
}
