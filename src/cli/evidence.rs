//! `lead-handoff evidence migrate FROM TO`: every stored file from one store into another, while the servers run.
//!
//! What is to be moved is what the database knows (`objects`), not what lies in the store: so what is missing is noticed,
//! and what interrupted uploads have left is not taken along; what has arrived of files that still come in parts is. Each
//! is proven where it has arrived ([`Vault::bring`]). Which are there already is seen from the new store itself, so a run
//! that was stopped goes on wherever it was.
//!
//! `lead-handoff evidence stamp`: asks for the time stamps that were never asked for (`stamp`).

mod arrivals;
mod bringing;
mod claim;
mod objects;
mod stamp;
mod words;

use std::{collections::BTreeMap, process::ExitCode};

use clap::Subcommand;
use futures_util::StreamExt;

use self::{
    arrivals::Arrivals,
    bringing::{Pass, Run, pass},
    claim::Claim,
    objects::{Kind, first_of},
    words::{held, is_empty, say, told},
};
use super::Common;
use crate::{
    audit::{self, Entry},
    casework::evidence::custody_of_store::BY_FILE,
    platform::{
        db::Id,
        error::{AppError, Plain, Result},
        i18n::{Lang, t_with},
        services::Services,
        vault::{Vault, VaultError},
    },
};

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

/// Brings every stored file from the one store into the other. On record before the first one, with those that came, some at
/// a time, and after the last one.
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
    let arrivals = Arrivals::of(&services.db, &stores.to.address(), kinds)?;
    let run = Run { services, stores, claim: claim.as_ref(), arrivals };
    let begun = entry("evidence.migrate").fact("files", files);
    services.db.write_now(super::user::origin(), |tx| audit::record(tx, begun).map(|_| ()))?;
    let mut moved = Moved::default();
    runtime.block_on(async {
        let mut after = None;
        for n in 0..PASSES {
            let before = moved.brought();
            for (kind, all) in [(Kind::File, files), (Kind::Piece, pieces)] {
                let way = Pass { kind, all, deep: deep && n == 0, is_first: n == 0, after };
                pass(&run, way, &mut moved).await?;
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
        .fact("whole", moved.is_whole())
        .fact(BY_FILE, true);
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
