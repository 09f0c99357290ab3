//! Ids: GUIDs that follow from a seed and a count, so that every run gives the same ones.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// An id in lower-case hexadecimal with hyphens.
pub type Guid = String;

/// The id of an element that was not created (`xero §4.1`).
pub const ZERO: &str = "00000000-0000-0000-0000-000000000000";

/// Gives out ids, each only once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guids {
    seed: String,
    made: u64,
}

impl Guids {
    pub fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), made: 0 }
    }

    pub fn next(&mut self) -> Guid {
        self.made += 1;
        of(&format!("{}|{}", self.seed, self.made))
    }
}

/// The id that belongs to a text.
pub fn of(text: &str) -> Guid {
    let digest = Sha256::digest(text);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]);
    format!("{a}-{b}-4{c}-8{d}-{e}")
}

/// A bit that follows from an id: for forms that vary without meaning.
pub fn coin(id: &str) -> bool {
    id.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) & 1 == 1
}

pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_guids_and_differ() {
        let mut guids = Guids::new("org");
        let (first, second) = (guids.next(), guids.next());
        assert!(is_guid(&first) && is_guid(&second) && first != second);
        assert_eq!(Guids::new("org").next(), first);
        assert!(is_guid(ZERO) && !is_guid("LIC-PRO"));
    }
}
