//! Whatever happens to an object is noticed before a wrong byte is given out.

use super::*;
use std::fs;

const SIZE: usize = 150_000;

async fn one() -> (Shelf, Stored, Vec<u8>) {
    let shelf = shelf();
    let bytes = noise(SIZE);
    let stored = shelf.vault.store_bytes(bytes.clone(), "a").await.unwrap();
    (shelf, stored, bytes)
}

async fn is_found_damaged(shelf: &Shelf, stored: &Stored) -> bool {
    let digest = shelf.vault.digest(stored.key, &stored.wrapped_key).await;
    let ranged = read_range(&shelf.vault, stored, 0..stored.size).await;
    let read = read_all(&shelf.vault, stored).map_err(|error| VaultError::from_io(stored.key, error));
    let damaged =
        |error: Option<VaultError>| matches!(error, Some(VaultError::Damaged(key, _)) if key == stored.key);
    damaged(digest.err()) && damaged(ranged.err()) && damaged(read.err())
}

#[tokio::test]
async fn a_changed_byte_is_found_wherever_it_is() {
    let (shelf, stored, _) = one().await;
    let path = shelf.object(&stored);
    let object = fs::read(&path).unwrap();
    let places = (0..300).step_by(7).chain((300..object.len()).step_by(9_973)).chain([object.len() - 1]);
    for at in places {
        let mut changed = object.clone();
        changed[at] ^= 0x40;
        fs::write(&path, changed).unwrap();
        assert!(is_found_damaged(&shelf, &stored).await, "byte {at}");
    }
}

#[tokio::test]
async fn a_cut_or_longer_object_is_found() {
    let (shelf, stored, _) = one().await;
    let path = shelf.object(&stored);
    let object = fs::read(&path).unwrap();
    let header = object.len() - SIZE - 3 * 16;
    for length in
        [0, 10, header - 1, header, header + 1, header + 65_552, header + 2 * 65_552, object.len() - 1]
    {
        fs::write(&path, &object[..length]).unwrap();
        assert!(is_found_damaged(&shelf, &stored).await, "cut to {length}");
    }
    fs::write(&path, [&object[..], b"more"].concat()).unwrap();
    assert!(is_found_damaged(&shelf, &stored).await, "longer");
}

#[tokio::test]
async fn chunks_can_not_change_places_nor_objects_their_names() {
    let (shelf, stored, _) = one().await;
    let path = shelf.object(&stored);
    let object = fs::read(&path).unwrap();
    let header = object.len() - SIZE - 3 * 16;
    let mut swapped = object.clone();
    swapped[header..header + 2 * 65_552].rotate_left(65_552);
    fs::write(&path, swapped).unwrap();
    assert!(is_found_damaged(&shelf, &stored).await);
    let other = shelf.vault.store_bytes(noise(SIZE), "a").await.unwrap();
    fs::copy(shelf.object(&other), &path).unwrap();
    assert!(is_found_damaged(&shelf, &stored).await);
}

#[tokio::test]
async fn a_range_far_from_the_damage_still_reads() {
    let (shelf, stored, bytes) = one().await;
    let path = shelf.object(&stored);
    let mut object = fs::read(&path).unwrap();
    let last = object.len() - 20;
    object[last] ^= 1;
    fs::write(&path, object).unwrap();
    assert_eq!(read_range(&shelf.vault, &stored, 70_000..80_000).await.unwrap(), &bytes[70_000..80_000]);
    assert!(read_range(&shelf.vault, &stored, 140_000..150_000).await.is_err());
    assert!(matches!(
        read_range(&shelf.vault, &stored, 0..stored.size + 1).await,
        Err(VaultError::Damaged(..))
    ));
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let (shelf, stored, _) = one().await;
    let other = Vault::open(None, shelf.dir.path(), Arc::new(MasterKey::generate())).unwrap();
    let error = other.digest(stored.key, &stored.wrapped_key).await.unwrap_err();
    assert!(matches!(error, VaultError::Key(KeyError::OtherMaster)));
}
