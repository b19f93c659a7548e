//! What the machine's own commands do: checking what is stored, backing it up, bringing it back.

use std::path::{Path, PathBuf};

use diesel::{
    Connection as _, ExpressionMethods, PgConnection, QueryDsl, QueryableByName, RunQueryDsl,
    connection::SimpleConnection, sql_query, sql_types::BigInt,
};
use lead_handoff::{
    app, audit,
    cli::{backup, check, key, restore},
    platform::{
        db::{self, Connection, Id, schema::transfer},
        error::Result,
        i18n::Lang,
        services::Services,
        settings::Settings,
        vault,
    },
};
use reqwest::multipart::{Form, Part};

use crate::support::{TestApp, database::TestDatabase, fixtures, seed::GUANGZHOU};

const DETAILS: [(&str, &str); 4] = [
    ("source", "https://example.com/item/1"),
    ("collected_by", "编制人甲"),
    ("collected_at", "2016-05-04T09:30"),
    ("method", "网页截图"),
];

/// A lead with one file of evidence, everything placed in the log.
pub(super) async fn with_a_file(app: &TestApp) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut form = Form::new().part("file", Part::bytes(b"counterfeit".to_vec()).file_name("a.txt"));
    for (name, value) in DETAILS {
        form = form.text(name, value);
    }
    let url = compiler.url(&format!("/leads/{lead}/evidence"));
    let request = compiler.client.post(url).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(303);
    app.settle().await;
}

async fn faults(services: &Services) -> Vec<String> {
    let services = services.clone();
    let report =
        tokio::task::spawn_blocking(move || check::check(&services, Lang::En)).await.expect("joined");
    report.expect("checked").faults
}

/// The only object in the evidence folder.
pub(super) fn object(app: &TestApp) -> PathBuf {
    let mut found = Vec::new();
    for shelf in std::fs::read_dir(app.data.path().join("evidence")).expect("evidence") {
        let shelf = shelf.expect("shelf").path();
        found.extend(std::fs::read_dir(shelf).expect("shelf").map(|file| file.expect("file").path()));
    }
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[tokio::test]
async fn a_flipped_byte_of_a_stored_file_is_named() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    assert_eq!(faults(&app.services).await, Vec::<String>::new());
    let path = object(&app);
    let mut bytes = std::fs::read(&path).expect("object");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).expect("changed");
    let found = faults(&app.services).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("damaged") && found[0].contains(path.file_name().unwrap().to_str().unwrap()));
    std::fs::remove_file(&path).expect("removed");
    assert!(faults(&app.services).await[0].contains("has no object"));
}

#[tokio::test]
async fn a_changed_row_of_the_audit_log_and_a_counter_set_back_are_named() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let entry = "(SELECT id FROM audit_entry WHERE verb = 'evidence.register' LIMIT 1)";
    let change = format!("UPDATE audit_entry SET verb = 'evidence.view' WHERE id = {entry}");
    let set_back = "UPDATE counter SET value = 0 WHERE name LIKE 'lead-%'";
    let changed = app.services.db.write_quiet(move |tx| match tx.conn() {
        Connection::Sqlite(conn) => {
            conn.batch_execute("DROP TRIGGER audit_entry_no_update")?;
            sql_query(set_back).execute(conn)?;
            Ok(sql_query(change).execute(conn)?)
        }
        Connection::Postgres(conn) => {
            conn.batch_execute("DROP TRIGGER audit_entry_no_update ON audit_entry")?;
            sql_query(set_back).execute(conn)?;
            Ok(sql_query(change).execute(conn)?)
        }
    });
    assert_eq!(changed.await.expect("changed"), 1);
    let found = faults(&app.services).await;
    assert!(found.iter().any(|fault| fault.starts_with("counter lead-")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("says something else")), "{found:?}");
}

/// Settings of another installation, in `folder`, with the same master key and the database at `url`.
pub(super) fn elsewhere_at(app: &TestApp, folder: &Path, url: Option<&str>) -> Settings {
    let data = folder.display().to_string();
    std::fs::create_dir_all(folder).expect("folder");
    std::fs::copy(app.data.path().join("master.key"), folder.join("master.key")).expect("master key");
    let env = |name: &str| url.filter(|_| name == "DATABASE_URL").map(str::to_owned);
    Settings::load_with(Default::default(), &data, &env).expect("settings")
}

