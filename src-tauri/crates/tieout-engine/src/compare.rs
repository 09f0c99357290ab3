//! The count-and-sum comparison after each run: what the source itself counts against what is
//! held. It catches what a feed lost (`finance-domain §14` T1, T2).

use std::collections::BTreeMap;

use tieout_connect::ports::{ControlTotal, DateRange, Measure};
use tieout_domain::facts::{DocumentStatus, Fact, LedgerDocumentKind, Stream};
use tieout_domain::{Currency, Money, MoneyError};
use tieout_store::Role;

/// One total of the source beside ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub measure: Measure,
    pub currency: Currency,
    pub range: DateRange,
    pub source_count: u64,
    /// `None`: the source can count but not add.
    pub source_sum: Option<Money>,
    pub held_count: u64,
    pub held_sum: Money,
    pub source: String,
    pub proof: String,
}

impl Compared {
    /// Count equal, and sum equal where the source gave one.
    pub fn agrees(&self) -> bool {
        self.source_count == self.held_count
            && self.source_sum.is_none_or(|sum| sum == self.held_sum)
    }
}

/// Feeds whose records totals count.
pub const COUNTED_FEEDS: [Stream; 6] = [
    Stream::Deals,
    Stream::Invoices,
    Stream::CreditMemos,
    Stream::Receipts,
    Stream::Refunds,
    Stream::Journals,
];

/// The word under which a measure is stored and shown.
pub const fn measure_word(measure: Measure) -> &'static str {
    match measure {
        Measure::WonDeals => "won_deals",
        Measure::Invoices => "invoices",
        Measure::CreditMemos => "credit_memos",
        Measure::Receipts => "receipts",
        Measure::Refunds => "refunds",
        Measure::Adjustments => "adjustments",
        Measure::AgedReceivables => "aged_receivables",
        Measure::ControlAccount => "control_account",
    }
}

/// What every source of a role must count: a source that says nothing of it counts zero.
const fn always_counted(role: Role) -> &'static [Measure] {
    match role {
        Role::Crm => &[Measure::WonDeals],
        Role::Ledger => &[Measure::Invoices, Measure::CreditMemos, Measure::Receipts],
    }
}

/// Puts what is held beside what the source says. A currency or measure that only one side has
/// still makes a line, so that something missing as a whole is seen. Measures that no facts answer
/// (balances) are left to the tie-outs.
///
/// A ledger that gives one count and no sum for a measure counts documents of every currency
/// together, and so are ours.
pub fn compare(
    role: Role,
    totals: &[ControlTotal],
    facts: &[Fact],
    range: DateRange,
) -> Result<Vec<Compared>, MoneyError> {
    let held = held(facts, range)?;
    let of_measure = |measure| totals.iter().filter(move |total| total.measure == measure);
    let over_all = |measure| {
        let mut told = of_measure(measure);
        let first_without_sum = told.next().is_some_and(|total| total.sum.is_none());
        role == Role::Ledger && first_without_sum && told.next().is_none()
    };
    let mut compared = Vec::new();
    for total in totals.iter().filter(|total| is_counted(total.measure)) {
        let (one, sum) = held
            .get(&(total.measure, total.currency))
            .copied()
            .unwrap_or((0, Money::zero(total.currency)));
        let of_all = held.iter().filter(|((measure, _), _)| *measure == total.measure);
        let all = of_all.map(|(_, (count, _))| count).sum();
        compared.push(Compared {
            measure: total.measure,
            currency: total.currency,
            range,
            source_count: total.count,
            source_sum: total.sum,
            held_count: if over_all(total.measure) { all } else { one },
            held_sum: sum,
            source: total.source.clone(),
            proof: total.proof.clone(),
        });
    }
    for ((measure, currency), (count, sum)) in &held {
        let told = of_measure(*measure).any(|total| total.currency == *currency);
        let asked = of_measure(*measure).next().is_some() || always_counted(role).contains(measure);
        if asked && !told && !over_all(*measure) {
            compared.push(Compared {
                measure: *measure,
                currency: *currency,
                range,
                source_count: 0,
                source_sum: Some(Money::zero(*currency)),
                held_count: *count,
                held_sum: *sum,
                source: "not mentioned by the source".into(),
                proof: String::new(),
            });
        }
    }
    Ok(compared)
}

const fn is_counted(measure: Measure) -> bool {
    !matches!(measure, Measure::AgedReceivables | Measure::ControlAccount)
}

type Held = BTreeMap<(Measure, Currency), (u64, Money)>;

fn held(facts: &[Fact], range: DateRange) -> Result<Held, MoneyError> {
    let mut held = Held::new();
    for fact in facts {
        for (measure, currency, amount) in measured(fact, range) {
            let entry = held.entry((measure, currency)).or_insert((0, Money::zero(currency)));
            entry.0 += 1;
            if let Some(amount) = amount {
                entry.1 = entry.1.checked_add(amount)?;
            }
        }
    }
    Ok(held)
}

/// What one fact counts as, in which currency and with which amount.
fn measured(fact: &Fact, range: DateRange) -> Vec<(Measure, Currency, Option<Money>)> {
    let within = |date| range.from <= date && date <= range.to;
    match fact {
        Fact::Deal(deal) if deal.won && !deal.stamp.deleted && within(deal.close_date) => {
            vec![(Measure::WonDeals, deal.currency, deal.amount)]
        }
        Fact::Document(document)
            if !document.stamp.deleted
                && document.status != DocumentStatus::Deleted
                && within(document.effective_on) =>
        {
            let measure = match document.kind {
                LedgerDocumentKind::Invoice => Measure::Invoices,
                LedgerDocumentKind::CreditMemo => Measure::CreditMemos,
                LedgerDocumentKind::CashSale => return Vec::new(),
            };
            vec![(measure, document.currency, Some(document.total))]
        }
        Fact::Receipt(receipt)
            if !receipt.stamp.deleted
                && receipt.amount.is_positive()
                && within(receipt.effective_on) =>
        {
            vec![(Measure::Receipts, receipt.amount.currency(), Some(receipt.amount))]
        }
        Fact::Refund(refund) if !refund.stamp.deleted && within(refund.effective_on) => {
            vec![(Measure::Refunds, refund.amount.currency(), Some(refund.amount))]
        }
        Fact::Journal(journal) if !journal.stamp.deleted && within(journal.effective_on) => {
            let lowering = journal.lines.iter().filter(|line| line.customer.is_some());
            lowering
                .filter(|line| line.amount.is_negative())
                .filter_map(|line| line.amount.negated().ok())
                .map(|amount| (Measure::Adjustments, amount.currency(), Some(amount)))
                .collect()
        }
        _ => Vec::new(),
    }
}
