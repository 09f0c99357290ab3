//! The CSV files, read back from their bytes, and the text that a report is hashed from.
#![allow(clippy::unwrap_used)]

mod specimen;

use csv::{ReaderBuilder, StringRecord};
use specimen::{hard, money, workpaper};
use tieout_report::{Cell, Report, canonical, csv as csv_of, csv_files, csv_totals};

/// Header and records.
fn read(bytes: &[u8]) -> (StringRecord, Vec<StringRecord>) {
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    (header, reader.records().map(Result::unwrap).collect())
}

#[track_caller]
fn check(bytes: &[u8], row: usize, column: &str, expected: &str) {
    let (header, records) = read(bytes);
    let at = header.iter().position(|name| name == column).unwrap();
    assert_eq!(&records[row][at], expected);
}

#[test]
fn a_report_is_one_file_per_section_and_one_per_set_of_totals() {
    let names: Vec<String> =
        csv_files(&hard()).unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(
        names,
        [
            "01-open-items.csv",
            "01-open-items.totals.csv",
            "02-deal-detail.csv",
            "02-deal-detail.totals.csv",
            "03-read-in-part.csv",
            "03-read-in-part.totals.csv",
            "04-exclusions.csv",
        ]
    );
}

#[test]
fn figures_are_plain_and_dates_iso() {
    let bytes = csv_of(&hard().sections[0]).unwrap();
    check(&bytes, 0, "open", "-12000.00");
    check(&bytes, 0, "open_currency", "USD");
    check(&bytes, 2, "open", "-1168324");
    check(&bytes, 2, "open_currency", "JPY");
    check(&bytes, 3, "open", "-1128.729");
    check(&bytes, 0, "due", "2026-01-01");
    check(&bytes, 0, "days", "0");
    check(&bytes, 0, "rate", "1.0850");
    check(&bytes, 5, "share", "0.005");
    check(
        &bytes,
        1,
        "number_url",
        "https://app.qbo.intuit.com/app/invoice?txnId=1&companyId=913035712046",
    );
    check(&bytes, 0, "marks", "[!] [M]");
}

#[test]
fn words_that_look_like_a_formula_get_an_apostrophe_and_others_are_not_changed() {
    let bytes = csv_of(&hard().sections[0]).unwrap();
    check(&bytes, 4, "customer", "'=HYPERLINK(\"http://example.test\";\"click\")");
    check(&bytes, 4, "remark", "'@SUM(A1:A9)");
    check(&bytes, 5, "customer", "株式会社 Kabushiki Holdings");
    check(&bytes, 0, "customer", "Vantry Logistics, Inc.");
}

#[test]
fn a_file_is_a_clean_table_with_line_ends_of_the_standard() {
    let bytes = csv_of(&hard().sections[0]).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(text.matches("\r\n").count(), 121);
    assert_eq!(text.matches('\n').count(), 121);
    let (header, records) = read(&bytes);
    assert_eq!(records.len(), 120);
    assert!(records.iter().all(|record| record.len() == header.len()));
}

#[test]
fn quotes_commas_and_line_ends_in_words_come_back_as_they_were() {
    let mut report = workpaper();
    let odd = "a \"quoted\", cut\r\nand tab\t";
    report.sections[2].rows[0].cells[1] = Cell::text(odd);
    check(&csv_of(&report.sections[2]).unwrap(), 0, "account", odd);
}

#[test]
fn a_missing_value_leaves_the_figure_empty_and_says_why_beside_it() {
    let bytes = csv_of(&hard().sections[2]).unwrap();
    check(&bytes, 0, "amount", "");
    check(&bytes, 0, "amount_currency", "");
    check(&bytes, 0, "amount_flag", "unknown");
    check(&bytes, 1, "amount", "-48210.00");
    check(&bytes, 1, "amount_flag", "");
}

#[test]
fn totals_stand_in_a_file_of_their_own_with_their_proof() {
    let bytes = csv_totals(&hard().sections[2]).unwrap();
    for (row, column, value, proof) in [
        (0, "expected", "16", "proved"),
        (1, "read", "15", "unproved"),
        (2, "amount", "-48210.00", "unproved"),
    ] {
        check(&bytes, row, "column", column);
        check(&bytes, row, "value", value);
        check(&bytes, row, "proof", proof);
        check(&bytes, row, "first_row", "1");
        check(&bytes, row, "last_row", "2");
    }
    check(&bytes, 2, "currency", "GBP");
}

#[test]
fn a_section_without_rows_is_its_header() {
    let (header, records) = read(&csv_of(&hard().sections[3]).unwrap());
    assert_eq!(header, vec!["record", "amount", "amount_currency"]);
    assert!(records.is_empty());
}

/// Whether a change shows in the text that is hashed.
#[track_caller]
fn hashed(change: impl Fn(&mut Report), expected: bool) {
    let mut report = workpaper();
    change(&mut report);
    assert_eq!(canonical(&report) != canonical(&workpaper()), expected);
}

#[test]
fn whatever_the_report_says_is_hashed() {
    hashed(
        |report| report.sections[2].rows[9].cells[3] = Cell::Money(money("27900.01", "USD")),
        true,
    );
    hashed(
        |report| report.sections[2].rows[9].cells[3] = Cell::Money(money("27900.00", "EUR")),
        true,
    );
    hashed(|report| report.sections[2].rows[0].marks.clear(), true);
    hashed(|report| report.sections[2].rows.swap(0, 1), true);
    hashed(|report| report.sections[0].rows[6].note = None, true);
    hashed(|report| report.sections[2].totals[0].label.push('.'), true);
    hashed(|report| report.conclusion = "All well.".into(), true);
    hashed(|report| report.sign_off.as_mut().unwrap().signatures[0].state.push('.'), true);
    hashed(|report| report.parameters[0].text.push('.'), true);
    hashed(|report| report.run_id.push('1'), true);
}

#[test]
fn how_and_when_it_is_rendered_is_not_hashed() {
    hashed(|report| report.content_hash.clear(), false);
    hashed(|report| report.generated_at = "2027-01-01T00:00:00+00:00[UTC]".parse().unwrap(), false);
    hashed(|report| report.sections[2].columns[0].weight = 9, false);
}

#[test]
fn no_two_different_texts_give_the_same_line() {
    let with = |label: &str, text: &str| {
        let mut report = workpaper();
        report.parameters = vec![tieout_report::Fact::new(label, text)];
        canonical(&report)
    };
    assert_ne!(with("a\tb", "c"), with("a", "b\tc"));
    assert_ne!(with("a", "b\nparameter\tc\td"), with("a", "b"));
    assert_ne!(with("a\\t", "b"), with("a\t", "b"));
}
