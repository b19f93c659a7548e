//! Registering, marking and removing items.

use diesel::prelude::*;

use super::{
    model::{Details, Kind, category_or_suggested, clean_name},
    sales,
    scrub::open_among,
    sealing,
    store::{self, Item},
    time_stamp,
};
use crate::{
    audit::{self, Entry},
    casework::lead,
    directory::people::Compiler,
    platform::{
        db::{
            Connection, Id, Tx,
            schema::{blob, evidence},
        },
        error::{AppError, Result},
        vault::Stored,
    },
};

/// A file (or text) that is in the vault and waits to be registered.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub name: String,
    pub kind: Kind,
    pub stored: Stored,
}

/// What registering came to.
#[derive(Clone, Debug)]
pub struct Registered {
    pub ids: Vec<Id>,
    /// Objects of the vault whose bytes were stored already: to be deleted after the commit.
    pub surplus: Vec<uuid::Uuid>,
    /// Whether the lead had an item of the same content before.
    pub again: bool,
}

/// What stands in the way of bytes that are stored already, but not as they were.
pub const ALARM: &str = "conflict-evidence-alarm";

/// Keeps a stored object as a blob; the same bytes are kept once. Returns the blob, and whether `stored` is surplus.
///
/// # Errors
/// `Conflict` ([`ALARM`]) where the same bytes are stored, and have an open alarm: they are not to be given out for whole.
pub fn keep_blob(tx: &mut Tx<'_>, stored: &Stored) -> Result<(Id, bool)> {
    if let Some(known) = store::blob_by_hash(tx.conn(), &stored.sha256)? {
        if !open_among(tx.conn(), &[known])?.is_empty() {
            return Err(AppError::Conflict(ALARM));
        }
        return Ok((known, true));
    }
    let id = Id::from(stored.key);
    let now = tx.now();
    diesel::insert_into(blob::table)
        .values((
            blob::id.eq(id),
            blob::sha256.eq(&stored.sha256[..]),
            blob::sm3.eq(&stored.sm3[..]),
            blob::size.eq(i64::try_from(stored.size).map_err(AppError::internal)?),
            blob::media_type.eq(&stored.media_type),
            blob::wrapped_key.eq(&stored.wrapped_key),
            blob::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok((id, false))
}

/// Registers what arrived as items of a lead.
///
/// # Errors
/// `NotFound` for a lead that isn't there or isn't the actor's to change; `Conflict` when it is not a draft.
pub fn register(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    arrived: &[Arrived],
    details: &Details,
) -> Result<Registered> {
    let lead = lead::store::find_visible(tx.conn(), me, lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    let mut done = Registered { ids: Vec::new(), surplus: Vec::new(), again: false };
    let mut held = store::blobs_of_lead(tx.conn(), lead_id)?;
    for item in arrived {
        let (blob_id, is_surplus) = keep_blob(tx, &item.stored)?;
        if is_surplus {
            done.surplus.push(item.stored.key);
        }
        done.again |= !held.insert(blob_id);
        done.ids.push(insert_item(tx, Some(me.id), lead_id, item, blob_id, details, lead.synthetic)?);
    }
    lead::actions::note_writer(tx, me, lead_id)?;
    Ok(done)
}

/// Registers what was attached to an e-mail that is an item of the same lead, as the attachment `n` of it, from 1: the entry
/// in the log is one of both items.
///
/// # Errors
/// As [`register`].
pub(super) fn register_attached(
    tx: &mut Tx<'_>,
    me: &Compiler,
    letter: &Item,
    n: usize,
    arrived: &Arrived,
    details: &Details,
) -> Result<Registered> {
    let lead_id = letter.lead_id;
    let lead = lead::store::find_visible(tx.conn(), me, lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    let again_of = store::blobs_of_lead(tx.conn(), lead_id)?;
    let (blob_id, is_surplus) = keep_blob(tx, &arrived.stored)?;
    let (id, entry) = insert_row(tx, Some(me.id), lead_id, arrived, blob_id, details, lead.synthetic)?;
    audit::record(tx, entry.object("attached-to", letter.id).fact("attachment", n))?;
    lead::actions::note_writer(tx, me, lead_id)?;
    Ok(Registered {
        ids: vec![id],
        surplus: if is_surplus { vec![arrived.stored.key] } else { Vec::new() },
        again: again_of.contains(&blob_id),
    })
}

/// One item with its entry in the log; time stamps are asked for over its bytes. Also for the demo's loader, which has no
/// actor.
///
/// # Errors
/// Those of the database.
pub fn insert_item(
    tx: &mut Tx<'_>,
    by: Option<Id>,
    lead_id: Id,
    item: &Arrived,
    blob_id: Id,
    details: &Details,
    synthetic: bool,
) -> Result<Id> {
    let (id, entry) = insert_row(tx, by, lead_id, item, blob_id, details, synthetic)?;
    audit::record(tx, entry)?;
    Ok(id)
}

/// One item, with the entry that is still to be recorded.
fn insert_row(
    tx: &mut Tx<'_>,
    by: Option<Id>,
    lead_id: Id,
    item: &Arrived,
    blob_id: Id,
    details: &Details,
    synthetic: bool,
) -> Result<(Id, Entry)> {
    let id = Id::new();
    let now = tx.now();
    let position = store::next_position(tx.conn(), lead_id)?;
    let name = clean_name(&item.name);
    diesel::insert_into(evidence::table)
        .values((
            (
                evidence::id.eq(id),
                evidence::lead_id.eq(lead_id),
                evidence::position.eq(position),
                evidence::kind.eq(item.kind.as_str()),
                evidence::category.eq(category_or_suggested(&details.category, &item.stored.media_type)),
                evidence::name.eq(&name),
                evidence::description.eq(&details.description),
                evidence::source.eq(&details.source),
                evidence::collected_by.eq(&details.collected_by),
                evidence::collected_at.eq(details.collected_at),
                evidence::method.eq(&details.method),
            ),
            (
                evidence::tool.eq(&details.tool),
                evidence::medium.eq(&details.medium),
                evidence::holder.eq(&details.holder),
                evidence::blob_id.eq(blob_id),
                evidence::withheld.eq(details.withheld),
                evidence::withheld_reason.eq(&details.withheld_reason),
                evidence::registered_by.eq(by),
                evidence::created_at.eq(now),
                evidence::synthetic.eq(synthetic),
                evidence::quantity.eq(&details.quantity),
                evidence::remark.eq(&details.remark),
                evidence::witness.eq(&details.witness),
            ),
        ))
        .execute(tx.conn())?;
    time_stamp::ask_for_file(tx, blob_id, &item.stored.sha256)?;
    let entry = Entry::new("evidence.register")
        .object("evidence", id)
        .object("lead", lead_id)
        .fact("sha256", data_encoding::HEXLOWER.encode(&item.stored.sha256))
        .fact("size", item.stored.size)
        .fact("kind", item.kind.as_str())
        .fact("withheld", details.withheld)
        .private("name", name);
    Ok((id, entry))
}

/// Loads an item for changing what stands beside it, and refuses where that is not for the actor or not the time.
///
/// # Errors
/// `NotFound`, `Conflict`, as [`register`].
pub(super) fn changeable(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Item> {
    let item = store::find(tx.conn(), id)?;
    let lead = lead::store::find_visible(tx.conn(), me, item.lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    if item.removed_at.is_some() {
        return Err(AppError::NotFound);
    }
    lead::actions::note_writer(tx, me, item.lead_id)?;
    Ok(item)
}

/// Marks an item do-not-disclose, with the reason; `None` takes the mark off.
///
/// # Errors
/// As [`register`]; `Invalid` without a reason.
pub fn set_withheld(tx: &mut Tx<'_>, me: &Compiler, id: Id, reason: Option<&str>) -> Result<Id> {
    if reason.is_some_and(str::is_empty) {
        return Err(AppError::field("withheld_reason", "error-required"));
    }
    let item = changeable(tx, me, id)?;
    diesel::update(evidence::table.find(id))
        .set((
            evidence::withheld.eq(reason.is_some()),
            evidence::withheld_reason.eq(reason.unwrap_or_default()),
        ))
        .execute(tx.conn())?;
    let verb = if reason.is_some() { "evidence.withhold" } else { "evidence.disclose" };
    let mut entry = Entry::new(verb).object("evidence", id).object("lead", item.lead_id);
    if let Some(reason) = reason {
        entry = entry.private("reason", reason);
    }
    audit::record(tx, entry)?;
    Ok(item.lead_id)
}

/// Marks items of one lead do-not-disclose, with one reason for all; `None` takes the mark off. Those that are marked so
/// already are left as they are.
///
/// # Errors
/// As [`register`]; `Invalid` without a reason, or where nothing would change; `NotFound` for an item that is none of the
/// lead's, `Conflict` for one that was taken out.
pub fn set_withheld_many(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    ids: &[Id],
    reason: Option<&str>,
) -> Result<()> {
    if reason.is_some_and(str::is_empty) {
        return Err(AppError::field("withheld_reason", "error-required"));
    }
    let lead = lead::store::find_visible(tx.conn(), me, lead_id)?;
    lead::model::require_changeable(me, &lead)?;
    let items = store::find_many(tx.conn(), ids)?;
    if items.len() != ids.len() || items.iter().any(|item| item.lead_id != lead_id) {
        return Err(AppError::NotFound);
    }
    if items.iter().any(|item| item.removed_at.is_some()) {
        return Err(AppError::Conflict("conflict-evidence-taken-out"));
    }
    let is_so =
        |item: &Item| item.withheld == reason.is_some() && item.withheld_reason == reason.unwrap_or_default();
    let changed: Vec<Id> = items.iter().filter(|item| !is_so(item)).map(|item| item.id).collect();
    if changed.is_empty() {
        return Err(AppError::field("item", "error-evidence-marked-so"));
    }
    for part in changed.chunks(500) {
        diesel::update(evidence::table.filter(evidence::id.eq_any(part)))
            .set((
                evidence::withheld.eq(reason.is_some()),
                evidence::withheld_reason.eq(reason.unwrap_or_default()),
            ))
            .execute(tx.conn())?;
    }
    lead::actions::note_writer(tx, me, lead_id)?;
    let verb = if reason.is_some() { "evidence.withhold" } else { "evidence.disclose" };
    let mut entry = Entry::new(verb).object("lead", lead_id).objects("evidence", changed);
    if let Some(reason) = reason {
        entry = entry.private("reason", reason);
    }
    audit::record(tx, entry)?;
    Ok(())
}

/// Refuses to take out an item that is to stay.
///
/// # Errors
/// `Conflict` when a dossier holds it, the record of a sealed medium names it as a photograph, or the sums of its lead's
/// sales records hold it.
pub fn removable(conn: &mut Connection, id: Id) -> Result<()> {
    if store::is_in_a_composition(conn, id)? {
        return Err(AppError::Conflict("conflict-evidence-in-dossier"));
    }
    if sealing::store::is_photograph(conn, id)? {
        return Err(AppError::Conflict("conflict-evidence-photograph"));
    }
    let is_counted = sales::store::is_marked(conn, id)?;
    if is_counted { Err(AppError::Conflict("conflict-evidence-sales")) } else { Ok(()) }
}

/// Takes an item out of a draft. Its bytes stay, and so does its record: nothing that was once in a dossier goes.
///
/// # Errors
/// As [`register`] and [`removable`].
pub fn remove(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Id> {
    let item = changeable(tx, me, id)?;
    removable(tx.conn(), id)?;
    let now = tx.now();
    diesel::update(evidence::table.find(id)).set(evidence::removed_at.eq(Some(now))).execute(tx.conn())?;
    audit::record(tx, Entry::new("evidence.remove").object("evidence", id).object("lead", item.lead_id))?;
    Ok(item.lead_id)
}
