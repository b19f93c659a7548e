//! Evidence in a bucket instead of a folder: the program as a process of its own, speaking to a real S3 server.

use std::{path::Path, time::Duration};

use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};

use crate::support::{
    Browser, TestApp, database::TestDatabase, process::run_with, s3, seed::GUANGZHOU, story,
};

/// Settings of a server whose evidence lies at this place in the bucket.
pub(crate) fn settings(port: u16, prefix: &str) -> [(&'static str, String); 6] {
    [
        ("LEAD_HANDOFF_EVIDENCE_URL", format!("s3://evidence/{prefix}")),
        ("AWS_ENDPOINT", format!("http://127.0.0.1:{port}")),
        ("AWS_ALLOW_HTTP", "true".into()),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", s3::ACCESS.0.into()),
        ("AWS_SECRET_ACCESS_KEY", s3::ACCESS.1.into()),
    ]
}

/// A bucket that is served from a folder, and how a server is told of it, below the prefix `2017`.
pub(crate) fn served() -> (tempfile::TempDir, [(&'static str, String); 6]) {
    let cloud = tempfile::tempdir().expect("folder");
    std::fs::create_dir(cloud.path().join("evidence")).expect("bucket");
    let in_bucket = settings(s3::serve(cloud.path()), "2017");
    (cloud, in_bucket)
}

/// How many objects the bucket holds below this prefix.
pub(crate) fn objects(root: &Path, prefix: &str) -> usize {
    fn walk(path: &Path) -> usize {
        let Ok(entries) = std::fs::read_dir(path) else { return 0 };
        let paths = entries.map(|entry| entry.expect("entry").path());
        paths.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
    }
    walk(&root.join("evidence").join(prefix))
}

/// Registers a file of these bytes.
pub(crate) async fn upload(
    desk: &Browser,
    lead: lead_handoff::platform::db::Id,
    bytes: Vec<u8>,
) -> StatusCode {
    let mut form = Form::new().part("file", Part::bytes(bytes).file_name("录像.bin"));
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let url = desk.url(&format!("/leads/{lead}/evidence"));
    let reply = desk.client.post(url).header("origin", &desk.base).multipart(form).send().await;
    reply.expect("an answer").status()
}

/// What the server's workers have to do first; looked at again and again.
async fn in_time(desk: &Browser, path: &str, good: impl Fn(&crate::support::Reply) -> bool) {
    for _ in 0..240 {
        if good(&desk.get(path).await) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("never ready: {path}");
}

#[tokio::test]
async fn a_dossier_from_a_bucket_is_handed_out_backed_up_and_brought_back() {
    let app = TestApp::new().await;
    let (room, cloud) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    std::fs::create_dir(cloud.path().join("evidence")).expect("bucket");
    let port = s3::serve(cloud.path());
    let ours = settings(port, "2016");
    let ours: Vec<(&str, &str)> = ours.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = app.process(&ours);

    // The compiler registers a file of several parts; it lies in the bucket and nowhere else.
    let compiler = server.browser(&app.sign_in("compiler").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes: Vec<u8> = (0..24_u32 << 20).map(|n| (n % 251) as u8).collect();
    assert_eq!(upload(&compiler, lead, bytes.clone()).await, StatusCode::SEE_OTHER);
    assert_eq!((objects(cloud.path(), "2016"), app.stored_objects().await), (1, 0));
    let item = story::items(&compiler, lead).await.remove(0);
    let content = format!("/evidence/{item}/content");
    assert!(compiler.get(&content).await.expect(200).bytes == bytes);
    let request = compiler.client.get(compiler.url(&content)).header("range", "bytes=20000000-20000009");
    let piece = compiler.send(request).await.expect(206);
    assert_eq!(piece.bytes, bytes[20_000_000..20_000_010]);

    // Composed, approved and sealed by the server's own workers; anybody can check the package.
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    let dossier = story::dossiers(&app, lead).await.remove(0).id;
    in_time(&compiler, &format!("/dossiers/{dossier}/dossier.pdf"), |reply| reply.status == 200).await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = server.browser(&app.sign_in("approver").await);
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    let package = format!("/dossiers/{dossier}/package.zip");
    in_time(&compiler, &package, |reply| reply.status == 200).await;
    let zip = room.path().join("package.zip");
    std::fs::write(&zip, compiler.get(&package).await.expect(200).bytes).expect("written");
    assert!(server.stop().success());
    let url = app.database.url.as_deref();
    let key = room.path().join("sender.txt");
    std::fs::write(&key, run_with(app.data.path(), url, &ours, &["key", "show"]).stdout).expect("written");
    let (zip, key) = (zip.display().to_string(), key.display().to_string());
    let verified = run_with(app.data.path(), url, &ours, &["verify", &zip, "--public-key", &key]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));

    // A backup of the bucket, brought back into another place of it.
    let backup = room.path().join("backup").display().to_string();
    let kept = run_with(app.data.path(), url, &ours, &["backup", &backup]);
    assert_eq!(kept.status.code(), Some(0), "{}", String::from_utf8_lossy(&kept.stderr));
    let target = room.path().join("data");
    std::fs::create_dir(&target).expect("folder");
    std::fs::copy(app.data.path().join("master.key"), target.join("master.key")).expect("master key");
    let other = TestDatabase::empty(&target);
    let (other, theirs) = (other.url.as_deref(), settings(port, "again"));
    let theirs: Vec<(&str, &str)> = theirs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let brought = run_with(&target, other, &theirs, &["restore", &backup]);
    assert_eq!(brought.status.code(), Some(0), "{}", String::from_utf8_lossy(&brought.stderr));
    let words = String::from_utf8_lossy(&brought.stdout).into_owned();
    assert!(words.contains("new key") && words.contains("lead-handoff key show"), "{words}");
    let new = run_with(&target, other, &theirs, &["key", "show"]).stdout;
    assert_ne!(new, std::fs::read(&key).expect("the old key"));
    assert_eq!(objects(cloud.path(), "again"), objects(cloud.path(), "2016"));
    for (data, url, of) in [(app.data.path(), url, &ours), (target.as_path(), other, &theirs)] {
        let checked = run_with(data, url, of, &["check"]);
        let words = [checked.stdout, checked.stderr].concat();
        assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&words));
    }
}
