//! What people decided here, with who, when and why. The log keeps every word for good.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use tieout_domain::facts::{Fact, LedgerDocumentKind, Stream};
use tieout_domain::ids::ConnectionId;
use tieout_store::{
    AuditEntry, DealDocumentLink, Decided, Exclusion, IdentityLink, LedgerLimits, LinkVerdict,
    ReasonItem, ReasonStanding,
};
use ts_rs::TS;

use super::moments::Moments;
use super::state::short_name;
use super::words::reason_label;
use crate::app::home::Home;
use crate::app::shapes::Target;
use crate::export::words::amount_in;
use crate::failure::Failure;
use crate::views::deals::stream_of;
use crate::workspace::Workspace;

/// Decisions that the window lists.
const SHOWN_MAX: usize = 200;
/// Audit entries that are looked through.
const ENTRIES_SEARCHED_MAX: u32 = 5_000;
/// How the audit trail names the approval of a document.
const APPROVED: &str = "document.approved";
/// What the program itself did is no decision of a person.
const OURSELVES: [&str; 2] = ["engine", "tieout"];

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DecisionRow {
    pub id: String,
    pub at: String,
    pub who: String,
    pub said: String,
    /// Reason that the person gave; empty where none was asked.
    pub reason: String,
    /// Only the newest can be taken back by `undo`.
    pub undo: bool,
    pub target: Option<Target>,
}

/// A decision of any kind on its way to words.
enum Word {
    Reason(ReasonItem),
    Exclusion(Exclusion),
    Customer(IdentityLink),
    Document(DealDocumentLink),
    Limits(LedgerLimits),
    Logged(AuditEntry),
}

impl Word {
    fn at(&self) -> Timestamp {
        match self {
            Self::Logged(entry) => entry.at,
            other => other.decided().map_or(Timestamp::MIN, |decided| decided.at),
        }
    }

    fn decided(&self) -> Option<&Decided> {
        match self {
            Self::Reason(it) => Some(&it.decided),
            Self::Exclusion(it) => Some(&it.decided),
            Self::Customer(it) => Some(&it.decided),
            Self::Document(it) => Some(&it.decided),
            Self::Limits(it) => Some(&it.decided),
            Self::Logged(_) => None,
        }
    }

    fn who(&self) -> &str {
        match self {
            Self::Logged(entry) => &entry.actor,
            other => other.decided().map_or("", |decided| &decided.actor),
        }
    }
}

/// Who approved each document, by its key.
pub(crate) fn approvals(workspace: &Workspace) -> Result<BTreeMap<String, String>, Failure> {
    let entries = workspace.engine.store.audit(ENTRIES_SEARCHED_MAX)?;
    let approved = entries.into_iter().filter(|entry| entry.action == APPROVED);
    Ok(approved.map(|entry| (entry.subject, entry.actor)).collect())
}

/// The latest decisions, newest first.
pub(crate) fn decisions(
    home: &Home,
    workspace: &Workspace,
    moments: &Moments,
) -> Result<Vec<DecisionRow>, Failure> {
    let store = &workspace.engine.store;
    let mut words: Vec<Word> = Vec::new();
    words.extend(store.reason_history()?.into_iter().map(Word::Reason));
    words.extend(store.exclusion_history()?.into_iter().map(Word::Exclusion));
    words.extend(store.identity_link_history()?.into_iter().map(Word::Customer));
    words.extend(store.deal_document_link_history()?.into_iter().map(Word::Document));
    words.extend(store.limits_history()?.into_iter().map(Word::Limits));
    let entries = store.audit(ENTRIES_SEARCHED_MAX)?.into_iter();
    words.extend(entries.filter(|entry| logged(entry).is_some()).map(Word::Logged));
    words.retain(|word| !OURSELVES.contains(&word.who()));
    words.sort_by_key(|word| std::cmp::Reverse(word.at()));
    words.truncate(SHOWN_MAX);
    let mut rows = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        rows.push(row(workspace, moments, word, place)?);
    }
    let newest = words.iter().position(|word| word.decided().is_some());
    if let Some(row) = newest.and_then(|at| rows.get_mut(at)) {
        row.undo = home.standing().undoable;
    }
    Ok(rows)
}

fn row(
    workspace: &Workspace,
    moments: &Moments,
    word: &Word,
    place: usize,
) -> Result<DecisionRow, Failure> {
    let (said, target) = match word {
        Word::Reason(item) => of_reason(workspace, item)?,
        Word::Exclusion(exclusion) => of_exclusion(workspace, exclusion)?,
        Word::Customer(link) => of_customer(workspace, link)?,
        Word::Document(link) => of_document(workspace, link)?,
        Word::Limits(limits) => (of_limits(workspace, limits)?, Some(Target::screen("settings"))),
        Word::Logged(entry) if entry.action == APPROVED => of_approval(workspace, entry)?,
        Word::Logged(entry) => (logged(entry).unwrap_or_default(), None),
    };
    let reason = match word {
        Word::Logged(entry) if entry.action == "effect.resolved" => entry.detail.clone(),
        Word::Logged(_) => String::new(),
        other => other.decided().map(|decided| decided.reason.clone()).unwrap_or_default(),
    };
    Ok(DecisionRow {
        id: format!("{}|{place}", word.at()),
        at: moments.moment(word.at()),
        who: word.who().to_owned(),
        said,
        reason,
        undo: false,
        target,
    })
}

