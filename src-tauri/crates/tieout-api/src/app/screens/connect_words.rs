//! The sign-in in words: its steps, and what a person may see in the browser.

use jiff::Timestamp;
use serde::Serialize;
use ts_rs::TS;

use super::connect_forms::System;
use crate::app::FailureView;
use crate::machine::time_zone;

/// How far the sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectStage {
    /// The browser has it.
    Waiting,
    /// The page came back.
    Checking,
    /// The sign-in reaches several organisations, and a person says which.
    Choosing,
    Done,
    Failed,
}

/// A sign-in that is under way or has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectState {
    pub system: System,
    pub title: String,
    pub stage: ConnectStage,
    pub steps: Vec<ConnectStep>,
    /// Sign-in address as text to copy.
    pub link: String,
    /// When the sign-in page stops to work.
    pub expires_at: String,
    /// Only pasting the address finishes.
    pub paste_only: bool,
    pub remedies: Vec<SignInRemedy>,
    pub failure: Option<FailureView>,
    /// What a person chooses from while it is `choosing`.
    pub organisations: Vec<OrganisationChoice>,
    /// What the user may read, once it was checked.
    pub findings: Vec<Finding>,
}

/// An organisation that the sign-in reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OrganisationChoice {
    pub id: String,
    pub name: String,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Done,
    Now,
    Later,
    Failed,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectStep {
    pub state: StepState,
    pub title: String,
    pub note: String,
    /// "09:58:02", empty while it has not happened.
    pub at: String,
}

/// What was found about the connected user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Finding {
    pub ok: bool,
    pub sentence: String,
    pub remedy: String,
}

/// What a person may see instead of a consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RemedyId {
    NotInstalled,
    OtherCompany,
    Denied,
    Nothing,
    Vpn,
    NotAdmin,
    Redirect,
    Scope,
    Limit,
}

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RemedyAction {
    HandOff,
    OpenAgain,
    CopyLink,
    Paste,
    None,
}

/// One row of "What do you see in the browser?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignInRemedy {
    pub id: RemedyId,
    /// The exact texts as the browser shows them.
    pub seen: Vec<&'static str>,
    pub title: &'static str,
    pub sentence: &'static str,
    pub action: RemedyAction,
    /// The page came back with this error: the row is open.
    pub hit: bool,
}

fn remedy(
    id: RemedyId,
    title: &'static str,
    sentence: &'static str,
    action: RemedyAction,
) -> SignInRemedy {
    SignInRemedy { id, seen: Vec::new(), title, sentence, action, hit: false }
}

/// The rows of one system; `hit` opens the one of the error that came back.
pub(crate) fn remedies(system: System, hit: Option<RemedyId>) -> Vec<SignInRemedy> {
    let mut rows = match system {
        System::Salesforce => {
            vec![not_installed(), other_company(), denied(), nothing(), vpn(), redirect()]
        }
        System::Quickbooks => {
            vec![not_admin(), other_company(), denied(), not_back(), nothing()]
        }
        System::Xero => vec![unknown_app(), wrong_scope(), limit(), denied(), nothing()],
    };
    for row in &mut rows {
        row.hit = Some(row.id) == hit;
    }
    rows
}

fn not_installed() -> SignInRemedy {
    let sentence = "Since September 2025 Salesforce blocks apps that an administrator has not \
                    installed. It takes your administrator about 5 minutes.";
    SignInRemedy {
        seen: vec!["OAUTH_APPROVAL_ERROR_GENERIC", "app must be installed into org"],
        ..remedy(RemedyId::NotInstalled, "", sentence, RemedyAction::HandOff)
    }
}

fn other_company() -> SignInRemedy {
    let sentence = "You are signed in elsewhere. Copy the link into a private window.";
    let title = "A login page for another company";
    remedy(RemedyId::OtherCompany, title, sentence, RemedyAction::CopyLink)
}

fn denied() -> SignInRemedy {
    let sentence = "Somebody pressed Deny. Open the page again.";
    SignInRemedy {
        seen: vec!["access_denied"],
        ..remedy(RemedyId::Denied, "Access denied", sentence, RemedyAction::OpenAgain)
    }
}

