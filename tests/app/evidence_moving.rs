//! The administrator of the machine moves the evidence to another store while people work, is stopped by whatever can
//! stop it, and goes on.

use std::{
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::blob};
use reqwest::StatusCode;

use crate::{
    bucket::{objects, served, settings, upload},
    support::{
        Browser, TestApp,
        process::{begin, run_with, run_within},
        s3, story, tus,
    },
};

pub(super) fn said(done: &Output) -> String {
    String::from_utf8_lossy(&[done.stdout.as_slice(), &done.stderr].concat()).into_owned()
}

/// The settings as a command takes them.
pub(super) fn as_given<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

impl TestApp {
    /// Where evidence lies at first.
    pub(super) fn folder(&self) -> String {
        self.data.path().join("evidence").display().to_string()
    }

    /// Runs the move with these settings.
    pub(super) fn migrate(&self, settings: &[(&str, &str)], args: &[&str]) -> Output {
        let args = [&["evidence", "migrate"][..], args].concat();
        run_with(self.data.path(), self.database.url.as_deref(), settings, &args)
    }

    /// A fact of the newest entry.
    async fn fact(&self, name: &str) -> String {
        let facts = self.last_entry().await.facts();
        let found = facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        found.unwrap_or_else(|| panic!("no {name} in {facts:?}"))
    }
}

/// The objects of a folder, as they lie.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(one).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A file's bytes that are like no other's.
fn bytes(size: u32, of: u8) -> Vec<u8> {
    (0..size).map(|n| (n % 251) as u8 ^ of).collect()
}

pub(super) async fn registered(desk: &Browser, lead: Id, sizes: &[u32]) -> Vec<(Id, Vec<u8>)> {
    let mut made = Vec::new();
    let mut known = story::items(desk, lead).await;
    for (of, size) in (u8::try_from(known.len()).expect("a few")..).zip(sizes) {
        let bytes = bytes(*size, of + 1);
        assert_eq!(upload(desk, lead, bytes.clone()).await, StatusCode::SEE_OTHER);
        let now = story::items(desk, lead).await;
        let new = now.iter().find(|id| !known.contains(id)).expect("the new item");
        made.push((*new, bytes));
        known = now;
    }
    made
}

async fn all_read(desk: &Browser, items: &[(Id, Vec<u8>)]) {
    for (id, bytes) in items {
        let content = desk.get(&format!("/evidence/{id}/content")).await.expect(200);
        assert!(content.bytes == *bytes, "{id} is not what was registered");
    }
}

