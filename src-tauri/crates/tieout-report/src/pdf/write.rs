//! The finished document: fonts, metadata, outline, and an identity that follows from content.

use jiff::tz::TimeZone;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use printpdf::{PdfDocument, PdfFont, PdfSaveOptions, to_lopdf_doc};

use crate::canonical::canonical;
use crate::error::ReportError;
use crate::model::Report;
use crate::pdf::draw::{characters, font_id, page, points};
use crate::pdf::fingerprint;
use crate::pdf::layout::Page;
use crate::pdf::subset::cut;

/// Bytes of the document.
pub(crate) fn write(report: &Report, pages: &[Page]) -> Result<Vec<u8>, ReportError> {
    let mut print = PdfDocument::new(&report.title);
    for (face, used) in characters(pages) {
        let font = PdfFont::new(cut(face, &used)?);
        print.resources.fonts.map.insert(font_id(face), font);
    }
    print.pages = pages.iter().map(page).collect();
    let mut warnings = Vec::new();
    let mut document = to_lopdf_doc(&print, &PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(ReportError::Drawing(warning.msg.clone()));
    }
    document.version = "1.7".to_owned();
    describe(&mut document, report, pages);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(ReportError::Document)?;
    Ok(bytes)
}

/// Replaces what the print library takes from chance and clock by what follows from the report.
fn describe(document: &mut Document, report: &Report, pages: &[Page]) {
    let made = report.generated_at.with_time_zone(TimeZone::UTC);
    let made = made.strftime("D:%Y%m%d%H%M%SZ").to_string();
    let subject = format!("{}, {}, {}", report.legal_name, report.period, report.status);
    let mut properties = Dictionary::new();
    properties.set("Title", unicode(&format!("{} {}", report.title, report.id)));
    properties.set("Author", unicode(&report.legal_name));
    properties.set("Subject", unicode(&subject));
    properties.set("Keywords", unicode(&format!("run {}", report.run_id)));
    properties.set("Creator", unicode(&format!("Tieout {}", report.product_version)));
    properties.set("Producer", unicode("Tieout"));
    properties.set("CreationDate", Object::string_literal(made.as_str()));
    properties.set("ModDate", Object::string_literal(made.as_str()));
    let properties = document.add_object(properties);
    if let Ok(old) = document.trailer.get(b"Info").and_then(Object::as_reference) {
        document.objects.remove(&old);
    }
    document.trailer.set("Info", properties);

    let lasting = identity(&report.id);
    let version = identity(&format!("{made}{}{}", pages.len(), canonical(report)));
    document.trailer.set("ID", Object::Array(vec![lasting, version]));

    let outline = outline(document, pages);
    let mut view = Dictionary::new();
    view.set("DisplayDocTitle", true);
    if let Ok(catalog) = document.catalog_mut() {
        catalog.set("Lang", Object::string_literal("en"));
        catalog.set("ViewerPreferences", view);
        if let Some(outline) = outline {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", "UseOutlines");
        }
    }
}

/// Titles of the sections as an outline.
fn outline(document: &mut Document, pages: &[Page]) -> Option<ObjectId> {
    let targets = document.get_pages();
    let mut entries = Vec::new();
    for (number, page) in (1_u32..).zip(pages) {
        let Some(target) = targets.get(&number) else { continue };
        for (title, y) in &page.bookmarks {
            entries.push((title.clone(), *target, page.sheet.height - y));
        }
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| document.new_object_id()).collect();
    let (first, last) = (*ids.first()?, *ids.last()?);
    for (position, (title, target, y)) in entries.into_iter().enumerate() {
        let mut entry = Dictionary::new();
        entry.set("Title", unicode(&title));
        entry.set("Parent", root);
        let place = [Object::from(target), "XYZ".into(), Object::Null, points(y).0.into()];
        entry.set("Dest", place.into_iter().chain([Object::Null]).collect::<Vec<_>>());
        if let Some(previous) = position.checked_sub(1).and_then(|before| ids.get(before)) {
            entry.set("Prev", *previous);
        }
        if let Some(next) = ids.get(position + 1) {
            entry.set("Next", *next);
        }
        document.set_object(ids[position], entry);
    }
    let mut top = Dictionary::new();
    top.set("Type", "Outlines");
    top.set("First", first);
    top.set("Last", last);
    top.set("Count", i64::try_from(ids.len()).unwrap_or(i64::MAX));
    document.set_object(root, top);
    Some(root)
}

fn identity(text: &str) -> Object {
    let mut bytes = fingerprint(text.bytes()).to_be_bytes().to_vec();
    bytes.extend(fingerprint(text.bytes().rev()).to_be_bytes());
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// Text as UTF-16 with its mark, as metadata wants it.
fn unicode(text: &str) -> Object {
    let mark = [0xFE_u8, 0xFF];
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String(mark.into_iter().chain(units).collect(), StringFormat::Hexadecimal)
}
