//! Raising an alarm, ending it, and what the log is told of a look that somebody had asked for.

use serde_json::json;

use super::{
    model::{Fault, Finding, MOST_MAILS},
    store::{self, Stored, Sum},
    verify,
};
use crate::{
    audit::{self, Entry},
    directory::people::{
        Role,
        store::{self as people, Addressee},
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        jobs::{self, Job},
        notice::{self, Notice},
        paths,
        time::{self, Tz},
    },
};

/// The notice of an alarm. Nobody can switch it off.
const MAIL: &str = "evidence-alarm";
const HOUR: i64 = 3_600;

/// The month of an instant, as it is counted by.
pub(super) fn month_of(tx: &Tx<'_>, zone: Tz) -> String {
    time::day_of(tx.now(), zone).format("%Y-%m").to_string()
}

/// An entry about a stored file: the items whose bytes it is, and their leads, which tell of it in their stories.
fn about(tx: &mut Tx<'_>, verb: &'static str, file: &Stored) -> Result<Entry> {
    let held = store::items_of(tx.conn(), file.id)?;
    Ok(Entry::new(verb)
        .object("blob", file.id)
        .objects("evidence", held.iter().map(|(item, _)| *item))
        .objects("lead", held.iter().map(|(_, lead)| *lead))
        .fact("sha256", data_encoding::HEXLOWER.encode(&file.sha256)))
}

/// Raises an alarm: an entry of the log, and a mail to every administrator at once.
///
/// # Errors
/// `Conflict` where the file has one already; those of the database.
pub(super) fn raise(tx: &mut Tx<'_>, file: &Stored, fault: Fault, zone: Tz) -> Result<()> {
    if store::open_of(tx.conn(), file.id)?.is_some() {
        return Err(AppError::Conflict("conflict-job-under-way"));
    }
    store::checked(tx, file.id, fault.as_str())?;
    let month = month_of(tx, zone);
    store::count(tx, &month, Sum { files: 1, bytes: file.size, faults: 1 })?;
    let id = store::raise(tx, file.id, fault)?;
    let entry = about(tx, "evidence.alarm", file)?;
    audit::record(tx, entry.object("alarm", id).fact("fault", fault.as_str()).fact("size", file.size))?;
    tell(tx, id)
}

fn tell(tx: &mut Tx<'_>, alarm: Id) -> Result<()> {
    let open = store::open_count(tx.conn())?;
    let since = tx.now().plus_seconds(-HOUR);
    for Addressee { address, lang, account } in people::addressees_with_role(tx.conn(), Role::Admin)? {
        if !notice::is_address(&address) || notice::lately(tx.conn(), MAIL, &address, since)? >= MOST_MAILS {
            continue;
        }
        let letter = Notice::new(MAIL, address, lang).to_account(account).param("count", open);
        notice::queue(tx, letter.link(paths::ADMIN_EVIDENCE).about("alarm", alarm))?;
    }
    Ok(())
}

/// Has a file looked at again, for `person`; `verb` says as what they ask.
///
/// # Errors
/// `NotFound` for a file that was erased; those of the database.
pub(super) fn ask(tx: &mut Tx<'_>, verb: &'static str, person: Id, file: Id) -> Result<()> {
    let file = store::find(tx.conn(), file)?;
    if file.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    let payload = json!({ "blob": file.id, "person": person });
    jobs::enqueue(tx, Job::new(verify::VERIFY, payload).once(verify::key(file.id)))?;
    let mut entry = about(tx, verb, &file)?;
    if let Some(alarm) = store::open_of(tx.conn(), file.id)? {
        entry = entry.object("alarm", alarm.id);
    }
    audit::record(tx, entry).map(|_| ())
}

/// Puts on record what a look came to that `person` had asked for. A file that is whole again ends its alarm; one that is
/// not raises one.
///
/// # Errors
/// Those of the database.
pub(super) fn looked(tx: &mut Tx<'_>, file: &Stored, person: Id, finding: Finding, zone: Tz) -> Result<()> {
    let open = store::open_of(tx.conn(), file.id)?;
    if let (Finding::Faulty(fault), None) = (finding, &open) {
        return raise(tx, file, fault, zone);
    }
    store::checked(tx, file.id, finding.as_str())?;
    let month = month_of(tx, zone);
    store::count(tx, &month, Sum { files: 1, bytes: file.size, faults: 0 })?;
    let entry = match open {
        Some(alarm) if finding == Finding::Whole => {
            store::end(tx, alarm.id, person)?;
            about(tx, "evidence.clear", file)?.object("alarm", alarm.id)
        }
        _ => about(tx, "evidence.verified", file)?,
    };
    audit::record(tx, entry.object("person", person).fact("result", finding.as_str())).map(|_| ())
}
