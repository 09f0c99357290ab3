//! Signing in from the window. The browser has minutes for it, so the wait runs beside the writer,
//! touches no workspace, and ends when a person cancels; only keeping the result is the writer's.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tieout_connect::cancel::Cancel;
use tieout_connect::oauth::{
    Callback, ClosingPage, Listener, OAuthClient, OAuthError, PendingSignIn, Redirect,
    SIGN_IN_WAIT, SignedIn, WaitLimits, read_pasted,
};
use tieout_connect::ports::Probe;
use tieout_store::Role;
use tokio::sync::{mpsc, oneshot};
use ts_rs::TS;

use super::connect_choice::{Choice, wait_for_choice};
use super::connect_forms::System;
use super::connect_words::{
    ConnectStage, ConnectState, ConnectStep, Finding, RemedyId, StepState, remedies,
};
use crate::app::FailureView;
use crate::app::events::{Tag, records_of};
use crate::app::home::{Home, Open};
use crate::app::shapes::{Nothing, Receipt};
use crate::app::writer::{Writer, WriterAsk};
use crate::codes::Code;
use crate::failure::Failure;
use crate::sign_in::{ConnectOptions, Connected, Kept, Wanted, XeroOptions};
use crate::views::instant;
use crate::workspace::Workspace;

/// Addresses that may wait to be looked at.
const PASTED_MAX: usize = 4;
/// Exact words of Salesforce's page about an app that nobody has installed (`salesforce §2.4`).
const NOT_INSTALLED: [&str; 3] =
    ["OAUTH_APPROVAL_ERROR_GENERIC", "app must be installed", "app+must+be+installed"];
/// What a sign-in changes.
pub(crate) const CHANGED: [Tag; 7] = [
    Tag::Connect,
    Tag::App,
    Tag::Figures,
    Tag::Decisions,
    Tag::Effects,
    Tag::Runs,
    Tag::Connections,
];

/// The sign-in of this window, if there is one.
#[derive(Default)]
pub(crate) struct SignIn(Mutex<Held>);

#[derive(Default)]
struct Held {
    /// Counts the attempts, so that the end of an earlier one changes nothing.
    attempt: u64,
    shown: Option<ConnectState>,
    cancel: Option<Cancel>,
    pastes: Option<mpsc::Sender<Pasted>>,
    choices: Option<mpsc::Sender<Choice>>,
}

/// An address that a person pasted, and where to say whether it was the right one.
struct Pasted {
    address: String,
    answer: oneshot::Sender<Result<(), OAuthError>>,
}

impl SignIn {
    fn held<T>(&self, change: impl FnOnce(&mut Held) -> T) -> T {
        change(&mut self.0.lock().expect("nobody panics with it"))
    }

    /// Ends the wait and forgets the sign-in.
    pub(crate) fn cancel(&self) {
        self.held(|held| {
            held.attempt += 1;
            if let Some(cancel) = held.cancel.take() {
                cancel.cancel();
            }
            held.shown = None;
            held.pastes = None;
            held.choices = None;
        });
    }

    /// The address that the browser has, where one has it.
    pub(crate) fn link(&self) -> Option<String> {
        self.held(|held| held.shown.as_ref().map(|shown| shown.link.clone()))
    }

    pub(super) fn shown(&self) -> Option<ConnectState> {
        self.held(|held| held.shown.clone())
    }

    /// Begins an attempt; one that was under way is over.
    fn begin(&self, cancel: &Cancel) -> u64 {
        self.cancel();
        self.held(|held| {
            held.cancel = Some(cancel.clone());
            held.attempt
        })
    }

    /// Where to tell a person's choice, while one is waited for.
    pub(super) fn choices(&self) -> Option<mpsc::Sender<Choice>> {
        self.held(|held| held.choices.clone())
    }

    /// From now on a person may choose. `None`: this attempt is over.
    pub(super) fn offer(&self, attempt: u64, choices: mpsc::Sender<Choice>) -> Option<Cancel> {
        self.held(|held| {
            let cancel = held.cancel.clone().filter(|_| held.attempt == attempt)?;
            held.choices = Some(choices);
            Some(cancel)
        })
    }

