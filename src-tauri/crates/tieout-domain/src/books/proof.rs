//! The five tie-outs of a period, and the roll-forwards behind two of them (`finance-domain §14`).

use jiff::civil::Date;

use super::applications::{ApplicationIndex, counts, is_deleted, receipt_counts};
use super::foreign::translated;
use super::population::won_total;
use super::positions::DealRow;
use super::receivables::{Receivables, receivables};
use super::{Books, BooksError, Frame, Of};
use crate::currency::Currency;
use crate::facts::{Deal, LedgerDocumentKind};
use crate::matching::Matches;
use crate::money::Money;
use crate::tieouts::{
    Bridge, Comparison, ControlTotal, ListedItem, RollForward, TieOut, TieOutLine,
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

/// The name of the line that fails while a deal could be the company's and nobody keeps it.
const COMPANY_LINE: &str = "deals with a company";

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
        let opening = self.opening()?;
        let roll_forward = self.roll_forward(&opening, currency)?;
        let bridge = self.bridge(currency)?;
        let mut lines = vec![self.period_line(TieOut::CrmCompleteness, SourceMeasure::WonDeals)?];
        lines.extend(self.company_lines()?);
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
        lines.push(self.roll_forward_line(&roll_forward, &opening, currency)?);
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

    /// Beside the count of the CRM: deals up to the day that could be this company's and that no
    /// company keeps. While there is one, nobody can say that this company has billed all of its
    /// deals. A currency without such deals has no line.
    fn company_lines(&self) -> Result<Vec<TieOutLine>, BooksError> {
        let (books, frame) = (self.books, self.frame);
        let open = |deal: &Deal| {
            let why = books.assignments.unkept(&deal.id);
            why.is_some_and(|why| why.could_be_of(&books.ledger))
        };
        let mut lines = Vec::new();
        for currency in &frame.rules.currencies {
            let at = (frame.as_of, *currency);
            let (kept, held) = won_total(books, at, |deal| books.keeps(&deal.id))?;
            let (open, unkept) = won_total(books, at, open)?;
            if open > 0 {
                let amount = held.checked_add(unkept).of(COMPANY_LINE)?;
                lines.push(
                    TieOutLine::compare(Comparison {
                        tie_out: TieOut::CrmCompleteness,
                        name: COMPANY_LINE.into(),
                        source: Some(ControlTotal { amount, count: Some(kept + open) }),
                        held: ControlTotal { amount: held, count: Some(kept) },
                        tolerance_minor: 0,
                        explained_by: Vec::new(),
                    })
                    .of(COMPANY_LINE)?,
                );
            }
        }
        Ok(lines)
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

    /// The records of the period that a measure counts, void ones included: a source that keeps
    /// them counts them. `None` counts and has no amount.
    fn amounts(
        &self,
        measure: SourceMeasure,
        currency: Currency,
    ) -> Result<Vec<Option<Money>>, BooksError> {
        let (books, period) = (self.books, self.frame.period);
        let documents = |kind: LedgerDocumentKind| {
            let of_kind = books.documents.iter().filter(move |it| it.kind == kind);
            of_kind
                .filter(|it| !is_deleted(it) && period.contains(it.effective_on))
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
                .filter(|it| !it.stamp.deleted && it.amount.is_positive())
                .filter(|it| period.contains(it.effective_on))
                .map(|it| Some(it.amount))
                .collect(),
            SourceMeasure::Refunds => books
                .refunds
                .iter()
                .filter(|it| !it.stamp.deleted && period.contains(it.effective_on))
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
        let foreign = translated(self.books, self.receivables, currency)?;
        let on_account = [journals, foreign.clone()].concat();
        let both = [
            (SourceMeasure::AgedReceivables, "aged receivables", foreign),
            (SourceMeasure::ControlAccount, "control account", on_account),
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

    /// The last day before the period, or the day of the question where that is earlier still.
    pub(super) fn day_before(&self) -> Date {
        let start = self.frame.period.start();
        start.yesterday().unwrap_or(start).min(self.frame.as_of)
    }

    fn opening(&self) -> Result<Receivables, BooksError> {
        let frame = Frame { as_of: self.day_before(), ..self.frame.clone() };
        receivables(self.books, &frame)
    }

    /// Between opening and the day of the question: what closing receivables are made of.
    fn in_roll_forward(&self, date: Date) -> bool {
        self.day_before() < date && date <= self.frame.as_of
    }

    fn roll_forward(
        &self,
        opening: &Receivables,
        currency: Currency,
    ) -> Result<RollForward, BooksError> {
        let adjusted = |of: &Receivables| {
            let invoices = of.invoices.iter().filter(|it| it.total.currency() == currency);
            Money::sum(currency, invoices.map(|it| it.applied.adjustments)).of("adjustments")
        };
        let counted = |kind: LedgerDocumentKind| {
            let documents = self.books.documents.iter().filter(|it| it.kind == kind && counts(it));
            let dated = documents.filter(|it| self.in_roll_forward(it.effective_on));
            let of_currency = dated.filter(|it| it.currency == currency);
            Money::sum(currency, of_currency.map(|it| it.total)).of("documents")
        };
        let receipts = self.books.receipts.iter().filter(|it| receipt_counts(it));
        let receipts = receipts.filter(|it| self.in_roll_forward(it.effective_on));
        let cash = receipts.map(|it| it.amount).filter(|it| it.currency() == currency);
        let index = ApplicationIndex::new(self.books);
        let refunds = index.refunds().filter(|(_, on)| self.in_roll_forward(*on));
        let refunds = refunds.map(|(it, _)| it.amount).filter(|it| it.currency() == currency);
        Ok(RollForward {
            opening: opening.total(currency)?,
            invoices: counted(LedgerDocumentKind::Invoice)?,
            credits: counted(LedgerDocumentKind::CreditMemo)?,
            cash: Money::sum(currency, cash).of("receipts")?,
            write_offs: adjusted(self.receivables)?
                .checked_sub(adjusted(opening)?)
                .of("adjustments")?,
            refunds: Money::sum(currency, refunds).of("refunds")?,
            fx: Money::zero(currency),
        })
    }

    fn roll_forward_line(
        &self,
        roll_forward: &RollForward,
        opening: &Receivables,
        currency: Currency,
    ) -> Result<TieOutLine, BooksError> {
        let held = self.receivables.total(currency)?;
        let residual = |of: &Receivables| {
            let lines = of.journal_residuals.iter().map(|(_, amount)| *amount);
            Money::sum(currency, lines.filter(|amount| amount.currency() == currency))
                .of("journals")
        };
        let journals =
            residual(opening)?.checked_sub(residual(self.receivables)?).of("journals")?;
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
}
