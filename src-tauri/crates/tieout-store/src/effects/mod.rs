//! Promised side effects (`finance-domain §6 R4`, `§10`): committed before the first byte leaves,
//! moved by compare-and-set, with every move kept.

mod batch;
mod moves;
mod row;

pub use batch::EffectBatch;
pub use row::{Effect, EffectEvent, EffectFilter, EffectKind};

pub use moves::{EffectMove, Intended};
