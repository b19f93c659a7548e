//! An agency gets packages encrypted: its key is registered by one, confirmed by another, used, and revoked.

use std::io::Read as _;

use age::{Decryptor, secrecy::ExposeSecret as _, x25519::Identity};
use diesel::prelude::*;
use lead_handoff::{
    audit,
    directory::people::unsent,
    platform::db::{
        Id,
        schema::{agency_key, agency_key_note},
    },
};
use sha2::{Digest as _, Sha256};

use crate::support::{
    Browser, Reply, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

/// What `sha256sum` says of a key.
pub(super) fn fingerprint(key: &Identity) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(key.to_public().to_string().as_bytes()))
}

fn place(app: &TestApp, code: &str) -> String {
    format!("/agencies/{}", app.seed.agencies[code])
}

/// Registers the public half of a key as `admin`; the address of what can be done with it.
pub(super) async fn registered(app: &TestApp, agency: &str, key: &Identity) -> String {
    let recipient = key.to_public().to_string();
    let admin = app.sign_in("admin").await;
    let fields = [("recipient", recipient.as_str()), ("note", "张某当面交来，存储卡一张")];
    let page = place(app, agency);
    admin.post(&format!("{page}/public-keys/new"), &fields).await.expect(303);
    let found = app.services.db.read(move |conn| {
        let known = agency_key::table.filter(agency_key::recipient.eq(recipient));
        Ok(known.select(agency_key::id).first::<Id>(conn)?)
    });
    format!("{page}/public-keys/{}", found.await.expect("a key"))
}

pub(super) async fn confirm(browser: &Browser, at: &str, digits: &str) -> Reply {
    browser.post(&format!("{at}/confirm"), &[("digits", digits)]).await
}

/// Registered and confirmed.
pub(crate) async fn in_force(app: &TestApp, agency: &str, key: &Identity) -> String {
    let at = registered(app, agency, key).await;
    confirm(&app.sign_in("manager").await, &at, &fingerprint(key)[48..]).await.expect(303);
    at
}

/// What comes out of an encrypted file.
fn opened(bytes: &[u8], key: &Identity) -> Option<Vec<u8>> {
    let reader = Decryptor::new(bytes).ok()?.decrypt(std::iter::once(key as &dyn age::Identity)).ok();
    let mut whole = Vec::new();
    reader?.read_to_end(&mut whole).ok()?;
    Some(whole)
}

/// The last entry: its verb, and one of its facts.
async fn last(app: &TestApp, fact: &str) -> (String, serde_json::Value) {
    let entry = app.last_entry().await;
    (entry.verb, entry.leaf["facts"][fact].clone())
}

