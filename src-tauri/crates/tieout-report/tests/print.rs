//! The printed report, read back from its bytes.
// A test may measure in floating point; the product does not.
#![allow(clippy::float_arithmetic, clippy::unwrap_used)]

mod read_pdf;
mod specimen;

use std::collections::BTreeMap;

use read_pdf::{Page, Print, Shown};
use specimen::{hard, money, usd, workpaper};
use tieout_report::{
    Cell, Column, Kind, Paper, Proof, Rank, Report, ReportError, Row, Section, TotalLine, pdf,
};

const PAPERS: [Paper; 2] = [Paper::A4, Paper::Letter];
/// Margins in points: 20 mm left, 14 mm right at least, 13 mm top, 8 mm below the footer.
const LEFT: f64 = 56.69;
const RIGHT: f64 = 39.68;
const TOP: f64 = 36.85;
const BOTTOM: f64 = 22.6;
/// What rounding to thousandths of a point may move.
const HAIR: f64 = 0.02;

#[track_caller]
fn print(report: &Report, paper: Paper) -> Print {
    Print::read(&pdf(report, paper).unwrap())
}

/// Runs a check over both specimens on both papers.
#[track_caller]
fn check(check: impl Fn(&Report, &Print)) {
    for report in [workpaper(), hard()] {
        for paper in PAPERS {
            check(&report, &print(&report, paper));
        }
    }
}

#[test]
fn every_page_says_whose_report_it_is() {
    check(|report, print| {
        for page in &print.pages {
            for text in [&report.legal_name, &report.id] {
                assert!(page.has(text), "{text}");
            }
            let scope = format!("{}, as of 30 Jun 2026, {}", report.period, report.currency);
            let kind = format!("{}, {}", report.entity, report.title);
            let state = format!("{}, {}", report.id, report.status);
            let made = "Tieout 1.0.0, run 4,182, printed 6 Jul 2026 09:44 PDT";
            for text in [&scope, &kind, &state, "Snapshot 9b1e 44c7 0d52 a1f8", made] {
                assert!(page.has(text), "{text}");
            }
        }
    });
}

#[test]
fn every_page_is_numbered() {
    check(|_, print| {
        let of = print.pages.len();
        assert!(of >= 3);
        for (position, page) in print.pages.iter().enumerate() {
            assert!(page.has(&format!("Page {} of {of}", position + 1)));
        }
    });
}

#[test]
fn a_table_that_goes_on_repeats_its_headings() {
    for paper in PAPERS {
        let print = print(&hard(), paper);
        let titles = ["Number", "Customer", "Due", "Open", "Rate", "Share", "Marks"];
        let rows = |page: &Page| page.texts.iter().any(|shown| shown.text.starts_with("INV-"));
        let with_rows: Vec<&Page> = print.pages.iter().filter(|page| rows(page)).collect();
        assert!(with_rows.len() > 5);
        for (position, page) in with_rows.into_iter().enumerate() {
            for title in titles {
                assert!(page.has(title), "{title}");
            }
            assert_eq!(page.has("Open items of all companies, continued"), position > 0);
        }
    }
}

#[test]
fn no_text_leaves_the_margins() {
    check(|_, print| {
        for page in &print.pages {
            for shown in &page.texts {
                let inside = shown.x >= (LEFT - HAIR)
                    && shown.right() <= ((page.width - RIGHT) + HAIR)
                    && shown.y >= BOTTOM
                    && (shown.y + shown.size) <= (page.height + (-TOP + 8.0));
                assert!(inside, "{shown:?}");
            }
            for rule in &page.rules {
                let inside = rule.x0 >= (LEFT - 4.0) && rule.x1 <= (page.width - RIGHT + HAIR);
                assert!(inside, "{rule:?}");
            }
        }
    });
}

