//! Both databases have the same tables and columns, as the program knows them, and what is append-only stays so.

use std::collections::BTreeSet;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use crate::support::{TestApp, database::TestDatabase};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

/// `table.column` of every table in a set of migrations, from their text.
fn columns_of(kind: &str) -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
    let mut found = BTreeSet::new();
    let mut folders: Vec<_> =
        std::fs::read_dir(root).expect("migrations").map(|e| e.expect("entry").path()).collect();
    folders.sort();
    for folder in folders {
        let sql = std::fs::read_to_string(folder.join("up.sql")).expect("up.sql");
        for part in sql.split("CREATE TABLE ").skip(1) {
            let (table, rest) = part.split_once('(').expect("columns");
            let body = rest.split("\n);").next().unwrap_or_default();
            for line in body.lines() {
                let word = line.trim().trim_matches('"').split(['"', ' ']).next().unwrap_or_default();
                if !word.is_empty()
                    && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
                {
                    found.insert(format!("{}.{word}", table.trim()));
                }
            }
        }
    }
    found
}

#[test]
fn the_two_lists_of_migrations_make_the_same_tables() {
    let (sqlite, postgres) = (columns_of("sqlite"), columns_of("postgres"));
    let only: Vec<_> = sqlite
        .symmetric_difference(&postgres)
        .filter(|c| !c.contains("_fts") && !c.starts_with("lead_text"))
        .collect();
    assert!(only.is_empty(), "in one of them only: {only:?}");
    assert!(sqlite.len() > 300, "the migrations were not read");
}

#[tokio::test]
async fn what_is_append_only_refuses_every_change() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let attempts = [
        "UPDATE audit_entry SET verb = 'x'".to_owned(),
        "DELETE FROM audit_entry".to_owned(),
        "DELETE FROM audit_object".to_owned(),
        "UPDATE audit_private SET body = 'x'".to_owned(),
        "UPDATE lead_step SET kind = 'x'".to_owned(),
        "DELETE FROM lead_step".to_owned(),
    ];
    for sql in attempts {
        let text = sql.clone();
        let done = app.services.db.write_quiet(move |tx| Ok(sql_query(text).execute(tx.conn())?)).await;
        assert!(done.is_err(), "{sql} was let through");
    }
    app.sign_in("compiler").await.get(&format!("/leads/{lead}")).await.expect(200);
}

#[tokio::test]
async fn every_append_only_table_is_so_in_the_database_too() {
    let app = TestApp::new().await;
    let sql = if app.services.db.target().is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    } else {
        "SELECT trigger_name::text AS name FROM information_schema.triggers"
    };
    let rows: Vec<Column> =
        app.services.db.read(move |conn| Ok(sql_query(sql).load(conn)?)).await.expect("triggers");
    let names: BTreeSet<String> = rows.into_iter().map(|r| r.name).collect();
    for table in [
        "audit_entry",
        "audit_object",
        "audit_place",
        "audit_node",
        "audit_head",
        "audit_cosignature",
        "lead_step",
        "dossier_withheld",
        "dossier_freeze",
        "dossier_seal",
        "dossier_package",
        "handover_receipt",
        "approval",
        "approval_signature",
        "transfer_step",
        "transfer_seen",
        "message_note",
        "scan_replacement",
        "agency_key",
        "agency_key_confirmation",
        "agency_key_revocation",
        "delivery_key",
        "deadline_extension",
        "remedy_step",
        "case_step",
        "outcome",
        "outcome_identity",
        "outcome_confirmation",
        "outcome_seen",
        "wrapped_key",
        "job_attempt",
        "lead_comment",
        "lead_comment_back",
        "lead_distinct",
        "lead_origin",
        "evidence_alarm",
        "evidence_alarm_end",
        "evidence_sealing",
        "evidence_sealing_photo",
        "redaction",
        "redaction_request",
        "redaction_request_end",
        "sales_table",
        "sales_total",
        "sales_sum",
        "time_stamp",
    ] {
        for act in ["update", "delete"] {
            assert!(names.contains(&format!("{table}_no_{act}")), "{table} lets {act} through");
        }
    }
}

/// Takes every step of a set of migrations up, down again and up once more.
fn there_and_back<DB, C>(conn: &mut C, kind: &str)
where
    DB: diesel::backend::Backend,
    C: diesel_migrations::MigrationHarness<DB>,
{
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
    let steps = || diesel_migrations::FileBasedMigrations::from_path(&root).expect("migrations");
    let up = conn.run_pending_migrations(steps()).expect("up").len();
    let down = conn.revert_all_migrations(steps()).expect("down").len();
    assert_eq!(up, down);
    assert_eq!(conn.run_pending_migrations(steps()).expect("up again").len(), up);
}

#[test]
fn every_step_of_the_schema_can_be_taken_back() {
    use diesel::Connection;
    let data = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::empty(data.path());
    match &database.url {
        Some(url) => {
            there_and_back(&mut diesel::PgConnection::establish(url).expect("a database"), "postgres")
        }
        None => {
            let file = data.path().join("steps.db").display().to_string();
            there_and_back(&mut diesel::SqliteConnection::establish(&file).expect("a database"), "sqlite");
        }
    }
}
