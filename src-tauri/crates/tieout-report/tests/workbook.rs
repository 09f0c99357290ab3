//! The workbook, read back from its bytes.
#![allow(clippy::unwrap_used)]

mod specimen;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, DataType, Range, Reader, Xlsx};
use rust_decimal::Decimal;
use specimen::{hard, money, workpaper};
use tieout_report::{Paper, Proof, Rank, Report, ReportError, Value, xlsx};
use zip::ZipArchive;

const PAPERS: [Paper; 2] = [Paper::A4, Paper::Letter];

struct Book {
    bytes: Vec<u8>,
    sheets: Vec<(String, Range<Data>)>,
    formulas: BTreeMap<String, Range<String>>,
    names: BTreeMap<String, String>,
}

impl Book {
    fn of(report: &Report) -> Self {
        let bytes = xlsx(report, Paper::A4).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        let sheets = book.worksheets();
        let formulas = sheets
            .iter()
            .map(|(name, _)| (name.clone(), book.worksheet_formula(name).unwrap()))
            .collect();
        let names = book.defined_names().iter().cloned().collect();
        Self { bytes, sheets, formulas, names }
    }

    fn sheet(&self, name: &str) -> &Range<Data> {
        &self.sheets.iter().find(|(sheet, _)| sheet == name).unwrap().1
    }

    /// Row and column of the first cell with this text.
    fn find(&self, sheet: &str, text: &str) -> (u32, u32) {
        let range = self.sheet(sheet);
        let (top, left) = range.start().unwrap();
        let found =
            range.used_cells().find(|(_, _, cell)| cell.as_string().as_deref() == Some(text));
        let (row, column, _) = found.unwrap_or_else(|| panic!("{sheet}: {text}"));
        (top + u32::try_from(row).unwrap(), left + u32::try_from(column).unwrap())
    }

    fn value(&self, sheet: &str, at: (u32, u32)) -> Data {
        self.sheet(sheet).get_value(at).cloned().unwrap_or_default()
    }

    fn formula(&self, sheet: &str, at: (u32, u32)) -> String {
        self.formulas[sheet].get_value(at).cloned().unwrap_or_default()
    }

    /// What `SUM(cells)` or `SUMIF(codes,"code",cells)` inside a formula adds up to.
    fn re_add(&self, sheet: &str, formula: &str) -> Decimal {
        let inner = formula.trim_start_matches("ROUND(");
        let (name, rest) = inner.split_once('(').unwrap();
        let arguments: Vec<&str> = rest.split(')').next().unwrap().split(',').collect();
        let (codes, code, cells) = match (name, arguments.as_slice()) {
            ("SUM", [cells]) => (None, "", cells),
            ("SUMIF", [codes, code, cells]) => (Some(codes), code.trim_matches('"'), cells),
            other => panic!("{other:?}"),
        };
        let cells = self.column(sheet, cells);
        let codes = codes.map(|codes| self.column(sheet, codes));
        let counts = |at: usize| {
            codes.as_ref().is_none_or(|codes| codes[at].as_string().as_deref() == Some(code))
        };
        let number = |cell: &Data| match cell {
            Data::Float(number) => Decimal::from_str_exact(&number.to_string()).unwrap(),
            _ => Decimal::ZERO,
        };
        let counted = cells.iter().enumerate().filter(|(at, _)| counts(*at));
        counted.map(|(_, cell)| number(cell)).sum()
    }

    /// The cells of a range in one column, `G6:G125`.
    fn column(&self, sheet: &str, range: &str) -> Vec<Data> {
        let (first, last) = range.split_once(':').unwrap();
        let (first, last) = (cell(first), cell(last));
        assert_eq!(first.1, last.1, "{range}");
        (first.0..=last.0).map(|row| self.value(sheet, (row, first.1))).collect()
    }

    /// Part of the package as text.
    fn part(&self, name: &str) -> String {
        let mut archive = ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn parts(&self) -> Vec<String> {
        let archive = ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        archive.file_names().map(|name| name.unwrap().into_owned()).collect()
    }
}

#[test]
fn the_first_sheet_sums_up_and_the_last_has_the_parameters() {
    let book = Book::of(&workpaper());
    let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Summary",
            "Five tie-outs",
            "Deals against invoices",
            "Reconciling items",
            "By reason",
            "Within the limit, together",
            "AR roll-forward",
            "Bookings to billings",
            "Aging by customer, due date",
            "Parameters",
        ]
    );
    for text in ["Version 3, draft", "AQ-US, Alder Quay Instruments, Inc.", "Sign-off", "Totals"] {
        book.find("Summary", text);
    }
    for text in ["Rules", "NOT_INVOICED", "[A]", "Hash of the content"] {
        book.find("Parameters", text);
    }
}

