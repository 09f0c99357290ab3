//! What was promised, sent and confirmed, in words; and what a person may decide about it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tieout_connect::ports::ProposedDocument;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, DealId};
use tieout_engine::{Dossier, FoundByHand, GIVEN_UP, SendAgain};
use tieout_report::print_count;
use tieout_store::{Effect, EffectFilter, EffectKind};
use ts_rs::TS;

use super::moments::Moments;
use super::outbox_history::{Told, history};
use super::settings::reason;
use super::state::short_name;
use crate::app::shapes::{FactLine, Phrase, Receipt, Status, Target, Tone};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::{Amount, amount};
use crate::workspace::Workspace;

/// Effects that the window lists.
const SHOWN_MAX: usize = 200;
/// Lines of a document that are written out; the rest is counted.
const LINES_MAX: usize = 20;

/// One promised side effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectRow {
    pub key: String,
    pub status: Status,
    /// "Quillan Pharma".
    pub subject: String,
    /// "create invoice for GMP monitoring".
    pub promise: String,
    /// Net of tax; `null` where the effect carries no money.
    pub net: Option<Amount>,
    /// "09:21" today, "15 Jun" before.
    pub since: String,
    pub facts: Vec<FactLine>,
    pub history: Vec<EffectHistoryLine>,
    /// Empty where nothing is to be decided; the dangerous one stands last.
    pub choices: Vec<EffectChoice>,
    /// The deal of this effect.
    pub target: Option<Target>,
}

/// One line of the history; every attempt has its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "EffectEvent")]
pub struct EffectHistoryLine {
    /// "09:21:14"; with the day where it was not today.
    pub at: String,
    pub glyph: &'static str,
    pub tone: Tone,
    pub title: String,
    pub detail: Phrase,
}

/// What a person may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceId {
    AskNow,
    Found,
    SendAgain,
    GiveUp,
    Accept,
}

/// What a person must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceNeeds {
    Nothing,
    Reason,
    NumberAndReason,
}

/// One way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectChoice {
    pub id: ChoiceId,
    pub title: String,
    /// What it does and what it cannot do; of a closed one when it opens and why.
    pub sentence: String,
    pub open: bool,
    pub needs: ChoiceNeeds,
    pub dangerous: bool,
}

/// The outbox as the screen shows it.
pub(crate) struct Outbox {
    pub note: String,
    pub rows: Vec<EffectRow>,
    pub more: u64,
    /// Effects that were refused or are in conflict, newest first.
    pub failed: Vec<(Effect, EffectRow)>,
}

/// How much an effect waits for somebody. In the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Unknown,
    Conflict,
    Waiting,
    Refused,
    Over,
}

/// The outbox. `approved`: who approved each document, by its key.
pub(crate) fn outbox(
    workspace: &Workspace,
    moments: &Moments,
    approved: &BTreeMap<String, String>,
) -> Result<Outbox, Failure> {
    let effects = workspace.engine.store.effects(&EffectFilter::default())?;
    let first = effects.iter().map(|effect| effect.created_at).min();
    let last_of_record = last_of_record(&effects);
    let mut placed: Vec<(Standing, Effect)> = effects
        .into_iter()
        .map(|effect| (standing(&effect, last_of_record.contains(&effect.key)), effect))
        .collect();
    let note = note(&placed, first, moments);
    placed.sort_by(|(a, left), (b, right)| {
        let newer = || (right.created_at, &right.key).cmp(&(left.created_at, &left.key));
        a.cmp(b).then_with(newer)
    });
    let more = placed.len().saturating_sub(SHOWN_MAX) as u64;
    let mut shown = Outbox { note, rows: Vec::new(), more, failed: Vec::new() };
    for (place, effect) in placed.into_iter().take(SHOWN_MAX) {
        let row = effect_row(workspace, moments, &effect, place, approved)?;
        if matches!(place, Standing::Conflict | Standing::Refused) {
            shown.failed.push((effect, row.clone()));
        }
        shown.rows.push(row);
    }
    Ok(shown)
}

/// Writes into the CRM say everything anew each time: of each record only the last one counts.
fn last_of_record(effects: &[Effect]) -> BTreeSet<String> {
    let mut last: BTreeMap<&str, &Effect> = BTreeMap::new();
    for effect in effects {
        let record = effect.key.rsplit_once(':').map_or(effect.key.as_str(), |(record, _)| record);
        let held = last.entry(record).or_insert(effect);
        if held.sequence < effect.sequence {
            *held = effect;
        }
    }
    last.into_values().map(|effect| effect.key.clone()).collect()
}

