//! How far the tour really is: by what is on file of the newest lead that the reader made, in a demo also that anybody
//! made who tries it, or of the agency's newest transfer. Of a lead that several agencies have it is as far as the furthest
//! of them.

use diesel::{
    dsl::{exists, min, select},
    prelude::*,
};

use crate::{
    audit,
    directory::people::{Actor, CaseReader, Role},
    platform::{
        db::{
            Connection, Id, Instant,
            schema::{
                access, agency, approval, audit_entry, case_joined, case_step, composition, dossier,
                dossier_package, dossier_unsent, evidence, lead, lead_origin, outcome, person, person_role,
                review, transfer, transfer_face,
            },
        },
        error::Result,
    },
    reporting::words,
};

/// An agency's Chinese and English name.
pub type Names = (String, String);

/// What the platform's part of the tour is about, and what of it was done.
#[derive(Clone, Debug, Default)]
pub struct Way {
    pub lead: Option<(Id, String, String)>,
    pub has_evidence: bool,
    pub is_composed: bool,
    pub is_submitted: bool,
    pub is_approved: bool,
    pub is_sealed: bool,
    pub transfer: Option<Id>,
    pub is_received: bool,
    pub is_decided: bool,
    /// The review that waits or was decided last.
    pub review: Option<Id>,
    /// The dossier that may be sent.
    pub dossier: Option<Id>,
    /// To whom a sealed dossier of the newest version was not sent.
    pub unsent: Vec<Names>,
    /// Who was sent the lead and has not signed for it.
    pub unsigned: Vec<Names>,
    /// Who has signed for it and not answered.
    pub unanswered: Vec<Names>,
}

/// What the agency's part is about, and what of it was done.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub transfer: Option<(Id, String, String)>,
    pub dossier: Option<Id>,
    pub is_received: bool,
    pub is_downloaded: bool,
    pub is_decided: bool,
    pub is_filed: bool,
    pub case: Option<Id>,
    pub has_progress: bool,
}

/// States in which an agency has decided something about what it received.
const DECIDED: [&str; 7] =
    ["accepted", "not_accepted", "returned", "forwarded", "filed", "not_filed", "supplement_requested"];

/// States in which a lead goes nowhere.
const OVER: [&str; 2] = ["withdrawn", "trashed"];

/// The newest lead that somebody made, of `me` or of anybody: not one that was loaded, but for the copies that somebody made
/// of such a one. Of those that were loaded the real ones are older than any account.
fn newest_made(conn: &mut Connection, me: Option<Id>) -> Result<Option<Id>> {
    let first: Option<Instant> = person::table.select(min(person::created_at)).first(conn)?;
    let Some(first) = first else { return Ok(None) };
    let copied = lead_origin::table.filter(lead_origin::lead_id.eq(lead::id));
    let made = lead::table
        .filter(lead::created_at.ge(first))
        .filter(lead::synthetic.eq(false).or(exists(copied)))
        .filter(lead::state.ne_all(OVER))
        .order((lead::created_at.desc(), lead::seq.desc()))
        .select(lead::id);
    Ok(match me {
        None => made.first(conn).optional()?,
        Some(me) => made
            .filter(lead::owner_id.nullable().eq(Some(me)).or(lead::assignee_id.eq(Some(me))))
            .first(conn)
            .optional()?,
    })
}

/// The lead that the tour goes along with: the newest that `me` made; in a demo, where one person takes one part after the
/// other, the newest that anybody made. Where nobody made any: the prepared one of `me` that was changed last; for an
/// approver that of the newest review that waits or that `me` decided.
fn lead_of(conn: &mut Connection, me: &Actor, is_demo: bool) -> Result<Option<Id>> {
    if me.has(Role::Compiler)
        && let Some(own) = newest_made(conn, Some(me.id))?
    {
        return Ok(Some(own));
    }
    if is_demo
        && me.has_any(CaseReader::ROLES)
        && let Some(made) = newest_made(conn, None)?
    {
        return Ok(Some(made));
    }
    if me.has(Role::Compiler) {
        let prepared = lead::table
            .filter(lead::owner_id.nullable().eq(Some(me.id)).or(lead::assignee_id.eq(Some(me.id))))
            .filter(lead::state.ne_all(OVER))
            .order(lead::updated_at.desc())
            .select(lead::id)
            .first(conn)
            .optional()?;
        return Ok(prepared);
    }
    if !me.has(Role::Approver) {
        return Ok(None);
    }
    let mine =
        approval::table.filter(approval::review_id.eq(review::id)).filter(approval::actor_id.eq(me.id));
    Ok(review::table
        .filter(review::decision.is_null().or(exists(mine)))
        .order(review::id.desc())
        .select(review::lead_id)
        .first(conn)
        .optional()?)
}

