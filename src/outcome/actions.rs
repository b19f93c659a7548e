//! The verbs of the ledger: propose, confirm, reject, take back. Nothing is edited and nothing is deleted.

use chrono::{Datelike, NaiveDate};

use super::{
    input::{Legal, NewIdentity, Proposal},
    mail,
    model::{self, Asserted, Decider, Decision, IdentityKind, OTHER_LAW, SourceKind},
    named,
    paper::{self, Chosen},
    source::{self, Rest},
    store::{self, CaseRow, ConfirmationRow, OutcomeRow},
    waiting,
};
use crate::{
    audit::{self, Entry},
    casework::lead::{input::SubjectInput, model::SubjectKind, parts::store as parts, remark},
    directory::people::{Actor, Role, Side},
    handover::agency_case::model::Status,
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        time::{self, Tz},
    },
};

/// Longest reason, in characters.
pub const REASON: usize = 1_000;

/// A file that goes with an entry: the blob that the vault holds.
pub type SourceBlob = Option<Id>;

fn may_propose(me: &Actor) -> Result<()> {
    if me.has_any(&[Role::Liaison, Role::Compiler, Role::Manager]) { Ok(()) } else { Err(AppError::NotFound) }
}

/// Refuses a case for which nothing can be recorded any more.
///
/// # Errors
/// `Conflict` when it ended before it became one, or goes on in another.
pub fn takes_outcomes(case: &CaseRow) -> Result<()> {
    let status: Option<Status> = case.status.parse().ok();
    match status {
        Some(status) if !status.takes_outcomes() => Err(AppError::Conflict("conflict-outcome-case-over")),
        _ => Ok(()),
    }
}

/// Proposes an entry for a case. It counts once the other side confirmed it.
///
/// # Errors
/// `NotFound` for a case that the actor may not see; `Invalid`; `Conflict` when the case ended before it became one.
pub fn propose(
    tx: &mut Tx<'_>,
    me: &Actor,
    case_id: Id,
    new: &Proposal,
    file: SourceBlob,
    zone: Tz,
) -> Result<Id> {
    may_propose(me)?;
    let case = store::visible_case(tx.conn(), me, case_id)?;
    takes_outcomes(&case)?;
    not_before_sending(tx, &case, new.happened_on, zone)?;
    let rest = source::rest(tx.conn(), new.rests, file, None)?;
    let id = enter(tx, me, &case, new, rest, None)?;
    mail::tell_other_side(tx, id)?;
    Ok(id)
}

/// Nothing came of a lead before it was sent; of several, before the first was.
fn not_before_sending(tx: &mut Tx<'_>, case: &CaseRow, on: NaiveDate, zone: Tz) -> Result<()> {
    let Some(sent) = store::first_sent(tx.conn(), case.id)? else { return Ok(()) };
    let sent = time::day_of(sent, zone);
    if on >= sent {
        return Ok(());
    }
    let fault = FieldError::new("happened_on", "error-outcome-before-sending").arg("day", sent);
    Err(AppError::Invalid(vec![fault]))
}

/// Writes a plain entry with what it names and its audit entry.
fn enter(
    tx: &mut Tx<'_>,
    me: &Actor,
    case: &CaseRow,
    new: &Proposal,
    rest: Rest,
    correction: Option<Id>,
) -> Result<Id> {
    let identities = identities(tx, case, new)?;
    let id = Id::new();
    let source = remark::add(tx, "outcome", id, &new.source_title)?;
    let source_link_id = remark::add(tx, "outcome", id, &new.source_url)?;
    let (legal_code, legal_text_id) = match &new.legal {
        None => (None, None),
        Some(Legal::Code(code)) => (Some(code.clone()), None),
        Some(Legal::Other(law)) => (Some(OTHER_LAW.to_owned()), remark::add(tx, "outcome", id, law)?),
    };
    let row = OutcomeRow {
        seq: 0,
        id,
        kind: new.kind.as_str().into(),
        case_id: Some(case.id),
        agency_id: case.agency_id,
        region_code: new.region_code.clone(),
        happened_on: new.happened_on,
        year: new.happened_on.year(),
        persons: i32::try_from(identities.len()).unwrap_or(i32::MAX),
        amount_fen: new.amount.map(|a| a.fen.0),
        qualifier: new.amount.map(|a| a.qualifier.as_str().into()),
        basis: new.amount.map(|a| a.basis.as_str().into()),
        quantity: new.quantity.as_ref().map(|(n, _)| *n),
        unit: new.quantity.as_ref().map(|(_, unit)| unit.clone()),
        source_kind: rest.kind.as_str().into(),
        source_text_id: source,
        source_url: String::new(),
        source_link_id,
        legal_code,
        legal_text_id,
        source_blob_id: rest.blob,
        source_name: String::new(),
        asserted_by: Some(me.id),
        asserted_side: me.side.as_str().into(),
        asserted_at: tx.now(),
        corrects_id: None,
        correction_id: correction,
        synthetic: case.synthetic,
    };
    store::insert(tx.conn(), &row)?;
    for identity in identities {
        named::insert_identity(tx.conn(), id, new.kind.names(), identity)?;
    }
    let mut entry = facts(Entry::new("outcome.propose"), &row).private("source", new.source_title.clone());
    if let Some(counter) = correction {
        entry = entry.fact("correction", counter.to_string());
    }
    audit::record(tx, entry)?;
    Ok(id)
}

