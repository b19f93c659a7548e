//! Lists of accounts.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    directory::people::{
        model::{Role, Side},
        store::PersonRow,
    },
    holds,
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{agency, person, person_role},
        },
        error::Result,
        http::{
            list_head::{Counts, LOOKED_AT},
            sorting::{self, Order},
        },
        keyset::Edge,
    },
};

/// Which accounts to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of user name, name or address.
    pub q: String,
    pub role: Option<Role>,
    pub side: Option<Side>,
    pub agency: Option<Id>,
    /// Whether closed (`Some(true)`) or open ones only.
    pub disabled: Option<bool>,
    /// These alone; empty: all.
    pub only: Vec<Id>,
    pub sort: Sort,
    /// A user name.
    pub edge: Edge<String>,
}

/// By what the list is sorted; ties by user name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Username,
    Name,
    /// The last log-in; whoever never came stands behind the others, whichever way it goes.
    Login,
}

impl Order for By {
    const ALL: &'static [Self] = &[By::Username, By::Name, By::Login];

    fn key(self) -> &'static str {
        match self {
            By::Username => "username",
            By::Name => "name",
            By::Login => "login",
        }
    }

    fn label(self) -> &'static str {
        match self {
            By::Username => "people-field-username",
            By::Name => "people-field-name",
            By::Login => "people-last-login",
        }
    }

    fn is_words(self) -> bool {
        self != By::Login
    }
}

/// The order of the list: by user name unless told.
pub type Sort = sorting::Sort<By>;

type Boxed<'a> = person::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// The accounts that the filter leaves, open or closed, in no order.
fn narrowed<'a>(filter: &Filter) -> Boxed<'a> {
    let mut query = person::table.into_boxed();
    if !filter.only.is_empty() {
        query = query.filter(person::id.eq_any(filter.only.clone()));
    }
    if !filter.q.is_empty() {
        query = query.filter(
            holds!(person::username, &filter.q)
                .or(holds!(person::name, &filter.q))
                .or(holds!(person::email, &filter.q)),
        );
    }
    if let Some(role) = filter.role {
        let holders =
            person_role::table.filter(person_role::role.eq(role.as_str())).select(person_role::person_id);
        query = query.filter(person::id.eq_any(holders));
    }
    if let Some(side) = filter.side {
        query = query.filter(person::side.eq(side.as_str()));
    }
    if let Some(agency) = filter.agency {
        query = query.filter(person::agency_id.eq(agency));
    }
    query
}

/// How many accounts the filter leaves open and closed, whichever it asks for; at most [`LOOKED_AT`] are looked at.
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Connection, filter: &Filter) -> Result<Counts> {
    let closed: Vec<Option<Instant>> =
        narrowed(filter).select(person::disabled_at).limit(LOOKED_AT + 1).load(conn)?;
    let state = |at: Option<Instant>| if at.is_some() { "disabled" } else { "active" };
    Ok(Counts::of_states(closed.into_iter().map(|at| state(at).to_owned()), false))
}

/// What the list goes by at an account.
#[derive(Clone, Debug)]
struct Key {
    name: String,
    login: Option<Instant>,
    username: String,
}

fn key_of(conn: &mut Connection, by: By, username: String) -> Result<Key> {
    if by == By::Username {
        return Ok(Key { name: String::new(), login: None, username });
    }
    let (name, login): (String, Option<Instant>) = person::table
        .filter(person::username.eq(&username))
        .select((person::name, person::last_login_at))
        .first(conn)?;
    Ok(Key { name, login, username })
}

/// At most `limit` accounts from the edge on, in the filter's order; for `Before` against that order.
///
/// # Errors
/// Those of the database; `Invalid` for an edge beside an account that there is none of, but by user name.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<PersonRow>> {
    let edge = filter.edge.clone().found(|username| key_of(conn, filter.sort.by, username))?;
    beside(conn, filter, &edge, limit)
}

/// As [`page`], behind an account as it was read, whatever became of it meanwhile; `None`: from the first one on.
///
/// # Errors
/// Those of the database.
pub fn behind(
    conn: &mut Connection,
    filter: &Filter,
    last: Option<&PersonRow>,
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let key = |row: &PersonRow| Key {
        name: row.name.clone(),
        login: row.last_login_at,
        username: row.username.clone(),
    };
    beside(conn, filter, &last.map_or(Edge::Start, |row| Edge::After(key(row))), limit)
}

