//! The client that is published for resumable uploads, unchanged: what it sends goes on after it was ended in the middle.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::{TestApp, fixtures, story};

/// Runs the client on a file; with `stop` it ends in the middle, with an address it goes on there.
fn client(app: &TestApp, token: &str, lead: &str, file: &Path, how: Option<&str>) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/tus.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(format!("{}/api/v1/uploads", app.base)).args([token, lead]).arg(file).args(how);
    command.output().expect("node: the client needs it (it comes with npm, which tests/run installs)")
}

/// The address that it printed.
fn address(done: &Output) -> String {
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let printed = String::from_utf8_lossy(&done.stdout).trim().to_owned();
    assert!(printed.contains("/api/v1/uploads/"), "{printed}");
    printed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_client_goes_on_where_it_was_ended() {
    let app = TestApp::new().await;
    let token = fixtures::token_for(&app, "compiler", &["read", "write"]).await;
    let lead = app.seed.lead(&app.services, "compiler");
    let file = app.data.path().join("取证 录像.bin");
    let bytes: Vec<u8> = (0..9_500_000u32).map(|n| (n % 251) as u8 ^ (n / 65_536) as u8).collect();
    std::fs::write(&file, &bytes).expect("written");

    let begun = address(&client(&app, &token, &lead.to_string(), &file, Some("stop")));
    let compiler = app.sign_in("compiler").await;
    assert!(story::items(&compiler, lead).await.is_empty(), "half of a file is no evidence");
    let ended = address(&client(&app, &token, &lead.to_string(), &file, Some(&begun)));
    assert_eq!(ended, begun);
    let items = story::items(&compiler, lead).await;
    assert_eq!(items.len(), 1);
    let content = compiler.get(&format!("/evidence/{}/content", items[0])).await.expect(200);
    assert!(content.bytes == bytes, "byte for byte");
    compiler.get(&format!("/evidence/{}", items[0])).await.expect(200).has("取证 录像.bin");

    // Who may not write there is told so by the server, and the client ends.
    let stranger = fixtures::token_for(&app, "compiler2", &["read", "write"]).await;
    let refused = client(&app, &stranger, &lead.to_string(), &file, None);
    assert!(!refused.status.success());
    assert_eq!(story::items(&compiler, lead).await.len(), 1);
}
