//! One request's hold on an upload: while it brings bytes, no other one does, on whatever server. A hold that shows no
//! sign of life for some seconds is free to be taken: its line was lost, or its server.

use bytes::Bytes;
use futures_util::Stream;
use uuid::Uuid;

use super::{
    actions,
    store::{self, Holder, Row, Stretch},
};
use crate::{
    casework::evidence::upload,
    platform::{
        db::{Id, Instant},
        error::Result,
        services::Services,
        vault::{Section, VaultError},
    },
};

/// How long a hold lasts without a sign of life, in seconds.
const LEASE: i64 = 6;
/// Pieces that are put away at once.
const AT_ONCE: i64 = 100;

/// An upload that this request has.
#[derive(Clone)]
pub(super) struct Hold {
    services: Services,
    upload: Id,
    holder: Id,
}

fn lease(now: Instant) -> Instant {
    now.plus_seconds(LEASE)
}

impl Hold {
    /// Takes an upload that stands at `offset`; nothing where it stands elsewhere, or another request has it. What an
    /// earlier request has left, and its sender was not told of, is put away.
    ///
    /// # Errors
    /// Those of the database and the vault.
    pub async fn take(
        services: &Services,
        row: &Row,
        offset: i64,
        address: &str,
        agent: &str,
    ) -> Result<Option<Self>> {
        let holder = Holder { id: Id::new(), address: address.to_owned(), agent: agent.to_owned() };
        let hold = Hold { services: services.clone(), upload: row.id, holder: holder.id };
        let id = row.id;
        let taken = services.db.write_quiet(move |tx| {
            let until = lease(tx.now());
            store::take(tx, id, offset, &holder, until)
        });
        if !taken.await? {
            return Ok(None);
        }
        if let Err(error) = hold.clear().await {
            hold.free().await;
            return Err(error);
        }
        Ok(Some(hold))
    }

    /// Stores what comes as one object.
    ///
    /// # Errors
    /// Those of the vault.
    pub async fn store<E>(&self, bytes: impl Stream<Item = Result<Bytes, E>>) -> Result<Section, VaultError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.services.vault.store_section(bytes).await
    }

    /// Says that bytes still come; false where another request has the upload by now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn renew(&self) -> Result<bool> {
        let (id, holder) = (self.upload, self.holder);
        let renewed = self.services.db.write_quiet(move |tx| {
            let until = lease(tx.now());
            store::renew(tx, id, holder, until)
        });
        renewed.await
    }

    /// Notes a piece that is in the vault and begins at `start`; false where another request has the upload by now, and
    /// then the piece is gone again.
    ///
    /// # Errors
    /// Those of the database; then too the piece is gone.
    pub async fn add(&self, stored: Section, start: i64, counts: bool) -> Result<bool> {
        let (own, key) = ((self.upload, self.holder), stored.key);
        let added =
            self.services.db.write_quiet(move |tx| actions::add(tx, own, &stored, start, counts)).await;
        if !matches!(added, Ok(true)) {
            upload::discard_unkept(&self.services, vec![key]).await;
        }
        added
    }

    /// Counts the pieces that waited for their checksum; false where another request has the upload by now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count(&self, from: i64, to: i64) -> Result<bool> {
        let (own, stretch) = ((self.upload, self.holder), Stretch { from, to });
        self.services.db.write_quiet(move |tx| actions::count(tx, own, stretch)).await
    }

    /// Takes out of the vault what an earlier request has noted and not counted.
    async fn clear(&self) -> Result<()> {
        let id = self.upload;
        loop {
            let left = self.services.db.read(move |conn| store::pieces(conn, id, true, AT_ONCE)).await?;
            if left.is_empty() {
                return Ok(());
            }
            remove(&self.services, left).await?;
        }
    }

    /// Takes these pieces out of the vault, which do not count. Should that fail, whoever takes the upload next does it.
    pub async fn put_away(&self, pieces: Vec<Id>) {
        if let Err(error) = remove(&self.services, pieces).await {
            tracing::warn!(upload = %self.upload, %error, "pieces that do not count stay in the store for now");
        }
    }

    /// Removes an object that was not noted.
    pub async fn discard(&self, key: Uuid) {
        upload::discard(&self.services.vault, [key]).await;
    }

    /// Lets go of the upload. Should that fail, the hold ends by itself.
    pub async fn free(&self) {
        let (id, holder) = (self.upload, self.holder);
        if let Err(error) = self.services.db.write_quiet(move |tx| store::free(tx, id, holder)).await {
            tracing::warn!(%id, %error, "an upload is held for some seconds more");
        }
    }
}

/// Removes pieces: first the objects, so that none is left that nobody knows.
async fn remove(services: &Services, pieces: Vec<Id>) -> Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    for piece in &pieces {
        services.vault.delete(piece.uuid()).await?;
    }
    services.db.write_quiet(move |tx| store::drop_pieces(tx, &pieces)).await
}
