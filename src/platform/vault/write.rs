use super::{
    Digests, Place, Stored, Unclaimed, Vault, VaultError, blocking,
    hash::{Beside, Tally},
    local::Draft,
    media_type,
    upload::{Parts, Upload},
};
use age::{secrecy::ExposeSecret, stream::StreamWriter};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sm3::Sm3;
use std::{
    io::{self, Write},
    pin::Pin,
};
use uuid::Uuid;

/// Bytes are worked on in batches of about this size.
const BATCH: usize = 1024 * 1024;
/// And of at most so many pieces, should the pieces be tiny.
const PIECES: usize = 512;

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

/// SHA-256 and encryption of one file, moved to a blocking thread and back with each batch.
struct Lane {
    tally: Tally,
    cipher: StreamWriter<Sink>,
}

impl Lane {
    fn begin(sink: Sink, recipient: &age::x25519::Recipient) -> Result<Self, VaultError> {
        let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient as &dyn age::Recipient))
            .map_err(VaultError::from_write)?;
        let cipher = encryptor.wrap_output(sink).map_err(VaultError::from_write)?;
        Ok(Lane { tally: Tally::default(), cipher })
    }

    fn take(mut self, batch: &[Bytes]) -> Result<Self, VaultError> {
        for piece in batch {
            self.tally.update(piece);
            self.cipher.write_all(piece).map_err(VaultError::from_write)?;
        }
        Ok(self)
    }
}

/// See [`Vault::store`].
pub(super) async fn store<S>(vault: &Vault, mut stream: Pin<&mut S>, name: &str) -> Result<Stored, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    let key = Uuid::now_v7();
    let data_key = age::x25519::Identity::generate();
    let wrapped_key = vault.master.wrap(data_key.to_string().expose_secret().as_bytes())?;
    let recipient = data_key.to_public();
    let (sink, mut upload) = open_sink(&vault.place, key).await?;
    let mut lane = blocking(move || Lane::begin(sink, &recipient)).await?;
    let mut sm3 = Sm3::default();
    let mut batch = gather(&mut stream).await?;
    while !batch.is_empty() {
        let same = batch.clone();
        let running = Beside::start(sm3, batch, move || lane.take(&same));
        let next = gather(&mut stream).await;
        (sm3, lane) = running.join().await?; // waited for even if the stream has failed, so that it leaves nothing
        if let Some(upload) = &mut upload {
            upload.send_full_parts().await?;
        }
        batch = next?;
    }
    let Lane { tally, cipher } = lane;
    let media_type = media_type(&tally.head, name).to_owned();
    let unclaimed = finish(vault.place.clone(), key, cipher, upload).await?;
    let Digests { sha256, sm3, size } = tally.finish(sm3);
    unclaimed.claim();
    Ok(Stored { key, sha256, sm3, size, media_type, wrapped_key })
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

/// Collects the next batch; an empty one is the end.
async fn gather<S>(stream: &mut Pin<&mut S>) -> Result<Vec<Bytes>, VaultError>
where
    S: Stream<Item = Result<Bytes, VaultError>>,
{
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < BATCH && batch.len() < PIECES {
        let Some(piece) = stream.next().await.transpose()? else { break };
        if !piece.is_empty() {
            size += piece.len();
            batch.push(piece);
        }
    }
    Ok(batch)
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
