//! The transaction key, worked out on this side as well (`finance-domain §6 R4`).

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Bytes of the digest that go into the key: 16 characters.
const DIGEST_BYTES: usize = 10;

/// `TIE-` and 16 characters. `ledger` is `qbo:` and the realm; `kind` is `invoice` or
/// `credit_memo`; `sequence` counts from 1.
pub fn transaction_key(
    org: &str,
    ledger: &str,
    opportunity: &str,
    kind: &str,
    sequence: u32,
) -> String {
    let text = format!("{org}|{ledger}|{opportunity}|{kind}|{sequence}");
    let digest = Sha256::digest(text.as_bytes());
    format!("TIE-{}", base32(&digest[..DIGEST_BYTES]))
}

/// RFC 4648 without padding; the input is a multiple of five bytes.
fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(5) {
        let bits = group.iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let places = (0..group.len() * 8).step_by(5).map(|from| group.len() * 8 - 5 - from);
        out.extend(places.map(|shift| char::from(ALPHABET[(bits >> shift) as usize & 31])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ledger: &str, kind: &str, sequence: u32, expected: &str) {
        let (org, deal) = ("00DHs00000AbCdEMAV", "006Hs00001AsDfGIAV");
        assert_eq!(transaction_key(org, ledger, deal, kind, sequence), expected);
    }

    #[test]
    fn keys_are_those_of_the_reference() {
        let xero = "xero:9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f";
        check(xero, "invoice", 1, "TIE-YIO2VH22ILF65RQE");
        check(xero, "invoice", 2, "TIE-GHM43UDXZQ5IYJ5Z");
        check("qbo:9130347957983546", "invoice", 1, "TIE-4WIP5NPYZH6ZVQOB");
        check("qbo:9130347957983546", "credit_memo", 1, "TIE-4GX62ZFALZBTYGL6");
    }
}
