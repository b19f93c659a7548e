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
            schema::{agency, person, person_role, session},
        },
        error::Result,
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
    /// A user name.
    pub edge: Edge<String>,
}

/// At most `limit` accounts from the edge on, by user name; for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<PersonRow>> {
    let mut query = person::table.into_boxed();
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
    query = match filter.disabled {
        None => query,
        Some(true) => query.filter(person::disabled_at.is_not_null()),
        Some(false) => query.filter(person::disabled_at.is_null()),
    };
    query = match &filter.edge {
        Edge::Start => query.order(person::username.asc()),
        Edge::After(name) => query.filter(person::username.gt(name.clone())).order(person::username.asc()),
        Edge::Before(name) => query.filter(person::username.lt(name.clone())).order(person::username.desc()),
    };
    Ok(query.limit(limit).select(PersonRow::as_select()).load(conn)?)
}

/// When many accounts last signed in.
///
/// # Errors
/// Those of the database.
pub fn last_logins(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Instant>> {
    let rows: Vec<(Id, Option<Instant>)> = session::table
        .filter(session::person_id.eq_any(ids))
        .group_by(session::person_id)
        .select((session::person_id, diesel::dsl::max(session::created_at)))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}

/// Agencies for a choice, in force or not: id, Chinese and English name.
///
/// # Errors
/// Those of the database.
pub fn agencies(conn: &mut Connection) -> Result<Vec<(Id, String, String)>> {
    Ok(agency::table
        .filter(agency::valid_to.is_null())
        .order(agency::code)
        .limit(2000)
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?)
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
