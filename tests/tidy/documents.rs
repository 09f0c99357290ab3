//! Every error code has a page, and every page a code.

use std::collections::BTreeSet;

const PAGES: &str = "src-tauri/docs/errors";
const CODES: &str = "src-tauri/crates/tieout-api/src/codes.rs";

/// `TIE-` and four digits, wherever they stand in the text.
fn codes_in(text: &str) -> BTreeSet<String> {
    text.match_indices("TIE-")
        .filter_map(|(at, _)| text.get(at..at + 8))
        .filter(|code| code[4..].chars().all(|c| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes = codes_in(&crate::text(CODES.as_ref()));
    let pages: BTreeSet<String> = std::fs::read_dir(crate::root().join(PAGES))
        .expect("the folder of error pages")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .collect();
    assert!(!codes.is_empty(), "{CODES} lists no code");
    assert_eq!(codes, pages);
}

#[test]
fn every_page_says_what_happened_and_what_to_do() {
    for path in crate::tracked().iter().filter(|path| path.starts_with(PAGES)) {
        let text = crate::text(path);
        for heading in ["# TIE-", "## What happened", "## What to do"] {
            assert!(text.contains(heading), "{} lacks `{heading}`", path.display());
        }
    }
}

#[test]
fn decision_records_are_numbered_without_gaps() {
    let mut numbers: Vec<u32> = crate::tracked()
        .iter()
        .filter(|path| path.starts_with("src-tauri/docs/adr"))
        .filter_map(|path| path.file_name()?.to_str()?.get(..4)?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let expected: Vec<u32> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
}
