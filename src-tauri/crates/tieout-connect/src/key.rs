//! The transaction key of an intent and the hash of a content (`finance-domain §6 R4`).

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use tieout_domain::effect::{Intent, TransactionKey};

/// Bytes of the digest that enter the key: 10 bytes are 16 characters of base32.
const KEY_DIGEST_BYTES: usize = 10;

/// The external id of an intended document: the same for every attempt, run and computer.
pub fn transaction_key(intent: &Intent) -> TransactionKey {
    let digest = Sha256::digest(intent.canonical_text().as_bytes());
    let base32 = BASE32_NOPAD.encode(&digest[..KEY_DIGEST_BYTES]);
    TransactionKey::from_digest(&base32).expect("ten bytes are sixteen characters of base32")
}

/// SHA-256 in lower-case hex of the canonical text of a content.
pub fn content_hash(canonical: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(canonical))
}

#[cfg(test)]
mod tests {
    use tieout_domain::effect::DocumentKind::{self, CreditMemo, Invoice};
    use tieout_domain::ids::{CrmOrgId, DealId, LedgerId};

    use super::*;

    #[track_caller]
    fn check(ledger: &str, kind: DocumentKind, sequence: u32, want: &str) {
        let intent = Intent {
            org: CrmOrgId::new("00DHs00000AbCdEMAV").unwrap(),
            ledger: LedgerId::new(ledger).unwrap(),
            deal: DealId::new("006Hs00001AsDfGIAV").unwrap(),
            kind,
            sequence,
        };
        assert_eq!(transaction_key(&intent).as_str(), want);
    }

    #[test]
    fn first_invoice() {
        check("xero:9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f", Invoice, 1, "TIE-YIO2VH22ILF65RQE");
    }

    #[test]
    fn second_invoice_of_the_deal() {
        check("xero:9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f", Invoice, 2, "TIE-GHM43UDXZQ5IYJ5Z");
    }

    #[test]
    fn same_deal_other_company() {
        check("qbo:9130347957983546", Invoice, 1, "TIE-4WIP5NPYZH6ZVQOB");
    }

    #[test]
    fn credit_memo() {
        check("qbo:9130347957983546", CreditMemo, 1, "TIE-4GX62ZFALZBTYGL6");
    }

    #[test]
    fn a_content_hash_is_sha256_in_hex() {
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(content_hash(b"abc"), want);
    }
}
