//! How wide the columns of a table are, and in which size of type they fit (`design §21`).

use crate::pdf::cells::{Figure, Scale, Shown, face_of, shown, shown_value, words_of};
use crate::pdf::metrics::{Face, Mpt, mm, printable, pt, width};
use crate::pdf::wrap::{widest_line, widest_word};
use crate::table::{Align, Column, Kind, Print, Section, Span, signs};
use crate::text::Negatives;

/// Space between two columns.
const GAP: Mpt = mm(16);
/// More space before and after columns of figures.
const FIGURE_GAP: Mpt = mm(10);
/// Space between a currency code and its figure.
const CODE_GAP: Mpt = mm(12);
/// Text is measured at this size; other sizes are in proportion.
const UNIT: Mpt = 1_000;
/// Sizes of type that are read without effort, largest first.
const EASY: [i64; 5] = [820, 790, 770, 740, 700];
/// How many of them are tried first so that names need not be broken.
const UNBROKEN_SIZES: usize = 3;
/// Sizes for tables that would not fit otherwise.
const SMALL: [i64; 4] = [660, 620, 580, 540];
/// How far a column of words grows before second lines and spare width count.
const WORDS_FIRST: Mpt = pt(15_000);
/// How far a column of words grows so that its text stands on one line.
const WORDS_MOST: Mpt = pt(26_000);
/// What each column of figures gets in addition in a table of natural width.
const NATURAL_EASE: Mpt = mm(40);

/// What a printed column is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A column of the section.
    Column(usize),
    /// The tick marks.
    Marks,
}

/// A column as it is printed.
#[derive(Clone, Debug)]
pub(crate) struct Printed {
    /// What it is made from.
    pub(crate) source: Source,
    /// Columns printed as its second lines.
    pub(crate) under: Vec<usize>,
    /// Heading.
    pub(crate) title: String,
    /// Left and right end of its content.
    pub(crate) within: (Mpt, Mpt),
    /// Side of its words.
    pub(crate) align: Align,
    /// For columns of figures: the parts that all its figures share.
    pub(crate) figures: Option<FigureBox>,
    extent: Extent,
    weight: i64,
    wrap: bool,
}

/// Widths that the figures of a column share, so that digits and points align.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FigureBox {
    /// Currency code with its gap; 0 unless the column is mixed.
    pub(crate) code: Mpt,
    /// The widest part before the point.
    pub(crate) whole: Mpt,
    /// The widest part from the point on.
    pub(crate) fraction: Mpt,
    /// The most characters from the point on.
    pub(crate) places: usize,
    /// Room for a closing bracket.
    pub(crate) bracket: Mpt,
}

impl FigureBox {
    /// Width of the widest figure with its bracket, without its code.
    pub(crate) const fn figure(self) -> Mpt {
        self.whole + self.fraction + self.bracket
    }

    const fn total(self) -> Mpt {
        self.code + self.figure()
    }

    fn scaled(self, size: Mpt) -> Self {
        Self {
            code: if self.code == 0 { 0 } else { at(self.code, size) + CODE_GAP },
            whole: at(self.whole, size),
            fraction: at(self.fraction, size),
            places: self.places,
            bracket: at(self.bracket, size),
        }
    }

    fn widen(&mut self, figure: &Figure, face: Face, mixed: bool) {
        let measure = |text: &str| width(face, UNIT, text);
        if mixed {
            self.code = self.code.max(measure(&figure.code));
        }
        self.bracket = self.bracket.max(measure(&figure.bracket));
        if figure.is_dash() {
            self.whole = self.whole.max(measure("-"));
        } else {
            self.whole = self.whole.max(measure(&figure.whole));
            self.fraction = self.fraction.max(measure(&figure.fraction));
            self.places = self.places.max(figure.fraction.chars().count());
        }
    }
}

/// Widest lines and words of a column at the unit size.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    body_line: Mpt,
    body_word: Mpt,
    second_line: Mpt,
    second_word: Mpt,
    head_line: Mpt,
    head_word: Mpt,
    /// Labels of totals that have only this column to stand in.
    label_line: Mpt,
    figures: Option<FigureBox>,
}

