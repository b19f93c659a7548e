//! Adding and removing passkeys, and taking what one of them signed.

use super::{
    model::{self, ADD, LIFE, MOST, REMOVE},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::proof::Proven,
    platform::{
        db::{Id, Tx, take_lock_of},
        error::{AppError, Result},
        services::Services,
        webauthn::{self, Answer, Assertion, Site},
    },
};

/// The site that passkeys of this server are for.
///
/// # Errors
/// `Conflict` where browsers know none at its address.
pub fn site(services: &Services) -> Result<Site> {
    Site::of(&services.settings.base_url).ok_or(AppError::Conflict("conflict-passkey-address"))
}

/// Keeps what an account is asked to sign about something (a delivery; the account itself: a new passkey), for a quarter of an
/// hour. Bookkeeping of their own.
///
/// # Errors
/// Those of the database.
pub fn ask(tx: &mut Tx<'_>, person: Id, about: Id, challenge: &[u8]) -> Result<()> {
    // Two pages that ask at once ask one after the other.
    take_lock_of(tx.conn(), person)?;
    let stale = tx.now().plus_seconds(-LIFE);
    store::put_challenge(tx, (person, about), challenge, stale)
}

/// What was asked.
fn asked(tx: &mut Tx<'_>, person: Id, about: Id, answer: &Answer) -> Result<Vec<u8>> {
    let now = tx.now();
    let found = store::take_challenge(tx, person, about)?;
    let found = found.filter(|(challenge, at)| {
        now.seconds_since(*at) < LIFE && answer.challenge().as_ref() == Some(challenge)
    });
    found.map(|(challenge, _)| challenge).ok_or(AppError::Conflict("conflict-passkey-old"))
}

/// Adds a passkey to the account of whoever showed who they are.
///
/// # Errors
/// `Conflict` for an answer that does not hold, or is too late.
pub(super) fn add(tx: &mut Tx<'_>, by: &Proven, name: &str, answer: &Answer, site: &Site) -> Result<()> {
    let person = by.of(ADD)?;
    let challenge = asked(tx, person, person, answer)?;
    let new = webauthn::registered(answer, &challenge, site)
        .map_err(|faults| AppError::Conflict(model::refusal(&faults)))?;
    if store::is_known(tx.conn(), &new.credential)? {
        return Err(AppError::Conflict("conflict-passkey-known"));
    }
    if store::credentials(tx.conn(), person)?.len() >= MOST {
        return Err(AppError::Conflict("conflict-passkey-many"));
    }
    let id = Id::new();
    store::insert(tx, id, person, &new, name)?;
    let entry = Entry::new(ADD).object("person", person).object("passkey", id);
    audit::record(tx, entry.fact("fingerprint", new.key.fingerprint()).private("name", name)).map(|_| ())
}

/// Removes a passkey of whoever showed who they are. What it signed stays as it is.
///
/// # Errors
/// `NotFound`.
pub(super) fn remove(tx: &mut Tx<'_>, by: &Proven, id: Id) -> Result<()> {
    let person = by.of(REMOVE)?;
    let fingerprint = store::remove(tx, person, id)?.ok_or(AppError::NotFound)?;
    let entry = Entry::new(REMOVE).object("person", person).object("passkey", id);
    audit::record(tx, entry.fact("fingerprint", fingerprint)).map(|_| ())
}

/// Removes every passkey of somebody whose device is lost, and says so in the entry of the act that does it.
///
/// # Errors
/// Those of the database.
pub fn remove_all(tx: &mut Tx<'_>, person: Id, entry: Entry) -> Result<Entry> {
    let removed = store::remove_all(tx, person)?;
    if removed.is_empty() {
        return Ok(entry);
    }
    let (ids, fingerprints): (Vec<Id>, Vec<String>) = removed.into_iter().unzip();
    Ok(entry.objects("passkey", ids).fact("fingerprint", fingerprints))
}

/// What was signed with a passkey.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Which passkey of theirs.
    pub passkey: Id,
    pub assertion: Assertion,
    /// Of the key.
    pub fingerprint: String,
}

/// Takes what `person` signed about something. `challenge`: what they had to sign. The act that takes it has its own entry.
///
/// # Errors
/// `Conflict` for what does not hold, is too late, or is by no passkey of theirs.
pub fn sign(
    tx: &mut Tx<'_>,
    (person, about): (Id, Id),
    answer: &Answer,
    site: &Site,
    challenge: [u8; 32],
) -> Result<Signed> {
    let asked = asked(tx, person, about, answer)?;
    // What is signed may have changed since: a name of the agency, for one.
    if challenge != asked.as_slice() {
        return Err(AppError::Conflict("conflict-passkey-old"));
    }
    let unknown = AppError::Conflict("conflict-passkey-unknown");
    let credential = answer.credential().unwrap_or_default();
    let Some(row) = store::by_credential(tx.conn(), person, &credential)? else { return Err(unknown) };
    let Some(key) = webauthn::PasskeyKey::from_der(&row.public_key) else { return Err(unknown) };
    let assertion = Assertion::of(answer, &key);
    let faults = webauthn::faults(&assertion, &asked, site);
    if !faults.is_empty() {
        return Err(AppError::Conflict(model::refusal(&faults)));
    }
    if !model::counts_on(row.sign_count, assertion.count()) {
        return Err(AppError::Conflict("conflict-passkey-copied"));
    }
    store::note_use(tx, row.id, assertion.count())?;
    Ok(Signed { passkey: row.id, assertion, fingerprint: key.fingerprint() })
}
