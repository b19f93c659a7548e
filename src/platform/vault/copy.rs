//! One object from one store into another, as it lies. It counts as brought when it was read back from where it is now,
//! opened, and found to be the file that was registered: by both hashes and the size. That proves more than that the same
//! bytes lie in both stores, as those of the store before may have been damaged there. What is not registered yet has no
//! hashes; that it opens to its end, by a key that was made for it alone, and is as long as it was proves as much of it.

use super::{
    Digests, Place, Vault, VaultError, blocking,
    local::{Draft, Folder},
    read::{Source, digest_of_file},
    remote::Bucket,
    upload::Parts,
};
use std::io::{Read, Write};
use uuid::Uuid;

/// Objects are copied in pieces of this size.
pub(super) const PIECE: usize = 1024 * 1024;

/// What is on file of an object's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Of a registered file.
    Digests(Digests),
    /// Of what is no file yet: how many bytes they are.
    Size(u64),
}

impl Known {
    fn is(&self, found: &Digests) -> bool {
        match self {
            Known::Digests(digests) => digests == found,
            Known::Size(size) => *size == found.size,
        }
    }
}

/// An object that is to be in a store, with what is on file of it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub key: Uuid,
    /// Its data key, wrapped by the master key.
    pub wrapped_key: Vec<u8>,
    pub known: Known,
}

/// What became of an object that is to be in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// It is there now; the object has so many bytes.
    Now(u64),
    /// It was there before.
    Before,
    /// Neither store has it.
    Missing,
    /// What the store has that it was to come from is not what was registered: nothing was written.
    Damaged,
}

impl Vault {
    /// Brings an object from the store `from` into this one. What has its name here, and is as long as there, was proven
    /// when it came, if the run that brought it could come to its end; `deep` proves it anew. What is half here, or
    /// something else, is replaced, but never by what is damaged itself. When this fails, or is dropped, nothing half has the object's name in a folder; in a bucket nothing
    /// has it that the service did not take for whole. Before anything is written under the name, `naming` is awaited, and its
    /// error is this one's. A bucket knows no drafts: what turns out to be something else there is
    /// taken out again only if `is_ours` says so, as somebody else may have completed it meanwhile.
    ///
    /// # Errors
    /// [`VaultError::Full`] and [`VaultError::Unavailable`] of either store; [`VaultError::Key`];
    /// [`VaultError::Damaged`] when the copy is not what was read, twice.
    pub async fn bring(
        &self,
        from: &Vault,
        wanted: &Wanted,
        deep: bool,
        naming: impl AsyncFn() -> Result<(), VaultError>,
        is_ours: impl AsyncFn() -> bool,
    ) -> Result<Brought, VaultError> {
        let key = wanted.key;
        let (here, there) = (self.place.size(key).await?, from.place.size(key).await?);
        let is_known = match (here, there) {
            (None, _) => false,
            _ if deep => self.holds(wanted).await?,
            (Some(_), None) => true, // it came after the switch
            (Some(here), Some(there)) => here == there || self.holds(wanted).await?,
        };
        if is_known {
            return Ok(Brought::Before);
        }
        let Some(size) = there else {
            return Ok(if here.is_some() { Brought::Damaged } else { Brought::Missing });
        };
        if here.is_some() && !from.holds(wanted).await? {
            return Ok(Brought::Damaged);
        }
        naming().await?;
        for _ in 0..2 {
            match self.copy(from, wanted, &is_ours).await {
                Ok(true) => return Ok(Brought::Now(size)),
                Ok(false) => {}
                // Taken out of the store since it was asked for.
                Err(VaultError::Missing(_)) => return Ok(Brought::Missing),
                Err(error) => return Err(error),
            }
            if !from.holds(wanted).await? {
                return Ok(Brought::Damaged);
            }
        }
        Err(VaultError::Damaged(key, "the copy is not what was read".into()))
    }

