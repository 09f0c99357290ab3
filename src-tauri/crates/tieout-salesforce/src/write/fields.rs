//! Fields that the write-back sets, with the kind of their values (`salesforce §14.1`).

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// In the currency of its record.
    Amount,
    Count,
    Number,
    Date,
    Instant,
}

use Kind::{Amount, Count, Date, Instant, Number, Text};

/// Names and kinds of fields.
pub(crate) type Fields = &'static [(&'static str, Kind)];

/// On Account, in the Account's currency.
pub(crate) const ACCOUNT_FIELDS: Fields = &[
    ("Tieout_AR_Balance__c", Amount),
    ("Tieout_AR_Overdue__c", Amount),
    ("Tieout_AR_Not_Due__c", Amount),
    ("Tieout_Last_Payment__c", Amount),
    ("Tieout_Credits_12M__c", Amount),
    ("Tieout_Unapplied_Credits__c", Amount),
    ("Tieout_Unapplied_Cash__c", Amount),
    ("Tieout_Overdue_Count__c", Count),
    ("Tieout_Max_Days_Overdue__c", Count),
    ("Tieout_Avg_Days_Late__c", Number),
    ("Tieout_Oldest_Due__c", Date),
    ("Tieout_Last_Payment_Date__c", Date),
    ("Tieout_As_Of__c", Date),
    ("Tieout_Last_Synced__c", Instant),
    ("Tieout_Run_Id__c", Text),
];

/// On Opportunity, in the deal's currency.
pub(crate) const DEAL_FIELDS: Fields = &[
    ("Tieout_Billing_Status__c", Text),
    ("Tieout_Cash_Status__c", Text),
    ("Tieout_Invoice_Numbers__c", Text),
    ("Tieout_Billed_Net__c", Amount),
    ("Tieout_Collected__c", Amount),
    ("Tieout_Open__c", Amount),
    ("Tieout_Due_Date__c", Date),
    ("Tieout_Paid_Date__c", Date),
    ("Tieout_As_Of__c", Date),
    ("Tieout_Run_Id__c", Text),
];

/// On the ledger account rows: who they are for. Their figures are those of the Account as plain
/// numbers, because they are in the ledger's currency.
const LEDGER_ACCOUNT_OWN: Fields = &[
    ("Account__c", Text),
    ("Ledger__c", Text),
    ("Customer_Id__c", Text),
    ("Customer_Name__c", Text),
    ("Currency__c", Text),
];

/// Prefix that names carry on standard objects only.
const STANDARD_OBJECT_PREFIX: &str = "Tieout_";

/// Every field of a ledger account row.
pub(super) fn ledger_account_fields() -> Vec<(String, Kind)> {
    let own = LEDGER_ACCOUNT_OWN.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    let figures = ACCOUNT_FIELDS.iter().map(|(name, kind)| {
        let name = name.strip_prefix(STANDARD_OBJECT_PREFIX).unwrap_or(name).to_owned();
        (name, if *kind == Amount { Number } else { *kind })
    });
    own.chain(figures).collect()
}
