//! Recording that an original medium was sealed, and putting a record right.

use super::{
    model::New,
    store::{self, Photo, Record},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{
        actions::changeable,
        pages::is_picture,
        store::{self as items, Item},
    },
    directory::people::Compiler,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
    },
};

/// Records a sealing; `corrects`: the record whose place it takes.
///
/// # Errors
/// `NotFound` for an item or a record that isn't there; `Conflict` where the lead is not the actor's or no draft, or the
/// record was put right already; `Invalid` beside `photos`.
pub(super) fn record(
    tx: &mut Tx<'_>,
    me: &Compiler,
    item_id: Id,
    new: &New,
    corrects: Option<Id>,
) -> Result<Id> {
    let item = changeable(tx, me, item_id)?;
    if let Some(earlier) = corrects {
        correctable(tx.conn(), item_id, earlier)?;
    }
    let photos = photos(tx.conn(), &item, new)?;
    let (id, now) = (Id::new(), tx.now());
    let pictures: Vec<Id> = photos.iter().map(|photo| photo.id).collect();
    let written = Record {
        id,
        evidence_id: item_id,
        corrects_id: corrects,
        is_corrected: false,
        sealed_at: new.sealed_at,
        recorded_by: me.id,
        at: now,
        words: Some(new.words.clone()),
        photos,
    };
    store::insert(tx, &written)?;
    let verb = if corrects.is_some() { "evidence.correct_sealing" } else { "evidence.record_sealing" };
    let mut entry = Entry::new(verb).object("evidence", item_id).object("lead", item.lead_id);
    entry = entry.object("sealing", id).objects("photograph", pictures);
    if let Some(earlier) = corrects {
        entry = entry.object("corrected-sealing", earlier);
    }
    entry = entry.private("medium", new.words.medium.as_str());
    audit::record(tx, entry.private("sealed_by", new.words.sealed_by.as_str()))?;
    Ok(id)
}

/// The record of an item that another one may take the place of.
///
/// # Errors
/// `NotFound`; `Conflict` for one that was put right already.
pub(super) fn correctable(conn: &mut Connection, item_id: Id, id: Id) -> Result<Record> {
    let records = store::of_items(conn, &[item_id])?.remove(&item_id).unwrap_or_default();
    let found = records.into_iter().find(|record| record.id == id).ok_or(AppError::NotFound)?;
    if found.is_corrected { Err(AppError::Conflict("conflict-sealing-corrected")) } else { Ok(found) }
}

/// The lead's items with these numbers, pictures that our pages can show; the item itself is no photograph of its medium.
fn photos(conn: &mut Connection, item: &Item, new: &New) -> Result<Vec<Photo>> {
    if new.photos.is_empty() {
        return Ok(Vec::new());
    }
    let mut named = items::numbered(conn, item.lead_id, &new.photos)?;
    named.retain(|one| one.id != item.id);
    let unknown = |n: &&i32| named.iter().all(|one| one.position != **n);
    refuse("error-sealing-no-item", new.photos.iter().filter(unknown))?;
    let others = named.iter().filter(|one| !is_picture(&one.blob.media_type));
    refuse("error-sealing-no-picture", others.map(|one| &one.position))?;
    Ok(named.into_iter().map(|one| Photo { id: one.id, position: one.position, name: one.name }).collect())
}

/// Refuses these numbers beside their field; none is no fault.
fn refuse<'a>(code: &'static str, numbers: impl Iterator<Item = &'a i32>) -> Result<()> {
    let numbers: Vec<String> = numbers.map(ToString::to_string).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    Err(AppError::Invalid(vec![FieldError::new("photos", code).arg("numbers", numbers.join(", "))]))
}
