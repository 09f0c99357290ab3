//! What stands on every page: whose report it is above, its state and identity below.

use crate::model::Report;
use crate::pdf::layout::{Block, Page};
use crate::pdf::metrics::{Face, Mpt, mm, printable, pt};
use crate::pdf::page::{
    FOOTER_BOTTOM, Ink, Item, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_TOP, Rule, Sheet, Style,
};
use crate::pdf::wrap::lines;
use crate::text::{grouped_hash, print_date, print_moment};

const NAME: Style = Style::new(Face::SemiBold, 760, 1_000, Ink::Black);
const LINE: Style = Style::new(Face::Regular, 760, 1_000, Ink::Grey);
const FOOT: Style = Style::new(Face::Regular, 700, 900, Ink::Grey);
/// Least space between two texts on a line.
const APART: Mpt = mm(60);
/// The same in the footer, which has four texts on a line.
const FOOT_APART: Mpt = mm(35);
/// Groups of four hex digits of the hash that stand in the footer.
const HASH_GROUPS: usize = 4;

/// Header and footer of all pages with the same width.
pub(crate) struct Furniture {
    sheet: Sheet,
    header: Vec<Item>,
    header_height: Mpt,
    /// Texts of the footer by line; the last of the first line is the page number.
    footer: Vec<[String; 2]>,
    footer_middle: Option<[String; 2]>,
}

impl Furniture {
    /// Sets header and footer for a sheet.
    pub(crate) fn new(report: &Report, sheet: Sheet) -> Self {
        let (header, header_height) = header(report, sheet.content);
        let state = printable(&format!("{}, {}", report.id, report.status));
        let hash =
            printable(&format!("Snapshot {}", grouped_hash(&report.content_hash, HASH_GROUPS)));
        let made = printable(&format!(
            "Tieout {}, run {}, printed {}",
            report.product_version,
            report.run_id,
            print_moment(&report.generated_at)
        ));
        let page = "Page 00 of 00";
        let one_line = [state.as_str(), &hash, &made, page];
        let needed: Mpt = one_line.iter().map(|text| FOOT.width(text)).sum();
        let (footer, footer_middle) = if needed + 3 * FOOT_APART <= sheet.content {
            (vec![[state, String::new()]], Some([hash, made]))
        } else {
            let room = sheet.content - FOOT.width(page) - FOOT_APART;
            let mut wrapped: Vec<[String; 2]> = lines(&state, FOOT.face, FOOT.size, room)
                .into_iter()
                .map(|line| [line, String::new()])
                .collect();
            if FOOT.width(&hash) + FOOT.width(&made) + FOOT_APART <= sheet.content {
                wrapped.push([hash, made]);
            } else {
                for text in [hash, made] {
                    let broken = lines(&text, FOOT.face, FOOT.size, sheet.content);
                    wrapped.extend(broken.into_iter().map(|line| [line, String::new()]));
                }
            }
            (wrapped, None)
        };
        Self { sheet, header, header_height, footer, footer_middle }
    }

    /// Where the text block lies between header and footer.
    pub(crate) fn block(&self) -> Block {
        let more_lines = crate::pdf::rows::count(self.footer.len().saturating_sub(1));
        Block {
            top: MARGIN_TOP + self.header_height + mm(50),
            bottom: self.sheet.height - MARGIN_BOTTOM - more_lines * FOOT.leading,
        }
    }

    /// Puts header and footer on a page.
    pub(crate) fn put_on(&self, page: &mut Page, number: usize, of: usize) {
        let header = self.header.iter().cloned();
        page.items.extend(header.map(|item| item.moved(MARGIN_LEFT, MARGIN_TOP)));
        let rows = crate::pdf::rows::count(self.footer.len());
        let top = self.sheet.height - FOOTER_BOTTOM - rows * FOOT.leading;
        let width = self.sheet.content;
        let mut items = vec![rule(-mm(14), width, pt(40), Ink::Line)];
        let number = format!("Page {number} of {of}");
        for (position, [left, right]) in self.footer.iter().enumerate() {
            let y = crate::pdf::rows::count(position) * FOOT.leading;
            items.push(FOOT.left(left, y, (0, width)));
            let right = if position == 0 { number.as_str() } else { right };
            if !right.is_empty() {
                items.push(FOOT.right(right, y, (0, width)));
            }
        }
        if let (Some([hash, made]), Some([state, _])) = (&self.footer_middle, self.footer.first()) {
            let texts = [state.as_str(), hash, made, &number];
            let used: Mpt = texts.iter().map(|text| FOOT.width(text)).sum();
            let space = (width - used) / 3;
            let hash_left = FOOT.width(state) + space;
            let made_left = hash_left + FOOT.width(hash) + space;
            items.push(FOOT.at(hash, hash_left, 0, (0, width)));
            items.push(FOOT.at(made, made_left, 0, (0, width)));
        }
        page.items.extend(items.into_iter().map(|item| item.moved(MARGIN_LEFT, top)));
    }
}

/// Legal name and kind of report on the left; id, period, date and currency on the right.
fn header(report: &Report, width: Mpt) -> (Vec<Item>, Mpt) {
    let kind = format!("{}, {}", report.entity, report.title);
    let scope =
        format!("{}, as of {}, {}", report.period, print_date(report.as_of), report.currency);
    let mut items = Vec::new();
    let mut y = 0;
    for (left, left_style, right, right_style) in
        [(&report.legal_name, NAME, &report.id, NAME), (&kind, LINE, &scope, LINE)]
    {
        let (left, right) = (printable(left), printable(right));
        let both = left_style.width(&left) + right_style.width(&right) + APART;
        let left_room = if both <= width { width } else { (width - APART) * 11 / 20 };
        let right_room = if both <= width { width } else { width - APART - left_room };
        let left = lines(&left, left_style.face, left_style.size, left_room);
        let right = lines(&right, right_style.face, right_style.size, right_room);
        for (position, line) in left.iter().enumerate() {
            let top = y + crate::pdf::rows::count(position) * left_style.leading;
            items.push(left_style.left(line, top, (0, left_room)));
        }
        for (position, line) in right.iter().enumerate() {
            let top = y + crate::pdf::rows::count(position) * right_style.leading;
            items.push(right_style.right(line, top, (width - right_room, width)));
        }
        y += crate::pdf::rows::count(left.len().max(right.len()).max(1)) * left_style.leading;
    }
    let height = y + mm(20);
    items.push(rule(height, width, pt(80), Ink::Black));
    (items, height)
}

fn rule(y: Mpt, width: Mpt, weight: Mpt, ink: Ink) -> Item {
    Item::Rule(Rule { x0: 0, x1: width, y, weight, ink, dashed: false })
}
