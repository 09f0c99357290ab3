//! Running one step visibly and stopping at the first that fails.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

/// A step did not end well; the message says which and what to do.
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The project's top folder.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).map_or(here.clone(), PathBuf::from)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs a program in the project's top folder with its output shown.
pub fn step(name: &str, program: &str, arguments: &[&str]) -> Result<(), Failure> {
    step_with(name, program, arguments, &[])
}

/// Like `step`, with environment variables that are not printed.
pub fn step_with(
    name: &str,
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<(), Failure> {
    eprintln!("==> {name}: {program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root())
        .status()
        .map_err(|cause| Failure(format!("`{program}` could not be started: {cause}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("the step `{name}` failed ({status})")))
    }
}

/// Whether a program answers to `--version`.
pub fn exists(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// All Rust tests, inside a D-Bus session with an unlocked Secret Service, so that the keyring is
/// tested for real and no personal keyring is touched.
pub fn rust_tests() -> Result<(), Failure> {
    let runner = if exists("cargo", &["nextest", "--version"]) {
        "cargo nextest run --locked --workspace --no-fail-fast"
    } else {
        "cargo test --locked --workspace --no-fail-fast --lib --bins --tests"
    };
    let script = format!(
        "export XDG_DATA_HOME=$(mktemp -d) && \
         printf 'tests' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
         {runner}"
    );
    step_with(
        "Rust tests",
        "dbus-run-session",
        &["--", "bash", "-c", &script],
        &[("TIEOUT_TEST_KEYRING", "1")],
    )
}

/// Licences, sources and duplicates, where `cargo-deny` is installed; `tests/tidy` checks licences
/// and sources everywhere.
pub fn licences() -> Result<(), Failure> {
    if !exists("cargo", &["deny", "--version"]) {
        return Ok(());
    }
    let arguments =
        ["deny", "--config", ".cargo/deny.toml", "check", "licenses", "bans", "sources"];
    step("licences", "cargo", &arguments)
}

/// Whether a window could be seen.
pub fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|display| !display.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}
