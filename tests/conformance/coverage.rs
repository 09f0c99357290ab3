//! Every rule is asked of every brand, or the brand says why it cannot be.

use std::collections::BTreeSet;
use std::process::Command;

use crate::quickbooks::QuickBooksStand;
use crate::rows::rows;
use crate::salesforce::SalesforceStand;
use crate::stand::{Brand, Stand};
use crate::xero::XeroStand;

fn brands() -> [(&'static str, Brand); 5] {
    [
        ("ledger_role", QuickBooksStand::<true>::brand()),
        ("ledger_role", QuickBooksStand::<false>::brand()),
        ("ledger_role", XeroStand::<true>::brand()),
        ("ledger_role", XeroStand::<false>::brand()),
        ("crm_role", SalesforceStand::brand()),
    ]
}

/// The tests of this very program, as it lists them.
fn tests() -> BTreeSet<String> {
    let program = std::env::current_exe().unwrap();
    let listed = Command::new(program).args(["--list", "--format", "terse"]).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

#[test]
fn every_rule_is_a_test_of_every_brand() {
    let tests = tests();
    let mut wanted = BTreeSet::new();
    for (role, brand) in brands() {
        for row in rows() {
            wanted.insert(format!("{role}::{}::{}", brand.name, row.name));
        }
    }
    let listed: BTreeSet<String> = tests
        .into_iter()
        .filter(|name| name.starts_with("ledger_role::") || name.starts_with("crm_role::"))
        .collect();
    assert_eq!(listed, wanted);
}

#[test]
fn what_a_brand_cannot_do_has_a_rule_and_a_reason() {
    for (_, brand) in brands() {
        let set_up = brand.set_up;
        assert!(set_up.requests == 0 || !set_up.reason.is_empty(), "{}", brand.name);
        for (rule, reason) in brand.cannot {
            assert!(rows().iter().any(|row| row.name == *rule), "{}: {rule}", brand.name);
            assert!(!reason.is_empty(), "{}: {rule}", brand.name);
        }
    }
}
