//! What happened to a deal, in the order of the business: won, gates, promise, answer, payments.

use jiff::civil::Date;
use serde::Serialize;
use tieout_domain::books::positions::{DealRow, LinkedDocument, Standing};
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{ApplicationKind, LedgerDocumentKind};
use tieout_domain::ids::DocumentId;
use tieout_store::{Effect, EffectEvent, EffectFilter, EffectKind};
use ts_rs::TS;

use super::gate_words;
use super::state::{local, short_day};
use super::systems::Systems;
use crate::app::reader::Held;
use crate::app::shapes::{Phrase, PhrasePart, Tone};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// One gate of the check before a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GateWord {
    pub passed: bool,
    pub word: String,
    /// Of a failing one what is wrong and what helps.
    pub detail: Option<String>,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TimelineEvent {
    /// "6 May 16:02", "26 Jun".
    pub when: String,
    pub glyph: &'static str,
    pub tone: Tone,
    pub sentence: Phrase,
    pub second: Option<Phrase>,
    pub amount: Option<String>,
    pub gates: Vec<GateWord>,
    /// Shown once the rest is opened.
    pub minor: bool,
}

impl TimelineEvent {
    fn new(when: String, glyph: &'static str, tone: Tone, sentence: impl Into<String>) -> Self {
        Self {
            when,
            glyph,
            tone,
            sentence: vec![PhrasePart::text(sentence)],
            second: None,
            amount: None,
            gates: Vec::new(),
            minor: false,
        }
    }

    fn with(mut self, second: impl Into<String>) -> Self {
        let second = second.into();
        self.second = (!second.is_empty()).then(|| vec![PhrasePart::text(second)]);
        self
    }

    fn minor(mut self) -> Self {
        self.minor = true;
        self
    }

    fn of_money(mut self, amount: tieout_domain::Money) -> Self {
        self.amount = Some(amount.to_plain());
        self
    }
}

/// Everything that is known of the deal.
pub(crate) fn timeline(
    workspace: &Workspace,
    held: &Held,
    systems: &Systems,
    row: &DealRow,
) -> Result<Vec<TimelineEvent>, Failure> {
    let mut events = vec![won(held, row)];
    events.extend(gates(row, &systems.books_name));
    let effects = workspace
        .engine
        .store
        .effects(&EffectFilter { deal: Some(row.deal.clone()), ..EffectFilter::default() })?;
    for effect in effects.iter().filter(|it| it.created_at <= held.view.at) {
        if matches!(effect.kind, EffectKind::Document | EffectKind::Customer) {
            let history = workspace.engine.store.effect_history(&effect.key)?;
            events.extend(promise(held, systems, effect, &history));
        }
    }
    for document in &row.documents {
        events.push(documented(held, systems, document));
        events.extend(applied(held, &document.document));
    }
    events.extend(standing(held, row));
    Ok(events)
}

fn won(held: &Held, row: &DealRow) -> TimelineEvent {
    let deal = held.view.books.deals.iter().find(|deal| deal.id == row.deal);
    let at = deal.and_then(|deal| deal.stage_changed_at);
    let today = held.view.frame.today;
    let zone = &held.view.frame.time_zone;
    let when =
        at.map_or_else(|| short_day(row.close_date, &held.view), |at| local(at, zone, today));
    let lines = held.view.books.deal_lines.iter().filter(|line| line.deal == row.deal).count();
    let lines = crate::export::words::counted(lines as u64, "product line", "product lines");
    let closed = short_day(row.close_date, &held.view);
    let words = if row.won { "Closed Won in Salesforce" } else { "No longer won in Salesforce" };
    let event = TimelineEvent::new(when, "flag", Tone::Soft, words);
    let event = event.with(format!("Close date {closed}, {lines}"));
    match &row.figures {
        Some(figures) => event.of_money(figures.contract),
        None => event,
    }
}

/// The gates that stop the deal. What is billed already passed them.
fn gates(row: &DealRow, books: &str) -> Option<TimelineEvent> {
    if row.gates.is_empty() {
        return None;
    }
    let failing = row.gates.iter().map(|finding| GateWord {
        passed: false,
        word: gate_words::what(finding),
        detail: Some(match gate_words::line(finding) {
            Some(line) => format!("{line}. {}", gate_words::remedy(finding, books)),
            None => gate_words::remedy(finding, books),
        }),
    });
    let words = match row.gates.len() {
        1 => "One gate stops it".to_owned(),
        several => format!("{several} gates stop it"),
    };
    let mut event = TimelineEvent::new("now".to_owned(), "square_bar", Tone::Bad, words);
    event.gates = failing.collect();
    Some(event)
}

