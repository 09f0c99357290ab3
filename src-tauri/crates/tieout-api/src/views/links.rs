//! What a person said about two records, and what it changed.

use serde::Serialize;
use ts_rs::TS;

use super::deals::GateView;

/// The document or customer that was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkedView {
    /// `invoice`, `credit_memo`, `cash_sale` or `customer`.
    pub kind: &'static str,
    pub id: String,
    /// The document's number, the customer's name.
    pub name: Option<String>,
    /// Of a customer the Account that the word is about.
    pub account_id: Option<String>,
}

/// One word, and where the deal stands with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkView {
    pub opportunity: String,
    pub subject: LinkedView,
    /// `linked` or `kept_apart`; `null` where no person had said anything.
    pub said_before: Option<&'static str>,
    /// `linked`, `kept_apart` or `withdrawn`.
    pub said: &'static str,
    /// False: it already held.
    pub changed: bool,
    pub billing_before: Option<&'static str>,
    pub billing: Option<&'static str>,
    /// Gates that stopped the deal before and do not any more.
    pub cleared: Vec<GateView>,
    /// Gates that stop it now.
    pub gates: Vec<GateView>,
}
