//! What the desk's lists and pages of cases, and its choice of agencies, read from the rooms before it.

use chrono::NaiveDate;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Bool,
};

use super::{
    case_page::CaseDetail,
    cases_filter::{By, Filter, Key, key_of},
    cases_list::Found,
    count::{self, BehindCase, CASES},
};
use crate::{
    casework::lead::remark,
    directory::{
        agencies::search,
        people::{Actor, policy::CASE_READERS, store as people},
        reference::region,
    },
    handover::{
        agency_case::{
            paper,
            store::{self, CaseRow},
        },
        delivery::replacement,
        transfer::store as transfers,
        waiting::case_papers,
    },
    holds,
    platform::{
        db::{
            Connection, Id,
            schema::{access, agency, agency_case, person},
        },
        error::{AppError, Result},
        http::list_head::{Counts, LOOKED_AT},
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

/// The cases that `me` may see as the filter narrows them, in no order: what is shown and what is counted.
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($me:expr, $filter:expr) => {{
        let mut query = agency_case::table.inner_join(agency::table).into_boxed();
        match $me.agency_id() {
            Some(own) => {
                // Looked up for what is shown: an agency may see far more.
                let seen = access::table
                    .filter(access::object_id.eq(agency_case::id))
                    .filter(access::agency_id.eq(own))
                    .filter(access::kind.eq("case"));
                query = query.filter(agency_case::agency_id.eq(own)).filter(exists(seen));
            }
            None if $me.has_any(CASE_READERS) => {}
            None => return Err(AppError::NotFound),
        }
        if let Some(status) = $filter.status {
            query = query.filter(agency_case::status.eq(status.as_str()));
        }
        if let Some(id) = $filter.agency {
            query = query.filter(agency_case::agency_id.eq(id));
        }
        if !$filter.picked.is_empty() {
            query = query.filter(agency_case::id.eq_any($filter.picked.clone()));
        }
        if !$filter.region.is_empty() {
            let within = format!("{}%", region::stem(&$filter.region));
            query = query.filter(agency_case::region_code.like(within));
        }
        if !$filter.officer.is_empty() {
            query = query.filter(holds!(agency_case::officer, &$filter.officer));
        }
        if let Some(first) = $filter.opened().0 {
            query = query.filter(agency_case::opened_at.ge(first));
        }
        if let Some(last) = $filter.opened().1 {
            query = query.filter(agency_case::opened_at.le(last));
        }
        if let Some(first) = $filter.filed().0 {
            query = query.filter(agency_case::filed_on.ge(first));
        }
        if let Some(last) = $filter.filed().1 {
            query = query.filter(agency_case::filed_on.le(last));
        }
        if let Some(condition) = $filter.counted() {
            query = query.filter(sql::<Bool>(&condition));
        }
        if let Some(only) = &$filter.only {
            query = query.filter(agency_case::id.eq_any(only.clone()));
        }
        if !$filter.q.is_empty() {
            query = query
                .filter(holds!(agency_case::number, &$filter.q).or(holds!(agency_case::title, &$filter.q)));
        }
        query
    }};
}

/// The filter with the cases that it asks for by what waits for `me`.
fn looked_up(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Filter> {
    let mut filter = filter.clone();
    if filter.papers_wait {
        filter.only = Some(case_papers::to_record(conn, me.id)?.into_iter().map(|(case, _)| case).collect());
    }
    Ok(filter)
}

/// The cases that `me` may see from the filter's edge on, in its order; for `Before` against that order.
///
/// # Errors
/// `NotFound` for somebody who reads no cases; `Invalid` for an edge beside a case that there is none of, or none for `me`.
pub fn cases(conn: &mut Connection, me: &Actor, filter: &Filter, limit: i64) -> Result<Vec<Found>> {
    let filter = &looked_up(conn, me, filter)?;
    let edge = filter.edge.found(|id| store::visible(conn, me, id).map(|row| key_of(&row)))?;
    beside(conn, me, filter, &edge, limit)
}

/// As [`cases`], behind a case as it was read, whatever became of it meanwhile; `None`: from the first one on.
///
/// # Errors
/// `NotFound` for somebody who reads no cases.
pub fn cases_behind(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    last: Option<&Found>,
    limit: i64,
) -> Result<Vec<Found>> {
    let filter = &looked_up(conn, me, filter)?;
    beside(conn, me, filter, &last.map_or(Edge::Start, |(row, _)| Edge::After(key_of(row))), limit)
}

/// As [`cases`], from an edge whose place is known; `filter`: with what it asks for looked up.
fn beside(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    edge: &Edge<Key>,
    limit: i64,
) -> Result<Vec<Found>> {
    let (key, forward) = (edge.key().copied(), edge.is_forward());
    if filter.sort.by == By::Opened {
        return some(conn, me, filter, (true, key, forward), limit);
    }
    // The two parts of the list, in the order in which they are met from the edge on: both go along an index.
    let first = key.is_none_or(|(_, filed, _)| filed.is_some());
    let mut found = some(conn, me, filter, (first, key, forward), limit)?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 && first == forward {
        found.extend(some(conn, me, filter, (!first, None, forward), left)?);
    }
    Ok(found)
}

/// As [`cases`], of one part of the list where it has two: of what is filed, or of the others; `forward`: along the list's
/// order.
fn some(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    (is_filed, key, forward): (bool, Option<Key>, bool),
    limit: i64,
) -> Result<Vec<Found>> {
    let mut query = narrowed!(me, filter);
    let (opened, filed, id) = (agency_case::opened_at, agency_case::filed_on, agency_case::id);
    if filter.sort.by == By::Filed {
        query = if is_filed { query.filter(filed.is_not_null()) } else { query.filter(filed.is_null()) };
    }
    let rises = filter.sort.descending != forward;
    // Where two conditions narrow to one side of a key, the first is the one that the index goes by.
    query = match (filter.sort.by, key) {
        (_, None) => query,
        (By::Opened, Some((at, _, last))) if rises => {
            query.filter(opened.ge(at)).filter(opened.gt(at).or(id.gt(last)))
        }
        (By::Opened, Some((at, _, last))) => {
            query.filter(opened.le(at)).filter(opened.lt(at).or(id.lt(last)))
        }
        (By::Filed, Some((_, Some(on), last))) if rises => query
            .filter(filed.assume_not_null().ge(on))
            .filter(filed.assume_not_null().gt(on).or(id.gt(last))),
        (By::Filed, Some((_, Some(on), last))) => query
            .filter(filed.assume_not_null().le(on))
            .filter(filed.assume_not_null().lt(on).or(id.lt(last))),
        (By::Filed, Some((_, None, last))) if rises => query.filter(id.gt(last)),
        (By::Filed, Some((_, None, last))) => query.filter(id.lt(last)),
    };
    query = match (filter.sort.by, rises) {
        (By::Opened, true) => query.order((opened.asc(), id.asc())),
        (By::Opened, false) => query.order((opened.desc(), id.desc())),
        (By::Filed, true) => query.order((filed.asc(), id.asc())),
        (By::Filed, false) => query.order((filed.desc(), id.desc())),
    };
    Ok(query.select((CaseRow::as_select(), (agency::name_zh, agency::name_en))).limit(limit).load(conn)?)
}

/// How many cases of each status a filter leaves; of very many the newest alone are looked at ([`LOOKED_AT`]). `None`: the
/// list is that of a figure, whose number stands above it.
///
/// # Errors
/// As [`cases`].
pub fn counts(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Option<Counts>> {
    let others = &Filter { status: None, ..looked_up(conn, me, filter)? };
    // A look at a whole year takes its time.
    if others.filed_year.is_some() {
        return Ok(None);
    }
    if others.is_by_agency_alone() {
        return count::by_index(conn, me, CASES, filter.agency).map(Some);
    }
    let is_few = others.only.is_some() || !others.picked.is_empty();
    let behind = if is_few { None } else { count::cases_not_looked_at(conn, me, others)? };
    let query = narrowed!(me, others);
    // In this order it goes along the index that the case was found by.
    let query = match behind {
        None => query,
        Some(BehindCase::Opened(at)) => {
            query.filter(agency_case::opened_at.ge(at)).order(agency_case::opened_at.desc())
        }
        Some(BehindCase::Filed(on)) => {
            query.filter(agency_case::filed_on.ge(on)).order(agency_case::filed_on.desc())
        }
    };
    let states: Vec<String> = query.select(agency_case::status).limit(LOOKED_AT + 1).load(conn)?;
    Ok(Some(Counts::of_states(states, behind.is_some())))
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
    let sounds = search::by_sounds(conn, &wanted.q)?;
    let named = search::is_called!(&wanted.q, sounds);
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
