//! `cargo xtask simulate`: random histories of the promise "exactly once", as many as asked for, or
//! every case of the sweeps.

use crate::run::{Failure, step_with};

const USAGE: &str = "usage: cargo xtask simulate [--histories N] [--seed S]\n\
                     or:    cargo xtask simulate --sweeps";
const HISTORIES: &str = "1000";
const FIRST_SEED: &str = "1";
const SUITE: [&str; 9] = [
    "test",
    "--profile",
    "simulation",
    "--locked",
    "--package",
    "tieout-tests",
    "--test",
    "simulation",
    "--",
];

/// Lives the histories with optimised code and shows their table of faults and crash points.
pub fn all(arguments: &[String]) -> Result<(), Failure> {
    if arguments == ["--sweeps"] {
        return sweeps();
    }
    let (mut histories, mut seed) = (HISTORIES, FIRST_SEED);
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if is_number(value) && name == "--histories" => histories = value,
            [name, value] if is_number(value) && name == "--seed" => seed = value,
            _ => return Err(Failure(USAGE.to_owned())),
        }
    }
    let chosen = ["--exact", "crowd::random_histories", "--nocapture"];
    let arguments = [&SUITE[..], &chosen[..]].concat();
    let environment = [("TIEOUT_HISTORIES", histories), ("TIEOUT_SEED", seed)];
    step_with("histories", "cargo", &arguments, &environment)
}

/// Every case of the sweeps, one sweep after the other: each takes all cores.
fn sweeps() -> Result<(), Failure> {
    let chosen = ["sweeps::", "reads::", "--test-threads", "1", "--nocapture"];
    let arguments = [&SUITE[..], &chosen[..]].concat();
    step_with("sweeps", "cargo", &arguments, &[("TIEOUT_SWEEPS", "all")])
}

fn is_number(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}
