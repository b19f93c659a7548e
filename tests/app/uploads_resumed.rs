//! Large files come in parts and go on after whatever breaks off: a line, a server, a tab.

use std::time::Duration;

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id, Instant,
    schema::{job, upload},
};
use reqwest::{
    Method,
    header::{self, HeaderValue},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{
    Browser, TestApp, fixtures,
    process::Process,
    story,
    tus::{self, Client},
};

/// Bytes that differ from place to place.
fn recording(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n % 251) as u8 ^ (n / 65_536) as u8).collect()
}

/// A program of `compiler`.
async fn program(app: &TestApp) -> Client {
    Client::of_program(app.stranger(), fixtures::token_for(app, "compiler", &["read", "write"]).await)
}

/// The bytes of the one item of a lead.
async fn content(browser: &Browser, lead: Id) -> Vec<u8> {
    let items = story::items(browser, lead).await;
    assert_eq!(items.len(), 1);
    browser.get(&format!("/evidence/{}/content", items[0])).await.expect(200).bytes
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// As if what waits to be put together were due.
async fn assembling_is_due(app: &TestApp) {
    let due = app.services.db.write_quiet(|tx| {
        diesel::update(job::table.filter(job::kind.eq("evidence.assemble")))
            .set(job::run_at.eq(Instant::from_micros(0)))
            .execute(tx.conn())?;
        Ok(())
    });
    due.await.expect("due");
}

#[tokio::test]
async fn a_file_in_three_parts_of_which_one_broke_off_is_registered_byte_for_byte() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = recording(300_000);
    let before = app.audit_count().await;
    let begun =
        sender.send(sender.beginning(bytes.len(), &tus::said(lead, "取证 录像.bin"))).await.expect(201);
    assert_eq!((begun.headers["tus-resumable"].as_bytes(), tus::offset_of(&begun)), (&b"1.0.0"[..], 0));
    assert!(begun.headers["upload-expires"].to_str().expect("text").ends_with(" GMT"));
    let at = begun.location;
    sender.bring(&at, 0, &bytes[..100_000]).await.expect(204);

    // The line is lost in the middle of the second part; what had come of it is here.
    drop(sender.half(&at, 100_000, 100_000, &bytes[100_000..150_000]));
    sender.stands_at(&at, 150_000).await;
    let stands = sender.head(&at).await.expect(200);
    assert_eq!(stands.headers["upload-length"], "300000");
    assert_eq!(stands.headers["cache-control"], "no-store");
    assert_eq!(stands.headers["upload-metadata"].to_str().expect("text"), tus::said(lead, "取证 录像.bin"));
    assert!(!stands.headers.contains_key("upload-evidence"));
    assert_eq!(app.audit_count().await, before, "nothing is evidence yet");

    let last = sender.bring_in_time(&at, 150_000, &bytes[150_000..]).await.expect(204);
    assert_eq!(tus::offset_of(&last), bytes.len());
    let item = last.headers["upload-evidence"].to_str().expect("text").to_owned();
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "evidence.register"));
    assert_eq!(entry.actor_id, Some(app.seed.people["compiler"]));
    let item = sender.look(&item).await;
    assert_eq!(item["sha256"], hex(&Sha256::digest(&bytes)));
    assert_eq!(item["sm3"], hex(&sm3::Sm3::digest(&bytes)));
    assert_eq!((&item["name"], &item["size"]), (&json!("取证 录像.bin"), &json!(300_000)));
    assert_eq!(item["source"], story::DETAILS[0].1);

    // Its sender learns it again, also where the answer was lost; and its pieces are gone.
    assert_eq!(
        sender.head(&at).await.expect(200).headers["upload-evidence"],
        last.headers["upload-evidence"]
    );
    assert_eq!(tus::offset_of(&sender.bring(&at, bytes.len(), b"").await.expect(204)), bytes.len());
    let told = sender.look(&at).await;
    assert_eq!((&told["state"], &told["evidence"]["id"]), (&json!("done"), &item["id"]));
    app.settle().await;
    assert_eq!(app.stored_objects().await, 1);
    let compiler = app.sign_in("compiler").await;
    assert!(content(&compiler, lead).await == bytes);
    app.expect_in_order();
}