/// The ids of the keys that the page for sending was filled from.
fn keys_of(page: &str) -> String {
    let rest = page.split("name=\"keys\" value=\"").nth(1).expect("keys");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_key_is_used_only_once_a_second_person_has_compared_it() {
    let app = TestApp::new().await;
    let (page, key) = (place(&app, GUANGZHOU), Identity::generate());
    let whole = fingerprint(&key);
    let (first, digits) = (format!("{} {}", &whole[..4], &whole[4..8]), &whole[48..]);
    let admin = app.sign_in("admin").await;
    let new = format!("href=\"{page}/public-keys/new\"");
    admin.get(&page).await.expect(200).has("尚未登记公钥").has(&new);
    admin.get(&format!("{page}/public-keys/new")).await.expect(200).has("切勿索要私钥");

    let before = app.audit_count().await;
    let at = registered(&app, GUANGZHOU, &key).await;
    assert_eq!(app.audit_count().await, before + 1);
    // The log says how it begins: whoever confirms may read the log, and is not to find the digits there.
    let begun = whole.as_bytes()[..32].chunks(4).map(|four| std::str::from_utf8(four).unwrap());
    let begun = begun.collect::<Vec<_>>().join(" ");
    assert_eq!(last(&app, "fingerprint").await, ("agency.key.add".to_owned(), begun.into()));
    // What the agency is to say by telephone stands on no page before.
    admin
        .get(&page)
        .await
        .expect(200)
        .has(&first)
        .has("待核对确认")
        .has("张某")
        .has_not(digits)
        .has_not(&key.to_public().to_string());
    admin.get(&format!("{at}/confirm")).await.expect(409).has("须由另一人核对");
    confirm(&admin, &at, digits).await.expect(409).has("须由另一人核对");

    let manager = app.sign_in("manager").await;
    manager.get(&format!("{at}/confirm")).await.expect(200).has(&first).has_not(digits);
    let before = app.audit_count().await;
    for wrong in ["", "0000000000000000", &digits[1..], &digits[8..], &whole[..16], whole.as_str()] {
        confirm(&manager, &at, wrong).await.expect(422);
    }
    assert_eq!(app.audit_count().await, before);
    admin.get(&page).await.expect(200).has("待核对确认");
    let typed = format!("{} {}", digits[..4].to_uppercase(), &digits[4..]);
    confirm(&manager, &at, &typed).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(last(&app, "fingerprint").await, ("agency.key.confirm".to_owned(), whole.clone().into()));
    confirm(&manager, &at, &typed).await.expect(409).has("已经确认");

    // Everybody who reads the directory sees it now; those who can't act on it are offered nothing.
    let compiler = app.sign_in("compiler").await;
    compiler
        .get(&page)
        .await
        .expect(200)
        .has(&whole)
        .has("有效")
        .has_not("/revoke")
        .has_not("/public-keys/new");
    compiler.get(&format!("{at}/revoke")).await.expect(404);
    for who in ["liaison", "liaison2"] {
        let liaison = app.sign_in(who).await;
        liaison.get(&page).await.expect(404);
        liaison.get(&format!("{at}/confirm")).await.expect(404);
    }
    // The same key of the same agency once; an address of another agency leads to nothing.
    let recipient = key.to_public().to_string();
    let again = [("recipient", recipient.as_str()), ("note", "x")];
    admin.post(&format!("{page}/public-keys/new"), &again).await.expect(422).has("已经登记过");
    let elsewhere = at.replace(&page, &place(&app, HANGZHOU));
    manager.get(&format!("{elsewhere}/revoke")).await.expect(404);

    manager.post(&format!("{at}/revoke"), &[]).await.expect(303);
    assert_eq!(last(&app, "fingerprint").await.0, "agency.key.revoke");
    admin.get(&page).await.expect(200).has("已作废").has("管理者");
    manager.post(&format!("{at}/revoke"), &[]).await.expect(409).has("已作废");
    admin.post(&format!("{page}/public-keys/new"), &again).await.expect(422).has("已经登记过");
}

/// A key that was revoked before anybody confirmed it is confirmed by nobody.
#[tokio::test]
async fn what_is_revoked_before_it_was_confirmed_never_comes_into_force() {
    let app = TestApp::new().await;
    let key = Identity::generate();
    let at = registered(&app, GUANGZHOU, &key).await;
    app.sign_in("admin").await.post(&format!("{at}/revoke"), &[]).await.expect(303);
    let manager = app.sign_in("manager").await;
    confirm(&manager, &at, &fingerprint(&key)[48..]).await.expect(409).has("已作废");
}

#[tokio::test]
async fn a_secret_key_that_was_pasted_is_kept_nowhere() {
    let app = TestApp::new().await;
    let (key, admin) = (Identity::generate(), app.sign_in("admin").await);
    let secret = key.to_string().expose_secret().to_owned();
    let public = key.to_public().to_string();
    let new = format!("{}/public-keys/new", place(&app, GUANGZHOU));
    // As a form that is kept while it is not sent would be posted, too.
    let draft = format!("{new}?draft={}&once={}", Id::new(), Id::new());
    let before = app.audit_count().await;
    let file = format!("# public key: {public}\n{secret}\n");
    let lower = secret.to_lowercase();
    for path in [&new, &draft] {
        for fields in [
            [("recipient", secret.as_str()), ("note", "张某送来")],
            [("recipient", lower.as_str()), ("note", "张某送来")],
            [("recipient", file.as_str()), ("note", "张某送来")],
            [("recipient", public.as_str()), ("note", file.as_str())],
        ] {
            let page = admin.post(path, &fields).await.expect(422).has("这是私钥，系统没有保存");
            assert!(!page.text().to_uppercase().contains(&secret[..30]), "given back");
        }
    }
    assert_eq!(app.audit_count().await, before);
    // Nor where the session had ended, and the form is given back, nor by a form's own keeping.
    let lost = app.stranger().post(&new, &[("recipient", secret.as_str()), ("note", "张某送来")]).await;
    lost.expect(401).has("张某送来").has_not(&secret);
    let keep = format!("/unsent?form={new}");
    admin.post(&keep, &[("recipient", secret.as_str()), ("note", "张某送来")]).await;
    let (who, master) = (app.seed.people["admin"], app.services.master.clone());
    let kept = app.services.db.read(move |conn| unsent::of_person(conn, &master, who));
    for (row, fields) in kept.await.expect("what is kept") {
        assert!(
            fields.iter().all(|(_, value)| !value.to_uppercase().contains(&secret[..30])),
            "{}",
            row.form
        );
    }
    let written = app.services.db.read(|conn| {
        let keys = agency_key::table.count().get_result::<i64>(conn)?;
        let log = audit::page(conn, &audit::Filter::default(), 50)?;
        Ok((keys, log.iter().map(|row| row.leaf.to_string()).collect::<String>()))
    });
    let (keys, log) = written.await.expect("the log");
    assert_eq!(keys, 0);
    assert!(!log.to_uppercase().contains(&secret[..30]));
}

#[tokio::test]
async fn what_is_no_key_of_age_is_told_and_can_be_mended() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let page = place(&app, GUANGZHOU);
    let new = format!("{page}/public-keys/new");
    let right = Identity::generate().to_public().to_string();
    let last = if right.ends_with('q') { 'p' } else { 'q' };
    let mistyped = format!("{}{last}", &right[..right.len() - 1]);
    for (typed, said) in [
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7l a@b.example", "SSH 密钥"),
        (mistyped.as_str(), "不是完整的 age 公钥"),
        ("公钥", "不是 age 公钥"),
    ] {
        let fields = [("recipient", typed), ("note", "李某送来")];
        admin.post(&new, &fields).await.expect(422).has(said).has(typed).has("李某送来");
    }
    admin.post(&new, &[("recipient", right.as_str()), ("note", "")]).await.expect(422);
    admin.get(&page).await.expect(200).has("尚未登记公钥");
    admin.post(&new, &[("recipient", right.as_str()), ("note", "李某送来")]).await.expect(303);
    let note = app
        .services
        .db
        .read(|conn| Ok(agency_key_note::table.select(agency_key_note::note).first::<String>(conn)?));
    assert_eq!(note.await.expect("a note"), "李某送来".to_owned());
}

