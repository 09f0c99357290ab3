//! Reads a printed report back: texts with their places, rules, links and fonts. Knows the PDF
//! format and nothing of how the report is laid out.
#![allow(dead_code)]

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};

/// A line of text as it is shown; lengths in points from the lower left corner.
#[derive(Clone, Debug)]
pub struct Shown {
    pub text: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub size: f64,
    pub font: String,
    /// Width of a closing bracket in this font and size.
    pub bracket: f64,
}

impl Shown {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Where the digits of a figure end: a closing bracket hangs over.
    pub fn digits_right(&self) -> f64 {
        if self.text.ends_with(')') { self.right() - self.bracket } else { self.right() }
    }
}

/// A horizontal rule.
#[derive(Clone, Copy, Debug)]
pub struct Ruled {
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub weight: f64,
    pub dashed: bool,
}

#[derive(Debug)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    pub texts: Vec<Shown>,
    pub rules: Vec<Ruled>,
    pub links: Vec<String>,
}

impl Page {
    pub fn text(&self) -> String {
        self.texts.iter().map(|shown| shown.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub fn has(&self, text: &str) -> bool {
        self.texts.iter().any(|shown| shown.text == text)
    }
}

struct Font {
    name: String,
    embedded: bool,
    widths: BTreeMap<u16, f64>,
    characters: BTreeMap<u16, char>,
}

pub struct Print {
    pub document: Document,
    pub pages: Vec<Page>,
    /// Name and whether a font program is embedded.
    pub fonts: Vec<(String, bool)>,
}

impl Print {
    pub fn read(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let mut names = BTreeMap::new();
        let mut pages = Vec::new();
        for id in document.get_pages().into_values() {
            let fonts = fonts(&document, id);
            for font in fonts.values() {
                names.insert(font.name.clone(), font.embedded);
            }
            pages.push(page(&document, id, &fonts));
        }
        Self { document, pages, fonts: names.into_iter().collect() }
    }

    pub fn text(&self) -> String {
        self.pages.iter().map(Page::text).collect::<Vec<_>>().join("\n")
    }

    pub fn catalog_has(&self, key: &str) -> bool {
        self.document.catalog().unwrap().has(key.as_bytes())
    }
}

fn number(object: &Object) -> f64 {
    f64::from(object.as_float().unwrap())
}

fn page(document: &Document, id: ObjectId, fonts: &BTreeMap<Vec<u8>, Font>) -> Page {
    let dictionary = document.get_dictionary(id).unwrap();
    let media = dictionary.get(b"MediaBox").unwrap().as_array().unwrap();
    let (width, height) = (number(&media[2]), number(&media[3]));
    let content = Content::decode(&document.get_page_content(id)).unwrap();
    let mut page = Page { width, height, texts: vec![], rules: vec![], links: vec![] };
    let (mut font, mut size, mut place) = (Vec::new(), 0.0, (0.0, 0.0));
    let (mut weight, mut dashed, mut from) = (1.0, false, (0.0, 0.0));
    for operation in &content.operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "Tf" => {
                font = operands[0].as_name().unwrap().to_vec();
                size = number(&operands[1]);
            }
            "Tm" => place = (number(&operands[4]), number(&operands[5])),
            "Td" => place = (number(&operands[0]), number(&operands[1])),
            "Tj" => {
                page.texts.push(shown(&fonts[&font], size, place, operands[0].as_str().unwrap()))
            }
            "TJ" => panic!("text is shown in one piece"),
            "w" => weight = number(&operands[0]),
            "d" => dashed = !operands[0].as_array().unwrap().is_empty(),
            "m" => from = (number(&operands[0]), number(&operands[1])),
            "l" => {
                let (x1, y) = (number(&operands[0]), number(&operands[1]));
                assert_eq!(from.1, y, "rules are horizontal");
                page.rules.push(Ruled { x0: from.0, x1, y, weight, dashed });
            }
            _ => {}
        }
    }
    page.links = links(document, dictionary);
    page
}

