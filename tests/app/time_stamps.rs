//! An authority's word for when items and seals were there: asked for while it is away until it is back, kept only where it
//! holds, and given along with the package.

use diesel::prelude::*;
use lead_handoff::{
    audit,
    platform::db::{
        Id,
        schema::{job, time_stamp},
    },
};
use reqwest::multipart::{Form, Part};

use crate::support::{
    Browser, TestApp, fixtures,
    process::{run, run_with},
    seed::GUANGZHOU,
    story,
    tsa::{Authority, Manner},
};

const ASKING: &str = "timestamp.ask";

/// Jobs of a kind that wait are due now.
async fn are_due(app: &TestApp, kind: &'static str) {
    let due = app.services.db.write_quiet(move |tx| {
        let at = tx.now().plus_seconds(-1);
        let waiting = job::table.filter(job::kind.eq(kind)).filter(job::state.eq("queued"));
        diesel::update(waiting).set(job::run_at.eq(at)).execute(tx.conn())?;
        Ok(())
    });
    due.await.expect("due");
}

/// Asks until nobody waits for somebody else's try.
async fn again(app: &TestApp) {
    for _ in 0..2 {
        are_due(app, ASKING).await;
        app.settle().await;
    }
}

/// Has the job that asks for the stamp over the seal, or else over an item, be due in so many seconds.
async fn is_due_in(app: &TestApp, seconds: i64, of_seal: bool) {
    let due = app.services.db.write_quiet(move |tx| {
        let stamps = time_stamp::table.order(time_stamp::id);
        let all: Vec<(Id, Option<Id>)> =
            stamps.select((time_stamp::id, time_stamp::dossier_id)).load(tx.conn())?;
        let (stamp, _) = all.iter().find(|(_, seal)| seal.is_some() == of_seal).expect("a stamp");
        let asking = job::table.filter(job::dedupe.eq(format!("{ASKING}:{stamp}")));
        let at = tx.now().plus_seconds(seconds);
        diesel::update(asking).set(job::run_at.eq(at)).execute(tx.conn())?;
        Ok(())
    });
    due.await.expect("due");
}

