//! The queries of the list of dossiers.

use std::collections::HashMap;

use diesel::{dsl::exists, prelude::*, sql_types::Bool};

use super::{
    super::{
        model::{Dossier, State},
        store::{Row, dossiers, read},
    },
    meant::{Meant, meant},
    model::{By, Filter},
};
use crate::{
    holds,
    platform::{
        db::{
            Connection, Id, Instant, fixed,
            schema::{
                agency, approval, composition, dossier, dossier_freeze, dossier_package, dossier_seal, lead,
            },
        },
        error::Result,
        http::list_head::{COUNTED, Counts, LOOKED_AT},
        keyset::Edge,
        time::{self, Tz},
    },
};

/// So many sealed ones are looked at at once, at first and at most.
const AT_FIRST: i64 = 200;
const AT_MOST: i64 = 4_000;

const PACKED: &str = "dossier_package.dossier_id IS NOT NULL";
const APPROVED: &str = "approval.id IS NOT NULL";
const FROZEN: &str = "dossier_freeze.dossier_id IS NOT NULL";
const SEALED: &str = "dossier_seal.dossier_id IS NOT NULL";
const UNSEALED: &str = "dossier_seal.dossier_id IS NULL";

/// Kept by the database beside `dossier` and `dossier_package`: the few that are in another state than sealed are found
/// without reading all others.
const UNPACKED: &str = "dossier.id IN (SELECT u.dossier_id FROM dossier_unpacked u)";

/// That a dossier is in a state, as [`Dossier::state`] has it.
fn is_in(state: State) -> String {
    match state {
        State::Sealed => PACKED.to_owned(),
        State::Sealing => format!("{UNPACKED} AND {APPROVED}"),
        State::Frozen => format!("{UNPACKED} AND NOT ({APPROVED}) AND {FROZEN}"),
        State::Freezing => format!("{UNPACKED} AND NOT ({APPROVED}) AND NOT ({FROZEN})"),
    }
}

/// The dossiers that the filter leaves, in no order: what is shown and what is counted. `meant`: see [`Meant`].
macro_rules! narrowed {
    // Not a function: nobody can write down the type of what it gives.
    ($filter:expr, $meant:expr, $zone:expr) => {{
        let mut query = dossiers!().into_boxed();
        if !$filter.only.is_empty() {
            query = query.filter(dossier::id.eq_any($filter.only.clone()));
        }
        if let Some(state) = $filter.state {
            query = query.filter(fixed::<Bool>(is_in(state)));
        }
        if let Some(id) = $filter.agency {
            query = query.filter(dossier::agency_id.eq(id));
        }
        if let Some((waits, me)) = $filter.waits {
            // Looked up for what waits: a busy compiler has more leads than there are dossiers that wait.
            let own = lead::table
                .filter(lead::id.eq(dossier::lead_id))
                .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))));
            query = query.filter(fixed::<Bool>(waits.condition())).filter(exists(own));
        }
        if let Some(day) = $filter.from {
            query = query.filter(dossier::created_at.ge(time::start_of_day(day, $zone)));
        }
        if let Some(day) = $filter.to {
            query = query.filter(dossier::created_at.le(time::end_of_day(day, $zone)));
        }
        let Meant { leads, dossiers } = $meant;
        match (leads, $filter.q.as_str()) {
            (_, "") => query,
            (Some(leads), _) => query.filter(dossier::lead_id.eq_any(leads).or(dossier::id.eq_any(dossiers))),
            (None, q) => {
                let titled = lead::table.filter(lead::id.eq(dossier::lead_id)).filter(holds!(lead::title, q));
                query.filter(holds!(dossier::folder, q).or(exists(titled)))
            }
        }
    }};
}

/// What the list goes by at a dossier.
#[derive(Clone, Debug)]
struct Key {
    made: Instant,
    folder: String,
    sealed: Option<Instant>,
    id: Id,
}

