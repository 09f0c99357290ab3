//! A sign-in that waits for its person, who follows a script.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;
use tieout_tests::consent;
use tieout_tests::http::Answer;

use crate::desk::{Desk, Ran};
use crate::sandbox::Sandbox;

/// A sign-in that waits for its person.
pub struct SigningIn {
    program: Child,
    output: BufReader<ChildStdout>,
    arguments: String,
    errors: std::path::PathBuf,
    pub authorize_url: String,
    /// One sign-in at a time on this computer: the redirect ports are few and registered.
    _alone: File,
}

impl SigningIn {
    /// Starts `tieout connect BRAND` against this address. Where it fails at once, the address to
    /// open is empty.
    pub fn start(desk: &Desk, sandbox: &Sandbox, brand: &str, at: &str, more: &[&str]) -> Self {
        let lock = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sign-in.lock");
        let alone = File::create(lock).expect("the target folder is ours");
        alone.lock().expect("the others finish");
        let client_id = sandbox.place(brand, "client_id");
        let flags = ["connect", brand, "--base-url", at, "--client-id", client_id, "--print-url"];
        let arguments = [&flags, more].concat();
        let errors = desk.path(&format!("connect-{brand}.err"));
        let mut command = desk.command(&arguments);
        if let Some(secret) = sandbox.places[brand]["client_secret"].as_str() {
            command.env("TIEOUT_CLIENT_SECRET", secret);
        }
        let written = File::create(&errors).expect("the desk is ours");
        let mut program =
            command.stdout(Stdio::piped()).stderr(written).spawn().expect("the program starts");
        let mut output = BufReader::new(program.stdout.take().expect("its output is ours"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it says what to open, or ends");
        let line: Value = serde_json::from_str(&line).unwrap_or_default();
        let authorize_url = line["authorize_url"].as_str().unwrap_or_default().to_owned();
        let arguments = arguments.join(" ");
        Self { program, output, arguments, errors, authorize_url, _alone: alone }
    }

    /// Presses the button with this label on the consent page; the last page that the person sees.
    pub fn press(&self, label: &str) -> Answer {
        consent::press(&self.authorize_url, label)
    }

    /// The address that a pressed button would send the browser to, not yet opened.
    pub fn redirect_of(&self, label: &str) -> String {
        consent::redirect_of(&self.authorize_url, label)
    }

    /// Waits for the program; what it printed after the address to open.
    pub fn end(mut self) -> Ran {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("its output is text");
        let status = self.program.wait().expect("it ends");
        let stderr = std::fs::read_to_string(&self.errors).expect("its errors are text");
        let output =
            std::process::Output { status, stdout: rest.into_bytes(), stderr: stderr.into_bytes() };
        Ran::new(&[&self.arguments], &output)
    }

    /// Ends the program without asking it.
    pub fn kill(self) {}
}

impl Drop for SigningIn {
    /// A program that still waits would hold its redirect port for minutes.
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