/// How far one of a lead's transfers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// The platform took it back.
    Withdrawn,
    Sent,
    Received,
    Decided,
}

/// One of a lead's transfers.
#[derive(Queryable)]
struct Sent {
    id: Id,
    received_at: Option<Instant>,
    state: String,
    agency: Names,
}

impl Sent {
    fn stage(&self) -> Stage {
        match self.state.as_str() {
            "withdrawn" => Stage::Withdrawn,
            state if DECIDED.contains(&state) => Stage::Decided,
            _ if self.received_at.is_some() => Stage::Received,
            _ => Stage::Sent,
        }
    }
}

/// The transfers of a lead, newest first.
fn sent(conn: &mut Connection, id: Id) -> Result<Vec<Sent>> {
    Ok(transfer::table
        .inner_join(agency::table)
        .filter(transfer::lead_id.eq(id))
        .order(transfer::seq.desc())
        .select((transfer::id, transfer::received_at, transfer::state, (agency::name_zh, agency::name_en)))
        .load(conn)?)
}

/// The sealed dossiers of a lead's newest version that were not sent, with whom they are for.
fn unsent(conn: &mut Connection, id: Id) -> Result<Vec<(Id, Names)>> {
    let newest: Option<Id> = composition::table
        .filter(composition::lead_id.eq(id))
        .order(composition::version.desc())
        .select(composition::id)
        .first(conn)
        .optional()?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    Ok(dossier::table
        .inner_join(dossier_package::table)
        .inner_join(agency::table)
        .filter(dossier::composition_id.eq(newest))
        .filter(dossier::id.eq_any(dossier_unsent::table.select(dossier_unsent::dossier_id)))
        .order(dossier::id)
        .select((dossier::id, (agency::name_zh, agency::name_en)))
        .load(conn)?)
}

/// How far the platform's part is.
///
/// # Errors
/// Those of the database.
pub fn way(conn: &mut Connection, me: &Actor, is_demo: bool) -> Result<Way> {
    let Some(id) = lead_of(conn, me, is_demo)? else { return Ok(Way::default()) };
    let found: (Id, String, String, String) = lead::table
        .filter(lead::id.eq(id))
        .select((lead::id, lead::number, lead::title, lead::state))
        .first(conn)?;
    let kept = evidence::table.filter(evidence::lead_id.eq(id)).filter(evidence::removed_at.is_null());
    let composed = composition::table.filter(composition::lead_id.eq(id));
    let newest: Option<(Id, Option<String>)> = review::table
        .filter(review::lead_id.eq(id))
        .order(review::id.desc())
        .select((review::id, review::decision))
        .first(conn)
        .optional()?;
    let unsent = unsent(conn, id)?;
    let sealed: Option<Id> = match unsent.first() {
        Some((next, _)) => Some(*next),
        None => dossier::table
            .inner_join(dossier_package::table)
            .filter(dossier::lead_id.eq(id))
            .order(dossier::id.desc())
            .select(dossier::id)
            .first(conn)
            .optional()?,
    };
    let sent = sent(conn, id)?;
    // The newest of those that are equally far.
    let furthest = sent.iter().rev().max_by_key(|one| one.stage());
    let waits =
        |stage: Stage| sent.iter().filter(move |one| one.stage() == stage).map(|one| one.agency.clone());
    let approved = newest.as_ref().is_some_and(|(_, decision)| decision.as_deref() == Some("approved"));
    Ok(Way {
        has_evidence: select(exists(kept)).get_result(conn)?,
        is_composed: select(exists(composed)).get_result(conn)?,
        is_submitted: approved || found.3 == "in_review",
        is_approved: approved,
        is_sealed: sealed.is_some(),
        is_received: furthest.is_some_and(|one| one.received_at.is_some()),
        is_decided: furthest.is_some_and(|one| one.stage() == Stage::Decided),
        transfer: furthest.map(|one| one.id),
        unsent: unsent.into_iter().map(|(_, names)| names).collect(),
        unsigned: waits(Stage::Sent).collect(),
        unanswered: waits(Stage::Received).collect(),
        review: newest.map(|(id, _)| id),
        dossier: sealed,
        lead: Some((found.0, found.1, found.2)),
    })
}