/// Registers a file; gives its item.
async fn upload(browser: &Browser, lead: Id, name: &str, text: &str) -> Id {
    let known = story::items(browser, lead).await;
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    form = form.part("file", Part::bytes(text.as_bytes().to_vec()).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(path).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
    let mut now = story::items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

/// A draft of `compiler` with a note; gives the note.
pub(super) async fn noted(app: &TestApp, compiler: &Browser, text: &str) -> Id {
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(compiler, lead, "商品页面", text).await;
    app.settle().await;
    item
}

/// The stamp of which a page gives out the token.
async fn stamp_on(browser: &Browser, page: &str) -> String {
    let text = browser.get(page).await.expect(200).text();
    let id = text.split("/timestamps/").nth(1).and_then(|rest| rest.get(..36));
    id.expect("a time stamp").to_owned()
}

/// The token that a page gives out.
pub(super) async fn token(browser: &Browser, page: &str) -> Vec<u8> {
    let id = stamp_on(browser, page).await;
    let got = browser.get(&format!("{page}/timestamps/{id}.tsr")).await.expect(200);
    assert_eq!(got.headers["content-type"], "application/timestamp-reply");
    got.bytes
}

async fn last(app: &TestApp) -> (String, String, serde_json::Value) {
    let entry: audit::Row = app.last_entry().await;
    (entry.verb, entry.outcome, entry.leaf["facts"].clone())
}

#[tokio::test]
async fn without_an_authority_no_stamp_is_asked_for_and_nothing_is_said_of_any() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let item = noted(&app, &compiler, "标价 199 元").await;
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has_not("可信时间戳");
    let admin = app.sign_in("admin").await;
    admin.get("/admin/jobs").await.expect(200).has_not("可信时间戳");
    admin.get("/admin/settings").await.expect(200).has("LEAD_HANDOFF_TIMESTAMP_URL");
}

#[tokio::test]
async fn an_authority_that_is_away_is_asked_again_until_it_gives_its_stamp() {
    let authority = Authority::new(Manner::Away);
    let app = TestApp::with(&authority.settings()).await;
    let compiler = app.sign_in("compiler").await;
    let item = noted(&app, &compiler, "标价 199 元").await;
    let page = format!("/evidence/{item}");
    compiler.get(&page).await.expect(200).has("可信时间戳").has("系统会自动重试").has_not(".tsr\"");
    let admin = app.sign_in("admin").await;
    let jobs = format!("/admin/jobs?kind={ASKING}");
    admin.get(&jobs).await.expect(200).has("申请可信时间戳").has("等待中").has("/ 800");

    authority.becomes(Manner::Good);
    let before = app.audit_count().await;
    are_due(&app, ASKING).await;
    app.settle().await;
    assert_eq!(app.audit_count().await, before + 1);
    let (verb, outcome, facts) = last(&app).await;
    assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "done"));
    assert_eq!(facts["authority"], authority.url);
    let shown = compiler.get(&page).await.expect(200).has("时间戳时间").has("Test-TSA").has(&authority.url);
    shown.has("收到可信时间戳").has_not("系统会自动重试");
    // What we keep is what the usual tool takes for a stamp over the very bytes, and over no others.
    let bytes = compiler.get(&format!("{page}/content")).await.expect(200).bytes;
    let stamp = token(&compiler, &page).await;
    assert!(authority.agrees(&stamp, &bytes));
    assert!(!authority.agrees(&stamp, b"other"));
    compiler.get(&format!("{page}/custody.csv")).await.expect(200).has("Test-TSA").has("收到可信时间戳");
    compiler.get(&format!("{page}/custody.pdf")).await.expect(200);

    let bearer = fixtures::token(&app, "compiler").await;
    let client = app.stranger();
    let call = client.client.get(client.url(&format!("/api/v1/evidence/{item}"))).bearer_auth(bearer);
    let told = client.send(call).await.expect(200).json();
    assert_eq!(told["timestamps"][0]["authority"], authority.url);
    assert_eq!(told["timestamps"].as_array().map(Vec::len), Some(1));
    assert!(told["timestamps"][0]["serial"].is_string() && told["timestamps"][0]["time"].is_string());

    // The same bytes again have their stamp already.
    let again = noted(&app, &compiler, "标价 199 元").await;
    let before = app.audit_count().await;
    app.settle().await;
    assert_eq!(app.audit_count().await, before);
    compiler.get(&format!("/evidence/{again}")).await.expect(200).has("时间戳时间");
    // Whoever sees no case has no token of it.
    let address = format!("{page}/timestamps/{}.tsr", stamp_on(&compiler, &page).await);
    app.sign_in("liaison").await.get(&address).await.expect(404);
    compiler.get(&address).await.expect(200);
    // A stamp is given out where it belongs, and nowhere else.
    let other = noted(&app, &compiler, "标价 299 元").await;
    let elsewhere = stamp_on(&compiler, &format!("/evidence/{other}")).await;
    compiler.get(&format!("{page}/timestamps/{elsewhere}.tsr")).await.expect(404);
    let checked = run(app.data.path(), app.database.url.as_deref(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[tokio::test]
async fn an_answer_that_does_not_hold_is_refused_and_told() {
    let authority = Authority::new(Manner::OtherImprint);
    let app = TestApp::with(&authority.settings()).await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    for (manner, reason, said) in [
        (Manner::OtherImprint, "stamp-imprint", "over other bytes"),
        (Manner::OtherRoot, "stamp-untrusted", "does not lead to a trusted root"),
        (Manner::Unpurposed, "stamp-untrusted", "is not for that"),
        (Manner::Unnamed, "stamp-untrusted", "is not for that"),
        (Manner::OldChain, "stamp-untrusted", "does not lead to a trusted root"),
        (Manner::Bare, "stamp-signature", "signature of the time stamp does not hold"),
        (Manner::Twice, "stamp-signature", "signature of the time stamp does not hold"),
        (Manner::OldHash, "stamp-signature", "signature of the time stamp does not hold"),
    ] {
        authority.becomes(manner);
        let item = noted(&app, &compiler, &format!("{manner:?}")).await;
        let (verb, outcome, facts) = last(&app).await;
        assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "refused"), "{manner:?}");
        assert_eq!(facts["reason"], reason, "{manner:?}");
        let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
        page.has("未取得时间戳").has_not("时间戳时间").has_not(".tsr\"");
        admin.get("/admin/jobs?state=failed").await.expect(200).has("申请可信时间戳").has(said);
    }
    // Asked again by hand, once the authority is in order.
    authority.becomes(Manner::Good);
    admin.post("/admin/jobs/retry-failed", &[]).await.expect(303);
    app.settle().await;
    let (verb, outcome, _) = last(&app).await;
    assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "done"));
    admin.get("/admin/jobs?state=failed").await.expect(200).has_not("over other bytes");
}

