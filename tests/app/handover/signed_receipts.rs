//! The receipt as a document that can be proved: made when a dossier is acknowledged, read by both sides and by nobody else,
//! checked offline against the package.

use data_encoding::HEXLOWER;
use diesel::prelude::*;
use lead_handoff::{
    audit,
    directory::people::Side,
    handover::transfer::{
        actions::{self, By, NewStep},
        model::StepKind,
        store as transfers,
    },
    platform::{
        db::{Id, schema::delivery},
        error::Result,
    },
};
use sha2::{Digest, Sha256};

use super::{SCAN, Story, scan, send};
use crate::{
    custody::text_of,
    support::{Browser, TestApp, process::run, seed::GUANGZHOU, story, today},
};

/// The address of the receipt's files on a transfer's page, without what they end in.
pub(super) async fn receipt_on(who: &Browser, page: &str) -> String {
    let shown = who.get(page).await.expect(200).text();
    let file = shown.split('"').find(|part| part.ends_with(".json") && part.contains("/receipts/"));
    file.expect("a receipt").trim_end_matches(".json").to_owned()
}

/// What both files of a receipt hold.
pub(super) async fn files(who: &Browser, at: &str) -> (Vec<u8>, Vec<u8>) {
    let json = who.get(&format!("{at}.json")).await.expect(200).bytes;
    (json, who.get(&format!("{at}.sig")).await.expect(200).bytes)
}

/// A court's machine: no database, no settings; the key of the platform from elsewhere.
pub(crate) struct Court {
    room: tempfile::TempDir,
    key: String,
}

impl Court {
    pub(crate) fn of(app: &TestApp) -> Self {
        let room = tempfile::tempdir().expect("a folder");
        let shown = run(app.data.path(), app.database.url.as_deref(), &["key", "show"]).stdout;
        let key = room.path().join("sender.txt");
        std::fs::write(&key, shown).expect("written");
        Self { key: key.display().to_string(), room }
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.room.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    }

    /// `verify` with the platform's key and these arguments: its exit code and what it said.
    pub(crate) fn verify(&self, args: &[&str]) -> (Option<i32>, String) {
        self.verify_by(&self.key, args)
    }

    fn verify_by(&self, key: &str, args: &[&str]) -> (Option<i32>, String) {
        let args = [&["verify", "--public-key", key][..], args].concat();
        let done = run(self.room.path(), None, &args);
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    }
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[tokio::test]
async fn what_a_liaison_signs_for_is_proved_by_a_receipt() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = send(&compiler, dossiers[0], "portal").await.expect(303).id();
    let page = format!("/transfers/{transfer}");
    for who in [&compiler, &liaison] {
        who.get(&page).await.expect(200).has_not("/receipts/");
    }
    // What the page says to compare stands at the foot of the letter.
    let shown = liaison.get(&page).await.expect(200).has("内容校验值印在移送函").text();
    let hashes: Vec<&str> =
        shown.split("data-copy=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let letter = liaison.get(&format!("/dossiers/{}/letter.pdf", dossiers[0])).await.expect(200).bytes;
    let letter: String = text_of(&letter).split_whitespace().collect();
    assert!(hashes.iter().any(|hash| hash.len() == 64 && letter.contains(hash)), "{hashes:?} {letter}");
    let before = app.audit_count().await;
    liaison.post(&format!("{page}/acknowledge"), &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.acknowledge"));
    let hash = entry.leaf["facts"]["receipt_sha256"].as_str().expect("a hash").to_owned();

    // Both sides have the same files; each look is on record.
    let at = receipt_on(&liaison, &page).await;
    assert_eq!(receipt_on(&compiler, &page).await, at);
    for who in [&liaison, &compiler, &app.sign_in("auditor").await] {
        let before = app.audit_count().await;
        let (json, _) = files(who, &at).await;
        assert_eq!(sha256(&json), hash);
        let paper = who.get(&format!("{at}.pdf")).await.expect(200);
        assert!(paper.bytes.starts_with(b"%PDF-"));
        // Times as people read them; as a program does they stand in the JSON.
        let text: String = text_of(&paper.bytes).split_whitespace().collect();
        assert!(text.contains("签收时间") && text.contains("+08:00") && !text.contains("登记时间"), "{text}");
        assert!(!text.contains(".000000") && !text.contains(&format!("{}T", today())), "{text}");
        let entry = app.last_entry().await;
        assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 3, "transfer.receipt_read"));
        assert_eq!(entry.leaf["facts"]["file"].as_str(), Some("receipt.pdf"));
        assert_eq!(entry.leaf["facts"]["receipt_sha256"].as_str(), Some(hash.as_str()));
    }
    for nobody in ["liaison2", "admin"] {
        let nobody = app.sign_in(nobody).await;
        for ending in ["json", "sig", "pdf"] {
            nobody.get(&format!("{at}.{ending}")).await.expect(404);
        }
    }
    let elsewhere = format!("{page}/receipts/{}", Id::new());
    liaison.get(&format!("{elsewhere}.json")).await.expect(404);

