//! Hostile files as evidence: three hundred of them, registered as any file is and looked at on every page. None does harm, and
//! each gets a plain answer.

mod files;

use futures_util::StreamExt;
use lead_handoff::casework::evidence::store::{self, Item};

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

/// Every page on which a file is read gives one of these.
const ANSWERS: [&str; 9] = [
    "<pre class=\"wrap\"",
    "<table>",
    "内容未显示",
    "没有内容",
    "EXIF",
    "脚本",
    "执行动作",
    "嵌有其他文件",
    "文件已加密",
];

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

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What is wrong with an answer, whatever it is an answer to.
fn faults_of(reply: &Reply) -> Vec<String> {
    let mut faults = Vec::new();
    let status = reply.status.as_u16();
    if status >= 500 {
        faults.push(format!("status {status}"));
    }
    let (kind, policy) = (header(reply, "content-type"), header(reply, "content-security-policy"));
    if header(reply, "x-content-type-options") != "nosniff" {
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
    if ["set-cookie", "refresh", "location"].iter().any(|name| header(reply, name).contains("hostile")) {
        faults.push("its name reached a header".into());
    }
    faults
}

/// Looks at an item in every way that there is, and tells what is wrong.
async fn look(compiler: &Browser, item: &Item, file: &Hostile) -> Vec<String> {
    let href = format!("/evidence/{}", item.id);
    let mut faults = Vec::new();
    let mut tell = |what: &str, reply: &Reply| {
        faults.extend(faults_of(reply).into_iter().map(|fault| format!("{} {what}: {fault}", file.name)));
    };
    let page = compiler.get(&href).await;
    tell("page", &page);
    let read = compiler.get(&format!("{href}/read")).await;
    tell("read", &read);
    let is_shown = item.blob.media_type.starts_with("image/") || item.blob.media_type == "application/pdf";
    if is_shown {
        let picture = compiler.get(&format!("{href}/picture")).await;
        tell("picture", &picture);
    }
    // That all others have no preview is asked of some of them.
    if is_shown || item.position % 4 == 0 {
        let preview = compiler.get(&format!("{href}/preview")).await;
        tell("preview", &preview);
        let kind = header(&preview, "content-type");
        if preview.status.is_success() != is_shown || is_shown && kind != item.blob.media_type {
            faults.push(format!("{} is shown as {kind}", file.name));
        }
    }
    let read = (read.status.as_u16(), read.text());
    if page.status.as_u16() != 200 || read.0 != 200 {
        faults.push(format!("{}: no page", file.name));
    }
    if !ANSWERS.iter().any(|words| read.1.contains(words)) {
        faults.push(format!("{}: no answer", file.name));
    }
    if !read.1.contains(file.answer) {
        faults.push(format!("{}: not answered with «{}»", file.name, file.answer));
    }
    faults
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
        assert!(!item.name.contains(['\r', '\n', '\0', '/', '\\', '\u{202e}']), "{:?}", item.name);
    }
    let looks = items.iter().zip(&files).map(|(item, file)| look(&compiler, item, file));
    let found: Vec<Vec<String>> = futures_util::stream::iter(looks).buffer_unordered(8).collect().await;
    let faults = found.concat();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));

    // A download is a download, whatever it is; the lists hold all of their names; and the server goes on.
    for (item, file) in items.iter().zip(&files).step_by(25) {
        let reply = compiler.get(&format!("/evidence/{}/content", item.id)).await.expect(200);
        assert_eq!(header(&reply, "content-type"), "application/octet-stream");
        assert!(header(&reply, "content-disposition").starts_with("attachment"), "{}", file.name);
        assert!(header(&reply, "content-security-policy").starts_with("sandbox"));
        assert_eq!(reply.bytes, file.bytes);
    }
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