/// The columns of a table in the size of type in which they fit.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// From left to right.
    pub(crate) columns: Vec<Printed>,
    /// Sizes of type.
    pub(crate) scale: Scale,
    /// Width of the table.
    pub(crate) width: Mpt,
    /// Whether it needs a page on its side.
    pub(crate) landscape: bool,
}

/// Widths that are available.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// On an upright page.
    pub(crate) portrait: Mpt,
    /// On a page on its side; `None` if the table may not move there.
    pub(crate) landscape: Option<Mpt>,
    /// Whether the table takes all of it.
    pub(crate) fill: bool,
}

/// Plans the columns of a section, or says that they do not fit.
pub(crate) fn plan(section: &Section, negatives: Negatives, room: Room) -> Option<Plan> {
    let columns = measured(section, negatives);
    let mut attempts = vec![
        (&EASY[..UNBROKEN_SIZES], Least::Unbroken, false, room.portrait),
        (&EASY[..], Least::Easy, false, room.portrait),
    ];
    if let Some(available) = room.landscape {
        attempts.push((&EASY[..], Least::Easy, true, available));
        attempts.push((&SMALL[..], Least::Easy, true, available));
        attempts.push((&SMALL[..], Least::Strict, true, available));
    }
    for (sizes, least, landscape, available) in attempts {
        for size in sizes {
            let scale = Scale::new(*size);
            let needs: Vec<Need> = columns.iter().map(|column| column.need(scale, least)).collect();
            let fixed = gaps(&columns, scale) + needs.iter().map(|need| need.least).sum::<Mpt>();
            if fixed <= available {
                let natural = section.span == Span::Natural;
                let fill = room.fill && !natural;
                let mut widths = spread(&columns, &needs, available - fixed, fill);
                if natural {
                    ease(&columns, &mut widths, available - gaps(&columns, scale));
                }
                return Some(placed(columns, &widths, scale, landscape));
            }
        }
    }
    None
}

/// Gives the figures of a table of natural width some air, as far as the page allows.
fn ease(columns: &[Printed], widths: &mut [Mpt], available: Mpt) {
    let is_figure = |column: &Printed| column.extent.figures.is_some();
    let figures = columns.iter().filter(|column| is_figure(column)).count();
    let left = available - widths.iter().sum::<Mpt>();
    let share = left / Mpt::try_from(figures.max(1)).unwrap_or(Mpt::MAX);
    for (column, width) in columns.iter().zip(widths) {
        if is_figure(column) {
            *width += share.min(NATURAL_EASE);
        }
    }
}

/// How narrow a column of words may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Least {
    /// The first lines of its cells stay unbroken.
    Unbroken,
    /// Words stay unbroken.
    Easy,
    /// Words may be broken.
    Strict,
}

/// What a column needs at one size of type.
#[derive(Clone, Copy, Debug)]
struct Need {
    least: Mpt,
    /// With the first lines of its cells unbroken.
    first: Mpt,
    /// With everything unbroken.
    wanted: Mpt,
}

impl Printed {
    fn need(&self, scale: Scale, least: Least) -> Need {
        let extent = self.extent;
        let body_line = at(extent.body_line, scale.body);
        let line = body_line.max(at(extent.second_line, scale.second));
        let word = at(extent.body_word, scale.body).max(at(extent.second_word, scale.second));
        let head_word = at(extent.head_word, scale.head).min(pt(8_000));
        let head_line = at(extent.head_line, scale.head);
        if let Some(figures) = extent.figures {
            let figures = figures.scaled(scale.body);
            let figure = figures.total().max(word.min(pt(6_000)));
            let least = figure.max(head_word + figures.bracket);
            let wanted = least.max(head_line.min(pt(7_000)) + figures.bracket);
            return Need { least, first: wanted, wanted };
        }
        let strict = least == Least::Strict;
        let word_cap = if strict { pt(4_000) } else { pt(11_000) };
        let line_floor = match (self.wrap, strict) {
            (true, false) => line.min(pt(6_400)),
            (true, true) => line.min(pt(2_800)),
            (false, false) => body_line.min(pt(16_000)),
            (false, true) => body_line.min(pt(6_000)),
        };
        let narrow = word.min(word_cap).max(line_floor).max(head_word);
        let unbroken = body_line.max(at(extent.label_line, scale.body)).min(WORDS_FIRST);
        let first = narrow.max(unbroken).max(head_line.min(pt(9_000)));
        let least = if least == Least::Unbroken { first } else { narrow };
        Need { least, first, wanted: first.max(line.min(WORDS_MOST)) }
    }
}