#[test]
fn amounts_dates_and_counts_are_numbers() {
    let book = Book::of(&hard());
    let sheet = "Open items of all companies";
    let (row, column) = book.find(sheet, "INV-0001");
    assert_eq!(book.value(sheet, (row, column + 4)), Data::Float(3.0));
    assert_eq!(book.value(sheet, (row, column + 5)), Data::Float(-11_920.81));
    assert_eq!(book.value(sheet, (row, column + 6)), Data::String("EUR".to_owned()));
    assert_eq!(book.value(sheet, (row, column + 8)), Data::Float(1.0851));
    let Data::DateTime(due) = book.value(sheet, (row, column + 3)) else { panic!("not a date") };
    assert_eq!(due.as_f64(), 46_024.0);
}

#[test]
fn the_currency_stands_in_the_heading_or_beside_each_amount() {
    let book = Book::of(&hard());
    book.find("Open items of all companies", "Open, currency");
    book.find("Open items of all companies", "Booked at closing rate, USD");
    let book = Book::of(&workpaper());
    book.find("Reconciling items", "Expected, USD");
}

#[test]
fn every_total_is_a_live_formula_with_our_result() {
    for report in [workpaper(), hard()] {
        let book = Book::of(&report);
        for section in &report.sections {
            for line in &section.totals {
                for sum in &line.sums {
                    let unit = sum.value.currency().map_or("count".into(), |code| code.to_string());
                    let rank = if line.rank == Rank::Total { "total" } else { "subtotal" };
                    let section = section.id.replace('-', "_");
                    let name = format!("{rank}_{section}_{}_{unit}", sum.column);
                    let place = place(&book.names[&name]);
                    let formula = book.formula(&place.0, place.1);
                    assert!(formula.contains("SUM(") || formula.contains("SUMIF("), "{formula}");
                    let expected = match sum.value {
                        Value::Money(money) => money.to_plain(),
                        Value::Count(count) => count.to_string(),
                    };
                    let stored = book.value(&place.0, place.1);
                    assert_eq!(stored, Data::Float(expected.parse().unwrap()), "{name}");
                    let again = book.re_add(&place.0, &formula);
                    assert_eq!(again, Decimal::from_str_exact(&expected).unwrap(), "{name}");
                }
            }
        }
    }
}

/// `'Five tie-outs'!$D$12` as sheet, row and column.
fn place(reference: &str) -> (String, (u32, u32)) {
    let (sheet, at) = reference.rsplit_once('!').unwrap();
    (sheet.trim_matches('\'').to_owned(), cell(at))
}

/// `$D$12` as row and column.
fn cell(at: &str) -> (u32, u32) {
    let at = at.replace('$', "");
    let digits = at.find(|sign: char| sign.is_ascii_digit()).unwrap();
    let (letters, row) = at.split_at(digits);
    let column = letters.bytes().fold(0, |at, letter| at * 26 + u32::from(letter - b'A') + 1);
    (row.parse::<u32>().unwrap() - 1, column - 1)
}

#[test]
fn a_mixed_column_is_added_by_currency() {
    let book = Book::of(&hard());
    let (sheet, at) = place(&book.names["total_open_items_open_KWD"]);
    assert_eq!(book.formula(&sheet, at), "ROUND(SUMIF(G6:G125,\"KWD\",F6:F125),3)");
    let (sheet, at) = place(&book.names["total_open_items_booked_USD"]);
    assert_eq!(book.formula(&sheet, at), "ROUND(SUM(H6:H125),2)");
    let (sheet, at) = place(&book.names["subtotal_open_items_booked_USD"]);
    assert_eq!(book.formula(&sheet, at), "ROUND(SUM(H6:H45),2)");
    let (sheet, at) = place(&book.names["total_open_items_days_count"]);
    assert_eq!(book.formula(&sheet, at), "SUM(E6:E125)");
}

#[test]
fn the_summary_points_at_the_totals() {
    let book = Book::of(&workpaper());
    let (row, column) = book.find("Summary", "Absolute");
    assert_eq!(book.formula("Summary", (row, column + 2)), "'Deals against invoices'!$D$10");
    assert_eq!(book.value("Summary", (row, column + 2)), Data::Float(527_495.04));
    assert_eq!(book.value("Summary", (row, column + 3)), Data::String("proved".to_owned()));
}

#[test]
fn a_total_that_does_not_foot_is_a_number_and_not_a_formula() {
    let mut report = workpaper();
    let sum = &mut report.sections[2].totals[0].sums[0];
    sum.value = money("745300.01", "USD").into();
    sum.proof = Proof::Unproved { why: "The source was not read.".to_owned() };
    let book = Book::of(&report);
    let (sheet, at) = place(&book.names["total_reconciling_items_expected_USD"]);
    assert_eq!(book.formula(&sheet, at), "");
    assert_eq!(book.value(&sheet, at), Data::Float(745_300.01));
}

