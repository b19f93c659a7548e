//! Web captures in WACZ: a ZIP of WARC files with a list of pages and the digest of every part, which are compared here.

use std::{
    collections::HashSet,
    io::{self, Read, Seek},
};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    bounds::{Bounded, MOST_STREAM, Unreadable},
    digest::is_sha256,
    unzip::{Directory, Entry},
    warc,
};

/// What the list of parts and the list of pages may take, in bytes.
const MOST_LIST: u64 = 4 << 20;
const MOST_PARTS: usize = 1_000;
/// So many pages are listed.
const MOST_PAGES: usize = 2_000;
const PACKAGE: &str = "datapackage.json";

/// A capture.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wacz {
    pub title: String,
    pub software: String,
    pub created: String,
    pub pages: Vec<Page>,
    /// What is not in order: a message key and the name of the part.
    pub faults: Vec<(&'static str, String)>,
    /// Parts whose digests agree.
    pub agreeing: usize,
    /// Pictures of pages: place of their file among those in the archive, number in it, address.
    pub shots: Vec<(usize, usize, String)>,
    /// Records of all files in it, and those that their own digests speak against.
    pub records: usize,
    pub differing: usize,
    pub is_cut: bool,
}

/// A page, as the list of pages names it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub address: String,
    pub title: String,
    pub time: String,
}

/// Whether an archive is one by what is in it.
pub fn is_one(directory: &Directory) -> bool {
    directory.find(PACKAGE).is_some() && captures(directory).next().is_some()
}

