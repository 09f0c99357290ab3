//! Several promises and moves in one transaction: all of them are durable, or none is.

use rusqlite::Transaction;
use tieout_domain::effect::EffectState;

use super::moves::{self, EffectMove, Intended};
use super::row::Effect;
use crate::error::StoreError;
use crate::store::Store;

/// Promises and moves that are made together. Dropped without `commit`, nothing has happened.
pub struct EffectBatch<'a> {
    tx: Transaction<'a>,
    done: Vec<Done>,
}

/// What is told once it is durable.
enum Done {
    Promised { key: String },
    Moved { key: String, from: EffectState, to: EffectState },
}

impl Store {
    /// Begins a batch. Nobody else can write until it is committed or dropped.
    pub fn effect_batch(&mut self) -> Result<EffectBatch<'_>, StoreError> {
        Ok(EffectBatch { tx: self.write()?, done: Vec::new() })
    }
}

impl EffectBatch<'_> {
    /// Makes a promise, unless its key was promised before. `ContentFrozen`: the effect given is
    /// not one that nothing can have received yet.
    pub fn intend(&mut self, effect: &Effect) -> Result<Intended, StoreError> {
        let promised = moves::promise(&self.tx, effect)?;
        if promised == Intended::New {
            self.done.push(Done::Promised { key: effect.key.clone() });
        }
        Ok(promised)
    }

    /// Moves an effect. `IllegalMove` when the domain does not allow the move, or when the effect
    /// is not in `from` any more.
    pub fn move_effect(
        &mut self,
        key: &str,
        from: EffectState,
        to: EffectState,
        change: &EffectMove,
    ) -> Result<(), StoreError> {
        moves::shift(&self.tx, key, from, to, change)?;
        self.done.push(Done::Moved { key: key.to_owned(), from, to });
        Ok(())
    }

    /// Makes everything durable at once.
    pub fn commit(self) -> Result<(), StoreError> {
        self.tx.commit()?;
        for done in self.done {
            match done {
                Done::Promised { key } => tracing::info!(key, "an effect was promised"),
                Done::Moved { key, from, to } => moves::tell(&key, from, to),
            }
        }
        Ok(())
    }
}
