//! Which independent totals agreed in this run. A total of the report is proved by them or it is
//! not proved (`design §1`: a double rule means re-added here and agreed to its source).

use tieout_domain::books::population::won_total;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::tieouts::{TieOut, TieOutLine, TieOutStatus};
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;
use tieout_report::Proof;

use super::completeness::{Agreement, Compared, is_ever, measure_name, measure_of};
use super::words::{amount_in, counted, day};

/// Whether a figure was agreed to a source that Tieout did not compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// To what.
    Agreed(String),
    /// Why not, as a sentence.
    Not(String),
}

impl Standing {
    /// Both must hold; the first that does not gives the reason.
    pub(super) fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Agreed(one), Self::Agreed(two)) if one == two => self.clone(),
            (Self::Agreed(one), Self::Agreed(two)) => Self::Agreed(format!("{one}; {two}")),
            (Self::Not(_), _) => self.clone(),
            (_, Self::Not(_)) => other.clone(),
        }
    }

    /// Holds only if a check that ran here holds too.
    pub(super) fn and_checked(&self, holds: bool, by: &str, otherwise: &str) -> Self {
        let checked =
            if holds { Self::Agreed(by.to_owned()) } else { Self::Not(otherwise.to_owned()) };
        self.and(&checked)
    }

    pub(super) fn into_proof(self) -> Proof {
        match self {
            Self::Agreed(by) => Proof::Proved { by },
            Self::Not(why) => Proof::Unproved { why },
        }
    }
}

/// What the sources said, ready to be asked.
pub(super) struct Witness<'a> {
    view: &'a LedgerView,
    tie_outs: &'a [TieOutLine],
    compared: &'a [Compared<'a>],
    crm: &'a str,
    ledger: &'a str,
    /// The last run read everything.
    complete: bool,
}

