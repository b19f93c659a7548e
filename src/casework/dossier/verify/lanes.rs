//! Hashing beside the reading: one thread reads the archive from its beginning to its end, and others hash what it read, each file
//! by SHA-256 and, where that is asked for, by SM3, which are two pieces of work that may be done side by side. SM3 is several times
//! slower than all the rest, so files that follow each other are spread over the threads. What is read ahead is bounded.

use std::{
    collections::HashMap,
    io::{self, Read},
    mem,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// Pieces that are read and not hashed yet: 64 MB.
const AHEAD: usize = 64;

/// An archive below this size is hashed by whoever reads it.
const ALONE: u64 = 4 << 20;

/// Most threads that hash.
const MOST: usize = 8;

/// By what every file of a package is hashed anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hashes {
    /// By SHA-256 and by SM3.
    #[default]
    Both,
    /// By SHA-256, which manifests and seal have: each byte is held to what it was, and only the SM3 values of the evidence list
    /// are not made again.
    Sha256Only,
}

impl Hashes {
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Both => &[Kind::Sm3, Kind::Sha256],
            Self::Sha256Only => &[Kind::Sha256],
        }
    }
}

/// The hashes of a file, lower-case hex; empty where they were not asked for or did not come to their end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub sha256: String,
    pub sm3: String,
}

