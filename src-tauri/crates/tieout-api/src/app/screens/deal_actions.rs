//! Acting on exactly one deal: read it again, create its invoice.

use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::assignment::Outcome;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::gates::Proposal;
use tieout_domain::ids::ConnectionId;
use ts_rs::TS;

use crate::app::FailureView;
use crate::app::shapes::{Proof, Status, Tone};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::commands::{self, CreateOptions, CreateView as CreatedView, ResyncView as ResyncedView};
use crate::export::words::{counted, typeset};
use crate::failure::Failure;
use crate::views::deals::DealView as Snapshot;
use crate::views::{Amount, date};
use crate::workspace::Workspace;

/// One deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OneDeal {
    pub opportunity: String,
    /// The company. `None`: the one that keeps the deal.
    #[serde(default)]
    pub ledger: Option<String>,
}

/// Its invoice; without `confirm` it is only proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CreateParams {
    pub opportunity: String,
    pub confirm: bool,
    /// The company. `None`: the one that keeps the deal.
    #[serde(default)]
    pub ledger: Option<String>,
}

/// A field that changed since the deal was read before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResyncChange {
    pub field: &'static str,
    pub system: String,
    pub before: String,
    pub after: String,
}

/// What reading one deal again came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResyncView {
    pub changed: bool,
    pub sentence: String,
    pub changes: Vec<ResyncChange>,
    /// What could not be read.
    pub failure: Option<FailureView>,
}

/// A line of a proposed invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposedLineView {
    pub item: String,
    pub amount: String,
}

/// A total of a proposed invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposedTotal {
    pub amount: String,
    pub proof: Proof,
}

/// Something to look at before confirming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposalWarning {
    pub tone: Tone,
    pub glyph: &'static str,
    pub text: String,
}

/// What will exist after the confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct InvoiceProposal {
    pub title: String,
    pub body: String,
    pub customer: String,
    pub customer_id: String,
    pub purpose: String,
    pub dated: String,
    pub due: String,
    pub currency: String,
    pub lines: Vec<ProposedLineView>,
    pub net: String,
    /// "computed by QuickBooks": tax is not ours to state before it exists.
    pub tax_label: String,
    /// `null`: not known before the books compute it.
    pub tax: Option<String>,
    /// Net of tax, re-added from the lines.
    pub total: ProposedTotal,
    pub warnings: Vec<ProposalWarning>,
    pub key: String,
    pub button: String,
}

/// What happened, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CreateOutcome {
    pub status: Status,
    pub sentence: String,
}

/// A proposal before the confirmation, an outcome after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CreateView {
    pub proposal: Option<InvoiceProposal>,
    pub outcome: Option<CreateOutcome>,
}

/// Reads exactly one deal again on both sides and compares.
pub async fn resync_deal(writer: &mut Writer, params: OneDeal) -> Result<ResyncView, Failure> {
    let ledger = ledger_of(writer.workspace()?, params.ledger, &params.opportunity)?;
    writer.begin("resync")?;
    let named = Some(ledger.as_str());
    let read = commands::resync(writer.workspace()?, &params.opportunity, None, named).await;
    writer.end("resync")?;
    let view = read?;
    let now = writer.home.now();
    let (crm, books) = systems(writer, &ledger)?;
    let changes = match (&view.before, &view.after) {
        (Some(before), Some(after)) => changes(before, after, &crm, &books),
        _ => Vec::new(),
    };
    let failure = view.gaps.first().map(|gap| {
        let failure = Failure::new(Code::RunIncomplete, gap.sentence.clone());
        FailureView { next_step: typeset(&gap.remedy), ..FailureView::of(&failure, now) }
    });
    let sentence = sentence(&view, &changes);
    Ok(ResyncView { changed: view.changed > 0 || !changes.is_empty(), sentence, changes, failure })
}

/// The company that was named, the only one, or the one that keeps the deal.
fn ledger_of(
    workspace: &Workspace,
    named: Option<String>,
    opportunity: &str,
) -> Result<ConnectionId, Failure> {
    let connected = || workspace.engine.ledgers.iter().filter(|it| !it.ended);
    let (None, Some(any), true) = (&named, connected().next(), connected().count() > 1) else {
        return workspace.ledger_named(named.as_deref());
    };
    let deal = commands::deal_id(opportunity)?;
    let books = workspace.engine.view_today(&any.id)?.books;
    let keeper = books.assignments.of(&deal).and_then(Outcome::keeper);
    let kept = connected().find(|it| Some(it.port.ledger()) == keeper);
    kept.map(|it| it.id.clone())
        .ok_or_else(|| Failure::new(Code::DealContested, "no company keeps this deal"))
}

