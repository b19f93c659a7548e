//! Receipts that a liaison signs with a passkey, and the weaker kind of those who have none at hand.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use lead_handoff::{
    audit,
    platform::db::{
        Id,
        schema::{passkey, session},
    },
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    send,
    signed_receipts::{Court, files, receipt_on},
};
use crate::{
    custody::text_of,
    people::code,
    support::{
        Browser, TestApp,
        passkey::{Asked, PRESENT, Soft, wrong},
        seed::GUANGZHOU,
        story,
    },
};

/// A server whose address is a name, as passkeys take it.
pub(crate) async fn named() -> TestApp {
    TestApp::with(&[("LEAD_HANDOFF_BASE_URL", "http://localhost:{port}".into())]).await
}

pub(crate) fn site(app: &TestApp) -> &str {
    &app.services.settings.base_url
}

/// What the script is given at an address.
pub(crate) async fn options(who: &Browser, path: &str) -> Value {
    who.get(path).await.expect(200).json()
}

/// What a page shows that a passkey is to sign: where its script asks for the challenge, the hash, and the exact text.
pub(crate) async fn shown(who: &Browser, page: &str) -> (String, String, String) {
    let text = who.get(page).await.expect(200).text();
    let within = |begin: &str, end: &str| {
        let rest = text.split(begin).nth(1).unwrap_or_else(|| panic!("no {begin} on {page}"));
        rest.split(end).next().unwrap_or_default().to_owned()
    };
    let exact = within("<pre class=\"wrap\">{", "</pre>").replace("&#34;", "\"").replace("&quot;", "\"");
    let ask = within("data-passkey=\"", "\"").replace("&#38;", "&").replace("&amp;", "&");
    (ask, within("name=\"shown\" value=\"", "\""), format!("{{{exact}"))
}

/// What a page asks its reader's passkey for.
pub(crate) async fn asked(app: &TestApp, who: &Browser, page: &str) -> Asked {
    let (ask, ..) = shown(who, page).await;
    Asked::on(site(app), &options(who, &ask).await)
}

/// How often each passkey has signed, as far as the server knows.
pub(crate) async fn counts(app: &TestApp) -> Vec<i64> {
    let read = app
        .services
        .db
        .read(|conn| Ok(passkey::table.order(passkey::id).select(passkey::sign_count).load::<i64>(conn)?));
    read.await.expect("read")
}

/// A signature under the receipt of a transfer that is refused: nothing is acknowledged, and one entry says why.
pub(crate) async fn refused(
    app: &TestApp,
    who: &Browser,
    page: &str,
    answer: &Value,
    (told, why): (&str, &str),
) {
    let (before, known) = (app.audit_count().await, counts(app).await);
    let answer = answer.to_string();
    let form = [("credential", answer.as_str())];
    who.post(&format!("{page}/acknowledge"), &form).await.expect(409).has(told);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.outcome.as_str()), (before + 1, "refused"), "{why}");
    assert_eq!(entry.leaf["facts"]["route"], "/transfers/{id}/acknowledge");
    assert_eq!(entry.leaf["facts"]["reason"], why);
    assert_eq!(counts(app).await, known, "{why}");
    who.get(page).await.expect(200).has_not("/receipts/");
}

/// Somebody adds a passkey.
pub(crate) async fn enrol(app: &TestApp, who: &Browser, soft: &mut Soft) {
    let asked = Asked::on(site(app), &options(who, "/account/passkeys/options").await);
    let made = soft.made(&asked).to_string();
    let added =
        who.post("/account/passkeys", &[("name", "办公电脑"), ("credential", &made)]).await.expect(303);
    assert!(added.location.contains("ok=passkey-added"), "{}", added.location);
}

/// A dossier that was sent to Guangzhou: its package's dossier, and the page of its transfer.
pub(crate) async fn sent(app: &TestApp) -> (Id, String) {
    let (_, dossiers) = story::sealed(app, &[GUANGZHOU]).await;
    let transfer = send(&app.sign_in("compiler").await, dossiers[0], "portal").await.expect(303).id();
    (dossiers[0], format!("/transfers/{transfer}"))
}

