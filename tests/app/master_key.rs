//! The master key is changed by the administrator of the machine while people work: before, in the middle of it and after,
//! everything opens; and a key that could not open it again is refused before anything is touched.

use std::{collections::BTreeMap, path::Path, process::Output};

use diesel::{
    QueryDsl, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary},
};
use lead_handoff::platform::{
    db::{Id, schema::serving},
    keyring::{self, Walk},
    keys::{MasterKey, Source},
};
use reqwest::StatusCode;

use crate::{
    bucket::upload,
    people::log_in,
    support::{
        Browser, TestApp,
        database::TestDatabase,
        process::{Process, run_with},
        seed::PASSWORD,
        story, tus,
    },
    unsent,
};

pub(super) fn said(done: &Output) -> String {
    String::from_utf8_lossy(&[done.stdout.as_slice(), &done.stderr].concat()).into_owned()
}

/// The settings while the key is being changed, and after it.
pub(super) struct Changed {
    pub(super) old: String,
    pub(super) new: String,
}

impl Changed {
    /// From the key of this installation to the one in the file `new`.
    pub(super) fn of(app: &TestApp, new: &Path) -> Self {
        let old = app.data.path().join("master.key");
        Self { old: format!("file:{}", old.display()), new: format!("file:{}", new.display()) }
    }

    pub(super) fn both(&self) -> [(&str, &str); 2] {
        [
            ("LEAD_HANDOFF_MASTER_KEY", self.new.as_str()),
            ("LEAD_HANDOFF_MASTER_KEY_PREVIOUS", self.old.as_str()),
        ]
    }

    fn after(&self) -> [(&str, &str); 1] {
        [("LEAD_HANDOFF_MASTER_KEY", self.new.as_str())]
    }
}

impl TestApp {
    pub(super) fn run(&self, settings: &[(&str, &str)], args: &[&str]) -> Output {
        run_with(self.data.path(), self.database.url.as_deref(), settings, args)
    }

    /// Servers that have said that they run.
    pub(super) async fn servers(&self) -> i64 {
        self.services.db.read(|conn| Ok(serving::table.count().get_result(conn)?)).await.expect("servers")
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Every column of the database that holds bytes, as `(table, column)`.
fn columns() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/platform/db/schema.rs");
    let text = std::fs::read_to_string(path).expect("the tables");
    let mut found = Vec::new();
    for part in text.split("diesel::table! {").skip(1) {
        let mut lines =
            part.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("use "));
        let table = lines.next().and_then(|line| line.split(' ').next()).expect("a table");
        for line in lines {
            if let Some((column, kind)) = line.split_once(" -> ")
                && kind.contains("Binary")
            {
                found.push((table.to_owned(), column.to_owned()));
            }
        }
    }
    assert!(found.len() > 100, "{found:?}");
    found
}

/// Where in the whole database something was wrapped by this key, and how often.
async fn wrapped_by(app: &TestApp, key: &MasterKey) -> BTreeMap<String, i64> {
    let mark = key.mark().to_vec();
    let counted = app.services.db.read(move |conn| {
        let mut found = BTreeMap::new();
        for (table, column) in columns() {
            let sql = format!("SELECT COUNT(*) AS n FROM \"{table}\" WHERE substr(\"{column}\", 1, 8) = $1");
            let count: Count = sql_query(sql).bind::<Binary, _>(mark.clone()).get_result(conn)?;
            if count.n > 0 {
                found.insert(format!("{table}.{column}"), count.n);
            }
        }
        Ok(found)
    });
    counted.await.expect("counted")
}

pub(super) fn key(setting: &str) -> MasterKey {
    MasterKey::open(&Source::parse(Some(setting), Path::new(".")).expect("a setting")).expect("a key")
}

/// Wraps a few secrets by the new key, and ends in the middle.
async fn begin_and_stop(app: &TestApp, changed: &Changed, steps: usize) -> Walk {
    let (db, master) = (app.services.db.clone(), key(&changed.new).with_previous(&key(&changed.old)));
    let walked = tokio::task::spawn_blocking(move || {
        let mut walk = Walk::default();
        for _ in 0..steps {
            walk.step(&db, &master, 3).expect("a step");
        }
        walk
    });
    walked.await.expect("joined")
}

