//! Which way dependencies point (`src-tauri/docs/architecture.md`).

use std::collections::{BTreeMap, BTreeSet};

/// Crates of this workspace and the crates of it that they may use. What is not listed is refused.
const ARROWS: [(&str, &[&str]); 14] = [
    ("tieout-domain", &[]),
    ("tieout-connect", &["tieout-domain"]),
    ("tieout-salesforce", &["tieout-connect", "tieout-domain"]),
    ("tieout-quickbooks", &["tieout-connect", "tieout-domain"]),
    ("tieout-xero", &["tieout-connect", "tieout-domain"]),
    ("tieout-store", &["tieout-domain"]),
    ("tieout-report", &["tieout-domain"]),
    ("tieout-vault", &[]),
    ("tieout-sim", &[]),
    ("tieout-engine", &["tieout-connect", "tieout-domain", "tieout-store"]),
    (
        "tieout-api",
        &[
            "tieout-connect",
            "tieout-domain",
            "tieout-engine",
            "tieout-quickbooks",
            "tieout-report",
            "tieout-salesforce",
            "tieout-sim",
            "tieout-store",
            "tieout-vault",
            "tieout-xero",
        ],
    ),
    ("tieout-cli", &["tieout-api"]),
    ("tieout-desktop", &["tieout-api"]),
    ("xtask", &[]),
];

/// Tests may use every crate.
const TESTS: [&str; 2] = ["tieout-tests", "tieout-desktop-tests"];

/// Heavy libraries and the one crate that owns each.
const OWNERS: [(&str, &str); 8] = [
    ("rusqlite", "tieout-store"),
    ("reqwest", "tieout-connect"),
    ("oauth2", "tieout-connect"),
    ("keyring", "tieout-vault"),
    ("printpdf", "tieout-report"),
    ("rust_xlsxwriter", "tieout-report"),
    ("axum", "tieout-sim"),
    ("tauri", "tieout-desktop"),
];

/// The only outside crates of the domain.
const DOMAIN_DEPENDENCIES: [&str; 3] = ["jiff", "rust_decimal", "thiserror"];

/// Normal dependencies (not dev, not build) of each workspace crate.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = crate::metadata();
    let members: BTreeSet<&str> = metadata["workspace_members"]
        .as_array()
        .expect("members")
        .iter()
        .filter_map(|id| id.as_str())
        .collect();
    let packages = metadata["packages"].as_array().expect("packages");
    let ours = packages.iter().filter(|p| p["id"].as_str().is_some_and(|id| members.contains(id)));
    ours.map(|package| {
        let name = package["name"].as_str().expect("name").to_owned();
        let normal = package["dependencies"].as_array().expect("dependencies").iter();
        let names = normal
            .filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().expect("name").to_owned())
            .collect();
        (name, names)
    })
    .collect()
}

#[test]
fn dependencies_point_one_way() {
    let actual = dependencies();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    for (name, uses) in &actual {
        if TESTS.contains(&name.as_str()) {
            continue;
        }
        let may = allowed.get(name.as_str()).unwrap_or_else(|| panic!("no rule for `{name}`"));
        for used in uses.iter().filter(|used| used.starts_with("tieout-")) {
            assert!(may.contains(&used.as_str()), "`{name}` must not use `{used}`");
        }
    }
}

#[test]
fn one_crate_owns_each_heavy_library() {
    for (name, uses) in dependencies().iter().filter(|(name, _)| !TESTS.contains(&name.as_str())) {
        for (library, owner) in OWNERS {
            let allowed = name == owner || (library == "axum" && name == "tieout-api");
            assert!(allowed || !uses.contains(library), "`{name}` must not use `{library}`");
        }
    }
}

#[test]
fn the_domain_knows_three_outside_crates() {
    let uses = &dependencies()["tieout-domain"];
    for name in uses {
        assert!(DOMAIN_DEPENDENCIES.contains(&name.as_str()), "the domain must not use `{name}`");
    }
}

#[test]
fn connectors_do_not_know_each_other_or_the_simulators() {
    let actual = dependencies();
    for name in ["tieout-salesforce", "tieout-quickbooks", "tieout-xero"] {
        for used in &actual[name] {
            let fine = !used.starts_with("tieout-")
                || matches!(used.as_str(), "tieout-connect" | "tieout-domain");
            assert!(fine, "`{name}` must not use `{used}`");
        }
    }
}
