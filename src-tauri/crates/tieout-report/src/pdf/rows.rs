//! Rows, column headings and lines of sums as strips.

use crate::pdf::cells::{Figure, Shown, shown, shown_value, words_of};
use crate::pdf::columns::{Plan, Printed, Source};
use crate::pdf::layout::Strip;
use crate::pdf::metrics::{Face, Mpt, mm, pt};
use crate::pdf::page::{Ink, Item, Link, Rule, Style};
use crate::pdf::wrap::lines;
use crate::table::{Align, Cell, Level, Rank, Row, Section, TotalLine, signs};
use crate::text::Negatives;

/// A row that is taller is parted between lines of its text, since no page could hold it.
pub(crate) const ROW_HEIGHT_MAX: Mpt = pt(30_000);
const PAD_TOP: Mpt = mm(7);
const PAD_BOTTOM: Mpt = mm(6);
const HAIRLINE: Mpt = pt(30);
const TOTAL_RULE: Mpt = pt(70);
/// The rules under a proved total and the space between their middles.
const DOUBLE_RULE: Mpt = pt(75);
const DOUBLE_STEP: Mpt = pt(185);
/// How far the rules of a total reach beyond its widest figure.
const RULE_REACH: Mpt = mm(12);
/// Room for the label of a total below which it stands on a line of its own.
const LABEL_LEAST: Mpt = pt(5_500);

/// A table being drawn.
#[derive(Clone, Copy)]
pub(crate) struct Canvas<'a> {
    /// The section.
    pub(crate) section: &'a Section,
    /// Its columns.
    pub(crate) plan: &'a Plan,
    /// How negative amounts are written.
    pub(crate) negatives: Negatives,
}

