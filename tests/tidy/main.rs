//! The architecture's rules as tests: what a machine can check, it checks.

mod arrows;
mod documents;
mod files;
mod licences;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the tests lie in it")
}

/// Every file that git tracks or would track, relative to the top folder.
pub fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of its own checkout");
    assert!(output.status.success(), "git ls-files failed");
    let text = String::from_utf8(output.stdout).expect("our paths are UTF-8");
    text.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect()
}

/// The text of a tracked file.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).expect("a tracked source file is readable text")
}

/// `cargo metadata` of this workspace, dependencies included.
pub fn metadata() -> serde_json::Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo describes its own workspace");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}
