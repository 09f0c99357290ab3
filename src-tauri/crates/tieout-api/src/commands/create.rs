//! Creating the missing invoices.

use serde::Serialize;
use tieout_domain::effect::EffectState;
use tieout_engine::{CreateReport, CreateRequest, Outcome};

use super::sync::deal_id;
use crate::failure::Failure;
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
    /// `ready`, `blocked`, or the state of its effect.
    pub outcome: &'static str,
    pub gates: Vec<GateView>,
}

/// What a create run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreateView {
    pub created: usize,
    pub blocked: usize,
    pub unknown: usize,
    pub http_requests: u64,
    pub deals: Vec<PlannedView>,
    /// Whether deals were asked for by name.
    #[serde(skip)]
    pub named: bool,
}

impl CreateView {
    /// Every deal of the request has its document. Who asks for all that can be created gets that:
    /// the blocked ones are told, and are a matter for a person.
    pub fn is_complete(&self) -> bool {
        self.deals.iter().all(|deal| match deal.outcome {
            "confirmed" | "ready" => true,
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
        .await?;
    Ok(CreateView { named: !options.opportunities.is_empty(), ..create_view(&report) })
}

pub(crate) fn create_view(report: &CreateReport) -> CreateView {
    let deals: Vec<PlannedView> = report
        .planned
        .iter()
        .map(|planned| PlannedView {
            opportunity: planned.deal.to_string(),
            key: planned.key.clone(),
            net: amount(planned.net),
            outcome: match &planned.outcome {
                Outcome::Ready => "ready",
                Outcome::Blocked(_) => "blocked",
                Outcome::Driven(state) => state.as_str(),
            },
            gates: match &planned.outcome {
                Outcome::Blocked(findings) => findings.iter().map(GateView::from).collect(),
                Outcome::Ready | Outcome::Driven(_) => Vec::new(),
            },
        })
        .collect();
    let count = |word: &str| deals.iter().filter(|deal| deal.outcome == word).count();
    CreateView {
        created: report.created(),
        blocked: count("blocked"),
        unknown: count(EffectState::Unknown.as_str()),
        http_requests: report.http_requests,
        deals,
        named: true,
    }
}
