//! One file per screen: the shape of its replies, and how they are made from the books.

pub mod account;
pub mod connect;
pub mod deal;
pub mod deal_actions;
pub mod deals;
pub mod decisions;
mod moments;
pub mod receivables;
pub mod reconciliation;
pub mod settings;
pub mod state;
mod systems;
pub mod timeline;
pub mod what_if;
mod words;
