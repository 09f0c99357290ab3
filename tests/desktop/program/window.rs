//! The window, built with the profile and the features of these tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    tieout_desktop::main()
}