pub(crate) async fn an_hour_passes(app: &TestApp) {
    let passed = app.services.db.write_quiet(|tx| {
        let before = tx.now().plus_seconds(-3_600);
        diesel::update(session::table).set(session::proved_at.eq(before)).execute(tx.conn())?;
        Ok(())
    });
    passed.await.expect("passed");
}

#[tokio::test]
async fn a_passkey_is_added_and_removed_by_its_owner_alone() {
    let app = named().await;
    let liaison = app.sign_in("liaison").await;
    liaison.get("/account").await.expect(200).has("/account/passkeys");
    liaison.get("/account/passkeys").await.expect(200).has("尚未登记通行密钥");
    let mut soft = Soft::new();

    // What does not hold adds nothing, and is on record.
    let asked = Asked::on(site(&app), &options(&liaison, "/account/passkeys/options").await);
    let elsewhere = Asked { origin: "https://evil.example".into(), ..asked.clone() };
    let unseen = Asked { flags: PRESENT, ..asked.clone() };
    for (wrong, told) in [(elsewhere, "未通过核验"), (unseen, "没有确认操作人是您本人")] {
        let made = soft.made(&wrong).to_string();
        let before = app.audit_count().await;
        liaison
            .post("/account/passkeys", &[("name", "x"), ("credential", &made)])
            .await
            .expect(409)
            .has(told);
        assert_eq!(app.last_entry().await.outcome, "refused");
        assert_eq!(app.audit_count().await, before + 1);
    }
    let before = app.audit_count().await;
    liaison.post("/account/passkeys", &[("name", "x")]).await.expect(422).has("没有收到通行密钥");
    assert_eq!(app.audit_count().await, before);

    enrol(&app, &liaison, &mut soft).await;
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "passkey.add"));
    assert_eq!(entry.leaf["facts"]["fingerprint"].as_str(), Some(soft.fingerprint().as_str()));
    let shown = liaison.get("/account/passkeys").await.expect(200).has("办公电脑").has(&soft.fingerprint());
    // Once answered, a question is gone, and a credential is one account's.
    let again = soft.made(&asked).to_string();
    let form = [("name", "x"), ("credential", again.as_str())];
    liaison.post("/account/passkeys", &form).await.expect(409).has("已过期");
    let other = app.sign_in("liaison2").await;
    let theirs = Asked::on(site(&app), &options(&other, "/account/passkeys/options").await);
    let taken = soft.made(&theirs).to_string();
    let form = [("name", "x"), ("credential", taken.as_str())];
    other.post("/account/passkeys", &form).await.expect(409).has("已经登记过");

    // Administrators see the fingerprint, to be compared by telephone; others of the platform do not.
    let admin = app.sign_in("admin").await;
    let person = format!("/admin/people/{}", app.seed.people["liaison"]);
    admin.get(&person).await.expect(200).has(&soft.fingerprint());
    let agency = format!("/agencies/{}", app.seed.agencies[GUANGZHOU]);
    admin.get(&agency).await.expect(200).has(&soft.fingerprint());
    app.sign_in("compiler").await.get(&agency).await.expect(200).has_not(&soft.fingerprint());

    // Removing it, from a desk left open: not without the code.
    let text = shown.text();
    let remove = text.split('"').find(|part| part.contains("/remove?")).expect("a form").to_owned();
    let remove = remove.split('?').next().unwrap_or_default();
    other.post(remove, &[]).await.expect(404);
    an_hour_passes(&app).await;
    liaison.post(remove, &[]).await.expect(422).has("身份确认");
    liaison.get("/account/passkeys").await.expect(200).has(&soft.fingerprint());
    liaison.post(remove, &[("proof", &code(&app))]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "passkey.remove");
    liaison.get("/account/passkeys").await.expect(200).has_not(&soft.fingerprint());
    admin.get(&person).await.expect(200).has_not(&soft.fingerprint());
}

#[tokio::test]
async fn a_passkey_is_added_from_a_desk_left_open_only_with_the_code() {
    let app = named().await;
    let compiler = app.sign_in("compiler").await;
    let asked = Asked::on(site(&app), &options(&compiler, "/account/passkeys/options").await);
    let made = Soft::ed25519().made(&asked).to_string();
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let form = [("name", "安全密钥"), ("credential", made.as_str())];
    compiler.post("/account/passkeys", &form).await.expect(422).has("身份确认").has("安全密钥");
    assert_eq!(app.audit_count().await, before);
    let code = code(&app);
    let form = [form[0], form[1], ("proof", code.as_str())];
    compiler.post("/account/passkeys", &form).await.expect(303);
    compiler.get("/account/passkeys").await.expect(200).has("EdDSA").has("安全密钥");
}

