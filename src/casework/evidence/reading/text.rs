//! Plain text, a window of bytes a page: UTF-8, UTF-16 with its mark, and GB18030 for what is neither.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{bounds::Unreadable, marks};

/// What a page shows, in bytes.
pub const WINDOW: u64 = 64 << 10;
/// A page ends with a line, where one ends within so many bytes.
const LINE: u64 = 4 << 10;
/// By so many bytes the encoding is found out.
const MOST_LOOKED_AT: u64 = 16 << 20;

/// One page of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub text: String,
    /// As the standards call it.
    pub encoding: &'static str,
    /// From 0.
    pub number: u64,
    pub pages: u64,
    /// Whether some bytes were no text in this encoding.
    pub has_faults: bool,
}

/// The encoding of a text by its beginning, and how long its mark is.
pub fn encoding_of(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(head) {
        return found;
    }
    match std::str::from_utf8(head) {
        Ok(_) => (UTF_8, 0),
        // It may be cut within a character.
        Err(fault) if fault.error_len().is_none() => (UTF_8, 0),
        Err(_) => (GB18030, 0),
    }
}

/// A text as a whole, with the encoding that it was read by.
pub fn decoded(bytes: &[u8]) -> (String, &'static str) {
    let (encoding, mark) = encoding_of(bytes);
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    (text.into_owned(), encoding.name())
}

/// The encoding of a file: by its mark, or by where it first has more than the signs that all encodings share. It is asked once
/// for all pages, so that they end and begin in the same places.
fn guessed<R: Read + Seek>(source: &mut R) -> Result<(&'static Encoding, u64), Unreadable> {
    let window = piece(source, 0, WINDOW)?;
    if let Some((encoding, mark)) = Encoding::for_bom(&window) {
        return Ok((encoding, mark as u64));
    }
    let mut from = 0;
    while from < MOST_LOOKED_AT {
        let window = piece(source, from, WINDOW)?;
        if window.is_empty() {
            break;
        }
        if let Some(at) = window.iter().position(|byte| !byte.is_ascii()) {
            return Ok((encoding_of(&piece(source, from + at as u64, WINDOW)?).0, 0));
        }
        from += WINDOW;
    }
    Ok((UTF_8, 0))
}

