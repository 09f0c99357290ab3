//! Decisions of a person about one deal, each of which can be taken back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_domain::ids::DealId;
use tieout_domain::reasons::ReasonCode;
use tieout_engine::{LinkSubject, Word};
use tieout_store::{Decided, Exclusion, LedgerLimits, ReasonItem, ReasonStanding};
use ts_rs::TS;

use super::words::reason_label;
use crate::app::shapes::{Nothing, Receipt, Scope};
use crate::app::undo::{Decision, Step};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::commands::{self, Choice, DecideOptions, FrameOptions, LinkOptions, deal_id, frame};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// What an undone decision says in the log.
const TAKEN_BACK: &str = "taken back";
const MADE_AGAIN: &str = "made again";

/// Accepts what was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AcceptReason {
    /// The day whose variance is explained.
    pub scope: Scope,
    pub opportunity: String,
    pub code: String,
}

/// Gives a reason, an owner, a note or a target; `null` leaves what is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GiveReason {
    pub scope: Scope,
    pub opportunity: String,
    pub code: Option<String>,
    pub owner: Option<String>,
    pub note: Option<String>,
    /// ISO date; empty takes it away.
    pub target: Option<String>,
}

/// Leaves a deal out, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExcludeDeal {
    pub scope: Scope,
    pub opportunity: String,
    pub reason: String,
}

/// Takes a deal that was left out in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IncludeDeal {
    pub scope: Scope,
    pub opportunity: String,
}

/// Says that a document belongs to a deal, or that it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkParams {
    pub scope: Scope,
    pub opportunity: String,
    /// Its id or its number.
    pub document: String,
    pub reason: String,
}

/// Accepts a reason for the whole variance.
pub async fn accept_reason(writer: &mut Writer, params: AcceptReason) -> Result<Receipt, Failure> {
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let deal = deal_id(&params.opportunity)?;
    let before = reasons_of(workspace, &deal)?;
    withdraw_others(workspace, &before, &params.code, &actor)?;
    let decided = commands::decide(
        workspace,
        &DecideOptions {
            opportunity: params.opportunity,
            choice: Choice::Accept(params.code.clone()),
            note: String::new(),
            actor,
            frame: FrameOptions::from(&params.scope),
        },
    );
    // A refusal after others were withdrawn puts them back.
    let said = format!("Reason set: {}", reason_label(&params.code).to_lowercase());
    settle_reasons(writer, &deal, before, said, decided.map(drop))
}

/// Gives another reason, or edits what is ours about it.
pub async fn give_reason(writer: &mut Writer, params: GiveReason) -> Result<Receipt, Failure> {
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let deal = deal_id(&params.opportunity)?;
    let before = reasons_of(workspace, &deal)?;
    let given = give(workspace, &deal, &before, &params, &actor);
    let said = match (&params.code, &params.owner, &params.note) {
        (Some(code), ..) => format!("Reason set: {}", reason_label(code).to_lowercase()),
        (None, Some(owner), _) => format!("Owner set: {owner}"),
        (None, None, Some(_)) => "Note kept".to_owned(),
        _ => "Target date set".to_owned(),
    };
    settle_reasons(writer, &deal, before, said, given)
}

fn give(
    workspace: &mut Workspace,
    deal: &DealId,
    before: &BTreeMap<String, ReasonItem>,
    params: &GiveReason,
    actor: &str,
) -> Result<(), Failure> {
    let view = frame::view(workspace, &FrameOptions::from(&params.scope))?;
    let standing = before.values().find(|item| item.standing != ReasonStanding::Withdrawn).cloned();
    let chosen = params
        .code
        .as_deref()
        .filter(|code| standing.as_ref().is_none_or(|item| item.code != **code));
    let mut item = match (chosen, standing) {
        (None, Some(item)) => item,
        (code, old) => {
            let reconciliation = view.reconcile()?;
            let row = reconciliation.rows.iter().find(|row| row.deal == *deal);
            let row = row.ok_or_else(|| Failure::new(Code::NoSuchDeal, "no such deal was read"))?;
            let figures = row.figures.as_ref().filter(|figures| !figures.variance.is_zero());
            let figures = figures.ok_or_else(|| {
                Failure::new(Code::NotNow, "the deal has no difference at this day")
            })?;
            let proposed = row.proposed.first().map(|proposal| proposal.code);
            let code = match code {
                Some(text) => Some(parsed(text)?),
                None => proposed,
            };
            let code = code.ok_or_else(|| {
                Failure::new(Code::NotNow, "give a reason first: nothing is proposed here")
            })?;
            if let Some(old) = old {
                withdraw_others(workspace, &BTreeMap::from([(old.id.clone(), old)]), "", actor)?;
            }
            let accepted = params.code.is_some();
            ReasonItem {
                id: format!("{}|{deal}|{}", view.connection, code.as_str()),
                deal: Some(deal.clone()),
                connection: view.connection.clone(),
                document: None,
                code: code.as_str().into(),
                amount: figures.variance,
                owner: actor.to_owned(),
                note: String::new(),
                evidence: None,
                raised: view.frame.today,
                target: None,
                standing: match accepted {
                    true => ReasonStanding::Accepted,
                    false => ReasonStanding::Proposed,
                },
                decided: decided(workspace, actor, ""),
            }
        }
    };
    if let Some(owner) = &params.owner {
        item.owner.clone_from(owner);
    }
    if let Some(note) = &params.note {
        item.note.clone_from(note);
    }
    if let Some(target) = params.target.as_deref() {
        item.target = match target.trim() {
            "" => None,
            text => Some(frame::day(text)?),
        };
    }
    item.decided = decided(workspace, actor, &item.note);
    workspace.engine.store.save_reason(&item)?;
    Ok(())
}

