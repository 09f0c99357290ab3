//! A person's word on a deal: a reason for its variance, or leaving it out.

use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::facts::Stream;
use tieout_domain::limits::Limits;
use tieout_domain::reasons::ReasonCode;
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
        }
    }
}

/// Records the decision, with its audit entry.
pub fn decide(workspace: &mut Workspace, options: &DecideOptions) -> Result<DecisionView, Failure> {
    options.check()?;
    let deal = deal_id(&options.opportunity)?;
    let view = view(workspace, &options.frame)?;
    let now = workspace.engine.now();
    let decided =
        |reason: &str| Decided { actor: options.actor.clone(), at: now, reason: reason.to_owned() };
    match &options.choice {
        Choice::Exclude(reason) => {
            let crm = workspace.engine.crm.as_ref().map(|crm| crm.id.clone());
            let changed = workspace.engine.store.save_exclusion(&Exclusion {
                connection: crm.unwrap_or(view.connection),
                stream: Stream::Deals,
                record: deal.to_string(),
                excluded: true,
                decided: decided(reason),
            })?;
            Ok(DecisionView {
                opportunity: deal.to_string(),
                decided: "excluded",
                code: reason.clone(),
                amount: None,
                changed,
            })
        }
        Choice::Accept(code) => {
            let code = ReasonCode::parse(code).ok_or_else(|| {
                Failure::new(Code::Usage, format!("`{code}` is not a reason code"))
            })?;
            let reconciliation = view.reconcile()?;
            let row = reconciliation.rows.iter().find(|row| row.deal == deal);
            let figures = row.and_then(|row| row.figures.as_ref()).ok_or_else(|| {
                Failure::new(Code::NoSuchDeal, "the deal has no figures at this day")
            })?;
            if figures.variance.is_zero() {
                let detail = "the deal has no variance at this day: there is nothing to accept";
                return Err(Failure::new(Code::NotNow, detail));
            }
            refuse_large_rounding(&view.frame.limits, code, figures.variance)?;
            let item = ReasonItem {
                id: format!("{}|{deal}|{}", view.connection, code.as_str()),
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
                decided: decided(&options.note),
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
    }
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
    }
}