#[tokio::test]
async fn an_administrator_removes_the_passkeys_of_a_lost_device() {
    let app = named().await;
    let (liaison, admin) = (app.sign_in("liaison").await, app.sign_in("admin").await);
    let (mut soft, mut other) = (Soft::rsa(), Soft::new());
    enrol(&app, &liaison, &mut soft).await;
    enrol(&app, &liaison, &mut other).await;
    liaison.get("/account/passkeys").await.expect(200).has("RS256").has("ES256");
    let person = format!("/admin/people/{}", app.seed.people["liaison"]);
    let remove = format!("{person}/remove-passkeys");
    admin.get(&person).await.expect(200).has(&soft.fingerprint()).has(&remove);
    admin.get(&remove).await.expect(200).has("设备遗失或者被盗时使用");
    for nobody in ["liaison", "compiler", "manager"] {
        app.sign_in(nobody).await.post(&remove, &[]).await.expect(404);
    }
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    admin.post(&remove, &[]).await.expect(422).has("身份确认");
    assert_eq!(app.audit_count().await, before, "nothing was done");
    admin.post(&remove, &[("proof", &code(&app))]).await.expect(303);
    let entry = app.last_entry().await;
    // The code that was shown is an entry of its own.
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 2, "passkey.remove"));
    let said = entry.leaf["facts"]["fingerprint"].to_string();
    assert!(said.contains(&soft.fingerprint()) && said.contains(&other.fingerprint()), "{said}");
    admin.get(&person).await.expect(200).has_not(&soft.fingerprint()).has_not(&remove);
    liaison.get("/account/passkeys").await.expect(200).has("尚未登记通行密钥");
    admin.post(&remove, &[]).await.expect(409).has("没有通行密钥");

    // With the second factor they go, too: one act.
    let mut third = Soft::new();
    enrol(&app, &app.sign_in("liaison").await, &mut third).await;
    let before = app.audit_count().await;
    admin.post(&format!("{person}/reset-second-factor"), &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "second-factor.remove"));
    assert!(entry.leaf["facts"]["fingerprint"].to_string().contains(&third.fingerprint()));
    admin.get(&person).await.expect(200).has_not(&third.fingerprint());
}

#[tokio::test]
async fn where_browsers_know_no_passkeys_the_page_says_so() {
    let app = TestApp::new().await;
    let liaison = app.sign_in("liaison").await;
    liaison.get("/account/passkeys").await.expect(200).has("网址须为域名").has_not("data-passkey");
    liaison.get("/account/passkeys/options").await.expect(409);
}

