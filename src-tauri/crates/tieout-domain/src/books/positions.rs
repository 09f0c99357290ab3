//! Every deal of the ledger from booking to cash, as of a day (`finance-domain §8, §10`).

use std::collections::{BTreeMap, BTreeSet};

use super::applications::{ApplicationIndex, is_posted, receipt_counts};
use super::billed::{Billed, Billing};
use super::gating::{GateKeeper, Intention};
use super::population::{Agreements, is_won_by};
use super::proposals::{Proposer, Subject};
pub use super::row::{DealRow, LinkedDocument, Standing};
use super::{Books, BooksError, Exclusion, Frame, Of, Promised, ReasonDecision};
use crate::dates::date_in_zone;
use crate::effect::EffectState;
use crate::facts::{Deal, LedgerDocumentKind, Receipt, Stream};
use crate::figures::{DealFigures, DealPosition, deal_figures};
use crate::fx::Rate;
use crate::gates::{GateFinding, Moment};
use crate::ids::{AccountId, DealId, DocumentId, ReceiptId};
use crate::limits::LimitTest;
use crate::matching::{MatchOutcome, Matches};
use crate::money::Money;
use crate::open::balance_as_of;
use crate::reasons::ReasonProposal;
use crate::schedule::{ScheduleItem, expected_to_date, leakage};
use crate::status::{BillingPosition, BillingStatus, CashPosition, billing_status, cash_status};
use crate::verdict::{Verdict, VerdictInput, verdict};

/// What every deal of the books needs, prepared once.
struct Desk<'a> {
    frame: &'a Frame,
    agreements: Agreements<'a>,
    billing: Billing<'a>,
    conflicts: BTreeMap<&'a DealId, Vec<&'a MatchOutcome>>,
    suspected: BTreeMap<&'a DealId, BTreeSet<DocumentId>>,
    gatekeeper: GateKeeper<'a>,
    proposer: Proposer<'a>,
    account_names: BTreeMap<&'a AccountId, &'a str>,
    exclusions: BTreeMap<&'a DealId, &'a Exclusion>,
    reasons: BTreeMap<&'a DealId, Vec<&'a ReasonDecision>>,
    promised: BTreeMap<&'a DealId, Vec<&'a Promised>>,
    unreadable: BTreeSet<(Stream, &'a str)>,
    /// Receipts with something applied, by each document that they are applied to.
    receipts: BTreeMap<&'a DocumentId, Vec<&'a Receipt>>,
}

/// All deals of the ledger at `frame.as_of`: the won ones, and those no longer won that were
/// billed. In order of close date and id.
pub fn positions(
    books: &Books,
    frame: &Frame,
    matches: &Matches,
) -> Result<Vec<DealRow>, BooksError> {
    let desk = Desk::new(books, frame, matches)?;
    let mut rows = Vec::new();
    for deal in books.deals.iter().filter(|deal| books.keeps(&deal.id)) {
        if is_won_by(deal, frame.as_of) || desk.was_billed(deal) {
            rows.push(desk.row(deal)?);
        }
    }
    rows.sort_by(|a, b| (a.close_date, &a.deal).cmp(&(b.close_date, &b.deal)));
    Ok(rows)
}

impl<'a> Desk<'a> {
    fn new(books: &'a Books, frame: &'a Frame, matches: &'a Matches) -> Result<Self, BooksError> {
        let mut receipts: BTreeMap<&DocumentId, Vec<&Receipt>> = BTreeMap::new();
        for receipt in books.receipts.iter().filter(|receipt| receipt_counts(receipt)) {
            let documents: BTreeSet<&DocumentId> =
                receipt.applications.iter().map(|application| &application.document).collect();
            for document in documents {
                receipts.entry(document).or_default().push(receipt);
            }
        }
        let names = books.accounts.iter().map(|account| (&account.id, account.name.as_str()));
        let unreadable = books.unreadable.iter().map(|it| (it.stream, it.id.as_str()));
        Ok(Self {
            frame,
            agreements: Agreements::new(books),
            billing: Billing::new(ApplicationIndex::new(books), frame, matches)?,
            conflicts: conflicts(matches),
            suspected: matches.suspected(),
            gatekeeper: GateKeeper::new(books, frame),
            proposer: Proposer::new(books, frame),
            account_names: names.collect(),
            exclusions: books.exclusions.iter().rev().map(|it| (&it.deal, it)).collect(),
            reasons: by_deal(&books.reasons, |it| &it.deal),
            promised: by_deal(&books.promised, |it| &it.deal),
            unreadable: unreadable.collect(),
            receipts,
        })
    }

