//! The directory of a ZIP, read by hand: nothing is allocated for what it only claims to have, and it is read in one way
//! alone, so that whatever opens an entry later opens the one that was weighed.

use std::io::{self, Read, Seek, SeekFrom};

use chrono::{NaiveDate, NaiveDateTime};
use encoding_rs::GB18030;
use flate2::read::DeflateDecoder;

use super::bounds::{Bounded, HARMLESS, MOST_RATIO, Unreadable};

/// So many entries are listed.
pub const MOST_ENTRIES: usize = 10_000;
/// The directory may take so many bytes.
const MOST_DIRECTORY: u64 = 16 << 20;
/// The end record with the longest comment.
const TAIL: u64 = 22 + 0xffff;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// An entry, as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// Bytes.
    pub packed: u64,
    /// Bytes, as it claims.
    pub unpacked: u64,
    pub is_encrypted: bool,
    /// In nobody knows which zone.
    pub time: Option<NaiveDateTime>,
    /// Kind and rights, where it was packed under Unix.
    pub mode: Option<u32>,
    method: u16,
    /// Where its own head lies.
    offset: u64,
}

impl Entry {
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }
}

/// The directory of an archive.
#[derive(Debug)]
pub struct Directory {
    /// The first of them.
    pub entries: Vec<Entry>,
    /// How many there are.
    pub total: u64,
    /// Bytes of the whole file.
    pub size: u64,
    /// Whether it stands as one program and the other read it alike: no bytes before, none behind, no second directory.
    is_plain: bool,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// So many bytes from a place on, which are there.
fn piece<R: Read + Seek>(source: &mut R, from: u64, size: u64) -> Result<Vec<u8>, Unreadable> {
    source.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    source.take(size).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(Unreadable::Damaged) }
}

/// What the end record says of the directory.
struct End {
    total: u64,
    size: u64,
    from: u64,
}

impl End {
    /// Of an archive of this size, with where the record lies; and whether it is the plain form at the file's very end.
    fn find<R: Read + Seek>(source: &mut R, size: u64) -> Result<(Self, u64, bool), Unreadable> {
        let tail = piece(source, size - size.min(TAIL), size.min(TAIL))?;
        let at = tail.windows(4).rposition(|four| four == b"PK\x05\x06").ok_or(Unreadable::Damaged)?;
        let record = &tail[at..];
        let told = || {
            let comment = u16_at(record, 20)?;
            let end = Self {
                total: u16_at(record, 10)?.into(),
                size: u32_at(record, 12)?.into(),
                from: u32_at(record, 16)?.into(),
            };
            Some((end, record.len() == 22 + usize::from(comment)))
        };
        let (end, is_last) = told().ok_or(Unreadable::Damaged)?;
        let lies = size - record.len() as u64;
        let is_short = end.total == 0xffff || end.size == 0xffff_ffff || end.from == 0xffff_ffff;
        if !is_short {
            return Ok((end, lies, is_last));
        }
        // The longer record of large archives, and where it lies.
        let locator = piece(source, lies.checked_sub(20).ok_or(Unreadable::Damaged)?, 20)?;
        if !locator.starts_with(b"PK\x06\x07") {
            return Ok((end, lies, is_last));
        }
        let lies = u64_at(&locator, 8).filter(|at| *at < size).ok_or(Unreadable::Damaged)?;
        let long = piece(source, lies, 56)?;
        let told =
            || Some(Self { total: u64_at(&long, 32)?, size: u64_at(&long, 40)?, from: u64_at(&long, 48)? });
        let end = told().filter(|_| long.starts_with(b"PK\x06\x06")).ok_or(Unreadable::Damaged)?;
        Ok((end, lies, false))
    }
}

impl Directory {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// `Damaged` for what is none; `TooLarge`; `Bomb` where entries lie in each other, or claim to be far more than they are.
    pub fn read<R: Read + Seek>(source: &mut R) -> Result<Self, Unreadable> {
        let size = source.seek(SeekFrom::End(0))?;
        let (end, lies, is_last) = End::find(source, size)?;
        if end.size > MOST_DIRECTORY {
            return Err(Unreadable::TooLarge);
        }
        // Something may stand before the archive, which moves all of it.
        let begin = lies.checked_sub(end.size).ok_or(Unreadable::Damaged)?;
        let moved = begin.checked_sub(end.from).ok_or(Unreadable::Damaged)?;
        let bytes = piece(source, begin, end.size)?;
        let mut entries = Vec::new();
        let mut rest = &bytes[..];
        while entries.len() < MOST_ENTRIES && (entries.len() as u64) < end.total {
            let (entry, length) = entry(rest, moved).ok_or(Unreadable::Damaged)?;
            entries.push(entry);
            rest = rest.get(length..).ok_or(Unreadable::Damaged)?;
        }
        let found = Self { entries, total: end.total, size, is_plain: is_last && moved == 0 };
        if found.is_bomb(begin) { Err(Unreadable::Bomb) } else { Ok(found) }
    }

