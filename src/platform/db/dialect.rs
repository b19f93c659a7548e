//! The few statements that differ between the two databases. Nowhere else is the backend asked for.

use diesel::{
    PgConnection, QueryableByName, RunQueryDsl,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    sql_query,
    sql_types::{BigInt, Binary, Text},
};

use super::{Connection, Id, Instant};
use crate::platform::error::{AppError, Result};

/// Locks that several processes on one PostgreSQL share; SQLite's one writer needs none.
#[derive(Clone, Copy, Debug)]
pub enum LockKey {
    /// One act at a time.
    Writer = 7_201,
    /// The audit log's sequencer.
    Sequencer = 7_202,
    /// Schema changes at start.
    Migration = 7_203,
    /// What a witness has cosigned, and what is asked of witnesses.
    Witness = 7_205,
}

/// The first number of locks that belong to an account.
const OWN: i32 = 7_204;

/// Opens a write transaction; `exclusive` ones wait for each other on both databases.
pub(super) fn begin(conn: &mut Connection, exclusive: bool) -> Result<()> {
    match conn {
        Connection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Connection::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?;
            if exclusive {
                wait_for(c, LockKey::Writer)?;
            }
        }
    }
    Ok(())
}

/// Opens a transaction in which every statement sees the same state. It is only read in.
pub(super) fn begin_snapshot(conn: &mut Connection) -> Result<()> {
    match conn {
        Connection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
        Connection::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    Ok(())
}

pub(super) fn commit(conn: &mut Connection) -> Result<()> {
    match conn {
        Connection::Sqlite(c) => AnsiTransactionManager::commit_transaction(c)?,
        Connection::Postgres(c) => AnsiTransactionManager::commit_transaction(c)?,
    }
    Ok(())
}

pub(super) fn rollback(conn: &mut Connection) -> Result<()> {
    match conn {
        Connection::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c)?,
        Connection::Postgres(c) => AnsiTransactionManager::rollback_transaction(c)?,
    }
    Ok(())
}

/// Waits until the transaction has `key`. Whatever keeps it from that means "not now": a time-out has no kind of its own in
/// Diesel, and the server says it in its own language.
fn wait_for(conn: &mut PgConnection, key: LockKey) -> Result<()> {
    let sql = format!("SELECT pg_advisory_xact_lock({})", key as i64);
    conn.batch_execute(&sql).map_err(|e| AppError::Unavailable(format!("database: {e}")))
}

/// Inside a transaction: waits for `key`, and has it until the transaction ends.
///
/// # Errors
/// `Unavailable` when it is not to be had in time.
pub fn take_lock(conn: &mut Connection, key: LockKey) -> Result<()> {
    if let Connection::Postgres(c) = conn {
        wait_for(c, key)?;
    }
    Ok(())
}

/// As [`take_lock`], of what is one's own: acts of one account wait for each other, and for no one else's.
///
/// # Errors
/// `Unavailable` when it is not to be had in time.
pub fn take_lock_of(conn: &mut Connection, person: Id) -> Result<()> {
    if let Connection::Postgres(c) = conn {
        // Two numbers are a space of their own beside the one of `LockKey`. The last bytes of an id are random.
        let last = person.as_bytes().iter().rev().take(4);
        let key = last.fold(0u32, |key, byte| (key << 8) | u32::from(*byte)).cast_signed();
        let sql = format!("SELECT pg_advisory_xact_lock({OWN}, {key})");
        c.batch_execute(&sql).map_err(|e| AppError::Unavailable(format!("database: {e}")))?;
    }
    Ok(())
}

/// Milliseconds that putting the log of changes away waits for those who read: who writes waits as long.
const BRIEFLY: u32 = 500;

/// See [`super::Db::shorten_log`]. PostgreSQL does it by itself.
pub(super) fn shorten_log(conn: &mut Connection) -> Result<()> {
    if let Connection::Sqlite(c) = conn {
        c.batch_execute(&format!("PRAGMA busy_timeout = {BRIEFLY}"))?;
        let done = c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        // As every connection begins.
        c.batch_execute("PRAGMA busy_timeout = 10000")?;
        done?;
    }
    Ok(())
}