/// The files in it that hold what was captured.
fn captures(directory: &Directory) -> impl Iterator<Item = &Entry> {
    directory.entries.iter().filter(|entry| {
        entry.name.starts_with("archive/")
            && (entry.name.ends_with(".warc") || entry.name.ends_with(".warc.gz"))
    })
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Reads a capture and compares its digests.
///
/// # Errors
/// Where its list of parts can't be read.
pub fn read<R: Read + Seek>(source: &mut R, directory: &Directory) -> Result<Wacz, Unreadable> {
    let entry = directory.find(PACKAGE).ok_or(Unreadable::Damaged)?;
    let list = directory.content(source, entry, MOST_LIST)?;
    let package: Value = serde_json::from_slice(&list).map_err(|_| Unreadable::Damaged)?;
    let mut found = Wacz {
        title: text(&package, "title"),
        software: text(&package, "software"),
        created: text(&package, "created"),
        ..Wacz::default()
    };
    found.compare_list(source, directory, &list)?;
    found.compare_parts(source, directory, &package)?;
    found.read_pages(source, directory)?;
    found.read_captures(source, directory)?;
    Ok(found)
}

impl Wacz {
    fn fault(&mut self, key: &'static str, name: &str) {
        self.faults.push((key, name.to_owned()));
    }

    /// The list of parts has its digest in a file of its own.
    fn compare_list<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
        list: &[u8],
    ) -> Result<(), Unreadable> {
        let name = "datapackage-digest.json";
        let Some(entry) = directory.find(name) else {
            self.fault("reading-fault-no-digest", name);
            return Ok(());
        };
        let bytes = match directory.content(source, entry, MOST_LIST) {
            Err(fault @ Unreadable::Store(_)) => return Err(fault),
            other => other.unwrap_or_default(),
        };
        let said =
            serde_json::from_slice::<Value>(&bytes).map(|said| text(&said, "hash")).unwrap_or_default();
        match is_sha256(&said, &Sha256::digest(list)) {
            Some(true) => self.agreeing += 1,
            Some(false) => self.fault("reading-fault-differs", PACKAGE),
            None => self.fault("reading-fault-no-digest", PACKAGE),
        }
        Ok(())
    }

    /// Every part that the list names is there and comes to its digest, and none is there that it does not name.
    fn compare_parts<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
        package: &Value,
    ) -> Result<(), Unreadable> {
        let none = Vec::new();
        let parts = package.get("resources").and_then(Value::as_array).unwrap_or(&none);
        self.is_cut |= parts.len() > MOST_PARTS;
        let mut named = HashSet::from([PACKAGE.to_owned(), "datapackage-digest.json".to_owned()]);
        let mut left = MOST_STREAM;
        for part in parts.iter().take(MOST_PARTS) {
            let path = text(part, "path");
            let Some(entry) = directory.find(&path) else {
                self.fault("reading-fault-missing", &path);
                continue;
            };
            let (sum, size) = match sum_of(source, directory, entry, left) {
                Ok(found) => found,
                Err(fault @ Unreadable::Store(_)) => return Err(fault),
                Err(Unreadable::TooLarge) => {
                    self.is_cut = true;
                    self.fault("reading-fault-not-compared", &path);
                    named.insert(path);
                    continue;
                }
                Err(_) => {
                    self.fault("reading-fault-unread", &path);
                    named.insert(path);
                    continue;
                }
            };
            left -= size;
            match is_sha256(&text(part, "hash"), &sum) {
                Some(true) if part.get("bytes").and_then(Value::as_u64).is_none_or(|said| said == size) => {
                    self.agreeing += 1;
                }
                Some(_) => self.fault("reading-fault-differs", &path),
                None => self.fault("reading-fault-no-digest", &path),
            }
            named.insert(path);
        }
        let parts = directory.entries.iter().filter(|entry| !entry.is_folder());
        let more: Vec<&Entry> = parts.filter(|entry| !named.contains(&entry.name)).take(MOST_PARTS).collect();
        for entry in more {
            self.fault("reading-fault-unnamed", &entry.name);
        }
        Ok(())
    }

    fn read_pages<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
    ) -> Result<(), Unreadable> {
        let name = "pages/pages.jsonl";
        let Some(entry) = directory.find(name) else {
            self.fault("reading-fault-missing", name);
            return Ok(());
        };
        let bytes = match directory.content(source, entry, MOST_LIST) {
            Ok(bytes) => bytes,
            Err(fault @ Unreadable::Store(_)) => return Err(fault),
            Err(_) => {
                self.fault("reading-fault-unread", name);
                return Ok(());
            }
        };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let mut has_odd = false;
        for line in lines {
            let Ok(page) = serde_json::from_slice::<Value>(line) else {
                has_odd = true;
                continue;
            };
            // The first line says what the others are.
            if page.get("url").is_none() {
                continue;
            }
            if self.pages.len() == MOST_PAGES {
                self.is_cut = true;
                break;
            }
            self.pages.push(Page {
                address: text(&page, "url"),
                title: text(&page, "title"),
                time: text(&page, "ts"),
            });
        }
        if has_odd {
            self.fault("reading-fault-unread", name);
        }
        Ok(())
    }

    fn read_captures<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
    ) -> Result<(), Unreadable> {
        let files: Vec<&Entry> = captures(directory).take(MOST_PARTS).collect();
        let mut left = MOST_STREAM;
        for (place, entry) in files.into_iter().enumerate() {
            if left == 0 {
                self.is_cut = true;
                break;
            }
            left = left.saturating_sub(entry.unpacked);
            match capture(source, directory, entry, None) {
                Ok(web) => {
                    left = left.saturating_sub(web.bytes);
                    self.records += web.total;
                    self.differing += web.differing;
                    self.is_cut |= web.is_cut;
                    if web.is_broken {
                        self.fault("reading-fault-unread", &entry.name);
                    }
                    let shots = web.records.into_iter().filter(|record| record.is_shot);
                    self.shots.extend(shots.map(|record| (place, record.number, record.address)));
                }
                Err(fault @ Unreadable::Store(_)) => return Err(fault),
                Err(_) => self.fault("reading-fault-unread", &entry.name),
            }
        }
        Ok(())
    }
}

/// The picture of a page: `place` and `number` as [`Wacz::shots`] has them.
///
/// # Errors
/// Those of reading.
pub fn picture<R: Read + Seek>(
    source: &mut R,
    directory: &Directory,
    place: usize,
    number: usize,
) -> Result<Option<Vec<u8>>, Unreadable> {
    let Some(entry) = captures(directory).take(MOST_PARTS).nth(place) else { return Ok(None) };
    Ok(capture(source, directory, entry, Some(number))?.picture)
}

