use super::KeyError;
use age::secrecy::ExposeSecret;
use std::{
    fmt,
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
const PREFIX: &str = "AGE-SECRET-KEY-1";

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
}

/// The key that wraps all others. It is cleared from memory when dropped, and never printed.
#[derive(Clone)]
pub struct MasterKey(age::x25519::Identity);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.fingerprint())
    }
}

impl MasterKey {
    /// A new random key.
    pub fn generate() -> Self {
        MasterKey(age::x25519::Identity::generate())
    }

    /// Opens an existing key.
    ///
    /// # Errors
    /// [`KeyError::Missing`] when it is not there; else what is wrong with it.
    pub fn open(source: &Source) -> Result<Self, KeyError> {
        match source {
            Source::File(path) => Self::parse(&read_file(path)?, &path.display().to_string()),
            Source::Env(name) => {
                let place = format!("the environment variable {name}");
                let text = std::env::var(name).map_err(|_| KeyError::Missing(place.clone()))?;
                Self::parse(&Zeroizing::new(text), &place)
            }
            Source::Command(command) => Self::parse(&run(command)?, "the command's output"),
        }
    }

    /// Opens the key, and makes it first if its source is a file that is not there. To be called only where nothing
    /// has been wrapped yet; otherwise [`MasterKey::open`].
    ///
    /// # Errors
    /// As [`MasterKey::open`], and when the file can't be written.
    pub fn open_or_create(source: &Source) -> Result<Self, KeyError> {
        match (Self::open(source), source) {
            (Err(KeyError::Missing(_)), Source::File(path)) => {
                create_file(path, &Self::generate())?;
                Self::open(source) // whoever came first has made it
            }
            (result, _) => result,
        }
    }

    /// Reads the text form: one line `AGE-SECRET-KEY-1…`; blank lines and those with `#` are passed over.
    fn parse(text: &str, place: &str) -> Result<Self, KeyError> {
        let malformed = |why| KeyError::Malformed { place: place.to_owned(), why };
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = lines.next().ok_or(malformed("it is empty"))?;
        if lines.next().is_some() {
            return Err(malformed("it has more than one key"));
        }
        if !line.starts_with(PREFIX) {
            return Err(malformed("it does not begin with AGE-SECRET-KEY-1"));
        }
        line.parse().map(MasterKey).map_err(|_| malformed("the key is mistyped or cut short"))
    }

    /// A short public mark of this key (16 hex digits), to tell it from another; it gives nothing away.
    pub fn fingerprint(&self) -> String {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(self.0.to_public().to_string());
        data_encoding::HEXLOWER.encode(&digest[..8])
    }

    /// Encrypts a small secret so that only this key opens it. Each call gives different bytes.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] if the encryption fails, which it does not in memory.
    pub fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        age::encrypt(&self.0.to_public(), secret).map_err(|_| KeyError::Damaged)
    }

    /// Opens what [`MasterKey::wrap`] made; the result is cleared from memory when dropped.
    ///
    /// # Errors
    /// [`KeyError::OtherMaster`] when another key wrapped it, [`KeyError::Damaged`] when it has changed.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match age::decrypt(&self.0, wrapped) {
            Ok(secret) => Ok(Zeroizing::new(secret)),
            Err(age::DecryptError::NoMatchingKeys) => Err(KeyError::OtherMaster),
            Err(_) => Err(KeyError::Damaged),
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
fn create_file(path: &Path, key: &MasterKey) -> Result<(), KeyError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(file_error(folder))?;
    let draft = folder.join(format!(".master-{}", uuid::Uuid::now_v7()));
    let written = write_draft(&draft, key).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(folder)?.sync_all(),
    });
    let removed = fs::remove_file(&draft);
    written.and(removed).map_err(|source| KeyError::File { path: path.to_owned(), source })
}

