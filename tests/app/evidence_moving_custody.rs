//! What the custody of an item tells of a move: those files have it that came, whether the run ended, was stopped or killed, and
//! no others.

use std::path::Path;

use diesel::prelude::*;
use lead_handoff::{
    audit::{self, Entry},
    platform::{
        db::{
            Id, Origin,
            schema::{evidence, store_unproven},
        },
        vault,
    },
};

use crate::{
    evidence_moving::{registered, said},
    scrub::damage,
    support::{Browser, TestApp, process::run_within},
};

/// As an item's custody tells that its own file was moved, and that all were, as programs of before put it on record.
const MOVED: &str = "文件移至另一存储位置";
const ALL_MOVED: &str = "全部存储文件迁移至另一存储位置";

/// How often the custody sheet of an item says something.
async fn told(desk: &Browser, item: Id, line: &str) -> usize {
    let sheet = desk.get(&format!("/evidence/{item}/custody.csv")).await.expect(200).text();
    sheet.matches(line).count()
}

/// The place of an item's stored file below a folder, and its id.
async fn stored(app: &TestApp, item: Id) -> (Id, String) {
    let blob = app
        .services
        .db
        .read(move |conn| Ok(evidence::table.find(item).select(evidence::blob_id).first::<Id>(conn)?));
    let blob = blob.await.expect("a stored file");
    (blob, vault::path_of(blob.uuid()))
}

/// Objects that are noted as on their way.
async fn on_their_way(app: &TestApp) -> i64 {
    let count = app.services.db.read(|conn| Ok(store_unproven::table.count().get_result::<i64>(conn)?));
    count.await.expect("a number")
}

#[tokio::test]
async fn a_move_that_is_stopped_is_told_of_what_came_and_of_the_rest_once_that_has_come() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let items = registered(&compiler, lead, &[30_000, 40_000, 24 << 20]).await;
    let (folder, to) = (app.folder(), room.path().join("new").display().to_string());
    // 16 MiB: enough for the database, too little for the last file.
    let args = ["evidence", "migrate", &folder, &to];
    let full = run_within(app.data.path(), app.database.url.as_deref(), 32 * 1024, &args);
    assert_eq!(full.status.code(), Some(1), "{}", said(&full));
    for ((item, _), times) in items.iter().zip([1, 1, 0]) {
        assert_eq!(told(&compiler, *item, MOVED).await, times);
        assert_eq!(told(&compiler, *item, ALL_MOVED).await, 0, "the end of a run is no item's");
    }
    let page = compiler.get(&format!("/evidence/{}", items[0].0)).await.expect(200);
    page.has(MOVED).has("文件夹 → 文件夹").has_not("部分文件未能迁移");

    // The rest is told when it comes, and nothing twice.
    let rest = app.migrate(&[], &[&folder, &to]);
    assert_eq!(rest.status.code(), Some(0), "{}", said(&rest));
    let before = app.audit_count().await;
    let again = app.migrate(&[], &[&folder, &to]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert_eq!(app.audit_count().await, before + 2, "nothing came");
    for (item, _) in &items {
        assert_eq!(told(&compiler, *item, MOVED).await, 1);
    }
    assert_eq!(on_their_way(&app).await, 0);
}

#[tokio::test]
async fn what_a_killed_move_had_brought_is_told_by_the_next_and_what_others_put_there_is_not() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let items = registered(&compiler, lead, &[30_000, 40_000, 50_000]).await;
    let to = room.path().canonicalize().expect("a folder").join("new");

    // Killed when the first had arrived and the last was on its way. The second was put there by somebody else.
    let mut places = Vec::new();
    for (item, _) in &items {
        places.push(stored(&app, *item).await);
    }
    for (_, place) in &places[..2] {
        let copy = to.join(place);
        std::fs::create_dir_all(copy.parent().expect("a shelf")).expect("a shelf");
        std::fs::copy(Path::new(&app.folder()).join(place), copy).expect("a copy");
    }
    let (store, noted) = (to.display().to_string(), [places[0].0, places[2].0]);
    let left = app.services.db.write_quiet(move |tx| {
        for id in noted {
            diesel::insert_into(store_unproven::table)
                .values((store_unproven::store.eq(&store), store_unproven::object_id.eq(id)))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    left.await.expect("left");
    for (item, _) in &items {
        assert_eq!(told(&compiler, *item, MOVED).await, 0);
    }

    let moved = app.migrate(&[], &[&app.folder(), &to.display().to_string()]);
    let words = said(&moved);
    assert_eq!(moved.status.code(), Some(0), "{words}");
    assert!(words.contains("1 file,") && words.contains("There before: 2."), "{words}");
    for ((item, _), times) in items.iter().zip([1, 0, 1]) {
        assert_eq!(told(&compiler, *item, MOVED).await, times);
    }
    assert_eq!(on_their_way(&app).await, 0);
}

#[tokio::test]
async fn what_did_not_come_or_was_written_into_the_new_store_is_not_told_as_moved() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let items = registered(&compiler, lead, &[30_000, 20_000]).await;
    let (folder, to) = (app.folder(), room.path().join("new").display().to_string());
    damage(&Path::new(&folder).join(stored(&app, items[1].0).await.1));
    let moved = app.migrate(&[], &[&folder, &to]);
    assert_eq!(moved.status.code(), Some(1), "{}", said(&moved));
    assert!(said(&moved).contains("Not brought: 1 file"), "{}", said(&moved));

    // Switched; what comes now lies in the new store alone, before the last run ends.
    let both =
        [("LEAD_HANDOFF_EVIDENCE_URL", to.as_str()), ("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL", folder.as_str())];
    let server = app.process(&both);
    let desk = server.browser(&compiler);
    let later = registered(&desk, lead, &[40_000]).await[0].0;
    let last = app.migrate(&both, &[&folder, &to]);
    assert_eq!(last.status.code(), Some(1), "{}", said(&last));
    assert_eq!(app.last_entry().await.verb, "evidence.migrated");
    for (item, times) in [(items[0].0, 1), (items[1].0, 0), (later, 0)] {
        assert_eq!(told(&desk, item, MOVED).await, times);
        assert_eq!(told(&desk, item, ALL_MOVED).await, 0);
    }

    // A program of before named no file as it came: what it says of all is told of all that were there.
    let old = Entry::new("evidence.migrated").fact("from_store", "folder").fact("to_store", "bucket");
    let old = old.fact("files", 1).fact("whole", false);
    let written = app.services.db.write(Origin::system("system:cli"), move |tx| audit::record(tx, old));
    written.await.expect("recorded");
    let newest = registered(&desk, lead, &[50_000]).await[0].0;
    for (item, times) in [(items[0].0, 1), (items[1].0, 1), (later, 1), (newest, 0)] {
        assert_eq!(told(&desk, item, ALL_MOVED).await, times);
    }
    desk.get(&format!("/evidence/{later}")).await.expect(200).has(ALL_MOVED).has("部分文件未能迁移");
}
