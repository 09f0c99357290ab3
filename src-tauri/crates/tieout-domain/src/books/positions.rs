//! Every deal of the ledger from booking to cash, as of a day (`finance-domain §8, §10`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::gating::{GateKeeper, Intention};
use super::population::{Agreements, is_assigned, is_won_by};
use super::receivables::{ApplicationIndex, counts, invoice_position};
use super::{Books, BooksError, Exclusion, Frame, Of, ReasonDecision};
use crate::dates::date_in_zone;
use crate::effect::EffectState;
use crate::facts::{Deal, Document, DocumentStatus, LedgerDocumentKind};
use crate::figures::{DealFigures, DealInvoice, DealPosition, InvoiceAmounts, deal_figures};
use crate::fx::Rate;
use crate::gates::{GateFinding, Moment};
use crate::ids::{AccountId, DealId, DocumentId};
use crate::limits::LimitTest;
use crate::matching::{Link, LinkKind, LinkState, MatchOutcome, Matches, Tier};
use crate::money::Money;
use crate::schedule::{ScheduleItem, expected_to_date, leakage};
use crate::shares::{Allocation, InvoiceShare, share_invoice};
use crate::status::{
    BillingPosition, BillingStatus, CashPosition, CashStatus, billing_status, cash_status,
};
use crate::verdict::{Verdict, VerdictInput, verdict};

/// A document that belongs to a deal by a confirmed link, as of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedDocument {
    pub document: DocumentId,
    pub kind: LedgerDocumentKind,
    pub number: Option<String>,
    pub effective_on: Date,
    pub due_on: Option<Date>,
    /// The deal's share of the net.
    pub net: Money,
    /// The deal's share, incl. tax; zero for a credit memo that takes billing back.
    pub open: Money,
    pub tier: Tier,
    /// Dated after the as-of day: it counts in no figure yet.
    pub after_as_of: bool,
}

/// One deal's row in every report.
#[derive(Clone, Debug)]
pub struct DealRow {
    pub deal: DealId,
    pub reference: Option<String>,
    pub name: String,
    pub account: Option<AccountId>,
    pub account_name: String,
    pub close_date: Date,
    /// The day the stage changed to won, in the entity's zone.
    pub won_on: Option<Date>,
    /// `None`: the contract amount is unknown.
    pub figures: Option<DealFigures>,
    pub billing: BillingStatus,
    pub cash: CashStatus,
    /// `None`: nothing is expected and nothing is billed, so there is nothing to compare.
    pub verdict: Option<Verdict>,
    pub leakage: Option<Money>,
    pub documents: Vec<LinkedDocument>,
    /// Failing gates of a deal without a posted document.
    pub gates: Vec<GateFinding>,
    /// Codes of the zero-tolerance list that this deal raises (`§8 V3`).
    pub zero_tolerance: Vec<&'static str>,
    /// Reasons that people gave; accepted ones explain.
    pub reasons: Vec<ReasonDecision>,
    pub exclusion: Option<Exclusion>,
    /// Days since the close date.
    pub age_days: i64,
    pub disputed: bool,
    /// An outcome that nobody knows yet.
    pub outcome_unknown: bool,
}

impl DealRow {
    /// Whether it belongs to "Unpaid Closed Won" (`§10`).
    pub fn is_unpaid(&self) -> bool {
        match &self.figures {
            Some(figures) => figures.is_unpaid(self.billing),
            None => self.billing != BillingStatus::Excluded,
        }
    }
}

/// What every deal of the books needs, prepared once.
struct Desk<'a> {
    books: &'a Books,
    frame: &'a Frame,
    agreements: Agreements<'a>,
    documents: BTreeMap<&'a DocumentId, &'a Document>,
    shares: BTreeMap<DocumentId, Vec<InvoiceShare>>,
    due: BTreeMap<DocumentId, Date>,
    links: BTreeMap<&'a DealId, Vec<&'a Link>>,
    conflicts: BTreeMap<&'a DealId, Vec<&'a MatchOutcome>>,
    gatekeeper: GateKeeper<'a>,
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
    for deal in books.deals.iter().filter(|deal| is_assigned(deal, frame)) {
        if is_won_by(deal, frame.as_of) || desk.was_billed(deal) {
            rows.push(desk.row(deal)?);
        }
    }
    rows.sort_by(|a, b| (a.close_date, &a.deal).cmp(&(b.close_date, &b.deal)));
    Ok(rows)
}

