//! Every command of the window, declared once: its parameters, its reply, and what it reads or
//! changes. The dispatcher, the shell's registration and the TypeScript client come from here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::events::Tag;
use super::home::Home;
use super::reader::Reader;
use super::screens;
use super::shapes::{Nothing, Receipt};
use super::typescript::Sketch;
use super::writer::Writer;
use crate::codes::Code;
use crate::failure::Failure;

/// Who does what a command asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Needs no workspace and answers at once.
    Here,
    /// The thread that reads.
    Reader,
    /// The thread that writes, one command after the other.
    Writer,
}

macro_rules! commands {
    (
        here { $(
            $here:ident($here_params:ty) -> $here_reply:ty, [$($here_tag:ident)*] in $here_in:ident;
        )* }
        reads { $(
            $read:ident($read_params:ty) -> $read_reply:ty, [$($read_tag:ident)*] in $read_in:ident;
        )* }
        writes { $(
            $write:ident($write_params:ty) -> $write_reply:ty,
            [$($write_tag:ident)*] in $write_in:ident;
        )* }
    ) => {
        /// The name of a command.
        #[allow(non_camel_case_types, reason = "the words are those of the wire")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CommandName { $($here,)* $($read,)* $($write,)* }

        /// All names, as the shell registers them.
        pub const COMMANDS: &[&str] =
            &[$(stringify!($here),)* $(stringify!($read),)* $(stringify!($write),)*];

        impl CommandName {
            pub(crate) fn parse(text: &str) -> Option<Self> {
                Some(match text {
                    $(stringify!($here) => Self::$here,)*
                    $(stringify!($read) => Self::$read,)*
                    $(stringify!($write) => Self::$write,)*
                    _ => return None,
                })
            }

            pub(crate) const fn place(self) -> Place {
                match self {
                    $(Self::$here => Place::Here,)*
                    $(Self::$read => Place::Reader,)*
                    $(Self::$write => Place::Writer,)*
                }
            }

            /// What a read rests on, or what a write changes.
            pub(crate) const fn tags(self) -> &'static [Tag] {
                match self {
                    $(Self::$here => &[$(Tag::$here_tag,)*],)*
                    $(Self::$read => &[$(Tag::$read_tag,)*],)*
                    $(Self::$write => &[$(Tag::$write_tag,)*],)*
                }
            }
        }

        /// Does what needs no workspace.
        pub(crate) async fn on_home(
            home: &std::sync::Arc<Home>, name: CommandName, params: Value,
        ) -> Result<Value, Failure> {
            match name {
                $(CommandName::$here =>
                    told(screens::$here_in::$here(home, taken::<$here_params>(params)?).await?),)*
                _ => Err(misplaced()),
            }
        }

        /// Answers what only reads.
        pub(crate) async fn on_reader(
            reader: &mut Reader, name: CommandName, params: Value,
        ) -> Result<Value, Failure> {
            match name {
                $(CommandName::$read =>
                    told(screens::$read_in::$read(reader, taken::<$read_params>(params)?).await?),)*
                _ => Err(misplaced()),
            }
        }

        /// Does what writes.
        pub(crate) async fn on_writer(
            writer: &mut Writer, name: CommandName, params: Value,
        ) -> Result<Value, Failure> {
            match name {
                $(CommandName::$write =>
                    told(
                        screens::$write_in::$write(writer, taken::<$write_params>(params)?).await?,
                    ),)*
                _ => Err(misplaced()),
            }
        }

        /// Every type of the table, for the generated client.
        pub(super) fn sketch(sketch: &mut Sketch) {
            $(sketch.command::<$here_params, $here_reply>(
                stringify!($here), true, &[$(Tag::$here_tag,)*]);)*
            $(sketch.command::<$read_params, $read_reply>(
                stringify!($read), true, &[$(Tag::$read_tag,)*]);)*
            $(sketch.command::<$write_params, $write_reply>(
                stringify!($write), false, &[$(Tag::$write_tag,)*]);)*
        }

        /// Calls a macro with every command's name; the shell registers each on its own.
        #[macro_export]
        macro_rules! for_each_command {
            ($callback:ident) => { $callback! { $($here)* $($read)* $($write)* } };
        }
    };
}