/// Effects that wait for a person: unknown, in conflict, or refused and not written since.
pub(crate) fn stuck(effects: &[Effect]) -> Vec<&Effect> {
    let last = last_of_record(effects);
    let waits = |effect: &&Effect| {
        let place = standing(effect, last.contains(&effect.key));
        matches!(place, Standing::Unknown | Standing::Conflict | Standing::Refused)
    };
    effects.iter().filter(waits).collect()
}

fn standing(effect: &Effect, is_last: bool) -> Standing {
    match effect.state {
        EffectState::Unknown => Standing::Unknown,
        EffectState::Conflict => Standing::Conflict,
        EffectState::Intended | EffectState::Sent => Standing::Waiting,
        EffectState::Rejected if is_last && !is_given_up(effect) => Standing::Refused,
        EffectState::Rejected | EffectState::Confirmed | EffectState::Cancelled => Standing::Over,
    }
}

fn is_given_up(effect: &Effect) -> bool {
    effect.error_code.as_deref() == Some(GIVEN_UP)
}

fn note(placed: &[(Standing, Effect)], first: Option<Timestamp>, moments: &Moments) -> String {
    let Some(first) = first else { return "nothing was promised yet".to_owned() };
    let of = |standing| placed.iter().filter(|(it, _)| *it == standing).count() as u64;
    let confirmed = placed.iter().filter(|(_, it)| it.state == EffectState::Confirmed);
    let parts = [
        (of(Standing::Unknown), "unknown"),
        (of(Standing::Conflict), "in conflict"),
        (of(Standing::Waiting), "waiting"),
        (of(Standing::Refused), "refused"),
        (confirmed.count() as u64, "confirmed"),
    ];
    let told = parts.into_iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> =
        told.map(|(count, word)| format!("{} {word}", print_count(count))).collect();
    format!("since {}: {}", moments.since(first), told.join(", "))
}

fn effect_row(
    workspace: &Workspace,
    moments: &Moments,
    effect: &Effect,
    place: Standing,
    approved: &BTreeMap<String, String>,
) -> Result<EffectRow, Failure> {
    let engine = &workspace.engine;
    let dossier = engine.dossier(effect)?;
    let events = engine.store.effect_history(&effect.key)?;
    let told = Told {
        moments,
        effect,
        dossier: &dossier,
        tool: tool(workspace, &effect.connection)?,
        approved_by: approved.get(&effect.key).cloned(),
    };
    let (subject, promise) = named(workspace, effect, &dossier)?;
    Ok(EffectRow {
        key: effect.key.clone(),
        status: status(effect, place, moments),
        subject,
        promise,
        net: amount(dossier.net),
        since: moments.since(effect.last_sent_at.unwrap_or(effect.created_at)),
        facts: facts(effect, &dossier, moments),
        history: history(&told, &events),
        choices: choices(workspace, effect, &told.tool, moments)?,
        target: effect.deal.as_ref().map(|deal| deal_target(deal, effect)),
    })
}

fn deal_target(deal: &DealId, effect: &Effect) -> Target {
    let ledger = (effect.kind == EffectKind::Document).then(|| effect.connection.to_string());
    Target { ledger, ..Target::record("deals", Some("all"), deal.as_str()) }
}

/// What people call the system that the effect is for.
pub(crate) fn tool(workspace: &Workspace, connection: &ConnectionId) -> Result<String, Failure> {
    let company = workspace.engine.company(connection)?;
    Ok(company.map_or_else(|| connection.to_string(), |company| company.tool))
}

fn status(effect: &Effect, place: Standing, moments: &Moments) -> Status {
    match (effect.state, effect.not_before) {
        (EffectState::Unknown, _) => Status::new("diamond", "Unknown", Tone::Unsure),
        (EffectState::Conflict, _) => Status::new("square_bar", "Other content", Tone::Bad),
        (EffectState::Intended, Some(at)) if at > moments.now => {
            Status::new("ring", format!("Waits, {}", moments.moment(at)), Tone::Soft)
        }
        (EffectState::Intended, _) => Status::new("ring", "Waits", Tone::Soft),
        (EffectState::Sent, _) => Status::new("arc", "On its way", Tone::Soft),
        (EffectState::Confirmed, _) => Status::new("tick", "Confirmed", Tone::Ok),
        (EffectState::Cancelled, _) => Status::new("crossed_ring", "Withdrawn", Tone::Soft),
        (EffectState::Rejected, _) if is_given_up(effect) => {
            Status::new("crossed_ring", "Given up", Tone::Soft)
        }
        (EffectState::Rejected, _) if place == Standing::Over => {
            Status::new("crossed_ring", "Refused, written since", Tone::Soft)
        }
        (EffectState::Rejected, _) => Status::new("square_bar", "Refused", Tone::Bad),
    }
}

