//! What needs a person. The same list is printed here, and stands in every export.

use std::collections::BTreeMap;

use tieout_domain::Money;
use tieout_domain::assignment::Unkept;
use tieout_domain::books::population::{Unassigned, UnassignedReason};
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::dates::days_between;
use tieout_domain::effect::EffectState;
use tieout_domain::ids::DealId;
use tieout_domain::matching::{DocumentRef, MatchOutcome};
use tieout_domain::status::BillingStatus;
use tieout_domain::verdict::Verdict;
use tieout_engine::LedgerView;

use super::frame::{FrameOptions, view};
use super::grids::reading;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::exceptions::{ExceptionView, ExceptionsView};
use crate::views::{amount, date, instant};
use crate::workspace::Workspace;

/// One thing that waits for a person, with its amount as money.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matter {
    /// The stable word of `ExceptionView`.
    pub(crate) kind: &'static str,
    pub(crate) code: String,
    /// Id of the deal, document or record.
    pub(crate) subject: String,
    /// How people call it: the deal's reference, the document's number.
    pub(crate) reference: Option<String>,
    pub(crate) deal: Option<DealId>,
    pub(crate) account_id: Option<String>,
    pub(crate) account: String,
    pub(crate) amount: Option<Money>,
    pub(crate) age_days: Option<i64>,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl From<Matter> for ExceptionView {
    fn from(of: Matter) -> Self {
        Self {
            kind: of.kind,
            code: of.code,
            subject: of.subject,
            reference: of.reference,
            opportunity: of.deal.map(|deal| deal.to_string()),
            account_id: of.account_id,
            account: of.account,
            amount: amount(of.amount),
            age_days: of.age_days,
            what: of.what,
            remedy: of.remedy,
        }
    }
}

/// What needs a person.
pub fn exceptions(
    workspace: &Workspace,
    options: &FrameOptions,
) -> Result<ExceptionsView, Failure> {
    let view = view(workspace, options)?;
    let reconciliation = view.reconcile()?;
    let mut found = of_deals(&reconciliation);
    found.extend(of_matches(&view, &reconciliation));
    found.extend(of_orphans(&view, &reconciliation));
    found.extend(of_effects(workspace, &view, &reconciliation)?);
    found.extend(of_quarantine(workspace)?);
    found.extend(of_unassigned(&view, &reconciliation));
    Ok(ExceptionsView {
        as_of: date(view.frame.as_of),
        known_at: instant(view.at),
        reading: reading(workspace, &view)?,
        count: found.len(),
        exceptions: found.into_iter().map(ExceptionView::from).collect(),
    })
}

/// Variances without a reason, and what stands against deals that are due.
pub(crate) fn of_deals(reconciliation: &Reconciliation) -> Vec<Matter> {
    reconciliation.rows.iter().flat_map(of_deal).collect()
}

fn of_deal(row: &DealRow) -> Vec<Matter> {
    let mut found = Vec::new();
    if row.billing == BillingStatus::Blocked {
        found.extend(row.gates.iter().map(|finding| Matter {
            kind: "blocked",
            code: finding.detail.code().into(),
            what: finding.sentence.what.clone(),
            remedy: finding.sentence.remedy.clone(),
            ..about(row)
        }));
    }
    if row.verdict == Some(Verdict::Unexplained) {
        let code = row.zero_tolerance.first().copied().unwrap_or("UNEXPLAINED");
        found.push(Matter {
            kind: "variance",
            code: code.into(),
            what: format!("billed differs from expected for {}{}", row.name, proposed(row)),
            remedy: "Correct one of the two systems, or accept a reason.".into(),
            ..about(row)
        });
    }
    found
}

fn about(row: &DealRow) -> Matter {
    Matter {
        subject: row.deal.to_string(),
        reference: row.reference.clone(),
        deal: Some(row.deal.clone()),
        account_id: row.account.as_ref().map(ToString::to_string),
        account: row.account_name.clone(),
        amount: row.figures.as_ref().map(|figures| figures.variance),
        age_days: Some(row.age_days),
        ..Matter::default()
    }
}

/// The reasons that the facts suggest, as the rest of a sentence.
fn proposed(row: &DealRow) -> String {
    let reasons: Vec<String> = row
        .proposed
        .iter()
        .map(|reason| {
            let (code, amount) = (reason.code.as_str(), reason.amount.in_words());
            format!("{code} {amount}: {}", reason.evidence)
        })
        .collect();
    if reasons.is_empty() { String::new() } else { format!("; proposed {}", reasons.join(" ")) }
}

/// Documents that fit several deals, or none without doubt.
pub(crate) fn of_matches(view: &LedgerView, reconciliation: &Reconciliation) -> Vec<Matter> {
    let outcomes = reconciliation.matches.outcomes.iter();
    outcomes
        .map(|outcome| {
            let documents: Vec<&DocumentRef> = match outcome {
                MatchOutcome::Ambiguous { documents, .. }
                | MatchOutcome::TooManyCandidates { documents, .. }
                | MatchOutcome::DuplicateKey { documents, .. } => documents.iter().collect(),
                MatchOutcome::Conflict { document, .. }
                | MatchOutcome::Uncertain { document, .. } => vec![document],
            };
            let ids: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
            let numbers: Vec<String> =
                documents.iter().filter_map(|document| number(view, document)).collect();
            Matter {
                kind: "match",
                code: outcome.code().into(),
                subject: ids.join(", "),
                reference: Some(numbers.join(", ")).filter(|numbers| !numbers.is_empty()),
                what: "documents could not be matched to one deal".into(),
                remedy: "Look at the candidates and link or keep apart.".into(),
                ..Matter::default()
            }
        })
        .collect()
}

