mod bucket;
mod damage;
mod handing;
mod joining;
mod moving;
mod unfinished;

use super::*;
use futures_util::{StreamExt, TryStreamExt, stream};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

/// Bytes that look like nothing in particular but are the same each time.
fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x2016_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(size).collect()
}

/// Nobody keeps note of what is about to be named.
async fn unnoted() -> Result<(), VaultError> {
    Ok(())
}

/// Nobody else moves anything.
async fn ours() -> bool {
    true
}

struct Shelf {
    vault: Vault,
    dir: tempfile::TempDir,
}

fn shelf() -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(None, dir.path(), Arc::new(MasterKey::generate())).unwrap();
    Shelf { vault, dir }
}

impl Shelf {
    fn files(&self) -> Vec<PathBuf> {
        fn walk(path: PathBuf, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(self.dir.path().join("evidence"), &mut found);
        found
    }

    fn object(&self, stored: &Stored) -> PathBuf {
        self.dir.path().join("evidence").join(object_name(stored.key))
    }
}

fn in_pieces(bytes: &[u8], size: usize) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let pieces: Vec<_> = bytes.chunks(size).map(Bytes::copy_from_slice).map(Ok).collect();
    stream::iter(pieces)
}

async fn read_range(vault: &Vault, stored: &Stored, range: Range<u64>) -> Result<Vec<u8>, VaultError> {
    let pieces: Vec<Bytes> = vault.range(stored.key, &stored.wrapped_key, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

fn read_all(vault: &Vault, stored: &Stored) -> io::Result<Vec<u8>> {
    let mut reader = vault.open_object(stored.key, &stored.wrapped_key).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What goes in comes out, by every way, for sizes about the edges of chunks and batches.
async fn keeps_files_of_every_size(vault: &Vault, sizes: &[usize]) {
    for &size in sizes {
        let bytes = noise(size);
        let stored = vault.store(in_pieces(&bytes, 40_000), "x.bin").await.unwrap();
        assert_eq!(stored.size, size as u64);
        assert_eq!(stored.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(stored.sm3, <[u8; 32]>::from(sm3::Sm3::digest(&bytes)));
        assert_eq!(read_range(vault, &stored, 0..size as u64).await.unwrap(), bytes, "{size}");
        let digests = vault.digest(stored.key, &stored.wrapped_key).await.unwrap();
        let Stored { sha256, sm3, size, .. } = stored.clone();
        assert_eq!(digests, Digests { sha256, sm3, size });
        let own = vault.clone();
        let read = tokio::task::spawn_blocking(move || read_all(&own, &stored).unwrap()).await.unwrap();
        assert_eq!(read, bytes);
    }
}

#[tokio::test]
async fn files_come_back_as_they_went_in() {
    let shelf = shelf();
    keeps_files_of_every_size(&shelf.vault, &[0, 1, 65_535, 65_536, 65_537, 131_072, 1 << 20, (3 << 20) + 7])
        .await;
}

#[tokio::test]
async fn hashes_are_those_of_the_standards() {
    let stored = shelf().vault.store_bytes("abc", "note.txt").await.unwrap();
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    assert_eq!(hex(&stored.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(hex(&stored.sm3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!((stored.size, stored.media_type.as_str()), (3, "text/plain"));
}

#[tokio::test]
async fn an_object_is_an_age_file_and_shows_nothing() {
    let shelf = shelf();
    let text = "线索移送 lead handoff ".repeat(1000);
    let stored = shelf.vault.store_bytes(text.clone(), "a.txt").await.unwrap();
    let object = std::fs::read(shelf.object(&stored)).unwrap();
    assert!(object.starts_with(b"age-encryption.org/v1\n"));
    assert!(!object.windows(12).any(|part| part == b"lead handoff"));
    let secret = shelf.vault.master.unwrap(&stored.wrapped_key).unwrap();
    let identity: age::x25519::Identity = std::str::from_utf8(&secret).unwrap().parse().unwrap();
    assert_eq!(age::decrypt(&identity, &object).unwrap(), text.as_bytes());
}

#[tokio::test]
async fn the_same_bytes_make_two_objects_that_differ() {
    let shelf = shelf();
    let one = shelf.vault.store_bytes("same", "a").await.unwrap();
    let two = shelf.vault.store_bytes("same", "a").await.unwrap();
    assert_eq!(one.sha256, two.sha256);
    assert_ne!(std::fs::read(shelf.object(&one)).unwrap(), std::fs::read(shelf.object(&two)).unwrap());
}

#[tokio::test]
async fn objects_are_listed_and_deleted() {
    let shelf = shelf();
    let one = shelf.vault.store_bytes("one", "a").await.unwrap();
    let two = shelf.vault.store_bytes("two", "a").await.unwrap();
    let listed: Vec<Listed> = shelf.vault.list().try_collect().await.unwrap();
    let mut keys: Vec<Uuid> = listed.iter().map(|object| object.key).collect();
    keys.sort();
    assert_eq!(keys, [one.key, two.key]);
    assert!(listed.iter().all(|object| Utc::now() - object.modified < chrono::Duration::minutes(1)));
    shelf.vault.delete(one.key).await.unwrap();
    shelf.vault.delete(one.key).await.unwrap();
    let error = shelf.vault.range(one.key, &one.wrapped_key, 0..1).await.err();
    assert!(matches!(error, Some(VaultError::Missing(key)) if key == one.key));
    assert_eq!(shelf.vault.list().count().await, 1);
    shelf.vault.probe().await.unwrap();
    assert_eq!(shelf.files().len(), 1);
}

#[test]
fn addresses_are_folders_or_buckets() {
    let dir = tempfile::tempdir().unwrap();
    let master = Arc::new(MasterKey::generate());
    let open = |url: &str| Vault::open(Some(url), dir.path(), master.clone());
    let inside = dir.path().join("a b");
    let url = url::Url::from_file_path(&inside).unwrap();
    assert!(open(url.as_str()).is_ok() && inside.is_dir());
    assert!(open(dir.path().join("c").to_str().unwrap()).is_ok());
    for wrong in ["http://x/y", "s3://", "gs://bucket"] {
        assert!(matches!(open(wrong).err(), Some(VaultError::Setting(_))), "{wrong}");
    }
    std::fs::write(dir.path().join("file"), "").unwrap();
    let error = open(dir.path().join("file").to_str().unwrap()).err();
    assert!(matches!(error, Some(VaultError::Unavailable(_))));
}

#[test]
fn seeking_is_as_in_a_file() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shelf = shelf();
    let bytes = noise(200_000);
    let stored = runtime.block_on(shelf.vault.store_bytes(bytes.clone(), "a")).unwrap();
    let mut reader = shelf.vault.open_object(stored.key, &stored.wrapped_key).unwrap();
    let mut byte = [0];
    for at in [199_999_u64, 0, 65_536, 65_535, 131_072, 3, 4, 5, 196_608] {
        assert_eq!(reader.seek(SeekFrom::Start(at)).unwrap(), at);
        reader.read_exact(&mut byte).unwrap();
        assert_eq!(byte[0], bytes[at as usize], "{at}");
    }
    assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 199_999);
    assert_eq!(reader.read(&mut [0; 9]).unwrap(), 1);
    assert_eq!(reader.seek(SeekFrom::Current(1_000_000)).unwrap(), 1_200_000);
    assert_eq!(reader.read(&mut byte).unwrap(), 0);
    assert!(reader.seek(SeekFrom::End(-200_001)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_range_is_the_slice(size in 0_usize..400_000, from in 0.0..1.0_f64, to in 0.0..1.0_f64, snap in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let shelf = shelf();
        let bytes = noise(size);
        let place = |part: f64| {
            let at = (size as f64 * part) as u64;
            if snap { at / 65_536 * 65_536 } else { at }
        };
        let (start, end) = (place(from).min(place(to)), place(from).max(place(to)));
        runtime.block_on(async {
            let stored = shelf.vault.store(in_pieces(&bytes, 10_000), "a").await.unwrap();
            for range in [start..end, start..size as u64, 0..end] {
                let read = read_range(&shelf.vault, &stored, range.clone()).await.unwrap();
                assert!(read == bytes[range.start as usize..range.end as usize], "{range:?} of {size}");
            }
        });
    }
}

#[tokio::test]
async fn nothing_is_lost_while_the_disk_is_not_mounted() {
    let shelf = shelf();
    let stored = shelf.vault.store_bytes("a text", "a").await.unwrap();
    assert!(!shelf.vault.is_away().await);
    let (folder, disk) = (shelf.dir.path().join("evidence"), shelf.dir.path().join("disk"));
    std::fs::rename(&folder, &disk).unwrap();
    // A server that starts without its disk.
    std::fs::create_dir_all(folder.join(".incoming")).unwrap();
    let error = shelf.vault.digest(stored.key, &stored.wrapped_key).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
    let error = shelf.vault.delete(stored.key).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
    assert!(shelf.vault.is_away().await);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::rename(&disk, &folder).unwrap();
    shelf.vault.digest(stored.key, &stored.wrapped_key).await.unwrap();
    assert!(!shelf.vault.is_away().await);
}