#[test]
fn no_text_runs_into_another() {
    check(|_, print| {
        for page in &print.pages {
            let mut lines: BTreeMap<i64, Vec<&Shown>> = BTreeMap::new();
            for shown in &page.texts {
                lines.entry(tenths(shown.y)).or_default().push(shown);
            }
            for (_, mut line) in lines {
                line.sort_by(|a, b| a.x.total_cmp(&b.x));
                for pair in line.windows(2) {
                    let apart = pair[1].x - pair[0].right();
                    assert!(apart > -HAIR, "{:?} {:?}", pair[0], pair[1]);
                }
            }
        }
    });
}

#[test]
fn figures_of_a_column_end_at_one_edge_under_their_heading() {
    for paper in PAPERS {
        let print = print(&workpaper(), paper);
        for (heading, edges) in [
            ("Not yet due", "Aging by customer, due date"),
            ("Receivable", "Aging by customer, due date"),
            ("Unapplied", "Aging by customer, due date"),
            ("Expected", "Reconciling items"),
            ("Difference", "Reconciling items"),
            ("Net difference", "Deals against invoices"),
        ] {
            let page = print.pages.iter().find(|page| page.has(edges)).unwrap();
            let top = page.texts.iter().find(|shown| shown.text == edges).unwrap().y;
            let below = |shown: &&Shown| shown.text == heading && shown.y < top;
            let title = page.texts.iter().find(below).unwrap();
            let column = figures_under(page, title);
            assert!(column.len() > 4, "{heading}");
            for figure in column {
                let off = (figure.digits_right() - title.right()).abs();
                // Brackets of the two weights differ by less than a tenth of a point.
                assert!(off < 0.12, "{heading}: {figure:?} against {}", title.right());
            }
        }
    }
}

/// Figures right below a heading, up to the next heading of a section.
fn figures_under<'a>(page: &'a Page, title: &Shown) -> Vec<&'a Shown> {
    let next_section = page
        .texts
        .iter()
        .filter(|shown| shown.y < title.y && (shown.size - 9.0).abs() < HAIR)
        .map(|shown| shown.y)
        .fold(0.0, f64::max);
    let is_figure = |text: &str| {
        text.chars().all(|sign| sign.is_ascii_digit() || "(),.-".contains(sign))
            && (text == "-" || text.contains('.'))
    };
    page.texts
        .iter()
        .filter(|shown| shown.y < title.y && shown.y > next_section && is_figure(&shown.text))
        .filter(|shown| {
            shown.right() > (title.x - 4.0) && shown.x < title.right() && shown.size < 9.0
        })
        .filter(|shown| (shown.digits_right() - title.right()).abs() < 20.0)
        .collect()
}

#[test]
fn points_of_a_mixed_column_stand_under_each_other() {
    let print = print(&hard(), Paper::A4);
    let page = &print.pages[1];
    let points: Vec<f64> = page
        .texts
        .iter()
        .filter(|shown| shown.x > 290.0 && shown.x < 400.0 && shown.text.contains('.'))
        .filter(|shown| shown.text.ends_with(|sign: char| sign.is_ascii_digit() || sign == ')'))
        .map(|shown| {
            let digits = shown.text.trim_end_matches(')');
            let places = digits.len() - digits.find('.').unwrap() - 1;
            let digit = if shown.font.contains("Regular") { 648.0 } else { 647.0 };
            let after = (0..places).fold(288.0, |width, _| width + digit);
            shown.digits_right() - after * shown.size * 0.001
        })
        .collect();
    assert!(points.len() > 8);
    for point in &points {
        assert!((*point - points[0]).abs() < 0.1, "{points:?}");
    }
}

#[test]
fn fonts_are_embedded_and_cut_to_what_is_used() {
    check(|_, print| {
        assert_eq!(print.fonts.len(), 5);
        for (name, embedded) in &print.fonts {
            let (tag, face) = name.split_once('+').unwrap();
            assert!(*embedded && tag.len() == 6 && face.starts_with("Inter"), "{name}");
        }
    });
    assert!(pdf(&workpaper(), Paper::A4).unwrap().len() < 100_000);
}