impl<'a> Desk<'a> {
    fn new(books: &'a Books, frame: &'a Frame, matches: &'a Matches) -> Result<Self, BooksError> {
        let mut links: BTreeMap<&DealId, Vec<&Link>> = BTreeMap::new();
        for link in matches.links.iter().filter(|link| link.state == LinkState::Confirmed) {
            links.entry(&link.deal).or_default().push(link);
        }
        let mut conflicts: BTreeMap<&DealId, Vec<&MatchOutcome>> = BTreeMap::new();
        for outcome in &matches.outcomes {
            match outcome {
                MatchOutcome::Conflict { deal, .. } | MatchOutcome::DuplicateKey { deal, .. } => {
                    conflicts.entry(deal).or_default().push(outcome);
                }
                MatchOutcome::Uncertain { deal: Some(deal), .. } => {
                    conflicts.entry(deal).or_default().push(outcome);
                }
                _ => {}
            }
        }
        let mut desk = Self {
            books,
            frame,
            agreements: Agreements::new(books),
            documents: books.documents.iter().map(|document| (&document.id, document)).collect(),
            shares: BTreeMap::new(),
            due: BTreeMap::new(),
            links,
            conflicts,
            gatekeeper: GateKeeper::new(books, frame),
        };
        desk.share_invoices()?;
        Ok(desk)
    }

    /// Shares every linked invoice over its deals, so that each column sums to the invoice.
    fn share_invoices(&mut self) -> Result<(), BooksError> {
        let index = ApplicationIndex::new(self.books);
        let mut allocations: BTreeMap<&DocumentId, Vec<Allocation>> = BTreeMap::new();
        for link in self.links.values().flatten().filter(|link| link.kind == LinkKind::Bills) {
            let allocation = Allocation { deal: link.deal.clone(), net: link.allocated };
            allocations.entry(&link.document.id).or_default().push(allocation);
        }
        for (id, allocations) in allocations {
            let Some(document) = self.documents.get(id) else {
                continue;
            };
            if document.kind != LedgerDocumentKind::Invoice || !counts(document) {
                continue;
            }
            let Some(position) = invoice_position(document, &index, self.frame)? else {
                continue;
            };
            let amounts = InvoiceAmounts {
                net: position.net,
                total: position.total,
                cash: position.applied.cash,
                credits: position.applied.credits,
                adjustments: position.applied.adjustments,
            };
            let shares = share_invoice(&amounts, &allocations)
                .map_err(|source| BooksError::Share { subject: id.to_string(), source })?;
            self.due.insert(id.clone(), position.due.on);
            self.shares.insert(id.clone(), shares);
        }
        Ok(())
    }

    fn links(&self, deal: &DealId) -> &[&'a Link] {
        self.links.get(deal).map_or(&[], Vec::as_slice)
    }

    fn was_billed(&self, deal: &Deal) -> bool {
        self.links(&deal.id).iter().any(|link| link.effective_on <= self.frame.as_of)
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
        let billed = self.billed(deal)?;
        let test = LimitTest { limits: &self.frame.limits, rate: self.rate(deal) };
        let exclusion = self.books.exclusions.iter().find(|it| it.deal == deal.id).cloned();
        let states: Vec<EffectState> = self.promised(deal).map(|promised| promised.state).collect();
        let gates = if won && billed.posted == 0 { self.gates(deal) } else { Vec::new() };
        let billing = billing_status(
            &BillingPosition {
                contract,
                expected,
                invoiced: billed.invoiced,
                billed: billed.invoiced.checked_sub(billed.credited_net).of(subject)?,
                posted: billed.posted,
                drafts: billed.drafts,
                excluded: exclusion.is_some(),
                in_flight: states.iter().any(|state| state.in_flight()),
                gate_failing: !gates.is_empty(),
            },
            &test,
        )
        .of(subject)?;
        let figures = self.figures(deal, contract, expected, &billed, &test)?;
        let missing = self.leakage(deal, won, &schedule, expected, billed.invoiced)?;
        let mut row = DealRow {
            deal: deal.id.clone(),
            reference: deal.reference.clone(),
            name: deal.name.clone(),
            account: deal.account.clone(),
            account_name: self.account_name(deal),
            close_date: deal.close_date,
            won_on: deal.stage_changed_at.map(|at| date_in_zone(at, &self.frame.time_zone)),
            figures,
            billing,
            cash: cash_status(&self.cash_position(deal, &billed)?),
            verdict: None,
            leakage: missing,
            disputed: billed.disputed,
            documents: billed.documents,
            gates,
            zero_tolerance: Vec::new(),
            reasons: self.reasons(deal),
            exclusion,
            age_days: crate::dates::days_between(deal.close_date, self.frame.as_of),
            outcome_unknown: states
                .iter()
                .any(|state| matches!(state, EffectState::Sent | EffectState::Unknown)),
        };
        row.zero_tolerance = self.zero_tolerance(&row, billed.posted);
        row.verdict = self.verdict(&row, &test)?;
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
        expected: Option<Money>,
        invoiced: Money,
    ) -> Result<Option<Money>, BooksError> {
        let (true, Some(expected)) = (won, expected) else {
            return Ok(None);
        };
        let one = [ScheduleItem { due_on: deal.close_date, amount: expected }];
        let lines = if schedule.is_empty() { &one[..] } else { schedule };
        let found = leakage(lines, invoiced, self.frame.as_of, self.frame.grace_days);
        found.of(deal.id.as_str()).map(Some)
    }