#[tokio::test]
async fn a_transfer_that_says_something_else_than_its_steps_is_named_in_words() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await.to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let made = app.sign_in("compiler").await.post("/transfers/new", &fields).await.expect(303).id();
    let changed = app.services.db.write_quiet(move |tx| {
        let row = transfer::table.find(made);
        Ok(diesel::update(row)
            .set((transfer::state.eq("filed"), transfer::stage.eq(4)))
            .execute(tx.conn())?)
    });
    assert_eq!(changed.await.expect("changed"), 1);
    let found = faults(&app.services).await;
    let fault = found.iter().find(|fault| fault.starts_with("transfer ")).expect("a fault");
    assert!(fault.contains(": state filed instead of "), "{fault}");
    assert!(!fault.contains("Some(") && !fault.contains("None") && !fault.contains('"'), "{fault}");
}

#[tokio::test]
async fn a_backup_comes_back_whole_under_a_new_name_of_the_log() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let (services, room) = (app.services.clone(), tempfile::tempdir().expect("folder"));
    let (folder, target) = (room.path().join("backup"), room.path().join("data"));
    let (other, third) = (TestDatabase::empty(&target), TestDatabase::empty(&target));
    let settings = elsewhere_at(&app, &target, other.url.as_deref());
    let (again, open) = (settings.clone(), settings.clone());
    let damaged = elsewhere_at(&app, &room.path().join("other"), third.url.as_deref());
    let copy = folder.clone();
    let old = services.origin.to_string();
    let entries = app.audit_count().await;
    let done = tokio::task::spawn_blocking(move || -> Result<check::Report> {
        let manifest = backup::backup(&services, &copy)?;
        assert_eq!(manifest.files.len(), 2);
        assert!(backup::backup(&services, &copy).is_err(), "never over another backup");
        let report = restore::restore(settings, &copy)?;
        assert!(restore::restore(again, &copy).is_err(), "never over data");
        let object = copy.join(&manifest.files[1].path);
        let mut bytes = std::fs::read(&object)?;
        bytes[0] ^= 1;
        std::fs::write(&object, bytes)?;
        let refused = restore::restore(damaged.clone(), &copy).expect_err("a damaged backup");
        assert!(refused.to_string().contains("damaged"), "{refused}");
        std::fs::remove_file(&object)?;
        let refused = restore::restore(damaged, &copy).expect_err("a backup that lacks a file").to_string();
        assert!(refused.contains(&format!("{} is missing", manifest.files[1].path)), "{refused}");
        Ok(report)
    });
    let report = done.await.expect("joined").expect("restored");
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!((report.files, report.entries), (1, entries.cast_unsigned() + 1));
    assert!(!folder.join("master.key").exists());

    let restored = app::open(open, app::system_clock()).expect("open");
    assert_ne!(restored.origin.to_string(), old);
    let head = restored.db.read(audit::latest_head).await.expect("head").expect("a head");
    assert!(head.note.starts_with(&*restored.origin));
    let rows = restored.db.read(|conn| audit::page(conn, &audit::Filter::default(), 1)).await.expect("rows");
    assert_eq!(rows[0].verb, "backup.restore");
    assert!(rows[0].facts().iter().any(|(name, value)| name == "restored_origin" && value.contains(&old)));
}

/// Adds a file to a backup that no row of its database names, as if it had been uploaded while it was written.
fn add_stray(backup: &Path, manifest: &mut backup::Manifest) -> Id {
    let stray = Id::new();
    let path = format!("evidence/{}", vault::path_of(stray.uuid()));
    std::fs::create_dir_all(backup.join(&path).parent().expect("shelf")).expect("shelf");
    std::fs::copy(backup.join(&manifest.files[1].path), backup.join(&path)).expect("copied");
    manifest.files.push(backup::listed(backup, &path).expect("listed"));
    let text = serde_json::to_vec(manifest).expect("JSON");
    std::fs::write(backup.join(backup::MANIFEST), text).expect("written");
    stray
}

