//! Sealing: XChaCha20-Poly1305 with a random nonce and the purpose bound in.
//!
//! Layout: format byte, 24 bytes nonce, ciphertext, 16 bytes tag. The format byte and the context
//! are associated bytes, so neither can be changed or exchanged.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::SubKey;
use crate::source::Entropy;

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// How much longer sealed bytes are than their plaintext.
pub const SEALED_OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// Seals bytes for one purpose. `context` names the purpose and the record (`grant/qbo:123`); the
/// same text is needed to open. The nonce is 24 random bytes, so it is not counted.
pub fn seal(
    key: &SubKey,
    context: &str,
    plaintext: &[u8],
    entropy: Entropy<'_>,
) -> Result<Vec<u8>, VaultError> {
    seal_bound(key, context.as_bytes(), plaintext, entropy)
}

/// Opens what `seal` made with the same key and context. The plaintext is wiped when dropped.
pub fn open(key: &SubKey, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    open_bound(key, context.as_bytes(), sealed)
}

pub(crate) fn seal_bound(
    key: &SubKey,
    context: &[u8],
    plaintext: &[u8],
    entropy: Entropy<'_>,
) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_BYTES];
    entropy(&mut nonce)?;
    let ciphertext = cipher(key)
        .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: &associated(context) })
        .expect("a plaintext in memory is below the cipher's limit of 256 GiB");
    Ok([&[FORMAT], nonce.as_slice(), &ciphertext].concat())
}

pub(crate) fn open_bound(
    key: &SubKey,
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (format, rest) = sealed.split_first().ok_or(VaultError::NotOpened)?;
    if *format != FORMAT {
        return Err(VaultError::SealUnknown(*format));
    }
    let (nonce, ciphertext) =
        rest.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::NotOpened)?;
    cipher(key)
        .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: &associated(context) })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::NotOpened)
}

fn cipher(key: &SubKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.as_bytes().into())
}

fn associated(context: &[u8]) -> Vec<u8> {
    [&[FORMAT], context].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::system_entropy;

    const KEY: [u8; 32] = [3; 32];

    fn sealed() -> Vec<u8> {
        seal(&SubKey::from_bytes(KEY), "grant/one", b"refresh", &system_entropy).unwrap()
    }

    #[track_caller]
    fn check_refused(key: [u8; 32], context: &str, bytes: &[u8]) {
        let opened = open(&SubKey::from_bytes(key), context, bytes);
        assert!(matches!(opened, Err(VaultError::NotOpened)), "{opened:?}");
    }

    #[test]
    fn the_same_key_and_context_open() {
        let opened = open(&SubKey::from_bytes(KEY), "grant/one", &sealed()).unwrap();
        assert_eq!(opened.as_slice(), b"refresh");
    }

    #[test]
    fn another_key_does_not_open() {
        check_refused([4; 32], "grant/one", &sealed());
    }

    #[test]
    fn another_context_does_not_open() {
        check_refused(KEY, "grant/two", &sealed());
    }

    #[test]
    fn no_changed_byte_opens() {
        let good = sealed();
        for place in 1..good.len() {
            let mut changed = good.clone();
            changed[place] ^= 1;
            check_refused(KEY, "grant/one", &changed);
        }
    }

    #[test]
    fn no_shortened_bytes_open() {
        let good = sealed();
        for length in 1..good.len() {
            check_refused(KEY, "grant/one", &good[..length]);
        }
        check_refused(KEY, "grant/one", b"");
    }

    #[test]
    fn a_later_format_is_named() {
        let mut later = sealed();
        later[0] = 9;
        let opened = open(&SubKey::from_bytes(KEY), "grant/one", &later);
        assert!(matches!(opened, Err(VaultError::SealUnknown(9))));
    }

    #[test]
    fn sealing_twice_gives_different_bytes_of_the_stated_length() {
        assert_ne!(sealed(), sealed());
        assert_eq!(sealed().len(), b"refresh".len() + SEALED_OVERHEAD_BYTES);
    }

    #[test]
    fn nothing_is_sealed_without_random_bytes() {
        let broken = |_: &mut [u8]| Err(VaultError::NoEntropy("none".into()));
        let sealed = seal(&SubKey::from_bytes(KEY), "grant/one", b"refresh", &broken);
        assert!(matches!(sealed, Err(VaultError::NoEntropy(_))));
    }
}
