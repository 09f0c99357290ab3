//! One file per screen: the shape of its replies, and how they are made from the books.

pub mod account;
pub mod activity;
mod activity_decisions;
mod activity_runs;
pub mod connect;
pub mod deal;
pub mod deal_actions;
pub mod deals;
pub mod decisions;
pub mod find;
mod moments;
pub mod receivables;
pub mod reconciliation;
pub mod selection;
pub mod settings;
pub mod outbox;
mod outbox_history;
pub mod state;
mod systems;
pub mod timeline;
pub mod what_if;
mod words;