    let (json, signature) = files(&liaison, &at).await;
    assert!(json.ends_with(b"}\n") && !json.ends_with(b"\n\n"));
    let said: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(said["strength"], "password_and_code");
    assert!(said["second_factor_at"].is_string() && said["paper"].is_null(), "{said}");
    assert_eq!(said["signer"]["account"], app.seed.people["liaison"].to_string());
    assert_eq!(said["signer"]["role"], "liaison");
    assert_eq!(said["agency"]["code"], GUANGZHOU);
    assert_eq!(said["manifest_sha256"], entry.leaf["facts"]["manifest_sha256"]);
    // The sending stands in it as the log has it, where the person is to be found.
    let sending = audit::Filter { verb_prefix: Some("transfer.send".into()), ..audit::Filter::default() };
    let sending = app.services.db.read(move |conn| audit::page(conn, &sending, 1)).await.expect("entries");
    assert_eq!(sending[0].actor_id, Some(app.seed.people["compiler"]));
    assert_eq!(said["sent"]["audit_entry"], sending[0].id.to_string());

    // Nobody takes it back or writes it anew.
    for sql in ["UPDATE handover_receipt_text SET receipt_json = 'x'", "DELETE FROM handover_receipt"] {
        let done =
            app.services.db.write_quiet(move |tx| Ok(diesel::sql_query(sql).execute(tx.conn())?)).await;
        assert!(done.is_err(), "{sql} was let through");
    }

