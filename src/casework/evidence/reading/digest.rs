//! Digests that captures bear, and what their bytes come to.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What a digest that a record bears comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It bears none, or one of a kind that is not known here.
    #[default]
    Unknown,
    Agrees,
    Differs,
}

impl Verdict {
    /// Both together: one that differs outweighs one that agrees.
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Differs, _) | (_, Self::Differs) => Self::Differs,
            (Self::Agrees, _) | (_, Self::Agrees) => Self::Agrees,
            _ => Self::Unknown,
        }
    }
}

/// A digest that was said, and what is reckoned to compare it with.
pub struct Sum {
    said: String,
    way: Way,
}

enum Way {
    Sha1(Sha1),
    Sha256(Sha256),
    None,
}

impl Sum {
    /// `said`: a word for the way, a colon, the digest.
    pub fn of(said: &str) -> Self {
        let (way, said) = said.split_once(':').unwrap_or(("", ""));
        let way = match way.trim().to_ascii_lowercase().as_str() {
            "sha1" | "sha-1" => Way::Sha1(Sha1::new()),
            "sha256" | "sha-256" => Way::Sha256(Sha256::new()),
            _ => Way::None,
        };
        Self { said: said.trim().to_owned(), way }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.way {
            Way::Sha1(hash) => hash.update(bytes),
            Way::Sha256(hash) => hash.update(bytes),
            Way::None => {}
        }
    }

    /// Digests are written in base 32 or in hexadecimal figures.
    pub fn verdict(self) -> Verdict {
        let found = match self.way {
            Way::Sha1(hash) => hash.finalize().to_vec(),
            Way::Sha256(hash) => hash.finalize().to_vec(),
            Way::None => return Verdict::Unknown,
        };
        let is_same = self.said.eq_ignore_ascii_case(&HEXLOWER.encode(&found))
            || self.said.trim_end_matches('=').eq_ignore_ascii_case(&BASE32_NOPAD.encode(&found));
        if is_same { Verdict::Agrees } else { Verdict::Differs }
    }
}

/// Whether a digest in this form is that of these bytes, already hashed by SHA-256.
pub fn is_sha256(said: &str, found: &[u8]) -> Option<bool> {
    let (way, said) = said.split_once(':')?;
    (way == "sha256").then(|| said.trim().eq_ignore_ascii_case(&HEXLOWER.encode(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(said: &str) -> Verdict {
        let mut sum = Sum::of(said);
        sum.update(b"hel");
        sum.update(b"lo");
        sum.verdict()
    }

    #[test]
    fn digests_are_compared_in_the_ways_they_are_written() {
        assert_eq!(verdict("sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"), Verdict::Agrees);
        let hex = HEXLOWER.encode(&Sha256::digest(b"hello"));
        assert_eq!(verdict(&format!("sha-256:{hex}")), Verdict::Agrees);
        assert_eq!(verdict("sha256:00"), Verdict::Differs);
        assert_eq!((verdict("md5:00"), verdict("")), (Verdict::Unknown, Verdict::Unknown));
        assert_eq!(is_sha256(&format!("sha256:{hex}"), &Sha256::digest(b"hello")), Some(true));
        assert_eq!(is_sha256("md5:00", b""), None);
        assert_eq!(Verdict::Agrees.with(Verdict::Differs), Verdict::Differs);
    }
}
