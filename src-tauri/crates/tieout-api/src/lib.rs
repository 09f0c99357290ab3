//! The composition root: workspaces, commands, documents, error codes.

pub mod app;
mod beside;
pub mod codes;
pub mod commands;
mod connectors;
mod consent;
mod demo;
mod export;
mod failure;
mod grants;
mod in_process;
mod logged;
mod machine;
mod sandbox;
mod serve;
mod settings;
pub mod sign_in;
pub mod views;
mod workspace;

pub use beside::Beside;
pub use codes::Code;
pub use demo::{DemoOptions, DemoReport, demo};
pub use export::{ExportFormat, ExportOptions, Exported, PaperSize, Unproved, Written, export};
pub use failure::Failure;
pub use machine::account_name;
pub use sandbox::Sandbox;
pub use serve::{ServeOptions, Serving, serve};
pub use tieout_engine::{Cancel, Decision, Event, LinkSubject, Observer, Word};
pub use tieout_report::neutralised;

pub use workspace::{Opening, Workspace};

/// Names what could not be added.
pub(crate) fn code_of_sum(what: &'static str) -> impl Fn(tieout_domain::MoneyError) -> Failure {
    move |error| Failure::caused(Code::DoesNotFoot, what, error)
}
