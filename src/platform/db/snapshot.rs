//! A consistent copy of the whole database while it is in use.

use std::{
    fs::File,
    io,
    path::Path,
    process::{Command, Output},
};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use percent_encoding::percent_decode_str;

use super::{Connection, Db, Target};
use crate::platform::error::{AppError, Plain, Result};

/// File name of a copy of SQLite.
pub const SQLITE: &str = "database.sqlite";
/// File name of a copy of PostgreSQL, as `pg_dump --format=custom` writes it.
pub const POSTGRES: &str = "database.dump";

pub(super) fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

impl Db {
    /// Writes a copy, as of one moment, into `folder` and gives its file name. Nobody waits for it.
    ///
    /// # Errors
    /// The disk's, the database's; for PostgreSQL also that `pg_dump` is missing or fails.
    pub fn snapshot(&self, folder: &Path) -> Result<&'static str> {
        match &self.target {
            Target::Sqlite(_) => {
                let file = folder.join(SQLITE);
                let name = file.to_str().ok_or_else(|| plain("the folder's name is not UTF-8"))?;
                let mut pooled = self.readers.get()?;
                let conn: &mut Connection = &mut pooled;
                sql_query("VACUUM INTO $1").bind::<Text, _>(name).execute(conn)?;
                File::open(&file)?.sync_all()?;
                Ok(SQLITE)
            }
            Target::Postgres(url) => {
                let file = folder.join(POSTGRES);
                let mut command = client("pg_dump", url);
                command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(&file);
                run(&mut command, "pg_dump")?;
                File::open(&file)?.sync_all()?;
                Ok(POSTGRES)
            }
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether there is nothing yet where the database would be.
///
/// # Errors
/// The server is out of reach.
pub fn is_empty(target: &Target) -> Result<bool> {
    match target {
        Target::Sqlite(path) => Ok(!path.exists()),
        Target::Postgres(url) => {
            let mut conn =
                PgConnection::establish(url).map_err(|e| AppError::Unavailable(format!("database: {e}")))?;
            let tables: Count = sql_query(
                "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = current_schema()",
            )
            .get_result(&mut conn)?;
            Ok(tables.n == 0)
        }
    }
}

/// A client program of PostgreSQL; the password goes by the environment, where no list of processes shows it.
pub(super) fn client(program: &str, url: &str) -> Command {
    let mut command = Command::new(program);
    let (address, password) = without_password(url);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command.arg("--dbname").arg(address);
    command
}

/// A URL without its password, which may stand before the host or among the parameters, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Ok(mut parsed) = url::Url::parse(url) else { return (url.to_owned(), None) };
    let mut password = parsed.password().map(decoded);
    // Can't fail for a URL that had a password; for others there is nothing to take out.
    let _ = parsed.set_password(None);
    let given: Vec<(String, String)> =
        parsed.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if given.iter().any(|(name, _)| name == "password") {
        parsed.set_query(None);
        for (name, value) in given {
            if name == "password" {
                password = Some(value);
            } else {
                parsed.query_pairs_mut().append_pair(&name, &value);
            }
        }
    }
    (parsed.into(), password)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

pub(super) fn run(command: &mut Command, program: &str) -> Result<Output> {
    let output = command.output().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => plain(format!(
            "{program} is not there: install PostgreSQL's client programs, of the server's version or newer"
        )),
        _ => AppError::from(e),
    })?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(plain(format!("{program} failed: {}", said.lines().next().unwrap_or("it says nothing"))))
}

#[cfg(test)]
mod tests {
    use super::{decoded, without_password};

    #[test]
    fn a_password_is_never_part_of_the_command_line() {
        for url in [
            "postgres://me:s%40x@host/db?sslmode=require",
            "postgres://me@host/db?password=s%40x&sslmode=require",
        ] {
            let (address, password) = without_password(url);
            assert_eq!(
                (address.as_str(), password.as_deref()),
                ("postgres://me@host/db?sslmode=require", Some("s@x"))
            );
        }
        assert_eq!(without_password("postgres://host/db"), ("postgres://host/db".into(), None));
    }

    #[test]
    fn a_password_is_given_as_it_is() {
        assert_eq!(decoded("a%40b%2Fc+%"), "a@b/c+%");
    }
}
