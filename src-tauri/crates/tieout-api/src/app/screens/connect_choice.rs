//! A sign-in that reaches several organisations: a person says which one is connected.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tieout_connect::oauth::{OAuthError, SIGN_IN_WAIT};
use tokio::sync::mpsc;
use ts_rs::TS;

use super::connect::{CHANGED, ended, found, leave_empty};
use super::connect_words::{ConnectStage, ConnectState, OrganisationChoice, StepState};
use crate::app::events::Tag;
use crate::app::home::Home;
use crate::app::writer::{Writer, WriterAsk};
use crate::codes::Code;
use crate::failure::Failure;
use crate::sign_in::Undecided;

/// A second choice has nothing to choose from.
const CHOICES_MAX: usize = 1;

/// The id of the organisation that a person chose.
pub(crate) type Choice = String;

/// Which organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChooseParams {
    pub organisation: String,
}

/// A choice on its way to the writer.
pub(crate) struct Chosen {
    attempt: u64,
    undecided: Box<Undecided>,
    outcome: Result<Choice, OAuthError>,
}

/// Offers the organisations and waits beside the writer, as long as for the browser.
pub(super) fn wait_for_choice(writer: &Writer, attempt: u64, undecided: Box<Undecided>) {
    let (choices, mut chosen) = mpsc::channel(CHOICES_MAX);
    let Some(cancel) = writer.home.sign_in.offer(attempt, choices) else { return };
    let offered = undecided.organisations().into_iter();
    let organisations: Vec<OrganisationChoice> =
        offered.map(|it| OrganisationChoice { id: it.id, name: it.name }).collect();
    writer.home.sign_in.change(attempt, |shown| {
        shown.title = format!("Choose an organisation of {}", shown.system.label());
        shown.stage = ConnectStage::Choosing;
        shown.step_before("Choose the organisation");
        shown.organisations = organisations;
    });
    let asks = writer.asks.clone();
    tokio::spawn(async move {
        let choice = cancel.unless_cancelled(chosen.recv());
        let outcome = match tokio::time::timeout(SIGN_IN_WAIT, choice).await {
            Ok(Some(Some(choice))) => Ok(choice),
            Ok(Some(None) | None) => Err(OAuthError::Cancelled),
            Err(_) => Err(OAuthError::TimedOut),
        };
        // A writer that is gone means that the application closes.
        if let Some(asks) = asks.upgrade() {
            let told = Chosen { attempt, undecided, outcome };
            let _ = asks.send(WriterAsk::Chosen(Box::new(told))).await;
        }
    });
}

/// Takes the choice of a person.
pub async fn connect_choose(
    home: &Arc<Home>,
    params: ChooseParams,
) -> Result<ConnectState, Failure> {
    let over = || Failure::new(Code::NotNow, "no sign-in waits for a choice");
    let choices = home.sign_in.choices().ok_or_else(over)?;
    choices.try_send(params.organisation).map_err(|_| over())?;
    home.sign_in.shown().ok_or_else(over)
}

/// Connects the organisation that was chosen.
pub(crate) async fn chosen(writer: &mut Writer, chosen: Chosen) {
    let home = writer.home.clone();
    let Chosen { attempt, undecided, outcome } = chosen;
    let now = home.now();
    let goes_on = home.sign_in.change(attempt, |shown| {
        shown.stage = ConnectStage::Checking;
        shown.organisations = Vec::new();
        if outcome.is_ok() {
            shown.step_on(now, StepState::Done);
        }
    });
    if goes_on {
        home.changed(&[Tag::Connect]);
        let found = connect(writer, *undecided, outcome).await;
        ended(&home, attempt, found, None);
    }
    leave_empty(writer).await;
    home.changed(&CHANGED);
}

async fn connect(
    writer: &mut Writer,
    undecided: Undecided,
    outcome: Result<Choice, OAuthError>,
) -> Result<Vec<super::connect_words::Finding>, Failure> {
    let choice = outcome.map_err(Failure::from)?;
    let connected = undecided.decided(writer.workspace()?, &choice).await?;
    found(writer, &connected).await
}
