//! Reading and writing accounts and sessions.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{
    model::{Actor, AgencyOf, Role, Side},
    view,
};
use crate::platform::{
    db::{
        Connection, Id, Instant, lower,
        schema::{agency, person, person_role, second_factor, session},
    },
    error::{AppError, Result},
    i18n::{self, Lang},
    time::Manner,
};

/// An account as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = person)]
pub struct PersonRow {
    pub id: Id,
    pub username: String,
    pub name: String,
    pub email: String,
    pub side: String,
    pub agency_id: Option<Id>,
    pub locale: String,
    /// Whether its owner ever chose the language.
    pub locale_chosen: bool,
    pub date_style: String,
    pub clock_style: String,
    pub password_hash: String,
    pub must_change: bool,
    pub single_keys: bool,
    pub disabled_at: Option<Instant>,
    pub created_at: Instant,
    pub synthetic: bool,
    /// Kept by the database, as sessions begin; `None`: never.
    pub last_login_at: Option<Instant>,
}

impl PersonRow {
    /// How days and hours are written for them, read in `lang`.
    pub fn manner(&self, lang: Lang) -> Manner {
        let known = Manner::default();
        Manner {
            days: self.date_style.parse().unwrap_or(known.days),
            clock: self.clock_style.parse().unwrap_or(known.clock),
            lang,
        }
    }
}

/// The account with this name.
///
/// # Errors
/// `NotFound`.
pub fn by_username(conn: &mut Connection, username: &str) -> Result<PersonRow> {
    Ok(person::table.filter(person::username.eq(username)).select(PersonRow::as_select()).first(conn)?)
}

/// Whether an address is that of an account, `but` for one, however its letters are written.
///
/// # Errors
/// Those of the database.
pub fn has_email(conn: &mut Connection, email: &str, but: Option<Id>) -> Result<bool> {
    let email = super::model::email(email);
    let mut query = person::table.filter(lower(person::email).eq(lower(email))).into_boxed();
    if let Some(id) = but {
        query = query.filter(person::id.ne(id));
    }
    Ok(query.count().get_result::<i64>(conn)? > 0)
}

/// The account `id`.
///
/// # Errors
/// `NotFound`.
pub fn by_id(conn: &mut Connection, id: Id) -> Result<PersonRow> {
    Ok(person::table.find(id).select(PersonRow::as_select()).first(conn)?)
}

/// The accounts with these ids, by name; unknown ids are left out.
///
/// # Errors
/// Those of the database.
pub fn by_ids(conn: &mut Connection, ids: &[Id]) -> Result<Vec<PersonRow>> {
    Ok(person::table
        .filter(person::id.eq_any(ids))
        .order((person::name, person::id))
        .select(PersonRow::as_select())
        .load(conn)?)
}

/// The roles of an account.
///
/// # Errors
/// Those of the database.
pub fn roles(conn: &mut Connection, id: Id) -> Result<Vec<Role>> {
    let words: Vec<String> =
        person_role::table.filter(person_role::person_id.eq(id)).select(person_role::role).load(conn)?;
    let mut roles: Vec<Role> = words.iter().filter_map(|w| w.parse().ok()).collect();
    roles.sort_unstable();
    Ok(roles)
}

/// The roles of many accounts; one without any is left out.
///
/// # Errors
/// Those of the database.
pub fn roles_of(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<Role>>> {
    let mut found: HashMap<Id, Vec<Role>> = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String)> = person_role::table
            .filter(person_role::person_id.eq_any(part))
            .select((person_role::person_id, person_role::role))
            .load(conn)?;
        for (id, word) in rows {
            found.entry(id).or_default().extend(word.parse::<Role>().ok());
        }
    }
    found.values_mut().for_each(|roles| roles.sort_unstable());
    Ok(found)
}

/// Names of many people, for lists; an unknown id has none.
///
/// # Errors
/// Those of the database.
pub fn names(conn: &mut Connection, ids: impl IntoIterator<Item = Id>) -> Result<HashMap<Id, String>> {
    let mut ids: Vec<Id> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String)> =
            person::table.filter(person::id.eq_any(part)).select((person::id, person::name)).load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// People who may log in with `role`, for pickers: id and name.
///
/// # Errors
/// Those of the database.
pub fn with_role(conn: &mut Connection, role: Role) -> Result<Vec<(Id, String)>> {
    Ok(person::table
        .inner_join(person_role::table)
        .filter(person_role::role.eq(role.as_str()))
        .filter(person::disabled_at.is_null())
        .order(person::name)
        .select((person::id, person::name))
        .load(conn)?)
}

/// As [`with_role`], for a filter by person: who is `asked` for is one of them, by name, though the account is closed by now or
/// has the role no more. An id that nobody has is told as it is, and that of an agency's account alike: a filter tells the
/// platform nobody there.
///
/// # Errors
/// Those of the database.
pub fn to_ask_for(
    conn: &mut Connection,
    role: Role,
    asked: Option<Id>,
    lang: Lang,
) -> Result<Vec<(Id, String)>> {
    let mut found = with_role(conn, role)?;
    let Some(id) = asked.filter(|id| found.iter().all(|(known, _)| known != id)) else { return Ok(found) };
    let one: Option<(String, Option<Instant>)> = person::table
        .filter(person::id.eq(id))
        .filter(person::agency_id.is_null())
        .select((person::name, person::disabled_at))
        .first(conn)
        .optional()?;
    let word = match one {
        Some((name, Some(_))) => i18n::t_with(lang, "people-name-closed", &[("name", name)]),
        Some((name, None)) => name,
        None => id.to_string(),
    };
    found.push((id, word));
    Ok(found)
}