#[tokio::test]
async fn a_restore_that_was_stopped_can_only_be_ended() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let room = tempfile::tempdir().expect("folder");
    let target = room.path().join("data");
    let other = TestDatabase::empty(&target);
    let settings = elsewhere_at(&app, &target, other.url.as_deref());
    let (services, copy, first) = (app.services.clone(), room.path().join("backup"), settings.clone());
    let second = room.path().join("second");
    let done = tokio::task::spawn_blocking(move || -> Result<(check::Report, Id)> {
        let mut manifest = backup::backup(&services, &copy)?;
        let stray = add_stray(&copy, &mut manifest);
        let hash = manifest.files[0].sha256.clone();
        db::restore(&first.database, &copy.join(&manifest.database), &hash)?;

        let refused = app::open(first.clone(), app::system_clock()).err().expect("half a restore");
        assert!(refused.to_string().contains("a restore was stopped here"), "{refused}");
        backup::backup(&services, &second)?;
        let refused = restore::restore(first.clone(), &second).expect_err("another backup");
        assert!(refused.to_string().contains("another backup"), "{refused}");

        let report = restore::restore(first.clone(), &copy)?;
        assert!(restore::restore(first, &copy).is_err(), "never over data");
        Ok((report, stray))
    });
    let (report, stray) = done.await.expect("joined").expect("restored");
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(!target.join("evidence").join(vault::path_of(stray.uuid())).exists(), "it belongs to nothing");
    let restored = app::open(settings, app::system_clock()).expect("open");
    assert_ne!(restored.origin, app.services.origin);
    let head = restored.db.read(audit::latest_head).await.expect("head").expect("a head");
    assert!(head.note.starts_with(&*restored.origin));
}

#[tokio::test]
async fn a_master_key_that_is_missing_is_never_made_anew() {
    let app = TestApp::new().await;
    let (path, aside) = (app.data.path().join("master.key"), app.data.path().join("aside.key"));
    let settings = (*app.services.settings).clone();
    std::fs::rename(&path, &aside).expect("moved");
    let open = settings.clone();
    let opened = tokio::task::spawn_blocking(move || app::open(open, app::system_clock()).err()).await;
    let refused = opened.expect("joined").expect("refused").to_string();
    assert!(refused.contains("there is no master key at") && refused.contains("put it there"), "{refused}");
    assert!(!path.exists());
    std::fs::rename(&aside, &path).expect("moved back");
    let opened = tokio::task::spawn_blocking(move || app::open(settings, app::system_clock()).is_ok()).await;
    assert!(opened.expect("joined"));
}

#[tokio::test]
async fn two_servers_may_start_at_once_on_a_new_postgresql() {
    let folder = tempfile::tempdir().expect("folder");
    let database = TestDatabase::empty(folder.path());
    if database.url.is_none() {
        return;
    }
    let env = |name: &str| database.url.clone().filter(|_| name == "DATABASE_URL");
    let settings = Settings::load_with(Default::default(), &folder.path().display().to_string(), &env);
    let settings = settings.expect("settings");
    let starts = [settings.clone(), settings].map(|settings| {
        tokio::task::spawn_blocking(move || app::open(settings, app::system_clock()).expect("started").origin)
    });
    let [one, two] = starts;
    assert_eq!(one.await.expect("joined"), two.await.expect("joined"));
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Ends, from a connection of its own, the wait of whoever waits for a turn: in words other than a time-out's, as a server of
/// another language does.
async fn end_waiting(holder: &mut PgConnection) {
    let waiting = "SELECT COUNT(pg_cancel_backend(pid)) AS n FROM pg_locks WHERE locktype = 'advisory' \
                   AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    for _ in 0..200 {
        let ended: Ended = sql_query(waiting).get_result(holder).expect("asked");
        if ended.n > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("nobody waited");
}

#[tokio::test]
async fn an_act_that_does_not_get_its_turn_on_postgresql_is_told_to_come_back() {
    let app = TestApp::new().await;
    let Some(url) = app.database.url.clone() else { return };
    let compiler = app.sign_in("compiler").await;
    let mut holder = PgConnection::establish(&url).expect("connected");
    let writer = db::LockKey::Writer as i64;
    holder.batch_execute(&format!("SELECT pg_advisory_lock({writer})")).expect("the turn");
    let profile = [("name", "编制人甲"), ("email", "compiler@example.com"), ("language", "zh-CN")];
    let (told, ()) = tokio::join!(compiler.post("/account", &profile), end_waiting(&mut holder));
    told.expect(503);
    holder.batch_execute(&format!("SELECT pg_advisory_unlock({writer})")).expect("given back");
    compiler.post("/account", &profile).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "person.change");
}

