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
        Approver,
        passkey::{self, About, Signed},
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
}

/// What is kept of it.
pub(super) struct Kept {
    /// Which passkey it was.
    pub signed: Signed,
    /// The text of `approval.json`.
    pub text: String,
    /// Of that text, lower-case hex.
    pub sha256: String,
}

/// Who signs which review: not before it was submitted.
fn signing(person: Id, review: &Review) -> About {
    About { person, thing: review.id, since: review.submitted_at }
}

/// What the approver signs of the dossiers of a composition, all of them frozen, as the page shows it at `stated_at`; with its
/// challenge.
fn stated(
    dossiers: &[Dossier],
    number: &str,
    people: (Id, Id),
    stated_at: Instant,
) -> Result<(Statement, [u8; 32])> {
    let version = dossiers.first().map_or(0, |one| one.version);
    let version = u32::try_from(version).map_err(AppError::internal)?;
    let bound = |one: &Dossier| commitment(one.approval_salt.as_deref()?, one.manifest_sha256.as_deref()?);
    let commitments: Option<Vec<String>> = dossiers.iter().map(bound).collect();
    let commitments = commitments.ok_or(AppError::Conflict("conflict-review-freezing"))?;
    let statement = Statement::new((number, version), commitments, people, stated_at);
    let challenge = statement.challenge()?;
    Ok((statement, challenge))
}

/// Shows an approver what they sign of these dossiers of a review, and remembers it.
///
/// # Errors
/// `Conflict` for a dossier that is not frozen yet.
pub(super) fn show(
    tx: &mut Tx<'_>,
    person: Id,
    (review, number): (&Review, &str),
    dossiers: &[Dossier],
) -> Result<Statement> {
    passkey::show(tx, signing(person, review), |at| stated(dossiers, number, (review.id, person), at))
}

/// Asks `me` to sign the statement that the page showed: what is signed, and by which of their credentials. `page`: the hash of
/// the text that the page shows.
///
/// # Errors
/// As [`super::actions::approve`]; `Conflict` where there is no passkey, or the page is too old.
pub(super) fn ask(tx: &mut Tx<'_>, me: &Approver, id: Id, page: &str) -> Result<([u8; 32], Vec<Vec<u8>>)> {
    let (review, lead) = decidable(tx, me, id)?;
    let credentials = passkey::store::credentials(tx.conn(), me.id)?;
    if credentials.is_empty() {
        return Err(AppError::Conflict("conflict-passkey-none"));
    }
    let dossiers = dossier::store::of_composition(tx.conn(), review.composition_id)?;
    let stated = |at| stated(&dossiers, &lead.number, (review.id, me.id), at);
    let challenge = passkey::ask(tx, signing(me.id, &review), page, stated)?;
    Ok((challenge, credentials))
}

/// What the passkey of `me` signed of a review, once it holds.
///
/// # Errors
/// `Conflict` for what does not hold, is too late, or is about something else by now.
pub(super) fn take(
    tx: &mut Tx<'_>,
    me: &Approver,
    (review, lead): (&Review, &Lead),
    by: &ByPasskey,
) -> Result<Kept> {
    let dossiers = dossier::store::of_composition(tx.conn(), review.composition_id)?;
    let stated = |at| stated(&dossiers, &lead.number, (review.id, me.id), at);
    let (signed, statement) = passkey::sign(tx, signing(me.id, review), &by.answer, &by.site, stated)?;
    let text = SignedApproval::new(statement, by.site.clone(), signed.assertion.clone()).to_text()?;
    let sha256 = bag::sha256_hex(text.as_bytes());
    Ok(Kept { signed, text, sha256 })
}
