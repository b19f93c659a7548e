//! The evidence store is full, or away: whoever is at the desk is told which of the two it is, nothing half stays behind, and
//! when the store is back all goes on.

use std::time::Duration;

use lead_handoff::platform::db::Id;
use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};

use crate::{
    bucket::{objects, settings},
    support::{
        Browser, Reply, TestApp, s3,
        s3_line::{Line, Manner},
        story,
    },
};

/// Sends a file as the script of the page does, which is answered with a problem in words where it is refused.
async fn send(desk: &Browser, lead: Id, bytes: Vec<u8>) -> Reply {
    let mut form = Form::new().part("file", Part::bytes(bytes).file_name("录像.bin"));
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let url = desk.url(&format!("/leads/{lead}/evidence?once={}", Id::new()));
    let request = desk.client.post(url).header("origin", &desk.base).header("accept", "application/json");
    desk.send(request.multipart(form)).await
}

fn is_problem(reply: &Reply) -> bool {
    reply.headers["content-type"] == "application/problem+json"
}

#[tokio::test]
async fn a_bucket_that_is_full_or_away_is_told_and_keeps_nothing_half() {
    let app = TestApp::new().await;
    let cloud = tempfile::tempdir().expect("folder");
    std::fs::create_dir(cloud.path().join("evidence")).expect("bucket");
    let line = Line::to(s3::serve(cloud.path()));
    let ours = settings(line.port, "2017");
    let ours: Vec<(&str, &str)> = ours.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = app.process(&ours);
    let desk = server.browser(&app.sign_in("compiler").await);
    let lead = app.seed.lead(&app.services, "compiler");
    send(&desk, lead, b"first".to_vec()).await.expect(201);
    let item = story::items(&desk, lead).await.remove(0);
    let content = format!("/evidence/{item}/content");
    assert_eq!(desk.get(&content).await.expect(200).bytes, b"first");
    let before = app.audit_count().await;

    // Full, in one request and in parts; what is there can be read.
    line.set(Manner::Full);
    for size in [1_000, 9 << 20] {
        let told = send(&desk, lead, vec![7; size]).await.expect(507).has("存储空间");
        assert!(is_problem(&told), "{:?}", told.headers);
    }
    assert_eq!(desk.get(&content).await.expect(200).bytes, b"first");

    // Away: neither in nor out, and `/healthz` says what it is.
    line.set(Manner::Away);
    for size in [1_000, 9 << 20] {
        assert!(is_problem(&send(&desk, lead, vec![8; size]).await.expect(503)));
    }
    desk.get(&content).await.expect(503);
    assert_eq!(desk.get("/healthz").await.expect(503).text(), "evidence store");
    desk.get(&format!("/leads/{lead}")).await.expect(200);

    // Back again.
    line.set(Manner::Works);
    assert_eq!(desk.get(&content).await.expect(200).bytes, b"first");
    assert_eq!(story::items(&desk, lead).await.len(), 1, "nothing was half registered");
    assert!(app.audit_count().await >= before);
    for _ in 0..200 {
        if objects(cloud.path(), "2017") == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(objects(cloud.path(), "2017"), 1, "nothing half was stored");
    send(&desk, lead, vec![7; 9 << 20]).await.expect(201);
    assert_eq!(story::items(&desk, lead).await.len(), 2);
}

#[tokio::test]
async fn a_folder_that_is_away_is_told_and_comes_back() {
    let app = TestApp::new().await;
    let desk = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    send(&desk, lead, b"first".to_vec()).await.expect(201);
    let item = story::items(&desk, lead).await.remove(0);
    let content = format!("/evidence/{item}/content");
    let (folder, aside) = (app.data.path().join("evidence"), app.data.path().join("aside"));
    // A disk that is not mounted leaves nothing, or an empty folder.
    std::fs::rename(&folder, &aside).expect("taken away");
    for is_empty in [false, true] {
        if is_empty {
            std::fs::create_dir(&folder).expect("an empty folder");
        }
        let told = send(&desk, lead, vec![7; 200_000]).await.expect(503);
        assert!(is_problem(&told), "{:?}", told.headers);
        desk.get(&content).await.expect(503);
        desk.get(&format!("/leads/{lead}")).await.expect(200);
    }
    assert_eq!(app.stranger().get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    std::fs::remove_dir(&folder).expect("empty all the while");
    std::fs::rename(&aside, &folder).expect("brought back");
    assert_eq!(desk.get(&content).await.expect(200).bytes, b"first");
    assert_eq!(story::items(&desk, lead).await.len(), 1, "nothing was half registered");
    app.settle().await;
    app.expect_in_order();
}
