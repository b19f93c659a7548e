//! Objects as they lie, encrypted: out into a backup and back in. Nothing here can read them.

use std::{fs::File, io, path::Path};

use futures_util::StreamExt;
use object_store::{ObjectStoreExt, WriteMultipart};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use super::{Place, Vault, VaultError, local::Folder, object_name, remote::Bucket};

/// Parts of an upload; S3 wants 5 MiB at least.
const PART: usize = 8 * 1024 * 1024;
/// Parts under way at once.
const AT_ONCE: usize = 4;

/// Path of an object below a folder of objects, in a backup as in the store.
pub fn path_of(key: Uuid) -> String {
    object_name(key)
}

impl Vault {
    /// Copies an object to the file `to`, which must not be there. On a thread that may block.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Unavailable`], [`VaultError::Full`].
    pub fn copy_out(&self, key: Uuid, to: &Path) -> Result<(), VaultError> {
        match (&self.fallback, out_of(&self.place, key, to)) {
            (Some(other), Err(VaultError::Missing(_))) => out_of(other, key, to),
            // As for reading: a folder that is moved into has nothing in it at first.
            (Some(other), Err(error @ VaultError::Unavailable(_)))
                if matches!(self.place, Place::Local(_)) =>
            {
                out_of(other, key, to).map_err(|_| error)
            }
            (_, copied) => copied,
        }
    }

    /// Takes an object in from the file `from`, under the name that it had. On a thread that may block.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`], [`VaultError::Full`].
    pub fn copy_in(&self, key: Uuid, from: &Path) -> Result<(), VaultError> {
        match &self.place {
            Place::Local(folder) => put(folder, key, from),
            Place::Remote(bucket) => send(bucket, key, from),
        }
    }
}

fn out_of(place: &Place, key: Uuid, to: &Path) -> Result<(), VaultError> {
    match place {
        Place::Local(folder) => {
            let mut from = folder.read(key)?;
            let mut file = File::create_new(to).map_err(VaultError::from_write)?;
            io::copy(&mut from, &mut file).map_err(VaultError::from_write)?;
            file.sync_all().map_err(VaultError::from_write)
        }
        Place::Remote(bucket) => fetch(bucket, key, to),
    }
}

fn put(folder: &Folder, key: Uuid, from: &Path) -> Result<(), VaultError> {
    let mut from = File::open(from).map_err(VaultError::from_write)?;
    let mut draft = folder.draft(key)?;
    io::copy(&mut from, &mut draft).map_err(VaultError::from_write)?;
    draft.publish().map_err(VaultError::from_write)
}

fn fetch(bucket: &Bucket, key: Uuid, to: &Path) -> Result<(), VaultError> {
    let (store, path, to) = (bucket.store().clone(), bucket.path(key), to.to_owned());
    bucket.wait(async move {
        let found = store.get(&path).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => VaultError::Missing(key),
            other => VaultError::Unavailable(other.into()),
        })?;
        let mut file = tokio::fs::File::create_new(to).await.map_err(VaultError::from_write)?;
        let mut pieces = found.into_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| VaultError::Unavailable(error.into()))?;
            file.write_all(&piece).await.map_err(VaultError::from_write)?;
        }
        file.sync_all().await.map_err(VaultError::from_write)
    })
}

fn send(bucket: &Bucket, key: Uuid, from: &Path) -> Result<(), VaultError> {
    let (store, path, from) = (bucket.store().clone(), bucket.path(key), from.to_owned());
    bucket.wait(async move {
        let unavailable = |error: object_store::Error| VaultError::Unavailable(error.into());
        let mut file = tokio::fs::File::open(from).await.map_err(VaultError::from_write)?;
        let upload = store.put_multipart(&path).await.map_err(unavailable)?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut piece = vec![0; 256 * 1024];
        loop {
            let n = file.read(&mut piece).await.map_err(VaultError::from_write)?;
            if n == 0 {
                break;
            }
            parts.wait_for_capacity(AT_ONCE).await.map_err(unavailable)?;
            parts.write(&piece[..n]);
        }
        parts.finish().await.map_err(unavailable)?;
        Ok(())
    })
}