#[tokio::test]
async fn evidence_goes_from_a_folder_into_a_bucket_while_people_work() {
    let app = TestApp::new().await;
    let (cloud, in_bucket) = served();
    let (bucket, access) = (in_bucket[0].1.clone(), as_given(&in_bucket[1..]));
    let mut server = app.process(&[]);
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let desk = server.browser(&compiler);
    let mut items = registered(&desk, lead, &[9 << 20, 40_000, 1]).await;
    let before = app.audit_count().await;

    // The server goes on meanwhile; what comes after is not lost by it.
    let moved = app.migrate(&access, &[&app.folder(), &bucket]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    let words = said(&moved);
    assert!(words.contains("3 files") && words.contains("There before: 0."), "{words}");
    let switch =
        format!("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL={}", app.data.path().canonicalize().unwrap().display());
    assert!(
        words.contains(&format!("LEAD_HANDOFF_EVIDENCE_URL={bucket}")) && words.contains(&switch),
        "{words}"
    );
    assert_eq!((objects(cloud.path(), "2017"), app.stored_objects().await), (3, 3));
    assert_eq!(app.audit_count().await, before + 3, "begun, what came, ended");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("evidence.migrated", "system:cli"));
    assert_eq!((app.fact("files").await, app.fact("whole").await), ("3".into(), "true".into()));
    assert_eq!(
        (app.fact("from_store").await, app.fact("to_store").await),
        ("folder".into(), "bucket".into())
    );
    let auditor = server.browser(&app.sign_in("auditor").await);
    auditor.get("/audit?verb=evidence.migrated").await.expect(200).has("证据存储迁移结束").has("存储桶");
    items.extend(registered(&desk, lead, &[50_000]).await);
    assert!(server.stop().success());

    // Switched: what is not in the bucket yet is read from the folder, and what comes now lies in the bucket alone.
    let mut both = in_bucket.to_vec();
    both.push(("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL", app.folder()));
    let mut server = app.process(&as_given(&both));
    let desk = server.browser(&compiler);
    all_read(&desk, &items).await;
    items.extend(registered(&desk, lead, &[60_000]).await);
    assert_eq!((objects(cloud.path(), "2017"), app.stored_objects().await), (4, 4));
    let admin = server.browser(&app.sign_in("admin").await);
    admin.get("/admin/system").await.expect(200).has("没有的文件另从此处读取").has(&app.folder());
    let rest = app.migrate(&as_given(&both), &[&app.folder(), &bucket]);
    assert_eq!(rest.status.code(), Some(0), "{}", said(&rest));
    let words = said(&rest);
    assert!(words.contains("1 file,") && words.contains("There before: 4."), "{words}");
    assert!(words.contains("FALLBACK_URL can be taken out"), "{words}");
    assert!(server.stop().success());

    // Without the folder nothing is missing.
    std::fs::rename(app.folder(), app.data.path().join("left")).expect("put aside");
    let server = app.process(&as_given(&in_bucket));
    all_read(&server.browser(&compiler), &items).await;
    drop(server);
    let url = app.database.url.as_deref();
    let checked = run_with(app.data.path(), url, &as_given(&in_bucket), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    assert!(said(&checked).contains("5 files"), "{}", said(&checked));

    // And back, into another folder.
    let back = app.data.path().join("back").display().to_string();
    let moved = app.migrate(&as_given(&in_bucket), &[&bucket, &format!("file://{back}")]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    assert!(said(&moved).contains("5 files"), "{}", said(&moved));
    let in_back = [("LEAD_HANDOFF_EVIDENCE_URL", back.as_str())];
    let checked = run_with(app.data.path(), url, &in_back, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
}

#[tokio::test]
async fn what_has_arrived_of_a_file_goes_along_and_the_file_goes_on_in_the_new_store() {
    let app = TestApp::new().await;
    let (cloud, in_bucket) = served();
    let (bucket, access) = (in_bucket[0].1.clone(), as_given(&in_bucket[1..]));
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let sender = tus::Client::of_page(app.sign_in("compiler").await);
    let (recording, other) = (bytes(200_000, 7), bytes(80_000, 9));
    let mut begun = Vec::new();
    for (name, file) in [("录像.bin", &recording), ("录音.bin", &other), ("弃.bin", &other)] {
        let at = sender.begin(lead, name, file.len()).await;
        sender.bring(&at, 0, &file[..50_000]).await.expect(204);
        begun.push(at);
    }
    let (first, second, given_up) = (&begun[0], &begun[1], &begun[2]);
    sender.end(given_up).await.expect(204);

    // What is given up stays behind, though it still lies in the folder.
    let moved = app.migrate(&access, &[&app.folder(), &bucket]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    assert!(said(&moved).contains("on their way are among them: 2."), "{}", said(&moved));
    assert_eq!((app.fact("files").await, app.fact("pieces").await), ("0".into(), "2".into()));
    assert_eq!((objects(cloud.path(), "2017"), app.stored_objects().await), (2, 3));

    // One is registered before the switch; the other goes on after it, with pieces in both stores.
    sender.bring(second, 50_000, &other[50_000..]).await.expect(204);
    app.settle().await;
    let mut both = in_bucket.to_vec();
    both.push(("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL", app.folder()));
    let mut server = app.process(&as_given(&both));
    let there = sender.at(server.browser(&sender.browser));
    assert_eq!(there.offset(first).await, 50_000);
    there.bring_in_time(first, 50_000, &recording[50_000..120_000]).await.expect(204);
    let rest = app.migrate(&as_given(&both), &[&app.folder(), &bucket]);
    assert_eq!(rest.status.code(), Some(0), "{}", said(&rest));
    assert_eq!((app.fact("files").await, app.fact("there").await), ("1".into(), "2".into()));
    assert!(server.stop().success());

    // Without the folder it is registered byte for byte.
    std::fs::rename(app.folder(), app.data.path().join("left")).expect("put aside");
    let server = app.process(&as_given(&in_bucket));
    let there = sender.at(server.browser(&sender.browser));
    there.bring_in_time(first, 120_000, &recording[120_000..]).await.expect(204);
    let desk = server.browser(&compiler);
    let items = story::items(&desk, lead).await;
    all_read(&desk, &items.into_iter().zip([other, recording]).collect::<Vec<_>>()).await;
    assert_eq!(story::items(&desk, lead).await.len(), 2);
    let checked = run_with(app.data.path(), app.database.url.as_deref(), &as_given(&in_bucket), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
}

#[tokio::test]
async fn a_move_that_cannot_be_meant_is_refused_before_anything_is_done() {
    let app = TestApp::new().await;
    let (cloud, room) = (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    std::fs::create_dir(cloud.path().join("evidence")).expect("bucket");
    let mut access = settings(s3::serve(cloud.path()), "2017")[1..].to_vec();
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&compiler, lead, &[1_000]).await;
    let folder = app.folder();
    let below = |name: &str| room.path().join(name).display().to_string();
    std::fs::create_dir(below("empty")).expect("a folder");
    std::fs::write(below("file"), "no folder").expect("a file");
    let inside = format!("{folder}/inside");
    let url = format!("file://{folder}");
    let entries = app.audit_count().await;
    let own = || folder.clone();
    let named = |place: &str| place.to_owned();
    for (from, to, why) in [
        (own(), own(), "the same place"),
        (own(), url, "the same place"),
        (own(), inside, "one lies in the other"),
        (named("s3://evidence/a"), named("s3://evidence/a/b"), "one lies in the other"),
        (below("nowhere"), below("new"), "there is no folder"),
        (below("empty"), below("new"), "is empty"),
        (own(), below("no/new"), "there is no folder"),
        (own(), below("file"), "can’t be reached"),
        (own(), named("/proc/lead-handoff"), "can’t be reached"),
        (own(), named("s3://nowhere/2017"), "can’t be reached"),
        (own(), named("gs://bucket/2017"), "must be a folder or s3://"),
        (named("s3://evidence/none"), below("new"), "is empty"),
    ] {
        let refused = app.migrate(&as_given(&access), &[&from, &to]);
        let words = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{from} {to}: {words}");
        assert!(words.contains(why) && words.lines().count() == 1, "{from} {to}: {words}");
    }
    let refused = app.migrate(&[("LC_ALL", "zh_CN.UTF-8")], &[&folder, &below("no/new")]);
    let words = said(&refused);
    assert!(words.contains("目录") && words.contains("不存在"), "{words}");
    // Whoever has no rights there is told so.
    access.iter_mut().find(|(name, _)| *name == "AWS_SECRET_ACCESS_KEY").expect("a secret").1 =
        "sesame".into();
    let refused = app.migrate(&as_given(&access), &[&folder, "s3://evidence/2017"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("s3://evidence/2017: "), "{}", said(&refused));
    assert!(!said(&refused).contains("sesame"), "{}", said(&refused));
    assert_eq!((app.audit_count().await, objects(cloud.path(), "")), (entries, 0));
    assert!(!room.path().join("no").exists());
}

#[tokio::test]
async fn a_full_store_stops_the_move_and_with_more_room_it_goes_on() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&compiler, lead, &[30_000, 40_000, 24 << 20]).await;
    let to = room.path().join("new").display().to_string();
    let folder = app.folder();
    let url = app.database.url.as_deref();
    // 16 MiB: enough for the database, too little for the last file.
    let args = ["evidence", "migrate", &folder, &to];
    let full = run_within(app.data.path(), url, 32 * 1024, &args);
    assert_eq!(full.status.code(), Some(1), "{}", said(&full));
    let words = said(&full);
    assert!(words.contains("the evidence store is full") && words.contains("Run this again"), "{words}");
    assert_eq!((app.fact("whole").await, app.fact("files").await), ("false".into(), "2".into()));
    assert_eq!(files(room.path()).len(), 2, "nothing is half there");
    let rest = app.migrate(&[], &[&folder, &to]);
    assert_eq!(rest.status.code(), Some(0), "{}", said(&rest));
    let words = said(&rest);
    assert!(words.contains("1 file,") && words.contains("There before: 2."), "{words}");
    assert_eq!(files(Path::new(&to)).len(), 3);
    for (old, new) in files(Path::new(&folder)).iter().zip(files(Path::new(&to))) {
        assert_eq!(std::fs::read(old).expect("an object"), std::fs::read(new).expect("an object"));
    }
}

#[tokio::test]
async fn a_move_that_is_killed_goes_on_and_what_is_half_there_is_brought_anew() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let items = registered(&compiler, lead, &[3 << 20; 8]).await;
    let to = room.path().join("new").display().to_string();
    let folder = app.folder();
    let url = app.database.url.as_deref();
    let mut child = begin(app.data.path(), url, &["evidence", "migrate", &folder, &to]);
    // Killed when the first has arrived, however many that are by then.
    for _ in 0..2_400 {
        let shelves = std::fs::read_dir(&to).map_or(0, |entries| entries.count());
        if shelves > 1 || child.try_wait().expect("asked").is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().expect("ended");
    // As other programs copy: the name is there before the bytes.
    let one = files(Path::new(&folder)).remove(0);
    let half = Path::new(&to).join(one.strip_prefix(&folder).expect("below"));
    std::fs::create_dir_all(half.parent().expect("a shelf")).expect("a shelf");
    let whole = std::fs::read(&one).expect("an object");
    std::fs::write(&half, &whole[..whole.len() / 2]).expect("half an object");
    let rest = app.migrate(&[], &[&folder, &to]);
    assert_eq!(rest.status.code(), Some(0), "{}", said(&rest));
    assert_eq!(std::fs::read(&half).expect("an object"), whole);
    let server = app.process(&[("LEAD_HANDOFF_EVIDENCE_URL", to.as_str())]);
    all_read(&server.browser(&compiler), &items).await;
}

#[tokio::test]
async fn what_is_damaged_is_named_and_not_taken_along() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&compiler, lead, &[30_000, 40_000, 50_000, 60_000]).await;
    let (folder, to) = (app.folder(), room.path().join("new").display().to_string());
    let flip = |path: &Path| {
        let mut bytes = std::fs::read(path).expect("an object");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(path, bytes).expect("changed");
    };
    let lying = files(Path::new(&folder));
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    flip(&lying[0]);
    std::fs::remove_file(&lying[1]).expect("removed");
    // Erased as the law asks for: its row says so, and nothing of it is looked for.
    let erased: Id = name(&lying[2]).parse().expect("an id");
    let marked = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        Ok(diesel::update(blob::table.find(erased)).set(blob::erased_at.eq(Some(now))).execute(tx.conn())?)
    });
    assert_eq!(marked.await.expect("marked"), 1);
    let moved = app.migrate(&[], &[&folder, &to]);
    let words = said(&moved);
    assert_eq!(moved.status.code(), Some(1), "{words}");
    assert!(words.contains(&name(&lying[0])) && words.contains("as it was registered"), "{words}");
    assert!(words.contains(&name(&lying[1])) && words.contains("neither in"), "{words}");
    assert!(words.contains("Not brought: 2 files") && words.contains("Leave "), "{words}");
    assert_eq!((app.fact("failed").await, app.fact("files").await), ("2".into(), "1".into()));
    let arrived = files(Path::new(&to));
    assert_eq!((arrived.len(), name(&arrived[0])), (1, name(&lying[3])));

    // What lies in the new store is proven anew where that is asked for, and mended from the old one.
    flip(&arrived[0]);
    let quick = app.migrate(&[], &[&folder, &to]);
    assert!(said(&quick).contains("There before: 1."), "{}", said(&quick));
    let deep = app.migrate(&[], &[&folder, &to, "--deep"]);
    assert!(said(&deep).contains("1 file,") && said(&deep).contains("There before: 0."), "{}", said(&deep));
    assert_eq!(std::fs::read(&arrived[0]).expect("an object"), std::fs::read(&lying[3]).expect("an object"));
    let chinese = said(&app.migrate(&[("LC_ALL", "zh_CN.UTF-8")], &[&folder, &to]));
    for told in ["与登记不一致", "中都没有", "原已存在：1。", "未能迁移：2 个文件"] {
        assert!(chinese.contains(told), "{told}: {chinese}");
    }
}