/// As [`page`], from an edge whose place is known.
fn beside(conn: &mut Connection, filter: &Filter, edge: &Edge<Key>, limit: i64) -> Result<Vec<PersonRow>> {
    let (key, forward) = (edge.key().cloned(), edge.is_forward());
    if filter.sort.by != By::Login {
        return some(conn, filter, (true, key, forward), limit);
    }
    // The two parts of the list, in the order in which they are met from the edge on: both go along an index.
    let first = key.as_ref().is_none_or(|key| key.login.is_some());
    let mut found = some(conn, filter, (first, key, forward), limit)?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 && first == forward {
        found.extend(some(conn, filter, (!first, None, forward), left)?);
    }
    Ok(found)
}

/// As [`page`], of one part of the list where it has two: of those who came, or of the others; `forward`: along the list's
/// order.
fn some(
    conn: &mut Connection,
    filter: &Filter,
    (came, key, forward): (bool, Option<Key>, bool),
    limit: i64,
) -> Result<Vec<PersonRow>> {
    let mut query = narrowed(filter);
    query = match filter.disabled {
        None => query,
        Some(true) => query.filter(person::disabled_at.is_not_null()),
        Some(false) => query.filter(person::disabled_at.is_null()),
    };
    if filter.sort.by == By::Login {
        query = if came {
            query.filter(person::last_login_at.is_not_null())
        } else {
            query.filter(person::last_login_at.is_null())
        };
    }
    let rises = filter.sort.descending != forward;
    // Where two conditions narrow to one side of a key, the first is the one that the index goes by.
    query = match (filter.sort.by, key) {
        (By::Name, Some(Key { name, username, .. })) if rises => query
            .filter(person::name.ge(name.clone()))
            .filter(person::name.gt(name).or(person::username.gt(username))),
        (By::Name, Some(Key { name, username, .. })) => query
            .filter(person::name.le(name.clone()))
            .filter(person::name.lt(name).or(person::username.lt(username))),
        (By::Login, Some(Key { login: Some(at), username, .. })) if rises => query
            .filter(person::last_login_at.assume_not_null().ge(at))
            .filter(person::last_login_at.assume_not_null().gt(at).or(person::username.gt(username))),
        (By::Login, Some(Key { login: Some(at), username, .. })) => query
            .filter(person::last_login_at.assume_not_null().le(at))
            .filter(person::last_login_at.assume_not_null().lt(at).or(person::username.lt(username))),
        (_, Some(Key { username, .. })) if rises => query.filter(person::username.gt(username)),
        (_, Some(Key { username, .. })) => query.filter(person::username.lt(username)),
        (_, None) => query,
    };
    query = match (filter.sort.by, came, rises) {
        (By::Name, _, true) => query.order((person::name.asc(), person::username.asc())),
        (By::Name, _, false) => query.order((person::name.desc(), person::username.desc())),
        (By::Login, true, true) => query.order((person::last_login_at.asc(), person::username.asc())),
        (By::Login, true, false) => query.order((person::last_login_at.desc(), person::username.desc())),
        (_, _, true) => query.order(person::username.asc()),
        (_, _, false) => query.order(person::username.desc()),
    };
    Ok(query.limit(limit).select(PersonRow::as_select()).load(conn)?)
}

/// The Chinese and English names of agencies.
///
/// # Errors
/// Those of the database.
pub fn agency_names(
    conn: &mut Connection,
    ids: impl IntoIterator<Item = Id>,
) -> Result<HashMap<Id, (String, String)>> {
    let ids: Vec<Id> = ids.into_iter().collect();
    let rows: Vec<(Id, String, String)> = agency::table
        .filter(agency::id.eq_any(ids))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, zh, en)| (id, (zh, en))).collect())
}

/// How many open accounts have the role.
///
/// # Errors
/// Those of the database.
pub fn count_open_with(conn: &mut Connection, role: Role) -> Result<i64> {
    Ok(person::table
        .inner_join(person_role::table)
        .filter(person_role::role.eq(role.as_str()))
        .filter(person::disabled_at.is_null())
        .count()
        .get_result(conn)?)
}

/// Which of these ids are those of accounts.
///
/// # Errors
/// Those of the database.
pub fn there(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Id>> {
    Ok(person::table.filter(person::id.eq_any(ids)).select(person::id).load(conn)?)
}
