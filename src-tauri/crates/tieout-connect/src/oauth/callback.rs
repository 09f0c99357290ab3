//! The query that the browser brings back.

use std::collections::BTreeMap;
use std::fmt;

use super::error::OAuthError;
use crate::json::{excerpt, plain_word};
use crate::secret::Secret;

/// Longest code that is taken. The longest one known is 512 characters (`quickbooks §1.3`).
const CODE_LENGTH_MAX: usize = 4_096;
/// Most parameters, and longest value, that are kept of a callback.
const EXTRA_COUNT_MAX: usize = 16;
const EXTRA_LENGTH_MAX: usize = 512;

/// A code with the right state, and the further parameters that came with it.
pub struct Callback {
    pub(super) code: Secret,
    /// Such as `realmId` (`quickbooks §1.3`), which exists nowhere else.
    pub extra: BTreeMap<String, String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.keys().collect();
        f.debug_struct("Callback").field("code", &self.code).field("extra", &extra).finish()
    }
}

/// Reads a callback query. The state is compared before anything else is looked at.
pub(super) fn read_query(query: &str, state: &Secret) -> Result<Callback, OAuthError> {
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let only = |name: &str| {
        let mut found = pairs.iter().filter(|(key, _)| key == name);
        found.next().filter(|_| found.next().is_none()).map(|(_, value)| value.as_str())
    };
    if only("state").map(Secret::new).as_ref() != Some(state) {
        return Err(OAuthError::WrongState);
    }
    if let Some(code) = only("error") {
        let description = only("error_description").map(excerpt);
        return Err(OAuthError::Denied { code: plain_word(code), description });
    }
    let code = only("code").filter(|code| !code.is_empty() && code.len() <= CODE_LENGTH_MAX);
    let code = Secret::new(code.ok_or(OAuthError::NoCode)?);
    let is_extra = |name: &str| !matches!(name, "code" | "state");
    let extra = pairs
        .iter()
        .filter(|(name, value)| is_extra(name) && value.len() <= EXTRA_LENGTH_MAX)
        .take(EXTRA_COUNT_MAX)
        .cloned()
        .collect();
    Ok(Callback { code, extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Callback, OAuthError> {
        read_query(query, &Secret::new("right"))
    }

    #[track_caller]
    fn check(query: &str, want: &str) {
        let got = match read(query) {
            Ok(callback) => format!("code {} {:?}", callback.code.expose(), callback.extra),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    #[test]
    fn a_code_is_decoded_once() {
        check("code=aPrx%2Bz%3D%3D&state=right", "code aPrx+z== {}");
    }

    #[test]
    fn further_parameters_are_kept() {
        check("code=a&state=right&realmId=9130", r#"code a {"realmId": "9130"}"#);
    }

    #[test]
    fn a_wrong_state_hides_everything_else() {
        check("code=a&state=wrong", "the address belongs to another sign-in");
        check("error=access_denied", "the address belongs to another sign-in");
        check("code=a&state=right&state=wrong", "the address belongs to another sign-in");
        check("", "the address belongs to another sign-in");
    }

    #[test]
    fn a_refusal_carries_its_code() {
        check(
            "error=access_denied&error_description=no&state=right",
            "the sign-in was refused with code access_denied",
        );
        check("error=%3Cscript%3E&state=right", "the sign-in was refused with code script");
    }

    #[test]
    fn two_codes_are_no_code() {
        check("code=a&code=b&state=right", "the text holds no sign-in code");
        check("code=&state=right", "the text holds no sign-in code");
    }

    #[test]
    fn the_code_is_never_printed() {
        let shown = format!("{:?}", read("code=secret1&state=right&realmId=9130").unwrap());
        assert!(!shown.contains("secret1") && !shown.contains("9130"), "{shown}");
    }
}
