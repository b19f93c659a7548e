//! The database: SQLite or PostgreSQL, chosen at run time by the URL. One act at a time on both ([`Db::write`]), so
//! that a rule may read, decide and write without a second act in between; readers never wait for it. Bookkeeping
//! ([`Db::write_quiet`]) does not wait on PostgreSQL: where it decides by what it reads, it takes a lock itself.

mod act;
mod any;
mod bulk;
mod connect;
mod dialect;
mod fixed;
pub mod fulltext;
mod integrity;
mod once;
mod restoring;
pub mod schema;
mod search;
mod snapshot;
mod types;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use diesel::r2d2::{Pool, PooledConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use act::{Gate, Origin, Tx};
pub use any::AnyConnection as Connection;
pub use bulk::{Cell, Rows};
pub use connect::{Manager, Target};
pub use dialect::{
    LockKey, ServerFacts, along, begins, claim_next_job, next_number, not_by_index, server_facts, take_lock,
    take_lock_of, upsert_counter,
};
pub use fixed::{Fixed, fixed};
pub use integrity::integrity;
pub use once::Once;
pub use restoring::{Stage, end_restoring, restore, stage};
pub use search::{lower, pattern};
pub use snapshot::is_empty;
pub use types::{Id, Instant};

use super::{
    error::{AppError, Plain, Result},
    time,
};

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Where time comes from; tests set it.
pub type Now = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The pools. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Manager>,
    writer: Pool<Manager>,
    now: Now,
    target: Target,
    gate: Option<Gate>,
    stamped_by: Arc<[String]>,
}

/// One pool of connections.
#[derive(Clone, Debug)]
pub struct PoolState {
    pub name: &'static str,
    pub idle: i64,
    pub used: i64,
}

impl Db {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// The database is out of reach, newer than this program, or the scene of a restore that was stopped.
    pub fn open(target: &Target, now: Now) -> Result<Self> {
        Self::open_at(target, now, false)
    }

    /// As [`Db::open`], for the restore itself.
    ///
    /// # Errors
    /// The database is out of reach, or newer than this program.
    pub fn open_restoring(target: &Target, now: Now) -> Result<Self> {
        Self::open_at(target, now, true)
    }

    fn open_at(target: &Target, now: Now, restoring: bool) -> Result<Self> {
        let writers = if target.is_sqlite() { 1 } else { 4 };
        let writer = connect::pool(target, writers)?;
        let mut first = writer.get()?;
        if !restoring {
            restoring::refuse_unfinished(&mut first)?;
        }
        migrate(&mut first)?;
        drop(first);
        let readers = connect::pool(target, 6)?;
        Ok(Self { readers, writer, now, target: target.clone(), gate: None, stamped_by: Arc::default() })
    }

    /// From here on, nobody does anything that `gate` does not allow.
    #[must_use]
    pub fn behind(mut self, gate: Gate) -> Self {
        self.gate = Some(gate);
        self
    }

    /// From here on, these authorities are asked for a time stamp over whatever is registered, in the same transaction: the
    /// database knows them so that nobody who registers has to think of it.
    #[must_use]
    pub fn stamped_by(mut self, authorities: impl IntoIterator<Item = String>) -> Self {
        self.stamped_by = authorities.into_iter().collect();
        self
    }

    /// Takes every table out again, and all that is in them; the next opening makes them anew. For a demo that is
    /// remade: whether it is one is for the caller to know.
    ///
    /// # Errors
    /// Those of the database.
    pub fn empty_now(&self) -> Result<()> {
        let mut conn = self.writer.get()?;
        let done = match &mut *conn {
            Connection::Sqlite(c) => c.revert_all_migrations(SQLITE_MIGRATIONS).map(|_| ()),
            Connection::Postgres(c) => {
                dialect::with_migration_lock(c, |c| c.revert_all_migrations(POSTGRES_MIGRATIONS).map(|_| ()))
            }
        };
        done.map_err(AppError::Internal)
    }

    pub fn now(&self) -> Instant {
        (self.now)()
    }

    /// Puts what SQLite's log of changes holds into the database and begins the log anew. By itself SQLite does so only at a
    /// moment in which nobody reads, and the log grows until then. Where somebody reads for long, it is left for the next
    /// time.
    ///
    /// # Errors
    /// Those of the database.
    pub fn shorten_log(&self) -> Result<()> {
        let mut pooled = self.writer.get()?;
        dialect::shorten_log(&mut pooled)
    }

