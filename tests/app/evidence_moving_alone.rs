//! Into a bucket one move goes at a time: what one takes out again as damaged, another one may have completed.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{blob, store_claim, store_unproven},
};
use std::path::{Path, PathBuf};

use crate::{
    bucket::{objects, served},
    evidence_moving::{as_given, registered, said},
    support::TestApp,
};

impl TestApp {
    /// Another run holds the bucket, and was last heard of so many seconds ago.
    async fn held(&self, bucket: &str, ago: i64) {
        let bucket = bucket.to_owned();
        let written = self.services.db.write_quiet(move |tx| {
            let seen = tx.now().plus_seconds(-ago);
            diesel::delete(store_claim::table).execute(tx.conn())?;
            diesel::insert_into(store_claim::table)
                .values((
                    store_claim::store.eq(bucket),
                    store_claim::holder.eq(Id::new()),
                    store_claim::seen_at.eq(seen),
                ))
                .execute(tx.conn())?;
            Ok(())
        });
        written.await.expect("held");
    }

    /// How many buckets are held.
    async fn holds(&self) -> i64 {
        let counted = self.services.db.read(|conn| Ok(store_claim::table.count().get_result(conn)?));
        counted.await.expect("counted")
    }
}

#[tokio::test]
async fn a_second_move_into_a_bucket_waits_for_the_first_to_end_or_to_be_silent() {
    let app = TestApp::new().await;
    let (cloud, in_bucket) = served();
    let (bucket, access) = (in_bucket[0].1.clone(), as_given(&in_bucket[1..]));
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&compiler, lead, &[40_000]).await;
    let entries = app.audit_count().await;

    app.held(&bucket, 60).await;
    let refused = app.migrate(&access, &[&app.folder(), &bucket]);
    let words = said(&refused);
    assert_eq!(refused.status.code(), Some(2), "{words}");
    assert!(words.contains(&format!("into {bucket} by another run")), "{words}");
    assert_eq!(words.lines().count(), 1, "{words}");
    assert_eq!((objects(cloud.path(), "2017"), app.audit_count().await, app.holds().await), (0, entries, 1));
    // Another bucket, and a folder, are nobody's.
    let room = tempfile::tempdir().expect("folder");
    for to in ["s3://evidence/2018".to_owned(), room.path().join("new").display().to_string()] {
        let moved = app.migrate(&access, &[&app.folder(), &to]);
        assert_eq!(moved.status.code(), Some(0), "{to}: {}", said(&moved));
    }
    assert_eq!(app.holds().await, 1, "given back");

    // One that was killed is forgotten.
    app.held(&bucket, 91).await;
    let moved = app.migrate(&access, &[&app.folder(), &bucket]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    assert_eq!((objects(cloud.path(), "2017"), app.holds().await), (1, 0));
}

/// The one object of a bucket, as a file.
fn only_object(below: &Path) -> PathBuf {
    let entries = std::fs::read_dir(below).expect("a folder").map(|entry| entry.expect("an entry").path());
    let found: Vec<PathBuf> =
        entries.map(|path| if path.is_dir() { only_object(&path) } else { path }).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[tokio::test]
async fn what_a_killed_move_left_unproven_in_a_bucket_is_proven_by_the_next() {
    let app = TestApp::new().await;
    let (cloud, in_bucket) = served();
    let (bucket, access) = (in_bucket[0].1.clone(), as_given(&in_bucket[1..]));
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    registered(&compiler, lead, &[40_000]).await;
    let moved = app.migrate(&access, &[&app.folder(), &bucket]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    let unproven = async || {
        let counted =
            app.services.db.read(|conn| Ok(store_unproven::table.count().get_result::<i64>(conn)?));
        counted.await.expect("counted")
    };
    assert_eq!(unproven().await, 0, "all that came was proven");

    // Arrived as long as it was and with another byte, and the run was killed before it read it back.
    let object = only_object(&cloud.path().join("evidence").join("2017"));
    let whole = std::fs::read(&object).expect("the object");
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(&object, &changed).expect("changed");
    let left = bucket.clone();
    let written = app.services.db.write_quiet(move |tx| {
        let id: Id = blob::table.select(blob::id).first(tx.conn())?;
        diesel::insert_into(store_unproven::table)
            .values((store_unproven::store.eq(left), store_unproven::object_id.eq(id)))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("left");
    let moved = app.migrate(&access, &[&app.folder(), &bucket]);
    let words = said(&moved);
    assert_eq!(moved.status.code(), Some(0), "{words}");
    assert!(words.contains("1 file") && words.contains("There before: 0."), "{words}");
    assert!(std::fs::read(&object).expect("the object") == whole);
    assert_eq!(unproven().await, 0);
}