/// RFC 3161 2.3: the certificate is for time stamps alone, and says so where nobody may pass over it.
#[tokio::test]
async fn a_certificate_has_to_be_for_time_stamps_alone_and_to_say_so_firmly() {
    let authority = Authority::new(Manner::ByTheWay);
    let app = TestApp::with(&authority.settings()).await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    for manner in [Manner::ByTheWay, Manner::TwoPurposes, Manner::NoPurpose] {
        authority.becomes(manner);
        let item = noted(&app, &compiler, &format!("{manner:?}")).await;
        let (verb, outcome, facts) = last(&app).await;
        assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "refused"), "{manner:?}");
        assert_eq!(facts["reason"], "stamp-untrusted", "{manner:?}");
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has("未取得时间戳");
    }
    admin.get("/admin/jobs?state=failed").await.expect(200).has("is not for that");
    // By one that says it, and signed in the same way, it is taken.
    authority.becomes(Manner::Anew);
    noted(&app, &compiler, "Anew").await;
    let (verb, outcome, _) = last(&app).await;
    assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "done"));
}

/// What stands between may say something of its own, and an authority may be out of order: that passes, or is told in the end.
#[tokio::test]
async fn an_answer_that_may_be_another_one_is_asked_for_again() {
    let authority = Authority::new(Manner::Page);
    let app = TestApp::with(&authority.settings()).await;
    let compiler = app.sign_in("compiler").await;
    for manner in [Manner::Page, Manner::Refuses] {
        authority.becomes(manner);
        let page = format!("/evidence/{}", noted(&app, &compiler, &format!("{manner:?}")).await);
        assert_ne!(last(&app).await.0, "timestamp.receive", "{manner:?}");
        compiler.get(&page).await.expect(200).has("系统会自动重试").has_not("Test-TSA");
        authority.becomes(Manner::Good);
        again(&app).await;
        compiler.get(&page).await.expect(200).has("Test-TSA");
    }
    authority.becomes(Manner::Refuses);
    let page = format!("/evidence/{}", noted(&app, &compiler, "最后一次").await);
    let limited = app.services.db.write_quiet(|tx| {
        let waiting = job::table.filter(job::kind.eq(ASKING)).filter(job::state.eq("queued"));
        diesel::update(waiting).set(job::max_attempts.eq(2)).execute(tx.conn())?;
        Ok(())
    });
    limited.await.expect("limited");
    again(&app).await;
    let (verb, outcome, facts) = last(&app).await;
    assert_eq!((verb.as_str(), outcome.as_str()), ("timestamp.receive", "refused"));
    assert_eq!(facts["reason"], "stamp-refused");
    compiler.get(&page).await.expect(200).has("未取得时间戳");
}

