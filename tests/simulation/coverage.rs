//! What the histories of this process visited: faults by the place where the process died, per
//! replay class.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use crate::network::Fault;
use crate::world::Class;

/// Fault (`None`: none), crash point (`None`: it lived), replay class.
type Cell = (Option<Fault>, Option<&'static str>, Class);

static VISITED: Mutex<BTreeMap<Cell, u64>> = Mutex::new(BTreeMap::new());

pub fn note(faults: &[Fault], died_at: Option<&'static str>, class: Class) {
    let mut visited = VISITED.lock().unwrap();
    let mut count = |fault| *visited.entry((fault, died_at, class)).or_default() += 1;
    if faults.is_empty() {
        count(None);
    }
    faults.iter().for_each(|fault| count(Some(*fault)));
}

static DONE: Mutex<BTreeMap<&'static str, u64>> = Mutex::new(BTreeMap::new());

/// Something was done by people, the machine or the product.
pub fn did(what: &'static str) {
    *DONE.lock().unwrap().entry(what).or_default() += 1;
}

/// How often each thing was done.
pub fn done() -> String {
    let done = DONE.lock().unwrap();
    let width = done.keys().map(|what| what.len()).max().unwrap_or(0);
    let line = |(what, count): (&&str, &u64)| format!("{what:<width$} {count:>9}");
    done.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One line per fault and class, one column per crash point.
pub fn table() -> String {
    let visited = VISITED.lock().unwrap();
    let points: BTreeSet<Option<&str>> = visited.keys().map(|(_, point, _)| *point).collect();
    let mut text = String::from("columns:\n");
    for (at, point) in points.iter().enumerate() {
        text.push_str(&format!("  {at:>2} {}\n", point.unwrap_or("lived")));
    }
    text.push_str(&format!("{:<20} {:<13}", "fault", "class"));
    (0..points.len()).for_each(|at| text.push_str(&format!(" {at:>7}")));
    let rows: BTreeSet<(Option<Fault>, Class)> =
        visited.keys().map(|(fault, _, class)| (*fault, *class)).collect();
    for (fault, class) in rows {
        let name = fault.map_or("none".to_owned(), |fault| format!("{fault:?}"));
        text.push_str(&format!("\n{name:<20} {:<13}", format!("{class:?}")));
        for point in &points {
            let count = visited.get(&(fault, *point, class)).copied().unwrap_or(0);
            text.push_str(&format!(" {count:>7}"));
        }
    }
    text
}

/// The table in short, as it stands in `reliability.md`: for each fault how many places of death it
/// met, for each place how many faults met it, and how often, per class.
pub fn in_short() -> String {
    let visited = VISITED.lock().unwrap();
    let by_fault = folded(&visited, |(fault, _, _)| {
        fault.map_or("none".to_owned(), |fault| format!("{fault:?}"))
    });
    let by_place = folded(&visited, |(_, place, _)| place.unwrap_or("lived").to_owned());
    let title = |first: &str| {
        let classes = Class::ALL.map(|class| format!(" {class:?} |")).concat();
        format!("| {first} |{classes}\n|---|---|---|---|\n")
    };
    format!(
        "{} cells visited\n\n{}{by_fault}\n{}{by_place}",
        visited.len(),
        title("Fault: places of death, times"),
        title("Place of death: faults, times")
    )
}

/// One line per name: cells with this name and the times that they were visited, per class.
fn folded(visited: &BTreeMap<Cell, u64>, name: impl Fn(&Cell) -> String) -> String {
    let names: BTreeSet<String> = visited.keys().map(&name).collect();
    let mut text = String::new();
    for row in names {
        text.push_str(&format!("| {row} |"));
        for class in Class::ALL {
            let named = visited.iter().filter(|(cell, _)| cell.2 == class && name(cell) == row);
            let counts: Vec<u64> = named.map(|(_, count)| *count).collect();
            text.push_str(&format!(" {}, {} |", counts.len(), counts.iter().sum::<u64>()));
        }
        text.push('\n');
    }
    text
}
