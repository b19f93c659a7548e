//! What the commands do with all stored files stands in the custody of each item that was there, and of none that came later.

use diesel::connection::SimpleConnection;
use lead_handoff::{
    app,
    audit::{self, Entry},
    casework::evidence::custody,
    platform::db::{Connection, Id, Origin},
};

use crate::{
    keeping::{elsewhere_at, object},
    scrub::damage,
    support::{
        Browser, TestApp,
        database::TestDatabase,
        process::{run, run_with},
        story,
    },
};

const CHECKED: &str = "与全部存储文件一并重新读取、核对";
const COPIED: &str = "与全部存储文件一并备份";
const RESTORED: &str = "从备份恢复";

/// The custody sheet of an item.
async fn sheet(desk: &Browser, item: Id) -> String {
    desk.get(&format!("/evidence/{item}/custody.csv")).await.expect(200).text()
}

/// A draft of the compiler's with one note.
async fn noted(app: &TestApp, compiler: &Browser, text: &str) -> Id {
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(compiler, lead, "商品页面", text).await;
    app.settle().await;
    item
}

/// A fact of the newest entry.
async fn fact(app: &TestApp, name: &str) -> u64 {
    app.last_entry().await.leaf["facts"][name].as_u64().expect("a number")
}

#[tokio::test]
async fn a_check_is_on_record_and_told_of_the_items_that_it_read() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let item = noted(&app, &compiler, "标价 199 元").await;
    assert!(!sheet(&compiler, item).await.contains(CHECKED));

    let before = app.audit_count().await;
    assert_eq!(app.command(&["check"]).status.code(), Some(0));
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("evidence.checked", "system:cli"));
    assert_eq!((fact(&app, "files").await, fact(&app, "faults").await), (1, 0));
    let told = format!("{CHECKED} · 与入库时一致");
    assert_eq!(sheet(&compiler, item).await.matches(&told).count(), 1);
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(CHECKED).has("与入库时一致");
    let auditor = app.sign_in("auditor").await;
    auditor.get("/audit?verb=evidence.checked").await.expect(200).has("重新读取、核对全部存储文件");

    // What it found is told, and of which files there were then.
    damage(&object(&app));
    let later = noted(&app, &compiler, "标价 299 元").await;
    assert!(!sheet(&compiler, later).await.contains(CHECKED));
    assert_eq!(app.command(&["check"]).status.code(), Some(1));
    assert_eq!((fact(&app, "files").await, fact(&app, "faults").await), (2, 1));
    for (item, times) in [(item, 2), (later, 1)] {
        let csv = sheet(&compiler, item).await;
        assert_eq!(csv.matches(CHECKED).count(), times, "{csv}");
        assert_eq!(csv.matches("全部存储文件中有 1 个异常").count(), 1, "{csv}");
    }
}

#[tokio::test]
async fn a_check_goes_on_where_it_cannot_be_put_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let item = noted(&app, &compiler, "标价 199 元").await;
    let closed = app.services.db.write_quiet(|tx| {
        let trigger = "CREATE TRIGGER closed BEFORE INSERT ON audit_entry";
        match tx.conn() {
            Connection::Sqlite(conn) => {
                conn.batch_execute(&format!("{trigger} BEGIN SELECT RAISE(ABORT, 'closed'); END"))?;
            }
            Connection::Postgres(conn) => {
                conn.batch_execute(&format!("{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()"))?;
            }
        }
        Ok(())
    });
    closed.await.expect("closed");
    let before = app.audit_count().await;
    for (locale, told) in [("C", "this check is not in the audit log"), ("zh_CN.UTF-8", "未能记入审计日志")]
    {
        let locale = [("LC_ALL", locale)];
        let done = run_with(app.data.path(), app.database.url.as_deref(), &locale, &["check"]);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains(told), "{done:?}");
    }
    assert_eq!(app.audit_count().await, before);
    let opened = app.services.db.write_quiet(|tx| {
        match tx.conn() {
            Connection::Sqlite(conn) => conn.batch_execute("DROP TRIGGER closed")?,
            Connection::Postgres(conn) => conn.batch_execute("DROP TRIGGER closed ON audit_entry")?,
        }
        Ok(())
    });
    opened.await.expect("opened");
    assert!(!sheet(&compiler, item).await.contains(CHECKED));
}

#[tokio::test]
async fn a_backup_and_what_is_brought_back_from_it_are_told_of_the_items_in_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let item = noted(&app, &compiler, "标价 199 元").await;
    let room = tempfile::tempdir().expect("folder");
    let (folder, target) = (room.path().join("backup").display().to_string(), room.path().join("data"));
    assert_eq!(app.command(&["backup", &folder]).status.code(), Some(0));
    assert_eq!(app.last_entry().await.verb, "backup.create");
    let later = noted(&app, &compiler, "标价 299 元").await;
    let csv = sheet(&compiler, item).await;
    assert_eq!((csv.matches(COPIED).count(), csv.matches(RESTORED).count()), (1, 0), "{csv}");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has(COPIED);
    assert!(!sheet(&compiler, later).await.contains(COPIED));

    // Elsewhere it is told that the bytes were brought back. That they were copied before is not known there.
    let other = TestDatabase::empty(&target);
    let settings = elsewhere_at(&app, &target, other.url.as_deref());
    let brought = run(&target, other.url.as_deref(), &["restore", &folder]);
    assert_eq!(brought.status.code(), Some(0), "{brought:?}");
    let restored = app::open(settings, app::system_clock()).expect("open");
    let chain = restored.db.read(move |conn| custody::of(conn, item)).await.expect("custody");
    let times = |verb: &str| chain.rows.iter().filter(|row| row.verb == verb).count();
    assert_eq!((times("backup.restore"), times("backup.create"), chain.left_out), (1, 0, 0));
}

/// What is done by the clock, day after day, does not hide what people did.
#[tokio::test]
async fn of_many_backups_the_page_of_an_item_has_the_newest_and_its_sheet_all() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let begun_before = app.services.db.now().plus_seconds(-3_600).to_string();
    let item = noted(&app, &compiler, "标价 199 元").await;
    let begun_after = app.services.db.now().to_string();
    // One that was under way when the item was registered did not have it.
    let begun: Vec<String> =
        std::iter::once(begun_before).chain(std::iter::repeat_n(begun_after, 12)).collect();
    for at in begun {
        let entry = Entry::new("backup.create").fact("files", 2).fact("begun_at", at);
        let written = app.services.db.write(Origin::system("system:cli"), move |tx| audit::record(tx, entry));
        written.await.expect("recorded");
    }
    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200).has("其间另有 2 条未在此列出");
    assert_eq!(page.text().matches(COPIED).count(), 10);
    page.has("登记");
    assert_eq!(sheet(&compiler, item).await.matches(COPIED).count(), 12);
    // Before an item was there nothing of it was copied.
    let later = noted(&app, &compiler, "标价 299 元").await;
    compiler.get(&format!("/evidence/{later}")).await.expect(200).has_not(COPIED).has_not("未在此列出");
}
