//! `lead-handoff evidence migrate FROM TO`: every stored file from one store into another, while the servers run.
//!
//! What is to be moved is what the database knows (`objects`), not what lies in the store: so what is missing is noticed,
//! and what interrupted uploads have left is not taken along; what has arrived of files that still come in parts is. Each
//! is proven where it has arrived ([`Vault::bring`]). Which are there already is seen from the new store itself, so a run
//! that was stopped goes on wherever it was.
//!
//! `lead-handoff evidence stamp`: asks for the time stamps that were never asked for (`stamp`).

mod claim;
mod objects;
mod stamp;
mod words;

use std::{cell::Cell, collections::BTreeMap, process::ExitCode};

use clap::Subcommand;
use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

use self::{
    claim::Claim,
    objects::{Kind, Object, first_of},
    words::{arrives_damaged, error_of, held, is_empty, lost, progress, say, told, words},
};
use super::Common;
use crate::{
    audit::{self, Entry},
    platform::{
        db::Id,
        error::{AppError, Plain, Result},
        i18n::{Lang, t_with},
        services::Services,
        vault::{Brought, Vault, VaultError, Wanted},
    },
};

/// Files on their way at once; one that is larger than so many bytes goes alone, as its parts are larger too.
const AT_ONCE: u32 = 4;
const LARGE: u64 = 64 << 20;
/// The row of an upload may come so many seconds after its key was made, and so stand before others that were seen.
const LONGEST_UPLOAD: i64 = 25 * 3600;
/// How often what came meanwhile is looked for.
const PASSES: usize = 3;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff evidence migrate ./data/evidence s3://bucket/prefix")]
pub struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Copies every stored file from one store into another while the servers run; nothing is taken out of the first.
    #[command(
        after_help = "FROM and TO are each a folder, file:///… or s3://bucket/prefix; buckets are opened with the AWS_… \
        variables. Each file is read back from TO, decrypted, and compared with its registered SHA-256, SM3 and size. \
        What has arrived of files that are still on their way goes along. Into a bucket one move goes at a time. \
        Stopped on its way, the command goes on when it is run again: what is in TO already is passed over.\n\n\
        How to switch:\n  \
        1. Run it, as long as it takes; the servers go on.\n  \
        2. Set LEAD_HANDOFF_EVIDENCE_URL to TO and LEAD_HANDOFF_EVIDENCE_FALLBACK_URL to FROM, and restart every server: \
        what is not in TO yet is read from FROM.\n  \
        3. Run it once more: it brings what came meanwhile.\n  \
        4. Take LEAD_HANDOFF_EVIDENCE_FALLBACK_URL out and restart.\n\n\
        Ends with 0 when everything is in TO, 1 when something is not (each file named, or what stopped it), 2 when it \
        can't begin.\n\n\
        Example:\n  lead-handoff evidence migrate ./data/evidence s3://bucket/prefix\n  \
        lead-handoff evidence migrate s3://bucket/prefix /mnt/new/evidence --deep"
    )]
    Migrate(Migrate),
    /// Asks for the time stamps over stored files and seals that were there before an authority was configured.
    #[command(
        after_help = "Each file and seal is asked for once by each authority of LEAD_HANDOFF_TIMESTAMP_URL; what was asked for \
        before is passed over, so that the command can be stopped and run again. The servers that run ask the authorities, \
        one stamp every five seconds.\n\n\
        Ends with 0, or with 2 when it can't be done.\n\n\
        Example:\n  lead-handoff evidence stamp"
    )]
    Stamp,
}

#[derive(Debug, clap::Args)]
struct Migrate {
    /// The store that is left.
    from: String,
    /// The store that is moved into.
    to: String,
    /// Also reads, decrypts and compares what was in TO before.
    #[arg(long)]
    deep: bool,
}

/// Where from and where to, and in which language that is told.
pub struct Stores {
    pub from: Vault,
    pub to: Vault,
    pub lang: Lang,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    /// Files that were brought.
    pub files: u64,
    /// Pieces of files on their way that were brought.
    pub pieces: u64,
    /// The bytes of what was brought.
    pub bytes: u64,
    /// Objects that were there before.
    pub there: u64,
    /// Objects that could not be brought; a sentence each.
    pub faults: BTreeMap<Id, String>,
    /// What stopped the run before its end.
    pub stopped: Option<String>,
}

impl Moved {
    /// Whether everything that the database knows is in the new store.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty() && self.stopped.is_none()
    }

    fn brought(&self) -> u64 {
        self.files + self.pieces
    }

    fn counter(&mut self, kind: Kind) -> &mut u64 {
        match kind {
            Kind::File => &mut self.files,
            Kind::Piece => &mut self.pieces,
        }
    }
}

fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

