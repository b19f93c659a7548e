use super::{
    KeyError,
    source::{Source, create_file},
};
use age::secrecy::{ExposeSecret, SecretString};
use std::{fmt, path::Path};
use zeroize::Zeroizing;

const PREFIX: &str = "AGE-SECRET-KEY-1";
/// Length of a key's mark in bytes; whatever a key wraps begins with it.
const MARK: usize = 8;

/// How everything begins that was wrapped before marks were written: as every age file does.
pub const UNMARKED: [u8; MARK] = *b"age-encr";

/// One key, with its mark.
#[derive(Clone)]
struct One {
    identity: age::x25519::Identity,
    mark: [u8; MARK],
}

impl One {
    fn new(identity: age::x25519::Identity) -> Self {
        use sha2::{Digest, Sha256};
        let digest: [u8; 32] = Sha256::digest(identity.to_public().to_string()).into();
        let mut mark = [0; MARK];
        mark.copy_from_slice(&digest[..MARK]);
        One { identity, mark }
    }

    fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match age::decrypt(&self.identity, sealed) {
            Ok(secret) => Ok(Zeroizing::new(secret)),
            Err(age::DecryptError::NoMatchingKeys) => Err(KeyError::OtherMaster),
            Err(_) => Err(KeyError::Damaged),
        }
    }
}

/// The key that wraps all others. While it is being changed, the one before is known beside it: that one opens what it
/// wrapped, and wraps nothing more. They are cleared from memory when dropped, and never printed.
#[derive(Clone)]
pub struct MasterKey {
    own: One,
    previous: Vec<One>,
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.fingerprint())
    }
}

impl MasterKey {
    fn of(identity: age::x25519::Identity) -> Self {
        MasterKey { own: One::new(identity), previous: Vec::new() }
    }

    /// A new random key.
    pub fn generate() -> Self {
        Self::of(age::x25519::Identity::generate())
    }

    /// Opens an existing key.
    ///
    /// # Errors
    /// [`KeyError::Missing`] when it is not there; else what is wrong with it.
    pub fn open(source: &Source) -> Result<Self, KeyError> {
        let (text, place) = source.read()?;
        Self::parse(&text, &place)
    }

    /// Opens the key, and makes it first if its source is a file that is not there. To be called only where nothing
    /// has been wrapped yet; otherwise [`MasterKey::open`].
    ///
    /// # Errors
    /// As [`MasterKey::open`], and when the file can't be written.
    pub fn open_or_create(source: &Source) -> Result<Self, KeyError> {
        match (Self::open(source), source) {
            (Err(KeyError::Missing(_)), Source::File(path)) => {
                create_file(path, Self::generate().secret().expose_secret())?;
                Self::open(source) // whoever came first has made it
            }
            (result, _) => result,
        }
    }

    /// Makes a new key in a file that is not there yet.
    ///
    /// # Errors
    /// [`KeyError::There`] when there is one already; the file can't be written.
    pub fn make(path: &Path) -> Result<Self, KeyError> {
        let there = || KeyError::There(path.to_owned());
        if path.symlink_metadata().is_ok() {
            return Err(there());
        }
        let key = Self::generate();
        create_file(path, key.secret().expose_secret())?;
        let made = Self::open(&Source::File(path.to_owned()))?;
        if made.own.mark == key.own.mark { Ok(made) } else { Err(there()) }
    }

    fn secret(&self) -> SecretString {
        self.own.identity.to_string()
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
        line.parse().map(Self::of).map_err(|_| malformed("the key is mistyped or cut short"))
    }

    /// This key, which also knows `older` and the keys that that one knows.
    #[must_use]
    pub fn with_previous(mut self, older: &MasterKey) -> Self {
        for one in older.all() {
            if self.all().all(|known| known.mark != one.mark) {
                self.previous.push(one.clone());
            }
        }
        self
    }

    /// Its own key first.
    fn all(&self) -> impl Iterator<Item = &One> {
        std::iter::once(&self.own).chain(&self.previous)
    }

