//! Looks for many texts in many bytes at once: what a workspace must not hold, in all its files.

use std::collections::{BTreeMap, BTreeSet};

/// Bytes that are compared first.
const GRAM: usize = 4;
/// Only every so-manieth place is looked at: a text is long enough to cover one of them with its
/// first so many grams.
const STRIDE: usize = 8;
/// A shorter text could lie between two places.
const TEXT_LENGTH_MIN: usize = STRIDE + GRAM - 1;
/// Bits of the first look.
const HASH_BITS: u32 = 16;

/// Texts to look for, and where in each a gram lies.
pub struct Planted {
    texts: Vec<Vec<u8>>,
    known: Vec<bool>,
    grams: BTreeMap<[u8; GRAM], Vec<(usize, usize)>>,
}

impl Planted {
    pub fn new(texts: &BTreeSet<String>) -> Self {
        let texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        let mut known = vec![false; 1 << HASH_BITS];
        let mut grams: BTreeMap<[u8; GRAM], Vec<(usize, usize)>> = BTreeMap::new();
        for (which, text) in texts.iter().enumerate() {
            assert!(text.len() >= TEXT_LENGTH_MIN, "a text is too short to be looked for");
            for at in 0..STRIDE {
                let gram = gram_at(text, at);
                known[hash(gram)] = true;
                grams.entry(gram).or_default().push((which, at));
            }
        }
        Self { texts, known, grams }
    }

    /// Whether any of the texts stands there.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let places = (0..bytes.len().saturating_sub(GRAM - 1)).step_by(STRIDE);
        let mut likely = places.filter(|at| self.known[hash(gram_at(bytes, *at))]);
        likely.any(|at| self.stands_around(bytes, at))
    }

    fn stands_around(&self, bytes: &[u8], at: usize) -> bool {
        let named = self.grams.get(&gram_at(bytes, at)).map_or(&[][..], Vec::as_slice);
        named.iter().any(|(which, inside)| {
            let begins = at.checked_sub(*inside).and_then(|from| bytes.get(from..));
            begins.is_some_and(|rest| rest.starts_with(&self.texts[*which]))
        })
    }
}

fn gram_at(bytes: &[u8], at: usize) -> [u8; GRAM] {
    [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
}

/// Fibonacci hashing.
fn hash(gram: [u8; GRAM]) -> usize {
    let mixed = u32::from_le_bytes(gram).wrapping_mul(0x9E37_79B9) >> (u32::BITS - HASH_BITS);
    usize::try_from(mixed).unwrap()
}

#[test]
fn a_text_is_found_wherever_it_lies() {
    let text = "Harrow Creek";
    let planted = Planted::new(&BTreeSet::from([text.to_owned(), "Osprey Foods".to_owned()]));
    for before in 0..40 {
        for after in 0..12 {
            let lies = format!("{}{text}{}", "r".repeat(before), "k".repeat(after));
            assert!(planted.is_in(lies.as_bytes()), "{lies}");
            assert!(!planted.is_in(&lies.as_bytes()[before + 1..]), "{lies}");
        }
    }
}