impl Canvas<'_> {
    /// The column headings over a rule.
    pub(crate) fn heading(self) -> Strip {
        let style = self.plan.scale.heading();
        let titles: Vec<Vec<String>> = self
            .plan
            .columns
            .iter()
            .map(|column| {
                let (left, right) = column.heading_within();
                lines(&column.title, style.face, style.size, right - left)
            })
            .collect();
        let tallest = titles.iter().map(Vec::len).max().unwrap_or_default();
        let height = count(tallest) * style.leading + mm(10);
        let mut items = Vec::new();
        for (column, title) in self.plan.columns.iter().zip(&titles) {
            let within = column.heading_within();
            let skipped = tallest - title.len();
            for (line, text) in title.iter().enumerate() {
                let top = count(skipped + line) * style.leading;
                items.push(match column.align {
                    Align::Left => style.left(text, top, within),
                    Align::Right => style.right(text, top, within),
                });
            }
        }
        items.push(self.rule(height, pt(60), Ink::Line));
        Strip { height, items, keep_next: true, in_table: false, bookmark: None }
    }

    /// A row with its note; several strips only if no page could hold it whole.
    pub(crate) fn row(self, position: usize) -> Vec<Strip> {
        let section = self.section;
        let row = &section.rows[position];
        let follows = section.rows.get(position + 1);
        let joined = follows.is_some_and(|next| next.level == Level::Part);
        let top = if row.level == Level::Part { 0 } else { PAD_TOP };
        let mut items = Vec::new();
        let mut bottom = top + self.plan.scale.leading;
        for column in &self.plan.columns {
            bottom = bottom.max(self.cell(row, column, top, &mut items));
        }
        if let Some(note) = &row.note {
            bottom = self.note(note, bottom, &mut items);
        }
        let height = bottom + PAD_BOTTOM;
        if !joined {
            items.push(self.rule(height, HAIRLINE, Ink::Hair));
        }
        let strip = Strip { height, items, keep_next: joined, in_table: true, bookmark: None };
        parted(strip)
    }

    /// Draws a cell with its second lines; answers where it ends.
    fn cell(self, row: &Row, column: &Printed, top: Mpt, items: &mut Vec<Item>) -> Mpt {
        let scale = self.plan.scale;
        let Source::Column(position) = column.source else {
            return words(&signs(&row.marks), scale.marks(), column, top, items);
        };
        let own = &self.section.columns[position];
        let cell = &row.cells[position];
        let style = scale.cell(own);
        let mut bottom = match shown(cell, own, self.negatives) {
            Shown::Nothing => top,
            Shown::Words(text) => {
                let bottom = words(&text, style, column, top, items);
                link(cell, column.within, top, bottom, items);
                bottom
            }
            Shown::Figure(figure) => {
                column.figure(&figure, style, top, items);
                top + style.leading
            }
        };
        for second in &column.under {
            let under = &self.section.columns[*second];
            let cell = &row.cells[*second];
            let text = words_of(&shown(cell, under, self.negatives));
            let start = bottom.max(top + style.leading);
            if !text.is_empty() {
                bottom = words(&text, scale.second(under), column, start, items);
                link(cell, column.within, start, bottom, items);
            }
        }
        bottom
    }

    fn note(self, note: &str, top: Mpt, items: &mut Vec<Item>) -> Mpt {
        let style = self.plan.scale.note();
        let left = self.plan.columns.get(1).map_or(0, |column| column.within.0);
        let within = (left, self.plan.width);
        let mut y = top;
        for line in lines(note, style.face, style.size, within.1 - within.0) {
            items.push(style.left(&line, y, within));
            y += style.leading;
        }
        y
    }

    /// A line of sums with the rules that tell what was proved.
    pub(crate) fn total(self, line: &TotalLine) -> Strip {
        let style = self.plan.scale.total();
        let label =
            if line.rank == Rank::Total { style } else { style.in_face(Face::Medium, Ink::Black) };
        let mut items = Vec::new();
        let labels = self.label_within(line);
        let label_lines = lines(&line.label, label.face, label.size, labels.1 - labels.0);
        let label_top = mm(9) + TOTAL_RULE + mm(4);
        let own_line = labels.1 == self.plan.width;
        for (position, text) in label_lines.iter().enumerate() {
            items.push(label.left(text, label_top + count(position) * label.leading, labels));
        }
        let label_height = count(label_lines.len()) * label.leading;
        let top = if own_line { label_top + label_height } else { label_top };
        let mut bottom = top + style.leading.max(if own_line { 0 } else { label_height });
        for column in &self.plan.columns {
            let drawn = match column.source {
                Source::Column(position) => self.sums(line, position, column, top, &mut items),
                Source::Marks => {
                    let text = signs(&line.marks);
                    words(&text, self.plan.scale.marks(), column, top, &mut items)
                }
            };
            bottom = bottom.max(drawn);
        }
        let height = bottom + mm(14);
        Strip { height, items, keep_next: false, in_table: true, bookmark: None }
    }

    fn sums(
        self,
        line: &TotalLine,
        position: usize,
        column: &Printed,
        top: Mpt,
        items: &mut Vec<Item>,
    ) -> Mpt {
        let style = self.plan.scale.total();
        let key = &self.section.columns[position].key;
        let mut bottom = top;
        for sum in line.sums.iter().filter(|sum| sum.column == *key) {
            let (x0, x1) = column.rule_reach();
            let above = bottom - mm(4) - TOTAL_RULE / 2;
            items.push(black_rule((x0, x1), above, TOTAL_RULE, false));
            column.figure(&shown_value(sum.value, self.negatives), style, bottom, items);
            bottom += style.leading;
            let below = bottom + mm(3) + DOUBLE_RULE / 2;
            if !sum.proof.is_proved() {
                items.push(black_rule((x0, x1), below + DOUBLE_STEP / 2, TOTAL_RULE, true));
            } else if line.rank == Rank::Total {
                items.push(black_rule((x0, x1), below, DOUBLE_RULE, false));
                items.push(black_rule((x0, x1), below + DOUBLE_STEP, DOUBLE_RULE, false));
            }
            bottom += mm(3);
        }
        bottom
    }

    /// Where the label of a line of sums may stand: left of its first sum, else above it.
    fn label_within(self, line: &TotalLine) -> (Mpt, Mpt) {
        let summed = |column: &&Printed| match column.source {
            Source::Column(position) => {
                let key = &self.section.columns[position].key;
                line.sums.iter().any(|sum| sum.column == *key)
            }
            Source::Marks => !line.marks.is_empty(),
        };
        let first = self.plan.columns.iter().find(summed);
        let right = first.map_or(self.plan.width, |column| column.rule_reach().0 - mm(10));
        if right < LABEL_LEAST { (0, self.plan.width) } else { (0, right) }
    }

    fn rule(self, y: Mpt, weight: Mpt, ink: Ink) -> Item {
        let (x0, x1) = (0, self.plan.width);
        Item::Rule(Rule { x0, x1, y: y - weight / 2, weight, ink, dashed: false })
    }
}

