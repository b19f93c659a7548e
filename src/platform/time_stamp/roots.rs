//! The roots that the certificates of authorities must lead to.

use std::{fmt, path::Path};

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    error::ErrorStack,
    x509::{
        X509, X509PurposeId,
        store::{X509Store, X509StoreBuilder},
        verify::X509VerifyParam,
    },
};

use super::{Bad, Stamp};

/// `CMS_CADES`: the token must name its certificate in what is signed (ESS, RFC 5816), as RFC 3161 asks for.
const NAMES_ITS_CERTIFICATE: CMSOptions = CMSOptions::from_bits_retain(0x10_0000);

/// Level 1 of OpenSSL: 80 bits of security, of keys as of signatures, but for that of the root over itself.
const STRENGTH: i32 = 1;

/// A file of roots is never longer than a few certificates.
const LONGEST_FILE: u64 = 4 << 20;

/// Certificates that are trusted.
pub struct Roots(Vec<X509>);

/// Why a file gives no roots.
#[derive(Debug)]
pub struct NoRoots(String);

impl fmt::Display for NoRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoRoots {}

impl Roots {
    /// Reads a file of certificates (PEM), one after the other.
    ///
    /// # Errors
    /// The file can't be read, or holds none.
    pub fn read(file: &Path) -> Result<Self, NoRoots> {
        let failed = |why: &dyn fmt::Display| NoRoots(format!("{}: {why}", file.display()));
        let length = std::fs::metadata(file).map_err(|e| failed(&e))?.len();
        if length > LONGEST_FILE {
            return Err(failed(&"too long for a file of root certificates"));
        }
        let text = std::fs::read(file).map_err(|e| failed(&e))?;
        Self::of_pem(&text).ok_or_else(|| failed(&"no root certificates (PEM)"))
    }

    /// The certificates of a text; `None` where there are none, or one can't be read.
    pub fn of_pem(text: &[u8]) -> Option<Self> {
        let found = X509::stack_from_pem(text).ok()?;
        (!found.is_empty()).then_some(Self(found))
    }

    /// Holds the token of `stamp` against the roots: signed by a certificate for time stamps that it names itself, whose chain
    /// led to one of them at the time of the stamp, however long ago that is. Nothing in the chain may be signed over MD5 or
    /// SHA-1, or by a key that can be found out. Whether a certificate was called back is not looked at: lists of those are
    /// had from a network, and a package is checked without.
    ///
    /// # Errors
    /// `Untrusted`; `Unreadable`.
    pub fn trust(&self, token: &[u8], stamp: &Stamp) -> Result<(), Bad> {
        let mut signed = CmsContentInfo::from_der(token).map_err(|_| Bad::Unreadable)?;
        let store = self.at(stamp.time.micros().div_euclid(1_000_000)).map_err(|_| Bad::Untrusted)?;
        let options = CMSOptions::BINARY | NAMES_ITS_CERTIFICATE;
        signed.verify(None, Some(&store), None, None, options).map_err(|_| Bad::Untrusted)
    }

    /// `seconds`: since 1970.
    fn at(&self, seconds: i64) -> Result<X509Store, ErrorStack> {
        let mut param = X509VerifyParam::new()?;
        param.set_purpose(X509PurposeId::TIMESTAMP_SIGN)?;
        param.set_time(seconds);
        param.set_auth_level(STRENGTH);
        let mut store = X509StoreBuilder::new()?;
        store.set_param(&param)?;
        for root in &self.0 {
            store.add_cert(root.clone())?;
        }
        Ok(store.build())
    }
}
