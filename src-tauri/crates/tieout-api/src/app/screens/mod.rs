//! One file per screen: the shape of its replies, and how they are made from the books.

pub mod connect;
pub mod receivables;
pub mod state;
