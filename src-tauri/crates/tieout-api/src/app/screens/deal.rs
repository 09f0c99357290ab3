//! One deal with everything that explains it.

use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::figures::DealFigures;
use tieout_domain::ids::DealId;
use tieout_domain::matching::{Field, Link, LinkState};
use tieout_domain::status::BillingStatus;
use tieout_domain::verdict::Verdict;
use ts_rs::TS;

use super::deals::{currency_of, links};
use super::decisions::target;
use super::gate_words;
use super::state::local;
use super::systems::Systems;
use super::timeline::{TimelineEvent, timeline};
use super::words::{reason_label, standing, tier_words};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{OpenIn, Scope, Status, Tone};
use crate::codes::Code;
use crate::commands::deal_id;
use crate::export::words::amount;
use crate::failure::Failure;
use crate::views::date;
use crate::workspace::Workspace;

/// Documents that a person is offered to link.
const CANDIDATES_MAX: usize = 50;

/// Which deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealParams {
    pub scope: Scope,
    pub opportunity: String,
}

/// Fields of the two records beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceRow {
    pub field: &'static str,
    pub crm: String,
    pub books: String,
    pub result: String,
    /// Set in the face of ids.
    pub id: bool,
}

/// Points of a scored match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScorePoint {
    pub field: String,
    pub points: String,
}

/// Why a document belongs to a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceView {
    pub title: String,
    /// "tier 0, certain".
    pub tier: String,
    pub crm: String,
    pub books: String,
    pub rows: Vec<EvidenceRow>,
    pub tolerance: Option<String>,
    /// Each with why it lost.
    pub rivals: Vec<String>,
    pub score: Vec<ScorePoint>,
    /// "Rule our-key, version 1".
    pub rule: String,
    /// For `unlink`.
    pub document: Option<String>,
}

/// One figure of the block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealFigure {
    pub label: String,
    pub amount: Option<String>,
    pub strong: bool,
}

/// What resyncing does, or why it cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ResyncHint {
    pub hint: String,
    pub closed: Option<String>,
}

/// Whether an invoice may be proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CreateHint {
    pub closed: Option<String>,
}

/// A reason that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GivenReason {
    pub status: Status,
    pub amount: String,
    pub note: String,
    pub owner: String,
    pub target: Option<String>,
}

/// Who left the deal out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExcludedBy {
    pub reason: String,
    pub by: String,
}

/// The drawer of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealView {
    pub opportunity: String,
    pub reference: String,
    pub name: String,
    /// With the legal form.
    pub account: String,
    pub status: Status,
    pub currency: String,
    pub links: Vec<OpenIn>,
    pub resync: ResyncHint,
    pub create: Option<CreateHint>,
    pub figures: Vec<DealFigure>,
    pub events: Vec<TimelineEvent>,
    pub evidence: Vec<EvidenceView>,
    pub reasons: Vec<GivenReason>,
    pub excluded: Option<ExcludedBy>,
}

/// A document that may be linked to the deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkCandidate {
    pub document: String,
    pub number: String,
    pub account: String,
    pub dated: String,
    pub net: String,
    pub currency: String,
    /// Why it is offered.
    pub why: String,
}

/// Documents that a person may link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkCandidates {
    pub candidates: Vec<LinkCandidate>,
}

/// The drawer.
pub async fn deal(reader: &mut Reader, params: DealParams) -> Result<DealView, Failure> {
    let held = reader.look(&params.scope)?;
    let read_only = reader.home.standing().read_only;
    let workspace = reader.workspace()?;
    let row = row_of(&held.reconciliation, &params.opportunity)?;
    let systems = Systems::of(workspace, &held)?;
    let exclusion = row.exclusion.as_ref();
    Ok(DealView {
        opportunity: row.deal.to_string(),
        reference: row.reference.clone().unwrap_or_else(|| row.deal.to_string()),
        name: row.name.clone(),
        account: row.account_name.clone(),
        status: standing(row),
        currency: currency_of(&held, row).code().to_owned(),
        links: links(&systems, row),
        resync: resync_hint(&held, read_only),
        create: create_hint(workspace, &held, row),
        figures: figures(&held, row),
        events: timeline(workspace, &held, &systems, row)?,
        evidence: evidence(&held, &systems, row),
        reasons: row.reasons.iter().map(given).collect(),
        excluded: exclusion.map(|it| ExcludedBy { reason: it.reason.clone(), by: it.by.clone() }),
    })
}

