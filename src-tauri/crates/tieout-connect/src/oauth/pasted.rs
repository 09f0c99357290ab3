//! A callback that a person copied from the address bar (`quickbooks §1.6 D`).

use super::callback::{Callback, read_query};
use super::error::OAuthError;
use crate::secret::Secret;

/// Longest text that is looked at.
const PASTED_LENGTH_MAX: usize = 16 * 1024;

/// Reads a pasted address. Which page it shows does not matter: the state proves that it is the
/// answer to this sign-in.
pub fn read_pasted(text: &str, state: &Secret) -> Result<Callback, OAuthError> {
    let trimmed = text.trim().trim_matches(['<', '>', '"', '\'']).trim();
    if trimmed.len() > PASTED_LENGTH_MAX {
        return Err(OAuthError::NoCode);
    }
    let url = url::Url::parse(trimmed).map_err(|_| OAuthError::NoCode)?;
    read_query(url.query().ok_or(OAuthError::NoCode)?, state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Result<&str, &str>) {
        let got = read_pasted(text, &Secret::new("right"));
        let got = got.map(|callback| callback.code.expose().to_owned());
        let got = got.map_err(|error| error.to_string());
        assert_eq!(got.as_deref().map_err(String::as_str), want);
    }

    #[test]
    fn the_address_is_found_among_spaces_and_brackets() {
        check("  <https://a.example/cb?code=x&state=right>\n", Ok("x"));
    }

    #[test]
    fn an_address_of_this_computer_is_as_good() {
        check("http://127.0.0.1:5000/cb?code=x&state=right", Ok("x"));
    }

    #[test]
    fn an_older_sign_in_is_refused() {
        check(
            "https://a.example/cb?code=x&state=old",
            Err("the address belongs to another sign-in"),
        );
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "x", "https://a.example/cb", "code=x&state=right"] {
            check(text, Err("the text holds no sign-in code"));
        }
        check(
            &format!("https://a.example/?{}", "x".repeat(20_000)),
            Err("the text holds no sign-in code"),
        );
    }
}
