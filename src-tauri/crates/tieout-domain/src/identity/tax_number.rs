//! Tax numbers as they are compared (`finance-domain §6 R2`).

use super::countries::country_code;

/// A run of this many X is how tools hide digits.
const MASK_RUN: &str = "XXX";

/// What two tax numbers say about two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxComparison {
    /// Equal within one country.
    Same,
    /// Both readable, of one country, and different.
    Different,
    /// Equal, but the country of one is not known: evidence for a person, not a match.
    EqualWithoutCountry,
    /// One is missing or masked, or they belong to different countries.
    Nothing,
}

/// A tax number with the country that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct TaxNumber<'a> {
    pub text: &'a str,
    /// As the record's address says it.
    pub country: Option<&'a str>,
}

/// Upper case, only `A-Z` and `0-9`, the VAT prefix of `country` removed when something remains.
/// Without a country no prefix is removed.
pub fn comparable_tax_number(text: &str, country: Option<&str>) -> String {
    let kept: String = text
        .chars()
        .map(|c| c.to_ascii_uppercase())
        .filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        .collect();
    let Some(code) = country.and_then(country_code) else {
        return kept;
    };
    let without_prefix = vat_prefixes(&code)
        .into_iter()
        .find_map(|prefix| kept.strip_prefix(prefix).filter(|rest| !rest.is_empty()))
        .map(str::to_owned);
    without_prefix.unwrap_or(kept)
}

fn vat_prefixes(code: &str) -> Vec<&str> {
    match code {
        "GR" => vec!["EL", "GR"],
        "GB" => vec!["GB", "XI"],
        other => vec![other],
    }
}

/// Whether the tool hides digits of the number. A masked number never matches.
pub fn is_masked(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    upper.contains(['*', '\u{2022}', '#', '?']) || upper.contains(MASK_RUN)
}

/// Compares two numbers; two match only within the same country.
pub fn compare(a: TaxNumber<'_>, b: TaxNumber<'_>) -> TaxComparison {
    if is_masked(a.text) || is_masked(b.text) {
        return TaxComparison::Nothing;
    }
    let countries = (a.country.and_then(country_code), b.country.and_then(country_code));
    let country = match &countries {
        (Some(first), Some(second)) if first == second => Some(first.as_str()),
        (Some(_), Some(_)) => return TaxComparison::Nothing,
        (Some(known), None) | (None, Some(known)) => Some(known.as_str()),
        (None, None) => None,
    };
    let first = comparable_tax_number(a.text, country);
    let second = comparable_tax_number(b.text, country);
    if first.is_empty() || second.is_empty() {
        return TaxComparison::Nothing;
    }
    match (first == second, countries.0.is_some() && countries.1.is_some()) {
        (true, true) => TaxComparison::Same,
        (true, false) => TaxComparison::EqualWithoutCountry,
        (false, true) => TaxComparison::Different,
        (false, false) => TaxComparison::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, want: TaxComparison) {
        let read = |text: &str| {
            let (country, digits) = text.split_once(':').expect("country:number");
            (country.to_owned(), digits.to_owned())
        };
        let ((ca, ta), (cb, tb)) = (read(a), read(b));
        let of = |country: &str| (!country.is_empty()).then(|| country.to_owned());
        let (ca, cb) = (of(&ca), of(&cb));
        let got = compare(
            TaxNumber { text: &ta, country: ca.as_deref() },
            TaxNumber { text: &tb, country: cb.as_deref() },
        );
        assert_eq!(got, want);
    }

    #[test]
    fn equal_within_one_country() {
        check("DE:DE 123.456.789", "de:123456789", TaxComparison::Same);
    }

    #[test]
    fn different_within_one_country() {
        check("DE:123456789", "DE:123456780", TaxComparison::Different);
    }

    #[test]
    fn never_across_countries() {
        check("DE:123456789", "AT:123456789", TaxComparison::Nothing);
    }

    #[test]
    fn without_a_country_it_is_evidence_for_a_person() {
        check("DE:DE123456789", ":123456789", TaxComparison::EqualWithoutCountry);
        check("DE:DE123456789", "Atlantis:123456780", TaxComparison::Nothing);
    }

    #[test]
    fn a_masked_number_never_matches() {
        check("US:XXXXXX56789", "US:XXXXXX56789", TaxComparison::Nothing);
        check("US:***-56789", "US:12-3456789", TaxComparison::Nothing);
    }

    #[test]
    fn an_empty_number_says_nothing() {
        check("US:", "US:", TaxComparison::Nothing);
    }

    #[test]
    fn both_names_of_one_country_are_one_country() {
        check("UK:GB123456789", "GB:XI 123 4567 89", TaxComparison::Same);
    }
}