    /// Whether a document of the deal was posted by the day; a void one was, a draft was not.
    fn was_billed(&self, deal: &Deal) -> bool {
        self.billing.links(&deal.id).iter().any(|link| {
            let posted = self.billing.document(link).is_some_and(is_posted);
            posted && link.effective_on <= self.frame.as_of
        })
    }

    fn row(&self, deal: &Deal) -> Result<DealRow, BooksError> {
        let subject = deal.id.as_str();
        let won = is_won_by(deal, self.frame.as_of);
        let zero = Money::zero(deal.currency);
        let schedule = self.agreements.schedule(deal);
        let contract = if won { self.agreements.contract(deal)? } else { Some(zero) };
        let expected = match contract {
            Some(_) if !won => Some(zero),
            Some(amount) => self.expected(deal, amount, &schedule)?,
            None => None,
        };
        let billed = self.billing.of(deal)?;
        let test = LimitTest { limits: &self.frame.limits, rate: self.rate(deal) };
        let exclusion = self.exclusions.get(&deal.id).map(|it| (*it).clone());
        let states: Vec<EffectState> = self.promised(deal).iter().map(|it| it.state).collect();
        let suspected = self.suspected.get(&deal.id).into_iter().flatten();
        let suspected: Vec<DocumentId> = suspected.cloned().collect();
        let (gates, customer_promise) = match won && billed.posted == 0 {
            true => {
                let promise = self.gatekeeper.customer_promise(deal);
                (self.gates(deal, &billed, &suspected), promise)
            }
            false => (Vec::new(), None),
        };
        let billing = billing_status(
            &BillingPosition {
                contract,
                expected,
                invoiced: billed.invoiced,
                billed: billed.invoiced.checked_sub(billed.credited_net).of(subject)?,
                posted: billed.posted,
                drafts: billed.drafts,
                excluded: exclusion.is_some(),
                in_flight: is_sent(customer_promise) || states.iter().any(|it| it.in_flight()),
                gate_failing: !gates.is_empty(),
            },
            &test,
        )
        .of(subject)?;
        let figures = self.figures(deal, contract, expected, &billed, &test)?;
        let missing = self.leakage(deal, won, &schedule, (contract, expected), billed.invoiced)?;
        let mut row = DealRow {
            deal: deal.id.clone(),
            reference: deal.reference.clone(),
            name: deal.name.clone(),
            account: deal.account.clone(),
            account_name: self.account_name(deal),
            close_date: deal.close_date,
            won_on: deal.stage_changed_at.map(|at| date_in_zone(at, &self.frame.time_zone)),
            won,
            figures,
            billing,
            cash: cash_status(&self.cash_position(deal, contract, &billed)?),
            verdict: None,
            leakage: missing,
            disputed: billed.disputed,
            documents: billed.documents,
            suspected,
            gates,
            zero_tolerance: Vec::new(),
            reasons: self.reasons(deal),
            proposed: Vec::new(),
            exclusion,
            age_days: crate::dates::days_between(deal.close_date, self.frame.as_of),
            outcome_unknown: states.iter().any(|state| is_sent(Some(*state))),
            customer_promise,
        };
        row.zero_tolerance = self.zero_tolerance(&row, billed.posted);
        row.verdict = self.verdict(&row, billed.posted, &test)?;
        row.proposed = self.proposed(deal, &row)?;
        Ok(row)
    }

