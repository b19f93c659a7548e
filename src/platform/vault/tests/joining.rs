use super::*;

/// Stores each part of `bytes` as an object of its own.
pub(super) async fn in_sections(vault: &Vault, bytes: &[u8], sizes: &[usize]) -> Vec<Section> {
    let (mut sections, mut at) = (Vec::new(), 0);
    for &size in sizes {
        sections.push(vault.store_section(in_pieces(&bytes[at..at + size], 40_000)).await.unwrap());
        at += size;
    }
    assert_eq!(at, bytes.len());
    sections
}

pub(super) fn one_by_one(sections: &[Section]) -> impl Stream<Item = io::Result<Section>> + use<> {
    let own = sections.to_vec();
    stream::iter(own.into_iter().map(Ok))
}

#[tokio::test]
async fn sections_become_the_file_that_they_are_of() {
    let shelf = shelf();
    let all: [&[usize]; 5] =
        [&[], &[1], &[65_536, 65_536, 1], &[262_143, 2, 262_144, 700_001], &[(1 << 20) + 7, 3]];
    for sizes in all {
        let bytes = noise(sizes.iter().sum());
        let sections = in_sections(&shelf.vault, &bytes, sizes).await;
        let joined = shelf.vault.join(one_by_one(&sections), "x.bin").await.unwrap();
        assert_eq!(joined.size, bytes.len() as u64);
        assert_eq!(joined.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(joined.sm3, <[u8; 32]>::from(sm3::Sm3::digest(&bytes)));
        assert_eq!(read_range(&shelf.vault, &joined, 0..joined.size).await.unwrap(), bytes, "{sizes:?}");
    }
}

#[tokio::test]
async fn a_section_that_is_gone_or_damaged_or_too_short_leaves_nothing() {
    let shelf = shelf();
    let bytes = noise(900_000);
    let sections = in_sections(&shelf.vault, &bytes, &[300_000, 300_000, 300_000]).await;

    let mut longer = sections.clone();
    longer[1].size += 1;
    let error = shelf.vault.join(one_by_one(&longer), "").await.err();
    assert!(matches!(error, Some(VaultError::Damaged(key, _)) if key == sections[1].key), "{error:?}");
    assert_eq!(shelf.files().len(), 3, "the sections alone");

    let path = shelf.dir.path().join("evidence").join(object_name(sections[2].key));
    let mut object = std::fs::read(&path).unwrap();
    let last = object.len() - 1;
    object[last] ^= 1;
    std::fs::write(&path, object).unwrap();
    let error = shelf.vault.join(one_by_one(&sections), "").await.err();
    assert!(matches!(error, Some(VaultError::Damaged(key, _)) if key == sections[2].key), "{error:?}");

    std::fs::remove_file(&path).unwrap();
    let error = shelf.vault.join(one_by_one(&sections), "").await.err();
    assert!(matches!(error, Some(VaultError::Missing(key)) if key == sections[2].key), "{error:?}");
    assert_eq!(shelf.files().len(), 2, "the sections that are left alone");

    let broken = one_by_one(&sections[..1]).chain(stream::iter([Err(io::Error::other("no list"))]));
    let error = shelf.vault.join(broken, "").await.err();
    assert!(matches!(error, Some(VaultError::Incoming(_))), "{error:?}");
    assert_eq!(shelf.files().len(), 2);
}
