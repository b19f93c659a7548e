//! The small files of a package: they are read side by side, compared, and kept in memory until the archive is written.

use std::{
    collections::HashMap,
    io::{self, Read},
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    bag,
    package::{Open, PayloadFile, changed},
};

/// They are opened by so many threads at most.
const MOST_THREADS: usize = 4;

/// Reads these files side by side and compares size and hash: opening one, which unwraps a key and agrees on another, takes
/// far longer than its few bytes.
///
/// # Errors
/// Those of `open` and of reading; `InvalidData` for a file that is not what was frozen.
pub(super) fn read_small(files: &[&PayloadFile], open: &Open<'_>) -> io::Result<HashMap<String, Vec<u8>>> {
    let next = AtomicUsize::new(0);
    let read = || -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut done = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            // After a fault nobody begins another one.
            let bytes = small(file, open).inspect_err(|_| next.store(files.len(), Ordering::Relaxed))?;
            done.push((file.path.clone(), bytes));
        }
        Ok(done)
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS).min(files.len());
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(read)).collect();
        let mut found: HashMap<String, Vec<u8>> = read()?.into_iter().collect();
        for other in others {
            found.extend(other.join().map_err(|_| io::Error::other("reading a small file panicked"))??);
        }
        Ok(found)
    })
}

fn small(file: &PayloadFile, open: &Open<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).map_or(0, |size| size + 1));
    // One byte more tells that it is longer than it should be.
    open(&file.path)?.take(file.size + 1).read_to_end(&mut bytes)?;
    let same = bytes.len() as u64 == file.size && bag::sha256_hex(&bytes) == file.sha256;
    if same { Ok(bytes) } else { Err(changed(&file.path)) }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        sync::{Barrier, Mutex},
        time::Duration,
    };

    use super::*;

    /// More files than threads, no two of the same content.
    fn files(count: usize) -> Vec<(PayloadFile, Vec<u8>)> {
        let file = |n: usize| {
            let bytes = vec![u8::try_from(n % 251).expect("a byte"); n * 3];
            let (size, sha256) = (bytes.len() as u64, bag::sha256_hex(&bytes));
            (PayloadFile { path: format!("data/{n:03}"), size, sha256 }, bytes)
        };
        (0..count).map(file).collect()
    }

    fn read(wanted: &[(PayloadFile, Vec<u8>)], open: &Open<'_>) -> io::Result<HashMap<String, Vec<u8>>> {
        read_small(&wanted.iter().map(|(file, _)| file).collect::<Vec<_>>(), open)
    }

    #[test]
    fn every_one_of_many_small_files_is_read_once() {
        for count in [0, 1, MOST_THREADS, MOST_THREADS + 1, 97] {
            let wanted = files(count);
            let contents: HashMap<&str, &[u8]> =
                wanted.iter().map(|(file, bytes)| (file.path.as_str(), bytes.as_slice())).collect();
            let opened = Mutex::new(Vec::new());
            let found = read(&wanted, &|path| {
                opened.lock().expect("a list").push(path.to_owned());
                Ok(Box::new(io::Cursor::new(contents[path].to_vec())))
            });
            let found = found.expect("the files");
            assert_eq!(found.len(), count);
            assert!(wanted.iter().all(|(file, bytes)| found[&file.path] == *bytes));
            let opened = opened.into_inner().expect("a list");
            assert_eq!(opened.len(), count);
            assert_eq!(opened.into_iter().collect::<HashSet<_>>().len(), count);
        }
    }

    #[test]
    fn they_are_opened_side_by_side() {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        let (wanted, all) = (files(threads), Barrier::new(threads));
        // Each waits until every other one is being opened, too.
        let found = read(&wanted, &|path| {
            all.wait();
            let (_, bytes) = wanted.iter().find(|(file, _)| file.path == path).expect("a file");
            Ok(Box::new(io::Cursor::new(bytes.clone())))
        });
        assert_eq!(found.expect("the files").len(), threads);
    }

    #[test]
    fn one_that_is_not_what_was_frozen_ends_the_reading() {
        let wanted = files(1_000);
        for fault in ["other", "longer", "shorter", "gone"] {
            let opened = AtomicUsize::new(0);
            let done = read(&wanted, &|path| {
                opened.fetch_add(1, Ordering::Relaxed);
                let place: usize = path.rsplit('/').next().and_then(|n| n.parse().ok()).expect("a number");
                let mut bytes = wanted[place].1.clone();
                match (place == 7, fault) {
                    (true, "other") => bytes[0] ^= 1,
                    (true, "longer") => bytes.push(0),
                    (true, "shorter") => drop(bytes.pop()),
                    (true, _) => return Err(io::ErrorKind::NotFound.into()),
                    // The others take so long that the fault is there before the end.
                    (false, _) => thread::sleep(Duration::from_micros(200)),
                }
                Ok(Box::new(io::Cursor::new(bytes)))
            });
            let kind = done.map(|found| found.len()).map_err(|error| error.kind());
            let wanted_kind =
                if fault == "gone" { io::ErrorKind::NotFound } else { io::ErrorKind::InvalidData };
            assert_eq!(kind, Err(wanted_kind), "{fault}");
            assert!(opened.into_inner() < wanted.len(), "{fault}: nobody goes on behind it");
        }
    }

    #[test]
    fn a_panic_on_another_thread_is_a_fault() {
        if thread::available_parallelism().map_or(1, NonZero::get) < 2 {
            return;
        }
        let (wanted, both, here) = (files(2), Barrier::new(2), thread::current().id());
        let done = read(&wanted, &|path| {
            both.wait();
            assert_eq!(thread::current().id(), here, "the other one breaks");
            let (_, bytes) = wanted.iter().find(|(file, _)| file.path == path).expect("a file");
            Ok(Box::new(io::Cursor::new(bytes.clone())))
        });
        assert!(done.is_err());
    }
}
