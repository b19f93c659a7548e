//! The rows of time stamps.

use std::collections::HashMap;

use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use crate::{
    directory::people::stamps::{files_unasked, seals_unasked},
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{blob, dossier, dossier_seal, evidence, time_stamp},
        },
        error::Result,
        time_stamp::Stamp as Read,
    },
};

/// A stamp that was asked for; without its token.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = time_stamp)]
pub struct Stamp {
    pub id: Id,
    /// The stored file that it is over, or else
    pub blob_id: Option<Id>,
    /// the dossier whose seal it is over.
    pub dossier_id: Option<Id>,
    /// SHA-256 of what it is over.
    pub imprint: Vec<u8>,
    /// Address of the authority.
    pub authority: String,
    pub asked_at: Instant,
    pub received_at: Option<Instant>,
    /// What the authority says that it is.
    pub stamped_at: Option<Instant>,
    /// Of the authority, lower-case hex.
    pub serial: Option<String>,
    /// By whom it is signed, as the certificate says.
    pub signer: Option<String>,
}

/// What is stamped.
#[derive(Clone, Copy, Debug)]
pub enum Over {
    File(Id),
    Seal(Id),
}

/// One stamp.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find(conn: &mut Connection, id: Id) -> Result<Stamp> {
    Ok(time_stamp::table.find(id).select(Stamp::as_select()).first(conn)?)
}

/// Its token; `None`: it was not received.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn token(conn: &mut Connection, id: Id) -> Result<Option<Vec<u8>>> {
    Ok(time_stamp::table.find(id).select(time_stamp::token).first(conn)?)
}

/// The tokens of these stamps, as far as they were received. For few at a time, as [`tokens_of_files`].
///
/// # Errors
/// Those of the database.
pub fn tokens(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<u8>>> {
    let rows: Vec<(Id, Option<Vec<u8>>)> = time_stamp::table
        .filter(time_stamp::id.eq_any(ids))
        .select((time_stamp::id, time_stamp::token))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, token)| Some((id, token?))).collect())
}

/// Those over a stored file, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_file(conn: &mut Connection, blob: Id) -> Result<Vec<Stamp>> {
    let over = time_stamp::table.filter(time_stamp::blob_id.eq(Some(blob)));
    Ok(over.order(time_stamp::id).select(Stamp::as_select()).load(conn)?)
}

/// Those over the seal of a dossier, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_seal(conn: &mut Connection, dossier: Id) -> Result<Vec<Stamp>> {
    let over = time_stamp::table.filter(time_stamp::dossier_id.eq(Some(dossier)));
    Ok(over.order(time_stamp::id).select(Stamp::as_select()).load(conn)?)
}

/// Of the stamps over these stored files, those that have not come.
///
/// # Errors
/// Those of the database.
pub(super) fn missing(conn: &mut Connection, blobs: &[Id]) -> Result<Vec<Stamp>> {
    let mut found = Vec::new();
    for part in blobs.chunks(500) {
        let rows: Vec<Stamp> = time_stamp::table
            .filter(time_stamp::blob_id.assume_not_null().eq_any(part))
            .filter(time_stamp::received_at.is_null())
            .select(Stamp::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// A stamp's id, and its token.
pub type Token = (Id, Vec<u8>);

/// The tokens over these stored files, oldest first. For few files at a time: a token takes up to
/// [`LONGEST`](crate::platform::time_stamp::LONGEST) bytes.
///
/// # Errors
/// Those of the database.
pub fn tokens_of_files(conn: &mut Connection, blobs: &[Id]) -> Result<HashMap<Id, Vec<Token>>> {
    let rows: Vec<(Option<Id>, Id, Option<Vec<u8>>)> = time_stamp::table
        .filter(time_stamp::blob_id.assume_not_null().eq_any(blobs))
        .filter(time_stamp::received_at.is_not_null())
        .order(time_stamp::id)
        .select((time_stamp::blob_id, time_stamp::id, time_stamp::token))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<Token>> = HashMap::new();
    for (blob, id, token) in rows {
        if let (Some(blob), Some(token)) = (blob, token) {
            found.entry(blob).or_default().push((id, token));
        }
    }
    Ok(found)
}

/// The tokens over the seal of a dossier, oldest first.
///
/// # Errors
/// Those of the database.
pub fn tokens_of_seal(conn: &mut Connection, dossier: Id) -> Result<Vec<Token>> {
    let rows: Vec<(Id, Option<Vec<u8>>)> = time_stamp::table
        .filter(time_stamp::dossier_id.eq(Some(dossier)))
        .filter(time_stamp::received_at.is_not_null())
        .order(time_stamp::id)
        .select((time_stamp::id, time_stamp::token))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, token)| Some((id, token?))).collect())
}