    let court = Court::of(&app);
    let package = liaison.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let (zip, receipt) = (court.file("whole.zip", &package), court.file("one-receipt.json", &json));
    let (code, told) = court.verify(&[&zip, "--receipt", &receipt]);
    assert_eq!(code, Some(2), "without its signature: {told}");
    let beside = court.file("one-receipt.sig", &signature);
    let (code, told) = court.verify(&[&zip, "--receipt", &receipt]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("Receipt authentic") && told.contains("the code of a second factor"), "{told}");
    assert!(told.contains(said["signer"]["name"].as_str().expect("a name")), "{told}");
    // It is among what is proved, and no longer among what is not.
    assert!(
        told.contains("The given receipt is of this package") && !told.contains("No receipt was given"),
        "{told}"
    );
    assert!(!told.contains("Whether the package was sent"), "{told}");
    let (code, told) = court.verify(&[&zip, "--receipt", &receipt, "--lang", "zh"]);
    assert!(code == Some(0) && told.contains("回执真实"), "{told}");
    let (code, told) = court.verify(&[&zip, "--receipt", &receipt, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&told).expect("one JSON object");
    assert_eq!((code, report["exit"].as_i64()), (Some(0), Some(0)));
    assert_eq!(report["receipt"]["verdict"], "authentic");
    assert_eq!(report["receipt"]["receipt"]["seal_sha256"], report["package"]["seal_sha256"]);

    // A byte of it changed.
    let text = String::from_utf8(json.clone()).expect("text");
    let changed = court.file("changed.json", text.replace("\"liaison\"", "\"manager\"").as_bytes());
    let (code, told) = court.verify(&[&zip, "--receipt", &changed, "--receipt-signature", &beside]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("the signature of the receipt is not valid"), "{told}");
    // The package of another lead.
    let (_, others) = story::sealed(&app, &[GUANGZHOU]).await;
    let other = compiler.get(&format!("/dossiers/{}/package.zip", others[0])).await.expect(200).bytes;
    let (code, told) = court.verify(&[&court.file("other.zip", &other), "--receipt", &receipt]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.starts_with("The package is whole and authentic; but the receipt")
            && told.contains("is of another package"),
        "{told}"
    );
    // The key of somebody else.
    let stranger = TestApp::new().await;
    let foreign = Court::of(&stranger);
    let (code, told) = court.verify_by(&foreign.key, &[&zip, "--receipt", &receipt]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("Receipt not authenticated"), "{told}");
}

#[tokio::test]
async fn a_receipt_from_paper_names_the_scan_and_nobody_of_the_platform() {
    let app = TestApp::new().await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let transfer = send(&compiler, dossiers[0], "paper").await.expect(303).id();
    let page = format!("/transfers/{transfer}");
    let shown = compiler.get(&page).await.expect(200).text();
    let upload = shown.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&compiler, &upload, SCAN).await.expect(303);
    // The scan alone proves nothing yet: a second person looks at it.
    compiler.get(&page).await.expect(200).has_not("/receipts/");
    let before = app.audit_count().await;
    manager.post(&format!("{page}/acknowledge"), &[("on_day", &today())]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.acknowledge"));

    let at = receipt_on(&manager, &page).await;
    let (json, signature) = files(&manager, &at).await;
    assert_eq!(entry.leaf["facts"]["receipt_sha256"].as_str(), Some(sha256(&json).as_str()));
    let said: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(said["strength"], "paper");
    assert_eq!(said["paper"]["scan_sha256"], sha256(SCAN));
    assert_eq!(said["paper"]["on_day"], today());
    let organisation = app.services.settings.organisation.clone();
    assert_eq!(said["signer"], serde_json::json!({ "name": organisation }));
    assert!(said["second_factor_at"].is_null());
    // The agency may read it, and does not learn who of the platform acted.
    let liaison = app.sign_in("liaison").await;
    assert_eq!(files(&liaison, &at).await.0, json);
    let text = String::from_utf8_lossy(&json).into_owned();
    let ids = ["manager", "compiler"].map(|username| app.seed.people[username].to_string());
    for told in ["管理者甲", "manager", "compiler", ids[0].as_str(), ids[1].as_str()] {
        assert!(!text.contains(told), "{told} in {text}");
    }
    let paper = liaison.get(&format!("{at}.pdf")).await.expect(200);
    // The server knows when it was recorded, and its paper on which day it was received.
    let text: String = text_of(&paper.bytes).split_whitespace().collect();
    assert!(text.contains("登记时间") && !text.contains("签收时间"), "{text}");
    assert!(text.contains("签收日期") && text.contains(&today()), "{text}");
    app.sign_in("liaison2").await.get(&format!("{at}.json")).await.expect(404);

    let court = Court::of(&app);
    let package = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let (zip, receipt) = (court.file("whole.zip", &package), court.file("receipt.json", &json));
    let signature = court.file("signed.txt", &signature);
    let (code, told) = court.verify(&[&zip, "--receipt", &receipt, "--receipt-signature", &signature]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("received this package on paper"), "{told}");
    assert!(told.contains(&format!("by {organisation} from a scan")) && !told.contains(&ids[0]), "{told}");
    assert!(told.replace(' ', "").contains(&sha256(SCAN)), "{told}");
}

#[tokio::test]
async fn the_page_says_where_there_is_no_such_receipt() {
    // Received before there were such documents.
    let s = Story::sent().await;
    let (id, who) = (s.transfer, s.app.seed.people["liaison"]);
    let zone = s.app.services.settings.time_zone;
    let taken = s.app.services.db.write_quiet(move |tx| -> Result<()> {
        let row = transfers::find(tx.conn(), id)?;
        let of_transfer = delivery::table.filter(delivery::transfer_id.eq(id)).select(delivery::id);
        let delivery: Id = of_transfer.first(tx.conn())?;
        let step = NewStep { delivery: Some(delivery), ..NewStep::of(StepKind::Received) };
        let at = tx.now();
        let by =
            By { actor: Some(who), side: Side::Agency, paper: false, scan: None, on_day: None, at, zone };
        actions::take(tx, &row, &step, &by).map(|_| ())
    });
    taken.await.expect("a step");
    let page = format!("/transfers/{id}");
    for side in [&s.compiler, &s.liaison] {
        side.get(&page).await.expect(200).has("该次签收早于签名回执启用").has_not("/receipts/");
    }

    // Its words were erased by law: hash and signature stay.
    let s = Story::received().await;
    let page = format!("/transfers/{}", s.transfer);
    let at = receipt_on(&s.liaison, &page).await;
    let erased = s
        .app
        .services
        .db
        .write_quiet(|tx| Ok(diesel::sql_query("DELETE FROM handover_receipt_text").execute(tx.conn())?));
    assert_eq!(erased.await.expect("erased"), 1);
    let shown = s.liaison.get(&page).await.expect(200).has("已依法删除");
    shown.has(&format!("{at}.sig")).has_not(&format!("{at}.json"));
    s.liaison.get(&format!("{at}.json")).await.expect(404);
    s.liaison.get(&format!("{at}.pdf")).await.expect(404);
    s.liaison.get(&format!("{at}.sig")).await.expect(200);
}
