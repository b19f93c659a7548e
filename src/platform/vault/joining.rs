//! Several objects as one file: an upload that came in pieces, put together. They are opened one after the other, and what is
//! read goes into the buffers that are hashed and encrypted, on the thread that reads it: no object is in memory as a whole.

use super::{
    Reader, Stored, Vault, VaultError, blocking,
    write::{BATCH, Writing},
};
use futures_util::{Stream, StreamExt};
use std::pin::Pin;
use uuid::Uuid;

/// An object that is a piece of a file.
#[derive(Clone, Debug)]
pub struct Section {
    pub key: Uuid,
    /// Its data key, wrapped by the master key.
    pub wrapped_key: Vec<u8>,
    /// Bytes of the file in it.
    pub size: u64,
}

/// A section that is being read.
struct Open {
    reader: Reader,
    key: Uuid,
    /// Bytes that are still to come.
    left: u64,
}

impl Open {
    /// Opens a section. Blocks.
    fn new(vault: &Vault, section: &Section) -> Result<Self, VaultError> {
        let whole = 0..section.size;
        let reader = Reader::open(vault, section.key, &section.wrapped_key, Some(&whole))?;
        if reader.size() < section.size {
            return Err(VaultError::Damaged(
                section.key,
                "it is shorter than the piece that was stored".into(),
            ));
        }
        Ok(Open { reader, key: section.key, left: section.size })
    }

    /// Reads on until the buffer is full or the section has ended. Blocks.
    fn read(mut self, mut buffer: Vec<u8>) -> Result<(Self, Vec<u8>), VaultError> {
        let room = (BATCH - buffer.len()) as u64;
        let most = room.min(self.left);
        let read = self.reader.fill(&mut buffer, most as usize)? as u64;
        if read < most {
            return Err(VaultError::Damaged(self.key, "it ends too early".into()));
        }
        self.left -= read;
        Ok((self, buffer))
    }
}

/// See [`Vault::join`].
pub(super) async fn join<S>(
    vault: &Vault,
    mut sections: Pin<&mut S>,
    name: &str,
) -> Result<Stored, VaultError>
where
    S: Stream<Item = Result<Section, VaultError>>,
{
    let mut writing = Writing::begin(vault, true).await?;
    let mut open = None;
    loop {
        match writing.batch(|buffer| read_on(vault, &mut sections, &mut open, buffer)).await {
            Ok(true) => {}
            Ok(false) => return writing.finish(vault, name).await,
            Err(error) => {
                writing.stop().await;
                return Err(error);
            }
        }
    }
}

/// Fills an empty buffer with the next batch, from as many sections as that takes; an empty one is the end.
async fn read_on<S>(
    vault: &Vault,
    sections: &mut Pin<&mut S>,
    open: &mut Option<Open>,
    mut buffer: Vec<u8>,
) -> Result<Vec<u8>, VaultError>
where
    S: Stream<Item = Result<Section, VaultError>>,
{
    while buffer.len() < BATCH {
        let one = match open.take() {
            Some(one) => one,
            None => {
                let Some(section) = sections.next().await.transpose()? else { break };
                let vault = vault.clone();
                blocking(move || Open::new(&vault, &section)).await?
            }
        };
        let (one, filled) = blocking(move || one.read(buffer)).await?;
        buffer = filled;
        *open = (one.left > 0).then_some(one);
    }
    Ok(buffer)
}
