//! The printed report (`design §21`): sections to strips, strips to pages, pages to bytes.

mod cells;
mod closing;
mod columns;
mod draw;
mod front;
mod furniture;
mod layout;
mod metrics;
mod page;
mod rows;
mod section;
mod subset;
mod wrap;
mod write;

use crate::error::ReportError;
use crate::model::{Paper, Report};
use crate::pdf::furniture::Furniture;
use crate::pdf::layout::{Flow, Frame, Page, paginate};
use crate::pdf::page::Sheet;

/// The printed report. The same report and paper give the same bytes.
///
/// Every page carries legal name, entity, id, period, as-of date and currency above, and id,
/// status, snapshot, run and `Page x of y` below. Tables repeat their headings; no row is parted
/// by a page break unless no page could hold it; nothing is clipped. Characters outside the
/// fonts stand as an empty box and are counted on the last page.
///
/// # Errors
/// What [`Report::check`] finds, [`ReportError::TooWide`] and [`ReportError::TooManyPages`].
pub fn pdf(report: &Report, paper: Paper) -> Result<Vec<u8>, ReportError> {
    report.check()?;
    write::write(report, &pages(report, paper)?)
}

/// The pages of a report with everything that stands on them.
fn pages(report: &Report, paper: Paper) -> Result<Vec<Page>, ReportError> {
    let upright = Furniture::new(report, Sheet::portrait(paper));
    let on_its_side = Furniture::new(report, Sheet::landscape(paper));
    let (portrait, landscape) = (upright.block(), on_its_side.block());
    let frame = Frame { paper, portrait, landscape };
    let flows = flows(report, paper, portrait.bottom - portrait.top)?;
    let mut pages = paginate(&flows, frame)?;
    let of = pages.len();
    for (position, page) in pages.iter_mut().enumerate() {
        let upright_page = page.sheet == Sheet::portrait(paper);
        let furniture = if upright_page { &upright } else { &on_its_side };
        furniture.put_on(page, position + 1, of);
    }
    Ok(pages)
}

fn flows(report: &Report, paper: Paper, page_height: i64) -> Result<Vec<Flow>, ReportError> {
    let sums = report.sections.iter().flat_map(|section| &section.totals);
    let unproved = sums.flat_map(|line| &line.sums).filter(|sum| !sum.proof.is_proved());
    let mut flows = front::flows(report, unproved.count());
    flows.extend(section::flows(&report.sections, report.negatives, paper, page_height)?);
    flows.extend(closing::flows(report, paper)?);
    Ok(flows)
}

/// A number that follows from bytes (FNV-1a), for names inside a document. Not for security.
fn fingerprint(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tieout_domain::{Currency, Money};

    use super::*;
    use crate::pdf::metrics::width;
    use crate::pdf::page::{FOOTER_BOTTOM, Item, MARGIN_LEFT, MARGIN_TOP};
    use crate::specimen::{hard, workpaper};
    use crate::table::{Cell, Column, Kind, Row, Section, TickMark};

    /// Everything stands in its column and inside the margins.
    #[track_caller]
    fn check(report: &Report, paper: Paper) {
        for page in pages(report, paper).unwrap() {
            let right = MARGIN_LEFT + page.sheet.content;
            for item in &page.items {
                if let Item::Text(text) = item {
                    let (x0, x1) = (text.x, text.x + width(text.face, text.size, &text.text));
                    assert!(x0 >= text.within.0 && x1 <= text.within.1, "leaves its box: {text:?}");
                    assert!(x0 >= MARGIN_LEFT && x1 <= right, "leaves the page: {text:?}");
                    let inside = MARGIN_TOP..page.sheet.height - FOOTER_BOTTOM;
                    assert!(inside.contains(&text.y), "leaves the page: {text:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_leaves_its_column_or_the_page() {
        for report in [workpaper(), hard()] {
            check(&report, Paper::A4);
            check(&report, Paper::Letter);
        }
    }

    fn cell(kind: Kind) -> BoxedStrategy<Cell> {
        match kind {
            Kind::Money => prop_oneof![
                (any::<i64>(), prop::sample::select(vec!["USD", "JPY", "KWD"])).prop_map(
                    |(minor, code)| {
                        Cell::Money(Money::from_minor(minor, Currency::parse(code).unwrap()))
                    }
                ),
                Just(Cell::Flagged("not known at this time".to_owned())),
                Just(Cell::Empty),
            ]
            .boxed(),
            Kind::Count => any::<u64>().prop_map(Cell::Count).boxed(),
            _ => "\\PC{0,90}".prop_map(Cell::Text).boxed(),
        }
    }

    fn table() -> impl Strategy<Value = Section> {
        let kinds = vec![Kind::Text, Kind::Code, Kind::Money, Kind::Count];
        let kinds = prop::collection::vec(prop::sample::select(kinds), 1..5);
        (kinds, "\\PC{1,60}").prop_flat_map(|(kinds, title)| {
            let cells: Vec<_> = kinds.iter().map(|kind| cell(*kind)).collect();
            prop::collection::vec(cells, 0..12).prop_map(move |rows| {
                let name = |at: usize| format!("c{at}");
                let columns = kinds
                    .iter()
                    .enumerate()
                    .map(|(at, kind)| Column::new(name(at), &title, *kind))
                    .collect();
                let mark = |cells| Row::new(cells).marked(&[TickMark::Footed]);
                Section::new("any", &title, columns, rows.into_iter().map(mark).collect())
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_table_leaves_its_columns_or_the_page(section in table(), letter in any::<bool>()) {
            let mut report = workpaper();
            report.sections = vec![section];
            check(&report, if letter { Paper::Letter } else { Paper::A4 });
        }
    }
}
