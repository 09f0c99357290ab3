//! Creating the missing invoices.

use std::collections::BTreeMap;

use serde::Serialize;
use tieout_domain::effect::EffectState;
use tieout_domain::gates::Proposal;
use tieout_domain::ids::ConnectionId;
use tieout_domain::{Currency, Money};
use tieout_engine::{CreateReport, CreateRequest, EngineError, Outcome, Planned, is_adopted};

use super::sync::deal_id;
use crate::codes::Code;
use crate::failure::Failure;
use crate::settings;
use crate::views::deals::GateView;
use crate::views::{Amount, amount};
use crate::workspace::Workspace;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateOptions {
    /// Empty: every deal that is ready.
    pub opportunities: Vec<String>,
    /// A further invoice for the named deals, whose earlier ones were all taken back.
    pub further: bool,
    pub dry_run: bool,
    pub limit: u32,
    pub actor: String,
    pub ledger: Option<String>,
}

/// One deal of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedView {
    pub opportunity: String,
    pub key: Option<String>,
    pub net: Option<Amount>,
    /// `ready`, `found` (the ledger has a document with the key: it would be adopted), `blocked`,
    /// or the state of its effect.
    pub outcome: &'static str,
    /// Confirmed, and found in the ledger instead of created by this run.
    pub adopted: bool,
    pub gates: Vec<GateView>,
}

/// Documents of one currency that a run would create, or has still to send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToCreateView {
    pub documents: usize,
    /// Before tax.
    pub net: Amount,
}

/// What a create run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreateView {
    /// Documents that this run created.
    pub created: usize,
    /// Documents that were found in the ledger and linked.
    pub adopted: usize,
    pub blocked: usize,
    pub unknown: usize,
    pub http_requests: u64,
    /// Per currency: of deals that are ready, and of promised documents that have not left.
    pub to_create: Vec<ToCreateView>,
    pub deals: Vec<PlannedView>,
    /// Whether deals were asked for by name.
    #[serde(skip)]
    pub named: bool,
    /// Of a dry run: the documents in full.
    #[serde(skip)]
    pub proposals: Vec<Proposal>,
}

impl CreateView {
    /// Every deal of the request has its document. Who asks for all that can be created gets that:
    /// the blocked ones are told, and are a matter for a person.
    pub fn is_complete(&self) -> bool {
        self.deals.iter().all(|deal| match deal.outcome {
            "confirmed" | "ready" | "found" => true,
            "blocked" => !self.named,
            _ => false,
        })
    }
}

/// Creates the missing invoices, each exactly once.
pub async fn create(
    workspace: &mut Workspace,
    options: &CreateOptions,
) -> Result<CreateView, Failure> {
    let ledger = workspace.ledger_named(options.ledger.as_deref())?;
    let deals =
        options.opportunities.iter().map(|text| deal_id(text)).collect::<Result<Vec<_>, _>>()?;
    let named = ledger.clone();
    let report = workspace
        .engine
        .create(&CreateRequest {
            ledger,
            deals,
            further: options.further,
            dry_run: options.dry_run,
            limit: options.limit,
            approved_by: options.actor.clone(),
        })
        .await;
    let report = report.map_err(|error| way_to_write(workspace, &named, error))?;
    let view = create_view(workspace, &report)?;
    Ok(CreateView { named: !options.opportunities.is_empty(), ..view })
}

