//! The verbs of comments. None of them is writing in the lead.

use super::{
    model::{self, Called},
    store::{self, Comment},
};
use crate::{
    audit::{self, Entry},
    casework::lead::{
        model::{Lead, State},
        store as leads,
    },
    directory::people::{self, Commenter},
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, FieldError, Result},
        i18n::Lang,
        notice::{self, Notice},
        paths,
    },
};

/// A comment as it is handed in.
#[derive(Clone, Debug, Default)]
pub struct New {
    pub body: String,
    /// Who was ticked to be called, beside those whom the text calls.
    pub ticked: Vec<Id>,
    /// The own comment that it corrects.
    pub corrects: Option<Id>,
}

/// Writes a comment. Whoever is called finds it on the first page, and gets a mail that says so; who answers has read it.
///
/// # Errors
/// `NotFound`; `Conflict` for a lead in the trash, or one's comment that can't be corrected; `Invalid` beside `body` and
/// `mentions`.
pub fn add(tx: &mut Tx<'_>, me: &Commenter, lead_id: Id, new: &New) -> Result<Id> {
    let lead = open_lead(tx.conn(), me, lead_id)?;
    if new.body.is_empty() {
        return Err(AppError::field("body", "error-required"));
    }
    if let Some(id) = new.corrects {
        correctable(tx.conn(), me, lead_id, id)?;
    }
    let called = called(tx.conn(), me, new)?;
    let comment = Comment {
        id: Id::new(),
        lead_id,
        author_id: me.id,
        corrects_id: new.corrects,
        at: tx.now(),
        body: Some(new.body.clone()),
        back_at: None,
    };
    store::insert(tx, &comment, &called)?;
    store::mark_seen(tx, lead_id, me.id)?;
    let mut entry = Entry::new("lead.comment.add").object("lead", lead_id).object("comment", comment.id);
    if let Some(id) = new.corrects {
        entry = entry.object("corrected-comment", id);
    }
    audit::record(tx, entry.objects("person", called.iter().copied()))?;
    tell(tx, &lead, &called)?;
    Ok(comment.id)
}

fn open_lead(conn: &mut Connection, me: &Commenter, lead_id: Id) -> Result<Lead> {
    let lead = leads::find_visible(conn, me, lead_id)?;
    if lead.state == State::Trashed { Err(AppError::Conflict("conflict-lead-trashed")) } else { Ok(lead) }
}

/// Whom the comment calls, without its author.
fn called(conn: &mut Connection, me: &Commenter, new: &New) -> Result<Vec<Id>> {
    let colleagues = store::colleagues(conn)?;
    if new.ticked.iter().any(|id| colleagues.iter().all(|one| one.id != *id)) {
        return Err(AppError::field("mentions", "error-unknown"));
    }
    let Called { mut people, unclear } = model::called(&new.body, &colleagues, &new.ticked);
    if let Some(name) = unclear.first() {
        let fault = FieldError::new("mentions", "error-comment-name-twice").arg("name", name);
        return Err(AppError::Invalid(vec![fault]));
    }
    people.retain(|id| *id != me.id);
    Ok(people)
}

/// The comment of this lead.
fn find(conn: &mut Connection, lead_id: Id, id: Id) -> Result<Comment> {
    let found = store::find(conn, id)?;
    if found.lead_id == lead_id { Ok(found) } else { Err(AppError::NotFound) }
}

/// The own comment that another one is to correct: at any time, as nothing of it goes.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody else's, or one that was taken back.
pub fn correctable(conn: &mut Connection, me: &Commenter, lead_id: Id, id: Id) -> Result<Comment> {
    let found = find(conn, lead_id, id)?;
    if found.author_id != me.id {
        Err(AppError::Conflict("conflict-comment-not-yours"))
    } else if found.back_at.is_some() {
        Err(AppError::Conflict("conflict-comment-back"))
    } else {
        Ok(found)
    }
}

/// A mail to each of those who are called: that somebody called them, and where.
fn tell(tx: &mut Tx<'_>, lead: &Lead, called: &[Id]) -> Result<()> {
    if called.is_empty() {
        return Ok(());
    }
    for person in people::store::by_ids(tx.conn(), called)? {
        if !notice::is_address(&person.email) {
            continue;
        }
        let lang = Lang::parse(&person.locale).unwrap_or_default();
        let letter = Notice::new("comment-mention", person.email, lang)
            .to_account(person.id)
            .param("number", &lead.number);
        notice::queue(tx, letter.link(paths::lead_part(lead.id, "comments")).about("lead", lead.id))?;
    }
    Ok(())
}

/// Takes one's own comment back: it is shown no more, and that it was there stays on record.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody else's, one that was taken back already, or after a day.
pub fn take_back(tx: &mut Tx<'_>, me: &Commenter, lead_id: Id, id: Id) -> Result<()> {
    open_lead(tx.conn(), me, lead_id)?;
    let found = find(tx.conn(), lead_id, id)?;
    model::require_takeable(found.author_id, found.at, found.back_at.is_some(), me.id, tx.now())?;
    store::insert_back(tx, id)?;
    let entry = Entry::new("lead.comment.take_back").object("lead", lead_id).object("comment", id);
    audit::record(tx, entry).map(|_| ())
}

/// Says that one has read where the comments of a lead call one.
///
/// # Errors
/// `NotFound`; `Conflict` where nobody has called.
pub fn see(tx: &mut Tx<'_>, me: &Commenter, lead_id: Id) -> Result<()> {
    leads::find_visible(tx.conn(), me, lead_id)?;
    if store::mark_seen(tx, lead_id, me.id)? == 0 {
        return Err(AppError::Conflict("conflict-comment-not-called"));
    }
    audit::record(tx, Entry::new("lead.comment.seen").object("lead", lead_id)).map(|_| ())
}