/// What the log is told of an entry: codes and numbers.
fn facts(entry: Entry, row: &OutcomeRow) -> Entry {
    let mut entry = entry
        .object("outcome", row.id)
        .object("agency", row.agency_id)
        .fact("kind", row.kind.clone())
        .fact("on", row.happened_on.to_string())
        .fact("region", row.region_code.clone())
        .fact("side", row.asserted_side.clone())
        .fact("named", row.persons);
    if let Some(case) = row.case_id {
        entry = entry.object("case", case);
    }
    if let (Some(fen), Some(qualifier), Some(basis)) = (row.amount_fen, &row.qualifier, &row.basis) {
        entry = entry.fact("fen", fen).fact("qualifier", qualifier.clone()).fact("basis", basis.clone());
    }
    if let Some(quantity) = row.quantity {
        entry = entry.fact("quantity", quantity);
    }
    if let Some(law) = &row.legal_code {
        entry = entry.fact("ground", law.clone());
    }
    entry
}

/// The picked identities, which must be the case's own, and the new ones with rows of their own.
fn identities(tx: &mut Tx<'_>, case: &CaseRow, new: &Proposal) -> Result<Vec<Id>> {
    if new.kind.names_people_alone() && !named::are_people(tx.conn(), &new.identities)? {
        return Err(AppError::field("subject", "error-outcome-not-a-person"));
    }
    let nameable = named::nameable(tx.conn(), case.id, new.kind)?;
    if !new.identities.iter().all(|id| nameable.takes(*id)) {
        let field = if new.kind.names() == IdentityKind::Site { "site" } else { "subject" };
        return Err(AppError::field(field, "error-unknown"));
    }
    let mut ids = new.identities.clone();
    for identity in &new.new_identities {
        // Rows with the same key are counted as one, whoever wrote them; they are not joined here, so that no side
        // learns whom the other knows.
        let id = match identity {
            NewIdentity::Person { name, identifier } => {
                parts::insert_subject(tx, &person(name, identifier), case.synthetic)?
            }
            NewIdentity::Site { address } => {
                parts::insert_site(tx, &new.region_code, address, case.synthetic)?
            }
        };
        ids.push(id);
    }
    Ok(ids)
}

/// A person of whom no lead says anything.
fn person(name: &str, identifier: &str) -> SubjectInput {
    SubjectInput {
        kind: SubjectKind::Person,
        name: name.to_owned(),
        identifier: identifier.to_owned(),
        region_code: None,
        note: String::new(),
        part: String::new(),
    }
}

/// A decision as it is made.
#[derive(Clone, Debug)]
pub struct Deciding {
    pub decision: Decision,
    pub reason: String,
    /// What was chosen of the papers of an agency without accounts.
    pub paper: Option<Id>,
}

/// Confirms or rejects an entry for the other side; what was proposed together with a counter-entry goes with it.
///
/// # Errors
/// `NotFound`; `Conflict` when it was decided, is not the actor's to decide, waits with its counter-entry, or would be
/// confirmed by a paper of which no scan is on file; `Invalid` for a rejection without a reason, or for no paper.
pub fn decide(tx: &mut Tx<'_>, me: &Actor, id: Id, deciding: &Deciding) -> Result<OutcomeRow> {
    let Deciding { decision, reason, paper } = deciding;
    let decision = *decision;
    may_propose(me)?;
    let row = store::visible(tx.conn(), me, id)?;
    if row.correction_id.is_some() {
        return Err(AppError::Conflict("conflict-outcome-with-correction"));
    }
    if store::confirmation(tx.conn(), id)?.is_some() {
        return Err(AppError::Conflict("conflict-outcome-decided"));
    }
    let asserted = asserted(&row);
    let accounts = store::has_accounts(tx.conn(), row.agency_id)?;
    let way = model::may_decide(asserted, Decider { side: me.side, id: me.id }, accounts)
        .map_err(AppError::Conflict)?;
    if decision == Decision::Rejected && reason.is_empty() {
        return Err(AppError::field("reason", "error-required"));
    }
    let together = store::replacements(tx.conn(), id)?;
    let only_takes_back = row.corrects_id.is_some() && together.is_empty();
    let chosen = if model::needs_paper(way, decision, only_takes_back) {
        Some(paper::of(tx.conn(), me, &row, &together)?.choose(*paper)?)
    } else {
        None
    };
    for one in [&row].into_iter().chain(&together) {
        confirm_row(tx, me, one, decision, chosen, reason)?;
    }
    Ok(row)
}

