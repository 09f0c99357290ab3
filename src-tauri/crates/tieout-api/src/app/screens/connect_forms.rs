//! What a person enters to connect a system, and the page for the Salesforce administrator. All of
//! it works before there is a workspace.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tieout_quickbooks::App;
use tieout_salesforce::SalesforceConfig;
use ts_rs::TS;

use crate::app::home::Home;
use crate::app::shapes::Nothing;
use crate::failure::Failure;
use crate::settings;

/// A system that can be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum System {
    Salesforce,
    Quickbooks,
    Xero,
}

impl System {
    /// What people call it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Salesforce => "Salesforce",
            Self::Quickbooks => "QuickBooks Online",
            Self::Xero => "Xero",
        }
    }
}

/// The forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectFormsView {
    pub systems: Vec<ConnectForm>,
    pub hand_off: HandOffView,
}

/// What a person enters to connect one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectForm {
    pub system: System,
    pub name: &'static str,
    pub needs: &'static str,
    pub fields: Vec<ConnectField>,
    /// Addresses that must be registered at the app.
    pub callbacks: Vec<String>,
    /// What is read and that nothing is written.
    pub promise: &'static str,
}

/// Key of a field in the parameters of `connect_start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldId {
    Name,
    AppId,
    Secret,
    Address,
    Relay,
    Calls,
    Scopes,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectField {
    pub id: FieldId,
    pub label: &'static str,
    pub hint: &'static str,
    pub preset: &'static str,
    pub required: bool,
    /// Never shown, never kept in the page.
    pub secret: bool,
    pub choices: Vec<FieldChoice>,
    /// What a person calls a value of their own beside the choices; empty where there is none.
    pub other: &'static str,
}

/// A ready choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FieldChoice {
    pub value: &'static str,
    pub label: &'static str,
}

/// The page for the Salesforce administrator. No secret stands on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandOffView {
    pub title: String,
    pub lead: String,
    pub steps: Vec<HandOffStep>,
    pub questions: Vec<HandOffQuestion>,
    /// The whole page as text, for a mail.
    pub text: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandOffStep {
    pub title: &'static str,
    pub values: Vec<HandOffValue>,
}

/// One value to enter, or what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandOffValue {
    pub label: &'static str,
    /// Several are copied as one value.
    pub lines: Vec<String>,
    /// Set in the face of ids.
    pub id: bool,
    /// An instruction is read, a value is copied.
    pub copy: bool,
}

/// What an administrator asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HandOffQuestion {
    pub asked: &'static str,
    pub answer: String,
}

/// The forms and the page for the administrator.
pub async fn connect_forms(home: &Arc<Home>, _: Nothing) -> Result<ConnectFormsView, Failure> {
    Ok(ConnectFormsView {
        systems: vec![salesforce_form(), quickbooks_form(), xero_form()],
        hand_off: hand_off(&home.person()),
    })
}

fn field(id: FieldId, label: &'static str, hint: &'static str) -> ConnectField {
    let (preset, required, secret, choices, other) = ("", true, false, Vec::new(), "");
    ConnectField { id, label, hint, preset, required, secret, choices, other }
}

fn name_field(preset: &'static str) -> ConnectField {
    let name = field(FieldId::Name, "Name in Tieout", "Any name. It stands in every list.");
    ConnectField { preset, ..name }
}

/// Where to sign in: a ready choice, or an address of one's own.
const OWN_ADDRESS: &str = "Another address";

const fn offered(value: &'static str, label: &'static str) -> FieldChoice {
    FieldChoice { value, label }
}

fn salesforce_form() -> ConnectForm {
    let key = "Starts with 3MVG9. Your administrator sends it.";
    let address = "A domain of your own goes here as https://….my.salesforce.com";
    ConnectForm {
        system: System::Salesforce,
        name: System::Salesforce.label(),
        needs: "A Salesforce administrator, once",
        fields: vec![
            name_field(settings::SALESFORCE),
            field(FieldId::AppId, "Consumer key", key),
            ConnectField {
                preset: "https://login.salesforce.com",
                choices: vec![
                    offered("https://login.salesforce.com", "Production"),
                    offered("https://test.salesforce.com", "Sandbox"),
                ],
                other: OWN_ADDRESS,
                ..field(FieldId::Address, "Sign in at", address)
            },
        ],
        callbacks: SalesforceConfig::callback_urls(),
        promise: "Reads only. Nothing is written to Salesforce until you switch it on.",
    }
}

fn quickbooks_form() -> ConnectForm {
    let keys = "Production keys need a relay page, development keys do not.";
    let relay = "An https page of yours, registered at the app. It sends the browser on to this \
                 computer, or you paste the address that it shows. Only with production keys.";
    ConnectForm {
        system: System::Quickbooks,
        name: System::Quickbooks.label(),
        needs: "An administrator of the QuickBooks company, and an app of your own",
        fields: vec![
            name_field(settings::QUICKBOOKS),
            field(FieldId::AppId, "Client ID", "From your own app on developer.intuit.com."),
            ConnectField {
                secret: true,
                ..field(FieldId::Secret, "Client secret", "Kept encrypted on this computer.")
            },
            ConnectField {
                preset: "production",
                choices: vec![offered("production", "Production"), offered("sandbox", "Sandbox")],
                other: OWN_ADDRESS,
                ..field(FieldId::Address, "Keys of", keys)
            },
            ConnectField { required: false, ..field(FieldId::Relay, "Relay page", relay) },
        ],
        callbacks: App::callback_urls(),
        promise: "Reads only. No invoice is made until you switch it on and approve it.",
    }
}

