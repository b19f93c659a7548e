//! Objects as they lie, encrypted: out into a backup and back in. Nothing here can read them.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::{
    Place, Vault, VaultError,
    copy::{PIECE, next_piece},
    local::Folder,
    object_name,
    remote::Bucket,
    upload::Parts,
};

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

/// A bucket is asked for some of the object at a time: one answer that takes long is cut off, and would end a backup for good.
fn out_of(place: &Place, key: Uuid, to: &Path) -> Result<(), VaultError> {
    let (mut from, size) = place.source(key, PIECE as u64)?;
    let mut file = File::create_new(to).map_err(VaultError::from_write)?;
    let mut copied = 0;
    loop {
        let piece = next_piece(&mut from, key)?;
        if piece.is_empty() {
            break;
        }
        file.write_all(&piece).map_err(VaultError::from_write)?;
        copied += piece.len() as u64;
    }
    if copied != size {
        return Err(VaultError::Damaged(key, "it ended too early while it was copied".into()));
    }
    file.sync_all().map_err(VaultError::from_write)
}

fn put(folder: &Folder, key: Uuid, from: &Path) -> Result<(), VaultError> {
    let mut from = File::open(from).map_err(VaultError::from_write)?;
    let mut draft = folder.draft(key)?;
    io::copy(&mut from, &mut draft).map_err(VaultError::from_write)?;
    draft.publish().map_err(VaultError::from_write)
}

/// In parts as any other object goes there, so that no size is too large.
fn send(bucket: &Bucket, key: Uuid, from: &Path) -> Result<(), VaultError> {
    let (parts, from) = (Parts::default(), from.to_owned());
    let mut upload = bucket.upload(key, parts.clone());
    bucket.wait(async move {
        let mut file = tokio::fs::File::open(from).await.map_err(VaultError::from_write)?;
        let (mut sink, mut piece) = (parts, vec![0; 256 * 1024]);
        loop {
            let n = file.read(&mut piece).await.map_err(VaultError::from_write)?;
            if n == 0 {
                return upload.complete().await;
            }
            sink.write_all(&piece[..n]).map_err(VaultError::from_write)?;
            upload.send_full_parts().await?;
        }
    })
}