#[tokio::test]
async fn health_says_what_is_down() {
    let app = TestApp::new().await;
    let nobody = app.stranger();
    assert_eq!(nobody.get("/healthz").await.expect(200).text(), "ok");
    let folder = app.data.path().join("evidence");
    std::fs::remove_dir_all(&folder).expect("removed");
    std::fs::write(&folder, "a file").expect("written");
    assert_eq!(nobody.get("/healthz").await.expect(503).text(), "evidence store");
}

#[tokio::test]
async fn a_new_key_is_vouched_for_and_the_log_stays_whole() {
    let app = TestApp::new().await;
    let services = app.services.clone();
    let new =
        tokio::task::spawn_blocking(move || key::rotate(&services)).await.expect("joined").expect("key");
    assert_ne!(new, app.services.signer.public());
    app.settle().await;
    assert_eq!(app.last_entry().await.verb, "key.rotate");
    assert_eq!(faults(&app.services).await, Vec::<String>::new());
}

/// Leaves an object in the evidence folder as a process does that was killed after it had stored a file and before it wrote
/// that down.
fn leave(app: &TestApp, kept: &Path) -> (String, PathBuf) {
    let name = uuid::Uuid::now_v7().to_string();
    let shelf = app.data.path().join("evidence").join(&name[name.len() - 2..]);
    std::fs::create_dir_all(&shelf).expect("a shelf");
    let left = shelf.join(&name);
    std::fs::copy(kept, &left).expect("a copy");
    (name, left)
}

/// Makes a file older than any upload takes.
fn age(path: &Path) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(25 * 3600);
    let file = std::fs::File::options().write(true).open(path).expect("the file");
    file.set_modified(long_ago).expect("an older one");
}

#[tokio::test]
async fn what_an_interrupted_upload_left_is_no_fault_and_can_be_taken_out() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let kept = object(&app);
    let (key, left) = leave(&app, &kept);

    let said = |args: &[&str]| {
        let done = app.command(args);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        String::from_utf8(done.stdout).expect("text")
    };
    // It may still be under way.
    assert!(!said(&["check"]).contains("interrupted"));
    age(&left);
    age(&kept);
    assert!(said(&["check"]).contains("Left by interrupted uploads: 1 object"));
    assert!(left.exists(), "check alone takes nothing out");
    let before = app.audit_count().await;
    let tidied = said(&["check", "--tidy"]);
    assert!(tidied.contains("Taken out of the evidence store: 1 object."), "{tidied}");
    assert!(tidied.contains("Everything is in order: 1 file,"), "{tidied}");
    assert!(!left.exists() && kept.exists());
    assert_eq!(app.audit_count().await, before + 2, "read, and taken out");
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("evidence.tidy", "system:cli"));
    assert_eq!(entry.objects(), [("object".to_owned(), key)]);
    assert!(!said(&["check"]).contains("interrupted"));
}

/// As with an old database before the store of a newer one.
#[tokio::test]
async fn more_than_interrupted_uploads_leave_is_not_taken_out() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let kept = object(&app);
    let newer = [leave(&app, &kept).1, leave(&app, &kept).1];
    newer.iter().for_each(|path| age(path));
    let before = app.audit_count().await;
    let refused = app.command(&["check", "--tidy"]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("2 objects") && words.contains("Nothing was taken out"), "{words}");
    assert!(kept.exists() && newer.iter().all(|path| path.exists()));
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.checked", "it was read, and nothing more");
}
