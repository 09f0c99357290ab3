//! The five tie-outs of a period, and the roll-forwards behind two of them (`finance-domain §14`).

use jiff::civil::Date;

use super::population::{Agreements, is_assigned, is_won_by};
use super::positions::DealRow;
use super::receivables::{Receivables, counts, receipt_counts, receivables};
use super::{Books, BooksError, Frame, Of};
use crate::currency::Currency;
use crate::facts::{Deal, LedgerDocumentKind};
use crate::matching::{LinkKind, LinkState, Matches};
use crate::money::Money;
use crate::tieouts::{
    BacklogItem, Bridge, Comparison, ControlTotal, ListedItem, RollForward, TieOut, TieOutLine,
    closing_backlog,
};

/// What a source computed by itself, as fetched by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceTotal {
    pub measure: SourceMeasure,
    pub currency: Currency,
    pub from: Date,
    pub to: Date,
    pub count: u64,
    /// `None`: it can count but not add.
    pub sum: Option<Money>,
    /// Which query or report said so.
    pub source: String,
    pub proof: String,
}

/// What a source total measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceMeasure {
    WonDeals,
    Invoices,
    CreditMemos,
    Receipts,
    Refunds,
    Adjustments,
    AgedReceivables,
    ControlAccount,
}

impl SourceMeasure {
    pub const ALL: [Self; 8] = [
        Self::WonDeals,
        Self::Invoices,
        Self::CreditMemos,
        Self::Receipts,
        Self::Refunds,
        Self::Adjustments,
        Self::AgedReceivables,
        Self::ControlAccount,
    ];

    /// The stable word, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WonDeals => "won_deals",
            Self::Invoices => "invoices",
            Self::CreditMemos => "credit_memos",
            Self::Receipts => "receipts",
            Self::Refunds => "refunds",
            Self::Adjustments => "adjustments",
            Self::AgedReceivables => "aged_receivables",
            Self::ControlAccount => "control_account",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == text)
    }
}

/// The proofs of one period in the functional currency.
#[derive(Clone, Debug)]
pub struct Proofs {
    pub lines: Vec<TieOutLine>,
    pub roll_forward: RollForward,
    pub bridge: Bridge,
}

/// What the proofs are made from.
pub struct ProofInput<'a> {
    pub books: &'a Books,
    pub frame: &'a Frame,
    pub matches: &'a Matches,
    pub rows: &'a [DealRow],
    pub receivables: &'a Receivables,
    pub sources: &'a [SourceTotal],
}