    /// A short public mark of this key (16 hex digits), to tell it from another; it gives nothing away.
    pub fn fingerprint(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.own.mark)
    }

    /// The mark as what the key wraps begins with it.
    pub fn mark(&self) -> [u8; MARK] {
        self.own.mark
    }

    /// The marks of the keys that it knows beside its own.
    pub fn previous(&self) -> Vec<[u8; MARK]> {
        self.previous.iter().map(|one| one.mark).collect()
    }

    /// Whether it is the key with this [`MasterKey::fingerprint`], or knows it.
    pub fn knows(&self, fingerprint: &str) -> bool {
        self.all().any(|one| data_encoding::HEXLOWER.encode(&one.mark) == fingerprint)
    }

    /// Encrypts a small secret so that only this key opens it: its mark, then an age file. Each call gives different
    /// bytes.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] if the encryption fails, which it does not in memory.
    pub fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        let sealed = age::encrypt(&self.own.identity.to_public(), secret).map_err(|_| KeyError::Damaged)?;
        Ok([&self.own.mark[..], &sealed].concat())
    }

    /// Opens what [`MasterKey::wrap`] made, by this key or one that it knows; the result is cleared from memory when
    /// dropped.
    ///
    /// # Errors
    /// [`KeyError::OtherMaster`] when another key wrapped it, [`KeyError::Damaged`] when it has changed.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (mark, sealed) = wrapped.split_first_chunk::<MARK>().ok_or(KeyError::Damaged)?;
        if *mark != UNMARKED {
            let one = self.all().find(|one| one.mark == *mark).ok_or(KeyError::OtherMaster)?;
            return one.open(sealed);
        }
        for one in self.all() {
            match one.open(wrapped) {
                Err(KeyError::OtherMaster) => {}
                opened => return opened,
            }
        }
        Err(KeyError::OtherMaster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn default_in(dir: &Path) -> Source {
        Source::parse(None, dir).unwrap()
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
        let key = MasterKey::generate().secret();
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
        let text = key.secret();
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
    fn the_key_before_opens_what_it_wrapped_and_wraps_nothing_more() {
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let wrapped = old.wrap(b"secret").unwrap();
        let both = new.clone().with_previous(&old);
        assert_eq!(&**both.unwrap(&wrapped).unwrap(), b"secret");
        assert_eq!(&**new.unwrap(&both.wrap(b"later").unwrap()).unwrap(), b"later");
        assert!(matches!(old.unwrap(&both.wrap(b"later").unwrap()), Err(KeyError::OtherMaster)));
        assert_eq!((both.fingerprint(), both.previous()), (new.fingerprint(), vec![old.mark()]));
        assert!(both.knows(&old.fingerprint()) && !new.knows(&old.fingerprint()));
        // Known twice, it is there once; a third key is known through the second.
        let third = MasterKey::generate().with_previous(&both).with_previous(&old);
        assert_eq!(third.previous(), [new.mark(), old.mark()]);
    }

    #[test]
    fn what_was_wrapped_before_marks_were_written_opens_all_the_same() {
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let bare = old.wrap(b"secret").unwrap().split_off(MARK);
        assert!(bare.starts_with(&UNMARKED));
        assert_eq!(&**old.unwrap(&bare).unwrap(), b"secret");
        assert_eq!(&**new.clone().with_previous(&old).unwrap(&bare).unwrap(), b"secret");
        assert!(matches!(new.unwrap(&bare), Err(KeyError::OtherMaster)));
        assert!(matches!(old.unwrap(b"short"), Err(KeyError::Damaged)));
    }

    #[test]
    fn a_key_is_made_where_there_is_none_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new.key");
        let made = MasterKey::make(&path).unwrap();
        assert!(matches!(MasterKey::make(&path), Err(KeyError::There(_))));
        assert_eq!(MasterKey::open(&Source::File(path)).unwrap().fingerprint(), made.fingerprint());
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let key = MasterKey::generate();
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.fingerprint()));
    }
}
