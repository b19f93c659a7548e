//! Keys: the master key that wraps every other secret, and the signing key that stands behind seals and log heads.
//!
//! The master key is an age X25519 identity, so that `age` and `age-keygen` can make and use it too. It is kept outside
//! the database; whatever secret goes into the database (signing key, data keys of the evidence, second factors, keys
//! of identities) goes in wrapped: eight bytes of the master key's mark, then an age file. By the mark it is found, without
//! being opened, what still needs an older master key. A signing key follows another one only by a statement that both have
//! signed.

mod cosignature;
mod master;
mod signing;
mod source;
mod succession;

pub use cosignature::{Cosignature, Cosigner, Parted, WitnessKey, join, part};
pub use master::{MasterKey, UNMARKED};
pub use signing::{PublicKey, SigningKey};
pub use source::Source;
pub use succession::{Succession, follow};

use std::{io, path::PathBuf};

/// What can be wrong with a key. No variant carries secret text.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the master key setting must be file:PATH, env:NAME or command:CMD")]
    Setting,
    #[error("there is no master key at {0}")]
    Missing(String),
    #[error("there is no master key at {0}, but the database holds keys that it wraps: put it there")]
    Needed(String),
    #[error(
        "the master key {0} does not open the keys in the database: give the one that does, or, while it is being \
         changed, the one before it too (LEAD_HANDOFF_MASTER_KEY_PREVIOUS)"
    )]
    Strange(String),
    #[error(
        "a server runs that could not open what the master key {own} wraps, or wraps what could not be opened here. \
         Restart every server with the new key as LEAD_HANDOFF_MASTER_KEY_PREVIOUS first; only then each with it as \
         LEAD_HANDOFF_MASTER_KEY, and the one before as LEAD_HANDOFF_MASTER_KEY_PREVIOUS. A server that was killed is \
         forgotten after {seconds} seconds"
    )]
    Apart { own: String, seconds: i64 },
    #[error(
        "{servers} that could not open what the master key {own} wraps: give it to each beside the one before \
         (LEAD_HANDOFF_MASTER_KEY, LEAD_HANDOFF_MASTER_KEY_PREVIOUS) and restart it. One that was killed is forgotten after \
         {seconds} seconds. Nothing was changed"
    )]
    Unaware { servers: String, own: String, seconds: i64 },
    #[error("{path} is there already", path = .0.display())]
    There(PathBuf),
    #[error("{path} can be read by others (mode {mode:04o}); run: chmod 600 {path}", path = path.display())]
    Permissions { path: PathBuf, mode: u32 },
    #[error("{place} does not hold a master key: {why}")]
    Malformed { place: String, why: &'static str },
    #[error("the command for the master key {0}")]
    Command(String),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("this was wrapped with another master key")]
    OtherMaster,
    #[error("a wrapped key is damaged")]
    Damaged,
    #[error("a key name must not be empty, nor hold spaces or '+': {0:?}")]
    Name(String),
    #[error("not a public key: {0}")]
    PublicKey(&'static str),
    #[error("not a signed text: {0}")]
    Note(&'static str),
    #[error("the text is not signed by {0}")]
    NotSigned(String),
}
