//! The queries of the list. Each takes the few rows that a filter leaves, or goes along one index in the list's order
//! and stops when the page is full.

use std::collections::HashSet;

use diesel::{
    dsl::exists,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Binary, Bool, Integer, Text},
};

use super::{
    super::{
        model::{Lead, State},
        region,
        store::find_many,
    },
    hits,
    model::{Asked, By, Filter, NO_VALUE, Sort, Whose},
    narrow::{Boxed, FEW, Narrowed, among, load, load_sorted},
};
use crate::platform::{
    db::{
        Connection, Fixed, Id, fixed, fulltext, not_by_index,
        schema::{brand, lead, lead_brand, lead_charge, transfer},
    },
    error::Result,
    http::{list_head::COUNTED, selection::Picked},
    keyset::Page,
    time::{self, Tz},
};

/// As SQL on `lead`: that the newest decision about it was to send it back.
pub const RETURNED: &str = "EXISTS (SELECT 1 FROM review r WHERE r.lead_id = lead.id AND r.decision = 'returned' \
    AND NOT EXISTS (SELECT 1 FROM review n WHERE n.lead_id = lead.id AND n.id > r.id))";
/// Rows on one page of the list.
pub const PAGE: usize = 50;
/// A search that is sorted by something else than time looks at so many of the newest hits: the index of words knows no
/// order but that of time, so the row of every hit is read before the first page can be sorted, and a common word has as
/// many hits as there are leads. The page says so.
pub const HITS: i64 = 3_000;
/// A search in the order of time looks at so many hits at once.
const MOST_AT_ONCE: i64 = 8_000;

/// Conditions on the rows that [`Narrowed`] leaves: they are looked at one by one, no index is taken for them but that
/// of the state. `plus`: see [`not_by_index`].
pub(super) fn filtered<'a>(filter: &Filter, zone: Tz, narrowed: &Narrowed, plus: &str) -> Boxed<'a> {
    let query = unstated(filter, zone, narrowed, plus);
    match filter.state {
        Some(state) if narrowed.keys.is_none() => query.filter(lead::state.eq(state.as_str())),
        Some(state) => query.filter(text(plus, "state").eq(state.as_str())),
        None => query.filter(lead::state.ne(State::Trashed.as_str())),
    }
}

/// As [`filtered`], in whatever state they are.
pub(super) fn unstated<'a>(filter: &Filter, zone: Tz, narrowed: &Narrowed, plus: &str) -> Boxed<'a> {
    let mut query = lead::table.into_boxed();
    if let Some(keys) = &narrowed.keys {
        query = query.filter(among(keys));
    }
    if let Some((first, last)) = narrowed.between {
        query = query.filter(lead::seq.between(first, last));
    }
    if !filter.charge.is_empty() {
        let with_charge = lead_charge::table
            .filter(lead_charge::lead_id.eq(lead::id))
            .filter(lead_charge::charge_code.eq(filter.charge.clone()));
        query = query.filter(exists(with_charge));
    }
    if !filter.region.is_empty() {
        let (from, to) = region::range(&filter.region);
        query = query.filter(text(plus, "region_code").ge(from)).filter(text(plus, "region_code").lt(to));
    }
    if !filter.brand.is_empty() {
        let with_brand = lead_brand::table
            .inner_join(brand::table)
            .filter(lead_brand::lead_id.eq(lead::id))
            .filter(brand::name.eq(filter.brand.clone()));
        query = query.filter(exists(with_brand));
    }
    let person = |column: &str| fixed::<Binary>(format!("{plus}lead.{column}"));
    query = match filter.whose {
        Some(Whose::Mine(id)) => query.filter(person("owner_id").eq(id).or(person("assignee_id").eq(id))),
        Some(Whose::Of(id)) => query.filter(worker(plus).eq(id)),
        None => query,
    };
    if let Some(agency_id) = filter.agency {
        let sent =
            transfer::table.filter(transfer::lead_id.eq(lead::id)).filter(transfer::agency_id.eq(agency_id));
        query = query.filter(exists(sent));
    }
    if filter.returned {
        query = query.filter(fixed::<Bool>(RETURNED));
    }
    if let Some(synthetic) = filter.synthetic {
        query = query.filter(fixed::<Bool>(format!("{plus}lead.synthetic")).eq(synthetic));
    }
    if let Some(fen) = filter.at_least {
        query = query.filter(number(plus, "value_fen").ge(fen));
    }
    if let Some(day) = filter.from {
        query = query.filter(number(plus, "created_at").ge(time::start_of_day(day, zone).micros()));
    }
    if let Some(day) = filter.to {
        query = query.filter(number(plus, "created_at").le(time::end_of_day(day, zone).micros()));
    }
    query
}