#[test]
fn text_can_be_searched_and_what_the_font_lacks_is_seen() {
    let text = print(&hard(), Paper::A4).text();
    for words in ["Zażółć Gęślą", "Ναυτιλιακή", "Прецизионные", "@SUM(A1:A9)", "Équipements"]
    {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.contains("\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD} Kabushiki Holdings"));
    let counted = text.replace('\n', " ");
    assert!(counted.contains("80 characters are not in the font of this print"), "{counted}");
}

#[test]
fn a_word_without_spaces_is_broken_and_not_clipped() {
    let text = print(&hard(), Paper::A4).text();
    let crosses = text.chars().filter(|sign| *sign == 'x').count();
    // Twelve such words of 80 letters, and the letters of ordinary words.
    assert!(crosses >= 12 * 80);
}

#[test]
fn a_proved_total_is_ruled_twice_and_no_other() {
    for (report, proved, dashed) in [(workpaper(), 19, 0), (hard(), 18, 2)] {
        let print = print(&report, Paper::A4);
        let rules = || print.pages.iter().flat_map(|page| &page.rules);
        let double = rules().filter(|rule| (rule.weight - 0.75).abs() < 0.01).count();
        assert_eq!((double, rules().filter(|rule| rule.dashed).count()), (2 * proved, dashed));
    }
}

#[test]
fn page_one_says_what_the_rules_mean_and_how_many_are_dashed() {
    let first = |report| print(&report, Paper::A4).pages[0].text().replace('\n', " ");
    assert!(first(workpaper()).contains("no total in this report is dashed."));
    assert!(first(hard()).contains("2 totals in this report are dashed."));
    let text = print(&hard(), Paper::A4).text();
    assert!(
        text.contains("Not proved: Xero payments: 3 of 4 were read; the fourth page was refused.")
    );
}

#[test]
fn a_total_that_does_not_foot_is_never_printed() {
    let mut report = workpaper();
    report.sections[2].totals[0].sums[0].value = money("745300.01", "USD").into();
    let refused = pdf(&report, Paper::A4).unwrap_err();
    assert!(matches!(refused, ReportError::DoesNotFoot { column, .. } if column == "expected"));
    let sum = &mut report.sections[2].totals[0].sums[0];
    sum.proof = Proof::Unproved { why: "The source was not read.".to_owned() };
    assert_eq!(
        print(&report, Paper::A4)
            .pages
            .iter()
            .flat_map(|page| &page.rules)
            .filter(|rule| rule.dashed)
            .count(),
        1
    );
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for report in [workpaper(), hard()] {
        for paper in PAPERS {
            assert_eq!(pdf(&report, paper).unwrap(), pdf(&report, paper).unwrap());
        }
    }
}

