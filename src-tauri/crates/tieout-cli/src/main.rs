//! The program `tieout`; everything is in the library, so that tests run the same code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tieout_cli::main()
}
