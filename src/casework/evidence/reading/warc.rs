//! Web captures in WARC: records one behind the other, each with how many bytes it says to have. Read by hand, as the one
//! crate for it holds every record as a whole.

use std::io::{self, BufRead, BufReader, Read};

use super::{
    bounds::Unreadable,
    digest::{Sum, Verdict},
    marks,
};

/// So many captured pages and parts of them are listed.
pub const MOST_RECORDS: usize = 2_000;
/// A line of a head, and how many of them, and what the head of an answer within takes, in bytes.
const MOST_LINE: u64 = 16 << 10;
const MOST_FIELDS: usize = 200;
/// Of a field so many characters are kept: more than are shown.
const MOST_SHOWN: usize = 600;
/// So many pictures of pages are shown.
pub const MOST_SHOTS: usize = 20;
/// A picture may take so many bytes.
const MOST_PICTURE: usize = 16 << 20;
/// What addresses of pictures that the capturing program took begin with.
const SHOTS: [&str; 3] = ["urn:view:", "urn:thumbnail:", "urn:screenshot:"];

/// What was captured from one address.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Place among all records, from 0.
    pub number: usize,
    pub address: String,
    /// As it is said there: RFC 3339, of UTC.
    pub time: String,
    /// Of the answer; `None`: the record is none.
    pub status: Option<u16>,
    pub media_type: String,
    /// Bytes, without the head of the answer.
    pub size: u64,
    pub verdict: Verdict,
    /// Whether it is a picture of a page, taken by the capturing program.
    pub is_shot: bool,
}

/// A capture.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Web {
    pub records: Vec<Record>,
    /// Records of every kind.
    pub total: usize,
    /// Those that a digest of their own speaks against.
    pub differing: usize,
    pub software: String,
    /// Whether there is more than was read.
    pub is_cut: bool,
    /// Whether a record is not as long as it says, or is none.
    pub is_broken: bool,
    /// The bytes of the record that was asked for.
    pub picture: Option<Vec<u8>>,
}

type Fields = Vec<(String, String)>;

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Reads a capture; `wanted`: the number of a record whose bytes are kept.
///
/// # Errors
/// `Damaged` where not one record can be read; those of the store.
pub fn read(source: impl Read, wanted: Option<usize>) -> Result<Web, Unreadable> {
    let mut source = BufReader::with_capacity(64 << 10, source);
    let mut web = Web::default();
    let mut piece = vec![0; 32 << 10];
    loop {
        let found = record(&mut source, web.total, wanted, &mut web.software, &mut piece);
        match found.map_err(Unreadable::from) {
            Ok(Found::End) if web.total == 0 => return Err(Unreadable::Damaged),
            Ok(Found::End) => return Ok(web),
            Ok(Found::Read { record, picture, is_whole }) => {
                web.total += 1;
                web.is_broken |= !is_whole;
                web.picture = picture.or(web.picture.take());
                web.differing += usize::from(record.as_ref().is_some_and(|r| r.verdict == Verdict::Differs));
                if let Some(record) = record {
                    if web.records.len() == MOST_RECORDS {
                        web.is_cut = true;
                        return Ok(web);
                    }
                    web.records.push(record);
                }
                if !is_whole || wanted.is_some_and(|wanted| web.total > wanted) {
                    return Ok(web);
                }
            }
            Err(fault @ Unreadable::Store(_)) => return Err(fault),
            Err(fault) if web.total == 0 => return Err(fault),
            Err(Unreadable::TooLarge) => {
                web.is_cut = true;
                return Ok(web);
            }
            Err(_) => {
                web.is_broken = true;
                return Ok(web);
            }
        }
    }
}

enum Found {
    End,
    Read {
        /// One that is listed.
        record: Option<Record>,
        picture: Option<Vec<u8>>,
        /// Whether it is as long as it says.
        is_whole: bool,
    },
}

/// A line without its end; `None` at the end of the file.
fn line(source: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    if source.by_ref().take(MOST_LINE).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') && bytes.len() as u64 == MOST_LINE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    Ok(Some(bytes))
}

