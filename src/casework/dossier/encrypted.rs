//! The package, encrypted to the confirmed keys of an agency while it leaves: for a disc or a mail that somebody else may
//! find. It is another file each time, so there are no pieces of it, and each download is a read of its own.

use actix_web::{HttpResponse, web};
use age::x25519::Recipient;

use super::{
    download::{self, Paper},
    model::Dossier,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::store::Blob,
    directory::{
        agencies::keys::{self, Key},
        people::Actor,
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Plain, Result},
        http::bytes,
        services::Services,
    },
};

/// The last part of its address.
pub const NAME: &str = "package.zip.age";

/// The keys that a package is encrypted to for whoever reads it: of an agency its own, of the platform those of the agency
/// that the dossier is for.
///
/// # Errors
/// Those of the database.
pub(super) fn keys_for(conn: &mut Connection, me: &Actor, one: &Dossier) -> Result<Vec<Key>> {
    keys::in_force(conn, me.agency_id().unwrap_or(one.agency_id))
}

fn recipient(key: &Key) -> Result<Recipient> {
    key.recipient.parse().map_err(|why: &str| AppError::internal(Plain(why.to_owned())))
}

fn record(tx: &mut Tx<'_>, me: &Actor, id: Id) -> Result<(Blob, Dossier, Vec<Key>)> {
    let (blob, one) = download::find(tx.conn(), me, id, Paper::Package)?;
    let keys = keys_for(tx.conn(), me, &one)?;
    let Some(first) = keys.first() else { return Err(AppError::Conflict("conflict-dossier-no-key")) };
    let fingerprints: Vec<String> = keys.iter().map(Key::fingerprint).collect();
    let entry = Entry::new("dossier.download")
        .object("dossier", id)
        .object("lead", one.lead_id)
        .object("agency", first.agency_id)
        .fact("file", NAME)
        .fact("sha256", blob.sha256_hex())
        .fact("keys", fingerprints);
    audit::record(tx, entry)?;
    Ok((blob, one, keys))
}

pub(super) async fn package(
    me: Actor,
    services: web::Data<Services>,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (actor, id) = (me.clone(), *id);
    let recorded = services.db.write(me.origin(), move |tx| record(tx, &actor, id));
    let (blob, one, keys) = recorded.await?;
    let recipients = keys.iter().map(recipient).collect::<Result<Vec<_>>>()?;
    let size = blob.size.cast_unsigned();
    let handed = services.vault.hand_over(blob.id.uuid(), &blob.wrapped_key, size, recipients).await?;
    let name = format!("{}.zip.age", one.folder);
    Ok(bytes::made(&name, "application/octet-stream", handed.size, handed.bytes))
}
