//! The queries of the list. Each goes along one index in the list's order and stops when the page is full.

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::Bool};

use super::{
    super::{
        model::{Lead, State},
        region,
        store::LeadRow,
    },
    model::{Asked, By, Filter, From, Sort, Whose},
};
use crate::platform::{
    db::{
        Connection, Id, Instant, fulltext,
        schema::{agency, brand, lead, lead_brand, lead_charge, transfer},
    },
    error::Result,
    time::{self, Tz},
};

/// Rows on one page of the list.
pub const PAGE: usize = 50;
/// How far states are counted: more is shown as "more than".
pub const COUNTED: i64 = 1_000;
/// A search that is sorted by something else than time looks at so many of the newest hits.
const HITS: i64 = 5_000;

/// One page, in the list's order, and whether there are rows before and after it.
pub struct Page {
    pub leads: Vec<Lead>,
    pub has_previous: bool,
    pub has_next: bool,
}

type Boxed<'a> = lead::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// The rows that the filter lets through, but for its words.
fn filtered<'a>(filter: &Filter, zone: Tz) -> Boxed<'a> {
    let mut query = lead::table.into_boxed();
    query = match filter.state {
        Some(state) => query.filter(lead::state.eq(state.as_str())),
        None => query.filter(lead::state.ne(State::Trashed.as_str())),
    };
    if !filter.charge.is_empty() {
        let with_charge = lead_charge::table
            .filter(lead_charge::charge_code.eq(filter.charge.clone()))
            .select(lead_charge::lead_id);
        query = query.filter(lead::id.eq_any(with_charge));
    }
    if !filter.region.is_empty() {
        let (from, to) = region::range(&filter.region);
        query = query.filter(lead::region_code.ge(from)).filter(lead::region_code.lt(to));
    }
    if !filter.brand.is_empty() {
        let with_brand = lead_brand::table
            .inner_join(brand::table)
            .filter(brand::name.eq(filter.brand.clone()))
            .select(lead_brand::lead_id);
        query = query.filter(lead::id.eq_any(with_brand));
    }
    query = match filter.whose {
        Some(Whose::Mine(id)) => query.filter(lead::owner_id.eq(id).or(lead::assignee_id.eq(id))),
        Some(Whose::Of(id)) => query.filter(lead::owner_id.eq(id)),
        None => query,
    };
    if let Some(agency_id) = filter.agency {
        let sent = transfer::table.filter(transfer::agency_id.eq(agency_id)).select(transfer::lead_id);
        query = query.filter(lead::id.eq_any(sent));
    }
    if let Some(synthetic) = filter.synthetic {
        query = query.filter(lead::synthetic.eq(synthetic));
    }
    if let Some(fen) = filter.at_least {
        query = query.filter(lead::value_fen.ge(fen));
    }
    created_between(query, filter.from, filter.to, zone)
}

