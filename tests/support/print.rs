//! Reads a printed report back as lines of text per page.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

/// What a font's codes stand for.
type Characters = BTreeMap<u16, char>;

/// The text of every page, one line per text that is shown.
pub fn pages(bytes: &[u8]) -> Vec<String> {
    let document = Document::load_mem(bytes).expect("the report is a PDF");
    let ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    ids.into_iter().map(|id| page(&document, id)).collect()
}

fn page(document: &Document, id: ObjectId) -> String {
    let fonts = document.get_page_fonts(id).expect("a page names its fonts");
    let fonts: BTreeMap<Vec<u8>, Characters> =
        fonts.into_iter().map(|(name, font)| (name, characters(document, font))).collect();
    let content = Content::decode(&document.get_page_content(id)).expect("a page has content");
    let (mut font, mut lines) = (Vec::new(), Vec::new());
    for operation in &content.operations {
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("Tf", [name, ..]) => font = name.as_name().expect("a font has a name").to_vec(),
            ("Tj", [shown]) => {
                let codes = shown.as_str().expect("text is shown as codes");
                lines.push(line(&fonts[&font], codes));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

fn line(font: &Characters, codes: &[u8]) -> String {
    let codes = codes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    codes.map(|code| font.get(&code).copied().expect("every code has a character")).collect()
}

fn characters(document: &Document, font: &Dictionary) -> Characters {
    let map = font.get(b"ToUnicode").and_then(Object::as_reference);
    let map = map.and_then(|id| document.get_object(id)).and_then(Object::as_stream);
    let map = map.and_then(|stream| stream.get_plain_content()).expect("a font has a map to text");
    read_map(&String::from_utf8(map).expect("the map is text"))
}

/// `<0003> <0041>` lines and `<0003> <0005> <0041>` ranges.
fn read_map(map: &str) -> Characters {
    let mut found = Characters::new();
    let mut inside = "";
    for line in map.lines() {
        for word in ["beginbfchar", "beginbfrange", "begincodespacerange"] {
            if line.contains(word) {
                inside = word;
            }
        }
        let numbers: Vec<u32> = line
            .split_whitespace()
            .filter_map(|token| token.strip_prefix('<')?.strip_suffix('>'))
            .filter_map(|hex| u32::from_str_radix(hex, 16).ok())
            .collect();
        match (inside, numbers.as_slice()) {
            ("beginbfchar", [code, sign]) => put(&mut found, *code, *sign),
            ("beginbfrange", [first, last, sign]) => {
                for code in *first..=*last {
                    put(&mut found, code, sign + (code - first));
                }
            }
            _ => {}
        }
    }
    found
}

fn put(found: &mut Characters, code: u32, sign: u32) {
    let code = u16::try_from(code).expect("codes have two bytes");
    found.insert(code, char::from_u32(sign).expect("a code stands for a character"));
}
