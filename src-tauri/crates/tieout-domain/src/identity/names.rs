//! When two company names are unlike (`finance-domain §6 R2`).

use std::collections::BTreeSet;

use super::folding;

/// A word shorter than this says nothing about a company.
const WORD_LENGTH_MIN: usize = 3;

/// Legal forms as they look after folding. Dotted spellings fall apart into single letters, which
/// are too short to count.
const LEGAL_FORMS: [&str; 54] = [
    "AB",
    "AG",
    "APS",
    "AS",
    "ASA",
    "BHD",
    "BV",
    "BVBA",
    "CO",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "CV",
    "CVBA",
    "DOO",
    "EIRL",
    "EOOD",
    "EURL",
    "GBR",
    "GESMBH",
    "GMBH",
    "HF",
    "INC",
    "INCORPORATED",
    "KFT",
    "KG",
    "KGAA",
    "LDA",
    "LIMITED",
    "LLC",
    "LLP",
    "LTD",
    "LTDA",
    "MBH",
    "NV",
    "OHG",
    "OOD",
    "OY",
    "OYJ",
    "PLC",
    "PTE",
    "PTY",
    "SA",
    "SARL",
    "SAS",
    "SDN",
    "SE",
    "SL",
    "SLU",
    "SPA",
    "SRL",
    "SRO",
    "UAB",
    "UG",
];

fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.binary_search(&word).is_ok()
}

/// The words that say which company it is: three characters or more, legal forms left out.
pub fn telling_words(name: &str) -> BTreeSet<String> {
    folding::words(name)
        .into_iter()
        .filter(|word| word.len() >= WORD_LENGTH_MIN && !is_legal_form(word))
        .collect()
}

/// Whether two names share no telling word. A name without one is unlike every name: a person
/// looks.
pub fn names_unlike(a: &str, b: &str) -> bool {
    telling_words(a).is_disjoint(&telling_words(b))
}

/// The name as duplicates are looked for: folded, legal forms left out, short words kept. Empty
/// when nothing is left, and then it is no evidence.
pub fn normalised_name(name: &str) -> String {
    let kept: Vec<String> =
        folding::words(name).into_iter().filter(|word| !is_legal_form(word)).collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_are_in_the_order_that_the_search_needs() {
        assert!(LEGAL_FORMS.is_sorted());
    }

    #[test]
    fn a_normalised_name_keeps_short_words() {
        assert_eq!(normalised_name("3M Deutschland GmbH"), "3M DEUTSCHLAND");
        assert_eq!(normalised_name("Alder & Quay, Inc."), "ALDER QUAY");
        assert_eq!(normalised_name("Ltd"), "");
    }

    #[test]
    fn two_names_without_a_telling_word_are_unlike() {
        assert!(names_unlike("3M", "3M"));
    }
}