    fn figures(
        &self,
        deal: &Deal,
        contract: Option<Money>,
        expected: Option<Money>,
        billed: &Billed,
        test: &LimitTest<'_>,
    ) -> Result<Option<DealFigures>, BooksError> {
        let (Some(contract), Some(expected)) = (contract, expected) else { return Ok(None) };
        let position = DealPosition {
            contract,
            expected,
            invoices: &billed.invoices,
            credited_net: billed.credited_net,
        };
        deal_figures(&position, self.frame.as_of, test).of(deal.id.as_str()).map(Some)
    }

    /// Without schedule rows `E` is the contract amount (`§8`); the population already says that
    /// the cut-off date has come.
    fn expected(
        &self,
        deal: &Deal,
        contract: Money,
        schedule: &[ScheduleItem],
    ) -> Result<Option<Money>, BooksError> {
        expected_to_date(Some(contract), schedule, self.frame.as_of).of(deal.id.as_str())
    }

    fn leakage(
        &self,
        deal: &Deal,
        won: bool,
        schedule: &[ScheduleItem],
        (contract, expected): (Option<Money>, Option<Money>),
        invoiced: Money,
    ) -> Result<Option<Money>, BooksError> {
        let (true, Some(contract), Some(expected)) = (won, contract, expected) else {
            return Ok(None);
        };
        let subject = deal.id.as_str();
        let mirrored = |amount: Money| {
            if contract.is_negative() { amount.negated().of(subject) } else { Ok(amount) }
        };
        let one = [ScheduleItem { due_on: deal.close_date, amount: expected }];
        let lines = if schedule.is_empty() { &one[..] } else { schedule };
        let lines = lines
            .iter()
            .map(|line| Ok(ScheduleItem { amount: mirrored(line.amount)?, ..*line }))
            .collect::<Result<Vec<_>, BooksError>>()?;
        let (day, grace) = (self.frame.as_of, self.frame.grace_days);
        let found = leakage(&lines, mirrored(invoiced)?, day, grace).of(subject)?;
        mirrored(found).map(Some)
    }

    fn gates(&self, deal: &Deal, billed: &Billed, suspected: &[DocumentId]) -> Vec<GateFinding> {
        // What is on its way has a status of its own; what was made and not read yet is no gap.
        // One that was deleted is gone: it was made once, and only a person has it made again.
        let unread = billed.documents.iter().all(|it| it.standing == Standing::Deleted);
        let settled = |state: &EffectState| match state {
            EffectState::Rejected | EffectState::Conflict => true,
            EffectState::Confirmed => unread,
            _ => false,
        };
        self.gatekeeper.findings(&Intention {
            deal,
            moment: Moment::Propose,
            proposed_on: self.frame.today.max(self.frame.as_of),
            billed_through: None,
            effect: self.last_effect(deal).filter(settled),
            by_name: false,
            linked: &[],
            suspected,
        })
    }

    fn promised(&self, deal: &Deal) -> &[&'a Promised] {
        self.promised.get(&deal.id).map_or(&[], Vec::as_slice)
    }

    /// Of the latest document that was promised for the deal.
    fn last_effect(&self, deal: &Deal) -> Option<EffectState> {
        let last = self.promised(deal).iter().max_by_key(|it| (it.sequence, it.since, &it.key));
        last.map(|promised| promised.state)
    }

    fn rate(&self, deal: &Deal) -> Option<Rate> {
        (deal.currency == self.frame.functional).then(|| Rate::one(deal.currency))
    }

    fn reasons(&self, deal: &Deal) -> Vec<ReasonDecision> {
        let reasons = self.reasons.get(&deal.id).into_iter().flatten();
        reasons.map(|reason| (*reason).clone()).collect()
    }

    fn account_name(&self, deal: &Deal) -> String {
        let name = deal.account.as_ref().and_then(|id| self.account_names.get(id));
        name.map_or_else(String::new, |name| (*name).to_owned())
    }

    fn proposed(&self, deal: &Deal, row: &DealRow) -> Result<Vec<ReasonProposal>, BooksError> {
        let conflicts = self.conflicts.get(&deal.id).into_iter().flatten();
        let conflicts = conflicts.filter_map(|outcome| match outcome {
            MatchOutcome::Conflict { why, .. } => Some(*why),
            _ => None,
        });
        self.proposer.propose(&Subject {
            deal,
            row,
            agreements: &self.agreements,
            billing: &self.billing,
            effect: self.last_effect(deal),
            conflicts: conflicts.collect(),
        })
    }

