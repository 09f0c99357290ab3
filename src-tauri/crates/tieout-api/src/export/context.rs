//! What a workpaper needs besides the books: moments, names of systems, what is missing, what
//! waits, and where records have a page. Gathered once, so that the report itself is a pure
//! function.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{ConnectionId, DealId, RunId};
use tieout_engine::LedgerView;
use tieout_store::{Completeness, ConnectionRecord, Effect, EffectKind, Role, RunRow};

use crate::codes::Code;
use crate::failure::Failure;
use crate::settings;
use crate::workspace::Workspace;

/// Runs that are looked through for gaps.
const RUNS_SEARCHED_MAX: u32 = 1_000;

/// Everything that does not follow from the books.
pub(crate) struct Context<'a> {
    /// When this rendering is made.
    pub(crate) generated_at: Timestamp,
    pub(crate) product_version: &'a str,
    pub(crate) crm: System,
    pub(crate) ledger: System,
    /// Why the data is incomplete. Empty: everything was read.
    pub(crate) gaps: Vec<Lack>,
    /// When the run that fetched the control totals ended.
    pub(crate) read_at: Option<Timestamp>,
    /// Promised effects that are neither done nor withdrawn.
    pub(crate) waiting: Vec<Waiting>,
    /// The web address of a record, where its system has a page for it.
    pub(crate) link: &'a dyn Fn(Stream, &str) -> Option<String>,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lack {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Lack {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// As a run kept it: what is missing, and on a second line what to do. Runs of older versions
    /// kept no second line.
    pub(super) fn of_run(kept: &str) -> Self {
        match kept.split_once('\n') {
            Some((what, remedy)) => Self::new(what, remedy),
            None => Self::new(kept, Code::RunIncomplete.next_step()),
        }
    }
}

/// A connected system as the reader knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct System {
    /// `Salesforce`, `QuickBooks Online`.
    pub(crate) name: String,
    /// The organisation or company in its own numbering.
    pub(crate) company_id: String,
}

/// An effect that waits for an answer or for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) key: String,
    pub(crate) what: &'static str,
    pub(crate) state: EffectState,
    pub(crate) deal: Option<DealId>,
    pub(crate) since: Timestamp,
    /// When it is asked about or sent next.
    pub(crate) next_at: Option<Timestamp>,
    pub(crate) attempts: u32,
    pub(crate) error_code: Option<String>,
    pub(crate) error_text: Option<String>,
}

impl Waiting {
    fn of(effect: &Effect) -> Self {
        Self {
            key: effect.key.clone(),
            what: match effect.kind {
                EffectKind::Document => "Create an invoice",
                EffectKind::Customer => "Create a customer",
                EffectKind::WriteBack => "Write figures back",
                EffectKind::Task => "Write a task",
                EffectKind::FailureRecord => "Write a failure record",
            },
            state: effect.state,
            deal: effect.deal.clone(),
            since: effect.last_sent_at.unwrap_or(effect.created_at),
            next_at: effect.next_ask_at.or(effect.not_before),
            attempts: effect.attempts,
            error_code: effect.error_code.clone(),
            error_text: effect.error_text.clone(),
        }
    }
}

/// What the figures of a view lack, and when the run that fetched the control totals ended.
pub(crate) fn lacks(
    workspace: &Workspace,
    view: &LedgerView,
) -> Result<(Vec<Lack>, Option<Timestamp>), Failure> {
    let store = &workspace.engine.store;
    let runs = store.runs(RUNS_SEARCHED_MAX)?;
    let mut lacks = gaps(&runs, view.run.as_ref(), view.at);
    lacks.extend(ended(&store.connections()?, view));
    let aside = view.books.unreadable.len() as u64;
    if lacks.is_empty() && aside > 0 {
        let records = super::words::counted(aside, "record is", "records are");
        let what = format!("{records} kept aside because they cannot be read");
        lacks.push(Lack::new(what, Code::RecordQuarantined.next_step()));
    }
    Ok((lacks, run_end(&runs, view.run.as_ref())))
}

/// The CRM or this ledger, where it had been disconnected by the moment.
fn ended(connections: &[ConnectionRecord], view: &LedgerView) -> Vec<Lack> {
    let ours = connections.iter().filter(|it| it.id == view.connection || it.role == Role::Crm);
    let ended = ours.filter(|it| it.disconnected_at.is_some_and(|at| at <= view.at));
    let lack = |it: &ConnectionRecord| {
        let what = format!("`{}` is disconnected: what changed since there is not known", it.id);
        Lack::new(what, "Connect it again, then start a run.")
    };
    ended.map(lack).collect()
}

/// Reads the context of a view out of the workspace.
pub(super) fn gather<'a>(
    workspace: &Workspace,
    view: &LedgerView,
    link: &'a dyn Fn(Stream, &str) -> Option<String>,
) -> Result<Context<'a>, Failure> {
    let engine = &workspace.engine;
    let connections = engine.store.connections()?;
    let (gaps, read_at) = lacks(workspace, view)?;
    let crm = engine.crm.as_ref().map(|crm| System {
        name: brand_name(&connections, &crm.id),
        company_id: crm.port.org().to_string(),
    });
    let effects = engine.effects()?;
    let waits = |effect: &&Effect| {
        let done = matches!(effect.state, EffectState::Confirmed | EffectState::Cancelled);
        !done && effect.created_at <= view.at
    };
    Ok(Context {
        generated_at: engine.now(),
        product_version: env!("CARGO_PKG_VERSION"),
        crm: crm.unwrap_or_default(),
        ledger: System {
            name: brand_name(&connections, &view.connection),
            company_id: own_number(view.books.ledger.as_str()),
        },
        gaps,
        read_at,
        waiting: effects.iter().filter(waits).map(Waiting::of).collect(),
        link,
    })
}

