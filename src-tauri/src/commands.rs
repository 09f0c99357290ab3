//! Each command of the core as a command of its own, so that permissions stay per command.

use serde_json::Value;
use tauri::State;
use tieout_api::app::FailureView;
use tieout_api::for_each_command;

use crate::core::Core;

/// The capability of the window grants `allow-NAME` for each, and the web view nothing else.
macro_rules! register {
    ($($name:ident)*) => {
        mod each {
            use super::*;
            $(
                #[tauri::command]
                pub async fn $name(
                    core: State<'_, Core>,
                    params: Value,
                ) -> Result<Value, FailureView> {
                    core.call(stringify!($name), params).await
                }
            )*
        }

        /// Answers every command of the core.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(each::$name),*]
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

for_each_command!(register);

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use serde_json::json;

    use super::NAMES;

    const HEAD: &str = r#"{
  "$schema": "../gen/schemas/desktop-schema.json",
  "identifier": "main",
  "description": "What the page may do: our commands and our events, nothing else",
  "windows": ["main"],
  "permissions": [
"#;
    const FOOT: &str = "\n  ]\n}\n";
    /// What Tauri itself lets the page do: hear our events.
    const TAURI_OWN: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];
    const MACOS: &str = include_str!("../capabilities/macos.json");

    /// `UPDATE_EXPECT=1` writes the file after the table of commands has changed.
    #[test]
    fn the_page_may_do_exactly_our_commands_and_hear_our_events() {
        let ours = NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
        let granted = TAURI_OWN.map(str::to_owned).into_iter().chain(ours);
        let lines: Vec<String> = granted.map(|it| format!("    \"{it}\"")).collect();
        let lines = lines.join(",\n");
        expect_file!["../capabilities/main.json"].assert_eq(&format!("{HEAD}{lines}{FOOT}"));
    }

    #[test]
    fn on_macos_the_brand_row_also_moves_the_window() {
        let capability: serde_json::Value = serde_json::from_str(MACOS).unwrap();
        assert_eq!(capability["permissions"], json!(["core:window:allow-start-dragging"]));
        assert_eq!(capability["platforms"], json!(["macOS"]));
        assert!(capability.get("remote").is_none(), "no page from elsewhere may call");
    }
}
