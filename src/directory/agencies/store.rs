//! SQL of the agencies.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Contact, Input};
use crate::platform::{
    db::{
        Connection, Id, Instant,
        schema::{access, agency, agency_contact, agency_takes},
    },
    error::Result,
};

/// Whether anything was ever sent to an agency.
///
/// # Errors
/// Those of the database.
pub fn was_sent_something(conn: &mut Connection, id: Id) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(access::table.filter(access::agency_id.eq(id))))
        .get_result(conn)?)
}

/// A row of `agency`.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agency, treat_none_as_null = true)]
pub struct Agency {
    pub id: Id,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub type_code: String,
    pub level: String,
    pub region_code: String,
    pub parent_id: Option<Id>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub successor_id: Option<Id>,
    pub channel: String,
    pub addressee: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub note: String,
    pub ack_days: Option<i32>,
    pub accept_days: Option<i32>,
    pub synthetic: bool,
    pub source: String,
    pub created_at: Instant,
}

impl Agency {
    /// A row with the fields of `input`; parent and successor are set apart, because they may come later.
    pub fn of(id: Id, input: &Input, created_at: Instant) -> Self {
        Self {
            id,
            code: input.code.clone(),
            name_zh: input.name_zh.clone(),
            name_en: input.name_en.clone(),
            type_code: input.type_code.clone(),
            level: input.level.clone(),
            region_code: input.region_code.clone(),
            parent_id: None,
            valid_from: input.valid_from,
            valid_to: input.valid_to,
            successor_id: None,
            channel: input.channel.clone(),
            addressee: input.addressee.clone(),
            address: input.address.clone(),
            phone: input.phone.clone(),
            email: input.email.clone(),
            note: input.note.clone(),
            ack_days: input.ack_days,
            accept_days: input.accept_days,
            synthetic: false,
            source: input.source.clone(),
            created_at,
        }
    }
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Agency> {
    Ok(agency::table.find(id).select(Agency::as_select()).first(conn)?)
}

/// The agency of a code.
///
/// # Errors
/// Those of the database.
pub fn by_code(conn: &mut Connection, code: &str) -> Result<Option<Agency>> {
    let found = agency::table.filter(agency::code.eq(code)).select(Agency::as_select());
    Ok(found.first(conn).optional()?)
}

/// All agencies by code, those that ended too.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Connection) -> Result<Vec<Agency>> {
    Ok(agency::table.order(agency::code).select(Agency::as_select()).load(conn)?)
}

/// The agencies right under one.
///
/// # Errors
/// Those of the database.
pub fn children(conn: &mut Connection, id: Id) -> Result<Vec<Agency>> {
    let under = agency::table.filter(agency::parent_id.eq(id)).order(agency::code).limit(500);
    Ok(under.select(Agency::as_select()).load(conn)?)
}

/// The agencies whose work one took over.
///
/// # Errors
/// Those of the database.
pub fn predecessors(conn: &mut Connection, id: Id) -> Result<Vec<Agency>> {
    let before = agency::table.filter(agency::successor_id.eq(id)).order(agency::code).limit(500);
    Ok(before.select(Agency::as_select()).load(conn)?)
}

/// Own lists of families.
///
/// # Errors
/// Those of the database.
pub fn takes(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<String>>> {
    let mut found: HashMap<Id, Vec<String>> = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String)> = agency_takes::table
            .filter(agency_takes::agency_id.eq_any(part))
            .order((agency_takes::agency_id, agency_takes::family))
            .select((agency_takes::agency_id, agency_takes::family))
            .load(conn)?;
        rows.into_iter().for_each(|(id, family)| found.entry(id).or_default().push(family));
    }
    Ok(found)
}

