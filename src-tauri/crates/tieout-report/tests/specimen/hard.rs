//! A report that is hard to print: 120 rows, long names and words, accents, signs outside the
//! font, text that looks like a formula, several currencies, missing values, unproved totals.

use rust_decimal::Decimal;
use tieout_domain::Money;
use tieout_report::*;

use super::{money, proved, total, workpaper};

const NAMES: [&str; 8] = [
    "Vantry Logistics, Inc.",
    "Société Générale des Équipements Électroniques et Ferroviaires de l'Île-de-France S.A.",
    "Müller-Lüdenscheidt Präzisionsgerätebau und Sonderanfertigungen GmbH & Co. KG aA",
    "Zażółć Gęślą Jaźń Spółka z ograniczoną odpowiedzialnością",
    "=HYPERLINK(\"http://example.test\";\"click\")",
    "株式会社 Kabushiki Holdings",
    "Αθήνα Ναυτιλιακή Α.Ε.",
    "ООО «Прецизионные измерения и автоматизация»",
];
const CODES: [&str; 4] = ["USD", "EUR", "JPY", "KWD"];

/// A figure that varies by row without chance.
fn amount(row: usize, code: &str) -> Money {
    let minor =
        i64::try_from(row * row * 7_919 % 9_999_999).expect("the specimen is legal") - 1_200_000;
    Money::from_minor(minor, money("0", code).currency())
}

pub fn hard() -> Report {
    let mut report = workpaper();
    report.id = "WP-2026-06-GROUP".to_owned();
    report.title = "Receivables of the group, all companies and all currencies".to_owned();
    report.subtitle = "A specimen that is hard to print".to_owned();
    report.legal_name = "Alder Quay Instruments Holding Société Anonyme de Droit \
                         Luxembourgeois and its consolidated subsidiaries"
        .to_owned();
    report.currency = "USD, EUR, JPY, KWD".to_owned();
    report.sections = vec![open_items(), wide(), incomplete(), empty()];
    report
}

fn open_items() -> Section {
    let columns = vec![
        Column::new("number", "Number", Kind::Link),
        Column::new("customer", "Customer", Kind::Text).tone(Tone::Strong),
        Column::new("remark", "Remark", Kind::Text).under("customer"),
        Column::new("due", "Due", Kind::Date),
        Column::new("days", "Days late", Kind::Count),
        Column::new("open", "Open", Kind::Money),
        Column::new("booked", "Booked at closing rate", Kind::Money),
        Column::new("rate", "Rate", Kind::Decimal),
        Column::new("share", "Share", Kind::Percent),
    ];
    let rows: Vec<Row> = (0..120).map(open_item).collect();
    let mut section = Section::new("open-items", "Open items of all companies", columns, rows);
    section.columns[0].weight = 0;
    section.notes.push("Every document that is open on 30 Jun 2026, incl. tax.".to_owned());
    for code in CODES {
        let sum = sum_of(&section, 5, code);
        let sums = vec![proved("open", sum)];
        section.totals.push(total(
            &format!("All in {code}"),
            Rank::Total,
            0..120,
            sums,
            &[TickMark::Footed],
        ));
    }
    let booked = sum_of(&section, 6, "USD");
    let first = Money::sum(
        booked.currency(),
        (0..40).map(|row| match &section.rows[row].cells[6] {
            Cell::Money(money) => *money,
            _ => money("0", "USD"),
        }),
    )
    .expect("the specimen is legal");
    let sums = vec![proved("booked", first)];
    section.totals.insert(0, total("First 40 documents", Rank::Subtotal, 0..40, sums, &[]));
    let sums = vec![proved("booked", booked), proved("days", days(&section))];
    section.totals.push(total(
        "120 documents, in USD at closing rates of 30 Jun 2026",
        Rank::Total,
        0..120,
        sums,
        &[],
    ));
    section
}

fn open_item(row: usize) -> Row {
    let code = CODES[row % CODES.len()];
    let name = NAMES[row % NAMES.len()];
    let remark = match row % 10 {
        3 => "x".repeat(80),
        4 => "@SUM(A1:A9)".to_owned(),
        5 => {
            "disputed, waiting for the proof of delivery that the carrier could not yet find".into()
        }
        _ => String::new(),
    };
    let date = jiff::civil::date(2026, 1, 1)
        + jiff::Span::new().days(i64::try_from(row).expect("the specimen is legal"));
    let url = format!("https://app.qbo.intuit.com/app/invoice?txnId={row}&companyId=913035712046");
    let marks: &[TickMark] = if row.is_multiple_of(7) {
        &[TickMark::Exception, TickMark::ManualDecision]
    } else {
        &[TickMark::AgreedToLedger]
    };
    Row::new(vec![
        Cell::Link { text: format!("INV-{row:04}"), url },
        Cell::text(name),
        Cell::text(remark),
        Cell::Date(date),
        Cell::Count(u64::try_from(row * 3).expect("the specimen is legal")),
        Cell::Money(amount(row, code)),
        Cell::Money(amount(row + 1, "USD")),
        Cell::Decimal(Decimal::new(10_850 + i64::try_from(row).expect("the specimen is legal"), 4)),
        Cell::Decimal(Decimal::new(i64::try_from(row).expect("the specimen is legal"), 3)),
    ])
    .marked(marks)
}

