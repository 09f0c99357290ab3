//! Hears everything that any crate logs, at every level.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    /// What was heard in this thread, while somebody listens.
    static HEARD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs something and hears what it logs in this thread: targets, messages, and every field of
/// events and spans.
pub fn during<T>(run: impl FnOnce() -> T) -> (T, String) {
    // One listener for the whole process: with one per thread, whether a place logs at all would
    // depend on which thread came by first.
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        tracing::subscriber::set_global_default(Listener).expect("nobody else listens");
    });
    HEARD.set(Some(String::new()));
    let result = run();
    (result, HEARD.take().unwrap_or_default())
}

struct Listener;

impl Listener {
    fn add(metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Fields)) {
        HEARD.with_borrow_mut(|heard| {
            let Some(heard) = heard else { return };
            let mut line = Fields(match metadata {
                Some(metadata) => format!("{} {}:", metadata.level(), metadata.target()),
                None => "span:".to_owned(),
            });
            record(&mut line);
            heard.push_str(&line.0);
            heard.push('\n');
        });
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a text takes more text");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {}={value}", field.name()).expect("a text takes more text");
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::add(Some(span.metadata()), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        Self::add(None, |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::add(Some(event.metadata()), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
