//! Plain text, a window of bytes a page: UTF-8, UTF-16 with its mark, and GB18030 for what is neither.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::{bounds::Unreadable, marks};

/// What a page shows, in bytes.
pub const WINDOW: u64 = 64 << 10;
/// A page ends with a line, where one ends within so many bytes.
const LINE: usize = 4 << 10;

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

/// Reads the page `number` of a text of this size, the last where there is none so far behind.
///
/// # Errors
/// Those of reading.
pub fn read<R: Read + Seek>(source: &mut R, size: u64, number: u64) -> Result<Page, Unreadable> {
    let pages = size.div_ceil(WINDOW).max(1);
    let number = number.min(pages - 1);
    let from = number * WINDOW;
    let mut head = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    source.by_ref().take(4).read_to_end(&mut head)?;
    let told = Encoding::for_bom(&head);
    source.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    source.by_ref().take(WINDOW + LINE as u64).read_to_end(&mut bytes)?;
    let window = usize::try_from(WINDOW).unwrap_or(usize::MAX);
    let is_wide = told.is_some_and(|(encoding, _)| encoding == UTF_16LE || encoding == UTF_16BE);
    let edge = |rest: &[u8]| if is_wide { 0 } else { edge(rest) };
    let begin = match told {
        Some((_, mark)) if number == 0 => mark,
        _ if number == 0 => 0,
        _ => edge(&bytes),
    };
    let end = if bytes.len() <= window { bytes.len() } else { window + edge(&bytes[window..]) };
    let bytes = bytes.get(begin..end).unwrap_or_default();
    let encoding = told.map_or_else(|| encoding_of(bytes).0, |(encoding, _)| encoding);
    let (text, has_faults) = encoding.decode_without_bom_handling(bytes);
    Ok(Page { text: marks::visible(&text), encoding: encoding.name(), number, pages, has_faults })
}

/// Where what belongs to the page before ends: behind its last line, or its last character where no line ends.
fn edge(bytes: &[u8]) -> usize {
    let near = &bytes[..bytes.len().min(LINE)];
    let line = near.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
    line.unwrap_or_else(|| near.iter().take(3).take_while(|byte| **byte & 0xc0 == 0x80).count())
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
            if line.contains('\n') {
                assert_eq!(all(&gbk), whole);
            }
        }
        assert_eq!(page(b"a", u64::MAX), page(b"a", 0));
    }
}
