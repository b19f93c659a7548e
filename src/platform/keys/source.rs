//! Where a master key is kept, and reading it from there.

use super::KeyError;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// A key file or a command's output is never longer than this; more is not a key.
const LONGEST: u64 = 16 * 1024;
const COMMAND_TIME: Duration = Duration::from_secs(30);

/// Where the master key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file that only its owner may read.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// The output of a shell command (a secret store's client, say).
    Command(String),
}

impl Source {
    /// Reads the setting; without one it is the file `master.key` in the data folder.
    ///
    /// # Errors
    /// [`KeyError::Setting`] when the setting has none of the three forms.
    pub fn parse(setting: Option<&str>, data_dir: &Path) -> Result<Self, KeyError> {
        let Some(setting) = setting.map(str::trim).filter(|s| !s.is_empty()) else {
            return Ok(Source::File(data_dir.join("master.key")));
        };
        match setting.split_once(':') {
            Some((_, "")) | None => Err(KeyError::Setting),
            Some(("file", path)) => Ok(Source::File(path.into())),
            Some(("env", name)) => Ok(Source::Env(name.into())),
            Some(("command", command)) => Ok(Source::Command(command.into())),
            Some(_) => Err(KeyError::Setting),
        }
    }

    /// The text that stands there, and what to call the place in a message.
    pub(super) fn read(&self) -> Result<(Zeroizing<String>, String), KeyError> {
        match self {
            Source::File(path) => Ok((read_file(path)?, path.display().to_string())),
            Source::Env(name) => {
                let place = format!("the environment variable {name}");
                let text = std::env::var(name).map_err(|_| KeyError::Missing(place.clone()))?;
                Ok((Zeroizing::new(text), place))
            }
            Source::Command(command) => Ok((run(command)?, "the command's output".into())),
        }
    }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> KeyError + '_ {
    |source| match source.kind() {
        io::ErrorKind::NotFound => KeyError::Missing(path.display().to_string()),
        _ => KeyError::File { path: path.to_owned(), source },
    }
}

/// Reads a key file; asks the open file, not the name, for its mode.
fn read_file(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let malformed = |why| KeyError::Malformed { place: path.display().to_string(), why };
    let file = File::open(path).map_err(file_error(path))?;
    let meta = file.metadata().map_err(file_error(path))?;
    if !meta.is_file() {
        return Err(malformed("it is not a file"));
    }
    let mode = meta.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Permissions { path: path.to_owned(), mode });
    }
    if meta.len() > LONGEST {
        return Err(malformed("it is too long"));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
    file.take(LONGEST).read_to_end(&mut bytes).map_err(file_error(path))?;
    text(&bytes).ok_or(malformed("it is not text"))
}

fn text(bytes: &[u8]) -> Option<Zeroizing<String>> {
    std::str::from_utf8(bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// Writes the key durably under a name of its own, then links it to its place, so that the place never holds half a
/// key and a key that is there already is never replaced.
pub(super) fn create_file(path: &Path, secret: &str) -> Result<(), KeyError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(file_error(folder))?;
    let draft = folder.join(format!(".master-{}", uuid::Uuid::now_v7()));
    let written = write_draft(&draft, secret).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(folder)?.sync_all(),
    });
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(|source| KeyError::File { path: path.to_owned(), source })
}

fn write_draft(draft: &Path, secret: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(b"# Master key of Lead Handoff. Keep a copy in a safe place, apart from the backups:\n")?;
    file.write_all(b"# without it no evidence can be opened and nothing can be signed.\n")?;
    file.write_all(secret.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Runs the command with `sh -c`; what it says on standard error is shown, its output is the key.
fn run(command: &str) -> Result<Zeroizing<String>, KeyError> {
    let failed = |why: String| KeyError::Command(why);
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| failed(format!("could not be started: {e}")))?;
    let pipe = child.stdout.take().ok_or_else(|| failed("has no output".into()))?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
        pipe.take(LONGEST).read_to_end(&mut bytes).map(|_| bytes)
    });
    let status = wait(&mut child)?;
    if !status.success() {
        return Err(failed(format!("failed ({status})")));
    }
    match reader.join() {
        Ok(Ok(bytes)) => text(&bytes).ok_or_else(|| failed("gave no text".into())),
        _ => Err(failed("gave no output that could be read".into())),
    }
}

fn wait(child: &mut Child) -> Result<std::process::ExitStatus, KeyError> {
    let failed = |e: io::Error| KeyError::Command(format!("could not be waited for: {e}"));
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            return Ok(status);
        }
        if begun.elapsed() > COMMAND_TIME {
            child.kill().and_then(|()| child.wait()).map_err(failed)?;
            return Err(KeyError::Command(format!("gave no answer in {} s", COMMAND_TIME.as_secs())));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_in_their_three_forms() {
        let dir = Path::new("/d");
        let default = Source::parse(None, dir).unwrap();
        assert_eq!(default, Source::File("/d/master.key".into()));
        assert_eq!(Source::parse(Some("file:k"), dir).unwrap(), Source::File("k".into()));
        assert_eq!(Source::parse(Some("env:K"), dir).unwrap(), Source::Env("K".into()));
        assert_eq!(Source::parse(Some("command:a b:c"), dir).unwrap(), Source::Command("a b:c".into()));
        for wrong in ["k", "file:", "http://x", "file"] {
            assert!(matches!(Source::parse(Some(wrong), dir), Err(KeyError::Setting)), "{wrong}");
        }
    }
}