/// Whom it is about, and what is promised.
fn named(
    workspace: &Workspace,
    effect: &Effect,
    dossier: &Dossier,
) -> Result<(String, String), Failure> {
    let deal = dossier.deal.as_ref().map(|deal| deal.name.clone());
    let of_deal = deal.clone().map(|deal| format!(" for {deal}")).unwrap_or_default();
    let unnamed = || effect.deal.as_ref().map_or_else(String::new, ToString::to_string);
    Ok(match effect.kind {
        EffectKind::Document => {
            let customer = dossier.customer.as_deref().map(|name| short_name(name).to_owned());
            (customer.or(deal).unwrap_or_else(unnamed), format!("create invoice{of_deal}"))
        }
        EffectKind::Customer => {
            let account = dossier.account.as_ref().map(|(_, name)| short_name(name).to_owned());
            (account.unwrap_or_else(|| effect.payload.clone()), "create customer".to_owned())
        }
        EffectKind::WriteBack => written(workspace, effect, deal)?,
        EffectKind::Task => (deal.unwrap_or_else(|| "Overdue task".into()), "write a task".into()),
        EffectKind::FailureRecord => {
            ("Failure record".to_owned(), "write what failed to Salesforce".to_owned())
        }
    })
}

/// The record of a write-back stands in its key: `write_back:account/001…:2`.
fn written(
    workspace: &Workspace,
    effect: &Effect,
    deal: Option<String>,
) -> Result<(String, String), Failure> {
    let subject = effect.key.split(':').nth(1).unwrap_or_default();
    let whole = effect.key.strip_prefix("write_back:").unwrap_or_default();
    let whole = whole.rsplit_once(':').map_or(whole, |(subject, _)| subject);
    if let Some(id) = subject.strip_prefix("account/") {
        let fact = workspace.engine.store.fact(&effect.connection, Stream::Accounts, id, None)?;
        let name = match fact {
            Some(Fact::Account(account)) => short_name(&account.name).to_owned(),
            _ => id.to_owned(),
        };
        return Ok((name, "write receivables to Salesforce".to_owned()));
    }
    if let Some(row) = whole.strip_prefix("ledger_account/") {
        let currency = row.rsplit('|').next().unwrap_or_default();
        let name = customer_of(workspace, row)?;
        return Ok((name, format!("write receivables in {currency} to Salesforce")));
    }
    let deal = deal.unwrap_or_else(|| subject.trim_start_matches("deal/").to_owned());
    Ok((deal, "write billing status to Salesforce".to_owned()))
}

/// The customer of a row of receivables, by the row's key `ledger|customer|currency`.
fn customer_of(workspace: &Workspace, row: &str) -> Result<String, Failure> {
    let mut parts = row.split('|');
    let (company, customer) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let ledgers = workspace.engine.ledgers.iter();
    let mut ours = ledgers.filter(|ledger| ledger.port.ledger().as_str() == company);
    let Some(ledger) = ours.next() else { return Ok(row.to_owned()) };
    let fact = workspace.engine.store.fact(&ledger.id, Stream::Customers, customer, None)?;
    Ok(match fact {
        Some(Fact::Customer(customer)) => short_name(&customer.name).to_owned(),
        _ => row.to_owned(),
    })
}

fn facts(effect: &Effect, dossier: &Dossier, moments: &Moments) -> Vec<FactLine> {
    let mut facts = vec![FactLine::new("Key", &effect.key)];
    facts.push(FactLine::new("Attempts", print_count(effect.attempts.into())));
    if effect.empty_answers > 0 {
        facts.push(FactLine::new("Empty answers", print_count(effect.empty_answers.into())));
    }
    if let Some(reference) = dossier.deal.as_ref().and_then(|deal| deal.reference.clone()) {
        facts.push(FactLine::new("Deal", reference));
    }
    if let Some(document) = &dossier.document {
        facts.extend(sent_facts(document, dossier));
    }
    if let Some(result) = &effect.result_id {
        facts.push(FactLine::new("Document", result));
    }
    if let Some(at) = effect.next_ask_at {
        facts.push(FactLine::new("Asked next", moments.moment(at)));
    }
    facts
}

