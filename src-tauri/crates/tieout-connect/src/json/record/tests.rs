use tieout_domain::ids::DealId;

use super::*;

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    text: &str,
    read: impl FnOnce(&Record<'_>) -> Reading<T>,
    want: Result<T, (&str, QuarantineReason)>,
) {
    let value = value(text);
    let record = Record::of(&value).unwrap();
    let got = read(&record).map_err(|error| (error.path, error.reason));
    assert_eq!(got, want.map_err(|(path, reason)| (path.to_owned(), reason)));
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

#[test]
fn an_amount_is_read_from_its_text() {
    check(r#"{"A":12500.10}"#, |r| r.money("A", usd()), Ok(Money::from_minor(1_250_010, usd())));
    check(r#"{"A":3.5E8}"#, |r| r.money("A", usd()), Ok(Money::from_minor(35_000_000_000, usd())));
}

#[test]
fn an_amount_that_a_float_cannot_hold_is_exact() {
    let want = Money::from_minor(9_007_199_254_740_993, usd());
    check(r#"{"A":90071992547409.93}"#, |r| r.money("A", usd()), Ok(want));
}

#[test]
fn an_unreadable_amount_is_never_zero() {
    check(r#"{"A":"n/a"}"#, |r| r.money("A", usd()), Err(("A", Malformed)));
    check(r#"{"A":true}"#, |r| r.money("A", usd()), Err(("A", Malformed)));
    check(r#"{"A":1e999}"#, |r| r.money("A", usd()), Err(("A", QuarantineReason::OutOfRange)));
    check(r#"{"A":1.005}"#, |r| r.money("A", usd()), Err(("A", QuarantineReason::TooPrecise)));
}

#[test]
fn a_missing_amount_is_none_not_zero() {
    check(r#"{"A":null}"#, |r| r.money_or_none("A", usd()), Ok(None));
    check("{}", |r| r.money_or_none("A", usd()), Ok(None));
    check("{}", |r| r.money("A", usd()), Err(("A", Malformed)));
}

#[test]
fn the_path_names_the_place() {
    check(
        r#"{"Line":[{"Amount":1},{"Detail":{"Qty":"x"}}]}"#,
        |r| r.records("Line")?[1].record("Detail")?.decimal("Qty"),
        Err(("Line[1].Detail.Qty", Malformed)),
    );
}

#[test]
fn an_instant_may_have_an_offset_without_colon() {
    let want: Timestamp = "2026-05-01T07:25:37Z".parse().unwrap();
    for text in [
        "2026-05-01T07:25:37.000+0000",
        "2026-05-01T07:25:37Z",
        "2026-05-01T00:25:37-07:00",
        "2026-05-01T09:25:37.000+0200",
    ] {
        check(&format!(r#"{{"T":"{text}"}}"#), |r| r.instant("T"), Ok(want));
    }
}

#[test]
fn an_instant_without_an_offset_is_refused() {
    check(r#"{"T":"2026-05-01T07:25:37"}"#, |r| r.instant("T"), Err(("T", Malformed)));
    check(r#"{"T":"2026-05-01"}"#, |r| r.instant("T"), Err(("T", Malformed)));
    check(r#"{"T":1793520000000}"#, |r| r.instant("T"), Err(("T", Malformed)));
}

#[test]
fn a_date_is_a_date_and_nothing_more() {
    check(r#"{"D":"2024-02-29"}"#, |r| r.date("D"), Ok(jiff::civil::date(2024, 2, 29)));
    for text in ["2026-02-30", "2026-2-3", "20260301", "2026-03-08T00:00:00Z", "08/03/2026"] {
        check(&format!(r#"{{"D":"{text}"}}"#), |r| r.date("D"), Err(("D", Malformed)));
    }
}

#[test]
fn a_control_character_is_replaced_in_a_name_and_refused_in_an_id() {
    check(r#"{"N":"A\u0000B"}"#, |r| r.text("N"), Ok("A B".to_owned()));
    check(r#"{"I":"006\u0000"}"#, |r| r.id("I", DealId::new), Err(("I", Malformed)));
}

#[test]
fn an_empty_text_is_none() {
    check(r#"{"N":""}"#, |r| r.text_or_none("N"), Ok(None));
    check(r#"{"N":""}"#, |r| r.text("N"), Err(("N", Malformed)));
}

#[test]
fn currencies_end_in_their_own_reasons() {
    check(r#"{"C":"USD"}"#, |r| r.currency("C", None), Ok(usd()));
    check(
        r#"{"C":"ZZZ"}"#,
        |r| r.currency("C", None),
        Err(("C", QuarantineReason::CurrencyUnknown)),
    );
    let gold = QuarantineReason::CurrencyNotTransactional;
    check(r#"{"C":"XAU"}"#, |r| r.currency("C", None), Err(("C", gold)));
    check(r#"{"C":null}"#, |r| r.currency_or_none("C", None), Ok(None));
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    check(r#"{"W":30.0}"#, |r| r.whole("W"), Ok(30));
    check(r#"{"W":3E1}"#, |r| r.whole("W"), Ok(30));
    check(r#"{"W":30.5}"#, |r| r.whole("W"), Err(("W", Malformed)));
}

#[test]
fn a_flag_is_not_a_text() {
    check(r#"{"F":true}"#, |r| r.flag("F"), Ok(true));
    check(r#"{"F":"true"}"#, |r| r.flag("F"), Err(("F", Malformed)));
}

#[test]
fn an_error_does_not_show_the_value() {
    let value = value(r#"{"Name":["Acme secret"]}"#);
    let error = Record::of(&value).unwrap().text("Name").unwrap_err();
    assert_eq!(error.to_string(), "unreadable at Name: MALFORMED");
    assert!(error.excerpt.contains("Acme"));
}
