//! Connecting by the URL's scheme, and how each connection is set up.

use std::{
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use diesel::{
    Connection as _, PgConnection, SqliteConnection,
    connection::SimpleConnection,
    r2d2::{self, ManageConnection, Pool, R2D2Connection},
};

use super::Connection;
use crate::platform::error::{AppError, Plain, Result};

/// Which database: a file, or a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    /// Reads `DATABASE_URL`: `postgres://…`, `sqlite:PATH` or a path; unset means `lead-handoff.db` in `data`.
    ///
    /// # Errors
    /// A scheme that we don't know.
    pub fn parse(url: Option<&str>, data: &Path) -> Result<Self> {
        match url {
            None | Some("") => Ok(Target::Sqlite(data.join("lead-handoff.db"))),
            Some(u) if u.starts_with("postgres://") || u.starts_with("postgresql://") => {
                Ok(Target::Postgres(u.to_owned()))
            }
            Some(u) => match u.strip_prefix("sqlite:") {
                Some(path) => Ok(Target::Sqlite(PathBuf::from(path.trim_start_matches("//")))),
                None if u.contains("://") => Err(AppError::internal(Plain(
                    "DATABASE_URL: only sqlite: and postgres:// are known".into(),
                ))),
                None => Ok(Target::Sqlite(PathBuf::from(u))),
            },
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Target::Sqlite(_))
    }
}

/// Makes and checks pooled connections.
#[derive(Clone, Debug)]
pub struct Manager(Target);

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Connection, r2d2::Error> {
        match &self.0 {
            Target::Sqlite(path) => {
                let url = path.to_string_lossy();
                let mut conn = SqliteConnection::establish(&url).map_err(r2d2::Error::ConnectionError)?;
                // busy_timeout before journal_mode: changing the mode takes a lock itself.
                conn.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000; PRAGMA mmap_size = 2147418112; \
                     PRAGMA journal_size_limit = 67108864;",
                )
                .map_err(r2d2::Error::QueryError)?;
                Ok(Connection::Sqlite(conn))
            }
            Target::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(r2d2::Error::ConnectionError)?;
                conn.batch_execute(
                    "SET lock_timeout = '10s'; SET statement_timeout = '120s'; SET plan_cache_mode = force_custom_plan; \
                     SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD';",
                )
                .map_err(r2d2::Error::QueryError)?;
                Ok(Connection::Postgres(conn))
            }
        }
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), r2d2::Error> {
        match conn {
            // A file does not go away; asking each time would cost every read a statement.
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(c) => c.ping().map_err(r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, conn: &mut Connection) -> bool {
        std::thread::panicking()
            || match conn {
                Connection::Sqlite(c) => c.is_broken(),
                Connection::Postgres(c) => c.is_broken(),
            }
    }
}

/// A pool of `size` connections.
///
/// # Errors
/// `Unavailable` with the database's own words when it can't be reached within ten seconds.
pub fn pool(target: &Target, size: u32) -> Result<Pool<Manager>> {
    if let Target::Sqlite(path) = target
        && let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    if let Target::Sqlite(path) = target {
        keep_private(path)?;
    }
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .connection_timeout(std::time::Duration::from_secs(10))
        .build(Manager(target.clone()))
        .map_err(|e| AppError::Unavailable(format!("database: {e}")))
}

/// Leads, persons, hashes of passwords: for this account's eyes alone. SQLite gives its side files the same mode.
///
/// A file that is there is never opened here: whoever closes it beside SQLite takes away every lock that this process
/// holds on it, and the next process to end takes the log of changes for its own and deletes it.
fn keep_private(path: &Path) -> Result<()> {
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?)
        }
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::platform::db::{Db, Instant, Now, migrations};

    /// Locks that processes of this machine hold on a file.
    fn locks(path: &Path) -> usize {
        let inode = format!(":{} ", std::fs::metadata(path).expect("the file").ino());
        let all = std::fs::read_to_string("/proc/locks").expect("Linux");
        all.lines().filter(|line| line.contains(&inode)).count()
    }

    /// How it is built stands in `.cargo/config.toml`.
    #[test]
    fn a_plan_is_kept_whatever_is_bound() {
        let mut conn = SqliteConnection::establish(":memory:").expect("connection");
        let option =
            diesel::dsl::sql::<diesel::sql_types::Integer>("sqlite_compileoption_used('ENABLE_QPSG')");
        let is_used: i32 =
            diesel::RunQueryDsl::get_result(diesel::select(option), &mut conn).expect("answer");
        assert_eq!(is_used, 1);
    }

    #[test]
    fn what_the_log_of_changes_holds_is_put_into_the_database() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.db");
        let now: Now = std::sync::Arc::new(Instant::system_now);
        let db = Db::open(&Target::Sqlite(path), now).expect("a database");
        let log = || std::fs::metadata(folder.path().join("a.db-wal")).expect("the log").len();
        assert!(log() > 0);
        db.shorten_log().expect("shortened");
        assert_eq!(log(), 0);
        assert!(!db.read_now(migrations).expect("the tables").is_empty());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_further_pool_takes_no_lock_away_from_those_before_it() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data/a.db");
        let target = Target::Sqlite(path.clone());
        let first = pool(&target, 1).expect("pool");
        let mut conn = first.get().expect("connection");
        let Connection::Sqlite(sqlite) = &mut *conn else { panic!("SQLite") };
        sqlite.batch_execute("CREATE TABLE a (b); SELECT * FROM a").expect("statement");
        let before = locks(&path);
        assert!(before > 0, "SQLite keeps a lock as long as a connection is open");
        super::keep_private(&path).expect("private");
        assert_eq!(locks(&path), before);
        assert_eq!(std::fs::metadata(&path).expect("the file").mode() & 0o777, 0o600);
    }
}
