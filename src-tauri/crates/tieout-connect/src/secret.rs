//! Secrets that cannot be printed, and addresses that are safe to log.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A token, code, verifier or client secret. Wiped when dropped; `Debug` prints `<secret>` and
/// there is no `Display`, so that it cannot reach a log or a message by accident.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over; other copies of it are the caller's to wipe.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the wire and for sealing only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Looks at every byte, so that the time taken says nothing about where two secrets differ.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let differing = left.iter().zip(right).fold(0_u8, |all, (a, b)| all | (a ^ b));
        left.len() == right.len() && differing == 0
    }
}

impl Eq for Secret {}

/// Shortest path segment that is taken for an id of a company or a record.
const ID_SEGMENT_LENGTH_MIN: usize = 9;

/// An address as it may be logged: no query, no fragment, no user, and path segments that look
/// like an id of a company or a record replaced by `{id}` (`quickbooks §1.7`).
pub fn loggable_url(url: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = bare.split_once("://").unwrap_or(("", bare));
    let (authority, path) = match rest.find('/') {
        Some(at) if !scheme.is_empty() => rest.split_at(at),
        None if !scheme.is_empty() => (rest, ""),
        _ => ("", rest),
    };
    let host = authority.rsplit('@').next().unwrap_or_default();
    let shown: Vec<&str> = path.split('/').map(loggable_segment).collect();
    let lead = if scheme.is_empty() { String::new() } else { format!("{scheme}://{host}") };
    format!("{lead}{}", shown.join("/"))
}

fn loggable_segment(segment: &str) -> &str {
    let has_digit = segment.chars().any(|c| c.is_ascii_digit());
    if has_digit && segment.len() >= ID_SEGMENT_LENGTH_MIN { "{id}" } else { segment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: &str) {
        assert_eq!(loggable_url(url), want);
    }

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        let secret = Secret::new("5Aep861-refresh");
        assert_eq!(format!("{secret:?}"), "<secret>");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(<secret>)");
    }

    #[test]
    fn secrets_are_equal_only_when_every_byte_is() {
        assert_eq!(Secret::new("abc"), Secret::new("abc"));
        assert_ne!(Secret::new("abc"), Secret::new("abd"));
        assert_ne!(Secret::new("abc"), Secret::new("ab"));
        assert_ne!(Secret::new(""), Secret::new("a"));
    }

    #[test]
    fn a_query_is_not_logged() {
        check(
            "https://a.example/services/oauth2/token?code=1",
            "https://a.example/services/oauth2/token",
        );
    }

    #[test]
    fn a_company_id_is_not_logged() {
        check(
            "https://q.example/v3/company/9130347957983546/query",
            "https://q.example/v3/company/{id}/query",
        );
    }

    #[test]
    fn a_locator_is_not_logged() {
        check(
            "/services/data/v66.0/query/0r8Hs00000LoCaTAAA-2000",
            "/services/data/v66.0/query/{id}",
        );
    }

    #[test]
    fn a_user_in_the_address_is_not_logged() {
        check("https://me:pw@a.example", "https://a.example");
    }
}
