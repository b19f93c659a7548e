//! What is handed over is an age file of the receivers', whole and of the length that was told.

use super::*;
use age::{Decryptor, x25519::Identity};

async fn handed(vault: &Vault, stored: &Stored, to: &[Identity]) -> Result<(u64, Vec<u8>), VaultError> {
    let recipients = to.iter().map(Identity::to_public).collect();
    let handed = vault.hand_over(stored.key, &stored.wrapped_key, stored.size, recipients).await?;
    let pieces: Vec<Bytes> = handed.bytes.try_collect().await?;
    Ok((handed.size, pieces.concat()))
}

fn opened(bytes: &[u8], by: &Identity) -> Option<Vec<u8>> {
    let reader = Decryptor::new(bytes).ok()?.decrypt(std::iter::once(by as &dyn age::Identity));
    let mut whole = Vec::new();
    reader.ok()?.read_to_end(&mut whole).ok()?;
    Some(whole)
}

#[tokio::test]
async fn each_receiver_opens_what_is_handed_over_and_nobody_else() {
    let shelf = shelf();
    let own = [Identity::generate(), Identity::generate()];
    for size in [0, 1, 65_535, 65_536, 65_537, 262_144, 262_145, (1 << 20) + 7] {
        let bytes = noise(size);
        let stored = shelf.vault.store(in_pieces(&bytes, 40_000), "x.bin").await.unwrap();
        let (told, sent) = handed(&shelf.vault, &stored, &own).await.unwrap();
        assert_eq!(told, sent.len() as u64, "{size}");
        for one in &own {
            assert_eq!(opened(&sent, one).as_deref(), Some(&bytes[..]), "{size}");
        }
        assert_eq!(opened(&sent, &Identity::generate()), None);
        assert_eq!(opened(&sent[..sent.len() - 1], &own[0]), None, "cut short it opens for nobody");
    }
}

#[tokio::test]
async fn what_has_another_length_than_was_stored_is_not_begun() {
    let shelf = shelf();
    let stored = shelf.vault.store_bytes("abc", "note.txt").await.unwrap();
    let other = Stored { size: 4, ..stored };
    let failed = handed(&shelf.vault, &other, &[Identity::generate()]).await;
    assert!(matches!(failed, Err(VaultError::Damaged(..))));
}