/// An authority that is away, or hangs, takes no more of the workers' time than one stamp's tries.
#[tokio::test]
async fn while_an_authority_is_away_no_other_stamp_asks_it() {
    let authority = Authority::new(Manner::Away);
    let app = TestApp::with(&authority.settings()).await;
    let compiler = app.sign_in("compiler").await;
    let first = noted(&app, &compiler, "标价 199 元").await;
    let tried = authority.asked();
    assert!(tried > 0);
    is_due_in(&app, 3_600, false).await;
    let second = noted(&app, &compiler, "标价 299 元").await;
    assert_eq!(authority.asked(), tried);
    compiler.get(&format!("/evidence/{second}")).await.expect(200).has("等待时间戳服务机构答复");
    authority.becomes(Manner::Good);
    again(&app).await;
    for item in [first, second] {
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has("Test-TSA");
    }
}

#[tokio::test]
async fn whatever_becomes_an_item_is_stamped() {
    let authority = Authority::new(Manner::Good);
    let app = TestApp::with(&authority.settings()).await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let letter = "From: seller@shop.example\r\nTo: buyer@shop.example\r\nSubject: list\r\n\
        Date: Wed, 4 May 2016 09:30:00 +0800\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
        Content-Type: text/plain\r\n\r\nSee the list.\r\n--b\r\nContent-Type: text/csv; name=\"list.csv\"\r\n\
        Content-Disposition: attachment; filename=\"list.csv\"\r\n\r\ngoods,price\r\n--b--\r\n";
    let letter = upload(&compiler, lead, "报价.eml", letter).await;
    let attached = compiler.post(&format!("/evidence/{letter}/attachments/1"), &[]).await.expect(303).id();
    let chat = upload(&compiler, lead, "聊天.txt", "买家张某。\n已收货。\n").await;
    let fields = [("phrases", "张某"), ("lines", ""), ("name", "给经侦的聊天记录"), ("reason", "含姓名")];
    let redacted = compiler.post(&format!("/evidence/{chat}/redact"), &fields).await.expect(303).id();
    app.settle().await;
    for item in [letter, attached, chat, redacted] {
        compiler.get(&format!("/evidence/{item}")).await.expect(200).has("时间戳时间").has("Test-TSA");
    }
}

