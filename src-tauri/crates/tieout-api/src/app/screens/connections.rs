//! What each connection is, what it may do, and switching writing on and off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tieout_domain::facts::Stream;
use tieout_report::print_date;
use tieout_store::{Completeness, ConnectionRecord, Role, RunRow};
use ts_rs::TS;

use super::moments::Moments;
use super::network::{requests_by_connection, requests_words};
use super::rehearsal::{WritingRehearsal, rehearsal};
use super::state::short_name;
use crate::app::events::records_of;
use crate::app::home::{Home, Open};
use crate::app::reader::Reader;
use crate::app::shapes::{FactLine, Nothing, Receipt, Share, Status, Tone};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::commands;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::settings::{self, Settings};
use crate::views::connections::ConnectionView;
use crate::workspace::Workspace;

/// Runs that are looked through for what a connection's last ones came to.
const RUNS_SEARCHED_MAX: u32 = 200;
/// Feeds whose records Tieout writes, where it is allowed to.
const CRM_WRITTEN: [Stream; 2] = [Stream::Deals, Stream::Accounts];
const BOOKS_WRITTEN: [Stream; 2] = [Stream::Invoices, Stream::Customers];

/// Everything that is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionsView {
    pub connections: Vec<ConnectionCard>,
    /// "Reads only. Nothing is written until you switch it on." or what is on.
    pub note: String,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "Connection")]
pub struct ConnectionCard {
    pub name: String,
    pub brand: String,
    /// "QuickBooks Online".
    pub brand_name: String,
    pub company: String,
    /// `crm` or `ledger`.
    pub role: &'static str,
    pub sandbox: bool,
    /// The company whose books it keeps; "All" for the CRM.
    pub entity: String,
    pub status: Status,
    /// "Reads 9 kinds of records, writes 2".
    pub may: String,
    pub permissions: Vec<Permission>,
    pub last_complete: String,
    pub last_run: String,
    pub next_run: String,
    pub calls: CallBudget,
    pub writing: WritingSwitch,
    /// No secret.
    pub facts: Vec<FactLine>,
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Permission {
    pub what: String,
    pub reads: bool,
    pub writes: bool,
    /// Why not, and what to do; empty where nothing is missing.
    pub remedy: String,
}

/// Requests to this system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CallBudget {
    pub sentence: String,
    /// Used part of a limit, per mille; `null` where none is known.
    pub share: Option<Share>,
}

/// Whether Tieout may write there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WritingSwitch {
    pub on: bool,
    pub sentence: &'static str,
    /// Why it cannot be switched now.
    pub closed: Option<String>,
}

/// Everything that is connected.
pub async fn connections(reader: &mut Reader, _: Nothing) -> Result<ConnectionsView, Failure> {
    let requests = requests_by_connection(reader).await?;
    let home = reader.home.clone();
    let workspace = reader.workspace()?;
    let moments = Moments::of(workspace)?;
    let runs = workspace.engine.store.runs(RUNS_SEARCHED_MAX)?;
    let records = workspace.engine.store.connections()?;
    let told = commands::connections(workspace).await?.connections;
    let mut cards: Vec<ConnectionCard> = Vec::new();
    for view in told {
        let Some(record) = records.iter().find(|it| it.id.as_str() == view.name) else { continue };
        let desk = Desk { home: &home, workspace, moments: &moments, runs: &runs };
        cards.push(desk.card(record, &view, &requests)?);
    }
    cards.sort_by_key(|card| card.role != "crm");
    let writing = cards.iter().filter(|card| card.writing.on).count();
    let note = match writing {
        0 => "Reads only. Nothing is written until you switch it on.".to_owned(),
        _ => format!(
            "Tieout writes to {writing} of {}",
            counted(cards.len() as u64, "connection", "connections")
        ),
    };
    Ok(ConnectionsView { connections: cards, note })
}

/// What every card asks.
struct Desk<'a> {
    home: &'a Home,
    workspace: &'a Workspace,
    moments: &'a Moments,
    runs: &'a [RunRow],
}

