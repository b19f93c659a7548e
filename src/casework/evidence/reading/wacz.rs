//! Web captures in WACZ: a ZIP of WARC files with a list of pages and the digest of every part, which are compared here.

use std::{
    collections::HashSet,
    io::{self, Read, Seek},
};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    bounds::{Budget, MOST_STREAM, Unreadable},
    digest::is_sha256,
    unzip::{Directory, Entry, is_blown_up},
    warc::{self, MOST_SHOTS},
};

/// What the list of parts and the list of pages may take, in bytes.
const MOST_LIST: u64 = 4 << 20;
const MOST_PARTS: usize = 1_000;
/// What is gone through for one page, packed and unpacked: once for the digests of its parts, which take no more than the half
/// of it, and once for their records.
const MOST_READ: u64 = 2 * MOST_STREAM;
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
    /// Pictures of pages: place of their file among those in the archive, number in it, address. One more than [`MOST_SHOTS`]
    /// tells that there are more.
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
    let budget = Budget::new(MOST_READ);
    found.compare_list(source, directory, &list)?;
    found.compare_parts(source, directory, &package, &budget)?;
    found.read_pages(source, directory)?;
    found.read_captures(source, directory, &budget)?;
    Ok(found)
}

impl Wacz {
    fn wrong(&mut self, key: &'static str, name: &str) {
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
            self.wrong("reading-fault-no-digest", name);
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
            Some(false) => self.wrong("reading-fault-differs", PACKAGE),
            None => self.wrong("reading-fault-no-digest", PACKAGE),
        }
        Ok(())
    }

    /// Every part that the list names is there and comes to its digest, and none is there that it does not name.
    fn compare_parts<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
        package: &Value,
        budget: &Budget,
    ) -> Result<(), Unreadable> {
        let none = Vec::new();
        let parts = package.get("resources").and_then(Value::as_array).unwrap_or(&none);
        self.is_cut |= parts.len() > MOST_PARTS;
        let mut named = HashSet::from([PACKAGE.to_owned(), "datapackage-digest.json".to_owned()]);
        let (mut compared, mut twice) = (HashSet::new(), HashSet::new());
        for part in parts.iter().take(MOST_PARTS) {
            let path = text(part, "path");
            if !compared.insert(path.clone()) {
                if twice.insert(path.clone()) {
                    self.wrong("reading-fault-twice", &path);
                }
                continue;
            }
            let Some(entry) = directory.find(&path) else {
                self.wrong("reading-fault-missing", &path);
                continue;
            };
            let (sum, size) = match sum_of(source, directory, entry, budget) {
                Ok(found) => found,
                Err(fault @ (Unreadable::Store(_) | Unreadable::Bomb)) => return Err(fault),
                Err(Unreadable::TooLarge) => {
                    self.is_cut = true;
                    self.wrong("reading-fault-not-compared", &path);
                    named.insert(path);
                    continue;
                }
                Err(_) => {
                    self.wrong("reading-fault-unread", &path);
                    named.insert(path);
                    continue;
                }
            };
            match is_sha256(&text(part, "hash"), &sum) {
                Some(true) if part.get("bytes").and_then(Value::as_u64).is_none_or(|said| said == size) => {
                    self.agreeing += 1;
                }
                Some(_) => self.wrong("reading-fault-differs", &path),
                None => self.wrong("reading-fault-no-digest", &path),
            }
            named.insert(path);
        }
        let parts = directory.entries.iter().filter(|entry| !entry.is_folder());
        let more: Vec<&Entry> = parts.filter(|entry| !named.contains(&entry.name)).take(MOST_PARTS).collect();
        for entry in more {
            self.wrong("reading-fault-unnamed", &entry.name);
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
            self.wrong("reading-fault-missing", name);
            return Ok(());
        };
        let bytes = match directory.content(source, entry, MOST_LIST) {
            Ok(bytes) => bytes,
            Err(fault @ Unreadable::Store(_)) => return Err(fault),
            Err(Unreadable::TooLarge) => {
                self.is_cut = true;
                return Ok(());
            }
            Err(_) => {
                self.wrong("reading-fault-unread", name);
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
            self.wrong("reading-fault-unread", name);
        }
        Ok(())
    }

    fn read_captures<R: Read + Seek>(
        &mut self,
        source: &mut R,
        directory: &Directory,
        budget: &Budget,
    ) -> Result<(), Unreadable> {
        for (place, entry) in captures(directory).take(MOST_PARTS).enumerate() {
            if budget.is_spent() {
                self.is_cut = true;
                break;
            }
            match capture(source, directory, entry, None, budget) {
                Ok(web) => {
                    self.records += web.total;
                    self.differing += web.differing;
                    self.is_cut |= web.is_cut;
                    if web.is_broken {
                        self.wrong("reading-fault-unread", &entry.name);
                    }
                    let left = (MOST_SHOTS + 1).saturating_sub(self.shots.len());
                    let shots = web.records.into_iter().filter(|record| record.is_shot).take(left);
                    self.shots.extend(shots.map(|record| (place, record.number, record.address)));
                }
                Err(fault @ Unreadable::Store(_)) => return Err(fault),
                Err(Unreadable::TooLarge) => self.is_cut = true,
                Err(_) => self.wrong("reading-fault-unread", &entry.name),
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
    Ok(capture(source, directory, entry, Some(number), &Budget::new(MOST_READ))?.picture)
}

fn capture<R: Read + Seek>(
    source: &mut R,
    directory: &Directory,
    entry: &Entry,
    wanted: Option<usize>,
    budget: &Budget,
) -> Result<warc::Web, Unreadable> {
    let content = budget.meter(directory.open(source, entry, MOST_STREAM)?);
    if entry.name.ends_with(".gz") {
        warc::read(budget.meter(MultiGzDecoder::new(content)), wanted)
    } else {
        warc::read(content, wanted)
    }
}

/// What a part comes to, and how large it is.
fn sum_of<R: Read + Seek>(
    source: &mut R,
    directory: &Directory,
    entry: &Entry,
    budget: &Budget,
) -> Result<(Vec<u8>, u64), Unreadable> {
    let most = budget.left().saturating_sub(MOST_READ / 2);
    let mut content = budget.meter(directory.open(source, entry, most)?);
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
        // By what it is: what it claims to be was weighed with the directory.
        if is_blown_up(entry.packed, size) {
            return Err(Unreadable::Bomb);
        }
    }
}

#[cfg(test)]
mod tests;
