//! The canonical ZIP: stored, in a fixed order, with fixed header fields, sizes and check sums in front of the bytes,
//! Zip64 only where it is needed.
//!
//! A ZIP that is written in one go to a stream must put sizes and CRC-32 behind each file (a "data descriptor"),
//! which some readers refuse for stored files. So the archive is made in two passes: the first runs all bytes through
//! the `zip` crate into a sink that keeps only what is *not* file content (the headers and the directory, some
//! hundred bytes a file), the second writes those with the files between them. The first pass reads for the check sums
//! alone; whoever writes compares each file with its hash and its check sum. A checker that runs the same first pass over
//! an archive knows what every byte of it must be.

use std::{
    cell::RefCell,
    io::{self, Read, Seek, SeekFrom, Write},
    mem,
    rc::Rc,
};

use sha2::{Digest, Sha256};
use sm3::Sm3;
use zip::{CompressionMethod, DateTime, System, ZIP64_BYTES_THR, ZipWriter, write::SimpleFileOptions};

/// Size and hashes (lower-case hex) of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    pub size: u64,
    pub sha256: String,
    pub sm3: String,
}

impl Digests {
    /// Those of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        let (sha256, sm3) = (hex(&Sha256::digest(bytes)), hex(&Sm3::digest(bytes)));
        Self { size: bytes.len() as u64, sha256, sm3 }
    }
}

/// Where the check sum of a file stands in its header: it takes four bytes, the lowest one first.
const CHECK_SUM: usize = 14;

/// The CRC-32 of the file whose header this is; nought of what is none.
pub fn check_sum(header: &[u8]) -> u32 {
    header.get(CHECK_SUM..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// A part of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The header of the file whose content follows, or the directory.
    Frame(Vec<u8>),
    /// The content of a file, of this size.
    Content(u64),
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Piece::Frame(bytes) => bytes.len() as u64,
            Piece::Content(size) => *size,
        }
    }
}

/// The whole archive but for the files' content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// In order; contents in the order in which they were given.
    pub pieces: Vec<Piece>,
}

impl Layout {
    /// Bytes of the archive.
    pub fn size(&self) -> u64 {
        self.pieces.iter().map(Piece::len).sum()
    }

    /// Where the content of each file begins.
    pub fn content_starts(&self) -> Vec<u64> {
        let mut at = 0;
        let mut starts = Vec::new();
        for piece in &self.pieces {
            if matches!(piece, Piece::Content(_)) {
                starts.push(at);
            }
            at += piece.len();
        }
        starts
    }
}

/// The first pass.
pub struct LayoutWriter {
    zip: ZipWriter<Sink>,
    shape: Rc<RefCell<Shape>>,
    /// Bytes that the file which is being laid out may still have.
    left: u64,
    /// What is read into, one file after the other; empty until a file is read.
    buffer: Vec<u8>,
}

impl Default for LayoutWriter {
    fn default() -> Self {
        let shape = Rc::new(RefCell::new(Shape::default()));
        Self { zip: ZipWriter::new(Sink(Rc::clone(&shape))), shape, left: 0, buffer: Vec::new() }
    }
}

impl LayoutWriter {
    /// Lays out the next file and says how many bytes it has. `size` is what it should be; the caller compares it. Its check
    /// sum is computed on the way and stands in its header ([`check_sum`]) when the archive is laid out.
    ///
    /// # Errors
    /// Those of `content`, and of [`Self::begin`] and [`Self::content`].
    pub fn file(&mut self, name: &str, size: u64, content: &mut dyn Read) -> io::Result<u64> {
        self.begin(name, size)?;
        let mut size_read = 0;
        let mut buffer = mem::take(&mut self.buffer);
        buffer.resize(PIECE, 0);
        loop {
            let read = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            size_read += read as u64;
            self.content(&buffer[..read])?;
        }
        self.buffer = buffer;
        self.end();
        Ok(size_read)
    }

    /// Begins the next file, of at most `size` bytes.
    ///
    /// # Errors
    /// A name twice or too long for a ZIP.
    pub fn begin(&mut self, name: &str, size: u64) -> io::Result<()> {
        self.zip.start_file(name, options(size))?;
        self.shape.borrow_mut().begin_content();
        self.left = size;
        Ok(())
    }

    /// The next bytes of the file that was begun: they are counted and go into its check sum.
    ///
    /// # Errors
    /// `InvalidData`: the file is longer than was said.
    pub fn content(&mut self, bytes: &[u8]) -> io::Result<()> {
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left =
            left.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "longer than it should be"))?;
        self.zip.write_all(bytes)
    }

    /// Ends the file that was begun.
    pub fn end(&mut self) {
        self.shape.borrow_mut().in_content = false;
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// When the directory can't be laid out.
    pub fn finish(self) -> io::Result<Layout> {
        drop(self.zip.finish()?);
        Ok(Layout { pieces: self.shape.take().pieces })
    }
}

