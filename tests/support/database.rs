//! A database of its own for each test.

use std::path::Path;

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query};
use lead_handoff::platform::db::Id;

/// Dropped with the test.
pub struct TestDatabase {
    /// `None`: SQLite in the data folder.
    pub url: Option<String>,
    server: Option<(String, String)>,
}

impl TestDatabase {
    pub fn new(_data: &Path) -> Self {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return Self { url: None, server: None } };
        let name = format!("test_{}", Id::new().to_string().replace('-', ""));
        let mut conn = PgConnection::establish(&server).expect("the test server");
        conn.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
        Self { url: Some(format!("{base}/{name}")), server: Some((server.clone(), name)) }
    }
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
