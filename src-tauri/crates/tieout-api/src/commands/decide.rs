//! A person's word on a deal: a reason for its variance, or leaving it out; and taking it back.

use jiff::Timestamp;
use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::facts::Stream;
use tieout_domain::ids::DealId;
use tieout_domain::limits::Limits;
use tieout_domain::reasons::ReasonCode;
use tieout_engine::LedgerView;
use tieout_store::{Decided, Exclusion, ReasonItem, ReasonStanding};

use super::frame::{FrameOptions, view};
use super::sync::deal_id;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::Amount;
use crate::workspace::Workspace;

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Accept this reason code for the whole variance.
    Accept(String),
    /// Leave the deal out, with this reason.
    Exclude(String),
    /// Take a deal that was left out in again, with this reason.
    Include(String),
    /// This reason code, accepted before, explains nothing any more; the note says why.
    Withdraw(String),
}

/// A decision about one deal.
#[derive(Clone, Debug)]
pub struct DecideOptions {
    pub opportunity: String,
    pub choice: Choice,
    pub note: String,
    pub actor: String,
    pub frame: FrameOptions,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    pub opportunity: String,
    pub decided: &'static str,
    pub code: String,
    pub amount: Option<Amount>,
    /// False: it already held.
    pub changed: bool,
}

/// What is missing where nobody is named.
pub(super) const NO_ACTOR: &str = "nobody is named who decides: `--actor` is empty";

/// An audit trail of empty words explains nothing, so they are refused before anything is kept.
pub(super) fn not_blank(text: &str, missing: &'static str) -> Result<(), Failure> {
    let is_shown = |c: char| !c.is_whitespace() && !c.is_control();
    if text.chars().any(is_shown) { Ok(()) } else { Err(Failure::new(Code::Usage, missing)) }
}

impl DecideOptions {
    fn check(&self) -> Result<(), Failure> {
        not_blank(&self.actor, NO_ACTOR)?;
        match &self.choice {
            Choice::Accept(code) => not_blank(code, "`--accept` is empty: name a reason code"),
            Choice::Exclude(reason) => {
                not_blank(reason, "`--exclude` is empty: say why the deal is left out")
            }
            Choice::Include(reason) => {
                not_blank(reason, "`--include` is empty: say why the deal is taken in again")
            }
            Choice::Withdraw(code) => {
                not_blank(code, "`--withdraw` is empty: name the reason code")?;
                not_blank(&self.note, "`--note` is empty: say why the reason no longer holds")
            }
        }
    }

    fn decided(&self, at: Timestamp, reason: &str) -> Decided {
        Decided { actor: self.actor.clone(), at, reason: reason.to_owned() }
    }
}

/// Records the decision, with its audit entry.
pub fn decide(workspace: &mut Workspace, options: &DecideOptions) -> Result<DecisionView, Failure> {
    options.check()?;
    let deal = deal_id(&options.opportunity)?;
    let view = view(workspace, &options.frame)?;
    if !view.books.deals.iter().any(|known| known.id == deal) {
        return Err(Failure::new(Code::NoSuchDeal, format!("no deal `{deal}` was read")));
    }
    match &options.choice {
        Choice::Exclude(reason) => exclude(workspace, &view, &deal, (true, reason), options),
        Choice::Include(reason) => exclude(workspace, &view, &deal, (false, reason), options),
        Choice::Accept(code) => accept(workspace, &view, &deal, code, options),
        Choice::Withdraw(code) => withdraw(workspace, &view, &deal, code, options),
    }
}

fn exclude(
    workspace: &mut Workspace,
    view: &LedgerView,
    deal: &DealId,
    (excluded, reason): (bool, &str),
    options: &DecideOptions,
) -> Result<DecisionView, Failure> {
    let is_out = view.books.exclusions.iter().any(|held| held.deal == *deal);
    if !excluded && !is_out {
        let detail = "the deal is not left out: there is nothing to take in again";
        return Err(Failure::new(Code::NotNow, detail));
    }
    let crm = workspace.engine.crm.as_ref().map(|crm| crm.id.clone());
    let now = workspace.engine.now();
    let changed = workspace.engine.store.save_exclusion(&Exclusion {
        connection: crm.unwrap_or_else(|| view.connection.clone()),
        stream: Stream::Deals,
        record: deal.to_string(),
        excluded,
        decided: options.decided(now, reason),
    })?;
    Ok(DecisionView {
        opportunity: deal.to_string(),
        decided: if excluded { "excluded" } else { "included" },
        code: reason.to_owned(),
        amount: None,
        changed,
    })
}

fn reason_code(text: &str) -> Result<ReasonCode, Failure> {
    let code = ReasonCode::parse(text);
    code.ok_or_else(|| Failure::new(Code::Usage, format!("`{text}` is not a reason code")))
}

