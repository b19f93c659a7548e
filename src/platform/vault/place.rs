use super::{Vault, VaultError, blocking, local::Folder, remote::Bucket};
use crate::platform::keys::MasterKey;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// Where objects lie.
#[derive(Clone)]
pub(super) enum Place {
    Local(Folder),
    Remote(Bucket),
}

impl Place {
    /// See [`Vault::open`].
    pub fn open(url: Option<&str>, data_dir: &Path) -> Result<Self, VaultError> {
        Ok(match given(url) {
            None => Place::Local(Folder::open(&data_dir.join("evidence"))?),
            Some(url) if is_bucket(url) => Place::Remote(Bucket::open(url)?),
            Some(url) => Place::Local(Folder::open(&folder_of(url)?)?),
        })
    }

    /// A place that is there already, to be read alone.
    fn existing(url: &str) -> Result<Self, VaultError> {
        if is_bucket(url) {
            return Ok(Place::Remote(Bucket::open(url)?));
        }
        Ok(Place::Local(Folder::existing(&folder_of(url)?)?))
    }

    pub async fn delete(&self, key: Uuid) -> Result<(), VaultError> {
        match self {
            Place::Local(folder) => {
                let folder = folder.clone();
                blocking(move || folder.delete(key)).await
            }
            Place::Remote(bucket) => bucket.delete(key).await,
        }
    }

    /// Whether what lies there can be read now; nothing is written.
    async fn answers(&self) -> Result<(), VaultError> {
        match self {
            Place::Local(folder) => {
                let folder = folder.clone();
                blocking(move || folder.answers()).await
            }
            Place::Remote(bucket) => bucket.probe().await,
        }
    }

    /// Bytes of an object; `None`: there is none.
    pub async fn size(&self, key: Uuid) -> Result<Option<u64>, VaultError> {
        match self {
            Place::Local(folder) => {
                let folder = folder.clone();
                blocking(move || folder.size(key)).await
            }
            Place::Remote(bucket) => bucket.size(key).await,
        }
    }
}

impl Vault {
    /// A store that is there already, to be read alone; its address as for [`Vault::open`].
    ///
    /// # Errors
    /// As [`Vault::open`]; [`VaultError::NoFolder`].
    pub fn existing(url: &str, master: Arc<MasterKey>) -> Result<Self, VaultError> {
        Ok(Vault { place: Place::existing(url.trim())?, fallback: None, master })
    }

    /// A store to move into. A folder is made where it is not there, but not one in a folder that is not there either: that
    /// may be a disk that is not mounted, or a slip of the pen.
    ///
    /// # Errors
    /// As [`Vault::open`]; [`VaultError::NoFolder`].
    pub fn beside(url: &str, master: Arc<MasterKey>) -> Result<Self, VaultError> {
        let url = url.trim();
        if !is_bucket(url) {
            let folder = folder_of(url)?;
            let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
            let above = above.unwrap_or(Path::new("."));
            if !folder.is_dir() && !above.is_dir() {
                return Err(VaultError::NoFolder(above.display().to_string()));
            }
        }
        Ok(Vault { place: Place::open(Some(url), Path::new("."))?, fallback: None, master })
    }

    /// As this store, but what is not in it is read from the one at `url`, which is there already: the store before, while
    /// evidence is being moved. Nothing is ever written into that one; what is deleted goes from both.
    ///
    /// # Errors
    /// As [`Vault::existing`].
    pub fn with_fallback(mut self, url: Option<&str>) -> Result<Self, VaultError> {
        self.fallback = match given(url) {
            Some(url) => Some(Place::existing(url)?),
            None => None,
        };
        Ok(self)
    }

    /// Whether the store before can be read now; where there is none, nothing of it is away.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`].
    pub async fn probe_fallback(&self) -> Result<(), VaultError> {
        match &self.fallback {
            Some(other) => other.answers().await,
            None => Ok(()),
        }
    }

    /// Whether the store can't be reached now, or nothing lies in it: what is not found then is not lost. One that is full is
    /// not away.
    pub async fn is_away(&self) -> bool {
        let is_away = |found| matches!(found, Err(VaultError::Unavailable(_)));
        is_away(self.probe().await) || is_away(self.place.answers().await)
    }

    /// Whether the store before is away, while evidence is being moved: what is not found may lie there.
    pub async fn is_fallback_away(&self) -> bool {
        matches!(self.probe_fallback().await, Err(VaultError::Unavailable(_)))
    }

    /// Whether an object lies in this store; that before is not asked.
    ///
    /// # Errors
    /// [`VaultError::Unavailable`].
    pub async fn has(&self, key: Uuid) -> Result<bool, VaultError> {
        Ok(self.place.size(key).await?.is_some())
    }

    /// Where it is: a folder's path, or `s3://bucket/prefix`.
    pub fn address(&self) -> String {
        match &self.place {
            Place::Local(folder) => folder.root().display().to_string(),
            Place::Remote(bucket) => bucket.address(),
        }
    }

    /// `folder` or `bucket`.
    pub fn kind(&self) -> &'static str {
        match &self.place {
            Place::Local(_) => "folder",
            Place::Remote(_) => "bucket",
        }
    }

    /// Whether one of the two stores lies inside the other, or they are the same.
    pub fn overlaps(&self, other: &Vault) -> bool {
        match (&self.place, &other.place) {
            (Place::Local(one), Place::Local(two)) => {
                one.root().starts_with(two.root()) || two.root().starts_with(one.root())
            }
            (Place::Remote(one), Place::Remote(two)) => one.overlaps(two),
            _ => false,
        }
    }
}

fn given(url: Option<&str>) -> Option<&str> {
    url.map(str::trim).filter(|url| !url.is_empty())
}

fn is_bucket(url: &str) -> bool {
    url.starts_with("s3://")
}

fn folder_of(url: &str) -> Result<PathBuf, VaultError> {
    let wrong = || VaultError::Setting(url.to_owned());
    if url.starts_with("file://") {
        return url::Url::parse(url).ok().and_then(|url| url.to_file_path().ok()).ok_or_else(wrong);
    }
    if url.contains("://") { Err(wrong()) } else { Ok(url.into()) }
}
