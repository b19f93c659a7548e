//! The API by the tools of others: schemathesis makes requests out of the document and holds each answer to it, and tuspy, a
//! published client, sends a file. `tests/run` installs both; without them these tests fail.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lead_handoff::platform::db::Id;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{TestApp, fixtures, ledger::Sent, seed::GUANGZHOU, story, tus::Client};

/// Requests that are made up for each call, beside those for the edges of each parameter. The whole takes most of a minute.
const EXAMPLES: &str = "4";

/// A file beside the list of what is installed.
fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/standards").join(name)
}

/// A program of the environment that `tests/run` makes.
fn program(name: &str) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/standards/bin").join(name);
    assert!(path.exists(), "{name} is not installed: tests/run installs it");
    let mut command = Command::new(path);
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs a program to its end; whether it is content, and all that it says.
fn run(command: &mut Command) -> (bool, String) {
    let done = command.output().expect("it starts");
    let said = [done.stdout, done.stderr].map(|part| String::from_utf8_lossy(&part).into_owned());
    (done.status.success(), said.concat())
}

/// Settings of schemathesis: an object of `compiler` for each call that wants one. Uploads are left to made-up ids: that bytes
/// do not match their checksum, or that an upload has ended, are answers of the protocol which no shape can rule out.
async fn objects(app: &TestApp) -> String {
    let (lead, dossiers) = story::sealed(app, &[GUANGZHOU]).await;
    let item = story::items(&app.sign_in("compiler").await, lead).await[0];
    let handed = app.handed(&Sent::to(GUANGZHOU, "2016-03-01").filed("2016-03-05"), None);
    let case = handed.case.expect("a case");
    let draft = app.seed.lead(&app.services, "compiler");

    let mut known = vec![
        ("GET /api/v1/leads/{id}", lead),
        ("GET /api/v1/leads/{id}/evidence", lead),
        ("POST /api/v1/leads/{id}/evidence", draft),
        ("POST /api/v1/leads/{id}/dossiers", draft),
        ("GET /api/v1/evidence/{id}", item),
        ("GET /api/v1/evidence/{id}/content", item),
        ("GET /api/v1/transfers/{id}", handed.transfer),
        ("GET /api/v1/cases/{id}", case),
    ];
    for call in [
        "GET /api/v1/dossiers/{id}",
        "GET /api/v1/dossiers/{id}/dossier.pdf",
        "GET /api/v1/dossiers/{id}/letter.pdf",
        "GET /api/v1/dossiers/{id}/package.zip",
    ] {
        known.push((call, dossiers[0]));
    }
    let one = |(call, id): (&str, Id)| {
        format!("[[operations]]\ninclude-name = \"{call}\"\nparameters = {{ \"path.id\" = \"{id}\" }}\n")
    };
    known.into_iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_document_allows_or_rules_out_is_answered_as_it_says() {
    let app = TestApp::new().await;
    let token = fixtures::token_for(&app, "compiler", &["read", "write"]).await;
    let room = tempfile::tempdir().expect("a folder");
    let settings = room.path().join("settings.toml");
    fs::write(&settings, objects(&app).await).expect("written");
    let (content, said) = run(program("schemathesis")
        .current_dir(room.path())
        .env("SCHEMATHESIS_HOOKS", beside("schemathesis_media.py"))
        .arg("--no-color")
        .arg("--config-file")
        .arg(&settings)
        .args(["run", &format!("{}/api/openapi.json", app.base), "--checks", "all"])
        .args(["--max-examples", EXAMPLES, "--seed", "1", "--generation-database", "none"])
        .args(["--header", &format!("Authorization: Bearer {token}")]));
    assert!(content, "{said}");
    let tried = said.lines().find_map(|line| line.trim().strip_prefix("Tested:"));
    let tried: usize = tried.and_then(|tried| tried.trim().parse().ok()).unwrap_or_default();
    assert!(tried > 25, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_client_in_python_sends_a_file_that_is_registered_byte_for_byte() {
    let app = TestApp::new().await;
    let token = fixtures::token_for(&app, "compiler", &["read", "write"]).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let room = tempfile::tempdir().expect("a folder");
    let file = room.path().join("录像.bin");
    let bytes: Vec<u8> = (0..20_000_000u32).map(|n| (n % 251) as u8 ^ (n / 65_536) as u8).collect();
    fs::write(&file, &bytes).expect("written");
    let before = app.audit_count().await;

    let mut command = program("python");
    command.arg(beside("tus_upload.py")).arg(format!("{}/api/v1/uploads", app.base)).arg(&token).arg(&file);
    command.arg("lead").arg(lead.to_string()).args(["filename", "取证 录像.bin"]);
    for (name, value) in story::DETAILS {
        command.args([name, value]);
    }
    let (sent, said) = run(&mut command);
    assert!(sent, "{said}");
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.register");

    // It printed where the upload is, and there stands what it has become.
    let sender = Client::of_program(app.stranger(), token);
    let told = sender.look(said.lines().next().expect("an address")).await;
    assert_eq!(told["state"], "done", "{told}");
    let id = told["evidence"]["id"].as_str().expect("an id");
    let item = sender.look(&format!("/api/v1/evidence/{id}")).await;
    assert_eq!(item["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)));
    assert_eq!((&item["name"], &item["size"]), (&json!("取证 录像.bin"), &json!(20_000_000)));
    app.settle().await;
    app.expect_in_order();
}