fn text(plus: &str, column: &str) -> Fixed<Text> {
    fixed(format!("{plus}lead.{column}"))
}

/// Whoever works on the lead, as the list shows it.
fn worker(plus: &str) -> Fixed<Binary> {
    fixed(format!("COALESCE({plus}lead.assignee_id, {plus}lead.owner_id)"))
}

fn number(plus: &str, column: &str) -> Fixed<BigInt> {
    fixed(format!("{plus}lead.{column}"))
}

/// Narrows to one side of a key and sorts. `forward`: along the list's order. `few` is `plus` where the rows are few
/// and sorted by themselves; empty: the list goes along the index of its order. `valued` counts for a list by value alone: its
/// part of the leads that have one, or that of the others.
pub(super) fn keyed<'a>(
    query: Boxed<'a>,
    sort: Sort,
    edge: Option<(i64, i64)>,
    forward: bool,
    (few, plus): (&str, &str),
    valued: bool,
) -> Boxed<'a> {
    let down = sort.descending == forward;
    let column = match sort.by {
        By::Created => {
            let query = match edge {
                None => query,
                Some((_, seq)) if down => query.filter(lead::seq.lt(seq)),
                Some((_, seq)) => query.filter(lead::seq.gt(seq)),
            };
            return if down { query.order(lead::seq.desc()) } else { query.order(lead::seq.asc()) };
        }
        By::Value => "value_fen",
        By::Updated => "updated_at",
    };
    let query = match sort.by {
        By::Value if valued => query.filter(number(plus, column).is_not_null()),
        By::Value => query.filter(number(few, column).is_null()),
        _ => query,
    };
    // The one condition gives the index its beginning, the other leaves out the rest of the ties.
    let query = match edge {
        None => query,
        Some((_, seq)) if !valued && down => query.filter(number(few, "seq").lt(seq)),
        Some((_, seq)) if !valued => query.filter(number(few, "seq").gt(seq)),
        Some((key, seq)) if down => query
            .filter(number(few, column).le(key))
            .filter(number(plus, column).lt(key).or(number(plus, "seq").lt(seq))),
        Some((key, seq)) => query
            .filter(number(few, column).ge(key))
            .filter(number(plus, column).gt(key).or(number(plus, "seq").gt(seq))),
    };
    let order = number(few, column);
    if down {
        query.order((order.desc(), lead::seq.desc()))
    } else {
        query.order((order.asc(), lead::seq.asc()))
    }
}

/// Rows of what is left, in the list's order. By value, leads without one stand behind the others whichever way the list goes.
fn left(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    narrowed: &Narrowed,
    (mut edge, forward): (Option<(i64, i64)>, bool),
    limit: usize,
) -> Result<Vec<Lead>> {
    if asked.sort.by != By::Value {
        return part(conn, asked, zone, narrowed, (edge, forward), (true, limit));
    }
    let parts = if forward { [true, false] } else { [false, true] };
    let first = edge.map_or(parts[0], |(key, _)| key != NO_VALUE);
    let mut found = Vec::new();
    for valued in parts.into_iter().skip_while(|valued| *valued != first) {
        let none_asked = !valued && asked.filter.at_least.is_some();
        if found.len() < limit && !none_asked {
            let rest = (valued, limit - found.len());
            found.extend(part(conn, asked, zone, narrowed, (edge, forward), rest)?);
        }
        edge = None;
    }
    Ok(found)
}

