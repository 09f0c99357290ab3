use std::cmp::Ordering;

use super::*;

const COLUMNS: [SheetColumn; 4] = [
    SheetColumn { name: "account", kind: SheetKind::Text },
    SheetColumn { name: "open", kind: SheetKind::Money },
    SheetColumn { name: "age", kind: SheetKind::Count },
    SheetColumn { name: "due", kind: SheetKind::Date },
];

/// `group account currency open age due`; `-` is missing.
fn row(line: &str) -> SheetRow {
    let parts: Vec<&str> = line.split(' ').collect();
    let number = |text: &str| text.parse::<i64>().ok();
    SheetRow {
        group: parts[0].parse().unwrap(),
        id: parts[1].to_owned(),
        currency: parts[2].to_owned(),
        shown: parts[1].to_owned(),
        values: vec![
            SheetValue::Text(parts[1].to_owned()),
            number(parts[3]).map_or(SheetValue::Missing, SheetValue::Money),
            number(parts[4]).map_or(SheetValue::Missing, SheetValue::Count),
            SheetValue::Text(parts[5].to_owned()),
        ],
    }
}

fn sheet() -> Sheet {
    let lines = [
        "0 Vantry USD 10820000 8 2026-06-22",
        "0 acme USD 500 0 2026-07-01",
        "1 Brouwer EUR 38000 19 2026-06-11",
        "1 Zephyr USD - 4 2026-06-26",
    ];
    Sheet::fill(&COLUMNS, lines.map(row)).unwrap()
}

fn query() -> SheetQuery {
    SheetQuery { limit: 100, ..SheetQuery::default() }
}

#[track_caller]
fn check(query: &SheetQuery, want: &[&str]) {
    assert_eq!(sheet().page(query).unwrap().rows, want);
}

fn where_(column: &'static str, comparison: Comparison, value: &str) -> SheetQuery {
    let condition = Condition { column, comparison, value: value.to_owned() };
    SheetQuery { conditions: vec![condition], ..query() }
}

#[test]
fn rows_stand_as_they_came_group_by_group() {
    check(&query(), &["Vantry", "acme", "Brouwer", "Zephyr"]);
}

#[test]
fn words_sort_without_case_and_inside_their_group() {
    check(
        &SheetQuery { sort: vec![("account", false)], ..query() },
        &["acme", "Vantry", "Brouwer", "Zephyr"],
    );
}

#[test]
fn amounts_sort_by_currency_first_and_what_is_missing_stands_last() {
    let down = SheetQuery { sort: vec![("open", true)], ..query() };
    check(&down, &["Vantry", "acme", "Brouwer", "Zephyr"]);
    let up = SheetQuery { sort: vec![("open", false)], ..query() };
    check(&up, &["acme", "Vantry", "Brouwer", "Zephyr"]);
}

#[test]
fn a_page_is_a_window_of_the_same_order() {
    let page = sheet().page(&SheetQuery { offset: 1, limit: 2, ..query() }).unwrap();
    assert_eq!(page.rows, ["acme", "Brouwer"]);
    assert_eq!((page.total, page.unfiltered), (4, 4));
}

#[test]
fn conditions_compare_as_their_column_does() {
    check(&where_("account", Comparison::Is, "ACME"), &["acme"]);
    check(&where_("account", Comparison::Contains, "v"), &["Vantry"]);
    check(&where_("account", Comparison::IsNot, "acme"), &["Vantry", "Brouwer", "Zephyr"]);
    check(&where_("open", Comparison::AtLeast, "38000"), &["Vantry", "Brouwer"]);
    check(&where_("age", Comparison::AtMost, "4"), &["acme", "Zephyr"]);
    check(&where_("due", Comparison::AtLeast, "2026-06-26"), &["acme", "Zephyr"]);
    check(&where_("open", Comparison::Is, "many"), &[]);
}

#[test]
fn text_is_found_in_any_word_of_the_row() {
    check(&SheetQuery { text: " BROU ".to_owned(), ..query() }, &["Brouwer"]);
    check(&SheetQuery { text: "2026-06-22".to_owned(), ..query() }, &["Vantry"]);
}

#[test]
fn what_a_person_types_is_never_sql() {
    let typed = "'; DROP TABLE sheet; --";
    check(&where_("account", Comparison::Contains, typed), &[]);
    check(&SheetQuery { text: typed.to_owned(), ..query() }, &[]);
}

#[test]
fn sums_are_per_currency_and_a_missing_amount_leaves_none() {
    let page = sheet().page(&query()).unwrap();
    let told: Vec<_> = page
        .sums
        .iter()
        .map(|sum| (sum.group, sum.currency.as_str(), sum.rows, sum.sums[0].1))
        .collect();
    let want = [
        (Some(0), "USD", 2, Some(10_820_500)),
        (Some(1), "EUR", 1, Some(38_000)),
        (Some(1), "USD", 1, None),
        (None, "EUR", 1, Some(38_000)),
        (None, "USD", 3, None),
    ];
    assert_eq!(told, want);
}

#[test]
fn sums_follow_the_filter() {
    let page = sheet().page(&where_("age", Comparison::AtMost, "8")).unwrap();
    assert_eq!((page.total, page.unfiltered), (3, 4));
    assert_eq!(page.groups[0], GroupCount { group: 0, first: 0, count: 2 });
    assert_eq!(page.groups[1], GroupCount { group: 1, first: 2, count: 1 });
}

