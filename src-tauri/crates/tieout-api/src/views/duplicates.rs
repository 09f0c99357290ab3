//! Records that may be there twice.

use serde::Serialize;
use ts_rs::TS;

use super::Amount;

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TwinView {
    pub id: String,
    /// The document's number, the deal's reference.
    pub name: Option<String>,
    pub dated: String,
}

/// Who said that a pair is in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ClearingView {
    pub by: String,
    pub at: String,
    pub reason: String,
}

/// Two records of one amount, close in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DuplicateView {
    /// `invoice`, `credit_memo`, `cash_sale` or `deal`.
    pub kind: &'static str,
    pub first: TwinView,
    pub second: TwinView,
    pub customer_id: Option<String>,
    pub account_id: Option<String>,
    /// Name of the Account, or of the customer.
    pub name: Option<String>,
    /// Deals that both documents are linked to.
    pub opportunities: Vec<String>,
    pub at_risk: Amount,
    pub days_apart: i64,
    /// What they have in common: `key`, `deal`, `customer`, `account`, `order_number`, `name`,
    /// `items`, `day`.
    pub evidence: Vec<&'static str>,
    pub cleared: Option<ClearingView>,
}

/// All pairs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DuplicatesView {
    pub ledger: String,
    pub as_of: String,
    pub days: i64,
    pub count: usize,
    /// Pairs that nobody has cleared.
    pub open: usize,
    /// Of pairs that nobody has cleared, per currency; each later document once.
    pub documents_at_risk: Vec<Amount>,
    pub deals_at_risk: Vec<Amount>,
    pub pairs: Vec<DuplicateView>,
}
