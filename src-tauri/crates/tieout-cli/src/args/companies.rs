//! Flags of the commands about which company keeps which deal.

use clap::Args;

use super::{date, moment};

#[derive(Args, Debug)]
pub struct CompaniesArgs {
    /// Deals won by this day, `2026-06-30` [default: end of the last full month].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<String>,
    /// As it was known at this moment, `2026-07-02T17:40-07:00` [default: now].
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<String>,
}

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("subject").args(["opportunity", "rule"]).required(true))]
#[command(group = clap::ArgGroup::new("word").args(["company", "undo"]).required(true))]
pub struct AssignArgs {
    /// Id or page address of one Opportunity, whose company is said whatever the rules say.
    pub opportunity: Option<String>,
    /// Name of the rule that is set, changed, or with --undo taken away.
    #[arg(long, value_name = "NAME")]
    pub rule: Option<String>,
    /// The company that keeps the deals: name of its connection, its ledger id, or its own name.
    #[arg(long, value_name = "COMPANY")]
    pub company: Option<String>,
    /// Condition of the rule, as `currency=USD,CAD`: the property is one of the values. All
    /// conditions must hold. Without any, the company takes what no other rule takes.
    #[arg(long, value_name = "PROPERTY=VALUE,…", requires = "rule", conflicts_with = "undo")]
    pub when: Vec<String>,
    /// Take the rule away, or leave the deal to the rules again.
    #[arg(long)]
    pub undo: bool,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who says so [default: the user of this computer].
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
}