fn parsed(code: &str) -> Result<ReasonCode, Failure> {
    let found = ReasonCode::parse(code);
    found.ok_or_else(|| Failure::new(Code::Usage, format!("`{code}` is not a reason code")))
}

pub(super) fn decided(workspace: &Workspace, actor: &str, reason: &str) -> Decided {
    Decided { actor: actor.to_owned(), at: workspace.engine.now(), reason: reason.to_owned() }
}

/// One variance has one accepted reason from here: two would explain it twice.
fn withdraw_others(
    workspace: &mut Workspace,
    items: &BTreeMap<String, ReasonItem>,
    keep: &str,
    actor: &str,
) -> Result<(), Failure> {
    for item in items.values().filter(|it| it.standing != ReasonStanding::Withdrawn) {
        if item.code != keep {
            let mut gone = item.clone();
            gone.standing = ReasonStanding::Withdrawn;
            gone.decided = decided(workspace, actor, "another reason was given");
            workspace.engine.store.save_reason(&gone)?;
        }
    }
    Ok(())
}

/// The last word on every reason that the deal ever had.
fn reasons_of(
    workspace: &Workspace,
    deal: &DealId,
) -> Result<BTreeMap<String, ReasonItem>, Failure> {
    let history = workspace.engine.store.reason_history()?;
    let ours = history.into_iter().filter(|item| item.deal.as_ref() == Some(deal));
    Ok(ours.map(|item| (item.id.clone(), item)).collect())
}

/// Keeps the way back; where the decision was refused, goes it at once.
fn settle_reasons(
    writer: &mut Writer,
    deal: &DealId,
    before: BTreeMap<String, ReasonItem>,
    said: String,
    outcome: Result<(), Failure>,
) -> Result<Receipt, Failure> {
    let after = reasons_of(writer.workspace()?, deal)?;
    let changed: Vec<&ReasonItem> =
        after.values().filter(|item| before.get(&item.id) != Some(item)).collect();
    let back = changed.iter().map(|item| match before.get(&item.id) {
        Some(old) => old.clone(),
        None => ReasonItem { standing: ReasonStanding::Withdrawn, ..(*item).clone() },
    });
    let back = Step::Reasons(back.collect());
    let again = Step::Reasons(changed.into_iter().cloned().collect());
    if let Err(failure) = outcome {
        take(writer, &back, TAKEN_BACK)?;
        return Err(failure);
    }
    Ok(kept(writer, Decision { said, back, again }))
}

pub(super) fn kept(writer: &mut Writer, decision: Decision) -> Receipt {
    let said = decision.said.clone();
    writer.undo.decided(decision);
    Receipt { said, undo: true }
}

/// Leaves a deal out.
pub async fn exclude_deal(writer: &mut Writer, params: ExcludeDeal) -> Result<Receipt, Failure> {
    let choice = Choice::Exclude(params.reason);
    exclusion(writer, &params.scope, params.opportunity, choice, "Deal excluded").await
}

/// Takes a deal in again.
pub async fn include_deal(writer: &mut Writer, params: IncludeDeal) -> Result<Receipt, Failure> {
    let choice = Choice::Include("taken in again".to_owned());
    exclusion(writer, &params.scope, params.opportunity, choice, "Deal taken in again").await
}

