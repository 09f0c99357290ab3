//! Who is who: Accounts of the CRM, customers of a ledger, products and items
//! (`finance-domain §6 R1, R2`).
//!
//! Nothing here merges records. A link between an Account and a customer is confirmed by a rule
//! that leaves no doubt or by a person; everything weaker is a question.

pub mod clusters;
pub mod countries;
pub mod customer;
pub mod derive;
pub mod duplicates;
pub mod folding;
pub mod items;
pub mod links;
pub mod names;
pub mod new_customers;
pub mod tax_number;

pub use clusters::{Clusters, CustomersOfAccount};
pub use customer::{AskReason, Candidate, CustomerDecision, CustomerQuestion, decide_customer};
pub use derive::derive_links;
pub use items::{ItemIndex, ItemMapping};
pub use links::{IdentityLink, IdentityLinks, LinkedBy, LookupKey, Standing};
pub use names::names_unlike;
pub use tax_number::comparable_tax_number;

#[cfg(test)]
mod tests;
