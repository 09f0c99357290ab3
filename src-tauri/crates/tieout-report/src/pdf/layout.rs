//! Putting strips on pages. Pure: strips in, pages out. A strip is never split; strips that
//! belong together stay together as long as a page can hold them; a table that goes on on the
//! next page begins there with its heading.

use crate::error::ReportError;
use crate::model::Paper;
use crate::pdf::metrics::Mpt;
use crate::pdf::page::{Item, MARGIN_LEFT, Sheet};

/// Pages of one document.
pub(crate) const PAGES_MAX: usize = 5_000;

/// Something that is as wide as the text block and is never split.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Strip {
    /// Its height.
    pub(crate) height: Mpt,
    /// What stands on it; x from the left of the text block, y from the top of the strip.
    pub(crate) items: Vec<Item>,
    /// Must stand on the same page as the next strip.
    pub(crate) keep_next: bool,
    /// Belongs to the body of a table: a page that begins with it repeats the heading.
    pub(crate) in_table: bool,
    /// A title for the outline.
    pub(crate) bookmark: Option<String>,
}

/// Strips that follow each other: a section or a block of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Flow {
    /// In order.
    pub(crate) strips: Vec<Strip>,
    /// What is repeated when the table goes on on the next page.
    pub(crate) head: Vec<Strip>,
    /// Whether it needs a page on its side.
    pub(crate) landscape: bool,
    /// Space above it, except at the top of a page.
    pub(crate) space_before: Mpt,
}

impl Flow {
    /// Height without the space above.
    pub(crate) fn height(&self) -> Mpt {
        self.strips.iter().map(|strip| strip.height).sum()
    }
}

/// A page with everything on it; positions are from the top left corner of the paper.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    /// Its size.
    pub(crate) sheet: Sheet,
    /// What stands on it.
    pub(crate) items: Vec<Item>,
    /// Titles for the outline with their height on the page.
    pub(crate) bookmarks: Vec<(String, Mpt)>,
}

/// Where the text block of a page begins and ends, from the top of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Top.
    pub(crate) top: Mpt,
    /// Bottom.
    pub(crate) bottom: Mpt,
}

/// The text blocks of upright pages and of pages on their side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Paper.
    pub(crate) paper: Paper,
    /// Upright.
    pub(crate) portrait: Block,
    /// On its side.
    pub(crate) landscape: Block,
}

impl Frame {
    fn of(self, landscape: bool) -> (Sheet, Block) {
        if landscape {
            (Sheet::landscape(self.paper), self.landscape)
        } else {
            (Sheet::portrait(self.paper), self.portrait)
        }
    }
}

/// Puts flows on pages. There is always at least one page.
pub(crate) fn paginate(flows: &[Flow], frame: Frame) -> Result<Vec<Page>, ReportError> {
    let first = flows.first().is_some_and(|flow| flow.landscape);
    let mut pages = Pages::new(frame, first);
    for flow in flows {
        pages.place_flow(flow)?;
    }
    Ok(pages.done)
}

struct Pages {
    done: Vec<Page>,
    frame: Frame,
    landscape: bool,
    block: Block,
    y: Mpt,
    /// Whether anything but a repeated heading stands on the page.
    begun: bool,
}

impl Pages {
    fn new(frame: Frame, landscape: bool) -> Self {
        let (_, block) = frame.of(landscape);
        let mut pages =
            Self { done: Vec::new(), frame, landscape, block, y: block.top, begun: false };
        pages.open_page();
        pages
    }

    fn open_page(&mut self) {
        let (sheet, block) = self.frame.of(self.landscape);
        self.done.push(Page { sheet, items: Vec::new(), bookmarks: Vec::new() });
        self.block = block;
        self.y = block.top;
        self.begun = false;
    }

    fn place_flow(&mut self, flow: &Flow) -> Result<(), ReportError> {
        if flow.landscape != self.landscape {
            self.landscape = flow.landscape;
            if self.begun || self.done.len() > 1 {
                self.next_page()?;
            } else {
                self.done.clear();
                self.open_page();
            }
        }
        let mut space = flow.space_before;
        let mut rest = flow.strips.as_slice();
        while !rest.is_empty() {
            let together = group(rest);
            let (chunk, after) = rest.split_at(together);
            self.place_group(flow, chunk, std::mem::take(&mut space))?;
            rest = after;
        }
        Ok(())
    }

    /// Places strips that belong together; if no page can hold them all, one after the other.
    fn place_group(&mut self, flow: &Flow, chunk: &[Strip], space: Mpt) -> Result<(), ReportError> {
        let height: Mpt = chunk.iter().map(|strip| strip.height).sum();
        let space = if self.begun { space } else { 0 };
        if self.begun && self.y + space + height > self.block.bottom {
            self.next_page()?;
            self.repeat_head(flow, chunk);
        } else {
            self.y += space;
        }
        for strip in chunk {
            if self.begun && self.y + strip.height > self.block.bottom {
                self.next_page()?;
                self.repeat_head(flow, std::slice::from_ref(strip));
            }
            self.place(strip);
            self.begun = true;
        }
        Ok(())
    }

    fn repeat_head(&mut self, flow: &Flow, chunk: &[Strip]) {
        let height: Mpt = flow.head.iter().map(|strip| strip.height).sum();
        let needed = chunk.first().map_or(0, |strip| strip.height);
        let goes_on = chunk.first().is_some_and(|strip| strip.in_table);
        if goes_on && self.block.top + height + needed <= self.block.bottom {
            for strip in &flow.head {
                self.place(strip);
            }
        }
    }

