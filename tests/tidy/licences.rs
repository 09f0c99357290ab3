//! Licences and sources of every dependency, checked offline from the lock file's packages.

/// Licences that a product shipped as a closed bundle may contain.
const ALLOWED: [&str; 17] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "Bitstream-Vera",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// File-level copyleft: used unmodified, named here one by one. The first four read the page's HTML
/// while the window is built, the next finds the user's folders, the last drives the window in tests.
const ALLOWED_MPL: [&str; 6] =
    ["cssparser", "cssparser-macros", "dtoa-short", "selectors", "option-ext", "webdriver"];

/// Whether an SPDX expression can be met with allowed licences alone.
fn is_met(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        part.trim_matches(|c| c == '(' || c == ')' || c == ' ')
            .split(" OR ")
            .any(|licence| ALLOWED.contains(&licence.trim_matches(|c| "() ".contains(c))))
    })
}

#[test]
fn expressions_are_read() {
    assert!(is_met("MIT OR Apache-2.0"));
    assert!(is_met("MIT/Apache-2.0"));
    assert!(is_met("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!is_met("GPL-3.0-only"));
    assert!(!is_met("MIT AND GPL-3.0-only"));
}

#[test]
fn every_dependency_has_an_allowed_licence_and_comes_from_the_registry() {
    let metadata = crate::metadata();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("name");
        let Some(source) = package["source"].as_str() else {
            continue;
        };
        assert!(source.starts_with("registry+"), "`{name}` comes from {source}");
        let licence = package["license"].as_str().unwrap_or("none given");
        let fine = is_met(licence) || ALLOWED_MPL.contains(&name);
        assert!(fine, "`{name}` is under `{licence}`");
    }
}