fn fact_name(
    workspace: &Workspace,
    connection: Option<&ConnectionId>,
    stream: Stream,
    id: &str,
) -> Result<String, Failure> {
    let Some(connection) = connection else { return Ok(id.to_owned()) };
    let fact = workspace.engine.store.fact(connection, stream, id, None)?;
    Ok(match fact {
        Some(Fact::Deal(deal)) => deal.name,
        Some(Fact::Account(account)) => short_name(&account.name).to_owned(),
        Some(Fact::Customer(customer)) => short_name(&customer.name).to_owned(),
        Some(Fact::Document(document)) => document.number.unwrap_or_else(|| id.to_owned()),
        _ => id.to_owned(),
    })
}

fn crm(workspace: &Workspace) -> Option<&ConnectionId> {
    workspace.engine.crm.as_ref().map(|crm| &crm.id)
}

fn deal_name(workspace: &Workspace, id: &str) -> Result<String, Failure> {
    fact_name(workspace, crm(workspace), Stream::Deals, id)
}

fn of_reason(
    workspace: &Workspace,
    item: &ReasonItem,
) -> Result<(String, Option<Target>), Failure> {
    let deal = item.deal.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = deal_name(workspace, &deal)?;
    let label = reason_label(&item.code).to_lowercase();
    let verb = match item.standing {
        ReasonStanding::Proposed => "Reason proposed",
        ReasonStanding::Accepted => "Reason accepted",
        ReasonStanding::Withdrawn => "Reason taken back",
    };
    let said = format!("{verb}: {label}, {name}, {}", amount_in(item.amount));
    Ok((said, Some(Target::record("reconciliation", None, &deal))))
}

fn of_exclusion(
    workspace: &Workspace,
    exclusion: &Exclusion,
) -> Result<(String, Option<Target>), Failure> {
    if exclusion.stream != Stream::Deals || exclusion.record.contains(':') {
        let verb = if exclusion.excluded { "declared in order" } else { "to be looked at again" };
        return Ok((format!("Pair of records {verb}"), None));
    }
    let name = deal_name(workspace, &exclusion.record)?;
    let said = match exclusion.excluded {
        true => format!("Excluded: {name}"),
        false => format!("Included again: {name}"),
    };
    Ok((said, Some(Target::record("deals", Some("all"), &exclusion.record))))
}

fn of_customer(
    workspace: &Workspace,
    link: &IdentityLink,
) -> Result<(String, Option<Target>), Failure> {
    let ledger = Some(&link.connection);
    let customer = fact_name(workspace, ledger, Stream::Customers, link.customer.as_str())?;
    let account = fact_name(workspace, crm(workspace), Stream::Accounts, link.account.as_str())?;
    let said = match (link.basis.as_str(), link.linked) {
        (IdentityLink::WITHDRAWN, _) => {
            format!("Word taken back on {account} and customer {customer}")
        }
        (_, true) => format!("{account} linked to customer {customer}"),
        (_, false) => format!("{account} kept apart from customer {customer}"),
    };
    Ok((said, Some(Target::view("connections", "customers"))))
}

fn of_document(
    workspace: &Workspace,
    link: &DealDocumentLink,
) -> Result<(String, Option<Target>), Failure> {
    let stream = stream_of(link.document_kind);
    let kind = match link.document_kind {
        LedgerDocumentKind::Invoice => "invoice",
        LedgerDocumentKind::CreditMemo => "credit memo",
        LedgerDocumentKind::CashSale => "sales receipt",
    };
    let number = fact_name(workspace, Some(&link.connection), stream, link.document.as_str())?;
    let deal = deal_name(workspace, link.deal.as_str())?;
    let said = match link.verdict {
        LinkVerdict::Link => format!("Linked {kind} {number} to {deal}"),
        LinkVerdict::Exclude => format!("Kept {kind} {number} apart from {deal}"),
        LinkVerdict::Unlink => format!("Word taken back on {kind} {number} and {deal}"),
    };
    Ok((said, Some(Target::record("deals", Some("all"), link.deal.as_str()))))
}

fn of_limits(workspace: &Workspace, limits: &LedgerLimits) -> Result<String, Failure> {
    let company = workspace.engine.company(&limits.connection)?;
    let name = company.map_or_else(|| limits.connection.to_string(), |company| company.name);
    Ok(format!("Limits of {}: flag above {}", short_name(&name), amount_in(limits.absolute)))
}

/// Which invoice was approved: the promise itself says it.
fn of_approval(
    workspace: &Workspace,
    entry: &AuditEntry,
) -> Result<(String, Option<Target>), Failure> {
    let engine = &workspace.engine;
    let Some(effect) = engine.store.effect(&entry.subject)? else {
        return Ok((logged(entry).unwrap_or_default(), None));
    };
    let dossier = engine.dossier(&effect)?;
    let deal = dossier.deal.map(|deal| format!(" for {}", deal.name)).unwrap_or_default();
    let net = dossier.net.map(|net| format!(", {}", amount_in(net))).unwrap_or_default();
    let target = effect.deal.map(|deal| Target::record("deals", Some("all"), deal.as_str()));
    Ok((format!("Approved: invoice{deal}{net}"), target))
}

/// What else a person did, as the audit trail has it. `None`: no decision, or told elsewhere.
fn logged(entry: &AuditEntry) -> Option<String> {
    let subject = &entry.subject;
    Some(match entry.action.as_str() {
        "effect.resolved" => format!("Decided about {subject}"),
        APPROVED => format!("Approved the invoice with the key {subject}"),
        "writing.allowed" => format!("Let Tieout write to {subject}"),
        "writing.stopped" => format!("Stopped writing to {subject}"),
        "connection.made" => format!("Connected {subject}"),
        "connection.ended" => format!("Disconnected {subject}"),
        "report.exported" => format!("Exported {subject}"),
        _ => return None,
    })
}