impl ProofInput<'_> {
    /// All five, in the order of the workpaper.
    pub fn prove(&self) -> Result<Proofs, BooksError> {
        let currency = self.frame.functional;
        let roll_forward = self.roll_forward(currency)?;
        let bridge = self.bridge(currency)?;
        let mut lines = vec![self.period_line(TieOut::CrmCompleteness, SourceMeasure::WonDeals)?];
        for measure in [
            SourceMeasure::Invoices,
            SourceMeasure::CreditMemos,
            SourceMeasure::Receipts,
            SourceMeasure::Refunds,
            SourceMeasure::Adjustments,
        ] {
            lines.push(self.period_line(TieOut::LedgerCompleteness, measure)?);
        }
        lines.extend(self.balance_lines(currency)?);
        lines.push(self.roll_forward_line(&roll_forward, currency)?);
        lines.push(self.bridge_line(&bridge, currency)?);
        Ok(Proofs { lines, roll_forward, bridge })
    }

    fn period_line(
        &self,
        tie_out: TieOut,
        measure: SourceMeasure,
    ) -> Result<TieOutLine, BooksError> {
        let currency = self.frame.functional;
        let held = self.held(measure, currency)?;
        let period = self.frame.period;
        let source = self.source(measure, currency, period.start(), period.end());
        let source = source
            .and_then(|total| Some(ControlTotal { amount: total.sum?, count: Some(total.count) }));
        TieOutLine::compare(Comparison {
            tie_out,
            name: measure.as_str().replace('_', " "),
            source,
            held,
            tolerance_minor: 0,
            explained_by: Vec::new(),
        })
        .of(measure.as_str())
    }

    fn source(
        &self,
        measure: SourceMeasure,
        currency: Currency,
        from: Date,
        to: Date,
    ) -> Option<&SourceTotal> {
        self.sources.iter().find(|total| {
            (total.measure, total.currency, total.from, total.to) == (measure, currency, from, to)
        })
    }

    fn held(&self, measure: SourceMeasure, currency: Currency) -> Result<ControlTotal, BooksError> {
        let amounts = self.amounts(measure, currency)?;
        let count = amounts.len() as u64;
        let known = amounts.into_iter().flatten();
        let amount = Money::sum(currency, known).of(measure.as_str())?;
        Ok(ControlTotal { amount, count: Some(count) })
    }

    /// The records of the period that a measure counts; `None` counts and has no amount.
    fn amounts(
        &self,
        measure: SourceMeasure,
        currency: Currency,
    ) -> Result<Vec<Option<Money>>, BooksError> {
        let (books, period) = (self.books, self.frame.period);
        let documents = |kind: LedgerDocumentKind| {
            let of_kind = books.documents.iter().filter(move |it| it.kind == kind);
            of_kind
                .filter(|it| !it.stamp.deleted && period.contains(it.effective_on))
                .map(|it| Some(it.total))
                .collect::<Vec<_>>()
        };
        let mut amounts = match measure {
            SourceMeasure::WonDeals => {
                let won = books.deals.iter().filter(|deal| deal.won && !deal.stamp.deleted);
                won.filter(|deal| period.contains(deal.close_date) && deal.currency == currency)
                    .map(|deal| deal.amount)
                    .collect()
            }
            SourceMeasure::Invoices => documents(LedgerDocumentKind::Invoice),
            SourceMeasure::CreditMemos => documents(LedgerDocumentKind::CreditMemo),
            SourceMeasure::Receipts => books
                .receipts
                .iter()
                .filter(|it| receipt_counts(it) && it.amount.is_positive())
                .filter(|it| period.contains(it.effective_on))
                .map(|it| Some(it.amount))
                .collect(),
            SourceMeasure::Refunds => books
                .refunds
                .iter()
                .filter(|it| !it.stamp.deleted && !it.voided && period.contains(it.effective_on))
                .map(|it| Some(it.amount))
                .collect(),
            SourceMeasure::Adjustments => self.customer_journals(),
            SourceMeasure::AgedReceivables | SourceMeasure::ControlAccount => {
                vec![Some(self.receivables.total(currency)?)]
            }
        };
        amounts.retain(|amount| amount.is_none_or(|amount| amount.currency() == currency));
        Ok(amounts)
    }

    /// Journal lines that lower a customer's receivable in the period, as positive amounts.
    fn customer_journals(&self) -> Vec<Option<Money>> {
        let period = self.frame.period;
        let journals = self.books.journals.iter().filter(|journal| !journal.stamp.deleted);
        journals
            .filter(|journal| period.contains(journal.effective_on))
            .flat_map(|journal| &journal.lines)
            .filter(|line| line.customer.is_some() && line.amount.is_negative())
            .filter_map(|line| line.amount.negated().ok())
            .map(Some)
            .collect()
    }

    fn balance_lines(&self, currency: Currency) -> Result<Vec<TieOutLine>, BooksError> {
        let as_of = self.frame.as_of;
        let held = ControlTotal { amount: self.receivables.total(currency)?, count: None };
        let journals: Vec<ListedItem> = self
            .receivables
            .direct_journals
            .iter()
            .filter(|journal| journal.amount.currency() == currency)
            .map(|journal| ListedItem {
                reference: journal.number.clone().unwrap_or_else(|| journal.journal.clone()),
                amount: journal.amount,
            })
            .collect();
        let both = [
            (SourceMeasure::AgedReceivables, "aged receivables", Vec::new()),
            (SourceMeasure::ControlAccount, "control account", journals),
        ];
        let lines = both.into_iter().map(|(measure, name, explained_by)| {
            let source = self.source(measure, currency, as_of, as_of);
            TieOutLine::compare(Comparison {
                tie_out: TieOut::ControlAccount,
                name: name.into(),
                source: source
                    .and_then(|total| Some(ControlTotal { amount: total.sum?, count: None })),
                held,
                tolerance_minor: 0,
                explained_by,
            })
            .of(name)
        });
        lines.collect()
    }

    fn before(&self) -> Result<(Date, Receivables), BooksError> {
        let start = self.frame.period.start();
        let day = start.yesterday().unwrap_or(start);
        let frame = Frame { as_of: day, ..self.frame.clone() };
        Ok((day, receivables(self.books, &frame)?))
    }

    fn roll_forward(&self, currency: Currency) -> Result<RollForward, BooksError> {
        let (_, opening) = self.before()?;
        let sum = |measure| self.held(measure, currency).map(|total| total.amount);
        let adjusted = |of: &Receivables| {
            let invoices = of.invoices.iter().filter(|it| it.total.currency() == currency);
            Money::sum(currency, invoices.map(|it| it.applied.adjustments)).of("adjustments")
        };
        let counted = |kind: LedgerDocumentKind| {
            let documents = self.books.documents.iter().filter(|it| it.kind == kind && counts(it));
            let dated = documents.filter(|it| self.frame.period.contains(it.effective_on));
            let of_currency = dated.filter(|it| it.currency == currency);
            Money::sum(currency, of_currency.map(|it| it.total)).of("documents")
        };
        let refunds = self.books.refunds.iter().filter(|refund| {
            refund.credit.is_some()
                && !refund.voided
                && !refund.stamp.deleted
                && refund.amount.currency() == currency
                && self.frame.period.contains(refund.effective_on)
        });
        Ok(RollForward {
            opening: opening.total(currency)?,
            invoices: counted(LedgerDocumentKind::Invoice)?,
            credits: counted(LedgerDocumentKind::CreditMemo)?,
            cash: sum(SourceMeasure::Receipts)?,
            write_offs: adjusted(self.receivables)?
                .checked_sub(adjusted(&opening)?)
                .of("adjustments")?,
            refunds: Money::sum(currency, refunds.map(|refund| refund.amount)).of("refunds")?,
            fx: Money::zero(currency),
        })
    }

    fn roll_forward_line(
        &self,
        roll_forward: &RollForward,
        currency: Currency,
    ) -> Result<TieOutLine, BooksError> {
        let held = self.receivables.total(currency)?;
        let (_, opening) = self.before()?;
        let residual = |of: &Receivables| {
            let lines = of.journal_residuals.iter().map(|(_, amount)| *amount);
            Money::sum(currency, lines.filter(|amount| amount.currency() == currency))
                .of("journals")
        };
        let journals =
            residual(&opening)?.checked_sub(residual(self.receivables)?).of("journals")?;
        let explained_by = if journals.is_zero() {
            Vec::new()
        } else {
            vec![ListedItem { reference: "customer journals".into(), amount: journals }]
        };
        TieOutLine::compare(Comparison {
            tie_out: TieOut::RollForward,
            name: "receivables roll-forward".into(),
            source: Some(ControlTotal {
                amount: roll_forward.closing().of("roll-forward")?,
                count: None,
            }),
            held: ControlTotal { amount: held, count: None },
            tolerance_minor: 0,
            explained_by,
        })
        .of("roll-forward")
    }

    /// Deals of the bridge: assigned to the ledger, of the currency, not excluded.
    fn bridged(&self, currency: Currency) -> impl Iterator<Item = &Deal> {
        self.books.deals.iter().filter(move |deal| {
            let excluded = self.books.exclusions.iter().any(|it| it.deal == deal.id);
            is_assigned(deal, self.frame) && deal.currency == currency && !excluded
        })
    }

    /// Net billed of one deal by the end of a day, from its confirmed links.
    fn billed_by(&self, deal: &Deal, day: Date) -> Result<Money, BooksError> {
        let links = self.matches.links.iter().filter(|link| {
            link.deal == deal.id
                && link.state == LinkState::Confirmed
                && link.effective_on <= day
                && self.books.documents.iter().any(|it| it.id == link.document.id && counts(it))
        });
        let mut billed = Money::zero(deal.currency);
        for link in links {
            let takes_back = link.kind == LinkKind::Credits
                || link.document.kind == LedgerDocumentKind::CreditMemo;
            let next = if takes_back {
                billed.checked_sub(link.allocated)
            } else {
                billed.checked_add(link.allocated)
            };
            billed = next.of(deal.id.as_str())?;
        }
        Ok(billed)
    }

    fn bridge(&self, currency: Currency) -> Result<Bridge, BooksError> {
        let agreements = Agreements::new(self.books);
        let start = self.frame.period.start();
        let before = start.yesterday().unwrap_or(start);
        let end = self.frame.as_of;
        let zero = Money::zero(currency);
        let mut bridge = Bridge {
            opening: zero,
            new_won: zero,
            increases: zero,
            billed: zero,
            reductions: zero,
            scope_in: zero,
            scope_out: zero,
        };
        for deal in self.bridged(currency) {
            let subject = deal.id.as_str();
            let billed_before = self.billed_by(deal, before)?;
            let billed = self.billed_by(deal, end)?.checked_sub(billed_before).of(subject)?;
            bridge.billed = bridge.billed.checked_add(billed).of(subject)?;
            let now = agreements.contract_at(deal, end, self.frame)?.unwrap_or(zero);
            if is_won_by(deal, before) {
                let then = agreements.contract_at(deal, before, self.frame)?.unwrap_or(zero);
                let backlog = then.checked_sub(billed_before).of(subject)?;
                bridge.opening = bridge.opening.checked_add(backlog).of(subject)?;
                let change = now.checked_sub(then).of(subject)?;
                let side = if change.is_negative() {
                    &mut bridge.reductions
                } else {
                    &mut bridge.increases
                };
                *side = side.checked_add(change.absolute().of(subject)?).of(subject)?;
            } else if is_won_by(deal, end) {
                bridge.new_won = bridge.new_won.checked_add(now).of(subject)?;
                bridge.scope_out = bridge.scope_out.checked_add(billed_before).of(subject)?;
            } else {
                bridge.scope_out = bridge.scope_out.checked_sub(billed).of(subject)?;
            }
        }
        Ok(bridge)
    }

    fn bridge_line(&self, bridge: &Bridge, currency: Currency) -> Result<TieOutLine, BooksError> {
        let won = |row: &&DealRow| {
            row.exclusion.is_none()
                && self
                    .books
                    .deals
                    .iter()
                    .any(|deal| deal.id == row.deal && is_won_by(deal, self.frame.as_of))
        };
        let items = self.rows.iter().filter(won).filter_map(|row| {
            let figures = row.figures.as_ref()?;
            let same = figures.contract.currency() == currency;
            same.then_some(BacklogItem { contract: figures.contract, billed: figures.billed })
        });
        let held = closing_backlog(currency, items).of("backlog")?;
        TieOutLine::compare(Comparison {
            tie_out: TieOut::Bridge,
            name: "bookings to billings, backlog".into(),
            source: Some(ControlTotal { amount: bridge.closing().of("bridge")?, count: None }),
            held: ControlTotal { amount: held, count: None },
            tolerance_minor: 0,
            explained_by: Vec::new(),
        })
        .of("bridge")
    }
}
