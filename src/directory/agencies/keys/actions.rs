//! Acts on the keys of an agency; each is one transaction with its entry in the log, and shown again who one is.

use super::{
    model::{self, Input},
    store::{self, Key},
};
use crate::{
    audit::{self, Entry},
    directory::{agencies::store as agencies, people::proof::Proven},
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
    },
};

fn entry(verb: &'static str, agency: Id, fingerprint: String) -> Entry {
    Entry::new(verb).object("agency", agency).fact("fingerprint", fingerprint)
}

/// What the log says of a key that is not confirmed: who confirms it may read the log, and is not to find the digits there.
fn begun(recipient: &str) -> String {
    model::short(&model::fingerprint(recipient))
}

/// A new key, which is not used yet.
///
/// # Errors
/// `NotFound`; `Invalid` for one that the agency has or had.
pub(super) fn register(tx: &mut Tx<'_>, by: &Proven, agency: Id, input: &Input) -> Result<()> {
    let who = by.of("agency.key.add")?;
    agencies::find(tx.conn(), agency)?;
    if store::is_known(tx.conn(), agency, &input.recipient)? {
        return Err(AppError::field("recipient", "error-key-known"));
    }
    store::insert(tx, Id::new(), agency, input, who)?;
    let entry = entry("agency.key.add", agency, begun(&input.recipient)).private("note", input.note.as_str());
    audit::record(tx, entry).map(|_| ())
}

/// Refuses a key that this person can't confirm, whatever they type.
///
/// # Errors
/// `Conflict`.
pub(super) fn confirmable(key: &Key, by: Id) -> Result<()> {
    match key {
        Key { revoked: Some(_), .. } => Err(AppError::Conflict("conflict-key-revoked")),
        Key { confirmed: Some(_), .. } => Err(AppError::Conflict("conflict-key-confirmed")),
        Key { registered_by, .. } if *registered_by == by => {
            Err(AppError::Conflict("conflict-key-same-person"))
        }
        _ => Ok(()),
    }
}

/// A second person has compared the fingerprint with the agency: the key is used from now on.
///
/// # Errors
/// `NotFound`; `Conflict` as for [`confirmable`]; `Invalid` for other digits.
pub(super) fn confirm(tx: &mut Tx<'_>, by: &Proven, (agency, id): (Id, Id), digits: &str) -> Result<()> {
    let who = by.of("agency.key.confirm")?;
    let key = store::find(tx.conn(), agency, id)?;
    confirmable(&key, who)?;
    if !model::ends_in(&key.fingerprint(), digits) {
        return Err(AppError::field("digits", "error-key-digits"));
    }
    store::confirm(tx, id, who)?;
    audit::record(tx, entry("agency.key.confirm", agency, key.fingerprint())).map(|_| ())
}

/// Refuses a key that is revoked already.
///
/// # Errors
/// `Conflict`.
pub(super) fn revocable(key: &Key) -> Result<()> {
    if key.revoked.is_some() { Err(AppError::Conflict("conflict-key-revoked")) } else { Ok(()) }
}

/// Nothing is encrypted to a key any more; what was stays as it is.
///
/// # Errors
/// `NotFound`; `Conflict`.
pub(super) fn revoke(tx: &mut Tx<'_>, by: &Proven, (agency, id): (Id, Id)) -> Result<()> {
    let who = by.of("agency.key.revoke")?;
    let key = store::find(tx.conn(), agency, id)?;
    revocable(&key)?;
    let fingerprint = if key.confirmed.is_some() { key.fingerprint() } else { begun(&key.recipient) };
    store::revoke(tx, id, who)?;
    audit::record(tx, entry("agency.key.revoke", agency, fingerprint)).map(|_| ())
}