    /// Whether what it claims, or how its entries lie, is that of a bomb.
    fn is_bomb(&self, directory: u64) -> bool {
        let packed: u64 = self.entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.packed));
        let unpacked: u64 = self.entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.unpacked));
        if is_blown_up(packed.min(self.size), unpacked) {
            return true;
        }
        let mut lies: Vec<(u64, u64)> =
            self.entries.iter().map(|entry| (entry.offset, entry.packed)).collect();
        lies.sort_unstable();
        let is_over = |(from, packed): (u64, u64), next: u64| {
            from.saturating_add(30).saturating_add(packed) > next && packed > 0
        };
        lies.windows(2).any(|two| is_over(two[0], two[1].0))
            || lies.last().is_some_and(|last| is_over(*last, directory))
    }

    /// The entry of a name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Unpacks all of it and keeps nothing: that it is so much, and nothing that two programs could read differently.
    ///
    /// # Errors
    /// Why a library is not to open it.
    pub fn weigh<R: Read + Seek>(&self, source: &mut R, most: u64) -> Result<(), Unreadable> {
        if self.entries.iter().any(|entry| entry.is_encrypted) {
            return Err(Unreadable::Locked);
        }
        if !self.is_plain || self.total != self.entries.len() as u64 {
            return Err(Unreadable::Unsupported);
        }
        let mut left = most;
        for entry in &self.entries {
            let mut content = self.open(source, entry, left)?;
            let unpacked = match io::copy(&mut content, &mut io::sink()).map_err(Unreadable::from) {
                Err(Unreadable::TooLarge) if is_blown_up(entry.packed, left) => return Err(Unreadable::Bomb),
                other => other?,
            };
            if is_blown_up(entry.packed, unpacked) {
                return Err(Unreadable::Bomb);
            }
            left -= unpacked;
        }
        Ok(())
    }

    /// Opens an entry, of which so many bytes may be unpacked.
    ///
    /// # Errors
    /// `Locked`, `Unsupported`, `Damaged`; reading it fails where it is more.
    pub fn open<'a, R: Read + Seek>(
        &self,
        source: &'a mut R,
        entry: &Entry,
        most: u64,
    ) -> Result<Box<dyn Read + 'a>, Unreadable> {
        if entry.is_encrypted {
            return Err(Unreadable::Locked);
        }
        let head = piece(source, entry.offset, 30)?;
        let lengths = u16_at(&head, 26).zip(u16_at(&head, 28)).filter(|_| head.starts_with(b"PK\x03\x04"));
        let (name, extra) = lengths.ok_or(Unreadable::Damaged)?;
        source.seek(SeekFrom::Current(i64::from(name) + i64::from(extra)))?;
        let packed = source.take(entry.packed);
        match entry.method {
            STORED => Ok(Box::new(Bounded::new(packed, most))),
            DEFLATED => Ok(Box::new(Bounded::new(DeflateDecoder::new(packed), most))),
            _ => Err(Unreadable::Unsupported),
        }
    }

    /// An entry as a whole.
    ///
    /// # Errors
    /// As [`Directory::open`]; `TooLarge`.
    pub fn content<R: Read + Seek>(
        &self,
        source: &mut R,
        entry: &Entry,
        most: u64,
    ) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        self.open(source, entry, most)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Whether so much comes out of so little that nobody packs it so.
pub fn is_blown_up(packed: u64, unpacked: u64) -> bool {
    unpacked > HARMLESS && unpacked / packed.max(1) > MOST_RATIO
}

/// The entry at the beginning of `bytes`, with how long it is there.
fn entry(bytes: &[u8], moved: u64) -> Option<(Entry, usize)> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return None;
    }
    let flags = u16_at(bytes, 8)?;
    let name_length = usize::from(u16_at(bytes, 28)?);
    let extra_length = usize::from(u16_at(bytes, 30)?);
    let comment_length = usize::from(u16_at(bytes, 32)?);
    let name = bytes.get(46..46 + name_length)?;
    let extra = bytes.get(46 + name_length..46 + name_length + extra_length)?;
    let mut long = long_sizes(extra);
    let mut size = |at: usize| {
        let short = u32_at(bytes, at)?;
        if short == u32::MAX { long.next().or(Some(short.into())) } else { Some(u64::from(short)) }
    };
    // In this order they stand in the longer form.
    let (unpacked, packed, offset) = (size(24)?, size(20)?, size(42)?);
    let made_by = u16_at(bytes, 4)? >> 8;
    let entry = Entry {
        name: name_of(name, flags & 0x800 != 0),
        packed,
        unpacked,
        is_encrypted: flags & 1 != 0,
        time: time_of(u16_at(bytes, 14)?, u16_at(bytes, 12)?),
        mode: (made_by == 3).then(|| u32_at(bytes, 38)).flatten().map(|all| all >> 16),
        method: u16_at(bytes, 10)?,
        offset: offset.checked_add(moved)?,
    };
    Some((entry, 46 + name_length + extra_length + comment_length))
}

