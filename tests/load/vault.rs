//! How fast evidence is taken in: hashing twice, encrypting and storing, against SM3 alone, the slowest part of it.
//! `cargo bench --bench vault`; the ratio is printed at the end (1.0 would be as fast as the bare hash).

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use lead_handoff::platform::{keys::MasterKey, vault::Vault};
use std::{
    hint::black_box,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

const PIECE: usize = 64 * 1024;
const FILE: usize = 256 << 20;

fn pieces(file: &Bytes) -> impl futures_util::Stream<Item = io::Result<Bytes>> + use<> {
    let file = file.clone();
    let count = file.len() / PIECE;
    futures_util::stream::iter((0..count).map(move |n| Ok(file.slice(n * PIECE..(n + 1) * PIECE))))
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
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("runtime");
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault::open(None, dir.path(), Arc::new(MasterKey::generate())).expect("a vault");
    let file = Bytes::from((0..FILE).map(|n| (n * 31 / 7) as u8).collect::<Vec<u8>>());
    let hash = || {
        use sm3::Digest;
        black_box(sm3::Sm3::digest(&file));
    };
    let store = || {
        runtime.block_on(async {
            let stored = vault.store(pieces(&file), "film.mp4").await.expect("stored");
            vault.delete(stored.key).await.expect("deleted");
        });
    };
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("evidence of 256 MiB");
    group.throughput(Throughput::Bytes(FILE as u64));
    group.bench_function("sm3 alone", |bencher| bencher.iter(hash));
    group.bench_function("hash twice, encrypt, store", |bencher| bencher.iter(store));
    group.finish();
    criterion.final_summary();
    let (hash, store) = (fastest(hash), fastest(store));
    let ratio = store.as_secs_f64() / hash.as_secs_f64();
    println!("stored {store:?}, bare SM3 {hash:?}: ratio {ratio:.2}");
}
