use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
pub use tieout_api::Failure;
use zeroize::Zeroizing;

pub struct AppOptions {
    pub home: PathBuf,
    pub passphrase: Option<Zeroizing<String>>,
    pub desktop: Arc<dyn Desktop>,
    pub version: String,
}
#[derive(Clone, Copy)]
pub enum FileKind {
    Pdf,
    Xlsx,
    Csv,
}
pub trait Desktop: Send + Sync {
    fn choose_file(&self, suggested: &str, kind: FileKind) -> Option<PathBuf>;
    fn open_address(&self, address: &str);
    fn notify(&self, title: &str, body: &str);
    fn start_with_session(&self, on: bool);
}
#[derive(Clone)]
pub struct App;
#[derive(Serialize, Clone)]
pub struct FailureView {
    pub code: &'static str,
    pub title: String,
    pub detail: String,
    pub next_step: String,
    pub reference: String,
}
#[derive(Serialize, Clone, PartialEq)]
pub enum Tag {
    App,
    Runs,
    Preferences,
}
#[derive(Serialize, Clone)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppEvent {
    Changed { tags: Vec<Tag> },
    Ended { task: &'static str },
    Command { id: String },
}
impl App {
    pub fn start(_: AppOptions) -> Result<Self, Failure> {
        Ok(Self)
    }
    pub async fn call(&self, name: &str, _: Value) -> Result<Value, FailureView> {
        Err(FailureView {
            code: "TIE-0001",
            title: format!("{name} is a stub"),
            detail: String::new(),
            next_step: String::new(),
            reference: String::new(),
        })
    }
    pub fn listen(&self, _: Box<dyn Fn(AppEvent) + Send + Sync>) {}
    pub fn keeps_in_tray(&self) -> bool {
        false
    }
    pub fn close(&self) {}
}
macro_rules! for_each {
    ($callback:ident) => {
        $callback! { app_state open_sample overview }
    };
}
pub(crate) use for_each as for_each_command;
