//! The paper of a check: the file that was checked as a whole, and the new file that the paper is written into.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
    time::SystemTime,
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Args, why};
use crate::{
    casework::dossier::verify::{
        paper::{self, Checked, Outcome},
        said::Given,
    },
    platform::{
        db::Instant,
        i18n::{Lang, t},
    },
};

/// All bytes of the file as they are before the check.
pub(super) struct Whole {
    size: u64,
    sha256: String,
    modified: Option<SystemTime>,
}

impl Whole {
    pub fn of(file: &mut File) -> io::Result<Self> {
        let modified = file.metadata()?.modified().ok();
        let (mut sha256, mut size) = (Sha256::new(), 0);
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            sha256.update(&buffer[..read]);
            size += read as u64;
        }
        Ok(Self { size, sha256: HEXLOWER.encode(&sha256.finalize()), modified })
    }

    /// Whether somebody wrote into the file meanwhile, so that the hash may be that of other bytes than were checked.
    pub fn has_changed(&self, file: &File) -> bool {
        let same = |meta: std::fs::Metadata| meta.len() == self.size && meta.modified().ok() == self.modified;
        !file.metadata().is_ok_and(same)
    }
}

/// Writes the paper into a new file: one that is there, such as the package, is never written over.
pub(super) fn write_paper(
    to: &Path,
    args: &Args,
    whole: &Whole,
    outcome: &Outcome<'_>,
    given: &Given,
    lang: Lang,
) -> Result<(), String> {
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let checked = Checked {
        file: &name,
        size: whole.size,
        sha256: &whole.sha256,
        at: Instant::system_now(),
        version: env!("CARGO_PKG_VERSION"),
        given,
    };
    let bytes = paper::pdf(outcome, &checked, lang).map_err(|e| e.to_string())?;
    let mut file = File::options().write(true).create_new(true).open(to).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => t(lang, "verify-paper-exists"),
        _ => why(&e, lang),
    })?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| {
        // A paper that breaks off would be taken for one, and stand in the way of the next.
        let _ = fs::remove_file(to);
        why(&e, lang)
    })
}
