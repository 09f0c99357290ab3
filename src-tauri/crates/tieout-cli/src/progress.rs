//! Progress on the terminal, and Ctrl-C as a request to stop between two pages.

use std::io::{IsTerminal, Write};

use tieout_api::{Cancel, Event, Observer};

/// Shows one line that is overwritten; silent where nobody looks.
pub struct Terminal {
    shown: bool,
}

impl Terminal {
    pub fn new(json: bool) -> Self {
        Self { shown: !json && std::io::stderr().is_terminal() }
    }

    fn show(&self, text: &str) {
        if !self.shown {
            return;
        }
        let mut out = std::io::stderr().lock();
        // A terminal that cannot be written to shows no progress; the run goes on.
        let _ = write!(out, "\r\x1b[2K{text}").and_then(|()| out.flush());
    }
}

impl Observer for Terminal {
    fn on(&self, event: &Event) {
        log(event);
        let text = match event {
            Event::RunStarted { .. } => String::new(),
            Event::Connecting { connection } => format!("{connection}: connecting"),
            Event::Reading { connection, stream, done, total, remaining_secs } => {
                let of = total.map_or(String::new(), |total| format!(" of {total}"));
                let left = remaining_secs.filter(|secs| *secs > 0);
                let left = left.map_or(String::new(), |secs| format!(", about {secs} s left"));
                format!("{connection}: {} {done}{of}{left}", stream.as_str().replace('_', " "))
            }
            Event::Comparing { connection } => format!("{connection}: comparing totals"),
            Event::Creating { done, total } => format!("creating invoices, {done} of {total}"),
            Event::WritingBack { done, total } => format!("writing back, {done} of {total}"),
            Event::RunEnded { .. } => String::new(),
        };
        self.show(&text);
    }
}

/// What a run does, for the log: ids, feeds and counts.
fn log(event: &Event) {
    match event {
        Event::RunStarted { run } => tracing::info!(%run, "the run starts"),
        Event::Connecting { connection } => tracing::info!(%connection, "connecting"),
        Event::Reading { connection, stream, done, .. } => {
            tracing::debug!(%connection, feed = stream.as_str(), done, "reading");
        }
        Event::Comparing { connection } => tracing::info!(%connection, "comparing totals"),
        Event::Creating { done, total } => tracing::info!(done, total, "creating invoices"),
        Event::WritingBack { done, total } => tracing::info!(done, total, "writing back"),
        Event::RunEnded { run, complete } => tracing::info!(%run, complete, "the run ended"),
    }
}

/// The first Ctrl-C lets the page under way finish; what was read is kept. A second one ends the
/// program, which is safe as well.
pub fn stop_on_ctrl_c(cancel: Cancel) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            cancel.request();
            eprintln!("\nstopping after this page; press Ctrl-C again to stop at once");
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        }
    });
}
