//! Text as identity compares it: without accents, in upper case, split into words.

/// Upper case, accents stripped, letters that have no accent-free form spelled out (`ß` is `SS`,
/// `Ø` is `O`). Characters outside the Latin letters stay as they are.
pub fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_uppercase) {
        match plain_form(letter) {
            Some(form) => plain.push_str(form),
            None if is_combining(letter) => {}
            None => plain.push(letter),
        }
    }
    plain
}

/// The words of a folded text: runs of `A-Z` and `0-9` (`finance-domain §6 R2`).
pub fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The words in their order with one space between them; equal texts are the same words.
pub fn normalised(text: &str) -> String {
    words(text).join(" ")
}

/// A combining mark that a decomposed text carries after its letter.
fn is_combining(c: char) -> bool {
    ('\u{0300}'..='\u{036f}').contains(&c)
}

const PLAIN_FORMS: [(&str, &str); 29] = [
    ("ÀÁÂÃÄÅĀĂĄǍȀȂ", "A"),
    ("Æ", "AE"),
    ("ÇĆĈĊČ", "C"),
    ("ĎĐÐ", "D"),
    ("ÈÉÊËĒĔĖĘĚȄȆ", "E"),
    ("ĜĞĠĢ", "G"),
    ("ĤĦ", "H"),
    ("ÌÍÎÏĨĪĬĮİǏ", "I"),
    ("Ĳ", "IJ"),
    ("Ĵ", "J"),
    ("Ķ", "K"),
    ("ĹĻĽĿŁ", "L"),
    ("ÑŃŅŇŊ", "N"),
    ("ÒÓÔÕÖØŌŎŐǑƠ", "O"),
    ("Œ", "OE"),
    ("ŔŖŘ", "R"),
    ("ŚŜŞŠȘ", "S"),
    ("ẞ", "SS"),
    ("ŢŤŦȚ", "T"),
    ("Þ", "TH"),
    ("ÙÚÛÜŨŪŬŮŰŲǓƯ", "U"),
    ("Ŵ", "W"),
    ("ÝŶŸỲ", "Y"),
    ("ŹŻŽ", "Z"),
    ("ẠẢẤẦẨẪẬẮẰẲẴẶ", "A"),
    ("ẸẺẼẾỀỂỄỆ", "E"),
    ("ỈỊ", "I"),
    ("ỌỎỐỒỔỖỘỚỜỞỠỢ", "O"),
    ("ỤỦỨỪỬỮỰ", "U"),
];

fn plain_form(letter: char) -> Option<&'static str> {
    if letter.is_ascii() {
        return None;
    }
    PLAIN_FORMS.iter().find(|(accented, _)| accented.contains(letter)).map(|(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(normalised(text), want);
    }

    #[test]
    fn accents_are_stripped() {
        check("Société Générale", "SOCIETE GENERALE");
    }

    #[test]
    fn a_decomposed_accent_is_stripped_too() {
        check("Socie\u{0301}te\u{0301}", "SOCIETE");
    }

    #[test]
    fn letters_without_a_plain_form_are_spelled_out() {
        check("Łódź Straße Ærø", "LODZ STRASSE AERO");
    }

    #[test]
    fn punctuation_splits() {
        check("a-b.c  d", "A B C D");
    }

    #[test]
    fn other_scripts_leave_no_words() {
        check("株式会社 東京", "");
    }
}
