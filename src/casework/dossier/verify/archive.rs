//! Reading an archive that may be hostile: bounded in entries, bytes and memory, and never trusted with a path.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{self, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use zip::{CompressionMethod, ZipArchive};

use super::{
    Code, Faults, Unreadable,
    lanes::{Hashers, Hashes},
};
use crate::{
    casework::dossier::{
        layout::{Digests, Layout, LayoutWriter, Piece},
        names,
    },
    platform::terminal::printable,
};

/// What the directory may cost in bytes read: some 75,000 entries.
const DIRECTORY: u64 = 16 << 20;

/// What a file may have that is read as a whole.
pub const SMALL: u64 = 32 << 20;

/// An archive with its folder, before its contents are read.
pub struct Opened<R> {
    zip: ZipArchive<Budget<BufReader<R>>>,
    /// Bytes of the archive.
    pub length: u64,
    /// The bag's folder.
    pub folder: String,
    /// Path below the folder → place in the directory.
    pub entries: BTreeMap<String, usize>,
}

impl<R: Read + Seek> Opened<R> {
    /// Reads the directory. Entries outside of the folder are faults, as is every name twice.
    ///
    /// # Errors
    /// When it is no ZIP, or one that no package can be.
    pub fn new(mut reader: R, faults: &mut Faults) -> Result<Self, Unreadable> {
        let length = reader.seek(SeekFrom::End(0)).map_err(Unreadable::Io)?;
        let left = Rc::new(Cell::new(DIRECTORY));
        let budget = Budget { inner: BufReader::new(reader), left: Rc::clone(&left) };
        let zip = ZipArchive::new(budget).map_err(|_| Unreadable::NotZip)?;
        left.set(u64::MAX);
        let folder = folder_of(&zip).ok_or(Unreadable::NotPackage)?;
        if zip.has_duplicate_names() {
            faults.add(Code::Duplicate, "", "", "");
        }
        let mut entries = BTreeMap::new();
        let prefix = format!("{folder}/");
        for (index, raw) in zip.file_names_raw().enumerate() {
            match std::str::from_utf8(raw).ok().and_then(|name| name.strip_prefix(&prefix)) {
                Some(path) => drop(entries.insert(path.to_owned(), index)),
                None => faults.add(Code::Outside, printable(&String::from_utf8_lossy(raw)), "", ""),
            }
        }
        Ok(Self { zip, length, folder, entries })
    }

    /// Whether what the directory claims fits into the archive; if not, its contents overlap and are not to be read.
    pub fn fits(&mut self) -> bool {
        let mut total = 0u64;
        for index in 0..self.zip.len() {
            let Ok(entry) = self.zip.by_index_data(index) else { return false };
            total = total.saturating_add(entry.compressed_size()).saturating_add(30);
        }
        total <= self.length
    }

    /// A whole file of at most [`SMALL`] bytes; else a fault.
    pub fn small(&mut self, path: &str, faults: &mut Faults) -> Option<Vec<u8>> {
        self.within(path, SMALL, faults)
    }

    /// A whole file of at most `most` bytes; else a fault.
    pub fn within(&mut self, path: &str, most: u64, faults: &mut Faults) -> Option<Vec<u8>> {
        let index = *self.entries.get(path)?;
        let mut bytes = Vec::new();
        let read = self.zip.by_index_raw(index).map_err(io::Error::other);
        match read.and_then(|file| file.take(most + 1).read_to_end(&mut bytes)) {
            Ok(_) if bytes.len() as u64 <= most => Some(bytes),
            Ok(_) => {
                faults.add(Code::TooBig, path, most, "");
                None
            }
            Err(_) => {
                faults.add(Code::Damaged, path, "", "");
                None
            }
        }
    }

    /// Reads every file of `order` once, in that order, and hashes it by `hashes`; a hash that was not asked for is empty. Files that
    /// are missing are faults.
    pub fn walk(
        mut self,
        order: &[String],
        hashes: Hashes,
        progress: &mut dyn FnMut(u64, u64),
        faults: &mut Faults,
    ) -> (BTreeMap<String, Digests>, Option<Frame<R>>) {
        let mut hashers = Hashers::new(self.length, hashes);
        let mut writer = LayoutWriter::default();
        let (mut starts, mut laid) = (Vec::new(), Vec::new());
        let mut whole = order.len() == self.zip.len() && order.len() == self.entries.len();
        let (mut done, all) = (0u64, self.length);
        for path in order {
            let Some(&index) = self.entries.get(path) else {
                faults.add(Code::Missing, path, "", "");
                whole = false;
                continue;
            };
            let name = format!("{}/{path}", self.folder);
            let told = &mut |read: u64| progress(done + read, all);
            match lay_out(&mut self.zip, index, &name, &mut writer, &mut hashers, told) {
                Some((start, size, file)) => {
                    done += size;
                    starts.push(start);
                    laid.push((path, size, file));
                }
                None => {
                    faults.add(Code::Damaged, path, "", "");
                    whole = false;
                }
            }
        }
        let (mut found, sums) = (BTreeMap::new(), hashers.finish());
        for (path, size, file) in laid {
            match sums.get(file) {
                Some(sums) if sums.are_whole(hashes) => {
                    let (sha256, sm3) = (sums.sha256.clone(), sums.sm3.clone());
                    found.insert(path.clone(), Digests { size, sha256, sm3 });
                }
                _ => {
                    faults.add(Code::Damaged, path, "", "");
                    whole = false;
                }
            }
        }
        let layout = writer.finish().ok().filter(|_| whole);
        let reader = self.zip.into_inner().inner;
        (found, layout.map(|layout| Frame { reader, length: self.length, layout, starts }))
    }
}

