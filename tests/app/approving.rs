//! Approvals that an approver signs with a passkey, the weaker kind by a code, and what a court reads of both in the package.

use diesel::prelude::*;
use lead_handoff::{
    casework::{
        approval::store as reviews,
        dossier::{facts::commitment, model::Dossier},
    },
    platform::db::{Connection, Id, schema::approval_signature},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    handover::{
        passkeys::{an_hour_passes, asked, counts, enrol, named, options, shown, site},
        signed_receipts::Court,
    },
    support::{
        Browser, Reply, TestApp,
        passkey::{Asked, Soft, wrong},
        seed::{GUANGZHOU, HANGZHOU},
        story,
    },
};

/// A lead that waits for its approval, frozen for these agencies; gives it with its review.
pub(crate) async fn waiting(app: &TestApp, agencies: &[&str]) -> (Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元，页面显示已售 1,024 件。").await;
    let agencies: Vec<Id> = agencies.iter().map(|code| app.seed.agencies[code]).collect();
    story::compose(&compiler, lead, 1, &agencies, &[item], &[]).await.expect(303);
    app.settle().await;
    (lead, story::submit(&compiler, lead).await)
}

/// The form of a review with what a passkey gave, and no code.
async fn form(app: &TestApp, who: &Browser, review: Id, answer: &Value) -> Vec<(String, String)> {
    let mut fields = story::decision(app, who, review).await;
    fields.retain(|(name, _)| name != "code");
    fields.push(("credential".to_owned(), answer.to_string()));
    fields
}

/// Posts that form.
pub(crate) async fn sign(app: &TestApp, who: &Browser, review: Id, answer: &Value) -> Reply {
    story::approve(who, review, &form(app, who, review, answer).await).await
}

/// How a review stands: its decision, whether somebody decided, and what passkeys have signed.
async fn standing(app: &TestApp, review: Id) -> (Option<String>, bool, Vec<String>, Vec<i64>) {
    let read = move |conn: &mut Connection| {
        let decided = reviews::decision_of(conn, review)?.is_some();
        Ok((reviews::find(conn, review)?.decision, decided))
    };
    let (decision, decided) = app.services.db.read(read).await.expect("read");
    (decision, decided, kept(app).await, counts(app).await)
}

/// A signature under a review that is refused: it stands as it did, and one entry says why.
pub(crate) async fn refused(
    app: &TestApp,
    who: &Browser,
    review: Id,
    answer: &Value,
    (told, why): (&str, &str),
) {
    let fields = form(app, who, review, answer).await;
    let (before, stood) = (app.audit_count().await, standing(app, review).await);
    story::approve(who, review, &fields).await.expect(409).has(told);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.outcome.as_str()), (before + 1, "refused"), "{why}");
    assert_eq!(entry.leaf["facts"]["route"], "/approvals/{id}/approve");
    assert_eq!(entry.leaf["facts"]["reason"], why);
    assert_eq!(entry.objects(), [("review".to_owned(), review.to_string())], "{why}");
    assert_eq!(standing(app, review).await, stood, "{why}");
}

/// What is kept of a signed approval: the text of `approval.json`.
async fn kept(app: &TestApp) -> Vec<String> {
    let read = app
        .services
        .db
        .read(|conn| Ok(approval_signature::table.select(approval_signature::approval_json).load(conn)?));
    read.await.expect("read")
}

