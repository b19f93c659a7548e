//! Lists of transfers, scoped by the actor, filtered and keyset-paged.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::Bool,
};

use super::{
    beside::whys,
    count::{self, Behind, TRANSFERS},
    filter::{Cursor, Filter, Place, Sort},
};

use crate::{
    directory::{
        people::{Actor, policy::CASE_READERS},
        reference::{reasons, region},
    },
    handover::transfer::{
        due::due_for,
        store::{self, TransferRow},
    },
    holds,
    platform::{
        db::{
            Connection, Instant, fixed, fulltext,
            schema::{access, agency, lead, transfer, transfer_face},
        },
        error::{AppError, Result},
        http::list_head::{Counts, LOOKED_AT},
        i18n::Lang,
        keyset::{Edge, none_if_lost},
        time,
    },
};

/// So many rows that bear a word are many.
const MANY: i64 = 2_000;

/// One row of a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub transfer: TransferRow,
    pub agency_zh: String,
    pub agency_en: String,
    pub region_code: String,
    /// For the platform's eyes only.
    pub lead_number: String,
    /// Under which it was sent.
    pub title: String,
    /// Source of a published case; else empty.
    pub public_source: String,
    /// Why it was refused, returned, forwarded, not filed, or is to be supplemented, where it stands there now.
    pub reason: Option<Reason>,
}

/// Code and day of a reason.
pub type Reason = (String, NaiveDate);

impl ListRow {
    /// Its reason in words; empty where there is none.
    pub fn reason_in(&self, lang: Lang) -> String {
        let name = |(code, on): &Reason| {
            reasons().get(code, *on).map_or_else(|| code.clone(), |reason| reason.name(lang).to_owned())
        };
        self.reason.as_ref().map_or_else(String::new, name)
    }
}

/// Which rows, and in which order: each order goes along one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// All, by the time of sending.
    Sent,
    /// Those with a due time that the reader has to do with, the next first.
    Due,
    /// Those without one, newest first.
    NotDue,
}

/// The parts of the list by due time that lie beyond the edge, in the order in which they are read, each with its own
/// edge: what is due, then what is not, or against that order.
fn parts(edge: Edge<Place>) -> Vec<(Part, Edge<Place>)> {
    match edge {
        Edge::Start => vec![(Part::Due, edge), (Part::NotDue, edge)],
        Edge::After(at) if at.at.is_some() => vec![(Part::Due, edge), (Part::NotDue, Edge::Start)],
        Edge::Before(at) if at.at.is_none() => vec![(Part::NotDue, edge), (Part::Due, Edge::Start)],
        Edge::After(_) => vec![(Part::NotDue, edge)],
        Edge::Before(_) => vec![(Part::Due, edge)],
    }
}

/// The place of the row that the filter begins beside.
///
/// # Errors
/// `Invalid` for a row that there is none of, or none for `me`.
pub fn place(conn: &mut Connection, me: &Actor, filter: &Filter) -> Result<Edge<Place>> {
    filter.edge.found(|Cursor { at, id }| Ok(Place { at, seq: store::visible(conn, me, id)?.seq }))
}

/// The page that the filter asks for, of at most `limit` rows; none where it was not understood. A row that it begins
/// beside and that is not to be found becomes one of its faults.
///
/// # Errors
/// As [`rows`].
pub fn page(
    conn: &mut Connection,
    me: &Actor,
    filter: &mut Filter,
    limit: i64,
    now: Instant,
    zone: Tz,
) -> Result<Vec<ListRow>> {
    if !filter.faults.is_empty() {
        return Ok(Vec::new());
    }
    let read = place(conn, me, filter).and_then(|edge| rows(conn, me, filter, (edge, limit), now, zone));
    none_if_lost(read, &mut filter.faults)
}

/// The rows that `me` may see from the edge on, at most `limit` of them; for `Before` against the list's order.
///
/// # Errors
/// `NotFound` for somebody who reads no transfers.
pub fn rows(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    (edge, limit): (Edge<Place>, i64),
    now: Instant,
    zone: Tz,
) -> Result<Vec<ListRow>> {
    if filter.keys.is_none()
        && !filter.q.is_empty()
        && me.agency.is_none()
        && let Some(keys) = named(conn, &filter.q)?
    {
        let filter = Filter { keys: Some(keys), ..filter.clone() };
        return rows(conn, me, &filter, (edge, limit), now, zone);
    }
    if let (Some(waits), None) = (filter.waits, &filter.only)
        && let Some(only) = waits.only(conn, me)?
    {
        let filter = Filter { only: Some(only), ..filter.clone() };
        return rows(conn, me, &filter, (edge, limit), now, zone);
    }
    if filter.sort != Sort::Due {
        return part(conn, me, filter, (Part::Sent, edge, limit), edge.is_forward(), now, zone);
    }
    let mut found = Vec::new();
    for (which, from) in parts(edge) {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left > 0 {
            found.extend(part(conn, me, filter, (which, from, left), edge.is_forward(), now, zone)?);
        }
    }
    Ok(found)
}

