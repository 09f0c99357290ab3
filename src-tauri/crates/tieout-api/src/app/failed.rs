//! A failure as the window shows it: code, title, detail, next step, reference.

use jiff::Timestamp;
use serde::Serialize;
use ts_rs::TS;

use crate::codes::Code;
use crate::failure::Failure;

/// What a person is told about something that did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FailureView {
    /// `TIE-NNNN`. The window branches on this alone.
    pub code: &'static str,
    pub title: String,
    pub detail: String,
    pub next_step: String,
    /// "TIE-2001, 6 Jul 2026 16:30:41 UTC": to tell support.
    pub reference: String,
}

impl FailureView {
    pub(crate) fn of(failure: &Failure, at: Timestamp) -> Self {
        let code = failure.code;
        Self {
            code: code.as_str(),
            title: code.title().to_owned(),
            detail: failure.detail.clone(),
            next_step: step_in_window(code).unwrap_or(failure.next_step()).to_owned(),
            reference: format!("{}, {}", code.as_str(), at.strftime("%-d %b %Y %H:%M:%S UTC")),
        }
    }
}

/// The next step where the one of the code names a command of the command line.
const fn step_in_window(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::SecondInstance => "Use the window that is open, or close it and try again.",
        Code::WrongKey => "Log in to this computer as the person who made the workspace.",
        Code::KeyringUnavailable => "Unlock the keyring of this computer, then try again.",
        Code::NoWorkspace => "Connect a system, or explore the sample company.",
        Code::SignInNeeded => "Open Connections and sign in again.",
        Code::AppNotInstalled => "Send the page for the administrator: it has every setting.",
        Code::NoSuchConnection => "Open Connections: every connected system is listed there.",
        Code::OutcomeUnknown => "Open Activity: it shows when the next question is asked.",
        Code::ReadOnlyConnection => "Open Connections and let Tieout write there.",
        Code::WriteLimit => "Look at the list, then confirm the number.",
        Code::NoSuchEffect => "Open Activity: every promise is listed there.",
        Code::NotNow => "Look at the record again: it changed meanwhile.",
        Code::NoSuchRecord => "Run now, then choose the record again.",
        Code::NothingToReport => "Run now: nothing was read yet.",
        _ => return None,
    })
}
