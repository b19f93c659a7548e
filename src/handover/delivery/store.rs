//! Rows of deliveries, and what a delivery must know of its dossier.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::Bool};

use crate::{
    directory::agencies::keys::model::fingerprint,
    handover::{transfer::model::Channel, waiting::REVOKED},
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{
                agency_key, composition, composition_item, delivery, delivery_key, dossier, dossier_freeze,
                dossier_seal, dossier_withheld, evidence, lead, review, transfer,
            },
        },
        error::{AppError, Result},
    },
};

/// A delivery as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = delivery)]
pub struct DeliveryRow {
    pub id: Id,
    pub transfer_id: Id,
    pub dossier_id: Id,
    pub sent_at: Instant,
    pub channel: String,
    pub sent_by: Id,
    pub handed_on: Option<NaiveDate>,
    pub handed_by: String,
    pub handed_to: String,
    pub tracking_number: String,
    pub receipt_blob_id: Option<Id>,
    pub receipt_name: String,
    pub receipt_at: Option<Instant>,
}

impl DeliveryRow {
    /// Whether it went on paper or disc.
    pub fn is_by_hand(&self) -> bool {
        self.channel != Channel::Portal.as_str()
    }
}

/// A dossier as far as sending it depends on it.
#[derive(Clone, Debug, Queryable)]
pub struct DossierRow {
    pub id: Id,
    pub lead_id: Id,
    pub agency_id: Id,
    pub folder: String,
    /// Of its composition, counted per lead.
    pub version: i32,
    pub synthetic: bool,
    pub sealed_at: Option<Instant>,
    /// SHA-256 of its manifest, once it is frozen.
    pub manifest: Option<Vec<u8>>,
    /// SHA-256 of its content, which is printed on each page of its papers.
    pub content: Option<Vec<u8>>,
}

/// The dossier `id`.
///
/// # Errors
/// `NotFound`.
pub fn dossier_row(conn: &mut Connection, id: Id) -> Result<DossierRow> {
    dossier_rows(conn, &[id])?.pop().ok_or(AppError::NotFound)
}

/// These dossiers, in no order.
///
/// # Errors
/// Those of the database.
pub fn dossier_rows(conn: &mut Connection, ids: &[Id]) -> Result<Vec<DossierRow>> {
    Ok(dossier::table
        .inner_join(composition::table)
        .left_join(dossier_seal::table)
        .left_join(dossier_freeze::table)
        .filter(dossier::id.eq_any(ids))
        .select((
            dossier::id,
            dossier::lead_id,
            dossier::agency_id,
            dossier::folder,
            composition::version,
            dossier::synthetic,
            dossier_seal::sealed_at.nullable(),
            dossier_freeze::manifest_sha256.nullable(),
            dossier_freeze::content_sha256.nullable(),
        ))
        .load(conn)?)
}

/// Whether what a transfer's agency decided was revoked, and the lead is to be sent to it anew.
///
/// # Errors
/// Those of the database.
pub fn is_revoked(conn: &mut Connection, transfer_id: Id) -> Result<bool> {
    let revoked: i64 = transfer::table
        .filter(transfer::id.eq(transfer_id))
        .filter(fixed::<Bool>(REVOKED))
        .count()
        .get_result(conn)?;
    Ok(revoked > 0)
}

/// Whether a newer version for the same agency is sealed.
///
/// # Errors
/// Those of the database.
pub fn is_superseded(conn: &mut Connection, row: &DossierRow) -> Result<bool> {
    let newer: i64 = dossier::table
        .inner_join(composition::table)
        .inner_join(dossier_seal::table)
        .filter(dossier::lead_id.eq(row.lead_id))
        .filter(dossier::agency_id.eq(row.agency_id))
        .filter(composition::version.gt(row.version))
        .count()
        .get_result(conn)?;
    Ok(newer > 0)
}

/// Whether a newer version for the same agency is in review, or approved and about to be sealed: it says of the earlier
/// versions what was handed over when it was made, and is not to become untrue meanwhile. A review that nobody decided
/// goes on only as long as its lead is in it.
///
/// # Errors
/// Those of the database.
pub fn is_being_replaced(conn: &mut Connection, row: &DossierRow) -> Result<bool> {
    let newer: i64 = dossier::table
        .inner_join(composition::table)
        .inner_join(review::table.on(review::composition_id.eq(composition::id)))
        .inner_join(lead::table.on(lead::id.eq(dossier::lead_id)))
        .filter(dossier::lead_id.eq(row.lead_id))
        .filter(dossier::agency_id.eq(row.agency_id))
        .filter(composition::version.gt(row.version))
        .filter(
            review::decision.is_null().and(lead::state.eq("in_review")).or(review::decision.eq("approved")),
        )
        .count()
        .get_result(conn)?;
    Ok(newer > 0)
}

/// Whether the dossier holds an item that has been marked do-not-disclose since: the mark goes before a version that
/// was sealed without it.
///
/// # Errors
/// Those of the database.
pub fn holds_marked(conn: &mut Connection, dossier_id: Id) -> Result<bool> {
    let kept_back = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq(dossier_id))
        .select(dossier_withheld::evidence_id);
    let marked: i64 = dossier::table
        .inner_join(composition_item::table.on(composition_item::composition_id.eq(dossier::composition_id)))
        .inner_join(evidence::table.on(evidence::id.eq(composition_item::evidence_id)))
        .filter(dossier::id.eq(dossier_id))
        .filter(evidence::withheld.eq(true))
        .filter(composition_item::evidence_id.ne_all(kept_back))
        .count()
        .get_result(conn)?;
    Ok(marked > 0)
}