fn nothing() -> SignInRemedy {
    let sentence = "Company browsers sometimes stop pages that other programs open. Copy the link \
                    and paste it yourself.";
    remedy(RemedyId::Nothing, "Nothing at all", sentence, RemedyAction::CopyLink)
}

fn vpn() -> SignInRemedy {
    let sentence = "Salesforce may freeze users who arrive from anonymous networks. Leave it for \
                    the sign-in.";
    remedy(RemedyId::Vpn, "You are on a VPN", sentence, RemedyAction::None)
}

fn redirect() -> SignInRemedy {
    let sentence = "The app does not know an address of this computer. Register all its callback \
                    addresses, character by character.";
    SignInRemedy {
        seen: vec!["redirect_uri_mismatch", "redirect_uri is invalid"],
        ..remedy(RemedyId::Redirect, "", sentence, RemedyAction::None)
    }
}

fn not_admin() -> SignInRemedy {
    let sentence = "Only an administrator of the company can connect it. Let that person sign in \
                    in the browser.";
    let title = "You need to be an administrator";
    remedy(RemedyId::NotAdmin, title, sentence, RemedyAction::CopyLink)
}

/// Xero shows pages of its own for these, and the browser never comes back (`xero §2.3`).
fn unknown_app() -> SignInRemedy {
    let sentence = "Xero knows no app with this id, or not an address of this computer. Compare \
                    the client id, and register all addresses, character by character.";
    SignInRemedy {
        seen: vec!["unauthorized_client", "Invalid redirect_uri"],
        ..remedy(RemedyId::Redirect, "", sentence, RemedyAction::None)
    }
}

fn wrong_scope() -> SignInRemedy {
    let sentence = "The app does not have the permissions that were asked for. Cancel, and choose \
                    the other answer for when it was made.";
    SignInRemedy {
        seen: vec!["Invalid scope for client"],
        ..remedy(RemedyId::Scope, "", sentence, RemedyAction::None)
    }
}

fn limit() -> SignInRemedy {
    let sentence = "The plan of the app allows no further organisation, or the organisation has two \
                    apps already. Disconnect one in Xero, or change the plan.";
    let title = "A page about a limit of connections";
    remedy(RemedyId::Limit, title, sentence, RemedyAction::OpenAgain)
}

fn not_back() -> SignInRemedy {
    let sentence = "Copy the whole address that the browser ended on, and paste it here.";
    let title = "The page cannot come back by itself";
    remedy(RemedyId::Redirect, title, sentence, RemedyAction::Paste)
}

/// `09:58:02` on this computer.
pub(crate) fn clock_time(at: Timestamp) -> String {
    at.to_zoned(time_zone()).strftime("%H:%M:%S").to_string()
}

impl ConnectStep {
    pub(crate) fn done(title: &str, note: String, at: Timestamp) -> Self {
        Self { state: StepState::Done, title: title.to_owned(), note, at: clock_time(at) }
    }

    pub(crate) fn later(title: &str) -> Self {
        let (note, at) = (String::new(), String::new());
        Self { state: StepState::Later, title: title.to_owned(), note, at }
    }
}

impl ConnectState {
    /// Puts a step before the one that is under way, and makes it the one under way.
    pub(crate) fn step_before(&mut self, title: &str) {
        let at = self.steps.iter().position(|step| step.state == StepState::Now);
        let at = at.unwrap_or(self.steps.len());
        if let Some(next) = self.steps.get_mut(at) {
            next.state = StepState::Later;
        }
        let step = ConnectStep { state: StepState::Now, ..ConnectStep::later(title) };
        self.steps.insert(at, step);
    }

    /// Ends the step that is under way, and begins the next one if the sign-in goes on.
    pub(crate) fn step_on(&mut self, at: Timestamp, ended: StepState) {
        let now = self.steps.iter().position(|step| step.state == StepState::Now);
        let Some(now) = now else { return };
        self.steps[now].state = ended;
        self.steps[now].at = clock_time(at);
        if ended == StepState::Done
            && let Some(next) = self.steps.get_mut(now + 1)
        {
            next.state = StepState::Now;
        }
    }
}
