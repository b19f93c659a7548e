//! More files than are read at once: each is looked at, backed up and brought back all the same.

use std::{
    fs::File,
    path::Path,
    time::{Duration, SystemTime},
};

use diesel::prelude::*;
use lead_handoff::{
    cli::{backup, check, restore},
    platform::{
        db::{Id, schema::blob},
        error::Result,
        i18n::Lang,
        vault,
    },
};

use crate::{
    keeping::{elsewhere_at, object, with_a_file},
    support::{TestApp, database::TestDatabase},
};

/// So many more than one.
const MORE: usize = 1_001;

/// Puts the bytes of an object under another name, long ago.
fn put(store: &Path, bytes: &[u8], key: Id) {
    let path = store.join(vault::path_of(key.uuid()));
    std::fs::create_dir_all(path.parent().expect("a shelf")).expect("a shelf");
    std::fs::write(&path, bytes).expect("written");
    let long_ago = SystemTime::now() - Duration::from_secs(48 * 3600);
    File::options().append(true).open(&path).and_then(|file| file.set_modified(long_ago)).expect("dated");
}

#[tokio::test]
async fn more_files_than_are_read_at_once_are_kept_like_few() {
    let app = TestApp::new().await;
    with_a_file(&app).await;
    let (store, bytes) = (app.data.path().join("evidence"), std::fs::read(object(&app)).expect("bytes"));
    let ids: Vec<Id> = std::iter::repeat_with(Id::new).take(MORE).collect();
    ids.iter().for_each(|id| put(&store, &bytes, *id));
    // The first object under many names: each opens, and is not what its row says.
    let rows = app.services.db.write_quiet(move |tx| {
        let (sm3, size, key): (Vec<u8>, i64, Vec<u8>) =
            blob::table.select((blob::sm3, blob::size, blob::wrapped_key)).first(tx.conn())?;
        let now = tx.now();
        for id in ids {
            let name = id.uuid().as_bytes().repeat(2);
            diesel::insert_into(blob::table)
                .values((
                    blob::id.eq(id),
                    blob::sha256.eq(name),
                    blob::sm3.eq(&sm3),
                    blob::size.eq(size),
                    blob::media_type.eq("text/plain"),
                    blob::wrapped_key.eq(&key),
                    blob::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    rows.await.expect("rows");
    // What no row names is left, wherever it stands among the others.
    let mut strays = [Id::from_bytes([0; 16]), Id::new()];
    strays.iter().for_each(|id| put(&store, &bytes, *id));
    strays.sort();

    let room = tempfile::tempdir().expect("folder");
    let (folder, target) = (room.path().join("backup"), room.path().join("data"));
    let other = TestDatabase::empty(&target);
    let settings = elsewhere_at(&app, &target, other.url.as_deref());
    let services = app.services.clone();
    let done = tokio::task::spawn_blocking(move || -> Result<_> {
        let before = check::check(&services, Lang::En)?;
        let manifest = backup::backup(&services, &folder)?;
        Ok((before, manifest.files.len(), restore::restore(settings, &folder)?))
    });
    let (before, saved, after) = done.await.expect("joined").expect("kept");
    let mut left: Vec<Id> = before.left.iter().copied().map(Id::from).collect();
    left.sort();
    assert_eq!(left, strays);
    assert_eq!(saved, MORE + 2, "the database, and every file");
    assert!(after.left.is_empty());
    for report in [before, after] {
        assert_eq!((report.files, report.faults.len()), (MORE + 1, MORE));
        assert!(
            report.faults.iter().all(|fault| fault.ends_with("another SHA-256")),
            "{:?}",
            report.faults[0]
        );
    }
}
