//! A failure as the window shows it: code, title, detail, next step, reference.

use jiff::Timestamp;
use serde::Serialize;
use ts_rs::TS;

use crate::export::words::typeset;
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
            detail: typeset(&failure.detail),
            next_step: typeset(code.own_step_in_window().unwrap_or(failure.next_step())),
            reference: format!("{}, {}", code.as_str(), at.strftime("%-d %b %Y %H:%M:%S UTC")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;

    /// What somebody at a window cannot follow: a command line, and marks of code.
    #[track_caller]
    fn check(text: &str) {
        let unfit = ["`", "tieout ", "TIEOUT_", "--", "*"].into_iter().find(|it| text.contains(it));
        assert_eq!(unfit, None, "{text}");
    }

    #[test]
    fn no_step_in_the_window_names_a_command_line() {
        for code in Code::ALL {
            check(&FailureView::of(&Failure::new(code, ""), Timestamp::UNIX_EPOCH).next_step);
        }
    }

    #[test]
    fn a_name_in_a_detail_stands_in_quotation_marks() {
        let failure = Failure::new(Code::NoSuchConnection, "`books`");
        assert_eq!(FailureView::of(&failure, Timestamp::UNIX_EPOCH).detail, "“books”");
    }
}