fn systems(writer: &mut Writer, ledger: &ConnectionId) -> Result<(String, String), Failure> {
    let workspace = writer.workspace()?;
    let tool =
        |id: &ConnectionId| Ok::<_, Failure>(workspace.engine.company(id)?.map(|it| it.tool));
    let crm = workspace.engine.crm.as_ref().map(|crm| tool(&crm.id)).transpose()?.flatten();
    let books = tool(ledger)?.unwrap_or_else(|| ledger.to_string());
    Ok((crm.unwrap_or_else(|| "Salesforce".into()), books))
}

fn sentence(view: &ResyncedView, changes: &[ResyncChange]) -> String {
    let written = view.written_back.written;
    let written = match written {
        0 => String::new(),
        some => format!(" {} written to Salesforce.", counted(some, "record", "records")),
    };
    let read = match (view.complete, view.changed, changes.len()) {
        (false, ..) => "Not everything could be read, so nothing is concluded.".to_owned(),
        (true, 0, 0) => "Nothing changed.".to_owned(),
        (true, records, 0) => {
            let records = counted(records, "record", "records");
            format!("{records} changed, and no figure of the deal.")
        }
        (true, _, fields) => {
            format!("{} changed.", counted(fields as u64, "field", "fields"))
        }
    };
    format!("{read}{written}")
}

fn changes(before: &Snapshot, after: &Snapshot, crm: &str, books: &str) -> Vec<ResyncChange> {
    let words = |amount: &Option<Amount>| match amount {
        Some(amount) => amount.in_words(),
        None => "unknown".to_owned(),
    };
    let numbers = |view: &Snapshot| {
        let numbers = view.documents.iter().map(|it| it.number.clone().unwrap_or(it.id.clone()));
        numbers.collect::<Vec<_>>().join(", ")
    };
    let fields = [
        ("Name", crm, before.name.clone(), after.name.clone()),
        ("Account", crm, before.account.clone(), after.account.clone()),
        ("Close date", crm, before.closed.clone(), after.closed.clone()),
        ("Contract", crm, words(&before.contract), words(&after.contract)),
        ("Documents", books, numbers(before), numbers(after)),
        ("Billed, net", books, words(&before.billed), words(&after.billed)),
        ("Collected", books, words(&before.collected), words(&after.collected)),
        ("Open", books, words(&before.open), words(&after.open)),
    ];
    fields
        .into_iter()
        .filter(|(_, _, before, after)| before != after)
        .map(|(field, system, before, after)| ResyncChange {
            field,
            system: system.to_owned(),
            before,
            after,
        })
        .collect()
}

/// Proposes the invoice of one deal, or creates it once a person confirmed.
pub async fn create_invoice(
    writer: &mut Writer,
    params: CreateParams,
) -> Result<CreateView, Failure> {
    let actor = writer.home.person();
    let ledger = ledger_of(writer.workspace()?, params.ledger, &params.opportunity)?;
    let options = CreateOptions {
        opportunities: vec![params.opportunity.clone()],
        further: false,
        dry_run: !params.confirm,
        limit: 1,
        actor,
        ledger: Some(ledger.to_string()),
    };
    writer.begin("create")?;
    let created = commands::create(writer.workspace()?, &options).await;
    writer.end("create")?;
    let created = created?;
    match params.confirm {
        true => {
            Ok(CreateView { proposal: None, outcome: Some(outcome(writer, &ledger, &created)?) })
        }
        false => proposed(writer, &ledger, &created),
    }
}