    /// Changes what is shown of this attempt. False: it is over.
    pub(super) fn change(&self, attempt: u64, change: impl FnOnce(&mut ConnectState)) -> bool {
        self.held(|held| match &mut held.shown {
            Some(shown) if held.attempt == attempt => {
                change(shown);
                true
            }
            _ => false,
        })
    }
}

/// What a person entered.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(rename = "ConnectStart")]
pub struct ConnectStartParams {
    pub system: System,
    pub name: String,
    pub app_id: String,
    pub secret: Option<String>,
    pub address: Option<String>,
    pub relay: Option<String>,
    pub calls: Option<String>,
    pub scopes: Option<String>,
}

/// A pasted address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PasteParams {
    pub address: String,
}

/// A link to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenLinkParams {
    pub link: String,
}

/// The sign-in that is under way, or how the last one ended.
pub async fn connect_state(home: &Arc<Home>, _: Nothing) -> Result<Option<ConnectState>, Failure> {
    Ok(home.sign_in.shown())
}

/// Where the data of a company of one's own will lie.
pub async fn new_workspace(home: &Arc<Home>, _: Nothing) -> Result<Receipt, Failure> {
    Ok(Receipt::said(format!("Your data will lie in {}", home.folder.display())))
}

fn wanted(params: &ConnectStartParams) -> Result<Wanted, Failure> {
    let given = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let options = ConnectOptions {
        name: given(&Some(params.name.clone())),
        base_url: given(&params.address),
        client_id: given(&Some(params.app_id.clone())),
        client_secret: given(&params.secret),
        relay: given(&params.relay),
        paste: false,
        xero: XeroOptions {
            calls_per_day: given(&params.calls).map(|calls| calls_of(&calls)).transpose()?,
            scopes: given(&params.scopes),
            ..XeroOptions::default()
        },
    };
    let made = match params.system {
        System::Salesforce => Wanted::salesforce(&options),
        System::Quickbooks => Wanted::quickbooks(&options),
        System::Xero => Wanted::xero(&options),
    };
    made.map_err(|failure| match failure.code {
        Code::Usage if options.client_id.is_none() => {
            Failure::new(Code::Usage, "the id of the app is empty")
                .with_hint("Enter the id of your own app.")
        }
        Code::Usage if params.system == System::Xero => failure,
        Code::Usage if options.client_secret.is_none() => {
            Failure::new(Code::Usage, "the secret of the app is empty")
                .with_hint("Enter the secret of your own app.")
        }
        Code::Usage if options.relay.is_none() => {
            failure.with_hint("Enter the https page that sends the browser on to this computer.")
        }
        _ => failure,
    })
}

fn calls_of(text: &str) -> Result<u32, Failure> {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    digits.parse().map_err(|error| {
        Failure::caused(Code::Usage, "the calls of a day are not a number", error)
            .with_hint("Choose the plan of your own app.")
    })
}

/// Opens the browser and waits beside the writer.
pub async fn connect_start(
    writer: &mut Writer,
    params: ConnectStartParams,
) -> Result<ConnectState, Failure> {
    let wanted = wanted(&params)?;
    let home = writer.home.clone();
    let cancel = Cancel::new();
    let attempt = home.sign_in.begin(&cancel);
    own_workspace(writer).await?;
    let workspace = writer.workspace()?;
    let (transport, entropy) = (workspace.transport.clone(), workspace.entropy.clone());
    let prepared = async {
        let client = wanted.client(transport, entropy).await?;
        let listener = bound(&client).await?;
        let pending = client.begin(listener.as_ref().map(Listener::port))?;
        Ok::<_, Failure>((client, listener, pending))
    };
    let prepared = cancel.unless_cancelled(prepared).await;
    let (client, listener, pending) = prepared.ok_or(OAuthError::Cancelled)??;
    home.desktop.open_address(&pending.authorize_url);
    let state = waiting(&home, params.system, listener.as_ref(), &pending.authorize_url);
    let (pastes, pasted) = mpsc::channel(PASTED_MAX);
    home.sign_in.held(|held| {
        held.shown = Some(state.clone());
        held.pastes = Some(pastes);
    });
    let waiting = Wait { home, attempt, client, listener, pending, pasted, cancel };
    let asks = writer.asks.clone();
    tokio::spawn(async move {
        let outcome = waiting.until_back().await;
        let finished = Finished { attempt, wanted, outcome };
        // A writer that is gone means that the application closes.
        if let Some(asks) = asks.upgrade() {
            let _ = asks.send(WriterAsk::SignedIn(Box::new(finished))).await;
        }
    });
    Ok(state)
}

