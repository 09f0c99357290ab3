//! The vectors of `finance-domain` that belong to matching and identity; `vectors.rs` runs the rest.

#[expect(dead_code, reason = "`vectors.rs` reads the rest of the file")]
mod vector_file;

use serde_json::{Value, json};
use tieout_domain::identity::{comparable_tax_number, names_unlike};
use tieout_domain::matching::{SumOutcome, sum_match};
use tieout_domain::{Currency, Money};
use vector_file::{Fields, run};

#[test]
fn tax_number() {
    run("tax_number", |case| {
        let country = case.optional_text("country");
        json!({ "comparable": comparable_tax_number(case.text("text"), country) })
    });
}

#[test]
fn name_unlike() {
    run("name_unlike", |case| json!({ "unlike": names_unlike(case.text("a"), case.text("b")) }));
}

#[test]
fn sum_match_outcomes() {
    run("sum_match", sum_match_outcome);
}

fn sum_match_outcome(case: &Fields<'_>) -> Value {
    let currency = Currency::parse("EUR").expect("a currency");
    let money = |text: &str| {
        Money::from_decimal(text.parse().expect("a decimal"), currency).expect("an amount")
    };
    let candidates: Vec<Money> =
        case.list("candidates").iter().map(|value| money(value.as_str().expect("text"))).collect();
    let tolerance = u32::try_from(case.integer("tolerance_minor")).expect("minor units");
    match sum_match(money(case.text("target")), &candidates, tolerance).expect("one currency") {
        SumOutcome::Suggested { members } => json!({ "outcome": "SUGGESTED", "members": members }),
        SumOutcome::Ambiguous { solutions, more } => {
            assert!(!more, "the vectors have few solutions");
            json!({ "outcome": "AMBIGUOUS", "solutions": solutions })
        }
        SumOutcome::NoMatch => json!({ "outcome": "NO_MATCH" }),
        SumOutcome::TooManyCandidates { .. } => json!({ "outcome": "TOO_MANY_CANDIDATES" }),
    }
}