#[test]
fn the_sum_of_a_selection_is_that_of_its_rows() {
    let sums = sheet().sums_of(&["acme".to_owned(), "Brouwer".to_owned()]).unwrap();
    let told: Vec<_> = sums.iter().map(|sum| (sum.currency.as_str(), sum.sums[0].1)).collect();
    assert_eq!(told, [("EUR", Some(38_000)), ("USD", Some(500))]);
}

#[test]
fn a_row_is_found_where_it_stands() {
    let sorted = SheetQuery { sort: vec![("account", false)], ..query() };
    assert_eq!(sheet().position(&sorted, "Vantry").unwrap(), Some(1));
    assert_eq!(sheet().position(&sorted, "nobody").unwrap(), None);
}

#[test]
fn a_sum_beyond_its_range_is_an_error() {
    let lines =
        ["0 a USD 9223372036854775807 0 2026-06-01", "0 b USD 9223372036854775807 0 2026-06-01"];
    assert!(Sheet::fill(&COLUMNS, lines.map(row)).unwrap().page(&query()).is_err());
}

#[test]
fn a_value_of_another_kind_is_refused() {
    let mut wrong = row("0 a USD 1 0 2026-06-01");
    wrong.values[1] = SheetValue::Text("1".to_owned());
    assert!(Sheet::fill(&COLUMNS, [wrong]).is_err());
    let mut short = row("0 a USD 1 0 2026-06-01");
    short.values.pop();
    assert!(Sheet::fill(&COLUMNS, [short]).is_err());
}

/// Rows in two groups and two currencies, some of whose values are missing.
fn many() -> (Vec<SheetRow>, Sheet) {
    let one = |at: u32| {
        let currency = if at.is_multiple_of(5) { "EUR" } else { "USD" };
        let mut row = row(&format!(
            "{} {}{} {currency} {} {} 2026-06-{:02}",
            at % 2,
            if at.is_multiple_of(4) { "Nr" } else { "nr" },
            at * 7 % 11,
            i64::from(at * 13 % 17) - 8,
            at % 3,
            at % 28 + 1,
        ));
        row.id = at.to_string();
        row.shown = at.to_string();
        for (column, value) in row.values.iter_mut().enumerate() {
            if at as usize % 6 == column {
                *value = SheetValue::Missing;
            }
        }
        row
    };
    let rows: Vec<SheetRow> = (0..60).map(one).collect();
    (rows.clone(), Sheet::fill(&COLUMNS, rows).unwrap())
}

/// What a row is sorted by, the missing last.
fn key(row: &SheetRow, at: usize) -> Option<(String, i64)> {
    let currency = if COLUMNS[at].kind == SheetKind::Money { &row.currency } else { "" };
    match &row.values[at] {
        SheetValue::Text(text) => Some((text.to_lowercase(), 0)),
        SheetValue::Money(number) | SheetValue::Count(number) => {
            Some((currency.to_owned(), *number))
        }
        SheetValue::Missing => None,
    }
}

#[test]
fn every_column_sorts_as_its_values_do() {
    let (rows, sheet) = many();
    for (at, column) in COLUMNS.iter().enumerate() {
        for descends in [false, true] {
            let mut want: Vec<&SheetRow> = rows.iter().collect();
            want.sort_by(|a, b| {
                let money = column.kind == SheetKind::Money;
                let apart = if money { a.currency.cmp(&b.currency) } else { Ordering::Equal };
                let by = match (key(a, at), key(b, at)) {
                    (Some(a), Some(b)) if descends => b.cmp(&a),
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => a.is_none().cmp(&b.is_none()),
                };
                a.group.cmp(&b.group).then(apart).then(by)
            });
            let want: Vec<&str> = want.iter().map(|row| row.id.as_str()).collect();
            let sorted = SheetQuery { sort: vec![(column.name, descends)], ..query() };
            assert_eq!(sheet.page(&sorted).unwrap().rows, want, "{} {descends}", column.name);
        }
    }
}

#[test]
fn a_question_is_answered_once_for_all_its_pages() {
    let (_, sheet) = many();
    let sorted = SheetQuery { sort: vec![("due", true)], text: "2026-06-1".into(), ..query() };
    let all = sheet.page(&sorted).unwrap();
    for offset in [0, 5, 10] {
        let page = sheet.page(&SheetQuery { offset, limit: 5, ..sorted.clone() }).unwrap();
        assert_eq!(page.rows[..], all.rows[offset as usize..][..page.rows.len()]);
        assert_eq!((page.total, page.sums), (all.total, all.sums.clone()));
    }
    assert_eq!(sheet.answers.borrow().len(), 1);
}

#[test]
fn an_answer_belongs_to_its_question_alone() {
    let (_, sheet) = many();
    let texts = ["", "2026-06-1", "2026-06-2", "nr1", "nr5"];
    let sorts = [vec![], vec![("due", true)], vec![("due", false)], vec![("account", true)]];
    let ask = |sheet: &Sheet| {
        let questions = texts.iter().flat_map(|text| sorts.iter().map(move |sort| (text, sort)));
        let told = questions.map(|(text, sort)| {
            let asked = SheetQuery { sort: sort.clone(), text: (*text).into(), ..query() };
            sheet.page(&asked).unwrap()
        });
        told.collect::<Vec<_>>()
    };
    let first = ask(&sheet);
    assert_eq!(ask(&sheet), first);
    assert_eq!(sheet.answers.borrow().len(), ANSWERS_KEPT_MAX);
    let late: Vec<_> = first.iter().map(|page| page.total).collect();
    assert!(late[0] > late[4] && late[4] != late[12], "{late:?}");
}
