//! `lead-handoff key rewrap`: another master key for everything that one wraps, while the servers run.

use std::process::ExitCode;

use super::progress::Progress;
use crate::{
    audit::{self, Entry},
    platform::{
        error::{AppError, Plain, Result},
        keyring,
        keys::{MasterKey, Source},
        services::Services,
    },
};

/// How a master key is changed.
pub const HELP: &str = "How a master key is changed:\n  \
    1. Make the new one: lead-handoff key make /etc/lead-handoff/master-2017.key\n  \
    2. Set LEAD_HANDOFF_MASTER_KEY to it (file:/etc/lead-handoff/master-2017.key) and LEAD_HANDOFF_MASTER_KEY_PREVIOUS to \
    what stood there before; restart every server. Of several servers each first gets the new one as \
    LEAD_HANDOFF_MASTER_KEY_PREVIOUS, so that none meets what it can't open.\n  \
    3. lead-handoff key rewrap\n  \
    4. Take LEAD_HANDOFF_MASTER_KEY_PREVIOUS out, and restart. Keep the old key as long as there are backups that were \
    made with it.\n\n\
    Example:\n  lead-handoff key rewrap --data ./data\n  \
    lead-handoff key rewrap --new file:/etc/lead-handoff/master-2017.key";

/// Secrets that are wrapped anew in one transaction.
const STEP: usize = 100;

/// What a change of the master key came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many secrets were wrapped by the new key.
    pub changed: u64,
    /// How many still need another one.
    pub left: u64,
    /// Those that no key given opens; a sentence each.
    pub faults: Vec<String>,
}

fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

fn hex(mark: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(mark)
}

fn secrets(n: u64) -> String {
    super::counted(usize::try_from(n).unwrap_or(usize::MAX), "secret")
}

/// Runs the command; `new`: the setting of the new key, if it is not the one in force.
pub(super) fn run(services: &Services, new: Option<&str>) -> Result<ExitCode> {
    let master = new_key(services, new)?;
    let done = rewrap(services, &master)?;
    let mark = master.fingerprint();
    match &done {
        Done { changed: 0, left: 0, .. } => {
            tell!("Every secret is wrapped by the master key {mark} already.");
        }
        Done { changed, .. } => tell!("{} wrapped by the master key {mark}.", secrets(*changed)),
    }
    for fault in &done.faults {
        tell!("{fault}");
    }
    if done.left > 0 {
        tell!(
            "Still without it: {}. Run this again; what is named opens with no key given.",
            secrets(done.left)
        );
        return Ok(ExitCode::from(1));
    }
    if new.is_some() {
        tell!(
            "Now set LEAD_HANDOFF_MASTER_KEY to it and LEAD_HANDOFF_MASTER_KEY_PREVIOUS to the one before, restart every \
             server, and run `lead-handoff key rewrap`: it takes what was written meanwhile."
        );
    } else if !services.master.previous().is_empty() {
        tell!(
            "LEAD_HANDOFF_MASTER_KEY_PREVIOUS can be taken out, and every server restarted. Keep the key before as long \
             as there are backups that were made with it."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The key that everything is to be wrapped by, which knows those before it.
///
/// # Errors
/// It is not there, or is none; it is another one each time; it is the one in force already.
pub fn new_key(services: &Services, new: Option<&str>) -> Result<MasterKey> {
    let settings = &services.settings;
    let named = new.unwrap_or(&settings.master_key);
    let source = Source::parse(Some(named), &settings.data)?;
    let (master, again) = (MasterKey::open(&source)?, MasterKey::open(&source)?);
    if master.fingerprint() != again.fingerprint() {
        return Err(plain(
            "the new master key is another one each time it is asked for: what it wraps could never be opened. \
             Nothing was changed",
        ));
    }
    if new.is_some() && master.fingerprint() == services.master.fingerprint() {
        return Err(plain(format!("the new master key is the one in force, {}", master.fingerprint())));
    }
    Ok(master.with_previous(&services.master))
}

/// Wraps by `master` whatever another key wraps. On record before the first secret is touched and after the last one.
///
/// # Errors
/// A server runs that does not know the key; the keys that `master` knows open nothing; those of the database.
pub fn rewrap(services: &Services, master: &MasterKey) -> Result<Done> {
    let db = &services.db;
    let waiting = db.read_now(|conn| keyring::standing(conn, master))?.waiting;
    if waiting == 0 {
        return Ok(Done::default());
    }
    refuse(services, master)?;
    let old: Vec<String> = master.previous().iter().map(|mark| hex(mark)).collect();
    let entry = |verb| Entry::new(verb).fact("old", old.clone()).fact("new", master.fingerprint());
    let begun = entry("key.rewrap").fact("count", waiting);
    db.write_now(super::user::origin(), |tx| audit::record(tx, begun).map(|_| ()))?;
    let mut progress = Progress::of("Secret", usize::try_from(waiting).unwrap_or(usize::MAX));
    let mut walk = keyring::Walk::default();
    while walk.step(db, master, STEP)? {
        progress.tell(usize::try_from(walk.done).unwrap_or(usize::MAX));
    }
    let left = db.read_now(|conn| keyring::standing(conn, master))?.waiting;
    let ended = entry("key.rewrapped").fact("count", walk.done).fact("left", left);
    db.write_now(super::user::origin(), |tx| audit::record(tx, ended).map(|_| ()))?;
    Ok(Done { changed: walk.done, left, faults: walk.faults })
}

/// Refuses to begin what would end badly.
fn refuse(services: &Services, master: &MasterKey) -> Result<()> {
    let now = services.db.now();
    services.db.read_now(|conn| {
        keyring::require_aware(conn, now, master)?;
        match keyring::opens_nothing_of(conn, master)? {
            Some(table) => Err(plain(format!(
                "of table {table} nothing opens with the master keys given. Nothing was changed"
            ))),
            None => Ok(()),
        }
    })
}