/// The fields of a head up to the empty line behind it.
fn fields(source: &mut impl BufRead) -> io::Result<Fields> {
    let mut found: Fields = Vec::new();
    for _ in 0..MOST_FIELDS {
        let Some(bytes) = line(source)? else { return Ok(found) };
        if bytes.is_empty() {
            return Ok(found);
        }
        let text = String::from_utf8_lossy(&bytes);
        match text.split_once(':') {
            Some((name, value)) if !text.starts_with([' ', '\t']) => {
                found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn record<R: BufRead>(
    source: &mut R,
    number: usize,
    wanted: Option<usize>,
    software: &mut String,
    piece: &mut [u8],
) -> io::Result<Found> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut first = Vec::new();
    for _ in 0..4 {
        let Some(bytes) = line(source)? else { return Ok(Found::End) };
        first = bytes;
        if !first.is_empty() {
            break;
        }
    }
    if !first.starts_with(b"WARC/") {
        return Err(damaged());
    }
    let head = fields(source)?;
    let length: u64 = field(&head, "content-length").parse().map_err(|_| damaged())?;
    let kind = field(&head, "warc-type").to_ascii_lowercase();
    let mut block = Hashed::new(source.by_ref().take(length), field(&head, "warc-block-digest"));
    let kept = |text: &str| marks::short(text, MOST_SHOWN).to_owned();
    let address = kept(field(&head, "warc-target-uri").trim_matches(['<', '>']));
    let mut record = Record {
        number,
        is_shot: SHOTS.iter().any(|begin| address.starts_with(begin)),
        address,
        time: kept(field(&head, "warc-date")),
        media_type: kept(field(&head, "content-type")),
        ..Record::default()
    };
    let is_answer = record.media_type.to_ascii_lowercase().starts_with("application/http");
    let mut is_as_sent = true;
    if kind == "response" && is_answer {
        let answer = answer(&mut block)?;
        record.status = answer.status;
        record.media_type = kept(field(&answer.fields, "content-type"));
        // What was sent in pieces is hashed by some programs as it was sent, and by others put together.
        is_as_sent = field(&answer.fields, "transfer-encoding").is_empty();
    }
    record.is_shot &= record.media_type.starts_with("image/");
    let is_listed = matches!(kind.as_str(), "response" | "resource" | "revisit");
    // A revisit bears the digest of what it is like and does not have.
    let said = if kind == "revisit" || !is_as_sent { "" } else { field(&head, "warc-payload-digest") };
    let mut payload = Sum::of(said);
    let mut picture = (wanted == Some(number) && record.is_shot).then(Vec::new);
    let mut told = (kind == "warcinfo").then(Vec::new);
    loop {
        let read = block.read(piece)?;
        if read == 0 {
            break;
        }
        record.size += read as u64;
        payload.update(&piece[..read]);
        if let Some(bytes) = picture.as_mut().filter(|bytes| bytes.len() < MOST_PICTURE) {
            bytes.extend_from_slice(&piece[..read]);
        }
        if let Some(bytes) = told.as_mut().filter(|bytes: &&mut Vec<u8>| bytes.len() < piece.len()) {
            bytes.extend_from_slice(&piece[..read]);
        }
    }
    if let Some(bytes) = told {
        let known = fields(&mut bytes.as_slice())?;
        *software = kept(field(&known, "software"));
    }
    let is_whole = block.read == length;
    record.verdict = block.sum.verdict().with(payload.verdict());
    Ok(Found::Read { record: is_listed.then_some(record), picture, is_whole })
}

/// The head of an answer that was captured.
struct Answer {
    status: Option<u16>,
    fields: Fields,
}

fn answer<R: Read>(block: &mut Hashed<R>) -> io::Result<Answer> {
    // A line at a time and not a byte more: what is behind the head is the payload.
    let mut lines = ByByte { inner: block, one: [0], is_full: false };
    let first = line(&mut lines)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&first).into_owned();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Answer { status, fields: fields(&mut lines)? })
}

/// Buffers one byte.
struct ByByte<'a, R> {
    inner: &'a mut R,
    one: [u8; 1],
    is_full: bool,
}

