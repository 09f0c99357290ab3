//! What reaches the person: one JSON document, or text that reads without colour.

use std::io::Write;

use serde::Serialize;
use tieout_api::Failure;

/// Writes a line to standard output. A closed pipe ends the output, not the program.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// Prints one JSON document.
pub fn json<T: Serialize>(document: &T) {
    match serde_json::to_string_pretty(document) {
        Ok(text) => line(&text),
        Err(error) => eprintln!("error: the document cannot be written as JSON: {error}"),
    }
}

/// Prints a failure: what happened, the causes, the next step, and where the page is.
pub fn failure(failure: &Failure, as_json: bool) {
    if as_json {
        json(&serde_json::json!({
            "error": {
                "code": failure.code.as_str(),
                "title": failure.code.title(),
                "detail": failure.detail,
                "causes": failure.causes(),
                "next_step": failure.code.next_step(),
            }
        }));
    }
    eprintln!("error: {failure}");
    for cause in failure.causes().iter().filter(|cause| **cause != failure.detail) {
        eprintln!("  caused by: {cause}");
    }
    eprintln!("hint: {}", failure.code.next_step());
    eprintln!("more: src-tauri/docs/errors/{}.md", failure.code.as_str());
}