/// What stands on the document: whoever looks for it in the books needs just this.
fn sent_facts(document: &ProposedDocument, dossier: &Dossier) -> Vec<FactLine> {
    let print_date = tieout_report::print_date;
    let mut facts = Vec::new();
    if let Some(customer) = &dossier.customer {
        facts.push(FactLine::new("Customer", customer));
    }
    facts.push(FactLine::new("Dated", print_date(document.effective_on)));
    if let Some(due) = document.due_on {
        facts.push(FactLine::new("Due", print_date(due)));
    }
    if let Some(number) = &document.order_number {
        facts.push(FactLine::new("Order number", number));
    }
    let lines = document.lines.iter().take(LINES_MAX).enumerate();
    facts.extend(lines.map(|(at, line)| {
        let item = line.description.clone().unwrap_or_else(|| line.item.to_string());
        let amount = Amount::from(line.amount).in_words();
        let words = format!("{} x {item}, {amount}", line.quantity.normalize());
        FactLine::new(format!("Line {}", at + 1), words)
    }));
    let more = document.lines.len().saturating_sub(LINES_MAX) as u64;
    if more > 0 {
        facts.push(FactLine::new("More lines", print_count(more)));
    }
    facts
}

fn choices(
    workspace: &Workspace,
    effect: &Effect,
    tool: &str,
    moments: &Moments,
) -> Result<Vec<EffectChoice>, Failure> {
    let is_document = effect.kind == EffectKind::Document;
    let is_made = is_document || effect.kind == EffectKind::Customer;
    Ok(match effect.state {
        EffectState::Unknown if is_document => {
            let again = workspace.engine.send_again(effect)?;
            vec![ask(tool), found(tool), give_up(tool), send_again(again, tool, moments)]
        }
        EffectState::Conflict => vec![accept()],
        EffectState::Rejected if is_made && !is_given_up(effect) => vec![promise_again()],
        EffectState::Intended if is_document => vec![withdraw()],
        _ => Vec::new(),
    })
}

fn choice(id: ChoiceId, title: String, sentence: String) -> EffectChoice {
    let needs = ChoiceNeeds::Reason;
    EffectChoice { id, title, sentence, open: true, needs, dangerous: false }
}

fn ask(tool: &str) -> EffectChoice {
    let sentence = "Looks for the key again. Changes nothing.".to_owned();
    let ask = choice(ChoiceId::AskNow, format!("Ask {tool} now"), sentence);
    EffectChoice { needs: ChoiceNeeds::Nothing, ..ask }
}

fn found(tool: &str) -> EffectChoice {
    let sentence = "Enter the invoice number. Amount, customer and currency are checked before it \
                    is linked."
        .to_owned();
    let found = choice(ChoiceId::Found, format!("I found it in {tool}"), sentence);
    EffectChoice { needs: ChoiceNeeds::NumberAndReason, ..found }
}

fn give_up(tool: &str) -> EffectChoice {
    let sentence = format!(
        "Nothing is sent or asked any more. If it is in {tool} after all, it stays there and is \
         read by its key."
    );
    choice(ChoiceId::GiveUp, "Give it up".to_owned(), sentence)
}

fn send_again(again: SendAgain, tool: &str, moments: &Moments) -> EffectChoice {
    let (open, sentence) = match again {
        SendAgain::Open => (
            true,
            format!(
                "The next run sends the same content once more under the same key, and asks \
                 {tool} before. If it is there after all and {tool} does not show it, there will \
                 be two: look for the key, the customer and the amount first."
            ),
        ),
        SendAgain::NotBefore(at) => (
            false,
            format!("Opens at {}, when a late first copy can no longer appear.", moments.exact(at)),
        ),
        SendAgain::AfterAnswers(missing) => (
            false,
            format!(
                "Opens when {tool} has answered {} more that it does not know the key.",
                crate::export::words::counted(missing.into(), "time", "times")
            ),
        ),
    };
    let title = "Send again with the same key".to_owned();
    let again = choice(ChoiceId::SendAgain, title, sentence);
    EffectChoice { open, dangerous: true, ..again }
}

fn accept() -> EffectChoice {
    let sentence = "The document that carries the key counts as the deal's, with its own content. \
                    A difference in the amount then shows as a variance."
        .to_owned();
    let accept = choice(ChoiceId::Accept, "Accept it as it is".to_owned(), sentence);
    EffectChoice { dangerous: true, ..accept }
}

