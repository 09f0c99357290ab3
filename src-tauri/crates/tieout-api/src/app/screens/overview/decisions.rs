//! What waits for a person, by urgency, then money, then age.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::books::duplicates::{DuplicatePair, Twins};
use tieout_domain::books::population::Agreements;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::AccountReceivables;
use tieout_domain::dates::days_between;
use tieout_domain::effect::EffectState;
use tieout_domain::reasons::ReasonCode;
use tieout_domain::status::BillingStatus;
use tieout_engine::FoundPair;
use tieout_store::{Effect, EffectKind};
use ts_rs::TS;

use crate::app::reader::Held;
use crate::app::screens::deal::is_open;
use crate::app::screens::deals::why;
use crate::app::screens::duplicates::{documents_at_risk, open_pairs};
use crate::app::screens::find::record_of;
use crate::app::screens::moments::Moments;
use crate::app::screens::outbox::stuck;
use crate::app::screens::state::{short_day, short_name};
use crate::app::screens::systems::Systems;
use crate::app::screens::words::{is_twice, reason_label};
use crate::app::shapes::{Status, Target, Tone};
use crate::commands::exceptions::{Matter, of_matches, of_orphans};
use crate::export::words::{counted, listed};
use crate::failure::Failure;
use crate::views::{Amount, amount};
use crate::workspace::Workspace;

/// Decisions that the screen shows; the rest is counted.
const SHOWN_MAX: usize = 8;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Decision {
    pub id: String,
    pub status: Status,
    /// Account, workpaper or feed.
    pub name: String,
    /// Why it waits: "Blocked, no QuickBooks item: Edge inference add-on".
    pub reason: String,
    pub amount: Option<Amount>,
    /// "18 d", "21 min"; empty where it has no age.
    pub age: String,
    pub target: Target,
}

/// What must be looked at first. In the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    /// A document may exist or not.
    Unknown,
    /// Money is not where it should be.
    Money,
    /// Something is not matched or not read.
    Rest,
}

/// A decision with what it is ordered by.
struct Ranked {
    urgency: Urgency,
    /// In the functional currency; amounts in others stand behind these.
    size: Option<u64>,
    seconds: i64,
    decision: Decision,
}

/// The first decisions, and how many there are beside them.
pub(super) fn decisions(
    workspace: &Workspace,
    held: &Held,
    systems: &Systems,
) -> Result<(Vec<Decision>, u64), Failure> {
    let agreements = Agreements::new(&held.view.books);
    let accounts = held.reconciliation.receivables.by_account.iter().rev();
    let accounts = accounts.map(|row| (row.name.as_str(), row)).collect();
    let list = List { held, systems, moments: Moments::of(workspace)?, agreements, accounts };
    let effects = workspace.engine.effects()?;
    let known: Vec<Effect> =
        effects.into_iter().filter(|effect| effect.created_at <= held.view.at).collect();
    let stuck = stuck(&known);
    let mut ranked: Vec<Ranked> =
        stuck.iter().filter_map(|effect| list.of_effect(effect)).collect();
    let told = |row: &DealRow| {
        let ours = |effect: &&&Effect| {
            effect.kind == EffectKind::Document && effect.deal.as_ref() == Some(&row.deal)
        };
        stuck.iter().any(|effect| ours(&effect))
    };
    let rows = held.reconciliation.rows.iter().filter(|row| !told(row));
    ranked.extend(rows.filter_map(|row| list.of_deal(row)));
    let matches = of_matches(&held.view, &held.reconciliation);
    ranked.extend(matches.into_iter().map(|matter| list.of_match(matter)));
    let orphans = of_orphans(&held.view, &held.reconciliation);
    ranked.extend(orphans.into_iter().map(|matter| list.of_orphan(matter)));
    ranked.extend(held.reading.gaps.iter().map(|gap| list.of_gap(&gap.what)));
    let matches = &held.reconciliation.matches;
    ranked.extend(list.of_pairs(&workspace.engine.duplicates_beside(&held.view, matches)?)?);
    ranked.sort_by_key(|it| (it.urgency, Reverse(it.size), Reverse(it.seconds)));
    let more = ranked.len().saturating_sub(SHOWN_MAX) as u64;
    Ok((ranked.into_iter().take(SHOWN_MAX).map(|it| it.decision).collect(), more))
}

