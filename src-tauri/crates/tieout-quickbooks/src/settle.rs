//! How one payment settles invoices: with cash, credits and adjustments (`quickbooks §3.5`).

use tieout_domain::facts::ApplicationKind;
use tieout_domain::ids::DocumentId;
use tieout_domain::{Currency, Money, MoneyError};

/// What a line of a payment links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    Invoice(DocumentId),
    CreditMemo(DocumentId),
    /// A journal entry: a credit that is used up, or a debit that is paid. The amounts tell which.
    Journal,
    /// Something else that lowers receivables, such as a deposit straight to them.
    OtherCredit,
    /// Something else that raises receivables, such as a check paid out to the customer.
    OtherDebit,
}

/// A line of a payment: what it links to and how much of it. Positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub to: Linked,
    pub amount: Money,
}

/// A part of a settlement that touches a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub kind: ApplicationKind,
    /// The invoice; for `Refund` the credit memo.
    pub document: DocumentId,
    /// For `Credit` and `Refund` the credit memo that is used up.
    pub credit: Option<DocumentId>,
    pub amount: Money,
}

/// Why the lines of a payment cannot be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettleError {
    #[error("what is settled and what settles it do not add up")]
    Unbalanced,
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// An amount left its range or its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amounts cannot be added")]
pub(crate) struct AmountError;

impl From<MoneyError> for SettleError {
    fn from(_: MoneyError) -> Self {
        Self::Amount(AmountError)
    }
}

/// What can pay for a debit, in the order in which it is used up.
#[derive(Clone, Copy, Debug)]
enum Supply<'a> {
    Credit(&'a DocumentId),
    Adjustment,
    Cash,
}

/// Splits the lines of a payment. `cash` is the part of its money that is applied.
///
/// Credits are taken up by the debits in the order of the lines, then adjustments, and cash covers
/// the rest. Everything must come out even, else nothing is said.
pub(crate) fn settle(cash: Money, links: &[Link]) -> Result<Vec<Settled>, SettleError> {
    let journal_is_credit = journal_side(cash, links)?;
    let mut supplies = supplies(cash, links, journal_is_credit);
    let mut settled: Vec<Settled> = Vec::new();
    let mut next = 0;
    for link in links {
        let Some(invoice) = debit_of(&link.to, journal_is_credit) else { continue };
        let mut due = link.amount;
        while due.is_positive() {
            let (supply, left) = supplies.get_mut(next).ok_or(SettleError::Unbalanced)?;
            let part = if left.minor() < due.minor() { *left } else { due };
            due = due.checked_sub(part)?;
            *left = left.checked_sub(part)?;
            if part.is_positive() {
                record(&mut settled, part_of(*supply, invoice, part))?;
            }
            if left.is_zero() {
                next += 1;
            }
        }
    }
    let rest = supplies.iter().skip(next).any(|(_, left)| left.is_positive());
    if rest { Err(SettleError::Unbalanced) } else { Ok(settled) }
}

/// Journals are credits if the other debits need them, debits if the other credits exceed these.
fn journal_side(cash: Money, links: &[Link]) -> Result<bool, SettleError> {
    let sum = |of: fn(&Linked) -> bool| sum_of(cash.currency(), links, of);
    let journals = sum(|to| matches!(to, Linked::Journal))?;
    let debits = sum(|to| matches!(to, Linked::Invoice(_) | Linked::OtherDebit))?;
    let credits = sum(|to| matches!(to, Linked::CreditMemo(_) | Linked::OtherCredit))?;
    let means = cash.checked_add(credits)?;
    if means.checked_add(journals)? == debits {
        Ok(true)
    } else if debits.checked_add(journals)? == means {
        Ok(false)
    } else {
        Err(SettleError::Unbalanced)
    }
}

/// The sum of the lines of one sort.
pub(crate) fn sum_of(
    currency: Currency,
    links: &[Link],
    of: fn(&Linked) -> bool,
) -> Result<Money, MoneyError> {
    Money::sum(currency, links.iter().filter(|link| of(&link.to)).map(|link| link.amount))
}

fn supplies(cash: Money, links: &[Link], journal_is_credit: bool) -> Vec<(Supply<'_>, Money)> {
    let credits = links.iter().filter_map(|link| match &link.to {
        Linked::CreditMemo(credit) => Some((Supply::Credit(credit), link.amount)),
        _ => None,
    });
    let adjustments = links.iter().filter_map(|link| match link.to {
        Linked::OtherCredit => Some((Supply::Adjustment, link.amount)),
        Linked::Journal if journal_is_credit => Some((Supply::Adjustment, link.amount)),
        _ => None,
    });
    credits.chain(adjustments).chain([(Supply::Cash, cash)]).collect()
}

/// Whether a line is to be paid for: `Some(Some(_))` an invoice, `Some(None)` something else.
fn debit_of(to: &Linked, journal_is_credit: bool) -> Option<Option<&DocumentId>> {
    match to {
        Linked::Invoice(invoice) => Some(Some(invoice)),
        Linked::OtherDebit => Some(None),
        Linked::Journal if !journal_is_credit => Some(None),
        Linked::CreditMemo(_) | Linked::Journal | Linked::OtherCredit => None,
    }
}

/// What one part says about a document, if it touches one.
fn part_of(supply: Supply<'_>, invoice: Option<&DocumentId>, amount: Money) -> Option<Settled> {
    let (kind, document, credit) = match (supply, invoice) {
        (Supply::Cash, Some(invoice)) => (ApplicationKind::Cash, invoice, None),
        (Supply::Adjustment, Some(invoice)) => (ApplicationKind::Adjustment, invoice, None),
        (Supply::Credit(credit), Some(invoice)) => {
            (ApplicationKind::Credit, invoice, Some(credit.clone()))
        }
        (Supply::Credit(credit), None) => (ApplicationKind::Refund, credit, Some(credit.clone())),
        (Supply::Cash | Supply::Adjustment, None) => return None,
    };
    Some(Settled { kind, document: document.clone(), credit, amount })
}

/// Adds a part to an equal one, so that each pair of documents stands there once per kind.
fn record(settled: &mut Vec<Settled>, part: Option<Settled>) -> Result<(), SettleError> {
    let Some(part) = part else { return Ok(()) };
    let same = |known: &&mut Settled| {
        known.kind == part.kind && known.document == part.document && known.credit == part.credit
    };
    match settled.iter_mut().find(same) {
        Some(known) => known.amount = known.amount.checked_add(part.amount)?,
        None => settled.push(part),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
