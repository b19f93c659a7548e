//! Trusted time stamps (RFC 3161, 可信时间戳): asking an authority for one (`request`, `authority`), reading a token and
//! holding it against its signature (`token`) and against the roots that are trusted (`roots`), and whose turn it is to
//! ask (`turns`). Values in, values out, but
//! for the one call over the network. ASN.1 is read and written by `der`, signatures and chains are checked by OpenSSL.

pub mod authority;
mod request;
mod roots;
mod token;
mod turns;

pub use authority::Authority;
pub use request::Request;
pub use roots::{NoRoots, Roots};
pub use token::{Stamp, granted, open, response};
pub use turns::Turns;

use std::fmt;

/// The most authorities that are asked, and stamps over one thing that a package carries.
pub const MOST: usize = 5;

/// Longest answer of an authority, and longest token, in bytes. Tokens with a chain of certificates take some 6,000.
pub const LONGEST: usize = 64 * 1024;

/// Why an answer or a token is none that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Not to be read as RFC 3161 has it.
    Unreadable,
    /// The authority gives no stamp; its status by RFC 3161.
    Refused(u8),
    /// It is over other bytes than it was asked for.
    Imprint,
    /// It answers another request.
    Nonce,
    /// The signature does not hold.
    Signature,
    /// The certificate is none for time stamps, or does not lead to a trusted root.
    Untrusted,
    /// Its time is far from ours.
    Time,
}

impl Bad {
    /// The code in the log: the message is `audit-reason-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "stamp-unreadable",
            Self::Refused(_) => "stamp-refused",
            Self::Imprint => "stamp-imprint",
            Self::Nonce => "stamp-nonce",
            Self::Signature => "stamp-signature",
            Self::Untrusted => "stamp-untrusted",
            Self::Time => "stamp-time",
        }
    }
}

impl Bad {
    /// Whether the next answer may be another one: its clock or ours may be put right, and what stands between may say
    /// something of its own.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreadable | Self::Refused(_) | Self::Time)
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("the answer is no time stamp"),
            Self::Refused(status) => write!(f, "the authority gives no time stamp (status {status})"),
            Self::Imprint => f.write_str("the time stamp is over other bytes than it was asked for"),
            Self::Nonce => f.write_str("the time stamp answers another request"),
            Self::Signature => f.write_str("the signature of the time stamp does not hold"),
            Self::Untrusted => f.write_str(
                "the certificate of the time stamp is not for that, or does not lead to a trusted root",
            ),
            Self::Time => f.write_str("the time of the time stamp is far from ours"),
        }
    }
}

impl std::error::Error for Bad {}

#[cfg(test)]
pub(crate) mod tests;
