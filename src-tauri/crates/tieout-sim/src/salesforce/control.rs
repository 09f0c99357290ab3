//! Steering an org from outside: faults, time, edits by others, switches.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::routing::{delete, get, post};
use http::StatusCode;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Tree, json};

use super::dml::{self, Actor};
use super::ids::full_id;
use super::json::Json;
use super::org::{Fields, Org, Pending};
use super::refusal::{Refusal, Refusals};
use super::schema::{ObjectDef, Schema};
use super::{SalesforceSim, Switches, seed};
use crate::fault::FaultRule;

/// Why a control call was refused.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("the body is not what this call takes")]
    Body(#[source] serde_json::Error),
    #[error("no object is called {0}")]
    Object(String),
    #[error("{0} is not in the notation of a custom field: Object.Name: type flags")]
    Notation(String),
    /// Salesforce's code and message of the first refusal.
    #[error("{code}: {message}")]
    Refused { code: &'static str, message: String },
}

impl From<Refusals> for ControlError {
    fn from(refusals: Refusals) -> Self {
        let Refusal { code, message, .. } =
            refusals.into_iter().next().unwrap_or_else(Refusal::not_found);
        ControlError::Refused { code, message }
    }
}

/// A change that somebody else makes in the org.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    pub object: String,
    /// Absent for a new row.
    #[serde(default)]
    pub id: Option<String>,
    pub fields: Tree,
    /// Sets the fields as they are: no rule, no stamp, no history. Read-only fields included.
    #[serde(default)]
    pub raw: bool,
    /// The change is stamped now and seen by readers so many seconds later; without it the
    /// switch `late_commit_secs` holds.
    #[serde(default)]
    pub visible_after_secs: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    object: String,
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    winner: String,
    loser: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Move {
    By { advance_secs: i64 },
    To { to: String },
}

#[derive(Deserialize)]
struct Range {
    from: Option<Day>,
    to: Option<Day>,
}

/// A calendar date in a query string.
#[derive(Clone, Copy)]
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        super::value::as_text::deserialize(from).map(Day)
    }
}

#[derive(Serialize)]
struct SignedIn {
    access_token: String,
    user_id: String,
}

impl SalesforceSim {
    /// Makes or changes a row as another user would: business rules hold, validation rules and
    /// locks do not. Gives the id.
    pub fn edit(&self, edit: &Edit) -> Result<String, ControlError> {
        let mut org = self.lock();
        let object = known(&org, &edit.object)?;
        let body = Json::parse(edit.fields.to_string().as_bytes());
        let body = body.map_err(|error| vec![Refusal::unreadable(&error)])?;
        let user_id = seed::other_user_id();
        let actor = Actor { user_id: &user_id, is_ordinary: false };
        let given = edit.id.as_deref().map(|id| full_id(id).unwrap_or_else(|| id.to_owned()));
        let before = given.as_deref().and_then(|id| org.row(&object.name, id)).cloned();
        let id = match given {
            Some(id) if edit.raw => set_raw(&mut org, &object, id, body.members())?,
            Some(id) => {
                dml::update(&mut org, actor, &object, &id, body.members())?;
                id
            }
            None => dml::insert(&mut org, actor, &object, body.members())?,
        };
        let late = edit.visible_after_secs.unwrap_or(org.switches().late_commit_secs);
        if late > 0 {
            hold_back(&mut org, &object, &id, late, before);
        }
        Ok(id)
    }

    /// Deletes a row as another user would.
    pub fn delete(&self, object: &str, id: &str) -> Result<(), ControlError> {
        let mut org = self.lock();
        let object = known(&org, object)?;
        let user_id = seed::other_user_id();
        let actor = Actor { user_id: &user_id, is_ordinary: false };
        let id = full_id(id).unwrap_or_else(|| id.to_owned());
        Ok(dml::delete::delete(&mut org, actor, &object, &id)?)
    }

    /// Merges one account into another.
    pub fn merge_accounts(&self, winner: &str, loser: &str) -> Result<(), ControlError> {
        let mut org = self.lock();
        let user_id = seed::other_user_id();
        let actor = Actor { user_id: &user_id, is_ordinary: false };
        Ok(dml::merge::merge_accounts(&mut org, actor, winner, loser)?)
    }

