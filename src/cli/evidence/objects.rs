//! What there is to be moved: stored files, and what has arrived of files on their way.

use diesel::prelude::*;

use crate::{
    casework::evidence::resumable::store as uploads,
    cli::check::{Blob, blobs_after},
    platform::{
        db::{Connection, Id, Instant, schema::blob},
        error::Result,
        i18n::{Lang, t_with},
        vault::{Digests, Known},
    },
};

/// Pieces that are read at once.
const STEP: i64 = 1_000;

/// Of which kind an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A stored file.
    File,
    /// What has arrived of a file on its way.
    Piece,
}

/// An object that is to be in both stores.
pub(super) struct Object {
    pub id: Id,
    /// Bytes of what is in it.
    pub size: u64,
    pub wrapped_key: Vec<u8>,
    /// `None`: what is registered are no hashes.
    pub known: Option<Known>,
    /// Whether it does not count yet, and may never.
    pub is_waiting: bool,
}

impl From<Blob> for Object {
    fn from(blob: Blob) -> Self {
        let size = blob.size.unsigned_abs();
        let digests =
            || Some(Digests { sha256: blob.sha256.try_into().ok()?, sm3: blob.sm3.try_into().ok()?, size });
        let known = digests().map(Known::Digests);
        Self { id: blob.id, size, known, wrapped_key: blob.wrapped_key, is_waiting: false }
    }
}

impl From<uploads::Piece> for Object {
    fn from(piece: uploads::Piece) -> Self {
        let size = piece.size.unsigned_abs();
        let known = Some(Known::Size(size));
        Self { id: piece.id, size, known, wrapped_key: piece.wrapped_key, is_waiting: !piece.kept }
    }
}

impl Kind {
    /// What is said of them as they are counted: a message key.
    pub fn counted(self) -> &'static str {
        match self {
            Kind::File => "migrate-progress-file",
            Kind::Piece => "migrate-progress-piece",
        }
    }

    /// As an object is named in a sentence.
    pub fn named(self, id: Id, lang: Lang) -> String {
        let key = match self {
            Kind::File => "migrate-file",
            Kind::Piece => "migrate-piece",
        };
        t_with(lang, key, &[("id", id.to_string())])
    }

    /// How many there are.
    ///
    /// # Errors
    /// Those of the database.
    pub fn count(self, conn: &mut Connection) -> Result<u64> {
        let kept = match self {
            Kind::File => blob::table.filter(blob::erased_at.is_null()).count().get_result(conn)?,
            Kind::Piece => uploads::count_living(conn)?,
        };
        Ok(kept.unsigned_abs())
    }

    /// Some of them, behind one, in the order of their ids, and the last id that was looked at; `None`: there are no more.
    ///
    /// # Errors
    /// Those of the database.
    pub fn after(self, conn: &mut Connection, after: Option<Id>) -> Result<Option<(Vec<Object>, Id)>> {
        Ok(match self {
            Kind::File => {
                let part = blobs_after(conn, after)?;
                let last = part.last().map(|last| last.id);
                let kept = part.into_iter().filter(|blob| blob.erased_at.is_none());
                last.map(|last| (kept.map(Object::from).collect(), last))
            }
            Kind::Piece => {
                let part = uploads::living_after(conn, after, STEP)?;
                let last = part.last().map(|last| last.id);
                last.map(|last| (part.into_iter().map(Object::from).collect(), last))
            }
        })
    }

    /// Of these the ones that are to be nowhere any more: erased, or of an upload that has come to its end.
    ///
    /// # Errors
    /// Those of the database.
    pub fn gone(self, conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
        match self {
            Kind::File => {
                let erased = blob::table.filter(blob::id.eq_any(ids)).filter(blob::erased_at.is_not_null());
                Ok(erased.select(blob::id).load(conn)?)
            }
            Kind::Piece => {
                let living = uploads::living(conn, ids)?;
                Ok(ids.iter().copied().filter(|id| !living.contains(id)).collect())
            }
        }
    }
}

/// Less than every id that is made from `at` on.
pub(super) fn first_of(at: Instant) -> Id {
    let millis = (at.micros() / 1_000).unsigned_abs().to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis[2..]);
    Id::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_not_before_the_moment_it_was_made() {
        let now = Instant::system_now();
        assert!(first_of(now.plus_seconds(-1)) < Id::new());
        assert!(first_of(now.plus_seconds(60)) > Id::new());
    }
}
