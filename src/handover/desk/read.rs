//! What the desk's lists and pages of cases, and its choice of agencies, read from the rooms before it.

use chrono::NaiveDate;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Bool,
};

use super::{
    case_page::CaseDetail,
    cases_list::{Filter, Found},
};
use crate::{
    casework::lead::remark,
    directory::people::{Actor, policy::CASE_READERS, store as people},
    handover::{
        agency_case::{
            paper,
            store::{self, CaseRow},
        },
        delivery::replacement,
        transfer::store as transfers,
    },
    holds,
    platform::{
        db::{
            Connection, Id,
            schema::{access, agency, agency_case, person},
        },
        error::{AppError, Result},
        keyset::Edge,
    },
};

/// One case with all that belongs to it.
///
/// # Errors
/// `NotFound`.
pub fn case(conn: &mut Connection, me: &Actor, id: Id) -> Result<CaseDetail> {
    let row = store::visible(conn, me, id)?;
    let steps = store::steps(conn, id)?;
    let is_agency = me.agency.is_some();
    let joined = store::transfers_of(conn, id)?
        .into_iter()
        .map(|row| {
            let lead = (!is_agency).then_some((row.lead_id, row.lead_number, row.title));
            (row.transfer_id, row.number, lead)
        })
        .collect();
    let papers = if is_agency { Vec::new() } else { store::papers(conn, id)? };
    let actors: Vec<Id> = steps.iter().filter_map(|s| s.actor_id).collect();
    let ids: Vec<Id> = papers.iter().map(|paper| paper.id).collect();
    let replaced = replacement::store::of(conn, &ids)?;
    let took_in = papers.iter().map(|p| p.uploaded_by).chain(replaced.iter().map(|r| r.uploaded_by));
    let named: Vec<Id> = actors.iter().copied().chain(took_in).collect();
    let remarks = steps.iter().map(|s| s.remark_id).chain(replaced.iter().map(|r| r.remark_id));
    let remarks: Vec<Id> = remarks.flatten().collect();
    let names = people::names(conn, named)?;
    let by_platform = person::table
        .filter(person::id.eq_any(actors))
        .filter(person::side.ne("agency"))
        .select(person::id)
        .load(conn)?;
    Ok(CaseDetail {
        agency: transfers::agency_row(conn, row.agency_id)?,
        merged_into: row.merged_into.map(|id| store::find(conn, id)).transpose()?,
        has_accounts: transfers::has_accounts(conn, row.agency_id)?,
        rested_on: paper::rested_on(conn, me.id, &steps, &ids)?,
        is_sender: !is_agency && store::is_sender(conn, id, me.id)?,
        names,
        texts: remark::bodies(conn, remarks)?,
        transfers: joined,
        papers,
        replaced,
        by_platform,
        steps,
        row,
    })
}

/// The cases that `me` may see from the filter's edge on: newest first, for `Before` against that order.
///
/// # Errors
/// `NotFound` for somebody who reads no cases.
pub fn cases(conn: &mut Connection, me: &Actor, filter: &Filter, limit: i64) -> Result<Vec<Found>> {
    let mut query = agency_case::table.inner_join(agency::table).into_boxed();
    match me.agency_id() {
        Some(own) => {
            let seen = access::table
                .filter(access::agency_id.eq(own))
                .filter(access::kind.eq("case"))
                .select(access::object_id);
            query = query.filter(agency_case::agency_id.eq(own)).filter(agency_case::id.eq_any(seen));
        }
        None if me.has_any(CASE_READERS) => {}
        None => return Err(AppError::NotFound),
    }
    if let Some(status) = filter.status {
        query = query.filter(agency_case::status.eq(status.as_str()));
    }
    if let Some(id) = filter.agency {
        query = query.filter(agency_case::agency_id.eq(id));
    }
    if let Some(condition) = filter.counted() {
        query = query.filter(sql::<Bool>(&condition));
    }
    if !filter.q.is_empty() {
        query =
            query.filter(holds!(agency_case::number, &filter.q).or(holds!(agency_case::title, &filter.q)));
    }
    let (opened_at, id) = (agency_case::opened_at, agency_case::id);
    query = match filter.edge {
        Edge::Start => query,
        Edge::After((at, last)) => query.filter(opened_at.lt(at).or(opened_at.eq(at).and(id.lt(last)))),
        Edge::Before((at, first)) => query.filter(opened_at.gt(at).or(opened_at.eq(at).and(id.gt(first)))),
    };
    query = if filter.edge.is_forward() {
        query.order((opened_at.desc(), id.desc()))
    } else {
        query.order((opened_at.asc(), id.asc()))
    };
    Ok(query.select((CaseRow::as_select(), (agency::name_zh, agency::name_en))).limit(limit).load(conn)?)
}

/// The agencies that have cases, for the filter.
///
/// # Errors
/// Those of the database.
pub fn agencies_with_cases(conn: &mut Connection) -> Result<Vec<(Id, String, String)>> {
    Ok(agency::table
        .filter(exists(agency_case::table.filter(agency_case::agency_id.eq(agency::id))))
        .order((agency::region_code, agency::name_zh))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?)
}

/// Which agencies are looked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// In the name or the code.
    pub q: String,
    /// The digits with which the region's code begins; empty: anywhere.
    pub region: String,
    /// Code of the type; empty: any.
    pub kind: String,
    /// One that is chosen already and stays among them.
    pub chosen: Option<Id>,
}

/// An agency that something can be forwarded to: id, Chinese and English name, region.
pub type Target = (Id, String, String, String);

/// At most `most` living agencies but `own` that are looked for.
///
/// # Errors
/// Those of the database.
pub fn targets(
    conn: &mut Connection,
    own: Id,
    wanted: &Wanted,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<Target>> {
    let q = &wanted.q;
    let named = holds!(agency::name_zh, q).or(holds!(agency::name_en, q)).or(holds!(agency::code, q));
    let living = agency::valid_to.is_null().or(agency::valid_to.ge(today));
    let select = (agency::id, agency::name_zh, agency::name_en, agency::region_code);
    let mut query = agency::table.filter(agency::id.ne(own)).filter(living).filter(named).into_boxed();
    if !wanted.region.is_empty() {
        query = query.filter(agency::region_code.like(format!("{}%", wanted.region)));
    }
    if !wanted.kind.is_empty() {
        query = query.filter(agency::type_code.eq(&wanted.kind));
    }
    Ok(query.order((agency::region_code, agency::name_zh)).limit(most).select(select).load(conn)?)
}

/// The agency that is chosen already, unless it is `own`.
///
/// # Errors
/// Those of the database.
pub fn target(conn: &mut Connection, own: Id, id: Id) -> Result<Option<Target>> {
    Ok(agency::table
        .find(id)
        .filter(agency::id.ne(own))
        .select((agency::id, agency::name_zh, agency::name_en, agency::region_code))
        .first(conn)
        .optional()?)
}