fn outcome(
    writer: &mut Writer,
    ledger: &ConnectionId,
    created: &CreatedView,
) -> Result<CreateOutcome, Failure> {
    let (_, books) = systems(writer, ledger)?;
    let Some(deal) = created.deals.first() else {
        return Err(Failure::new(Code::NoSuchDeal, "no won deal of this company has that id"));
    };
    let stored = deal.key.as_deref();
    let stored =
        stored.map(|key| writer.workspace()?.engine.store.effect(key).map_err(Failure::from));
    let id = stored.transpose()?.flatten().and_then(|effect| effect.result_id).unwrap_or_default();
    let (status, sentence) = match (deal.outcome, deal.adopted) {
        ("confirmed", false) => (
            Status::new("tick", "Created", Tone::Ok),
            format!("{books} confirmed the invoice: {id}."),
        ),
        ("confirmed", true) => (
            Status::new("tick", "Adopted", Tone::Ok),
            format!("{books} has it already: {id}. No second one was created."),
        ),
        ("unknown" | "sent", _) => (
            Status::new("diamond", "Outcome unknown", Tone::Unsure),
            format!(
                "{books} did not answer. The invoice may exist. It will not be sent again until \
                 {books} has been asked."
            ),
        ),
        ("found", _) => (
            Status::new("tick", "Already there", Tone::Ok),
            format!(
                "{books} has an invoice of this deal with our key already. Nothing is created; \
                 Resync links it."
            ),
        ),
        ("blocked", _) => (
            Status::new("square_bar", "Blocked", Tone::Bad),
            deal.gates.first().map(|gate| typeset(&gate.what)).unwrap_or_default(),
        ),
        ("intended", _) => (
            Status::new("ring", "Waits", Tone::Soft),
            "It is promised and was not sent yet. The next run sends it.".to_owned(),
        ),
        _ => (
            Status::new("square_bar", "Refused", Tone::Bad),
            format!("{books} refused the invoice. Activity has its words."),
        ),
    };
    Ok(CreateOutcome { status, sentence })
}

fn proposed(
    writer: &mut Writer,
    ledger: &ConnectionId,
    created: &CreatedView,
) -> Result<CreateView, Failure> {
    let (_, books) = systems(writer, ledger)?;
    let Some(deal) = created.deals.first() else {
        return Err(Failure::new(Code::NoSuchDeal, "no won deal of this company has that id"));
    };
    let ready = deal.outcome == "ready";
    let Some(plan) = created.proposals.first().filter(|_| ready) else {
        return Ok(CreateView { proposal: None, outcome: Some(outcome(writer, ledger, created)?) });
    };
    let workspace = writer.workspace()?;
    let (name, customer) = named(workspace, ledger, plan)?;
    let lines = plan.lines.iter().map(|line| ProposedLineView {
        item: line.description.clone().unwrap_or_else(|| line.item.to_string()),
        amount: line.amount.to_plain(),
    });
    let sum = Money::sum(plan.currency, plan.lines.iter().map(|line| line.amount));
    let sum = sum.map_err(crate::code_of_sum("the lines of an invoice"))?;
    let proof = if sum == plan.net { Proof::Agreed } else { Proof::Unproved };
    let body = format!(
        "It is posted at once: {books} has no draft through its interface. Later changes are made \
         there, or by credit note."
    );
    let proposal = InvoiceProposal {
        title: format!("Create one invoice in {books}?"),
        body,
        customer: customer.unwrap_or_else(|| "made first, from the Account".to_owned()),
        customer_id: plan.customer.as_ref().map(ToString::to_string).unwrap_or_default(),
        purpose: name,
        dated: date(plan.effective_on),
        due: plan.due_on.map_or_else(|| "by the customer's terms".to_owned(), date),
        currency: plan.currency.code().to_owned(),
        lines: lines.collect(),
        net: plan.net.to_plain(),
        tax_label: format!("Tax, computed by {books}"),
        tax: None,
        total: ProposedTotal { amount: sum.to_plain(), proof },
        warnings: Vec::new(),
        key: deal.key.clone().unwrap_or_default(),
        button: "Create this invoice".to_owned(),
    };
    Ok(CreateView { proposal: Some(proposal), outcome: None })
}

/// Names of the deal and of the customer of a proposal.
fn named(
    workspace: &Workspace,
    ledger: &ConnectionId,
    plan: &Proposal,
) -> Result<(String, Option<String>), Failure> {
    let store = &workspace.engine.store;
    let crm = workspace.engine.crm.as_ref().map(|crm| crm.id.clone());
    let deal = match crm {
        Some(crm) => store.fact(&crm, Stream::Deals, plan.deal.as_str(), None)?,
        None => None,
    };
    let customer = match &plan.customer {
        Some(id) => store.fact(ledger, Stream::Customers, id.as_str(), None)?,
        None => None,
    };
    let deal = match deal {
        Some(Fact::Deal(deal)) => deal.name,
        _ => plan.deal.to_string(),
    };
    let customer = match customer {
        Some(Fact::Customer(customer)) => Some(customer.name),
        _ => None,
    };
    Ok((deal, customer))
}