impl Desk<'_> {
    fn card(
        &self,
        record: &ConnectionRecord,
        view: &ConnectionView,
        requests: &BTreeMap<String, u64>,
    ) -> Result<ConnectionCard, Failure> {
        let company = self.workspace.engine.company(&record.id)?;
        let permissions = self.permissions(record)?;
        let reads = permissions.iter().filter(|it| it.reads).count() as u64;
        let writes = permissions.iter().filter(|it| it.writes).count() as u64;
        let reads = counted(reads, "kind of records", "kinds of records");
        let may = match writes {
            0 => format!("Reads {reads}"),
            writes => format!("Reads {reads}, writes {writes}"),
        };
        let next = self.moments.next_run(self.home, self.workspace)?;
        let asked = requests.get(record.id.as_str()).copied().unwrap_or_default();
        let name = company.as_ref().map_or_else(|| view.id.clone(), |it| it.name.clone());
        Ok(ConnectionCard {
            name: view.name.clone(),
            brand: record.brand.clone(),
            brand_name: brand_name(&record.brand).to_owned(),
            role: view.role,
            sandbox: company.is_some_and(|company| company.sandbox),
            entity: match record.role {
                Role::Crm => "All".to_owned(),
                Role::Ledger => short_name(&name).to_owned(),
            },
            company: name,
            status: status(view),
            may,
            permissions,
            last_complete: self.last_run_of(record, true),
            last_run: self.last_run_of(record, false),
            next_run: next.map(|at| self.moments.moment(at)).unwrap_or_default(),
            calls: CallBudget { sentence: requests_words(asked), share: None },
            writing: self.writing(record)?,
            facts: self.facts(record, view)?,
        })
    }

    /// One line per kind of record. What was never read to its end says so.
    fn permissions(&self, record: &ConnectionRecord) -> Result<Vec<Permission>, Failure> {
        let store = &self.workspace.engine.store;
        let written = match record.role {
            Role::Crm => CRM_WRITTEN,
            Role::Ledger => BOOKS_WRITTEN,
        };
        let company = self.workspace.engine.company(&record.id)?;
        let mut lines = Vec::new();
        for stream in company.map(|company| company.streams).unwrap_or_default() {
            let cursor = store.cursor(&record.id, stream)?;
            let reads = cursor.and_then(|cursor| cursor.mark).is_some();
            let remedy = if reads { "" } else { "Not read to its end yet. Run now." };
            lines.push(Permission {
                what: capital(records_of(stream)),
                reads,
                writes: record.writing && written.contains(&stream),
                remedy: remedy.to_owned(),
            });
        }
        Ok(lines)
    }

    /// When a run last ended; with `complete`, one that missed nothing of this connection.
    fn last_run_of(&self, record: &ConnectionRecord, complete: bool) -> String {
        let start = format!("{}: ", record.id);
        let ended = self.runs.iter().filter(|row| row.run.kind == "sync");
        let mut ends = ended.filter_map(|row| row.end.as_ref());
        let missed = |of: &Completeness| match of {
            Completeness::Complete => false,
            Completeness::Incomplete { reasons } => {
                reasons.iter().any(|reason| reason.starts_with(&start))
            }
        };
        let found = ends.find(|end| {
            end.ended_at >= record.created_at && !(complete && missed(&end.completeness))
        });
        found.map(|end| self.moments.moment(end.ended_at)).unwrap_or_default()
    }

    fn writing(&self, record: &ConnectionRecord) -> Result<WritingSwitch, Failure> {
        let sentence = match record.role {
            Role::Crm => {
                "Writes receivables on Accounts and billing status on Opportunities after each \
                 run. Only changed values, only fields that begin with Tieout."
            }
            Role::Ledger => "Creates an invoice when you approve a deal. Never without you.",
        };
        let unread = self.workspace.engine.company(&record.id)?.is_none();
        let closed = match (self.home.standing().read_only, unread && !record.writing) {
            (true, _) => Some("Another window has this workspace open."),
            (false, true) => Some("Run once first: nothing was read from it yet."),
            (false, false) => None,
        };
        Ok(WritingSwitch { on: record.writing, sentence, closed: closed.map(str::to_owned) })
    }

    fn facts(
        &self,
        record: &ConnectionRecord,
        view: &ConnectionView,
    ) -> Result<Vec<FactLine>, Failure> {
        let settings = Settings::of(record)?;
        let app = settings.app().to_owned();
        let (label, through) = match settings {
            Settings::Salesforce(of) => ("Organisation id", of.login_url),
            Settings::QuickBooks(of) => ("Company id", of.environment),
            Settings::Xero(of) => ("Organisation id", of.environment),
        };
        let connected = record.created_at.to_zoned(self.moments.zone.clone()).date();
        Ok(vec![
            FactLine::new(label, view.id.rsplit(':').next().unwrap_or(&view.id)),
            FactLine::new("Signed in through", through),
            FactLine::new("App id", app),
            FactLine::new("Connected", print_date(connected)),
        ])
    }
}

