//! The control interface of a served sandbox: faults, clock, switches, edits and truth.

use axum::extract::{Query, State};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Bulk, Edit, EditError, TenantConfig, XeroSim, stamps};
use crate::fault::FaultRule;

type Answered = (StatusCode, Json<Value>);

/// `POST /fault` · `DELETE /faults` · `GET /truth?tenant=&from=&to=` · `GET /requests` ·
/// `POST /clock` · `POST /switch` · `POST /switch-tenant` · `POST /edit` · `POST /fill` ·
/// `POST /disconnect` · `POST /hold` · `POST /release`.
pub fn router(sim: XeroSim) -> Router {
    Router::new()
        .route("/fault", post(add_fault))
        .route("/faults", delete(clear_faults))
        .route("/truth", get(truth))
        .route("/requests", get(requests))
        .route("/clock", post(move_clock))
        .route("/switch", post(switch))
        .route("/switch-tenant", post(switch_tenant))
        .route("/edit", post(edit))
        .route("/fill", post(fill))
        .route("/open-tenant", post(open_tenant))
        .route("/disconnect", post(disconnect))
        .route("/hold", post(hold))
        .route("/release", post(release))
        .with_state(sim)
}

async fn add_fault(State(sim): State<XeroSim>, Json(rule): Json<FaultRule>) -> Answered {
    sim.plan.add(rule);
    done()
}

async fn clear_faults(State(sim): State<XeroSim>) -> Answered {
    sim.plan.clear();
    done()
}

/// The period of a truth; the last day is also that of the receivables. By default all time until
/// the organisation's day.
#[derive(Deserialize)]
struct TruthAsked {
    tenant: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
}

async fn truth(State(sim): State<XeroSim>, Query(asked): Query<TruthAsked>) -> Answered {
    let tenant = asked.tenant.as_deref();
    let (truth, config) = match (sim.truth(tenant), sim.tenant_config(tenant)) {
        (Ok(truth), Ok(config)) => (truth, config),
        (Err(error), _) | (_, Err(error)) => return refused(&error),
    };
    let to = asked.to.unwrap_or_else(|| stamps::day_in(sim.clock.now(), &config.zone));
    let from = asked.from.unwrap_or(Date::MIN);
    (StatusCode::OK, Json(truth.to_json((from, to))))
}

async fn requests(State(sim): State<XeroSim>) -> Answered {
    (StatusCode::OK, Json(json!({"requests": sim.log.lines()})))
}

/// Where the clock is to go: one of the two. It never goes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    to: Option<Timestamp>,
    advance_seconds: Option<i64>,
}

async fn move_clock(State(sim): State<XeroSim>, Json(to): Json<ClockMove>) -> Answered {
    if let Some(seconds) = to.advance_seconds {
        sim.clock.advance(SignedDuration::from_secs(seconds));
    }
    if let Some(to) = to.to {
        sim.clock.advance_to(to);
    }
    (StatusCode::OK, Json(json!({"now": sim.clock.now().to_string()})))
}

async fn switch(State(sim): State<XeroSim>, Json(changes): Json<Value>) -> Answered {
    match sim.switch(&changes) {
        Ok(()) => (StatusCode::OK, Json(json!(sim.config()))),
        Err(error) => refused(&error),
    }
}

/// Settings of one organisation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantSwitch {
    tenant: Option<String>,
    changes: Value,
}

async fn switch_tenant(State(sim): State<XeroSim>, Json(asked): Json<TenantSwitch>) -> Answered {
    let tenant = asked.tenant.as_deref();
    let switched = sim.switch_tenant(tenant, &asked.changes);
    match switched.and_then(|()| sim.tenant_config(tenant)) {
        Ok(config) => (StatusCode::OK, Json(json!(config))),
        Err(error) => refused(&error),
    }
}

/// An edit now, at `at`, or right after the next page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditAsked {
    at: Option<Timestamp>,
    #[serde(default)]
    between_pages: bool,
    edit: Edit,
}

async fn edit(State(sim): State<XeroSim>, Json(asked): Json<EditAsked>) -> Answered {
    if asked.between_pages {
        sim.between_pages(asked.edit);
        return done();
    }
    if let Some(at) = asked.at {
        sim.schedule(at, asked.edit);
        return done();
    }
    match sim.edit(&asked.edit) {
        Ok(object) => (StatusCode::OK, Json(object)),
        Err(error) => refused(&error),
    }
}

/// Many documents for one organisation.
#[derive(Deserialize)]
struct FillAsked {
    tenant: Option<String>,
    bulk: Bulk,
}

async fn fill(State(sim): State<XeroSim>, Json(asked): Json<FillAsked>) -> Answered {
    match sim.fill(asked.tenant.as_deref(), &asked.bulk) {
        Ok(()) => done(),
        Err(error) => refused(&error),
    }
}

async fn open_tenant(State(sim): State<XeroSim>, Json(config): Json<TenantConfig>) -> Answered {
    sim.open_tenant(config);
    done()
}

/// The organisation that is disconnected.
#[derive(Deserialize)]
struct Disconnected {
    tenant: String,
}

async fn disconnect(State(sim): State<XeroSim>, Json(asked): Json<Disconnected>) -> Answered {
    sim.disconnect(&asked.tenant);
    done()
}

async fn hold(State(sim): State<XeroSim>) -> Answered {
    sim.hold();
    done()
}

async fn release(State(sim): State<XeroSim>) -> Answered {
    sim.release();
    done()
}

fn done() -> Answered {
    (StatusCode::OK, Json(json!({"done": true})))
}

fn refused(error: &EditError) -> Answered {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error.to_string()})))
}