fn brand_name(connections: &[ConnectionRecord], id: &ConnectionId) -> String {
    let brand = connections.iter().find(|it| it.id == *id).map(|it| it.brand.as_str());
    match brand {
        Some(settings::SALESFORCE) => "Salesforce".to_owned(),
        Some(settings::QUICKBOOKS) => "QuickBooks".to_owned(),
        Some(settings::XERO) => "Xero".to_owned(),
        Some(other) => other.to_owned(),
        None => id.to_string(),
    }
}

/// A ledger id without the prefix of its brand.
fn own_number(ledger: &str) -> String {
    ledger.split_once(':').map_or(ledger, |(_, own)| own).to_owned()
}

fn run_end(runs: &[RunRow], id: Option<&RunId>) -> Option<Timestamp> {
    let row = runs.iter().find(|row| Some(&row.run.id) == id)?;
    row.end.as_ref().map(|end| end.ended_at)
}

/// What was not read by the moment: the gaps of the run that fetched the control totals and of
/// every run after it, since a later one can have lost what an earlier one had.
fn gaps(runs: &[RunRow], totals: Option<&RunId>, at: Timestamp) -> Vec<Lack> {
    let mut found = Vec::new();
    let mut said = BTreeSet::new();
    let mut say = |lack: Lack| {
        if said.insert(lack.clone()) {
            found.push(lack);
        }
    };
    for row in runs.iter().filter(|row| row.run.started_at <= at) {
        match row.end.as_ref().filter(|end| end.ended_at <= at) {
            None => {
                let what = format!("the run `{}` was not carried to its end", row.run.id);
                say(Lack::new(what, Code::Interrupted.next_step()));
            }
            Some(end) => {
                if let Completeness::Incomplete { reasons } = &end.completeness {
                    reasons.iter().map(|kept| Lack::of_run(kept)).for_each(&mut say);
                }
            }
        }
        if Some(&row.run.id) == totals {
            return found;
        }
    }
    let what = "no run has fetched the control totals of the sources";
    say(Lack::new(what, "Start a run."));
    found
}

#[cfg(test)]
mod tests {
    use tieout_store::{RunEnd, RunRecord};

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// A run that started at `start` and took ten seconds; no reasons: complete.
    fn run(start: i64, reasons: Option<&[&str]>) -> RunRow {
        let end = reasons.map(|reasons| RunEnd {
            ended_at: at(start + 10),
            completeness: match reasons {
                [] => Completeness::Complete,
                some => Completeness::Incomplete {
                    reasons: some.iter().map(|it| (*it).to_owned()).collect(),
                },
            },
            counts: "[]".to_owned(),
            http_requests: 0,
        });
        RunRow {
            run: RunRecord {
                id: RunId::new(&format!("run-{start}")).unwrap(),
                kind: "sync".to_owned(),
                started_at: at(start),
                trigger: "test".to_owned(),
            },
            progressed_at: None,
            counts: "[]".to_owned(),
            http_requests: 0,
            end,
        }
    }

    /// Runs newest first; the totals are those of the run that started at `totals`.
    #[track_caller]
    fn check(runs: &[RunRow], totals: Option<i64>, known_at: i64, want: &[&str]) {
        let totals = totals.map(|start| RunId::new(&format!("run-{start}")).unwrap());
        let found = gaps(runs, totals.as_ref(), at(known_at));
        let found: Vec<&str> = found.iter().map(|lack| lack.what.as_str()).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn a_complete_run_leaves_nothing_open() {
        check(&[run(100, Some(&[])), run(0, Some(&["feed lost"]))], Some(100), 500, &[]);
    }

    #[test]
    fn gaps_of_every_run_since_the_totals_count_once() {
        let later = run(200, Some(&["salesforce down"]));
        let totals = run(100, Some(&["kept aside", "salesforce down"]));
        let before = run(0, Some(&["long ago"]));
        check(&[later, totals, before], Some(100), 500, &["salesforce down", "kept aside"]);
    }

    #[test]
    fn a_run_that_was_cut_off_is_a_gap() {
        let runs = [run(200, None), run(100, Some(&[]))];
        check(&runs, Some(100), 500, &["the run `run-200` was not carried to its end"]);
    }

    #[test]
    fn what_happened_after_the_moment_of_knowledge_is_not_known() {
        let runs = [run(300, Some(&["later"])), run(100, Some(&[]))];
        check(&runs, Some(100), 200, &[]);
    }

    #[test]
    fn a_gap_has_the_remedy_that_its_run_kept() {
        let of = |kept: &str| Lack::of_run(kept).remedy;
        assert_eq!(of("books: it wants a new sign-in\nSign in again."), "Sign in again.");
        assert_eq!(of("books: sign-in needed"), Code::RunIncomplete.next_step());
    }

    #[test]
    fn without_totals_nothing_is_complete() {
        check(&[], None, 500, &["no run has fetched the control totals of the sources"]);
    }

    #[test]
    fn the_number_of_a_company_is_its_own() {
        assert_eq!(own_number("qbo:91303571"), "91303571");
        assert_eq!(own_number("plain"), "plain");
    }
}
