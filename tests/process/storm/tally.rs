//! What a storm of kills met, in numbers.

use std::collections::BTreeMap;
use std::fmt;

use crate::autopsy::Found;

/// What the kills met.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub worlds: u64,
    pub kills: u64,
    /// Commands that ended before their kill, which are not counted as kills.
    pub survived: u64,
    pub faults: u64,
    pub deals: u64,
    /// Kills that left a promise of this state that was not so before.
    pub sent: u64,
    pub intended: u64,
    /// Kills in the middle of a run, of the writing of a transaction, and with commits that were
    /// in the journal alone.
    pub open_runs: u64,
    pub torn: u64,
    pub journal: u64,
    /// Unknown outcomes that a restart found, kill by kill.
    pub unknown: u64,
    pub decisions: u64,
    pub waiting: u64,
    pub of_command: BTreeMap<&'static str, u64>,
    pub at_moment: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// One kill, by what was on the disk before and after.
    pub fn count(&mut self, name: &'static str, moment: &'static str, before: Found, found: Found) {
        self.kills += 1;
        self.sent += u64::from(found.sent > 0);
        self.intended += u64::from(found.intended > before.intended);
        self.unknown += u64::from(found.sent + found.unknown > 0);
        self.open_runs += u64::from(found.open_runs > before.open_runs);
        self.torn += u64::from(found.torn);
        self.journal += u64::from(found.journal);
        *self.of_command.entry(name).or_default() += 1;
        *self.at_moment.entry(moment).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.worlds, other.worlds),
            (&mut self.kills, other.kills),
            (&mut self.survived, other.survived),
            (&mut self.faults, other.faults),
            (&mut self.deals, other.deals),
            (&mut self.sent, other.sent),
            (&mut self.intended, other.intended),
            (&mut self.open_runs, other.open_runs),
            (&mut self.torn, other.torn),
            (&mut self.journal, other.journal),
            (&mut self.unknown, other.unknown),
            (&mut self.decisions, other.decisions),
            (&mut self.waiting, other.waiting),
        ];
        for (own, of_it) in pairs {
            *own += of_it;
        }
        for (command, count) in &other.of_command {
            *self.of_command.entry(command).or_default() += count;
        }
        for (moment, count) in &other.at_moment {
            *self.at_moment.entry(moment).or_default() += count;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} kills in {} worlds, {} deals", self.kills, self.worlds, self.deals)?;
        writeln!(f, "  commands that ended before their kill: {}", self.survived)?;
        writeln!(f, "  requests lost, cut or held by the line: {}", self.faults)?;
        writeln!(f, "  kills with a promise sent: {}", self.sent)?;
        writeln!(f, "  kills with a promise made and not sent: {}", self.intended)?;
        writeln!(f, "  kills with an outcome unknown at the next start: {}", self.unknown)?;
        writeln!(f, "  kills in the middle of a run: {}", self.open_runs)?;
        writeln!(f, "  kills while a transaction was being written: {}", self.torn)?;
        writeln!(f, "  kills with commits in the journal alone: {}", self.journal)?;
        writeln!(f, "  decisions of a person: {}", self.decisions)?;
        writeln!(f, "  deals that still wait visibly at the end: {}", self.waiting)?;
        writeln!(f, "  by command: {:?}", self.of_command)?;
        write!(f, "  by moment: {:?}", self.at_moment)
    }
}
