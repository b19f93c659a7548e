//! Compositions, dossiers and what was frozen, sealed and packed of them.

use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use diesel::prelude::*;

use super::model::{Dossier, Freeze, FrozenFile};
use crate::{
    access,
    directory::people::{Actor, policy::CASE_READERS},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{
                agency, approval, composition, composition_item, dossier, dossier_freeze, dossier_package,
                dossier_seal, dossier_withheld,
            },
        },
        error::{AppError, Result},
    },
};

/// A composition as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = composition)]
pub struct Composition {
    pub id: Id,
    pub lead_id: Id,
    /// Counted per lead from 1.
    pub version: i32,
    pub note: String,
    pub created_by: Id,
    pub created_at: Instant,
    pub submitted_at: Option<Instant>,
}

/// An item that is kept back from one addressee.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = dossier_withheld)]
pub struct Withheld {
    pub evidence_id: Id,
    /// Number in the dossier's list.
    pub number: i32,
    pub category: String,
    /// 32 bytes; released with the item.
    pub salt: Vec<u8>,
    /// SHA-256(salt ‖ content hash).
    pub commitment: Vec<u8>,
    /// `marked` or `addressee`.
    pub reason_code: String,
}

/// A seal as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = dossier_seal)]
pub struct SealRow {
    pub dossier_id: Id,
    pub approval_id: Id,
    /// The exact text of `seal.json`.
    pub seal_json: String,
    /// The exact text of `seal.sig`.
    pub signature: String,
    /// The signing key's row in `wrapped_key`.
    pub key_id: Id,
    pub sealed_at: Instant,
}

/// A package as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = dossier_package)]
pub struct PackageRow {
    pub dossier_id: Id,
    pub blob_id: Id,
    pub size: i64,
    pub written_at: Instant,
}

/// An agency as an addressee.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = agency)]
pub struct Agency {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub type_code: String,
    pub level: String,
    pub region_code: String,
    /// The line above a letter's text; empty: the name.
    pub addressee: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub synthetic: bool,
}

/// What [`dossiers`] selects.
pub(super) type Row = (
    (Id, Id, Id, Id, String, Instant, bool),
    i32,
    (String, String, String),
    Option<(Vec<u8>, Vec<u8>, Instant, Option<Vec<u8>>)>,
    Option<(Instant, Id)>,
    Option<Instant>,
    Option<(Instant, i64)>,
);

pub(super) fn read(row: Row) -> Dossier {
    let ((id, composition_id, lead_id, agency_id, folder, created_at, synthetic), version, names, ..) = row;
    let (.., frozen, approved, sealed_at, packed) = row;
    let (agency_code, agency_name_zh, agency_name_en) = names;
    Dossier {
        id,
        composition_id,
        lead_id,
        agency_id,
        folder,
        created_at,
        synthetic,
        version,
        agency_code,
        agency_name_zh,
        agency_name_en,
        content_sha256: frozen.as_ref().map(|f| HEXLOWER.encode(&f.0)),
        manifest_sha256: frozen.as_ref().map(|f| HEXLOWER.encode(&f.1)),
        frozen_at: frozen.as_ref().map(|f| f.2),
        approval_salt: frozen.and_then(|f| f.3).map(|salt| HEXLOWER.encode(&salt)),
        approved_at: approved.map(|a| a.0),
        approved_by: approved.map(|a| a.1),
        sealed_at,
        packed,
    }
}

/// The rows of dossiers with everything that says how far they are.
macro_rules! dossiers {
    () => {
        dossier::table
            .inner_join(composition::table)
            .inner_join(agency::table)
            .left_join(dossier_freeze::table)
            .left_join(dossier_seal::table)
            .left_join(dossier_package::table)
            .left_join(approval::table.on(
                approval::composition_id.eq(dossier::composition_id).and(approval::decision.eq("approved")),
            ))
            .select((
                (
                    dossier::id,
                    dossier::composition_id,
                    dossier::lead_id,
                    dossier::agency_id,
                    dossier::folder,
                    dossier::created_at,
                    dossier::synthetic,
                ),
                composition::version,
                (agency::code, agency::name_zh, agency::name_en),
                (
                    dossier_freeze::content_sha256,
                    dossier_freeze::manifest_sha256,
                    dossier_freeze::frozen_at,
                    dossier_freeze::approval_salt,
                )
                    .nullable(),
                (approval::at, approval::actor_id).nullable(),
                dossier_seal::sealed_at.nullable(),
                (dossier_package::written_at, dossier_package::size).nullable(),
            ))
    };
}
pub(super) use dossiers;

/// A dossier, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Dossier> {
    Ok(read(dossiers!().filter(dossier::id.eq(id)).first::<Row>(conn)?))
}

/// A dossier that the actor may see: the platform's readers and auditors see all; an agency what was opened to it, and
/// only once it is sealed.
///
/// # Errors
/// `NotFound` for what is not there and for what is not to be seen.
pub fn find_visible(conn: &mut Connection, actor: &Actor, id: Id) -> Result<Dossier> {
    if let Some(agency_id) = actor.agency_id() {
        access::require(conn, id, Some(agency_id))?;
        let found = find(conn, id)?;
        return if found.packed.is_some() { Ok(found) } else { Err(AppError::NotFound) };
    }
    if actor.has_any(CASE_READERS) { find(conn, id) } else { Err(AppError::NotFound) }
}