async fn all_read(desk: &Browser, items: &[(Id, Vec<u8>)]) {
    for (id, bytes) in items {
        let content = desk.get(&format!("/evidence/{id}/content")).await.expect(200);
        assert!(content.bytes == *bytes, "{id} is not what was registered");
    }
}

async fn registered(desk: &Browser, lead: Id, text: &str) -> (Id, Vec<u8>) {
    let known = story::items(desk, lead).await;
    assert_eq!(upload(desk, lead, text.as_bytes().to_vec()).await, StatusCode::SEE_OTHER);
    let now = story::items(desk, lead).await;
    (*now.iter().find(|id| !known.contains(id)).expect("the new item"), text.as_bytes().to_vec())
}

/// Signs in with password and code, whose secret the master key wraps.
async fn signs_in(app: &TestApp, server: &Process, name: &str) -> Browser {
    let browser = server.stranger();
    log_in(&browser, name, PASSWORD).await.expect(303);
    browser.post("/login/second-factor", &[("code", &story::code(app).await)]).await.expect(303);
    browser.get("/account").await.expect(200);
    browser
}

fn objects(app: &TestApp) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for shelf in std::fs::read_dir(app.data.path().join("evidence")).expect("evidence") {
        for file in std::fs::read_dir(shelf.expect("shelf").path()).expect("shelf") {
            let path = file.expect("file").path();
            found.insert(path.display().to_string(), std::fs::read(&path).expect("an object"));
        }
    }
    found
}

