//! From one store into another: what arrives is what was registered, whatever lies where.

use super::*;
use std::fs;

/// A store of its own under the same master key.
fn beside(shelf: &Shelf) -> Shelf {
    let dir = tempfile::tempdir().unwrap();
    let vault = Vault::open(None, dir.path(), shelf.vault.master.clone()).unwrap();
    Shelf { vault, dir }
}

fn wanted(stored: &Stored) -> Wanted {
    let digests = Digests { sha256: stored.sha256, sm3: stored.sm3, size: stored.size };
    Wanted { key: stored.key, wrapped_key: stored.wrapped_key.clone(), known: Known::Digests(digests) }
}

impl Shelf {
    async fn bring(&self, from: &Shelf, stored: &Stored, deep: bool) -> Brought {
        self.vault.bring(&from.vault, &wanted(stored), deep, unnoted, ours).await.unwrap()
    }

    /// As [`Self::bring`], where nothing can be put on record.
    async fn bring_unnotable(
        &self,
        from: &Shelf,
        stored: &Stored,
        deep: bool,
    ) -> Result<Brought, VaultError> {
        async fn refuse() -> Result<(), VaultError> {
            Err(VaultError::Full("no note of it".into()))
        }
        self.vault.bring(&from.vault, &wanted(stored), deep, refuse, ours).await
    }

    fn cut(&self, stored: &Stored) {
        let bytes = fs::read(self.object(stored)).unwrap();
        fs::write(self.object(stored), &bytes[..bytes.len() / 2]).unwrap();
    }

    fn change(&self, stored: &Stored) {
        let mut bytes = fs::read(self.object(stored)).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(self.object(stored), bytes).unwrap();
    }
}

#[tokio::test]
async fn an_object_is_brought_as_it_lies_and_only_once() {
    let from = shelf();
    let to = beside(&from);
    for size in [0, 1, 65_536, (3 << 20) + 7] {
        let bytes = noise(size);
        let stored = from.vault.store(in_pieces(&bytes, 100_000), "a").await.unwrap();
        let object = fs::read(from.object(&stored)).unwrap();
        assert_eq!(to.bring(&from, &stored, false).await, Brought::Now(object.len() as u64));
        assert_eq!(fs::read(to.object(&stored)).unwrap(), object);
        assert_eq!(read_all(&to.vault, &stored).unwrap(), bytes);
        for deep in [false, true] {
            assert_eq!(to.bring(&from, &stored, deep).await, Brought::Before);
        }
    }
    assert_eq!((from.files().len(), to.files().len()), (4, 4), "no draft is left");
}

#[tokio::test]
async fn two_who_bring_the_same_object_at_once_are_not_in_each_others_way() {
    let from = shelf();
    let to = beside(&from);
    let bytes = noise(3 << 20);
    let stored = from.vault.store(in_pieces(&bytes, 100_000), "a").await.unwrap();
    let (one, other) = tokio::join!(to.bring(&from, &stored, false), to.bring(&from, &stored, false));
    for brought in [one, other] {
        assert!(matches!(brought, Brought::Now(_) | Brought::Before), "{brought:?}");
    }
    assert_eq!(read_all(&to.vault, &stored).unwrap(), bytes);
    assert_eq!(to.files().len(), 1, "no draft is left");
    // Each has a draft of its own, also where one was left behind.
    let Place::Local(folder) = &to.vault.place else { panic!("a folder") };
    let (first, second) = (folder.draft(stored.key).unwrap(), folder.draft(stored.key).unwrap());
    assert_eq!(to.files().len(), 3);
    drop((first, second));
    assert_eq!(to.files().len(), 1);
}

#[tokio::test]
async fn what_is_half_or_something_else_is_replaced_by_what_is_whole() {
    let from = shelf();
    let to = beside(&from);
    let stored = from.vault.store_bytes(noise(150_000), "a").await.unwrap();
    let whole = Brought::Now(fs::metadata(from.object(&stored)).unwrap().len());
    assert_eq!(to.bring(&from, &stored, false).await, whole);
    to.cut(&stored);
    assert_eq!(to.bring(&from, &stored, false).await, whole);
    // As long as it should be, it is only looked into when that is asked for.
    to.change(&stored);
    assert_eq!(to.bring(&from, &stored, false).await, Brought::Before);
    // Who says that nothing may be named is heard before anything is, and is not asked where nothing would be.
    assert!(matches!(to.bring_unnotable(&from, &stored, false).await, Ok(Brought::Before)));
    assert!(matches!(to.bring_unnotable(&from, &stored, true).await, Err(VaultError::Full(_))));
    let other = from.vault.store_bytes("b", "b").await.unwrap();
    assert!(matches!(to.bring_unnotable(&from, &other, false).await, Err(VaultError::Full(_))));
    assert!(!to.object(&other).exists());
    assert_eq!(to.bring(&from, &stored, true).await, whole);
    assert_eq!(read_all(&to.vault, &stored).unwrap(), noise(150_000));
}

#[tokio::test]
async fn nothing_whole_is_replaced_by_what_is_damaged() {
    let from = shelf();
    let to = beside(&from);
    let kept = from.vault.store_bytes(noise(150_000), "a").await.unwrap();
    to.bring(&from, &kept, false).await;
    from.cut(&kept);
    assert_eq!(to.bring(&from, &kept, false).await, Brought::Before);
    assert_eq!(read_all(&to.vault, &kept).unwrap(), noise(150_000));

    let other = from.vault.store_bytes(noise(90_000), "a").await.unwrap();
    from.change(&other);
    assert_eq!(to.bring(&from, &other, false).await, Brought::Damaged);
    assert_eq!(to.files().len(), 1, "nothing of it was written");
    // Damaged in both, neither is touched.
    to.cut(&kept);
    let half = fs::read(to.object(&kept)).unwrap();
    assert_eq!(to.bring(&from, &kept, true).await, Brought::Damaged);
    assert_eq!(fs::read(to.object(&kept)).unwrap(), half);
}

