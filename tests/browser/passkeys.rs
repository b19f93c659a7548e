//! A liaison adds a passkey and signs a receipt with it, in a real browser with an authenticator of its own.

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_liaison_adds_a_passkey_and_signs_a_receipt_with_it() {
    let mut app = TestApp::with(&[("LEAD_HANDOFF_BASE_URL", "http://localhost:{port}".into())]).await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let dossier = dossiers[0].to_string();
    let sent = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = app.sign_in("compiler").await.post("/transfers/new", &sent).await.expect(303).id();
    // A passkey is for a name, and not for an address of digits.
    app.base = app.services.settings.base_url.clone();
    let mut desk = Desk::new(&app, Manner::usual()).await;
    desk.open("/login").await;
    desk.sit_down("liaison").await;
    desk.open(&format!("/transfers/{transfer}")).await;
    assert_eq!(desk.count("form[data-passkey]").await, 0, "there is none yet");

    desk.open("/account/passkeys").await;
    desk.look("passkeys-none").await;
    desk.chrome.plug_in_authenticator().await;
    desk.write("form[data-passkey] [name=name]", "办公电脑").await;
    desk.press("form[data-passkey] .buttons button").await;
    desk.has("办公电脑").await;
    desk.has("通行密钥已登记").await;
    desk.look("passkeys").await;

    desk.open(&format!("/transfers/{transfer}")).await;
    desk.look("transfer-to-sign").await;
    desk.press("form[data-passkey] .button-primary").await;
    assert!(desk.path().await.contains("ok=transfer-acknowledge"), "{}", desk.text().await);
    desk.has("通行密钥签名").await;
    assert_eq!(desk.count("a[href$='.pem']").await, 1, "the key that signed");
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults on the way:\n{}", faults.len(), faults.join("\n"));
}