/// All fields of a header that are not the file's own.
fn options(size: u64) -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix)
        .large_file(size >= ZIP64_BYTES_THR)
}

/// What has been written, without the content.
#[derive(Default)]
struct Shape {
    at: u64,
    end: u64,
    in_content: bool,
    pieces: Vec<Piece>,
}

impl Shape {
    fn begin_content(&mut self) {
        self.in_content = true;
        self.pieces.push(Piece::Content(0));
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.at < self.end {
            return self.overwrite(bytes);
        }
        match (self.pieces.last_mut(), self.in_content) {
            (Some(Piece::Content(size)), true) => *size += bytes.len() as u64,
            (Some(Piece::Frame(frame)), false) => frame.extend_from_slice(bytes),
            _ => self.pieces.push(Piece::Frame(bytes.to_vec())),
        }
        self.at += bytes.len() as u64;
        self.end = self.at;
        Ok(bytes.len())
    }

    /// A header that is mended after its content is known. It is never far from the end.
    fn overwrite(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = self.end;
        for piece in self.pieces.iter_mut().rev() {
            start -= piece.len();
            if self.at < start {
                continue;
            }
            let Piece::Frame(frame) = piece else { break };
            let from = usize::try_from(self.at - start).map_err(io::Error::other)?;
            let count = bytes.len().min(frame.len() - from);
            frame[from..from + count].copy_from_slice(&bytes[..count]);
            self.at += count as u64;
            return Ok(count);
        }
        Err(io::Error::other("content can't be written again"))
    }

    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
        };
        match target {
            Some(at) if at <= self.end => {
                self.at = at;
                Ok(at)
            }
            _ => Err(io::Error::from(io::ErrorKind::InvalidInput)),
        }
    }
}

struct Sink(Rc<RefCell<Shape>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.borrow_mut().seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assemble(layout: &Layout, contents: &[&[u8]]) -> Vec<u8> {
        let mut contents = contents.iter();
        layout.pieces.iter().fold(Vec::new(), |mut out, piece| {
            match piece {
                Piece::Frame(bytes) => out.extend_from_slice(bytes),
                Piece::Content(_) => out.extend_from_slice(contents.next().unwrap()),
            }
            out
        })
    }

    #[test]
    fn the_two_passes_give_what_the_crate_writes_by_itself() {
        let files: [(&str, &[u8]); 4] =
            [("f/a", b"one"), ("f/空", b""), ("f/b", b"three"), ("f/証據", &[7; 9000])];
        let mut writer = LayoutWriter::default();
        let mut plain = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let laid = writer.file(name, bytes.len() as u64, &mut &bytes[..]).unwrap();
            assert_eq!(laid, bytes.len() as u64);
            plain.start_file(name, options(bytes.len() as u64)).unwrap();
            plain.write_all(bytes).unwrap();
        }
        let layout = writer.finish().unwrap();
        let whole = assemble(&layout, &files.map(|(_, bytes)| bytes));
        assert_eq!(whole.len() as u64, layout.size());
        assert_eq!(whole, plain.finish().unwrap().into_inner());
        for (place, (name, bytes)) in files.iter().enumerate() {
            let Piece::Frame(header) = &layout.pieces[2 * place] else { panic!("{name} has no header") };
            assert_eq!(check_sum(header), crc32fast::hash(bytes), "{name}");
        }
        for (start, (_, bytes)) in layout.content_starts().into_iter().zip(files) {
            let start = usize::try_from(start).unwrap();
            assert_eq!(&whole[start..start + bytes.len()], bytes);
        }
    }

    /// Packages that were given away must verify for ever: an update of the `zip` crate that writes other headers
    /// is found here, before it tells an agency that its old packages were tampered with.
    #[test]
    fn the_frame_is_the_same_for_ever() {
        let mut writer = LayoutWriter::default();
        writer.file("f/線索.txt", 3, &mut &b"abc"[..]).unwrap();
        let whole = assemble(&writer.finish().unwrap(), &[b"abc"]);
        assert_eq!(
            Digests::of(&whole).sha256,
            "dd1fe15905e686200de519b2426c05173eb8ef25fa873eea2bfcefc5f3c1aeba"
        );
    }

    #[test]
    fn known_hashes() {
        let digests = Digests::of(b"abc");
        assert_eq!(digests.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digests.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }
}
