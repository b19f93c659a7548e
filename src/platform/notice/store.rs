//! Rows of messages.

use std::{collections::BTreeMap, path::Path};

use diesel::prelude::*;
use serde_json::json;

use super::{Event, JOB, PARAMS, SECRET_LINKS, TEMPLATES, Way, event};
use crate::platform::{
    db::{Connection, Id, Instant, Tx, schema::mail_message},
    error::{AppError, Plain, Result},
    i18n::Lang,
    jobs::{self, Job},
    keyset::Edge,
};

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Notice {
    pub template: &'static str,
    /// `name@host`.
    pub to: String,
    pub lang: Lang,
    /// The account behind the address, which may have chosen how notices come; `None`: they come at once.
    pub account: Option<Id>,
    pub params: BTreeMap<&'static str, String>,
    /// The page that it leads to: a path of ours.
    pub link: String,
    /// What it is about: kind and id.
    pub about: Option<(&'static str, Id)>,
}

impl Notice {
    pub fn new(template: &'static str, to: impl Into<String>, lang: Lang) -> Self {
        Self {
            template,
            to: to.into(),
            lang,
            account: None,
            params: BTreeMap::new(),
            link: "/".into(),
            about: None,
        }
    }

    /// Whose address it is.
    #[must_use]
    pub fn to_account(mut self, account: impl Into<Option<Id>>) -> Self {
        self.account = account.into();
        self
    }

    /// Sets one of [`PARAMS`].
    #[must_use]
    pub fn param(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    /// The page that it leads to.
    #[must_use]
    pub fn link(mut self, path: impl Into<String>) -> Self {
        self.link = path.into();
        self
    }

    /// What it is about.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: Id) -> Self {
        self.about = Some((kind, id));
        self
    }

    fn check(&self) -> Result<()> {
        let unknown = self.params.keys().find(|name| !PARAMS.contains(name));
        let fault = match unknown {
            Some(name) => format!("notice {}: parameter {name} is not allowed", self.template),
            None if !TEMPLATES.contains(&self.template) => format!("no notice {}", self.template),
            None if !self.link.starts_with('/') => format!("notice {}: the link is no path", self.template),
            None => return Ok(()),
        };
        Err(AppError::internal(Plain(fault)))
    }
}

/// A message as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mail_message)]
pub struct MessageRow {
    pub id: Id,
    pub template: String,
    pub to_address: String,
    pub locale: String,
    /// JSON object of texts.
    pub params: String,
    pub link: String,
    pub about_kind: String,
    pub about_id: Option<Id>,
    pub job_id: Option<Id>,
    /// `queued`, `sent` or `failed`.
    pub state: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
    /// What the mail server said when it took the message, or the file that it was written to; empty until then.
    pub answer: String,
}

impl MessageRow {
    /// Whether it was written to a file, for want of a mail server, and sent to nobody: its answer is the file's name then.
    pub fn is_written(&self) -> bool {
        let is_file = Path::new(&self.answer).extension().is_some_and(|end| end == "eml");
        self.state == "sent" && is_file && !self.answer.contains(' ')
    }

    /// The word by which its state is called: `queued`, `sent`, `written` or `failed`.
    pub fn standing(&self) -> &str {
        if self.is_written() { "written" } else { &self.state }
    }
}

/// Queues a message in the open transaction: it is sent if and only if the transaction commits. Where its account chose
/// so, it is only counted for the next collected mail, or dropped; then there is no message.
///
/// # Errors
/// `Internal` for a template or parameter that does not exist; those of the database.
pub fn queue(tx: &mut Tx<'_>, notice: Notice) -> Result<Option<Id>> {
    notice.check()?;
    if let Some((person, event)) = notice.account.zip(Event::of(notice.template)) {
        match event::way_of(tx.conn(), person, event)? {
            Way::AtOnce => {}
            Way::Digest => return event::collect(tx, person, event).map(|()| None),
            Way::Never => return Ok(None),
        }
    }
    let id = Id::new();
    let job = jobs::enqueue(tx, Job::new(JOB, json!({ "message": id })))?;
    let now = tx.now();
    let (kind, about) = notice.about.map_or(("", None), |(kind, id)| (kind, Some(id)));
    diesel::insert_into(mail_message::table)
        .values((
            mail_message::id.eq(id),
            mail_message::template.eq(notice.template),
            mail_message::to_address.eq(&notice.to),
            mail_message::locale.eq(notice.lang.tag()),
            mail_message::params.eq(json!(notice.params).to_string()),
            mail_message::link.eq(&notice.link),
            mail_message::about_kind.eq(kind),
            mail_message::about_id.eq(about),
            mail_message::job_id.eq(job),
            mail_message::state.eq("queued"),
            mail_message::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(Some(id))
}

/// One message.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Connection, id: Id) -> Result<MessageRow> {
    Ok(mail_message::table.find(id).select(MessageRow::as_select()).first(conn)?)
}

/// Which messages to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<String>,
    pub template: Option<String>,
    pub edge: Edge<Id>,
}

/// At most `limit` messages from the edge on: newest first, for `Before` against that order.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Connection, filter: &Filter, limit: i64) -> Result<Vec<MessageRow>> {
    let mut query = mail_message::table.into_boxed();
    if let Some(state) = &filter.state {
        query = query.filter(mail_message::state.eq(state.clone()));
    }
    if let Some(template) = &filter.template {
        query = query.filter(mail_message::template.eq(template.clone()));
    }
    query = match filter.edge {
        Edge::Start => query.order(mail_message::id.desc()),
        Edge::After(id) => query.filter(mail_message::id.lt(id)).order(mail_message::id.desc()),
        Edge::Before(id) => query.filter(mail_message::id.gt(id)).order(mail_message::id.asc()),
    };
    Ok(query.limit(limit).select(MessageRow::as_select()).load(conn)?)
}