/// Widths of all columns: first lines unbroken, then everything unbroken, then by weight.
fn spread(columns: &[Printed], needs: &[Need], mut spare: Mpt, fill: bool) -> Vec<Mpt> {
    let mut widths: Vec<Mpt> = needs.iter().map(|need| need.least).collect();
    let goals: [fn(&Need) -> Mpt; 2] = [|need| need.first, |need| need.wanted];
    for goal in goals {
        let lacking: Vec<Mpt> =
            needs.iter().zip(&widths).map(|(need, width)| goal(need) - width).collect();
        let wanted: Mpt = lacking.iter().sum();
        let granted = spare.min(wanted);
        for (width, lack) in widths.iter_mut().zip(lacking) {
            *width += if wanted == 0 { 0 } else { lack * granted / wanted };
        }
        spare -= granted;
    }
    let weights: i64 = columns.iter().map(|column| column.weight).sum();
    if fill && spare > 0 {
        let even = spare / Mpt::try_from(columns.len().max(1)).unwrap_or(Mpt::MAX);
        for (column, width) in columns.iter().zip(&mut widths) {
            *width += if weights == 0 { even } else { spare * column.weight / weights };
        }
    }
    widths
}

fn placed(mut columns: Vec<Printed>, widths: &[Mpt], scale: Scale, landscape: bool) -> Plan {
    let mut x = 0;
    let mut after_figures = None;
    for (column, column_width) in columns.iter_mut().zip(widths) {
        let figures = column.extent.figures.is_some();
        x += after_figures.map_or(0, |before| gap(before, figures, scale));
        after_figures = Some(figures);
        column.within = (x, x + column_width);
        column.figures = column.extent.figures.map(|figures| figures.scaled(scale.body));
        x += column_width;
    }
    Plan { columns, scale, width: x, landscape }
}

fn gaps(columns: &[Printed], scale: Scale) -> Mpt {
    let is_figure = |column: &Printed| column.extent.figures.is_some();
    columns.windows(2).map(|pair| gap(is_figure(&pair[0]), is_figure(&pair[1]), scale)).sum()
}

/// Space between two columns, in proportion to the size of type.
fn gap(figures_before: bool, figures_after: bool, scale: Scale) -> Mpt {
    let wider = if figures_before || figures_after { FIGURE_GAP } else { 0 };
    (GAP + wider) * scale.body / pt(EASY[0])
}

fn measured(section: &Section, negatives: Negatives) -> Vec<Printed> {
    let mut columns: Vec<Printed> = section
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.print == Print::Own)
        .map(|(position, column)| {
            let under = second_lines(section, &column.key);
            Printed {
                source: Source::Column(position),
                title: heading(section, position, column),
                within: (0, 0),
                align: column.align,
                figures: None,
                extent: extent(section, position, &under, negatives),
                under,
                weight: i64::from(column.weight),
                wrap: column.wrap,
            }
        })
        .collect();
    if section.has_marks() {
        columns.push(marks_column(section));
    }
    let label_line = widest_label(section, &columns);
    if let Some(first) = columns.first_mut() {
        first.extent.label_line = label_line;
    }
    columns
}

