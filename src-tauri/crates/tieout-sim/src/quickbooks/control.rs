//! The control interface of a served sandbox: faults, clock, switches, edits and truth.

use axum::extract::{Query, State};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Edit, QuickBooksSim, pacific};
use crate::fault::FaultRule;

type Answered = (StatusCode, Json<Value>);

/// `POST /fault` · `DELETE /faults` · `GET /truth?from=&to=` · `GET /requests` · `POST /clock` ·
/// `POST /switch` · `POST /edit` · `POST /disconnect`.
pub fn router(sim: QuickBooksSim) -> Router {
    Router::new()
        .route("/fault", post(add_fault))
        .route("/faults", delete(clear_faults))
        .route("/truth", get(truth))
        .route("/requests", get(requests))
        .route("/clock", post(move_clock))
        .route("/switch", post(switch))
        .route("/edit", post(edit))
        .route("/disconnect", post(disconnect))
        .with_state(sim)
}

async fn add_fault(State(sim): State<QuickBooksSim>, Json(rule): Json<FaultRule>) -> Answered {
    sim.plan.add(rule);
    done()
}

async fn clear_faults(State(sim): State<QuickBooksSim>) -> Answered {
    sim.plan.clear();
    done()
}

/// The period of a truth; the last day is also that of the receivables. By default all time until
/// the company's day.
#[derive(Deserialize)]
struct PeriodAsked {
    from: Option<Date>,
    to: Option<Date>,
}

async fn truth(State(sim): State<QuickBooksSim>, Query(asked): Query<PeriodAsked>) -> Answered {
    let to = asked.to.unwrap_or_else(|| pacific::day(sim.clock.now()));
    let from = asked.from.unwrap_or(Date::MIN);
    (StatusCode::OK, Json(sim.truth().to_json((from, to))))
}

async fn requests(State(sim): State<QuickBooksSim>) -> Answered {
    (StatusCode::OK, Json(json!({"requests": sim.log.lines()})))
}

/// Where the clock is to go: one of the two. It never goes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    to: Option<Timestamp>,
    advance_seconds: Option<i64>,
}

async fn move_clock(State(sim): State<QuickBooksSim>, Json(to): Json<ClockMove>) -> Answered {
    if let Some(seconds) = to.advance_seconds {
        sim.clock.advance(SignedDuration::from_secs(seconds));
    }
    if let Some(to) = to.to {
        sim.clock.advance_to(to);
    }
    (StatusCode::OK, Json(json!({"now": sim.clock.now().to_string()})))
}

async fn switch(State(sim): State<QuickBooksSim>, Json(changes): Json<Value>) -> Answered {
    match sim.switch(&changes) {
        Ok(()) => (StatusCode::OK, Json(json!(sim.config()))),
        Err(error) => refused(&error),
    }
}

/// An edit now, or at `at`.
#[derive(Deserialize)]
struct EditAsked {
    at: Option<Timestamp>,
    edit: Edit,
}

async fn edit(State(sim): State<QuickBooksSim>, Json(asked): Json<EditAsked>) -> Answered {
    if let Some(at) = asked.at {
        sim.schedule(at, asked.edit);
        return done();
    }
    match sim.edit(&asked.edit) {
        Ok(object) => (StatusCode::OK, Json(object)),
        Err(error) => refused(&error),
    }
}

async fn disconnect(State(sim): State<QuickBooksSim>) -> Answered {
    sim.disconnect();
    done()
}

fn done() -> Answered {
    (StatusCode::OK, Json(json!({"done": true})))
}

fn refused(error: &super::EditError) -> Answered {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error.to_string()})))
}
