//! The two lengths of a Salesforce record id.
//!
//! Fifteen characters are case-sensitive; three more encode the case, so that the long form
//! survives a tool that ignores case. Everything here stores and compares the long form.

/// The 32 characters of the suffix alphabet.
const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const SHORT_LENGTH: usize = 15;
const LONG_LENGTH: usize = 18;
const CHUNK_LENGTH: usize = 5;

/// The text is not a Salesforce record id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SalesforceIdError {
    /// Neither 15 nor 18 letters and digits.
    #[error("a Salesforce id has 15 or 18 letters and digits")]
    Form,
    /// The last three characters are not those of the first fifteen: mistyped or case lost.
    #[error("the last three characters do not fit the Salesforce id")]
    Suffix,
}

/// The 18-character form of an id of 15 or 18 characters; the suffix of a long one is checked.
pub fn salesforce_id_18(text: &str) -> Result<String, SalesforceIdError> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(SalesforceIdError::Form);
    }
    let (short, given) = match text.len() {
        SHORT_LENGTH => (text, None),
        LONG_LENGTH => (&text[..SHORT_LENGTH], Some(&text[SHORT_LENGTH..])),
        _ => return Err(SalesforceIdError::Form),
    };
    let suffix: String = short.as_bytes().chunks(CHUNK_LENGTH).map(case_character).collect();
    if given.is_some_and(|given| given != suffix) {
        return Err(SalesforceIdError::Suffix);
    }
    Ok(format!("{short}{suffix}"))
}

/// Five characters, lowest bit first: set where the character is upper case.
fn case_character(chunk: &[u8]) -> char {
    let bit = |index: usize, byte: &u8| usize::from(byte.is_ascii_uppercase()) << index;
    let bits: usize = chunk.iter().enumerate().map(|(index, byte)| bit(index, byte)).sum();
    char::from(SUFFIX[bits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_id_stays_as_it_is() {
        assert_eq!(salesforce_id_18("006Hs00001AsDfGIAV").as_deref(), Ok("006Hs00001AsDfGIAV"));
    }

    #[test]
    fn lost_case_is_seen() {
        assert_eq!(salesforce_id_18("006hs00001asdfgIAV"), Err(SalesforceIdError::Suffix));
    }

    #[test]
    fn other_text_is_no_id() {
        for text in
            ["", "006Hs00001AsDf", "006Hs00001AsDfGIA", "006Hs00001AsDf-", "006Hs00001AsDfé"]
        {
            assert_eq!(salesforce_id_18(text), Err(SalesforceIdError::Form));
        }
    }
}