#[tokio::test]
async fn an_approver_signs_with_a_passkey_and_a_court_checks_it() {
    let app = named().await;
    let (lead, review) = waiting(&app, &[GUANGZHOU, HANGZHOU]).await;
    let (_, other_review) = waiting(&app, &[GUANGZHOU]).await;
    let approver = app.sign_in("approver").await;
    let page = format!("/approvals/{review}");
    approver.get(&page).await.expect(200).has("本次不能以通行密钥签名").has_not("data-passkey");
    let (mut soft, mut stranger) = (Soft::new(), Soft::new());
    enrol(&app, &approver, &mut soft).await;
    enrol(&app, &app.sign_in("compiler").await, &mut stranger).await;

    // The page shows what is signed: in words, and the very text.
    approver.get(&page).await.expect(200).has("用通行密钥批准").has("用验证码批准（效力较弱）");
    let (ask, at, exact) = shown(&approver, &page).await;
    let dossiers = story::dossiers(&app, lead).await;
    let said: Value = serde_json::from_str(&exact).expect("JSON");
    assert_eq!(said["schema"], "lead-handoff/approval/1");
    assert_eq!(said["version"], 1);
    assert_eq!(said["review"], review.to_string());
    assert_eq!(said["approver"], app.seed.people["approver"].to_string());
    let bound = |one: &Dossier| {
        let (salt, manifest) = (one.approval_salt.clone().unwrap(), one.manifest_sha256.clone().unwrap());
        commitment(&salt, &manifest).expect("hashes")
    };
    let mut bound: Vec<String> = dossiers.iter().map(bound).collect();
    bound.sort();
    assert_eq!(said["commitments"], json!(bound), "all of them, in the order of their hashes");
    for one in &dossiers {
        let manifest = one.manifest_sha256.as_deref().unwrap();
        let is_told = exact.contains(&one.agency_code) || exact.contains(manifest);
        assert!(!is_told, "no agency reads or guesses there who the others are: {exact}");
    }
    for nobody in ["compiler", "manager", "liaison"] {
        app.sign_in(nobody).await.get(&ask).await.expect(404);
    }
    // The server says when it was shown, the same at every look; whoever signs chooses no other time.
    assert_eq!(shown(&approver, &page).await, (ask.clone(), at.clone(), exact.clone()));
    assert_eq!(ask, format!("{page}/approve/passkey?shown={at}"));
    approver.get(&format!("{page}/approve/passkey")).await.expect(409).has("已过期");
    let now = said["stated_at"].as_str().expect("a time");
    let earlier = exact.replace(now, &now.replacen("20", "19", 1));
    let chosen = Sha256::digest(earlier.as_bytes());
    assert_ne!(earlier, exact);
    let other = format!("{page}/approve/passkey?shown={}", data_encoding::HEXLOWER.encode(&chosen));
    approver.get(&other).await.expect(409).has("已过期");
    let mine = Asked { challenge: chosen.to_vec(), ..asked(&app, &approver, &page).await };
    let (mine, old) = (soft.signed(&mine), ("已过期", "conflict-passkey-old"));
    refused(&app, &approver, review, &mine, old).await;
    let asked = Asked::on(site(&app), &options(&approver, &ask).await);
    assert_eq!(
        asked.challenge,
        Sha256::digest(exact.as_bytes()).as_slice(),
        "the text that was shown: {exact}"
    );

    // Nothing that does not hold approves, not even by whoever is signed in.
    for (answer, why) in wrong(&mut soft, &mut stranger, &asked) {
        refused(&app, &approver, review, &answer, why).await;
    }
    // Another review, though its own statement was shown and asked for, too; neither of both is decided by it.
    let answer = soft.signed(&asked);
    let (other_ask, ..) = shown(&approver, &format!("/approvals/{other_review}")).await;
    options(&approver, &other_ask).await;
    let stood = standing(&app, review).await;
    refused(&app, &approver, other_review, &answer, old).await;
    assert_eq!(standing(&app, review).await, stood);
    assert_eq!(standing(&app, other_review).await.0, None);
    // Neither passkey nor code.
    let mut bare = story::decision(&app, &approver, review).await;
    bare.retain(|(name, _)| name != "code");
    story::approve(&approver, review, &bare).await.expect(422);
    assert!(kept(&app).await.is_empty());
    approver.get(&page).await.expect(200).has("data-passkey");

    // With the passkey no code is asked for, however long ago they signed in.
    an_hour_passes(&app).await;
    let mut fields = story::decision(&app, &approver, review).await;
    fields.retain(|(name, _)| name != "code");
    fields.push(("credential".to_owned(), answer.to_string()));
    fields.push(("shown".to_owned(), at.clone()));
    let before = app.audit_count().await;
    story::approve(&approver, review, &fields).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "lead.approve"));
    assert_eq!(entry.leaf["facts"]["second_factor"], "passkey");
    assert_eq!(entry.leaf["facts"]["fingerprint"], soft.fingerprint());
    let texts = kept(&app).await;
    let [text] = texts.as_slice() else { panic!("one signature: {texts:?}") };
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    assert_eq!(entry.leaf["facts"]["approval_sha256"], hash);
    let whole: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(whole["statement"], said);
    // Once, and for this review alone.
    refused(&app, &approver, review, &answer, ("", "conflict-review-decided")).await;
    refused(&app, &approver, other_review, &answer, old).await;
    approver.get(&page).await.expect(200).has("批准方式").has("通行密钥").has_not("data-passkey");

    // Both packages carry it, and whoever has one checks it with nothing else.
    app.settle().await;
    let court = Court::of(&app);
    let compiler = app.sign_in("compiler").await;
    for one in &dossiers {
        let package = compiler.get(&format!("/dossiers/{}/package.zip", one.id)).await.expect(200).bytes;
        assert!(package.windows(text.len()).any(|part| part == text.as_bytes()), "{}", one.agency_code);
        let zip = court.file("whole.zip", &package);
        let (exit, told) = court.verify(&[&zip]);
        assert!(exit == Some(0) && told.contains("the approval is signed by the passkey"), "{told}");
        assert!(told.replace(' ', "").contains(&soft.fingerprint()), "{told}");
        assert!(told.contains("This passkey is not authenticated"), "{told}");
        let (_, json) = court.verify(&[&zip, "--json"]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["approver"]["fingerprint"], soft.fingerprint());
        assert_eq!(json["approver"]["confirmed"], false);
        // Held to the key that the approver is known to have, or that somebody else has.
        let (own, strange) = (soft.fingerprint(), stranger.fingerprint());
        let (exit, told) = court.verify(&[&zip, "--approver-key", &own]);
        assert!(exit == Some(0) && told.contains("its holder signed the approval themselves"), "{told}");
        let (exit, told) = court.verify(&[&zip, "--approver-key", &strange]);
        assert!(exit == Some(1) && told.contains("not by the given one"), "{told}");
        assert!(told.contains("not signed by the given passkey of the approver"), "{told}");
        let (exit, told) = court.verify(&[&zip, "--approver-key", &zip]);
        assert_eq!(exit, Some(2), "a file that holds no key: {told}");
        assert_eq!(json["package"]["approval"]["signed_sha256"], hash);

        // One letter of it changed.
        let place = package.windows(text.len()).position(|part| part == text.as_bytes()).expect("there");
        let mut changed = package.clone();
        let within = text.find("\"version\":1").expect("a version") + "\"version\":".len();
        changed[place + within] = b'2';
        let (exit, told) = court.verify(&[&court.file("changed.zip", &changed)]);
        assert!(exit == Some(1) && told.contains("approval.json"), "{told}");
        assert!(told.contains("the approval of something else than the seal names"), "{told}");
    }

    // What was signed is never changed.
    for sql in ["UPDATE approval_signature SET approval_json = 'x'", "DELETE FROM approval_signature"] {
        let done =
            app.services.db.write_quiet(move |tx| Ok(diesel::sql_query(sql).execute(tx.conn())?)).await;
        assert!(done.is_err(), "{sql} was let through");
    }
}

