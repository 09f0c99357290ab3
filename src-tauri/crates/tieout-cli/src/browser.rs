//! The person's browser: opened, or only told where to go.

use std::io::BufRead;
use std::process::{Command, Stdio};

use tieout_api::sign_in::{Browser, Organisation};
use tieout_api::{Code, Failure};

/// Longest address that is read back from a person.
const TYPED_CHARS_MAX: usize = 8_192;

/// Opens the system browser, or prints the address as one JSON line.
pub struct SystemBrowser {
    pub print_url: bool,
}

impl Browser for SystemBrowser {
    fn open(&mut self, address: &str) {
        if self.print_url {
            crate::print::line(&serde_json::json!({ "authorize_url": address }).to_string());
            return;
        }
        eprintln!(
            "Opening the browser. If nothing happens, open this address yourself:\n{address}"
        );
        eprintln!(
            "hint: a page that says `OAUTH_APPROVAL_ERROR_GENERIC` means that an administrator \
             must install the app first (TIE-2003)."
        );
        let opened = opener().arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        if opened.is_err() {
            eprintln!("hint: no browser could be started from here.");
        }
    }

    fn pasted(&mut self) -> Result<String, Failure> {
        eprintln!("Paste the address that the browser ended on, then press Enter:");
        typed().ok_or_else(|| Failure::new(Code::SignInRefused, "no address was pasted"))
    }

    fn organisation(&mut self, reached: &[Organisation]) -> Result<String, Failure> {
        eprintln!("The sign-in reaches several organisations:");
        for (at, organisation) in reached.iter().enumerate() {
            eprintln!("{:>3}  {}  {}", at + 1, organisation.id, organisation.name);
        }
        eprintln!("Type the number of the one to connect, then press Enter:");
        let number = typed().and_then(|line| line.parse::<usize>().ok());
        let chosen = number.and_then(|number| reached.get(number.checked_sub(1)?));
        chosen.map(|organisation| organisation.id.clone()).ok_or_else(|| {
            Failure::new(Code::SignInRefused, "no organisation was chosen")
                .with_hint("Sign in again and name one with `--organisation`.")
        })
    }
}

/// One line that a person typed, without blanks around it. `None`: nothing, or far too much.
fn typed() -> Option<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let line = line.trim();
    (read.is_ok() && !line.is_empty() && line.len() <= TYPED_CHARS_MAX).then(|| line.to_owned())
}

/// The program that opens an address with the person's browser.
fn opener() -> Command {
    if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(target_os = "windows") {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else {
        Command::new("xdg-open")
    }
}
