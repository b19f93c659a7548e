//! What happened to an item with the other stored files: it was moved to another store, read back by a command, copied into a
//! backup, or brought back from one. Such an entry names no item; which ones it was about is known by when it was, and of a
//! move by the stored files that it names.

use diesel::prelude::*;

use super::custody::{Span, all};
use crate::{
    audit::{self, Filter, Row},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{blob, evidence},
        },
        error::Result,
    },
};

/// Stored files were brought into another store: those that the entry names.
pub const MOVE: &str = "evidence.move";
/// A move came to its end. What a program wrote that named no file as it came stands for all of them.
pub(super) const MOVED: &str = "evidence.migrated";
/// The fact of that entry by which it is known that the files were named as they came.
pub const BY_FILE: &str = "by_file";
/// All stored files were read and hashed anew by the command.
pub const CHECKED: &str = "evidence.checked";
const COPIED: &str = "backup.create";
const RESTORED: &str = "backup.restore";
/// The fact that says from when on files were gone through.
pub const BEGUN: &str = "begun_at";

/// What is done by the clock, and so often.
const ROUTINE: &[&str] = &[CHECKED, COPIED, RESTORED];
/// So many of the newest of those stand on a page: what people did is not to be lost among them.
const SHOWN: i64 = 10;
/// Among so many of the first of those are all that were under way when the item was registered.
const FIRST: i64 = 10;
/// An entry that does not say when it began did so this long before, in seconds, at most.
const LONGEST: i64 = 86_400;

/// The stored file of an item, and for how long it is there.
pub(super) struct Stored {
    blob: Id,
    registered: Instant,
    erased: Option<Instant>,
}

/// What happened to an item so.
pub(super) struct OfStore {
    /// Newest first within each kind.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub all: i64,
}

impl Stored {
    /// # Errors
    /// `NotFound`; those of the database.
    pub fn of(conn: &mut Connection, item: Id) -> Result<Self> {
        let row: (Id, Instant, Option<Instant>) = evidence::table
            .inner_join(blob::table)
            .filter(evidence::id.eq(item))
            .select((evidence::blob_id, evidence::created_at, blob::erased_at))
            .first(conn)?;
        let (blob, registered, erased) = row;
        Ok(Self { blob, registered, erased })
    }

    /// Of a period, while the file is there.
    fn asked(&self, span: Span) -> Filter {
        let to = match (span.to, self.erased) {
            (Some(to), Some(erased)) => Some(to.min(erased)),
            (to, erased) => to.or(erased),
        };
        let from = span.from.map_or(self.registered, |from| from.max(self.registered));
        Filter { from: Some(from), to, ..Filter::default() }
    }

    /// The moves: by the entries that name the file, and by those of a program that named none.
    fn moves(&self, conn: &mut Connection, span: Span) -> Result<Vec<Row>> {
        let acts: audit::Acts = (vec![self.blob], &[MOVE]);
        let mut rows = all(conn, Filter { acts: Some(acts), ..self.asked(span) })?;
        let mut of_all = all(conn, Filter { verbs: &[MOVED], ..self.asked(span) })?;
        of_all.retain(|row| row.leaf["facts"][BY_FILE].is_null());
        rows.append(&mut of_all);
        Ok(rows)
    }

    /// Whether all files that the entry is about were there when it was begun, this one among them. What a backup brought
    /// back was in it.
    fn was_there(&self, row: &Row) -> bool {
        let begun = row.leaf["facts"][BEGUN].as_str().and_then(|at| Instant::try_from(at.to_owned()).ok());
        row.verb == RESTORED || begun.unwrap_or_else(|| row.at.plus_seconds(-LONGEST)) >= self.registered
    }

    /// All of it in a period.
    ///
    /// # Errors
    /// Those of the database.
    pub fn whole(&self, conn: &mut Connection, span: Span) -> Result<Vec<Row>> {
        let mut rows = all(conn, Filter { verbs: ROUTINE, ..self.asked(span) })?;
        rows.retain(|row| self.was_there(row));
        rows.extend(self.moves(conn, span)?);
        Ok(rows)
    }

    /// The moves, and the newest of what is done by the clock.
    ///
    /// # Errors
    /// Those of the database.
    pub fn newest(&self, conn: &mut Connection) -> Result<OfStore> {
        let asked = Filter { verbs: ROUTINE, ..self.asked(Span::default()) };
        let mut rows = audit::page(conn, &asked, SHOWN)?;
        let is_more = i64::try_from(rows.len()).is_ok_and(|n| n == SHOWN);
        rows.retain(|row| self.was_there(row));
        let mut routine = number_of(&rows);
        if is_more {
            let first = Filter { oldest_first: true, ..asked.clone() };
            let mut early = audit::page(conn, &first, FIRST)?;
            early.retain(|row| !self.was_there(row));
            routine = audit::count(conn, &asked)? - number_of(&early);
        }
        let moves = self.moves(conn, Span::default())?;
        let all = routine + number_of(&moves);
        rows.extend(moves);
        Ok(OfStore { rows, all })
    }
}

fn number_of(rows: &[Row]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}
