//! Hostile files as evidence: three hundred of them, registered as any file is and looked at on every page. None does harm, and
//! each gets a plain answer.

pub mod bombs;
mod files;

use std::time::Duration;

use futures_util::StreamExt;
use lead_handoff::{
    casework::evidence::store::{self, Item},
    platform::vault::inline_safe,
};
use reqwest::header;

use self::files::{Hostile, all};
use crate::support::{Browser, Reply, TestApp, story};

/// No file has this in it.
const BETWEEN: &str = "between-the-parts-4b1d";

/// What no page of ours ever has of a file, as markup.
const MARKUP: [&str; 7] = [
    "<script>alert(",
    "<img src=x",
    "<svg onload",
    "<iframe srcdoc",
    "<body onload=alert",
    "<base href",
    "href=\"javascript:",
];

/// An answer that is not there by then is none: what reads files has bounds well below.
const PATIENCE: Duration = Duration::from_secs(90);

/// By so many bytes the run may grow at its height: two files are read at a time, each within a hundred megabytes or so.
const MOST_MEMORY: u64 = 1 << 30;

/// A form as browsers send it, whatever the files are called.
async fn post(compiler: &Browser, path: &str, files: &[Hostile]) -> Reply {
    let mut body = Vec::new();
    for (name, value) in story::DETAILS {
        let part =
            format!("--{BETWEEN}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for file in files {
        let name = file.name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let about = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        body.extend_from_slice(format!("--{BETWEEN}\r\n{about}\r\n\r\n").as_bytes());
        body.extend_from_slice(&file.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BETWEEN}--\r\n").as_bytes());
    let request = compiler
        .client
        .post(compiler.url(path))
        .header("origin", &compiler.base)
        .header("content-type", format!("multipart/form-data; boundary={BETWEEN}"))
        .body(body);
    compiler.send(request).await
}

fn head<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What is wrong with an answer, whatever it is an answer to.
fn faults_of(reply: &Reply) -> Vec<String> {
    let mut faults = Vec::new();
    let status = reply.status.as_u16();
    if status >= 500 {
        faults.push(format!("status {status}"));
    }
    let (kind, policy) = (head(reply, "content-type"), head(reply, "content-security-policy"));
    if head(reply, "x-content-type-options") != "nosniff" {
        faults.push("may be sniffed".into());
    }
    if policy.is_empty() {
        faults.push("under no policy".into());
    }
    let text = reply.text();
    let is_page = kind.starts_with("text/html");
    let can_run = is_page || kind.contains("svg") || kind.contains("xml") || kind.contains("script");
    if can_run {
        faults.extend(
            MARKUP.iter().filter(|markup| text.contains(*markup)).map(|markup| format!("has {markup}")),
        );
    }
    if kind.contains("svg") && (!policy.starts_with("sandbox") || text.contains("hostile")) {
        faults.push("is a drawing that is not ours".into());
    }
    let is_foreign =
        |value: &header::HeaderValue| value.to_str().is_ok_and(|cookie| cookie.starts_with("x="));
    if reply.headers.get_all("set-cookie").iter().any(is_foreign) || reply.headers.contains_key("refresh") {
        faults.push("its name became a header".into());
    }
    faults
}

/// The name that a download bears, where its head is one disposition with the name in both forms and nothing else.
fn name_of(reply: &Reply) -> Option<String> {
    let all: Vec<_> = reply.headers.get_all("content-disposition").iter().collect();
    let [only] = all.as_slice() else { return None };
    let rest = only.to_str().ok()?.strip_prefix("attachment; filename=\"")?;
    let (plain, rest) = rest.split_once('"')?;
    let whole = rest.strip_prefix("; filename*=UTF-8''")?;
    let is_plain = plain.chars().all(|ch| ch.is_ascii_graphic() && ch != '\\');
    let is_coded = whole.chars().all(|ch| ch.is_ascii_graphic() && !"\"',;\\".contains(ch));
    let pair = format!("name={}", whole.replace('+', "%2B").replace('&', "%26"));
    let (_, name) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    (is_plain && is_coded).then(|| name.into_owned())
}

/// What is wrong with a download of an item that is called so.
fn faults_of_download(reply: &Reply, name: &str) -> Vec<String> {
    let mut faults = faults_of(reply);
    if head(reply, "content-type") != "application/octet-stream" {
        faults.push("is downloaded as something".into());
    }
    if !head(reply, "content-security-policy").starts_with("sandbox") {
        faults.push("is downloaded out of the sandbox".into());
    }
    let found = name_of(reply);
    if found.as_deref() != Some(name) {
        faults.push(format!("{name:?} is downloaded as {found:?}"));
    }
    faults
}

/// The part of a page that is about its matter.
fn main_of(page: &str) -> &str {
    let main = page.split_once("<main").map_or("", |(_, rest)| rest);
    main.split_once("</main>").map_or(main, |(main, _)| main)
}

/// Looks at an item in every way that there is.
struct Look<'a> {
    app: &'a TestApp,
    compiler: &'a Browser,
    item: &'a Item,
    file: &'a Hostile,
    /// What is wrong.
    faults: Vec<String>,
}

impl Look<'_> {
    fn fault(&mut self, fault: &str) {
        self.faults.push(format!("{}: {fault}", self.file.name));
    }

    /// Asks for a page of the item, e.g. `/read`.
    async fn at(&mut self, part: &str) -> Option<Reply> {
        let path = format!("/evidence/{}{part}", self.item.id);
        let Ok(reply) = tokio::time::timeout(PATIENCE, self.compiler.get(&path)).await else {
            self.fault(&format!("no answer of «{part}» in time"));
            return None;
        };
        for fault in faults_of(&reply) {
            self.fault(&format!("«{part}» {fault}"));
        }
        Some(reply)
    }

    async fn all(mut self) -> Vec<String> {
        let (file, item) = (self.file, self.item);
        if self.at("").await.is_none_or(|page| page.status.as_u16() != 200) {
            self.fault("no page");
        }
        match self.at("/read").await.map(|page| (page.status.as_u16(), page.text())) {
            Some((200, page)) => {
                let main = main_of(&page);
                if file.answer.is_empty() || !file.answer.split('|').any(|words| main.contains(words)) {
                    self.fault(&format!("not answered with «{}»", file.answer));
                }
            }
            _ => self.fault("is not read"),
        }
        let is_picture = inline_safe(&item.blob.media_type);
        let is_shown = is_picture || item.blob.media_type == "application/pdf";
        if is_shown {
            self.at("/picture").await;
        }
        // What is so of all others is asked of some of them.
        let is_one_of_some = item.position % 4 == 0;
        if (is_shown || is_one_of_some)
            && let Some(preview) = self.at("/preview").await
        {
            let kind = head(&preview, "content-type");
            if preview.status.is_success() != is_picture || is_picture && kind != item.blob.media_type {
                self.fault(&format!("is shown as {kind}"));
            }
        }
        let is_plain = item.blob.media_type == "text/plain";
        if !is_plain || is_one_of_some {
            self.at("/redact").await;
        }
        if is_shown {
            self.at("/redact/pages/1").await;
        }
        // Whatever a PDF holds, points leave, or a sign.
        if is_shown
            && !is_picture
            && let Some(page) = self.at("/pages/1").await
        {
            let kind = head(&page, "content-type");
            if page.status.as_u16() != 200 || !["image/jpeg", "image/svg+xml"].contains(&kind) {
                self.fault(&format!("is drawn as {kind}"));
            }
        }
        if file.name.contains(".warc") || file.name.ends_with(".wacz") {
            self.at("/screenshot?part=0&n=0").await;
        }
        if file.name.ends_with(".eml") {
            self.take_out().await;
        }
        // Names that steer, and some of the others: a download is a download, whatever it is.
        if file.answer == "U+202E" || item.position % 25 == 0 {
            self.download(item, Some(file.bytes.as_slice())).await;
        }
        self.faults
    }

    async fn download(&mut self, item: &Item, bytes: Option<&[u8]>) {
        let reply = self.compiler.get(&format!("/evidence/{}/content", item.id)).await;
        let is_whole = reply.status.as_u16() == 200 && bytes.is_none_or(|bytes| reply.bytes == bytes);
        if !is_whole {
            self.fault("is not downloaded as it is");
        }
        for fault in faults_of_download(&reply, &item.name) {
            self.fault(&fault);
        }
    }

    /// Registers the first attachment of a letter, and looks at what it is called.
    async fn take_out(&mut self) {
        let path = format!("/evidence/{}/attachments/1", self.item.id);
        let reply = self.compiler.post(&path, &[]).await;
        for fault in faults_of(&reply) {
            self.fault(&format!("its attachment: {fault}"));
        }
        if reply.status.as_u16() != 303 {
            if self.file.name.starts_with("raw-") {
                self.fault("has no attachment");
            }
            return;
        }
        let id = reply.id();
        let item = self.app.services.db.read(move |conn| store::find(conn, id)).await.expect("an item");
        if !is_harmless(&item.name) {
            self.fault(&format!("its attachment is called {:?}", item.name));
        }
        self.download(&item, None).await;
    }
}

