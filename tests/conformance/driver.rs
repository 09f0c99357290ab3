//! Takes a rule by its name and asks it of a connector.

use std::sync::Arc;

use tieout_connect::ports::{Capabilities, Source};

use crate::reader::Reader;
use crate::rows::{Rule, rows};
use crate::stand::{Stand, sign_in};
use crate::{changes, pages, sign_in as session, troubles, unknown, writes};

/// Fewest characters of a reason that says anything.
const REASON_CHARS_MIN: usize = 20;

/// A stand whose connection is open.
pub struct Trial<S: Stand> {
    pub stand: S,
    pub port: Arc<S::Port>,
    pub capabilities: Capabilities,
}

impl<S: Stand> Trial<S> {
    /// Signed in and probed.
    pub async fn begin() -> Self {
        let stand = S::found();
        sign_in(&stand).await;
        let port = stand.connect().await;
        let probe = port.probe().await.expect("the probe passes");
        Self { stand, port, capabilities: probe.capabilities }
    }

    /// A reader of the main feed that read nothing yet.
    pub fn reader(&self) -> Reader<'_, S::Port> {
        Reader::new(self.port.as_ref(), S::brand().stream, &self.capabilities)
    }
}

pub fn drive<S: Stand>(name: &str) {
    let row = rows().into_iter().find(|row| row.name == name).expect("a test is a row");
    let brand = S::brand();
    if let Some((_, reason)) = brand.cannot.iter().find(|(rule, _)| *rule == name) {
        assert!(reason.chars().count() >= REASON_CHARS_MIN, "{}: why can it not?", brand.name);
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(ask::<S>(row.rule));
}

async fn ask<S: Stand>(rule: Rule) {
    match rule {
        Rule::SignIn => session::signs_in::<S>().await,
        Rule::SavedBeforeUse => session::is_saved_before_use::<S>().await,
        Rule::OneRenewal => session::renews_once::<S>().await,
        Rule::Revoked => session::is_revoked::<S>().await,
        Rule::Probe => session::probe::<S>().await,
        Rule::Records(count) => pages::records::<S>(count).await,
        Rule::ChangeBetweenPages => pages::change_between::<S>().await,
        Rule::Budget => pages::budget::<S>().await,
        Rule::EqualStamps => changes::equal_stamps::<S>().await,
        Rule::Late => changes::late::<S>().await,
        Rule::Deletion => changes::deletion::<S>().await,
        Rule::Void => changes::void::<S>().await,
        Rule::Amounts => changes::amounts::<S>().await,
        Rule::UnknownField => unknown::field::<S>().await,
        Rule::UnknownWord(word) => unknown::word::<S>(word).await,
        Rule::MissingRight => unknown::right::<S>().await,
        Rule::Read(trouble) => troubles::read::<S>(trouble).await,
        Rule::Write(trouble) => troubles::write::<S>(trouble).await,
        Rule::NoSecret => troubles::no_secret::<S>().await,
        Rule::KeyTwice => writes::twice::<S>().await,
        Rule::LookUp => writes::look_up::<S>().await,
        Rule::Everything => {
            let trial = Trial::<S>::begin().await;
            trial.stand.ask_everything(trial.port.as_ref()).await;
        }
    }
}
