//! A database of its own for each test.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::Arc,
};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Bool, Text},
};
use lead_handoff::platform::db::{Db, Id, Instant, Target};

/// Dropped with the test.
pub struct TestDatabase {
    /// `None`: SQLite in the data folder.
    pub url: Option<String>,
    server: Option<(String, String)>,
}

impl TestDatabase {
    /// With all tables, and no row.
    pub fn new(_data: &Path) -> Self {
        Self::made(|server, conn| format!(" TEMPLATE {}", template(server, conn)))
    }

    /// With nothing in it, as what is restored wants it.
    pub fn empty(_data: &Path) -> Self {
        Self::made(|_, _| String::new())
    }

    fn made(how: impl FnOnce(&str, &mut PgConnection) -> String) -> Self {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return Self { url: None, server: None } };
        let name = format!("test_{}", Id::new().to_string().replace('-', ""));
        let mut conn = PgConnection::establish(&server).expect("the test server");
        let how = how(&server, &mut conn);
        conn.batch_execute(&format!("CREATE DATABASE {name}{how}")).expect("a database");
        Self { url: Some(of_name(&server, &name)), server: Some((server, name)) }
    }
}

/// The address of another database of the same server.
fn of_name(server: &str, name: &str) -> String {
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    format!("{base}/{name}")
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = Bool)]
    is_there: bool,
}

/// The database with all tables and no row of which the others are copies: to make the tables takes longer than most tests.
/// Tests run in processes of their own; the first makes it, and the others wait.
fn template(server: &str, conn: &mut PgConnection) -> String {
    let name = format!("template_{:016x}", migrations());
    conn.batch_execute("SELECT pg_advisory_lock(74)").expect("alone");
    let there = sql_query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS is_there");
    let there: There = there.bind::<Text, _>(&name).get_result(conn).expect("known");
    if !there.is_there {
        let draft = format!("{name}_draft");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).expect("no draft");
        conn.batch_execute(&format!("CREATE DATABASE {draft}")).expect("a draft");
        let target = Target::Postgres(of_name(server, &draft));
        drop(Db::open(&target, Arc::new(Instant::system_now)).expect("the tables"));
        conn.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}")).expect("a template");
    }
    conn.batch_execute("SELECT pg_advisory_unlock(74)").expect("open to others");
    name
}

/// What the tables are made by: a server that is kept may have the template of another day.
fn migrations() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    let steps = std::fs::read_dir(folder).expect("the migrations").map(|step| step.expect("a step").path());
    let mut steps: Vec<_> = steps.map(|step| step.join("up.sql")).collect();
    steps.sort();
    let mut hasher = DefaultHasher::new();
    for step in steps {
        std::fs::read(&step).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server
            && let Ok(mut conn) = PgConnection::establish(server)
        {
            // The whole server is thrown away after the run; a database that is still in use may stay till then.
            let dropped =
                sql_query(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).execute(&mut conn);
            if let Err(e) = dropped {
                eprintln!("test database {name} stays: {e}");
            }
        }
    }
}
