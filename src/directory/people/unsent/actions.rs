//! Keeping what is typed, and taking it away again.

use super::store::{self, Row};
use crate::platform::{
    db::{Db, Id, Instant, Once, Tx, take_lock_of},
    error::{AppError, Result},
};

/// So many forms of one person are kept unsent.
const MOST: usize = 100;
/// And so many bytes of them.
const MOST_BYTES: usize = 4 << 20;
/// What nobody wrote to for so long goes, in seconds (30 days).
const KEEP: i64 = 30 * 24 * 3600;

/// What a form holds now.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub row: Row,
    /// The word of the form before it was shown again.
    pub before: Option<Id>,
    /// The moment of the state that the form was filled from.
    pub base: Option<Instant>,
}

/// Keeps what a form holds; under which id, and since when. Where another form has written there meanwhile, in another
/// window, both are kept. `None`: the form has been sent, and this was on its way before.
///
/// # Errors
/// `Invalid` when too many are kept already.
pub(super) fn keep(tx: &mut Tx<'_>, person: Id, typed: Typed) -> Result<Option<(Id, Instant)>> {
    // Two windows of one person may save at once.
    take_lock_of(tx.conn(), person)?;
    let Typed { mut row, before, base } = typed;
    if Once::was_sent(tx.conn(), person, row.word)? {
        return Ok(None);
    }
    let known = match store::find(tx.conn(), person, row.id) {
        Ok(known) => Some(known),
        Err(AppError::NotFound) => None,
        Err(e) => return Err(e),
    };
    row.saved_at = tx.now().following(known.as_ref().map(|known| known.saved_at));
    match known {
        Some(known) if is_its_own(&known, &row, before, base) => {
            has_room(tx, person, &row)?;
            store::update(tx, person, &row)?;
        }
        known => {
            if known.is_some() {
                row.id = Id::new();
            }
            has_room(tx, person, &row)?;
            store::insert(tx, person, &row)?;
        }
    }
    Ok(Some((row.id, row.saved_at)))
}

/// Refuses what would be one too many beside the others, or too much.
fn has_room(tx: &mut Tx<'_>, person: Id, row: &Row) -> Result<()> {
    let mut others = store::sizes(tx.conn(), person)?;
    others.retain(|(id, _)| *id != row.id);
    let bytes: usize = others.iter().map(|(_, size)| usize::try_from(*size).unwrap_or_default()).sum();
    if others.len() >= MOST || bytes + row.fields.len() > MOST_BYTES {
        return Err(AppError::field("form", "error-unsent-too-many"));
    }
    Ok(())
}

/// Whether the form that writes now knows what is there: it wrote it itself, or was filled from it.
fn is_its_own(known: &Row, row: &Row, before: Option<Id>, base: Option<Instant>) -> bool {
    known.form == row.form
        && (known.word == row.word || before == Some(known.word) || base == Some(known.saved_at))
}

/// Takes one away; gives the page that its form stands on.
///
/// # Errors
/// `NotFound`, for another's too.
pub(super) fn discard(tx: &mut Tx<'_>, person: Id, id: Id) -> Result<String> {
    let row = store::find(tx.conn(), person, id)?;
    store::delete(tx, person, id)?;
    Ok(row.page)
}

/// Takes away what nobody has written to for a long time.
///
/// # Errors
/// Those of the database.
pub fn tidy(db: &Db) -> Result<usize> {
    let before = db.now().plus_seconds(-KEEP);
    db.write_quiet_now(|tx| store::delete_older(tx, before))
}