#[tokio::test]
async fn a_liaison_signs_a_receipt_with_a_passkey_and_a_court_checks_it() {
    let app = named().await;
    let (dossier, page) = sent(&app).await;
    let liaison = app.sign_in("liaison").await;
    let (mut soft, mut other) = (Soft::new(), Soft::new());
    let (acknowledge, old) = (format!("{page}/acknowledge"), format!("{page}/acknowledge/passkey"));
    liaison.get(&page).await.expect(200).has_not("用通行密钥签收").has("效力较弱");
    liaison.get(&old).await.expect(409);
    enrol(&app, &liaison, &mut soft).await;
    // Whoever signs reads first what: the page of the transfer leads there.
    liaison.get(&page).await.expect(200).has("用通行密钥签收").has(&format!("href=\"{acknowledge}\""));
    liaison.get(&acknowledge).await.expect(200).has("通行密钥签名的内容").has("不表示受理或者立案");
    let (ask, at, exact) = shown(&liaison, &acknowledge).await;
    assert_eq!(ask, format!("{old}?shown={at}"));
    assert_eq!(at, HEXLOWER.encode(&Sha256::digest(exact.as_bytes())), "the text that was shown: {exact}");
    app.sign_in("liaison2").await.get(&ask).await.expect(404);
    app.sign_in("compiler").await.get(&ask).await.expect(404);
    // The server says when it was shown, the same at every look; whoever signs chooses no other time.
    assert_eq!(shown(&liaison, &acknowledge).await, (ask.clone(), at.clone(), exact.clone()));
    liaison.get(&old).await.expect(409).has("已过期");
    let said: Value = serde_json::from_str(&exact).expect("JSON");
    let now = said["issued_at"].as_str().expect("a time");
    let earlier = exact.replace(now, &now.replacen("20", "19", 1));
    let chosen = Sha256::digest(earlier.as_bytes());
    assert_ne!(earlier, exact);
    liaison.get(&format!("{old}?shown={}", HEXLOWER.encode(&chosen))).await.expect(409).has("已过期");
    let mine = Asked { challenge: chosen.to_vec(), ..asked(&app, &liaison, &acknowledge).await };
    let mine = soft.signed(&mine);
    refused(&app, &liaison, &page, &mine, ("已过期", "conflict-passkey-old")).await;

    // Nothing that does not hold is taken, not even by whoever is signed in.
    let asked = Asked::on(site(&app), &options(&liaison, &ask).await);
    assert_eq!(
        asked.challenge,
        Sha256::digest(exact.as_bytes()).as_slice(),
        "the text that was shown: {exact}"
    );
    for (answer, why) in wrong(&mut soft, &mut other, &asked) {
        refused(&app, &liaison, &page, &answer, why).await;
    }
    liaison.post(&acknowledge, &[("credential", "nonsense")]).await.expect(409);
    // Without a script the button for the passkey makes no receipt of the weaker kind; another text than the one on the
    // page is not given to be signed.
    liaison.post(&acknowledge, &[("shown", &at)]).await.expect(409).has("未取得通行密钥的签名");
    let other_text = ask.replace("?shown=", "?shown=0");
    liaison.get(&other_text).await.expect(409).has("已过期");
    liaison.get(&page).await.expect(200).has_not("/receipts/");

    // With the passkey nobody is asked for a code, however long ago they signed in.
    an_hour_passes(&app).await;
    let before = app.audit_count().await;
    let answer = soft.signed(&asked).to_string();
    liaison.post(&acknowledge, &[("credential", &answer), ("shown", &at)]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.acknowledge"));
    assert_eq!(entry.leaf["facts"]["method"].as_str(), Some("passkey"));
    assert_eq!(entry.leaf["facts"]["fingerprint"].as_str(), Some(soft.fingerprint().as_str()));
    assert!(entry.objects().iter().any(|(kind, _)| kind == "passkey"), "{}", entry.leaf);
    // What its owner calls it is their own word, and no plain fact.
    assert!(!entry.leaf.to_string().contains("办公电脑"), "{}", entry.leaf);
    let private = app.services.db.read(move |conn| audit::private_of(conn, entry.id)).await.expect("read");
    assert_eq!(private.expect("a personal part")["passkey_name"], "办公电脑");
    // What was signed is for this delivery, and once.
    liaison.post(&acknowledge, &[("credential", &answer), ("shown", &at)]).await.expect(409);
    let (_, next) = sent(&app).await;
    let form = [("credential", answer.as_str()), ("shown", at.as_str())];
    liaison.post(&format!("{next}/acknowledge"), &form).await.expect(409).has("已过期");

    let at = receipt_on(&liaison, &page).await;
    for who in [&liaison, &app.sign_in("compiler").await] {
        who.get(&page).await.expect(200).has("通行密钥签名。").has(&format!("{at}.pem"));
    }
    let (json, signature) = files(&liaison, &at).await;
    let said: Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(said["strength"], "passkey");
    assert!(said["second_factor_at"].is_null(), "{said}");
    assert_eq!(said["passkey"]["site"]["id"], "localhost");
    assert_eq!(said["passkey"]["issued_at"], now);
    let paper: String =
        text_of(&liaison.get(&format!("{at}.pdf")).await.expect(200).bytes).split_whitespace().collect();
    assert!(paper.contains("通行密钥签名") && paper.contains(&soft.fingerprint()[..16]), "{paper}");
    let pem = liaison.get(&format!("{at}.pem")).await.expect(200).bytes;

    let court = Court::of(&app);
    let package = liaison.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes;
    let (zip, receipt) = (court.file("whole.zip", &package), court.file("receipt.json", &json));
    let beside = court.file("receipt.sig", &signature);
    let (exit, told) = court.verify(&[&zip, "--receipt", &receipt]);
    assert!(exit == Some(0) && told.contains("signed for it themselves"), "{told}");
    assert!(told.replace(' ', "").contains(&soft.fingerprint()), "{told}");
    assert!(told.contains("The passkey is not authenticated"), "{told}");
    let (fingerprint, strange) = (soft.fingerprint(), other.fingerprint());
    for known in [court.file("key.pem", &pem), fingerprint] {
        let (exit, told) = court.verify(&[&zip, "--receipt", &receipt, "--receipt-key", &known]);
        assert!(exit == Some(0) && told.contains("The passkey is the one that was given"), "{told}");
    }
    let (exit, told) = court.verify(&[&zip, "--receipt", &receipt, "--receipt-key", &strange]);
    assert!(exit == Some(1) && told.contains("not by the given one"), "{told}");
    let (exit, told) = court.verify(&[&zip, "--receipt", &receipt, "--receipt-key", &zip]);
    assert_eq!(exit, Some(2), "a file that holds no key: {told}");

    // The statement changed: neither the server nor the passkey signed that.
    let text = String::from_utf8(json).expect("text");
    let changed = court.file("changed.json", text.replace("不表示受理", "即表示受理").as_bytes());
    let (exit, told) = court.verify(&[&zip, "--receipt", &changed, "--receipt-signature", &beside]);
    assert_eq!(exit, Some(1), "{told}");
    assert!(told.contains("signed another seal, transfer, delivery, statement or time"), "{told}");
    assert!(told.contains("the signature of the receipt is not valid"), "{told}");
}

#[tokio::test]
async fn without_a_passkey_the_code_is_asked_for_anew_and_the_receipt_says_that_it_is_weaker() {
    let app = TestApp::new().await;
    let (dossier, page) = sent(&app).await;
    let liaison = app.sign_in("liaison").await;
    an_hour_passes(&app).await;
    let acknowledge = format!("{page}/acknowledge");
    let before = app.audit_count().await;
    liaison.post(&acknowledge, &[]).await.expect(422).has("身份确认");
    liaison.post(&acknowledge, &[("by", "code")]).await.expect(422).has("身份确认");
    assert_eq!(app.audit_count().await, before, "nothing was done");
    liaison.get(&page).await.expect(200).has_not("/receipts/");
    liaison.post(&acknowledge, &[("proof", "000000")]).await.expect(422).has("验证码不正确");
    liaison.post(&acknowledge, &[("proof", &code(&app))]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "transfer.acknowledge");
    assert_eq!(entry.leaf["facts"]["method"], "password_and_code");
    assert!(entry.leaf["facts"]["fingerprint"].is_null(), "{}", entry.leaf);

    let kind = "密码加验证码（效力较弱，由平台代为签署）";
    let at = receipt_on(&liaison, &page).await;
    liaison.get(&page).await.expect(200).has(kind).has_not(&format!("{at}.pem"));
    liaison.get(&format!("{at}.pem")).await.expect(404);
    let (json, signature) = files(&liaison, &at).await;
    let said: Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(said["strength"], "password_and_code");
    assert!(said["passkey"].is_null() && said["second_factor_at"].is_string(), "{said}");
    let stated = said["statement"]["zh"].as_str().expect("a statement");
    assert!(stated.contains("效力较弱，由平台代为签署"), "{stated}");
    let paper: String =
        text_of(&liaison.get(&format!("{at}.pdf")).await.expect(200).bytes).split_whitespace().collect();
    assert!(paper.contains(kind), "{paper}");

    let court = Court::of(&app);
    let package = liaison.get(&format!("/dossiers/{dossier}/package.zip")).await.expect(200).bytes;
    let (zip, receipt) = (court.file("whole.zip", &package), court.file("receipt.json", &json));
    court.file("receipt.sig", &signature);
    let (exit, told) = court.verify(&[&zip, "--receipt", &receipt]);
    assert!(exit == Some(0) && told.contains("weaker kind"), "{told}");
    let known = Soft::new().fingerprint();
    let (exit, told) = court.verify(&[&zip, "--receipt", &receipt, "--receipt-key", &known]);
    assert!(exit == Some(1) && told.contains("not by the given one"), "{told}");
}
