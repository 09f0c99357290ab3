//! `tieout`: the product without a window.
//!
//! A library, so that the tests of the whole workspace can build the program with their own
//! profile and features and never run a stale one.

mod args;
mod browser;
mod csv;
mod print;
mod progress;
mod run;
mod stop;
mod table;

use std::process::ExitCode;

use clap::Parser;
use tieout_api::{Code, Failure};
use tracing_subscriber::EnvFilter;

use crate::args::Cli;

/// The exit code of a command that worked and found something incomplete.
const INCOMPLETE: u8 = 1;
/// The exit code of a command that was not understood: a flag, a value, or what is missing.
const USAGE: u8 = 2;
/// The exit code of a command that failed.
const FAILED: u8 = 3;

/// Runs the command that this process was started with, and returns its exit code: 0 only when
/// what was asked is complete, 1 when something is incomplete, 2 for flags that were not
/// understood, 3 for a failure (`src-tauri/docs/cli.md`).
pub fn main() -> ExitCode {
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
            ExitCode::from(if failure.code == Code::Usage { USAGE } else { FAILED })
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
    let text = error.to_string();
    // What is missing stands on lines of its own behind the first one.
    let said: Vec<&str> = text.lines().map(str::trim).take_while(|it| !it.is_empty()).collect();
    let said = said.join(" ");
    let detail = said.strip_prefix("error: ").unwrap_or(&said);
    let failure = Failure::new(Code::Usage, detail);
    // The flags could not be read, so `--json` is looked for by hand.
    if std::env::args_os().any(|argument| argument == "--json") {
        print::failure_document(&failure);
    }
    eprintln!("\n{}: {}", failure.code.as_str(), failure.code.title());
    print::way_out(&failure);
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
