//! The versions of the schema. A released migration never changes; a new one is added below it.

use rusqlite_migration::{M, Migrations};

/// Version 1 is one migration, in files by subject. The order follows the references.
pub(crate) const V1: &str = concat!(
    include_str!("../migrations/0001_workspace.sql"),
    include_str!("../migrations/0001_facts_crm.sql"),
    include_str!("../migrations/0001_facts_ledger.sql"),
    include_str!("../migrations/0001_effects.sql"),
    include_str!("../migrations/0001_decisions.sql"),
    include_str!("../migrations/0001_evidence.sql"),
);

/// Version 2: a feed that is begun anew owes a comparison of ids.
pub(crate) const V2: &str = include_str!("../migrations/0002_comparison_owed.sql");

/// Version 3: several companies, and the rules that say which of them keeps a deal.
pub(crate) const V3: &str = include_str!("../migrations/0003_assignment.sql");

const ALL: &[M<'static>] =
    &[M::up(V1).foreign_key_check(), M::up(V2).foreign_key_check(), M::up(V3).foreign_key_check()];

/// `TIE1` in the file's header says that the file is ours.
pub(crate) const APPLICATION_ID: i32 = 0x5449_4531;

/// A list of migrations and the version it leads to.
pub(crate) struct Schema {
    pub(crate) migrations: Migrations<'static>,
    pub(crate) version: u32,
}

/// The schema of this version of the product.
pub(crate) fn current() -> Schema {
    of(ALL)
}

pub(crate) fn of(steps: &'static [M<'static>]) -> Schema {
    let version = u32::try_from(steps.len()).expect("there are few migrations");
    Schema { migrations: Migrations::from_slice(steps), version }
}