/// Runs the command.
pub fn run(args: &Args) -> ExitCode {
    let asked = match &args.act {
        Act::Migrate(asked) => asked,
        Act::Stamp => return stamp::run(&args.common),
    };
    let done = args.common.settings(None, "./data").and_then(super::open).and_then(|services| {
        let stores = open(&services, &asked.from, &asked.to)?;
        let moved = migrate(&services, &stores, asked.deep)?;
        Ok(say(&services, &stores, &moved))
    });
    done.unwrap_or_else(|e| super::report(Err(e)))
}

/// Opens both stores; refuses the same place twice.
///
/// # Errors
/// One of them is not there, or can't be used; they are the same place, or one lies in the other.
pub fn open(services: &Services, from: &str, to: &str) -> Result<Stores> {
    let lang = super::lang();
    let named = |named: &str, opened: std::result::Result<Vault, VaultError>| {
        opened.map_err(|error| plain(told(lang, named, &error)))
    };
    let stores = Stores {
        from: named(from, Vault::existing(from, services.master.clone()))?,
        to: named(to, Vault::beside(to, services.master.clone()))?,
        lang,
    };
    if stores.from.overlaps(&stores.to) {
        let both = [("from", from.to_owned()), ("to", to.to_owned())];
        return Err(plain(t_with(lang, "migrate-same-place", &both)));
    }
    Ok(stores)
}

/// Brings every stored file from the one store into the other. On record before the first one and after the last one.
///
/// # Errors
/// The first store is empty, though files are known; one of them can't be used; another run moves into the same bucket;
/// those of the database.
pub fn migrate(services: &Services, stores: &Stores, deep: bool) -> Result<Moved> {
    let kinds = (stores.from.kind(), stores.to.kind());
    let entry = |verb| Entry::new(verb).fact("from_store", kinds.0).fact("to_store", kinds.1);
    let begun_at = services.db.now();
    let (files, pieces) =
        services.db.read_now(|conn| Ok((Kind::File.count(conn)?, Kind::Piece.count(conn)?)))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ready(stores, files + pieces))?;
    let claim = match kinds.1 {
        "bucket" => {
            Some(Claim::take(&services.db, &stores.to.address(), |to, after| held(stores.lang, to, after))?)
        }
        _ => None, // a folder has a draft for each run
    };
    let begun = entry("evidence.migrate").fact("files", files);
    services.db.write_now(super::user::origin(), |tx| audit::record(tx, begun).map(|_| ()))?;
    let mut moved = Moved::default();
    runtime.block_on(async {
        let mut after = None;
        for n in 0..PASSES {
            let before = moved.brought();
            for (kind, all) in [(Kind::File, files), (Kind::Piece, pieces)] {
                let way = Pass { kind, all, deep: deep && n == 0, is_first: n == 0, after };
                pass(services, stores, (way, claim.as_ref()), &mut moved).await?;
            }
            if moved.stopped.is_some() || moved.brought() == before {
                break;
            }
            after = Some(first_of(begun_at.plus_seconds(-LONGEST_UPLOAD)));
        }
        Ok::<(), AppError>(())
    })?;
    let ended = entry("evidence.migrated")
        .fact("files", moved.files)
        .fact("pieces", moved.pieces)
        .fact("size", moved.bytes)
        .fact("there", moved.there)
        .fact("failed", moved.faults.len())
        .fact("whole", moved.is_whole());
    services.db.write_now(super::user::origin(), |tx| audit::record(tx, ended).map(|_| ()))?;
    Ok(moved)
}

/// Whether both stores can be used, and the first one can be meant.
async fn ready(stores: &Stores, known: u64) -> Result<()> {
    let (from, to, lang) = (stores.from.address(), stores.to.address(), stores.lang);
    match stores.from.list().next().await {
        Some(Ok(_)) => {}
        Some(Err(error)) => return Err(plain(told(lang, &from, &error))),
        None if known > 0 => return Err(plain(is_empty(stores, known))),
        None => {}
    }
    stores.to.probe().await.map_err(|error| plain(told(lang, &to, &error)))?;
    stores.to.sweep().await.map_err(|error| plain(told(lang, &to, &error)))?;
    Ok(())
}

/// One way over the objects of one kind.
#[derive(Clone, Copy)]
struct Pass {
    kind: Kind,
    /// How many there were at the beginning.
    all: u64,
    deep: bool,
    /// Later ones only look for what came meanwhile.
    is_first: bool,
    after: Option<Id>,
}

