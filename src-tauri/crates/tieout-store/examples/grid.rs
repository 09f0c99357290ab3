//! How long a grid of many rows takes: filled, looked at, sorted, filtered, searched. Prints one
//! JSON document; `cargo xtask bench grid` runs it in release.
#![allow(clippy::print_stdout, reason = "the document is what the program is for")]

use std::time::Instant;

use tieout_store::{
    Comparison, Condition, Sheet, SheetColumn, SheetKind, SheetQuery, SheetRow, SheetValue,
    StoreError,
};

const ROWS: u32 = 100_000;
const PAGE: u32 = 200;
/// Each look is taken this often; the slowest is told.
const TURNS: usize = 5;

const COLUMNS: [SheetColumn; 8] = [
    SheetColumn { name: "number", kind: SheetKind::Text },
    SheetColumn { name: "account", kind: SheetKind::Text },
    SheetColumn { name: "deal", kind: SheetKind::Text },
    SheetColumn { name: "dated", kind: SheetKind::Date },
    SheetColumn { name: "due", kind: SheetKind::Date },
    SheetColumn { name: "lateness", kind: SheetKind::Count },
    SheetColumn { name: "total", kind: SheetKind::Money },
    SheetColumn { name: "open", kind: SheetKind::Money },
];

fn main() -> Result<(), StoreError> {
    let begun = Instant::now();
    let sheet = Sheet::fill(&COLUMNS, (0..ROWS).map(row))?;
    let filled_ms = begun.elapsed().as_millis();
    let page = SheetQuery { limit: PAGE, ..SheetQuery::default() };
    let first_page_ms = slowest(&sheet, &page)?;
    let deep = SheetQuery { offset: ROWS - PAGE, ..page.clone() };
    let deep_page_ms = slowest(&sheet, &deep)?;
    let by_text = SheetQuery { sort: vec![("account", false)], ..page.clone() };
    let sort_text_ms = slowest(&sheet, &by_text)?;
    let by_amount = SheetQuery { sort: vec![("open", true)], ..page.clone() };
    let sort_amount_ms = slowest(&sheet, &by_amount)?;
    let late = Condition {
        column: "lateness",
        comparison: Comparison::AtLeast,
        value: "60".to_owned(),
    };
    let filtered = SheetQuery { conditions: vec![late], ..page.clone() };
    let filter_ms = slowest(&sheet, &filtered)?;
    let searched = SheetQuery { text: "account 4711".to_owned(), ..page };
    let search_ms = slowest(&sheet, &searched)?;
    println!(
        "{{\"rows\":{ROWS},\"fill_ms\":{filled_ms},\"first_page_ms\":{first_page_ms},\
         \"deep_page_ms\":{deep_page_ms},\"sort_text_ms\":{sort_text_ms},\
         \"sort_amount_ms\":{sort_amount_ms},\"filter_ms\":{filter_ms},\"search_ms\":{search_ms}}}"
    );
    Ok(())
}

fn slowest(sheet: &Sheet, query: &SheetQuery) -> Result<u128, StoreError> {
    let mut slowest = 0;
    for _ in 0..TURNS {
        let begun = Instant::now();
        sheet.page(query)?;
        slowest = slowest.max(begun.elapsed().as_millis());
    }
    Ok(slowest)
}

fn row(at: u32) -> SheetRow {
    let account = format!("Account {}", at % 5_000);
    let day = format!("2026-{:02}-{:02}", at % 12 + 1, at % 28 + 1);
    let minor = i64::from(at % 9_973) * 137;
    let shown = format!(
        "{{\"key\":\"{at}\",\"number\":\"{at}\",\"account\":\"{account}\",\"dated\":\"{day}\"}}"
    );
    SheetRow {
        group: 0,
        id: at.to_string(),
        currency: "USD".to_owned(),
        values: vec![
            SheetValue::Text(at.to_string()),
            SheetValue::Text(account),
            SheetValue::Missing,
            SheetValue::Text(day.clone()),
            SheetValue::Text(day),
            SheetValue::Count(i64::from(at % 120)),
            SheetValue::Money(minor),
            SheetValue::Money(minor),
        ],
        shown,
    }
}
