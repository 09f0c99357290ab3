//! The conditions of a question as SQL. What a person typed is a bound value, never SQL.

use rusqlite::types::Value;

use super::{Comparison, Condition, Sheet, SheetColumn, SheetKind, SheetQuery};

/// Conditions that one filter may have.
const CONDITIONS_MAX: usize = 16;

#[derive(Default)]
pub(super) struct Filter {
    conditions: Vec<String>,
    pub values: Vec<Value>,
    /// A text is looked for, and nothing else is asked of the words.
    searches: bool,
}

impl Filter {
    pub(super) fn of(sheet: &Sheet, query: &SheetQuery) -> Self {
        let mut filter = Self::default();
        for condition in query.conditions.iter().take(CONDITIONS_MAX) {
            if let Some(column) = sheet.column(condition.column) {
                filter.add(column, condition);
            }
        }
        let words = query.text.trim().to_lowercase();
        if !words.is_empty() {
            filter.conditions.push("instr(words, ?) > 0".to_owned());
            filter.values.push(Value::Text(words));
            filter.searches = true;
        }
        filter
    }

    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Puts the rows that pass into `found`. Only the tables that are asked are gone through.
    pub(super) fn find(&self) -> String {
        let from = match (self.searches, self.conditions.len()) {
            (true, 1) => "words",
            (true, _) => "sheet JOIN words USING (row)",
            (false, _) => "sheet",
        };
        let conditions = self.conditions.join(" AND ");
        format!("INSERT INTO found SELECT row FROM {from} WHERE {conditions} ORDER BY row")
    }

    fn add(&mut self, column: SheetColumn, condition: &Condition) {
        let name = column.name;
        let text = matches!(column.kind, SheetKind::Text);
        let folded = if text { format!("lower({name})") } else { name.to_owned() };
        let asked = if text { "lower(?)" } else { "?" };
        self.conditions.push(match condition.comparison {
            Comparison::Is => format!("{folded} = {asked}"),
            Comparison::IsNot => format!("{folded} IS NOT {asked}"),
            Comparison::Contains => format!("instr(lower({name}), lower(?)) > 0"),
            Comparison::AtLeast => format!("{folded} >= {asked}"),
            Comparison::AtMost => format!("{folded} <= {asked}"),
        });
        let number = matches!(column.kind, SheetKind::Money | SheetKind::Count);
        let typed = condition.value.parse::<i64>();
        self.values.push(match (number && condition.comparison != Comparison::Contains, typed) {
            (true, Ok(value)) => Value::Integer(value),
            // Compared with a number, words equal nothing.
            _ => Value::Text(condition.value.clone()),
        });
    }
}
