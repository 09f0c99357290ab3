//! Local decisions that can be taken back while the workspace is open. The log keeps every one of
//! them for good; undoing is one more decision.

use std::collections::VecDeque;

use tieout_store::{Exclusion, LedgerLimits, ReasonItem};

use crate::commands::LinkOptions;

/// Decisions that can be taken back.
const STEPS_MAX: usize = 200;

/// One thing that puts a decision back, or makes it again.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// What the reasons said.
    Reasons(Vec<ReasonItem>),
    Exclusion(Exclusion),
    Link(Box<LinkOptions>),
    Limits(Box<LedgerLimits>),
}

/// A decision with the way back and the way there again.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    /// "Reason set: cut-off, Cask store pilot".
    pub said: String,
    pub back: Step,
    pub again: Step,
}

/// What was decided here, newest last.
#[derive(Default)]
pub(crate) struct Undo {
    done: VecDeque<Decision>,
    undone: Vec<Decision>,
}

impl Undo {
    /// Takes in a decision; what was undone before cannot be made again.
    pub(crate) fn decided(&mut self, decision: Decision) {
        self.undone.clear();
        self.put(decision);
    }

    pub(crate) fn last(&self) -> Option<Decision> {
        self.done.back().cloned()
    }

    pub(crate) fn last_undone(&self) -> Option<Decision> {
        self.undone.last().cloned()
    }

    /// The last decision was taken back.
    pub(crate) fn taken_back(&mut self) {
        self.undone.extend(self.done.pop_back());
    }

    /// What was taken back last was made again.
    pub(crate) fn made_again(&mut self) {
        if let Some(decision) = self.undone.pop() {
            self.put(decision);
        }
    }

    fn put(&mut self, decision: Decision) {
        if self.done.len() == STEPS_MAX {
            self.done.pop_front();
        }
        self.done.push_back(decision);
    }
}
