//! Evidence bytes: each file one object under a UUID, encrypted under a data key of its own.
//!
//! An object is a plain age file for an X25519 key that was made for it alone; that key, wrapped by the master key, is
//! in the database. So erasing the row erases the evidence, and `age -d` opens an object without this program. Objects
//! lie in a folder or in an S3 bucket under `<last two digits>/<uuid>`. Nothing here knows what a file belongs to, and
//! nothing here registers it: what [`Vault::store`] returns is durable, and the caller's to record or to delete.
//!
//! As objects do not depend on where they lie, they are moved as they are ([`Vault::bring`]). Meanwhile what is not in the
//! store is read from the one before ([`Vault::with_fallback`]).

mod copy;
mod handing;
mod hash;
mod joining;
mod lines;
mod local;
mod media;
mod pending;
mod place;
mod raw;
mod read;
mod remote;
mod upload;
mod window;
mod write;

#[cfg(test)]
mod tests;

pub use copy::{Brought, Known, Wanted};
pub use handing::Handed;
pub use hash::Digests;
pub use joining::Section;
pub use media::{ending, inline_safe, media_type};
pub use pending::Pending;
pub use raw::path_of;
pub use read::Reader;

use crate::platform::{
    error::AppError,
    keys::{KeyError, MasterKey},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream::BoxStream};
use place::Place;
use std::{io, ops::Range, path::Path, sync::Arc};
use uuid::Uuid;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What can happen to stored bytes.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No room: nothing was kept.
    #[error("the evidence store is full")]
    Full(#[source] Cause),
    /// The folder or the bucket can't be reached or used now.
    #[error("the evidence store can't be reached")]
    Unavailable(#[source] Cause),
    /// There is no such object.
    #[error("the evidence store has no object {0}")]
    Missing(Uuid),
    /// The object is not what was stored: changed, cut short, or moved.
    #[error("the stored object {0} is damaged")]
    Damaged(Uuid, #[source] Cause),
    /// The incoming bytes broke off; the cause is the sender's (an [`AppError`] comes through as itself). Nothing was
    /// kept.
    #[error("the incoming bytes broke off")]
    Incoming(#[source] Cause),
    /// The object's data key can't be unwrapped.
    #[error("the object's key can't be opened")]
    Key(#[from] KeyError),
    /// There is no such folder, where one must be there.
    #[error("there is no folder {0}")]
    NoFolder(String),
    /// The setting is wrong.
    #[error("the evidence store's address must be a folder or s3://bucket/prefix: {0}")]
    Setting(String),
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Full(_) => AppError::Full(error.to_string()),
            VaultError::Unavailable(_) => AppError::Unavailable(error.to_string()),
            VaultError::Incoming(cause) => match cause.downcast::<AppError>() {
                Ok(error) => *error, // what the stream's maker had to say, such as that it is too large
                Err(cause) => AppError::Internal(cause),
            },
            _ => AppError::internal(error),
        }
    }
}

impl VaultError {
    /// Sorts an error of reading by what is in its chain of causes.
    fn from_read(key: Uuid, error: impl Into<Cause>) -> Self {
        let error = error.into();
        match io_kind(&*error) {
            Some(io::ErrorKind::NotFound) => VaultError::Missing(key),
            Some(io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
                VaultError::Damaged(key, error)
            }
            _ => VaultError::Unavailable(error),
        }
    }

    /// Sorts an error of writing.
    fn from_write(error: impl Into<Cause>) -> Self {
        let error = error.into();
        match io_kind(&*error) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) => {
                VaultError::Full(error)
            }
            _ => VaultError::Unavailable(error),
        }
    }

    /// The vault's error inside an [`io::Error`] that a [`Reader`] gave.
    pub fn from_io(key: Uuid, error: io::Error) -> Self {
        match error.downcast::<VaultError>() {
            Ok(error) => error,
            Err(error) => VaultError::from_read(key, error),
        }
    }
}

/// The kind of the first telling I/O error in a chain of causes.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind))
        .find(|kind| *kind != io::ErrorKind::Other)
}

/// What was stored, to be recorded by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The object's name in the vault.
    pub key: Uuid,
    pub sha256: [u8; 32],
    /// The national hash function, GB/T 32905.
    pub sm3: [u8; 32],
    /// Bytes of the file, not of the object.
    pub size: u64,
    /// By its content; see [`media_type`].
    pub media_type: String,
    /// The object's data key, wrapped by the master key.
    pub wrapped_key: Vec<u8>,
}

