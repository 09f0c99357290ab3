use std::path::Path;

use jiff::Timestamp;
use tieout_domain::ids::ConnectionId;
use tieout_engine::Silent;
use tieout_store::{ConnectionRecord, Role};

use super::unfinished::refuse_real;
use super::*;
use crate::codes::Code;
use crate::commands::{Choice, DecideOptions, EffectsOptions, Resolution, decide, effects};
use crate::settings;

fn opening(folder: &Path) -> Opening {
    Opening {
        folder: folder.to_owned(),
        passphrase: Some("a long passphrase".to_owned().into()),
        create: true,
        ca_pem: None,
    }
}

fn options(out: &Path, cancel: Cancel) -> DemoOptions {
    DemoOptions { out: out.to_owned(), cancel, observer: Box::new(Silent), tell: |_| {} }
}

fn salesforce_at(login_url: &str) -> ConnectionRecord {
    ConnectionRecord {
        id: ConnectionId::new("salesforce").unwrap(),
        brand: settings::SALESFORCE.into(),
        role: Role::Crm,
        name: "salesforce".into(),
        settings: settings::to_text(&settings::SalesforceSettings {
            login_url: login_url.into(),
            client_id: "client".into(),
            org: "org".into(),
        }),
        created_at: Timestamp::UNIX_EPOCH,
        writing: false,
        disconnected_at: None,
    }
}

#[tokio::test]
async fn a_demo_that_was_stopped_begins_anew_and_ties_out() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let opening = opening(folder.path());
    let cancel = Cancel::default();
    cancel.request();
    let stopped = demo(&opening, options(out.path(), cancel)).await.unwrap_err();
    assert_eq!(stopped.code, Code::Interrupted);
    assert!(Sandbox::is_unfinished(folder.path()));
    let Err(refused) = Workspace::open(&opening).await else { panic!("half a story opened") };
    assert_eq!(refused.code, Code::Interrupted);

    let report = demo(&opening, options(out.path(), Cancel::default())).await.unwrap();
    assert!(report.first_run && report.complete, "{:?}", report.truth);
    assert!(report.reconciliation.ties_out);
    assert!(!Sandbox::is_unfinished(folder.path()));

    // The simulators' state was lost: the store alone proves that it is the demo's own.
    let [_, state, ..] = Sandbox::state_files(folder.path());
    std::fs::remove_file(state).unwrap();
    let report = demo(&opening, options(out.path(), Cancel::default())).await.unwrap();
    assert!(report.first_run && report.complete, "{:?}", report.truth);
    decisions_that_do_not_fit_are_refused(&opening, &report).await;
}

/// On the finished story: a matched deal, and effects that are confirmed.
async fn decisions_that_do_not_fit_are_refused(opening: &Opening, report: &DemoReport) {
    let mut workspace = Workspace::open(opening).await.unwrap();
    let deals = crate::commands::deals(&workspace, &report.into(), true).unwrap();
    let matched = deals.deals.iter().find(|deal| deal.verdict == Some("MATCHED")).unwrap();
    let accepted = DecideOptions {
        opportunity: matched.opportunity.clone(),
        choice: Choice::Accept("CUTOFF".into()),
        note: String::new(),
        actor: CONTROLLER.into(),
        frame: report.into(),
    };
    assert_eq!(decide(&mut workspace, &accepted).unwrap_err().code, Code::NotNow);

    let all = effects(&mut workspace, &EffectsOptions::default()).await.unwrap();
    let confirmed = all.effects.iter().find(|effect| effect.state == "confirmed").unwrap();
    for (reason, code) in [("not there", Code::NotNow), (" ", Code::Usage)] {
        let resolve = Some(Resolution {
            key: confirmed.key.clone(),
            decision: tieout_engine::Decision::SendAgain,
            reason: reason.into(),
            actor: CONTROLLER.into(),
        });
        let options = EffectsOptions { resolve, ..EffectsOptions::default() };
        assert_eq!(effects(&mut workspace, &options).await.unwrap_err().code, code);
    }
}

#[tokio::test]
async fn a_real_workspace_is_refused_and_left_as_it_is() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let opening = opening(folder.path());
    let mut workspace = Workspace::open(&opening).await.unwrap();
    let real = salesforce_at("https://login.salesforce.com");
    workspace.engine.store.save_connection(&real).unwrap();
    drop(workspace);
    for marked in [false, true] {
        if marked {
            Sandbox::mark_unfinished(folder.path()).unwrap();
        }
        let refused = demo(&opening, options(out.path(), Cancel::default())).await.unwrap_err();
        assert_eq!(refused.code, Code::Usage, "{refused}");
        assert_eq!(Sandbox::is_unfinished(folder.path()), marked);
        assert_eq!(Workspace::stored_connections(&opening).unwrap().len(), 1);
    }
}

#[test]
fn only_the_addresses_of_the_sample_are_the_samples() {
    refuse_real(&[salesforce_at("http://127.0.0.1:1")]).unwrap();
    for other in ["https://login.salesforce.com", "http://127.0.0.1:17", "not an address"] {
        assert_eq!(refuse_real(&[salesforce_at(other)]).unwrap_err().code, Code::Usage);
    }
}