/// The dossiers of a lead, newest version first, then by agency.
///
/// # Errors
/// Those of the database.
pub fn of_lead(conn: &mut Connection, lead_id: Id) -> Result<Vec<Dossier>> {
    let rows: Vec<Row> = dossiers!()
        .filter(dossier::lead_id.eq(lead_id))
        .order((composition::version.desc(), agency::code))
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Up to `most` dossiers, newest first, of one lead or of all, made before the one with the id `after`.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, lead: Option<Id>, after: Option<Id>, most: i64) -> Result<Vec<Dossier>> {
    let mut rows = dossiers!().order(dossier::id.desc()).limit(most).into_boxed();
    if let Some(lead_id) = lead {
        rows = rows.filter(dossier::lead_id.eq(lead_id));
    }
    if let Some(after) = after {
        rows = rows.filter(dossier::id.lt(after));
    }
    Ok(rows.load::<Row>(conn)?.into_iter().map(read).collect())
}

/// The dossiers of a composition, by agency.
///
/// # Errors
/// Those of the database.
pub fn of_composition(conn: &mut Connection, composition_id: Id) -> Result<Vec<Dossier>> {
    let rows: Vec<Row> =
        dossiers!().filter(dossier::composition_id.eq(composition_id)).order(agency::code).load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Every dossier's id, for `check`.
///
/// # Errors
/// Those of the database.
pub fn all_ids(conn: &mut Connection) -> Result<Vec<Id>> {
    Ok(dossier::table.order(dossier::id).select(dossier::id).load(conn)?)
}

/// A composition.
///
/// # Errors
/// `NotFound`.
pub fn composition(conn: &mut Connection, id: Id) -> Result<Composition> {
    Ok(composition::table.find(id).select(Composition::as_select()).first(conn)?)
}

/// The compositions of a lead, newest first.
///
/// # Errors
/// Those of the database.
pub fn compositions(conn: &mut Connection, lead_id: Id) -> Result<Vec<Composition>> {
    Ok(composition::table
        .filter(composition::lead_id.eq(lead_id))
        .order(composition::version.desc())
        .select(Composition::as_select())
        .load(conn)?)
}

/// The items of a composition with their numbers, in order.
///
/// # Errors
/// Those of the database.
pub fn items(conn: &mut Connection, composition_id: Id) -> Result<Vec<(Id, i32)>> {
    Ok(composition_item::table
        .filter(composition_item::composition_id.eq(composition_id))
        .order(composition_item::number)
        .select((composition_item::evidence_id, composition_item::number))
        .load(conn)?)
}

/// What is kept back from the addressee of a dossier, by number.
///
/// # Errors
/// Those of the database.
pub fn withheld(conn: &mut Connection, dossier_id: Id) -> Result<Vec<Withheld>> {
    Ok(dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq(dossier_id))
        .order(dossier_withheld::number)
        .select(Withheld::as_select())
        .load(conn)?)
}

/// Hashes of content and manifest, files, time, salt.
type FreezeRow = (Vec<u8>, Vec<u8>, String, Instant, Option<Vec<u8>>);

/// What was frozen of a dossier; `None` while it is being made.
///
/// # Errors
/// Those of the database.
pub fn frozen(conn: &mut Connection, dossier_id: Id) -> Result<Option<Freeze>> {
    let row: Option<FreezeRow> = dossier_freeze::table
        .find(dossier_id)
        .select((
            dossier_freeze::content_sha256,
            dossier_freeze::manifest_sha256,
            dossier_freeze::files,
            dossier_freeze::frozen_at,
            dossier_freeze::approval_salt,
        ))
        .first(conn)
        .optional()?;
    row.map(|(content, manifest, files, frozen_at, salt)| {
        let files: Vec<FrozenFile> = serde_json::from_str(&files)?;
        Ok(Freeze {
            content_sha256: HEXLOWER.encode(&content),
            manifest_sha256: HEXLOWER.encode(&manifest),
            files,
            frozen_at,
            approval_salt: salt.map(|salt| HEXLOWER.encode(&salt)),
        })
    })
    .transpose()
}

/// The seal of a dossier.
///
/// # Errors
/// Those of the database.
pub fn seal(conn: &mut Connection, dossier_id: Id) -> Result<Option<SealRow>> {
    Ok(dossier_seal::table.find(dossier_id).select(SealRow::as_select()).first(conn).optional()?)
}

/// The package of a dossier.
///
/// # Errors
/// Those of the database.
pub fn package(conn: &mut Connection, dossier_id: Id) -> Result<Option<PackageRow>> {
    Ok(dossier_package::table.find(dossier_id).select(PackageRow::as_select()).first(conn).optional()?)
}

/// Agencies by their ids, in the order of their codes; unknown ids are left out.
///
/// # Errors
/// Those of the database.
pub fn agencies(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Agency>> {
    Ok(agency::table
        .filter(agency::id.eq_any(ids))
        .order(agency::code)
        .select(Agency::as_select())
        .load(conn)?)
}

/// Ids of all dossiers of a composition, with what they were frozen to.
///
/// # Errors
/// Those of the database.
pub fn manifests(conn: &mut Connection, composition_id: Id) -> Result<Vec<(Id, Option<String>)>> {
    let all = of_composition(conn, composition_id)?;
    Ok(all.into_iter().map(|one| (one.id, one.manifest_sha256)).collect())
}
