//! A whole server on a free port of this machine, with a database of its own, and people who use it through public
//! routes only. SQLite by default; PostgreSQL when `TEST_DATABASE_URL` names a server (one database a test).

#![allow(dead_code)] // each test binary uses its own part of the harness

pub mod database;
pub mod fixtures;
pub mod ledger;
pub mod line;
pub mod passkey;
pub mod process;
pub mod routes;
pub mod s3;
pub mod s3_line;
pub mod seed;
pub mod smtp;
pub mod story;
pub mod tsa;
pub mod tus;

use std::{net::TcpListener, sync::Arc};

use lead_handoff::{
    app, audit, demo,
    directory::people::{actions, store},
    platform::{
        db::{Id, Instant, Origin},
        jobs,
        pdf::Drawer,
        services::Services,
        settings::Settings,
    },
};
use reqwest::{Client, StatusCode, header};

/// One running server.
pub struct TestApp {
    pub services: Services,
    pub base: String,
    pub seed: seed::Seed,
    pub data: tempfile::TempDir,
    handle: actix_web::dev::ServerHandle,
    pub database: database::TestDatabase,
}

impl TestApp {
    /// A server with the sample agencies and accounts of `seed`, and nothing else.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A server on the 2016 sample, with the accounts of the demo.
    pub async fn demo() -> Self {
        let load = |services: &Services| {
            demo::load(services, &app::settle, &mut |_| {}).expect("the sample");
            app::settle(services).expect("settled");
            seed::Seed { people: Default::default(), agencies: Default::default() }
        };
        // The sample waits for the evidence store by itself.
        tokio::task::spawn_blocking(move || Self::start(&[], load)).await.expect("loaded")
    }

    /// As [`TestApp::new`], with more settings, by the names of their environment variables; `{port}` is the server's own.
    pub async fn with(more: &[(&'static str, String)]) -> Self {
        Self::start(more, seed::plant)
    }

    /// As [`TestApp::new`], with a word in how pages are drawn.
    pub async fn drawing_by(drawer: Drawer) -> Self {
        Self::start_drawing(&[], drawer, seed::plant)
    }

    fn start(more: &[(&'static str, String)], plant: impl FnOnce(&Services) -> seed::Seed) -> Self {
        Self::start_drawing(more, drawer(), plant)
    }

    fn start_drawing(
        more: &[(&'static str, String)],
        drawer: Drawer,
        plant: impl FnOnce(&Services) -> seed::Seed,
    ) -> Self {
        let data = tempfile::tempdir().expect("temporary folder");
        let database = database::TestDatabase::new(data.path());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("address");
        let url = database.url.clone();
        let folder = data.path().display().to_string();
        let settings = Settings::load_with(Default::default(), &folder, &|name| match name {
            "DATABASE_URL" => url.clone(),
            "LEAD_HANDOFF_LISTEN" => Some(address.to_string()),
            _ => {
                let set = more.iter().find(|(known, _)| *known == name);
                set.map(|(_, value)| value.replace("{port}", &address.port().to_string()))
            }
        })
        .expect("settings");
        let mut services = app::open(settings, app::system_clock()).expect("stores");
        services.drawer = drawer;
        let seed = plant(&services);
        let handle = serve(&services, listener);
        Self { services, base: format!("http://{address}"), seed, data, handle, database }
    }

    /// A browser of the account `username`, signed in with both factors.
    pub async fn sign_in(&self, username: &str) -> Browser {
        self.browser(Some(self.session(username).await))
    }

    /// The secret of a new session of the account `username`, opened with both factors.
    pub async fn session(&self, username: &str) -> String {
        session(&self.services, username).await
    }

    /// Opens everything anew on the same data, as a restart does, and serves it; gives the address.
    pub fn restarted(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("address");
        let mut services = app::open((*self.services.settings).clone(), app::system_clock()).expect("stores");
        services.drawer = drawer();
        // It goes with the test's process.
        drop(serve(&services, listener));
        format!("http://{address}")
    }

    /// Closes an account.
    pub async fn disable(&self, username: &str) {
        use diesel::prelude::*;
        use lead_handoff::platform::db::schema::person;
        let id = self.seed.people[username];
        let closed = self.services.db.write_quiet(move |tx| {
            let now = tx.now();
            diesel::update(person::table.find(id))
                .set(person::disabled_at.eq(Some(now)))
                .execute(tx.conn())?;
            Ok(())
        });
        closed.await.expect("closed");
    }

    /// A browser of nobody.
    pub fn stranger(&self) -> Browser {
        self.browser(None)
    }

    fn browser(&self, secret: Option<String>) -> Browser {
        browser(&self.base, secret)
    }

    /// Does every due job and places every waiting audit entry, until nothing is left to do.
    pub async fn settle(&self) {
        let services = self.services.clone();
        tokio::task::spawn_blocking(move || {
            let handlers = app::handlers(&services);
            loop {
                let done = jobs::run_due(&services.db, "test-worker", &handlers).expect("jobs");
                let placed = audit::sequence(&services).expect("sequencer");
                if done + placed == 0 {
                    break;
                }
            }
        })
        .await
        .expect("settled");
    }

    /// How many entries the audit log has.
    pub async fn audit_count(&self) -> i64 {
        self.services.db.read(|conn| audit::count_up_to(conn, 1_000_000)).await.expect("count")
    }

    /// The newest audit entry.
    pub async fn last_entry(&self) -> audit::Row {
        let rows = self.services.db.read(|conn| audit::page(conn, &audit::Filter::default(), 1)).await;
        rows.expect("entries").remove(0)
    }

    /// How many objects the evidence store holds.
    pub async fn stored_objects(&self) -> usize {
        use futures_util::StreamExt;
        self.services.vault.list().count().await
    }

    pub fn now(&self) -> Instant {
        self.services.db.now()
    }

    pub fn origin(&self, person: Id) -> Origin {
        Origin { kind: "user", actor_id: Some(person), actor_name: person.to_string(), ..Origin::default() }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Tells the server to end; its thread goes with the test's process.
        drop(self.handle.stop(false));
    }
}

/// Has pages drawn by the program, which the test itself is not.
pub fn drawer() -> Drawer {
    Drawer::new(std::path::Path::new(env!("CARGO_BIN_EXE_lead-handoff")))
}

/// The secret of a new session of `username`, with both factors.
pub async fn session(services: &Services, username: &str) -> String {
    let name = username.to_owned();
    let opened = services.db.write_quiet(move |tx| {
        let person = store::by_username(tx.conn(), &name)?;
        actions::open_session(tx, person.id, true).map(|(_, secret)| secret)
    });
    opened.await.expect("session")
}

/// A browser at `base`, with the cookie of a session.
pub fn browser(base: &str, secret: Option<String>) -> Browser {
    // A second installation is refused and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let jar = Arc::new(reqwest::cookie::Jar::default());
    let url = base.parse().expect("url");
    if let Some(secret) = secret {
        jar.add_cookie_str(&format!("session={secret}; Path=/"), &url);
    }
    let mut headers = header::HeaderMap::new();
    headers.insert(header::ACCEPT_LANGUAGE, header::HeaderValue::from_static("zh-CN"));
    let client = Client::builder()
        .cookie_provider(jar)
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        // A connection of its own for each request: on a busy machine the server may end an idle one while it is taken.
        .pool_max_idle_per_host(0)
        // Nothing here speaks TLS, and to read the machine's certificates takes longer than most requests.
        .tls_certs_only([])
        .build()
        .expect("client");
    Browser { client, base: base.to_owned() }
}

fn serve(services: &Services, listener: TcpListener) -> actix_web::dev::ServerHandle {
    let (send, receive) = std::sync::mpsc::channel();
    let services = services.clone();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = app::server(&services, listener).expect("server");
            send.send(server.handle()).expect("handle");
            server.await.expect("served");
        });
    });
    receive.recv().expect("the server started")
}

/// Somebody's browser: keeps cookies, does not follow redirects by itself.
pub struct Browser {
    pub client: Client,
    pub base: String,
}

/// A reply, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    /// Panics with the page unless the status is `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} {}", self.location, self.text());
        self
    }