    /// `V3`: limits do not apply to these, and only an accepted reason explains them.
    fn zero_tolerance(&self, row: &DealRow, posted: u32) -> Vec<&'static str> {
        let mut codes = Vec::new();
        if posted == 0 && row.leakage.is_some_and(|leakage| !leakage.is_zero()) {
            codes.push("NOT_INVOICED");
        }
        if row.billing == BillingStatus::OverBilled && has_twins(&row.documents) {
            codes.push("DUPLICATE_INVOICE");
        }
        for outcome in self.conflicts.get(&row.deal).into_iter().flatten() {
            match outcome {
                MatchOutcome::DuplicateKey { .. } => codes.push("DUPLICATE_INVOICE"),
                MatchOutcome::Conflict { why, .. } => {
                    codes.extend(why.zero_tolerance().map(|code| code.as_str()));
                }
                _ => {}
            }
        }
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    fn verdict(
        &self,
        row: &DealRow,
        posted: u32,
        test: &LimitTest<'_>,
    ) -> Result<Option<Verdict>, BooksError> {
        if row.billing == BillingStatus::Excluded {
            return Ok(None);
        }
        let Some(figures) = &row.figures else {
            return Ok(Some(Verdict::Uncertain));
        };
        let complete = !row.outcome_unknown && !self.is_unreadable(row);
        let nothing = figures.expected.is_zero() && posted == 0;
        if nothing && complete && row.zero_tolerance.is_empty() {
            return Ok(None);
        }
        let currency = figures.variance.currency();
        let accepted: Vec<Money> = row
            .reasons
            .iter()
            .filter(|reason| reason.accepted && reason.amount.currency() == currency)
            .map(|reason| reason.amount)
            .collect();
        let input = VerdictInput {
            complete,
            variance: figures.variance,
            base: figures.expected,
            accepted: &accepted,
            zero_tolerance: !row.zero_tolerance.is_empty(),
        };
        verdict(&input, test).of(row.deal.as_str()).map(Some)
    }

    /// A quarantined record of the deal, of its agreement or of one of its documents and their
    /// receipts leaves its figures open.
    fn is_unreadable(&self, row: &DealRow) -> bool {
        let outcomes = self.conflicts.get(&row.deal).into_iter().flatten();
        let mut outcomes = outcomes.filter(|it| matches!(it, MatchOutcome::Uncertain { .. }));
        if outcomes.next().is_some() {
            return true;
        }
        if self.unreadable.is_empty() {
            return false;
        }
        let kept_aside = |stream: Stream, id: &str| self.unreadable.contains(&(stream, id));
        let of_agreement = self.agreements.lines(&row.deal).iter().any(|line| {
            let rows = self.agreements.rows(&line.id);
            kept_aside(Stream::DealLines, line.id.as_str())
                || rows.iter().any(|it| kept_aside(Stream::ScheduleLines, it.id.as_str()))
        });
        let of_documents = row.documents.iter().any(|document| {
            let receipts = self.receipts.get(&document.document).into_iter().flatten();
            let refunds = self.billing.index().refunds_of(&document.document).iter();
            kept_aside(stream_of(document.kind), document.document.as_str())
                || { receipts }.any(|it| kept_aside(Stream::Receipts, it.id.as_str()))
                || { refunds }.any(|it| kept_aside(Stream::Refunds, it.id.as_str()))
        });
        of_agreement || of_documents || kept_aside(Stream::Deals, row.deal.as_str())
    }

