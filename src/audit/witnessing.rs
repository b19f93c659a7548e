//! This program as a witness of other logs (C2SP tlog-witness): it cosigns a head only if that continues what it has cosigned
//! before. What it has seen is bookkeeping and no entry, as of its own log (`cosigning`).

use diesel::prelude::*;
use signed_note::{Note, Verifier, VerifierList};
use tlog_tiles::{EMPTY_HASH, Hash, check_tree};

use crate::platform::{
    db::{Connection, Db, Instant, LockKey, Tx, schema::witnessed_log, take_lock},
    error::{AppError, Plain, Result},
    keys::{Cosigner, PublicKey},
    witness::Asked,
};

/// What somebody sends who has no part in the log is written down once in so many seconds at most.
const PAUSE: i64 = 60;

/// What a witness answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The line of its cosignature. `moved`: it is of another size than what was cosigned last.
    Cosigned { line: String, moved: bool },
    /// What is asked is no request.
    Malformed,
    /// It does not watch this log.
    UnknownLog,
    /// No key of the log that it knows has signed.
    Unsigned,
    /// The last size that it has cosigned, where another one was said, or another root of this size. `behind`: the checkpoint
    /// is of a larger one.
    Knows { size: u64, behind: bool },
    /// The proof does not lead from there to the checkpoint.
    Unproven,
}

impl Verdict {
    /// Whether it is what a log and its witness have with each other as the log grows. Heads that were cosigned are public, so
    /// that anybody can send them again, and older ones: that leads nowhere.
    pub fn leads_on(&self) -> bool {
        matches!(self, Verdict::Cosigned { moved: true, .. } | Verdict::Knows { behind: true, .. })
    }
}

/// A log that is watched, as it stands.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = witnessed_log)]
pub struct Watched {
    pub origin: String,
    pub size: i64,
    root: Vec<u8>,
    pub cosigned_at: Instant,
    /// When something that the log had signed was not cosigned last, and why: `older`, `unproven`, `fork`. Whoever has an old
    /// head can send it, or send a new one with a false proof: the first two say nothing of the log itself.
    pub refused_at: Option<Instant>,
    pub refused: Option<String>,
    /// A head that the log has signed over another tree than the one that was cosigned: that proves that there are two.
    pub fork: Option<String>,
}

/// Every log that was ever cosigned.
///
/// # Errors
/// Those of the database.
pub fn watched(conn: &mut Connection) -> Result<Vec<Watched>> {
    Ok(witnessed_log::table.order(witnessed_log::origin).select(Watched::as_select()).load(conn)?)
}

/// Looks at a checkpoint and cosigns it. `logs`: the keys of the logs that are watched; `cosigner` gives, and may make, our key
/// as a witness: it is asked only for what one of them has signed. What is known and what is cosigned change in one
/// transaction, and one at a time over all servers, so that of one size never two different heads are cosigned.
///
/// # Errors
/// Those of the database, and of `cosigner`.
pub fn add_checkpoint(
    db: &Db,
    cosigner: impl FnOnce() -> Result<Cosigner>,
    logs: &[PublicKey],
    asked: &Asked,
) -> Result<Verdict> {
    let keys: Vec<&PublicKey> = logs.iter().filter(|key| key.name() == asked.checkpoint.origin()).collect();
    if keys.is_empty() {
        return Ok(Verdict::UnknownLog);
    }
    let verifiers = keys.into_iter().map(|key| Box::new(key.clone()) as Box<dyn Verifier>).collect();
    let Ok(note) = Note::from_bytes(asked.note.as_bytes()) else { return Ok(Verdict::Malformed) };
    if note.verify(&VerifierList::new(verifiers)).is_err() {
        return Ok(Verdict::Unsigned);
    }
    if asked.old > asked.checkpoint.size() {
        return Ok(Verdict::Malformed);
    }
    let cosigner = cosigner()?;
    db.write_quiet_now(|tx| {
        take_lock(tx.conn(), LockKey::Witness)?;
        decide(tx, &cosigner, asked)
    })
}

fn decide(tx: &mut Tx<'_>, cosigner: &Cosigner, asked: &Asked) -> Result<Verdict> {
    let (origin, size, root) = (asked.checkpoint.origin(), asked.checkpoint.size(), *asked.checkpoint.hash());
    let known: Option<Watched> =
        witnessed_log::table.find(origin).select(Watched::as_select()).first(tx.conn()).optional()?;
    let (last, last_root) = match &known {
        Some(known) => (known.size.cast_unsigned(), stored(&known.root)?),
        None => (0, EMPTY_HASH),
    };
    if last == size && last_root != root {
        refuse(tx, known.as_ref(), "fork", Some(&asked.note))?;
        return Ok(Verdict::Knows { size: last, behind: false });
    }
    if asked.old != last {
        if size < last {
            refuse(tx, known.as_ref(), "older", None)?;
        }
        return Ok(Verdict::Knows { size: last, behind: size > last });
    }
    let is_proven = if last == 0 || last == size {
        asked.proof.is_empty()
    } else {
        check_tree(&asked.proof, size, root, last, last_root).is_ok()
    };
    if !is_proven {
        refuse(tx, known.as_ref(), "unproven", None)?;
        return Ok(Verdict::Unproven);
    }
    keep(tx, known.is_some(), asked)?;
    let time = (tx.now().micros() / 1_000_000).unsigned_abs();
    Ok(Verdict::Cosigned { line: cosigner.cosign(&asked.text, time).line(), moved: size != last })
}

fn stored(root: &[u8]) -> Result<Hash> {
    let bytes =
        root.try_into().map_err(|_| AppError::internal(Plain("a stored root of wrong length".into())))?;
    Ok(Hash(bytes))
}

/// Writes down what was not cosigned. Of a log that was never cosigned nothing is kept.
fn refuse(tx: &mut Tx<'_>, known: Option<&Watched>, why: &str, fork: Option<&str>) -> Result<()> {
    // What proves two trees stays as it is, with its time, whatever comes later.
    let Some(known) = known.filter(|known| known.fork.is_none()) else { return Ok(()) };
    let now = tx.now();
    // Anybody can send what proves nothing of the log, as often as they like. What proves two trees is never left out.
    let is_recent = known.refused_at.is_some_and(|at| (0..PAUSE).contains(&now.seconds_since(at)));
    if fork.is_none() && is_recent {
        return Ok(());
    }
    diesel::update(witnessed_log::table.find(&known.origin))
        .set((
            witnessed_log::refused_at.eq(Some(now)),
            witnessed_log::refused.eq(Some(why)),
            witnessed_log::fork.eq(fork),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn keep(tx: &mut Tx<'_>, is_known: bool, asked: &Asked) -> Result<()> {
    let (now, head) = (tx.now(), &asked.checkpoint);
    let (size, root) = (head.size().cast_signed(), head.hash().0.to_vec());
    if is_known {
        diesel::update(witnessed_log::table.find(head.origin()))
            .set((
                witnessed_log::size.eq(size),
                witnessed_log::root.eq(root),
                witnessed_log::note.eq(&asked.note),
                witnessed_log::cosigned_at.eq(now),
            ))
            .execute(tx.conn())?;
    } else {
        diesel::insert_into(witnessed_log::table)
            .values((
                witnessed_log::origin.eq(head.origin()),
                witnessed_log::size.eq(size),
                witnessed_log::root.eq(root),
                witnessed_log::note.eq(&asked.note),
                witnessed_log::cosigned_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
