use super::VaultError;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Both hashes and the size of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    pub sha256: [u8; 32],
    pub sm3: [u8; 32],
    pub size: u64,
}

/// SHA-256 of the bytes so far, with their count and their beginning.
#[derive(Default)]
pub(super) struct Tally {
    sha256: Sha256,
    size: u64,
    /// The first bytes, for the media type.
    pub head: Vec<u8>,
}

/// So many bytes are kept to tell the media type.
const HEAD: usize = 8 * 1024;

impl Tally {
    pub fn update(&mut self, piece: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..missing]);
        self.size += piece.len() as u64;
        self.sha256.update(piece);
    }

    pub fn finish(self, sm3: Sm3) -> Digests {
        Digests { sha256: self.sha256.finalize().into(), sm3: sm3.finalize().into(), size: self.size }
    }
}

/// Two pieces of work on one batch of bytes, side by side. SM3 is several times slower than all the rest, so it has a
/// thread of its own. Both take one batch at a time: no thread is held while a slow sender's bytes are awaited, so
/// many uploads can't block each other.
pub(super) struct Beside<T> {
    sm3: JoinHandle<Sm3>,
    rest: JoinHandle<Result<T, VaultError>>,
}

impl<T: Send + 'static> Beside<T> {
    pub fn start(
        mut sm3: Sm3,
        batch: Arc<Vec<u8>>,
        rest: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
    ) -> Self {
        let rest = spawn_blocking(rest);
        let sm3 = spawn_blocking(move || {
            sm3.update(batch.as_slice());
            sm3
        });
        Beside { sm3, rest }
    }

    /// Waits for both.
    pub async fn join(self) -> Result<(Sm3, T), VaultError> {
        let (sm3, rest) = tokio::join!(self.sm3, self.rest);
        let ended = |error: tokio::task::JoinError| VaultError::Unavailable(error.into());
        Ok((sm3.map_err(ended)?, rest.map_err(ended)??))
    }
}

/// The buffer of a batch that both have done with, empty, to be filled anew. (Nobody else has it then; if somebody had, the
/// next batch would take a new one.)
pub(super) fn emptied(batch: Arc<Vec<u8>>) -> Vec<u8> {
    let mut buffer = Arc::try_unwrap(batch).unwrap_or_default();
    buffer.clear();
    buffer
}