/// The sizes of an entry that need more than 32 bits, in their order.
fn long_sizes(extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut rest = extra;
    let mut found: &[u8] = &[];
    while let (Some(id), Some(length)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let end = 4 + usize::from(length);
        let Some(field) = rest.get(4..end) else { break };
        if id == 1 {
            found = field;
            break;
        }
        rest = &rest[end..];
    }
    found.chunks_exact(8).map(|eight| u64_at(eight, 0).unwrap_or(0))
}

/// Names are UTF-8 where they say so or are; else what Chinese systems pack, GB18030.
fn name_of(name: &[u8], is_utf8: bool) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) if is_utf8 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => GB18030.decode_without_bom_handling(name).0.into_owned(),
    }
}

fn time_of(day: u16, time: u16) -> Option<NaiveDateTime> {
    let (day, time) = (u32::from(day), u32::from(time));
    let year = i32::try_from(1980 + (day >> 9)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, (day >> 5) & 15, day & 31)?;
    date.and_hms_opt(time >> 11, (time >> 5) & 63, (time & 31) * 2)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let how = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, bytes) in files {
            zip.start_file(*name, how).expect("an entry");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("an archive").into_inner()
    }

    fn read(bytes: &[u8]) -> Result<Directory, Unreadable> {
        Directory::read(&mut Cursor::new(bytes))
    }

    #[test]
    fn an_archive_is_listed_and_an_entry_opened() {
        let bytes = packed(&[("证据/1.txt", b"one"), ("2.txt", &[b'x'; 9_000])]);
        let found = read(&bytes).expect("a directory");
        assert_eq!(found.total, 2);
        let second = found.find("2.txt").expect("an entry");
        assert_eq!(second.unpacked, 9_000);
        let content = |most| found.content(&mut Cursor::new(&bytes), second, most);
        assert_eq!(content(9_000).expect("whole"), [b'x'; 9_000]);
        assert!(matches!(content(8_999), Err(Unreadable::TooLarge)));
        assert!(found.weigh(&mut Cursor::new(&bytes), 9_003).is_ok());
        assert!(matches!(found.weigh(&mut Cursor::new(&bytes), 9_002), Err(Unreadable::TooLarge)));
        // Behind other bytes it is listed, and opened by nobody else.
        let behind = [b"GIF89a".as_slice(), &bytes].concat();
        let found = read(&behind).expect("a directory");
        assert!(matches!(found.weigh(&mut Cursor::new(&behind), 1 << 20), Err(Unreadable::Unsupported)));
        let first = found.find("证据/1.txt").expect("an entry");
        assert_eq!(found.content(&mut Cursor::new(&behind), first, 9).expect("whole"), b"one");
    }

    #[test]
    fn a_bomb_is_known_by_what_it_claims_by_how_it_lies_and_by_what_it_is() {
        let bomb = packed(&[("0", &vec![0; 8 << 20])]);
        assert!(matches!(read(&bomb), Err(Unreadable::Bomb)), "it claims it");
        let at = bomb.windows(4).rposition(|four| four == b"PK\x01\x02").expect("a directory");
        let mut lying = bomb.clone();
        lying[at + 24..at + 28].copy_from_slice(&9_u32.to_le_bytes());
        let found = read(&lying).expect("it claims nothing");
        assert!(matches!(found.weigh(&mut Cursor::new(&lying), 1 << 26), Err(Unreadable::Bomb)));
        let mut over = packed(&[("a", b"some text"), ("b", b"some text")]);
        let at = over.windows(4).rposition(|four| four == b"PK\x01\x02").expect("a directory");
        over[at + 42..at + 46].copy_from_slice(&0_u32.to_le_bytes());
        assert!(matches!(read(&over), Err(Unreadable::Bomb)), "two entries of the same bytes");
    }

    #[test]
    fn what_claims_more_than_it_has_is_damaged() {
        let bytes = packed(&[("a", b"some text")]);
        let end = bytes.len() - 22;
        for (at, value) in [(10, 9_u32), (12, 9_999), (16, 9_999), (12, 0)] {
            let mut wrong = bytes.clone();
            let size = if at == 10 { 2 } else { 4 };
            wrong[end + at..end + at + size].copy_from_slice(&value.to_le_bytes()[..size]);
            assert!(matches!(read(&wrong), Err(Unreadable::Damaged)), "{at} {value}");
        }
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_err());
        }
        assert!(read(b"").is_err() && read(b"PK\x05\x06").is_err());
    }

    #[test]
    fn names_of_chinese_systems_are_read() {
        let (gbk, _, _) = GB18030.encode("证据");
        assert_eq!(name_of(&gbk, false), "证据");
        assert_eq!(name_of("证据".as_bytes(), false), "证据");
        assert!(name_of(&gbk, true).contains('\u{fffd}'));
    }
}
