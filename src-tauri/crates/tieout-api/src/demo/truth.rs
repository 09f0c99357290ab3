//! Control totals beside what the simulators count themselves.

use rust_decimal::Decimal;
use serde::Serialize;
use tieout_connect::ports::Measure;
use tieout_domain::Money;

use super::story::Story;
use crate::sandbox::Sandbox;

/// One count and sum, as Tieout holds it and as the simulator itself counts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthLine {
    pub system: &'static str,
    pub measure: String,
    pub currency: String,
    pub held_count: u64,
    pub held_sum: String,
    pub simulator_count: u64,
    pub simulator_sum: String,
    pub equal: bool,
}

impl Story<'_> {
    /// Every control total of the last run beside what the simulators themselves count.
    pub(super) fn truth(&self) -> Vec<TruthLine> {
        let (Some(sandbox), Some(report)) = (&self.workspace.sandbox, self.runs.last()) else {
            return Vec::new();
        };
        let lines = report.totals.iter().filter_map(|(_, compared)| {
            let (system, counted) = counted_by_simulator(sandbox, compared)?;
            let held_sum = compared.held_sum.to_plain();
            let equal =
                counted.0 == compared.held_count && same_amount(&counted.1, compared.held_sum);
            Some(TruthLine {
                system,
                measure: format!(
                    "{} {} to {}",
                    tieout_engine::measure_word(compared.measure),
                    compared.range.from,
                    compared.range.to
                ),
                currency: compared.currency.code().into(),
                held_count: compared.held_count,
                held_sum,
                simulator_count: counted.0,
                simulator_sum: counted.1,
                equal,
            })
        });
        lines.collect()
    }
}

fn counted_by_simulator(
    sandbox: &Sandbox,
    compared: &tieout_engine::Compared,
) -> Option<(&'static str, (u64, String))> {
    let range = compared.range;
    if compared.measure == Measure::WonDeals {
        let won = sandbox.salesforce.truth().won(Some(range.from), Some(range.to));
        let total = won.get(compared.currency.code())?;
        return Some(("Salesforce", (total.count as u64, total.sum.to_string())));
    }
    let truth = sandbox.quickbooks.truth();
    let period = (range.from, range.to);
    let total = match compared.measure {
        Measure::Invoices => truth.invoices(Some(period)),
        Measure::CreditMemos => truth.credit_memos(Some(period)),
        Measure::Receipts => truth.payments(Some(period)),
        Measure::Refunds => truth.refunds(Some(period)),
        Measure::Adjustments => truth.write_offs(Some(period)),
        Measure::WonDeals | Measure::AgedReceivables | Measure::ControlAccount => return None,
    };
    Some(("QuickBooks", (total.count, total.sum)))
}

fn same_amount(text: &str, money: Money) -> bool {
    text.parse::<Decimal>().is_ok_and(|amount| amount == money.to_decimal())
}