async fn exclusion(
    writer: &mut Writer,
    scope: &Scope,
    opportunity: String,
    choice: Choice,
    said: &str,
) -> Result<Receipt, Failure> {
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let deal = deal_id(&opportunity)?;
    let options = DecideOptions {
        opportunity,
        choice,
        note: String::new(),
        actor,
        frame: FrameOptions::from(scope),
    };
    let before = last_exclusion(workspace, &deal)?;
    commands::decide(workspace, &options)?;
    let Some(after) = last_exclusion(workspace, &deal)? else {
        return Ok(Receipt::said(said));
    };
    let back = match before {
        Some(before) => before,
        None => Exclusion { excluded: !after.excluded, ..after.clone() },
    };
    let decision = Decision {
        said: said.to_owned(),
        back: Step::Exclusion(back),
        again: Step::Exclusion(after),
    };
    Ok(kept(writer, decision))
}

fn last_exclusion(workspace: &Workspace, deal: &DealId) -> Result<Option<Exclusion>, Failure> {
    let history = workspace.engine.store.exclusion_history()?;
    Ok(history.into_iter().rfind(|it| it.record == deal.as_str()))
}

/// Says that a document belongs to a deal.
pub async fn link(writer: &mut Writer, params: LinkParams) -> Result<Receipt, Failure> {
    let subject = LinkSubject::Document(params.document);
    say(writer, params.scope, params.opportunity, subject, Word::Is, params.reason)
}

/// Says that a document does not belong to a deal.
pub async fn unlink(writer: &mut Writer, params: LinkParams) -> Result<Receipt, Failure> {
    let subject = LinkSubject::Document(params.document);
    say(writer, params.scope, params.opportunity, subject, Word::IsNot, params.reason)
}

/// A person's word on two records, with the way back.
pub(crate) fn say(
    writer: &mut Writer,
    scope: Scope,
    opportunity: String,
    subject: LinkSubject,
    word: Word,
    reason: String,
) -> Result<Receipt, Failure> {
    let options = LinkOptions {
        opportunity,
        subject,
        word,
        reason,
        actor: writer.home.person(),
        ledger: scope.ledger,
    };
    let view = commands::link(writer.workspace()?, &options)?;
    let before = match view.said_before {
        Some("linked") => Word::Is,
        Some("kept_apart") => Word::IsNot,
        _ => Word::Withdrawn,
    };
    let name = view.subject.name.unwrap_or(view.subject.id);
    let said = match word {
        Word::Is => format!("{name} linked"),
        Word::IsNot => format!("{name} kept apart"),
        Word::Withdrawn => format!("{name}: the word was taken back"),
    };
    let back = LinkOptions { word: before, reason: TAKEN_BACK.to_owned(), ..options.clone() };
    let again = LinkOptions { reason: MADE_AGAIN.to_owned(), ..options };
    let decision =
        Decision { said, back: Step::Link(Box::new(back)), again: Step::Link(Box::new(again)) };
    Ok(kept(writer, decision))
}

/// Takes the last decision back.
pub async fn undo(writer: &mut Writer, _: Nothing) -> Result<Receipt, Failure> {
    let Some(decision) = writer.undo.last() else {
        return Err(Failure::new(Code::NotNow, "there is nothing to undo"));
    };
    take(writer, &decision.back, TAKEN_BACK)?;
    writer.undo.taken_back();
    Ok(Receipt::said(format!("Undone: {}", decision.said)))
}

/// Makes the decision that was taken back last again.
pub async fn redo(writer: &mut Writer, _: Nothing) -> Result<Receipt, Failure> {
    let Some(decision) = writer.undo.last_undone() else {
        return Err(Failure::new(Code::NotNow, "there is nothing to do again"));
    };
    take(writer, &decision.again, MADE_AGAIN)?;
    writer.undo.made_again();
    Ok(Receipt { said: decision.said, undo: true })
}

fn take(writer: &mut Writer, step: &Step, why: &str) -> Result<(), Failure> {
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let word = decided(workspace, &actor, why);
    match step {
        Step::Reasons(items) => {
            for item in items {
                let item = ReasonItem { decided: word.clone(), ..item.clone() };
                workspace.engine.store.save_reason(&item)?;
            }
        }
        Step::Exclusion(exclusion) => {
            let exclusion = Exclusion { decided: word, ..exclusion.clone() };
            workspace.engine.store.save_exclusion(&exclusion)?;
        }
        Step::Link(options) => {
            let options = LinkOptions { actor, ..(**options).clone() };
            commands::link(workspace, &options)?;
        }
        Step::Limits(limits) => {
            let limits = LedgerLimits { decided: word, ..(**limits).clone() };
            workspace.engine.store.save_limits(&limits)?;
        }
    }
    Ok(())
}

/// `6 Jul`-like target of an item as ISO text.
pub(crate) fn target(of: Option<Date>) -> Option<String> {
    of.map(crate::views::date)
}
