//! The job that asks a witness to cosign the newest head.

use serde_json::Value;
use tlog_tiles::{Hash, prove_tree};

use super::store;
use crate::{
    audit::{
        proof::{Head, latest_head},
        tree::Nodes,
    },
    platform::{
        db::Db,
        error::{AppError, Result},
        jobs::{self, JobRow, Progress},
        keys::{Cosignature, part},
        services::Services,
        witness::{Answer, Witness},
    },
};

/// Kind of the job; its payload is `{"witness": key}`.
pub const JOB: &str = "audit.cosign";

/// A witness has one job at most.
pub(super) fn key(witness: &str) -> String {
    format!("{JOB}:{witness}")
}

/// The handler of [`JOB`].
pub(super) fn handler(
    services: &Services,
) -> impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static {
    let services = services.clone();
    move |job, _| {
        let payload: Value = serde_json::from_str(&job.payload)?;
        let asked = payload["witness"].as_str().unwrap_or_default();
        // One that is not configured any more is not asked.
        let witness = services.settings.witnesses.iter().find(|one| one.id() == asked);
        witness.map_or(Ok(()), |witness| ask(&services.db, witness))
    }
}

/// How often a witness may tell another size before it is asked no more: each time the proof begins there anew.
const ROUNDS: u32 = 4;

/// What came of asking.
enum Told {
    Cosigned(Head, Cosignature),
    /// Code, and the size of our log that the witness has told.
    Fault(&'static str, Option<u64>),
}

/// Asks, and keeps what came.
///
/// # Errors
/// `Unavailable` while the witness is away; those of the database.
fn ask(db: &Db, witness: &Witness) -> Result<()> {
    let id = witness.id();
    match talk(db, witness) {
        Ok(None) => Ok(()),
        Ok(Some(Told::Cosigned(head, cosignature))) => db.write_quiet_now(|tx| {
            store::keep(tx, &witness.key, head.size, &cosignature)?;
            store::note(tx, &id, Some(head.size), 0, None)
        }),
        Ok(Some(Told::Fault(code, said))) => {
            tracing::error!(witness = witness.key.name(), code, ?said, "a witness does not cosign our log");
            let said = said.and_then(|size| i64::try_from(size).ok());
            db.write_quiet_now(|tx| store::note(tx, &id, None, 0, Some((code, said))))
        }
        Err(AppError::Unavailable(why)) => {
            db.write_quiet_now(|tx| {
                let known = store::find(tx.conn(), &id)?;
                let failures = known.as_ref().map_or(0, |known| known.failures).saturating_add(1);
                // What it said before holds until it says otherwise.
                let fault = known.as_ref().and_then(|known| Some((known.fault.as_deref()?, known.said_size)));
                store::note(tx, &id, None, failures, fault)
            })?;
            Err(AppError::Unavailable(why))
        }
        Err(error) => Err(error),
    }
}

/// Hands over the newest head, from the size on that the witness knows. `None`: there is no head yet.
fn talk(db: &Db, witness: &Witness) -> Result<Option<Told>> {
    let known = db.read_now(|conn| store::find(conn, &witness.id()))?;
    let mut old = known.map_or(0, |known| known.size.cast_unsigned());
    for _ in 0..ROUNDS {
        let Some(head) = db.read_now(latest_head)? else { return Ok(None) };
        let size = head.size.cast_unsigned();
        if old > size {
            // It knows more than we have ever placed: this log is an older one than it was.
            return Ok(Some(Told::Fault("ahead", Some(old))));
        }
        let proof = proof(db, old, size)?;
        match jobs::wait(witness.add_checkpoint(old, &proof, &head.note))?? {
            Answer::Cosigned(lines) => return Ok(Some(cosigned(witness, head, &lines))),
            Answer::Knows(Some(known)) if known != old => old = known,
            // It knows another tree of this size, or one that does not lead to what we have.
            Answer::Knows(_) | Answer::Refused(422) => return Ok(Some(Told::Fault("fork", Some(old)))),
            Answer::Refused(404) => return Ok(Some(Told::Fault("unknown-log", None))),
            Answer::Refused(403) => return Ok(Some(Told::Fault("unknown-key", None))),
            Answer::Refused(_) => return Ok(Some(Told::Fault("rejected", None))),
        }
    }
    Err(AppError::Unavailable(format!("the witness {}: it tells another size each time", witness.key.name())))
}

/// That the tree of the size `old` is the beginning of that of `size`.
fn proof(db: &Db, old: u64, size: u64) -> Result<Vec<Hash>> {
    if old == 0 || old == size {
        return Ok(Vec::new());
    }
    db.read_now(|conn| prove_tree(size, old, &Nodes::new(conn)).map_err(AppError::internal))
}

/// The witness's own cosignature among the lines that it sent; those of others say nothing to us.
fn cosigned(witness: &Witness, head: Head, lines: &str) -> Told {
    let text = part(&head.note).map(|note| note.text).unwrap_or_default();
    let found = lines.lines().filter_map(Cosignature::read).find(|one| witness.key.has_cosigned(&text, one));
    found.map_or(Told::Fault("no-cosignature", None), |one| Told::Cosigned(head, one))
}