    /// A negative deal is mirrored: its credit memos are what an invoice is to a sale.
    fn cash_position(
        &self,
        deal: &Deal,
        contract: Option<Money>,
        billed: &Billed,
    ) -> Result<CashPosition, BooksError> {
        let subject = deal.id.as_str();
        let mirrored = |amount: Money| {
            let negative = contract.is_some_and(Money::is_negative);
            if negative { amount.negated().of(subject) } else { Ok(amount) }
        };
        let cash = billed.invoices.iter().map(|invoice| invoice.cash);
        Ok(CashPosition {
            posted_invoices: billed.posted_invoices,
            open: mirrored(billed.open)?,
            collected: mirrored(Money::sum(deal.currency, cash).of(subject)?)?,
            any_open_invoice_overdue: billed.any_overdue,
            unapplied_cash_tied: self.tied_cash(deal, &billed.documents)?,
        })
    }

    /// Cash that is unapplied at the day, of receipts that are applied to documents of this deal
    /// and of no other by then (`§10`).
    fn tied_cash(&self, deal: &Deal, documents: &[LinkedDocument]) -> Result<Money, BooksError> {
        let mut tied = Money::zero(deal.currency);
        let mut seen: BTreeSet<&ReceiptId> = BTreeSet::new();
        let receipts =
            documents.iter().filter_map(|document| self.receipts.get(&document.document)).flatten();
        for receipt in receipts {
            let ours = receipt.amount.currency() == deal.currency && seen.insert(&receipt.id);
            if ours && self.is_tied(receipt, &deal.id) {
                let settlements = self.billing.index().settlements_of(receipt);
                let (amount, on) = (receipt.amount, receipt.effective_on);
                let left = balance_as_of(amount, on, &settlements, self.frame.as_of);
                let left = left.of(receipt.id.as_str())?.unwrap_or(Money::zero(deal.currency));
                tied = tied.checked_add(left).of(receipt.id.as_str())?;
            }
        }
        Ok(tied)
    }

    fn is_tied(&self, receipt: &Receipt, deal: &DealId) -> bool {
        let index = self.billing.index();
        let applied = receipt.applications.iter().filter(|it| {
            let document_on = index.document(&it.document).map(|document| document.effective_on);
            let day =
                it.applied_on.max(receipt.effective_on).max(document_on.unwrap_or(it.applied_on));
            index.in_force(it) && day <= self.frame.as_of
        });
        let mut applied = applied.peekable();
        receipt.effective_on <= self.frame.as_of
            && applied.peek().is_some()
            && applied.all(|it| self.billing.bills_only(&it.document, deal))
    }
}

fn conflicts(matches: &Matches) -> BTreeMap<&DealId, Vec<&MatchOutcome>> {
    let mut conflicts: BTreeMap<&DealId, Vec<&MatchOutcome>> = BTreeMap::new();
    for outcome in &matches.outcomes {
        match outcome {
            MatchOutcome::Conflict { deal, .. }
            | MatchOutcome::DuplicateKey { deal, .. }
            | MatchOutcome::Uncertain { deal: Some(deal), .. } => {
                conflicts.entry(deal).or_default().push(outcome);
            }
            _ => {}
        }
    }
    conflicts
}

fn by_deal<T>(all: &[T], deal: impl Fn(&T) -> &DealId) -> BTreeMap<&DealId, Vec<&T>> {
    let mut found: BTreeMap<&DealId, Vec<&T>> = BTreeMap::new();
    for one in all {
        found.entry(deal(one)).or_default().push(one);
    }
    found
}

const fn stream_of(kind: LedgerDocumentKind) -> Stream {
    match kind {
        LedgerDocumentKind::Invoice => Stream::Invoices,
        LedgerDocumentKind::CreditMemo => Stream::CreditMemos,
        LedgerDocumentKind::CashSale => Stream::CashSales,
    }
}

/// Sent, and nobody knows what came of it.
const fn is_sent(state: Option<EffectState>) -> bool {
    matches!(state, Some(EffectState::Sent | EffectState::Unknown))
}

/// Two invoices of one deal with the same net amount.
fn has_twins(documents: &[LinkedDocument]) -> bool {
    let invoices: Vec<&LinkedDocument> = documents
        .iter()
        .filter(|it| it.kind == LedgerDocumentKind::Invoice && !it.after_as_of)
        .filter(|it| it.net.is_positive())
        .collect();
    invoices
        .iter()
        .enumerate()
        .any(|(at, one)| invoices[at + 1..].iter().any(|other| other.net == one.net))
}