/// As [`left`], of the leads that have a value, or of the others (see [`keyed`]).
fn part(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    narrowed: &Narrowed,
    (edge, forward): (Option<(i64, i64)>, bool),
    (valued, limit): (bool, usize),
) -> Result<Vec<Lead>> {
    let plus = not_by_index(conn);
    let few = if narrowed.keys.is_some() { plus } else { "" };
    let query = filtered(&asked.filter, zone, narrowed, plus);
    let query = keyed(query, asked.sort, edge, forward, (few, plus), valued);
    if narrowed.keys.is_some() && asked.sort.by != By::Created {
        return load_sorted(conn, query, limit);
    }
    load(conn, query, limit)
}

/// At most `limit` rows from `edge` on, along the list's order or against it.
fn rows(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    edge: Option<(i64, i64)>,
    forward: bool,
    (limit, few, hits): (usize, i64, i64),
) -> Result<Vec<Lead>> {
    let narrowed = Narrowed::by(conn, &asked.filter, asked.sort.by, zone, few)?;
    if asked.filter.q.is_empty() {
        return left(conn, asked, zone, &narrowed, (edge, forward), limit);
    }
    if asked.sort.by != By::Created {
        let everywhere = (i64::MIN, i64::MAX);
        let hits = fulltext::find(conn, fulltext::Index::Leads, &asked.filter.q, everywhere, true, hits)?;
        let keys = both(hits.unwrap_or_default(), narrowed.keys.as_ref());
        let narrowed = Narrowed { keys: Some(keys), ..narrowed };
        return left(conn, asked, zone, &narrowed, (edge, forward), limit);
    }
    searched(conn, asked, zone, &narrowed, (edge.map(|(_, seq)| seq), forward), limit)
}

/// The hits that are among the keys.
pub(super) fn both(mut hits: Vec<i64>, keys: Option<&Vec<i64>>) -> Vec<i64> {
    if let Some(keys) = keys {
        let keys: HashSet<i64> = keys.iter().copied().collect();
        hits.retain(|hit| keys.contains(hit));
    }
    hits
}

/// Goes through the hits in the list's order, more and more at a time, until the page is full.
fn searched(
    conn: &mut Connection,
    asked: &Asked,
    zone: Tz,
    narrowed: &Narrowed,
    (mut edge, forward): (Option<i64>, bool),
    limit: usize,
) -> Result<Vec<Lead>> {
    let down = asked.sort.descending == forward;
    let (first, last) = narrowed.between.unwrap_or((i64::MIN + 1, i64::MAX - 1));
    let mut at_once = 250;
    let mut found = Vec::new();
    loop {
        let between = match edge {
            Some(seq) if down => (first - 1, seq.min(last + 1)),
            Some(seq) => (seq.max(first - 1), last + 1),
            None => (first - 1, last + 1),
        };
        let hits = fulltext::find(conn, fulltext::Index::Leads, &asked.filter.q, between, down, at_once)?;
        let hits = hits.unwrap_or_default();
        let is_all = i64::try_from(hits.len()).is_ok_and(|n| n < at_once);
        edge = hits.last().copied().or(edge);
        let keys = both(hits, narrowed.keys.as_ref());
        if !keys.is_empty() {
            let these = Narrowed { keys: Some(keys), between: None };
            found.extend(left(conn, asked, zone, &these, (None, forward), limit - found.len())?);
        }
        if found.len() >= limit || is_all {
            return Ok(found);
        }
        at_once = (at_once * 4).min(MOST_AT_ONCE);
    }
}

