//! One way over the objects of one kind: each is brought, proven where it has arrived, and told of.

use std::cell::Cell;

use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

use super::{
    Moved, Stores,
    arrivals::Arrivals,
    claim::Claim,
    objects::{Kind, Object},
    words::{arrives_damaged, error_of, lost, progress, told, words},
};
use crate::platform::{
    db::Id,
    error::Result,
    services::Services,
    vault::{Brought, VaultError, Wanted},
};

/// Files on their way at once; one that is larger than so many bytes goes alone, as its parts are larger too.
const AT_ONCE: u32 = 4;
const LARGE: u64 = 64 << 20;
/// Objects that are put on record together.
const TOLD_AT_ONCE: usize = 100;

/// What all ways of one run have in common.
pub(super) struct Run<'a> {
    pub services: &'a Services,
    pub stores: &'a Stores,
    /// Of a bucket: that nobody else moves into it.
    pub claim: Option<&'a Claim>,
    pub arrivals: Arrivals,
}

impl Run<'_> {
    fn is_lost(&self) -> bool {
        self.claim.is_some_and(Claim::is_lost)
    }
}

/// One way over the objects of one kind.
#[derive(Clone, Copy)]
pub(super) struct Pass {
    pub kind: Kind,
    /// How many there were at the beginning.
    pub all: u64,
    pub deep: bool,
    /// Later ones only look for what came meanwhile.
    pub is_first: bool,
    pub after: Option<Id>,
}

/// What came of one object.
struct Came {
    id: Id,
    /// Whether it does not count yet, and may never.
    is_waiting: bool,
    /// Whether it is noted as on its way, by this run or by one that was stopped.
    is_noted: bool,
    /// `None`: it was not begun.
    result: Option<std::result::Result<Brought, VaultError>>,
}

/// What is to be put on record next.
#[derive(Default)]
struct Batch {
    /// In the new store by this run, or by one that was stopped before it could say so.
    came: Vec<Id>,
    /// On their way no more, and not there.
    nowhere: Vec<Id>,
    /// Those that neither store has whole.
    faulty: Vec<Id>,
}

impl Batch {
    fn len(&self) -> usize {
        self.came.len() + self.nowhere.len() + self.faulty.len()
    }
}

pub(super) async fn pass(run: &Run<'_>, pass: Pass, moved: &mut Moved) -> Result<()> {
    let (room, is_stopped) = (Semaphore::new(AT_ONCE as usize), Cell::new(false));
    let way = Way { run, room, is_stopped, deep: pass.deep };
    let (kind, stores) = (pass.kind, run.stores);
    let mut progress = progress(stores.lang, kind.counted(), pass.all);
    let mut after = pass.after;
    while moved.stopped.is_none() {
        let part = run.services.db.read(move |conn| kind.after(conn, after)).await?;
        let Some((part, last)) = part else { break };
        let begun = part.into_iter().map(|object| way.bring(object));
        let mut work = stream::iter(begun).buffer_unordered(AT_ONCE as usize);
        let mut batch = Batch::default();
        while let Some(came) = work.next().await {
            if count(&way, &pass, came, &mut batch, moved) && pass.is_first {
                progress.step();
            }
            if batch.len() >= TOLD_AT_ONCE {
                put_on_record(run, kind, std::mem::take(&mut batch), moved).await?;
            }
        }
        drop(work);
        put_on_record(run, kind, batch, moved).await?;
        if run.is_lost() {
            moved.stopped = Some(lost(stores));
        }
        after = Some(last);
    }
    Ok(())
}