/// Whether the dossier shows an item that was kept from `agency` in any version of the lead.
///
/// # Errors
/// Those of the database.
pub fn holds_kept_from(conn: &mut Connection, row: &DossierRow, agency: Id) -> Result<bool> {
    let of_agency = dossier::table
        .filter(dossier::lead_id.eq(row.lead_id))
        .filter(dossier::agency_id.eq(agency))
        .select(dossier::id);
    let kept_from: Vec<Id> = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq_any(of_agency))
        .select(dossier_withheld::evidence_id)
        .load(conn)?;
    let kept_back = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq(row.id))
        .select(dossier_withheld::evidence_id);
    let shown: i64 = dossier::table
        .inner_join(composition_item::table.on(composition_item::composition_id.eq(dossier::composition_id)))
        .filter(dossier::id.eq(row.id))
        .filter(composition_item::evidence_id.eq_any(kept_from))
        .filter(composition_item::evidence_id.ne_all(kept_back))
        .count()
        .get_result(conn)?;
    Ok(shown > 0)
}

/// The agency's dossier in the newest sealed version of the lead, if it has one there.
///
/// # Errors
/// Those of the database.
pub fn in_newest_sealed(conn: &mut Connection, lead_id: Id, agency: Id) -> Result<Option<Id>> {
    let newest: Option<Id> = composition::table
        .inner_join(dossier::table.inner_join(dossier_seal::table))
        .filter(composition::lead_id.eq(lead_id))
        .order(composition::version.desc())
        .select(composition::id)
        .first(conn)
        .optional()?;
    let Some(newest) = newest else { return Ok(None) };
    Ok(dossier::table
        .inner_join(dossier_seal::table)
        .filter(dossier::composition_id.eq(newest))
        .filter(dossier::agency_id.eq(agency))
        .select(dossier::id)
        .first(conn)
        .optional()?)
}

/// Writes a delivery.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &DeliveryRow, synthetic: bool) -> Result<()> {
    diesel::insert_into(delivery::table)
        .values((
            delivery::id.eq(row.id),
            delivery::transfer_id.eq(row.transfer_id),
            delivery::dossier_id.eq(row.dossier_id),
            delivery::sent_at.eq(row.sent_at),
            delivery::channel.eq(&row.channel),
            delivery::sent_by.eq(row.sent_by),
            delivery::handed_on.eq(row.handed_on),
            delivery::handed_by.eq(&row.handed_by),
            delivery::handed_to.eq(&row.handed_to),
            delivery::tracking_number.eq(&row.tracking_number),
            delivery::synthetic.eq(synthetic),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes to which keys what was handed over is encrypted.
///
/// # Errors
/// Those of the database.
pub fn insert_keys(conn: &mut Connection, id: Id, keys: &[Id]) -> Result<()> {
    for key in keys {
        diesel::insert_into(delivery_key::table)
            .values((delivery_key::delivery_id.eq(id), delivery_key::key_id.eq(key)))
            .execute(conn)?;
    }
    Ok(())
}

/// The fingerprints of the keys that deliveries were encrypted to; one that went as it is, is left out.
///
/// # Errors
/// Those of the database.
pub fn fingerprints(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let rows: Vec<(Id, String)> = delivery_key::table
        .inner_join(agency_key::table)
        .filter(delivery_key::delivery_id.eq_any(ids))
        .order((delivery_key::delivery_id, delivery_key::key_id))
        .select((delivery_key::delivery_id, agency_key::recipient))
        .load(conn)?;
    let mut found: HashMap<Id, Vec<String>> = HashMap::new();
    for (id, recipient) in rows {
        found.entry(id).or_default().push(fingerprint(&recipient));
    }
    Ok(found)
}

/// The deliveries of a transfer, newest first.
///
/// # Errors
/// Those of the database.
pub fn of_transfer(conn: &mut Connection, transfer_id: Id) -> Result<Vec<DeliveryRow>> {
    Ok(delivery::table
        .filter(delivery::transfer_id.eq(transfer_id))
        .order((delivery::sent_at.desc(), delivery::id.desc()))
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// One delivery.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<DeliveryRow> {
    Ok(delivery::table.find(id).select(DeliveryRow::as_select()).first(conn)?)
}

/// The transfer to the dossier's own agency on which it was delivered already.
///
/// # Errors
/// Those of the database.
pub fn delivered_on(conn: &mut Connection, row: &DossierRow) -> Result<Option<Id>> {
    Ok(delivery::table
        .inner_join(transfer::table)
        .filter(delivery::dossier_id.eq(row.id))
        .filter(transfer::agency_id.eq(row.agency_id))
        .select(delivery::transfer_id)
        .first(conn)
        .optional()?)
}

/// Keeps the scanned receipt with its delivery.
///
/// # Errors
/// Those of the database.
pub fn keep_receipt(conn: &mut Connection, id: Id, blob_id: Id, name: &str, at: Instant) -> Result<()> {
    diesel::update(delivery::table.find(id))
        .set((
            delivery::receipt_blob_id.eq(Some(blob_id)),
            delivery::receipt_name.eq(name),
            delivery::receipt_at.eq(Some(at)),
        ))
        .execute(conn)?;
    Ok(())
}
