//! The menu bar: every command of the page's registry, with the keys that the system shows.
//!
//! A chosen item becomes an event with the command's id; the page does what its own key would do.
//! Keys without Ctrl or Alt stay with the page, since a menu would take them from a text field.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use tauri::menu::{Menu, MenuBuilder, MenuItem, MenuItemBuilder, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Wry};

use crate::core::CHANNEL;
use crate::editing::{self, Editing};
use crate::window;

/// Ids of items that the shell does itself.
const OWN: &str = "shell:";

/// The page's registry of commands: ids, titles, groups and keys, in the order of the menus.
const CATALOG: &str = include_str!("../../ui/src/commands/catalog.json");
const MENUS: [&str; 7] = ["File", "Edit", "View", "Go", "Record", "Window", "Help"];
/// What the shell adds to a menu: the menu, the id, the label and the key.
const ADDED: [(&str, &str, &str, &str); 7] = [
    ("File", "close", "Close window", "CmdOrCtrl+W"),
    ("File", "quit", "Quit Tieout", "CmdOrCtrl+Q"),
    ("View", "zoom-in", "Larger", "CmdOrCtrl+="),
    ("View", "zoom-out", "Smaller", "CmdOrCtrl+-"),
    ("View", "zoom-reset", "Actual size", "CmdOrCtrl+0"),
    ("Window", "minimise", "Minimise", "CmdOrCtrl+M"),
    ("Window", "fullscreen", "Full screen", "F11"),
];
const EDITING: [Editing; 4] = [Editing::Cut, Editing::Copy, Editing::Paste, Editing::SelectAll];
/// In a text field these belong to the text, which only the page knows about.
const KEYS_OF_TEXT: [&str; 2] = ["Mod+Z", "Mod+Shift+Z"];

#[derive(Deserialize)]
struct Command {
    title: String,
    group: String,
    keys: Vec<String>,
}

impl Command {
    /// The first key, if a menu may take it: not a letter alone, which somebody may be typing.
    fn key(&self) -> Option<String> {
        let key = self.keys.first().filter(|key| !KEYS_OF_TEXT.contains(&key.as_str()))?;
        let of_functions = key.len() > 1 && key.starts_with('F');
        let may_take = (key.contains('+') || of_functions) && !key.contains(' ');
        may_take.then(|| key.replace("Mod", "CmdOrCtrl"))
    }
}

/// Ids and commands in the order in which they are written, which is the order of the menus.
struct Catalog(Vec<(String, Command)>);

impl<'de> Deserialize<'de> for Catalog {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Catalog;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("commands by id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Catalog, A::Error> {
        let mut commands = Vec::new();
        while let Some(command) = map.next_entry()? {
            commands.push(command);
        }
        Ok(Catalog(commands))
    }
}

/// The whole menu bar.
pub fn bar(handle: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let Catalog(catalog) = serde_json::from_str(CATALOG)?;
    let mut bar = MenuBuilder::new(handle);
    for title in MENUS {
        let mut menu = SubmenuBuilder::new(handle, title);
        let mut kind = None;
        for (id, command) in catalog.iter().filter(|(_, command)| command.group == title) {
            // `view.theme_dark`, `scope.period`: a line between kinds of commands.
            let own = id.split('.').next();
            if kind.is_some() && kind != own {
                menu = menu.separator();
            }
            kind = own;
            menu = menu.item(&item(handle, id, &command.title, command.key().as_deref())?);
        }
        if title == "Edit" {
            menu = menu.separator();
            for editing in EDITING {
                menu = menu.item(&*editing::item(handle, editing)?);
            }
        }
        let mut added = ADDED.iter().filter(|(group, ..)| *group == title).peekable();
        if added.peek().is_some() {
            menu = menu.separator();
        }
        for (_, id, label, key) in added {
            menu = menu.item(&item(handle, &format!("{OWN}{id}"), label, Some(key))?);
        }
        bar = bar.item(&menu.build()?);
    }
    bar.build()
}

fn item(
    handle: &AppHandle,
    id: &str,
    label: &str,
    key: Option<&str>,
) -> tauri::Result<MenuItem<Wry>> {
    let item = MenuItemBuilder::with_id(id, label);
    key.into_iter().fold(item, MenuItemBuilder::accelerator).build(handle)
}

/// A menu item was chosen, in the menu bar or in the tray.
pub fn chosen(handle: &AppHandle, id: &str) {
    if editing::done(handle, id) {
        return;
    }
    match id.strip_prefix(OWN) {
        Some(own) => shell(handle, own),
        None => ask_page(handle, id),
    }
}

/// The page does the command, as it would for its own key.
pub fn ask_page(handle: &AppHandle, id: &str) {
    if let Err(error) = handle.emit(CHANNEL, json!({ "kind": "command", "id": id })) {
        tracing::warn!(%error, "a command did not reach the page");
    }
}

fn shell(handle: &AppHandle, id: &str) {
    match id {
        "quit" => handle.exit(0),
        "open" => window::focus(handle),
        "zoom-in" => window::zoom(handle, 1),
        "zoom-out" => window::zoom(handle, -1),
        "zoom-reset" => window::zoom(handle, 0),
        other => window::change(handle, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Vec<(String, Command)> {
        let Catalog(commands) = serde_json::from_str(CATALOG).unwrap();
        commands
    }

    #[test]
    fn every_command_of_the_page_has_a_menu() {
        let commands = catalog();
        assert!(!commands.is_empty());
        for (id, command) in commands {
            assert!(MENUS.contains(&command.group.as_str()), "`{id}` has no menu");
        }
    }

    #[test]
    fn a_menu_takes_no_key_that_somebody_may_be_typing() {
        let key = |id: &str| {
            let commands = catalog();
            commands.into_iter().find(|(it, _)| it == id).expect(id).1.key()
        };
        assert_eq!(key("palette.open").as_deref(), Some("CmdOrCtrl+K"));
        assert_eq!(key("window.next_region").as_deref(), Some("F6"));
        for id in ["edit.undo", "deal.resync", "go.overview", "help.keys"] {
            assert_eq!(key(id), None, "{id}");
        }
    }

    #[test]
    fn no_key_does_two_things() {
        let commands = catalog();
        let theirs = commands.iter().filter_map(|(_, command)| command.key());
        let mut keys: Vec<String> =
            theirs.chain(ADDED.iter().map(|(.., key)| (*key).to_owned())).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}