#[tokio::test]
async fn a_package_leaves_encrypted_and_is_the_same_when_it_is_opened() {
    let app = TestApp::new().await;
    let (_, made) = story::sealed(&app, &[GUANGZHOU]).await;
    let dossier = format!("/dossiers/{}", made[0]);
    let (plain, encrypted) = (format!("{dossier}/package.zip"), format!("{dossier}/package.zip.age"));
    let send = format!("/transfers/new?dossier={}", made[0]);
    let compiler = app.sign_in("compiler").await;
    // Without a confirmed key nothing is offered, and nothing given.
    let (key, second) = (Identity::generate(), Identity::generate());
    let at = registered(&app, GUANGZHOU, &key).await;
    for page in [&dossier, &send] {
        compiler.get(page).await.expect(200).has_not("package.zip.age");
    }
    compiler.get(&encrypted).await.expect(409).has("没有经确认的有效公钥");

    confirm(&app.sign_in("manager").await, &at, &fingerprint(&key)[48..]).await.expect(303);
    in_force(&app, HANGZHOU, &second).await;
    compiler
        .get(&dossier)
        .await
        .expect(200)
        .has(&encrypted)
        .has("age -d -i agency-key.txt")
        .has("任何人拿到都能打开阅读");
    let form = compiler.get(&send).await.expect(200).has(&encrypted).has("name=\"encrypted\"").text();

    let whole = compiler.get(&plain).await.expect(200).bytes;
    let before = app.audit_count().await;
    let sent = compiler.get(&encrypted).await.expect(200);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(last(&app, "keys").await, ("dossier.download".to_owned(), vec![fingerprint(&key)].into()));
    assert_eq!(last(&app, "file").await.1, "package.zip.age");
    assert_eq!(sent.headers["content-length"], sent.bytes.len().to_string());
    let back = opened(&sent.bytes, &key).expect("it opens");
    assert_eq!(Sha256::digest(&back), Sha256::digest(&whole));
    assert_eq!(opened(&sent.bytes, &second), None, "another agency's key opens nothing");
    // It is another file each time, so a piece of one is none of the other: the whole, and an entry of its own.
    let piece = compiler.client.get(compiler.url(&encrypted)).header("range", "bytes=10-19");
    compiler.send(piece).await.expect(200);
    assert_eq!(app.audit_count().await, before + 2);
    app.sign_in("liaison").await.get(&encrypted).await.expect(404);

    // Handed over on a disc.
    let (id, keys, day) = (made[0].to_string(), keys_of(&form), today());
    let on = |channel: &'static str| {
        [
            ("dossier", id.as_str()),
            ("channel", channel),
            ("handed_on", day.as_str()),
            ("handed_by", "李某"),
            ("encrypted", "yes"),
            ("keys", keys.as_str()),
        ]
    };
    compiler.post("/transfers/new", &on("portal")).await.expect(422).has("只有光盘送达");
    let transfer = compiler.post("/transfers/new", &on("disc")).await.expect(303).id();
    assert_eq!(last(&app, "keys").await, ("transfer.send".to_owned(), vec![fingerprint(&key)].into()));
    let short = format!("{} {}", &fingerprint(&key)[..4], &fingerprint(&key)[4..8]);
    let page = format!("/transfers/{transfer}");
    let liaison = app.sign_in("liaison").await;
    for reader in [&compiler, &liaison] {
        let shown = reader.get(&page).await.expect(200).has("加密所用公钥").has(&short).text();
        let (first, then) = (shown.find(&encrypted), shown.find(&format!("{plain}\"")));
        assert!(first.is_some() && first < then, "the encrypted one stands first");
        assert!(shown.contains("未加密，请妥善保管"));
    }
    let delivery = app.services.db.read(move |conn| {
        use lead_handoff::platform::db::schema::delivery;
        Ok(delivery::table
            .filter(delivery::transfer_id.eq(transfer))
            .select(delivery::id)
            .first::<Id>(conn)?)
    });
    let receipt = format!("{page}/receipt/{}/new", delivery.await.expect("a delivery"));
    compiler.get(&receipt).await.expect(200).has("已加密送达").has(&short);
    // The agency gets it by the portal as well; another one finds nothing.
    let fetched = liaison.get(&encrypted).await.expect(200).bytes;
    assert_eq!(opened(&fetched, &key).as_deref(), Some(&whole[..]));
    app.sign_in("liaison2").await.get(&encrypted).await.expect(404);
    app.sign_in("admin").await.get(&encrypted).await.expect(404);

    // Revoked: no more of it, and what was handed over stays told.
    app.sign_in("admin").await.post(&format!("{at}/revoke"), &[]).await.expect(303);
    compiler.get(&encrypted).await.expect(409);
    liaison.get(&page).await.expect(200).has_not("package.zip.age\"").has("加密所用公钥").has(&short);
    compiler.get(&dossier).await.expect(200).has_not("package.zip.age");
}

