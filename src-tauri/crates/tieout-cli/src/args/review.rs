//! Flags of the commands with which a person looks into matters and decides.

use clap::{Args, ValueEnum};

use super::{FrameArgs, date, effect_kind, effect_state};

#[derive(Args, Debug)]
pub struct RehearseArgs {
    /// First close date of the deals [default: the first day of the third last full month].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<String>,
    /// Last close date of the deals [default: the last day of the last full month].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<String>,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct DuplicatesArgs {
    /// Say that these two are two sales: the ids of a pair.
    #[arg(long, num_args = 2, value_names = ["ID", "ID"], requires = "reason")]
    pub clear: Option<Vec<String>>,
    /// Take back that these two were cleared.
    #[arg(long, num_args = 2, value_names = ["ID", "ID"], requires = "reason")]
    #[arg(conflicts_with = "clear")]
    pub reopen: Option<Vec<String>>,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who says so [default: the user of this computer].
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct LeakageArgs {
    #[command(flatten)]
    pub frame: FrameArgs,
    /// Also what is left of deals that were invoiced in part.
    #[arg(long)]
    pub part: bool,
}

#[derive(Args, Debug)]
pub struct LinkArgs {
    /// Id or page address of the Opportunity.
    pub opportunity: String,
    /// Id or number of the invoice or credit memo; `id:1042` or `number:1042` where both exist.
    #[arg(long, value_name = "ID", required_unless_present = "customer")]
    pub invoice: Option<String>,
    /// Id of the customer, for the Account of the deal.
    #[arg(long, value_name = "ID", conflicts_with = "invoice")]
    pub customer: Option<String>,
    /// Say that they do not belong together.
    #[arg(long)]
    pub not: bool,
    /// Take back what a person said about the two before.
    #[arg(long, conflicts_with = "not")]
    pub undo: bool,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who says so [default: the user of this computer].
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("choice")
    .args(["accept", "exclude", "include", "withdraw"])
    .required(true))]
pub struct DecideArgs {
    /// Id or page address of the Opportunity.
    pub opportunity: String,
    /// Reason code to accept for the whole variance, such as `CUTOFF`.
    #[arg(long, value_name = "CODE")]
    pub accept: Option<String>,
    /// Leave the deal out of the reconciliation, with this reason.
    #[arg(long, value_name = "REASON", conflicts_with = "accept")]
    pub exclude: Option<String>,
    /// Take a deal that was left out in again, with this reason.
    #[arg(long, value_name = "REASON", conflicts_with_all = ["accept", "exclude"])]
    pub include: Option<String>,
    /// Reason code, accepted before, that explains nothing any more; --note says why.
    #[arg(long, value_name = "CODE", requires = "note")]
    #[arg(conflicts_with_all = ["accept", "exclude", "include"])]
    pub withdraw: Option<String>,
    /// A sentence for the reviewer.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// Who decides [default: the user of this computer].
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    #[command(flatten)]
    pub frame: FrameArgs,
}

#[derive(Args, Debug)]
pub struct EffectsArgs {
    /// Key of one effect: everything about it, with its whole history.
    #[arg(value_name = "KEY")]
    pub one: Option<String>,
    /// The same as KEY.
    #[arg(long, value_name = "KEY", conflicts_with = "one")]
    pub key: Option<String>,
    /// Only effects in this state: `intended`, `sent`, `unknown`, `confirmed`, `rejected`,
    /// `conflict` or `cancelled`.
    #[arg(long, value_name = "STATE", value_parser = effect_state)]
    pub state: Option<String>,
    /// Only effects of this kind: `document`, `customer`, `write_back`, `task` or
    /// `failure_record`.
    #[arg(long, value_name = "KIND", value_parser = effect_kind)]
    pub kind: Option<String>,
    /// Only effects of this Opportunity: its id or the address of its page.
    #[arg(long, value_name = "OPPORTUNITY")]
    pub deal: Option<String>,
    /// Only what needs a person or waits for an answer (unknown, conflict, rejected): the oldest
    /// first, of one day the largest amount first.
    #[arg(long, conflicts_with_all = ["one", "key", "state"])]
    pub waiting: bool,
    /// Ask the tool about every unknown outcome now.
    #[arg(long)]
    pub ask: bool,
    /// Decide by hand about this unknown outcome or refusal.
    #[arg(long, value_name = "KEY", requires = "decision")]
    pub resolve: Option<String>,
    /// What is decided for --resolve.
    #[arg(long, value_enum, requires = "reason")]
    pub decision: Option<Decision>,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who decides [default: the user of this computer].
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
}

/// What a person may decide about an effect that cannot go on by itself.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// I looked: no document exists. Send it again with the same key.
    SendAgain,
    /// It shall not be created.
    GiveUp,
    /// The document that carries our key holds, although its content differs from what we promised.
    Accept,
}