fn number(view: &LedgerView, of: &DocumentRef) -> Option<String> {
    let mut documents = view.books.documents.iter();
    let found = documents.find(|it| (it.kind, &it.id) == (of.kind, &of.id));
    found.and_then(|document| document.number.clone())
}

/// Documents that belong to no deal; the amount is net of tax.
pub(crate) fn of_orphans(view: &LedgerView, reconciliation: &Reconciliation) -> Vec<Matter> {
    let documents = view.books.documents.iter().map(|it| ((it.kind, &it.id), it));
    let documents: BTreeMap<_, _> = documents.collect();
    let accounts = reconciliation.receivables.by_customer();
    let orphans = reconciliation.matches.orphans.iter();
    orphans
        .map(|of| {
            let document = documents.get(&(of.kind, &of.id)).copied();
            let account = document.and_then(|it| accounts.get(&it.customer).copied());
            let id = account.and_then(|row| row.account.as_ref()).map(ToString::to_string);
            Matter {
                kind: "orphan",
                code: "ORPHAN_INVOICE".into(),
                subject: of.id.to_string(),
                reference: document.and_then(|it| it.number.clone()),
                account_id: id,
                account: account.map(|row| row.name.clone()).unwrap_or_default(),
                amount: document.map(|it| it.net),
                age_days: document.map(|it| days_between(it.effective_on, view.frame.as_of)),
                what: "a document with no deal".into(),
                remedy: "Look at the candidates and link or keep apart.".into(),
                ..Matter::default()
            }
        })
        .collect()
}

fn of_effects(
    workspace: &Workspace,
    view: &LedgerView,
    reconciliation: &Reconciliation,
) -> Result<Vec<Matter>, Failure> {
    let effects = workspace.engine.effects()?;
    let known = effects.into_iter().filter(|effect| effect.created_at <= view.at);
    let waiting = known.filter_map(|effect| {
        let (kind, code) = match effect.state {
            EffectState::Unknown => ("unknown_outcome", Code::OutcomeUnknown),
            EffectState::Rejected => ("refused", Code::RefusedByLedger),
            EffectState::Conflict => ("conflict", Code::KeyConflict),
            _ => return None,
        };
        let row = reconciliation.rows.iter().find(|row| Some(&row.deal) == effect.deal.as_ref());
        Some(Matter {
            kind,
            code: code.as_str().into(),
            subject: effect.key,
            deal: effect.deal,
            amount: None,
            age_days: None,
            what: effect.error_text.unwrap_or_else(|| code.title().into()),
            remedy: code.next_step().into(),
            ..row.map(about).unwrap_or_default()
        })
    });
    Ok(waiting.collect())
}

fn of_quarantine(workspace: &Workspace) -> Result<Vec<Matter>, Failure> {
    let rows = workspace.engine.store.quarantine(true)?;
    let kept = rows.into_iter().map(|row| Matter {
        kind: "quarantine",
        code: Code::RecordQuarantined.as_str().into(),
        subject: format!("{} {} {}", row.connection, row.stream.as_str(), row.record_id),
        what: format!("{} at `{}`: {}", row.reason.as_str(), row.path, row.excerpt),
        remedy: Code::RecordQuarantined.next_step().into(),
        ..Matter::default()
    });
    Ok(kept.collect())
}

/// Won deals that no company keeps, by currency and by why.
pub(crate) fn of_unassigned(view: &LedgerView, reconciliation: &Reconciliation) -> Vec<Matter> {
    let rows = reconciliation.unassigned.iter();
    let reasons = rows.flat_map(|row| row.reasons.iter().map(move |reason| (row, reason)));
    reasons.map(|(row, reason)| unassigned(view, row, reason)).collect()
}

fn unassigned(view: &LedgerView, row: &Unassigned, reason: &UnassignedReason) -> Matter {
    let (count, currency) = (reason.deals.count, row.currency);
    let (what, remedy) = view.books.assignments.words(&reason.why);
    let matter = |code: Code, what: String, remedy: String| Matter {
        kind: "unassigned",
        code: code.as_str().into(),
        subject: currency.code().into(),
        amount: Some(reason.deals.sum),
        what,
        remedy,
        ..Matter::default()
    };
    let told = format!("{count} won deals in {currency} belong to no company: {what}");
    match reason.why {
        Unkept::CurrencyNowhere => matter(
            Code::DealUnassigned,
            format!("{count} won deals in {currency} belong to no connected ledger"),
            Code::DealUnassigned.next_step().into(),
        ),
        Unkept::Contested(_) | Unkept::HeldElsewhere { .. } | Unkept::HeldBySeveral(_) => {
            matter(Code::DealContested, told, remedy)
        }
        Unkept::NoRule | Unkept::CurrencyNotEnabled(_) | Unkept::NotRead(_) => {
            matter(Code::DealUnassigned, told, remedy)
        }
    }
}
