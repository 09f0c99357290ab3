//! What a report is: who, when, what it concludes, who signed, and its sections.

use jiff::Zoned;
use jiff::civil::Date;

use crate::table::Section;
use crate::text::Negatives;

/// A frozen report. Every text is final; nothing is computed from a clock or a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The workpaper's id, `WP-2026-06-US`. Stands in the header of every page.
    pub id: String,
    /// What the paper is: `Receivables workpaper`.
    pub title: String,
    /// A second line under the title; may be empty.
    pub subtitle: String,
    /// The entity's short code, `AQ-US`.
    pub entity: String,
    /// The entity's legal name, with its legal form.
    pub legal_name: String,
    /// The period in words, `June 2026`.
    pub period: String,
    /// The date that balances are taken at.
    pub as_of: Date,
    /// The instant up to which facts count (the second time axis), in the reader's zone.
    pub known_at: Zoned,
    /// The currencies of the report in words, `USD` or `USD, EUR`. Stands in every header.
    pub currency: String,
    /// On what basis figures are made: books, CRM, tax treatment, limits.
    pub basis: Vec<Fact>,
    /// The state of this version in words, `Version 3, draft`. Stands on every page.
    pub status: String,
    /// One paragraph: totals, difference, explained, unexplained, verdict.
    pub conclusion: Prose,
    /// Who signed or has still to sign. `None` for reports that nobody signs.
    pub sign_off: Option<SignOff>,
    /// The tables, in reading order.
    pub sections: Vec<Section>,
    /// Parameters and sources (`finance-domain §15`).
    pub parameters: Vec<Fact>,
    /// Reason codes and other words that the reader may not know.
    pub definitions: Vec<Fact>,
    /// The run whose data this is.
    pub run_id: String,
    /// The version of the product that made it.
    pub product_version: String,
    /// When this rendering was made, in the reader's zone. Given, never read from a clock.
    pub generated_at: Zoned,
    /// Hash of [`crate::canonical`] of this report, in hex; the caller computes it.
    pub content_hash: String,
    /// How negative amounts are written in print and in the workbook.
    pub negatives: Negatives,
}

impl Report {
    /// The section with an id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }
}

/// A labelled line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in sentence case.
    pub label: String,
    /// Its text.
    pub text: String,
}

impl Fact {
    /// A labelled line.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into() }
    }
}

/// A paragraph in which figures stand out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// Pieces in order: the text, and whether it is a figure that stands out.
    pub(crate) pieces: Vec<(String, bool)>,
}

impl Prose {
    /// An empty paragraph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on with plain text.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.pieces.push((text.into(), false));
        self
    }

    /// Goes on with a figure, which is set semibold.
    #[must_use]
    pub fn figure(mut self, text: impl Into<String>) -> Self {
        self.pieces.push((text.into(), true));
        self
    }

    /// The pieces in order: the text, and whether it is a figure.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        self.pieces.iter().map(|(text, is_figure)| (text.as_str(), *is_figure))
    }

    /// The paragraph without emphasis.
    pub fn plain(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self::new().say(text)
    }
}

/// The sign-off block (`finance-domain §14`): open roles are printed as ruled blanks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignOff {
    /// One line per version and role, newest version first.
    pub signatures: Vec<Signature>,
    /// The reason with which the reviewer signed in spite of an open point.
    pub override_reason: Option<String>,
}

/// One role in one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The version that was or is to be signed, `3`.
    pub version: String,
    /// `Prepared` or `Reviewed`.
    pub role: String,
    /// Who signed; `None` leaves a blank to sign on.
    pub signed: Option<Signed>,
    /// `open`, `signed`, `suspended 6 Jul 09:31`.
    pub state: String,
    /// What the signer wrote; may be empty.
    pub comment: String,
}

/// That somebody signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// Name and role, `Priya Raman, Controller`.
    pub by: String,
    /// When, in the zone of the signer.
    pub at: Zoned,
    /// How identity was proved, `passphrase, key 4f a1 09`.
    pub proved_by: String,
}

/// The paper that the print and the page set-up of the workbook are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 210 x 297 mm.
    A4,
    /// 8.5 x 11 inches.
    Letter,
}

/// Whether an address may be made a link: an absolute `https` or `http` address of visible ASCII.
pub(crate) fn leads_somewhere(url: &str) -> bool {
    let scheme = url.starts_with("https://") || url.starts_with("http://");
    scheme && url.len() <= URL_CHARS_MAX && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Longest address that a workbook may hold as a link.
const URL_CHARS_MAX: usize = 2_000;
