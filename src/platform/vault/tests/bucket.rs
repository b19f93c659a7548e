//! The same against an S3 server in this process, over HTTP on the loopback.

use super::{
    joining::{in_sections, one_by_one},
    *,
};
use crate::platform::vault::{remote::Bucket, upload::Parts};
use object_store::aws::AmazonS3Builder;
use std::{io::Write, time::Duration};

// The journeys speak to the same server.
#[path = "../../../../tests/support/s3.rs"]
mod s3;

struct Cloud {
    vault: Vault,
    dir: tempfile::TempDir,
}

fn cloud_with(port: u16, dir: tempfile::TempDir, secret: &str) -> Cloud {
    let builder = AmazonS3Builder::new()
        .with_endpoint(format!("http://127.0.0.1:{port}"))
        .with_region("us-east-1")
        .with_access_key_id(s3::ACCESS.0)
        .with_secret_access_key(secret);
    let bucket = Bucket::build("s3://evidence/of/2016", builder, true).unwrap();
    let master = Arc::new(MasterKey::generate());
    Cloud { vault: Vault { place: Place::Remote(bucket), fallback: None, master }, dir }
}

fn cloud() -> Cloud {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("evidence")).unwrap();
    cloud_with(s3::serve(dir.path()), dir, s3::ACCESS.1)
}

