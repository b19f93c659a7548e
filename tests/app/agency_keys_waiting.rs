//! A key of an agency waits for a second person where those who may confirm it look first.

use age::x25519::Identity;

use super::agency_keys::{confirm, fingerprint, registered};
use crate::support::{TestApp, seed::GUANGZHOU};

#[tokio::test]
async fn a_key_waits_among_the_duties_of_those_who_may_confirm_it() {
    const WAITS: &str = "待我确认的单位公钥";
    let app = TestApp::new().await;
    let key = Identity::generate();
    let (manager, approver) = (app.sign_in("manager").await, app.sign_in("approver").await);
    manager.get("/").await.expect(200).has_not(WAITS);
    let at = registered(&app, GUANGZHOU, &key).await;
    let href = format!("href=\"{at}/confirm\"");
    for who in [&manager, &approver] {
        who.get("/").await.expect(200).has(WAITS).has(&href);
    }
    // Not of whoever registered it, nor of those who may not.
    for who in ["admin", "compiler", "auditor", "liaison"] {
        app.sign_in(who).await.get("/").await.expect(200).has_not(WAITS);
    }
    confirm(&manager, &at, &fingerprint(&key)[48..]).await.expect(303);
    for who in [&manager, &approver] {
        who.get("/").await.expect(200).has_not(WAITS);
    }
    // One that is revoked before it was confirmed waits for nobody.
    let at = registered(&app, GUANGZHOU, &Identity::generate()).await;
    manager.get("/").await.expect(200).has(WAITS);
    manager.post(&format!("{at}/revoke"), &[]).await.expect(303);
    approver.get("/").await.expect(200).has_not(WAITS);
}