#[test]
fn words_stay_words_even_if_they_look_like_a_formula() {
    let book = Book::of(&hard());
    let sheet = "Open items of all companies";
    let text = "=HYPERLINK(\"http://example.test\";\"click\")";
    let at = book.find(sheet, text);
    assert_eq!(book.formula(sheet, at), "");
    assert!(book.part("xl/styles.xml").contains("quotePrefix=\"1\""));
    book.find(sheet, "株式会社 Kabushiki Holdings");
}

#[test]
fn sheets_are_set_up_for_work_and_print() {
    for (paper, size) in [(Paper::A4, 9), (Paper::Letter, 1)] {
        let bytes = xlsx(&hard(), paper).unwrap();
        let mut book = Book::of(&hard());
        book.bytes = bytes;
        let sheet = book.part("xl/worksheets/sheet2.xml");
        let set_up = format!("<pageSetup paperSize=\"{size}\" orientation=\"landscape\"");
        let set_up = set_up.replace(" orientation", " fitToHeight=\"0\" orientation");
        assert!(sheet.contains(&set_up), "{sheet:.0}");
        assert!(sheet.contains("<pane ySplit=\"5\" topLeftCell=\"A6\""));
        assert!(sheet.contains("Page &amp;P of &amp;N"));
        assert!(book.part("xl/tables/table1.xml").contains("<autoFilter ref=\"A5:K125\"/>"));
        let book_part = book.part("xl/workbook.xml");
        assert!(book_part.contains("_xlnm.Print_Titles"));
        assert!(book_part.contains("_xlnm.Print_Area"));
    }
}

#[test]
fn there_are_no_macros_and_no_links_but_deep_links() {
    let book = Book::of(&hard());
    for part in book.parts() {
        let harmful = ["vba", "externalLink", "activeX", "connections"];
        assert!(!harmful.iter().any(|word| part.contains(word)), "{part}");
    }
    let links = book.part("xl/worksheets/_rels/sheet2.xml.rels");
    assert_eq!(links.matches("https://app.qbo.intuit.com/").count(), 120);
}

#[test]
fn proved_totals_are_ruled_twice_and_unproved_ones_dashed() {
    let book = Book::of(&hard());
    let styles = book.part("xl/styles.xml");
    assert!(styles.contains("<bottom style=\"double\">"));
    assert!(styles.contains("<bottom style=\"dashed\">"));
    assert!(!Book::of(&workpaper()).part("xl/styles.xml").contains("style=\"dashed\""));
}

#[test]
fn an_amount_that_a_workbook_cannot_hold_is_refused() {
    let mut report = workpaper();
    let section = &mut report.sections[2];
    section.totals.clear();
    section.rows[0].cells[3] = tieout_report::Cell::Money(money("90071992547409.93", "USD"));
    let refused = xlsx(&report, Paper::A4).unwrap_err();
    assert!(matches!(refused, ReportError::AmountTooLarge { column, .. } if column == "expected"));
    let section = &mut report.sections[2];
    section.rows[0].cells[3] = tieout_report::Cell::Money(money("90071992547409.92", "USD"));
    assert!(xlsx(&report, Paper::A4).is_ok());
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for report in [workpaper(), hard()] {
        for paper in PAPERS {
            assert_eq!(xlsx(&report, paper).unwrap(), xlsx(&report, paper).unwrap());
        }
    }
    let created = "2026-07-06T16:44:00Z";
    assert_eq!(Book::of(&hard()).part("docProps/core.xml").matches(created).count(), 2);
}

#[test]
fn sections_of_one_name_and_columns_of_one_title_are_told_apart() {
    let mut report = workpaper();
    report.sections.truncate(3);
    for section in &mut report.sections {
        section.title = "Summary".to_owned();
        for column in &mut section.columns {
            column.title = "Same".to_owned();
        }
    }
    let book = Book::of(&report);
    let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Summary", "Summary 2", "Summary 3", "Summary 4", "Parameters"]);
}

#[test]
fn a_text_longer_than_a_cell_is_cut_and_says_so() {
    let mut report = workpaper();
    report.sections[2].rows[0].cells[1] = tieout_report::Cell::text("n".repeat(40_000));
    let book = Book::of(&report);
    let (row, column) = book.find("Reconciling items", "D-1039");
    let text = book.value("Reconciling items", (row, column + 1)).to_string();
    assert!(text.ends_with("(cut here; the CSV file has all of it)"), "{}", text.len());
}
