//! How fast the list of leads is, at a number of generated leads that `LEADS` sets (20,000 by default), with each
//! filter and sort, against the bare reading of as many rows by their primary key in the same run; and what memory the
//! program takes while it gives all of them out as files.
//! `cargo bench --bench leads`; the ratios are printed (1.0 would be as fast as the bare reading). `DATABASE_URL` names
//! an empty PostgreSQL database, else it is SQLite.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use calamine::{Reader, Xlsx, open_workbook_from_rs};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use lead_handoff::{
    app,
    casework::lead::list::{model, store},
    demo::synthetic::{self, Order},
    directory::people::{self, Role, actions},
    platform::{
        db::{Connection, Id},
        error::Result,
        http::Form,
        services::Services,
        settings::Settings,
        time,
    },
    reporting::{
        changes::store as changes,
        search::{
            model::{Kind, Sought},
            store as search,
        },
    },
};

const ROUNDS: usize = 25;

const PROGRAM: &str = env!("CARGO_BIN_EXE_lead-handoff");

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

fn prepared(folder: &Path, leads: u32) -> Services {
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
    let read = |work: &dyn Fn(&mut Connection) -> Result<()>| services.db.read_now(work).expect("read");
    let reference = median(|| read(&|conn| bare(conn, leads)));
    println!("bare reading of {} rows by key: {reference:?}", store::PAGE + 1);
    for (name, address) in ASKED {
        let address = address.replace("MIDDLE", &(leads / 2).to_string());
        let asked = model::read(
            &mut Form::parse(address.split_once('?').map_or("", |(_, q)| q).as_bytes()),
            Id::new(),
        );
        assert!(asked.faults.is_empty(), "{address}: {:?}", asked.faults);
        let taken = median(|| {
            read(&|conn| store::page(conn, &asked, zone, store::PAGE).map(|_| ()));
        });
        let ratio = taken.as_secs_f64() / reference.as_secs_f64();
        println!("{name}: {taken:?}, ratio {ratio:.2}");
    }
    // The box in the head of every page, and what is new to somebody who was never here.
    let me = services.db.read_now(|conn| {
        let (id, _) = people::store::with_role(conn, Role::Compiler)?.remove(0);
        people::store::actor(conn, id)
    });
    let me = me.expect("a compiler");
    for typed in ["1184", "XS-2021-77", "YS-2021-0007", "手表", "不存在的词"] {
        let sought = Sought::read(typed, time::year_of(services.db.now(), zone));
        let taken = median(|| {
            read(&|conn| {
                Kind::ALL.iter().try_for_each(|kind| search::of_kind(conn, &me, *kind, &sought).map(|_| ()))
            });
        });
        println!("search for {typed}: {taken:?}, ratio {:.2}", taken.as_secs_f64() / reference.as_secs_f64());
    }
    let since = lead_handoff::platform::db::Instant::from_micros(0);
    let taken = median(|| read(&|conn| changes::read(conn, &me, since, None, changes::PAGE).map(|_| ())));
    println!("what changed: {taken:?}, ratio {:.2}", taken.as_secs_f64() / reference.as_secs_f64());
    let taken = median(|| read(&|conn| store::count_by_state(conn, None).map(|_| ())));
    println!("counts of the states: {taken:?}, ratio {:.2}", taken.as_secs_f64() / reference.as_secs_f64());
    let opened = services.db.write_quiet_now(|tx| actions::open_session(tx, me.id, true));
    let (_, secret) = opened.expect("a session");
    // The program opens it anew.
    drop(services);
    rustls::crypto::ring::default_provider().install_default().expect("the first");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(files(folder.path(), &secret, leads));
}

/// The program, serving.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// A size that the system tells of the process, in MB.
    fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("status");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a size");
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().expect("a number") / 1024.0
    }

    /// Lets the peak begin anew at what the process holds now; gives that, in MB.
    fn idle(&self) -> f64 {
        std::fs::write(format!("/proc/{}/clear_refs", self.0.id()), "5").expect("a new peak");
        self.memory("VmRSS:")
    }
}

async fn started(folder: &Path) -> (Server, String) {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let (address, begun) = (format!("127.0.0.1:{port}"), Instant::now());
    let mut command = Command::new(PROGRAM);
    command.arg("serve").env("LEAD_HANDOFF_DATA", folder).env("LEAD_HANDOFF_LISTEN", &address);
    command.env("RUST_LOG", "error").stdin(Stdio::null()).stdout(Stdio::null());
    let server = Server(command.spawn().expect("it starts"));
    let base = format!("http://{address}");
    while reqwest::get(format!("{base}/login")).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not start");
    }
    (server, base)
}

/// Rows of a file, below its head.
fn rows(format: &str, bytes: Vec<u8>) -> usize {
    if format == "xlsx" {
        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
        return book.worksheet_range_at(0).expect("a sheet").expect("its cells").height() - 1;
    }
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
    let is_lead = |line: &csv::StringRecord| line.get(0).is_some_and(|cell| cell.starts_with("XS-"));
    lines.records().filter(|line| is_lead(line.as_ref().expect("a line"))).count()
}

/// Gives all leads out as files, and says what memory the program took for it beyond what it held before.
async fn files(folder: &Path, secret: &str, leads: u32) {
    let (server, base) = started(folder).await;
    let client = reqwest::Client::new();
    let get = |path: &str| client.get(format!("{base}{path}")).header("cookie", format!("session={secret}"));
    // What it keeps from the first page on is no part of a file.
    let first = get("/leads").send().await.expect("an answer");
    assert_eq!(first.status().as_u16(), 200);
    tokio::time::sleep(Duration::from_secs(5)).await;
    for format in ["csv", "xlsx"] {
        let (idle, begun) = (server.idle(), Instant::now());
        let reply = get(&format!("/leads/export.{format}")).send().await.expect("an answer");
        assert_eq!(reply.status().as_u16(), 200);
        let bytes = reply.bytes().await.expect("a file").to_vec();
        let (taken, peak) = (begun.elapsed(), server.memory("VmHWM:"));
        let size = bytes.len() as f64 / 1024.0 / 1024.0;
        let rows = rows(format, bytes);
        assert_eq!(rows, leads as usize, "{format}: each lead once");
        let beyond = peak - idle;
        println!(
            "{format} of {rows} leads: {taken:.2?}, {size:.1} MB; peak {beyond:.1} MB over {idle:.1} MB"
        );
    }
}
