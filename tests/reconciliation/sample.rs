//! A sample workspace keeps its simulators beside its store. A command that is killed must not
//! leave the store knowing what the simulators have forgotten.

use std::future::Future;
use std::path::Path;

use tieout_api::commands::{self, CreateOptions, SyncOptions};
use tieout_api::{Sandbox, Workspace};
use tieout_sim::sample::Company;
use tieout_tests::prepared::{self, Stage};
use tieout_tests::{PERIOD, opening};

/// Won, due, no invoice, every gate passes.
const DEAL: &str = "D-1041";

fn wait<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(what)
}

/// A command of its own process, which is killed before it could end in an orderly way.
fn killed<T>(folder: &Path, what: impl AsyncFnOnce(&mut Workspace) -> T) -> T {
    wait(async {
        let mut workspace = Workspace::open(&opening(folder)).await.expect("the sample opens");
        what(&mut workspace).await
    })
}

fn invoices(folder: &Path) -> usize {
    let deal = Company::alder_quay().deal_id(DEAL).expect("a deal of the sample");
    let books = Sandbox::load(folder).expect("the simulators' state").quickbooks.truth();
    books.documents().iter().filter(|it| it.note.contains(&deal)).count()
}

#[test]
fn a_create_that_is_killed_leaves_its_invoice_in_the_simulator_too() {
    let place = tempfile::tempdir().expect("a folder for the test");
    let folder = place.path().join("workspace");
    prepared::copy(Stage::Read, &folder);
    assert_eq!(invoices(&folder), 0);
    let create = CreateOptions {
        opportunities: vec![Company::alder_quay().deal_id(DEAL).expect("a deal of the sample")],
        further: false,
        dry_run: false,
        limit: 25,
        actor: "Priya Raman".into(),
        ledger: None,
    };
    let created = killed(&folder, async |it| commands::create(it, &create).await);
    assert_eq!(created.expect("the create goes through").created, 1);
    assert_eq!(invoices(&folder), 1);

    let sync = SyncOptions { period: Some(PERIOD.into()), full: true, ..SyncOptions::default() };
    let read = killed(&folder, async |it| commands::sync(it, &sync).await).expect("it reads");
    assert!(read.run.complete, "{:?}", read.run.gaps);
    assert!(read.written_back.failed.is_empty(), "{:?}", read.written_back.failed);
    let again = killed(&folder, async |it| commands::sync(it, &sync).await).expect("it reads");
    assert!(again.run.complete, "{:?}", again.run.gaps);
    assert_eq!(again.written_back.written, 0, "what was written back is still there");
    let create = killed(&folder, async |it| commands::create(it, &create).await);
    assert_eq!(create.expect("there is nothing to do").created, 0);
    assert_eq!(invoices(&folder), 1);
}