fn created_between(query: Boxed<'_>, from: Option<NaiveDate>, to: Option<NaiveDate>, zone: Tz) -> Boxed<'_> {
    let query = match from {
        Some(day) => query.filter(lead::created_at.ge(time::start_of_day(day, zone))),
        None => query,
    };
    match to {
        Some(day) => query.filter(lead::created_at.le(time::end_of_day(day, zone))),
        None => query,
    }
}

/// Narrows to one side of a key and sorts. `forward`: along the list's order.
fn keyed(query: Boxed<'_>, sort: Sort, edge: Option<(i64, i64)>, forward: bool) -> Boxed<'_> {
    let down = sort.descending == forward;
    macro_rules! by {
        ($query:expr, $column:expr, $read:expr) => {{
            let query = $query;
            let query = match edge {
                None => query,
                Some((key, seq)) if down => {
                    query.filter($column.lt($read(key)).or($column.eq($read(key)).and(lead::seq.lt(seq))))
                }
                Some((key, seq)) => {
                    query.filter($column.gt($read(key)).or($column.eq($read(key)).and(lead::seq.gt(seq))))
                }
            };
            if down {
                query.order(($column.desc(), lead::seq.desc()))
            } else {
                query.order(($column.asc(), lead::seq.asc()))
            }
        }};
    }
    match sort.by {
        By::Created => {
            let query = match edge {
                None => query,
                Some((_, seq)) if down => query.filter(lead::seq.lt(seq)),
                Some((_, seq)) => query.filter(lead::seq.gt(seq)),
            };
            if down { query.order(lead::seq.desc()) } else { query.order(lead::seq.asc()) }
        }
        // Leads without a value have no place in a list by value.
        By::Value => {
            by!(query.filter(lead::value_fen.is_not_null()), lead::value_fen, |fen: i64| fen)
        }
        By::Updated => by!(query, lead::updated_at, Instant::from_micros),
    }
}

fn load(conn: &mut Connection, query: Boxed<'_>, limit: usize) -> Result<Vec<Lead>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<LeadRow> = query.limit(limit).select(LeadRow::as_select()).load(conn)?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// At most `limit` rows from `edge` on, along the list's order or against it.
fn rows(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    edge: Option<(i64, i64)>,
    forward: bool,
    limit: usize,
) -> Result<Vec<Lead>> {
    if asked.filter.q.is_empty() {
        return load(conn, keyed(filtered(&asked.filter, zone), asked.sort, edge, forward), limit);
    }
    if asked.sort.by != By::Created {
        let everywhere = (i64::MIN, i64::MAX);
        let hits = fulltext::find(conn, fulltext::Index::Leads, &asked.filter.q, everywhere, true, HITS)?;
        let query = filtered(&asked.filter, zone).filter(among(&hits.unwrap_or_default()));
        return load(conn, keyed(query, asked.sort, edge, forward), limit);
    }
    searched(conn, asked, zone, edge.map(|(_, seq)| seq), forward, limit)
}

/// The keys as a condition; they are numbers of our own, so that they may stand in the statement itself.
fn among(keys: &[i64]) -> diesel::expression::SqlLiteral<Bool> {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    diesel::dsl::sql::<Bool>(&format!("lead.seq IN ({})", keys.join(",")))
}

/// Goes through the hits in the list's order, some hundreds at a time, until the page is full.
fn searched(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    mut edge: Option<i64>,
    forward: bool,
    limit: usize,
) -> Result<Vec<Lead>> {
    const AT_ONCE: i64 = 500;
    let down = asked.sort.descending == forward;
    let mut found = Vec::new();
    loop {
        let between = match edge {
            Some(seq) if down => (i64::MIN, seq),
            Some(seq) => (seq, i64::MAX),
            None => (i64::MIN, i64::MAX),
        };
        let hits = fulltext::find(conn, fulltext::Index::Leads, &asked.filter.q, between, down, AT_ONCE)?;
        let hits = hits.unwrap_or_default();
        if hits.is_empty() {
            return Ok(found);
        }
        let query = filtered(&asked.filter, zone).filter(among(&hits));
        let query = keyed(query, asked.sort, None, forward);
        found.extend(load(conn, query, limit - found.len())?);
        if found.len() >= limit || i64::try_from(hits.len()).is_ok_and(|n| n < AT_ONCE) {
            return Ok(found);
        }
        edge = hits.last().copied();
    }
}

/// The page that was asked for.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, asked: &Asked, zone: Tz, size: usize) -> Result<Page> {
    let (edge, forward) = match asked.from {
        From::Start => (None, true),
        From::After(key, seq) => (Some((key, seq)), true),
        From::Before(key, seq) => (Some((key, seq)), false),
    };
    let mut leads = rows(conn, asked, zone, edge, forward, size + 1)?;
    let has_more = leads.len() > size;
    leads.truncate(size);
    if !forward {
        leads.reverse();
    }
    let (has_previous, has_next) = if forward { (edge.is_some(), has_more) } else { (has_more, true) };
    Ok(Page { leads, has_previous, has_next })
}

/// The next rows of an export, from the key of the last one on.
///
/// # Errors
/// Those of the database.
pub fn next_rows(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    edge: Option<(i64, i64)>,
    limit: usize,
) -> Result<Vec<Lead>> {
    rows(conn, asked, zone, edge, true, limit)
}

/// How many leads are in each state, counting none further than [`COUNTED`] + 1; of one person's, or of all.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut Connection, whose: Option<Whose>, zone: Tz) -> Result<Vec<(State, usize)>> {
    let mut counts = Vec::new();
    for state in State::ALL {
        let filter = Filter { state: Some(*state), whose, ..Filter::default() };
        let seqs: Vec<i64> = filtered(&filter, zone).select(lead::seq).limit(COUNTED + 1).load(conn)?;
        counts.push((*state, seqs.len()));
    }
    Ok(counts)
}

/// Names of an agency, for the chip of its filter.
///
/// # Errors
/// Those of the database.
pub fn agency_name(conn: &mut Connection, id: Id) -> Result<Option<(String, String)>> {
    Ok(agency::table.find(id).select((agency::name_zh, agency::name_en)).first(conn).optional()?)
}
