use super::{
    Digests, Place, Vault, VaultError, blocking,
    hash::{Beside, Tally, emptied},
    window::Window,
};
use crate::platform::keys::KeyError;
use age::{Decryptor, stream::StreamReader, x25519::Identity};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use sm3::Sm3;
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};
use uuid::Uuid;

/// age encrypts in chunks of this size, each with a tag.
pub(super) const CHUNK: u64 = 64 * 1024;
pub(super) const TAG: u64 = 16;
/// An age header for one key is about 200 bytes; with a grease stanza it stays well under this.
const HEADER: usize = 4 * 1024;
/// Streams for downloads come in pieces of this size.
pub(super) const PIECE: usize = 256 * 1024;
/// Re-hashing reads in pieces of this size, into two buffers that take turns.
const BATCH: usize = 256 * 1024;

/// An object as it lies.
pub(super) enum Source {
    Local(File),
    Remote(Window),
}

impl Read for Source {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Local(file) => file.read(buf),
            Source::Remote(window) => window.read(buf),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Source::Local(file) => file.seek(to),
            Source::Remote(window) => window.seek(to),
        }
    }
}

impl Place {
    /// Opens an object as it lies, and says how long it is. A bucket is asked for its `first` bytes at once. Blocks.
    pub(super) fn source(&self, key: Uuid, first: u64) -> Result<(Source, u64), VaultError> {
        match self {
            Place::Local(folder) => {
                let file = folder.read(key)?;
                let size = file.metadata().map_err(|error| VaultError::from_read(key, error))?.len();
                Ok((Source::Local(file), size))
            }
            Place::Remote(bucket) => {
                let window = Window::open(bucket.clone(), key, first)?;
                let size = window.size();
                Ok((Source::Remote(window), size))
            }
        }
    }
}

/// An object opened for reading. Its reads and seeks block; errors carry a [`VaultError`] (see
/// [`VaultError::from_io`]).
pub struct Reader {
    inner: StreamReader<BufReader<Source>>,
    key: Uuid,
    size: u64,
    /// Where the next read begins; may lie past the end after a seek.
    at: u64,
    /// Whether `inner` stands at `at`.
    placed: bool,
}

impl Reader {
    /// `wanted` bounds what will be read, so that a bucket is asked for no more.
    pub(super) fn open(
        vault: &Vault,
        key: Uuid,
        wrapped_key: &[u8],
        wanted: Option<&Range<u64>>,
    ) -> Result<Self, VaultError> {
        let identity = data_key(vault, wrapped_key)?;
        let near = wanted.is_none_or(|range| range.start < CHUNK);
        let first = HEADER as u64 + if near { CHUNK } else { 0 };
        let found = match (&vault.fallback, vault.place.source(key, first)) {
            (Some(other), Err(VaultError::Missing(_))) => other.source(key, first)?,
            // A folder that is moved into has nothing in it at first, as has one whose disk is not mounted.
            (Some(other), Err(error @ VaultError::Unavailable(_)))
                if matches!(vault.place, Place::Local(_)) =>
            {
                other.source(key, first).map_err(|_| error)?
            }
            (_, found) => found?,
        };
        Self::on(found, &identity, key, wanted)
    }

    /// Reads an object that was opened as it lies, which is so long.
    fn on(
        (mut source, object_size): (Source, u64),
        identity: &Identity,
        key: Uuid,
        wanted: Option<&Range<u64>>,
    ) -> Result<Self, VaultError> {
        let damaged = |why: &'static str| VaultError::Damaged(key, why.into());
        let start = payload_start(&mut source).map_err(|error| VaultError::from_read(key, error))?;
        let start = start.ok_or(damaged("its header can't be read"))?;
        let size = file_size(object_size, start).ok_or(damaged("it is cut short"))?;
        if let (Source::Remote(window), Some(range)) = (&mut source, wanted) {
            window.limit(start + range.end.div_ceil(CHUNK) * (CHUNK + TAG));
        }
        let decryptor = Decryptor::new_buffered(BufReader::with_capacity(HEADER, source));
        let inner = decryptor
            .and_then(|decryptor| decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)))
            .map_err(|error| match error {
                age::DecryptError::Io(error) => VaultError::from_io(key, error),
                error => VaultError::Damaged(key, error.into()),
            })?;
        Ok(Reader { inner, key, size, at: 0, placed: true })
    }

    /// The file's size in bytes, by the object's length.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Brings `inner` to `at`, which lies before the end. age reads the last chunk too when told to go to the first
    /// byte of a chunk; going one further and back spares that.
    fn place(&mut self) -> io::Result<()> {
        if !self.placed {
            self.inner.seek(SeekFrom::Start(self.at + 1))?;
            self.inner.seek(SeekFrom::Start(self.at))?;
            self.placed = true;
        }
        Ok(())
    }

    fn sorted(&self, error: io::Error) -> io::Error {
        io::Error::new(error.kind(), VaultError::from_io(self.key, error))
    }

    /// Reads up to `size` bytes, fewer only at the end.
    pub(super) fn piece(&mut self, size: usize) -> Result<Bytes, VaultError> {
        let mut piece = Vec::with_capacity(size);
        let read = self.by_ref().take(size as u64).read_to_end(&mut piece);
        read.map(|_| piece.into()).map_err(|error| VaultError::from_io(self.key, error))
    }

    /// Reads up to `most` bytes behind those that a buffer has, fewer only at the end; says how many.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, most: usize) -> Result<usize, VaultError> {
        buffer.reserve_exact(most);
        let read = self.by_ref().take(most as u64).read_to_end(buffer);
        read.map_err(|error| VaultError::from_io(self.key, error))
    }
}

