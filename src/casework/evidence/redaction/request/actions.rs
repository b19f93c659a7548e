//! Asking for a redacted copy, and ending what was asked for: with a new item, or with a fault.

use super::{
    store::{self, New, Request},
    work::{self, OVER},
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            actions::{ALARM, changeable},
            redaction::{
                actions::{Made, register},
                model::Words,
                original::find,
                region::{Region, places},
            },
            scrub::open_among,
            store as items,
        },
        lead,
    },
    directory::people::{Compiler, store as people},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        i18n::Lang,
        jobs,
        notice::{self, Notice},
        paths,
    },
};

/// The notice to whoever asked.
const MAIL: &str = "redaction-ended";

/// What is asked for of a PDF.
#[derive(Clone, Debug)]
pub(in crate::casework::evidence::redaction) struct Asked {
    pub pages: usize,
    pub regions: Vec<Region>,
    pub words: Words,
}

/// Asks for a redacted copy, which a job makes.
///
/// # Errors
/// `NotFound`; `Conflict` where the lead is not the actor's or no draft, an alarm is open about the bytes, or one is being made.
pub(in crate::casework::evidence::redaction) fn ask(
    tx: &mut Tx<'_>,
    me: &Compiler,
    original_id: Id,
    asked: &Asked,
) -> Result<()> {
    let original = changeable(tx, me, original_id)?;
    if !open_among(tx.conn(), &[original.blob_id])?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    let id = Id::new();
    let (regions, words) = (&asked.regions, &asked.words);
    store::insert(tx, &New { id, original: &original, pages: asked.pages, regions, words, by: me.id })?;
    if jobs::enqueue(tx, work::job(id, original_id, regions))?.is_none() {
        return Err(AppError::Conflict("conflict-redaction-under-way"));
    }
    let entry = Entry::new("evidence.request_redaction")
        .object("evidence", original_id)
        .object("lead", original.lead_id)
        .fact("original_sha256", original.blob.sha256_hex())
        .fact("removed", places(regions))
        .private("reason", words.reason.as_str());
    audit::record(tx, entry)?;
    Ok(())
}

/// Registers what was made, in the name of whoever asked, if they still may and the original is as it was. Gives whether its
/// bytes were stored before.
///
/// # Errors
/// `Conflict` ([`OVER`]) where it has ended meanwhile; those of [`ask`].
pub(super) fn finish(tx: &mut Tx<'_>, request: &Request, words: &Words, made: &Made) -> Result<bool> {
    if store::open(tx.conn(), request.id)?.is_none() {
        return Err(AppError::Conflict(OVER));
    }
    let me = Compiler::admit(people::actor(tx.conn(), request.requested_by)?)?;
    let found = find(tx.conn(), &me, request.original_id)?;
    if found.item.blob.sha256 != request.original_sha256 {
        return Err(AppError::Conflict(ALARM));
    }
    let (new, is_surplus) = register(tx, &me, request.original_id, words, made)?;
    store::end(tx, request.id, Ok(new))?;
    tell(tx, request, Some(new))?;
    Ok(is_surplus)
}

/// Ends it with a fault, the key of a message. Nothing where it has ended.
///
/// # Errors
/// Those of the database.
pub(super) fn fail(tx: &mut Tx<'_>, request: &Request, fault: &str) -> Result<()> {
    if store::open(tx.conn(), request.id)?.is_none() {
        return Ok(());
    }
    store::end(tx, request.id, Err(fault))?;
    tell(tx, request, None)
}

/// A mail to whoever asked: that it was made, or was not, and where that is told.
fn tell(tx: &mut Tx<'_>, request: &Request, new: Option<Id>) -> Result<()> {
    let found = people::by_ids(tx.conn(), &[request.requested_by])?;
    let open = found.into_iter().filter(|person| person.disabled_at.is_none());
    for person in open.filter(|person| notice::is_address(&person.email)) {
        let lead_id = items::find(tx.conn(), request.original_id)?.lead_id;
        let lead = lead::store::find(tx.conn(), lead_id)?;
        let lang = Lang::parse(&person.locale).unwrap_or_default();
        let link = paths::evidence(new.unwrap_or(request.original_id));
        let letter = Notice::new(MAIL, person.email, lang)
            .to_account(person.id)
            .param("number", &lead.number)
            .param("what", if new.is_some() { "made" } else { "failed" })
            .link(link)
            .about("redaction", request.id);
        notice::queue(tx, letter)?;
    }
    Ok(())
}
