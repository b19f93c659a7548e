//! Acts on agencies; each is one transaction with its entry in the log.

use chrono::NaiveDate;

use super::{
    import::Plan,
    model::Input,
    store::{self, Agency},
};
use crate::{
    audit::{self, Entry},
    directory::people::proof::Proven,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
    },
};

/// So many steps up lead out of every real hierarchy.
const DEEPEST: usize = 12;

/// The id of the agency that a field names by its code.
fn named(conn: &mut Connection, field: &str, code: &str) -> Result<Option<Id>> {
    if code.is_empty() {
        return Ok(None);
    }
    match store::by_code(conn, code)? {
        Some(found) => Ok(Some(found.id)),
        None => Err(AppError::field(field, "error-agency-unknown")),
    }
}

/// Sets parent and successor by their codes.
fn relate(conn: &mut Connection, id: Id, input: &Input) -> Result<()> {
    let parent = named(conn, "parent", &input.parent)?;
    let successor = named(conn, "successor", &input.successor)?;
    store::relate(conn, id, parent, successor)
}

/// Neither the way up nor the way to successors comes back to where it began.
fn refuse_circles(conn: &mut Connection, id: Id) -> Result<()> {
    type Next = fn(&Agency) -> Option<Id>;
    let ways: [(&str, Next); 2] = [("parent", |row| row.parent_id), ("successor", |row| row.successor_id)];
    for (field, step) in ways {
        let mut next = step(&store::find(conn, id)?);
        let mut taken = 0;
        while let Some(at) = next {
            taken += 1;
            if at == id || taken > DEEPEST {
                return Err(AppError::field(field, "error-agency-circle"));
            }
            next = step(&store::find(conn, at)?);
        }
    }
    Ok(())
}

/// A new agency.
///
/// # Errors
/// `Invalid` when the code is taken, or parent or successor are unknown or lead in a circle.
pub fn create(tx: &mut Tx<'_>, input: &Input) -> Result<Id> {
    if store::by_code(tx.conn(), &input.code)?.is_some() {
        return Err(AppError::field("code", "error-taken"));
    }
    let id = Id::new();
    let row = Agency::of(id, input, tx.now());
    store::insert(tx.conn(), &row, input)?;
    relate(tx.conn(), id, input)?;
    refuse_circles(tx.conn(), id)?;
    audit::record(tx, Entry::new("agency.create").object("agency", id).fact("code", input.code.as_str()))?;
    Ok(id)
}

/// Writes an agency over. What was sent to it is counted by its type, so that the type stays from then on: an authority
/// of another kind is another agency, its successor.
fn write_over(tx: &mut Tx<'_>, old: &Agency, input: &Input) -> Result<()> {
    if old.type_code != input.type_code && store::was_sent_something(tx.conn(), old.id)? {
        let fault = FieldError::new("type", "error-agency-type-stays").arg("agency", &old.code);
        return Err(AppError::Invalid(vec![fault]));
    }
    let row = Agency { synthetic: old.synthetic, ..Agency::of(old.id, input, old.created_at) };
    store::update(tx.conn(), &row, input)
}

/// Changes an agency; its code stays.
///
/// # Errors
/// `NotFound`; `Invalid` as for [`create`].
pub fn change(tx: &mut Tx<'_>, id: Id, input: &Input) -> Result<()> {
    let old = store::find(tx.conn(), id)?;
    if old.code != input.code {
        return Err(AppError::field("code", "error-agency-code-stays"));
    }
    let before = store::inputs(tx.conn(), std::slice::from_ref(&old))?.remove(0);
    let fields: Vec<String> = before.changes(input).into_iter().map(|change| change.field).collect();
    if fields.is_empty() {
        return audit::unchanged(tx, "agency.change", ("agency", id));
    }
    write_over(tx, &old, input)?;
    relate(tx.conn(), id, input)?;
    refuse_circles(tx.conn(), id)?;
    audit::record(tx, Entry::new("agency.change").object("agency", id).fact("fields", fields))?;
    Ok(())
}

/// Refuses an agency that has its end already.
///
/// # Errors
/// `Conflict`.
pub fn closable(row: &Agency) -> Result<()> {
    if row.valid_to.is_some() { Err(AppError::Conflict("conflict-agency-closed")) } else { Ok(()) }
}

/// Ends an agency: its last day, and the one that takes its work over. What was sent to it stays with it.
///
/// # Errors
/// `NotFound`; `Conflict` when an end is set already; `Invalid`.
pub fn close(tx: &mut Tx<'_>, by: &Proven, id: Id, last: NaiveDate, successor: &str) -> Result<()> {
    by.of("agency.close")?;
    let old = store::find(tx.conn(), id)?;
    closable(&old)?;
    if old.valid_from.is_some_and(|from| from > last) {
        return Err(AppError::field("valid_to", "error-date-order"));
    }
    let successor = named(tx.conn(), "successor", successor)?;
    store::close(tx.conn(), id, last, successor)?;
    refuse_circles(tx.conn(), id)?;
    let entry = Entry::new("agency.close").object("agency", id).fact("last_day", last.to_string());
    audit::record(tx, entry.objects("agency", successor))?;
    Ok(())
}

/// Writes a whole import.
///
/// # Errors
/// `Invalid` when agencies would lead in a circle; nothing is written then.
pub fn import(tx: &mut Tx<'_>, plan: &Plan) -> Result<()> {
    let now = tx.now();
    let mut ids = Vec::with_capacity(plan.rows.len());
    for row in &plan.rows {
        let id = match row.id {
            None => {
                let id = Id::new();
                store::insert(tx.conn(), &Agency::of(id, &row.input, now), &row.input)?;
                id
            }
            Some(id) if !row.changes.is_empty() => {
                let old = store::find(tx.conn(), id)?;
                write_over(tx, &old, &row.input)?;
                id
            }
            Some(_) => continue,
        };
        ids.push((id, row));
    }
    for (id, row) in &ids {
        relate(tx.conn(), *id, &row.input)?;
    }
    for (id, _) in &ids {
        refuse_circles(tx.conn(), *id)?;
    }
    let entry = Entry::new("agency.import")
        .fact("created", plan.created())
        .fact("changed", plan.changed())
        .objects("agency", ids.iter().map(|(id, _)| *id));
    audit::record(tx, entry)?;
    Ok(())
}