    /// Whether the object is here and is what was registered.
    async fn holds(&self, wanted: &Wanted) -> Result<bool, VaultError> {
        is_same(self.digest(wanted.key, &wanted.wrapped_key).await, wanted)
    }

    /// Copies an object and reads it back; false: it is not what was registered, and has gone again.
    async fn copy(
        &self,
        from: &Vault,
        wanted: &Wanted,
        is_ours: &impl AsyncFn() -> bool,
    ) -> Result<bool, VaultError> {
        let (place, key) = (from.place.clone(), wanted.key);
        let (source, _) = blocking(move || place.source(key, PIECE as u64)).await?;
        match &self.place {
            Place::Local(folder) => self.copy_into_folder(folder.clone(), source, wanted).await,
            Place::Remote(bucket) => self.copy_into_bucket(bucket, source, wanted, is_ours).await,
        }
    }

    /// Proven before it has its name.
    async fn copy_into_folder(
        &self,
        folder: Folder,
        source: Source,
        wanted: &Wanted,
    ) -> Result<bool, VaultError> {
        let key = wanted.key;
        let (draft, file) = blocking(move || {
            let draft = pour(source, folder.draft(key)?, key)?;
            let file = draft.written().map_err(VaultError::from_write)?;
            Ok((draft, file))
        })
        .await?;
        let found = digest_of_file(self.clone(), key, wanted.wrapped_key.clone(), file).await;
        if !is_same(found, wanted)? {
            return Ok(false); // the draft goes with its handle
        }
        blocking(move || draft.publish().map_err(VaultError::from_write)).await?;
        Ok(true)
    }

    /// A bucket knows no drafts: what turns out to be something else, or can't be proven, is taken out again.
    async fn copy_into_bucket(
        &self,
        bucket: &Bucket,
        mut source: Source,
        wanted: &Wanted,
        is_ours: &impl AsyncFn() -> bool,
    ) -> Result<bool, VaultError> {
        let key = wanted.key;
        let parts = Parts::default();
        let mut upload = bucket.upload(key, parts.clone());
        loop {
            let mut sink = parts.clone();
            let read = blocking(move || {
                let piece = next_piece(&mut source, key)?;
                sink.write_all(&piece).map_err(VaultError::from_write)?;
                Ok((source, piece.is_empty()))
            });
            let is_last;
            (source, is_last) = read.await?;
            upload.send_full_parts().await?;
            if is_last {
                break;
            }
        }
        let same = match upload.complete().await {
            Ok(()) => is_same(self.digest(key, &wanted.wrapped_key).await, wanted),
            // The bucket may have kept it after all.
            Err(error) => Err(error),
        };
        if !matches!(same, Ok(true))
            && is_ours().await
            && let Err(error) = bucket.delete(key).await
        {
            if same.is_ok() {
                return Err(error);
            }
            tracing::warn!(%key, %error, "an object that was not proven could not be removed");
        }
        same
    }
}

/// Whether what was found is what was registered.
fn is_same(found: Result<Digests, VaultError>, wanted: &Wanted) -> Result<bool, VaultError> {
    match found {
        Ok(digests) => Ok(wanted.known.is(&digests)),
        Err(VaultError::Missing(_) | VaultError::Damaged(..)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes all of an object into a draft.
fn pour(mut source: Source, mut draft: Draft, key: Uuid) -> Result<Draft, VaultError> {
    loop {
        let piece = next_piece(&mut source, key)?;
        if piece.is_empty() {
            return Ok(draft);
        }
        draft.write_all(&piece).map_err(VaultError::from_write)?;
    }
}

/// The next bytes of an object; none: it has ended.
pub(super) fn next_piece(source: &mut Source, key: Uuid) -> Result<Vec<u8>, VaultError> {
    let mut piece = Vec::with_capacity(PIECE);
    let read = source.by_ref().take(PIECE as u64).read_to_end(&mut piece);
    read.map_err(|error| VaultError::from_io(key, error))?;
    Ok(piece)
}