/// How far the agency's part is: nothing for somebody who has none.
///
/// # Errors
/// Those of the database.
pub fn case(conn: &mut Connection, me: &Actor) -> Result<Case> {
    let Some(own) = me.agency_id() else { return Ok(Case::default()) };
    let seen = access::table
        .filter(access::agency_id.eq(own))
        .filter(access::kind.eq("transfer"))
        .select(access::object_id);
    type Found = (Id, String, String, Option<Id>, Option<Instant>, String);
    let found: Option<Found> = transfer::table
        .inner_join(transfer_face::table)
        .filter(transfer::agency_id.eq(own))
        .filter(transfer::id.eq_any(seen))
        .order(transfer::seq.desc())
        .select((
            transfer::id,
            transfer::number,
            transfer_face::title,
            transfer_face::dossier_id,
            transfer::received_at,
            transfer::state,
        ))
        .first(conn)
        .optional()?;
    let Some((id, number, title, dossier, received, state)) = found else { return Ok(Case::default()) };
    let about: Vec<Id> = dossier.into_iter().collect();
    let joined: Option<Id> = case_joined::table
        .filter(case_joined::transfer_id.eq(id))
        .select(case_joined::case_id)
        .first(conn)
        .optional()?;
    let has_progress = match joined {
        None => false,
        Some(case) => {
            let steps = case_step::table
                .filter(case_step::case_id.eq(case))
                .filter(case_step::kind.ne_all(["accepted", "filed"]));
            let results = outcome::table.filter(outcome::case_id.eq(Some(case)));
            select(exists(steps)).get_result::<bool>(conn)?
                || select(exists(results)).get_result::<bool>(conn)?
        }
    };
    Ok(Case {
        is_received: received.is_some(),
        is_downloaded: !audit::done_about(conn, me.id, &["dossier.download"], &about)?.is_empty(),
        is_decided: DECIDED.contains(&state.as_str()),
        is_filed: matches!(state.as_str(), "filed" | "not_filed"),
        case: joined,
        has_progress,
        transfer: Some((id, number, title)),
        dossier,
    })
}

/// A synthetic account of each role, for a demo: role and user name.
///
/// # Errors
/// Those of the database.
pub fn accounts(conn: &mut Connection) -> Result<Vec<(String, String)>> {
    Ok(person::table
        .inner_join(person_role::table)
        .filter(person::synthetic.eq(true))
        .filter(person::disabled_at.is_null())
        .order((person_role::role, person::created_at, person::id))
        .limit(50)
        .select((person_role::role, person::username))
        .load(conn)?)
}

/// So many of an account's newest acts are looked at; whoever has more behind them needs no hint.
const LOOKED_AT: i64 = 200;

/// Whether it is more than signing in, one's own account, and looking.
fn is_something(verb: &str) -> bool {
    let about_oneself =
        ["session.", "second-factor.", "passkey.", "person."].iter().any(|own| verb.starts_with(own));
    !about_oneself && verb != "invitation.accept" && !words::is_read(verb)
}

/// Whether an account that was made after `since` has done nothing yet. Of an older one it is not asked: whoever has been
/// here for long needs no hint, and may have looked at more than can be gone through.
///
/// # Errors
/// Those of the database.
pub fn is_new(conn: &mut Connection, me: Id, since: Instant) -> Result<bool> {
    let made: Instant = person::table.find(me).select(person::created_at).first(conn)?;
    if made < since {
        return Ok(false);
    }
    let newest: Vec<(String, String)> = audit_entry::table
        .filter(audit_entry::actor_id.eq(Some(me)))
        .order(audit_entry::id.desc())
        .limit(LOOKED_AT)
        .select((audit_entry::verb, audit_entry::outcome))
        .load(conn)?;
    let has_many = i64::try_from(newest.len()).is_ok_and(|n| n >= LOOKED_AT);
    Ok(!has_many && newest.iter().all(|(verb, outcome)| outcome != "done" || !is_something(verb)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_and_ones_own_account_are_nothing_done() {
        for verb in ["lead.view", "evidence.preview", "dossier.pdf", "session.open", "person.choose-notices"]
        {
            assert!(!is_something(verb), "{verb}");
        }
        assert!(is_something("lead.create") && is_something("transfer.acknowledge"));
    }
}
