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