impl<'a> Witness<'a> {
    pub(super) fn new(
        view: &'a LedgerView,
        reconciliation: &'a Reconciliation,
        compared: &'a [Compared<'a>],
        (crm, ledger): (&'a str, &'a str),
        complete: bool,
    ) -> Self {
        let tie_outs = &reconciliation.proofs.lines;
        Self { view, tie_outs, compared, crm, ledger, complete }
    }

    /// The CRM counts and adds the same won deals, all of them up to the as-of day.
    pub(super) fn deals(&self, currency: Currency) -> Standing {
        self.ever(SourceMeasure::WonDeals, currency)
    }

    /// What the CRM itself adds over all won deals up to the as-of day.
    pub(super) fn crm_sum(&self, currency: Currency) -> Option<Money> {
        self.total(SourceMeasure::WonDeals, currency).and_then(|it| it.source.sum)
    }

    /// The same, less the deals that this company does not keep.
    pub(super) fn deals_sum(&self, currency: Currency) -> Option<Money> {
        let (_, beside) = self.beside(currency)?;
        self.crm_sum(currency)?.checked_sub(beside).ok()
    }

    /// How many won deals the CRM itself counts up to the as-of day, less those that this company
    /// does not keep.
    pub(super) fn deals_count(&self, currency: Currency) -> Option<u64> {
        let (beside, _) = self.beside(currency)?;
        let counted = self.total(SourceMeasure::WonDeals, currency)?.source.count;
        counted.checked_sub(beside)
    }

    /// Won deals that another company keeps or none. `None`: they cannot be added.
    fn beside(&self, currency: Currency) -> Option<(u64, Money)> {
        let books = &self.view.books;
        let at = (self.view.frame.as_of, currency);
        won_total(books, at, |deal| !books.keeps(&deal.id)).ok()
    }

    /// Whether all won deals, whoever keeps them, come to what the CRM itself adds.
    pub(super) fn agrees_to_crm(&self, currency: Currency) -> bool {
        let at = (self.view.frame.as_of, currency);
        let held = won_total(&self.view.books, at, |_| true).map(|(_, sum)| sum);
        held.is_ok_and(|held| self.crm_sum(currency) == Some(held))
    }

    /// The ledger counts and adds the same invoices and credits up to the as-of day.
    pub(super) fn documents(&self, currency: Currency) -> Standing {
        let invoices = self.ever(SourceMeasure::Invoices, currency);
        invoices.and(&self.ever(SourceMeasure::CreditMemos, currency))
    }

    /// Documents and payments up to the as-of day, and the receivables that they lead to.
    pub(super) fn settlement(&self, currency: Currency) -> Standing {
        let moved = self.documents(currency).and(&self.ever(SourceMeasure::Receipts, currency));
        moved.and(&self.receivables(currency))
    }

    /// Deals and documents, and the last run read all that hangs on them.
    pub(super) fn billing(&self, currency: Currency) -> Standing {
        let whole = self.deals(currency).and(&self.documents(currency));
        if self.complete {
            whole
        } else {
            Standing::Not("the last run is incomplete, so lines of deals may be missing.".into())
        }
    }

    /// The ledger's own aged receivables are the receivables that are held (T3).
    pub(super) fn receivables(&self, currency: Currency) -> Standing {
        let ledger = self.ledger;
        if currency != self.view.frame.functional {
            let functional = self.view.frame.functional;
            let why = format!(
                "{ledger} states its aged receivables in {functional} only, not {currency}."
            );
            return Standing::Not(why);
        }
        let line = self.tie_outs.iter().find(|line| {
            line.tie_out == TieOut::ControlAccount
                && measure_of(line) == Some(SourceMeasure::AgedReceivables)
        });
        let Some(line) = line else { return self.silent(SourceMeasure::AgedReceivables) };
        self.of_line(line, "aged receivables")
    }

    /// What a tie-out line proves about the total that it compares.
    pub(super) fn of_line(&self, line: &TieOutLine, what: &str) -> Standing {
        let ledger = self.ledger;
        let at = day(self.view.frame.as_of);
        let Some(source) = line.source else {
            return Standing::Not(format!("{ledger} gave no {what} at {at}."));
        };
        match line.status {
            TieOutStatus::Agreed => {
                let stated = amount_in(source.amount);
                Standing::Agreed(format!("{ledger}, {what}, {stated}"))
            }
            TieOutStatus::Explained => Standing::Agreed(format!(
                "{ledger}, {what}, {}, less the items listed",
                amount_in(source.amount)
            )),
            TieOutStatus::Failed | TieOutStatus::Unproved => Standing::Not(format!(
                "{ledger} states {what} of {} at {at}; here they come to {}.",
                amount_in(source.amount),
                amount_in(line.held.amount)
            )),
        }
    }

    fn ever(&self, measure: SourceMeasure, currency: Currency) -> Standing {
        let Some(compared) = self.total(measure, currency) else { return self.silent(measure) };
        let (system, source) = (self.system(measure), compared.source);
        let name = measure_name(measure).to_lowercase();
        let to = day(source.to);
        match (compared.result, source.sum) {
            (Agreement::Agreed, Some(sum)) => {
                let (count, sum) = (source.count, amount_in(sum));
                Standing::Agreed(format!("{system}, {count} {name}, {sum}"))
            }
            (Agreement::Differs, Some(sum)) => Standing::Not(format!(
                "{system} has {} of {name} to {to} for {}; held are {} for {}.",
                counted(source.count, "record", "records"),
                amount_in(sum),
                compared.held_count,
                amount_in(compared.held)
            )),
            (Agreement::Differs, None) => Standing::Not(format!(
                "{system} counts {} {name} to {to}; held are {}.",
                source.count, compared.held_count
            )),
            _ => Standing::Not(format!("{system} counts its {name} but states no sum.")),
        }
    }

    /// The total over everything ever dated up to the as-of day.
    fn total(&self, measure: SourceMeasure, currency: Currency) -> Option<&Compared<'a>> {
        let as_of = self.view.frame.as_of;
        let fits = |it: &&Compared<'_>| {
            (it.source.measure, it.source.currency, it.source.to) == (measure, currency, as_of)
                && is_ever(it.source.from, self.view.frame.period)
        };
        self.compared.iter().filter(fits).min_by_key(|it| it.source.from)
    }

    fn silent(&self, measure: SourceMeasure) -> Standing {
        Standing::Not(format!(
            "{} gave no total of {} up to {}.",
            self.system(measure),
            measure_name(measure).to_lowercase(),
            day(self.view.frame.as_of)
        ))
    }

    fn system(&self, measure: SourceMeasure) -> &'a str {
        if measure == SourceMeasure::WonDeals { self.crm } else { self.ledger }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_counts() {
        let not = |why: &str| Standing::Not(why.to_owned());
        let agreed = |by: &str| Standing::Agreed(by.to_owned());
        assert_eq!(agreed("a").and(&agreed("b")), agreed("a; b"));
        assert_eq!(agreed("a").and(&agreed("a")), agreed("a"));
        assert_eq!(agreed("a").and(&not("b")), not("b"));
        assert_eq!(not("a").and(&not("b")), not("a"));
        assert_eq!(agreed("a").and_checked(false, "x", "y"), not("y"));
    }
}
