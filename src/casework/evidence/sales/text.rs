//! The text of a stored CSV file, decoded as it streams: UTF-8, UTF-16 with its mark, else GB18030.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, UTF_8};

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// What was found out about a file that is text.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub encoding: &'static Encoding,
    pub delimiter: u8,
}

/// What a file is by its bytes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Text(Form),
    /// An archive, as a workbook is one.
    Archive,
    /// Neither.
    Other,
    /// Longer than is read.
    TooLong,
}

/// Looks through a file of at most `most` bytes.
///
/// # Errors
/// Those of reading it.
pub fn kind(mut from: impl Read, most: u64) -> io::Result<Kind> {
    let mut piece = vec![0; PIECE];
    let mut first: Vec<u8> = Vec::new();
    let (mut carry, mut is_utf8, mut has_nought, mut length) = (Vec::new(), true, false, 0u64);
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            break;
        }
        length += read as u64;
        if length > most {
            return Ok(Kind::TooLong);
        }
        let bytes = &piece[..read];
        if first.len() < PIECE {
            first.extend_from_slice(bytes);
            if first.starts_with(b"PK\x03\x04") {
                return Ok(Kind::Archive);
            }
        }
        has_nought |= bytes.contains(&0);
        is_utf8 = is_utf8 && goes_on(&mut carry, bytes);
    }
    let marked = Encoding::for_bom(&first).map(|(encoding, _)| encoding);
    let encoding = match marked {
        Some(encoding) => encoding,
        None if has_nought || first.is_empty() => return Ok(Kind::Other),
        None if is_utf8 && carry.is_empty() => UTF_8,
        None => GB18030,
    };
    let text = encoding.decode(&first).0;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c')) {
        return Ok(Kind::Other);
    }
    Ok(Kind::Text(Form { encoding, delimiter: delimiter(&text) }))
}

/// Whether what was read so far, with these bytes, may be UTF-8; what is cut within a character waits in `carry`.
fn goes_on(carry: &mut Vec<u8>, bytes: &[u8]) -> bool {
    carry.extend_from_slice(bytes);
    match std::str::from_utf8(carry) {
        Ok(_) => {
            carry.clear();
            true
        }
        Err(error) if error.error_len().is_none() => {
            carry.drain(..error.valid_up_to());
            true
        }
        Err(_) => false,
    }
}

/// What sets the cells of the first lines apart: whatever stands there most often.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().take(10).collect();
    let count =
        |sign: u8| lines.iter().map(|line| line.bytes().filter(|byte| *byte == sign).count()).sum::<usize>();
    let mut best = b',';
    for sign in [b'\t', b';'] {
        if count(sign) > count(best) {
            best = sign;
        }
    }
    best
}

/// A file as UTF-8.
pub struct Decoding<R> {
    from: R,
    decoder: Decoder,
    piece: Vec<u8>,
    at: usize,
    end: usize,
    is_last: bool,
    is_done: bool,
}

impl<R: Read> Decoding<R> {
    pub fn new(from: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { from, decoder, piece: vec![0; PIECE], at: 0, end: 0, is_last: false, is_done: false }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while !self.is_done {
            if self.at == self.end && !self.is_last {
                self.end = self.from.read(&mut self.piece)?;
                self.at = 0;
                self.is_last = self.end == 0;
            }
            let bytes = &self.piece[self.at..self.end];
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, out, self.is_last);
            self.at += read;
            self.is_done = self.is_last && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
            if result == CoderResult::OutputFull {
                return Err(io::Error::other("no room for a character"));
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> (String, u8) {
        let Kind::Text(form) = kind(bytes, 1 << 20).unwrap() else { panic!("no text") };
        let mut text = String::new();
        Decoding::new(bytes, form.encoding).read_to_string(&mut text).unwrap();
        (text, form.delimiter)
    }

    #[test]
    fn the_encodings_of_practice_are_read() {
        let table = "店铺,金额\n甲店,1.00\n";
        assert_eq!(whole(table.as_bytes()), (table.to_owned(), b','));
        assert_eq!(whole(&GB18030.encode(table).0), (table.to_owned(), b','));
        assert_eq!(whole(format!("\u{FEFF}{table}").as_bytes()), (table.to_owned(), b','));
        let wide: Vec<u8> = "\u{FEFF}店铺\t金额\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(whole(&wide), ("店铺\t金额\n".to_owned(), b'\t'));
        // Characters that are cut by the end of a piece.
        let long = "店铺,".repeat(40_000);
        assert_eq!(whole(long.as_bytes()).0, long);
        assert_eq!(whole(&GB18030.encode(&long).0).0, long);
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert!(matches!(kind(&b"PK\x03\x04..."[..], 100), Ok(Kind::Archive)));
        assert!(matches!(kind(&b"\x89PNG\r\n\x1a\n\0\0"[..], 100), Ok(Kind::Other)));
        assert!(matches!(kind(&b""[..], 100), Ok(Kind::Other)));
        assert!(matches!(kind(&b"12345678901"[..], 10), Ok(Kind::TooLong)));
    }
}
