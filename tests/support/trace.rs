//! Hears everything that any crate logs, at every level.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// All that was logged, as text: targets, messages, and every field of events and spans.
#[derive(Clone, Default)]
pub struct Heard {
    text: Arc<Mutex<String>>,
}

impl Heard {
    pub fn text(&self) -> String {
        self.text.lock().expect("no holder of the log panics").clone()
    }

    /// Runs something and hears what it logs in this thread.
    pub fn during<T>(run: impl FnOnce() -> T) -> (T, String) {
        let heard = Self::default();
        let result = tracing::subscriber::with_default(heard.clone(), run);
        (result, heard.text())
    }

    fn add(&self, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Fields)) {
        let mut line = Fields(format!("{} {}:", metadata.level(), metadata.target()));
        fields(&mut line);
        let mut text = self.text.lock().expect("no holder of the log panics");
        text.push_str(&line.0);
        text.push('\n');
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

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(span.metadata(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Fields("span:".into());
        values.record(&mut line);
        self.text.lock().expect("no holder of the log panics").push_str(&line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(event.metadata(), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
