use super::{Listed, VaultError};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream::BoxStream};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// Where files lie while they are written, inside the evidence folder so that a rename is enough to publish one.
const INCOMING: &str = ".incoming";
/// A draft younger than this may have been made but not yet locked by its writer.
const GRACE: Duration = Duration::from_secs(10);

/// The evidence folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: Arc<PathBuf>,
    /// Of each shelf, whether its name is known to be on the disk.
    shelves: Arc<[AtomicBool; 256]>,
}

fn unavailable(error: io::Error) -> VaultError {
    VaultError::Unavailable(error.into())
}

fn gone() -> VaultError {
    VaultError::Unavailable("its folder is not there".into())
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

impl Folder {
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        make_folder(&path.join(INCOMING)).map_err(unavailable)?;
        let folder = Self::of(path)?;
        sync_folder(&folder.root).map_err(unavailable)?;
        // Its own name too; not where the folder above may only be gone through.
        if let Some(above) = folder.root.parent()
            && let Err(error) = sync_folder(above)
        {
            tracing::debug!(%error, "the folder above the evidence is not synced");
        }
        Ok(folder)
    }

    /// A folder that is there already, to be read alone: nothing is made in it.
    pub fn existing(path: &Path) -> Result<Self, VaultError> {
        if !path.is_dir() {
            return Err(VaultError::NoFolder(path.display().to_string()));
        }
        Self::of(path)
    }

    fn of(path: &Path) -> Result<Self, VaultError> {
        let root = Arc::new(path.canonicalize().map_err(unavailable)?);
        Ok(Folder { root, shelves: Arc::new([const { AtomicBool::new(false) }; 256]) })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The shelf of an object, made where it is missing. Its name is on the disk when this returns: whoever made it may have
    /// been killed before it was, so that its being there is no proof. Once a run is enough.
    fn shelf(&self, key: Uuid, target: &Path) -> io::Result<()> {
        let Some(shelf) = target.parent() else { return Ok(()) };
        let is_kept = &self.shelves[usize::from(key.as_bytes()[15])];
        if is_kept.load(Ordering::Acquire) && shelf.is_dir() {
            return Ok(());
        }
        make_folder(shelf)?;
        sync_folder(&self.root)?;
        is_kept.store(true, Ordering::Release);
        Ok(())
    }

    fn path(&self, key: Uuid) -> PathBuf {
        self.root.join(super::object_name(key))
    }

    /// A draft to write an object into. It is removed when dropped without [`Draft::publish`].
    pub fn draft(&self, key: Uuid) -> Result<Draft, VaultError> {
        // What is copied keeps its key: two who copy it at once have a draft each, and one that was killed has left its own.
        let path = self.root.join(INCOMING).join(format!("{key}.{}", Uuid::now_v7()));
        let open = || {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.lock()?; // tells a sweeper that its writer lives
            Ok(file)
        };
        let file = open().map_err(|error: io::Error| VaultError::from_write(error))?;
        Ok(Draft { folder: self.clone(), key, file, path, target: self.path(key), published: false })
    }

    pub fn read(&self, key: Uuid) -> Result<File, VaultError> {
        File::open(self.path(key)).map_err(|error| match VaultError::from_read(key, error) {
            VaultError::Missing(_) if self.is_bare() => gone(),
            error => error,
        })
    }

    /// Bytes of an object; `None`: there is none.
    pub fn size(&self, key: Uuid) -> Result<Option<u64>, VaultError> {
        match fs::metadata(self.path(key)) {
            Ok(meta) => Ok(Some(meta.len())),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unavailable(error)),
            Err(_) if self.is_gone() => Err(gone()),
            Err(_) => Ok(None),
        }
    }

    /// Whether the folder itself is away: a disk that is not mounted leaves none, or an empty one. An object that is not
    /// found then is not lost.
    fn is_gone(&self) -> bool {
        fs::read_dir(&*self.root).map_or(true, |mut entries| entries.next().is_none())
    }

    /// Whether nothing was ever published in it, or the folder itself is away: a process that was started while the disk was
    /// not mounted has made the place for drafts where the disk belongs.
    fn is_bare(&self) -> bool {
        fs::read_dir(&*self.root)
            .map_or(true, |entries| entries.flatten().all(|entry| entry.file_name() == INCOMING))
    }

    /// Whether what lies in it can be read; nothing is written. A folder in which nothing lies has no answer.
    pub fn answers(&self) -> Result<(), VaultError> {
        if self.is_bare() { Err(gone()) } else { Ok(()) }
    }

    pub fn delete(&self, key: Uuid) -> Result<(), VaultError> {
        let path = self.path(key);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unavailable(error)),
            Err(_) if self.is_bare() => Err(gone()),
            Err(_) => Ok(()),
            Ok(()) => path.parent().map_or(Ok(()), sync_folder).map_err(unavailable),
        }
    }

    /// One folder of objects at a time, read off the async threads.
    pub fn list(&self) -> BoxStream<'static, Result<Listed, VaultError>> {
        let root = self.root.clone();
        futures_util::stream::iter(0..=u8::MAX)
            .then(move |shelf| {
                let path = root.join(format!("{shelf:02x}"));
                super::blocking(move || list_shelf(&path).map_err(unavailable))
            })
            .flat_map(|shelf| {
                let items =
                    shelf.map_or_else(|error| vec![Err(error)], |all| all.into_iter().map(Ok).collect());
                futures_util::stream::iter(items)
            })
            .boxed()
    }

    pub fn sweep(&self) -> Result<usize, VaultError> {
        let mut swept = 0;
        for entry in fs::read_dir(self.root.join(INCOMING)).map_err(unavailable)? {
            let path = entry.map_err(unavailable)?.path();
            if is_abandoned(&path) && fs::remove_file(&path).is_ok() {
                swept += 1;
            }
        }
        Ok(swept)
    }

    pub fn probe(&self) -> Result<(), VaultError> {
        let probe = self.draft(Uuid::now_v7())?;
        (&probe.file).write_all(b"probe").map_err(VaultError::from_write)
    }
}

fn list_shelf(path: &Path) -> io::Result<Vec<Listed>> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut listed = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(key) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        match entry.metadata() {
            Ok(meta) => listed.push(Listed {
                key,
                modified: DateTime::<Utc>::from(meta.modified()?),
                object_size: meta.len(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {} // deleted meanwhile
            Err(error) => return Err(error),
        }
    }
    Ok(listed)
}

/// Whoever writes a draft holds its lock; the system lets go of it when the process ends, however it ends.
fn is_abandoned(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let age = file.metadata().and_then(|meta| meta.modified()).map(|at| at.elapsed().unwrap_or_default());
    age.is_ok_and(|age| age > GRACE) && file.try_lock().is_ok()
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Draft {
    folder: Folder,
    key: Uuid,
    file: File,
    path: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Draft {
    /// What was written so far, for reading it once more: on the disk, and read from there where the system lets go of
    /// what it has kept of it in memory.
    pub fn written(&self) -> io::Result<File> {
        self.file.sync_all()?;
        let file = File::open(&self.path)?;
        #[cfg(target_os = "linux")]
        let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        Ok(file)
    }

    /// Makes the draft the object: bytes on disk, then the name, then the name on disk, and that of its shelf.
    pub fn publish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        self.folder.shelf(self.key, &self.target)?;
        if let Some(shelf) = self.target.parent() {
            fs::rename(&self.path, &self.target)?;
            self.path = self.target.clone(); // to be removed if its name can't be made durable
            sync_folder(shelf)?;
            self.published = true;
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.path); // else it is swept at the next start
        }
    }
}