pub(super) fn with_migration_lock<T>(conn: &mut PgConnection, f: impl FnOnce(&mut PgConnection) -> T) -> T {
    // Two servers starting on one database: the second waits, then finds nothing to do. A failure to lock shows
    // in the migration itself.
    let key = LockKey::Migration as i64;
    let locked = conn.batch_execute(&format!("SELECT pg_advisory_lock({key})")).is_ok();
    let done = f(conn);
    if locked && let Err(e) = conn.batch_execute(&format!("SELECT pg_advisory_unlock({key})")) {
        tracing::warn!(error = %e, "migration lock not released");
    }
    done
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// A mark of what the connection has written so far, to be taken before a transaction is opened: see [`has_written`].
pub(super) fn written(conn: &mut Connection) -> Result<i64> {
    match conn {
        Connection::Sqlite(c) => {
            let row: Value = sql_query("SELECT total_changes() AS value").get_result(c)?;
            Ok(row.value)
        }
        // A transaction begins without a number there, and takes one with the first row that it writes.
        Connection::Postgres(_) => Ok(0),
    }
}

/// Whether the open transaction has written anything; `before`: the mark that was taken before it.
pub(super) fn has_written(conn: &mut Connection, before: i64) -> Result<bool> {
    let sql = match conn {
        Connection::Sqlite(_) => "SELECT total_changes() AS value",
        Connection::Postgres(_) => "SELECT COALESCE(txid_current_if_assigned(), 0) AS value",
    };
    let row: Value = sql_query(sql).get_result(conn)?;
    Ok(row.value != before)
}

/// The next number of a named counter, starting at 1. Inside the caller's transaction: a rolled-back act takes
/// no number.
///
/// # Errors
/// Those of the database.
pub fn next_number(conn: &mut Connection, name: &str) -> Result<i64> {
    let row: Value = sql_query(
        "INSERT INTO counter (name, value) VALUES ($1, 1) \
         ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
    )
    .bind::<Text, _>(name)
    .get_result(conn)?;
    Ok(row.value)
}

/// Raises a counter to at least `value`, for bulk loading.
///
/// # Errors
/// Those of the database.
pub fn upsert_counter(conn: &mut Connection, name: &str, value: i64) -> Result<()> {
    sql_query(
        "INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = \
         CASE WHEN counter.value < excluded.value THEN excluded.value ELSE counter.value END",
    )
    .bind::<Text, _>(name)
    .bind::<BigInt, _>(value)
    .execute(conn)?;
    Ok(())
}

/// Put before a column, it keeps the planner from going by that column's index. SQLite knows nothing of how many rows a
/// condition lets through and takes the first index that fits; PostgreSQL counts by itself.
pub fn not_by_index(conn: &Connection) -> &'static str {
    match conn {
        Connection::Sqlite(_) => "+",
        Connection::Postgres(_) => "",
    }
}

#[derive(QueryableByName)]
struct JobId {
    #[diesel(sql_type = Binary)]
    id: Id,
}

/// Leases the next due job to `owner` until `until`, of one of `kinds`; nobody else gets it meanwhile.
///
/// # Errors
/// Those of the database.
pub fn claim_next_job(
    conn: &mut Connection,
    owner: &str,
    now: Instant,
    until: Instant,
    kinds: &[&str],
) -> Result<Option<Id>> {
    // Kinds are words of the program, without what LIKE reads as anything else.
    let kinds = format!(",{},", kinds.join(","));
    // A lease that ran out belongs to a process that died: the job is due again, unless it has had all its tries.
    let skip = match conn {
        Connection::Sqlite(_) => "",
        Connection::Postgres(_) => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "UPDATE job SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1 \
         WHERE id = (SELECT id FROM job WHERE ((state = 'queued' AND run_at <= $3) \
         OR (state = 'running' AND lease_until <= $3 AND attempts < max_attempts)) \
         AND $4 LIKE '%,' || kind || ',%' ORDER BY run_at LIMIT 1 {skip}) RETURNING id"
    );
    let rows: Vec<JobId> = sql_query(sql)
        .bind::<Text, _>(owner)
        .bind::<BigInt, _>(until)
        .bind::<BigInt, _>(now)
        .bind::<Text, _>(kinds)
        .load(conn)?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

/// Whether there is a table of this name.
///
/// # Errors
/// Those of the database.
pub(super) fn has_table(conn: &mut Connection, name: &str) -> Result<bool> {
    let sql = match conn {
        Connection::Sqlite(_) => {
            "SELECT COUNT(*) AS value FROM sqlite_master WHERE type = 'table' AND name = $1"
        }
        Connection::Postgres(_) => {
            "SELECT COUNT(*) AS value FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let row: Value = sql_query(sql).bind::<Text, _>(name).get_result(conn)?;
    Ok(row.value > 0)
}

/// That the text `column` begins with the parameter `$1`, letter by letter; `$2` is the same text with [`char::MAX`] behind
/// it. Goes by the column's index, which on PostgreSQL has to be one with `text_pattern_ops`: the order of an ordinary one
/// is that of a language.
pub fn begins(conn: &Connection, column: &str) -> String {
    match conn {
        Connection::Sqlite(_) => format!("({column} >= $1 AND {column} < $2)"),
        Connection::Postgres(_) => format!("({column} ~>=~ $1 AND {column} ~<~ $2)"),
    }
}

/// What goes behind `ORDER BY` for the order of the index that [`begins`] goes by: no more of it is read than is wanted.
pub fn along(conn: &Connection, column: &str) -> String {
    match conn {
        Connection::Sqlite(_) => column.to_owned(),
        Connection::Postgres(_) => format!("{column} USING ~<~"),
    }
}

/// What the database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// Its version, e.g. `3.46.0`, `17.2`.
    pub version: String,
    /// Bytes of all that it keeps of ours.
    pub size: i64,
    /// Its clock, microseconds since 1970 in UTC; `None`: it is this machine's.
    pub clock: Option<i64>,
}

#[derive(QueryableByName)]
struct Facts {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = BigInt)]
    clock: i64,
}

/// Version, size and clock of the database.
///
/// # Errors
/// Those of the database.
pub fn server_facts(conn: &mut Connection) -> Result<ServerFacts> {
    let own_clock = matches!(conn, Connection::Postgres(_));
    let sql = if own_clock {
        "SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size, \
         CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS clock"
    } else {
        "SELECT sqlite_version() AS version, page_count * page_size AS size, 0 AS clock \
         FROM pragma_page_count(), pragma_page_size()"
    };
    let found: Facts = sql_query(sql).get_result(conn)?;
    let clock = own_clock.then_some(found.clock);
    Ok(ServerFacts { version: found.version, size: found.size, clock })
}