pub(crate) fn brand_name(brand: &str) -> &str {
    match brand {
        settings::SALESFORCE => "Salesforce",
        settings::QUICKBOOKS => "QuickBooks Online",
        settings::XERO => "Xero",
        other => other,
    }
}

fn status(view: &ConnectionView) -> Status {
    match (&view.finding, view.signed_in) {
        (Some(_), _) => Status::new("half_square", "Asks for a new sign-in", Tone::Warn),
        (None, true) => Status::new("tick", "Connected", Tone::Ok),
        (None, false) => Status::new("square_bar", "Not signed in", Tone::Bad),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Which switch, and whether it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetWriting {
    pub connection: String,
    pub on: bool,
    pub confirm: bool,
}

/// What switching came to: first what it would do, then that it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SetWritingReply {
    Rehearsal { rehearsal: Box<WritingRehearsal> },
    Done { receipt: Receipt },
}

/// Switches writing. On comes after a rehearsal and a confirmation, off at once.
pub async fn set_writing(
    writer: &mut Writer,
    params: SetWriting,
) -> Result<SetWritingReply, Failure> {
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let record = connected(workspace, &params.connection)?;
    if params.on && !params.confirm {
        let rehearsal = Box::new(rehearsal(workspace, &record)?);
        return Ok(SetWritingReply::Rehearsal { rehearsal });
    }
    commands::set_writing(workspace, &params.connection, params.on, &actor).await?;
    writer.reopened().await;
    let brand = brand_name(&record.brand);
    let said = match params.on {
        true => format!("Writing to {brand} is on"),
        false => format!("Writing to {brand} is off. Nothing more is sent."),
    };
    Ok(SetWritingReply::Done { receipt: Receipt::said(said) })
}

fn connected(workspace: &Workspace, name: &str) -> Result<ConnectionRecord, Failure> {
    let known = workspace.engine.store.connections()?;
    let ours = known.into_iter().filter(|record| record.disconnected_at.is_none());
    let mut found = ours.filter(|record| record.id.as_str() == name);
    found.next().ok_or_else(|| {
        Failure::new(Code::NoSuchConnection, "this connection is not there any more")
    })
}

/// Which connection to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Disconnect {
    pub connection: String,
}

/// Ends a sign-in here and at the tool. What was read stays and is shown.
pub async fn disconnect(writer: &mut Writer, params: Disconnect) -> Result<Receipt, Failure> {
    let actor = writer.home.person();
    let sample = writer.home.standing().open == Open::Sample;
    let workspace = writer.workspace()?;
    let record = connected(workspace, &params.connection)?;
    let ended = commands::disconnect(workspace, &params.connection, &actor).await;
    if sample {
        workspace.save_sandbox()?;
    }
    let still = connected(workspace, &params.connection).is_ok();
    writer.reopened().await;
    let brand = brand_name(&record.brand);
    match ended {
        Ok(()) => Ok(Receipt::said(format!(
            "Disconnected: the sign-in was ended at {brand}. What was read stays here."
        ))),
        Err(failure) if still => Err(failure),
        Err(_) => Ok(Receipt::said(format!(
            "Disconnected here, and the sign-in was deleted. {brand} did not confirm it: end the \
             access of the app there as well."
        ))),
    }
}