#[tokio::test]
async fn what_has_no_hashes_yet_is_proven_by_opening_to_its_end() {
    let from = shelf();
    let to = beside(&from);
    let piece = from.vault.store_bytes(noise(150_000), "").await.unwrap();
    let of = |size: u64| Wanted { known: Known::Size(size), ..wanted(&piece) };
    let bring = async |size: u64| to.vault.bring(&from.vault, &of(size), true, unnoted, ours).await.unwrap();
    assert_eq!(bring(150_001).await, Brought::Damaged);
    assert!(to.files().is_empty(), "nothing of it was written");
    assert!(matches!(bring(150_000).await, Brought::Now(_)));
    assert_eq!(bring(150_000).await, Brought::Before);
    assert_eq!(read_all(&to.vault, &piece).unwrap(), noise(150_000));
    to.change(&piece);
    assert!(matches!(bring(150_000).await, Brought::Now(_)), "what is damaged does not open to its end");
    from.change(&piece);
    to.cut(&piece);
    assert_eq!(bring(150_000).await, Brought::Damaged);
}

#[tokio::test]
async fn what_came_after_the_switch_is_there_and_what_is_nowhere_is_missing() {
    let from = shelf();
    let to = beside(&from);
    let later = to.vault.store_bytes(noise(1_000), "a").await.unwrap();
    assert_eq!(to.bring(&from, &later, false).await, Brought::Before);
    assert_eq!(to.bring(&from, &later, true).await, Brought::Before);
    to.change(&later);
    assert_eq!(to.bring(&from, &later, true).await, Brought::Damaged);
    to.vault.delete(later.key).await.unwrap();
    assert_eq!(to.bring(&from, &later, false).await, Brought::Missing);
    // A store that is away is not one that has lost something.
    fs::remove_dir_all(from.dir.path().join("evidence")).unwrap();
    let error = to.vault.bring(&from.vault, &wanted(&later), false, unnoted, ours).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn what_is_not_there_yet_is_read_from_the_store_before() {
    let old = shelf();
    let stored = old.vault.store_bytes(noise(150_000), "a").await.unwrap();
    let mut new = beside(&old);
    let old_url = old.dir.path().join("evidence").display().to_string();
    new.vault = new.vault.with_fallback(Some(&old_url)).unwrap();
    assert_eq!(read_all(&new.vault, &stored).unwrap(), noise(150_000));
    assert_eq!(
        read_range(&new.vault, &stored, 70_000..70_010).await.unwrap(),
        noise(150_000)[70_000..70_010]
    );
    assert_eq!(new.vault.digest(stored.key, &stored.wrapped_key).await.unwrap().sha256, stored.sha256);
    let (vault, out) = (new.vault.clone(), new.dir.path().join("out"));
    let copy = out.clone();
    tokio::task::spawn_blocking(move || vault.copy_out(stored.key, &copy).unwrap()).await.unwrap();
    assert_eq!(fs::read(&out).unwrap(), fs::read(old.object(&stored)).unwrap());

    // What comes now lies in the new one alone; what is taken out goes from both.
    new.vault.store_bytes("later", "a").await.unwrap();
    assert_eq!((old.files().len(), new.files().len()), (1, 1));
    new.vault.delete(stored.key).await.unwrap();
    assert!(old.files().is_empty());
    let error = new.vault.digest(stored.key, &stored.wrapped_key).await.unwrap_err();
    assert!(matches!(error, VaultError::Missing(_)), "{error:?}");
    // With the old one away, nobody can say that it is lost.
    new.vault.probe_fallback().await.unwrap();
    fs::remove_dir_all(old.dir.path().join("evidence")).unwrap();
    let error = new.vault.digest(stored.key, &stored.wrapped_key).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
    let error = new.vault.probe_fallback().await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable(_)), "{error:?}");
    new.vault.probe().await.unwrap();
}

#[test]
fn a_store_that_is_left_must_be_there_and_one_that_is_moved_into_may_be_made() {
    let dir = tempfile::tempdir().unwrap();
    let master = Arc::new(MasterKey::generate());
    let path = |name: &str| dir.path().join(name).display().to_string();
    let existing = |name: &str| Vault::existing(&path(name), master.clone());
    let beside = |name: &str| Vault::beside(&path(name), master.clone());
    assert!(matches!(existing("new").err(), Some(VaultError::NoFolder(_))));
    assert!(matches!(beside("no/new").err(), Some(VaultError::NoFolder(_))));
    assert!(!dir.path().join("no").exists(), "nothing was made");
    let new = beside("new").unwrap();
    let same = existing("./new").unwrap();
    assert!(new.overlaps(&same) && same.overlaps(&new));
    let inside = beside("new/inside").unwrap();
    assert!(new.overlaps(&inside) && inside.overlaps(&new));
    assert!(!new.overlaps(&beside("newer").unwrap()));
    assert_eq!(
        (new.kind(), new.address()),
        ("folder", dir.path().canonicalize().unwrap().join("new").display().to_string())
    );
}
