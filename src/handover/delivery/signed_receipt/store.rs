//! Rows of signed receipts: hash and signature for ever, the document's bytes beside them, erasable by law.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{handover_receipt, handover_receipt_text},
    },
    error::Result,
};

/// A receipt as stored, without what it says.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = handover_receipt)]
pub struct ReceiptRow {
    pub delivery_id: Id,
    /// SHA-256 of `receipt.json`.
    pub sha256: Vec<u8>,
    /// The exact text of `receipt.sig`.
    pub signature: String,
    /// The signing key's row in `wrapped_key`.
    pub key_id: Id,
    pub strength: String,
    pub signed_by: Id,
    pub signed_at: Instant,
}

/// Keeps a receipt; `json`: the exact text of `receipt.json`.
///
/// # Errors
/// Those of the database; a delivery has one at most.
pub(super) fn insert(conn: &mut Connection, row: &ReceiptRow, json: &str) -> Result<()> {
    diesel::insert_into(handover_receipt::table).values(row).execute(conn)?;
    diesel::insert_into(handover_receipt_text::table)
        .values((
            handover_receipt_text::delivery_id.eq(row.delivery_id),
            handover_receipt_text::receipt_json.eq(json),
        ))
        .execute(conn)?;
    Ok(())
}

/// The receipt of a delivery, with the exact text of `receipt.json` unless that was erased.
///
/// # Errors
/// Those of the database.
pub(super) fn find(conn: &mut Connection, delivery: Id) -> Result<Option<(ReceiptRow, Option<String>)>> {
    Ok(handover_receipt::table
        .left_join(handover_receipt_text::table)
        .filter(handover_receipt::delivery_id.eq(delivery))
        .select((ReceiptRow::as_select(), handover_receipt_text::receipt_json.nullable()))
        .first(conn)
        .optional()?)
}

/// The receipt of a delivery, as a page names it.
#[derive(Clone, Debug)]
pub struct Signed {
    /// A word of `casework::dossier::receipt::Strength`.
    pub strength: String,
    /// Whether what it says was not erased.
    pub is_there: bool,
}

/// The receipts of those of these deliveries that have one.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Connection, deliveries: &[Id]) -> Result<HashMap<Id, Signed>> {
    let rows: Vec<(Id, String, Option<Id>)> = handover_receipt::table
        .left_join(handover_receipt_text::table)
        .filter(handover_receipt::delivery_id.eq_any(deliveries))
        .select((
            handover_receipt::delivery_id,
            handover_receipt::strength,
            handover_receipt_text::delivery_id.nullable(),
        ))
        .load(conn)?;
    let signed = |(delivery, strength, text): (Id, String, Option<Id>)| {
        (delivery, Signed { strength, is_there: text.is_some() })
    };
    Ok(rows.into_iter().map(signed).collect())
}
