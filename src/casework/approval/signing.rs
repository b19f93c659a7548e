//! Approving by a passkey: what it is asked to sign, what the approver is shown of that before, and what it gave.

use super::{actions::decidable, store::Review};
use crate::{
    casework::{
        dossier::{
            self, bag,
            facts::commitment,
            model::Dossier,
            signed_approval::{SignedApproval, Statement},
        },
        lead::model::Lead,
    },
    directory::people::{
        Actor, Approver,
        passkey::{self, Signed},
        second_factor::Attempt,
    },
    platform::{
        db::{Id, Instant, Tx},
        error::{AppError, Result},
        webauthn::{Answer, Site},
    },
};

/// How an approver shows that it is them.
#[derive(Clone, Copy)]
pub enum Showing<'s> {
    /// By a code of the second factor: the weaker kind, as nobody but the server can tell that they did.
    Code(&'s Attempt, &'s str),
    /// By a signature of their own passkey.
    Passkey(&'s ByPasskey),
}

/// What came of an approver's passkey.
#[derive(Clone, Debug)]
pub struct ByPasskey {
    pub answer: Answer,
    pub site: Site,
    /// When the page showed the statement.
    pub stated_at: Instant,
}

/// What is kept of it.
pub(super) struct Kept {
    pub passkey: Id,
    pub fingerprint: String,
    /// The text of `approval.json`.
    pub text: String,
    /// Of that text, lower-case hex.
    pub sha256: String,
}

/// What the approver signs of the dossiers of a composition, all of them frozen, where the page showed it at `stated_at`.
///
/// # Errors
/// `Conflict` for a dossier that is not frozen yet.
pub(super) fn statement(
    dossiers: &[Dossier],
    number: &str,
    people: (Id, Id),
    stated_at: Instant,
) -> Result<Statement> {
    let version = dossiers.first().map_or(0, |one| one.version);
    let version = u32::try_from(version).map_err(AppError::internal)?;
    let bound = |one: &Dossier| commitment(one.approval_salt.as_deref()?, one.manifest_sha256.as_deref()?);
    let commitments: Option<Vec<String>> = dossiers.iter().map(bound).collect();
    let commitments = commitments.ok_or(AppError::Conflict("conflict-review-freezing"))?;
    Ok(Statement::new((number, version), commitments, people, stated_at))
}

fn stated(
    tx: &mut Tx<'_>,
    me: &Actor,
    (review, lead): (&Review, &Lead),
    stated_at: Instant,
) -> Result<Statement> {
    passkey::require_shown(tx.now(), stated_at)?;
    let dossiers = dossier::store::of_composition(tx.conn(), review.composition_id)?;
    statement(&dossiers, &lead.number, (review.id, me.id), stated_at)
}

/// Asks `me` to sign the statement that the page showed at `stated_at`: what is signed, and by which of their credentials.
///
/// # Errors
/// As [`super::actions::approve`]; `Conflict` where there is no passkey, or the page is too old.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    me: &Approver,
    id: Id,
    stated_at: Instant,
) -> Result<([u8; 32], Vec<Vec<u8>>)> {
    let (review, lead) = decidable(tx, me, id)?;
    let credentials = passkey::store::credentials(tx.conn(), me.id)?;
    if credentials.is_empty() {
        return Err(AppError::Conflict("conflict-passkey-none"));
    }
    let challenge = stated(tx, me, (&review, &lead), stated_at)?.challenge()?;
    passkey::ask(tx, me.id, review.id, &challenge)?;
    Ok((challenge, credentials))
}

/// What the passkey of `me` signed of a review, once it holds.
///
/// # Errors
/// `Conflict` for what does not hold, is too late, or is about something else by now.
pub(super) fn take(tx: &mut Tx<'_>, me: &Approver, about: (&Review, &Lead), by: &ByPasskey) -> Result<Kept> {
    let statement = stated(tx, me, about, by.stated_at)?;
    let challenge = statement.challenge()?;
    let Signed { passkey, assertion, fingerprint } =
        passkey::sign(tx, (me.id, about.0.id), &by.answer, &by.site, challenge)?;
    let text = SignedApproval::new(statement, by.site.clone(), assertion).to_text()?;
    let sha256 = bag::sha256_hex(text.as_bytes());
    Ok(Kept { passkey, fingerprint, text, sha256 })
}
