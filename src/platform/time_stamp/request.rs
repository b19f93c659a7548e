//! What an authority is asked (`TimeStampReq`), and holding its answer against that.

use der::{
    Encode, Sequence,
    asn1::{AnyRef, IntRef, OctetStringRef},
};
use rand::{RngCore, rngs::OsRng};
use spki::AlgorithmIdentifierRef;

use super::{
    Bad, Roots, Stamp, granted, open,
    token::{Imprint, SHA_256},
};
use crate::platform::{
    db::Instant,
    error::{AppError, Result},
};

/// An authority's clock and ours may differ by so many seconds, with the way of the answer.
const APART: i64 = 300;

/// `TimeStampReq` (RFC 3161, 2.4.1), without a policy of our own: the authority's is taken.
#[derive(Sequence)]
struct TimeStampReq<'a> {
    version: u8,
    message_imprint: Imprint<'a>,
    nonce: IntRef<'a>,
    cert_req: bool,
}

/// A question that is asked once.
pub struct Request {
    pub(super) imprint: [u8; 32],
    pub(super) nonce: [u8; 8],
    /// As it is sent.
    pub bytes: Vec<u8>,
}

impl Request {
    /// Asks for a stamp over the bytes with this SHA-256.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn new(imprint: [u8; 32]) -> Result<Self> {
        let mut nonce = [0; 8];
        OsRng.fill_bytes(&mut nonce);
        // A positive number of eight bytes, in the one form that it has.
        nonce[0] = (nonce[0] & 0x3f) | 0x40;
        let bytes = Self::written(&imprint, &nonce).map_err(|e| AppError::internal(e.to_string()))?;
        Ok(Self { imprint, nonce, bytes })
    }

    fn written(imprint: &[u8; 32], nonce: &[u8; 8]) -> der::Result<Vec<u8>> {
        TimeStampReq {
            version: 1,
            message_imprint: Imprint {
                algorithm: AlgorithmIdentifierRef { oid: SHA_256, parameters: Some(AnyRef::NULL) },
                hash: OctetStringRef::new(imprint)?,
            },
            nonce: IntRef::new(nonce)?,
            cert_req: true,
        }
        .to_der()
    }

    /// The stamp that an answer brings and the bytes of its token, if it is what was asked for and trusted. `now` is when it
    /// came.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn accept<'a>(
        &self,
        answer: &'a [u8],
        roots: &Roots,
        now: Instant,
    ) -> Result<(Stamp, &'a [u8]), Bad> {
        let token = granted(answer)?;
        let stamp = open(token)?;
        if stamp.imprint != self.imprint {
            return Err(Bad::Imprint);
        }
        if stamp.nonce != self.nonce {
            return Err(Bad::Nonce);
        }
        roots.trust(token, &stamp)?;
        if stamp.time.seconds_since(now).abs() > APART {
            return Err(Bad::Time);
        }
        Ok((stamp, token))
    }
}
