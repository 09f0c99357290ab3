//! From flags to commands, and from documents to text. `true` means complete.

mod actions;
mod companies;
mod demo;
mod effects;
mod grid_files;
mod grids;
mod radar;
mod review;

use std::path::PathBuf;

use clap::CommandFactory;
use tieout_api::commands::{self, SyncOptions};
use tieout_api::{
    Cancel, Code, DemoOptions, Failure, Opening, ServeOptions, Workspace, account_name,
};

use crate::args::{Cli, Command, Common, SandboxCommand, ServeArgs};
use crate::print;
use crate::progress::{Terminal, stop_on_ctrl_c};
use crate::stop::StopRequest;

/// Runs one command.
pub async fn run(cli: &Cli) -> Result<bool, Failure> {
    let common = &cli.common;
    match &cli.command {
        Command::Completions { shell } => {
            let mut command = Cli::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "tieout", &mut script);
            print::whole(&String::from_utf8_lossy(&script));
            Ok(true)
        }
        Command::Sandbox(SandboxCommand::Serve(args)) => serve(args).await,
        Command::Demo(args) => {
            let cancel = Cancel::default();
            stop_on_ctrl_c(cancel.clone());
            // The demo hardly ever waits; without this the listener would not begin to listen.
            tokio::task::yield_now().await;
            let options = DemoOptions {
                out: args.out.clone(),
                cancel,
                observer: Box::new(Terminal::new(common.json)),
                tell: |line| eprintln!("{line}"),
            };
            let report = tieout_api::demo(&opening(common, true)?, options).await?;
            demo::print(&report, common.json);
            Ok(report.complete)
        }
        Command::Connect(args) => actions::connect(common, args).await,
        _ => {
            let opening = opening(common, false)?;
            let mut workspace = match cli.command.only_reads() {
                true => Workspace::open_to_read(&opening).await?,
                false => Workspace::open(&opening).await?,
            };
            workspace.engine.observer = Box::new(Terminal::new(common.json));
            stop_on_ctrl_c(workspace.engine.cancel.clone());
            let outcome = in_workspace(&mut workspace, cli).await;
            workspace.save_sandbox()?;
            outcome
        }
    }
}

async fn in_workspace(workspace: &mut Workspace, cli: &Cli) -> Result<bool, Failure> {
    let json = cli.common.json;
    match &cli.command {
        Command::Sync(args) => {
            let view = commands::sync(
                workspace,
                &SyncOptions {
                    connection: args.connection.clone(),
                    full: args.full,
                    period: args.period.clone(),
                },
            )
            .await?;
            grids::sync(&view, json);
            Ok(view.run.complete && view.written_back.failed.is_empty())
        }
        Command::Resync(args) => actions::resync(workspace, args, json).await,
        Command::Create(args) => actions::create(workspace, args, json).await,
        Command::Connections(args) => actions::connections(workspace, args, json).await,
        Command::Companies(args) => companies::companies(workspace, args, json),
        Command::Assign(args) => companies::assign(workspace, args, json).await,
        Command::Reconcile(args) => {
            let view = commands::reconcile(workspace, &(&args.frame).into())?;
            grids::reconciliation(&view, json);
            Ok(view.ties_out && view.reading.complete)
        }
        Command::Ar(args) => grids::receivables(workspace, args, json),
        Command::Deals(args) => grids::deals(workspace, args, json),
        Command::Exceptions(args) => grids::exceptions(workspace, args, json),
        Command::Rehearse(args) => review::rehearse(workspace, args, json),
        Command::Leakage(args) => radar::leakage(workspace, args, json),
        Command::Duplicates(args) => radar::duplicates(workspace, args, json),
        Command::Link(args) => review::link(workspace, args, json),
        Command::Decide(args) => actions::decide(workspace, args, json),
        Command::Export(args) => actions::export_workpaper(workspace, args, json),
        Command::Verify(args) => actions::verify(workspace, args, json),
        Command::Effects(args) => effects::effects(workspace, args, json).await,
        Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Connect(_)
        | Command::Completions { .. } => Ok(true),
    }
}

/// Serves until the process is told to stop.
async fn serve(args: &ServeArgs) -> Result<bool, Failure> {
    if !args.listen.ip().is_loopback() {
        let detail = format!("`{}` is not an address of this computer alone", args.listen);
        return Err(Failure::new(Code::UnsafeAddress, detail));
    }
    let stop = StopRequest::listen().map_err(|error| {
        Failure::caused(Code::Unexpected, "no signal can be listened for", error)
    })?;
    let serving = tieout_api::serve(&ServeOptions {
        listen: args.listen,
        tls_certificate: args.tls_certificate.clone(),
    })
    .await?;
    match serde_json::to_string(&serving.addresses) {
        Ok(text) => print::line(&text),
        Err(error) => return Err(Failure::caused(Code::Unexpected, "the addresses", error)),
    }
    stop.told().await;
    serving.stop().await;
    Ok(true)
}

/// How to open the workspace of these flags.
pub(crate) fn opening(common: &Common, create: bool) -> Result<Opening, Failure> {
    let folder = match &common.workspace {
        Some(folder) => folder.clone(),
        None => default_folder()?,
    };
    let passphrase = std::env::var("TIEOUT_PASSPHRASE").ok().filter(|text| !text.is_empty());
    Ok(Opening { folder, passphrase: passphrase.map(Into::into), create, ca_pem: None })
}

/// The user's data folder of this platform.
fn default_folder() -> Result<PathBuf, Failure> {
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    let base = if cfg!(target_os = "windows") {
        std::env::var_os("APPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library").join("Application Support"))
    } else {
        std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .or_else(|| home().map(|home| home.join(".local").join("share")))
    };
    base.map(|base| base.join("tieout"))
        .ok_or_else(|| Failure::new(Code::Usage, "no data folder is known; use `--workspace DIR`"))
}

/// The name of the person at this computer, for the audit trail.
pub(crate) fn actor(given: Option<&str>) -> String {
    given.map(str::to_owned).or_else(account_name).unwrap_or_else(|| "unknown user".into())
}

/// The same for a decision, which nobody unknown makes.
pub(crate) fn deciding(given: Option<&str>) -> Result<String, Failure> {
    given.map(str::to_owned).or_else(account_name).ok_or_else(|| {
        let detail = "nobody knows who decides: this computer names no user";
        Failure::new(Code::Usage, detail).with_hint("Say who decides with `--actor NAME`.")
    })
}
