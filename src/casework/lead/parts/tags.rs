//! Charges and brands of leads, as stored.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id, Tx,
        schema::{brand, lead_brand, lead_charge},
    },
    error::Result,
};

/// The charges of a lead, by code.
///
/// # Errors
/// Those of the database.
pub fn charges_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<String>> {
    Ok(lead_charge::table
        .filter(lead_charge::lead_id.eq(lead_id))
        .order(lead_charge::charge_code)
        .select(lead_charge::charge_code)
        .load(conn)?)
}

/// The charges of the leads of one page.
///
/// # Errors
/// Those of the database.
pub fn charges_of_many(conn: &mut Connection, lead_ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let mut found: HashMap<Id, Vec<String>> = HashMap::new();
    for part in lead_ids.chunks(500) {
        let rows: Vec<(Id, String)> = lead_charge::table
            .filter(lead_charge::lead_id.eq_any(part))
            .order(lead_charge::charge_code)
            .select((lead_charge::lead_id, lead_charge::charge_code))
            .load(conn)?;
        rows.into_iter().for_each(|(id, code)| found.entry(id).or_default().push(code));
    }
    Ok(found)
}

/// A brand as a lead names it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Brand {
    pub id: Id,
    pub name: String,
    pub name_en: String,
    /// The rights holder as the lead states it, or empty.
    pub owner: String,
}

/// The brands of a lead, by name.
///
/// # Errors
/// Those of the database.
pub fn brands_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<Brand>> {
    Ok(lead_brand::table
        .inner_join(brand::table)
        .filter(lead_brand::lead_id.eq(lead_id))
        .order(brand::name)
        .select((brand::id, brand::name, brand::name_en, lead_brand::owner))
        .load(conn)?)
}

/// The brand names of the leads of one page.
///
/// # Errors
/// Those of the database.
pub fn brands_of_many(conn: &mut Connection, lead_ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let mut found: HashMap<Id, Vec<String>> = HashMap::new();
    for part in lead_ids.chunks(500) {
        let rows: Vec<(Id, String)> = lead_brand::table
            .inner_join(brand::table)
            .filter(lead_brand::lead_id.eq_any(part))
            .order(brand::name)
            .select((lead_brand::lead_id, brand::name))
            .load(conn)?;
        rows.into_iter().for_each(|(id, name)| found.entry(id).or_default().push(name));
    }
    Ok(found)
}

/// Names of all brands, in their order, for suggestions; at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn brands(conn: &mut Connection, limit: i64) -> Result<Vec<String>> {
    Ok(brand::table.order(brand::name).limit(limit).select(brand::name).load(conn)?)
}

/// The brand of exactly this name, if there is one.
///
/// # Errors
/// Those of the database.
pub fn brand_called(conn: &mut Connection, name: &str) -> Result<Option<String>> {
    Ok(brand::table.filter(brand::name.eq(name)).select(brand::name).first(conn).optional()?)
}

/// How many brands there are.
///
/// # Errors
/// Those of the database.
pub fn brand_count(conn: &mut Connection) -> Result<i64> {
    Ok(brand::table.count().get_result(conn)?)
}

/// Makes the lead's charges exactly these.
pub(in crate::casework::lead) fn replace_charges(
    tx: &mut Tx<'_>,
    lead_id: Id,
    codes: &[String],
) -> Result<()> {
    diesel::delete(lead_charge::table.filter(lead_charge::lead_id.eq(lead_id))).execute(tx.conn())?;
    for code in codes {
        diesel::insert_into(lead_charge::table)
            .values((lead_charge::lead_id.eq(lead_id), lead_charge::charge_code.eq(code)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The brand of this name, made if there is none.
pub(in crate::casework::lead) fn brand_named(tx: &mut Tx<'_>, name: &str) -> Result<Id> {
    let found: Option<Id> =
        brand::table.filter(brand::name.eq(name)).select(brand::id).first(tx.conn()).optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(brand::table)
        .values((brand::id.eq(id), brand::name.eq(name), brand::created_at.eq(now)))
        .execute(tx.conn())?;
    Ok(id)
}

/// Links a brand with its rights holder (or none: empty), or changes who that is; false if it was linked already.
pub(in crate::casework::lead) fn link_brand(
    tx: &mut Tx<'_>,
    lead_id: Id,
    brand_id: Id,
    owner: &str,
) -> Result<bool> {
    let link =
        lead_brand::table.filter(lead_brand::lead_id.eq(lead_id)).filter(lead_brand::brand_id.eq(brand_id));
    if diesel::update(link).set(lead_brand::owner.eq(owner)).execute(tx.conn())? > 0 {
        return Ok(false);
    }
    diesel::insert_into(lead_brand::table)
        .values((
            lead_brand::lead_id.eq(lead_id),
            lead_brand::brand_id.eq(brand_id),
            lead_brand::owner.eq(owner),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// Takes a brand off the lead; the brand itself stays.
pub(in crate::casework::lead) fn unlink_brand(tx: &mut Tx<'_>, lead_id: Id, brand_id: Id) -> Result<usize> {
    let link =
        lead_brand::table.filter(lead_brand::lead_id.eq(lead_id)).filter(lead_brand::brand_id.eq(brand_id));
    Ok(diesel::delete(link).execute(tx.conn())?)
}
