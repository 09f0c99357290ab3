//! The passphrase file: how the passphrase is stretched, and the workspace key sealed under it.
//!
//! Layout: magic, format byte, Argon2 memory, passes and lanes as little-endian u32, 16 bytes salt,
//! the sealed key, and the first 8 bytes of the SHA-256 of all that. The checksum tells damage from
//! a wrong passphrase; the seal, which binds everything before it, is what proves the passphrase.

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::key::{KEY_BYTES, SubKey, WorkspaceKey};
use crate::seal::{SEALED_OVERHEAD_BYTES, open_bound, seal_bound};
use crate::source::Entropy;

const MAGIC: &[u8; 8] = b"TIEOUTPW";
const FORMAT: u8 = 1;
const SALT_BYTES: usize = 16;
const SEALED_BYTES: usize = KEY_BYTES + SEALED_OVERHEAD_BYTES;
const CHECKSUM_BYTES: usize = 8;
/// Magic, format, three numbers, salt.
const PREFIX_BYTES: usize = 8 + 1 + 12 + SALT_BYTES;
const HEADER_BYTES: usize = PREFIX_BYTES + SEALED_BYTES + CHECKSUM_BYTES;

/// A file from elsewhere must not make us allocate or compute without end.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 16;

/// What stretching a passphrase costs, for us and for an attacker alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Parts of it that are worked on side by side.
    pub lanes: u32,
}

impl Argon2Cost {
    /// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes.
    pub const RECOMMENDED: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// The least that Argon2 accepts: for tests, where no secret is worth protecting.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };

    fn params(self) -> Option<Params> {
        let within = self.memory_kib <= MEMORY_KIB_MAX
            && self.passes <= PASSES_MAX
            && self.lanes <= LANES_MAX;
        within
            .then(|| Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_BYTES)).ok())
            .flatten()
    }
}

/// Seals a workspace key under a passphrase with a new salt.
pub(crate) fn write(
    key: &WorkspaceKey,
    passphrase: &str,
    cost: Argon2Cost,
    entropy: Entropy<'_>,
) -> Result<Vec<u8>, VaultError> {
    let mut salt = [0; SALT_BYTES];
    entropy(&mut salt)?;
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(MAGIC);
    header.push(FORMAT);
    for number in [cost.memory_kib, cost.passes, cost.lanes] {
        header.extend_from_slice(&number.to_le_bytes());
    }
    header.extend_from_slice(&salt);
    let wrapping = stretch(passphrase, &salt, cost)?;
    let sealed = seal_bound(&wrapping, &header, key.as_bytes(), entropy)?;
    header.extend_from_slice(&sealed);
    header.extend_from_slice(&checksum(&header));
    Ok(header)
}

/// Opens the workspace key. Damage, a later format and a wrong passphrase are different errors.
pub(crate) fn read(header: &[u8], passphrase: &str) -> Result<WorkspaceKey, VaultError> {
    let after_magic = header.strip_prefix(MAGIC).ok_or(VaultError::HeaderDamaged)?;
    match after_magic.first() {
        Some(&FORMAT) => {}
        Some(&later) if later > FORMAT => return Err(VaultError::HeaderUnknown(later)),
        _ => return Err(VaultError::HeaderDamaged),
    }
    if header.len() != HEADER_BYTES {
        return Err(VaultError::HeaderDamaged);
    }
    let (body, check) = header.split_at(HEADER_BYTES - CHECKSUM_BYTES);
    if checksum(body) != check {
        return Err(VaultError::HeaderDamaged);
    }
    let (prefix, sealed) = body.split_at(PREFIX_BYTES);
    let (numbers, salt) = prefix[MAGIC.len() + 1..].split_at(12);
    let cost = Argon2Cost {
        memory_kib: number(numbers, 0),
        passes: number(numbers, 4),
        lanes: number(numbers, 8),
    };
    let wrapping = stretch(passphrase, salt, cost)?;
    let key = open_bound(&wrapping, prefix, sealed).map_err(|_| VaultError::WrongPassphrase)?;
    WorkspaceKey::from_slice(&key).ok_or(VaultError::HeaderDamaged)
}

fn stretch(passphrase: &str, salt: &[u8], cost: Argon2Cost) -> Result<SubKey, VaultError> {
    let params = cost.params().ok_or(VaultError::HeaderDamaged)?;
    let mut wrapping = Zeroizing::new([0; KEY_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, wrapping.as_mut_slice())
        .map_err(|error| VaultError::Stretching(error.into()))?;
    Ok(SubKey::from_bytes(*wrapping))
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::digest(bytes);
    let mut check = [0; CHECKSUM_BYTES];
    check.copy_from_slice(&digest[..CHECKSUM_BYTES]);
    check
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes[at..at + 4].try_into().expect("the slice is four bytes long");
    u32::from_le_bytes(four)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::system_entropy;

    fn header() -> Vec<u8> {
        let key = WorkspaceKey::from_slice(&[5; KEY_BYTES]).expect("32 bytes");
        write(&key, "correct horse", Argon2Cost::LEAST, &system_entropy).unwrap()
    }

    /// Rewrites the checksum, as somebody would who wants the file to be believed.
    fn signed(mut header: Vec<u8>) -> Vec<u8> {
        let body = header.len() - CHECKSUM_BYTES;
        let check = checksum(&header[..body]);
        header[body..].copy_from_slice(&check);
        header
    }

    #[test]
    fn the_passphrase_opens_the_key() {
        assert_eq!(read(&header(), "correct horse").unwrap().as_bytes(), &[5; KEY_BYTES]);
    }

    #[test]
    fn a_wrong_passphrase_is_named() {
        assert!(matches!(read(&header(), "correct hors"), Err(VaultError::WrongPassphrase)));
    }

    #[test]
    fn no_changed_byte_is_taken_for_a_wrong_passphrase() {
        for place in 0..HEADER_BYTES {
            let mut changed = header();
            changed[place] ^= 0x80;
            let read = read(&changed, "correct horse");
            let refused =
                matches!(read, Err(VaultError::HeaderDamaged | VaultError::HeaderUnknown(_)));
            assert!(refused, "byte {place}: {read:?}");
        }
    }

    #[test]
    fn a_shortened_file_is_damaged() {
        for length in 0..HEADER_BYTES {
            let read = read(&header()[..length], "correct horse");
            assert!(matches!(read, Err(VaultError::HeaderDamaged)), "{length}: {read:?}");
        }
    }

    #[test]
    fn a_weaker_cost_cannot_be_slipped_in() {
        let key = WorkspaceKey::from_slice(&[5; KEY_BYTES]).expect("32 bytes");
        let strong = Argon2Cost { memory_kib: 16, passes: 2, lanes: 1 };
        let mut header = write(&key, "correct horse", strong, &system_entropy).unwrap();
        header[9..13].copy_from_slice(&8_u32.to_le_bytes());
        let read = read(&signed(header), "correct horse");
        assert!(matches!(read, Err(VaultError::WrongPassphrase)), "{read:?}");
    }

    #[test]
    fn a_cost_without_end_is_refused_before_it_is_paid() {
        let mut header = header();
        header[9..13].copy_from_slice(&u32::MAX.to_le_bytes());
        let read = read(&signed(header), "correct horse");
        assert!(matches!(read, Err(VaultError::HeaderDamaged)), "{read:?}");
    }

    #[test]
    fn a_later_format_is_named() {
        let mut later = header();
        later[8] = FORMAT + 1;
        assert!(matches!(read(&later, "correct horse"), Err(VaultError::HeaderUnknown(2))));
    }
}