#[tokio::test]
async fn whoever_has_a_passkey_may_still_approve_by_a_code_which_is_weaker() {
    let app = named().await;
    let (lead, review) = waiting(&app, &[GUANGZHOU]).await;
    let approver = app.sign_in("approver").await;
    enrol(&app, &approver, &mut Soft::ed25519()).await;
    // As without a script: the form, its code, and the button beside it.
    let mut fields = story::decision(&app, &approver, review).await;
    fields.push(("by".to_owned(), "code".to_owned()));
    fields.push(("credential".to_owned(), String::new()));
    let before = app.audit_count().await;
    story::approve(&approver, review, &fields).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "lead.approve"));
    assert_eq!(entry.leaf["facts"]["second_factor"], "totp");
    assert!(entry.leaf["facts"]["approval_sha256"].is_null());
    assert!(kept(&app).await.is_empty());
    approver.get(&format!("/approvals/{review}")).await.expect(200).has("二次验证的验证码（效力较弱）");
    app.settle().await;
    let one = story::dossiers(&app, lead).await.remove(0);
    let package = app.sign_in("compiler").await.get(&format!("/dossiers/{}/package.zip", one.id)).await;
    let package = package.expect(200).bytes;
    assert!(!package.windows(13).any(|part| part == b"approval.json"));
    let court = Court::of(&app);
    let (exit, told) = court.verify(&[&court.file("whole.zip", &package)]);
    assert!(exit == Some(0) && told.contains("the weaker kind"), "{told}");
    let known = Soft::new().fingerprint();
    let (exit, told) = court.verify(&[&court.file("whole.zip", &package), "--approver-key", &known]);
    assert!(exit == Some(1) && told.contains("signed by no passkey"), "{told}");
}

#[tokio::test]
async fn where_browsers_know_no_passkeys_an_approval_is_by_code() {
    let app = TestApp::new().await;
    let (_, review) = waiting(&app, &[GUANGZHOU]).await;
    let approver = app.sign_in("approver").await;
    let page = format!("/approvals/{review}");
    approver.get(&page).await.expect(200).has("效力较弱").has_not("data-passkey");
    approver.get(&format!("{page}/approve/passkey")).await.expect(409).has("网址须为域名");
}
