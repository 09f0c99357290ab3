//! Sums per group and currency. Currencies never mix.

use std::collections::BTreeMap;

use super::{CurrencySum, GroupCount, Sheet, SheetKind, from};
use crate::error::StoreError;

impl Sheet {
    /// Per group and currency, in the order of the groups: of all rows, or of those in `found`.
    pub(super) fn sums(&self, filtered: bool) -> Result<Vec<CurrencySum>, StoreError> {
        let money = || self.columns.iter().filter(|column| column.kind == SheetKind::Money);
        let sums: String =
            money().map(|it| format!(", count({0}), coalesce(sum({0}), 0)", it.name)).collect();
        let from = from(filtered);
        // One group in one currency is added without being sorted first.
        let sql = match self.one_group && self.one_currency {
            true => format!(
                "SELECT min(grp), min(currency), count(*){sums} FROM {from} HAVING count(*) > 0"
            ),
            false => format!(
                "SELECT grp, currency, count(*){sums} FROM {from} GROUP BY grp, currency
                 ORDER BY grp, currency"
            ),
        };
        let mut statement = self.db.prepare_cached(&sql)?;
        let read = statement.query_map([], |row| {
            let rows: u32 = row.get(2)?;
            let mut sums = Vec::new();
            for (at, column) in money().enumerate() {
                let given: u32 = row.get(3 + 2 * at)?;
                let sum: i64 = row.get(4 + 2 * at)?;
                sums.push((column.name, (given == rows).then_some(sum)));
            }
            Ok(CurrencySum { group: Some(row.get(0)?), currency: row.get(1)?, rows, sums })
        })?;
        Ok(read.collect::<Result<_, _>>()?)
    }
}

/// The groups that the sums are of, one behind the other.
pub(super) fn groups(sums: &[CurrencySum]) -> Vec<GroupCount> {
    let mut groups: Vec<GroupCount> = Vec::new();
    let mut first = 0;
    for sum in sums {
        // What is over all groups belongs to none.
        let Some(group) = sum.group else { continue };
        match groups.last_mut() {
            Some(last) if last.group == group => last.count += sum.rows,
            _ => groups.push(GroupCount { group, first, count: sum.rows }),
        }
        first += sum.rows;
    }
    groups
}

/// The same over all groups, per currency.
pub(super) fn together(sums: &[CurrencySum]) -> Result<Vec<CurrencySum>, StoreError> {
    let mut all: BTreeMap<&str, CurrencySum> = BTreeMap::new();
    for sum in sums {
        let Some(held) = all.get_mut(sum.currency.as_str()) else {
            all.insert(&sum.currency, CurrencySum { group: None, ..sum.clone() });
            continue;
        };
        held.rows += sum.rows;
        for (column, (_, more)) in sum.sums.iter().enumerate() {
            let so_far = &mut held.sums[column].1;
            *so_far = match (*so_far, *more) {
                (Some(one), Some(other)) => {
                    let out = rusqlite::Error::IntegralValueOutOfRange(column, other);
                    Some(one.checked_add(other).ok_or(out)?)
                }
                _ => None,
            };
        }
    }
    Ok(all.into_values().collect())
}