#[tokio::test]
async fn the_protocol_says_what_it_can_and_methods_may_stand_in_a_header() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let options =
        sender.send(sender.browser.client.request(Method::OPTIONS, sender.browser.url("/api/v1/uploads")));
    let options = options.await.expect(204).headers;
    let said = |name: &str| options[name].to_str().expect("text").to_owned();
    assert_eq!((said("tus-version").as_str(), said("tus-resumable").as_str()), ("1.0.0", "1.0.0"));
    assert_eq!(said("tus-extension"), "creation,creation-with-upload,checksum,expiration,termination");
    assert_eq!(said("tus-checksum-algorithm"), "sha256,sha1,md5");
    assert!(said("tus-max-size").parse::<u64>().expect("a number") > 5 << 30);

    // The first bytes with the beginning, and the same call once more.
    let (bytes, word) = (recording(5_000), Id::new().to_string());
    let begin = || {
        sender
            .beginning(bytes.len(), &tus::said(lead, "a.bin"))
            .header("idempotency-key", &word)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
            .body(bytes[..2_000].to_vec())
    };
    let first = sender.send(begin()).await.expect(201);
    let again = sender.send(begin()).await.expect(201);
    assert_eq!((tus::offset_of(&first), tus::offset_of(&again)), (2_000, 2_000));
    assert_eq!(first.location, again.location);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let other = sender.beginning(7, &tus::said(lead, "a.bin")).header("idempotency-key", &word);
    sender.send(other).await.expect(409);

    let meant = |method: &'static str, request: reqwest::RequestBuilder| {
        request.header("x-http-method-override", HeaderValue::from_static(method))
    };
    let patch = sender
        .request("POST", &first.location)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream")
        .header("upload-offset", 2_000)
        .body(bytes[2_000..].to_vec());
    sender.send(meant("PATCH", patch)).await.expect(204);
    let compiler = app.sign_in("compiler").await;
    assert!(content(&compiler, lead).await == bytes);
    let second = sender.begin(lead, "b.bin", 10).await;
    sender.send(meant("DELETE", sender.request("POST", &second))).await.expect(204);
    sender.head(&second).await.expect(410);
    sender.send(sender.request("POST", &second)).await.expect(405);
}

/// The page's script sends all of them so, and a program may: from there on it is an upload as any other.
#[tokio::test]
async fn details_that_are_too_long_for_a_header_come_beside_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let description = "录像经过。".repeat(800);
    let mut details = json!({ "filename": "录像.bin", "mark": "1k9x0vd", "description": description });
    for (name, value) in story::DETAILS {
        details[name] = value.into();
    }
    let said = tus::metadata(&[("lead", &lead.to_string())]);
    for sender in [Client::of_page(app.sign_in("compiler").await), program(&app).await] {
        let (bytes, word, before) = (recording(20_000), Id::new().to_string(), app.audit_count().await);
        let begin = |details: &serde_json::Value| {
            let begin = sender.beginning(bytes.len(), &said).header("idempotency-key", &word);
            begin.header(header::CONTENT_TYPE, "application/json").body(details.to_string())
        };
        let at = sender.send(begin(&details)).await.expect(201).location;
        assert_eq!(sender.send(begin(&details)).await.expect(201).location, at);
        let mut other = details.clone();
        other["description"] = "另一段".into();
        sender.send(begin(&other)).await.expect(if sender.token.is_some() { 409 } else { 422 });
        // No header would bring them back.
        let head = sender.head(&at).await.expect(200);
        assert!(tus::offset_of(&head) == 0 && !head.headers.contains_key("upload-metadata"));
        sender.bring(&at, 0, &bytes[..7_000]).await.expect(204);
        assert_eq!(
            (sender.offset(&at).await, app.audit_count().await),
            (7_000, before),
            "nothing is registered yet"
        );
        sender.bring(&at, 7_000, &bytes[7_000..]).await.expect(204);
        assert_eq!(
            (app.audit_count().await, app.last_entry().await.verb.as_str()),
            (before + 1, "evidence.register")
        );
        let told = sender.look(&at).await;
        assert_eq!((&told["name"], &told["mark"]), (&json!("录像.bin"), &json!("1k9x0vd")));
        let page = told["evidence"]["url"].as_str().expect("its page");
        compiler.get(page).await.expect(200).has(&description);
    }
}