impl Cloud {
    /// Every file in the server's folder.
    fn files(&self) -> Vec<PathBuf> {
        fn walk(path: PathBuf, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(self.dir.path().to_owned(), &mut found);
        found
    }

    async fn settles_at(&self, count: usize) -> bool {
        for _ in 0..300 {
            if self.files().len() == count {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }
}

#[tokio::test]
async fn a_bucket_keeps_files_of_every_size() {
    let cloud = cloud();
    keeps_files_of_every_size(&cloud.vault, &[0, 1, 65_536, 200_000, (6 << 20) - 1_800, (20 << 20) + 11])
        .await;
    cloud.vault.probe().await.unwrap();
}

#[tokio::test]
async fn ranges_and_seeks_in_a_bucket() {
    let cloud = cloud();
    let bytes = noise((9 << 20) + 5);
    let size = bytes.len() as u64;
    let stored = cloud.vault.store(in_pieces(&bytes, 100_000), "a").await.unwrap();
    for (start, end) in
        [(0, 1), (65_536, 65_537), (65_535, 131_073), (size - 1, size), (1 << 20, size), (5, 5)]
    {
        let read = read_range(&cloud.vault, &stored, start..end).await.unwrap();
        assert!(read == bytes[start as usize..end as usize], "{start}..{end}");
    }
    let vault = cloud.vault.clone();
    let work = move || {
        let mut reader = vault.open_object(stored.key, &stored.wrapped_key).unwrap();
        let mut byte = [0];
        for at in [size - 1, 0, 65_536, 8 << 20, 7] {
            reader.seek(SeekFrom::Start(at)).unwrap();
            reader.read_exact(&mut byte).unwrap();
            assert_eq!(byte[0], bytes[at as usize]);
        }
    };
    tokio::task::spawn_blocking(work).await.unwrap();
}

#[tokio::test]
async fn a_bucket_is_listed_and_emptied() {
    let cloud = cloud();
    let one = cloud.vault.store_bytes("one", "a").await.unwrap();
    let two = cloud.vault.store_bytes("two", "a").await.unwrap();
    let mut keys: Vec<Uuid> = cloud.vault.list().map_ok(|object| object.key).try_collect().await.unwrap();
    keys.sort();
    assert_eq!(keys, [one.key, two.key]);
    cloud.vault.delete(one.key).await.unwrap();
    cloud.vault.delete(one.key).await.unwrap();
    let error = cloud.vault.digest(one.key, &one.wrapped_key).await.unwrap_err();
    assert!(matches!(error, VaultError::Missing(_)), "{error:?}");
    assert_eq!(cloud.vault.list().count().await, 1);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing_in_a_bucket() {
    let cloud = cloud();
    let before = cloud.files().len();
    for size in [1000, 12 << 20] {
        let broken = in_pieces(&noise(size), 100_000).chain(stream::iter([Err(io::Error::other("gone"))]));
        assert!(matches!(cloud.vault.store(broken, "a").await, Err(VaultError::Incoming(_))));
        assert!(cloud.settles_at(before).await, "{size}: {:?}", cloud.files());
        let stalled = in_pieces(&noise(size), 100_000).chain(stream::pending());
        let storing = cloud.vault.store(stalled, "a");
        assert!(tokio::time::timeout(Duration::from_millis(700), storing).await.is_err());
        assert!(cloud.settles_at(before).await, "{size}: {:?}", cloud.files());
    }
}

#[tokio::test]
async fn a_changed_object_in_a_bucket_is_found() {
    let cloud = cloud();
    let stored = cloud.vault.store_bytes(noise(150_000), "a").await.unwrap();
    let path = cloud.dir.path().join("evidence/of/2016").join(object_name(stored.key));
    let object = std::fs::read(&path).unwrap();
    for at in [3, 100, object.len() - 1] {
        let mut changed = object.clone();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        let error = cloud.vault.digest(stored.key, &stored.wrapped_key).await.unwrap_err();
        assert!(matches!(error, VaultError::Damaged(..)), "{at}: {error:?}");
    }
}

/// Sections in a bucket become a file in the same bucket: of one request, and of several parts of which the sections are no
/// multiples.
#[tokio::test]
async fn sections_in_a_bucket_become_a_file_there() {
    let cloud = cloud();
    let all: [&[usize]; 4] = [&[], &[7], &[65_536, 300_000, 1], &[(7 << 20) + 3, 5 << 20, 1, (2 << 20) - 1]];
    for sizes in all {
        let bytes = noise(sizes.iter().sum());
        let sections = in_sections(&cloud.vault, &bytes, sizes).await;
        let before = cloud.vault.list().count().await;
        let joined = cloud.vault.join(one_by_one(&sections), "x.bin").await.unwrap();
        assert_eq!(joined.size, bytes.len() as u64);
        assert_eq!(joined.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(joined.sm3, <[u8; 32]>::from(sm3::Sm3::digest(&bytes)));
        assert!(read_range(&cloud.vault, &joined, 0..joined.size).await.unwrap() == bytes, "{sizes:?}");
        assert_eq!(cloud.vault.list().count().await, before + 1, "the sections stay: {sizes:?}");
    }
}

#[tokio::test]
async fn a_section_in_a_bucket_that_is_gone_or_damaged_or_too_short_leaves_nothing() {
    let cloud = cloud();
    let bytes = noise((9 << 20) + 5);
    // The first one fills a part, which has been sent when the fault is found.
    let sections = in_sections(&cloud.vault, &bytes, &[8 << 20, 1 << 20, 5]).await;
    let before = cloud.files().len();

    let mut longer = sections.clone();
    longer[2].size += 1;
    let error = cloud.vault.join(one_by_one(&longer), "").await.err();
    assert!(matches!(error, Some(VaultError::Damaged(key, _)) if key == sections[2].key), "{error:?}");
    assert!(cloud.settles_at(before).await, "{:?}", cloud.files());

    let path = cloud.dir.path().join("evidence/of/2016").join(object_name(sections[1].key));
    let mut object = std::fs::read(&path).unwrap();
    let last = object.len() - 1;
    object[last] ^= 1;
    std::fs::write(&path, object).unwrap();
    let error = cloud.vault.join(one_by_one(&sections), "").await.err();
    assert!(matches!(error, Some(VaultError::Damaged(key, _)) if key == sections[1].key), "{error:?}");
    assert!(cloud.settles_at(before).await, "{:?}", cloud.files());

    cloud.vault.delete(sections[1].key).await.unwrap();
    let left = cloud.files().len();
    let error = cloud.vault.join(one_by_one(&sections), "").await.err();
    assert!(matches!(error, Some(VaultError::Missing(key)) if key == sections[1].key), "{error:?}");
    assert!(cloud.settles_at(left).await, "{:?}", cloud.files());
}

/// The last part is of any size: none, a byte, or what is shorter than S3 takes of any other.
#[tokio::test]
async fn a_last_part_may_be_tiny_or_none() {
    const PART: usize = 6 << 20;
    let cloud = cloud();
    let Place::Remote(bucket) = &cloud.vault.place else { panic!("a bucket") };
    for size in [1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 2 * PART + 1_500] {
        let (key, bytes) = (Uuid::now_v7(), noise(size));
        let mut parts = Parts::default();
        let mut upload = bucket.upload(key, parts.clone());
        for piece in bytes.chunks(256 << 10) {
            parts.write_all(piece).unwrap();
            upload.send_full_parts().await.unwrap();
        }
        upload.complete().await.unwrap();
        let path = cloud.dir.path().join("evidence/of/2016").join(object_name(key));
        assert!(std::fs::read(path).unwrap() == bytes, "{size}");
        assert_eq!(bucket.size(key).await.unwrap(), Some(size as u64));
    }
}

#[tokio::test]
async fn an_object_goes_into_a_bucket_and_out_again() {
    let (shelf, cloud) = (shelf(), cloud());
    let master = shelf.vault.master.clone();
    let bucket = Vault { place: cloud.vault.place.clone(), fallback: None, master: master.clone() };
    let dir = tempfile::tempdir().unwrap();
    let back = Vault::open(None, dir.path(), master).unwrap();
    for size in [0, 200_000, (20 << 20) + 11] {
        let stored = shelf.vault.store(in_pieces(&noise(size), 100_000), "a").await.unwrap();
        let object = std::fs::read(shelf.object(&stored)).unwrap();
        let digests = Digests { sha256: stored.sha256, sm3: stored.sm3, size: stored.size };
        let wanted = Wanted {
            key: stored.key,
            wrapped_key: stored.wrapped_key.clone(),
            known: Known::Digests(digests),
        };
        let brought = Brought::Now(object.len() as u64);
        assert_eq!(bucket.bring(&shelf.vault, &wanted, false, unnoted, ours).await.unwrap(), brought);
        assert_eq!(bucket.bring(&shelf.vault, &wanted, true, unnoted, ours).await.unwrap(), Brought::Before);
        assert_eq!(back.bring(&bucket, &wanted, false, unnoted, ours).await.unwrap(), brought);
        assert_eq!(std::fs::read(dir.path().join("evidence").join(object_name(stored.key))).unwrap(), object);
    }
    // What is damaged on the way does not stay.
    let before = bucket.list().count().await;
    for size in [1_000, 12 << 20] {
        let stored = shelf.vault.store(in_pieces(&noise(size), 100_000), "a").await.unwrap();
        let mut object = std::fs::read(shelf.object(&stored)).unwrap();
        object[size / 2] ^= 1;
        std::fs::write(shelf.object(&stored), object).unwrap();
        let digests = Digests { sha256: stored.sha256, sm3: stored.sm3, size: stored.size };
        let wanted =
            Wanted { key: stored.key, wrapped_key: stored.wrapped_key, known: Known::Digests(digests) };
        assert_eq!(
            bucket.bring(&shelf.vault, &wanted, false, unnoted, ours).await.unwrap(),
            Brought::Damaged
        );
        assert_eq!(bucket.list().count().await, before, "{size}");
        // Who is not alone any more takes nothing out: another one may have completed it.
        let anothers = bucket.bring(&shelf.vault, &wanted, false, unnoted, async || false).await.unwrap();
        assert_eq!((anothers, bucket.list().count().await), (Brought::Damaged, before + 1), "{size}");
        bucket.delete(wanted.key).await.unwrap();
    }
}

#[tokio::test]
async fn a_bucket_that_refuses_or_is_away_is_unavailable() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("evidence")).unwrap();
    let refusing = cloud_with(s3::serve(dir.path()), dir, "wrong");
    assert!(matches!(refusing.vault.store_bytes("x", "a").await, Err(VaultError::Unavailable(_))));
    assert!(matches!(refusing.vault.probe().await, Err(VaultError::Unavailable(_))));
    let gone = cloud_with(1, tempfile::tempdir().unwrap(), "secret");
    assert!(matches!(gone.vault.probe().await, Err(VaultError::Unavailable(_))));
}
