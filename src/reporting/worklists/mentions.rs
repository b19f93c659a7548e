//! Where comments on leads call the reader: the newest on the first page, all on a page of their own.

use diesel::{
    dsl::{exists, not},
    prelude::*,
};

use super::{
    duties::{At, all},
    pages::{Duty, Item},
    read::SHOWN,
};
use crate::{
    directory::people::{Actor, Commenter, store as people},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{lead, lead_comment, lead_comment_back, lead_mention},
        },
        error::Result,
        http::view::MadeUp,
        keyset::Edge,
        paths, time,
    },
};

/// A comment that calls the reader.
#[derive(Clone, Debug, Queryable)]
pub struct Mention {
    pub comment_id: Id,
    author_id: Id,
    at: Instant,
    lead_id: Id,
    number: String,
    title: String,
    synthetic: bool,
}

/// Those that `$me` has not said to have read; what its author took back calls nobody.
macro_rules! unread {
    ($me:expr) => {{
        let back =
            lead_comment_back::table.filter(lead_comment_back::comment_id.eq(lead_mention::comment_id));
        lead_mention::table
            .inner_join(lead_comment::table)
            .inner_join(lead::table)
            .filter(lead_mention::person_id.eq($me))
            .filter(lead_mention::seen_at.is_null())
            .filter(lead::state.ne("trashed"))
            .filter(not(exists(back)))
    }};
}

/// At most `most` of them from the edge on, newest first, or against that order for what stands before it. Nobody is called
/// who may not comment, nor any more who may not now.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, me: &Actor, edge: &Edge<Id>, most: i64) -> Result<Vec<Mention>> {
    if !me.has_any(Commenter::ROLES) {
        return Ok(Vec::new());
    }
    let mut query = unread!(me.id).into_boxed();
    query = match edge {
        Edge::Start => query,
        Edge::After(id) => query.filter(lead_mention::comment_id.lt(*id)),
        Edge::Before(id) => query.filter(lead_mention::comment_id.gt(*id)),
    };
    query = if edge.is_forward() {
        query.order(lead_mention::comment_id.desc())
    } else {
        query.order(lead_mention::comment_id.asc())
    };
    Ok(query
        .limit(most)
        .select((
            lead_mention::comment_id,
            lead_comment::author_id,
            lead_comment::at,
            lead::id,
            lead::number,
            lead::title,
            lead::synthetic,
        ))
        .load(conn)?)
}

fn count(conn: &mut Connection, me: Id) -> Result<i64> {
    Ok(unread!(me).count().get_result(conn)?)
}

/// In words.
///
/// # Errors
/// Those of the database.
pub fn items(conn: &mut Connection, at: &At<'_>, rows: Vec<Mention>) -> Result<Vec<Item>> {
    let names = people::names(conn, rows.iter().map(|row| row.author_id))?;
    let item = |row: Mention| {
        let name = names.get(&row.author_id).cloned().unwrap_or_default();
        let when = time::format_instant(row.at, at.zone, at.c.language);
        Item {
            label: format!("{} {}", row.number, row.title),
            href: format!("{}#c-{}", paths::lead_part(row.lead_id, "comments"), row.comment_id),
            note: at.c.ta("home-mentioned", &[("name", &name), ("when", &when)]),
            chip: None,
            due: None,
            object: Some(("lead", row.lead_id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    };
    Ok(rows.into_iter().map(item).collect())
}

/// The newest of them, and how many there are.
///
/// # Errors
/// Those of the database.
pub fn mentioned(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let rows = page(conn, at.me, &Edge::Start, SHOWN)?;
    let items = items(conn, at, rows)?;
    let count = all(&items, || count(conn, at.me.id))?;
    Ok(at.duty("mentions", count, paths::MENTIONS, items))
}
