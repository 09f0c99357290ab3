//! Formats of cells: figures right, negatives in brackets, rules that tell what was proved.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use tieout_domain::Currency;

use crate::table::{Kind, Proof, Rank, Tone};
use crate::text::Negatives;

const INK_GREY: Color = Color::RGB(0x0044_4444);
const RULE: Color = Color::RGB(0x0011_1111);
const HAIR: Color = Color::RGB(0x00BB_BBBB);
const ACCENT: Color = Color::RGB(0x000B_566B);

/// Heading of a sheet.
pub(crate) fn title() -> Format {
    Format::new().set_bold().set_font_size(14)
}

/// Heading of a block.
pub(crate) fn heading() -> Format {
    Format::new().set_bold().set_font_size(11)
}

/// Small print.
pub(crate) fn fine() -> Format {
    Format::new().set_font_color(INK_GREY).set_align(FormatAlign::Top)
}

/// Text that may need several lines.
pub(crate) fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// Text that may need several lines, in semibold.
pub(crate) fn strong() -> Format {
    wrapped().set_bold()
}

/// Heading of a column.
pub(crate) fn column_heading(right: bool) -> Format {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_font_color(INK_GREY)
        .set_align(FormatAlign::Bottom)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(RULE);
    if right { on_the_right(format) } else { format }
}

/// Words in a row.
pub(crate) fn words(tone: Tone) -> Format {
    let format = row(tone);
    format.set_text_wrap()
}

/// Words with an address.
pub(crate) fn link() -> Format {
    row(Tone::Plain).set_font_color(ACCENT).set_text_wrap()
}

/// An amount with the digits of its currency.
pub(crate) fn amount(currency: Currency, negatives: Negatives, tone: Tone) -> Format {
    on_the_right(row(tone).set_num_format(amount_format(currency, negatives)))
}

/// A sum: a rule above; below a double rule if proved, a dashed one if not.
pub(crate) fn sum(format: Format, rank: Rank, proof: &Proof) -> Format {
    let format = format
        .set_bold()
        .set_border_top(FormatBorder::Thin)
        .set_border_top_color(RULE)
        .set_border_bottom_color(RULE);
    match (proof, rank) {
        (Proof::Unproved { .. }, _) => format.set_border_bottom(FormatBorder::Dashed),
        (_, Rank::Total) => format.set_border_bottom(FormatBorder::Double),
        (_, Rank::Subtotal) => format.set_border_bottom(FormatBorder::None),
    }
}

/// A figure that is not an amount.
pub(crate) fn figure(kind: Kind, scale: u32, negatives: Negatives, tone: Tone) -> Format {
    let places = match (kind, scale) {
        (Kind::Percent, scale) => decimal_places(scale.saturating_sub(2).max(1)),
        (_, scale) => decimal_places(scale),
    };
    let format = match (kind, negatives) {
        (Kind::Percent, _) => format!("0{places}%"),
        (_, Negatives::Brackets) => format!("#,##0{places}_);(#,##0{places})"),
        (_, Negatives::Minus) => format!("#,##0{places}"),
    };
    on_the_right(row(tone).set_num_format(format))
}

/// A calendar date; the month is a word.
pub(crate) fn date() -> Format {
    row(Tone::Plain).set_num_format("d mmm yyyy").set_align(FormatAlign::Left)
}

/// A figure that points at another sheet: without the rules of its own sheet.
pub(crate) fn pointer(format: Format) -> Format {
    format.set_border_bottom(FormatBorder::None)
}

/// Figures keep away from the words of the next column.
fn on_the_right(format: Format) -> Format {
    format.set_align(FormatAlign::Right).set_indent(1)
}

fn row(tone: Tone) -> Format {
    let format = Format::new()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Hair)
        .set_border_bottom_color(HAIR);
    match tone {
        Tone::Plain => format,
        Tone::Strong => format.set_bold(),
        Tone::Quiet => format.set_font_color(INK_GREY),
    }
}

fn amount_format(currency: Currency, negatives: Negatives) -> String {
    let places = decimal_places(currency.digits());
    match negatives {
        Negatives::Brackets => format!("#,##0{places}_);(#,##0{places});\"-\"_)"),
        Negatives::Minus => format!("#,##0{places};-#,##0{places};\"-\""),
    }
}

fn decimal_places(digits: u32) -> String {
    match usize::try_from(digits) {
        Ok(digits) if digits > 0 => format!(".{}", "0".repeat(digits)),
        _ => String::new(),
    }
}
