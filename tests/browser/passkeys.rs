//! A liaison adds a passkey and signs a receipt with it, and an approver an approval, in a real browser with an authenticator of its own.

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
    verify,
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
    desk.write("form[data-passkey] [name=name]", "FIDO2").await;
    desk.press("form[data-passkey] .buttons button").await;
    desk.has("FIDO2").await;
    desk.has("通行密钥已登记").await;
    desk.look("passkeys").await;

    desk.open(&format!("/transfers/{transfer}")).await;
    desk.press(&format!("main a[href='/transfers/{transfer}/acknowledge']")).await;
    desk.has("通行密钥签名的内容").await;
    desk.look("transfer-to-sign").await;
    desk.press("form[data-passkey] .button-primary").await;
    assert!(desk.path().await.contains("ok=transfer-acknowledge"), "{}", desk.text().await);
    desk.has("通行密钥签名").await;
    assert_eq!(desk.count("a[href$='.pem']").await, 1, "the key that signed");
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults on the way:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approver_adds_a_passkey_and_signs_an_approval_with_it() {
    let mut app = TestApp::with(&[("LEAD_HANDOFF_BASE_URL", "http://localhost:{port}".into())]).await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = story::submit(&compiler, lead).await;
    app.base = app.services.settings.base_url.clone();
    let mut desk = Desk::new(&app, Manner::usual()).await;
    desk.open("/login").await;
    desk.sit_down("approver").await;
    desk.open("/account/passkeys").await;
    desk.chrome.plug_in_authenticator().await;
    desk.write("form[data-passkey] [name=name]", "办公电脑").await;
    desk.press("form[data-passkey] .buttons button").await;
    desk.has("通行密钥已登记").await;

    desk.open(&format!("/approvals/{review}")).await;
    desk.has("通行密钥签名的内容").await;
    desk.look("review-to-sign").await;
    desk.press("form[data-passkey] .button-primary").await;
    assert!(desk.path().await.contains("ok=review-approved"), "{}", desk.text().await);
    desk.open(&format!("/approvals/{review}")).await;
    desk.has("批准方式").await;

    // Whoever gets the package reads in a browser, too, that the approver signed; a changed word of it is named.
    app.settle().await;
    let dossier = story::dossiers(&app, lead).await.remove(0).id;
    let package = compiler.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes;
    let whole = app.data.path().join("whole.zip");
    std::fs::write(&whole, &package).expect("written");
    verify::check(&desk, &whole, &app.services.signer.public().to_string()).await;
    desk.has("批准由通行密钥签名").await;
    desk.has("仅有服务器的签名为证").await;
    desk.has("封存记录由您提供的公钥签名").await;
    verify::named_alike(&desk, &package, ("/approval.json", 19, 0x01)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{} faults on the way:\n{}", faults.len(), faults.join("\n"));
}
