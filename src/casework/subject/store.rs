//! What is known about a subject across leads.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    casework::lead::{
        model::{SubjectKind, subject_key},
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
    /// Under which it became known; each lead may call it otherwise.
    pub name: String,
    pub identifier: String,
    pub synthetic: bool,
    pub created_at: Instant,
}

type Row = (Id, String, String, String, bool, Instant);

fn read(row: Row) -> Result<Subject> {
    let (id, kind, name, identifier, synthetic, created_at) = row;
    let kind = kind.parse().map_err(|_| AppError::internal(Plain(format!("subject.kind: '{kind}'"))))?;
    Ok(Subject { id, kind, name, identifier, synthetic, created_at })
}

const COLUMNS: (
    subject::id,
    subject::kind,
    subject::name,
    subject::identifier,
    subject::synthetic,
    subject::created_at,
) = (subject::id, subject::kind, subject::name, subject::identifier, subject::synthetic, subject::created_at);

/// The subject `id`.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Subject> {
    read(subject::table.find(id).select(COLUMNS).first(conn)?)
}

/// What one lead says of the subject.
#[derive(Clone, Debug, Default, Queryable)]
pub struct Said {
    /// As the lead calls it.
    pub name: String,
    pub part: String,
    pub region_code: Option<String>,
    pub note: String,
}

/// So many rows of one subject are looked at.
const SAME: i64 = 100;

/// The rows that are this subject, itself among them, and of many others the newest: whoever is entered in a result by hand
/// has a row of that result, and is known by kind and key as any other.
///
/// # Errors
/// Those of the database.
pub fn same(conn: &mut Connection, subject: &Subject) -> Result<Vec<Id>> {
    let key = subject_key(subject.kind, &subject.name, &subject.identifier);
    let mut ids = vec![subject.id];
    if !key.is_empty() {
        let others: Vec<Id> = subject::table
            .filter(subject::kind.eq(subject.kind.as_str()))
            .filter(subject::match_key.eq(key))
            .filter(subject::id.ne(subject.id))
            .order(subject::id.desc())
            .limit(SAME)
            .select(subject::id)
            .load(conn)?;
        ids.extend(others);
    }
    Ok(ids)
}

/// The leads that name it, newest first, each with what it says of it; at most [`MOST`], and whether there are more.
/// `same`: all of its rows.
///
/// # Errors
/// Those of the database.
pub fn leads_of(conn: &mut Connection, same: &[Id]) -> Result<(Vec<(Lead, Said)>, bool)> {
    let mut said: Vec<(Id, Said)> = lead_subject::table
        .inner_join(lead::table)
        .filter(lead_subject::subject_id.eq_any(same))
        .order(lead::seq.desc())
        .limit(MOST + 1)
        .select((
            lead_subject::lead_id,
            (lead_subject::name, lead_subject::part, lead_subject::region_code, lead_subject::note),
        ))
        .load(conn)?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let has_more = said.len() > most;
    said.truncate(most);
    let ids: Vec<Id> = said.iter().map(|(lead_id, _)| *lead_id).collect();
    let mut said: HashMap<Id, Said> = said.into_iter().collect();
    let found = leads::find_many(conn, &ids)?;
    let with = |lead: Lead| {
        let said = said.remove(&lead.id).unwrap_or_default();
        (lead, said)
    };
    let mut with_said: Vec<(Lead, Said)> = found.into_iter().map(with).collect();
    with_said.reverse();
    Ok((with_said, has_more))
}

/// Other subjects than these rows that the leads name, at most [`MOST`], each once.
///
/// # Errors
/// Those of the database.
pub fn related(conn: &mut Connection, same: &[Id], lead_ids: &[Id]) -> Result<Vec<Subject>> {
    let rows: Vec<Row> = subject::table
        .inner_join(lead_subject::table)
        .filter(lead_subject::lead_id.eq_any(lead_ids))
        .filter(subject::id.ne_all(same))
        .order((subject::kind, subject::id, lead_subject::lead_id.desc()))
        .limit(MOST * 4)
        .select((
            subject::id,
            subject::kind,
            lead_subject::name,
            subject::identifier,
            subject::synthetic,
            subject::created_at,
        ))
        .load(conn)?;
    let mut found: Vec<Subject> = rows.into_iter().map(read).collect::<Result<_>>()?;
    found.dedup_by_key(|subject| subject.id);
    found.sort_by(|a, b| (a.kind.as_str(), &a.name).cmp(&(b.kind.as_str(), &b.name)));
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(found)
}