fn key_of(conn: &mut Connection, id: Id) -> Result<Key> {
    let (made, folder): (Instant, String) =
        dossier::table.find(id).select((dossier::created_at, dossier::folder)).first(conn)?;
    let sealed = dossier_seal::table.find(id).select(dossier_seal::sealed_at).first(conn).optional()?;
    Ok(Key { made, folder, sealed, id })
}

/// At most `limit` dossiers from the filter's edge on, in its order; for `Before` against that order.
///
/// # Errors
/// Those of the database; `Invalid` for an edge beside a dossier that there is none of.
pub fn page(conn: &mut Connection, filter: &Filter, zone: Tz, limit: i64) -> Result<Vec<Dossier>> {
    let edge = filter.edge.found(|id| key_of(conn, id))?;
    beside(conn, filter, zone, &edge, limit)
}

/// As [`page`], behind a dossier as it was read, whatever became of it meanwhile; `None`: from the first one on.
///
/// # Errors
/// Those of the database.
pub fn behind(
    conn: &mut Connection,
    filter: &Filter,
    zone: Tz,
    last: Option<&Dossier>,
    limit: i64,
) -> Result<Vec<Dossier>> {
    let key = |one: &Dossier| Key {
        made: one.created_at,
        folder: one.folder.clone(),
        sealed: one.sealed_at,
        id: one.id,
    };
    beside(conn, filter, zone, &last.map_or(Edge::Start, |one| Edge::After(key(one))), limit)
}

/// As [`page`], from an edge whose place is known.
fn beside(
    conn: &mut Connection,
    filter: &Filter,
    zone: Tz,
    edge: &Edge<Key>,
    limit: i64,
) -> Result<Vec<Dossier>> {
    let meant = meant(conn, &filter.q)?;
    let (key, forward) = (edge.key().cloned(), edge.is_forward());
    let rises = filter.sort.descending != forward;
    if filter.sort.by != By::Sealed {
        return ordered(conn, filter, zone, meant, (key, rises, limit));
    }
    // The two parts of the list, in the order in which they are met from the edge on.
    let first = key.as_ref().is_none_or(|key| key.sealed.is_some());
    let part = |conn: &mut Connection, is_sealed: bool, key: Option<Key>, limit: i64| {
        if is_sealed {
            sealed(conn, filter, zone, &meant, (key, rises, limit))
        } else {
            ordered(conn, filter, zone, meant.clone(), (key, rises, limit))
        }
    };
    let mut found = part(conn, first, key, limit)?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 && first == forward {
        found.extend(part(conn, !first, None, left)?);
    }
    Ok(found)
}