/// The authorities that were asked for a stamp over a stored file.
///
/// # Errors
/// Those of the database.
pub(super) fn asked(conn: &mut Connection, blob: Id) -> Result<Vec<String>> {
    let over = time_stamp::table.filter(time_stamp::blob_id.eq(Some(blob)));
    Ok(over.select(time_stamp::authority).load(conn)?)
}

/// Of the stored files of items that `authority` was not asked for a stamp over the next behind an id, each with its SHA-256.
///
/// # Errors
/// Those of the database.
pub(super) fn files_unasked(
    conn: &mut Connection,
    authority: &str,
    after: Id,
    most: i64,
) -> Result<Vec<(Id, Vec<u8>)>> {
    Ok(files_unasked!(authority)
        .filter(blob::id.gt(after))
        .order(blob::id)
        .limit(most)
        .select((blob::id, blob::sha256))
        .load(conn)?)
}

/// Of the sealed dossiers whose seal `authority` was not asked for a stamp over the next behind an id, each with `seal.json`.
///
/// # Errors
/// Those of the database.
pub(super) fn seals_unasked(
    conn: &mut Connection,
    authority: &str,
    after: Id,
    most: i64,
) -> Result<Vec<(Id, String)>> {
    Ok(seals_unasked!(authority)
        .filter(dossier_seal::dossier_id.gt(after))
        .order(dossier_seal::dossier_id)
        .limit(most)
        .select((dossier_seal::dossier_id, dossier_seal::seal_json))
        .load(conn)?)
}

/// How many stamps were asked for.
///
/// # Errors
/// Those of the database.
pub(super) fn count(conn: &mut Connection) -> Result<i64> {
    Ok(time_stamp::table.count().get_result(conn)?)
}

/// Writes down that an authority is asked; gives the row's id.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, over: Over, imprint: &[u8], authority: &str) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    let (blob, dossier) = match over {
        Over::File(blob) => (Some(blob), None),
        Over::Seal(dossier) => (None, Some(dossier)),
    };
    diesel::insert_into(time_stamp::table)
        .values((
            time_stamp::id.eq(id),
            time_stamp::blob_id.eq(blob),
            time_stamp::dossier_id.eq(dossier),
            time_stamp::imprint.eq(imprint),
            time_stamp::authority.eq(authority),
            time_stamp::asked_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Writes down what came; false where it has come before.
///
/// # Errors
/// Those of the database.
pub(super) fn receive(tx: &mut Tx<'_>, id: Id, read: &Read, token: &[u8]) -> Result<bool> {
    let now = tx.now();
    let open = time_stamp::table.find(id).filter(time_stamp::received_at.is_null());
    let changed = diesel::update(open)
        .set((
            time_stamp::received_at.eq(Some(now)),
            time_stamp::stamped_at.eq(Some(read.time)),
            time_stamp::serial.eq(Some(read.serial.as_str())),
            time_stamp::signer.eq(Some(read.signer.as_str())),
            time_stamp::token.eq(Some(token)),
        ))
        .execute(tx.conn())?;
    Ok(changed > 0)
}

/// The lead of a dossier.
///
/// # Errors
/// `NotFound`; those of the database.
pub(super) fn lead_of(conn: &mut Connection, id: Id) -> Result<Id> {
    Ok(dossier::table.find(id).select(dossier::lead_id).first(conn)?)
}