/// What is left to compare once every content is known: all bytes of the archive that are not content.
pub struct Frame<R> {
    reader: BufReader<R>,
    length: u64,
    /// Of the canonical archive of the files that were found.
    layout: Layout,
    /// Where their contents were found.
    starts: Vec<u64>,
}

impl<R: Read + Seek> Frame<R> {
    /// Compares them. Names the file whose header differs, or none for the directory.
    pub fn compare(mut self, order: &[String], faults: &mut Faults) {
        let starts = self.layout.content_starts();
        let moved =
            starts.iter().zip(&self.starts).zip(order).find(|((expected, found), _)| expected != found);
        if let Some(((expected, found), path)) = moved {
            return faults.add(Code::Place, path, *expected, *found);
        }
        if self.layout.size() != self.length {
            return faults.add(Code::Length, "", self.layout.size(), self.length);
        }
        let (mut at, mut files) = (0, order.iter());
        for piece in &self.layout.pieces {
            match piece {
                Piece::Content(size) => {
                    at += size;
                    files.next();
                }
                Piece::Frame(bytes) => {
                    if let Some((place, expected, found)) = differs(&mut self.reader, at, bytes) {
                        let file = files.as_slice().first().map_or("", String::as_str);
                        return faults.add(Code::Frame, file, format!("{expected} @ {place}"), found);
                    }
                    at += bytes.len() as u64;
                }
            }
        }
    }
}

/// The first byte from `at` on that is not as in `bytes`: its place, what it should be and what it is, in hex.
fn differs<R: Read + Seek>(reader: &mut R, at: u64, bytes: &[u8]) -> Option<(u64, String, String)> {
    let mut there = vec![0; bytes.len()];
    if let Err(e) = reader.seek(SeekFrom::Start(at)).and_then(|_| reader.read_exact(&mut there)) {
        return Some((at, String::new(), e.to_string()));
    }
    let n = bytes.iter().zip(&there).position(|(a, b)| a != b)?;
    Some((at + n as u64, format!("{:02x}", bytes[n]), format!("{:02x}", there[n])))
}

/// Where the content begins, its size and its number among the hashed ones; `None` when it can't be read or is not stored as
/// it is. `told`: how many bytes of it are read.
fn lay_out<R: Read + Seek>(
    zip: &mut ZipArchive<Budget<BufReader<R>>>,
    index: usize,
    name: &str,
    writer: &mut LayoutWriter,
    hashers: &mut Hashers,
    told: &mut dyn FnMut(u64),
) -> Option<(u64, u64, usize)> {
    let mut file = zip.by_index_raw(index).ok()?;
    let size = file.compressed_size();
    if file.compression() != CompressionMethod::Stored || file.size() != size || file.encrypted() {
        return None;
    }
    let start = file.data_start()?;
    writer.begin(name, size).ok()?;
    let number = hashers.begin(size);
    let read = copied(&mut file, writer, hashers, told);
    writer.end();
    (read? == size).then_some(())?;
    hashers.end();
    Some((start, size, number))
}

/// Lays the content out and has it hashed; how many bytes it has.
fn copied(
    file: &mut dyn Read,
    writer: &mut LayoutWriter,
    hashers: &mut Hashers,
    told: &mut dyn FnMut(u64),
) -> Option<u64> {
    let mut done = 0u64;
    loop {
        let mut piece = hashers.piece();
        let read = piece.fill(file).ok()? as u64;
        if read == 0 {
            return Some(done);
        }
        writer.content(piece.bytes()).ok()?;
        hashers.take(piece);
        done += read;
        told(done);
    }
}

/// The folder of the first entry, if it can be that of a package.
fn folder_of<R: Read + Seek>(zip: &ZipArchive<R>) -> Option<String> {
    let first = zip.file_names_raw().next()?;
    let (folder, _) = std::str::from_utf8(first).ok()?.split_once('/')?;
    names::is_folder(folder).then(|| folder.to_owned())
}

/// Gives an error once more has been read than is left.
struct Budget<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.ok_or_else(|| io::Error::other("too long a directory"))?);
        Ok(read)
    }
}

impl<R: Seek> Seek for Budget<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
