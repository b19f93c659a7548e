//! Who has changed an object since somebody opened its form: told to whoever saves second.

use std::collections::HashSet;

use super::store;
use crate::{
    audit,
    platform::{
        db::{Connection, Id, Instant},
        error::Result,
        http::merge::Change,
        i18n::Lang,
        time::{self, Tz},
    },
};

/// So many acts are told at most.
const MOST: i64 = 200;

/// Which acts are told.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub object: Id,
    pub verb: &'a str,
    /// The fact of the entry that lists the changed fields; empty: none does.
    pub fact: &'a str,
    pub since: Instant,
}

/// The acts since then, newest first; `label` calls a field by its name.
///
/// # Errors
/// Those of the database.
pub fn changes(
    conn: &mut Connection,
    asked: Asked<'_>,
    reader: (Lang, Tz),
    label: impl Fn(&str) -> String,
) -> Result<Vec<Change>> {
    let rows = done(conn, asked.object, asked.verb, Some(asked.since))?;
    told(conn, &rows, asked.fact, reader, label)
}

/// The newest acts of this verb that were done about an object, since a moment where one is given: however much there is
/// about it beside them.
///
/// # Errors
/// Those of the database.
pub fn done(
    conn: &mut Connection,
    object: Id,
    verb: &str,
    since: Option<Instant>,
) -> Result<Vec<audit::Row>> {
    let filter = audit::Filter {
        object: Some(object),
        verb_prefix: Some(verb.to_owned()),
        outcome: Some(audit::Outcome::Done.as_str().to_owned()),
        from: since,
        ..audit::Filter::default()
    };
    let mut rows = audit::page(conn, &filter, MOST)?;
    rows.retain(|row| row.verb == verb);
    Ok(rows)
}

/// Entries as they are told; as [`changes`].
///
/// # Errors
/// Those of the database.
pub fn told(
    conn: &mut Connection,
    rows: &[audit::Row],
    fact: &str,
    (lang, zone): (Lang, Tz),
    label: impl Fn(&str) -> String,
) -> Result<Vec<Change>> {
    let people: HashSet<Id> = rows.iter().filter_map(|row| row.actor_id).collect();
    let names = store::names(conn, people)?;
    let change = |row: &audit::Row| {
        let fields = row.leaf["facts"][fact].as_array().into_iter().flatten();
        let fields: Vec<String> = fields.filter_map(|name| name.as_str()).map(&label).collect();
        Change {
            time: time::format_instant(row.at, zone, lang),
            who: row.actor_id.and_then(|id| names.get(&id)).cloned().unwrap_or_default(),
            fields: fields.join(&lang.comma()),
        }
    };
    Ok(rows.iter().map(change).collect())
}