impl Read for Reader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if !self.placed && self.at >= self.size {
            return Ok(0);
        }
        let read = self.place().and_then(|()| self.inner.read(buf)).map_err(|error| self.sorted(error))?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        let target = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.placed &= target == self.at;
        self.at = target;
        Ok(target)
    }
}

fn data_key(vault: &Vault, wrapped_key: &[u8]) -> Result<Identity, VaultError> {
    let secret = vault.master.unwrap(wrapped_key)?;
    let text = std::str::from_utf8(&secret).map_err(|_| KeyError::Damaged)?;
    Ok(text.parse::<Identity>().map_err(|_| KeyError::Damaged)?)
}

/// Where the encrypted chunks begin: after the header's last line, which begins with `---`, and a nonce of 16 bytes.
/// Leaves the source at its beginning. None if there is no such line.
fn payload_start(source: &mut Source) -> io::Result<Option<u64>> {
    let mut head = Vec::with_capacity(HEADER);
    source.by_ref().take(HEADER as u64).read_to_end(&mut head)?;
    source.rewind()?;
    let last_line = head.windows(5).position(|five| five == b"\n--- ").map(|at| at + 1);
    let end = last_line.and_then(|at| head[at..].iter().position(|byte| *byte == b'\n').map(|n| at + n + 1));
    Ok(end.map(|end| end as u64 + 16))
}

/// The file's size by the object's. Each chunk has a tag; even an empty file has one chunk.
fn file_size(object_size: u64, payload_start: u64) -> Option<u64> {
    let payload = object_size.checked_sub(payload_start)?;
    payload.checked_sub(payload.div_ceil(CHUNK + TAG).max(1) * TAG)
}

/// See [`Vault::range`].
pub(super) async fn range(
    vault: Vault,
    key: Uuid,
    wrapped_key: Vec<u8>,
    range: Range<u64>,
) -> Result<BoxStream<'static, Result<Bytes, VaultError>>, VaultError> {
    let left = range.end.saturating_sub(range.start);
    let opened = blocking(move || {
        let mut reader = Reader::open(&vault, key, &wrapped_key, Some(&range))?;
        if range.end > reader.size {
            return Err(VaultError::Damaged(key, "it is shorter than the file that was stored".into()));
        }
        reader.seek(SeekFrom::Start(range.start)).map_err(|error| VaultError::from_io(key, error))?;
        next_piece(reader, left)
    })
    .await?;
    let (first, reader, left) = opened;
    let rest = futures_util::stream::try_unfold((reader, left), |(reader, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let (piece, reader, left) = blocking(move || next_piece(reader, left)).await?;
        Ok(Some((piece, (reader, left))))
    });
    let first = (!first.is_empty()).then_some(Ok(first));
    Ok(futures_util::stream::iter(first).chain(rest).boxed())
}

/// Reads the next piece of a range that has `left` bytes to come.
fn next_piece(mut reader: Reader, left: u64) -> Result<(Bytes, Reader, u64), VaultError> {
    let piece = reader.piece(left.min(PIECE as u64) as usize)?;
    if piece.is_empty() && left > 0 {
        return Err(VaultError::Damaged(reader.key, "it ends too early".into()));
    }
    let left = left - piece.len() as u64;
    Ok((piece, reader, left))
}

/// See [`Vault::digest`].
pub(super) async fn digest(vault: Vault, key: Uuid, wrapped_key: Vec<u8>) -> Result<Digests, VaultError> {
    digest_of(blocking(move || Reader::open(&vault, key, &wrapped_key, None)).await?).await
}

/// As [`digest`], of an object that has no name yet, which lies in `file`.
pub(super) async fn digest_of_file(
    vault: Vault,
    key: Uuid,
    wrapped_key: Vec<u8>,
    file: File,
) -> Result<Digests, VaultError> {
    let opened = blocking(move || {
        let size = file.metadata().map_err(|error| VaultError::from_read(key, error))?.len();
        Reader::on((Source::Local(file), size), &data_key(&vault, &wrapped_key)?, key, None)
    });
    digest_of(opened.await?).await
}

async fn digest_of(mut reader: Reader) -> Result<Digests, VaultError> {
    let (mut sm3, mut tally) = (Sm3::default(), Tally::default());
    let (mut batch, mut spare) = (Arc::new(Vec::new()), Vec::new());
    loop {
        let running = Beside::start(sm3, Arc::clone(&batch), move || {
            reader.fill(&mut spare, BATCH)?;
            tally.update(&spare);
            Ok((reader, tally, spare))
        });
        let next;
        (sm3, (reader, tally, next)) = running.join().await?;
        if next.is_empty() {
            return Ok(tally.finish(sm3));
        }
        spare = emptied(batch);
        batch = Arc::new(next);
    }
}