#[tokio::test]
async fn two_requests_at_once_lose_nothing() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = recording(200_000);
    let at = sender.begin(lead, "a.bin", bytes.len()).await;
    let line = sender.half(&at, 0, bytes.len(), &bytes[..50_000]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = app.audit_count().await;
    let held = sender.bring(&at, 0, &recording(10)).await.expect(423);
    assert_eq!(held.headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(held.headers.contains_key("retry-after") && held.headers.contains_key("tus-resumable"));
    assert_eq!(app.audit_count().await, before, "nobody was refused anything");
    let rest = bytes[50_000..].to_vec();
    let status = tokio::task::spawn_blocking(move || tus::rest(line, &rest)).await.expect("joined");
    assert_eq!(status, 204);
    let compiler = app.sign_in("compiler").await;
    assert!(content(&compiler, lead).await == bytes);
}

#[tokio::test]
async fn an_upload_goes_on_after_its_server_was_killed() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = recording(400_000);
    let mut first = app.process(&[]);
    let there = sender.at(first.stranger());
    let at = there.begin(lead, "录像.bin", bytes.len()).await;
    there.bring(&at, 0, &bytes[..150_000]).await.expect(204);
    let line = there.half(&at, 150_000, 250_000, &bytes[150_000..200_000]);
    tokio::time::sleep(Duration::from_millis(300)).await;
    first.kill();
    drop(line);

    // Nothing that it had said is lost, and what it was at is told by where it stands.
    let mut second = app.process(&[]);
    let there = sender.at(second.stranger());
    assert_eq!(there.offset(&at).await, 150_000);
    there.bring_in_time(&at, 150_000, &bytes[150_000..]).await.expect(204);
    assert!(there.head(&at).await.expect(200).headers.contains_key("upload-evidence"));
    // Its workers take the pieces out.
    for _ in 0..100 {
        if app.stored_objects().await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(second.stop().success());
    let compiler = app.sign_in("compiler").await;
    assert!(content(&compiler, lead).await == bytes);
    assert_eq!(app.stored_objects().await, 1);
    app.expect_in_order();
}

#[tokio::test]
async fn a_full_disk_is_said_and_the_file_is_registered_when_there_is_room_again() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = recording(18 << 20);
    // 16 MiB: enough for a part of the file, too little for the whole.
    let mut server = Process::serve_within(app.data.path(), app.database.url.as_deref(), 32 * 1024);
    let there = sender.at(server.stranger());
    let at = there.begin(lead, "录像.bin", bytes.len()).await;
    let full = there.bring(&at, 0, &bytes).await.expect(507);
    assert_eq!(full.headers["tus-resumable"], "1.0.0");
    assert_eq!(there.offset(&at).await, 0);
    for (n, part) in bytes.chunks(6 << 20).enumerate() {
        let status = if n < 2 { 204 } else { 507 };
        there.bring_in_time(&at, n * (6 << 20), part).await.expect(status);
    }
    assert_eq!(there.offset(&at).await, bytes.len());
    let told = there.look(&at).await;
    assert_eq!((&told["state"], &told["evidence"]), (&json!("assembling"), &json!(null)));
    assert!(server.stop().success());
    let compiler = app.sign_in("compiler").await;
    assert!(story::items(&compiler, lead).await.is_empty(), "nothing is half registered");
    app.expect_in_order();

    assembling_is_due(&app).await;
    app.settle().await;
    assert_eq!(sender.look(&at).await["state"], "done");
    assert!(content(&compiler, lead).await == bytes);
    assert_eq!(app.stored_objects().await, 1);
}