/// As [`page`], along the index of an order of the dossiers' own; of a list by the time of sealing what is not sealed, by when
/// it was composed.
fn ordered(
    conn: &mut Connection,
    filter: &Filter,
    zone: Tz,
    meant: Meant,
    (key, rises, limit): (Option<Key>, bool, i64),
) -> Result<Vec<Dossier>> {
    let mut query = narrowed!(filter, meant, zone);
    if filter.sort.by == By::Sealed {
        query = query.filter(fixed::<Bool>(format!("{UNPACKED} AND {UNSEALED}")));
    }
    let (made, folder, id) = (dossier::created_at, dossier::folder, dossier::id);
    // The first condition is the one that the index goes by.
    query = match (filter.sort.by, key) {
        (_, None) => query,
        (By::Folder, Some(key)) if rises => {
            query.filter(folder.ge(key.folder.clone())).filter(folder.gt(key.folder).or(id.gt(key.id)))
        }
        (By::Folder, Some(key)) => {
            query.filter(folder.le(key.folder.clone())).filter(folder.lt(key.folder).or(id.lt(key.id)))
        }
        (_, Some(key)) if rises => {
            query.filter(made.ge(key.made)).filter(made.gt(key.made).or(id.gt(key.id)))
        }
        (_, Some(key)) => query.filter(made.le(key.made)).filter(made.lt(key.made).or(id.lt(key.id))),
    };
    query = match (filter.sort.by, rises) {
        (By::Folder, true) => query.order((folder.asc(), id.asc())),
        (By::Folder, false) => query.order((folder.desc(), id.desc())),
        (_, true) => query.order((made.asc(), id.asc())),
        (_, false) => query.order((made.desc(), id.desc())),
    };
    let rows: Vec<Row> = query.limit(limit).load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// As [`page`], of what is sealed: along the index of the seals, so many at once, until as many as are wanted are left by
/// the filter. No database would begin with the seals by itself.
fn sealed(
    conn: &mut Connection,
    filter: &Filter,
    zone: Tz,
    meant: &Meant,
    (key, rises, limit): (Option<Key>, bool, i64),
) -> Result<Vec<Dossier>> {
    if matches!(filter.state, Some(State::Freezing | State::Frozen)) {
        return Ok(Vec::new());
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut edge = key.and_then(|key| Some((key.sealed?, key.id)));
    let is_narrow = !filter.only.is_empty()
        || meant.leads.is_some()
        || filter.waits.is_some()
        // An agency has its part of all seals, which may lie far apart.
        || filter.agency.is_some();
    let few = if is_narrow { sealed_few(conn, filter, zone, meant)? } else { None };
    if let Some(mut few) = few {
        few.retain(|(place, _)| edge.is_none_or(|edge| if rises { *place > edge } else { *place < edge }));
        few.sort_by_key(|(place, _)| *place);
        if !rises {
            few.reverse();
        }
        return Ok(few.into_iter().take(most).map(|(_, one)| one).collect());
    }
    let (mut at_once, mut found) = (AT_FIRST.max(limit).min(AT_MOST), Vec::new());
    loop {
        let seals = seals(conn, edge, rises, at_once)?;
        let is_all = i64::try_from(seals.len()).is_ok_and(|n| n < at_once);
        edge = seals.last().copied().or(edge);
        let ids: Vec<Id> = seals.iter().map(|(_, id)| *id).collect();
        let place: HashMap<Id, usize> = ids.iter().copied().zip(0..).collect();
        let rows: Vec<Row> =
            narrowed!(filter, meant.clone(), zone).filter(dossier::id.eq_any(ids)).load(conn)?;
        let mut rows: Vec<Dossier> = rows.into_iter().map(read).collect();
        rows.sort_by_key(|one| place.get(&one.id).copied());
        found.extend(rows);
        if found.len() >= most || is_all {
            found.truncate(most);
            return Ok(found);
        }
        at_once = (at_once * 4).min(AT_MOST);
    }
}

/// A sealed dossier with its place in the index of the seals.
type Placed = ((Instant, Id), Dossier);

/// What is sealed of the dossiers that the filter leaves, where it leaves few, in no order; `None`: there are many.
fn sealed_few(
    conn: &mut Connection,
    filter: &Filter,
    zone: Tz,
    meant: &Meant,
) -> Result<Option<Vec<Placed>>> {
    let query = narrowed!(filter, meant.clone(), zone).filter(fixed::<Bool>(SEALED));
    let rows: Vec<Row> = query.limit(AT_MOST + 1).load(conn)?;
    if i64::try_from(rows.len()).is_ok_and(|n| n > AT_MOST) {
        return Ok(None);
    }
    let found = rows.into_iter().map(read);
    Ok(Some(found.filter_map(|one| Some(((one.sealed_at?, one.id), one))).collect()))
}

/// At most `limit` seals from one on: when it was set, and the dossier.
fn seals(
    conn: &mut Connection,
    edge: Option<(Instant, Id)>,
    rises: bool,
    limit: i64,
) -> Result<Vec<(Instant, Id)>> {
    let (at, id) = (dossier_seal::sealed_at, dossier_seal::dossier_id);
    let mut query = dossier_seal::table.select((at, id)).limit(limit).into_boxed();
    query = match edge {
        None => query,
        Some((from, last)) if rises => query.filter(at.ge(from)).filter(at.gt(from).or(id.gt(last))),
        Some((from, last)) => query.filter(at.le(from)).filter(at.lt(from).or(id.lt(last))),
    };
    query = if rises { query.order((at.asc(), id.asc())) } else { query.order((at.desc(), id.desc())) };
    Ok(query.load(conn)?)
}

/// How many dossiers of each state the filter leaves, whichever it asks for; of very many the newest alone are looked at
/// ([`LOOKED_AT`]).
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Connection, filter: &Filter, zone: Tz) -> Result<Counts> {
    if filter.is_whole() && !is_small(conn)? {
        return of_all(conn, zone);
    }
    let others = &Filter { state: None, ..filter.clone() };
    let meant = meant(conn, &others.q)?;
    let is_few = meant.leads.is_some() || others.waits.is_some() || !others.only.is_empty();
    let behind = if is_few { None } else { not_looked_at(conn, others, zone)? };
    let mut query = narrowed!(others, meant, zone);
    if let Some((at, last)) = behind {
        let (made, id) = (dossier::created_at, dossier::id);
        // In this order it goes along the index that the dossier was found by.
        query = query.filter(made.ge(at)).filter(made.gt(at).or(id.gt(last))).order((made.desc(), id.desc()));
    }
    let found: Vec<(bool, bool, bool)> = query
        .select((fixed::<Bool>(PACKED), fixed::<Bool>(APPROVED), fixed::<Bool>(FROZEN)))
        .limit(LOOKED_AT + 1)
        .load(conn)?;
    let state = |row: (bool, bool, bool)| match row {
        (true, ..) => State::Sealed,
        (_, true, _) => State::Sealing,
        (.., true) => State::Frozen,
        _ => State::Freezing,
    };
    let states = found.into_iter().map(|row| state(row).as_str().to_owned());
    Ok(Counts::of_states(states, behind.is_some()))
}

/// The newest dossier that is not looked at for its state: of those that an index gives for the filter there are so many
/// newer ones. `None`: all are looked at.
fn not_looked_at(conn: &mut Connection, filter: &Filter, zone: Tz) -> Result<Option<(Instant, Id)>> {
    let (made, id) = (dossier::created_at, dossier::id);
    let mut query = dossier::table.select((made, id)).into_boxed();
    if let Some(agency) = filter.agency {
        query = query.filter(dossier::agency_id.eq(agency));
    }
    if let Some(day) = filter.from {
        query = query.filter(made.ge(time::start_of_day(day, zone)));
    }
    if let Some(day) = filter.to {
        query = query.filter(made.le(time::end_of_day(day, zone)));
    }
    Ok(query.order((made.desc(), id.desc())).offset(LOOKED_AT).first(conn).optional()?)
}

/// How many of all dossiers are in each state: what is not sealed lies in an index of its own, and so do the packages.
fn of_all(conn: &mut Connection, zone: Tz) -> Result<Counts> {
    let most = COUNTED + 1;
    let mut of = Vec::new();
    for state in State::ALL {
        let these = &Filter { state: Some(state), ..Filter::default() };
        let ids: Vec<Id> = if state == State::Sealed {
            dossier_package::table.select(dossier_package::dossier_id).limit(most).load(conn)?
        } else {
            narrowed!(these, Meant::default(), zone).select(dossier::id).limit(most).load(conn)?
        };
        of.push((state.as_str().to_owned(), ids.len() as u64));
    }
    Ok(Counts::new(of, COUNTED.unsigned_abs()))
}

/// Whether there are few dossiers altogether.
fn is_small(conn: &mut Connection) -> Result<bool> {
    let first: Vec<Id> = dossier::table.select(dossier::id).limit(COUNTED + 1).load(conn)?;
    Ok(i64::try_from(first.len()).is_ok_and(|n| n <= COUNTED))
}

/// Numbers and titles of leads.
///
/// # Errors
/// Those of the database.
pub fn called(conn: &mut Connection, leads: Vec<Id>) -> Result<HashMap<Id, (String, String)>> {
    let rows: Vec<(Id, String, String)> = lead::table
        .filter(lead::id.eq_any(leads))
        .select((lead::id, lead::number, lead::title))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, number, title)| (id, (number, title))).collect())
}

/// Which of these ids are those of dossiers.
///
/// # Errors
/// Those of the database.
pub fn there(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
    Ok(dossier::table.filter(dossier::id.eq_any(ids)).select(dossier::id).load(conn)?)
}
