//! Each command of the core as a command of its own, so that permissions stay per command.

use serde_json::Value;
use tauri::State;

use crate::app_stub::{FailureView, for_each_command};
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
    use std::collections::BTreeSet;

    use super::NAMES;

    const CAPABILITY: &str = include_str!("../capabilities/main.json");
    const MACOS: &str = include_str!("../capabilities/macos.json");
    /// What Tauri itself lets the web view do: hear our events.
    const TAURI_OWN: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

    #[test]
    fn the_window_may_do_exactly_our_commands_and_hear_our_events() {
        let capability: serde_json::Value = serde_json::from_str(CAPABILITY).unwrap();
        let granted: BTreeSet<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().expect("a permission without a scope").to_owned())
            .collect();
        let ours = NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
        let wanted = ours.chain(TAURI_OWN.map(str::to_owned)).collect();
        assert_eq!(granted, wanted);
        let macos: serde_json::Value = serde_json::from_str(MACOS).unwrap();
        assert_eq!(macos["permissions"], serde_json::json!(["core:window:allow-start-dragging"]));
        assert_eq!(macos["platforms"], serde_json::json!(["macOS"]));
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert!(capability.get("remote").is_none(), "no page from elsewhere may call");
    }
}