/// The page that was asked for.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, asked: &Asked, zone: Tz, size: usize) -> Result<Page<Lead>> {
    page_by(conn, asked, zone, size, FEW)
}

/// As [`page`]; so many rows are `few`, and taken by their keys. The page is the same whatever it is.
///
/// # Errors
/// Those of the database.
pub fn page_by(conn: &mut Connection, asked: &Asked, zone: Tz, size: usize, few: i64) -> Result<Page<Lead>> {
    let (edge, forward) = (asked.from.key().copied(), asked.from.is_forward());
    let found = rows(conn, asked, zone, edge, forward, (size + 1, few, HITS))?;
    Ok(Page::of(found, size, &asked.from))
}

/// These leads in their order; those that are not there are left out.
///
/// # Errors
/// Those of the database.
pub fn these(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Lead>> {
    Ok(Picked::these(ids.to_vec()).in_order(find_many(conn, ids)?, |lead| lead.id))
}

/// The next rows of an export, from the key of the last one on; of a search that is not sorted by time its file has
/// [`hits::in_order`].
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
    rows(conn, asked, zone, edge, true, (limit, FEW, hits::MOST))
}

/// Whether a page looks at the newest `most` hits of a search alone, as there are more and it is not sorted by time.
///
/// # Errors
/// Those of the database.
pub fn is_cut(conn: &mut Connection, asked: &Asked, most: i64) -> Result<bool> {
    if asked.filter.q.is_empty() || asked.sort.by == By::Created {
        return Ok(false);
    }
    let everywhere = (i64::MIN, i64::MAX);
    let hits = fulltext::find(conn, fulltext::Index::Leads, &asked.filter.q, everywhere, true, most + 1)?;
    Ok(hits.is_some_and(|hits| i64::try_from(hits.len()).is_ok_and(|n| n > most)))
}

/// How many leads are in each state, counting none further than [`COUNTED`] + 1; of one person's, or of all. Each count
/// goes along an index and stops there.
///
/// # Errors
/// Those of the database.
pub fn count_by_state(conn: &mut Connection, whose: Option<Whose>) -> Result<Vec<(State, usize)>> {
    let up_to = |condition: String| {
        let most = COUNTED + 1;
        format!("(SELECT COUNT(*) FROM (SELECT 1 FROM lead WHERE {condition} LIMIT {most}) counted)")
    };
    let of_state = |(place, state): (usize, &State)| {
        let state = format!("state = '{}'", state.as_str());
        let n = match whose {
            None => up_to(state),
            Some(Whose::Of(_)) => format!(
                "{} + {}",
                up_to(format!("owner_id = $1 AND {state} AND assignee_id IS NULL")),
                up_to(format!("assignee_id = $1 AND {state}"))
            ),
            Some(Whose::Mine(_)) => format!(
                "{} + {}",
                up_to(format!("owner_id = $1 AND {state}")),
                up_to(format!("assignee_id = $1 AND {state} AND owner_id <> $1"))
            ),
        };
        format!("SELECT {place} AS place, {n} AS n")
    };
    let parts: Vec<String> = State::ALL.iter().enumerate().map(of_state).collect();
    let query = sql_query(parts.join(" UNION ALL "));
    let counts: Vec<Count> = match whose {
        Some(Whose::Mine(id) | Whose::Of(id)) => query.bind::<Binary, _>(id).load(conn)?,
        None => query.load(conn)?,
    };
    let found = |place: usize| {
        let row = counts.iter().find(|row| usize::try_from(row.place) == Ok(place));
        row.map_or(0, |row| usize::try_from(row.n).unwrap_or_default())
    };
    Ok(State::ALL.iter().enumerate().map(|(place, state)| (*state, found(place))).collect())
}

/// A state, by its place in [`State::ALL`], and how many leads are in it.
#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Integer)]
    place: i32,
    #[diesel(sql_type = BigInt)]
    n: i64,
}