#[test]
fn the_document_describes_itself_with_the_time_that_was_given() {
    check(|report, print| {
        let trailer = &print.document.trailer;
        let properties = trailer.get(b"Info").unwrap().as_reference().unwrap();
        let properties = print.document.get_dictionary(properties).unwrap();
        let made = properties.get(b"CreationDate").unwrap().as_str().unwrap();
        assert_eq!(made, b"D:20260706164400Z");
        let title = properties.get(b"Title").unwrap().as_str().unwrap();
        let units: Vec<u16> =
            title[2..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        let title = String::from_utf16(&units).unwrap();
        assert_eq!(title, format!("{} {}", report.title, report.id));
        assert_eq!(trailer.get(b"ID").unwrap().as_array().unwrap().len(), 2);
        assert!(print.catalog_has("Outlines") && print.catalog_has("Lang"));
    });
}

#[test]
fn deep_links_lead_out_and_nothing_else_does() {
    let mut report = workpaper();
    let column = report.sections[2].column("deal").unwrap();
    report.sections[2].rows[0].cells[column] =
        Cell::Link { text: "D-1039".to_owned(), url: "javascript:alert(1)".to_owned() };
    let print = print(&report, Paper::A4);
    let links: Vec<&String> = print.pages.iter().flat_map(|page| &page.links).collect();
    assert_eq!(links.len(), 9);
    assert!(links.iter().all(|url| url.starts_with("https://alderquay.my.salesforce.com/")));
    assert!(print.text().contains("D-1039"));
}

#[test]
fn a_wide_table_moves_to_a_page_on_its_side() {
    let print = print(&hard(), Paper::Letter);
    let wide: Vec<&Page> = print.pages.iter().filter(|page| page.width > page.height).collect();
    assert!(!wide.is_empty());
    assert!(wide.iter().all(|page| page.text().contains("Deal detail")));
}

#[test]
fn a_table_that_fits_on_no_page_is_an_error_that_names_it() {
    let columns: Vec<Column> =
        (0..50).map(|at| Column::new(format!("c{at}"), "Amount", Kind::Money)).collect();
    let row = Row::new((0..50).map(|_| usd("1234567.89")).collect());
    let mut report = workpaper();
    report.sections = vec![Section::new("much", "Much", columns, vec![row])];
    let refused = pdf(&report, Paper::A4).unwrap_err();
    assert!(matches!(&refused, ReportError::TooWide { section } if section == "much"));
    for column in report.sections[0].columns.iter_mut().skip(8) {
        column.print = tieout_report::Print::Omit;
    }
    assert!(print(&report, Paper::A4).text().contains("Only in the workbook and the CSV file:"));
}

#[test]
fn a_row_taller_than_a_page_is_parted_and_nothing_is_lost() {
    let columns = vec![
        Column::new("name", "Name", Kind::Text),
        Column::new("text", "Text", Kind::Text),
        Column::new("amount", "Amount", Kind::Money),
    ];
    let words: Vec<String> = (0..4_000).map(|at| format!("w{at}")).collect();
    let row = Row::new(vec![Cell::text("Long"), Cell::text(words.join(" ")), usd("-1.00")]);
    let mut report = workpaper();
    report.sections = vec![Section::new("long", "Long", columns, vec![row])];
    for paper in PAPERS {
        let print = print(&report, paper);
        let text = print.text().replace('\n', " ");
        let mut found = text
            .split(' ')
            .filter(|word| word.strip_prefix('w').is_some_and(|rest| rest.parse::<u32>().is_ok()));
        assert!(words.iter().all(|word| found.next() == Some(word.as_str())));
        let bottom = print.pages.iter().flat_map(|page| &page.texts).map(|shown| shown.y);
        assert!(bottom.fold(f64::MAX, f64::min) > BOTTOM);
    }
}

#[test]
fn a_report_without_sections_rows_and_signatures_is_one_page() {
    let mut report = workpaper();
    report.sections.clear();
    report.sign_off = None;
    report.parameters.clear();
    report.definitions.clear();
    let print = print(&report, Paper::A4);
    assert_eq!(print.pages.len(), 1);
    assert!(print.pages[0].has("Page 1 of 1") && print.pages[0].has("Integrity"));
    assert!(!print.text().contains("double rule"));
}

#[test]
fn a_subtotal_has_a_rule_above_and_none_below() {
    let mut report = workpaper();
    let section = &mut report.sections[2];
    let (rank, marks) = (Rank::Subtotal, Vec::new());
    let sums = vec![specimen::proved("difference", money("-129250.00", "USD"))];
    let label = "In the way of sign-off".to_owned();
    section.totals.insert(0, TotalLine { label, rank, rows: 0..2, sums, marks });
    let print = print(&report, Paper::A4);
    let page = print.pages.iter().find(|page| page.has("In the way of sign-off")).unwrap();
    let label = page.texts.iter().find(|shown| shown.text == "In the way of sign-off").unwrap();
    let next_row = page.texts.iter().find(|shown| shown.text == "D-1033").unwrap();
    let between = |y: f64| y < label.y && y > next_row.y;
    assert!(!page.rules.iter().any(|rule| between(rule.y)), "no rule below a subtotal");
    assert!(label.y > next_row.y, "a subtotal stands under the rows it adds");
}

fn tenths(y: f64) -> i64 {
    (y * 10.0).round() as i64
}