/// A company of one's own, not the sample: it is made when the first system is connected.
async fn own_workspace(writer: &mut Writer) -> Result<(), Failure> {
    let standing = writer.home.standing();
    if standing.open == Open::Real {
        return writer.workspace().map(drop);
    }
    let mut opening = writer.home.opening(false);
    opening.create = true;
    let workspace = Workspace::open(&opening).await?;
    writer.leave().await;
    writer.take(workspace, false).await;
    Ok(())
}

async fn bound(client: &OAuthClient) -> Result<Option<Listener>, OAuthError> {
    match &client.config().redirect {
        Redirect::Loopback { ports, .. } | Redirect::Relay { ports, .. } => {
            Listener::bind(ports).await.map(Some)
        }
        Redirect::Pasted { .. } => Ok(None),
    }
}

fn waiting(home: &Home, system: System, listener: Option<&Listener>, link: &str) -> ConnectState {
    let now = home.now();
    let port = listener.map(|it| format!("localhost, port {}", it.port()));
    let host = url::Url::parse(link).ok();
    let host = host.as_ref().and_then(|url| url.host_str()).unwrap_or_default().to_owned();
    let wait = jiff::SignedDuration::try_from(SIGN_IN_WAIT).unwrap_or_default();
    let browser = ConnectStep::later("Waiting for you in the browser");
    ConnectState {
        system,
        title: format!("Finish signing in to {}", system.label()),
        stage: ConnectStage::Waiting,
        steps: vec![
            ConnectStep::done("Listening on this computer", port.unwrap_or_default(), now),
            ConnectStep::done("Browser opened", host, now),
            ConnectStep { state: StepState::Now, ..browser },
            ConnectStep::later("Check what this user may read"),
        ],
        link: link.to_owned(),
        expires_at: instant(now.checked_add(wait).unwrap_or(now)),
        paste_only: listener.is_none(),
        remedies: remedies(system, None),
        failure: None,
        organisations: Vec::new(),
        findings: Vec::new(),
    }
}

/// The wait for the browser.
struct Wait {
    home: Arc<Home>,
    attempt: u64,
    client: OAuthClient,
    listener: Option<Listener>,
    pending: PendingSignIn,
    pasted: mpsc::Receiver<Pasted>,
    cancel: Cancel,
}

impl Wait {
    async fn until_back(self) -> Result<SignedIn, OAuthError> {
        let Self { home, attempt, client, listener, pending, mut pasted, cancel } = self;
        let (callback, closing) =
            callback(&client, listener, &pending, &mut pasted, &cancel).await?;
        let now = home.now();
        home.sign_in.change(attempt, |shown| {
            shown.stage = ConnectStage::Checking;
            shown.step_on(now, StepState::Done);
        });
        home.changed(&[Tag::Connect]);
        let redeemed = cancel.unless_cancelled(client.redeem(&pending, callback)).await;
        let signed_in = redeemed.ok_or(OAuthError::Cancelled)??;
        Ok(SignedIn { closing, ..signed_in })
    }
}

