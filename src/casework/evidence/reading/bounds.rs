//! The bounds within which a file is read, and why one is not shown.

use std::{
    cell::Cell,
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
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Why nothing of a file is shown.
#[derive(Debug)]
pub enum Unreadable {
    /// No kind of file that is read here.
    Unsupported,
    /// A table of a kind that is not read here, as its library allocates what the file claims to need: XLS, ODS.
    OtherTable,
    /// An archive of a kind that is not read here: 7z, RAR.
    OtherArchive,
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
            Self::OtherTable => "reading-other-table",
            Self::OtherArchive => "reading-other-archive",
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
        let read = within(&mut self.inner, buf, self.left, self.until)?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Reads no more than is left, and nothing behind `until`.
fn within(inner: &mut impl Read, buf: &mut [u8], left: u64, until: Instant) -> io::Result<usize> {
    in_time(until)?;
    if left == 0 {
        // It may end just here.
        let mut one = [0];
        let more = inner.read(&mut one)?;
        return if more == 0 { Ok(0) } else { Err(io::Error::other(Spent)) };
    }
    let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
    inner.read(&mut buf[..most])
}

fn in_time(until: Instant) -> io::Result<()> {
    if Instant::now() >= until { Err(io::Error::other(Spent)) } else { Ok(()) }
}

/// What may be read for one page, of all parts of a file together: so many bytes, within [`PATIENCE`].
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    until: Instant,
}

impl Budget {
    pub fn new(most: u64) -> Self {
        Self { left: Cell::new(most), until: Instant::now() + PATIENCE }
    }

    /// Bytes that may still be read.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    pub fn is_spent(&self) -> bool {
        self.left() == 0 || in_time(self.until).is_err()
    }

    /// Charges what is really read, whatever it claims to be and however it ends.
    pub fn meter<R: Read>(&self, inner: R) -> Metered<'_, R> {
        Metered { inner, budget: self }
    }
}

/// A part that is read at the cost of a [`Budget`].
pub struct Metered<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left();
        let read = within(&mut self.inner, buf, left, self.budget.until)?;
        self.budget.left.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// A file that gives its bytes for so long and no longer. It lies below what unpacks: that may go through any number of bytes
/// before it gives out one.
pub struct Timed<R> {
    inner: R,
    until: Instant,
}

impl<R> Timed<R> {
    pub fn new(inner: R, patience: Duration) -> Self {
        Self { inner, until: Instant::now() + patience }
    }
}

impl<R: Read> Read for Timed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        in_time(self.until)?;
        self.inner.read(buf)
    }
}

impl<R: Seek> Seek for Timed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        in_time(self.until)?;
        self.inner.seek(to)
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

    /// Gives three bytes and breaks.
    struct Breaking(bool);

    impl Read for Breaking {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            buf[..3].copy_from_slice(b"abc");
            Ok(3)
        }
    }

    #[test]
    fn a_budget_is_charged_for_all_parts_and_for_those_that_break() {
        let budget = Budget::new(7);
        let read = |source: &mut dyn Read| io::copy(&mut budget.meter(source), &mut io::sink());
        assert!(read(&mut Breaking(false)).map_err(Unreadable::from).is_err());
        assert_eq!(budget.left(), 4);
        assert_eq!(read(&mut b"abc".as_slice()).expect("whole"), 3);
        let more = read(&mut b"abc".as_slice()).map_err(Unreadable::from);
        assert!(matches!(more, Err(Unreadable::TooLarge)));
        assert!(budget.is_spent());
    }

    #[test]
    fn time_ends_a_file_that_is_only_skipped_through() {
        let mut late = Timed::new(io::Cursor::new(b"abc"), Duration::ZERO);
        assert!(matches!(late.seek(SeekFrom::Start(0)).map_err(Unreadable::from), Err(Unreadable::TooLarge)));
        let copied = |file: &mut dyn Read| io::copy(file, &mut io::sink()).map_err(Unreadable::from);
        assert!(matches!(copied(&mut late), Err(Unreadable::TooLarge)));
        assert!(matches!(copied(&mut Timed::new(io::Cursor::new(b"abc"), PATIENCE)), Ok(3)));
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
