//! Large files that do not get through: what is wrong with a request, whose upload it is, and how one ends.

use std::{
    fs::File,
    path::Path,
    time::{Duration, SystemTime},
};

use diesel::prelude::*;
use lead_handoff::{
    casework::evidence::resumable,
    platform::{
        db::{
            Id, Instant,
            schema::{upload, upload_piece},
        },
        jobs::{self, Job},
    },
};
use reqwest::header;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{
    Reply, TestApp, fixtures,
    process::run,
    story,
    tus::{self, Client},
};

async fn program(app: &TestApp, who: &str) -> Client {
    Client::of_program(app.stranger(), fixtures::token_for(app, who, &["write"]).await)
}

fn checksum(way: &str, hash: &[u8]) -> String {
    format!("{way} {}", data_encoding::BASE64.encode(hash))
}

/// How many pieces are noted.
async fn pieces(app: &TestApp) -> i64 {
    let count = app.services.db.read(|conn| Ok(upload_piece::table.count().get_result(conn)?));
    count.await.expect("pieces")
}

/// As if nobody had gone on with any upload for a long time.
async fn long_after(app: &TestApp) {
    let done = app.services.db.write_quiet(|tx| {
        let past = tx.now().plus_seconds(-1);
        diesel::update(upload::table).set(upload::expires_at.eq(past)).execute(tx.conn())?;
        Ok(())
    });
    done.await.expect("later");
}

/// Makes files look as old as those of a killed upload have to be.
fn age(folder: &Path) {
    let long_ago = SystemTime::now() - Duration::from_secs(25 * 3600);
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            age(&path);
        } else {
            let file = File::options().write(true).open(&path).expect("a file");
            file.set_modified(long_ago).expect("an older one");
        }
    }
}

fn id_of(at: &str) -> Id {
    at.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id")
}

