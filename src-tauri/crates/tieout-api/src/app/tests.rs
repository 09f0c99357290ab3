mod activity;
mod connect;
mod connections;
mod deals;
mod export;
mod find;
mod generated;
mod overview;
mod replies;
mod settings;
mod workpaper;

use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;

/// While a file of this name lies in the folder, the person closes every dialog.
const DIALOGS_CLOSED: &str = "dialogs closed";

/// The file of this name holds the name of the one that the person opens; without it the dialog is
/// closed.
const TO_OPEN: &str = "to open";

/// A desktop that writes into a folder and remembers what it was asked.
#[derive(Default)]
struct Paper {
    folder: PathBuf,
    asked: Mutex<Vec<String>>,
}

impl Desktop for Paper {
    fn choose_file(&self, suggested: &str, _: FileKind) -> Option<PathBuf> {
        self.asked.lock().unwrap().push(suggested.to_owned());
        (!self.folder.join(DIALOGS_CLOSED).exists()).then(|| self.folder.join(suggested))
    }

    fn choose_existing(&self, title: &str) -> Option<PathBuf> {
        self.asked.lock().unwrap().push(title.to_owned());
        let named = std::fs::read_to_string(self.folder.join(TO_OPEN)).ok()?;
        Some(self.folder.join(named))
    }

    fn open_address(&self, address: &str) {
        self.asked.lock().unwrap().push(address.to_owned());
    }

    fn notify(&self, title: &str, _: &str, opens: Option<&str>) {
        let opens = opens.unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{title} {opens}"));
    }

    fn start_with_session(&self, on: bool) {
        self.asked.lock().unwrap().push(format!("start with session: {on}"));
    }
}

struct Window {
    app: App,
    home: Arc<tempfile::TempDir>,
}

fn started(folder: &std::path::Path) -> App {
    let app = App::start(AppOptions {
        home: folder.join("tieout"),
        passphrase: Some("sample company, no secrets inside".to_owned().into()),
        desktop: Arc::new(Paper { folder: folder.to_owned(), ..Paper::default() }),
        version: "0.1.0".to_owned(),
    });
    app.unwrap()
}

impl Window {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { app: started(home.path()), home: Arc::new(home) }
    }

    /// A second program on the same workspace.
    fn another(&self) -> Self {
        Self { app: started(self.home.path()), home: self.home.clone() }
    }

    fn call(&self, name: &str, params: Value) -> Result<Value, FailureView> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.app.call(name, params))
    }

    #[track_caller]
    fn told(&self, name: &str, params: Value) -> Value {
        self.call(name, params).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }
}

#[test]
fn a_first_run_has_nothing_open_and_says_so() {
    let window = Window::new();
    let state = window.told("app_state", json!({}));
    assert_eq!(state["workspace"], Value::Null, "{state}");
    let refused = window.call("run_now", json!({})).unwrap_err();
    assert_eq!(refused.code, Code::NoWorkspace.as_str());
    assert!(!refused.next_step.contains('`'), "{refused:?}");
}

#[test]
fn an_unknown_command_is_refused() {
    let refused = Window::new().call("read_file", json!({ "path": "/etc/passwd" })).unwrap_err();
    assert_eq!(refused.code, Code::Usage.as_str());
}

#[test]
fn the_sample_company_opens_with_every_screen() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let state = window.told("app_state", json!({}));
    assert_eq!(state["workspace"]["sample"], true, "{state}");
    assert_eq!(state["as_of"], "2026-06-30", "{state}");
}

#[test]
fn a_second_window_reads_beside_the_first_and_changes_nothing() {
    let first = Window::new();
    first.told("open_sample", json!({}));
    let second = first.another();
    let state = second.told("app_state", json!({}));
    assert!(state["read_only"].is_string(), "{state}");
    assert_eq!(state["proof"], first.told("app_state", json!({}))["proof"]);
    let refused = second.call("run_now", json!({})).unwrap_err();
    assert_eq!(refused.code, Code::SecondInstance.as_str());
    first.told("run_now", json!({}));
}

#[test]
fn preferences_are_kept_and_changed_one_by_one() {
    let window = Window::new();
    window.told("set_preferences", json!({ "theme": "dark" }));
    window.told("set_preferences", json!({ "density": "compact" }));
    let kept = window.told("preferences", json!({}));
    assert_eq!((&kept["theme"], &kept["density"]), (&json!("dark"), &json!("compact")));
    let refused = window.call("set_preferences", json!({ "them": "dark" })).unwrap_err();
    assert_eq!(refused.code, Code::Usage.as_str());
}
