//! Comments and whom they call, as stored.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::model::Colleague;
use crate::{
    directory::people::{self, Actor, Commenter},
    platform::{
        db::{
            Connection, Id, Instant, Tx,
            schema::{lead_comment, lead_comment_back, lead_comment_text, lead_mention},
        },
        error::Result,
        keyset::Edge,
    },
};

/// A comment.
#[derive(Clone, Debug, Queryable)]
pub struct Comment {
    pub id: Id,
    pub lead_id: Id,
    pub author_id: Id,
    /// The earlier one that it corrects.
    pub corrects_id: Option<Id>,
    pub at: Instant,
    /// `None`: lawfully erased.
    pub body: Option<String>,
    /// When its author took it back: it is shown no more.
    pub back_at: Option<Instant>,
}

/// What a page shows of the comments of a lead.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Newest first; from the edge on, one more than asked for where there are more.
    pub comments: Vec<Comment>,
    /// Whom each of them calls.
    pub called: HashMap<Id, Vec<Id>>,
    /// Those of them that a later one corrects, wherever that stands; one that was taken back corrects nothing.
    pub corrected: HashSet<Id>,
    /// Of authors and of those that are called.
    pub names: HashMap<Id, String>,
    /// Whoever can be called.
    pub colleagues: Vec<Colleague>,
    /// Whether the reader is called in one that they have not said to have read.
    pub is_called: bool,
}

/// Reads at most `most` comments and one more, for `me`.
///
/// # Errors
/// Those of the database.
pub fn read(conn: &mut Connection, me: &Actor, lead_id: Id, edge: &Edge<Id>, most: usize) -> Result<Read> {
    let comments = page(conn, lead_id, edge, most + 1)?;
    let ids: Vec<Id> = comments.iter().map(|one| one.id).collect();
    let mut called: HashMap<Id, Vec<Id>> = HashMap::new();
    if !ids.is_empty() {
        let rows: Vec<(Id, Id)> = lead_mention::table
            .filter(lead_mention::comment_id.eq_any(&ids))
            .select((lead_mention::comment_id, lead_mention::person_id))
            .load(conn)?;
        for (comment, person) in rows {
            called.entry(comment).or_default().push(person);
        }
    }
    let corrected = corrected(conn, &ids)?;
    let people_in = comments.iter().map(|one| one.author_id).chain(called.values().flatten().copied());
    let names = people::store::names(conn, people_in)?;
    let may_write = me.has_any(Commenter::ROLES);
    Ok(Read {
        colleagues: if may_write { colleagues(conn)? } else { Vec::new() },
        is_called: may_write && is_called(conn, lead_id, me.id)?,
        comments,
        called,
        corrected,
        names,
    })
}

fn corrected(conn: &mut Connection, ids: &[Id]) -> Result<HashSet<Id>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<Option<Id>> = lead_comment::table
        .left_join(lead_comment_back::table)
        .filter(lead_comment::corrects_id.eq_any(ids.iter().copied().map(Some)))
        .filter(lead_comment_back::at.is_null())
        .select(lead_comment::corrects_id)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// Comments with their texts and whether they were taken back.
macro_rules! comments {
    // Not a function: nobody can write down the type of what it gives.
    () => {
        lead_comment::table.left_join(lead_comment_text::table).left_join(lead_comment_back::table).select((
            lead_comment::id,
            lead_comment::lead_id,
            lead_comment::author_id,
            lead_comment::corrects_id,
            lead_comment::at,
            lead_comment_text::body.nullable(),
            lead_comment_back::at.nullable(),
        ))
    };
}

fn page(conn: &mut Connection, lead_id: Id, edge: &Edge<Id>, most: usize) -> Result<Vec<Comment>> {
    let mut query = comments!().filter(lead_comment::lead_id.eq(lead_id)).into_boxed();
    query = match edge {
        Edge::Start => query,
        Edge::After(id) => query.filter(lead_comment::id.lt(*id)),
        Edge::Before(id) => query.filter(lead_comment::id.gt(*id)),
    };
    query = if edge.is_forward() {
        query.order(lead_comment::id.desc())
    } else {
        query.order(lead_comment::id.asc())
    };
    Ok(query.limit(i64::try_from(most).unwrap_or(i64::MAX)).load(conn)?)
}

/// One comment.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<Comment> {
    Ok(comments!().filter(lead_comment::id.eq(id)).first(conn)?)
}

/// The texts of comments that stand; one that was taken back or erased has none.
///
/// # Errors
/// Those of the database.
pub fn bodies(conn: &mut Connection, ids: &[Id]) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Id, String)> = lead_comment::table
        .inner_join(lead_comment_text::table)
        .left_join(lead_comment_back::table)
        .filter(lead_comment::id.eq_any(ids))
        .filter(lead_comment_back::at.is_null())
        .select((lead_comment::id, lead_comment_text::body))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Everybody who can be called in a comment, by name.
///
/// # Errors
/// Those of the database.
pub fn colleagues(conn: &mut Connection) -> Result<Vec<Colleague>> {
    let rows = people::store::with_any_role(conn, Commenter::ROLES)?;
    Ok(rows.into_iter().map(|(id, name, username)| Colleague { id, name, username }).collect())
}

fn is_called(conn: &mut Connection, lead_id: Id, person_id: Id) -> Result<bool> {
    let open: Option<Id> = lead_mention::table
        .inner_join(lead_comment::table.left_join(lead_comment_back::table))
        .filter(lead_mention::person_id.eq(person_id))
        .filter(lead_mention::seen_at.is_null())
        .filter(lead_mention::lead_id.eq(lead_id))
        .filter(lead_comment_back::at.is_null())
        .select(lead_mention::comment_id)
        .first(conn)
        .optional()?;
    Ok(open.is_some())
}

/// Notes that a person has read where a lead's comments call them; how often they did.
pub(super) fn mark_seen(tx: &mut Tx<'_>, lead_id: Id, person_id: Id) -> Result<usize> {
    let now = tx.now();
    let open = lead_mention::table
        .filter(lead_mention::person_id.eq(person_id))
        .filter(lead_mention::seen_at.is_null())
        .filter(lead_mention::lead_id.eq(lead_id));
    Ok(diesel::update(open).set(lead_mention::seen_at.eq(Some(now))).execute(tx.conn())?)
}

/// Writes a comment and whom it calls.
pub(super) fn insert(tx: &mut Tx<'_>, new: &Comment, called: &[Id]) -> Result<()> {
    diesel::insert_into(lead_comment::table)
        .values((
            lead_comment::id.eq(new.id),
            lead_comment::lead_id.eq(new.lead_id),
            lead_comment::author_id.eq(new.author_id),
            lead_comment::corrects_id.eq(new.corrects_id),
            lead_comment::at.eq(new.at),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(lead_comment_text::table)
        .values((
            lead_comment_text::comment_id.eq(new.id),
            lead_comment_text::body.eq(new.body.as_deref().unwrap_or_default()),
        ))
        .execute(tx.conn())?;
    for person in called {
        diesel::insert_into(lead_mention::table)
            .values((
                lead_mention::comment_id.eq(new.id),
                lead_mention::person_id.eq(*person),
                lead_mention::lead_id.eq(new.lead_id),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Notes that a comment was taken back.
pub(super) fn insert_back(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(lead_comment_back::table)
        .values((lead_comment_back::comment_id.eq(id), lead_comment_back::at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}
