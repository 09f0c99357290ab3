//! What reaches the person: one JSON document, or text that reads without colour.

use std::io::Write;

use serde::Serialize;
use tieout_api::Failure;
use tieout_api::views::reading::ReadingView;
use tieout_api::views::runs::GapView;

/// Writes a line to standard output. A closed pipe ends the output, not the program.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// Writes text that ends its own lines.
pub fn whole(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// Prints why something is incomplete, and what to do about it.
pub fn gaps(gaps: &[GapView]) {
    for gap in gaps {
        line(&format!("{}: {}", gap.code, gap.sentence));
        line(&format!("  {}", gap.remedy));
    }
}

/// Says that figures are incomplete, and why.
pub fn incomplete(reading: &ReadingView) {
    if reading.complete {
        return;
    }
    line("");
    line("INCOMPLETE: these figures lack something.");
    for gap in &reading.gaps {
        line(&format!("  {}", gap.what));
        line(&format!("    {}", gap.remedy));
    }
}

/// The same beside a file, on standard error.
pub fn warn_incomplete(reading: &ReadingView) {
    for gap in &reading.gaps {
        eprintln!("incomplete: {}\n  {}", gap.what, gap.remedy);
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
        failure_document(failure);
    }
    eprintln!("error: {failure}");
    for cause in failure.causes().iter().filter(|cause| **cause != failure.detail) {
        eprintln!("  caused by: {cause}");
    }
    way_out(failure);
}

/// Prints the error document (`src-tauri/docs/cli.md`).
pub fn failure_document(failure: &Failure) {
    json(&serde_json::json!({
        "error": {
            "code": failure.code.as_str(),
            "title": failure.code.title(),
            "detail": failure.detail,
            "causes": failure.causes(),
            "next_step": failure.next_step(),
        }
    }));
}

/// Prints the first thing to do and where more is said.
pub fn way_out(failure: &Failure) {
    eprintln!("hint: {}", failure.next_step());
    eprintln!("more: src-tauri/docs/errors/{}.md", failure.code.as_str());
}