/// An object as the store lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub key: Uuid,
    pub modified: DateTime<Utc>,
    /// Bytes of the object, a little more than those of the file.
    pub object_size: u64,
}

/// An object that no one has been told of yet. Dropped unclaimed (its taker went away), it is removed.
struct Unclaimed(Option<(Place, Uuid)>);

impl Unclaimed {
    fn new(place: Place, key: Uuid) -> Self {
        Unclaimed(Some((place, key)))
    }

    fn claim(mut self) {
        self.0 = None;
    }
}

impl Drop for Unclaimed {
    fn drop(&mut self) {
        match self.0.take() {
            Some((Place::Local(folder), key)) => {
                if let Err(error) = folder.delete(key) {
                    tracing::warn!(%key, %error, "an unclaimed object could not be removed");
                }
            }
            Some((Place::Remote(bucket), key)) => bucket.delete_later(key),
            None => {}
        }
    }
}

/// The store of evidence bytes. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    place: Place,
    /// Where an object is looked for that is not there.
    fallback: Option<Place>,
    master: Arc<MasterKey>,
}

impl Vault {
    /// Opens the store: without a URL the folder `evidence` in the data folder (made if missing), else a folder's path
    /// or `file:///…`, or `s3://bucket/prefix` with the `AWS_…` variables.
    ///
    /// # Errors
    /// [`VaultError::Setting`] for an address that can't be used, [`VaultError::Unavailable`] if a folder can't be
    /// made.
    pub fn open(url: Option<&str>, data_dir: &Path, master: Arc<MasterKey>) -> Result<Self, VaultError> {
        Ok(Vault { place: Place::open(url, data_dir)?, fallback: None, master })
    }

    /// Takes in a file as it arrives. When it returns, the object is durable; when it fails or is dropped, nothing is
    /// left. `name` only helps to tell kinds of text apart.
    ///
    /// # Errors
    /// [`VaultError::Incoming`] with the stream's own error; [`VaultError::Full`], [`VaultError::Unavailable`].
    pub async fn store<S, E>(&self, stream: S, name: &str) -> Result<Stored, VaultError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Cause>,
    {
        // Fused: some streams (a multipart field) must not be asked again once they have ended.
        let stream = stream.map(|item| item.map_err(|error| VaultError::Incoming(error.into()))).fuse();
        write::store(self, std::pin::pin!(stream), name).await
    }

    /// Takes in a small text or a file made in memory.
    ///
    /// # Errors
    /// [`VaultError::Full`], [`VaultError::Unavailable`].
    pub async fn store_bytes(&self, bytes: impl Into<Bytes>, name: &str) -> Result<Stored, VaultError> {
        let bytes = bytes.into();
        self.store(futures_util::stream::once(async move { Ok::<_, io::Error>(bytes) }), name).await
    }

    /// Takes in a part of a file as it arrives, to be put together with others by [`Vault::join`]: as [`Vault::store`], but for
    /// the hashes, which are those of the whole and are made of it then.
    ///
    /// # Errors
    /// As [`Vault::store`].
    pub async fn store_section<S, E>(&self, stream: S) -> Result<Section, VaultError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Cause>,
    {
        let stream = stream.map(|item| item.map_err(|error| VaultError::Incoming(error.into()))).fuse();
        write::section(self, std::pin::pin!(stream)).await
    }

    /// Puts a file together of objects that are its sections, in their order: as [`Vault::store`] of their bytes, without a
    /// piece of them in memory but the batches that are worked on. The sections stay as they are.
    ///
    /// # Errors
    /// [`VaultError::Incoming`] with the stream's own error; those of [`Vault::open_object`], of a section, and
    /// [`VaultError::Damaged`] for one that is shorter than it should be; [`VaultError::Full`], [`VaultError::Unavailable`].
    pub async fn join<S, E>(&self, sections: S, name: &str) -> Result<Stored, VaultError>
    where
        S: Stream<Item = Result<Section, E>>,
        E: Into<Cause>,
    {
        let sections = sections.map(|one| one.map_err(|error| VaultError::Incoming(error.into()))).fuse();
        joining::join(self, std::pin::pin!(sections), name).await
    }