fn reason_id(view: &LedgerView, deal: &DealId, code: ReasonCode) -> String {
    format!("{}|{deal}|{}", view.connection, code.as_str())
}

fn accept(
    workspace: &mut Workspace,
    view: &LedgerView,
    deal: &DealId,
    code: &str,
    options: &DecideOptions,
) -> Result<DecisionView, Failure> {
    let code = reason_code(code)?;
    let reconciliation = view.reconcile()?;
    let row = reconciliation.rows.iter().find(|row| row.deal == *deal);
    let figures = row
        .and_then(|row| row.figures.as_ref())
        .ok_or_else(|| Failure::new(Code::NoSuchDeal, "the deal has no figures at this day"))?;
    if figures.variance.is_zero() {
        let detail = "the deal has no variance at this day: there is nothing to accept";
        return Err(Failure::new(Code::NotNow, detail));
    }
    refuse_large_rounding(&view.frame.limits, code, figures.variance)?;
    let now = workspace.engine.now();
    let item = ReasonItem {
        id: reason_id(view, deal, code),
        deal: Some(deal.clone()),
        connection: view.connection.clone(),
        document: None,
        code: code.as_str().into(),
        amount: figures.variance,
        owner: options.actor.clone(),
        note: options.note.clone(),
        evidence: None,
        raised: view.frame.today,
        target: None,
        standing: ReasonStanding::Accepted,
        decided: options.decided(now, &options.note),
    };
    let changed = workspace.engine.store.save_reason(&item)?;
    Ok(DecisionView {
        opportunity: deal.to_string(),
        decided: "accepted",
        code: item.code,
        amount: Some(figures.variance.into()),
        changed,
    })
}

/// The item stays in the history; from now on it explains nothing.
fn withdraw(
    workspace: &mut Workspace,
    view: &LedgerView,
    deal: &DealId,
    code: &str,
    options: &DecideOptions,
) -> Result<DecisionView, Failure> {
    let code = reason_code(code)?;
    let id = reason_id(view, deal, code);
    let held = workspace.engine.store.reasons_at(None)?;
    let held = held.into_iter().find(|item| item.id == id);
    let item = held.ok_or_else(|| {
        let detail = format!("nobody accepted {} for this deal", code.as_str());
        Failure::new(Code::NotNow, detail)
    })?;
    let now = workspace.engine.now();
    let amount = item.amount;
    let changed = workspace.engine.store.save_reason(&ReasonItem {
        standing: ReasonStanding::Withdrawn,
        decided: options.decided(now, &options.note),
        ..item
    })?;
    Ok(DecisionView {
        opportunity: deal.to_string(),
        decided: "withdrawn",
        code: code.as_str().into(),
        amount: Some(amount.into()),
        changed,
    })
}

/// `ROUNDING` explains what is within the rounding limit, and nothing larger (`finance-domain §9`).
fn refuse_large_rounding(
    limits: &Limits,
    code: ReasonCode,
    variance: Money,
) -> Result<(), Failure> {
    if code != ReasonCode::Rounding || limits.within_rounding(variance) {
        return Ok(());
    }
    let limit = Money::from_minor(i64::from(limits.rounding_minor()), variance.currency());
    let detail = format!(
        "`{}` explains at most {} {}; the variance of the deal is {}",
        code.as_str(),
        limit.to_plain(),
        variance.currency().code(),
        variance.to_plain(),
    );
    let hint = "Accept the reason that it has: `tieout deals --all --json` shows what is proposed.";
    Err(Failure::new(Code::NotNow, detail).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(choice: Choice, actor: &str, missing: &str) {
        let options = DecideOptions {
            opportunity: "006000000000001AAA".into(),
            choice,
            note: String::new(),
            actor: actor.into(),
            frame: FrameOptions::default(),
        };
        let failure = options.check().unwrap_err();
        assert_eq!(failure.code, Code::Usage);
        assert!(failure.detail.contains(missing), "{}", failure.detail);
    }

    #[test]
    fn empty_words_are_refused_with_what_is_missing() {
        check_refused(Choice::Exclude(String::new()), "Priya", "`--exclude`");
        check_refused(Choice::Exclude(" \t\u{a0}".into()), "Priya", "`--exclude`");
        check_refused(Choice::Accept(" ".into()), "Priya", "`--accept`");
        check_refused(Choice::Accept("CUTOFF".into()), "  ", "`--actor`");
        check_refused(Choice::Include(" ".into()), "Priya", "`--include`");
        check_refused(Choice::Withdraw(String::new()), "Priya", "`--withdraw`");
        check_refused(Choice::Withdraw("CUTOFF".into()), "Priya", "`--note`");
    }
}
