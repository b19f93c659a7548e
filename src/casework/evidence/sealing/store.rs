//! Records of sealed media.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::model::Words;
use crate::platform::{
    db::{
        Connection, Id, Instant, Rows, Tx,
        schema::{evidence, evidence_sealing, evidence_sealing_photo, evidence_sealing_text},
    },
    error::Result,
};

/// An item that is a photograph.
#[derive(Clone, Debug)]
pub struct Photo {
    pub id: Id,
    /// Number within the lead.
    pub position: i32,
    pub name: String,
}

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: Id,
    pub evidence_id: Id,
    /// The earlier one whose place it takes.
    pub corrects_id: Option<Id>,
    /// Whether a later one takes its place.
    pub is_corrected: bool,
    pub sealed_at: Instant,
    pub recorded_by: Id,
    pub at: Instant,
    /// `None`: lawfully erased.
    pub words: Option<Words>,
    pub photos: Vec<Photo>,
}

type Row = (Id, Id, Option<Id>, Instant, Id, Instant);

/// The records of these items, by item, each in the order in which they were written.
///
/// # Errors
/// Those of the database.
pub fn of_items(conn: &mut Connection, items: &[Id]) -> Result<HashMap<Id, Vec<Record>>> {
    let mut rows: Vec<Row> = Vec::new();
    for part in items.chunks(500) {
        let some: Vec<Row> = evidence_sealing::table
            .filter(evidence_sealing::evidence_id.eq_any(part))
            .order(evidence_sealing::id)
            .select((
                evidence_sealing::id,
                evidence_sealing::evidence_id,
                evidence_sealing::corrects_id,
                evidence_sealing::sealed_at,
                evidence_sealing::recorded_by,
                evidence_sealing::at,
            ))
            .load(conn)?;
        rows.extend(some);
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.0).collect();
    let (mut words, mut photos) = (words_of(conn, &ids)?, photos_of(conn, &ids)?);
    let corrected: HashSet<Id> = rows.iter().filter_map(|row| row.2).collect();
    let mut found: HashMap<Id, Vec<Record>> = HashMap::new();
    for (id, evidence_id, corrects_id, sealed_at, recorded_by, at) in rows {
        found.entry(evidence_id).or_default().push(Record {
            id,
            evidence_id,
            corrects_id,
            is_corrected: corrected.contains(&id),
            sealed_at,
            recorded_by,
            at,
            words: words.remove(&id),
            photos: photos.remove(&id).unwrap_or_default(),
        });
    }
    Ok(found)
}

fn words_of(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Words>> {
    type Raw = (Id, String, String, String, String, String, String);
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<Raw> = evidence_sealing_text::table
            .filter(evidence_sealing_text::sealing_id.eq_any(part))
            .select((
                evidence_sealing_text::sealing_id,
                evidence_sealing_text::medium,
                evidence_sealing_text::serial,
                evidence_sealing_text::how,
                evidence_sealing_text::sealed_by,
                evidence_sealing_text::witness,
                evidence_sealing_text::place,
            ))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(id, medium, serial, how, sealed_by, witness, place)| {
            (id, Words { medium, serial, how, sealed_by, witness, place })
        }));
    }
    Ok(found)
}

fn photos_of(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, Vec<Photo>>> {
    let mut found: HashMap<Id, Vec<Photo>> = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<(Id, Id, i32, String)> = evidence_sealing_photo::table
            .inner_join(evidence::table)
            .filter(evidence_sealing_photo::sealing_id.eq_any(part))
            .order(evidence::position)
            .select((evidence_sealing_photo::sealing_id, evidence::id, evidence::position, evidence::name))
            .load(conn)?;
        for (record, id, position, name) in rows {
            found.entry(record).or_default().push(Photo { id, position, name });
        }
    }
    Ok(found)
}

/// Whether a record names this item as a photograph: one that was not put right, of an item that was not taken out.
///
/// # Errors
/// Those of the database.
pub fn is_photograph(conn: &mut Connection, id: Id) -> Result<bool> {
    let named: Vec<Id> = evidence_sealing_photo::table
        .filter(evidence_sealing_photo::evidence_id.eq(id))
        .select(evidence_sealing_photo::sealing_id)
        .load(conn)?;
    for part in named.chunks(500) {
        let corrected: Vec<Option<Id>> = evidence_sealing::table
            .filter(evidence_sealing::corrects_id.eq_any(part.iter().copied().map(Some)))
            .select(evidence_sealing::corrects_id)
            .load(conn)?;
        let standing: Vec<Id> = part.iter().copied().filter(|id| !corrected.contains(&Some(*id))).collect();
        let held: Vec<Id> = evidence_sealing::table
            .inner_join(evidence::table)
            .filter(evidence_sealing::id.eq_any(standing))
            .filter(evidence::removed_at.is_null())
            .select(evidence_sealing::id)
            .limit(1)
            .load(conn)?;
        if !held.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes a record.
///
/// # Errors
/// Those of the database.
pub(super) fn insert(tx: &mut Tx<'_>, record: &Record) -> Result<()> {
    diesel::insert_into(evidence_sealing::table)
        .values((
            evidence_sealing::id.eq(record.id),
            evidence_sealing::evidence_id.eq(record.evidence_id),
            evidence_sealing::corrects_id.eq(record.corrects_id),
            evidence_sealing::sealed_at.eq(record.sealed_at),
            evidence_sealing::recorded_by.eq(record.recorded_by),
            evidence_sealing::at.eq(record.at),
        ))
        .execute(tx.conn())?;
    if let Some(words) = &record.words {
        diesel::insert_into(evidence_sealing_text::table)
            .values((
                evidence_sealing_text::sealing_id.eq(record.id),
                evidence_sealing_text::medium.eq(&words.medium),
                evidence_sealing_text::serial.eq(&words.serial),
                evidence_sealing_text::how.eq(&words.how),
                evidence_sealing_text::sealed_by.eq(&words.sealed_by),
                evidence_sealing_text::witness.eq(&words.witness),
                evidence_sealing_text::place.eq(&words.place),
            ))
            .execute(tx.conn())?;
    }
    let mut rows = Rows::new("evidence_sealing_photo", &["sealing_id", "evidence_id"]);
    record.photos.iter().for_each(|photo| rows.push([record.id.into(), photo.id.into()]));
    rows.insert(tx.conn())
}
