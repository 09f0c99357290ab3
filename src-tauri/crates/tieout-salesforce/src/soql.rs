//! Statements and their literals (`salesforce §5.3`).

use http::{HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieout_connect::session::Call;
use url::form_urlencoded::byte_serialize;

use crate::config::api_path;

/// Whether deleted and archived rows are part of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Existing,
    All,
}

impl Rows {
    const fn resource(self) -> &'static str {
        match self {
            Self::Existing => "query",
            Self::All => "queryAll",
        }
    }
}

/// Path and query of a statement.
pub(crate) fn query_path(rows: Rows, statement: &str) -> String {
    let encoded: String = byte_serialize(statement.as_bytes()).collect();
    api_path(&format!("/{}?q={encoded}", rows.resource()))
}

/// The call of a statement.
pub(crate) fn query_call(rows: Rows, statement: &str) -> Call {
    ours(Call::get(query_path(rows, statement)))
}

/// A path of this version of the interface.
pub(crate) fn get(rest: &str) -> Call {
    ours(Call::get(api_path(rest)))
}

/// A read that is posted.
pub(crate) fn post_to_read(rest: &str, body: String) -> Call {
    ours(Call::read(Method::POST, api_path(rest), body))
}

/// Names us, so that the organisation can tell our changes from others' (`salesforce §3.1`).
pub(crate) fn ours(call: Call) -> Call {
    call.header(
        HeaderName::from_static("sforce-call-options"),
        HeaderValue::from_static("client=tieout"),
    )
}

/// A text in single quotes.
pub(crate) fn text(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('\'');
    for c in value.chars() {
        match c {
            '\\' | '\'' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // Other control characters have no place in a name or key and no escape of their own.
            c if c.is_control() => {}
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// A list of texts in parentheses.
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = values.into_iter().map(text).collect();
    format!("({})", quoted.join(","))
}

/// A moment to the second, which is how fine change times are (`salesforce §5.3`).
pub(crate) fn instant(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A calendar date.
pub(crate) fn date(on: Date) -> String {
    on.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(text(r"O'Brien \ Co"), r"'O\'Brien \\ Co'");
        assert_eq!(text("a\nb\u{0}"), r"'a\nb'");
    }

    #[test]
    fn a_text_cannot_end_the_statement() {
        let injected = text("x' OR Name != '");
        assert_eq!(injected, r"'x\' OR Name != \''");
    }

    #[test]
    fn a_list_of_texts() {
        assert_eq!(texts(["a", "b'"]), r"('a','b\'')");
    }

    #[test]
    fn a_moment_has_seconds_and_a_z() {
        let at: Timestamp = "2026-11-01T07:50:00.987Z".parse().unwrap();
        assert_eq!(instant(at), "2026-11-01T07:50:00Z");
    }

    #[test]
    fn a_statement_is_encoded_once() {
        let path = query_path(Rows::All, "SELECT Id FROM A WHERE B >= 2026-11-01T07:50:00+02:00");
        assert_eq!(
            path,
            "/services/data/v66.0/queryAll?q=SELECT+Id+FROM+A+WHERE+B+%3E%3D+\
             2026-11-01T07%3A50%3A00%2B02%3A00"
        );
    }
}