fn capture<R: Read + Seek>(
    source: &mut R,
    directory: &Directory,
    entry: &Entry,
    wanted: Option<usize>,
) -> Result<warc::Web, Unreadable> {
    let content = directory.open(source, entry, MOST_STREAM)?;
    if entry.name.ends_with(".gz") {
        warc::read(Bounded::new(MultiGzDecoder::new(content), MOST_STREAM), wanted)
    } else {
        warc::read(content, wanted)
    }
}

/// What a part comes to, and how large it is.
fn sum_of<R: Read + Seek>(
    source: &mut R,
    directory: &Directory,
    entry: &Entry,
    most: u64,
) -> Result<(Vec<u8>, u64), Unreadable> {
    let mut content = directory.open(source, entry, most)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 << 10];
    let mut size = 0;
    loop {
        let read = match content.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if read == 0 {
            return Ok((hash.finalize().to_vec(), size));
        }
        hash.update(&piece[..read]);
        size += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use data_encoding::HEXLOWER;
    use serde_json::json;
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const WARC: &[u8] =
        b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:view:https://shop.example/1\r\n\
        Content-Type: image/png\r\nContent-Length: 3\r\n\r\npng\r\n\r\n";
    const PAGES: &[u8] =
        b"{\"format\":\"json-pages-1.0\"}\n{\"url\":\"https://shop.example/1\",\"title\":\"\xe5\xba\x97\",\
        \"ts\":\"2016-05-04T01:00:00Z\"}\n";

    fn hash(bytes: &[u8]) -> String {
        format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes)))
    }

    /// A capture whose list says this of its pages.
    fn made(of_pages: &str) -> Vec<u8> {
        let package = json!({ "title": "某店", "resources": [
            { "path": "archive/data.warc", "hash": hash(WARC), "bytes": WARC.len() },
            { "path": "pages/pages.jsonl", "hash": of_pages, "bytes": PAGES.len() },
            { "path": "indexes/index.cdx", "hash": hash(b"") },
        ]})
        .to_string();
        let digest = json!({ "path": PACKAGE, "hash": hash(package.as_bytes()) }).to_string();
        let files: [(&str, &[u8]); 5] = [
            ("archive/data.warc", WARC),
            ("pages/pages.jsonl", PAGES),
            ("more.txt", b"x"),
            (PACKAGE, package.as_bytes()),
            ("datapackage-digest.json", digest.as_bytes()),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("an archive").into_inner()
    }

    fn found(bytes: &[u8]) -> Wacz {
        let mut source = Cursor::new(bytes);
        let directory = Directory::read(&mut source).expect("a directory");
        assert!(is_one(&directory));
        read(&mut source, &directory).expect("a capture")
    }

    #[test]
    fn what_is_in_order_and_what_is_not_is_told_by_name() {
        let whole = found(&made(&hash(PAGES)));
        assert_eq!((whole.title.as_str(), whole.agreeing, whole.records), ("某店", 3, 1));
        assert_eq!(whole.pages[0].title, "店");
        let missing = ("reading-fault-missing", "indexes/index.cdx".to_owned());
        let unnamed = ("reading-fault-unnamed", "more.txt".to_owned());
        assert_eq!(whole.faults, [missing.clone(), unnamed.clone()]);
        assert_eq!(whole.shots, [(0, 0, "urn:view:https://shop.example/1".to_owned())]);
        let wrong = found(&made(&hash(b"other")));
        assert_eq!(
            wrong.faults,
            [("reading-fault-differs", "pages/pages.jsonl".to_owned()), missing, unnamed]
        );
    }

    #[test]
    fn a_picture_is_given_by_its_place() {
        let bytes = made("");
        let mut source = Cursor::new(&bytes);
        let directory = Directory::read(&mut source).expect("a directory");
        assert_eq!(picture(&mut source, &directory, 0, 0).expect("read").as_deref(), Some(b"png".as_slice()));
        assert_eq!(picture(&mut source, &directory, 1, 0).expect("read"), None);
    }
}