    /// Panics unless the page has `text`.
    #[track_caller]
    pub fn has(self, text: &str) -> Self {
        assert!(self.text().contains(text), "no «{text}» in {}", self.text());
        self
    }

    /// Panics if the page has `text`.
    #[track_caller]
    pub fn has_not(self, text: &str) -> Self {
        assert!(!self.text().contains(text), "«{text}» in {}", self.text());
        self
    }

    /// The id in the address that the reply leads to, e.g. of `/leads/0190…?ok=…`.
    #[track_caller]
    pub fn id(&self) -> Id {
        let path = self.location.split('?').next().unwrap_or_default();
        let found = path.split('/').rev().find_map(|part| part.parse().ok());
        found.unwrap_or_else(|| panic!("no id in «{}»: {}", self.location, self.text()))
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.client.get(self.url(path))).await
    }

    /// Posts a form as a browser does, and stays on the redirect.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(self.url(path))
            .header(header::ORIGIN, &self.base)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        self.send(request).await
    }

    /// Posts and follows the one redirect that a done act answers with.
    #[track_caller]
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let headers = response.headers().clone();
        let location =
            headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = response.bytes().await.expect("a body").to_vec();
        assert!(status != StatusCode::INTERNAL_SERVER_ERROR, "500: {}", String::from_utf8_lossy(&bytes));
        Reply { status, location, headers, bytes }
    }
}

/// The lines of a list that was given out as CSV: head and rows, without what the file says of itself below them.
pub fn table(file: &str) -> Vec<&str> {
    file.lines().take_while(|line| !line.is_empty()).collect()
}

/// The day that it is where the law counts it, as forms take it.
pub fn today() -> String {
    chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive().to_string()
}

/// A day in the words in which a page tells of it: `2016年5月4日`.
pub fn in_words(day: &str) -> String {
    day.parse::<chrono::NaiveDate>().expect("a day").format("%Y年%-m月%-d日").to_string()
}

/// So many days before today.
pub fn days_ago(days: u64) -> String {
    let day = chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    (day - chrono::Days::new(days)).to_string()
}
