use super::{
    Digests, Place, Section, Stored, Unclaimed, Vault, VaultError, blocking,
    hash::Tally,
    lines::{Buffers, Line},
    local::Draft,
    media_type,
    upload::{Parts, Upload},
};
use age::{secrecy::ExposeSecret, stream::StreamWriter};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sm3::{Digest as _, Sm3};
use std::{
    io::{self, Write},
    mem,
    pin::Pin,
    sync::Arc,
};
use uuid::Uuid;

/// Bytes are worked on in batches of this size, in few buffers that take turns: one is filled while others are hashed and
/// encrypted. What comes is copied into them, so that it is let go of where it was made; kept as it came, small pieces
/// would hold the whole buffers of the network that they lie in, and be let go of by other threads.
pub(super) const BATCH: usize = 256 * 1024;

/// Where the encrypted bytes go.
enum Sink {
    Local(Draft),
    Remote(Parts),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Local(draft) => draft.write(bytes),
            Sink::Remote(parts) => parts.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Local(draft) => draft.flush(),
            Sink::Remote(parts) => parts.flush(),
        }
    }
}

/// SHA-256 and encryption of one file.
struct Lane {
    /// None for what is only a part of a file: its hash tells nothing.
    tally: Option<Tally>,
    size: u64,
    cipher: StreamWriter<Sink>,
}

impl Lane {
    fn begin(sink: Sink, recipient: &age::x25519::Recipient, hashes: bool) -> Result<Self, VaultError> {
        let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient as &dyn age::Recipient))
            .map_err(VaultError::from_write)?;
        let cipher = encryptor.wrap_output(sink).map_err(VaultError::from_write)?;
        Ok(Lane { tally: hashes.then(Tally::default), size: 0, cipher })
    }

    fn take(&mut self, batch: &[u8]) -> Result<(), VaultError> {
        if let Some(tally) = &mut self.tally {
            tally.update(batch);
        }
        self.size += batch.len() as u64;
        self.cipher.write_all(batch).map_err(VaultError::from_write)
    }
}

/// An object that is being written. Dropped, it leaves nothing; [`Self::stop`] waits for that.
pub(super) struct Writing {
    key: Uuid,
    wrapped_key: Vec<u8>,
    buffers: Buffers,
    lane: Line<Lane>,
    /// As [`Lane::tally`].
    sm3: Option<Line<Sm3>>,
    upload: Option<Upload>,
}

/// An object that is written.
struct Written {
    key: Uuid,
    wrapped_key: Vec<u8>,
    size: u64,
    hashed: Option<(Tally, Sm3)>,
}

impl Writing {
    /// Begins an object under a key of its own. `hashes`: whether it is a file of its own, of which the hashes are wanted.
    pub async fn begin(vault: &Vault, hashes: bool) -> Result<Self, VaultError> {
        let key = Uuid::now_v7();
        let data_key = age::x25519::Identity::generate();
        let wrapped_key = vault.master.wrap(data_key.to_string().expose_secret().as_bytes())?;
        let recipient = data_key.to_public();
        let (sink, upload) = open_sink(&vault.place, key).await?;
        let lane = Line::new(blocking(move || Lane::begin(sink, &recipient, hashes)).await?, Lane::take);
        let sm3 = hashes.then(|| {
            Line::new(Sm3::default(), |sm3: &mut Sm3, batch: &[u8]| {
                sm3.update(batch);
                Ok(())
            })
        });
        Ok(Writing { key, wrapped_key, buffers: Buffers::new(), lane, sm3, upload })
    }

    /// Hands a batch of at most [`BATCH`] bytes to the threads that hash and encrypt, as soon as there is a buffer for it:
    /// `fill` puts it in. False when it put nothing in, which is the end.
    pub async fn batch<F>(&mut self, fill: impl FnOnce(Vec<u8>) -> F) -> Result<bool, VaultError>
    where
        F: Future<Output = Result<Vec<u8>, VaultError>>,
    {
        let mut buffer = self.buffers.next().await?;
        buffer.bytes = fill(mem::take(&mut buffer.bytes)).await?;
        if buffer.bytes.is_empty() {
            return Ok(false);
        }
        let batch = Arc::new(buffer);
        self.lane.push(Arc::clone(&batch))?;
        if let Some(sm3) = &mut self.sm3 {
            sm3.push(batch)?;
        }
        if let Some(upload) = &mut self.upload {
            upload.send_full_parts().await?;
        }
        Ok(true)
    }

    /// Gives the object up: when it returns, nothing is left of it.
    pub async fn stop(self) {
        let Writing { mut lane, mut sm3, .. } = self;
        let sm3 = async {
            if let Some(sm3) = &mut sm3 {
                sm3.stop().await;
            }
        };
        tokio::join!(lane.stop(), sm3);
    }

    /// Ends the object: durable when it returns.
    async fn end(self, vault: &Vault) -> Result<Written, VaultError> {
        let Writing { key, wrapped_key, lane, sm3, upload, .. } = self;
        let sm3 = async {
            match sm3 {
                Some(sm3) => sm3.end().await.map(Some),
                None => Ok(None),
            }
        };
        let (lane, sm3) = tokio::join!(lane.end(), sm3);
        let (Lane { tally, size, cipher }, sm3) = (lane?, sm3?);
        finish(vault.place.clone(), key, cipher, upload).await?.claim();
        Ok(Written { key, wrapped_key, size, hashed: tally.zip(sm3) })
    }

