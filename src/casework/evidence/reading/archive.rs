//! What is in an archive, without a byte of it being unpacked to a disk. An archive in an archive is named and not opened.

use std::{
    collections::HashSet,
    io::{self, Read, Seek, SeekFrom},
};

use chrono::DateTime;
use encoding_rs::GB18030;
use flate2::read::MultiGzDecoder;

use super::{
    bounds::{Bounded, MOST_RATIO, MOST_STREAM, Unreadable},
    marks,
    unzip::{Directory, Entry, MOST_ENTRIES},
};

const MOST_NAME: usize = 300;
const BLOCK: u64 = 512;
/// A long name in a tape archive may take so many bytes.
const MOST_LONG: u64 = 64 << 10;

/// What is in an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub lines: Vec<Line>,
    /// How many entries there are, as far as it was read.
    pub total: u64,
    /// Whether there is more than was read.
    pub is_cut: bool,
    /// Whether it ends before its end.
    pub is_broken: bool,
}

/// One entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    /// Message keys of what is dangerous in it, or is not opened.
    pub marks: Vec<&'static str>,
    /// Bytes; `None`: they are packed together.
    pub packed: Option<u64>,
    pub unpacked: u64,
    /// As it is said there, without a zone.
    pub time: String,
}

/// What is dangerous in a name.
fn dangers(name: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let is_drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with(['/', '\\']) || is_drive {
        found.push("reading-danger-absolute");
    }
    if name.split(['/', '\\']).any(|part| part == "..") {
        found.push("reading-danger-up");
    }
    if marks::hides(name) {
        found.push("reading-danger-hidden");
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if ending.is_some_and(|ending| NESTED.contains(&ending.as_str())) {
        found.push("reading-nested");
    }
    found
}

/// Endings of archives.
const NESTED: [&str; 10] = ["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar", "wacz"];

/// What the kind of an entry under Unix says.
fn of_mode(mode: u32) -> Option<&'static str> {
    match mode & 0o170_000 {
        0o120_000 => Some("reading-danger-link"),
        0o020_000 | 0o060_000 | 0o010_000 | 0o140_000 => Some("reading-danger-device"),
        _ => None,
    }
}

/// Lists a ZIP.
pub fn zipped(directory: &Directory) -> Listing {
    let mut seen = HashSet::new();
    let line = |entry: &Entry| {
        let mut found = dangers(&entry.name);
        found.extend(entry.mode.and_then(of_mode));
        if entry.is_encrypted {
            found.push("reading-danger-locked");
        }
        if !seen.insert(entry.name.clone()) {
            found.push("reading-danger-twice");
        }
        Line {
            name: marks::line(&entry.name, MOST_NAME),
            marks: found,
            packed: Some(entry.packed),
            unpacked: entry.unpacked,
            time: entry.time.map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
        }
    };
    Listing {
        lines: directory.entries.iter().map(line).collect(),
        total: directory.total,
        is_cut: directory.total > directory.entries.len() as u64,
        is_broken: false,
    }
}

