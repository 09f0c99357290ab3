//! What the totals of the window rest on: the same witnesses as those of the workpaper, so that a
//! double rule on the screen means what it means on paper.

use std::collections::{BTreeMap, BTreeSet};

use tieout_domain::Currency;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_engine::LedgerView;

use super::desk::Desk;
use super::witness::Standing;
use super::{completeness, context};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Whether totals of one kind were agreed to their source, and to what or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proven {
    pub(crate) agreed: bool,
    pub(crate) why: String,
}

impl From<Standing> for Proven {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Agreed(by) => Self { agreed: true, why: by },
            Standing::Not(why) => Self { agreed: false, why },
        }
    }
}

/// One currency's totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CurrencyEvidence {
    /// Open items and receivables.
    pub(crate) receivables: Proven,
    /// Won deals and their contract amounts.
    pub(crate) deals: Proven,
    /// What deals were billed against what was expected.
    pub(crate) billing: Proven,
    /// The four columns of unpaid deals: billing and settlement.
    pub(crate) unpaid: Proven,
}

/// All currencies that a total may stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) functional: Currency,
    by_currency: BTreeMap<String, CurrencyEvidence>,
}

impl Evidence {
    pub(crate) fn of(&self, currency: &str) -> Option<&CurrencyEvidence> {
        self.by_currency.get(currency)
    }
}

/// Asks the witnesses about every currency of a view.
pub(crate) fn evidence(
    workspace: &Workspace,
    view: &LedgerView,
    reconciliation: &Reconciliation,
) -> Result<Evidence, Failure> {
    let context = context::gather(workspace, view, &|_, _| None)?;
    let compared = completeness::compare(view)?;
    let desk = Desk::new(view, reconciliation, &context, &compared);
    let functional = view.frame.functional;
    let rows = reconciliation.rows.iter().map(|row| desk.currency_of(row));
    let accounts = reconciliation.receivables.by_account.iter().map(|row| row.currency);
    let all: BTreeSet<Currency> = rows.chain(accounts).chain(std::iter::once(functional)).collect();
    let asked = |currency: Currency| {
        let witness = &desk.witness;
        let billing = witness.billing(currency);
        CurrencyEvidence {
            receivables: witness.receivables(currency).into(),
            deals: witness.deals(currency).into(),
            unpaid: billing.and(&witness.settlement(currency)).into(),
            billing: billing.into(),
        }
    };
    let by_currency = all.into_iter().map(|it| (it.code().to_owned(), asked(it))).collect();
    Ok(Evidence { functional, by_currency })
}