/// Says of a refused write what turns it on: the one side that is in the way.
pub(crate) fn way_to_write(
    workspace: &Workspace,
    ledger: &ConnectionId,
    error: EngineError,
) -> Failure {
    let refused = matches!(error, EngineError::ReadOnly);
    let failure = Failure::from(error);
    if !refused {
        return failure;
    }
    let ended = |connection: &ConnectionId, brand: &str| {
        format!(
            "`{connection}` is disconnected: `tieout connect {brand} --name {connection}` \
             connects it again."
        )
    };
    let crm = workspace.engine.crm.as_ref().filter(|crm| crm.ended);
    // Why a store does not answer is told by the next command; this one only lacks a hint.
    let records = workspace.engine.store.connections().unwrap_or_default();
    let books = records.iter().find(|it| it.id == *ledger && it.disconnected_at.is_some());
    failure.with_hint(match (books, crm) {
        (Some(books), _) => ended(ledger, &books.brand),
        (None, Some(crm)) => ended(&crm.id, settings::SALESFORCE),
        (None, None) => format!("Turn it on with `tieout connections --allow-writing {ledger}`."),
    })
}

pub(crate) fn create_view(
    workspace: &Workspace,
    report: &CreateReport,
) -> Result<CreateView, Failure> {
    let mut deals = Vec::with_capacity(report.planned.len());
    let mut waiting: BTreeMap<Currency, Vec<Money>> = BTreeMap::new();
    for planned in &report.planned {
        let net = net_of(workspace, planned)?;
        let open = match planned.outcome {
            Outcome::Ready | Outcome::Driven(EffectState::Intended) => net,
            Outcome::Blocked(_) | Outcome::Found(_) | Outcome::Driven(_) => None,
        };
        if let Some(net) = open {
            waiting.entry(net.currency()).or_default().push(net);
        }
        deals.push(planned_view(workspace, planned, net)?);
    }
    let count = |word: &str| deals.iter().filter(|deal| deal.outcome == word).count();
    let adopted = deals.iter().filter(|deal| deal.adopted).count();
    Ok(CreateView {
        created: count(EffectState::Confirmed.as_str()) - adopted,
        adopted,
        blocked: count("blocked"),
        unknown: count(EffectState::Unknown.as_str()),
        http_requests: report.http_requests,
        to_create: to_create(&waiting)?,
        deals,
        named: true,
        proposals: report.proposals.clone(),
    })
}

fn to_create(waiting: &BTreeMap<Currency, Vec<Money>>) -> Result<Vec<ToCreateView>, Failure> {
    let sums = waiting.iter().map(|(currency, nets)| {
        let net = Money::sum(*currency, nets.iter().copied())
            .map_err(|error| Failure::caused(Code::DoesNotFoot, "what is to be created", error))?;
        Ok(ToCreateView { documents: nets.len(), net: net.into() })
    });
    sums.collect()
}

/// What the document of a plan, or of an earlier promise, comes to.
fn net_of(workspace: &Workspace, planned: &Planned) -> Result<Option<Money>, Failure> {
    let engine = &workspace.engine;
    match (planned.net, planned.key.as_deref(), &planned.outcome) {
        (None, Some(key), Outcome::Driven(_)) => match engine.store.effect(key)? {
            Some(effect) => Ok(engine.dossier(&effect)?.net),
            None => Ok(None),
        },
        (net, ..) => Ok(net),
    }
}

fn planned_view(
    workspace: &Workspace,
    planned: &Planned,
    net: Option<Money>,
) -> Result<PlannedView, Failure> {
    let confirmed = matches!(planned.outcome, Outcome::Driven(EffectState::Confirmed));
    let adopted = match planned.key.as_deref().filter(|_| confirmed) {
        Some(key) => is_adopted(&workspace.engine.store.effect_history(key)?),
        None => false,
    };
    Ok(PlannedView {
        opportunity: planned.deal.to_string(),
        key: planned.key.clone(),
        net: amount(net),
        outcome: match &planned.outcome {
            Outcome::Ready => "ready",
            Outcome::Found(_) => "found",
            Outcome::Blocked(_) => "blocked",
            Outcome::Driven(state) => state.as_str(),
        },
        adopted,
        gates: match &planned.outcome {
            Outcome::Blocked(findings) => findings.iter().map(GateView::from).collect(),
            Outcome::Ready | Outcome::Found(_) | Outcome::Driven(_) => Vec::new(),
        },
    })
}