/// Lists a tape archive (TAR).
///
/// # Errors
/// `Damaged` for what is none.
pub fn taped<R: Read + Seek>(source: &mut R) -> Result<Listing, Unreadable> {
    let size = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    listed(source, |source, length| {
        let at = source.seek(SeekFrom::Current(i64::try_from(length).unwrap_or(i64::MAX)))?;
        if at > size { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    })
}

/// Lists a packed tape archive (TAR.GZ) of this size: what it unpacks to passes by and is kept nowhere.
///
/// # Errors
/// `Damaged` for what is none; `Bomb`.
pub fn taped_and_packed<R: Read + Seek>(source: &mut R, size: u64) -> Result<Listing, Unreadable> {
    source.seek(SeekFrom::Start(0))?;
    let most = size.saturating_mul(MOST_RATIO).clamp(super::bounds::HARMLESS, MOST_STREAM);
    let mut stream = Bounded::new(MultiGzDecoder::new(source), most);
    let listing = listed(&mut stream, |stream, length| {
        let passed = io::copy(&mut stream.by_ref().take(length), &mut io::sink())?;
        if passed < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    })?;
    // It went on at a ratio that nobody packs at.
    if listing.is_cut && most < MOST_STREAM && listing.lines.len() < MOST_ENTRIES {
        return Err(Unreadable::Bomb);
    }
    Ok(listing)
}

/// A block, `None` at the end of the file.
fn block<R: Read>(source: &mut R) -> io::Result<Option<[u8; 512]>> {
    let mut block = Vec::with_capacity(512);
    source.by_ref().take(BLOCK).read_to_end(&mut block)?;
    match (block.is_empty(), <[u8; 512]>::try_from(block)) {
        (true, _) => Ok(None),
        (_, Ok(block)) => Ok(Some(block)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn listed<R: Read>(
    source: &mut R,
    mut skip: impl FnMut(&mut R, u64) -> io::Result<()>,
) -> Result<Listing, Unreadable> {
    let mut listing = Listing::default();
    let mut long = Long::default();
    loop {
        let read = next(source, &mut skip, &mut long);
        match read.map_err(Unreadable::from) {
            Ok(Next::Line(line)) => {
                listing.total += 1;
                if listing.lines.len() == MOST_ENTRIES {
                    listing.is_cut = true;
                    return Ok(listing);
                }
                listing.lines.push(line);
            }
            Ok(Next::Told) => {}
            Ok(Next::End) => return Ok(listing),
            Err(fault @ Unreadable::Store(_)) => return Err(fault),
            Err(Unreadable::TooLarge) => {
                listing.is_cut = true;
                return Ok(listing);
            }
            Err(fault) if listing.lines.is_empty() => return Err(fault),
            Err(_) => {
                listing.is_broken = true;
                return Ok(listing);
            }
        }
    }
}

/// What entries before an entry say of it.
#[derive(Default)]
struct Long {
    name: Option<String>,
    size: Option<u64>,
    /// Entries one after the other that only tell of the next.
    told: u32,
}

/// What comes next.
enum Next {
    Line(Line),
    /// What tells of the entry behind it.
    Told,
    End,
}

fn next<R: Read>(
    source: &mut R,
    skip: &mut impl FnMut(&mut R, u64) -> io::Result<()>,
    long: &mut Long,
) -> io::Result<Next> {
    let Some(head) = block(source)? else { return Ok(Next::End) };
    if head.iter().all(|byte| *byte == 0) {
        return Ok(Next::End);
    }
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    if number(&head[148..156]) != Some(sum(&head)) {
        return Err(damaged());
    }
    let kind = head[156];
    let size = number(&head[124..136]).ok_or_else(damaged)?;
    if matches!(kind, b'L' | b'K' | b'x' | b'g') {
        long.told += 1;
        if size > MOST_LONG || long.told > 8 {
            return Err(damaged());
        }
        let mut told = Vec::new();
        source.by_ref().take(size).read_to_end(&mut told)?;
        skip(source, padding(size))?;
        match kind {
            b'L' => long.name = Some(text_of(&told)),
            b'x' => {
                long.name = extension(&told, "path").map(str::to_owned).or(long.name.take());
                long.size = extension(&told, "size").and_then(|size| size.parse().ok());
            }
            _ => {}
        }
        return Ok(Next::Told);
    }
    let told = std::mem::take(long);
    let size = told.size.unwrap_or(size);
    let name = told.name.unwrap_or_else(|| name_of(&head));
    let mut found = dangers(&name);
    match kind {
        b'1' | b'2' => found.push("reading-danger-link"),
        b'3' | b'4' | b'6' => found.push("reading-danger-device"),
        _ => {}
    }
    let at = number(&head[136..148]).and_then(|at| DateTime::from_timestamp(i64::try_from(at).ok()?, 0));
    let line = Line {
        name: marks::line(&name, MOST_NAME),
        marks: found,
        packed: None,
        unpacked: size,
        time: at.map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
    };
    // Links and devices have no bytes, whatever they say.
    let length = if matches!(kind, b'1'..=b'6') { 0 } else { size };
    skip(source, length.checked_add(padding(length)).ok_or_else(damaged)?)?;
    Ok(Next::Line(line))
}

/// How many bytes fill the last block of so many.
fn padding(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}

/// A number in octal figures, or in binary where it needs more.
fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        let (large, small) = field.split_at(field.len() - 8);
        let is_small = large.iter().skip(1).all(|byte| *byte == 0) && large.first() == Some(&0x80);
        return is_small.then(|| small.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

fn sum(head: &[u8; 512]) -> u64 {
    let counted = head.iter().enumerate();
    counted.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum()
}

/// Text up to its zero byte.
fn text_of(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    match std::str::from_utf8(&field[..end]) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(&field[..end]).0.into_owned(),
    }
}

fn name_of(head: &[u8; 512]) -> String {
    let name = text_of(&head[..100]);
    let folder = if &head[257..263] == b"ustar\0" { text_of(&head[345..500]) } else { String::new() };
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

/// What an extension says: lines of a length, a space, a word, an equals sign and a value.
fn extension<'a>(told: &'a [u8], word: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(told).ok()?;
    text.lines().find_map(|line| line.split_once(' ')?.1.strip_prefix(word)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    /// An entry of a tape archive.
    fn entry(name: &str, kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut head = vec![0_u8; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..107].copy_from_slice(b"0000644");
        head[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        head[136..147].copy_from_slice(b"12712345670");
        head[156] = kind;
        head[257..263].copy_from_slice(b"ustar\0");
        let sum = sum(head.as_slice().try_into().expect("a block"));
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        head.extend_from_slice(bytes);
        head.resize(head.len().next_multiple_of(512), 0);
        head
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gz.write_all(bytes).expect("bytes");
        gz.finish().expect("packed")
    }

    #[test]
    fn a_tape_is_listed_with_what_is_dangerous() {
        let long = "长".repeat(60);
        let tape = [
            entry("证据/1.txt", b'0', b"one"),
            entry("../../etc/passwd", b'0', b""),
            entry("link", b'2', b""),
            entry("dev", b'3', b""),
            entry("././@LongLink", b'L', long.as_bytes()),
            entry("short", b'0', b"x"),
            entry("pax", b'x', "18 path=/tmp/a.zip\n".as_bytes()),
            entry("short", b'0', b"x"),
            vec![0; 1024],
        ]
        .concat();
        let listing = taped(&mut Cursor::new(&tape)).expect("a list");
        let names: Vec<&str> = listing.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["证据/1.txt", "../../etc/passwd", "link", "dev", &long, "/tmp/a.zip"]);
        let marks: Vec<_> = listing.lines.iter().map(|line| line.marks.clone()).collect();
        assert_eq!(marks[1], ["reading-danger-up"]);
        assert_eq!(marks[2], ["reading-danger-link"]);
        assert_eq!(marks[3], ["reading-danger-device"]);
        assert_eq!(marks[5], ["reading-danger-absolute", "reading-nested"]);
        let gz = packed(&tape);
        assert_eq!(taped_and_packed(&mut Cursor::new(&gz), gz.len() as u64).expect("a list"), listing);
        assert!(taped(&mut Cursor::new(&tape[..600])).is_err(), "nothing of it is whole");
        let cut = taped(&mut Cursor::new(&tape[..2_300])).expect("a list");
        assert!(cut.is_broken && cut.lines.len() == 3);
    }

    #[test]
    fn a_packed_bomb_is_refused() {
        let bomb = packed(&entry("0", b'0', &vec![0; 8 << 20]));
        assert!(matches!(
            taped_and_packed(&mut Cursor::new(&bomb), bomb.len() as u64),
            Err(Unreadable::Bomb)
        ));
    }

    #[test]
    fn a_name_that_is_too_long_and_a_size_that_lies_are_damage() {
        let mut lying = entry("a", b'0', b"");
        lying[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert!(taped(&mut Cursor::new(&lying)).is_err());
        let long = entry("a", b'L', &vec![b'a'; 70_000]);
        assert!(taped(&mut Cursor::new(&long)).is_err());
        assert!(taped(&mut Cursor::new(b"no archive".repeat(99))).is_err());
    }
}