pub(super) fn set_sent(tx: &mut Tx<'_>, row: &MessageRow, answer: &str) -> Result<()> {
    let now = tx.now();
    let secret = SECRET_LINKS.contains(&row.template.as_str());
    let link = if secret { "" } else { row.link.as_str() };
    diesel::update(mail_message::table.find(row.id))
        .set((
            mail_message::state.eq("sent"),
            mail_message::sent_at.eq(now),
            mail_message::link.eq(link),
            mail_message::answer.eq(answer),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that a message could not be sent, unless it was after all.
pub(super) fn set_failed(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let waiting = mail_message::table.find(id).filter(mail_message::state.eq("queued"));
    diesel::update(waiting).set(mail_message::state.eq("failed")).execute(tx.conn())?;
    Ok(())
}

/// Tries a message again that could not be sent. The caller writes the audit entry.
///
/// # Errors
/// `NotFound`; `Conflict` for one that was sent.
pub fn retry(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    let row = find(tx.conn(), id)?;
    let Some(job) = row.job_id.filter(|_| row.state != "sent") else {
        return Err(AppError::Conflict("conflict-mail-sent"));
    };
    // The job first: where that can't be woken, the message stays as it is.
    jobs::retry_now(tx, job)?;
    diesel::update(mail_message::table.find(id)).set(mail_message::state.eq("queued")).execute(tx.conn())?;
    Ok(())
}

/// Tries the oldest messages again that could not be sent, at most `limit`; gives those. The caller writes the audit
/// entry.
///
/// # Errors
/// Those of the database.
pub fn retry_failed(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Id>> {
    let failed: Vec<Id> = mail_message::table
        .filter(mail_message::state.eq("failed"))
        .order(mail_message::id)
        .limit(limit)
        .select(mail_message::id)
        .load(tx.conn())?;
    let mut tried = Vec::new();
    for id in failed {
        match retry(tx, id) {
            Ok(()) => tried.push(id),
            Err(AppError::Conflict(_) | AppError::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(tried)
}

/// Takes jobs that are let go of off the messages that they sent.
///
/// # Errors
/// Those of the database.
pub fn without_jobs(tx: &mut Tx<'_>, jobs: &[Id]) -> Result<()> {
    let sent = mail_message::table.filter(mail_message::job_id.assume_not_null().eq_any(jobs));
    diesel::update(sent).set(mail_message::job_id.eq(None::<Id>)).execute(tx.conn())?;
    Ok(())
}

/// How many messages wait, and how many failed: `queued`, `failed`.
///
/// # Errors
/// Those of the database.
pub fn unsent(conn: &mut Connection) -> Result<Vec<(String, i64)>> {
    Ok(mail_message::table
        .filter(mail_message::state.eq_any(["queued", "failed"]))
        .group_by(mail_message::state)
        .select((mail_message::state, diesel::dsl::count_star()))
        .load(conn)?)
}

/// How many messages of a template were written to an address since a moment.
///
/// # Errors
/// Those of the database.
pub fn lately(conn: &mut Connection, template: &str, to: &str, since: Instant) -> Result<i64> {
    Ok(mail_message::table
        .filter(mail_message::template.eq(template))
        .filter(mail_message::to_address.eq(to))
        .filter(mail_message::created_at.ge(since))
        .count()
        .get_result(conn)?)
}

/// The newest message of a template.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Connection, template: &str) -> Result<Option<MessageRow>> {
    Ok(mail_message::table
        .filter(mail_message::template.eq(template))
        .order(mail_message::id.desc())
        .select(MessageRow::as_select())
        .first(conn)
        .optional()?)
}
