//! How long the annual report of the 2016 sample takes, against a bare count of the ledger's rows in the same run.
//! `cargo bench --bench report`; the ratio is printed at the end.

use criterion::Criterion;
use diesel::{QueryDsl, RunQueryDsl};
use lead_handoff::{
    app, demo,
    platform::{
        db::schema::{agency_case, outcome, transfer},
        settings::Settings,
    },
    reporting::annual_report::compute,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const YEAR: i32 = 2016;

fn fastest(mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..10).map(time).min().unwrap_or_default()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings =
        Settings::load(Default::default(), &folder.path().display().to_string()).expect("settings");
    let services = app::open(settings, app::system_clock()).expect("stores");
    demo::load(&services, &app::settle, &mut |_| {}).expect("the sample");
    let zone = services.settings.time_zone;
    let report = || {
        let made = services.db.read_now(|conn| compute(conn, YEAR, None, zone)).expect("a report");
        black_box(made);
    };
    let count = || {
        let rows: [i64; 3] = services
            .db
            .read_now(|conn| {
                Ok([
                    transfer::table.count().get_result(conn)?,
                    agency_case::table.count().get_result(conn)?,
                    outcome::table.count().get_result(conn)?,
                ])
            })
            .expect("counts");
        black_box(rows);
    };
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("annual report of 2016");
    group.bench_function("bare count", |bencher| bencher.iter(count));
    group.bench_function("report", |bencher| bencher.iter(report));
    group.finish();
    criterion.final_summary();
    let (count, report) = (fastest(count), fastest(report));
    let ratio = report.as_secs_f64() / count.as_secs_f64();
    println!("report {report:?}, bare count {count:?}: ratio {ratio:.1}");
}
