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
            lines.push(self.line(&widths, |column| shortened(&row[column])));
        }
        lines.join("\n")
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| shortened(&row[column]).chars().count());
        cells.chain([self.head[column].0.chars().count()]).max().unwrap_or(0)
    }

    fn line(&self, widths: &[usize], cell: impl Fn(usize) -> String) -> String {
        let cells = self.head.iter().enumerate().map(|(column, (_, side))| {
            let (text, width) = (cell(column), widths[column]);
            match side {
                Side::Left => format!("{text:<width$}"),
                Side::Right => format!("{text:>width$}"),
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

fn shortened(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.chars().count() <= CELL_CHARS_MAX {
        return clean;
    }
    clean.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
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
    fn long_text_is_cut_and_marked() {
        assert_eq!(shortened(&"x".repeat(300)).chars().count(), CELL_CHARS_MAX);
    }
}