/// The transfers that bear the number, and those of leads whose number or title, now or in a dossier, holds the words.
/// `None`: there are so many that a page is soon full of them.
fn named(conn: &mut Connection, q: &str) -> Result<Option<Vec<i64>>> {
    let everywhere = (i64::MIN, i64::MAX);
    let leads = fulltext::find(conn, fulltext::Index::Leads, q, everywhere, true, MANY)?.unwrap_or_default();
    let mut keys: Vec<i64> =
        transfer::table.filter(holds!(transfer::number, q)).select(transfer::seq).limit(MANY).load(conn)?;
    if [leads.len(), keys.len()].into_iter().any(|n| i64::try_from(n).is_ok_and(|n| n >= MANY)) {
        return Ok(None);
    }
    for part in leads.chunks(500) {
        let of_leads = transfer::table.inner_join(lead::table).filter(lead::seq.eq_any(part));
        keys.extend(of_leads.select(transfer::seq).load::<i64>(conn)?);
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(Some(keys))
}

/// The transfers that `me` may see as the filter narrows them, in no order: what is shown and what is counted.
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($me:expr, $filter:expr, $now:expr, $zone:expr) => {{
        let due_at = || due_for($me.side);
        let mut query = transfer::table
            .inner_join(agency::table)
            .inner_join(lead::table)
            .inner_join(transfer_face::table)
            .into_boxed();
        match $me.agency_id() {
            Some(own) => {
                // Looked up for what is shown: an agency may see far more.
                let seen = access::table
                    .filter(access::object_id.eq(transfer::id))
                    .filter(access::agency_id.eq(own))
                    .filter(access::kind.eq("transfer"));
                query = query.filter(transfer::agency_id.eq(own)).filter(exists(seen));
            }
            None if $me.has_any(CASE_READERS) => {}
            None => return Err(AppError::NotFound),
        }
        if let Some(state) = $filter.state {
            query = query.filter(transfer::state.eq(state.as_str()));
        }
        if let Some(id) = $filter.agency {
            query = query.filter(transfer::agency_id.eq(id));
        }
        if !$filter.picked.is_empty() {
            query = query.filter(transfer::id.eq_any($filter.picked.clone()));
        }
        if !$filter.region.is_empty() {
            let within = format!("{}%", region::stem(&$filter.region));
            query = query.filter(agency::region_code.like(within));
        }
        if $filter.overdue {
            query = query.filter(due_at().lt($now));
        }
        if let Some(waits) = $filter.waits {
            query = query.filter(fixed::<Bool>(waits.condition($me.side)));
            if $me.agency.is_none() && !waits.is_of_all_leads($me) {
                let owned = lead::owner_id.nullable().eq(Some($me.id));
                query = query.filter(owned.or(lead::assignee_id.eq(Some($me.id))));
            }
        }
        if let Some(only) = &$filter.only {
            query = query.filter(transfer::id.eq_any(only.clone()));
        }
        if let Some(condition) = $filter.counted.as_ref().and_then(|counted| counted.condition($zone)) {
            query = query.filter(sql::<Bool>(&condition));
        }
        if let Some(before) = $filter.due_before {
            query = query.filter(due_at().lt(before));
        }
        if let Some(from) = $filter.from {
            query = query.filter(transfer::sent_at.ge(time::start_of_day(from, $zone)));
        }
        if let Some(to) = $filter.to {
            query = query.filter(transfer::sent_at.le(time::end_of_day(to, $zone)));
        }
        query = match (&$filter.keys, $filter.q.as_str()) {
            (_, "") => query,
            (Some(keys), _) => query.filter(transfer::seq.eq_any(keys.clone())),
            (None, q) => {
                let own = holds!(transfer::number, q).or(holds!(transfer_face::title, q));
                if $me.agency.is_some() {
                    query.filter(own)
                } else {
                    query.filter(own.or(holds!(lead::number, q)))
                }
            }
        };
        query
    }};
}

