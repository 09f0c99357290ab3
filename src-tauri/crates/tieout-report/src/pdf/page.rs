//! The page: its size and margins, and the things that can stand on it.

use crate::model::Paper;
use crate::pdf::metrics::{Face, Mpt, baseline, mm, pt, width};

/// Width of the text block in portrait, the same on both papers (`design §21`).
pub(crate) const CONTENT_PORTRAIT: Mpt = mm(1_760);
/// Left margin: room for binding.
pub(crate) const MARGIN_LEFT: Mpt = mm(200);
/// The least right margin; Letter is wider and keeps the rest.
pub(crate) const MARGIN_RIGHT_MIN: Mpt = mm(140);
/// Top margin.
pub(crate) const MARGIN_TOP: Mpt = mm(130);
/// Bottom of the text block; the footer stands below it.
pub(crate) const MARGIN_BOTTOM: Mpt = mm(150);
/// Bottom of the footer.
pub(crate) const FOOTER_BOTTOM: Mpt = mm(80);

/// Ink: a step of grey or the one accent. Everything is legible in greyscale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Near black.
    Black,
    /// Headings of columns, footer, notes.
    Grey,
    /// Numbers that only identify.
    Quiet,
    /// Hairlines between rows.
    Hair,
    /// Lines around regions.
    Line,
    /// Tick marks.
    Accent,
}

/// One thing on a page or a strip. `y` counts downwards from the top.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// A line of text.
    Text(Text),
    /// A horizontal rule.
    Rule(Rule),
    /// A region that leads to an address.
    Link(Link),
}

/// A line of text in one face.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    /// Left end.
    pub(crate) x: Mpt,
    /// Baseline.
    pub(crate) y: Mpt,
    /// The box from left to right that it must not leave.
    pub(crate) within: (Mpt, Mpt),
    /// Size of the type.
    pub(crate) size: Mpt,
    /// Face.
    pub(crate) face: Face,
    /// Ink.
    pub(crate) ink: Ink,
    /// Printable text.
    pub(crate) text: String,
}

/// A horizontal rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Left end.
    pub(crate) x0: Mpt,
    /// Right end.
    pub(crate) x1: Mpt,
    /// Middle of its thickness.
    pub(crate) y: Mpt,
    /// Thickness.
    pub(crate) weight: Mpt,
    /// Ink.
    pub(crate) ink: Ink,
    /// Dashed: what stands above it could not be proved.
    pub(crate) dashed: bool,
}

/// A region that leads to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Left, top, right, bottom.
    pub(crate) area: (Mpt, Mpt, Mpt, Mpt),
    /// The address.
    pub(crate) url: String,
}

impl Item {
    /// The same, moved.
    pub(crate) fn moved(mut self, dx: Mpt, dy: Mpt) -> Self {
        match &mut self {
            Self::Text(text) => {
                text.x += dx;
                text.y += dy;
                text.within = (text.within.0 + dx, text.within.1 + dx);
            }
            Self::Rule(rule) => {
                rule.x0 += dx;
                rule.x1 += dx;
                rule.y += dy;
            }
            Self::Link(link) => {
                let (left, top, right, bottom) = link.area;
                link.area = (left + dx, top + dy, right + dx, bottom + dy);
            }
        }
        self
    }
}

/// Face, size, leading and ink of a kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Face.
    pub(crate) face: Face,
    /// Size.
    pub(crate) size: Mpt,
    /// Distance of baselines.
    pub(crate) leading: Mpt,
    /// Ink.
    pub(crate) ink: Ink,
    /// Baseline from the top of the line.
    baseline: Mpt,
}

impl Style {
    /// A style; size and leading in hundredths of a point.
    pub(crate) const fn new(face: Face, size: i64, leading: i64, ink: Ink) -> Self {
        Self::sized(face, pt(size), pt(leading), ink)
    }

    /// A style; size and leading as lengths.
    pub(crate) const fn sized(face: Face, size: Mpt, leading: Mpt, ink: Ink) -> Self {
        Self { face, size, leading, ink, baseline: baseline(size, leading) }
    }

    /// The same in another face and ink.
    pub(crate) const fn in_face(self, face: Face, ink: Ink) -> Self {
        Self { face, ink, ..self }
    }

    /// The same on the baseline of another style, whose lines it shares.
    pub(crate) const fn beside(self, other: Self) -> Self {
        Self { baseline: other.baseline, leading: other.leading, ..self }
    }

    /// Width of a text in this style.
    pub(crate) fn width(self, text: &str) -> Mpt {
        width(self.face, self.size, text)
    }

    /// A line whose top is at `top`, standing on the left of its box.
    pub(crate) fn left(self, text: &str, top: Mpt, within: (Mpt, Mpt)) -> Item {
        self.at(text, within.0, top, within)
    }

    /// A line whose top is at `top`, standing on the right of its box.
    pub(crate) fn right(self, text: &str, top: Mpt, within: (Mpt, Mpt)) -> Item {
        self.at(text, within.1 - self.width(text), top, within)
    }

    /// A line that begins at `x`.
    pub(crate) fn at(self, text: &str, x: Mpt, top: Mpt, within: (Mpt, Mpt)) -> Item {
        let (face, size, ink) = (self.face, self.size, self.ink);
        let y = top + self.baseline;
        Item::Text(Text { x, y, within, size, face, ink, text: text.to_owned() })
    }
}

/// Size and text block of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// Width of the paper.
    pub(crate) width: Mpt,
    /// Height of the paper.
    pub(crate) height: Mpt,
    /// Width of the text block.
    pub(crate) content: Mpt,
}

impl Sheet {
    /// Upright.
    pub(crate) const fn portrait(paper: Paper) -> Self {
        let (width, height) = size(paper);
        Self { width, height, content: CONTENT_PORTRAIT }
    }

    /// On its side, for wide tables.
    pub(crate) const fn landscape(paper: Paper) -> Self {
        let (height, width) = size(paper);
        Self { width, height, content: width - MARGIN_LEFT - MARGIN_RIGHT_MIN }
    }
}

const fn size(paper: Paper) -> (Mpt, Mpt) {
    match paper {
        Paper::A4 => (595_276, 841_890),
        Paper::Letter => (612_000, 792_000),
    }
}
