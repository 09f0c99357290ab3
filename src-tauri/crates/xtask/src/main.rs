//! Set-up, start and test on a fresh machine: `cargo xtask start`, `cargo xtask test`.

mod run;
mod setup;
mod simulate;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  setup   Install what the build needs (system packages through apt, npm packages)
  start   Set up, build, and run the main job on the sample company
  test    Set up, check formatting and lints, and run every test
  generate
          Write the types, the client and the sample replies of the window anew from Rust
  simulate [--histories N] [--seed S]
          Live random histories of crashes and faults and check that nothing is created twice
  simulate --sweeps
          Live every case of the sweeps, of which an ordinary test run takes a part
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map_or("", String::as_str);
    let outcome = match command {
        "setup" => setup::all(),
        "start" => start(),
        "test" => test(),
        "generate" => generate(),
        "simulate" => simulate::all(arguments.get(1..).unwrap_or_default()),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), run::Failure> {
    setup::all()?;
    run::step("build", "cargo", &["build", "--locked", "--package", "tieout-cli"])?;
    let out = run::root().join("target").join("tieout-demo");
    let out = out.to_string_lossy();
    let workspace = format!("{out}/workspace");
    let program = ["run", "--locked", "--quiet", "--package", "tieout-cli", "--"];
    let arguments = [&program[..], &["demo", "--workspace", &workspace, "--out", &out]].concat();
    run::step_with(
        "sample company",
        "cargo",
        &arguments,
        &[("TIEOUT_PASSPHRASE", "sample company, no secrets inside")],
    )
}

/// The same tests that fail on a drift write what drifted.
fn generate() -> Result<(), run::Failure> {
    let tests = ["test", "--locked", "--package", "tieout-api", "--lib", "--"];
    let arguments = [&tests[..], &["app::tests::generated", "app::tests::replies"]].concat();
    run::step_with("generate", "cargo", &arguments, &[("UPDATE_REPLIES", "1")])
}

fn test() -> Result<(), run::Failure> {
    setup::all()?;
    run::step("packages", "cargo", &["fetch", "--locked"])?;
    run::step("format", "cargo", &["fmt", "--all", "--check"])?;
    run::step(
        "lints",
        "cargo",
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
    )?;
    run::licences()?;
    run::rust_tests()?;
    run::ui_tests()
}