/// Contacts, the default one first.
///
/// # Errors
/// Those of the database.
pub fn contacts(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<Contact>>> {
    let mut found: HashMap<Id, Vec<Contact>> = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, String, String, String, String)> = agency_contact::table
            .filter(agency_contact::agency_id.eq_any(part))
            .order((agency_contact::agency_id, agency_contact::is_default.desc(), agency_contact::id))
            .select((
                agency_contact::agency_id,
                agency_contact::name,
                agency_contact::title,
                agency_contact::phone,
                agency_contact::email,
            ))
            .load(conn)?;
        for (id, name, title, phone, email) in rows {
            found.entry(id).or_default().push(Contact { name, title, phone, email });
        }
    }
    Ok(found)
}

/// Many agencies as they would be typed.
///
/// # Errors
/// Those of the database.
pub fn inputs(conn: &mut Connection, rows: &[Agency]) -> Result<Vec<Input>> {
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let (mut takes, mut contacts) = (takes(conn, &ids)?, contacts(conn, &ids)?);
    let codes: HashMap<Id, String> =
        agency::table.select((agency::id, agency::code)).load::<(Id, String)>(conn)?.into_iter().collect();
    let code = |id: Option<Id>| id.and_then(|id| codes.get(&id).cloned()).unwrap_or_default();
    let input = |row: &Agency| Input {
        code: row.code.clone(),
        name_zh: row.name_zh.clone(),
        name_en: row.name_en.clone(),
        type_code: row.type_code.clone(),
        level: row.level.clone(),
        region_code: row.region_code.clone(),
        parent: code(row.parent_id),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        successor: code(row.successor_id),
        channel: row.channel.clone(),
        addressee: row.addressee.clone(),
        address: row.address.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        note: row.note.clone(),
        source: row.source.clone(),
        ack_days: row.ack_days,
        accept_days: row.accept_days,
        takes: takes.remove(&row.id).unwrap_or_default(),
        contacts: contacts.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.iter().map(input).collect())
}

/// Writes a new row with what it takes and its contacts.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Connection, row: &Agency, input: &Input) -> Result<()> {
    diesel::insert_into(agency::table).values(row).execute(conn)?;
    write_parts(conn, row.id, input)
}

/// Writes a changed row; parts are written anew.
///
/// # Errors
/// Those of the database.
pub fn update(conn: &mut Connection, row: &Agency, input: &Input) -> Result<()> {
    diesel::update(agency::table.find(row.id)).set(row).execute(conn)?;
    diesel::delete(agency_takes::table.filter(agency_takes::agency_id.eq(row.id))).execute(conn)?;
    diesel::delete(agency_contact::table.filter(agency_contact::agency_id.eq(row.id))).execute(conn)?;
    write_parts(conn, row.id, input)
}

fn write_parts(conn: &mut Connection, id: Id, input: &Input) -> Result<()> {
    for family in &input.takes {
        diesel::insert_into(agency_takes::table)
            .values((agency_takes::agency_id.eq(id), agency_takes::family.eq(family)))
            .execute(conn)?;
    }
    for (n, contact) in input.contacts.iter().enumerate() {
        diesel::insert_into(agency_contact::table)
            .values((
                agency_contact::id.eq(Id::new()),
                agency_contact::agency_id.eq(id),
                agency_contact::name.eq(&contact.name),
                agency_contact::title.eq(&contact.title),
                agency_contact::phone.eq(&contact.phone),
                agency_contact::email.eq(&contact.email),
                agency_contact::is_default.eq(n == 0),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Sets the agency above and the one that took the work over.
///
/// # Errors
/// Those of the database.
pub fn relate(conn: &mut Connection, id: Id, parent: Option<Id>, successor: Option<Id>) -> Result<()> {
    diesel::update(agency::table.find(id))
        .set((agency::parent_id.eq(parent), agency::successor_id.eq(successor)))
        .execute(conn)?;
    Ok(())
}

/// Sets the last day and who took the work over.
///
/// # Errors
/// Those of the database.
pub fn close(conn: &mut Connection, id: Id, last: NaiveDate, successor: Option<Id>) -> Result<()> {
    diesel::update(agency::table.find(id))
        .set((agency::valid_to.eq(Some(last)), agency::successor_id.eq(successor)))
        .execute(conn)?;
    Ok(())
}
