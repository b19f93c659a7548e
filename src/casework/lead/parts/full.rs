//! How much a lead names: its page, its papers and its packages have all of it, and each is read whole.

use diesel::prelude::*;

use crate::platform::{
    db::{
        Connection, Id,
        schema::{lead_site, lead_subject, listing},
    },
    error::{AppError, FieldError, Result},
};

/// So many subjects, so many sites in their roles, and so many offers at most. Sales in any number are a table among the
/// evidence.
pub const MOST: i64 = 1_000;

fn refuse(last: Option<Id>, field: &'static str) -> Result<()> {
    if last.is_none() {
        return Ok(());
    }
    Err(AppError::Invalid(vec![FieldError::new(field, "error-lead-full").arg("max", MOST)]))
}

/// Refuses another subject of a lead that names as many as it can.
///
/// # Errors
/// `Invalid` at this field.
pub(super) fn subjects(conn: &mut Connection, lead_id: Id, field: &'static str) -> Result<()> {
    let all = lead_subject::table.filter(lead_subject::lead_id.eq(lead_id));
    let last = all.select(lead_subject::subject_id).order(lead_subject::subject_id).offset(MOST - 1);
    refuse(last.first(conn).optional()?, field)
}

/// As [`subjects`], of a site.
///
/// # Errors
/// `Invalid` at its address.
pub(super) fn sites(conn: &mut Connection, lead_id: Id) -> Result<()> {
    let all = lead_site::table.filter(lead_site::lead_id.eq(lead_id));
    let last = all.select(lead_site::site_id).order(lead_site::site_id).offset(MOST - 1);
    refuse(last.first(conn).optional()?, "address")
}

/// As [`subjects`], of an offer.
///
/// # Errors
/// `Invalid` at its link.
pub(super) fn listings(conn: &mut Connection, lead_id: Id) -> Result<()> {
    let all = listing::table.filter(listing::lead_id.eq(lead_id));
    let last = all.select(listing::id).order(listing::id).offset(MOST - 1);
    refuse(last.first(conn).optional()?, "url")
}
