//! Set-up, start and test on a fresh machine: `cargo xtask start`, `cargo xtask test`.

mod run;
mod setup;
mod simulate;

use std::process::ExitCode;

/// The package and the program of the window.
const WINDOW: &str = "tieout-desktop";
/// Makes packages of the window. The same version as the `tauri` crate.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

const USAGE: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  setup   Install what the build needs (system packages through apt, npm packages)
  start   Set up, build, and run the main job on the sample company; open the window where there
          is a display
  test    Set up, check formatting and lints, and run every test
  bench ui|grid
          Time the window of a release build, or a grid of 100,000 rows, and print JSON
  bench sync
          Count the requests of a first sync and of work without end per brand, and print JSON
  bundle  Set up and build the Debian package of the window
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
        "bundle" => bundle(),
        "bench" => bench(arguments.get(1..).unwrap_or_default()),
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

/// The sample company on the command line; where there is a display, the window as well.
fn start() -> Result<(), run::Failure> {
    let display = run::has_display();
    if display {
        setup::all()?;
    } else {
        setup::line()?;
    }
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
    )?;
    if display {
        run::step("window", "cargo", &["run", "--locked", "--package", WINDOW])?;
    }
    Ok(())
}

/// The same tests that fail on a drift write what drifted.
fn generate() -> Result<(), run::Failure> {
    let tests = ["test", "--locked", "--package", "tieout-api", "--lib", "--"];
    let arguments = [&tests[..], &["app::tests::generated", "app::tests::replies"]].concat();
    run::step_with("generate", "cargo", &arguments, &[("UPDATE_REPLIES", "1")])
}

fn test() -> Result<(), run::Failure> {
    setup::all()?;
    run::step("UI tests", "npm", &["--prefix", "ui", "test"])?;
    run::step("packages", "cargo", &["fetch", "--locked"])?;
    run::step("format", "cargo", &["fmt", "--all", "--check"])?;
    run::step(
        "lints",
        "cargo",
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
    )?;
    run::licences()?;
    run::rust_tests()
}

/// The package that a person installs, in `target/release/bundle/deb`.
fn bundle() -> Result<(), run::Failure> {
    setup::all()?;
    let tauri = ["exec", "--yes", "--package", TAURI_CLI, "--", "tauri"];
    let build = ["build", "--bundles", "deb", "--", "--locked"];
    run::step("Debian package", "npm", &[&tauri[..], &build].concat())
}

/// Benchmarks print one JSON document and assert nothing.
fn bench(arguments: &[String]) -> Result<(), run::Failure> {
    match arguments {
        [name] if name == "ui" => bench_ui(),
        [name] if name == "grid" => {
            let grid = ["run", "--release", "--locked", "--package", "tieout-store"];
            run::step("grid", "cargo", &[&grid[..], &["--example", "grid"]].concat())
        }
        [name] if name == "sync" => {
            // Counts, in virtual time: an optimised build would print the same.
            let tests = ["run", "--locked", "--package", "tieout-tests"];
            run::step("sync", "cargo", &[&tests[..], &["--example", "bench-sync"]].concat())
        }
        _ => Err(run::Failure("usage: cargo xtask bench ui|grid|sync".to_owned())),
    }
}

fn bench_ui() -> Result<(), run::Failure> {
    setup::all()?;
    run::step("window", "cargo", &["build", "--release", "--locked", "--package", WINDOW])?;
    let window = run::target().join("release").join(WINDOW);
    let driver = ["run", "--locked", "--package", "tieout-desktop-tests", "--bin", "bench-ui"];
    run::step("bench", "cargo", &[&driver[..], &["--", &window.to_string_lossy()]].concat())
}