fn promise_again() -> EffectChoice {
    let sentence = "It is promised again under the same key. The next run sends it if the gates \
                    let it pass. If the cause is still there, it is refused again."
        .to_owned();
    choice(ChoiceId::SendAgain, "Promise it again".to_owned(), sentence)
}

fn withdraw() -> EffectChoice {
    let sentence = "It is not sent. Who wants it later creates it by hand.".to_owned();
    choice(ChoiceId::GiveUp, "Withdraw it".to_owned(), sentence)
}

/// Which effect to ask about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskNow {
    pub key: String,
}

/// Asks about one unknown outcome.
pub async fn ask_now(writer: &mut Writer, params: AskNow) -> Result<Receipt, Failure> {
    writer.begin("ask")?;
    let asked = writer.workspace()?.engine.ask_about(&params.key).await;
    writer.end("ask")?;
    let state = asked?;
    let workspace = writer.workspace()?;
    let effect = workspace.engine.store.effect(&params.key)?;
    let effect = effect.ok_or_else(|| Failure::new(Code::NoSuchEffect, params.key.clone()))?;
    let tool = tool(workspace, &effect.connection)?;
    let result = effect.result_id.clone().unwrap_or_default();
    let events = workspace.engine.store.effect_history(&params.key)?;
    let empty = events.last().is_some_and(|event| event.detail == tieout_engine::NOT_FOUND);
    Ok(Receipt::said(match state {
        EffectState::Confirmed => format!("Asked {tool}: it is there as {result}"),
        EffectState::Conflict => {
            format!("Asked {tool}: {result} carries the key, with another content")
        }
        EffectState::Unknown if empty => {
            format!("Asked {tool}: not found. Weak evidence, its search can lag.")
        }
        EffectState::Unknown => format!("Asked {tool}: no answer. It is asked again later."),
        _ => format!("Asked {tool}: not found. The next run sends it again under the same key."),
    }))
}

/// What a person decides about an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResolveEffect {
    pub key: String,
    pub decision: ChoiceId,
    /// Of the document, for `found`.
    pub number: Option<String>,
    pub reason: String,
}

/// Does what a person decided.
pub async fn resolve_effect(
    writer: &mut Writer,
    params: ResolveEffect,
) -> Result<Receipt, Failure> {
    let reason = reason(&params.reason)?;
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let moments = Moments::of(workspace)?;
    let effect = workspace.engine.store.effect(&params.key)?;
    let effect = effect.ok_or_else(|| Failure::new(Code::NoSuchEffect, params.key.clone()))?;
    let tool = tool(workspace, &effect.connection)?;
    let offered = choices(workspace, &effect, &tool, &moments)?;
    let Some(chosen) = offered.iter().find(|choice| choice.id == params.decision) else {
        return Err(Failure::new(Code::NotNow, "this is not among what can be decided now"));
    };
    if !chosen.open {
        return Err(Failure::new(Code::NotNow, chosen.sentence.clone()));
    }
    let decision = match params.decision {
        ChoiceId::AskNow => return ask_now(writer, AskNow { key: params.key }).await,
        ChoiceId::Found => return adopt(writer, params, actor, reason).await,
        ChoiceId::SendAgain => tieout_engine::Decision::SendAgain,
        ChoiceId::GiveUp => tieout_engine::Decision::GiveUp,
        ChoiceId::Accept => tieout_engine::Decision::Accept,
    };
    workspace.engine.resolve(&params.key, decision, &actor, &reason)?;
    Ok(Receipt::said(match params.decision {
        ChoiceId::SendAgain => "The next run sends it again under the same key",
        ChoiceId::Accept => "Accepted as it is",
        _ => "Given up: nothing is sent or asked any more",
    }))
}

async fn adopt(
    writer: &mut Writer,
    params: ResolveEffect,
    actor: String,
    reason: String,
) -> Result<Receipt, Failure> {
    let number = params.number.unwrap_or_default().trim().to_owned();
    if number.is_empty() {
        return Err(Failure::new(Code::Usage, "the number of the document is empty"));
    }
    let found = FoundByHand { key: params.key, number: number.clone(), actor, reason };
    writer.begin("ask")?;
    let adopted = writer.workspace()?.engine.adopt_found(&found).await;
    writer.end("ask")?;
    adopted?;
    Ok(Receipt::said(format!("Checked and linked: {number}")))
}