/// What the browser brings back, or a person pastes, whichever comes first.
async fn callback(
    client: &OAuthClient,
    listener: Option<Listener>,
    pending: &PendingSignIn,
    pasted: &mut mpsc::Receiver<Pasted>,
    cancel: &Cancel,
) -> Result<(Callback, Option<ClosingPage>), OAuthError> {
    let limits = WaitLimits::default();
    let config = client.config();
    let by_browser = async {
        match (listener, &config.redirect) {
            (Some(listener), Redirect::Loopback { path, .. } | Redirect::Relay { path, .. }) => {
                let came = listener.wait(path, pending.state(), &config.answer, limits, cancel);
                came.await.map(|(callback, page)| (callback, Some(page)))
            }
            _ => match tokio::time::timeout(limits.wait, cancel.cancelled()).await {
                Ok(()) => Err(OAuthError::Cancelled),
                Err(_) => Err(OAuthError::TimedOut),
            },
        }
    };
    tokio::pin!(by_browser);
    loop {
        tokio::select! {
            came = &mut by_browser => return came,
            Some(paste) = pasted.recv() => {
                let read = read_pasted(&paste.address, pending.state());
                let wrong = matches!(read, Err(OAuthError::WrongState | OAuthError::NoCode));
                let told = match read {
                    Ok(callback) => {
                        // Whoever pasted it may have closed the window.
                        let _ = paste.answer.send(Ok(()));
                        return Ok((callback, None));
                    }
                    Err(error) if !wrong => {
                        let _ = paste.answer.send(Ok(()));
                        return Err(error);
                    }
                    Err(error) => error,
                };
                let _ = paste.answer.send(Err(told));
            }
        }
    }
}

/// Takes the address that the browser ended on.
pub async fn connect_paste(home: &Arc<Home>, params: PasteParams) -> Result<ConnectState, Failure> {
    let over = || Failure::new(Code::NotNow, "no sign-in is under way");
    if NOT_INSTALLED.iter().any(|words| params.address.contains(words)) {
        let hit = Some(RemedyId::NotInstalled);
        home.sign_in.held(|held| {
            if let Some(shown) = &mut held.shown {
                shown.remedies = remedies(shown.system, hit);
            }
        });
        home.changed(&[Tag::Connect]);
        return Err(Failure::new(
            Code::AppNotInstalled,
            "Salesforce blocks this app until an administrator installs it",
        ));
    }
    let pastes = home.sign_in.held(|held| held.pastes.clone()).ok_or_else(over)?;
    let (answer, answered) = oneshot::channel();
    pastes.send(Pasted { address: params.address, answer }).await.map_err(|_| over())?;
    answered.await.map_err(|_| over())?.map_err(|error| {
        Failure::from(error)
            .with_hint("Copy the whole address that the browser shows, from its very beginning.")
    })?;
    home.sign_in.shown().ok_or_else(over)
}

/// A sign-in that came to its end, on its way to the writer.
pub(crate) struct Finished {
    attempt: u64,
    wanted: Wanted,
    outcome: Result<SignedIn, OAuthError>,
}

/// Keeps what was signed in to, and says what the user may read there.
pub(crate) async fn finish(writer: &mut Writer, finished: Finished) {
    let home = writer.home.clone();
    let Finished { attempt, wanted, outcome } = finished;
    if home.sign_in.change(attempt, |_| ()) {
        let hit = outcome.as_ref().err().and_then(hit_of);
        let kept = match outcome {
            Ok(signed_in) => keep(writer, wanted, signed_in).await,
            Err(error) => Err(Failure::from(error)),
        };
        match kept {
            Ok(Kept::Undecided(undecided)) => {
                wait_for_choice(writer, attempt, undecided);
                home.changed(&[Tag::Connect]);
                return;
            }
            Ok(Kept::Connected(connected)) => {
                let found = found(writer, &connected).await;
                ended(&home, attempt, found, hit);
            }
            Err(failure) => ended(&home, attempt, Err(failure), hit),
        }
    }
    leave_empty(writer).await;
    home.changed(&CHANGED);
}

/// Shows how the sign-in came to its end.
pub(super) fn ended(
    home: &Home,
    attempt: u64,
    found: Result<Vec<Finding>, Failure>,
    hit: Option<RemedyId>,
) {
    let now = home.now();
    match found {
        Ok(findings) => home.sign_in.change(attempt, |shown| {
            shown.title = format!("Connected to {}", shown.system.label());
            shown.stage = ConnectStage::Done;
            shown.step_on(now, StepState::Done);
            shown.findings = findings;
        }),
        Err(failure) => {
            tracing::info!(code = failure.code.as_str(), "a sign-in failed");
            let hit = hit.or_else(|| hit_of_code(failure.code));
            let failure = FailureView::of(&in_window(failure), now);
            home.sign_in.change(attempt, |shown| {
                shown.stage = ConnectStage::Failed;
                shown.step_on(now, StepState::Failed);
                shown.remedies = remedies(shown.system, hit);
                shown.failure = Some(failure);
            })
        }
    };
}