/// Takes note that an entry of the own side was rejected; until then it waits on the first page.
///
/// # Errors
/// `NotFound`; `Conflict` where it was not rejected, was noted before, or is another's to take note of.
pub fn take_note(tx: &mut Tx<'_>, me: &Actor, id: Id) -> Result<()> {
    may_propose(me)?;
    let row = store::visible(tx.conn(), me, id)?;
    let own = waiting::is_own(me, &row.asserted_side, row.asserted_by);
    let is_rejected = store::state_of(tx.conn(), id)? == model::State::Rejected;
    if !own || !is_rejected || store::is_seen(tx.conn(), id)? {
        return Err(AppError::Conflict("conflict-outcome-nothing-to-note"));
    }
    let now = tx.now();
    store::see(tx.conn(), id, me.id, now)?;
    let entry = Entry::new("outcome.take_note").object("outcome", id).object("agency", row.agency_id);
    audit::record(tx, entry).map(|_| ())
}

/// Who asserted an entry.
pub fn asserted(row: &OutcomeRow) -> Asserted {
    Asserted { side: row.asserted_side.parse().unwrap_or(Side::Platform), by: row.asserted_by }
}

fn confirm_row(
    tx: &mut Tx<'_>,
    me: &Actor,
    row: &OutcomeRow,
    decision: Decision,
    paper: Option<Chosen>,
    reason: &str,
) -> Result<()> {
    let id = Id::new();
    let remark_id = remark::add(tx, "outcome_confirmation", id, reason)?;
    let confirmation = ConfirmationRow {
        id,
        outcome_id: row.id,
        decision: decision.as_str().into(),
        actor_id: Some(me.id),
        side: me.side.as_str().into(),
        at: tx.now(),
        by_paper: paper.is_some(),
        remark_id,
    };
    store::insert_confirmation(tx.conn(), &confirmation)?;
    let verb = match decision {
        Decision::Confirmed => "outcome.confirm",
        Decision::Rejected => "outcome.reject",
    };
    let mut entry = Entry::new(verb)
        .object("outcome", row.id)
        .object("outcome_confirmation", id)
        .objects("case_paper", paper.and_then(Chosen::of_case))
        .fact("side", confirmation.side.clone())
        .fact("by_paper", confirmation.by_paper);
    if let Some(case) = row.case_id {
        entry = entry.object("case", case);
    }
    if let Some(paper) = paper {
        entry = entry.fact("paper", paper.id().to_string());
    }
    if !reason.is_empty() {
        entry = entry.private("reason", reason);
    }
    audit::record(tx, entry).map(|_| ())
}

/// Takes an entry back by a counter-entry with the same amount and identities, and proposes another in its place
/// where there is one. Both wait for one decision of the other side; until then the old entry counts.
///
/// # Errors
/// `NotFound`, `Conflict`, `Invalid`.
pub fn correct(
    tx: &mut Tx<'_>,
    me: &Actor,
    id: Id,
    reason: &str,
    instead: Option<(&Proposal, SourceBlob)>,
    zone: Tz,
) -> Result<Id> {
    may_propose(me)?;
    let old = store::visible(tx.conn(), me, id)?;
    let state = store::state_of(tx.conn(), id)?;
    model::may_correct(old.corrects_id.is_some(), state).map_err(AppError::Conflict)?;
    if reason.is_empty() {
        return Err(AppError::field("reason", "error-required"));
    }
    let counter = Id::new();
    let text = remark::add(tx, "outcome", counter, reason)?;
    let row = OutcomeRow {
        seq: 0,
        id: counter,
        source_kind: SourceKind::Paper.as_str().into(),
        source_text_id: text,
        source_url: String::new(),
        source_link_id: None,
        source_blob_id: None,
        source_name: String::new(),
        asserted_by: Some(me.id),
        asserted_side: me.side.as_str().into(),
        asserted_at: tx.now(),
        corrects_id: Some(old.id),
        correction_id: None,
        ..old.clone()
    };
    store::insert(tx.conn(), &row)?;
    for one in named::named(tx.conn(), old.id)? {
        named::insert_identity(tx.conn(), counter, one.kind, one.id)?;
    }
    let entry = facts(Entry::new("outcome.take_back"), &row).object("outcome", old.id);
    audit::record(tx, entry.private("reason", reason))?;
    if let Some((new, file)) = instead {
        let case = old.case_id.ok_or(AppError::Conflict("conflict-outcome-case-over"))?;
        let case = store::visible_case(tx.conn(), me, case)?;
        not_before_sending(tx, &case, new.happened_on, zone)?;
        let rest = source::rest(tx.conn(), new.rests, file, Some(&old))?;
        enter(tx, me, &case, new, rest, Some(counter))?;
    }
    mail::tell_other_side(tx, counter)?;
    Ok(counter)
}
