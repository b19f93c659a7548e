//! The program as it stands: how long it takes to load the sample and to start on it, what memory it holds when it
//! rests, and how long the server takes for each page of the demo, as everybody sees them, against its barest answer
//! (`/healthz`, one statement) in the same run. `cargo bench --bench pages`; times are those of a client on this
//! machine, so that they hold the server's whole time and the way there and back.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use lead_handoff::{
    app,
    directory::people::{actions, store},
    platform::settings::Settings,
};
use reqwest::{Client, header};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lead-handoff");

const PEOPLE: [&str; 6] = ["compiler", "approver", "manager", "admin", "auditor", "liaison"];

/// How often each page is asked for; the median counts.
const ROUNDS: usize = 9;

/// How many pages of one pattern are looked at.
const ALIKE: usize = 2;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn client(secret: Option<&str>) -> Client {
    let mut headers = header::HeaderMap::new();
    headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static("zh-CN"));
    if let Some(secret) = secret {
        headers.insert(header::COOKIE, format!("session={secret}").parse().expect("a cookie"));
    }
    let plain = Client::builder().redirect(reqwest::redirect::Policy::none());
    plain.default_headers(headers).build().expect("a client")
}

/// Loads the sample with the program itself and opens a session for everybody.
fn prepared(folder: &Path) -> BTreeMap<&'static str, String> {
    let begun = Instant::now();
    let made =
        Command::new(PROGRAM).args(["demo", "--no-serve", "--data"]).arg(folder).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    println!("loading the sample: {:.2} s", begun.elapsed().as_secs_f64());
    let settings = Settings::load(Default::default(), &folder.display().to_string()).expect("settings");
    let services = app::open(settings, app::system_clock()).expect("stores");
    let opened = services.db.write_quiet_now(|tx| {
        let mut secrets = BTreeMap::new();
        for name in PEOPLE {
            let person = store::by_username(tx.conn(), name)?;
            secrets.insert(name, actions::open_session(tx, person.id, true)?.1);
        }
        Ok(secrets)
    });
    opened.expect("sessions")
}

async fn started(folder: &Path) -> (Server, String, Duration) {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new(PROGRAM);
    command.arg("serve").env("LEAD_HANDOFF_DATA", folder).env("LEAD_HANDOFF_LISTEN", &address);
    command.env("RUST_LOG", "error").stdin(Stdio::null()).stdout(Stdio::null());
    let base = format!("http://{address}");
    let (asking, begun) = (client(None), Instant::now());
    let server = Server(command.spawn().expect("it starts"));
    while asking.get(format!("{base}/login")).send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not start");
    }
    (server, base, begun.elapsed())
}

/// What the process holds in memory, in MB: all of it, and that which is its own (not mapped files).
fn memory(server: &Server) -> (f64, f64) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.0.id())).expect("status");
    let of = |name: &str| -> f64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a size");
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().expect("a number") / 1024.0
    };
    (of("VmRSS:"), of("RssAnon:"))
}

async fn ask(client: &Client, address: &str) -> (u16, String, Duration) {
    let begun = Instant::now();
    let reply = client.get(address).send().await.expect("an answer");
    let status = reply.status().as_u16();
    let is_page = reply
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let bytes = reply.bytes().await.expect("a body");
    let taken = begun.elapsed();
    (status, if is_page { String::from_utf8_lossy(&bytes).into_owned() } else { String::new() }, taken)
}

async fn median(client: &Client, address: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(ask(client, address).await.2);
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// The addresses of this server that a page links to.
fn links(page: &str) -> Vec<String> {
    page.split("href=\"/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|path| {
            format!("/{}", path.split('#').next().unwrap_or_default())
                .replace("&amp;", "&")
                .replace("&#38;", "&")
        })
        .collect()
}

/// The path with every id and number taken for one, and the names of what is asked.
fn pattern(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.bytes().any(|b| b.is_ascii_digit()) { "…" } else { part })
        .collect();
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { parts.join("/") } else { format!("{}?{}", parts.join("/"), names.join("&")) }
}

/// Every page that somebody comes to by links from home, with its time.
async fn walk(client: &Client, base: &str) -> Vec<(String, Duration)> {
    let mut waiting = VecDeque::from([("/".to_owned())]);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let (status, page, _) = ask(client, &format!("{base}{path}")).await;
        assert!(status < 500, "{status} {path}");
        if status != 200 || page.is_empty() {
            continue;
        }
        for link in links(&page) {
            let elsewhere = ["/assets", "/static", "/api"].iter().any(|begin| link.starts_with(begin));
            let count = alike.entry(pattern(&link)).or_default();
            if !elsewhere && *count < ALIKE && seen.insert(link.clone()) {
                *count += 1;
                waiting.push_back(link);
            }
        }
        found.push((path.clone(), median(client, &format!("{base}{path}")).await));
    }
    found
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("the first");
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let secrets = prepared(&data);
    let mut starts = Vec::new();
    for _ in 0..3 {
        starts.push(started(&data).await.2);
    }
    let fastest = starts.iter().min().expect("a start");
    println!("start on an existing database: {starts:?}, the fastest {fastest:?}");
    let (server, base, _) = started(&data).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (all, own) = memory(&server);
    println!("memory at rest: {all:.1} MB, of it {own:.1} MB its own");
    let nobody = client(None);
    let bare = median(&nobody, &format!("{base}/healthz")).await;
    println!("barest answer: {bare:?}");
    for (name, secret) in &secrets {
        let mut pages = walk(&client(Some(secret)), &base).await;
        pages.sort_by_key(|page| std::cmp::Reverse(page.1));
        println!("\n{name}: {} pages, the slowest:", pages.len());
        for (path, taken) in pages.iter().take(12) {
            println!("  {taken:>10.2?}  ratio {:>6.1}  {path}", taken.as_secs_f64() / bare.as_secs_f64());
        }
    }
    let (all, own) = memory(&server);
    println!("\nmemory after all pages: {all:.1} MB, of it {own:.1} MB its own");
}
