//! What fails, is given up, or is killed leaves nothing behind.

use super::*;
use std::{fs::File, time::Duration};

fn then_fails(bytes: &[u8]) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    in_pieces(bytes, 50_000).chain(stream::iter([Err(io::Error::other("the sender has gone"))]))
}

/// Work on a blocking thread ends a moment after its taker is gone.
async fn settles_empty(shelf: &Shelf) -> bool {
    for _ in 0..200 {
        if shelf.files().is_empty() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn a_stream_that_breaks_off_leaves_nothing() {
    let shelf = shelf();
    for size in [0, 1, 100_000, 2_500_000] {
        let error = shelf.vault.store(then_fails(&noise(size)), "a").await.unwrap_err();
        assert!(matches!(&error, VaultError::Incoming(cause) if cause.to_string() == "the sender has gone"));
        assert!(settles_empty(&shelf).await, "{size}");
    }
}

#[tokio::test]
async fn a_store_that_is_dropped_leaves_nothing_whenever_it_happens() {
    let shelf = shelf();
    let bytes = noise(2_500_000);
    for micros in (0..40_000).step_by(1_700) {
        let storing = shelf.vault.store(in_pieces(&bytes, 50_000), "a");
        if let Ok(Ok(stored)) = tokio::time::timeout(Duration::from_micros(micros), storing).await {
            shelf.vault.delete(stored.key).await.unwrap();
        }
        assert!(settles_empty(&shelf).await, "after {micros} µs");
    }
    let waiting = in_pieces(&bytes, 50_000).chain(stream::pending());
    let storing = shelf.vault.store(waiting, "a");
    assert!(tokio::time::timeout(Duration::from_millis(100), storing).await.is_err());
    assert!(settles_empty(&shelf).await);
}

#[tokio::test]
async fn an_unclaimed_object_is_removed() {
    let shelf = shelf();
    let stored = shelf.vault.store_bytes("x", "a").await.unwrap();
    Unclaimed::new(shelf.vault.place.clone(), stored.key).claim();
    assert_eq!(shelf.files().len(), 1);
    drop(Unclaimed::new(shelf.vault.place.clone(), stored.key));
    assert!(shelf.files().is_empty());
}

#[tokio::test]
async fn what_is_pending_is_removed_unless_it_was_released() {
    let shelf = shelf();
    let mut pending = shelf.vault.pending();
    for n in 0..3 {
        pending.add(shelf.vault.store_bytes(vec![n], "a").await.unwrap().key);
    }
    pending.release();
    assert_eq!(shelf.files().len(), 3, "the caller's");
    let mut pending = shelf.vault.pending();
    for key in shelf.vault.list().map(|one| one.unwrap().key).collect::<Vec<_>>().await {
        pending.add(key);
    }
    drop(pending);
    assert!(settles_empty(&shelf).await);
}

#[tokio::test]
async fn leftovers_are_swept_but_not_the_drafts_of_the_living() {
    let shelf = shelf();
    let Place::Local(folder) = &shelf.vault.place else { panic!("a folder") };
    let living = folder.draft(Uuid::now_v7()).unwrap();
    let incoming = shelf.dir.path().join("evidence/.incoming");
    let dead = incoming.join(Uuid::now_v7().to_string());
    std::fs::write(&dead, "half").unwrap();
    assert_eq!(shelf.vault.sweep().await.unwrap(), 0, "too young to tell");
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    for file in shelf.files() {
        File::options().write(true).open(file).unwrap().set_modified(hour_ago).unwrap();
    }
    assert_eq!(shelf.vault.sweep().await.unwrap(), 1);
    assert!(!dead.exists());
    living.publish().unwrap();
    assert_eq!(shelf.vault.list().count().await, 1);
}

/// Shelves are made as they are needed, and again where somebody tidied an empty one away.
#[tokio::test]
async fn a_shelf_that_was_taken_away_is_made_again() {
    let shelf = shelf();
    let Place::Local(folder) = &shelf.vault.place else { panic!("a folder") };
    let key = Uuid::now_v7();
    let path = shelf.dir.path().join("evidence").join(object_name(key));
    for _ in 0..2 {
        folder.draft(key).unwrap().publish().unwrap();
        assert!(path.is_file());
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
    // Made by who was killed before its name was on the disk.
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    folder.draft(key).unwrap().publish().unwrap();
    assert!(path.is_file());
}

#[tokio::test]
async fn a_folder_that_went_away_is_unavailable_not_missing() {
    let shelf = shelf();
    std::fs::remove_dir_all(shelf.dir.path().join("evidence")).unwrap();
    assert!(matches!(shelf.vault.store_bytes("x", "a").await, Err(VaultError::Unavailable(_))));
    assert!(matches!(shelf.vault.probe().await, Err(VaultError::Unavailable(_))));
}

#[tokio::test]
async fn what_the_stream_says_comes_through() {
    let shelf = shelf();
    let too_large = stream::iter([Ok(Bytes::from("x")), Err(crate::platform::http::body::too_long("file"))]);
    let error = shelf.vault.store(too_large, "a").await.unwrap_err();
    assert!(matches!(AppError::from(error), AppError::TooLarge(_)));
}

#[test]
fn a_full_disk_is_told_from_an_unreachable_one() {
    let full = io::Error::from(io::ErrorKind::StorageFull);
    let wrapped = object_store::Error::Generic { store: "any", source: full.into() };
    assert!(matches!(VaultError::from_write(wrapped), VaultError::Full(_)));
    let quota = io::Error::from(io::ErrorKind::QuotaExceeded);
    assert!(matches!(VaultError::from_write(quota), VaultError::Full(_)));
    assert!(matches!(VaultError::from_write(io::Error::other("gone")), VaultError::Unavailable(_)));
}

#[tokio::test]
async fn many_slow_uploads_do_not_block_each_other() {
    let shelf = shelf();
    let slow = |n: usize| {
        let pieces = stream::iter(0..4).then(move |_| async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            Ok::<_, io::Error>(Bytes::from(vec![n as u8; 1000]))
        });
        shelf.vault.store(pieces, "a")
    };
    let all = futures_util::future::join_all((0..800).map(slow));
    let stored = tokio::time::timeout(Duration::from_secs(60), all).await.unwrap();
    assert!(stored.iter().all(|one| one.as_ref().is_ok_and(|one| one.size == 4000)));
}