    /// How many connections are open and in use.
    pub fn pools(&self) -> Vec<PoolState> {
        let state = |name, pool: &Pool<Manager>| {
            let state = pool.state();
            let idle = i64::from(state.idle_connections);
            PoolState { name, idle, used: i64::from(state.connections) - idle }
        };
        vec![state("writer", &self.writer), state("readers", &self.readers)]
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Reads, off the async threads.
    ///
    /// # Errors
    /// Those of `f`; `Unavailable` when no connection is to be had.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        blocking(move || db.read_now(f)).await
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ping(&self) -> Result<()> {
        self.read(|conn| Ok(diesel::RunQueryDsl::execute(diesel::sql_query("SELECT 1"), conn).map(|_| ())?))
            .await
    }

    /// As [`Db::read`], on a thread that may block.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn read_now<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        f(&mut *self.readers.get()?)
    }

    /// Reads several things as they stood at one moment, off the async threads.
    ///
    /// # Errors
    /// Those of `f`; `Unavailable` when no connection is to be had.
    pub async fn read_snapshot<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        blocking(move || db.read_snapshot_now(f)).await
    }

    /// As [`Db::read_snapshot`], on a thread that may block.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn read_snapshot_now<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut pooled = self.readers.get()?;
        let conn: &mut Connection = &mut pooled;
        dialect::begin_snapshot(conn)?;
        // A panic must not leave a pooled connection inside a transaction.
        let done = catch_unwind(AssertUnwindSafe(|| f(conn)))
            .unwrap_or_else(|_| Err(AppError::internal(Plain("panic inside a snapshot".into()))));
        dialect::rollback(conn)?;
        done
    }

    /// One act: everything in `f` commits together with its audit entry, or nothing does.
    ///
    /// # Errors
    /// Those of `f`; `Internal` when `f` changed something without an audit entry.
    pub async fn write<T: Send + 'static>(
        &self,
        origin: Origin,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        blocking(move || db.write_now(origin, f)).await
    }

    /// As [`Db::write`], on a thread that may block.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_now<T>(&self, origin: Origin, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.transact(origin, true, f)
    }

    /// Bookkeeping of the program itself (a session's last use, a job's progress) that needs no audit entry.
    ///
    /// # Errors
    /// Those of `f`.
    pub async fn write_quiet<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        blocking(move || db.write_quiet_now(f)).await
    }

    /// As [`Db::write_quiet`], on a thread that may block.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn write_quiet_now<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.transact(Origin::system("system:worker"), false, f)
    }

    fn transact<T>(
        &self,
        origin: Origin,
        must_record: bool,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut pooled = self.writer.get()?;
        let conn: &mut Connection = &mut pooled;
        let written = if must_record { Some(dialect::written(conn)?) } else { None };
        dialect::begin(conn, must_record)?;
        let mut tx = Tx::new(conn, self.now(), origin, self.gate.clone(), written, self.stamped_by.clone());
        // A panic must not leave the one writer inside a transaction.
        let done = catch_unwind(AssertUnwindSafe(|| tx.acted_once(f)))
            .unwrap_or_else(|_| Err(AppError::internal(Plain("panic inside a transaction".into()))));
        match done {
            Ok(value) => {
                dialect::commit(conn)?;
                Ok(value)
            }
            Err(e) => {
                dialect::rollback(conn)?;
                Err(e)
            }
        }
    }
}

/// Runs blocking work off the async threads.
///
/// # Errors
/// Those of `f`; `Internal` when it panicked.
pub async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    // What is written for a page there is written for the same reader.
    tokio::task::spawn_blocking(time::carried(f)).await.map_err(AppError::internal)?
}

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// The schema changes that this database has seen, in their order.
///
/// # Errors
/// Those of the database.
pub fn migrations(conn: &mut Connection) -> Result<Vec<String>> {
    use diesel::RunQueryDsl;
    let rows: Vec<Version> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version").load(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn migrate(conn: &mut Connection) -> Result<()> {
    let done = match conn {
        Connection::Sqlite(c) => c.run_pending_migrations(SQLITE_MIGRATIONS).map(|_| ()),
        Connection::Postgres(c) => {
            dialect::with_migration_lock(c, |c| c.run_pending_migrations(POSTGRES_MIGRATIONS).map(|_| ()))
        }
    };
    done.map_err(AppError::Internal)
}

/// A pooled connection, for the rare reader that streams.
pub type Pooled = PooledConnection<Manager>;
