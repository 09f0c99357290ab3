//! Reasons that the facts of a deal suggest (`finance-domain §9`); a person accepts them.

use super::applications::{counts, is_deleted};
use super::billed::Billing;
use super::linking::ProductItems;
use super::population::Agreements;
use super::positions::DealRow;
use super::{Books, BooksError, Frame, Of};
use crate::dates::Period;
use crate::effect::EffectState;
use crate::facts::{Deal, DocumentStatus};
use crate::figures::DealFigures;
use crate::gates::Gate;
use crate::matching::{ConflictReason, LinkKind};
use crate::money::Money;
use crate::reasons::{
    BearsOn, EndedDocument, ReasonDocument, ReasonInput, ReasonLine, ReasonProposal, propose,
};
use crate::verdict::Verdict;

/// What proposals need of the whole books.
pub(super) struct Proposer<'a> {
    frame: &'a Frame,
    items: ProductItems<'a>,
}

/// One deal with what is known about it by now.
pub(super) struct Subject<'a> {
    pub(super) deal: &'a Deal,
    pub(super) row: &'a DealRow,
    pub(super) agreements: &'a Agreements<'a>,
    pub(super) billing: &'a Billing<'a>,
    pub(super) effect: Option<EffectState>,
    pub(super) conflicts: Vec<ConflictReason>,
}

impl<'a> Proposer<'a> {
    pub(super) fn new(books: &'a Books, frame: &'a Frame) -> Self {
        Self { frame, items: ProductItems::new(books) }
    }

    /// Reasons for a variance that agrees with nothing and that nobody explained yet.
    pub(super) fn propose(&self, subject: &Subject<'_>) -> Result<Vec<ReasonProposal>, BooksError> {
        let wanted = matches!(
            subject.row.verdict,
            Some(Verdict::Unexplained | Verdict::Uncertain | Verdict::MatchedInTolerance)
        );
        let Some(figures) = subject.row.figures.as_ref().filter(|_| wanted) else {
            return Ok(Vec::new());
        };
        let lines: Vec<ReasonLine<'_>> = subject
            .agreements
            .worth(subject.deal)
            .iter()
            .map(|line| ReasonLine { line, item: self.items.of(line) })
            .collect();
        let documents = self.documents(subject)?;
        let proposals = self.ask(subject, figures, &lines, &documents)?;
        Ok(proposals.into_iter().filter(|it| it.bears_on == BearsOn::Variance).collect())
    }

    fn ask(
        &self,
        subject: &Subject<'_>,
        figures: &DealFigures,
        lines: &[ReasonLine<'_>],
        documents: &[ReasonDocument<'_>],
    ) -> Result<Vec<ReasonProposal>, BooksError> {
        let (deal, row) = (subject.deal, subject.row);
        let schedule = subject.agreements.schedule(deal);
        let failing: Vec<Gate> = row.gates.iter().map(|finding| finding.gate).collect();
        let posted = documents.iter().map(|at| at.effective_on).min();
        let then = posted.map(|day| subject.agreements.contract_at(deal, day, self.frame));
        let period = self.frame.period;
        let fiscal = period.contains(deal.close_date);
        propose(&ReasonInput {
            as_of: self.frame.as_of,
            contract: figures.contract,
            expected: figures.expected,
            invoiced: figures.invoiced,
            billed: figures.billed,
            written_off: figures.adjustments,
            won: row.won,
            close_date: deal.close_date,
            close_period: if fiscal { period } else { Period::month_of(deal.close_date) },
            became_won_on: row.won_on,
            contract_when_posted: then.transpose()?.flatten(),
            schedule: &schedule,
            lines,
            documents,
            ended: &self.ended(subject),
            effect: subject.effect,
            failing: &failing,
            conflicts: &subject.conflicts,
            rounding_limit_minor: self.frame.limits.rounding_minor(),
        })
        .of(deal.id.as_str())
    }

    /// Documents that billed the deal until they were voided or deleted, oldest first.
    fn ended<'b>(&self, subject: &Subject<'b>) -> Vec<EndedDocument<'b>> {
        let links = subject.billing.links(&subject.deal.id).iter();
        let billing = links
            .filter(|link| link.kind == LinkKind::Bills && link.effective_on <= self.frame.as_of);
        let documents = billing.filter_map(|link| subject.billing.document(link));
        let mut ended: Vec<EndedDocument<'b>> = documents
            .map(|document| EndedDocument { document, deleted: is_deleted(document) })
            .filter(|it| it.deleted || it.document.status == DocumentStatus::Void)
            .collect();
        ended.sort_by_key(|it| (it.document.effective_on, &it.document.id));
        ended
    }

    fn documents<'b>(&self, subject: &Subject<'b>) -> Result<Vec<ReasonDocument<'b>>, BooksError> {
        let mut found = Vec::new();
        for link in subject.billing.links(&subject.deal.id) {
            let document = subject.billing.document(link);
            let document = document.filter(|it| counts(it));
            let Some(document) = document else { continue };
            let refunds = subject.billing.index().refunds_of(&document.id).iter();
            let refunds = refunds.filter(|it| it.effective_on <= self.frame.as_of);
            let refunded = Money::sum(document.currency, refunds.map(|it| it.amount));
            found.push(ReasonDocument {
                document,
                kind: link.kind,
                allocated: link.allocated,
                effective_on: link.effective_on,
                refunded: refunded.of(document.id.as_str())?,
            });
        }
        Ok(found)
    }
}
