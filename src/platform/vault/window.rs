use super::{VaultError, remote::Bucket};
use bytes::Bytes;
use object_store::{GetOptions, ObjectStore, aws::AmazonS3, path::Path};
use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};
use uuid::Uuid;

/// Reading asks for at most so much at a time.
const WINDOW: u64 = 4 << 20;

/// Reading and seeking in an object by asking for one window after the other.
pub(super) struct Window {
    bucket: Bucket,
    key: Uuid,
    size: u64,
    /// Nothing behind this is asked for ahead of need.
    limit: u64,
    at: u64,
    /// Where `bytes` lie in the object.
    begin: u64,
    bytes: Bytes,
}

impl Window {
    /// Asks for the first bytes of an object. Blocks.
    pub fn open(bucket: Bucket, key: Uuid, first: u64) -> Result<Self, VaultError> {
        let (bytes, size) = bucket.wait(get(bucket.store().clone(), bucket.path(key), key, 0..first))?;
        Ok(Window { bucket, key, size, limit: size, at: 0, begin: 0, bytes })
    }

    /// The object's size.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Tells how far reading will go.
    pub fn limit(&mut self, limit: u64) {
        self.limit = limit.min(self.size);
    }
}

impl Read for Window {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size {
            return Ok(0);
        }
        if !(self.begin..self.begin + self.bytes.len() as u64).contains(&self.at) {
            let end = if self.at < self.limit { self.limit } else { self.at + buf.len() as u64 };
            let range = self.at..end.min(self.at + WINDOW).min(self.size);
            self.bytes = Bytes::new(); // let go of before the next ones come
            let work = get(self.bucket.store().clone(), self.bucket.path(self.key), self.key, range);
            (self.bytes, _) = self.bucket.wait(work).map_err(io::Error::other)?;
            self.begin = self.at;
        }
        let here = &self.bytes[(self.at - self.begin) as usize..];
        let count = here.len().min(buf.len());
        buf[..count].copy_from_slice(&here[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

async fn get(
    store: Arc<AmazonS3>,
    path: Path,
    key: Uuid,
    range: Range<u64>,
) -> Result<(Bytes, u64), VaultError> {
    let options = GetOptions::new().with_range(Some(range));
    let answer = store.get_opts(&path, options).await.map_err(|error| from_get(key, error))?;
    let size = answer.meta.size;
    Ok((answer.bytes().await.map_err(|error| from_get(key, error))?, size))
}

/// Sorts what a bucket answers to a read.
fn from_get(key: Uuid, error: object_store::Error) -> VaultError {
    match error {
        object_store::Error::NotFound { .. } => VaultError::Missing(key),
        error if error.to_string().contains("InvalidRange") => VaultError::Damaged(key, error.into()),
        error => VaultError::Unavailable(error.into()),
    }
}