fn promise(
    held: &Held,
    systems: &Systems,
    effect: &Effect,
    history: &[EffectEvent],
) -> Vec<TimelineEvent> {
    let today = held.view.frame.today;
    let zone = &held.view.frame.time_zone;
    let what = match effect.kind {
        EffectKind::Customer => "customer",
        _ => "invoice",
    };
    let books = &systems.books_name;
    let known = history.iter().filter(|event| event.at <= held.view.at);
    known
        .map(|event| {
            let when = local(event.at, zone, today);
            let note = event.note.clone().unwrap_or_default();
            let told =
                |glyph, tone, words: String| TimelineEvent::new(when.clone(), glyph, tone, words);
            match (event.from, event.to) {
                (None, _) => told("dot", Tone::Soft, format!("Promise of the {what} recorded"))
                    .with(format!("key {}", effect.key)),
                (_, EffectState::Sent) => {
                    told("dot", Tone::Soft, format!("Sent to {books}")).minor()
                }
                (Some(EffectState::Unknown), EffectState::Unknown) => {
                    told("diamond", Tone::Unsure, format!("Asked {books} for the key"))
                        .with(event.detail.clone())
                        .minor()
                }
                (_, EffectState::Unknown) => {
                    told("diamond", Tone::Unsure, "No answer, outcome unknown".to_owned())
                        .with("Not sent again until the books have been asked")
                }
                (Some(EffectState::Unknown), EffectState::Confirmed) => {
                    let id = event.result_id.clone().unwrap_or_default();
                    told("tick", Tone::Ok, "Asked for the key: one exists".to_owned())
                        .with(format!("Adopted as {id}"))
                }
                (_, EffectState::Confirmed) => {
                    let id = event.result_id.clone().unwrap_or_default();
                    told("tick", Tone::Ok, format!("{books} confirmed the {what}")).with(id)
                }
                (_, EffectState::Rejected) => {
                    told("square_bar", Tone::Bad, format!("{books} refused the {what}"))
                        .with(event.detail.clone())
                }
                (_, EffectState::Conflict) => {
                    told("square_bar", Tone::Bad, "Another document has the key".to_owned())
                        .with(event.detail.clone())
                }
                (_, EffectState::Cancelled) => {
                    told("crossed_ring", Tone::Soft, "The promise was withdrawn".to_owned())
                        .with(note)
                }
                (_, EffectState::Intended) => {
                    told("dot", Tone::Soft, "Not sent, waits for its turn".to_owned()).minor()
                }
            }
        })
        .collect()
}

fn documented(held: &Held, systems: &Systems, of: &LinkedDocument) -> TimelineEvent {
    let number = of.number.clone().unwrap_or_else(|| of.document.to_string());
    let kind = match of.kind {
        LedgerDocumentKind::Invoice => "Invoice",
        LedgerDocumentKind::CreditMemo => "Credit memo",
        LedgerDocumentKind::CashSale => "Sales receipt",
    };
    let (glyph, tone, state) = match of.standing {
        Standing::Draft => ("ring", Tone::Soft, ", a draft"),
        Standing::Posted => ("arrow_in", Tone::Soft, ""),
        Standing::Void => ("square_bar", Tone::Bad, ", voided since"),
        Standing::Deleted => ("square_bar", Tone::Bad, ", deleted since"),
    };
    let due = of.due_on.map(|due| format!("due {}", short_day(due, &held.view)));
    let later = if of.after_as_of { ", after the as-of day: in no figure yet" } else { "" };
    let mut event =
        TimelineEvent::new(short_day(of.effective_on, &held.view), glyph, tone, format!("{kind} "));
    event.sentence.push(PhrasePart::Id { text: number, target: None });
    event.sentence.push(PhrasePart::text(format!(" in {}{state}{later}", systems.books_name)));
    event.with(due.unwrap_or_default()).of_money(of.net)
}

/// Payments, credits and adjustments that the books applied to a document up to the day.
fn applied(held: &Held, document: &DocumentId) -> Vec<TimelineEvent> {
    let receipts = held.view.books.receipts.iter();
    let counting = receipts.filter(|receipt| !receipt.voided && !receipt.stamp.deleted);
    let mut found: Vec<(Date, TimelineEvent)> = Vec::new();
    for receipt in counting {
        for application in receipt.applications.iter().filter(|it| it.document == *document) {
            if application.applied_on > held.view.frame.as_of {
                continue;
            }
            let words = match application.kind {
                ApplicationKind::Cash => "Payment applied",
                ApplicationKind::Credit => "Credit applied",
                ApplicationKind::Adjustment => "Adjustment applied",
                ApplicationKind::Refund => "Refund applied",
            };
            let when = short_day(application.applied_on, &held.view);
            let event = TimelineEvent::new(when, "half_disc", Tone::Soft, words);
            let event = event.with(receipt.reference.clone().unwrap_or_default());
            let less = application.amount.negated().unwrap_or(application.amount);
            found.push((application.applied_on, event.of_money(less)));
        }
    }
    found.sort_by_key(|(on, _)| *on);
    found.into_iter().map(|(_, event)| event).collect()
}

/// Where it stands on the as-of day.
fn standing(held: &Held, row: &DealRow) -> Option<TimelineEvent> {
    let figures = row.figures.as_ref()?;
    let status = super::words::standing(row);
    let when = short_day(held.view.frame.as_of, &held.view);
    let event = TimelineEvent::new(when, status.glyph, status.tone, status.word);
    Some(if figures.open.is_zero() { event } else { event.of_money(figures.open) })
}
