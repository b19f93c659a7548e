//! Adding and removing passkeys, and taking what one of them signed.

use data_encoding::HEXLOWER;

use super::{
    model::{self, ADD, About, LIFE, MOST, REMOVE, SIGNABLE},
    store::{self, Challenge},
};
use crate::{
    audit::{self, Entry},
    directory::people::proof::Proven,
    platform::{
        db::{Id, Instant, Tx, take_lock_of},
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

fn old() -> AppError {
    AppError::Conflict("conflict-passkey-old")
}

/// Keeps a question in the place of the one before. Two pages that ask at once ask one after the other.
fn keep(tx: &mut Tx<'_>, about: (Id, Id), challenge: &[u8], shown_at: Option<Instant>) -> Result<()> {
    take_lock_of(tx.conn(), about.0)?;
    let stale = tx.now().plus_seconds(-SIGNABLE);
    store::put_challenge(tx, about, (challenge, shown_at), stale)
}

/// Asks an account for a new passkey, for a quarter of an hour. Bookkeeping of its own.
///
/// # Errors
/// Those of the database.
pub(super) fn ask_new(tx: &mut Tx<'_>, person: Id, challenge: &[u8]) -> Result<()> {
    keep(tx, (person, person), challenge, None)
}

/// Shows an account a statement to sign, and remembers it: `stated` puts it together as it is shown at an instant, with its
/// challenge, and the server alone says which. Shown again as it was, it bears the instant at which it was shown first, so that
/// another look at the page makes none of the others void. Bookkeeping of the account's own.
///
/// # Errors
/// Those of the database and of `stated`.
pub fn show<T>(
    tx: &mut Tx<'_>,
    about: About,
    stated: impl Fn(Instant) -> Result<(T, [u8; 32])>,
) -> Result<T> {
    let (now, of) = (tx.now(), (about.person, about.thing));
    take_lock_of(tx.conn(), about.person)?;
    let kept = store::challenge(tx.conn(), of)?;
    let kept = kept.and_then(|kept| Some((kept.shown_at?, kept.challenge)));
    if let Some((at, challenge)) = kept.filter(|(at, _)| model::is_same(now, about.since, *at)) {
        let (statement, same) = stated(at)?;
        if challenge == same.as_slice() {
            return Ok(statement);
        }
    }
    let (statement, challenge) = stated(now)?;
    keep(tx, of, &challenge, Some(now))?;
    Ok(statement)
}

/// What an account was shown to sign, put together anew as it was shown: with its challenge, unless that has changed since.
fn shown<T>(
    now: Instant,
    about: About,
    kept: &Challenge,
    stated: impl Fn(Instant) -> Result<(T, [u8; 32])>,
) -> Result<(T, [u8; 32])> {
    let at = kept.shown_at.ok_or_else(old)?;
    model::require_shown(now, about.since, at)?;
    let (statement, challenge) = stated(at)?;
    // What is signed may have changed since: a name of the agency, for one.
    if kept.challenge == challenge.as_slice() { Ok((statement, challenge)) } else { Err(old()) }
}

/// Asks an account to sign what it was shown: the challenge. `page`: the hash of the text that the page shows, as it stands in
/// the address.
///
/// # Errors
/// `Conflict` for another text than the one that was shown last, and one that was shown too long ago or has changed since.
pub fn ask<T>(
    tx: &mut Tx<'_>,
    about: About,
    page: &str,
    stated: impl Fn(Instant) -> Result<(T, [u8; 32])>,
) -> Result<[u8; 32]> {
    let now = tx.now();
    take_lock_of(tx.conn(), about.person)?;
    let kept = store::challenge(tx.conn(), (about.person, about.thing))?.ok_or_else(old)?;
    let (_, challenge) = shown(now, about, &kept, stated)?;
    if page != HEXLOWER.encode(&challenge) {
        return Err(old());
    }
    store::note_asked(tx, (about.person, about.thing))?;
    Ok(challenge)
}

/// What was asked, where that is not too long ago and this answers it.
fn asked(tx: &mut Tx<'_>, person: Id, about: Id, answer: &Answer) -> Result<Challenge> {
    let now = tx.now();
    let found = store::take_challenge(tx, (person, about))?;
    let found = found.filter(|kept| {
        now.seconds_since(kept.issued_at) < LIFE && answer.challenge().as_ref() == Some(&kept.challenge)
    });
    found.ok_or_else(old)
}

/// Adds a passkey to the account of whoever showed who they are.
///
/// # Errors
/// `Conflict` for an answer that does not hold, or is too late.
pub(super) fn add(tx: &mut Tx<'_>, by: &Proven, name: &str, answer: &Answer, site: &Site) -> Result<()> {
    let person = by.of(ADD)?;
    let challenge = asked(tx, person, person, answer)?.challenge;
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
    /// What its owner calls it; empty where that was erased.
    pub name: String,
}

impl Signed {
    /// Names the passkey in the entry of the act that it signed: by its id and its fingerprint, and as its owner calls it.
    #[must_use]
    pub fn told(self, entry: Entry) -> Entry {
        let entry = entry.object("passkey", self.passkey).fact("fingerprint", self.fingerprint);
        if self.name.is_empty() { entry } else { entry.private("passkey_name", self.name) }
    }
}

/// Takes what an account signed of what it was shown, and gives the statement with it. The act that takes it has its own entry.
///
/// # Errors
/// `Conflict` for what does not hold, is too late, or is by no passkey of theirs.
pub fn sign<T>(
    tx: &mut Tx<'_>,
    about: About,
    answer: &Answer,
    site: &Site,
    stated: impl Fn(Instant) -> Result<(T, [u8; 32])>,
) -> Result<(Signed, T)> {
    let (now, person) = (tx.now(), about.person);
    let asked = asked(tx, person, about.thing, answer)?;
    let (statement, challenge) = shown(now, about, &asked, stated)?;
    let unknown = AppError::Conflict("conflict-passkey-unknown");
    let credential = answer.credential().unwrap_or_default();
    let found = store::by_credential(tx.conn(), person, &credential)?;
    let Some((row, name)) = found else { return Err(unknown) };
    let Some(key) = webauthn::PasskeyKey::from_der(&row.public_key) else { return Err(unknown) };
    let assertion = Assertion::of(answer, &key);
    let faults = webauthn::faults(&assertion, &challenge, site);
    if !faults.is_empty() {
        return Err(AppError::Conflict(model::refusal(&faults)));
    }
    if !model::counts_on(row.sign_count, assertion.count()) {
        return Err(AppError::Conflict("conflict-passkey-copied"));
    }
    store::note_use(tx, row.id, assertion.count())?;
    let name = name.unwrap_or_default();
    Ok((Signed { passkey: row.id, assertion, fingerprint: key.fingerprint(), name }, statement))
}