    /// Ends a file that was begun with hashes. `name` only helps to tell kinds of text apart.
    pub async fn finish(self, vault: &Vault, name: &str) -> Result<Stored, VaultError> {
        let Written { key, wrapped_key, hashed, .. } = self.end(vault).await?;
        let (tally, sm3) =
            hashed.ok_or_else(|| VaultError::Unavailable("it was begun without hashes".into()))?;
        let media_type = media_type(&tally.head, name).to_owned();
        let Digests { sha256, sm3, size } = tally.finish(sm3);
        Ok(Stored { key, sha256, sm3, size, media_type, wrapped_key })
    }
}

/// See [`Vault::store`].
pub(super) async fn store<S>(vault: &Vault, stream: Pin<&mut S>, name: &str) -> Result<Stored, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    written(Writing::begin(vault, true).await?, stream).await?.finish(vault, name).await
}

/// See [`Vault::store_section`].
pub(super) async fn section<S>(vault: &Vault, stream: Pin<&mut S>) -> Result<Section, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    let written = written(Writing::begin(vault, false).await?, stream).await?.end(vault).await?;
    Ok(Section { key: written.key, wrapped_key: written.wrapped_key, size: written.size })
}

/// Writes all that comes.
async fn written<S>(mut writing: Writing, mut stream: Pin<&mut S>) -> Result<Writing, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    let mut over = Bytes::new();
    loop {
        match writing.batch(|buffer| gather(&mut stream, &mut over, buffer)).await {
            Ok(true) => {}
            Ok(false) => return Ok(writing),
            Err(error) => {
                writing.stop().await;
                return Err(error);
            }
        }
    }
}

async fn open_sink(place: &Place, key: Uuid) -> Result<(Sink, Option<Upload>), VaultError> {
    match place {
        Place::Local(folder) => {
            let folder = folder.clone();
            Ok((Sink::Local(blocking(move || folder.draft(key)).await?), None))
        }
        Place::Remote(bucket) => {
            let parts = Parts::default();
            Ok((Sink::Remote(parts.clone()), Some(bucket.upload(key, parts))))
        }
    }
}

/// Fills an empty buffer with the next batch; an empty one is the end. What of a piece has no room in it stays `over`.
async fn gather<S>(
    stream: &mut Pin<&mut S>,
    over: &mut Bytes,
    mut buffer: Vec<u8>,
) -> Result<Vec<u8>, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    while buffer.len() < BATCH {
        if over.is_empty() {
            let Some(piece) = stream.next().await.transpose()? else { break };
            *over = piece;
        }
        let some = over.split_to(over.len().min(BATCH - buffer.len()));
        if buffer.capacity() - buffer.len() < some.len() {
            // A file of one small piece takes no more than that; any other has the whole buffer at once.
            let room = if buffer.is_empty() { some.len() } else { BATCH - buffer.len() };
            buffer.reserve_exact(room);
        }
        buffer.extend_from_slice(&some);
    }
    Ok(buffer)
}

/// Writes the last chunk and makes the object visible and durable. Goes on to its end if the caller is dropped; the
/// object is then removed as unclaimed.
async fn finish(
    place: Place,
    key: Uuid,
    cipher: StreamWriter<Sink>,
    upload: Option<Upload>,
) -> Result<Unclaimed, VaultError> {
    let done = blocking(move || match cipher.finish().map_err(VaultError::from_write)? {
        Sink::Local(draft) => {
            draft.publish().map_err(VaultError::from_write)?;
            Ok(Some(Unclaimed::new(place, key)))
        }
        Sink::Remote(_) => Ok(None),
    })
    .await?;
    match (done, upload) {
        (Some(unclaimed), _) => Ok(unclaimed),
        (None, Some(upload)) => upload.finish().await,
        (None, None) => Err(VaultError::Unavailable("no upload was begun".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However the bytes come, a batch is full and takes no more than its buffer; what is over begins the next one.
    #[tokio::test]
    async fn batches_are_full_and_no_larger_than_their_buffer() {
        let shapes: [Vec<usize>; 4] =
            [vec![3 * BATCH + 5], vec![1_400; 700], vec![0, BATCH - 1, 0, 2, BATCH], vec![1; 70_000]];
        for sizes in shapes {
            let pieces = sizes.iter().enumerate().map(|(n, size)| Ok(Bytes::from(vec![n as u8; *size])));
            let mut stream = std::pin::pin!(futures_util::stream::iter(pieces).fuse());
            let (mut over, mut buffer, mut left) = (Bytes::new(), Vec::new(), sizes.iter().sum::<usize>());
            loop {
                let batch = gather(&mut stream, &mut over, buffer).await.expect("a batch");
                assert_eq!(batch.len(), left.min(BATCH));
                assert!(batch.capacity() <= BATCH, "{}", batch.capacity());
                if batch.is_empty() {
                    break;
                }
                left -= batch.len();
                buffer = batch;
                buffer.clear();
            }
            assert_eq!(left, 0);
        }
    }

    #[tokio::test]
    async fn a_small_file_takes_a_small_buffer() {
        let piece = Ok(Bytes::from_static(b"abc"));
        let mut stream = std::pin::pin!(futures_util::stream::iter([piece]).fuse());
        let batch = gather(&mut stream, &mut Bytes::new(), Vec::new()).await.expect("a batch");
        assert_eq!((batch.len(), batch.capacity()), (3, 3));
    }
}