/// Counts what came of an object; false: it was not begun.
fn count(way: &Way<'_>, pass: &Pass, came: Came, batch: &mut Batch, moved: &mut Moved) -> bool {
    let (kind, stores) = (pass.kind, way.run.stores);
    let Came { id, is_waiting, is_noted, result: Some(result) } = came else { return false };
    let named = || kind.named(id, stores.lang);
    moved.faults.remove(&id);
    // In a bucket an object that is as long as it should be may lie under the name: it stays noted as unproven.
    let is_nowhere = match result {
        Ok(Brought::Missing) => true,
        Ok(Brought::Damaged) => way.run.claim.is_none(),
        _ => false,
    };
    if is_noted && is_nowhere {
        batch.nowhere.push(id);
    }
    match result {
        Ok(Brought::Now(bytes)) => {
            *moved.counter(kind) += 1;
            moved.bytes += bytes;
            batch.came.push(id);
        }
        Ok(Brought::Before) => {
            moved.there += u64::from(pass.is_first);
            if is_noted {
                batch.came.push(id);
            }
        }
        // It may go before it counts, where what was sent was not what was meant.
        Ok(Brought::Missing) if is_waiting => {}
        Ok(fault) => {
            moved.faults.insert(id, words(stores, &named(), fault));
            batch.faulty.push(id);
        }
        Err(VaultError::Damaged(..)) => {
            moved.faults.insert(id, arrives_damaged(stores, &named()));
        }
        Err(error @ VaultError::Key(_)) => {
            moved.faults.insert(id, told(stores.lang, &named(), &error));
        }
        Err(error) => {
            way.is_stopped.set(true);
            moved.stopped.get_or_insert(error_of(stores, &error));
        }
    }
    true
}

/// Puts on record what came, but for what is to be nowhere any more. What another run has taken the bucket for is left to it.
async fn put_on_record(run: &Run<'_>, kind: Kind, mut batch: Batch, moved: &mut Moved) -> Result<()> {
    if !run.is_lost() {
        let asked: Vec<Id> = batch.came.iter().chain(&batch.faulty).copied().collect();
        let gone = forget_gone(run, kind, asked, moved).await?;
        batch.came.retain(|id| !gone.contains(id));
        batch.nowhere.extend(gone);
    }
    run.arrivals.settle(kind, batch.came, batch.nowhere).await
}

/// What was erased, or registered as a whole, while it was brought is not to be in the new store, and is no fault where it is
/// missing. Gives which ones those are.
async fn forget_gone(run: &Run<'_>, kind: Kind, ids: Vec<Id>, moved: &mut Moved) -> Result<Vec<Id>> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let gone = run.services.db.read(move |conn| kind.gone(conn, &ids)).await?;
    for id in &gone {
        if run.stores.to.has(id.uuid()).await? {
            run.stores.to.delete(id.uuid()).await?;
        }
        moved.faults.remove(id);
    }
    Ok(gone)
}

/// What the files of one way have in common.
struct Way<'a> {
    run: &'a Run<'a>,
    room: Semaphore,
    /// Whether nothing more is to be begun; what is under way comes to its end.
    is_stopped: Cell<bool>,
    deep: bool,
}

impl Way<'_> {
    /// Brings one object. What is noted as on its way stays so until what came of it is on record.
    async fn bring(&self, object: Object) -> Came {
        let Object { id, size, wrapped_key, known, is_waiting } = object;
        let Run { stores, claim, arrivals, .. } = self.run;
        let was_left = arrivals.was_left(id);
        let came = |result, is_noted| Came { id, is_waiting, is_noted, result };
        let places = if size > LARGE { AT_ONCE } else { 1 };
        // It is never closed, so a place always comes.
        let _place = self.room.acquire_many(places).await;
        if self.is_stopped.get() || self.run.is_lost() {
            return came(None, was_left);
        }
        let Some(known) = known else { return came(Some(Ok(Brought::Damaged)), was_left) };
        let wanted = Wanted { key: id.uuid(), wrapped_key, known };
        let is_ours = async || match claim {
            Some(claim) => claim.is_held().await,
            None => true,
        };
        let is_noted = Cell::new(was_left);
        // What stands there already, and is proven, is never noted.
        let naming = async || {
            if is_noted.get() {
                return Ok(());
            }
            let begun = arrivals.begin(id).await.map_err(|error| VaultError::Unavailable(error.into()));
            is_noted.set(begun.is_ok());
            begun
        };
        let mut result =
            stores.to.bring(&stores.from, &wanted, self.deep || was_left, &naming, is_ours).await;
        // What neither store has whole is noted: an object that is as long as it should be may lie in the bucket.
        if claim.is_some()
            && matches!(result, Ok(Brought::Damaged))
            && let Err(error) = naming().await
        {
            result = Err(error);
        }
        came(Some(result), is_noted.get())
    }
}