    fn gates(&self, deal: &Deal) -> Vec<GateFinding> {
        let refused = self
            .promised(deal)
            .map(|promised| promised.state)
            .find(|state| matches!(state, EffectState::Rejected | EffectState::Conflict));
        self.gatekeeper.findings(&Intention {
            deal,
            sequence: 1,
            moment: Moment::Propose,
            proposed_on: self.frame.today.max(self.frame.as_of),
            billed_through: None,
            effect: refused,
            linked: &[],
            suspected: &[],
        })
    }

    fn promised(&self, deal: &Deal) -> impl Iterator<Item = &'a super::Promised> {
        let id = deal.id.clone();
        self.books.promised.iter().filter(move |promised| promised.deal == id)
    }

    fn rate(&self, deal: &Deal) -> Option<Rate> {
        (deal.currency == self.frame.functional).then(|| Rate::one(deal.currency))
    }

    fn reasons(&self, deal: &Deal) -> Vec<ReasonDecision> {
        self.books.reasons.iter().filter(|reason| reason.deal == deal.id).cloned().collect()
    }

    fn account_name(&self, deal: &Deal) -> String {
        deal.account
            .as_ref()
            .and_then(|id| self.books.accounts.iter().find(|account| account.id == *id))
            .map_or_else(String::new, |account| account.name.clone())
    }

    /// `V3`: limits do not apply to these, and only an accepted reason explains them.
    fn zero_tolerance(&self, row: &DealRow, posted: u32) -> Vec<&'static str> {
        let mut codes = Vec::new();
        if posted == 0 && row.leakage.is_some_and(Money::is_positive) {
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

    fn verdict(&self, row: &DealRow, test: &LimitTest<'_>) -> Result<Option<Verdict>, BooksError> {
        if row.billing == BillingStatus::Excluded {
            return Ok(None);
        }
        let Some(figures) = &row.figures else {
            return Ok(Some(Verdict::Uncertain));
        };
        if figures.expected.is_zero() && figures.billed.is_zero() && row.zero_tolerance.is_empty() {
            return Ok(None);
        }
        let accepted: Vec<Money> = row
            .reasons
            .iter()
            .filter(|reason| reason.accepted)
            .map(|reason| reason.amount)
            .collect();
        let input = VerdictInput {
            complete: !row.outcome_unknown && !self.is_unreadable(row),
            variance: figures.variance,
            base: figures.expected,
            accepted: &accepted,
            zero_tolerance: !row.zero_tolerance.is_empty(),
        };
        verdict(&input, test).of(row.deal.as_str()).map(Some)
    }

    /// A quarantined record of the deal or of one of its documents leaves its figures open.
    fn is_unreadable(&self, row: &DealRow) -> bool {
        let uncertain = self.conflicts.get(&row.deal).into_iter().flatten();
        let uncertain =
            uncertain.into_iter().any(|it| matches!(it, MatchOutcome::Uncertain { .. }));
        let lines = self.agreements.lines(&row.deal);
        let touches = |id: &str| {
            row.deal.as_str() == id
                || row.documents.iter().any(|document| document.document.as_str() == id)
                || lines.iter().any(|line| line.id.as_str() == id)
        };
        uncertain || self.books.unreadable.iter().any(|record| touches(&record.id))
    }

    fn cash_position(&self, deal: &Deal, billed: &Billed) -> Result<CashPosition, BooksError> {
        let subject = deal.id.as_str();
        let currency = deal.currency;
        let mut open = Money::zero(currency);
        let mut collected = Money::zero(currency);
        let mut overdue = false;
        for invoice in &billed.invoices {
            let left = invoice.open().of(subject)?;
            open = open.checked_add(left).of(subject)?;
            collected = collected.checked_add(invoice.cash).of(subject)?;
            overdue |= left.is_positive() && invoice.due_on < self.frame.as_of;
        }
        Ok(CashPosition {
            posted_invoices: billed.posted_invoices,
            open,
            collected,
            any_open_invoice_overdue: overdue,
            unapplied_cash_tied: self.tied_cash(&billed.documents, currency).of(subject)?,
        })
    }

    /// Unapplied cash of receipts that are applied to invoices of this deal only (`§10`).
    fn tied_cash(
        &self,
        documents: &[LinkedDocument],
        currency: crate::Currency,
    ) -> Result<Money, crate::MoneyError> {
        let of_deal = |id: &DocumentId| documents.iter().any(|document| document.document == *id);
        let tied = self.books.receipts.iter().filter(|receipt| {
            super::receivables::receipt_counts(receipt)
                && receipt.effective_on <= self.frame.as_of
                && receipt.amount.currency() == currency
                && !receipt.applications.is_empty()
                && receipt.applications.iter().all(|application| of_deal(&application.document))
        });
        Money::sum(currency, tied.map(|receipt| receipt.unapplied_now))
    }
}

