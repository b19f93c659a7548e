//! How fast the audit log takes entries: acts with an entry each through `Db::write`, placed in the tree under a signed head,
//! against bare inserts of as many bytes in transactions of their own in the same run. SQLite.
//! `cargo bench --bench audit`; the ratio is printed at the end (1.0 would be as fast as the bare inserts).

use criterion::{Criterion, Throughput};
use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::Binary};
use lead_handoff::{
    app,
    audit::{self, Entry},
    platform::{
        db::{Id, Origin},
        services::Services,
        settings::Settings,
    },
};
use std::time::{Duration, Instant};

const ENTRIES: u64 = 500;
/// About as long as a leaf.
const LEAF: usize = 400;

fn act(services: &Services) {
    for n in 0..ENTRIES {
        let entry = Entry::new("lead.import").object("lead", Id::new()).fact("rows", n).private("name", "甲");
        let done = services.db.write_now(Origin::system("system:cli"), |tx| audit::record(tx, entry));
        done.expect("an entry");
    }
    audit::place_pending(&services.db, &services.signer).expect("placed");
}

fn bare(conn: &mut SqliteConnection) {
    for _ in 0..ENTRIES {
        let insert = sql_query("INSERT INTO bare (leaf) VALUES (?)").bind::<Binary, _>(vec![7u8; LEAF]);
        conn.immediate_transaction(|conn| insert.execute(conn)).expect("inserted");
    }
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
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display().to_string();
    let settings = Settings::load_with(Default::default(), &path, &|_| None).expect("settings");
    let services = app::open(settings, app::system_clock()).expect("stores");
    let file = folder.path().join("bare.db").display().to_string();
    let mut conn = SqliteConnection::establish(&file).expect("a database");
    let begin =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (leaf BLOB NOT NULL);";
    conn.batch_execute(begin).expect("a table");
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("500 entries");
    group.throughput(Throughput::Elements(ENTRIES));
    group.bench_function("bare inserts", |bencher| bencher.iter(|| bare(&mut conn)));
    group.bench_function("acts, placed and signed", |bencher| bencher.iter(|| act(&services)));
    group.finish();
    criterion.final_summary();
    let (bare, act) = (fastest(|| bare(&mut conn)), fastest(|| act(&services)));
    let rate = ENTRIES as f64 / act.as_secs_f64();
    let ratio = act.as_secs_f64() / bare.as_secs_f64();
    println!("{rate:.0} entries a second ({act:?}), bare inserts {bare:?}: ratio {ratio:.2}");
}
