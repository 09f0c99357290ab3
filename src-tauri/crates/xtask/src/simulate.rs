//! `cargo xtask simulate`: random histories of the promise "exactly once", as many as asked for.

use crate::run::{Failure, step_with};

const USAGE: &str = "usage: cargo xtask simulate [--histories N] [--seed S]";
const HISTORIES: &str = "1000";
const FIRST_SEED: &str = "1";

/// Lives the histories in release mode and shows their table of faults and crash points.
pub fn all(arguments: &[String]) -> Result<(), Failure> {
    let (mut histories, mut seed) = (HISTORIES, FIRST_SEED);
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if is_number(value) && name == "--histories" => histories = value,
            [name, value] if is_number(value) && name == "--seed" => seed = value,
            _ => return Err(Failure(USAGE.to_owned())),
        }
    }
    let suite = ["test", "--release", "--locked", "--package", "tieout-tests"];
    let chosen = ["--test", "simulation", "--", "--exact", "history::random_histories"];
    let arguments = [&suite[..], &chosen[..], &["--nocapture"]].concat();
    let environment = [("TIEOUT_HISTORIES", histories), ("TIEOUT_SEED", seed)];
    step_with("histories", "cargo", &arguments, &environment)
}

fn is_number(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}