/// Between making the disc and putting on record that it was handed over, a key was revoked and another came.
#[tokio::test]
async fn a_disc_for_other_keys_than_those_in_force_is_not_put_on_record() {
    let app = TestApp::new().await;
    let (_, made) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let old = in_force(&app, GUANGZHOU, &Identity::generate()).await;
    let send = format!("/transfers/new?dossier={}", made[0]);
    let keys = keys_of(&compiler.get(&send).await.expect(200).text());
    in_force(&app, GUANGZHOU, &Identity::generate()).await;
    app.sign_in("admin").await.post(&format!("{old}/revoke"), &[]).await.expect(303);
    let (id, day) = (made[0].to_string(), today());
    let form = |keys: &str| {
        let fields = [
            ("dossier", id.as_str()),
            ("channel", "disc"),
            ("handed_on", day.as_str()),
            ("handed_by", "李某"),
            ("encrypted", "yes"),
            ("keys", keys),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |keys: &str| {
        let fields = form(keys);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        compiler.post("/transfers/new", &fields).await
    };
    for wrong in [keys.as_str(), "", "x"] {
        let page = post(wrong).await.expect(422).has("公钥有变动").text();
        assert_ne!(keys_of(&page), keys, "the form is of the new keys now");
    }
    let now = keys_of(&post(&keys).await.expect(422).text());
    post(&now).await.expect(303);
    assert_eq!(last(&app, "keys").await.0, "transfer.send");
}

#[tokio::test]
async fn programs_read_the_keys_in_force_and_no_others() {
    let app = TestApp::new().await;
    let (used, gone) = (Identity::generate(), Identity::generate());
    in_force(&app, GUANGZHOU, &used).await;
    let revoked = in_force(&app, GUANGZHOU, &gone).await;
    app.sign_in("admin").await.post(&format!("{revoked}/revoke"), &[]).await.expect(303);
    registered(&app, GUANGZHOU, &Identity::generate()).await;
    let token = crate::support::fixtures::token(&app, "manager").await;
    let program = app.stranger();
    let request = program.client.get(program.url("/api/v1/agencies")).bearer_auth(&token);
    let all = program.send(request).await.expect(200).json();
    let items = all["items"].as_array().expect("items");
    let one = |code: &str| items.iter().find(|item| item["code"] == code).expect("an agency");
    let keys = one(GUANGZHOU)["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0]["fingerprint"], fingerprint(&used));
    assert_eq!(keys[0]["recipient"], used.to_public().to_string());
    assert!(keys[0]["confirmed_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(one(HANGZHOU)["keys"], serde_json::json!([]));
}