#[tokio::test]
async fn the_same_file_twice_lies_in_the_store_once() {
    let app = TestApp::new().await;
    let sender = program(&app).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let bytes = recording(70_000);
    let mut told = Vec::new();
    for name in ["a.bin", "副本.bin"] {
        let at = sender.begin(lead, name, bytes.len()).await;
        sender.bring(&at, 0, &bytes[..30_000]).await.expect(204);
        sender.bring(&at, 30_000, &bytes[30_000..]).await.expect(204);
        told.push(sender.look(&at).await["evidence"].clone());
    }
    assert_eq!((&told[0]["again"], &told[1]["again"]), (&json!(false), &json!(true)));
    assert_eq!(told[0]["sha256"], told[1]["sha256"]);
    app.settle().await;
    assert_eq!(app.stored_objects().await, 1);
}

#[tokio::test]
async fn the_page_s_script_sends_with_its_session_and_the_page_offers_to_go_on() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let page = format!("/leads/{lead}/evidence");
    let shown = compiler.get(&page).await.expect(200).text();
    let keeps = crate::unsent::address(
        &shown,
        "formaction",
        &format!("/unsent?form=%2Fleads%2F{lead}%2Fevidence&#38;"),
    );
    compiler.post(&keeps, &[("source", "商品 页面")]).await.expect(303);
    assert_eq!(crate::unsent::kept(&app).await, 1);
    let part =
        |name: &str| keeps.split('&').find_map(|part| part.strip_prefix(name)).expect("in the address");
    let words = format!("once={}&draft={}&before={}", Id::new(), part("draft="), part("word="));

    let script = Client::of_page(app.sign_in("compiler").await);
    let bytes = recording(20_000);
    let mark = [("mark", "1k9x0vd"), ("path", "取证/录像.bin")];
    let metadata = format!("{},{}", tus::said(lead, "录像.bin"), tus::metadata(&mark));
    let begin = script
        .request("POST", &format!("/api/v1/uploads?{words}"))
        .header("upload-length", bytes.len())
        .header("upload-metadata", metadata);
    let at = script.send(begin).await.expect(201).location;
    script.bring(&at, 0, &bytes[..7_000]).await.expect(204);
    assert_eq!(crate::unsent::kept(&app).await, 1, "nothing is sent yet");
    // The tab was closed; whoever comes back is told, and nobody else.
    let offered =
        format!("data-upload=\"{at}\" data-name=\"录像.bin\" data-size=\"20000\" data-mark=\"1k9x0vd\"");
    compiler.get(&page).await.expect(200).has(&offered).has("6.8 KB / 19.5 KB");
    app.sign_in("manager").await.get(&page).await.expect(200).has_not(&at);
    let listed = script.look(&format!("/api/v1/uploads?lead={lead}")).await;
    assert_eq!(
        (&listed["items"][0]["offset"], &listed["items"][0]["mark"]),
        (&json!(7_000), &json!("1k9x0vd"))
    );

    script.bring(&at, 7_000, &bytes[7_000..]).await.expect(204);
    assert_eq!(crate::unsent::kept(&app).await, 0, "what was typed is sent");
    let told = script.look(&at).await["evidence"].clone();
    assert_eq!((&told["number"], &told["again"]), (&json!(1), &json!(false)));
    let item = told["url"].as_str().expect("its page");
    compiler.get(item).await.expect(200).has("https://example.com/item/1 · 取证/录像.bin");
    compiler.get(&page).await.expect(200).has_not(&at).has(told["sha256"].as_str().expect("a hash"));
    // By the same form it would be no second item.
    let begin = script
        .request("POST", &format!("/api/v1/uploads?{words}"))
        .header("upload-length", bytes.len())
        .header("upload-metadata", tus::said(lead, "录像.bin"));
    let again = script.send(begin).await.expect(201).location;
    script.bring(&again, 0, &bytes).await.expect(204);
    assert_eq!(script.look(&again).await["evidence"]["id"], told["id"]);
    assert_eq!(story::items(&compiler, lead).await.len(), 1);
    app.settle().await;
    assert_eq!(app.stored_objects().await, 1);
    let left: i64 = app
        .services
        .db
        .read(|conn| Ok(upload::table.filter(upload::state.ne("done")).count().get_result(conn)?))
        .await
        .expect("uploads");
    assert_eq!(left, 0);
}
