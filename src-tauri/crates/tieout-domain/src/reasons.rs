//! Why billed and expected differ: reason codes and what the product may propose
//! (`finance-domain §9`). A person accepts; nothing is a plug.

mod code;
mod excess;
mod input;
mod lines;
mod propose;
mod shortfall;

pub use code::{Auto, ReasonCode};
pub use input::{EndedDocument, ReasonDocument, ReasonInput, ReasonLine};
pub use propose::{BearsOn, ReasonProposal, propose, unexplained};

#[cfg(test)]
mod tests;