#[tokio::test]
async fn the_package_carries_the_stamps_and_whoever_has_the_root_can_verify_them() {
    let authority = Authority::new(Manner::Good);
    let app = TestApp::with(&authority.settings()).await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let page = format!("/dossiers/{}", dossiers[0]);
    let compiler = app.sign_in("compiler").await;
    compiler.get(&page).await.expect(200).has("可信时间戳").has("Test-TSA");
    // The stamp over an item is none over the seal.
    let item = story::items(&compiler, lead).await.remove(0);
    let elsewhere = stamp_on(&compiler, &format!("/evidence/{item}")).await;
    compiler.get(&format!("{page}/timestamps/{elsewhere}.tsr")).await.expect(404);
    let stamp = token(&compiler, &page).await;
    let zip = compiler.get(&format!("{page}/package.zip")).await.expect(200).bytes;
    let names: Vec<String> = zip::ZipArchive::new(std::io::Cursor::new(&zip[..]))
        .expect("a ZIP")
        .file_names_raw()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    for name in ["/timestamps/seal-1.tsr", "/timestamps/item-001-1.tsr"] {
        assert!(names.iter().any(|one| one.ends_with(name)), "{names:?}");
    }

    let room = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = room.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let key = run(app.data.path(), app.database.url.as_deref(), &["key", "show"]).stdout;
    let (whole, key) = (file("whole.zip", &zip), file("sender.txt", &key));
    let (root, other) = (authority.root(), authority.other_root());
    let (root, other) = (root.display().to_string(), other.display().to_string());
    // A court's machine: no database, no settings.
    let verify = |zip: &str, more: &[&str]| {
        let done = run(room.path(), None, &[&["verify", zip, "--public-key", &key][..], more].concat());
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = verify(&whole, &["--timestamp-ca", &root]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Time stamp over seal.json") && said.contains("by Test-TSA"), "{said}");
    assert!(!said.contains("not verified"), "{said}");
    let (code, said) = verify(&whole, &[]);
    assert!(
        code == Some(0) && said.contains("its authority is not verified, so it says nothing about the time"),
        "{said}"
    );
    let (_, said) = verify(&whole, &["--timestamp-ca", &root, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(told["stamps"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["stamps"][0]["over"], "seal.json");
    assert_eq!(told["stamps"][0]["trusted"], true);
    let (code, said) = verify(&whole, &["--timestamp-ca", &other]);
    assert!(code == Some(1) && said.contains("leads to none of the given roots"), "{said}");
    assert!(said.contains("sealed by a trusted key") && !said.contains("no trusted key"), "{said}");
    let (code, _) = verify(&whole, &["--timestamp-ca", &key]);
    assert_eq!(code, Some(2), "a file that holds no root");
    // The root of the settings is as good.
    let pinned = [("LEAD_HANDOFF_TIMESTAMP_CA", root.as_str())];
    let done = run_with(room.path(), None, &pinned, &["verify", &whole, "--public-key", &key]);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.code() == Some(0) && !said.contains("not verified"), "{said}");

    let mut changed = zip.clone();
    let place = zip.windows(stamp.len()).position(|part| part == stamp).expect("the stamp as it is");
    changed[place + stamp.len() - 1] ^= 1;
    let (code, said) = verify(&file("changed.zip", &changed), &["--timestamp-ca", &root]);
    assert!(code == Some(1) && said.contains("seal-1.tsr: the signature of the time stamp"), "{said}");
}

/// The package waits for a stamp over its seal, but not for an authority that can't be reached.
#[tokio::test]
async fn sealing_waits_for_no_authority_and_packing_not_for_long() {
    let authority = Authority::new(Manner::Away);
    let app = TestApp::with(&authority.settings()).await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let page = format!("/dossiers/{}", dossiers[0]);
    let made = story::dossiers(&app, lead).await.remove(0);
    assert!(made.sealed_at.is_some() && made.packed.is_none());
    for _ in 0..3 {
        are_due(&app, ASKING).await;
        app.settle().await;
        are_due(&app, "dossier.package").await;
        app.settle().await;
    }
    assert!(story::dossiers(&app, lead).await[0].packed.is_some());
    let compiler = app.sign_in("compiler").await;
    let zip = compiler.get(&format!("{page}/package.zip")).await.expect(200).bytes;
    assert!(!String::from_utf8_lossy(&zip).contains("timestamps/"));
    // A stamp that comes later stands on the page; the package is what it was.
    authority.becomes(Manner::Good);
    again(&app).await;
    compiler.get(&page).await.expect(200).has("Test-TSA");
    let stamp = token(&compiler, &page).await;
    assert!(!stamp.is_empty());
    let again = compiler.get(&format!("{page}/package.zip")).await.expect(200).bytes;
    assert!(again == zip);
}

/// The package waits for the stamps over what it carries, too: they go into it or never will.
#[tokio::test]
async fn packing_waits_for_the_stamps_of_its_items() {
    let authority = Authority::new(Manner::Refuses);
    let app = TestApp::with(&authority.settings()).await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    authority.becomes(Manner::Good);
    is_due_in(&app, 3_600, false).await;
    is_due_in(&app, -1, true).await;
    app.settle().await;
    let compiler = app.sign_in("compiler").await;
    let page = format!("/dossiers/{}", dossiers[0]);
    compiler.get(&page).await.expect(200).has("Test-TSA");
    are_due(&app, "dossier.package").await;
    app.settle().await;
    assert!(story::dossiers(&app, lead).await[0].packed.is_none());
    is_due_in(&app, -1, false).await;
    app.settle().await;
    are_due(&app, "dossier.package").await;
    app.settle().await;
    let zip = compiler.get(&format!("{page}/package.zip")).await.expect(200).bytes;
    let holds = |name: &[u8]| zip.windows(name.len()).any(|part| part == name);
    assert!(holds(b"timestamps/seal-1.tsr") && holds(b"timestamps/item-001-1.tsr"));
}
