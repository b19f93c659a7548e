//! Trusted time stamps of a dossier: those over its seal, and those over the items that it carries. Sealing waits for none of
//! them. Packing, which is done once and for all, waits for those over the seal, but not for long: one that comes later
//! stands on the dossier's page.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use super::{
    bag,
    facts::LeadFacts,
    model::{Dossier, Freeze},
    store,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::time_stamp::{of_seal, store as stored},
    directory::people::Actor,
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, Result},
        jobs::NotYet,
        services::Services,
        sheet, time_stamp,
    },
};

/// For so many seconds from the sealing a package waits for the stamps over the seal,
const PATIENCE: i64 = 600;
/// and for no authority that could not be reached so many times.
const TRIES: i32 = 3;

/// Has the packing wait while a stamp over the seal may still come in time.
///
/// # Errors
/// `Internal` with [`NotYet`]; those of the database.
pub(super) fn wait(conn: &mut Connection, one: &Dossier, now: Instant) -> Result<()> {
    let is_early = one.sealed_at.is_some_and(|at| now.seconds_since(at) < PATIENCE);
    if is_early && of_seal(conn, one.id)?.iter().any(|told| told.is_awaited(TRIES)) {
        return Err(AppError::internal(NotYet));
    }
    Ok(())
}

/// The stamps that are at hand, as files of the package.
///
/// # Errors
/// Those of the database; `Internal` for a token that is none.
pub(super) fn files(
    conn: &mut Connection,
    id: Id,
    facts: &LeadFacts,
    freeze: &Freeze,
) -> Result<HashMap<String, Vec<u8>>> {
    let mut found = HashMap::new();
    let mut keep = |path: String, token: &[u8]| -> Result<()> {
        found.insert(path, time_stamp::response(token).map_err(AppError::internal)?);
        Ok(())
    };
    for (n, token) in (1..=time_stamp::MOST).zip(&stored::tokens_of_seal(conn, id)?) {
        keep(bag::seal_stamp(n), token)?;
    }
    let blobs: HashMap<&str, Id> = freeze.files.iter().map(|file| (file.path.as_str(), file.blob)).collect();
    let carried: Vec<(u32, Id)> =
        facts.items.iter().filter_map(|item| Some((item.number, *blobs.get(item.path.as_str())?))).collect();
    let ids: Vec<Id> = carried.iter().map(|(_, blob)| *blob).collect();
    let tokens = stored::tokens_of_files(conn, &ids)?;
    for (number, blob) in carried {
        for (n, token) in (1..=time_stamp::MOST).zip(tokens.get(&blob).into_iter().flatten()) {
            keep(bag::item_stamp(number, n), token)?;
        }
    }
    Ok(found)
}

/// `GET /dossiers/{id}/timestamps/{stamp}.tsr`
pub(super) async fn download(
    me: Actor,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, stamp_id) = path.into_inner();
    let actor = me.clone();
    let read = services.db.write(me.origin(), move |tx| {
        let one = store::find_visible(tx.conn(), &actor, id)?;
        if stored::find(tx.conn(), stamp_id)?.dossier_id != Some(id) {
            return Err(AppError::NotFound);
        }
        let token = stored::token(tx.conn(), stamp_id)?.ok_or(AppError::NotFound)?;
        let entry = Entry::new("dossier.read").object("dossier", id).object("lead", one.lead_id);
        audit::record(tx, entry.object("timestamp", stamp_id).fact("file", "timestamp.tsr"))?;
        Ok((token, format!("{}-seal.tsr", one.folder)))
    });
    let (token, name) = read.await?;
    let bytes = time_stamp::response(&token).map_err(AppError::internal)?;
    Ok(sheet::download(bytes, "application/timestamp-reply", &name))
}