impl Sums {
    /// Whether all that was asked for came to its end.
    pub fn are_whole(&self, hashes: Hashes) -> bool {
        !self.sha256.is_empty() && (hashes == Hashes::Sha256Only || !self.sm3.is_empty())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Sha256,
    Sm3,
}

impl Kind {
    /// What a byte costs, roughly, one beside the other.
    fn weight(self) -> u64 {
        match self {
            Kind::Sha256 => 1,
            Kind::Sm3 => 5,
        }
    }
}

enum Hasher {
    Sha256(Sha256),
    Sm3(Sm3),
}

impl Hasher {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sha256 => Self::Sha256(Sha256::new()),
            Kind::Sm3 => Self::Sm3(Sm3::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sm3(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> String {
        match self {
            Self::Sha256(hasher) => HEXLOWER.encode(&hasher.finalize()),
            Self::Sm3(hasher) => HEXLOWER.encode(&hasher.finalize()),
        }
    }
}

/// Bytes that were read; their room goes back to be filled again.
pub struct Piece {
    room: Vec<u8>,
    length: usize,
    back: Sender<Vec<u8>>,
}

impl Piece {
    /// Reads as much as there is room for; 0 at the end.
    ///
    /// # Errors
    /// Those of `content`.
    pub fn fill(&mut self, content: &mut dyn Read) -> io::Result<usize> {
        self.length = 0;
        while self.length < self.room.len() {
            match content.read(&mut self.room[self.length..]) {
                Ok(0) => break,
                Ok(read) => self.length += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(self.length)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.room[..self.length]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // Where nobody reads any more, nobody needs it.
        let _ = self.back.send(mem::take(&mut self.room));
    }
}

enum Step {
    Piece(usize, Kind, Arc<Piece>),
    End(usize, Kind),
}

/// The hashes that are being made in one place, and where they go.
struct Lane {
    open: HashMap<(usize, Kind), Hasher>,
    done: Sender<(usize, Kind, String)>,
    load: Arc<AtomicU64>,
}

impl Lane {
    fn new(done: &Sender<(usize, Kind, String)>) -> Self {
        Self { open: HashMap::new(), done: done.clone(), load: Arc::default() }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Piece(file, kind, piece) => {
                self.hasher(file, kind).update(piece.bytes());
                self.load.fetch_sub(kind.weight() * piece.length as u64, Ordering::Relaxed);
            }
            Step::End(file, kind) => {
                let hasher = self.open.remove(&(file, kind)).unwrap_or_else(|| Hasher::new(kind));
                // Whoever asked may have gone.
                let _ = self.done.send((file, kind, hasher.finish()));
            }
        }
    }

    fn hasher(&mut self, file: usize, kind: Kind) -> &mut Hasher {
        self.open.entry((file, kind)).or_insert_with(|| Hasher::new(kind))
    }
}

/// A thread that hashes, as its feeder sees it.
struct Feed {
    steps: Sender<Step>,
    /// Bytes by their weight that were promised to it and are not hashed yet.
    load: Arc<AtomicU64>,
}

/// Hashes files that are read one after the other.
pub struct Hashers {
    feeds: Vec<Feed>,
    /// Where there are no threads.
    own: Lane,
    done: Receiver<(usize, Kind, String)>,
    free: Receiver<Vec<u8>>,
    back: Sender<Vec<u8>>,
    made: usize,
    /// Bytes of a piece.
    piece: usize,
    files: usize,
    kinds: &'static [Kind],
    /// Who hashes the file that is read, by each of the kinds.
    at: [usize; 2],
}

impl Hashers {
    /// For an archive of `length` bytes.
    pub fn new(length: u64, hashes: Hashes) -> Self {
        let threads = match length {
            0..ALONE => 0,
            _ => thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST),
        };
        Self::with(threads, usize::try_from(length).map_or(PIECE, |length| length.clamp(1, PIECE)), hashes)
    }

    fn with(threads: usize, piece: usize, hashes: Hashes) -> Self {
        let (sender, done) = channel();
        let (back, free) = channel();
        // A thread that can't be had is done without.
        let feeds = (0..threads).map_while(|_| feed(Lane::new(&sender)).ok()).collect();
        let own = Lane::new(&sender);
        Self { feeds, own, done, free, back, made: 0, piece, files: 0, kinds: hashes.kinds(), at: [0; 2] }
    }

    /// Begins a file of `size` bytes and gives it its number, from 0.
    pub fn begin(&mut self, size: u64) -> usize {
        for (kind, at) in self.kinds.iter().zip(&mut self.at) {
            let load = |feed: &Feed| feed.load.load(Ordering::Relaxed);
            let Some((lightest, feed)) = self.feeds.iter().enumerate().min_by_key(|(_, feed)| load(feed))
            else {
                break;
            };
            feed.load.fetch_add(kind.weight().saturating_mul(size), Ordering::Relaxed);
            *at = lightest;
        }
        self.files += 1;
        self.files - 1
    }

    /// Room for the next bytes; waits until there is some.
    pub fn piece(&mut self) -> Piece {
        let room = self.free.try_recv().ok().or_else(|| {
            if self.made < AHEAD {
                self.made += 1;
                return Some(vec![0; self.piece]);
            }
            self.free.recv().ok()
        });
        Piece { room: room.unwrap_or_default(), length: 0, back: self.back.clone() }
    }

    /// The next bytes of the file that was begun last.
    pub fn take(&mut self, piece: Piece) {
        let piece = Arc::new(piece);
        self.each(|file, kind| Step::Piece(file, kind, Arc::clone(&piece)));
    }

    /// Ends the file that was begun last.
    pub fn end(&mut self) {
        self.each(Step::End);
    }

    fn each(&mut self, step: impl Fn(usize, Kind) -> Step) {
        let file = self.files.saturating_sub(1);
        for (&kind, at) in self.kinds.iter().zip(self.at) {
            match self.feeds.get(at) {
                // A thread that is gone gives no hash, which is seen at the end.
                Some(feed) => drop(feed.steps.send(step(file, kind))),
                None => self.own.step(step(file, kind)),
            }
        }
    }

    /// The hashes of all files by their numbers.
    pub fn finish(self) -> Vec<Sums> {
        let Self { feeds, own, done, files, .. } = self;
        drop((feeds, own));
        let mut sums = vec![Sums::default(); files];
        for (file, kind, hash) in done {
            let Some(sums) = sums.get_mut(file) else { continue };
            match kind {
                Kind::Sha256 => sums.sha256 = hash,
                Kind::Sm3 => sums.sm3 = hash,
            }
        }
        sums
    }
}

fn feed(mut lane: Lane) -> io::Result<Feed> {
    let (steps, taken) = channel();
    let load = Arc::clone(&lane.load);
    thread::Builder::new().name("hash".to_owned()).spawn(move || {
        for step in taken {
            lane.step(step);
        }
    })?;
    Ok(Feed { steps, load })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::dossier::layout::Digests;

    /// However many threads there are and however the bytes are cut, the hashes are those of the files; one that breaks off has none.
    #[test]
    fn the_hashes_are_those_of_each_file_on_any_number_of_threads() {
        let files: Vec<Vec<u8>> = [0, 1, 63, 64, 65, 1_000, 9_999]
            .iter()
            .map(|n| (0..*n).map(|at| (at * 7) as u8).collect())
            .collect();
        let ways = [0, 1, 2, 5].map(|threads| [(threads, Hashes::Both), (threads, Hashes::Sha256Only)]);
        for (threads, hashes) in ways.into_iter().flatten() {
            let mut hashers = Hashers::with(threads, 64, hashes);
            for file in &files {
                hashers.begin(file.len() as u64);
                let mut content = file.as_slice();
                loop {
                    let mut piece = hashers.piece();
                    if piece.fill(&mut content).unwrap() == 0 {
                        break;
                    }
                    hashers.take(piece);
                }
                hashers.end();
            }
            hashers.begin(5);
            let sums = hashers.finish();
            assert_eq!(sums.len(), files.len() + 1);
            for (file, sums) in files.iter().zip(&sums) {
                let Digests { sha256, sm3, .. } = Digests::of(file);
                let sm3 = if hashes == Hashes::Both { sm3 } else { String::new() };
                assert_eq!((&sums.sha256, &sums.sm3), (&sha256, &sm3), "{threads}");
            }
            assert_eq!(sums.last(), Some(&Sums::default()));
        }
    }
}