/// Whether nothing in a name steers or leads elsewhere.
fn is_harmless(name: &str) -> bool {
    !name.contains(['\r', '\n', '\0', '/', '\\', '\u{202e}'])
}

/// The most memory that this process ever had, in bytes; `None` where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_hostile_files_do_no_harm_and_each_gets_a_plain_answer() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let path = format!("/leads/{lead}/evidence");
    let files = all();
    assert!(files.len() >= 300, "{} files", files.len());
    for some in files.chunks(110) {
        post(&compiler, &path, some).await.expect(303);
    }
    let items = app.services.db.read(move |conn| store::of_lead(conn, lead)).await.expect("items");
    assert_eq!(items.len(), files.len(), "each is an item of its own");
    for item in &items {
        assert!(is_harmless(&item.name), "{:?}", item.name);
    }
    let before = peak();
    let looks = items.iter().zip(&files).map(|(item, file)| {
        let look = Look { app: &app, compiler: &compiler, item, file, faults: Vec::new() };
        look.all()
    });
    let found: Vec<Vec<String>> = futures_util::stream::iter(looks).buffer_unordered(8).collect().await;
    let faults = found.concat();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    if let Some((before, after)) = before.zip(peak()) {
        let grown = after.saturating_sub(before);
        assert!(grown < MOST_MEMORY, "grown by {grown} bytes");
    }

    // The lists hold all of their names; and the server goes on.
    for list in [path.clone(), format!("{path}?view=gallery")] {
        let faults = faults_of(&compiler.get(&list).await.expect(200));
        assert!(faults.is_empty(), "{faults:?}");
    }
    // A name that breaks the head of its part is refused in words.
    let broken = [Hostile { name: "a\0.txt".into(), bytes: b"plain".to_vec(), answer: "" }];
    let refused = post(&compiler, &path, &broken).await;
    assert!(refused.status.as_u16() < 500 && faults_of(&refused).is_empty(), "{}", refused.text());
    app.stranger().get("/healthz").await.expect(200);
}