#[track_caller]
fn is_told(reply: Reply, status: u16) -> Reply {
    let reply = reply.expect(status);
    assert_eq!(reply.headers["tus-resumable"], "1.0.0");
    if !reply.bytes.is_empty() {
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = reply.json();
        assert!(problem["title"].as_str().is_some_and(|title| !title.contains("error-")), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|text| !text.contains("upload-stop")), "{problem}");
    }
    reply
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_by_its_status() {
    let app = TestApp::new().await;
    let sender = program(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    let said = tus::said(lead, "a.bin");
    let wrong = [
        (sender.request("POST", "/api/v1/uploads").header("upload-metadata", &said), 400),
        (sender.beginning(5, &said).header("upload-defer-length", "1"), 400),
        (sender.beginning(5, &said).header("upload-checksum", "crc32 AAAA"), 400),
        (sender.beginning(0, &said), 422),
        (sender.beginning(usize::MAX / 4, &said), 413),
        (sender.beginning(5, "filename ***"), 422),
        (sender.beginning(5, ""), 422),
        (sender.beginning(5, &format!("{said},{}", tus::metadata(&[("kind", "screenshot")]))), 409),
    ];
    for (n, (request, status)) in wrong.into_iter().enumerate() {
        let reply = sender.send(request).await;
        assert_eq!(reply.status.as_u16(), status, "request {n}: {}", reply.text());
        is_told(reply, status);
    }
    let lead_id = lead.to_string();
    let half = tus::metadata(&[("lead", lead_id.as_str()), ("filename", "a.bin"), ("source", "后台导出")]);
    let told = is_told(sender.send(sender.beginning(5, &half)).await, 422).json();
    let fields: Vec<&str> =
        told["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(fields, ["collected_at", "collected_by", "method"]);
    assert_eq!(sender.look("/api/v1/uploads").await["items"], json!([]), "nothing was begun");

    let at = sender.begin(lead, "a.bin", 10).await;
    let other =
        sender.browser.client.patch(sender.browser.url(&at)).bearer_auth(sender.token.as_ref().expect("one"));
    let told = is_told(sender.send(other.header("tus-resumable", "0.2.2")).await, 412);
    assert_eq!(told.headers["tus-version"], "1.0.0");
    is_told(sender.send(sender.request("PATCH", &at).header("upload-offset", 0).body("x")).await, 415);
    is_told(sender.send(sender.bringing(&at, 0, b"x").header("upload-checksum", "sha1")).await, 400);
    let told = is_told(sender.bring(&at, 3, b"x").await, 409);
    assert_eq!(tus::offset_of(&told), 0);
    is_told(sender.bring(&at, 0, b"more than ten bytes").await, 413);
    assert_eq!(sender.offset(&at).await, 0);
    assert_eq!(
        (app.audit_count().await, app.stored_objects().await),
        (before, 0),
        "nobody was refused anything"
    );
}

#[tokio::test]
async fn bytes_that_do_not_match_their_checksum_are_not_kept() {
    let app = TestApp::new().await;
    let sender = program(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let at = sender.begin(lead, "a.txt", 9).await;
    let wrong = checksum("sha256", &Sha256::digest(b"abd"));
    is_told(sender.send(sender.bringing(&at, 0, b"abc").header("upload-checksum", wrong)).await, 460);
    assert_eq!((sender.offset(&at).await, app.stored_objects().await, pieces(&app).await), (0, 0, 0));
    let sum = checksum("sha256", &Sha256::digest(b"abc"));
    sender.send(sender.bringing(&at, 0, b"abc").header("upload-checksum", sum)).await.expect(204);
    let sha1 = "sha1 WJwiM1o4HxItEpIl9cC6MFbtWBE="; // of "def"
    sender.send(sender.bringing(&at, 3, b"def").header("upload-checksum", sha1)).await.expect(204);
    let md5 = "md5 gmu8XQUi9fIKHaS2D6jIcQ=="; // of "ghi"
    sender.send(sender.bringing(&at, 6, b"ghi").header("upload-checksum", md5)).await.expect(204);
    let told = sender.look(&at).await;
    assert_eq!(told["evidence"]["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(b"abcdefghi")));
    app.settle().await;
    assert_eq!((app.stored_objects().await, pieces(&app).await), (1, 0));
}

#[tokio::test]
async fn an_upload_is_its_sender_s_alone() {
    let app = TestApp::new().await;
    let sender = program(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let at = sender.begin(lead, "a.bin", 10).await;
    sender.bring(&at, 0, b"12345").await.expect(204);
    for who in ["compiler2", "manager", "auditor"] {
        let other = program(&app, who).await;
        for request in
            [other.request("HEAD", &at), other.bringing(&at, 5, b"67890"), other.request("DELETE", &at)]
        {
            let before = app.audit_count().await;
            is_told(other.send(request).await, 404);
            let entry = app.last_entry().await;
            assert_eq!((app.audit_count().await, entry.outcome.as_str()), (before + 1, "refused"), "{who}");
        }
    }
    assert_eq!(program(&app, "compiler2").await.look("/api/v1/uploads").await["items"], json!([]));
    // Nor does another one begin one for a lead that is not theirs to change, or from a page of another site.
    let other = program(&app, "compiler2").await;
    is_told(other.send(other.beginning(5, &tus::said(lead, "a.bin"))).await, 409);
    let script = Client::of_page(app.sign_in("compiler").await);
    let url = script.browser.url("/api/v1/uploads");
    let foreign = script.browser.client.post(url).header("origin", "https://evil.example");
    script.send(foreign.header("tus-resumable", "1.0.0").header("upload-length", "5")).await.expect(403);
    let gone = Client::of_page(app.stranger());
    let gone = gone.send(gone.beginning(5, &tus::said(lead, "a.bin"))).await.expect(401);
    assert_eq!(gone.headers["www-authenticate"], "Bearer");
    let reads = fixtures::token(&app, "compiler").await;
    Client::of_program(app.stranger(), reads).head(&at).await.expect(403);
    assert_eq!(sender.offset(&at).await, 5);
}

#[tokio::test]
async fn an_upload_that_is_given_up_or_left_alone_ends_and_its_bytes_go() {
    let app = TestApp::new().await;
    let sender = program(&app, "compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    let given_up = sender.begin(lead, "a.bin", 10).await;
    let left_alone = sender.begin(lead, "b.bin", 10).await;
    for at in [&given_up, &left_alone] {
        sender.bring(at, 0, b"12345").await.expect(204);
    }
    // However long they have lain there, they are nothing that is left.
    age(&app.data.path().join("evidence"));
    let checked = run(app.data.path(), app.database.url.as_deref(), &["check", "--tidy"]);
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");
    assert!(!String::from_utf8_lossy(&checked.stdout).contains("interrupted"), "{checked:?}");
    assert_eq!((app.stored_objects().await, pieces(&app).await), (2, 2));

    is_told(sender.end(&given_up).await, 204);
    app.settle().await;
    assert_eq!((app.stored_objects().await, pieces(&app).await), (1, 1));
    for reply in [
        sender.head(&given_up).await,
        sender.bring(&given_up, 5, b"67890").await,
        sender.end(&given_up).await,
    ] {
        is_told(reply, 410);
    }
    let told = sender.look(&given_up).await;
    assert!(told["state"] == "ended" && told["problem"].is_string(), "{told}");

    long_after(&app).await;
    is_told(sender.bring(&left_alone, 5, b"67890").await, 410);
    let db = app.services.db.clone();
    let ended = tokio::task::spawn_blocking(move || resumable::expire(&db).expect("ended"));
    assert_eq!(ended.await.expect("joined"), 1);
    app.settle().await;
    assert_eq!((app.stored_objects().await, pieces(&app).await), (0, 0));
    is_told(sender.head(&left_alone).await, 410);
    assert_eq!(sender.look("/api/v1/uploads").await["items"], json!([]));
    // What has become evidence is none that can be given up.
    let done = sender.begin(lead, "c.bin", 3).await;
    sender.bring(&done, 0, b"abc").await.expect(204);
    is_told(sender.end(&done).await, 409);
    assert_eq!(app.audit_count().await, before + 3, "checked, registered, and refused to take it back so");
    app.expect_in_order();
}

#[tokio::test]
async fn a_lead_that_was_handed_in_meanwhile_takes_no_file_and_that_is_said() {
    let app = TestApp::new().await;
    let sender = program(&app, "compiler").await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let at = sender.begin(lead, "a.bin", 10).await;
    let late = sender.begin(lead, "b.bin", 10).await;
    for at in [&at, &late] {
        sender.bring(at, 0, b"12345").await.expect(204);
    }
    compiler.post(&format!("/leads/{lead}/withdraw"), &[("reason", "重复")]).await.expect(303);
    is_told(sender.bring(&at, 5, b"67890").await, 409);
    assert_eq!(sender.offset(&at).await, 5, "it waits: the lead may be a draft again");

    // All of the other one is here, and is put together in the background.
    let id = id_of(&late);
    let whole = app.services.db.write_quiet(move |tx| {
        diesel::update(upload::table.find(id))
            .set((upload::size.eq(5), upload::state.eq("assembling"), upload::held_until.eq(None::<Instant>)))
            .execute(tx.conn())?;
        jobs::enqueue(tx, Job::new("evidence.assemble", json!({ "upload": id })))
    });
    whole.await.expect("queued");
    app.settle().await;
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("evidence.register", "refused"));
    let told = sender.look(&late).await;
    assert!(
        told["state"] == "refused" && told["problem"].as_str().is_some_and(|why| why.contains("线索")),
        "{told}"
    );
    is_told(sender.head(&late).await, 410);
    assert!(story::items(&compiler, lead).await.is_empty());
    assert_eq!((app.stored_objects().await, pieces(&app).await), (1, 1));
    app.expect_in_order();
}