/// As [`rows`], of one part; `forward`: along the list's order.
fn part(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    (part, edge, limit): (Part, Edge<Place>, i64),
    forward: bool,
    now: Instant,
    zone: Tz,
) -> Result<Vec<ListRow>> {
    let due_at = || due_for(me.side);
    let mut query = narrowed!(me, filter, now, zone);
    query = match part {
        Part::Sent => query,
        Part::Due => query.filter(due_at().is_not_null()),
        Part::NotDue => query.filter(due_at().is_null()),
    };
    // Whether rows come by a falling time of sending: the list's order, or against it.
    let falls = forward != (filter.sort == Sort::Oldest);
    query = match (part, edge) {
        (_, Edge::Start) => query,
        (Part::Due, Edge::After(Place { at: Some(due), seq })) => {
            query.filter(due_at().ge(due)).filter(due_at().gt(due).or(transfer::seq.lt(seq)))
        }
        (Part::Due, Edge::Before(Place { at: Some(due), seq })) => {
            query.filter(due_at().le(due)).filter(due_at().lt(due).or(transfer::seq.gt(seq)))
        }
        (
            Part::Sent,
            Edge::After(Place { at: Some(at), seq }) | Edge::Before(Place { at: Some(at), seq }),
        ) => {
            if falls {
                query
                    .filter(transfer::sent_at.le(at))
                    .filter(transfer::sent_at.lt(at).or(transfer::seq.lt(seq)))
            } else {
                query
                    .filter(transfer::sent_at.ge(at))
                    .filter(transfer::sent_at.gt(at).or(transfer::seq.gt(seq)))
            }
        }
        (_, Edge::After(at)) => query.filter(transfer::seq.lt(at.seq)),
        (_, Edge::Before(at)) => query.filter(transfer::seq.gt(at.seq)),
    };
    query = match (part, forward) {
        (Part::Sent, _) if falls => query.order((transfer::sent_at.desc(), transfer::seq.desc())),
        (Part::Sent, _) => query.order((transfer::sent_at.asc(), transfer::seq.asc())),
        (Part::Due, true) => query.order((due_at().asc(), transfer::seq.desc())),
        (Part::Due, false) => query.order((due_at().desc(), transfer::seq.asc())),
        (Part::NotDue, true) => query.order(transfer::seq.desc()),
        (Part::NotDue, false) => query.order(transfer::seq.asc()),
    };
    type Row = (TransferRow, (String, String, String), (String, String, String));
    let found: Vec<Row> = query
        .select((
            TransferRow::as_select(),
            (agency::name_zh, agency::name_en, agency::region_code),
            (lead::number, transfer_face::title, lead::public_source),
        ))
        .limit(limit)
        .load(conn)?;
    let mut why = whys(conn, found.iter().map(|row| &row.0), zone)?;
    Ok(found
        .into_iter()
        .map(|(transfer, (agency_zh, agency_en, region_code), (lead_number, title, public_source))| ListRow {
            reason: why.remove(&transfer.id),
            transfer,
            agency_zh,
            agency_en,
            region_code,
            lead_number,
            title,
            public_source,
        })
        .collect())
}

/// How many transfers of each state a filter leaves, by an index where it goes by agency alone; else of very many the newest
/// alone are looked at ([`LOOKED_AT`]). `None`: the list is that of a figure, whose number stands above it.
///
/// # Errors
/// As [`rows`].
pub fn counts(
    conn: &mut Connection,
    me: &Actor,
    filter: &Filter,
    now: Instant,
    zone: Tz,
) -> Result<Option<Counts>> {
    let mut others = Filter { state: None, ..filter.clone() };
    if others.is_by_agency_alone() {
        return count::by_index(conn, me, TRANSFERS, filter.agency).map(Some);
    }
    // A look at a whole year takes its time.
    if others.counted.is_some() {
        return Ok(None);
    }
    if !others.q.is_empty() && me.agency.is_none() {
        others.keys = named(conn, &others.q)?;
    }
    if let Some(waits) = others.waits {
        others.only = waits.only(conn, me)?;
    }
    let others = &others;
    // What waits is few, and so is what was looked up.
    let is_few = others.keys.is_some() || others.waits.is_some() || !others.picked.is_empty();
    let behind = if is_few { None } else { count::not_looked_at(conn, me, others, now, zone)? };
    let query = narrowed!(me, others, now, zone);
    // In this order it goes along the index that the row was found by.
    let query = match behind {
        None => query,
        Some(Behind::Seq(seq)) => query.filter(transfer::seq.gt(seq)).order(transfer::seq.desc()),
        Some(Behind::Sent(at)) => query.filter(transfer::sent_at.ge(at)).order(transfer::sent_at.desc()),
        Some(Behind::Due(at)) => query.filter(due_for(me.side).ge(at)).order(due_for(me.side).desc()),
    };
    let states: Vec<String> = query.select(transfer::state).limit(LOOKED_AT + 1).load(conn)?;
    Ok(Some(Counts::of_states(states, behind.is_some())))
}
