//! Won, due and never invoiced.

use serde::Serialize;
use ts_rs::TS;

use super::Amount;
use super::deals::GateView;

/// One deal that leaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeakView {
    pub opportunity: String,
    pub reference: Option<String>,
    pub name: String,
    pub account_id: Option<String>,
    pub account: String,
    pub closed: String,
    pub age_days: i64,
    /// Due for more than the grace days and not invoiced, before tax. `None`: the deal has no
    /// amount.
    pub leakage: Option<Amount>,
    /// What was invoiced of it, before tax.
    pub invoiced: Option<Amount>,
    pub billing: &'static str,
    /// Why: the code of the first gate, `IN_FLIGHT`, `DRAFTED`, `REVERSED`, `PART_BILLED`, or
    /// `READY` where nothing stands against creating it.
    pub reason: String,
    pub gates: Vec<GateView>,
}

/// All that leak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeakageView {
    pub ledger: String,
    pub as_of: String,
    pub known_at: String,
    pub grace_days: u32,
    pub count: usize,
    /// Per currency, the sum of the rows.
    pub totals: Vec<Amount>,
    /// By currency, largest amount first, then oldest; those without an amount last.
    pub deals: Vec<LeakView>,
}