async fn pass(
    services: &Services,
    stores: &Stores,
    (pass, claim): (Pass, Option<&Claim>),
    moved: &mut Moved,
) -> Result<()> {
    let (room, is_stopped) = (Semaphore::new(AT_ONCE as usize), Cell::new(false));
    let way = Way { stores, claim, room, is_stopped, deep: pass.deep };
    let kind = pass.kind;
    let (lang, mut progress) = (stores.lang, progress(stores.lang, kind.counted(), pass.all));
    let mut after = pass.after;
    while moved.stopped.is_none() {
        let part = services.db.read(move |conn| kind.after(conn, after)).await?;
        let Some((part, last)) = part else { break };
        let begun = part.into_iter().map(|object| way.bring(object));
        let mut work = stream::iter(begun).buffer_unordered(AT_ONCE as usize);
        let mut to_ask = Vec::new();
        while let Some((id, is_waiting, came)) = work.next().await {
            let Some(came) = came else { continue };
            moved.faults.remove(&id);
            match came {
                Ok(Brought::Now(bytes)) => {
                    *moved.counter(kind) += 1;
                    moved.bytes += bytes;
                    to_ask.push(id);
                }
                Ok(Brought::Before) => moved.there += u64::from(pass.is_first),
                // It may go before it counts, where what was sent was not what was meant.
                Ok(Brought::Missing) if is_waiting => {}
                Ok(fault) => {
                    moved.faults.insert(id, words(stores, &kind.named(id, lang), fault));
                    to_ask.push(id);
                }
                Err(VaultError::Damaged(..)) => {
                    moved.faults.insert(id, arrives_damaged(stores, &kind.named(id, lang)));
                }
                Err(error @ VaultError::Key(_)) => {
                    moved.faults.insert(id, told(lang, &kind.named(id, lang), &error));
                }
                Err(error) => {
                    way.is_stopped.set(true);
                    moved.stopped.get_or_insert(error_of(stores, &error));
                }
            }
            if pass.is_first {
                progress.step();
            }
        }
        drop(work);
        if claim.is_some_and(Claim::is_lost) {
            moved.stopped = Some(lost(stores));
            break;
        }
        forget_gone(services, stores, kind, &to_ask, moved).await?;
        after = Some(last);
    }
    Ok(())
}

/// What the files of one way have in common.
struct Way<'a> {
    stores: &'a Stores,
    /// Of a bucket: that nobody else moves into it.
    claim: Option<&'a Claim>,
    room: Semaphore,
    /// Whether nothing more is to be begun; what is under way comes to its end.
    is_stopped: Cell<bool>,
    deep: bool,
}

impl Way<'_> {
    /// Brings one object; `None`: it was not begun. Also says whether it waits to count.
    async fn bring(&self, object: Object) -> (Id, bool, Option<std::result::Result<Brought, VaultError>>) {
        let Object { id, size, wrapped_key, known, is_waiting } = object;
        let places = if size > LARGE { AT_ONCE } else { 1 };
        // It is never closed, so a place always comes.
        let _place = self.room.acquire_many(places).await;
        if self.is_stopped.get() || self.claim.is_some_and(Claim::is_lost) {
            return (id, is_waiting, None);
        }
        let Some(known) = known else { return (id, is_waiting, Some(Ok(Brought::Damaged))) };
        let wanted = Wanted { key: id.uuid(), wrapped_key, known };
        let is_ours = async || match self.claim {
            Some(claim) => claim.is_held().await,
            None => true,
        };
        let was_unproven = self.claim.is_some_and(|claim| claim.is_unproven(id));
        let is_noted = Cell::new(was_unproven);
        // What stands there already, and is proven, is never on record as unproven.
        let naming = async || match self.claim {
            Some(claim) if !is_noted.get() => {
                let begun = claim.begin(id).await.map_err(|error| VaultError::Unavailable(error.into()));
                is_noted.set(begun.is_ok());
                begun
            }
            _ => Ok(()),
        };
        let mut came = self
            .stores
            .to
            .bring(&self.stores.from, &wanted, self.deep || was_unproven, &naming, is_ours)
            .await;
        let written = match (self.claim, &came) {
            (Some(claim), Ok(Brought::Now(_) | Brought::Before | Brought::Missing)) if is_noted.get() => {
                claim.proven(id).await.map_err(|error| VaultError::Unavailable(error.into()))
            }
            // What neither store has whole is on record: an object that is as long as it should be may lie in the bucket.
            (Some(_), Ok(Brought::Damaged)) => naming().await,
            _ => Ok(()),
        };
        if let Err(error) = written {
            came = Err(error);
        }
        (id, is_waiting, Some(came))
    }
}

/// What was erased, or registered as a whole, while it was brought is not to be in the new store, and is no fault where it is
/// missing.
async fn forget_gone(
    services: &Services,
    stores: &Stores,
    kind: Kind,
    ids: &[Id],
    moved: &mut Moved,
) -> Result<()> {
    for part in ids.chunks(500) {
        let part = part.to_vec();
        for id in services.db.read(move |conn| kind.gone(conn, &part)).await? {
            if stores.to.has(id.uuid()).await? {
                stores.to.delete(id.uuid()).await?;
            }
            moved.faults.remove(&id);
        }
    }
    Ok(())
}