    fn place(&mut self, strip: &Strip) {
        let page = self.done.last_mut().expect("a page is opened before anything is placed");
        let moved = strip.items.iter().cloned().map(|item| item.moved(MARGIN_LEFT, self.y));
        page.items.extend(moved);
        if let Some(title) = &strip.bookmark {
            page.bookmarks.push((title.clone(), self.y));
        }
        self.y += strip.height;
    }

    fn next_page(&mut self) -> Result<(), ReportError> {
        if self.done.len() >= PAGES_MAX {
            return Err(ReportError::TooManyPages { limit: PAGES_MAX });
        }
        self.open_page();
        Ok(())
    }
}

/// Number of strips at the front that belong together.
fn group(strips: &[Strip]) -> usize {
    let tied = strips.iter().take_while(|strip| strip.keep_next).count();
    (tied + 1).min(strips.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdf::page::{Ink, Rule};

    const BLOCK: Block = Block { top: 100, bottom: 200 };
    const FRAME: Frame = Frame { paper: Paper::A4, portrait: BLOCK, landscape: BLOCK };

    /// A strip that carries one rule, whose weight names it.
    fn strip(name: i64, height: Mpt, keep_next: bool) -> Strip {
        let rule = Rule { x0: 0, x1: 1, y: 0, weight: name, ink: Ink::Hair, dashed: false };
        let items = vec![Item::Rule(rule)];
        Strip { height, items, keep_next, in_table: name > 0, bookmark: None }
    }

    fn table(strips: Vec<Strip>) -> Flow {
        Flow { strips, head: vec![strip(0, 10, true)], landscape: false, space_before: 5 }
    }

    /// Names and tops of what stands on each page.
    fn laid(flows: &[Flow]) -> Vec<Vec<(i64, Mpt)>> {
        let pages = paginate(flows, FRAME).unwrap();
        let name = |item: &Item| match item {
            Item::Rule(rule) => (rule.weight, rule.y),
            _ => unreachable!("the strips of these tests carry rules"),
        };
        pages.iter().map(|page| page.items.iter().map(name).collect()).collect()
    }

    #[track_caller]
    fn check(flows: &[Flow], expected: &[&[(i64, Mpt)]]) {
        assert_eq!(laid(flows), expected);
    }

    #[test]
    fn strips_follow_each_other() {
        check(&[table(vec![strip(1, 30, false), strip(2, 30, false)])], &[&[(1, 100), (2, 130)]]);
    }

    #[test]
    fn a_strip_that_does_not_fit_opens_a_page_with_the_heading() {
        check(
            &[table(vec![strip(1, 60, false), strip(2, 60, false)])],
            &[&[(1, 100)], &[(0, 100), (2, 110)]],
        );
    }

    #[test]
    fn strips_that_belong_together_move_together() {
        check(
            &[table(vec![strip(1, 60, false), strip(2, 30, true), strip(3, 30, false)])],
            &[&[(1, 100)], &[(0, 100), (2, 110), (3, 140)]],
        );
    }

    #[test]
    fn strips_that_no_page_can_hold_together_are_parted() {
        check(
            &[table(vec![strip(1, 60, true), strip(2, 60, false)])],
            &[&[(1, 100)], &[(0, 100), (2, 110)]],
        );
    }

    #[test]
    fn space_above_a_flow_is_dropped_at_the_top_of_a_page() {
        check(
            &[table(vec![strip(1, 60, false)]), table(vec![strip(2, 30, false)])],
            &[&[(1, 100), (2, 165)]],
        );
        check(
            &[table(vec![strip(1, 60, false)]), table(vec![strip(2, 60, false)])],
            &[&[(1, 100)], &[(0, 100), (2, 110)]],
        );
    }

    #[test]
    fn a_wide_table_stands_on_pages_of_its_own() {
        let mut wide = table(vec![strip(2, 30, false)]);
        wide.landscape = true;
        let pages = paginate(&[table(vec![strip(1, 30, false)]), wide.clone()], FRAME).unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[1].sheet, Sheet::landscape(Paper::A4));
        assert_eq!(paginate(&[wide], FRAME).unwrap().len(), 1);
    }

    #[test]
    fn nothing_at_all_is_one_page() {
        check(&[], &[&[]]);
    }

    proptest! {
        #[test]
        fn every_strip_stands_once_in_order_inside_the_block(
            heights in prop::collection::vec((1_i64..80, any::<bool>()), 0..60),
        ) {
            let strips: Vec<Strip> = heights
                .iter()
                .enumerate()
                .map(|(at, (height, keep))| strip(i64::try_from(at).unwrap() + 1, *height, *keep))
                .collect();
            let pages = laid(&[table(strips.clone())]);
            let placed: Vec<(i64, Mpt)> =
                pages.into_iter().flatten().filter(|(name, _)| *name > 0).collect();
            prop_assert_eq!(placed.len(), strips.len());
            for ((name, top), (position, strip)) in placed.iter().zip(strips.iter().enumerate()) {
                prop_assert_eq!(*name, i64::try_from(position).unwrap() + 1);
                prop_assert!(*top >= BLOCK.top && top + strip.height <= BLOCK.bottom);
            }
        }
    }
}
