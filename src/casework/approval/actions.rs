//! Submitting a lead, and deciding about it: one act over all dossiers of a composition.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    signing::{self, Showing},
    store::{self, Approval, Review},
};
use crate::{
    audit::{self, Entry},
    casework::{
        dossier::{self, approved, sealing},
        lead::{self, model::Lead, remark},
    },
    directory::people::{self, Actor, Approver, Compiler, Role, store::PersonRow},
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        i18n::Lang,
        notice::{self, Notice},
        paths,
        services::Services,
    },
};

/// Longest remark, in characters.
pub const LONGEST_REMARK: usize = 4_000;

/// As [`lead::model::require_changeable`]; of a lead that was submitted before it says that it needs no other submission.
fn require_submittable(me: &Compiler, lead: &Lead) -> Result<()> {
    lead::model::require_compiler_of(me, lead)?;
    match lead.state {
        lead::model::State::InReview => Err(AppError::Conflict("conflict-review-waits")),
        lead::model::State::Approved => Err(AppError::Conflict("conflict-review-approved")),
        _ => lead::model::require_changeable(me, lead),
    }
}

/// Hands the newest composition of a lead to the approvers.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody else's lead, a wrong state, or a composition that is missing, was submitted
/// before or is out of date; `Invalid` with what the lead still lacks.
pub fn submit(tx: &mut Tx<'_>, services: &Services, me: &Compiler, lead_id: Id) -> Result<Review> {
    let lead = lead::store::find_visible(tx.conn(), me, lead_id)?;
    require_submittable(me, &lead)?;
    let found = dossier::current::submittable(tx.conn(), services, &lead)?;
    let made = found.map_err(AppError::Conflict)?;
    if dossier::store::items(tx.conn(), made.id)?.is_empty() {
        return Err(AppError::Conflict("conflict-review-no-evidence"));
    }
    let dossiers = dossier::store::of_composition(tx.conn(), made.id)?;
    lead::actions::mark_submitted(tx, me, &lead)?;
    // Whoever sends a lead into review answers for it, and can't be the second pair of eyes.
    lead::actions::note_writer(tx, me, lead_id)?;
    dossier::current::mark_submitted(tx, made.id)?;
    store::void_waiting(tx, lead_id)?;
    let new = Review {
        id: Id::new(),
        composition_id: made.id,
        lead_id,
        submitted_by: me.id,
        submitted_at: tx.now(),
        decided_at: None,
        decision: None,
    };
    store::insert(tx, &new)?;
    audit::record(
        tx,
        Entry::new("lead.submit")
            .object("lead", lead_id)
            .object("review", new.id)
            .object("composition", made.id)
            .objects("dossier", dossiers.iter().map(|one| one.id))
            .fact("version", made.version),
    )?;
    tell_approvers(tx, &lead, new.id)?;
    Ok(new)
}

/// What a compiler states of the leads that theirs looks like.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Why it is no duplicate of them.
    pub reason: String,
    /// Those that were shown.
    pub alike: Vec<Id>,
}

/// As [`submit`], once it is stated of each lead that this one looks like that it is no duplicate of it. The statement is
/// on record with the submission.
///
/// # Errors
/// As [`submit`]; `Invalid` beside `not_duplicate` where such a lead was not shown or nothing was stated.
pub fn submit_told(
    tx: &mut Tx<'_>,
    services: &Services,
    me: &Compiler,
    lead_id: Id,
    told: &Told,
) -> Result<Review> {
    let review = submit(tx, services, me, lead_id)?;
    let found = lead::store::find(tx.conn(), lead_id)?;
    let alike: Vec<Id> =
        lead::related::store::undecided(tx.conn(), &found)?.into_iter().map(|one| one.id).collect();
    if alike.is_empty() {
        return Ok(review);
    }
    if told.reason.is_empty() || alike.iter().any(|id| !told.alike.contains(id)) {
        return Err(AppError::field("not_duplicate", "error-lead-duplicates"));
    }
    lead::related::actions::state_distinct(tx, me, lead_id, &alike, &told.reason)?;
    Ok(review)
}

/// A notice to everyone who may decide.
fn tell_approvers(tx: &mut Tx<'_>, lead: &Lead, review: Id) -> Result<()> {
    let writers = lead::store::writers_of(tx.conn(), lead.id)?;
    let approvers = people::store::with_role(tx.conn(), Role::Approver)?;
    let ids: Vec<Id> = approvers.into_iter().map(|(id, _)| id).filter(|id| !writers.contains(id)).collect();
    for person in people::store::by_ids(tx.conn(), &ids)? {
        tell(tx, "approval-waiting", person, lead, review)?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, template: &'static str, person: PersonRow, lead: &Lead, review: Id) -> Result<()> {
    if !notice::is_address(&person.email) {
        return Ok(());
    }
    let lang = Lang::parse(&person.locale).unwrap_or_default();
    let letter =
        Notice::new(template, person.email, lang).to_account(person.id).param("number", &lead.number);
    notice::queue(tx, letter.link(paths::approval(review)).about("review", review))?;
    Ok(())
}

/// Why `me` may not decide about a lead; a message key.
///
/// # Errors
/// Those of the database.
pub fn refusal(conn: &mut Connection, me: &Actor, lead_id: Id) -> Result<Option<&'static str>> {
    let writers = lead::store::writers_of(conn, lead_id)?;
    Ok(writers.contains(&me.id).then_some("conflict-review-writer"))
}