fn write_draft(draft: &Path, key: &MasterKey) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    let secret = key.0.to_string();
    file.write_all(b"# Master key of Lead Handoff. Keep a copy in a safe place, apart from the backups:\n")?;
    file.write_all(b"# without it no evidence can be opened and nothing can be signed.\n")?;
    file.write_all(secret.expose_secret().as_bytes())?;
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

    fn default_in(dir: &Path) -> Source {
        Source::parse(None, dir).unwrap()
    }

    #[test]
    fn settings_are_read_in_their_three_forms() {
        let dir = Path::new("/d");
        assert_eq!(default_in(dir), Source::File("/d/master.key".into()));
        assert_eq!(Source::parse(Some("file:k"), dir).unwrap(), Source::File("k".into()));
        assert_eq!(Source::parse(Some("env:K"), dir).unwrap(), Source::Env("K".into()));
        assert_eq!(Source::parse(Some("command:a b:c"), dir).unwrap(), Source::Command("a b:c".into()));
        for wrong in ["k", "file:", "http://x", "file"] {
            assert!(matches!(Source::parse(Some(wrong), dir), Err(KeyError::Setting)), "{wrong}");
        }
    }

    #[test]
    fn a_new_key_is_made_once_and_only_for_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let source = default_in(&dir.path().join("data"));
        assert!(matches!(MasterKey::open(&source), Err(KeyError::Missing(_))));
        let first = MasterKey::open_or_create(&source).unwrap();
        let again = MasterKey::open_or_create(&source).unwrap();
        assert_eq!(first.fingerprint(), again.fingerprint());
        let path = dir.path().join("data/master.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn many_starting_at_once_agree_on_one_key() {
        let dir = tempfile::tempdir().unwrap();
        let source = default_in(dir.path());
        let marks: std::collections::HashSet<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| MasterKey::open_or_create(&source).unwrap().fingerprint()))
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(marks.len(), 1);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_the_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let source = default_in(dir.path());
        MasterKey::open_or_create(&source).unwrap();
        let path = dir.path().join("master.key");
        for mode in [0o640, 0o604, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKey::open_or_create(&source).unwrap_err();
            assert!(matches!(error, KeyError::Permissions { mode: m, .. } if m == mode));
            assert!(error.to_string().contains("chmod 600"));
        }
    }

    #[test]
    fn what_is_not_a_key_is_named_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let source = default_in(dir.path());
        let path = dir.path().join("master.key");
        let key = MasterKey::generate().0.to_string();
        let key = key.expose_secret();
        let cases =
            [String::new(), "hello".into(), key[..40].into(), format!("{key}\n{key}"), "x".repeat(20_000)];
        for text in cases {
            fs::write(&path, &text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let error = MasterKey::open_or_create(&source).unwrap_err();
            assert!(matches!(error, KeyError::Malformed { .. }), "{error}");
            assert!(!error.to_string().contains("SECRET-KEY-1Q"));
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_command_gives_the_key_or_says_why_not() {
        let key = MasterKey::generate();
        let text = key.0.to_string();
        let source = Source::Command(format!("printf '# made\\n{}\\n'", text.expose_secret()));
        assert_eq!(MasterKey::open(&source).unwrap().fingerprint(), key.fingerprint());
        let error = MasterKey::open(&Source::Command("exit 3".into())).unwrap_err();
        assert!(error.to_string().contains("exit status: 3"), "{error}");
        let error = MasterKey::open(&Source::Env("LEAD_HANDOFF_NO_SUCH_VARIABLE".into())).unwrap_err();
        assert!(matches!(error, KeyError::Missing(_)));
    }

    #[test]
    fn wrapping_needs_the_same_key_and_every_byte() {
        let (one, two) = (MasterKey::generate(), MasterKey::generate());
        let wrapped = one.wrap(b"secret").unwrap();
        assert_eq!(&**one.unwrap(&wrapped).unwrap(), b"secret");
        assert_ne!(wrapped, one.wrap(b"secret").unwrap());
        assert!(matches!(two.unwrap(&wrapped), Err(KeyError::OtherMaster)));
        for at in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            changed[at] ^= 1;
            assert!(one.unwrap(&changed).is_err(), "byte {at}");
        }
        assert!(one.unwrap(&wrapped[..wrapped.len() - 1]).is_err());
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let key = MasterKey::generate();
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.fingerprint()));
    }
}
