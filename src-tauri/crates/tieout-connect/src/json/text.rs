//! Text from outside: length caps, control characters, excerpts.

use tieout_domain::facts::QuarantineReason;

/// Longest single line of text that a fact takes, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Longest text of several lines that a fact takes, in characters.
pub const LINES_CHARS_MAX: usize = 131_072;
/// Longest excerpt shown of an unreadable value (`Quarantined::excerpt`), in characters.
const EXCERPT_CHARS_MAX: usize = 80;

/// Longest code or name that is taken over from an error, in characters.
const WORD_CHARS_MAX: usize = 64;
/// Longest text that is taken over from an error, in characters.
const SAID_CHARS_MAX: usize = 500;

/// A start of the value for a person to recognise it by, without control characters.
pub fn excerpt(text: &str) -> String {
    text.chars().map(visible).take(EXCERPT_CHARS_MAX).collect()
}

/// A code, or the name of a field or an object, as a tool gives it in an error: letters, digits and
/// `._-`; anything else is left out, and so is what is too long.
pub fn plain_word(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    text.chars().filter(known).take(WORD_CHARS_MAX).collect()
}

/// What a tool says about an error, on one line and not too long.
pub fn said(text: &str) -> String {
    text.chars().map(visible).take(SAID_CHARS_MAX).collect()
}

/// One line: each control character becomes a space, because a name is still that name and the
/// ledger refuses it with the character in it. Too long is an error, never a cut.
pub(super) fn one_line(text: &str) -> Result<Clean, QuarantineReason> {
    clean(text, TEXT_CHARS_MAX, |_| false)
}

/// Several lines: line ends and tabs stay, CR LF becomes LF.
pub(super) fn lines(text: &str) -> Result<Clean, QuarantineReason> {
    clean(&text.replace("\r\n", "\n"), LINES_CHARS_MAX, |c| c == '\n' || c == '\t')
}

/// Text that can be kept, and whether a character had to be replaced.
pub(super) struct Clean {
    pub text: String,
    pub replaced: bool,
}

fn clean(
    text: &str,
    chars_max: usize,
    stays: impl Fn(char) -> bool,
) -> Result<Clean, QuarantineReason> {
    if text.chars().nth(chars_max).is_some() {
        return Err(QuarantineReason::OutOfRange);
    }
    let bad = |c: char| c.is_control() && !stays(c);
    let replaced = text.chars().any(bad);
    let kept = text.chars().map(|c| if bad(c) { ' ' } else { c }).collect();
    Ok(Clean { text: kept, replaced })
}

fn visible(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_from_outside_is_a_plain_word() {
        assert_eq!(plain_word("INVALID_FIELD"), "INVALID_FIELD");
        assert_eq!(plain_word("Account.Tax__c"), "Account.Tax__c");
        assert_eq!(plain_word("A\u{1b}[2J\nB"), "A2JB");
        assert_eq!(plain_word(&"x".repeat(1_000)).len(), WORD_CHARS_MAX);
    }

    #[test]
    fn what_a_tool_says_is_one_line_of_bounded_length() {
        assert_eq!(said("no\nsuch\u{1b}[2Jthing"), "no such [2Jthing");
        assert_eq!(said(&"é".repeat(1_000)).chars().count(), SAID_CHARS_MAX);
    }

    #[track_caller]
    fn check(text: &str, want: &str, replaced: bool) {
        let clean = one_line(text).unwrap();
        assert_eq!((clean.text.as_str(), clean.replaced), (want, replaced));
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        check("Łódź Müller & Söhne 🐳", "Łódź Müller & Söhne 🐳", false);
    }

    #[test]
    fn a_control_character_becomes_a_space() {
        check("Acme\u{0}Inc\tLtd", "Acme Inc Ltd", true);
    }

    #[test]
    fn an_address_keeps_its_lines() {
        let clean = lines("1 High St\r\nLeeds\u{7}").unwrap();
        assert_eq!((clean.text.as_str(), clean.replaced), ("1 High St\nLeeds ", true));
    }

    #[test]
    fn too_long_is_refused_not_cut() {
        assert!(one_line(&"é".repeat(TEXT_CHARS_MAX)).is_ok());
        assert!(one_line(&"é".repeat(TEXT_CHARS_MAX + 1)).is_err());
    }

    #[test]
    fn an_excerpt_is_short_and_printable() {
        assert_eq!(excerpt("a\u{0}b"), "a b");
        assert_eq!(excerpt(&"x".repeat(500)).chars().count(), 80);
    }
}