fn links(document: &Document, page: &Dictionary) -> Vec<String> {
    let annotations = page.get(b"Annots").unwrap().as_array().unwrap();
    let address = |annotation: &Object| {
        let annotation = document.dereference(annotation).unwrap().1.as_dict().unwrap();
        let action = annotation.get(b"A").unwrap().as_dict().unwrap();
        String::from_utf8(action.get(b"URI").unwrap().as_str().unwrap().to_vec()).unwrap()
    };
    annotations.iter().map(address).collect()
}

fn shown(font: &Font, size: f64, (x, y): (f64, f64), bytes: &[u8]) -> Shown {
    let codes = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (mut text, mut width) = (String::new(), 0.0);
    for code in codes {
        text.push(*font.characters.get(&code).unwrap_or_else(|| panic!("code {code} has no text")));
        width += font.widths[&code];
    }
    let bracket = font.characters.iter().find(|(_, sign)| **sign == ')');
    let bracket = bracket.map_or(0.0, |(code, _)| font.widths[code]);
    let points = |thousandths: f64| thousandths * size * 0.001;
    let (width, bracket) = (points(width), points(bracket));
    Shown { text, x, y, width, size, font: font.name.clone(), bracket }
}

fn fonts(document: &Document, page: ObjectId) -> BTreeMap<Vec<u8>, Font> {
    let fonts = document.get_page_fonts(page).unwrap();
    fonts.into_iter().map(|(key, font)| (key, read_font(document, font))).collect()
}

fn read_font(document: &Document, font: &Dictionary) -> Font {
    let follow = |object: &Object| document.dereference(object).unwrap().1.clone();
    let descendants = follow(font.get(b"DescendantFonts").unwrap());
    let descendant = follow(&descendants.as_array().unwrap()[0]);
    let descendant = descendant.as_dict().unwrap();
    let descriptor = follow(descendant.get(b"FontDescriptor").unwrap());
    let program = descriptor.as_dict().unwrap().get(b"FontFile2");
    let to_unicode = follow(font.get(b"ToUnicode").unwrap());
    let map = to_unicode.as_stream().unwrap().get_plain_content().unwrap();
    Font {
        name: String::from_utf8(font.get(b"BaseFont").unwrap().as_name().unwrap().to_vec())
            .unwrap(),
        embedded: program.is_ok_and(|program| {
            !follow(program).as_stream().unwrap().get_plain_content().unwrap().is_empty()
        }),
        widths: read_widths(&follow(descendant.get(b"W").unwrap())),
        characters: read_map(&String::from_utf8(map).unwrap()),
    }
}

/// `[first [w w w] first [w]]`
fn read_widths(object: &Object) -> BTreeMap<u16, f64> {
    let mut widths = BTreeMap::new();
    for pair in object.as_array().unwrap().chunks(2) {
        let first = u16::try_from(pair[0].as_i64().unwrap()).unwrap();
        for (code, width) in (first..).zip(pair[1].as_array().unwrap()) {
            widths.insert(code, number(width));
        }
    }
    widths
}

/// `<0003> <0041>` lines and `<0003> <0005> <0041>` ranges.
fn read_map(map: &str) -> BTreeMap<u16, char> {
    let mut characters = BTreeMap::new();
    let hex = |token: &str| u32::from_str_radix(token.trim_matches(['<', '>']), 16).unwrap();
    let mut range = false;
    for line in map.lines() {
        if line.contains("begincodespacerange") || line.contains("endbf") {
            range = false;
            continue;
        }
        if line.contains("beginbf") {
            range = line.contains("range");
            continue;
        }
        let tokens: Vec<&str> = line.split_whitespace().collect();
        if !tokens.iter().all(|token| token.starts_with('<')) {
            continue;
        }
        match tokens.as_slice() {
            [code, sign] if !range => {
                let code = u16::try_from(hex(code)).unwrap();
                characters.insert(code, char::from_u32(hex(sign)).unwrap());
            }
            [first, last, sign] => {
                for (offset, code) in (hex(first)..=hex(last)).enumerate() {
                    let sign = hex(sign) + u32::try_from(offset).unwrap();
                    characters.insert(u16::try_from(code).unwrap(), char::from_u32(sign).unwrap());
                }
            }
            _ => {}
        }
    }
    characters
}
