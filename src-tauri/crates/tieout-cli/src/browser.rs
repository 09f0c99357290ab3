//! The person's browser: opened, or only told where to go.

use std::io::BufRead;
use std::process::{Command, Stdio};

use tieout_api::sign_in::Browser;
use tieout_api::{Code, Failure};

/// Longest address that is read back from a person.
const PASTED_CHARS_MAX: usize = 8_192;

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
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match read {
            Ok(_) if !line.trim().is_empty() && line.len() <= PASTED_CHARS_MAX => {
                Ok(line.trim().to_owned())
            }
            _ => Err(Failure::new(Code::SignInRefused, "no address was pasted")),
        }
    }
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
