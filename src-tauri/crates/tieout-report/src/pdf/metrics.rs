//! The faces of the print and how wide text is in them. Lengths are integers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use printpdf::ParsedFont;

/// A length or a position in thousandths of a point.
pub(crate) type Mpt = i64;

/// Thousandths of a point in tenths of a millimetre.
pub(crate) const fn mm(tenths: i64) -> Mpt {
    tenths * 283_465 / 1_000
}

/// Thousandths of a point in hundredths of a point: `pt(820)` is 8.2 points.
pub(crate) const fn pt(hundredths: i64) -> Mpt {
    hundredths * 10
}

/// Stands for every character that the faces do not have; they draw it as an empty box.
pub(crate) const REPLACEMENT: char = '\u{FFFD}';

/// Distance from baseline to the top and bottom of Inter's line, in thousandths of the size.
const ASCENT: i64 = 969;
const DESCENT: i64 = 241;

/// A face of the print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Face {
    /// Body.
    Regular,
    /// Column headings.
    Medium,
    /// Figures that stand out, totals, headings.
    SemiBold,
    /// Ids and codes: slashed zero, letters that cannot be mistaken.
    Code,
    /// The title.
    Display,
}

impl Face {
    /// All faces.
    pub(crate) const ALL: [Self; 5] =
        [Self::Regular, Self::Medium, Self::SemiBold, Self::Code, Self::Display];

    /// PostScript name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "Inter-Regular",
            Self::Medium => "Inter-Medium",
            Self::SemiBold => "Inter-SemiBold",
            Self::Code => "Inter-Code",
            Self::Display => "InterDisplay-SemiBold",
        }
    }

    /// The bundled font file.
    pub(crate) const fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/Inter-Regular.ttf"),
            Self::Medium => include_bytes!("../../fonts/Inter-Medium.ttf"),
            Self::SemiBold => include_bytes!("../../fonts/Inter-SemiBold.ttf"),
            Self::Code => include_bytes!("../../fonts/Inter-Code.ttf"),
            Self::Display => include_bytes!("../../fonts/InterDisplay-SemiBold.ttf"),
        }
    }
}

/// What is known of one face.
pub(crate) struct Measures {
    /// Glyph per character.
    pub(crate) glyphs: BTreeMap<char, u16>,
    /// Advance by character code in thousandths of the size, the very numbers the PDF carries;
    /// 0 for characters that the face does not have. A table, since every text is measured.
    advances: Vec<i64>,
    replacement: i64,
    /// The font as read, for its bounding box and weight.
    pub(crate) font: ParsedFont,
}

impl Measures {
    fn read(face: Face) -> Self {
        let mut warnings = Vec::new();
        let font = ParsedFont::from_bytes(face.file(), 0, &mut warnings)
            .expect("the bundled fonts are whole: a test reads every one of them");
        let units = i64::from(font.units_per_em);
        let mut glyphs = BTreeMap::new();
        let mut advances = Vec::new();
        for (code, glyph) in &font.codepoint_to_glyph {
            let width = i64::from(font.get_glyph_width(*glyph).unwrap_or_default());
            let (Some(sign), Ok(position)) = (char::from_u32(*code), usize::try_from(*code)) else {
                continue;
            };
            glyphs.insert(sign, *glyph);
            advances.resize(advances.len().max(position + 1), 0);
            advances[position] = per_mille(width, units);
        }
        let replacement = position_of(REPLACEMENT).and_then(|at| advances.get(at).copied());
        Self { glyphs, advances, replacement: replacement.unwrap_or_default(), font }
    }

    /// Advance of a character in thousandths of the size.
    pub(crate) fn advance(&self, sign: char) -> i64 {
        let own = position_of(sign).and_then(|at| self.advances.get(at).copied());
        match own {
            Some(0) if !self.glyphs.contains_key(&sign) => self.replacement,
            Some(advance) => advance,
            None => self.replacement,
        }
    }
}

fn position_of(sign: char) -> Option<usize> {
    usize::try_from(u32::from(sign)).ok()
}

/// Font units in thousandths of the size, rounded.
pub(crate) fn per_mille(units: i64, units_per_em: i64) -> i64 {
    (units * 1_000 + units_per_em / 2).div_euclid(units_per_em.max(1))
}

/// The measures of a face; each font is read once.
pub(crate) fn measures(face: Face) -> &'static Measures {
    static READ: [OnceLock<Measures>; Face::ALL.len()] = [const { OnceLock::new() }; 5];
    let position = match face {
        Face::Regular => 0,
        Face::Medium => 1,
        Face::SemiBold => 2,
        Face::Code => 3,
        Face::Display => 4,
    };
    READ[position].get_or_init(|| Measures::read(face))
}

/// Width of a text that holds only printable characters.
pub(crate) fn width(face: Face, size: Mpt, text: &str) -> Mpt {
    advances(face, text) * size / 1_000
}

/// Width of a text in thousandths of the size. Exact: only lengths are rounded.
pub(crate) fn advances(face: Face, text: &str) -> i64 {
    let measures = measures(face);
    text.chars().map(|sign| measures.advance(sign)).sum()
}

/// Baseline of a line of this height, measured from its top.
pub(crate) const fn baseline(size: Mpt, leading: Mpt) -> Mpt {
    let line = size * (ASCENT + DESCENT) / 1_000;
    (leading - line) / 2 + size * ASCENT / 1_000
}

/// The text as it can be printed: white space becomes a space, characters that the faces do not
/// have become a visible box.
pub(crate) fn printable(text: &str) -> String {
    let known = &measures(Face::Regular).glyphs;
    text.chars()
        .map(|sign| match sign {
            sign if sign.is_whitespace() && sign != '\u{A0}' => ' ',
            sign if known.contains_key(&sign) => sign,
            _ => REPLACEMENT,
        })
        .collect()
}

/// How many characters of a text the faces do not have.
pub(crate) fn unprintable(text: &str) -> usize {
    let known = &measures(Face::Regular).glyphs;
    let prints = |sign: &char| sign.is_whitespace() || known.contains_key(sign);
    text.chars().filter(|sign| !prints(sign)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_the_same_characters() {
        let regular: Vec<char> = measures(Face::Regular).glyphs.keys().copied().collect();
        for face in Face::ALL {
            assert!(measures(face).glyphs.keys().copied().eq(regular.iter().copied()), "{face:?}");
        }
    }

    #[test]
    fn figures_are_tabular_in_every_face() {
        for face in Face::ALL {
            let zero = width(face, pt(820), "0");
            for digit in "123456789".chars() {
                assert_eq!(width(face, pt(820), &digit.to_string()), zero, "{face:?} {digit}");
            }
        }
    }

    #[test]
    fn what_the_font_lacks_is_replaced_visibly() {
        assert_eq!(printable("Zażółć Ελ Привет €₹"), "Zażółć Ελ Привет €₹");
        let boxes = REPLACEMENT.to_string().repeat(4);
        assert_eq!(printable("株式会社 A\u{7}\tB"), format!("{boxes} A{REPLACEMENT} B"));
        assert_eq!(unprintable("株式会社 A\tB"), 4);
        assert!(width(Face::Regular, pt(820), "\u{FFFD}") > 0);
    }

    #[test]
    fn a_line_centres_its_text() {
        assert_eq!(baseline(10_000, 12_100), 9_690);
        assert_eq!(baseline(10_000, 14_100), 10_690);
    }
}
