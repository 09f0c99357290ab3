//! Plain tables: figures on the right, one line per row.

/// A table to print.
#[derive(Debug, Default)]
pub struct Table {
    head: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

/// The side that a column stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    /// On the left and never cut: what a person has to copy.
    Whole,
}

/// Longest cell of a table; longer text is cut and marked.
const CELL_CHARS_MAX: usize = 42;

impl Table {
    pub fn new(head: &[(&'static str, Side)]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The table as text, with a rule under the head.
    pub fn text(&self) -> String {
        let widths: Vec<usize> = (0..self.head.len()).map(|column| self.width(column)).collect();
        let mut lines = vec![self.line(&widths, |column| self.head[column].0.to_owned())];
        lines.push(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
        for row in &self.rows {
            lines.push(self.line(&widths, |column| self.shown(row, column)));
        }
        lines.join("\n")
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| self.shown(row, column).chars().count());
        cells.chain([self.head[column].0.chars().count()]).max().unwrap_or(0)
    }

    fn shown(&self, row: &[String], column: usize) -> String {
        let text = clean(&row[column]);
        if self.head[column].1 == Side::Whole { text } else { shortened(&text) }
    }

    fn line(&self, widths: &[usize], cell: impl Fn(usize) -> String) -> String {
        let cells = self.head.iter().enumerate().map(|(column, (_, side))| {
            let (text, width) = (cell(column), widths[column]);
            match side {
                Side::Left | Side::Whole => format!("{text:<width$}"),
                Side::Right => format!("{text:>width$}"),
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= CELL_CHARS_MAX {
        return text.to_owned();
    }
    text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&[("Account", Side::Left), ("Open", Side::Right)]);
        table.row(["Harrow, Creek".into(), "51,880.00".into()]);
        table.row(["=1+1".into(), "(6,200.00)".into()]);
        table
    }

    #[test]
    fn figures_stand_on_the_right() {
        let want = "Account              Open\n-------------  ----------\n\
                    Harrow, Creek   51,880.00\n=1+1           (6,200.00)";
        assert_eq!(table().text(), want);
    }

    #[test]
    fn what_is_to_be_copied_is_whole() {
        let key = "failure_record:failure/".to_owned() + &"x".repeat(100);
        let mut table = Table::new(&[("Key", Side::Whole), ("Next", Side::Left)]);
        table.row([key.clone(), key.clone()]);
        let text = table.text();
        assert!(text.lines().last().unwrap().starts_with(&format!("{key}  failure_record:")));
        assert!(text.ends_with('…'));
    }

    #[test]
    fn long_text_is_cut_and_marked() {
        assert_eq!(shortened(&"x".repeat(300)).chars().count(), CELL_CHARS_MAX);
    }
}
