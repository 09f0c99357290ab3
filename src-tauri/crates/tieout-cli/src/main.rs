//! `tieout`: the product without a window.

mod args;
mod browser;
mod print;
mod run;
mod table;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::args::Cli;

/// The exit code of a command that worked and found something incomplete.
const INCOMPLETE: u8 = 1;
/// The exit code of a command that failed.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(cli.common.verbose);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime could not start: {error}");
            return ExitCode::from(FAILED);
        }
    };
    match runtime.block_on(run::run(&cli)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(INCOMPLETE),
        Err(failure) => {
            print::failure(&failure, cli.common.json);
            ExitCode::from(FAILED)
        }
    }
}

/// Logs go to standard error. They hold classes, counts and ids, never tokens or names.
fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info,tieout=info",
        2 => "info,tieout=debug",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("TIEOUT_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
