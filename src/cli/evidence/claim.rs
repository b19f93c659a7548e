//! One move into a bucket at a time. A bucket knows no drafts: what turns out to be damaged where it has arrived is taken out
//! again under the name that another run may have completed meanwhile. So a run holds the bucket by a row of the database
//! that it renews while it lives, and asks for it once more before it takes anything out.
//!
//! Table: `store_claim`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use diesel::prelude::*;

use super::plain;
use crate::platform::{
    db::{Db, Id, LockKey, Tx, schema::store_claim, take_lock},
    error::Result,
};

/// A run whose row is older, in seconds, has ended without a word.
const AWAY_AFTER: i64 = 90;
/// How often the row is renewed.
const RENEWED: Duration = Duration::from_secs(20);

/// A bucket that this run alone moves into. Given back when dropped.
pub(super) struct Claim {
    own: Own,
    is_lost: Arc<AtomicBool>,
    /// Dropped before it is waited for, which ends the thread.
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

/// The row, as the thread that renews it knows it too.
#[derive(Clone)]
struct Own {
    db: Db,
    store: String,
    holder: Id,
}

impl Own {
    /// Renews the row; false: another run has it.
    fn renew(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let now = tx.now();
        let own = store_claim::table.find(&self.store).filter(store_claim::holder.eq(self.holder));
        Ok(diesel::update(own).set(store_claim::seen_at.eq(now)).execute(tx.conn())? > 0)
    }

    fn give_back(&self) -> Result<()> {
        self.db.write_quiet_now(|tx| {
            let own = store_claim::table.find(&self.store).filter(store_claim::holder.eq(self.holder));
            diesel::delete(own).execute(tx.conn())?;
            Ok(())
        })
    }
}

impl Claim {
    /// Takes the bucket at this address; `held` says that another run holds it, and for how many seconds after its end.
    ///
    /// # Errors
    /// Another run holds it, in words; those of the database.
    pub fn take(db: &Db, store: &str, held: impl Fn(&str, i64) -> String) -> Result<Self> {
        let own = Own { db: db.clone(), store: store.to_owned(), holder: Id::new() };
        db.write_quiet_now(|tx| {
            take_lock(tx.conn(), LockKey::Writer)?;
            let now = tx.now();
            let is_fresh = store_claim::seen_at.gt(now.plus_seconds(-AWAY_AFTER));
            let others: i64 =
                store_claim::table.find(store).filter(is_fresh).count().get_result(tx.conn())?;
            if others > 0 {
                return Err(plain(held(store, AWAY_AFTER)));
            }
            diesel::delete(store_claim::table.find(store)).execute(tx.conn())?;
            diesel::insert_into(store_claim::table)
                .values((
                    store_claim::store.eq(store),
                    store_claim::holder.eq(own.holder),
                    store_claim::seen_at.eq(now),
                ))
                .execute(tx.conn())?;
            Ok(())
        })?;
        let (is_lost, (stop, stopped)) = (Arc::new(AtomicBool::new(false)), channel());
        let (row, lost) = (own.clone(), is_lost.clone());
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(RENEWED) == Err(RecvTimeoutError::Timeout) {
                match row.db.write_quiet_now(|tx| row.renew(tx)) {
                    Ok(true) => {}
                    Ok(false) => return lost.store(true, Ordering::Release),
                    Err(error) => tracing::error!(%error, "the move's hold on the bucket is not renewed"),
                }
            }
        });
        Ok(Self { own, is_lost, running: Some((stop, thread)) })
    }

    /// Whether another run is known to have taken it.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    /// Whether it is held still, and by nobody else for a while: asked of the database. Where that can't be told, it is not.
    pub async fn is_held(&self) -> bool {
        let own = self.own.clone();
        match self.own.db.write_quiet(move |tx| own.renew(tx)).await {
            Ok(true) => true,
            Ok(false) => {
                self.is_lost.store(true, Ordering::Release);
                false
            }
            Err(error) => {
                tracing::error!(%error, "the move's hold on the bucket is not known");
                false
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // It has nothing to give back but its end.
            let _ = thread.join();
        }
        if let Err(error) = self.own.give_back() {
            tracing::error!(%error, "the move's hold on the bucket is not given back");
        }
    }
}