/// What the confirmed links of a deal come to at the day.
struct Billed {
    invoices: Vec<DealInvoice>,
    documents: Vec<LinkedDocument>,
    invoiced: Money,
    credited_net: Money,
    posted: u32,
    posted_invoices: u32,
    drafts: u32,
    disputed: bool,
}

impl Desk<'_> {
    fn billed(&self, deal: &Deal) -> Result<Billed, BooksError> {
        let zero = Money::zero(deal.currency);
        let mut billed = Billed {
            invoices: Vec::new(),
            documents: Vec::new(),
            invoiced: zero,
            credited_net: zero,
            posted: 0,
            posted_invoices: 0,
            drafts: 0,
            disputed: false,
        };
        for link in self.links(&deal.id) {
            if let Some(document) = self.documents.get(&link.document.id) {
                self.add_document(deal, link, document, &mut billed)?;
            }
        }
        Ok(billed)
    }

    fn add_document(
        &self,
        deal: &Deal,
        link: &Link,
        document: &Document,
        billed: &mut Billed,
    ) -> Result<(), BooksError> {
        let subject = deal.id.as_str();
        let after_as_of = link.effective_on > self.frame.as_of;
        let mut linked = LinkedDocument {
            document: document.id.clone(),
            kind: document.kind,
            number: document.number.clone(),
            effective_on: link.effective_on,
            due_on: document.due_on,
            net: link.allocated,
            open: Money::zero(deal.currency),
            tier: link.tier,
            after_as_of,
        };
        if document.status == DocumentStatus::Draft {
            billed.drafts += 1;
        } else if !after_as_of && !document.stamp.deleted {
            billed.posted += 1;
            billed.posted_invoices += u32::from(document.kind != LedgerDocumentKind::CreditMemo);
            billed.disputed |= document.disputed;
        }
        if !after_as_of && counts(document) {
            match link.kind {
                LinkKind::Credits => {
                    let credited = billed.credited_net.checked_add(link.allocated);
                    billed.credited_net = credited.of(subject)?;
                }
                LinkKind::Bills => {
                    let invoice = self.deal_invoice(deal, link, document)?;
                    linked.open = invoice.open().of(subject)?;
                    billed.invoiced = billed.invoiced.checked_add(invoice.net).of(subject)?;
                    billed.invoices.push(invoice);
                }
            }
        }
        billed.documents.push(linked);
        Ok(())
    }

    /// The deal's share of an invoice; of a negative deal's credit memo, with negative amounts; a
    /// cash sale is billed and collected at once.
    fn deal_invoice(
        &self,
        deal: &Deal,
        link: &Link,
        document: &Document,
    ) -> Result<DealInvoice, BooksError> {
        let subject = deal.id.as_str();
        let zero = Money::zero(deal.currency);
        let share = self
            .shares
            .get(&document.id)
            .and_then(|shares| shares.iter().find(|share| share.deal.as_ref() == Some(&deal.id)));
        if let Some(share) = share {
            let due_on = self.due.get(&document.id).copied().unwrap_or(document.effective_on);
            return Ok(DealInvoice {
                net: share.amounts.net,
                total: share.amounts.total,
                cash: share.amounts.cash,
                credits: share.amounts.credits,
                adjustments: share.amounts.adjustments,
                open_net: share.open_net,
                due_on,
            });
        }
        let sign = |amount: Money| {
            if document.kind == LedgerDocumentKind::CreditMemo {
                amount.negated().of(subject)
            } else {
                Ok(amount)
            }
        };
        let cash_sale = document.kind == LedgerDocumentKind::CashSale;
        Ok(DealInvoice {
            net: sign(link.allocated)?,
            total: sign(document.total)?,
            cash: if cash_sale { document.total } else { zero },
            credits: if cash_sale { zero } else { sign(document.total)? },
            adjustments: zero,
            open_net: zero,
            due_on: document.due_on.unwrap_or(document.effective_on),
        })
    }
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
