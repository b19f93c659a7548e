//! How fast the list of leads is, at a number of generated leads that `LEADS` sets (20,000 by default), with each
//! filter and sort, against the bare reading of as many rows by their primary key in the same run.
//! `cargo bench --bench leads`; the ratios are printed (1.0 would be as fast as the bare reading). `DATABASE_URL` names
//! an empty PostgreSQL database, else it is SQLite.

use std::time::{Duration, Instant};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use lead_handoff::{
    app,
    casework::lead::list::{model, store},
    demo::synthetic::{self, Order},
    platform::{
        db::{Connection, Id},
        error::Result,
        http::Form,
        services::Services,
        settings::Settings,
        time,
    },
};

const ROUNDS: usize = 25;

/// The list as addresses ask for it.
const ASKED: [(&str, &str); 19] = [
    ("first page", "/leads"),
    ("second page", "/leads?after=MIDDLE"),
    ("last page", "/leads?before=1"),
    ("oldest first", "/leads?sort=number"),
    ("by value", "/leads?sort=-value"),
    ("by value, upwards", "/leads?sort=value"),
    ("by change", "/leads?sort=-updated"),
    ("a frequent word", "/leads?q=假冒"),
    ("a rare word", "/leads?q=云岭三号手表"),
    ("a number", "/leads?q=XS-2021-77"),
    ("a word that is not there", "/leads?q=不存在的词"),
    ("state", "/leads?state=draft"),
    ("charge", "/leads?charge=CL218"),
    ("province", "/leads?region=440000"),
    ("brand", "/leads?brand=合成云岭三号"),
    ("from and to", "/leads?from=2021-03-01&to=2021-03-31"),
    ("charge and province", "/leads?charge=CL218&region=330000"),
    ("state, by value", "/leads?state=approved&sort=-value"),
    ("word, charge, by value", "/leads?q=手表&charge=CL214&sort=-value"),
];

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn bare(conn: &mut Connection, leads: u32) -> Result<()> {
    let keys: Vec<String> =
        (0..=store::PAGE as u32).map(|n| (1 + n * (leads / 60).max(1)).to_string()).collect();
    let rows: Vec<Seq> =
        sql_query(format!("SELECT * FROM lead WHERE seq IN ({})", keys.join(","))).load(conn)?;
    assert!(rows.iter().all(|row| row.seq > 0) && !rows.is_empty());
    Ok(())
}

fn prepared(folder: &std::path::Path, leads: u32) -> Services {
    let settings = Settings::load(Default::default(), &folder.display().to_string()).expect("settings");
    let services = app::open(settings, app::system_clock()).expect("stores");
    synthetic::settle_in(&services).expect("people");
    let begun = Instant::now();
    let order = Order { leads, seed: 1, mix: false };
    synthetic::generate(&services, &order, &mut |_| {}).expect("leads");
    println!("{leads} leads generated in {:.1} s", begun.elapsed().as_secs_f64());
    services
}

fn main() {
    let leads = std::env::var("LEADS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder");
    let services = prepared(folder.path(), leads);
    let zone = services.settings.time_zone;
    let today = time::day_of(services.db.now(), zone);
    let read = |work: &dyn Fn(&mut Connection) -> Result<()>| services.db.read_now(work).expect("read");
    let reference = median(|| read(&|conn| bare(conn, leads)));
    println!("bare reading of {} rows by key: {reference:?}", store::PAGE + 1);
    for (name, address) in ASKED {
        let address = address.replace("MIDDLE", &(leads / 2).to_string());
        let asked = model::read(
            &mut Form::parse(address.split_once('?').map_or("", |(_, q)| q).as_bytes()),
            Id::new(),
            today,
        );
        assert!(asked.faults.is_empty(), "{address}: {:?}", asked.faults);
        let taken = median(|| {
            read(&|conn| store::page(conn, &asked, zone, store::PAGE).map(|_| ()));
        });
        let ratio = taken.as_secs_f64() / reference.as_secs_f64();
        println!("{name}: {taken:?}, ratio {ratio:.2}");
    }
    let taken = median(|| read(&|conn| store::count_by_state(conn, None).map(|_| ())));
    println!("counts of the states: {taken:?}, ratio {:.2}", taken.as_secs_f64() / reference.as_secs_f64());
}