    /// Opens an object for reading and seeking on a blocking thread (never on an async one). The end of the file is
    /// reached without error only if every byte before it was authentic.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Damaged`], [`VaultError::Key`], [`VaultError::Unavailable`].
    pub fn open_object(&self, key: Uuid, wrapped_key: &[u8]) -> Result<Reader, VaultError> {
        Reader::open(self, key, wrapped_key, None)
    }

    /// Streams the bytes `range.start..range.end` of the file, fetching only the chunks that hold them. Opening and the
    /// first piece are done when it returns, so that a missing or damaged object is known before an answer begins.
    ///
    /// # Errors
    /// As [`Vault::open_object`]; [`VaultError::Damaged`] if the file is shorter than the range.
    pub async fn range(
        &self,
        key: Uuid,
        wrapped_key: &[u8],
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, VaultError>>, VaultError> {
        read::range(self.clone(), key, wrapped_key.to_vec(), range).await
    }

    /// Streams a whole file, which is `size` bytes long, encrypted to somebody's keys as an age file of theirs. Opening and the
    /// first piece are done when it returns.
    ///
    /// # Errors
    /// As [`Vault::open_object`]; [`VaultError::Damaged`] if the file has another length.
    pub async fn hand_over(
        &self,
        key: Uuid,
        wrapped_key: &[u8],
        size: u64,
        recipients: Vec<age::x25519::Recipient>,
    ) -> Result<Handed, VaultError> {
        handing::hand_over(self.clone(), key, wrapped_key.to_vec(), size, recipients).await
    }

    /// Reads a whole object and hashes it anew, for `check`.
    ///
    /// # Errors
    /// As [`Vault::open_object`].
    pub async fn digest(&self, key: Uuid, wrapped_key: &[u8]) -> Result<Digests, VaultError> {
        read::digest(self.clone(), key, wrapped_key.to_vec()).await
    }

    /// Removes an object: one that turned out to be a duplicate, or whose erasure is on record. Removing what is not
    /// there is no error, but for a folder in which nothing lies at all: its disk may not be mounted.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`].
    pub async fn delete(&self, key: Uuid) -> Result<(), VaultError> {
        // While evidence is being moved, nothing may lie in the new store yet.
        if self.fallback.is_none() || self.has(key).await? {
            self.place.delete(key).await?;
        }
        // Most likely it is not there; a store that may only be read is not to be asked in vain.
        if let Some(other) = &self.fallback
            && other.size(key).await?.is_some()
        {
            other.delete(key).await?;
        }
        Ok(())
    }

    /// Lists all objects, in no order, to compare them with the database. An object younger than the longest upload
    /// may belong to one whose record is still to come.
    pub fn list(&self) -> BoxStream<'static, Result<Listed, VaultError>> {
        match &self.place {
            Place::Local(folder) => folder.list(),
            Place::Remote(bucket) => bucket.list(),
        }
    }

    /// Removes what a killed process left half written, and says how many pieces there were. Uploads of other living
    /// processes are left alone. Called at the start of `serve`. (In a bucket such pieces are invisible; a lifecycle
    /// rule `AbortIncompleteMultipartUpload` removes them.)
    ///
    /// # Errors
    /// [`VaultError::Unavailable`].
    pub async fn sweep(&self) -> Result<usize, VaultError> {
        match &self.place {
            Place::Local(folder) => {
                let folder = folder.clone();
                blocking(move || folder.sweep()).await
            }
            Place::Remote(_) => Ok(0),
        }
    }

    /// Whether the store can be used now, for `/healthz`.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`].
    pub async fn probe(&self) -> Result<(), VaultError> {
        match &self.place {
            Place::Local(folder) => {
                let folder = folder.clone();
                blocking(move || folder.probe()).await
            }
            Place::Remote(bucket) => bucket.probe().await,
        }
    }
}

/// Where an object lies: 256 shelves by the last two digits, which are random in every UUID.
fn object_name(key: Uuid) -> String {
    let name = key.to_string();
    format!("{}/{name}", &name[name.len() - 2..])
}

/// Runs blocking work off the async threads. The work goes on if the caller is dropped; its result is dropped then.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(VaultError::Unavailable(error.into())))
}
