//! A desk of its own for each test: a folder with a workspace, and the program run there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use tieout_vault::{Argon2Cost, KeySource, PassphraseVault, system_entropy};

/// The program, built with these tests.
pub const TIEOUT: &str = env!("CARGO_BIN_EXE_tieout-under-test");
/// Opens every workspace here. Must never be seen in any output.
pub const PASSPHRASE: &str = "seven grey herons above the weir";

/// What the program needs besides its own variables.
const INHERITED: [&str; 2] = ["PATH", "SystemRoot"];

pub struct Desk {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    /// A desk whose workspace opens with the passphrase. The key file is made here at the least
    /// cost, which the program keeps: two hundred starts must not take a minute.
    pub fn new() -> Self {
        let desk = Self::bare();
        std::fs::create_dir_all(desk.workspace()).expect("a new folder can be made");
        PassphraseVault::with_cost(
            &desk.workspace(),
            PASSPHRASE.to_owned().into(),
            Argon2Cost::LEAST,
        )
        .create(&system_entropy)
        .expect("an empty folder takes a key");
        desk
    }

    /// A desk where nothing was prepared.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let environment = vec![("TIEOUT_PASSPHRASE".to_owned(), PASSPHRASE.to_owned())];
        Self { folder, environment }
    }

    /// Sets a variable of the program's environment; `None` takes it away.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    /// The program with these arguments in this workspace, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.elsewhere(&self.workspace(), arguments);
        command.current_dir(self.folder.path());
        command
    }

    /// The same in another folder.
    pub fn elsewhere(&self, workspace: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(TIEOUT);
        command.args(arguments).arg("--workspace").arg(workspace).env_clear();
        let inherited = INHERITED.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        command.envs(inherited).env("HOME", self.folder.path()).env("USER", "Priya Raman");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().expect("the program starts");
        Ran::new(arguments, &output)
    }

    /// Runs with `--json` and returns the one document.
    #[track_caller]
    pub fn document(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).document()
    }

    /// Runs the command twice, for a person and for a script: both are told the code, a next step
    /// and a page that exists.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str], code: &str) {
        self.run(arguments).fails_with(code);
        let ran = self.run(&[arguments, &["--json"]].concat());
        ran.fails_with(code);
        assert_eq!(ran.document()["error"]["code"], code, "{ran}");
    }
}

/// A program that has ended.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    arguments: String,
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, arguments } = self;
        write!(f, "tieout {arguments}: {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

impl Ran {
    pub fn new(arguments: &[&str], output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            arguments: arguments.join(" "),
        }
    }

    /// From what a script kept.
    pub fn told(what: &str, code: Option<i32>, stdout: String, stderr: String) -> Self {
        Self { code, stdout, stderr, arguments: what.to_owned() }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Standard output as exactly one JSON document.
    #[track_caller]
    pub fn document(&self) -> Value {
        let read = serde_json::Deserializer::from_str(&self.stdout).into_iter::<Value>();
        let documents = read.collect::<Result<Vec<_>, _>>();
        let documents = documents.unwrap_or_else(|error| panic!("{error}: {self}"));
        assert_eq!(documents.len(), 1, "{self}");
        documents.into_iter().next().expect("one document")
    }

    #[track_caller]
    pub fn fails_with(&self, code: &str) {
        let exit = if code == "TIE-1001" { 2 } else { 3 };
        assert_eq!(self.code, Some(exit), "{self}");
        assert!(self.stderr.contains(&format!("{code}: ")), "{self}");
        self.shows_the_way_out(code);
    }

    /// A next step and a page, which exists.
    #[track_caller]
    pub fn shows_the_way_out(&self, code: &str) {
        let line = |start: &str| self.stderr.lines().find_map(|line| line.strip_prefix(start));
        assert!(line("hint: ").is_some_and(|hint| !hint.is_empty()), "{self}");
        let page = line("more: ").unwrap_or_else(|| panic!("no page: {self}"));
        assert!(page.ends_with(&format!("/{code}.md")), "{self}");
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(top.join(page).is_file(), "there is no page `{page}`");
    }
}