pub(crate) fn row_of<'a>(
    reconciliation: &'a Reconciliation,
    opportunity: &str,
) -> Result<&'a DealRow, Failure> {
    let deal: DealId = deal_id(opportunity)?;
    let found = reconciliation.rows.iter().find(|row| row.deal == deal);
    found.ok_or_else(|| Failure::new(Code::NoSuchDeal, "no won deal of this company has that id"))
}

fn resync_hint(held: &Held, read_only: bool) -> ResyncHint {
    let read = held.reading.read_at.as_ref().and_then(|at| at.parse().ok());
    let zone = &held.view.frame.time_zone;
    let read = read.map(|at| format!(" Last read {}.", local(at, zone, held.view.frame.today)));
    ResyncHint {
        hint: format!(
            "Reads the deal, its customer and its invoice again on both sides. Cannot create a \
             second invoice.{}",
            read.unwrap_or_default()
        ),
        closed: read_only.then(|| "Another window has this workspace open for writing.".to_owned()),
    }
}

/// Only for a deal without a document that stands; a closed gate says which.
fn create_hint(workspace: &Workspace, held: &Held, row: &DealRow) -> Option<CreateHint> {
    let wanted = matches!(row.billing, BillingStatus::Unbilled | BillingStatus::Blocked);
    if !row.won || !wanted {
        return None;
    }
    let writing = workspace.engine.ledger(&held.view.connection).is_ok_and(|it| it.writing);
    let closed = match (row.gates.first(), writing) {
        (Some(gate), _) => Some(format!("{}.", gate_words::what(gate))),
        (None, false) => {
            Some("Tieout only reads these books. Let it write under Connections & mapping.".into())
        }
        (None, true) => None,
    };
    Some(CreateHint { closed })
}

/// Picks one figure of a deal.
type Figure = fn(&DealFigures) -> Money;

fn figures(held: &Held, row: &DealRow) -> Vec<DealFigure> {
    let day = super::state::short_day(held.view.frame.as_of, &held.view);
    let shown: [(String, Figure, bool); 6] = [
        ("Contract".into(), |it| it.contract, false),
        (format!("Expected by {day}"), |it| it.expected, false),
        ("Billed, net".into(), |it| it.billed, false),
        ("Difference".into(), |it| it.variance, false),
        ("Collected".into(), |it| it.collected, false),
        ("Open".into(), |it| it.open, true),
    ];
    let figure = |(label, of, strong): (String, Figure, bool)| DealFigure {
        label,
        amount: row.figures.as_ref().map(|figures| of(figures).to_plain()),
        strong,
    };
    shown.into_iter().map(figure).collect()
}

fn given(reason: &tieout_domain::books::ReasonDecision) -> GivenReason {
    let (glyph, tone) = if reason.accepted { ("tick", Tone::Ok) } else { ("ring", Tone::Soft) };
    GivenReason {
        status: Status::new(glyph, reason_label(&reason.code), tone),
        amount: reason.amount.to_plain(),
        note: reason.note.clone(),
        owner: reason.owner.clone().unwrap_or_default(),
        target: target(reason.target),
    }
}

fn evidence(held: &Held, systems: &Systems, row: &DealRow) -> Vec<EvidenceView> {
    let links = held.reconciliation.matches.links.iter().filter(|link| link.deal == row.deal);
    links.map(|link| evidence_of(held, systems, link)).collect()
}

fn evidence_of(held: &Held, systems: &Systems, link: &Link) -> EvidenceView {
    let mut documents = held.view.books.documents.iter();
    let document =
        documents.find(|it| (it.kind, &it.id) == (link.document.kind, &link.document.id));
    let number = document.and_then(|it| it.number.clone());
    let number = number.unwrap_or_else(|| link.document.id.to_string());
    let kind = match link.document.kind {
        LedgerDocumentKind::Invoice => "invoice",
        LedgerDocumentKind::CreditMemo => "credit memo",
        LedgerDocumentKind::CashSale => "sales receipt",
    };
    let belongs = match link.state {
        LinkState::Confirmed => "belongs",
        LinkState::Suggested => "may belong",
    };
    let of = &link.evidence;
    let rows = of.compared.iter().map(|compared| EvidenceRow {
        field: field_words(compared.field),
        crm: compared.deal.clone(),
        books: compared.document.clone(),
        result: match compared.difference.as_str() {
            "" if compared.deal == compared.document => "same".to_owned(),
            other => other.to_owned(),
        },
        id: matches!(compared.field, Field::Key | Field::DealReference | Field::StoredDocument),
    });
    EvidenceView {
        title: format!("Why {kind} {number} {belongs} to this deal"),
        tier: tier_words(link.tier).to_owned(),
        crm: systems.crm_name.clone(),
        books: systems.books_name.clone(),
        rows: rows.collect(),
        tolerance: of.difference.filter(|it| !it.is_zero()).map(|it| {
            let allowed = Money::from_minor(i64::from(of.tolerance_minor), it.currency());
            format!("differs by {}, {} is allowed", amount(it), amount(allowed))
        }),
        rivals: rivals(held, link),
        score: of
            .score
            .iter()
            .map(|part| ScorePoint {
                field: format!("{}: {}", part.part, part.because),
                points: part.points.to_string(),
            })
            .collect(),
        rule: format!("Rule {}, version {}", of.rule.id(), of.rule.version()),
        document: Some(link.document.id.to_string()),
    }
}

