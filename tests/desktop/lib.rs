//! The stage on which a window is driven, for the desktop tests and for the benchmark.

pub mod stage;
pub mod window;