impl<R: Read> Read for ByByte<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let here = self.fill_buf()?;
        let count = here.len().min(buf.len());
        buf[..count].copy_from_slice(&here[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for ByByte<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.is_full {
            self.is_full = self.inner.read(&mut self.one)? == 1;
        }
        Ok(&self.one[..usize::from(self.is_full)])
    }

    fn consume(&mut self, count: usize) {
        self.is_full &= count == 0;
    }
}

/// A block, with what its bytes come to.
struct Hashed<R> {
    inner: R,
    sum: Sum,
    /// Bytes.
    read: u64,
}

impl<R: Read> Hashed<R> {
    fn new(inner: R, said: &str) -> Self {
        Self { inner, sum: Sum::of(said), read: 0 }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.sum.update(&buf[..read]);
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, more: &str, block: &str) -> String {
        let length = block.len();
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2016-05-04T01:00:00Z\r\n{more}Content-Length: {length}\r\n\r\n{block}\r\n\r\n"
        )
    }

    fn page(digest: &str) -> String {
        let more = format!(
            "WARC-Target-URI: https://shop.example/1\r\nWARC-Payload-Digest: {digest}\r\nContent-Type: application/http;msgtype=response\r\n"
        );
        record("response", &more, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhello")
    }

    /// Of `hello`.
    const SHA1: &str = "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N";

    #[test]
    fn pages_are_listed_and_their_digests_compared() {
        let all = [
            record("warcinfo", "", "software: example 1\r\n"),
            page(SHA1),
            page("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            page("md5:00"),
        ]
        .concat();
        let web = read(all.as_bytes(), None).expect("a capture");
        assert_eq!((web.total, web.records.len(), web.software.as_str()), (4, 3, "example 1"));
        assert!(!web.is_broken && !web.is_cut);
        let first = &web.records[0];
        assert_eq!((first.status, first.media_type.as_str(), first.size), (Some(200), "text/html", 5));
        let verdicts: Vec<Verdict> = web.records.iter().map(|record| record.verdict).collect();
        assert_eq!(verdicts, [Verdict::Agrees, Verdict::Differs, Verdict::Unknown]);
        assert_eq!(web.differing, 1);
    }

    #[test]
    fn a_picture_is_given_and_nothing_else() {
        let shot = "WARC-Target-URI: urn:view:https://shop.example/1\r\nContent-Type: image/png\r\n";
        let all = [page(SHA1), record("resource", shot, "png")].concat();
        let given = |n| read(all.as_bytes(), Some(n)).expect("a capture").picture;
        assert_eq!(given(1).as_deref(), Some(b"png".as_slice()));
        assert_eq!((given(0), given(2)), (None, None));
    }

    #[test]
    fn of_long_fields_so_much_is_kept_as_is_shown() {
        let long = "x".repeat(9_000);
        let more = format!(
            "WARC-Target-URI: urn:view:{long}\r\nContent-Type: image/{long}\r\nWARC-Date: {long}\r\n"
        );
        let dated = record("resource", &more, "");
        let dated = dated.replacen("WARC-Date: 2016-05-04T01:00:00Z\r\n", "", 1);
        let web = read(dated.as_bytes(), None).expect("a capture");
        let found = &web.records[0];
        assert!(found.is_shot);
        assert_eq!([&found.address, &found.media_type, &found.time].map(String::len), [MOST_SHOWN; 3]);
    }

    #[test]
    fn a_length_that_lies_ends_the_reading() {
        let whole = page(SHA1);
        for lying in ["Content-Length: 999999999999", "Content-Length: 3", "Content-Length: -1", "X: 1"] {
            let wrong = whole.replace("Content-Length: 49", lying);
            let all = [whole.as_str(), wrong.as_str(), whole.as_str()].concat();
            let web = read(all.as_bytes(), None).expect("the first");
            assert!(web.is_broken && !web.records.is_empty(), "{lying}");
        }
        assert!(read(b"".as_slice(), None).is_err());
        assert!(read("WARC/1.0\r\n".repeat(300).as_bytes(), None).is_err());
        assert!(read("x".repeat(99_999).as_bytes(), None).is_err());
    }
}