commands! {
    here {
        preferences(Nothing) -> super::preferences::Preferences, [Preferences] in state;
        set_preferences(super::preferences::PreferenceChange) -> Receipt, [] in state;
        cancel_task(screens::state::CancelTask) -> Receipt, [] in state;
        connect_forms(Nothing) -> screens::connect_forms::ConnectFormsView, [Preferences]
            in connect_forms;
        connect_state(Nothing) -> Option<screens::connect_words::ConnectState>, [Connect]
            in connect;
        connect_paste(screens::connect::PasteParams) -> screens::connect_words::ConnectState, []
            in connect;
        connect_choose(screens::connect_choice::ChooseParams)
            -> screens::connect_words::ConnectState, [] in connect_choice;
        new_workspace(Nothing) -> Receipt, [] in connect;
    }
    reads {
        app_state(Nothing) -> screens::state::AppState,
            [App Figures Effects Runs Connections Preferences] in state;
        receivables(screens::receivables::ReceivablesParams)
            -> screens::receivables::ReceivablesView, [Figures Connections] in receivables;
        deals(screens::deals::DealsParams)
            -> screens::deals::DealsView, [Figures Decisions Effects] in deals;
        duplicates(super::shapes::ScopeParams) -> screens::duplicates::PairsView,
            [Figures Decisions Connections] in duplicates;
        account(screens::account::AccountParams) -> screens::account::AccountView,
            [Figures Connections] in account;
        what_if(screens::what_if::WhatIfParams) -> screens::what_if::WhatIfView,
            [Figures Decisions Settings] in what_if;
        deal(screens::deal::DealParams) -> screens::deal::DealView,
            [Figures Decisions Effects Connections] in deal;
        link_candidates(screens::deal::DealParams) -> screens::deal::LinkCandidates,
            [Figures Decisions] in deal;
        reconciliation(screens::reconciliation::ReconciliationParams)
            -> screens::reconciliation::ReconciliationView,
            [Figures Decisions Effects Settings] in reconciliation;
        activity(Nothing) -> screens::activity::ActivityView,
            [App Figures Effects Runs Decisions Connections Preferences] in activity;
        connections(Nothing) -> screens::connections::ConnectionsView,
            [App Figures Runs Connections Preferences] in connections;
        mapping(super::shapes::ScopeParams) -> screens::mapping::MappingView,
            [Figures Decisions Connections Effects] in mapping;
        network(Nothing) -> screens::network::NetworkView, [App Runs Effects Connections]
            in network;
        open_link(screens::connect::OpenLinkParams) -> Receipt, [] in links;
        settings(super::shapes::ScopeParams) -> screens::settings::SettingsView,
            [Settings Figures Decisions Preferences Runs Connections] in settings;
        overview(screens::overview::OverviewParams) -> screens::overview::OverviewView,
            [Figures Decisions Effects Runs Connections] in overview;
        workpaper(super::shapes::ScopeParams) -> screens::workpaper::WorkpaperView,
            [Figures Decisions Effects Runs Connections Settings] in workpaper;
        find(screens::find::FindParams) -> screens::find::FindView,
            [App Figures Decisions Effects] in find;
        selection_sum(screens::selection::SelectionParams) -> screens::selection::SelectionSum,
            [] in selection;
    }
    writes {
        open_sample(Nothing) -> Receipt, [App Figures Decisions Effects Runs Connections] in state;
        close_sample(Nothing) -> Receipt, [App Figures Decisions Effects Runs Connections] in state;
        run_now(Nothing) -> Receipt, [App Figures Decisions Effects Runs Connections] in state;
        connect_start(screens::connect::ConnectStartParams)
            -> screens::connect_words::ConnectState,
            [Connect App Figures Decisions Effects Runs Connections] in connect;
        set_writing(screens::connections::SetWriting)
            -> screens::connections::SetWritingReply, [App Figures Connections Decisions]
            in connections;
        disconnect(screens::connections::Disconnect) -> Receipt,
            [App Figures Connections Decisions Runs] in connections;
        link_customer(screens::mapping::CustomerWord) -> Receipt,
            [App Figures Decisions] in mapping;
        unlink_customer(screens::mapping::CustomerWord) -> Receipt,
            [App Figures Decisions] in mapping;
        ask_now(screens::outbox::AskNow) -> Receipt, [App Figures Effects Runs] in outbox;
        resolve_effect(screens::outbox::ResolveEffect) -> Receipt,
            [App Figures Effects Runs Decisions] in outbox;
        export_report(screens::export::ExportParams) -> screens::export::ExportReply,
            [Decisions] in export;
        verify_file(Nothing) -> screens::verify::VerifyReply, [] in verify;
        set_limits(screens::settings::SetLimitsParams) -> Receipt,
            [App Figures Decisions Settings] in settings;
        resync_deal(screens::deal_actions::OneDeal) -> screens::deal_actions::ResyncView,
            [App Figures Effects Runs] in deal_actions;
        create_invoice(screens::deal_actions::CreateParams) -> screens::deal_actions::CreateView,
            [App Figures Effects Runs] in deal_actions;
        accept_reason(screens::decisions::AcceptReason) -> Receipt,
            [App Figures Decisions] in decisions;
        give_reason(screens::decisions::GiveReason) -> Receipt,
            [App Figures Decisions] in decisions;
        exclude_deal(screens::decisions::ExcludeDeal) -> Receipt,
            [App Figures Decisions] in decisions;
        include_deal(screens::decisions::IncludeDeal) -> Receipt,
            [App Figures Decisions] in decisions;
        clear_pair(screens::duplicates::PairWord) -> Receipt, [App Figures Decisions]
            in duplicates;
        link(screens::decisions::LinkParams) -> Receipt, [App Figures Decisions] in decisions;
        unlink(screens::decisions::LinkParams) -> Receipt, [App Figures Decisions] in decisions;
        undo(Nothing) -> Receipt, [App Figures Decisions Settings] in decisions;
        redo(Nothing) -> Receipt, [App Figures Decisions Settings] in decisions;
    }
}

/// Parameters as they came from the page.
fn taken<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    let params = if params.is_null() { Value::Object(serde_json::Map::new()) } else { params };
    serde_json::from_value(params).map_err(|error| {
        Failure::caused(Code::Usage, "the window asked for something in a form unknown here", error)
    })
}

fn told<T: Serialize>(reply: T) -> Result<Value, Failure> {
    serde_json::to_value(reply)
        .map_err(|error| Failure::caused(Code::Unexpected, "a reply cannot be written", error))
}

fn misplaced() -> Failure {
    Failure::new(Code::Unexpected, "a command came to a thread that does not know it")
}