/// Width of the widest label that stands between the left edge and a sum in the second column.
fn widest_label(section: &Section, columns: &[Printed]) -> Mpt {
    let Some(Source::Column(second)) = columns.get(1).map(|column| column.source) else {
        return 0;
    };
    let key = &section.columns[second].key;
    let lines = section.totals.iter();
    let beside = lines.filter(|line| line.sums.iter().any(|sum| sum.column == *key));
    beside.map(|line| widest_line(&line.label, Face::SemiBold, UNIT)).max().unwrap_or_default()
}

/// The heading; a currency stands in it unless it stands above the whole table.
fn heading(section: &Section, position: usize, column: &Column) -> String {
    match section.uniform_currency(position) {
        Some(currency) if table_currency(section).is_none() => {
            format!("{}, {currency}", column.title)
        }
        _ => column.title.clone(),
    }
}

/// The one currency of all amounts of a section, if there is one.
pub(crate) fn table_currency(section: &Section) -> Option<tieout_domain::Currency> {
    let mut all = std::collections::BTreeSet::new();
    for position in 0..section.columns.len() {
        all.extend(section.currencies(position));
    }
    if all.len() == 1 { all.into_iter().next() } else { None }
}

fn second_lines(section: &Section, key: &str) -> Vec<usize> {
    let stands_under =
        |column: &Column| matches!(&column.print, Print::Under(above) if above == key);
    let columns = section.columns.iter().enumerate();
    columns.filter(|(_, column)| stands_under(column)).map(|(position, _)| position).collect()
}

fn extent(section: &Section, position: usize, under: &[usize], negatives: Negatives) -> Extent {
    let column = &section.columns[position];
    let (face, _) = face_of(column);
    let mixed = column.kind == Kind::Money && section.is_mixed(position);
    let mut extent = Extent::default();
    let mut figures = FigureBox::default();
    for row in &section.rows {
        match shown(&row.cells[position], column, negatives) {
            Shown::Nothing => {}
            Shown::Words(words) => {
                extent.body_line = extent.body_line.max(widest_line(&words, face, UNIT));
                extent.body_word = extent.body_word.max(widest_word(&words, face, UNIT));
            }
            Shown::Figure(figure) => figures.widen(&figure, face, mixed),
        }
        for second in under {
            let column = &section.columns[*second];
            let words = words_of(&shown(&row.cells[*second], column, negatives));
            let face = Scale::new(EASY[0]).second(column).face;
            extent.second_line = extent.second_line.max(widest_line(&words, face, UNIT));
            extent.second_word = extent.second_word.max(widest_word(&words, face, UNIT));
        }
    }
    for sum in section.totals.iter().flat_map(|line| &line.sums) {
        if sum.column == column.key {
            figures.widen(&shown_value(sum.value, negatives), Face::SemiBold, mixed);
        }
    }
    let title = heading(section, position, column);
    extent.head_line = widest_line(&title, Face::Medium, UNIT);
    extent.head_word = widest_word(&title, Face::Medium, UNIT);
    extent.figures = column.kind.is_figure().then_some(figures);
    extent
}

fn marks_column(section: &Section) -> Printed {
    let rows = section.rows.iter().map(|row| &row.marks);
    let totals = section.totals.iter().map(|line| &line.marks);
    let mut extent = Extent {
        head_line: widest_line("Marks", Face::Medium, UNIT),
        head_word: widest_line("Marks", Face::Medium, UNIT),
        ..Extent::default()
    };
    for marks in rows.chain(totals) {
        let line = printable(&signs(marks));
        extent.body_line = extent.body_line.max(widest_line(&line, Face::SemiBold, UNIT));
        extent.body_word = extent.body_word.max(widest_word(&line, Face::SemiBold, UNIT));
    }
    Printed {
        source: Source::Marks,
        under: Vec::new(),
        title: "Marks".to_owned(),
        within: (0, 0),
        align: Align::Left,
        figures: None,
        extent,
        weight: 0,
        wrap: true,
    }
}

const fn at(unit_width: Mpt, size: Mpt) -> Mpt {
    // Rounded up, so that a column is never narrower than what it was measured for.
    (unit_width * size + UNIT - 1) / UNIT
}