impl Printed {
    /// Where the heading stands: over the digits, not over the room for a bracket.
    fn heading_within(&self) -> (Mpt, Mpt) {
        let bracket = self.figures.map_or(0, |figures| figures.bracket);
        (self.within.0, self.within.1 - bracket)
    }

    /// From where to where the rules of a total are drawn.
    fn rule_reach(&self) -> (Mpt, Mpt) {
        let (left, right) = self.within;
        match self.figures {
            Some(figures) => {
                let reach = figures.code + figures.figure() + RULE_REACH;
                ((right - reach).max(left - mm(10)), right)
            }
            None => (left, right),
        }
    }

    /// Draws a figure: digits of the column end at one edge, points stand under each other.
    fn figure(&self, figure: &Figure, style: Style, top: Mpt, items: &mut Vec<Item>) {
        let Some(figures) = self.figures else { return };
        let edge = self.within.1 - figures.bracket;
        let hanging = style.width(&figure.bracket);
        let right = edge + hanging - style.width(&figure.missing(figures.places));
        let x = right - style.width(&figure.text());
        if figures.code > 0 {
            let code = style.in_face(Face::Regular, Ink::Grey);
            let left = self.within.1 - figures.figure() - figures.code;
            items.push(code.at(&figure.code, left, top, self.within));
        }
        items.push(style.at(&figure.text(), x, top, self.within));
    }
}

/// Draws words on as many lines as they need; answers where they end.
fn words(text: &str, style: Style, column: &Printed, top: Mpt, items: &mut Vec<Item>) -> Mpt {
    let within = column.heading_within();
    let mut y = top;
    for line in lines(text, style.face, style.size, within.1 - within.0) {
        items.push(match column.align {
            Align::Left => style.left(&line, y, within),
            Align::Right => style.right(&line, y, within),
        });
        y += style.leading;
    }
    y
}

fn link(cell: &Cell, within: (Mpt, Mpt), top: Mpt, bottom: Mpt, items: &mut Vec<Item>) {
    if let Cell::Link { url, .. } = cell
        && bottom > top
        && crate::model::leads_somewhere(url)
    {
        let area = (within.0, top, within.1, bottom);
        items.push(Item::Link(Link { area, url: url.clone() }));
    }
}

fn black_rule((x0, x1): (Mpt, Mpt), y: Mpt, weight: Mpt, dashed: bool) -> Item {
    Item::Rule(Rule { x0, x1, y, weight, ink: Ink::Black, dashed })
}

/// Parts a strip that no page could hold, between lines of its text.
pub(crate) fn parted(strip: Strip) -> Vec<Strip> {
    if strip.height <= ROW_HEIGHT_MAX {
        return vec![strip];
    }
    let parts = strip.height / ROW_HEIGHT_MAX + 1;
    let mut strips: Vec<Strip> = Vec::new();
    let mut start = 0;
    for part in 1..=parts {
        let end = if part == parts { Mpt::MAX } else { part * ROW_HEIGHT_MAX };
        let inside = |item: &&Item| (start..end).contains(&bottom_of(item));
        let items: Vec<Item> = strip.items.iter().filter(inside).cloned().collect();
        let first_top = items.iter().map(top_of).min().unwrap_or(start).min(start);
        let last = items.iter().map(bottom_of).max().unwrap_or(start);
        let moved = items.into_iter().map(|item| item.moved(0, -first_top)).collect();
        let height = if part == parts { strip.height } else { last + PAD_BOTTOM } - first_top;
        strips.push(Strip { height, items: moved, in_table: strip.in_table, ..Strip::default() });
        start = end;
    }
    if let Some(last) = strips.last_mut() {
        last.keep_next = strip.keep_next;
    }
    strips
}

fn top_of(item: &Item) -> Mpt {
    match item {
        Item::Text(text) => text.y - text.size,
        Item::Rule(rule) => rule.y,
        Item::Link(link) => link.area.1,
    }
}

fn bottom_of(item: &Item) -> Mpt {
    match item {
        Item::Text(text) => text.y + text.size / 3,
        Item::Rule(rule) => rule.y,
        // A region stands with the first line of its words.
        Item::Link(link) => link.area.1 + pt(800),
    }
}

/// A number of lines as a factor of lengths.
pub(crate) fn count(lines: usize) -> Mpt {
    Mpt::try_from(lines).unwrap_or(Mpt::MAX)
}
