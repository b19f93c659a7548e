//! How fast a package is checked and laid out: eight files of 32 MB, against SHA-256 alone over the same bytes, and against SM3, the
//! slowest part of the check, spread over as many threads as the check has; and the check by SHA-256 alone.
//! `cargo bench --bench verify`; the ratios are printed at the end (1.0 would be as fast as the bare hash).

use std::{
    fs::File,
    hint::black_box,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use lead_handoff::casework::dossier::{
    layout::{LayoutWriter, Piece},
    verify::{Hashes, Trust, verify_with},
};
use sha2::Digest;

const FILES: usize = 8;
const SIZE: usize = 32 << 20;

fn content() -> Vec<u8> {
    (0..SIZE).map(|n| (n * 31 / 7) as u8).collect()
}

fn laid_out(content: &[u8]) -> Vec<Piece> {
    let mut writer = LayoutWriter::default();
    for n in 1..=FILES {
        let name = format!("XS-2016-001184-v1-GA-440100/data/evidence/{n:03}-film.mp4");
        writer.file(&name, SIZE as u64, &mut &content[..]).expect("laid out");
    }
    writer.finish().expect("a directory").pieces
}

/// An archive of the canonical form. It lacks the papers, so that it is found faulty; all of its bytes are checked before that.
fn archive(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    for piece in laid_out(content) {
        match piece {
            Piece::Frame(bytes) => file.write_all(&bytes)?,
            Piece::Content(_) => file.write_all(content)?,
        }
    }
    file.sync_all()
}

/// SHA-256 of the whole file, as `sha256sum` has it.
fn raw(mut file: &File) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    black_box(hasher.finalize());
    Ok(())
}

/// SM3 of all files, in memory, on all processors.
fn sm3(content: &[u8]) {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(FILES);
    thread::scope(|scope| {
        for first in 0..threads {
            scope.spawn(move || {
                for _ in (first..FILES).step_by(threads) {
                    black_box(sm3::Sm3::digest(content));
                }
            });
        }
    });
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..5).map(time).min().unwrap_or_default()
}

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let (path, content) = (dir.path().join("package.zip"), content());
    archive(&path, &content).expect("an archive");
    let file = File::open(&path).expect("the archive");
    let bare = || raw(&file).expect("read");
    let checked = |hashes| {
        let trust = Trust::default();
        let report = verify_with(&file, &trust, hashes, &mut |_, _| {}).expect("an archive of the form");
        assert_eq!(report.files, FILES);
        black_box(report);
    };
    let check = || checked(Hashes::Both);
    let quick = || checked(Hashes::Sha256Only);
    let hash = || sm3(&content);
    let pack = || drop(black_box(laid_out(&content)));
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("package of 256 MiB");
    group.throughput(Throughput::Bytes((FILES * SIZE) as u64));
    group.bench_function("SHA-256 alone", |bencher| bencher.iter(bare));
    group.bench_function("SM3 alone, on all processors", |bencher| bencher.iter(hash));
    group.bench_function("check", |bencher| bencher.iter(check));
    group.bench_function("check, SHA-256 only", |bencher| bencher.iter(quick));
    group.bench_function("lay out, as packing does", |bencher| bencher.iter(pack));
    group.finish();
    criterion.final_summary();
    let (bare, hash, check) = (fastest(bare), fastest(hash), fastest(check));
    let (quick, pack) = (fastest(quick), fastest(pack));
    let rate = |took: Duration| bare.as_secs_f64() / took.as_secs_f64();
    let both = (bare + hash).as_secs_f64() / check.as_secs_f64();
    println!("SHA-256 {bare:?}, SM3 on all processors {hash:?}, check {check:?}, laid out {pack:?}");
    println!("check, SHA-256 only {quick:?}");
    println!("of the rate of SHA-256: check {:.2}, laid out {:.2}", rate(check), rate(pack));
    println!("of the rate of SHA-256: check, SHA-256 only {:.2}", rate(quick));
    println!("of the rate of both hashes: check {both:.2}");
}
