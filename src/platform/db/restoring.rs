//! A copy's way back into an empty database. From before the copy is brought in until the restore is wholly done, a
//! table stands in the database that makes the program refuse it: a restore that was stopped in its middle must not
//! be mistaken for the installation that it was taken from, and is begun again from where it stopped.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection,
    connection::SimpleConnection, sql_query, sql_types::Text,
};

use super::{
    Connection, Target, Tx, dialect, is_empty,
    snapshot::{POSTGRES, SQLITE, client, plain, run},
};
use crate::platform::error::{AppError, Result};

const MARK: &str = "restoring";

/// How far a restore has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// There is nothing yet where the database would be.
    Empty,
    /// The copy with this hash is being brought in; nothing of it is there.
    Begun(String),
    /// The copy with this hash is in; the rest of the restore is not done.
    Copied(String),
    /// A database that is in use.
    InUse,
}

#[derive(QueryableByName)]
struct Mark {
    #[diesel(sql_type = Text)]
    copy: String,
}

fn connect(target: &Target) -> Result<Connection> {
    let connected = match target {
        Target::Sqlite(path) => SqliteConnection::establish(&path.to_string_lossy()).map(Connection::Sqlite),
        Target::Postgres(url) => PgConnection::establish(url).map(Connection::Postgres),
    };
    connected.map_err(|e| AppError::Unavailable(format!("database: {e}")))
}

fn mark_of(conn: &mut Connection) -> Result<Option<String>> {
    if !dialect::has_table(conn, MARK)? {
        return Ok(None);
    }
    let mark: Mark = sql_query(format!("SELECT copy FROM {MARK}")).get_result(conn)?;
    Ok(Some(mark.copy))
}

/// How far a restore has come where `target` is.
///
/// # Errors
/// The server is out of reach; the file is no database.
pub fn stage(target: &Target) -> Result<Stage> {
    if is_empty(target)? {
        return Ok(Stage::Empty);
    }
    let mut conn = connect(target)?;
    let Some(copy) = mark_of(&mut conn)? else { return Ok(Stage::InUse) };
    Ok(if dialect::has_table(&mut conn, "instance")? { Stage::Copied(copy) } else { Stage::Begun(copy) })
}

/// Refuses a database in which a restore did not come to its end.
pub(super) fn refuse_unfinished(conn: &mut Connection) -> Result<()> {
    match mark_of(conn)? {
        None => Ok(()),
        Some(_) => Err(plain("a restore was stopped here before its end; run `lead-handoff restore` again")),
    }
}

/// The restore is done: in the transaction that gives the log its new name.
///
/// # Errors
/// Those of the database.
pub fn end_restoring(tx: &mut Tx<'_>) -> Result<()> {
    sql_query(format!("DROP TABLE {MARK}")).execute(tx.conn())?;
    Ok(())
}

fn set_mark(conn: &mut Connection, copy: &str) -> Result<()> {
    // A hash in hexadecimal digits; nothing else comes this way.
    if !copy.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(plain("the copy's hash can't be read"));
    }
    // Both statements or none: one batch is one transaction.
    let sql = format!(
        "BEGIN; CREATE TABLE {MARK} (copy TEXT NOT NULL); INSERT INTO {MARK} (copy) VALUES ('{copy}'); COMMIT"
    );
    match conn {
        Connection::Sqlite(c) => c.batch_execute(&sql)?,
        Connection::Postgres(c) => c.batch_execute(&sql)?,
    }
    Ok(())
}

/// Brings a copy into a database that is empty, or in which that was begun. `hash` is the copy's SHA-256 in hexadecimal
/// digits. Until [`end_restoring`] the program refuses the database.
///
/// # Errors
/// The copy is of the other kind of database; the disk's; `pg_restore` is missing or fails.
pub fn restore(target: &Target, file: &Path, hash: &str) -> Result<()> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match target {
        Target::Sqlite(path) if name == SQLITE => {
            let draft = draft_of(path);
            copy_file(file, &draft)?;
            set_mark(&mut connect(&Target::Sqlite(draft.clone()))?, hash)?;
            File::open(&draft)?.sync_all()?;
            fs::rename(&draft, path)?;
            match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                Some(folder) => Ok(File::open(folder)?.sync_all()?),
                None => Ok(()),
            }
        }
        Target::Postgres(url) if name == POSTGRES => {
            let mut conn = connect(target)?;
            if mark_of(&mut conn)?.is_none() {
                set_mark(&mut conn, hash)?;
            }
            let mut command = client("pg_restore", url);
            command
                .args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"])
                .arg(file);
            run(&mut command, "pg_restore").map(|_| ())
        }
        _ => Err(plain("the backup is of the other kind of database; set DATABASE_URL to one of its kind")),
    }
}

/// Where a copy lies until it is whole.
fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".restoring");
    name.into()
}

/// Copies over what an earlier try may have left.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut from = File::open(from)?;
    let mut to = File::create(to)?;
    io::copy(&mut from, &mut to)?;
    Ok(to.sync_all()?)
}
