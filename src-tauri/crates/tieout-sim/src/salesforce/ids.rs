//! Record ids: 15 characters that differ by case, and 18 that survive without it (salesforce §15).

/// The 18-character form of a 15- or 18-character id; nothing for any other text, nor for a wrong
/// checksum.
pub fn full_id(text: &str) -> Option<String> {
    if !text.is_ascii() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match text.len() {
        15 => Some(format!("{text}{}", checksum(text))),
        18 => text[15..]
            .eq_ignore_ascii_case(&checksum(&text[..15]))
            .then(|| format!("{}{}", &text[..15], checksum(&text[..15]))),
        _ => None,
    }
}

/// The three letters that follow 15 characters of ASCII.
fn checksum(fifteen: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let letter = |group: &[u8]| {
        let bits = group
            .iter()
            .enumerate()
            .fold(0, |bits, (at, byte)| bits | (usize::from(byte.is_ascii_uppercase()) << at));
        char::from(LETTERS[bits])
    };
    fifteen.as_bytes().chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, full: Option<&str>) {
        assert_eq!(full_id(given).as_deref(), full);
    }

    #[test]
    fn the_pairs_of_the_sheet_hold() {
        check("006Hs00001AsDfG", Some("006Hs00001AsDfGIAV"));
        check("a05Hs000007Qq1Z", Some("a05Hs000007Qq1ZIAS"));
        check("a05Hs000007Qq1z", Some("a05Hs000007Qq1zIAC"));
        check("012000000000000", Some("012000000000000AAA"));
        check("006Hs00001AsDfGIAV", Some("006Hs00001AsDfGIAV"));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        check("006Hs00001AsDfGAAA", None);
        check("006Hs00001AsDf", None);
        check("006Hs00001AsD'G", None);
        check("", None);
    }
}