/// So many bytes from a place on, or as many as there are.
fn piece<R: Read + Seek>(source: &mut R, from: u64, size: u64) -> Result<Vec<u8>, Unreadable> {
    source.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    source.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the page `number` of a text of this size, the last where there is none so far behind.
///
/// # Errors
/// Those of reading.
pub fn read<R: Read + Seek>(source: &mut R, size: u64, number: u64) -> Result<Page, Unreadable> {
    let pages = size.div_ceil(WINDOW).max(1);
    let number = number.min(pages - 1);
    let from = number * WINDOW;
    let (encoding, mark) = guessed(source)?;
    let begin = if number == 0 { mark } else { edge(source, encoding, from)? };
    let end = if number + 1 == pages { size } else { edge(source, encoding, from + WINDOW)? };
    let bytes = piece(source, begin, end.saturating_sub(begin))?;
    let (text, has_faults) = encoding.decode_without_bom_handling(&bytes);
    Ok(Page { text: marks::visible(&text), encoding: encoding.name(), number, pages, has_faults })
}

/// Where the page ends that is to end about here, and the next one begins: behind the next line, or between two characters
/// where no line ends.
fn edge<R: Read + Seek>(source: &mut R, encoding: &'static Encoding, at: u64) -> Result<u64, Unreadable> {
    let near = piece(source, at, LINE)?;
    let further = if encoding == UTF_16LE || encoding == UTF_16BE {
        wide_edge(&near, encoding == UTF_16BE)
    } else if let Some(line) = near.iter().position(|byte| *byte == b'\n') {
        line + 1
    } else if encoding == UTF_8 {
        near.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count()
    } else {
        return gb_edge(source, at);
    };
    Ok(at + further as u64)
}

/// Of UTF-16, in units of two bytes.
fn wide_edge(near: &[u8], is_big: bool) -> usize {
    let unit = |two: &[u8]| match two {
        [a, b] if is_big => u16::from_be_bytes([*a, *b]),
        [a, b] => u16::from_le_bytes([*a, *b]),
        _ => 0,
    };
    let mut units = near.chunks_exact(2).map(unit);
    if let Some(line) = units.clone().position(|unit| unit == u16::from(b'\n')) {
        return 2 * (line + 1);
    }
    // The second half of a character belongs to the first.
    if units.next().is_some_and(|unit| (0xdc00..0xe000).contains(&unit)) { 2 } else { 0 }
}

/// Of GB18030: its bytes tell a character's first from its others only from a place on where one surely begins.
fn gb_edge<R: Read + Seek>(source: &mut R, at: u64) -> Result<u64, Unreadable> {
    let mut sure = at;
    while sure > at.saturating_sub(MOST_LOOKED_AT) {
        let from = sure.saturating_sub(WINDOW);
        let window = piece(source, from, sure - from)?;
        // No character of several bytes has such a one.
        if let Some(place) = window.iter().rposition(|byte| *byte < 0x30) {
            sure = from + place as u64 + 1;
            break;
        }
        sure = from;
    }
    let bytes = piece(source, sure, at - sure + 4)?;
    let mut place = 0;
    while sure + (place as u64) < at {
        place += match bytes.get(place..) {
            Some([0x81..=0xfe, 0x30..=0x39, ..]) => 4,
            Some([0x81..=0xfe, _, ..]) => 2,
            _ => 1,
        };
    }
    Ok(sure + place as u64)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn page(bytes: &[u8], number: u64) -> Page {
        read(&mut Cursor::new(bytes), bytes.len() as u64, number).expect("a page")
    }

    #[test]
    fn the_encodings_of_practice_are_read() {
        assert_eq!(page("标价 199 元".as_bytes(), 0).text, "标价 199 元");
        let (gbk, _, _) = GB18030.encode("标价 199 元");
        assert_eq!(page(&gbk, 0).text, "标价 199 元");
        assert_eq!(page(&gbk, 0).encoding, "gb18030");
        assert_eq!(page(b"\xff\xfeA\0B\0", 0).text, "AB");
        assert_eq!(page(b"\xef\xbb\xbfA", 0).text, "A");
        assert_eq!(
            page(b"", 0),
            Page { text: String::new(), encoding: "UTF-8", number: 0, pages: 1, has_faults: false }
        );
    }

    #[test]
    fn pages_go_from_line_to_line_and_lose_nothing() {
        for line in ["第 1 行，手表手表手表\n", "手"] {
            let whole = line.repeat(40_000);
            let (gbk, _, _) = GB18030.encode(&whole);
            let all = |bytes: &[u8]| {
                let pages = page(bytes, 0).pages;
                assert!(pages > 1);
                (0..pages).map(|number| page(bytes, number).text).collect::<String>()
            };
            assert_eq!(all(whole.as_bytes()), whole);
            assert_eq!(all(&gbk), whole);
        }
        assert_eq!(page(b"a", u64::MAX), page(b"a", 0));
    }

    #[test]
    fn no_page_begins_within_a_character() {
        let all = |bytes: &[u8]| {
            let first = page(bytes, 0);
            assert!(first.pages > 1);
            let pages = (0..first.pages).map(|number| page(bytes, number));
            pages.fold(String::new(), |text, page| {
                assert!(!page.has_faults && page.encoding == first.encoding, "{}", page.number);
                text + &page.text
            })
        };
        // Of two and of four bytes in GB18030, of two halves in UTF-16; no line ends, and no page at an even place.
        for one in ["手", "𠀀", "手𠀀a手", "é"] {
            let whole = format!("a{}", one.repeat(100_000));
            assert_eq!(all(&GB18030.encode(&whole).0), whole, "{one}");
            assert_eq!(all(whole.as_bytes()), whole, "{one}");
            let little: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(all(&[b"\xff\xfe".as_slice(), &little].concat()), whole, "{one}");
            let big: Vec<u8> = whole.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(all(&[b"\xfe\xff".as_slice(), &big].concat()), whole, "{one}");
        }
    }

    #[test]
    fn all_pages_are_read_in_one_encoding() {
        // A page of plain signs and one whose bytes would be UTF-8 as well, in a file that is not.
        let (gbk, _, _) = GB18030.encode("标价\n");
        let bytes = ["plain\n".repeat(20_000).as_bytes(), &gbk, &b"\xc2\xa2".repeat(60_000)].concat();
        let pages = page(&bytes, 0).pages;
        assert!((0..pages).all(|number| page(&bytes, number).encoding == "gb18030"));
        let plain = "plain\n".repeat(20_000);
        assert_eq!(page(plain.as_bytes(), 1).encoding, "UTF-8");
    }
}
