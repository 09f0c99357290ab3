//! From laid pages to the operations of the print library.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{
    Actions, BorderArray, Color, FontId, Line, LineDashPattern, LinePoint, LinkAnnotation, Op,
    PdfFontHandle, PdfPage, Point, Pt, Rect, Rgb, TextItem, TextMatrix,
};

use crate::pdf::layout::Page;
use crate::pdf::metrics::{Face, Mpt};
use crate::pdf::page::{Ink, Item, Link, Rule, Text};

/// The characters that each face has to print.
pub(crate) fn characters(pages: &[Page]) -> BTreeMap<Face, BTreeSet<char>> {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        if let Item::Text(text) = item {
            used.entry(text.face).or_default().extend(text.text.chars());
        }
    }
    used
}

/// A page with its operations.
pub(crate) fn page(page: &Page) -> PdfPage {
    let height = page.sheet.height;
    let mut ops = Vec::new();
    for item in &page.items {
        match item {
            Item::Text(text) => draw_text(text, height, &mut ops),
            Item::Rule(rule) => draw_rule(*rule, height, &mut ops),
            Item::Link(link) => ops.push(Op::LinkAnnotation { link: annotation(link, height) }),
        }
    }
    let size = || Rect::from_wh(points(page.sheet.width), points(height));
    PdfPage { media_box: size(), trim_box: size(), crop_box: size(), ops }
}

/// Name of a face among the resources of a page.
pub(crate) fn font_id(face: Face) -> FontId {
    FontId(face.name().to_owned())
}

/// The print library counts in binary points. The only step from integers to its numbers goes
/// through decimal text, so that no length is computed in floating point.
pub(crate) fn points(length: Mpt) -> Pt {
    let sign = if length < 0 { "-" } else { "" };
    let whole = length.unsigned_abs();
    let text = format!("{sign}{}.{:03}", whole / 1_000, whole % 1_000);
    Pt(text.parse().expect("digits with one point are a number"))
}

fn draw_text(text: &Text, height: Mpt, ops: &mut Vec<Op>) {
    let font = PdfFontHandle::External(font_id(text.face));
    ops.push(Op::StartTextSection);
    ops.push(Op::SetFont { font, size: points(text.size) });
    ops.push(Op::SetFillColor { col: color(text.ink) });
    let (x, y) = (points(text.x), points(height - text.y));
    ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(x, y) });
    ops.push(Op::ShowText { items: vec![TextItem::Text(text.text.clone())] });
    ops.push(Op::EndTextSection);
}

fn draw_rule(rule: Rule, height: Mpt, ops: &mut Vec<Op>) {
    let y = points(height - rule.y);
    let end = |x: Mpt| LinePoint { p: Point { x: points(x), y }, bezier: false };
    let dash =
        if rule.dashed { LineDashPattern::new(0.0, &[2.2, 1.6]) } else { LineDashPattern::solid() };
    ops.push(Op::SetOutlineColor { col: color(rule.ink) });
    ops.push(Op::SetOutlineThickness { pt: points(rule.weight) });
    ops.push(Op::SetLineDashPattern { dash });
    let points = vec![end(rule.x0), end(rule.x1)];
    ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
}

fn annotation(link: &Link, height: Mpt) -> LinkAnnotation {
    let (left, top, right, bottom) = link.area;
    let rect = Rect::from_xywh(
        points(left),
        points(height - bottom),
        points(right - left),
        points(bottom - top),
    );
    let no_border = BorderArray::Solid([0.0, 0.0, 0.0]);
    LinkAnnotation::new(rect, Actions::uri(link.url.clone()), Some(no_border), None, None)
}

fn color(ink: Ink) -> Color {
    let (r, g, b) = match ink {
        Ink::Black => (0.067, 0.067, 0.067),
        Ink::Grey => (0.267, 0.267, 0.267),
        Ink::Quiet => (0.333, 0.333, 0.333),
        Ink::Line => (0.4, 0.4, 0.4),
        Ink::Hair => (0.733, 0.733, 0.733),
        Ink::Accent => (0.043, 0.337, 0.42),
    };
    Color::Rgb(Rgb { r, g, b, icc_profile: None })
}
