//! What is known about a subject across leads.

use diesel::prelude::*;

use crate::{
    casework::lead::{
        model::SubjectKind,
        store::{self as leads, Lead},
    },
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{lead, lead_subject, subject},
        },
        error::{AppError, Plain, Result},
    },
};

/// Leads and related subjects that are shown at most.
pub const MOST: i64 = 100;

/// A subject as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: Id,
    pub kind: SubjectKind,
    pub name: String,
    pub identifier: String,
    pub region_code: Option<String>,
    pub note: String,
    pub synthetic: bool,
    pub created_at: Instant,
}

type Row = (Id, String, String, String, Option<String>, String, bool, Instant);

fn read(row: Row) -> Result<Subject> {
    let (id, kind, name, identifier, region_code, note, synthetic, created_at) = row;
    let kind = kind.parse().map_err(|_| AppError::internal(Plain(format!("subject.kind: '{kind}'"))))?;
    Ok(Subject { id, kind, name, identifier, region_code, note, synthetic, created_at })
}

const COLUMNS: (
    subject::id,
    subject::kind,
    subject::name,
    subject::identifier,
    subject::region_code,
    subject::note,
    subject::synthetic,
    subject::created_at,
) = (
    subject::id,
    subject::kind,
    subject::name,
    subject::identifier,
    subject::region_code,
    subject::note,
    subject::synthetic,
    subject::created_at,
);

/// The subject `id`.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Subject> {
    read(subject::table.find(id).select(COLUMNS).first(conn)?)
}

/// The leads that name it, newest first, each with its part; at most [`MOST`], and whether there are more.
///
/// # Errors
/// Those of the database.
pub fn leads_of(conn: &mut Connection, id: Id) -> Result<(Vec<(Lead, String)>, bool)> {
    let mut parts: Vec<(Id, String)> = lead_subject::table
        .inner_join(lead::table)
        .filter(lead_subject::subject_id.eq(id))
        .order(lead::seq.desc())
        .limit(MOST + 1)
        .select((lead_subject::lead_id, lead_subject::part))
        .load(conn)?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let has_more = parts.len() > most;
    parts.truncate(most);
    let ids: Vec<Id> = parts.iter().map(|(lead_id, _)| *lead_id).collect();
    let found = leads::find_many(conn, &ids)?;
    let mut with_parts: Vec<(Lead, String)> = found
        .into_iter()
        .map(|lead| {
            let part = parts.iter().find(|(id, _)| *id == lead.id).map(|(_, part)| part.clone());
            (lead, part.unwrap_or_default())
        })
        .collect();
    with_parts.reverse();
    Ok((with_parts, has_more))
}

/// Other subjects that these leads name, at most [`MOST`], each once.
///
/// # Errors
/// Those of the database.
pub fn related(conn: &mut Connection, id: Id, lead_ids: &[Id]) -> Result<Vec<Subject>> {
    let rows: Vec<Row> = subject::table
        .inner_join(lead_subject::table)
        .filter(lead_subject::lead_id.eq_any(lead_ids))
        .filter(subject::id.ne(id))
        .order((subject::kind, subject::name, subject::id))
        .limit(MOST * 4)
        .select(COLUMNS)
        .load(conn)?;
    let mut found: Vec<Subject> = rows.into_iter().map(read).collect::<Result<_>>()?;
    found.dedup_by_key(|subject| subject.id);
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(found)
}
