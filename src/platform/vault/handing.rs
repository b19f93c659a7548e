//! A stored file on its way to somebody else: opened, and encrypted to their keys while it is sent. Nothing of it lies
//! anywhere in between, and no thread waits for a slow line: each piece is made when the one before has left.

use super::{
    Reader, Vault, VaultError, blocking,
    read::{CHUNK, PIECE, TAG},
    upload::Parts,
};
use age::{stream::StreamWriter, x25519::Recipient};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use std::io::Write;
use uuid::Uuid;

/// A file encrypted to somebody's keys, as it is sent.
pub struct Handed {
    /// Bytes of the encrypted file.
    pub size: u64,
    pub bytes: BoxStream<'static, Result<Bytes, VaultError>>,
}

/// One file between the store and its receiver; moved to a blocking thread and back with each piece.
struct Lane {
    reader: Reader,
    cipher: StreamWriter<Parts>,
    /// What was encrypted and has not left yet: a few chunks at most.
    outbox: Parts,
    key: Uuid,
    /// Bytes of the file that are still to be read.
    left: u64,
}

impl Lane {
    /// Encrypts the next piece; the last one ends the file, and the lane. Of what was cut short no file is made that opens.
    fn go_on(mut self) -> Result<(Bytes, Option<Self>), VaultError> {
        let piece = self.reader.piece(PIECE)?;
        let read = piece.len() as u64;
        if read == 0 && self.left == 0 {
            let Self { cipher, outbox, .. } = self;
            cipher.finish().map_err(VaultError::from_write)?;
            return Ok((outbox.take_all(), None));
        }
        let Some(left) = self.left.checked_sub(read).filter(|_| read > 0) else {
            return Err(VaultError::Damaged(self.key, "it has not the length that was stored".into()));
        };
        self.left = left;
        self.cipher.write_all(&piece).map_err(VaultError::from_write)?;
        Ok((self.outbox.take_all(), Some(self)))
    }
}

/// See [`Vault::hand_over`].
pub(super) async fn hand_over(
    vault: Vault,
    key: Uuid,
    wrapped_key: Vec<u8>,
    size: u64,
    recipients: Vec<Recipient>,
) -> Result<Handed, VaultError> {
    let opened = blocking(move || {
        let reader = vault.open_object(key, &wrapped_key)?;
        if reader.size() != size {
            return Err(VaultError::Damaged(key, "it has not the length that was stored".into()));
        }
        let keys = recipients.iter().map(|one| one as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(keys).map_err(VaultError::from_write)?;
        let outbox = Parts::default();
        let cipher = encryptor.wrap_output(outbox.clone()).map_err(VaultError::from_write)?;
        // The header with the nonce after it: how long that is nobody knows before, as age adds a stanza that says nothing.
        let head = outbox.take_all();
        let lane = Lane { reader, cipher, outbox, key, left: size };
        // A missing or damaged object is known before an answer begins.
        let (first, lane) = lane.go_on()?;
        Ok((head, first, lane))
    });
    let (head, first, lane) = opened.await?;
    let encrypted = head.len() as u64 + size + size.div_ceil(CHUNK).max(1) * TAG;
    let rest = futures_util::stream::try_unfold(lane, |lane| async move {
        let Some(lane) = lane else { return Ok(None) };
        let (piece, lane) = blocking(move || lane.go_on()).await?;
        Ok(Some((piece, lane)))
    });
    let begun = futures_util::stream::iter([Ok(head), Ok(first)]);
    Ok(Handed { size: encrypted, bytes: begun.chain(rest).boxed() })
}