#[tokio::test]
async fn the_master_key_is_changed_while_people_work() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let new = room.path().join("keys/master-2017.key");
    let path = new.display().to_string();
    let made = app.run(&[], &["key", "make", &path]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let changed = Changed::of(&app, &new);
    assert!(said(&made).contains(&key(&changed.new).fingerprint()), "{}", said(&made));
    let again = app.run(&[], &["key", "make", &path]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert!(said(&again).contains("is there already"), "{}", said(&again));
    let (old_key, new_key) = (key(&changed.old), key(&changed.new));

    // A compiler registers evidence, leaves a form unsent, and a large file is on its way.
    let mut server = app.process(&[]);
    let desk = server.browser(&app.sign_in("compiler").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let mut items = Vec::new();
    for text in ["标价 199 元", "已售 1,024 件", "发货地 广州", "退货地址"] {
        items.push(registered(&desk, lead, text).await);
    }
    let page = desk.get("/leads/new").await.expect(200).text();
    desk.post(&unsent::keeps(&page), &[("title", "疑似销售假冒皮鞋")]).await.expect(303);
    let recording: Vec<u8> = (0..90_000_u32).map(|n| (n % 251) as u8).collect();
    let mut sender = tus::Client::of_page(server.browser(&desk));
    let file = sender.begin(lead, "录像.bin", recording.len()).await;
    sender.bring(&file, 0, &recording[..30_000]).await.expect(204);
    let before = wrapped_by(&app, &old_key).await;
    let tables: Vec<&str> = before.keys().map(String::as_str).collect();
    let known: Vec<String> =
        keyring::PLACES.iter().map(|place| format!("{}.{}", place.table, place.column)).collect();
    assert!(known.iter().all(|place| tables.contains(&place.as_str())), "{before:?}");
    assert_eq!(tables.len(), known.len(), "wrapped, but not known to be: {before:?}");
    let public = app.run(&[], &["key", "show"]);
    let (stored, entries) = (objects(&app), app.audit_count().await);

    // While a server runs that does not know it, nothing is wrapped by the new key.
    while app.servers().await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let refused = app.run(&[], &["key", "rewrap", "--new", &changed.new]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("1 server runs"), "{}", said(&refused));
    assert_eq!((app.audit_count().await, wrapped_by(&app, &new_key).await), (entries, BTreeMap::new()));
    // Nor does a second server begin that would wrap by it.
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let refused = app.run(&changed.both(), &serve);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("could not open what the master key"), "{}", said(&refused));
    assert_eq!(app.servers().await, 1);
    assert!(server.stop().success());
    assert_eq!(app.servers().await, 0, "it has said that it ends");

    // Restarted with both, it opens what the old one wrapped, and wraps by the new one.
    let mut server = app.process(&changed.both());
    let desk = server.browser(&app.sign_in("compiler").await);
    all_read(&desk, &items).await;
    items.push(registered(&desk, lead, "后来的页面").await);
    assert_eq!(wrapped_by(&app, &new_key).await, BTreeMap::from([("blob.wrapped_key".to_owned(), 1)]));
    // One that could not open this begins no more.
    let refused = app.run(&[], &serve);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("LEAD_HANDOFF_MASTER_KEY_PREVIOUS first"), "{}", said(&refused));

    // Stopped in the middle: some secrets are for one key, some for the other, and all open.
    let walk = begin_and_stop(&app, &changed, 3).await;
    assert!(walk.done > 3 && walk.faults.is_empty(), "{walk:?}");
    assert!(wrapped_by(&app, &old_key).await.len() > 1 && wrapped_by(&app, &new_key).await.len() > 1);
    all_read(&desk, &items).await;
    signs_in(&app, &server, "approver").await;
    desk.get("/leads/new").await.expect(200).has("疑似销售假冒皮鞋");
    sender = sender.at(server.browser(&desk));
    sender.bring(&file, 30_000, &recording[30_000..60_000]).await.expect(204);
    let checked = app.run(&changed.both(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    assert!(said(&checked).contains("Still for the previous master key: "), "{}", said(&checked));
    let admin = server.browser(&app.sign_in("admin").await);
    let page = admin.get("/admin/system").await.expect(200).has("原主密钥").has("key rewrap");
    page.has(&old_key.fingerprint()).has(&new_key.fingerprint());
    admin.get("/admin/settings").await.expect(200).has("LEAD_HANDOFF_MASTER_KEY_PREVIOUS");

    // Gone on with, to the end, before the eyes of the running server.
    let entries = app.audit_count().await;
    let done = app.run(&changed.both(), &["key", "rewrap"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains("LEAD_HANDOFF_MASTER_KEY_PREVIOUS can be taken out"), "{}", said(&done));
    assert_eq!(app.audit_count().await, entries + 2);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("key.rewrapped", "system:cli"));
    let facts: BTreeMap<String, String> = entry.facts().into_iter().collect();
    assert_eq!((&facts["new"], facts["left"].as_str()), (&new_key.fingerprint(), "0"));
    assert_eq!(wrapped_by(&app, &old_key).await, BTreeMap::new());
    all_read(&desk, &items).await;
    admin.get("/admin/system").await.expect(200).has("已无内容使用");
    let checked = app.run(&changed.both(), &["check"]);
    assert!(said(&checked).contains("Nothing needs the previous master key"), "{}", said(&checked));
    let entries = app.audit_count().await;
    let twice = app.run(&changed.both(), &["key", "rewrap"]);
    assert_eq!(twice.status.code(), Some(0), "{}", said(&twice));
    assert!(said(&twice).contains("already"), "{}", said(&twice));
    assert_eq!(app.audit_count().await, entries);
    assert!(server.stop().success());

    // With the new key alone everything is as it was, and no stored file was rewritten.
    let server = app.process(&changed.after());
    let desk = server.browser(&app.sign_in("compiler").await);
    all_read(&desk, &items).await;
    desk.get("/leads/new").await.expect(200).has("疑似销售假冒皮鞋");
    signs_in(&app, &server, "approver").await;
    let now = objects(&app);
    assert!(stored.iter().all(|(path, bytes)| now.get(path) == Some(bytes)));
    assert_eq!(app.run(&changed.after(), &["key", "show"]).stdout, public.stdout);
    // The file goes on, though no piece of it was sent under this key alone.
    sender = sender.at(server.browser(&desk));
    assert_eq!(sender.offset(&file).await, 60_000);
    let last = sender.bring(&file, 60_000, &recording[60_000..]).await.expect(204);
    let item = last.headers["upload-evidence"].to_str().expect("text").rsplit('/').next();
    items.push((item.and_then(|id| id.parse().ok()).expect("an id"), recording));
    all_read(&desk, &items).await;
    let checked = app.run(&changed.after(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    // The old key opens nothing any more, and that is said.
    let refused = app.run(&[], &["check"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("does not open the keys in the database"), "{}", said(&refused));
}

#[tokio::test]
async fn a_wrong_new_key_is_told_before_anything_is_touched() {
    let app = TestApp::new().await;
    let desk = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = registered(&desk, lead, "标价 199 元").await;
    let room = tempfile::tempdir().expect("folder");
    let at = |name: &str| room.path().join(name).display().to_string();
    let only_ours = |name: &str, mode: u32, text: &str| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(at(name), text).expect("written");
        std::fs::set_permissions(at(name), std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    only_ours("junk", 0o600, "no key");
    assert_eq!(app.run(&[], &["key", "make", &at("good")]).status.code(), Some(0));
    let text = std::fs::read_to_string(at("good")).expect("a key");
    only_ours("open", 0o644, &text);
    only_ours("two", 0o600, &text.repeat(2));
    let program = env!("CARGO_BIN_EXE_lead-handoff");
    let each_time =
        format!("command:f={}/$$ && {program} key make $f >/dev/null && cat $f", room.path().display());
    let (entries, before) =
        (app.audit_count().await, wrapped_by(&app, &key(&Changed::of(&app, Path::new("x")).old)).await);
    for (new, why) in [
        (format!("file:{}", at("nowhere")), "there is no master key at"),
        (format!("file:{}", at("junk")), "does not hold a master key"),
        (format!("file:{}", at("open")), "chmod 600"),
        (format!("file:{}", at("two")), "more than one key"),
        ("env:LEAD_HANDOFF_NO_SUCH_VARIABLE".to_owned(), "there is no master key at"),
        ("command:exit 3".to_owned(), "exit status: 3"),
        (each_time, "another one each time"),
        (format!("file:{}", app.data.path().join("master.key").display()), "is the one in force"),
        ("sesame".to_owned(), "must be file:PATH"),
    ] {
        let refused = app.run(&[], &["key", "rewrap", "--new", &new]);
        let words = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{new}: {words}");
        assert!(words.contains(why) && words.lines().count() == 1, "{new}: {words}");
        assert!(!words.contains("AGE-SECRET-KEY-1Q"), "{words}");
    }
    // A previous key that wrapped nothing here is none.
    let strange = [
        ("LEAD_HANDOFF_MASTER_KEY", format!("file:{}", at("good"))),
        ("LEAD_HANDOFF_MASTER_KEY_PREVIOUS", format!("file:{}", at("good"))),
    ];
    let strange: Vec<(&str, &str)> = strange.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = app.run(&strange, &["key", "rewrap"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("does not open the keys in the database"), "{}", said(&refused));
    let after = wrapped_by(&app, &key(&Changed::of(&app, Path::new("x")).old)).await;
    assert_eq!((app.audit_count().await, after), (entries, before));
    all_read(&desk, &[item]).await;

    // Where no server runs, the good one is taken by its name alone.
    let changed = Changed::of(&app, &room.path().join("good"));
    let done = app.run(&[], &["key", "rewrap", "--new", &changed.new]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains("Now set LEAD_HANDOFF_MASTER_KEY"), "{}", said(&done));
    app.settle().await;
    assert_eq!(app.run(&changed.after(), &["check"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_backup_from_the_middle_of_the_change_needs_both_keys() {
    let app = TestApp::new().await;
    let desk = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&desk, lead, "标价 199 元").await;
    app.settle().await;
    let room = tempfile::tempdir().expect("folder");
    let new = room.path().join("new.key");
    assert_eq!(app.run(&[], &["key", "make", &new.display().to_string()]).status.code(), Some(0));
    let changed = Changed::of(&app, &new);
    begin_and_stop(&app, &changed, 3).await;
    let folder = room.path().join("backup").display().to_string();
    let made = app.run(&changed.both(), &["backup", &folder]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let (old_mark, new_mark) = (key(&changed.old).fingerprint(), key(&changed.new).fingerprint());
    assert!(said(&made).contains(&format!("{old_mark} is needed too")), "{}", said(&made));

    let target = room.path().join("data");
    std::fs::create_dir(&target).expect("folder");
    let database = TestDatabase::empty(&target);
    let restore = |settings: &[(&str, &str)]| {
        run_with(&target, database.url.as_deref(), settings, &["restore", &folder])
    };
    let refused = restore(&changed.after());
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains(&format!("it needs {new_mark} and {old_mark}")), "{}", said(&refused));
    let restored = restore(&changed.both());
    assert_eq!(restored.status.code(), Some(0), "{}", said(&restored));
    // There it is brought to its end.
    let of_it =
        |settings: &[(&str, &str)], args: &[&str]| run_with(&target, database.url.as_deref(), settings, args);
    let done = of_it(&changed.both(), &["key", "rewrap"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let checked = of_it(&changed.after(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
}
