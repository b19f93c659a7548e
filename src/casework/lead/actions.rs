//! The verbs of a lead. Each runs in the caller's transaction. Those that the lead's own pages call write their entry
//! into the log; the three that belong to a review (`mark_…`) leave that to the act of the review.

use chrono::Datelike;
use chrono_tz::Tz;

use super::{
    input::Input,
    model::{self, Lead, State, Step},
    parts::actions as parts,
    remark, store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{self, Actor, Compiler, Role},
    platform::{
        db::{self, Connection, Id, Instant, Tx},
        error::{AppError, FieldError, Result},
    },
};

/// Makes a draft of the compiler's own.
///
/// # Errors
/// Those of the database.
pub fn create(tx: &mut Tx<'_>, me: &Compiler, zone: Tz, input: &Input) -> Result<Lead> {
    let now = tx.now();
    let lead = insert(tx, me.id, now, zone, input)?;
    audit::record(tx, created_entry(&lead, input))?;
    Ok(lead)
}

/// What the log is told of a new lead.
pub fn created_entry(lead: &Lead, input: &Input) -> Entry {
    Entry::new("lead.create")
        .object("lead", lead.id)
        .fact("number", lead.number.as_str())
        .fact("region", lead.region_code.as_str())
        .fact("charges", input.charges.clone())
        .fact("subjects", input.subjects.len())
        .fact("sites", input.sites.len())
        .fact("listings", input.listings.len())
        .private("title", lead.title.as_str())
}

/// Writes a draft with everything that the input names, without an entry in the log: the caller's act has one. `at` is
/// the moment of its making; the number is of that year in `zone`.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx<'_>, owner_id: Id, at: Instant, zone: Tz, input: &Input) -> Result<Lead> {
    let year = at.utc().with_timezone(&zone).year();
    let n = db::next_number(tx.conn(), &format!("lead-{year}"))?;
    let id = Id::new();
    let new = Lead {
        seq: 0,
        id,
        number: model::number(year, n),
        year,
        title: input.title.clone(),
        summary: input.summary.clone(),
        region_code: input.region_code.clone(),
        occurred_from: input.occurred_from,
        occurred_to: input.occurred_to,
        value: input.value,
        source_kind: input.source_kind,
        source_note: input.source_note.clone(),
        sender_role: input.sender_role,
        state: State::Draft,
        owner_id,
        assignee_id: None,
        synthetic: input.synthetic,
        public_source: input.public_source.clone(),
        revision: 0,
        created_at: at,
        updated_at: at,
    };
    store::insert(tx, &new)?;
    store::add_writer(tx, id, owner_id)?;
    store::add_step(tx, id, Step::Created, at, None)?;
    parts::insert_all(tx, &new, input)?;
    let made = store::find(tx.conn(), id)?;
    store::index_text(tx.conn(), &made)?;
    Ok(made)
}

/// Loads a lead for changing its parts or evidence, and refuses where that is not for the actor or not the time.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn changeable(tx: &mut Tx<'_>, me: &Actor, id: Id) -> Result<Lead> {
    found_changeable(tx.conn(), me, id)
}

/// As [`changeable`], for a page that asks for it.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn found_changeable(conn: &mut Connection, me: &Actor, id: Id) -> Result<Lead> {
    let lead = store::find_visible(conn, me, id)?;
    model::require_changeable(me, &lead)?;
    Ok(lead)
}

/// A part, the evidence or the composition was changed by `me`: notes the writer and the time. For the later stages
/// too.
///
/// # Errors
/// Those of the database.
pub fn note_writer(tx: &mut Tx<'_>, me: &Actor, lead_id: Id) -> Result<()> {
    store::add_writer(tx, lead_id, me.id)?;
    store::touch(tx, lead_id)
}

