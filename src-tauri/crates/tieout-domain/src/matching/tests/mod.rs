//! Matching case by case, in the order of the tiers and of K1 to K9.

mod evidence;
mod language;
mod rules;
mod tiers;

use expect_test::Expect;
use language::{Case, written};

/// Deals and decisions, documents, and what comes out. Whatever the order of the input is.
#[track_caller]
fn check(deals: &str, documents: &str, want: Expect) {
    let mut case = Case::read(deals, documents);
    let got = written(&case.matches());
    case.deals.reverse();
    case.documents.reverse();
    case.decisions.reverse();
    assert_eq!(written(&case.matches()), got, "the order of the input decides");
    want.assert_eq(&got);
}
