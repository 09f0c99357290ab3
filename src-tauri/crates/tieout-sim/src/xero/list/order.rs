//! `order=UpdatedDateUTC ASC, InvoiceID` (`xero §3.6`).

use std::cmp::Ordering;

use super::super::answer::Answer;
use super::super::call::Call;
use super::{Fact, Reading, Shape, compare, facts};

/// Sorts; by default by stamp, then by id. The id always decides last.
pub fn sort<T>(
    call: &Call,
    rows: &mut Vec<&T>,
    shape: Shape,
    reading: &Reading<'_, T>,
) -> Result<(), Answer> {
    let by_id = |a: &&T, b: &&T| (reading.id)(a).cmp((reading.id)(b));
    let Some(asked) = call.parameter("order") else {
        let stamp = |row: &&T| (reading.updated)(row);
        rows.sort_by(|a, b| stamp(a).cmp(&stamp(b)).then_with(|| by_id(a, b)));
        return Ok(());
    };
    let keys = asked.split(',').map(|part| key(part, shape)).collect::<Result<Vec<_>, _>>()?;
    let of = |row: &&T| -> Vec<Fact> {
        let fact = |(field, _): &(String, bool)| (reading.fact)(row, field).unwrap_or(Fact::Null);
        keys.iter().map(fact).collect()
    };
    let mut keyed: Vec<(Vec<Fact>, &T)> = rows.drain(..).map(|row| (of(&row), row)).collect();
    keyed.sort_by(|(a, left), (b, right)| {
        let mut pairs = a.iter().zip(b).zip(&keys);
        let first = pairs.find_map(|((a, b), (_, falling))| {
            let order = compare(a, b);
            let order = if *falling { order.reverse() } else { order };
            (order != Ordering::Equal).then_some(order)
        });
        first.unwrap_or_else(|| by_id(left, right))
    });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
    Ok(())
}

/// A field and whether it falls.
fn key(part: &str, shape: Shape) -> Result<(String, bool), Answer> {
    let mut words = part.split_whitespace();
    let field = words.next().unwrap_or_default();
    let falling = match words.next().map(str::to_ascii_uppercase).as_deref() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return Err(Answer::bad_filter("Expression expected")),
    };
    if facts::exists(shape.type_name, field) {
        return Ok((field.to_owned(), falling));
    }
    let kind = shape.type_name;
    Err(Answer::bad_filter(&format!("No property or field '{field}' exists in type '{kind}'")))
}
