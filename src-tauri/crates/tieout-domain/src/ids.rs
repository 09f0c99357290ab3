//! Identifiers as newtypes. They are opaque to the domain and compared byte by byte.

use std::fmt;

/// The longest identifier that any connected system gives out, with room to spare.
pub const ID_LENGTH_MAX: usize = 200;

/// The text is empty, too long or holds control characters, so it cannot be an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Accepts 1 to `ID_LENGTH_MAX` bytes without control characters.
            pub fn new(text: &str) -> Result<Self, IdError> {
                let fits = !text.is_empty() && text.len() <= ID_LENGTH_MAX;
                if fits && !text.chars().any(char::is_control) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdError)
                }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// The 18-character id of the Salesforce organisation.
    CrmOrgId,
    /// A ledger company, brand prefix included: `qbo:<realmId>` (contracts README).
    LedgerId,
    /// An Account in the CRM.
    AccountId,
    /// A product in the CRM.
    ProductId,
    /// An Opportunity.
    DealId,
    /// A product line of an Opportunity.
    DealLineId,
    /// One dated part of a product line's revenue schedule.
    ScheduleLineId,
    /// One row of an Opportunity's history.
    DealEventId,
    /// A CRM user.
    UserId,
    /// A customer in a ledger.
    CustomerId,
    /// An item in a ledger.
    ItemId,
    /// An invoice or credit memo in a ledger. Unique within one ledger and kind.
    DocumentId,
    /// A payment in a ledger.
    ReceiptId,
    /// A refund in a ledger.
    RefundId,
    /// A journal entry in a ledger.
    JournalId,
    /// One connection of this workspace: a CRM organisation or a ledger company.
    ConnectionId,
    /// One engine run.
    RunId,
}