/// The review with its lead, if `me` may decide about it now.
pub(super) fn decidable(tx: &mut Tx<'_>, me: &Approver, id: Id) -> Result<(Review, Lead)> {
    let review = store::find(tx.conn(), id)?;
    let lead = lead::store::find_visible(tx.conn(), me, review.lead_id)?;
    if review.decision.is_some() || lead.state != lead::model::State::InReview {
        return Err(AppError::Conflict("conflict-review-decided"));
    }
    match refusal(tx.conn(), me, lead.id)? {
        Some(key) => Err(AppError::Conflict(key)),
        None => Ok((review, lead)),
    }
}

/// What an approver decides about: the hashes that the page showed.
pub type Seen = BTreeMap<Id, String>;

/// Approves every dossier of a composition in one act, and queues their sealing.
///
/// # Errors
/// `NotFound`; `Conflict` when it was decided already, `me` has written in the lead, a dossier is not frozen yet, or a
/// hash is not the one that was seen, or what a passkey signed does not hold; `Invalid` beside `code`.
pub fn approve(
    tx: &mut Tx<'_>,
    me: &Approver,
    id: Id,
    seen: &Seen,
    text: &str,
    showing: Showing<'_>,
) -> Result<Review> {
    let (review, lead) = decidable(tx, me, id)?;
    let mut frozen = Seen::new();
    for (dossier, manifest) in dossier::store::manifests(tx.conn(), review.composition_id)? {
        frozen.insert(dossier, manifest.ok_or(AppError::Conflict("conflict-review-freezing"))?);
    }
    if frozen != *seen || frozen.is_empty() {
        return Err(AppError::Conflict("conflict-review-changed"));
    }
    let (method, signed) = match showing {
        Showing::Code(attempt, code) => (people::confirm_second_factor(tx, attempt, code)?, None),
        Showing::Passkey(by) => ("passkey", Some(signing::take(tx, me, (&review, &lead), by)?)),
    };
    let new = decide(tx, me, &review, "approved", &frozen, text, method)?;
    if let Some(signed) = &signed {
        let by = (signed.signed.passkey, signed.signed.fingerprint.as_str());
        store::insert_signature(tx, new.id, by, &signed.text)?;
    }
    lead::actions::mark_approved(tx, &lead)?;
    let mut entry = Entry::new(approved::VERB)
        .object("lead", lead.id)
        .object("review", review.id)
        .object("approval", new.id)
        .object("composition", review.composition_id)
        .objects("dossier", frozen.keys().copied())
        .fact("manifest_sha256", json!(frozen))
        .fact("second_factor", method);
    if let Some(signed) = signed {
        entry = signed.signed.told(entry).fact("approval_sha256", signed.sha256);
    }
    if !text.is_empty() {
        entry = entry.private("remark", text);
    }
    audit::record(tx, entry)?;
    sealing::enqueue(tx, review.composition_id)?;
    Ok(review)
}

/// Sends a lead back to its compiler, with reasons.
///
/// # Errors
/// As [`approve`]; `Invalid` without reasons.
pub fn send_back(tx: &mut Tx<'_>, me: &Approver, id: Id, reasons: &str) -> Result<Review> {
    if reasons.is_empty() {
        return Err(AppError::field("reasons", "error-required"));
    }
    let (review, lead) = decidable(tx, me, id)?;
    let frozen: Seen = dossier::store::manifests(tx.conn(), review.composition_id)?
        .into_iter()
        .filter_map(|(dossier, manifest)| manifest.map(|hash| (dossier, hash)))
        .collect();
    let new = decide(tx, me, &review, "returned", &frozen, reasons, "")?;
    lead::actions::mark_returned(tx, &lead, reasons)?;
    audit::record(
        tx,
        Entry::new("lead.return")
            .object("lead", lead.id)
            .object("review", review.id)
            .object("approval", new.id)
            .object("composition", review.composition_id)
            .private("reasons", reasons),
    )?;
    let submitter = people::store::by_id(tx.conn(), review.submitted_by)?;
    tell(tx, "dossier-returned", submitter, &lead, review.id)?;
    Ok(review)
}

fn decide(
    tx: &mut Tx<'_>,
    me: &Approver,
    review: &Review,
    decision: &'static str,
    manifests: &Seen,
    text: &str,
    second_factor: &str,
) -> Result<Approval> {
    if !store::decide(tx, review.id, decision)? {
        return Err(AppError::Conflict("conflict-review-decided"));
    }
    let new = Approval {
        id: Id::new(),
        review_id: review.id,
        composition_id: review.composition_id,
        decision: decision.to_owned(),
        actor_id: me.id,
        manifest_hashes: serde_json::to_string(manifests)?,
        at: tx.now(),
        remark_id: remark::add(tx, "review", review.id, text)?,
        second_factor: second_factor.to_owned(),
    };
    store::insert_decision(tx, &new)?;
    Ok(new)
}

/// Takes a submission back before it is decided; the lead is a draft again.
///
/// # Errors
/// `NotFound`; `Conflict` for somebody else's lead or when it was decided already.
pub fn withdraw(tx: &mut Tx<'_>, me: &Compiler, id: Id) -> Result<Review> {
    let review = store::find(tx.conn(), id)?;
    let lead = lead::store::find_visible(tx.conn(), me, review.lead_id)?;
    lead::model::require_compiler_of(me, &lead)?;
    if lead.state != lead::model::State::InReview || !store::decide(tx, id, "withdrawn")? {
        return Err(AppError::Conflict("conflict-review-decided"));
    }
    lead::actions::mark_returned(tx, &lead, "")?;
    audit::record(
        tx,
        Entry::new("review.withdraw")
            .object("lead", lead.id)
            .object("review", id)
            .object("composition", review.composition_id),
    )?;
    Ok(review)
}
