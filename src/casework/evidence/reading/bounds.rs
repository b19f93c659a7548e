//! The bounds within which a file is read, and why one is not shown.

use std::{
    error::Error,
    fmt,
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use crate::platform::vault::VaultError;

/// Files that are opened as a whole may be so large, in bytes.
pub const MOST_WHOLE: u64 = 32 << 20;
/// So much of what is packed is unpacked for one page, in bytes.
pub const MOST_UNPACKED: u64 = 64 << 20;
/// Of a stream (a tape archive, a web capture) so much is gone through for one page, in bytes.
pub const MOST_STREAM: u64 = 256 << 20;
/// What unpacks to more than this many times its size is taken for a bomb, once it is more than [`HARMLESS`].
pub const MOST_RATIO: u64 = 200;
/// So much may unpack at any ratio, in bytes.
pub const HARMLESS: u64 = 4 << 20;
/// How long a file is read for one page.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why nothing of a file is shown.
#[derive(Debug)]
pub enum Unreadable {
    /// No kind of file that is read here.
    Unsupported,
    /// It is not what it says it is, or cut short.
    Damaged,
    /// It would take more memory or time than there is for a page.
    TooLarge,
    /// It unpacks to far more than it is.
    Bomb,
    /// It opens by a password alone.
    Locked,
    /// The store did not give its bytes: that is no fault of the file.
    Store(io::Error),
}

impl Unreadable {
    /// The message that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Unsupported => "reading-not-supported",
            Self::TooLarge => "reading-too-large",
            Self::Bomb => "reading-bomb",
            Self::Locked => "reading-locked",
            Self::Damaged | Self::Store(_) => "reading-damaged",
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        let is_store = error.get_ref().is_some_and(|cause| cause.is::<VaultError>());
        let is_spent = error.get_ref().is_some_and(|cause| cause.is::<Spent>());
        match (is_store, is_spent) {
            (true, _) => Self::Store(error),
            (_, true) => Self::TooLarge,
            _ => Self::Damaged,
        }
    }
}

/// That a bound was reached.
#[derive(Debug)]
struct Spent;

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("more than is read for a page")
    }
}

impl Error for Spent {}

/// Gives so many bytes within [`PATIENCE`], and an error where there are more.
pub struct Bounded<R> {
    inner: R,
    left: u64,
    until: Instant,
}

impl<R: Read> Bounded<R> {
    pub fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most, until: Instant::now() + PATIENCE }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::Error::other(Spent));
        }
        if self.left == 0 {
            // It may end just here.
            let mut one = [0];
            let more = self.inner.read(&mut one)?;
            return if more == 0 { Ok(0) } else { Err(io::Error::other(Spent)) };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let read = self.inner.read(&mut buf[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// A file as a whole, which says to be of this size.
///
/// # Errors
/// `TooLarge`; those of reading.
pub fn whole<R: Read + Seek>(source: &mut R, size: u64) -> Result<Vec<u8>, Unreadable> {
    if size > MOST_WHOLE {
        return Err(Unreadable::TooLarge);
    }
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source.take(MOST_WHOLE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a library makes of a hostile file: where it panics, the file is damaged.
///
/// # Errors
/// Those of `read`.
pub fn caught<T>(read: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Unreadable::Damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_told_and_not_taken_for_an_end() {
        let read = |bytes: &[u8], most| {
            let mut out = Vec::new();
            Bounded::new(bytes, most).read_to_end(&mut out).map(|_| out).map_err(Unreadable::from)
        };
        assert_eq!(read(b"abc", 3).expect("whole"), b"abc");
        assert_eq!(read(b"abc", 9).expect("whole"), b"abc");
        assert!(matches!(read(b"abc", 2), Err(Unreadable::TooLarge)));
    }

    #[test]
    fn what_the_store_lacks_is_no_fault_of_the_file() {
        let lost = io::Error::other(VaultError::NoFolder("x".into()));
        assert!(matches!(Unreadable::from(lost), Unreadable::Store(_)));
        assert!(matches!(Unreadable::from(io::Error::other("odd")), Unreadable::Damaged));
    }

    #[test]
    fn a_panic_is_a_damaged_file() {
        let read = || -> Result<(), Unreadable> { panic!("a library") };
        assert!(matches!(caught(read), Err(Unreadable::Damaged)));
    }
}
