//! Lengths, words and places.

use std::collections::BTreeSet;
use std::path::Path;

const TOP_LEVEL: [&str; 8] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "icons", "src-tauri", "tests", "ui"];
const FILE_LINES_MAX: usize = 600;
const LINE_COLUMNS_MAX: usize = 100;
/// Name parts that say nothing; the field has a word for each thing.
const EMPTY_WORDS: [&str; 5] = ["Manager", "Service", "Helper", "Util", "Utils"];
/// The engine knows ports, never brands.
const BRANDS: [&str; 8] =
    ["salesforce", "quickbooks", "intuit", "xero", "netsuite", "intacct", "sap_", "oracle"];

fn rust_sources() -> Vec<std::path::PathBuf> {
    crate::tracked()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.starts_with("tests") || path.components().any(|part| part.as_os_str() == "tests")
}

/// Code without line comments and without the test module at a file's end.
fn code(text: &str) -> String {
    let production = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = production.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_top_level_is_the_cards() {
    let entries: BTreeSet<String> = crate::tracked()
        .iter()
        .filter_map(|path| path.components().next())
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    for entry in &entries {
        assert!(TOP_LEVEL.contains(&entry.as_str()), "`{entry}` does not belong at the top level");
    }
}

#[test]
fn files_have_one_subject_and_lines_fit() {
    for path in rust_sources().into_iter().filter(|path| !is_test(path)) {
        let text = crate::text(&path);
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", path.display());
        for (at, line) in text.lines().enumerate() {
            let columns = line.chars().count();
            // What a test expects stands as it is printed.
            let expected = path.components().any(|part| part.as_os_str() == "tests");
            let exempt = line.contains("http") || line.contains('"') || expected;
            assert!(
                columns <= LINE_COLUMNS_MAX || exempt,
                "{}:{} has {columns} columns",
                path.display(),
                at + 1
            );
        }
    }
}

#[test]
fn no_empty_words_in_type_names() {
    for path in rust_sources() {
        for (at, line) in code(&crate::text(&path)).lines().enumerate() {
            let trimmed =
                line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
            let declares =
                ["struct ", "enum ", "trait ", "type "].iter().any(|w| trimmed.starts_with(w));
            let name = trimmed.split_whitespace().nth(1).unwrap_or_default();
            let bad = EMPTY_WORDS.iter().any(|word| name.contains(word));
            assert!(!(declares && bad), "{}:{}: `{name}`", path.display(), at + 1);
        }
    }
}

#[test]
fn nothing_is_left_half_done() {
    let marks = ["todo!(", "unimplemented!(", "dbg!(", "FIXME", "TODO"];
    for path in rust_sources().into_iter().filter(|path| !path.starts_with("tests/tidy")) {
        let text = crate::text(&path);
        for mark in marks {
            assert!(!text.contains(mark), "{} holds `{mark}`", path.display());
        }
        assert!(!text.contains("#[ignore"), "{} skips a test", path.display());
    }
}

#[test]
fn the_engine_names_no_brand() {
    for path in rust_sources() {
        if !path.starts_with("src-tauri/crates/tieout-engine/src") {
            continue;
        }
        let text = code(&crate::text(&path)).to_lowercase();
        for brand in BRANDS {
            assert!(!text.contains(brand), "{} names `{brand}`", path.display());
        }
    }
}

#[test]
fn the_domain_is_pure() {
    let forbidden =
        ["async ", "f32", "f64", "Serialize", "SystemTime", "Timestamp::now", "std::fs"];
    for path in rust_sources() {
        if !path.starts_with("src-tauri/crates/tieout-domain/src") {
            continue;
        }
        let text = code(&crate::text(&path));
        for word in forbidden {
            assert!(!text.contains(word), "{} holds `{word}`", path.display());
        }
    }
}

#[test]
fn money_is_never_a_float() {
    for path in rust_sources() {
        let exempt = is_test(&path)
            || path.starts_with("src-tauri/crates/tieout-report")
            || path.components().any(|part| part.as_os_str() == "examples");
        if exempt {
            continue;
        }
        let text = code(&crate::text(&path));
        assert!(!text.contains("f64") && !text.contains("f32"), "{} holds a float", path.display());
    }
}

#[test]
fn time_and_randomness_enter_through_ports() {
    // The two crates at the border implement the ports; nobody else asks the machine.
    let border = ["tieout-api", "tieout-cli", "xtask"];
    for path in rust_sources() {
        let at_border =
            border.iter().any(|name| path.starts_with(Path::new("src-tauri/crates").join(name)));
        if is_test(&path) || at_border || path.components().any(|p| p.as_os_str() == "examples") {
            continue;
        }
        let text = code(&crate::text(&path));
        for word in ["Timestamp::now(", "Zoned::now(", "SystemTime::now("] {
            assert!(!text.contains(word), "{} asks the machine for the time", path.display());
        }
    }
}

#[test]
fn no_path_of_a_machine_is_in_the_tree() {
    let forbidden = [concat!("/wo", "rk/"), concat!("/tmp/ba", "sh_jobs"), concat!("/ro", "ot/")];
    for path in crate::tracked() {
        let Ok(text) = std::fs::read_to_string(crate::root().join(&path)) else {
            continue;
        };
        for word in forbidden {
            assert!(!text.contains(word), "{} holds `{word}`", path.display());
        }
    }
}
