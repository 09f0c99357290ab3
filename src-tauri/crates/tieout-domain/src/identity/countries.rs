//! Countries as addresses name them: two letters, three letters, or the English name.
//!
//! A name that is not here is no country, and then a tax number is evidence for a person only.

use super::folding;

/// ISO 3166 alpha-2, alpha-3 and the English name after folding.
const COUNTRIES: [(&str, &str, &str); 47] = [
    ("AE", "ARE", "UNITED ARAB EMIRATES"),
    ("AR", "ARG", "ARGENTINA"),
    ("AT", "AUT", "AUSTRIA"),
    ("AU", "AUS", "AUSTRALIA"),
    ("BE", "BEL", "BELGIUM"),
    ("BG", "BGR", "BULGARIA"),
    ("BR", "BRA", "BRAZIL"),
    ("CA", "CAN", "CANADA"),
    ("CH", "CHE", "SWITZERLAND"),
    ("CL", "CHL", "CHILE"),
    ("CY", "CYP", "CYPRUS"),
    ("CZ", "CZE", "CZECHIA"),
    ("DE", "DEU", "GERMANY"),
    ("DK", "DNK", "DENMARK"),
    ("EE", "EST", "ESTONIA"),
    ("ES", "ESP", "SPAIN"),
    ("FI", "FIN", "FINLAND"),
    ("FR", "FRA", "FRANCE"),
    ("GB", "GBR", "UNITED KINGDOM"),
    ("GR", "GRC", "GREECE"),
    ("HR", "HRV", "CROATIA"),
    ("HU", "HUN", "HUNGARY"),
    ("IE", "IRL", "IRELAND"),
    ("IL", "ISR", "ISRAEL"),
    ("IN", "IND", "INDIA"),
    ("IT", "ITA", "ITALY"),
    ("JP", "JPN", "JAPAN"),
    ("KR", "KOR", "SOUTH KOREA"),
    ("LT", "LTU", "LITHUANIA"),
    ("LU", "LUX", "LUXEMBOURG"),
    ("LV", "LVA", "LATVIA"),
    ("MT", "MLT", "MALTA"),
    ("MX", "MEX", "MEXICO"),
    ("NL", "NLD", "NETHERLANDS"),
    ("NO", "NOR", "NORWAY"),
    ("NZ", "NZL", "NEW ZEALAND"),
    ("PL", "POL", "POLAND"),
    ("PT", "PRT", "PORTUGAL"),
    ("RO", "ROU", "ROMANIA"),
    ("RS", "SRB", "SERBIA"),
    ("SE", "SWE", "SWEDEN"),
    ("SG", "SGP", "SINGAPORE"),
    ("SI", "SVN", "SLOVENIA"),
    ("SK", "SVK", "SLOVAKIA"),
    ("TR", "TUR", "TURKEY"),
    ("US", "USA", "UNITED STATES"),
    ("ZA", "ZAF", "SOUTH AFRICA"),
];

/// Other spellings that addresses use: two letters are looked up here first.
const ALIASES: [(&str, &str); 4] =
    [("EL", "GR"), ("THE NETHERLANDS", "NL"), ("UK", "GB"), ("UNITED STATES OF AMERICA", "US")];

/// The two-letter code of an address's country, or `None` for text that names none we know. Any two
/// letters are taken as a code.
pub fn country_code(text: &str) -> Option<String> {
    let name = folding::normalised(text);
    if let Some((_, code)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
        return Some((*code).to_owned());
    }
    if name.len() == 2 && name.chars().all(|c| c.is_ascii_uppercase()) {
        return Some(name);
    }
    let known = COUNTRIES.iter().find(|(_, three, english)| *three == name || *english == name);
    known.map(|(two, _, _)| (*two).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<&str>) {
        assert_eq!(country_code(text).as_deref(), want);
    }

    #[test]
    fn codes_and_names() {
        check("de", Some("DE"));
        check("DEU", Some("DE"));
        check(" Germany ", Some("DE"));
        check("U.S.A.", None);
        check("USA", Some("US"));
        check("uk", Some("GB"));
        check("EL", Some("GR"));
        check("Atlantis", None);
        check("", None);
    }
}
