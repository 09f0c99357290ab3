//! The committed inputs of the fuzz targets, each through the code of its target. No fuzzer and no
//! nightly compiler is needed.

#[path = "src/lib.rs"]
mod fuzz;

use std::path::Path;

/// Runs every input of a target. A panic names the input before it.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no input", folder.display());
    for file in files {
        eprintln!("{}", file.display());
        run(&std::fs::read(&file).expect("an input can be read"));
    }
}

#[test]
fn salesforce() {
    replay("salesforce", fuzz::salesforce::run);
}

#[test]
fn quickbooks() {
    replay("quickbooks", fuzz::quickbooks::run);
}

#[test]
fn soql() {
    replay("soql", fuzz::queries::soql);
}

#[test]
fn quickbooks_query() {
    replay("quickbooks_query", fuzz::queries::quickbooks);
}

#[test]
fn values() {
    replay("values", fuzz::values::run);
}

#[test]
fn callbacks() {
    replay("callbacks", fuzz::callbacks::run);
}
