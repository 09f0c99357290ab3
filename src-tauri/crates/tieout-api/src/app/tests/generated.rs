//! What is written from the command table: it is committed, and a drift fails here.

use std::path::{Path, PathBuf};

use super::super::{COMMANDS, GENERATED_FILES, generate};

/// Set, what drifted is written anew: `cargo xtask generate`.
const UPDATE: &str = "UPDATE_REPLIES";

/// The project's top folder.
pub fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).expect("the crate lies three folders below").to_owned()
}

/// Compares a committed file with what it must be, or writes it.
#[track_caller]
pub fn check_committed(path: &str, text: &str) {
    let file = top().join(path);
    if std::env::var_os(UPDATE).is_some_and(|set| !set.is_empty()) {
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).unwrap();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = committed.lines().zip(text.lines()).position(|(old, new)| old != new);
    let at = differs.unwrap_or(committed.lines().count().min(text.lines().count())) + 1;
    assert!(committed == text, "{path}:{at} has drifted; run `cargo xtask generate`");
}

#[test]
fn the_committed_types_and_client_are_those_of_the_table() {
    for (path, text) in GENERATED_FILES.into_iter().zip(generate()) {
        check_committed(path, &text);
    }
}

#[test]
fn every_command_has_a_name_of_its_own_in_the_types() {
    let [types, client] = generate();
    let (_, table) = types.split_once("export interface Params").unwrap();
    for command in COMMANDS {
        let entry = format!("\n  {command}: ");
        assert_eq!(table.matches(&entry).count(), 2, "parameters and reply of `{command}`");
        assert_eq!(client.matches(&entry).count(), 1, "tags of `{command}`");
    }
}
