//! Cutting a face down to the glyphs that a document uses.

use std::collections::{BTreeMap, BTreeSet};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use printpdf::{FontMetrics, ParsedFont};

use crate::error::ReportError;
use crate::pdf::metrics::{Face, REPLACEMENT, measures, per_mille};

/// The face with the glyphs of these characters only. The name carries the tag of six letters
/// that marks a subset; it follows from the glyphs, so the same document gets the same name.
pub(crate) fn cut(face: Face, used: &BTreeSet<char>) -> Result<ParsedFont, ReportError> {
    let fail = |reason: String| ReportError::Font { face: face.name(), reason };
    let measures = measures(face);
    let glyph_of = |sign: &char| measures.glyphs.get(sign).copied();
    let mut wanted: BTreeSet<u16> = used.iter().filter_map(glyph_of).collect();
    wanted.insert(0);
    let glyphs: Vec<u16> = wanted.into_iter().collect();

    let fonts = ReadScope::new(face.file())
        .read::<FontData<'_>>()
        .map_err(|error| fail(error.to_string()))?;
    let provider = fonts.table_provider(0).map_err(|error| fail(error.to_string()))?;
    let bytes = subset(&provider, &glyphs, &SubsetProfile::Pdf, CmapTarget::Unicode)
        .map_err(|error| fail(error.to_string()))?;

    // The cutter numbers glyphs by their position in the list.
    let position = |glyph: u16| glyphs.binary_search(&glyph).ok().and_then(|at| at.try_into().ok());
    let mut codes = BTreeMap::new();
    let mut widths = BTreeMap::new();
    for sign in used.iter().chain([&REPLACEMENT]) {
        if let Some(new) = glyph_of(sign).and_then(position) {
            codes.insert(u32::from(*sign), new);
            widths.insert(new, u16::try_from(measures.advance(*sign)).unwrap_or(u16::MAX));
        }
    }
    let metrics = scaled(&measures.font);
    let name = format!("{}+{}", tag(&glyphs), face.name());
    let mut font = ParsedFont::with_glyph_data(bytes, 0, Some(name), codes, widths, 1_000, metrics);
    let whole = &measures.font.pdf_font_metrics;
    let units = i64::from(whole.units_per_em);
    let scale = |value: i16| clamped(per_mille(i64::from(value), units));
    font.pdf_font_metrics.x_min = scale(whole.x_min);
    font.pdf_font_metrics.x_max = scale(whole.x_max);
    font.pdf_font_metrics.y_min = scale(whole.y_min);
    font.pdf_font_metrics.y_max = scale(whole.y_max);
    font.pdf_font_metrics.us_weight_class = whole.us_weight_class;
    Ok(font)
}

fn scaled(font: &ParsedFont) -> FontMetrics {
    let units = i64::from(font.units_per_em);
    FontMetrics {
        ascent: clamped(per_mille(i64::from(font.font_metrics.ascent), units)),
        descent: clamped(per_mille(i64::from(font.font_metrics.descent), units)),
    }
}

fn clamped(value: i64) -> i16 {
    i16::try_from(value).unwrap_or(i16::MAX)
}

/// Six capital letters that follow from the glyphs.
fn tag(glyphs: &[u16]) -> String {
    let mut hash = crate::pdf::fingerprint(glyphs.iter().flat_map(|glyph| glyph.to_be_bytes()));
    let mut tag = String::new();
    for _ in 0..6 {
        let letter = u8::try_from(hash % 26).unwrap_or_default();
        tag.push(char::from(b'A' + letter));
        hash /= 26;
    }
    tag
}
