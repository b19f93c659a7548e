//! Trusted time stamps of a dossier: those over its seal, and those over the items that it carries. Sealing waits for none of
//! them. Packing, which is done once and for all, waits for them, but not for long: one that comes later stands on the
//! dossier's page or the item's.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use actix_web::{HttpResponse, web};

use super::{
    bag,
    facts::LeadFacts,
    model::{Dossier, Freeze},
    package::PayloadFile,
    store,
};
use crate::{
    audit::{self, Entry},
    casework::evidence::time_stamp::{
        Told, missing, of_seal,
        store::{self as stored, Token},
    },
    directory::people::Actor,
    platform::{
        db::{Connection, Db, Id, Instant},
        error::{AppError, Result},
        jobs::NotYet,
        services::Services,
        sheet,
        time_stamp::{self, Turns},
    },
};

/// For so many seconds from the sealing a package waits for its stamps,
const PATIENCE: i64 = 600;
/// and for no authority that could not be reached so many times.
const TRIES: u32 = 3;
/// Files whose tokens are read at once, and tokens that one query reads.
const AT_ONCE: usize = 100;
/// So many times [`AT_ONCE`] tokens are kept while a package is written: several threads read them, about in their order.
const KEPT: usize = 2;

/// Has the packing wait while a stamp over the seal, or over a file that the package carries, may still come in time.
///
/// # Errors
/// `Internal` with [`NotYet`]; those of the database.
pub(super) fn wait(conn: &mut Connection, one: &Dossier, turns: &Turns, now: Instant) -> Result<()> {
    if one.sealed_at.is_none_or(|at| now.seconds_since(at) >= PATIENCE) {
        return Ok(());
    }
    let is_awaited = |told: &Told| told.is_awaited(turns, TRIES);
    let mut awaits = of_seal(conn, one.id)?.iter().any(is_awaited);
    if !awaits {
        let frozen = store::frozen(conn, one.id)?.ok_or(AppError::NotFound)?;
        let blobs: Vec<Id> = frozen.files.iter().map(|file| file.blob).collect();
        awaits = missing(conn, &blobs)?.iter().any(is_awaited);
    }
    if awaits { Err(AppError::internal(NotYet)) } else { Ok(()) }
}

/// The stamps that are at hand, as files of the package: there may be many, so that of each only its hash is kept until it is
/// written; then they are read many at once.
#[derive(Default)]
pub(super) struct Carried {
    pub files: HashMap<String, PayloadFile>,
    /// In the order of the package.
    ids: Vec<Id>,
    /// Which of `ids` a path is.
    places: HashMap<String, usize>,
    read: Mutex<VecDeque<Part>>,
}

/// Tokens that were read at once: those of `ids` from `number` times [`AT_ONCE`] on.
struct Part {
    number: usize,
    tokens: HashMap<Id, Vec<u8>>,
}

impl Carried {
    fn keep(&mut self, path: String, (id, token): &Token) -> Result<()> {
        let bytes = time_stamp::response(token).map_err(AppError::internal)?;
        let (size, sha256) = (bytes.len() as u64, bag::sha256_hex(&bytes));
        self.places.insert(path.clone(), self.ids.len());
        self.ids.push(*id);
        self.files.insert(path.clone(), PayloadFile { path, size, sha256 });
        Ok(())
    }

    /// The bytes of a stamp by its path; `None`: there is none at it.
    ///
    /// # Errors
    /// Those of the database; `Internal` for a token that is none.
    pub fn read(&self, db: &Db, path: &str) -> Result<Option<Vec<u8>>> {
        let Some(place) = self.places.get(path).copied() else { return Ok(None) };
        let number = place / AT_ONCE;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.iter().all(|part| part.number != number) {
            let ids: Vec<Id> = self.ids.iter().skip(number * AT_ONCE).take(AT_ONCE).copied().collect();
            let tokens = db.read_now(|conn| stored::tokens(conn, &ids))?;
            read.truncate(KEPT - 1);
            read.push_front(Part { number, tokens });
        }
        let part = read.iter().find(|part| part.number == number);
        let token = part.and_then(|part| part.tokens.get(self.ids.get(place)?)).ok_or(AppError::NotFound)?;
        time_stamp::response(token).map(Some).map_err(AppError::internal)
    }
}

/// Collects the stamps of a package.
///
/// # Errors
/// Those of the database; `Internal` for a token that is none.
pub(super) fn carried(conn: &mut Connection, id: Id, facts: &LeadFacts, freeze: &Freeze) -> Result<Carried> {
    let mut found = Carried::default();
    for (n, token) in (1..=time_stamp::MOST).zip(&stored::tokens_of_seal(conn, id)?) {
        found.keep(bag::seal_stamp(n), token)?;
    }
    let blobs: HashMap<&str, Id> = freeze.files.iter().map(|file| (file.path.as_str(), file.blob)).collect();
    let items: Vec<(u32, Id)> =
        facts.items.iter().filter_map(|item| Some((item.number, *blobs.get(item.path.as_str())?))).collect();
    for part in items.chunks(AT_ONCE) {
        let ids: Vec<Id> = part.iter().map(|(_, blob)| *blob).collect();
        let tokens = stored::tokens_of_files(conn, &ids)?;
        for (number, blob) in part {
            for (n, token) in (1..=time_stamp::MOST).zip(tokens.get(blob).into_iter().flatten()) {
                found.keep(bag::item_stamp(*number, n), token)?;
            }
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
