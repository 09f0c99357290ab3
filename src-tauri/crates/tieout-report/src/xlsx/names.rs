//! Names of sheets and totals that a workbook accepts.

use std::collections::BTreeSet;

/// Longest name of a sheet.
const SHEET_CHARS_MAX: usize = 31;
/// How often a name is tried with another number before giving the number alone.
const TRIES_MAX: usize = 10_000;

/// Gives out names that are legal and, ignoring case, used once.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A legal sheet name near to a title.
    pub(crate) fn sheet(&mut self, title: &str) -> String {
        let legal: String = title
            .chars()
            .map(|sign| match sign {
                '[' | ']' | ':' | '*' | '?' | '/' | '\\' => ' ',
                sign if sign.is_control() => ' ',
                sign => sign,
            })
            .collect();
        let legal = legal.split_whitespace().collect::<Vec<_>>().join(" ");
        let legal = legal.trim_matches('\'').trim();
        // Excel keeps this name for itself.
        let reserved = legal.is_empty() || legal.eq_ignore_ascii_case("history");
        self.free(if reserved { "Section" } else { legal }, SHEET_CHARS_MAX, " ")
    }

    /// A free name near to this one: `name`, `name 2`, `name 3`.
    pub(crate) fn free(&mut self, name: &str, chars_max: usize, joint: &str) -> String {
        let mut candidate = shortened(name, chars_max);
        for number in 2..TRIES_MAX {
            if self.taken.insert(candidate.to_lowercase()) {
                break;
            }
            let ending = format!("{joint}{number}");
            let room = chars_max.saturating_sub(ending.len());
            candidate = format!("{}{ending}", shortened(name, room));
        }
        candidate
    }
}

/// Counted as Excel counts, in units of UTF-16.
fn shortened(name: &str, units_max: usize) -> String {
    let mut units = 0;
    let fits = |sign: &char| {
        units += sign.len_utf16();
        units <= units_max
    };
    let short: String = name.chars().take_while(fits).collect();
    short.trim_end_matches([' ', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(titles: &[&str], expected: &[&str]) {
        let mut names = Names::default();
        let given: Vec<String> = titles.iter().map(|title| names.sheet(title)).collect();
        assert_eq!(given, expected);
        for name in &given {
            rust_xlsxwriter::utility::check_sheet_name(name).unwrap();
        }
    }

    #[test]
    fn a_sheet_is_called_like_its_section() {
        check(
            &["Five tie-outs", "Aging by customer, due date"],
            &["Five tie-outs", "Aging by customer, due date"],
        );
    }

    #[test]
    fn illegal_signs_and_reserved_names_are_replaced() {
        check(
            &["A/B: [open?]", "'quoted'", "History", "", "a\tb"],
            &["A B open", "quoted", "Section", "Section 2", "a b"],
        );
    }

    #[test]
    fn a_long_name_is_cut_and_a_second_one_is_numbered() {
        let long = "Excluded deals and invoices without a deal";
        check(
            &[long, long, "EXCLUDED DEALS AND INVOICES WIT"],
            &[
                "Excluded deals and invoices wit",
                "Excluded deals and invoices w 2",
                "EXCLUDED DEALS AND INVOICES W 3",
            ],
        );
    }
}
