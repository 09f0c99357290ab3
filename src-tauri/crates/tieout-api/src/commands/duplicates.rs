//! The duplicate radar over everything that was read.

use tieout_domain::books::duplicates::{CLOSE_DAYS_MAX, DuplicatePair, Twins, at_risk};
use tieout_engine::{FoundPair, LedgerView};
use tieout_store::Decided;

use super::decide::{NO_ACTOR, not_blank};
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::deals::kind_word;
use crate::views::duplicates::{ClearingView, DuplicateView, DuplicatesView, TwinView};
use crate::views::{Amount, date, instant};
use crate::workspace::Workspace;

/// A person's word on one pair.
#[derive(Clone, Debug)]
pub struct PairWord {
    pub pair: (String, String),
    /// They are two sales; false takes such a word back.
    pub cleared: bool,
    pub reason: String,
    pub actor: String,
}

/// What to look at, and what to say first.
#[derive(Clone, Debug, Default)]
pub struct DuplicatesOptions {
    pub word: Option<PairWord>,
    pub ledger: Option<String>,
}

/// Lists pairs of one amount close in time: documents of the ledger, and deals.
pub fn duplicates(
    workspace: &mut Workspace,
    options: &DuplicatesOptions,
) -> Result<DuplicatesView, Failure> {
    let ledger = workspace.ledger_named(options.ledger.as_deref())?;
    if let Some(word) = &options.word {
        not_blank(&word.reason, "`--reason` is empty: say why, for the audit trail")?;
        not_blank(&word.actor, NO_ACTOR)?;
        let view = workspace.engine.view_today(&ledger)?;
        let decided = Decided {
            actor: word.actor.clone(),
            at: workspace.engine.now(),
            reason: word.reason.clone(),
        };
        let pair = (word.pair.0.as_str(), word.pair.1.as_str());
        workspace.engine.clear_duplicate(&view, pair, word.cleared, decided)?;
    }
    let view = workspace.engine.view_today(&ledger)?;
    let found = workspace.engine.duplicates(&view)?;
    let open: Vec<&DuplicatePair> =
        found.iter().filter(|it| it.cleared.is_none()).map(|it| &it.pair).collect();
    Ok(DuplicatesView {
        ledger: ledger.to_string(),
        as_of: date(view.frame.as_of),
        days: CLOSE_DAYS_MAX,
        count: found.len(),
        open: open.len(),
        documents_at_risk: together(&open, true)?,
        deals_at_risk: together(&open, false)?,
        pairs: found.iter().map(|it| duplicate_view(&view, it)).collect(),
    })
}

fn together(open: &[&DuplicatePair], documents: bool) -> Result<Vec<Amount>, Failure> {
    let wanted = open
        .iter()
        .copied()
        .filter(|pair| matches!(pair.twins, Twins::Documents { .. }) == documents);
    let sums = at_risk(wanted)
        .map_err(|error| Failure::caused(Code::DoesNotFoot, "amounts at risk", error))?;
    Ok(sums.into_iter().map(Amount::from).collect())
}

fn duplicate_view(view: &LedgerView, found: &FoundPair) -> DuplicateView {
    let pair = &found.pair;
    let (kind, first, second) = match &pair.twins {
        Twins::Documents { kind, first, second } => {
            (kind_word(*kind), first.to_string(), second.to_string())
        }
        Twins::Deals { first, second } => ("deal", first.to_string(), second.to_string()),
    };
    let customer = view.books.customers.iter().find(|it| Some(&it.id) == pair.customer.as_ref());
    let deal = view.books.deals.iter().find(|it| Some(&it.id) == pair.deals.first());
    let account = pair.account.as_ref().or_else(|| deal.and_then(|deal| deal.account.as_ref()));
    let account = view.books.accounts.iter().find(|it| Some(&it.id) == account);
    let name = customer.map(|it| &it.name).or(account.map(|it| &it.name));
    DuplicateView {
        kind,
        first: TwinView { id: first, name: pair.names.0.clone(), dated: date(pair.dates.0) },
        second: TwinView { id: second, name: pair.names.1.clone(), dated: date(pair.dates.1) },
        customer_id: pair.customer.as_ref().map(ToString::to_string),
        account_id: account.map(|it| it.id.to_string()),
        name: name.cloned(),
        opportunities: pair.deals.iter().map(ToString::to_string).collect(),
        at_risk: pair.at_risk.into(),
        days_apart: pair.days_apart,
        evidence: pair.evidence.iter().map(|of| of.as_str()).collect(),
        cleared: found.cleared.as_ref().map(|it| ClearingView {
            by: it.by.clone(),
            at: instant(it.at),
            reason: it.reason.clone(),
        }),
    }
}