struct List<'a> {
    held: &'a Held,
    systems: &'a Systems,
    moments: Moments,
    agreements: Agreements<'a>,
    /// The first row of each name.
    accounts: BTreeMap<&'a str, &'a AccountReceivables>,
}

impl List<'_> {
    fn ranked(
        &self,
        urgency: Urgency,
        money: Option<Money>,
        seconds: i64,
        decision: Decision,
    ) -> Ranked {
        let functional = money.filter(|it| it.currency() == self.held.view.frame.functional);
        let size = functional.map(|it| it.minor().unsigned_abs());
        let (age, reason) = (age_words(seconds), decision.reason.replace('`', ""));
        Ranked { urgency, size, seconds, decision: Decision { age, reason, ..decision } }
    }

    /// What was sent or refused, of the deal whose document it is where there is one.
    fn of_effect(&self, effect: &Effect) -> Option<Ranked> {
        let mut rows = self.held.reconciliation.rows.iter();
        let row = rows.find(|row| Some(&row.deal) == effect.deal.as_ref());
        let at = effect.last_sent_at.unwrap_or(effect.created_at);
        let (urgency, status, what) = match effect.state {
            EffectState::Unknown => {
                let status = Status::new("diamond", "Unknown", Tone::Unsure);
                (Urgency::Unknown, status, "sent, and there was no answer")
            }
            EffectState::Conflict => {
                let status = Status::new("square_bar", "Other content", Tone::Bad);
                (Urgency::Unknown, status, "its key stands on a record with other content")
            }
            EffectState::Rejected => {
                (Urgency::Money, Status::new("square_bar", "Refused", Tone::Bad), "refused")
            }
            _ => return None,
        };
        let reason = match (effect.kind, effect.state) {
            (EffectKind::Document, EffectState::Unknown) => {
                let (time, books) = (self.moments.since(at), &self.systems.books_name);
                format!("Invoice sent {time}, {books} did not answer")
            }
            (kind, _) => format!("{}: {what}", promise(kind)),
        };
        let billing = effect.kind == EffectKind::Document;
        let money = row.filter(|_| billing).and_then(due);
        let decision = Decision {
            id: effect.key.clone(),
            status,
            name: row.map_or(effect.key.as_str(), |row| short_name(&row.account_name)).to_owned(),
            reason,
            amount: amount(money),
            age: String::new(),
            target: Target::record("activity", None, &effect.key),
        };
        Some(self.ranked(urgency, money, since(at, self.moments.now), decision))
    }

    /// What the radar found, as one: it may be much on the first day. Two documents of one deal
    /// are told as "Billed twice" already.
    fn of_pairs(&self, found: &[FoundPair]) -> Result<Option<Ranked>, Failure> {
        let mut open = open_pairs(found);
        let of_one_deal = |pair: &DuplicatePair| {
            matches!(pair.twins, Twins::Documents { .. }) && !pair.deals.is_empty()
        };
        open.retain(|pair| !of_one_deal(pair));
        if open.is_empty() {
            return Ok(None);
        }
        let sums = documents_at_risk(&open)?;
        let functional = self.held.view.frame.functional;
        let money = sums.into_iter().find(|sum| sum.currency() == functional);
        let pairs = counted(open.len() as u64, "pair", "pairs");
        let decision = Decision {
            id: "duplicates".to_owned(),
            status: Status::new("two_squares", "Twice?", Tone::Warn),
            name: pairs,
            reason: "One amount twice, close in time: one sale or two?".to_owned(),
            amount: amount(money),
            age: String::new(),
            target: Target::view("deals", "duplicates"),
        };
        Ok(Some(self.ranked(Urgency::Money, money, 0, decision)))
    }

    fn of_deal(&self, row: &DealRow) -> Option<Ranked> {
        if row.billing == BillingStatus::Excluded {
            return None;
        }
        let variance = row.figures.as_ref().map(|figures| figures.variance);
        let (urgency, status, reason, money, target) = if row.outcome_unknown {
            let status = Status::new("diamond", "Unknown", Tone::Unsure);
            let reason = "An invoice was sent, and nobody knows whether it exists".to_owned();
            (Urgency::Unknown, status, reason, due(row), self.deal(row, "all"))
        } else if row.billing == BillingStatus::Blocked {
            let status = Status::new("square_bar", "Blocked", Tone::Bad);
            let why = why(self.held, row).unwrap_or_else(|| "its amount is unknown".to_owned());
            let reason = format!("Blocked, {}", inside_sentence(&why));
            (Urgency::Money, status, reason, due(row), self.deal(row, "blocked"))
        } else if is_twice(row) {
            let status = Status::new("two_squares", "Billed twice", Tone::Bad);
            (Urgency::Money, status, twice(row), variance, self.deal(row, "all"))
        } else if self.should_be_billed(row) {
            let status = Status::new("triangle_filled", "Not invoiced", Tone::Warn);
            (Urgency::Money, status, self.missing(row), due(row), self.deal(row, "not_invoiced"))
        } else if is_open(row.verdict) {
            let status = Status::new("triangle", "To decide", Tone::Warn);
            let target = Target::record("reconciliation", None, row.deal.as_str());
            (Urgency::Money, status, differs(row), variance, target)
        } else {
            return None;
        };
        let days = self.due_on(row).unwrap_or(row.age_days);
        let decision = Decision {
            id: row.deal.to_string(),
            status,
            name: short_name(&row.account_name).to_owned(),
            reason,
            amount: amount(money),
            age: String::new(),
            target,
        };
        Some(self.ranked(urgency, money, days.saturating_mul(DAY), decision))
    }

    /// Something is due and has no invoice, and no other reason was accepted for that.
    fn should_be_billed(&self, row: &DealRow) -> bool {
        let missing = row.figures.as_ref().is_some_and(|it| !it.not_invoiced.is_zero());
        let to_bill = |reason: &tieout_domain::books::ReasonDecision| {
            reason.accepted && reason.code == ReasonCode::NotInvoiced.as_str()
        };
        let accepted = row.reasons.iter().any(to_bill);
        let nothing_billed = row.billing == BillingStatus::Unbilled;
        let answered = row.reasons.iter().any(|reason| reason.accepted);
        row.won && missing && (accepted || (nothing_billed && !answered))
    }

    fn missing(&self, row: &DealRow) -> String {
        if let Some(why) = why(self.held, row) {
            return format!("Not invoiced: {}", inside_sentence(&why));
        }
        match self.instalment(row) {
            Some(on) => format!("Due {}, no invoice", short_day(on, &self.held.view)),
            None => "Part of what is due has no invoice".to_owned(),
        }
    }

    /// The last scheduled part that is due by the day.
    fn instalment(&self, row: &DealRow) -> Option<jiff::civil::Date> {
        let mut deals = self.held.view.books.deals.iter();
        let deal = deals.find(|deal| deal.id == row.deal)?;
        let schedule = self.agreements.schedule(deal);
        let due = schedule.iter().filter(|item| item.due_on <= self.held.view.frame.as_of);
        due.map(|item| item.due_on).filter(|on| *on != deal.close_date).max()
    }

    /// Days since the last scheduled part was due.
    fn due_on(&self, row: &DealRow) -> Option<i64> {
        let on = self.instalment(row)?;
        Some(days_between(on, self.held.view.frame.as_of))
    }

    fn of_match(&self, matter: Matter) -> Ranked {
        let numbers = matter.reference.unwrap_or_else(|| matter.subject.clone());
        let decision = Decision {
            id: matter.subject,
            status: Status::new("triangle", "To match", Tone::Warn),
            name: format!("Document {numbers}"),
            reason: "Fits several deals, or none without doubt".to_owned(),
            amount: None,
            age: String::new(),
            target: Target::screen("reconciliation"),
        };
        self.ranked(Urgency::Rest, None, 0, decision)
    }

    fn of_orphan(&self, matter: Matter) -> Ranked {
        let number = matter.reference.unwrap_or_else(|| matter.subject.clone());
        let account = self.accounts.get(matter.account.as_str()).map(|row| record_of(row));
        let decision = Decision {
            id: matter.subject,
            status: Status::new("triangle", "No deal", Tone::Warn),
            name: short_name(&matter.account).to_owned(),
            reason: format!("Document {number} belongs to no deal"),
            amount: amount(matter.amount),
            age: String::new(),
            target: Target { record: account, ..Target::view("receivables", "accounts") },
        };
        let days = matter.age_days.unwrap_or_default();
        self.ranked(Urgency::Rest, matter.amount, days.saturating_mul(DAY), decision)
    }

    fn of_gap(&self, what: &str) -> Ranked {
        let read_at = self.held.reading.read_at.as_ref();
        let at = read_at.and_then(|at| at.parse::<Timestamp>().ok());
        let decision = Decision {
            id: what.to_owned(),
            status: Status::new("half_square", "Incomplete", Tone::Warn),
            name: "Reading".to_owned(),
            reason: what.to_owned(),
            amount: None,
            age: String::new(),
            target: Target::screen("activity"),
        };
        let seconds = at.map_or(0, |at| since(at, self.moments.now));
        self.ranked(Urgency::Rest, None, seconds, decision)
    }

    fn deal(&self, row: &DealRow, view: &str) -> Target {
        Target::record("deals", Some(view), row.deal.as_str())
    }
}