fn xero_form() -> ConnectForm {
    let id = "From your own app on developer.xero.com, of the type Mobile or desktop app. It has no \
              secret.";
    let plan = "Tieout leaves 200 calls of each day to what you ask for yourself.";
    let age = "Xero gives newer apps finer permissions than older ones.";
    ConnectForm {
        system: System::Xero,
        name: System::Xero.label(),
        needs: "A user who may connect the organisation, and an app of your own",
        fields: vec![
            name_field(settings::XERO),
            field(FieldId::AppId, "Client ID", id),
            ConnectField {
                preset: "5000",
                choices: vec![
                    offered("5000", "Paid, 5,000 calls a day"),
                    offered("1000", "Free, 1,000 calls a day"),
                ],
                ..field(FieldId::Calls, "Plan of the app", plan)
            },
            ConnectField {
                preset: settings::GRANULAR,
                choices: vec![
                    offered(settings::GRANULAR, "March 2026 or later"),
                    offered(settings::BROAD, "Before March 2026"),
                ],
                ..field(FieldId::Scopes, "App made in", age)
            },
        ],
        callbacks: tieout_xero::App::callback_urls(),
        promise: "Reads only. No invoice is made until you switch it on and approve it.",
    }
}

fn copied(label: &'static str, line: &str) -> HandOffValue {
    HandOffValue { label, lines: vec![line.to_owned()], id: false, copy: true }
}

fn read(label: &'static str, line: &str) -> HandOffValue {
    HandOffValue { copy: false, ..copied(label, line) }
}

/// Every setting of the app, as the README has them.
fn hand_off_steps(person: &str) -> Vec<HandOffStep> {
    vec![
        HandOffStep {
            title: "Create the app",
            values: vec![
                read("Setup, search for", "External Client App Manager, then New"),
                copied("Name", "Tieout"),
                read("Distribution state", "Local"),
            ],
        },
        HandOffStep {
            title: "OAuth settings",
            values: vec![
                HandOffValue {
                    label: "Callback URLs, five lines",
                    lines: SalesforceConfig::callback_urls(),
                    id: true,
                    copy: true,
                },
                read("Scope", "Manage user data via APIs (api)"),
                read("Scope", "Perform requests at any time (refresh_token)"),
                read("Scope", "Access unique user identifiers (openid)"),
                read("Require PKCE", "on"),
                read("Enable Refresh Token Rotation", "on"),
                read("Require secret for Web Server Flow", "off"),
                read("Require secret for Refresh Token Flow", "off"),
            ],
        },
        HandOffStep {
            title: "Who may use it",
            values: vec![
                read("Permitted users", &format!("Those who run Tieout: {person}")),
                read("Access", "Read and View All on Account, Opportunity and Product"),
                read(
                    "For writing, later",
                    "A permission set Tieout Integration, with read and \
                      edit on the fields that Tieout writes",
                ),
            ],
        },
        HandOffStep {
            title: "Send back one value",
            values: vec![read("Consumer key", "Starts with 3MVG9. It is not a secret.")],
        },
    ]
}

/// The page as it is shown, and as text for a mail.
pub(crate) fn hand_off(person: &str) -> HandOffView {
    let steps = hand_off_steps(person);
    let questions = vec![
        HandOffQuestion {
            asked: "Can it write?",
            answer: "Not before it is switched on, and then only fields whose names begin with \
                     Tieout, where you have made and granted them."
                .to_owned(),
        },
        HandOffQuestion {
            asked: "Where does data go?",
            answer: format!(
                "To the computer of {person} only, into an encrypted file. There is \
                             no server in between."
            ),
        },
        HandOffQuestion {
            asked: "How do we stop it?",
            answer: "Block the app in Setup, or end the session of its user. It stops at once."
                .to_owned(),
        },
    ];
    let title = "For your Salesforce administrator".to_owned();
    let lead = format!(
        "{person} wants to read sales figures into Tieout, a program on their own computer. It \
         needs an External Client App in your org. About 5 minutes, in Setup."
    );
    let text = text(&title, &lead, &steps, &questions);
    HandOffView { title, lead, steps, questions, text }
}

fn text(title: &str, lead: &str, steps: &[HandOffStep], asked: &[HandOffQuestion]) -> String {
    let mut text = format!("{title}\n\n{lead}\n");
    for (at, step) in steps.iter().enumerate() {
        text.push_str(&format!("\n{}. {}\n", at + 1, step.title));
        for value in &step.values {
            match value.lines.as_slice() {
                [one] => text.push_str(&format!("{}: {one}\n", value.label)),
                several => {
                    text.push_str(&format!("{}:\n{}\n", value.label, several.join("\n")));
                }
            }
        }
    }
    text.push('\n');
    for question in asked {
        text.push_str(&format!("{} {}\n", question.asked, question.answer));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The README says the same to whoever reads it there.
    #[test]
    fn the_page_for_the_administrator_has_every_setting_and_no_secret() {
        let page = hand_off("Priya Raman");
        for port in [56_420, 58_728, 59_132, 61_361, 62_784] {
            let line = format!("http://localhost:{port}/oauth/salesforce/callback\n");
            assert!(page.text.contains(&line), "{}", page.text);
        }
        for setting in [
            "Distribution state: Local",
            "(api)",
            "(refresh_token)",
            "(openid)",
            "Require PKCE: on",
            "Enable Refresh Token Rotation: on",
            "Require secret for Web Server Flow: off",
            "Require secret for Refresh Token Flow: off",
            "View All on Account, Opportunity and Product",
        ] {
            assert!(page.text.contains(setting), "{setting}: {}", page.text);
        }
        assert!(!page.text.contains('`'));
    }
}