/// Whom a notice goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// `name@host`; may be empty.
    pub address: String,
    pub lang: Lang,
    /// The account; an agency's contact may have none.
    pub account: Option<Id>,
}

type Address = (Id, String, String);

fn addressees(rows: Vec<Address>) -> Vec<Addressee> {
    let one = |(id, address, locale): Address| Addressee {
        address,
        lang: Lang::parse(&locale).unwrap_or_default(),
        account: Some(id),
    };
    rows.into_iter().map(one).collect()
}

/// People who may log in with any of `roles`, for pickers: id, name and user name, each once.
///
/// # Errors
/// Those of the database.
pub fn with_any_role(conn: &mut Connection, roles: &[Role]) -> Result<Vec<(Id, String, String)>> {
    let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let mut rows: Vec<(Id, String, String)> = person::table
        .inner_join(person_role::table)
        .filter(person_role::role.eq_any(words))
        .filter(person::disabled_at.is_null())
        .order((person::name, person::id))
        .select((person::id, person::name, person::username))
        .load(conn)?;
    rows.dedup();
    Ok(rows)
}

/// Addresses and languages of everybody who has a role and is not disabled.
///
/// # Errors
/// Those of the database.
pub fn addressees_with_role(conn: &mut Connection, role: Role) -> Result<Vec<Addressee>> {
    let rows: Vec<Address> = person::table
        .inner_join(person_role::table)
        .filter(person_role::role.eq(role.as_str()))
        .filter(person::disabled_at.is_null())
        .order(person::email)
        .select((person::id, person::email, person::locale))
        .load(conn)?;
    Ok(addressees(rows))
}

/// Mail address and language of those of `ids` who are not disabled.
///
/// # Errors
/// Those of the database.
pub fn addressees_of(conn: &mut Connection, ids: &[Id]) -> Result<Vec<Addressee>> {
    let rows: Vec<Address> = person::table
        .filter(person::id.eq_any(ids))
        .filter(person::disabled_at.is_null())
        .select((person::id, person::email, person::locale))
        .load(conn)?;
    Ok(addressees(rows))
}

/// Mail address and language of everyone at an agency who can act, for notices.
///
/// # Errors
/// Those of the database.
pub fn liaisons_of(conn: &mut Connection, agency_id: Id) -> Result<Vec<Addressee>> {
    let rows: Vec<Address> = person::table
        .filter(person::agency_id.eq(agency_id))
        .filter(person::disabled_at.is_null())
        .select((person::id, person::email, person::locale))
        .load(conn)?;
    Ok(addressees(rows))
}

/// An agency's Chinese and English name.
///
/// # Errors
/// `NotFound`.
pub fn agency_names(conn: &mut Connection, id: Id) -> Result<(String, String)> {
    Ok(agency::table.find(id).select((agency::name_zh, agency::name_en)).first(conn)?)
}

/// Makes the actor of an account; the request's own parts are filled in by the caller.
///
/// # Errors
/// `NotFound` for a disabled account.
pub fn actor(conn: &mut Connection, id: Id) -> Result<Actor> {
    let row = by_id(conn, id)?;
    if row.disabled_at.is_some() {
        return Err(AppError::NotFound);
    }
    let agency = match row.agency_id {
        None => None,
        Some(agency_id) => {
            let (id, code, name_zh, name_en) = agency::table
                .find(agency_id)
                .select((agency::id, agency::code, agency::name_zh, agency::name_en))
                .first(conn)?;
            Some(AgencyOf { id, code, name_zh, name_en })
        }
    };
    let confirmed: Option<Option<Instant>> =
        second_factor::table.find(id).select(second_factor::confirmed_at).first(conn).optional()?;
    let lang = Lang::parse(&row.locale).unwrap_or_default();
    let manner = row.manner(lang);
    let mut actor = Actor {
        id,
        username: row.username,
        name: row.name,
        email: row.email,
        side: row.side.parse().unwrap_or(Side::Agency),
        roles: roles(conn, id)?,
        agency,
        lang,
        manner,
        session: None,
        scopes: None,
        second_factor_at: None,
        proved_at: None,
        session_left: None,
        has_second_factor: confirmed.flatten().is_some(),
        must_change_password: row.must_change,
        single_keys: row.single_keys,
        address: String::new(),
        agent: String::new(),
        once: None,
        usual: Vec::new(),
    };
    let usual = view::store::usual(conn, &actor)?;
    actor.usual = usual.into_iter().map(|(list, row)| (list.path(), list.href(&row.asked))).collect();
    Ok(actor)
}

/// A live session as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = session)]
pub struct SessionRow {
    pub id: Id,
    pub person_id: Id,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub ended_at: Option<Instant>,
    pub user_agent: String,
    pub address: String,
    pub second_factor_at: Option<Instant>,
    pub proved_at: Option<Instant>,
    pub locale: Option<String>,
}

/// The session of a token's hash.
///
/// # Errors
/// `NotFound`.
pub fn session_by_hash(conn: &mut Connection, hash: &[u8]) -> Result<SessionRow> {
    Ok(session::table.filter(session::token_hash.eq(hash)).select(SessionRow::as_select()).first(conn)?)
}

/// Notes that a session is in use.
///
/// # Errors
/// Those of the database.
pub fn touch_session(conn: &mut Connection, id: Id, now: Instant) -> Result<()> {
    diesel::update(session::table.find(id)).set(session::last_seen_at.eq(now)).execute(conn)?;
    Ok(())
}
