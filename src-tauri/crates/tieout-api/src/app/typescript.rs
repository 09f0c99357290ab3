//! The types and the client of the window, written from the command table: a drift fails a test.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::json;
use ts_rs::{Config, TS, TypeVisitor};

use super::events::Tag;
use super::layout::{comment, comment_lines, laid_out};
use super::{AppEvent, FailureView, table};

/// Where the generated files lie, from the project's top folder.
pub const GENERATED_FILES: [&str; 2] = ["ui/src/api/types.ts", "ui/src/api/client.ts"];

const HEAD: &str =
    "// Generated from the command table in Rust by `cargo xtask generate`. Do not edit.\n";

/// The content of `GENERATED_FILES`.
pub fn generate() -> [String; 2] {
    let mut sketch = Sketch::new();
    sketch.take::<AppEvent>();
    sketch.take::<FailureView>();
    table::sketch(&mut sketch);
    [sketch.types(), sketch.client()]
}

struct Command {
    name: &'static str,
    params: String,
    reply: String,
    reads: bool,
    tags: &'static [Tag],
}

/// The types that the table names, with everything that they are made of.
pub(super) struct Sketch {
    config: Config,
    seen: BTreeSet<TypeId>,
    declared: BTreeMap<String, String>,
    commands: Vec<Command>,
}

impl Sketch {
    fn new() -> Self {
        Self {
            // No count here comes near the numbers that JavaScript cannot hold.
            config: Config::new().with_large_int("number"),
            seen: BTreeSet::new(),
            declared: BTreeMap::new(),
            commands: Vec::new(),
        }
    }

    pub(super) fn command<P: TS + 'static, R: TS + 'static>(
        &mut self,
        name: &'static str,
        reads: bool,
        tags: &'static [Tag],
    ) {
        self.take::<P>();
        self.take::<R>();
        let (params, reply) = (P::name(&self.config), R::name(&self.config));
        self.commands.push(Command { name, params, reply, reads, tags });
    }

    fn take<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declared = declared(&comment_lines(&docs), &T::decl(&self.config));
            self.declared.insert(T::ident(&self.config), declared);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }

    fn types(&self) -> String {
        let mut text = HEAD.to_owned();
        for declared in self.declared.values() {
            text.push('\n');
            text.push_str(declared);
            text.push('\n');
        }
        let list = |of: fn(&Command) -> &String| {
            let lines = self.commands.iter().map(|it| format!("  {}: {};\n", it.name, of(it)));
            lines.collect::<String>()
        };
        let (params, replies) = (list(|it| &it.params), list(|it| &it.reply));
        let written = write!(
            text,
            "\nexport interface Params {{\n{params}}}\n\nexport interface Reply {{\n{replies}}}\n\n\
             export type CommandName = keyof Params & keyof Reply;\n"
        );
        written.expect("a text takes everything");
        text
    }

    fn client(&self) -> String {
        let tags = |reads: bool| {
            let ours = self.commands.iter().filter(|it| it.reads == reads);
            let lines = ours.map(|it| {
                let tags = json!(it.tags).to_string().replace(",", ", ");
                format!("  {}: {tags},\n", it.name)
            });
            lines.collect::<String>()
        };
        format!(
            "{HEAD}import type {{ CommandName, Tag }} from \"./types\";\n\n\
             /** What each reply rests on: a `changed` event with such a tag makes it stale. */\n\
             export const READS: Partial<Record<CommandName, readonly Tag[]>> = {{\n{}}};\n\n\
             /** What each command changes; it is announced by a `changed` event as well. */\n\
             export const WRITES: Partial<Record<CommandName, readonly Tag[]>> = {{\n{}}};\n",
            tags(true),
            tags(false)
        )
    }
}

/// `type X = …;` as it stands in the file.
fn declared(docs: &[&str], declaration: &str) -> String {
    let (name, of) = declaration.split_once('=').unwrap_or((declaration, ""));
    let (name, of) = (name.trim(), of.trim().trim_end_matches(';'));
    let laid = laid_out(of, 0, "export  = ".len() + name.len());
    let space = if laid.starts_with('\n') { "" } else { " " };
    format!("{}export {name} ={space}{laid};", comment(docs, 0))
}

impl TypeVisitor for Sketch {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.take::<T>();
    }
}
