//! The cases that entries of the ledger belong to.

use diesel::prelude::*;

use crate::{
    directory::people::{Actor, policy::CASE_READERS},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{access, agency, agency_case, case_joined, transfer},
        },
        error::{AppError, Result},
    },
};

/// The case that an entry belongs to, as far as it matters here.
#[derive(Clone, Debug, Queryable)]
pub struct CaseRow {
    pub id: Id,
    pub agency_id: Id,
    pub number: String,
    pub title: String,
    pub status: String,
    pub region_code: String,
    pub synthetic: bool,
    pub agency_zh: String,
    pub agency_en: String,
}

/// The case, if the actor may see it.
///
/// # Errors
/// `NotFound`.
pub fn visible_case(conn: &mut Connection, me: &Actor, id: Id) -> Result<CaseRow> {
    visible_cases(conn, me, &[id])?.pop().ok_or(AppError::NotFound)
}

/// Those of these cases that the actor may see, in no order.
///
/// # Errors
/// Those of the database.
pub fn visible_cases(conn: &mut Connection, me: &Actor, ids: &[Id]) -> Result<Vec<CaseRow>> {
    let these = agency_case::id.eq_any(ids.to_vec());
    let mut query = agency_case::table.inner_join(agency::table).filter(these).into_boxed();
    match me.agency_id() {
        Some(own) => {
            let seen = access::table.filter(access::agency_id.eq(own)).select(access::object_id);
            query = query.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen));
        }
        None if me.has_any(CASE_READERS) => {}
        None => return Ok(Vec::new()),
    }
    Ok(query
        .select((
            agency_case::id,
            agency_case::agency_id,
            agency_case::number,
            agency_case::title,
            agency_case::status,
            agency_case::region_code,
            agency_case::synthetic,
            agency::name_zh,
            agency::name_en,
        ))
        .load(conn)?)
}

/// When the first of the leads of a case was sent to its agency; a transfer that went on in another case counts too.
///
/// # Errors
/// Those of the database.
pub fn first_sent(conn: &mut Connection, case_id: Id) -> Result<Option<Instant>> {
    let joined = case_joined::table.filter(case_joined::case_id.eq(case_id)).select(case_joined::transfer_id);
    Ok(transfer::table
        .filter(transfer::id.eq_any(joined))
        .select(diesel::dsl::min(transfer::sent_at))
        .first(conn)?)
}
