//! Every failure that a person can see has a code, a title and a next step; each code has a page
//! under `src-tauri/docs/errors`.

/// A stable code. The number never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Usage,
    UnreadableFile,
    CannotWrite,
    SecondInstance,
    DiskFull,
    WrongKey,
    KeyringUnavailable,
    NewerFile,
    DamagedFile,
    NoWorkspace,
    SignInNeeded,
    SignInRefused,
    AppNotInstalled,
    CallbackPortsBusy,
    PermissionMissing,
    NoSuchConnection,
    UnsafeAddress,
    NotReachable,
    AskedToWait,
    UnexpectedAnswer,
    WrongApp,
    RunIncomplete,
    RecordQuarantined,
    TotalsDiffer,
    Interrupted,
    OutcomeUnknown,
    RefusedByLedger,
    KeyConflict,
    DealBlocked,
    DealUnassigned,
    NoSuchDeal,
    ReadOnlyConnection,
    WriteLimit,
    NoSuchEffect,
    NotNow,
    NoSuchRecord,
    LinkRefused,
    DealContested,
    TieOutFails,
    DoesNotFoot,
    AuditBroken,
    HashDiffers,
    NothingToReport,
    Unexpected,
}

impl Code {
    /// Every code, in the order of the numbers.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 43] = [
        Self::Usage,
        Self::UnreadableFile,
        Self::CannotWrite,
        Self::SecondInstance,
        Self::DiskFull,
        Self::WrongKey,
        Self::KeyringUnavailable,
        Self::NewerFile,
        Self::DamagedFile,
        Self::NoWorkspace,
        Self::SignInNeeded,
        Self::SignInRefused,
        Self::AppNotInstalled,
        Self::CallbackPortsBusy,
        Self::PermissionMissing,
        Self::NoSuchConnection,
        Self::UnsafeAddress,
        Self::NotReachable,
        Self::AskedToWait,
        Self::UnexpectedAnswer,
        Self::WrongApp,
        Self::RunIncomplete,
        Self::RecordQuarantined,
        Self::TotalsDiffer,
        Self::Interrupted,
        Self::OutcomeUnknown,
        Self::RefusedByLedger,
        Self::KeyConflict,
        Self::DealBlocked,
        Self::DealUnassigned,
        Self::NoSuchDeal,
        Self::ReadOnlyConnection,
        Self::WriteLimit,
        Self::NoSuchEffect,
        Self::NotNow,
        Self::NoSuchRecord,
        Self::LinkRefused,
        Self::TieOutFails,
        Self::DoesNotFoot,
        Self::AuditBroken,
        Self::HashDiffers,
        Self::NothingToReport,
        Self::Unexpected,
    ];

    /// `TIE-` and four digits.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "TIE-1001",
            Self::UnreadableFile => "TIE-1002",
            Self::CannotWrite => "TIE-1003",
            Self::SecondInstance => "TIE-1101",
            Self::DiskFull => "TIE-1102",
            Self::WrongKey => "TIE-1103",
            Self::KeyringUnavailable => "TIE-1104",
            Self::NewerFile => "TIE-1105",
            Self::DamagedFile => "TIE-1106",
            Self::NoWorkspace => "TIE-1107",
            Self::SignInNeeded => "TIE-2001",
            Self::SignInRefused => "TIE-2002",
            Self::AppNotInstalled => "TIE-2003",
            Self::CallbackPortsBusy => "TIE-2004",
            Self::PermissionMissing => "TIE-2005",
            Self::NoSuchConnection => "TIE-2006",
            Self::UnsafeAddress => "TIE-2007",
            Self::NotReachable => "TIE-2008",
            Self::AskedToWait => "TIE-2009",
            Self::UnexpectedAnswer => "TIE-2010",
            Self::WrongApp => "TIE-2011",
            Self::RunIncomplete => "TIE-3001",
            Self::RecordQuarantined => "TIE-3002",
            Self::TotalsDiffer => "TIE-3003",
            Self::Interrupted => "TIE-3004",
            Self::OutcomeUnknown => "TIE-4001",
            Self::RefusedByLedger => "TIE-4002",
            Self::KeyConflict => "TIE-4003",
            Self::DealBlocked => "TIE-4004",
            Self::DealUnassigned => "TIE-4005",
            Self::NoSuchDeal => "TIE-4006",
            Self::ReadOnlyConnection => "TIE-4007",
            Self::WriteLimit => "TIE-4008",
            Self::NoSuchEffect => "TIE-4009",
            Self::NotNow => "TIE-4010",
            Self::NoSuchRecord => "TIE-4011",
            Self::LinkRefused => "TIE-4012",
            Self::DealContested => "TIE-4013",
            Self::TieOutFails => "TIE-5001",
            Self::DoesNotFoot => "TIE-5002",
            Self::AuditBroken => "TIE-5003",
            Self::HashDiffers => "TIE-5004",
            Self::NothingToReport => "TIE-5005",
            Self::Unexpected => "TIE-9001",
        }
    }

    /// One sentence without a full stop.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Usage => "The command was not understood",
            Self::UnreadableFile => "A file could not be read",
            Self::CannotWrite => "A file could not be written",
            Self::SecondInstance => "Another Tieout has this workspace open",
            Self::DiskFull => "The disk is full",
            Self::WrongKey => "The workspace does not open with this key",
            Self::KeyringUnavailable => "The keyring is locked or missing",
            Self::NewerFile => "The workspace was written by a newer Tieout",
            Self::DamagedFile => "The workspace file is damaged",
            Self::NoWorkspace => "There is no workspace here",
            Self::SignInNeeded => "A connected system wants a new sign-in",
            Self::SignInRefused => "The sign-in was refused or cancelled",
            Self::AppNotInstalled => "An administrator must install the app first",
            Self::CallbackPortsBusy => "The ports for the sign-in are taken",
            Self::PermissionMissing => "A permission or setting is missing",
            Self::NoSuchConnection => "There is no such connection",
            Self::UnsafeAddress => "The address is not safe",
            Self::NotReachable => "A connected system cannot be reached",
            Self::AskedToWait => "A connected system asked us to wait",
            Self::UnexpectedAnswer => {
                "A connected system gave an answer that is not in its contract"
            }
            Self::WrongApp => "The id or the secret of the app is wrong",
            Self::RunIncomplete => "The run is incomplete",
            Self::RecordQuarantined => "A record could not be read and is kept aside",
            Self::TotalsDiffer => "A total of the source differs from ours",
            Self::Interrupted => "The run was interrupted",
            Self::OutcomeUnknown => "Nobody knows yet whether an invoice was created",
            Self::RefusedByLedger => "The accounting tool refused",
            Self::KeyConflict => "A document carries our key with other content",
            Self::DealBlocked => "The deal cannot be invoiced yet",
            Self::DealUnassigned => "No accounting company takes this deal",
            Self::NoSuchDeal => "There is no such Opportunity here",
            Self::ReadOnlyConnection => "Writing is not turned on for this connection",
            Self::WriteLimit => "More documents would be created than one run may",
            Self::NoSuchEffect => "There is no such promised operation",
            Self::NotNow => "This cannot be decided as things stand",
            Self::NoSuchRecord => "That names no single document or customer",
            Self::LinkRefused => "The two records contradict the link",
            Self::DealContested => "Several accounting companies could keep this deal",
            Self::TieOutFails => "A tie-out does not hold",
            Self::DoesNotFoot => "A report does not add up",
            Self::AuditBroken => "The audit trail was changed",
            Self::HashDiffers => "A file is not the one that was written",
            Self::NothingToReport => "There is nothing to report on",
            Self::Unexpected => "Something broke that should not",
        }
    }

    /// The first thing to do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Usage => "Read the line above: it names the part that was not understood.",
            Self::UnreadableFile => "Check the path and its permissions.",
            Self::CannotWrite => {
                "Check that you may write there, and close the file if another program has it open."
            }
            Self::SecondInstance => "Use the one that is open, or close it and try again.",
            Self::DiskFull => "Free some space on the disk that holds the workspace.",
            Self::WrongKey => "Check `TIEOUT_PASSPHRASE`.",
            Self::KeyringUnavailable => {
                "Without a desktop set `TIEOUT_PASSPHRASE`; otherwise log in once to unlock it."
            }
            Self::NewerFile => "Install the newer version again.",
            Self::DamagedFile => {
                "Move the folder away, then connect and start a run (see the page)."
            }
            Self::NoWorkspace => "`tieout connect salesforce` makes one.",
            Self::SignInNeeded => "Run `tieout connect` for this connection again.",
            Self::SignInRefused => "Start the sign-in again and press `Allow`.",
            Self::AppNotInstalled => {
                "Give the administrator the page of settings that the README describes."
            }
            Self::CallbackPortsBusy => {
                "Close the program that the message names, or restart the computer."
            }
            Self::PermissionMissing => {
                "Ask the administrator of that system for exactly this permission."
            }
            Self::NoSuchConnection => "`tieout connections` lists them.",
            Self::UnsafeAddress => {
                "Use the `https` address; plain `http` is for this computer (127.0.0.1) alone."
            }
            Self::NotReachable => "Check the network.",
            Self::AskedToWait => "Nothing to do: the next run goes on where this one stopped.",
            Self::UnexpectedAnswer => {
                "Run again. If it stays, send the code and the reference to support."
            }
            Self::WrongApp => "Copy both again from the app's page, `Keys and credentials`.",
            Self::RunIncomplete => {
                "Look at the reasons one by one: each names a connection and a record or a feed."
            }
            Self::RecordQuarantined => {
                "Correct the record in its own system; the next run takes it in by itself."
            }
            Self::TotalsDiffer => {
                "Check that the user sees all records (`View All` in Salesforce)."
            }
            Self::Interrupted => "Run again: it goes on where it stopped.",
            Self::OutcomeUnknown => {
                "Wait: the next questions are planned, `tieout effects` shows when."
            }
            Self::RefusedByLedger => "Correct the cause in the tool or in Salesforce.",
            Self::KeyConflict => "Open both records and decide which is right.",
            Self::DealBlocked => "Put right what each line says, then sync.",
            Self::DealUnassigned => "Connect the company that keeps its books.",
            Self::NoSuchDeal => "Copy the 18-character id, or the address of the record, again.",
            Self::ReadOnlyConnection => "Turn it on: `tieout connections --allow-writing NAME`.",
            Self::WriteLimit => "Check the list, then confirm with `--limit N`.",
            Self::NoSuchEffect => "`tieout effects` lists them with their keys.",
            Self::NotNow => "`tieout effects` and `tieout deals --all` show what stands now.",
            Self::NoSuchRecord => "Copy the id from `tieout create --dry-run`, or sync first.",
            Self::LinkRefused => "Correct the record that is wrong in its own system, then sync.",
            Self::DealContested => "Say which one keeps it: `tieout assign`.",
            Self::TieOutFails => "The table shows both sides, their sources and the difference.",
            Self::DoesNotFoot => "Send the code and the reference to support.",
            Self::AuditBroken => "Keep the file as it is.",
            Self::HashDiffers => "Export it again, and keep the changed copy for comparison.",
            Self::NothingToReport => "Run `tieout sync` first.",
            Self::Unexpected => "Send code and reference to support: no customer data is in them.",
        }
    }

    /// The first thing to do for somebody at the window, where `next_step` names a command line.
    pub(crate) const fn own_step_in_window(self) -> Option<&'static str> {
        Some(match self {
            Self::SecondInstance => "Use the window that is open, or close it and try again.",
            Self::WrongKey => "Log in to this computer as the person who made the workspace.",
            Self::KeyringUnavailable => "Unlock the keyring of this computer, then try again.",
            Self::NoWorkspace => "Connect a system, or explore the sample company.",
            Self::SignInNeeded => "Open Connections & mapping and sign in again.",
            Self::AppNotInstalled => "Send the page for the administrator: it has every setting.",
            Self::NoSuchConnection => {
                "Open Connections & mapping: every connected system is listed there."
            }
            Self::OutcomeUnknown => "Open Activity: it shows when the next question is asked.",
            Self::DealBlocked => "Put right what each line says, then run now.",
            Self::ReadOnlyConnection => "Open Connections & mapping and let Tieout write there.",
            Self::WriteLimit => "Look at the list, then confirm the number.",
            Self::NoSuchEffect => "Open Activity: every promise is listed there.",
            Self::NotNow => "Look at the record again: it changed meanwhile.",
            Self::NoSuchRecord => "Run now, then choose the record again.",
            Self::LinkRefused => {
                "Correct the record that is wrong in its own system, then run now."
            }
            Self::NothingToReport => "Run now: nothing was read yet.",
            _ => return None,
        })
    }

    /// The first thing to do for somebody at the window.
    pub(crate) fn step_in_window(self) -> &'static str {
        self.own_step_in_window().unwrap_or(self.next_step())
    }
}
