//! Which servers run, and which master keys they know: nothing is wrapped that one of them could not open, whatever sleeps
//! meanwhile.

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{Id, schema::serving},
    keyring::{self, AWAY_AFTER, Walk},
    keys::{KeyError, MasterKey},
};

use crate::{
    master_key::{Changed, key, said},
    support::{TestApp, process::Process},
};

/// A new master key in a file.
fn changed(app: &TestApp, room: &tempfile::TempDir) -> Changed {
    let new = room.path().join("new.key");
    let made = app.run(&[], &["key", "make", &new.display().to_string()]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    Changed::of(app, &new)
}

/// As after a sleep: the servers that run were last seen longer ago than one may be silent; another one with `other` has begun.
async fn slept(app: &TestApp, other: &MasterKey) {
    let marks = other.fingerprint();
    let written = app.services.db.write_quiet(move |tx| {
        let now = tx.now();
        diesel::update(serving::table)
            .set(serving::seen_at.eq(now.plus_seconds(-AWAY_AFTER - 1)))
            .execute(tx.conn())?;
        diesel::insert_into(serving::table)
            .values((serving::id.eq(Id::new()), serving::marks.eq(marks), serving::seen_at.eq(now)))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("written");
}

#[tokio::test]
async fn a_signing_key_is_not_made_that_a_running_server_could_not_open() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let changed = changed(&app, &room);
    let mut server = app.process(&[]);
    while app.servers().await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (keys, entries) = (app.run(&[], &["key", "show", "--all"]).stdout, app.audit_count().await);
    let refused = app.run(&changed.both(), &["key", "rotate"]);
    let words = said(&refused);
    assert_eq!(refused.status.code(), Some(2), "{words}");
    assert!(words.contains("1 server runs that could not open what the master key"), "{words}");
    assert!(words.contains("Nothing was changed") && words.lines().count() == 1, "{words}");
    assert_eq!(app.run(&[], &["key", "show", "--all"]).stdout, keys);
    assert_eq!(app.audit_count().await, entries);
    // By a key that it knows, and by any where none runs.
    let made = app.run(&[], &["key", "rotate"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert!(server.stop().success());
    let made = app.run(&changed.both(), &["key", "rotate"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
}

#[tokio::test]
async fn a_server_that_slept_goes_on_only_if_it_could_begin() {
    let app = TestApp::new().await;
    let room = tempfile::tempdir().expect("folder");
    let changed = changed(&app, &room);
    let (old, new) = (key(&changed.old), key(&changed.new));
    let db = app.services.db.clone();
    let enter = {
        let (db, old) = (db.clone(), old.clone());
        move || keyring::enter(&db, &old)
    };
    let id = tokio::task::spawn_blocking(enter).await.expect("joined").expect("entered");
    let beat = || {
        let (db, old) = (db.clone(), old.clone());
        async move {
            tokio::task::spawn_blocking(move || keyring::beat(&db, id, &old))
                .await
                .expect("joined")
                .expect("beat")
        }
    };
    assert!(beat().await.is_none());
    // Another one began meanwhile that it could not live beside: nothing is said of the sleeper.
    slept(&app, &new).await;
    assert!(matches!(beat().await, Some(KeyError::Apart { .. })));
    assert_eq!(app.servers().await, 2);
    let seen = app.services.db.read(move |conn| {
        Ok(serving::table
            .find(id)
            .select(serving::seen_at)
            .first::<lead_handoff::platform::db::Instant>(conn)?)
    });
    assert!(app.services.db.now().seconds_since(seen.await.expect("a row")) > AWAY_AFTER);
    // With that one gone, and everything as it was, it goes on; also where its row was taken out.
    let gone = app.services.db.write_quiet(|tx| Ok(diesel::delete(serving::table).execute(tx.conn())?));
    assert_eq!(gone.await.expect("gone"), 2);
    assert!(beat().await.is_none());
    assert_eq!(app.servers().await, 1);
    // Nor does it where nobody is left of those who changed the key.
    let gone = app.services.db.write_quiet(|tx| Ok(diesel::delete(serving::table).execute(tx.conn())?));
    assert_eq!(gone.await.expect("gone"), 1);
    let (of, both) = (db.clone(), new.clone().with_previous(&old));
    let walked = tokio::task::spawn_blocking(move || {
        let mut walk = Walk::default();
        while walk.step(&of, &both, 100).expect("a step") {}
    });
    walked.await.expect("changed");
    assert!(matches!(beat().await, Some(KeyError::Strange(_))));
    assert_eq!(app.servers().await, 0);
}

#[tokio::test]
async fn a_server_that_may_not_go_on_ends_by_itself_and_says_why() {
    let app = TestApp::new().await;
    let log = app.data.path().join("log");
    let url = app.database.url.as_deref();
    let mut server = Process::serve_logging(app.data.path(), url, "error", &log);
    while app.servers().await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    slept(&app, &MasterKey::generate()).await;
    let ended = tokio::task::spawn_blocking(move || server.ends()).await.expect("joined");
    assert_eq!(ended.code(), Some(2));
    let words = std::fs::read_to_string(&log).expect("its words");
    assert!(words.contains("a server runs that could not open what the master key"), "{words}");
    assert_eq!(app.servers().await, 1, "it has said that it ends");
}