    /// Turns the switches that a JSON object names and leaves the others.
    pub fn switch_json(&self, change: &Tree) -> Result<Switches, ControlError> {
        let mut tree = serde_json::to_value(self.switches()).map_err(ControlError::Body)?;
        if let (Some(tree), Some(change)) = (tree.as_object_mut(), change.as_object()) {
            tree.extend(change.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let switches: Switches = serde_json::from_value(tree).map_err(ControlError::Body)?;
        let bad = switches.extra_fields.iter().find(|line| Schema::read_extra(line).is_none());
        if let Some(line) = bad {
            return Err(ControlError::Notation(line.clone()));
        }
        self.switch(|now| *now = switches);
        Ok(self.switches())
    }
}

fn known(org: &Org, name: &str) -> Result<Arc<ObjectDef>, ControlError> {
    org.schema.object(name).cloned().ok_or_else(|| ControlError::Object(name.to_owned()))
}

fn set_raw(
    org: &mut Org,
    object: &ObjectDef,
    id: String,
    body: &[(String, Json)],
) -> Result<String, Refusals> {
    let mut fields = dml::live_row(org, object, &id)?.clone();
    for (name, json) in body {
        let field = object.field(name).ok_or_else(|| {
            let message = format!("No such column '{name}' on sobject of type {}", object.name);
            vec![Refusal::of_write("INVALID_FIELD", message, [])]
        })?;
        fields.insert(field.name.clone(), dml::convert::value(org, object, field, json)?);
    }
    org.put_row(&object.name, &id, fields);
    Ok(id)
}

fn hold_back(org: &mut Org, object: &ObjectDef, id: &str, secs: u32, before: Option<Fields>) {
    let span = SignedDuration::from_secs(i64::from(secs));
    let shown_from = org.now.saturating_add(span).unwrap_or(Timestamp::MAX);
    org.hold_back(object, id, Pending { shown_from, before });
}

type Answer = (StatusCode, axum::Json<Tree>);

pub fn router(sim: SalesforceSim) -> Router {
    Router::new()
        .route("/fault", post(add_fault))
        .route("/faults", delete(clear_faults))
        .route("/truth", get(show_truth))
        .route("/requests", get(show_requests).delete(forget_requests))
        .route("/clock", get(show_clock).post(move_clock))
        .route("/edit", post(make_edit))
        .route("/delete", post(make_delete))
        .route("/merge", post(make_merge))
        .route("/switch", get(show_switches).post(turn_switches))
        .route("/session", post(open_session).delete(end_sessions))
        .with_state(sim)
}

fn ok(tree: Tree) -> Answer {
    (StatusCode::OK, axum::Json(tree))
}

fn done() -> Answer {
    ok(json!({ "ok": true }))
}

/// Reads a body and acts on it; what is wrong comes back as 400 with the reason.
fn act<T: DeserializeOwned>(
    body: &[u8],
    act: impl FnOnce(T) -> Result<Tree, ControlError>,
) -> Answer {
    let result = serde_json::from_slice(body).map_err(ControlError::Body).and_then(act);
    match result {
        Ok(tree) => ok(tree),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let body = json!({ "error": error.to_string(), "cause": cause });
            (StatusCode::BAD_REQUEST, axum::Json(body))
        }
    }
}

async fn add_fault(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |rule: FaultRule| {
        sim.faults().add(rule);
        Ok(json!({ "ok": true }))
    })
}

async fn clear_faults(State(sim): State<SalesforceSim>) -> Answer {
    sim.faults().clear();
    done()
}

async fn show_truth(State(sim): State<SalesforceSim>, Query(range): Query<Range>) -> Answer {
    let (from, to) = (range.from.map(|day| day.0), range.to.map(|day| day.0));
    ok(sim.truth().document(from, to))
}

async fn show_requests(State(sim): State<SalesforceSim>) -> Answer {
    ok(json!(sim.requests()))
}

async fn forget_requests(State(sim): State<SalesforceSim>) -> Answer {
    sim.clear_requests();
    done()
}

async fn show_clock(State(sim): State<SalesforceSim>) -> Answer {
    ok(json!({ "now": sim.clock().now().to_string() }))
}

async fn move_clock(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |to: Move| {
        match to {
            Move::By { advance_secs } => {
                sim.clock().advance(SignedDuration::from_secs(advance_secs.max(0)));
            }
            Move::To { to } => {
                let to = super::value::read_instant(&to).ok_or_else(|| {
                    let message = format!("{to} is not a moment");
                    ControlError::Refused { code: "MALFORMED_MOMENT", message }
                })?;
                sim.clock().advance_to(to);
            }
        }
        Ok(json!({ "now": sim.clock().now().to_string() }))
    })
}

async fn make_edit(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |edit: Edit| Ok(json!({ "id": sim.edit(&edit)? })))
}

async fn make_delete(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |removal: Removal| {
        sim.delete(&removal.object, &removal.id)?;
        Ok(json!({ "ok": true }))
    })
}

async fn make_merge(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |merge: Merge| {
        sim.merge_accounts(&merge.winner, &merge.loser)?;
        Ok(json!({ "ok": true }))
    })
}

async fn show_switches(State(sim): State<SalesforceSim>) -> Answer {
    ok(json!(sim.switches()))
}

async fn turn_switches(State(sim): State<SalesforceSim>, body: Bytes) -> Answer {
    act(&body, |change: Tree| Ok(json!(sim.switch_json(&change)?)))
}

async fn open_session(State(sim): State<SalesforceSim>) -> Answer {
    let signed_in = SignedIn { access_token: sim.open_session(), user_id: seed::user_id() };
    ok(json!(signed_in))
}

async fn end_sessions(State(sim): State<SalesforceSim>) -> Answer {
    sim.end_sessions();
    done()
}
