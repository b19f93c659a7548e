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
        db::{Connection, Id, Rows, Tx, schema::evidence},
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
    keep_blobs(tx, &[stored])?.pop().ok_or(AppError::NotFound)
}

/// As [`keep_blob`], of many at once, in their order: others wait while an act writes.
fn keep_blobs(tx: &mut Tx<'_>, stored: &[&Stored]) -> Result<Vec<(Id, bool)>> {
    let hashes: Vec<Vec<u8>> = stored.iter().map(|one| one.sha256.to_vec()).collect();
    let mut known = store::blobs_by_hash(tx.conn(), &hashes)?;
    let before: Vec<Id> = known.values().copied().collect();
    if !open_among(tx.conn(), &before)?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    let now = tx.now();
    let columns = &["id", "sha256", "sm3", "size", "media_type", "wrapped_key", "created_at"];
    let (mut rows, mut kept) = (Rows::new("blob", columns), Vec::with_capacity(stored.len()));
    for (one, hash) in stored.iter().zip(hashes) {
        if let Some(known) = known.get(&hash) {
            kept.push((*known, true));
            continue;
        }
        let id = Id::from(one.key);
        rows.push([
            id.into(),
            hash.clone().into(),
            one.sm3.to_vec().into(),
            i64::try_from(one.size).map_err(AppError::internal)?.into(),
            one.media_type.as_str().into(),
            one.wrapped_key.clone().into(),
            now.into(),
        ]);
        known.insert(hash, id);
        kept.push((id, false));
    }
    rows.insert(tx.conn())?;
    Ok(kept)
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
    let stored: Vec<&Stored> = arrived.iter().map(|item| &item.stored).collect();
    let mut items = Vec::with_capacity(arrived.len());
    for (item, (blob_id, is_surplus)) in arrived.iter().zip(keep_blobs(tx, &stored)?) {
        if is_surplus {
            done.surplus.push(item.stored.key);
        }
        done.again |= !held.insert(blob_id);
        items.push((item, blob_id));
    }
    for (id, entry) in insert_rows(tx, Some(me.id), lead_id, &items, details, lead.synthetic)? {
        audit::record(tx, entry)?;
        done.ids.push(id);
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
    let mut made = insert_rows(tx, by, lead_id, &[(item, blob_id)], details, synthetic)?;
    made.pop().ok_or(AppError::NotFound)
}

/// The columns of an item as it is registered.
const COLUMNS: &[&str] = &[
    "id",
    "lead_id",
    "position",
    "kind",
    "category",
    "name",
    "description",
    "source",
    "collected_by",
    "collected_at",
    "method",
    "tool",
    "medium",
    "holder",
    "blob_id",
    "withheld",
    "withheld_reason",
    "registered_by",
    "created_at",
    "synthetic",
    "quantity",
    "remark",
    "witness",
];

/// Items with what each consists of, under numbers that follow each other; with the entries that are still to be recorded.
fn insert_rows(
    tx: &mut Tx<'_>,
    by: Option<Id>,
    lead_id: Id,
    items: &[(&Arrived, Id)],
    details: &Details,
    synthetic: bool,
) -> Result<Vec<(Id, Entry)>> {
    let now = tx.now();
    let next = store::next_position(tx.conn(), lead_id)?;
    let (mut rows, mut made) = (Rows::new("evidence", COLUMNS), Vec::with_capacity(items.len()));
    for (position, (item, blob_id)) in (next..).zip(items) {
        let (id, name) = (Id::new(), clean_name(&item.name));
        rows.push([
            id.into(),
            lead_id.into(),
            position.into(),
            item.kind.as_str().into(),
            category_or_suggested(&details.category, &item.stored.media_type).into(),
            name.as_str().into(),
            details.description.as_str().into(),
            details.source.as_str().into(),
            details.collected_by.as_str().into(),
            details.collected_at.into(),
            details.method.as_str().into(),
            details.tool.as_str().into(),
            details.medium.as_str().into(),
            details.holder.as_str().into(),
            (*blob_id).into(),
            details.withheld.into(),
            details.withheld_reason.as_str().into(),
            by.into(),
            now.into(),
            synthetic.into(),
            details.quantity.as_str().into(),
            details.remark.as_str().into(),
            details.witness.as_str().into(),
        ]);
        let entry = Entry::new("evidence.register")
            .object("evidence", id)
            .object("lead", lead_id)
            .fact("sha256", data_encoding::HEXLOWER.encode(&item.stored.sha256))
            .fact("size", item.stored.size)
            .fact("kind", item.kind.as_str())
            .fact("withheld", details.withheld)
            .private("name", name);
        made.push((id, entry));
    }
    rows.insert(tx.conn())?;
    for (item, blob_id) in items {
        time_stamp::ask_for_file(tx, *blob_id, &item.stored.sha256)?;
    }
    Ok(made)
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
