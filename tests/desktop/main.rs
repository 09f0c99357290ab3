//! The window as a person uses it: the real program, a real display, a real Secret Service.
//!
//! Cargo builds the program beside these tests from the library of the shell, so it is never stale.
//! Each test has a computer of its own (`stage.rs`), so nothing of the computer around it is
//! touched and no display is needed.

mod company;
mod connect;
mod crash;
mod deals;
mod decisions;
mod exports;
mod frame;
mod played;
mod screens;

use tieout_desktop_tests::stage::Stage;

/// The window, built with these tests.
const WINDOW: &str = env!("CARGO_BIN_EXE_tieout-window-under-test");
/// The program `tieout`, built with these tests.
const LINE: &str = env!("CARGO_BIN_EXE_tieout-beside-the-window");

fn stage() -> Stage {
    Stage::new(WINDOW, &[])
}
