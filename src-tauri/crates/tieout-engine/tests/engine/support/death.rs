//! Dying at the n-th place where the process may die.

use std::cell::Cell;
use std::rc::Rc;

use tieout_engine::{CrashPoints, EngineError};

/// Counts the places and dies at one of them, once.
pub struct DieAt {
    passed: Rc<Cell<usize>>,
    at: Option<usize>,
    beside_pages: bool,
}

impl DieAt {
    /// `None`: never; only counts.
    pub fn new(at: Option<usize>) -> (Self, Rc<Cell<usize>>) {
        let passed = Rc::new(Cell::new(0));
        (Self { passed: passed.clone(), at, beside_pages: false }, passed)
    }

    /// The same over all places but those of reading, which have their own case.
    pub fn beside_pages(at: Option<usize>) -> (Self, Rc<Cell<usize>>) {
        let (every, passed) = Self::new(at);
        (Self { beside_pages: true, ..every }, passed)
    }
}

impl CrashPoints for DieAt {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        if self.beside_pages && name.starts_with("page ") {
            return Ok(());
        }
        let here = self.passed.get();
        self.passed.set(here + 1);
        if self.at == Some(here) { Err(EngineError::Died(name)) } else { Ok(()) }
    }
}

/// Dies at every place of one name.
pub struct DieIn(pub &'static str);

impl CrashPoints for DieIn {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        if name == self.0 { Err(EngineError::Died(name)) } else { Ok(()) }
    }
}
