//! `tieout`: the product without a window.

mod args;
mod browser;
mod print;
mod progress;
mod run;
mod table;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::args::Cli;

/// The exit code of a command that worked and found something incomplete.
const INCOMPLETE: u8 = 1;
/// The exit code of flags that were not understood.
const USAGE: u8 = 2;
/// The exit code of a command that failed.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
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

/// Help and version are answers; anything else is a usage failure with its code.
fn not_understood(error: &clap::Error) -> ExitCode {
    // A closed pipe loses the text; the exit code still says what happened.
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let code = tieout_api::Code::Usage;
    eprintln!("\n{}: {}", code.as_str(), code.title());
    eprintln!("more: src-tauri/docs/errors/{}.md", code.as_str());
    ExitCode::from(USAGE)
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
