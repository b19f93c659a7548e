//! The checksum that a client sends along with bytes: `Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`. It guards
//! the way here and is forgotten; what an item is known by are the hashes that are made when it is registered.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The ways that are known, as the protocol lists them.
pub const KNOWN: &str = "sha256,sha1,md5";

enum Way {
    Sha256(Sha256),
    Sha1(Sha1),
    Md5(Md5),
}

/// What the bytes of one request should come to, and what they have come to so far.
pub struct Checksum {
    way: Way,
    wanted: Vec<u8>,
}

impl Checksum {
    /// Reads the header; nothing for a way that is not known, or what is no checksum.
    pub fn read(header: &str) -> Option<Self> {
        let (name, value) = header.trim().split_once(' ')?;
        let way = match name.to_ascii_lowercase().as_str() {
            "sha256" => Way::Sha256(Sha256::new()),
            "sha1" => Way::Sha1(Sha1::new()),
            "md5" => Way::Md5(Md5::new()),
            _ => return None,
        };
        let wanted = data_encoding::BASE64.decode(value.trim().as_bytes()).ok()?;
        Some(Self { way, wanted })
    }

    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.way {
            Way::Sha256(hash) => hash.update(bytes),
            Way::Sha1(hash) => hash.update(bytes),
            Way::Md5(hash) => hash.update(bytes),
        }
    }

    /// Whether the bytes are those that were sent.
    pub fn holds(self) -> bool {
        let found = match self.way {
            Way::Sha256(hash) => hash.finalize().to_vec(),
            Way::Sha1(hash) => hash.finalize().to_vec(),
            Way::Md5(hash) => hash.finalize().to_vec(),
        };
        found == self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(header: &str, bytes: &[u8]) -> bool {
        let mut checksum = Checksum::read(header).expect("a checksum");
        bytes.chunks(2).for_each(|piece| checksum.update(piece));
        checksum.holds()
    }

    #[test]
    fn a_checksum_holds_for_its_bytes_alone() {
        for header in [
            "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
            "md5 kAFQmDzST7DWlj99KOF/cg==",
            "SHA256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ] {
            assert!(holds(header, b"abc"), "{header}");
            assert!(!holds(header, b"abd"), "{header}");
        }
        for wrong in ["", "sha1", "crc32 AAAA", "sha1 ***"] {
            assert!(Checksum::read(wrong).is_none(), "{wrong}");
        }
        for way in KNOWN.split(',') {
            assert!(Checksum::read(&format!("{way} AAAA")).is_some(), "{way}");
        }
    }
}