/// Goes back to the sample company where nothing came of leaving it.
pub(super) async fn leave_empty(writer: &mut Writer) {
    let sample = writer.home.showed_sample();
    let empty = match writer.workspace() {
        Ok(workspace) => workspace.engine.store.connections().is_ok_and(|all| all.is_empty()),
        Err(_) => false,
    };
    if sample && empty {
        // Why the sample did not open is kept and shown.
        let _ = writer.open(true).await;
    }
}

/// What helps where a hint names the command line.
fn in_window(failure: Failure) -> Failure {
    match (failure.code, &failure.hint) {
        (Code::SignInRefused, Some(_)) => failure.with_hint(
            "Sign in again under the name that the connection has; another company takes another \
             name.",
        ),
        _ => failure,
    }
}

fn hit_of(error: &OAuthError) -> Option<RemedyId> {
    match error {
        OAuthError::Denied { code, .. } if code == "access_denied" => Some(RemedyId::Denied),
        OAuthError::TimedOut => Some(RemedyId::Nothing),
        _ => None,
    }
}

fn hit_of_code(code: Code) -> Option<RemedyId> {
    (code == Code::AppNotInstalled).then_some(RemedyId::NotInstalled)
}

async fn keep(
    writer: &mut Writer,
    wanted: Wanted,
    mut signed_in: SignedIn,
) -> Result<Kept, Failure> {
    if let Some(page) = signed_in.closing.take() {
        // The browser fetches its last page while we go on.
        tokio::spawn(page.shown());
    }
    wanted.keep(writer.workspace()?, signed_in).await
}

/// What the user may do there, and the workspace as it is with the connection.
pub(super) async fn found(
    writer: &mut Writer,
    connected: &Connected,
) -> Result<Vec<Finding>, Failure> {
    let workspace = writer.workspace()?;
    let findings = findings(workspace, connected).await?;
    workspace.keep_learnt()?;
    writer.home.show_sample(false)?;
    writer.reopened().await;
    Ok(findings)
}

/// Asks once what the user may do there. A failure is told, and the first run asks again.
async fn findings(workspace: &Workspace, of: &Connected) -> Result<Vec<Finding>, Failure> {
    let records = workspace.engine.store.connections()?;
    let record = records.into_iter().find(|record| record.id.as_str() == of.name);
    let record = record.ok_or_else(|| Failure::new(Code::NoSuchConnection, of.name.clone()))?;
    let probe = match (record.role, &workspace.engine.crm) {
        (Role::Crm, Some(crm)) => crm.port.probe().await,
        (Role::Crm, None) => return Ok(Vec::new()),
        (Role::Ledger, _) => workspace.engine.ledger(&record.id)?.port.probe().await,
    };
    Ok(match probe {
        Ok(probe) => probed(&probe),
        Err(error) => vec![Finding {
            ok: false,
            sentence: format!("What this user may read could not be asked: {error}"),
            remedy: "The first run asks again.".to_owned(),
        }],
    })
}

fn probed(probe: &Probe) -> Vec<Finding> {
    let sandbox = if probe.sandbox { ", a sandbox" } else { "" };
    let words = probe.capabilities.streams.iter();
    let reads = words.map(|stream| records_of(*stream)).collect::<Vec<&str>>().join(", ");
    let good = |sentence: String| Finding { ok: true, sentence, remedy: String::new() };
    let mut found =
        vec![good(format!("Connected to {}{sandbox}", probe.name)), good(format!("Reads {reads}"))];
    found.extend(probe.missing.iter().map(|missing| Finding {
        ok: false,
        sentence: missing.what.clone(),
        remedy: missing.remedy.clone(),
    }));
    found
}
