//! Chromium under chromedriver: one tree of processes, ended with the test whichever way it ends.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{
    Client, ClientBuilder,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A browser without a window, with a profile of its own.
pub struct Chrome {
    pub client: Client,
    driver: Driver,
}

impl Chrome {
    /// # Panics
    /// Without chromium and chromedriver: a journey that was not made must not look like one that went well.
    pub async fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut driver = Driver::start(profile);
        let url = format!("http://127.0.0.1:{}", driver.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(&driver));
        let client = match builder.connect(&url).await {
            Ok(client) => client,
            Err(e) => panic!("chromedriver could not start chromium: {e}"),
        };
        driver.session = client.session_id().await.expect("a session");
        Self { client, driver }
    }

    /// A command of Chromium's own protocol.
    pub async fn cdp(&self, cmd: &str, params: Value) -> Value {
        let body = json!({"cmd": cmd, "params": params});
        self.command("goog/cdp/execute", body).await
    }

    /// Plugs in an authenticator whose user is always there and says who they are.
    pub async fn plug_in_authenticator(&self) {
        let authenticator = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        self.command("webauthn/authenticator", authenticator).await;
    }

    /// What the console of the page said since the last call.
    pub async fn console(&self) -> Vec<String> {
        let entries = self.command("se/log", json!({"type": "browser"})).await;
        let lines = entries.as_array().cloned().unwrap_or_default();
        let bad = lines.iter().filter(|line| line["level"] == "SEVERE" || line["source"] == "security");
        let said = bad.map(|line| line["message"].as_str().unwrap_or_default().to_owned());
        // The browser's own page of a new tab complains where it is left before it is ready.
        said.filter(|line| !line.starts_with("chrome://")).collect()
    }

    async fn command(&self, path: &'static str, body: Value) -> Value {
        match self.client.issue_cmd(Own { path, body: body.to_string() }).await {
            Ok(answer) => answer,
            Err(e) => panic!("chromedriver, {path}: {e} (port {})", self.driver.port),
        }
    }
}

/// A command that the standard does not have.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: String,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(self.body.clone()))
    }
}

fn capabilities(driver: &Driver) -> Capabilities {
    let profile = format!("--user-data-dir={}", driver.profile.path().display());
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--no-proxy-server",
        "--hide-scrollbars",
        profile.as_str(),
    ];
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": program("chromium"), "args": args},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    wanted.as_object().expect("an object").clone()
}

/// Where a program is.
fn program(name: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    let Some(found) = found else {
        panic!(
            "{name} is missing: the browser journey needs chromium and chromedriver (tests/run installs them)"
        )
    };
    found.display().to_string()
}

struct Driver {
    child: Child,
    port: u16,
    session: Option<String>,
    profile: TempDir,
}

impl Driver {
    fn start(profile: TempDir) -> Self {
        let mut child = Command::new(program("chromedriver"))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts");
        let out = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("successfully on port ")?;
            rest.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else { panic!("chromedriver ended without listening") };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port, session: None, profile }
    }

    /// Closes the browser the proper way, so that it leaves nothing running.
    fn close(&self) -> std::io::Result<()> {
        let Some(session) = &self.session else { return Ok(()) };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        stream.read(&mut [0; 256]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(e) = self.close() {
            eprintln!("the browser was not closed: {e}");
        }
        let group = format!("-{}", self.child.id());
        if let Err(e) = Command::new("kill").args(["-KILL", "--", &group]).status() {
            eprintln!("chromedriver was not ended: {e}");
        }
        drop(self.child.wait());
    }
}