/// Changes the fields; `revision` is the one that the form was made from.
///
/// # Errors
/// `Conflict("conflict-lead-changed")` when somebody has changed them since; nothing is written.
pub fn update(tx: &mut Tx<'_>, me: &Compiler, id: Id, revision: i32, input: &Input) -> Result<Lead> {
    let before = changeable(tx, me, id)?;
    if before.revision != revision {
        return Err(AppError::Conflict("conflict-lead-changed"));
    }
    let after = Lead { revision: before.revision + 1, updated_at: tx.now(), ..with_fields(&before, input) };
    let changed = changed_fields(&before, &after);
    if changed.is_empty() {
        audit::unchanged(tx, "lead.update", ("lead", id))?;
        return Ok(before);
    }
    store::save_fields(tx, &after)?;
    if changed.contains(&"title") {
        store::index_text(tx.conn(), &after)?;
    }
    store::add_writer(tx, id, me.id)?;
    let mut entry = Entry::new("lead.update")
        .object("lead", id)
        .fact("revision", after.revision)
        .fact("changed", changed.clone());
    if changed.contains(&"title") {
        entry = entry.private("title", before.title);
    }
    if changed.contains(&"summary") {
        entry = entry.private("summary", before.summary);
    }
    audit::record(tx, entry)?;
    Ok(after)
}

/// The lead with the input's fields.
pub fn with_fields(lead: &Lead, input: &Input) -> Lead {
    Lead {
        title: input.title.clone(),
        summary: input.summary.clone(),
        region_code: input.region_code.clone(),
        occurred_from: input.occurred_from,
        occurred_to: input.occurred_to,
        value: input.value,
        source_kind: input.source_kind,
        source_note: input.source_note.clone(),
        sender_role: input.sender_role,
        ..lead.clone()
    }
}

/// The form's names of the fields that differ.
pub fn changed_fields(before: &Lead, after: &Lead) -> Vec<&'static str> {
    [
        ("title", before.title != after.title),
        ("summary", before.summary != after.summary),
        ("region", before.region_code != after.region_code),
        ("occurred_from", before.occurred_from != after.occurred_from),
        ("occurred_to", before.occurred_to != after.occurred_to),
        ("estimated_value", before.value != after.value),
        ("source", (before.source_kind, &before.source_note) != (after.source_kind, &after.source_note)),
        ("sender_role", before.sender_role != after.sender_role),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

/// Changes the state and writes the step.
fn step(tx: &mut Tx<'_>, lead: &Lead, step: Step, remark: &str) -> Result<Lead> {
    let state = step.from(lead.state)?;
    let remark_id = remark::add(tx, "lead", lead.id, remark)?;
    let now = tx.now();
    store::save_state(tx, lead.id, state)?;
    store::add_step(tx, lead.id, step, now, remark_id)?;
    Ok(Lead { state, updated_at: now, ..lead.clone() })
}

/// Into review; the act of submitting (approval) has the entry.
///
/// # Errors
/// `Conflict` for somebody else's lead or a wrong state; `Invalid` with what is still missing.
pub fn mark_submitted(tx: &mut Tx<'_>, me: &Compiler, lead: &Lead) -> Result<Lead> {
    model::require_compiler_of(me, lead)?;
    Step::Submitted.from(lead.state)?;
    let missing = missing(tx.conn(), lead)?;
    if !missing.is_empty() {
        return Err(AppError::Invalid(missing));
    }
    step(tx, lead, Step::Submitted, "")
}

/// What the lead as stored lacks before it can be submitted.
///
/// # Errors
/// Those of the database.
pub fn missing(conn: &mut Connection, lead: &Lead) -> Result<Vec<FieldError>> {
    let charges = store::charges_of(conn, lead.id)?;
    let brands = store::brands_of(conn, lead.id)?;
    let rights_holders = brands.iter().filter(|brand| !brand.owner.is_empty()).count();
    Ok(model::missing(lead, charges.len(), rights_holders))
}

/// The parts that the lead as stored has nothing of ([`model::unlisted`]).
///
/// # Errors
/// Those of the database.
pub fn unlisted(conn: &mut Connection, lead_id: Id) -> Result<Vec<&'static str>> {
    let subjects = store::subjects_of(conn, lead_id)?.len();
    let sites = store::sites_of(conn, lead_id)?.len();
    Ok(model::unlisted(subjects, sites, store::listings_of(conn, lead_id)?.len()))
}

