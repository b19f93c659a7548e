//! How fast a large file is taken in by a server of its own, over loopback, in parts (tus 1.0.0): to the last byte, and until it
//! is registered; against bare SM3 and SHA-256 of the same bytes in the same run, and how much memory of its own the server takes
//! for it at most. `MIB=1024 cargo bench --bench uploads`.

use std::{
    collections::HashMap,
    hint::black_box,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use lead_handoff::{
    app,
    casework::lead::{actions as leads, input::Input},
    directory::people::{actions, store},
    platform::{
        db::{Id, Origin},
        settings::Settings,
    },
};
use sha2::Digest;

const PROGRAM: &str = env!("CARGO_BIN_EXE_lead-handoff");
const MIB: usize = 1 << 20;
/// Bytes that the file is made of, over and over.
const BLOCK: usize = 8 * MIB;
/// Bytes of one request, as the page sends them.
const PART: usize = 32 * MIB;

struct Server {
    child: Child,
    host: String,
    secret: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: serde_json::Value,
}

impl Server {
    fn start(folder: &Path, secret: String) -> Self {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let host = format!("127.0.0.1:{port}");
        let mut command = Command::new(PROGRAM);
        command.arg("serve").env("LEAD_HANDOFF_DATA", folder).env("LEAD_HANDOFF_LISTEN", &host);
        command.env("RUST_LOG", "error").stdin(Stdio::null()).stdout(Stdio::null());
        let server = Server { child: command.spawn().expect("it starts"), host, secret };
        let begun = Instant::now();
        while TcpStream::connect(&server.host).is_err() {
            std::thread::sleep(Duration::from_millis(20));
            assert!(begun.elapsed() < Duration::from_secs(60), "it did not start");
        }
        server
    }

    /// One request on a line of its own; its body has `size` bytes, which `write` puts there.
    fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        size: usize,
        write: &mut dyn FnMut(&mut TcpStream),
    ) -> Reply {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: session={secret}\r\n\
             Connection: close\r\nAccept: application/json\r\nTus-Resumable: 1.0.0\r\nContent-Length: {size}\r\n",
            host = self.host,
            secret = self.secret
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut line = TcpStream::connect(&self.host).expect("a line");
        line.write_all(format!("{head}\r\n").as_bytes()).expect("sent");
        write(&mut line);
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        // An answer of one piece may say how long that is before it.
        let json = body.find('{').zip(body.rfind('}')).map_or("", |(from, to)| &body[from..=to]);
        Reply { status, headers, body: serde_json::from_str(json).unwrap_or_default() }
    }

    /// Memory of its own, in bytes.
    fn own(&self) -> u64 {
        own_of(self.child.id())
    }

    /// Brings a file of `size` bytes; how long it took to the last byte, and until it was registered.
    fn bring(&self, lead: Id, name: &str, size: usize, block: &[u8]) -> (Duration, Duration) {
        let encoded = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
        let lead = lead.to_string();
        let said = [
            ("lead", lead.as_str()),
            ("filename", name),
            ("source", "https://example.com/item/1"),
            ("collected_by", "编制人甲"),
            ("collected_at", "2016-05-04T09:30"),
            ("method", "录屏"),
        ]
        .map(|(name, value)| format!("{name} {}", encoded(value)))
        .join(",");
        let length = size.to_string();
        let headers = [("Upload-Length", length.as_str()), ("Upload-Metadata", said.as_str())];
        let begun = self.ask("POST", "/api/v1/uploads", &headers, 0, &mut |_| {});
        assert_eq!(begun.status, 201, "{}", begun.body);
        let place = &begun.headers["location"];
        let at = place.find("/api/").map_or(place.as_str(), |from| &place[from..]);
        let start = Instant::now();
        let mut offset = 0;
        while offset < size {
            let part = PART.min(size - offset);
            let mut send = |line: &mut TcpStream| {
                for from in (0..part).step_by(block.len()) {
                    line.write_all(&block[..block.len().min(part - from)]).expect("sent");
                }
            };
            let here = offset.to_string();
            let headers =
                [("Upload-Offset", here.as_str()), ("Content-Type", "application/offset+octet-stream")];
            let done = self.ask("PATCH", at, &headers, part, &mut send);
            assert_eq!(done.status, 204, "{}", done.body);
            offset = done.headers["upload-offset"].parse().expect("a number");
        }
        let sent = start.elapsed();
        loop {
            let told = self.ask("GET", at, &[], 0, &mut |_| {}).body;
            if told["state"] == "done" {
                return (sent, start.elapsed());
            }
            assert!(told["problem"].is_null(), "{told}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// What a process holds in memory that is its own, in bytes.
fn own_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("status");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a size");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") * 1024
}

/// Loads the sample with the program itself, and gives a draft of `compiler`, and a session of theirs.
fn prepared(folder: &Path) -> (Id, String) {
    let made =
        Command::new(PROGRAM).args(["demo", "--no-serve", "--data"]).arg(folder).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let settings = Settings::load(Default::default(), &folder.display().to_string()).expect("settings");
    let services = app::open(settings, app::system_clock()).expect("stores");
    let opened = services.db.write_quiet_now(|tx| {
        let person = store::by_username(tx.conn(), "compiler")?;
        Ok((person.id, actions::open_session(tx, person.id, true)?.1))
    });
    let (person, secret) = opened.expect("a session");
    let input = Input {
        title: "疑似销售假冒注册商标的手表".into(),
        summary: "店铺以明显低于市场的价格销售标有知名商标的手表。".into(),
        region_code: "440100".into(),
        ..Input::default()
    };
    let origin =
        Origin { kind: "user", actor_id: Some(person), actor_name: person.to_string(), ..Origin::default() };
    let zone = services.settings.time_zone;
    let lead = services.db.write_now(origin, |tx| {
        let now = tx.now();
        let lead = leads::insert(tx, person, now, zone, &input)?;
        lead_handoff::audit::record(tx, leads::created_entry(&lead, &input))?;
        Ok(lead.id)
    });
    (lead.expect("a lead"), secret)
}

/// How long a bare hash takes over the same bytes.
fn bare<D: Digest>(size: usize, block: &[u8]) -> Duration {
    let begun = Instant::now();
    let mut hash = D::new();
    for from in (0..size).step_by(block.len()) {
        hash.update(&block[..block.len().min(size - from)]);
    }
    black_box(hash.finalize());
    begun.elapsed()
}

fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("the first");
    let size = std::env::var("MIB").ok().and_then(|mib| mib.parse::<usize>().ok()).unwrap_or(1024) * MIB;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let (lead, secret) = prepared(&data);
    let mut state = 1_u64;
    let block: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(BLOCK)
    .collect();
    let server = Server::start(&data, secret);
    // What a server takes once, at its first call, is not this file's.
    server.bring(lead, "先行.bin", MIB, &block);
    std::thread::sleep(Duration::from_secs(5));
    let idle = server.own();

    let (most, over) = (Arc::new(AtomicU64::new(idle)), Arc::new(AtomicBool::new(false)));
    let watching = {
        let (most, over, process) = (Arc::clone(&most), Arc::clone(&over), server.child.id());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(own_of(process), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(20));
            }
        })
    };
    let (sent, whole) = server.bring(lead, "取证录像.bin", size, &block);
    over.store(true, Ordering::Relaxed);
    watching.join().expect("watched");
    let most = most.load(Ordering::Relaxed);

    let (sm3, sha256) = (bare::<sm3::Sm3>(size, &block), bare::<sha2::Sha256>(size, &block));
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    println!("a file of {} MiB; bare SM3 {sm3:.2?}, bare SHA-256 {sha256:.2?}", size / MIB);
    for (what, taken) in [("to the last byte", sent), ("until it was registered", whole)] {
        let against = |hash: Duration| taken.as_secs_f64() / hash.as_secs_f64();
        println!(
            "{what}: {taken:.2?}, {:.0} MiB/s; {:.2} times SM3, {:.2} times SHA-256",
            mib(size as u64) / taken.as_secs_f64(),
            against(sm3),
            against(sha256)
        );
    }
    println!("the server's own memory: {:.1} MiB idle, {:.1} MiB more at most", mib(idle), mib(most - idle));
}
