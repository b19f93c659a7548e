//! Which kind of file it is, by its content first, and what is read of it.

use std::{
    io::{Read, Seek, SeekFrom},
    time::Duration,
};

use flate2::read::MultiGzDecoder;

use super::{
    archive::{self, Listing},
    bounds::{Bounded, MOST_STREAM, PATIENCE, Timed, Unreadable, whole},
    letter::{self, Letter},
    paper, photo, table,
    table::Table,
    text,
    unzip::Directory,
    wacz::{self, Wacz},
    warc::{self, Web},
};

/// What was stored, and what of it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub name: String,
    /// As the vault found it by the first bytes.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// From 0.
    pub page: u64,
    pub sheet: usize,
}

/// What is in a file.
#[derive(Debug)]
pub enum Facts {
    Text(text::Page),
    Table(Table),
    /// A list, of which only the beginning was read.
    Beginning(Table),
    /// `None`: they can't be read.
    Photo(Option<Vec<photo::Told>>),
    Paper(Vec<&'static str>),
    Letter(Letter),
    Archive(Listing),
    Web(Web),
    Wacz(Wacz),
}

/// What begins a compound file, in which old office programs and new ones with a password write.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How names of old workbooks end.
const OLD_TABLES: [&str; 3] = ["xls", "xlt", "et"];
/// How a 7z, and how a RAR archive begins.
const OTHER_ARCHIVES: [&[u8]; 2] = [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"];
/// What a table of OpenDocument (ODS) has behind the first thirty bytes, as its first entry is never packed.
const OPEN_TABLE: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
/// What such a file with a password has in it, in UTF-16.
const ENCRYPTED: &str = "EncryptedPackage";
/// By so many bytes a kind is found out.
const HEAD: u64 = 8 << 10;

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// Reads what is asked for.
///
/// # Errors
/// Why nothing is shown.
pub fn read<R: Read + Seek>(source: &mut R, wanted: &Wanted) -> Result<Facts, Unreadable> {
    read_for(source, wanted, PATIENCE)
}

/// As [`read`], for so long.
fn read_for<R: Read + Seek>(
    source: &mut R,
    wanted: &Wanted,
    patience: Duration,
) -> Result<Facts, Unreadable> {
    let source = &mut Timed::new(source, patience);
    let mut head = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    source.by_ref().take(HEAD).read_to_end(&mut head)?;
    let page = usize::try_from(wanted.page).unwrap_or(usize::MAX);
    let ending = ending(&wanted.name);
    let media_type = wanted.media_type.as_str();
    if OTHER_ARCHIVES.iter().any(|begin| head.starts_with(begin)) {
        return Err(Unreadable::OtherArchive);
    }
    if head.starts_with(b"PK\x03\x04") && head.get(30..).is_some_and(|rest| rest.starts_with(OPEN_TABLE)) {
        return Err(Unreadable::OtherTable);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped(source, wanted);
    }
    if head.starts_with(b"\x1f\x8b") {
        return packed(source, wanted.size, &ending);
    }
    if head.starts_with(b"WARC/") {
        source.seek(SeekFrom::Start(0))?;
        return Ok(Facts::Web(warc::read(Bounded::new(source, MOST_STREAM), None)?));
    }
    if head.get(257..262) == Some(b"ustar".as_slice()) || ending == "tar" {
        return Ok(Facts::Archive(archive::taped(source)?));
    }
    if head.starts_with(COMPOUND) {
        return Err(compound(source, wanted.size, &ending)?);
    }
    if media_type.starts_with("image/") {
        return Ok(Facts::Photo(photo::read(&whole(source, wanted.size)?)));
    }
    match media_type {
        "application/pdf" => Ok(Facts::Paper(paper::read(&whole(source, wanted.size)?))),
        "message/rfc822" => Ok(Facts::Letter(letter::read(&whole(source, wanted.size)?, None)?.0)),
        "text/csv" | "text/tab-separated-values" => {
            source.seek(SeekFrom::Start(0))?;
            let mut bytes = Vec::new();
            source.by_ref().take(table::MOST_LIST).read_to_end(&mut bytes)?;
            let mut list = table::list(&bytes, true, page)?;
            if wanted.size <= table::MOST_LIST || list.is_cut {
                return Ok(Facts::Table(list));
            }
            // What was read ends within a row.
            if !list.has_next {
                list.rows.pop();
            }
            Ok(Facts::Beginning(list))
        }
        _ if media_type.starts_with("text/") || media_type == "application/json" => {
            Ok(Facts::Text(text::read(source, wanted.size, wanted.page)?))
        }
        // What holds a byte that no text has may be a letter or a list all the same.
        _ if ending == "eml" => Ok(Facts::Letter(letter::read(&whole(source, wanted.size)?, None)?.0)),
        _ => Err(Unreadable::Unsupported),
    }
}

/// A ZIP, and what is one: by what is in it.
fn zipped<R: Read + Seek>(source: &mut R, wanted: &Wanted) -> Result<Facts, Unreadable> {
    let directory = Directory::read(source)?;
    if directory.find("xl/workbook.xml").is_some() {
        let page = usize::try_from(wanted.page).unwrap_or(usize::MAX);
        return Ok(Facts::Table(table::book(whole(source, wanted.size)?, wanted.sheet, page)?));
    }
    if wacz::is_one(&directory) {
        return Ok(Facts::Wacz(wacz::read(source, &directory)?));
    }
    Ok(Facts::Archive(archive::zipped(&directory)))
}

/// A packed file: a capture or a tape archive, by what it begins with once it is unpacked.
fn packed<R: Read + Seek>(source: &mut R, size: u64, ending: &str) -> Result<Facts, Unreadable> {
    source.seek(SeekFrom::Start(0))?;
    let mut begin = Vec::new();
    Bounded::new(MultiGzDecoder::new(source.by_ref()), HEAD).take(HEAD).read_to_end(&mut begin)?;
    if begin.starts_with(b"WARC/") {
        source.seek(SeekFrom::Start(0))?;
        let stream = Bounded::new(MultiGzDecoder::new(source), MOST_STREAM);
        return Ok(Facts::Web(warc::read(stream, None)?));
    }
    if begin.get(257..262) == Some(b"ustar".as_slice()) || ending == "tgz" {
        return Ok(Facts::Archive(archive::taped_and_packed(source, size)?));
    }
    Err(Unreadable::Unsupported)
}

/// Why a compound file is not read: it needs a password, or is one of an old office program, whose library allocates what
/// the file claims to need.
fn compound<R: Read + Seek>(source: &mut R, size: u64, ending: &str) -> Result<Unreadable, Unreadable> {
    let bytes = whole(source, size)?;
    let wide: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_locked = bytes.windows(wide.len()).step_by(2).any(|piece| piece == wide);
    Ok(if is_locked {
        Unreadable::Locked
    } else if OLD_TABLES.contains(&ending) {
        Unreadable::OtherTable
    } else {
        Unreadable::Unsupported
    })
}

/// The bytes of an attachment of an e-mail, `n` from 1, with its name and its digest.
///
/// # Errors
/// Where it is no e-mail.
pub fn attachment<R: Read + Seek>(
    source: &mut R,
    size: u64,
    n: usize,
) -> Result<Option<(letter::Attachment, Vec<u8>)>, Unreadable> {
    let (mut letter, bytes) = letter::read(&whole(source, size)?, Some(n))?;
    let Some(bytes) = bytes else { return Ok(None) };
    Ok(Some((letter.attachments.swap_remove(n - 1), bytes)))
}

/// The picture of a captured page: `part` is the place of its file in a WACZ.
///
/// # Errors
/// Where it is no capture.
pub fn picture<R: Read + Seek>(
    source: &mut R,
    part: usize,
    number: usize,
) -> Result<Option<Vec<u8>>, Unreadable> {
    let source = &mut Timed::new(source, PATIENCE);
    let mut head = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    source.by_ref().take(4).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    match head.as_slice() {
        b"PK\x03\x04" => {
            let directory = Directory::read(source)?;
            wacz::picture(source, &directory, part, number)
        }
        b"WARC" => Ok(warc::read(Bounded::new(source, MOST_STREAM), Some(number))?.picture),
        [0x1f, 0x8b, ..] => {
            let stream = Bounded::new(MultiGzDecoder::new(source), MOST_STREAM);
            Ok(warc::read(stream, Some(number))?.picture)
        }
        _ => Err(Unreadable::Unsupported),
    }
}

/// Whether a file of this type and name is an e-mail.
pub fn is_letter(media_type: &str, name: &str) -> bool {
    media_type == "message/rfc822" || ending(name) == "eml"
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// Bytes in memory, read as a file of this name is.
    fn of_bytes(bytes: &[u8], name: &str) -> Result<Facts, Unreadable> {
        let head = &bytes[..bytes.len().min(8 << 10)];
        let media_type = crate::platform::vault::media_type(head, name).to_owned();
        let size = bytes.len() as u64;
        read(
            &mut Cursor::new(bytes),
            &Wanted { name: name.to_owned(), media_type, size, ..Wanted::default() },
        )
    }

    #[test]
    fn the_content_says_how_a_file_is_read() {
        assert!(matches!(of_bytes("标价".as_bytes(), "a.html"), Ok(Facts::Text(_))));
        assert!(matches!(of_bytes(b"a,b\n1,2\n", "a.csv"), Ok(Facts::Table(_))));
        assert!(matches!(of_bytes(b"From: a@b.example\n\nx", "a.eml"), Ok(Facts::Letter(_))));
        assert!(matches!(of_bytes(b"%PDF-1.7\n/JS", "a.txt"), Ok(Facts::Paper(found)) if found.len() == 1));
        assert!(matches!(of_bytes(b"7z\xbc\xaf\x27\x1c", "a.7z"), Err(Unreadable::OtherArchive)));
        assert!(matches!(of_bytes(b"Rar!\x1a\x07\x01\0", "a.rar"), Err(Unreadable::OtherArchive)));
        let open_table = [b"PK\x03\x04".as_slice(), &[0; 26], OPEN_TABLE, b"PK"].concat();
        assert!(matches!(of_bytes(&open_table, "a.ods"), Err(Unreadable::OtherTable)));
        assert!(matches!(of_bytes(COMPOUND, "a.xls"), Err(Unreadable::OtherTable)));
        assert!(matches!(of_bytes(b"\x1f\x8b\x08", "a.gz"), Err(Unreadable::Damaged)));
        assert!(matches!(of_bytes(b"PK\x03\x04", "a.docx"), Err(Unreadable::Damaged)));
        let wide: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(matches!(of_bytes(&[COMPOUND, &wide].concat(), "a.xlsx"), Err(Unreadable::Locked)));
        assert!(matches!(of_bytes(COMPOUND, "a.doc"), Err(Unreadable::Unsupported)));
    }

    #[test]
    fn no_kind_of_file_is_read_for_longer_than_is_granted() {
        let mut tape = vec![0; 1_024];
        tape[257..262].copy_from_slice(b"ustar");
        let begins: [&[u8]; 7] =
            [b"text", b"PK\x03\x04", b"\x1f\x8b\x08", b"WARC/1.1", &tape, b"%PDF-1.7", b"\xff\xd8\xff"];
        for begin in begins {
            let wanted = Wanted { media_type: "text/plain".into(), size: 9, ..Wanted::default() };
            let found = read_for(&mut Cursor::new(begin), &wanted, Duration::ZERO);
            assert!(matches!(found, Err(Unreadable::TooLarge)), "{begin:?}");
        }
    }

    #[test]
    fn of_a_long_list_no_torn_row_is_shown() {
        // Forty-one rows and a part of the next one lie within what is read.
        let row = format!("{},end\n", "x".repeat(100_000));
        let Ok(Facts::Beginning(list)) = of_bytes(row.repeat(60).as_bytes(), "a.csv") else {
            panic!("not the beginning of a list")
        };
        assert_eq!(list.rows.len(), 41);
        assert!(list.rows.iter().all(|(_, cells)| cells.last().is_some_and(|cell| cell == "end")));
        // Where more rows were read than are shown, that is what is told.
        let rows = "x,end\n".repeat(900_000);
        let wanted =
            Wanted { media_type: "text/csv".into(), size: rows.len() as u64, page: 99, ..Wanted::default() };
        let found = read(&mut Cursor::new(rows.as_bytes()), &wanted);
        assert!(matches!(found, Ok(Facts::Table(list)) if list.is_cut && list.rows.len() == table::PAGE));
    }

    proptest! {
        /// Whatever the bytes, an answer comes.
        #[test]
        fn nothing_that_is_read_panics(
            begin in proptest::sample::select(vec![
                b"PK\x03\x04".to_vec(), b"PK\x05\x06".to_vec(), b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(),
                b"WARC/1.1\r\n".to_vec(), b"From: a\n".to_vec(), b"\xff\xd8\xff\xe1\0\x20Exif\0\0II\x2a\0".to_vec(),
                b"%PDF-1.7".to_vec(), Vec::new(),
            ]),
            rest in proptest::collection::vec(any::<u8>(), 0..900),
            name in "[a-z]{1,3}\\.(eml|csv|tar|tgz|xlsx|txt|warc)",
        ) {
            let _ = of_bytes(&[begin, rest].concat(), &name);
        }
    }
}