/// What competed for the deal or the document, each with why it lost.
fn rivals(held: &Held, link: &Link) -> Vec<String> {
    let of = &link.evidence;
    let words = of.competitors.iter().map(|rival| {
        let mut documents = held.view.books.documents.iter();
        let document =
            documents.find(|it| (it.kind, &it.id) == (rival.document.kind, &rival.document.id));
        let number = document.and_then(|it| it.number.clone());
        let number = number.unwrap_or_else(|| rival.document.id.to_string());
        let mut deals = held.view.books.deals.iter();
        let other = deals.find(|deal| deal.id == rival.deal && rival.deal != link.deal);
        let other = other.map(|deal| format!(" for {}", deal.name)).unwrap_or_default();
        format!("{number}{other}: {}", rival.lost.sentence())
    });
    let more = of.competitors_left_out;
    let more = (more > 0).then(|| format!("and {more} more"));
    words.chain(more).collect()
}

const fn field_words(field: Field) -> &'static str {
    match field {
        Field::Key => "Our key",
        Field::DealReference => "Reference to the deal",
        Field::StoredDocument => "Document stored on the deal",
        Field::Customer => "Customer",
        Field::Currency => "Currency",
        Field::OrderNumber => "Order number",
        Field::Net => "Net",
        Field::Date => "Date",
        Field::Items => "Items",
        Field::Invoice => "Invoice",
        Field::Applied => "Applied",
    }
}

/// Documents of the deal's customers and orphans of its currency, the nearest amount first.
pub async fn link_candidates(
    reader: &mut Reader,
    params: DealParams,
) -> Result<LinkCandidates, Failure> {
    let held = reader.look(&params.scope)?;
    let row = row_of(&held.reconciliation, &params.opportunity)?;
    let currency = currency_of(&held, row);
    let expected = row.figures.as_ref().map(|figures| figures.expected.minor());
    let accounts = &held.reconciliation.receivables.by_account;
    let ours: Vec<_> = accounts
        .iter()
        .filter(|it| it.account.is_some() && it.account == row.account)
        .flat_map(|it| &it.customers)
        .collect();
    let linked = |id: &tieout_domain::ids::DocumentId| {
        row.documents.iter().any(|document| document.document == *id)
    };
    let orphans = &held.reconciliation.matches.orphans;
    let mut found: Vec<(u64, LinkCandidate)> = Vec::new();
    for of in &held.view.books.documents {
        let orphan = orphans.iter().any(|it| (it.kind, &it.id) == (of.kind, &of.id));
        let same = ours.contains(&&of.customer);
        if of.currency != currency || linked(&of.id) || of.stamp.deleted || !(orphan || same) {
            continue;
        }
        let apart = expected.map_or(0, |expected| expected.abs_diff(of.net.minor()));
        let name = accounts.iter().find(|it| it.customers.contains(&of.customer));
        let why = match (orphan, same) {
            (true, true) => "no deal has it, same customer",
            (true, false) => "no deal has it",
            _ => "same customer, linked to another deal",
        };
        found.push((
            apart,
            LinkCandidate {
                document: of.id.to_string(),
                number: of.number.clone().unwrap_or_else(|| of.id.to_string()),
                account: name.map(|it| it.name.clone()).unwrap_or_default(),
                dated: date(of.effective_on),
                net: of.net.to_plain(),
                currency: currency.code().to_owned(),
                why: why.to_owned(),
            },
        ));
    }
    found.sort_by(|a, b| (a.0, &a.1.document).cmp(&(b.0, &b.1.document)));
    found.truncate(CANDIDATES_MAX);
    Ok(LinkCandidates { candidates: found.into_iter().map(|(_, candidate)| candidate).collect() })
}

/// Whether a verdict waits for a person.
pub(crate) const fn is_open(verdict: Option<Verdict>) -> bool {
    matches!(verdict, Some(Verdict::Unexplained | Verdict::Uncertain))
}