/// Back to its compiler with the reviewer's remark; the act of returning (approval) has the entry.
///
/// # Errors
/// `Conflict` when it is not in review.
pub fn mark_returned(tx: &mut Tx<'_>, lead: &Lead, remark: &str) -> Result<Lead> {
    step(tx, lead, Step::Returned, remark)
}

/// Approved; who may approve is decided by the approval, which has the entry.
///
/// # Errors
/// `Conflict` when it is not in review.
pub fn mark_approved(tx: &mut Tx<'_>, lead: &Lead) -> Result<Lead> {
    step(tx, lead, Step::Approved, "")
}

/// Loads, refuses what is not for this compiler, steps and records.
fn own_step(tx: &mut Tx<'_>, me: &Compiler, id: Id, which: Step, reason: &str) -> Result<Lead> {
    let lead = store::find_visible(tx.conn(), me, id)?;
    model::require_compiler_of(me, &lead)?;
    let after = step(tx, &lead, which, reason)?;
    let mut entry = Entry::new(which.verb()).object("lead", id).fact("from", lead.state.as_str());
    if !reason.is_empty() {
        entry = entry.private("reason", reason);
    }
    audit::record(tx, entry)?;
    Ok(after)
}

/// Takes a lead out of the way to the authorities, with a reason. A review that was open for it is void: whoever
/// decides finds the lead no longer in review.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn withdraw(tx: &mut Tx<'_>, me: &Compiler, id: Id, reason: &str) -> Result<Lead> {
    if reason.is_empty() {
        return Err(AppError::field("reason", "error-required"));
    }
    own_step(tx, me, id, Step::Withdrawn, reason)
}

/// A withdrawn or approved lead becomes a draft again; what was sealed stays as it is.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn reopen(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Lead> {
    own_step(tx, me, id, Step::Reopened, "")
}

/// Loads a lead that this compiler can put into the trash: a draft, and never more than that.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn trashable(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Lead> {
    let lead = store::find_visible(conn, me, id)?;
    model::require_compiler_of(me, &lead)?;
    Step::Trashed.from(lead.state)?;
    if store::was_ever(conn, id, Step::Approved)? {
        // It may have been sent: nothing that was is put away.
        return Err(AppError::Conflict("conflict-lead-was-approved"));
    }
    Ok(lead)
}

/// A draft into the trash.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn trash(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Lead> {
    trashable(tx.conn(), me, id)?;
    own_step(tx, me, id, Step::Trashed, "")
}

/// Out of the trash.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn restore(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Lead> {
    own_step(tx, me, id, Step::Restored, "")
}

/// Gives the lead to a compiler to work on, or takes it back to its owner alone (`None`); whether that is another one than
/// before.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` when `assignee_id` is no compiler of the platform.
pub fn assign(tx: &mut Tx<'_>, me: &Actor, id: Id, assignee_id: Option<Id>) -> Result<bool> {
    let lead = store::find_visible(tx.conn(), me, id)?;
    model::require_assignable(me, &lead)?;
    if let Some(person_id) = assignee_id {
        let is_active = match people::store::by_id(tx.conn(), person_id) {
            Ok(person) => person.disabled_at.is_none(),
            Err(AppError::NotFound) => false,
            Err(e) => return Err(e),
        };
        if !is_active || !people::store::roles(tx.conn(), person_id)?.contains(&Role::Compiler) {
            return Err(AppError::field("assignee", "error-unknown"));
        }
    }
    if lead.assignee_id == assignee_id {
        audit::unchanged(tx, "lead.assign", ("lead", id))?;
        return Ok(false);
    }
    store::save_assignee(tx, id, assignee_id)?;
    let mut entry = Entry::new("lead.assign").object("lead", id);
    if let Some(person_id) = assignee_id {
        entry = entry.object("person", person_id);
    }
    audit::record(tx, entry)?;
    Ok(true)
}