fn sum_of(section: &Section, column: usize, code: &str) -> Money {
    let currency = money("0", code).currency();
    let amounts = section.rows.iter().filter_map(|row| match &row.cells[column] {
        Cell::Money(money) if money.currency() == currency => Some(*money),
        _ => None,
    });
    Money::sum(currency, amounts).expect("the specimen is legal")
}

fn days(section: &Section) -> u64 {
    section.rows.iter().map(|row| if let Cell::Count(days) = row.cells[4] { days } else { 0 }).sum()
}

/// Sixteen columns: more than fit upright.
fn wide() -> Section {
    let mut columns = vec![
        Column::new("deal", "Deal", Kind::Code).tone(Tone::Quiet),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
    ];
    let figures = [
        "A contract",
        "E expected",
        "I invoiced",
        "B billed",
        "G incl. tax",
        "C collected",
        "K credits",
        "W other",
        "O open",
        "Variance",
        "Backlog",
    ];
    for (at, title) in figures.iter().enumerate() {
        columns.push(Column::new(format!("f{at}"), *title, Kind::Money));
    }
    columns.push(Column::new("billing", "Billing status", Kind::Code));
    columns.push(Column::new("cash", "Cash status", Kind::Code));
    columns.push(Column::new("verdict", "Verdict", Kind::Code));
    let rows: Vec<Row> = (0..45)
        .map(|row| {
            let mut cells = vec![
                Cell::text(format!("D-{:04}", 1000 + row)),
                Cell::text(NAMES[row % NAMES.len()]),
            ];
            cells.extend((0..figures.len()).map(|at| {
                if (row + at).is_multiple_of(5) {
                    Cell::Money(money("0", "USD"))
                } else {
                    Cell::Money(amount(row * 13 + at, "USD"))
                }
            }));
            cells.extend(["PART_BILLED", "OVERDUE", "EXPLAINED"].map(Cell::text));
            Row::new(cells)
        })
        .collect();
    let mut section = Section::new("deal-detail", "Deal detail", columns, rows);
    let sums = (0..figures.len())
        .map(|at| proved(&format!("f{at}"), sum_of(&section, at + 2, "USD")))
        .collect();
    section.totals.push(total(
        "45 deals",
        Rank::Total,
        0..45,
        sums,
        &[TickMark::Footed, TickMark::CrossFooted],
    ));
    section
}

/// A source that was read in part: a missing value and totals that are not proved.
fn incomplete() -> Section {
    let columns = vec![
        Column::new("source", "Source", Kind::Text),
        Column::new("expected", "Expected", Kind::Count),
        Column::new("read", "Read", Kind::Count),
        Column::new("amount", "Amount", Kind::Money),
    ];
    let row = |source: &str, expected, read, amount| {
        Row::new(vec![Cell::text(source), Cell::Count(expected), Cell::Count(read), amount])
    };
    let rows = vec![
        row("Xero payments, GBP", 4, 3, Cell::Flagged("unknown".to_owned())),
        row("Xero invoices, GBP", 12, 12, Cell::Money(money("-48210.00", "GBP"))),
    ];
    let mut section = Section::new("read-in-part", "Read in part", columns, rows);
    let why = "Xero payments: 3 of 4 were read; the fourth page was refused.";
    section.totals.push(total(
        "All sources",
        Rank::Total,
        0..2,
        vec![
            Sum::proved("expected", 16.into(), "count of the source"),
            Sum::unproved("read", 15.into(), why),
            Sum::unproved("amount", money("-48210.00", "GBP").into(), why),
        ],
        &[TickMark::Exception],
    ));
    section.span = Span::Natural;
    section
}

fn empty() -> Section {
    let columns = vec![
        Column::new("record", "Record", Kind::Text),
        Column::new("amount", "Amount", Kind::Money),
    ];
    let mut section = Section::new("exclusions", "Exclusions", columns, Vec::new());
    section.empty = "Nothing was excluded in this period.".to_owned();
    section
}