/// What is due and has no invoice; `None` where the amount is unknown.
fn due(row: &DealRow) -> Option<Money> {
    row.figures.as_ref().map(|figures| figures.not_invoiced)
}

fn twice(row: &DealRow) -> String {
    let counting = row.documents.iter().filter(|document| !document.after_as_of);
    let number = |it: &tieout_domain::books::positions::LinkedDocument| {
        it.number.clone().unwrap_or_else(|| it.document.to_string())
    };
    let numbers: Vec<String> = counting.map(number).collect();
    format!("Invoices {} bill the same deal", listed(&numbers))
}

fn differs(row: &DealRow) -> String {
    match row.proposed.first() {
        Some(reason) if reason.code != ReasonCode::Unexplained => {
            let label = reason_label(reason.code.as_str()).to_lowercase();
            format!("Billed differs from expected; proposed: {label}")
        }
        _ => "Billed differs from expected, no reason yet".to_owned(),
    }
}

/// A sentence of its own as the rest of another.
fn inside_sentence(sentence: &str) -> String {
    match sentence.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => sentence.to_owned(),
    }
}

const fn promise(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Document => "Invoice",
        EffectKind::Customer => "New customer",
        EffectKind::WriteBack => "Figures for Salesforce",
        EffectKind::Task => "Task in Salesforce",
        EffectKind::FailureRecord => "Failure record in Salesforce",
    }
}

fn since(at: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(at).as_secs().max(0)
}

/// "21 min", "5 h", "18 d".
fn age_words(seconds: i64) -> String {
    match seconds {
        ..=0 => String::new(),
        1..HOUR => format!("{} min", (seconds / MINUTE).max(1)),
        HOUR..DAY => format!("{} h", seconds / HOUR),
        _ => format!("{} d", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit() {
        for (seconds, want) in [
            (0, ""),
            (59, "1 min"),
            (21 * MINUTE + 4, "21 min"),
            (5 * HOUR, "5 h"),
            (18 * DAY + 1, "18 d"),
        ] {
            assert_eq!(age_words(seconds), want);
        }
    }
}
