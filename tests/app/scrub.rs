//! What is stored is read back: a file that is not as it was stored raises an alarm that nobody can miss, holds up its
//! dossiers, and is over once somebody has brought it back and had it looked at.

use std::path::{Path, PathBuf};

use diesel::prelude::*;
use lead_handoff::{
    audit,
    casework::evidence::scrub,
    platform::{
        db::{
            Id, Instant,
            schema::{blob_check, job, mail_message, scrub_month},
        },
        i18n::{Lang, t_count},
    },
};

use serde_json::json;

use crate::support::{Browser, TestApp, seed::GUANGZHOU, story};

const ALARMS: &str = "/admin/evidence";
const BAR: &str = "class=\"alarm-bar\"";

/// A server looks whether anything is due.
pub(super) async fn scheduled(app: &TestApp) {
    let services = app.services.clone();
    let scheduled = tokio::task::spawn_blocking(move || scrub::schedule(&services));
    scheduled.await.expect("joined").expect("scheduled");
}

/// The rests between batches are over, and whatever is due is read back.
pub(super) async fn scrubbed(app: &TestApp) {
    scheduled(app).await;
    put_off(app, scrub::JOB, -1).await;
    app.settle().await;
}

/// A month goes by.
pub(super) async fn all_are_due(app: &TestApp) {
    all_read_at(app, Instant::from_micros(1)).await;
}

/// Every file was read back at that moment.
pub(super) async fn all_read_at(app: &TestApp, at: Instant) {
    let due = app.services.db.write_quiet(move |tx| {
        let then = (blob_check::checked_at.eq(at), blob_check::retry_at.eq(at));
        diesel::update(blob_check::table).set(then).execute(tx.conn())?;
        Ok(())
    });
    due.await.expect("due");
}

/// Jobs of a kind are looked at so many seconds from now.
pub(super) async fn put_off(app: &TestApp, kind: &'static str, seconds: i64) {
    let put_off = app.services.db.write_quiet(move |tx| {
        let at = tx.now().plus_seconds(seconds);
        let waiting = job::table.filter(job::kind.eq(kind)).filter(job::state.eq("queued"));
        diesel::update(waiting).set(job::run_at.eq(at)).execute(tx.conn())?;
        Ok(())
    });
    put_off.await.expect("put off");
}

/// The objects of the evidence folder.
pub(super) fn objects(app: &TestApp) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for shelf in std::fs::read_dir(app.data.path().join("evidence")).expect("evidence") {
        let shelf = shelf.expect("a shelf").path();
        let files = std::fs::read_dir(shelf).expect("a shelf").map(|file| file.expect("a file").path());
        found.extend(files.filter(|path| path.is_file()));
    }
    found
}

/// Changes the last byte of an object; gives what it was.
pub(super) fn damage(path: &Path) -> Vec<u8> {
    let whole = std::fs::read(path).expect("an object");
    let mut bytes = whole.clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(path, bytes).expect("damaged");
    whole
}

/// Entries of a verb, the newest first.
async fn entries(app: &TestApp, verb: &'static str) -> Vec<audit::Row> {
    let filter = audit::Filter { verb_prefix: Some(verb.to_owned()), ..audit::Filter::default() };
    app.services.db.read(move |conn| audit::page(conn, &filter, 100)).await.expect("entries")
}

/// A draft of `compiler` with one note, and the object that holds the note.
pub(super) async fn with_a_note(app: &TestApp, compiler: &Browser) -> (Id, Id, PathBuf) {
    let lead = app.seed.lead(&app.services, "compiler");
    let known = objects(app);
    let item = story::note(compiler, lead, "商品页面", "标价 199 元").await;
    let mut new = objects(app);
    new.retain(|path| !known.contains(path));
    assert_eq!(new.len(), 1, "{new:?}");
    (lead, item, new.remove(0))
}

/// Where an administrator has the only alarm looked at again.
async fn check_again(admin: &Browser) -> String {
    let page = admin.get(ALARMS).await.expect(200).text();
    let action = page.split("action=\"").find(|part| part.starts_with(ALARMS)).expect("a form");
    action.split(['"', '?']).next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_is_as_it_was_stored_is_bookkeeping_and_nobodys_news() {
    let app = TestApp::new().await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    let (_, item, _) = with_a_note(&app, &compiler).await;
    app.settle().await;
    let page = format!("/evidence/{item}");
    compiler.get(&page).await.expect(200).has("入库后尚未复核").has_not(BAR);
    let before = app.audit_count().await;
    scrubbed(&app).await;
    assert_eq!(app.audit_count().await, before);
    compiler.get(&page).await.expect(200).has("与入库时一致").has_not(BAR);
    admin.get(ALARMS).await.expect(200).has("没有未解除的告警").has_not(BAR);
    admin.get("/admin/system").await.expect(200).has("存储文件的复核").has("30 天");
    let jobs = admin.get("/admin/jobs?kind=evidence.scrub").await.expect(200);
    jobs.has("已完成").has("到期 1 个文件，本轮复核 1 个").has_not("0 / 1").has_not("<progress");
    // Nothing is due for a month, so that nothing is queued.
    let queued = || async {
        let count = app.services.db.read(|conn| {
            let all = job::table.filter(job::kind.eq(scrub::JOB)).count();
            Ok(all.get_result::<i64>(conn)?)
        });
        count.await.expect("a number")
    };
    let jobs = queued().await;
    scrubbed(&app).await;
    assert_eq!(queued().await, jobs);
    all_are_due(&app).await;
    scrubbed(&app).await;
    assert_eq!(queued().await, jobs + 1);
}

#[tokio::test]
async fn a_damaged_file_is_told_to_everybody_whom_it_concerns_until_it_was_brought_back() {
    let app = TestApp::new().await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    let (lead, item, object) = with_a_note(&app, &compiler).await;
    app.settle().await;
    scrubbed(&app).await;
    let whole = damage(&object);
    all_are_due(&app).await;
    let before = app.audit_count().await;
    scrubbed(&app).await;

    // The log, and a mail to the administrator, whatever they have switched off.
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.actor_name.as_str()), ("evidence.alarm", "system:worker"));
    assert_eq!(entry.leaf["facts"]["fault"], "damaged");
    assert!(entry.objects().contains(&("evidence".to_owned(), item.to_string())), "{:?}", entry.objects());
    let mails = app.services.db.read(|conn| {
        let told = mail_message::table.filter(mail_message::template.eq("evidence-alarm"));
        Ok(told.select((mail_message::to_address, mail_message::state)).load(conn)?)
    });
    let mails: Vec<(String, String)> = mails.await.expect("mails");
    assert_eq!(mails, [("admin@example.com".to_owned(), "sent".to_owned())]);

    // Every page of the administrators, who see no case by it.
    admin.get("/admin/people").await.expect(200).has(BAR).has("1 个存储文件").has(ALARMS);
    let name = object.file_name().and_then(|name| name.to_str()).expect("a name");
    let page = admin.get(ALARMS).await.expect(200).has("文件损坏").has(name).has("编制人甲");
    assert!(!page.text().contains("商品页面"));
    let home = admin.get("/").await.expect(200).text();
    let (alarms, rest) = (home.find("id=\"alarms\""), home.find("id=\"begin\""));
    assert!(alarms.is_some() && (rest.is_none() || alarms < rest), "first of what waits: {home}");
    admin.get("/admin/system").await.expect(200).has("有未解除的告警");
    // The pages of whoever works on the lead, and of nobody else.
    compiler.get("/leads").await.expect(200).has(BAR).has(&format!("/evidence/{item}"));
    let home = compiler.get("/").await.expect(200).has("您的证据有告警").text();
    assert!(home.find("id=\"own-alarms\"") < home.find("id=\"drafts\""), "{home}");
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("证据文件告警").has("文件损坏");
    app.sign_in("compiler2").await.get("/leads").await.expect(200).has_not(BAR);
    app.sign_in("manager").await.get("/").await.expect(200).has_not(BAR);

    // Nothing is composed of it, and the item is named.
    let gz = app.seed.agencies[GUANGZHOU];
    let refused = story::compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(422);
    refused.has("未解除的告警").has("1 商品页面.txt");
    assert!(story::newest(&app, lead).await.is_empty());

    // Found again it is the same alarm, and asked for without bringing anything back it stays.
    all_are_due(&app).await;
    scrubbed(&app).await;
    let check = check_again(&admin).await;
    compiler.post(&check, &[]).await.expect(404);
    admin.post(&check, &[]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "evidence.check_alarm");
    app.settle().await;
    let entry = app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["result"].as_str()),
        ("evidence.verified", Some("damaged"))
    );
    assert_eq!(entries(&app, "evidence.alarm").await.len(), 1);
    admin.get("/admin/people").await.expect(200).has(BAR);

    // Brought back, it is over when somebody says so, and not before.
    std::fs::write(&object, whole).expect("brought back");
    all_are_due(&app).await;
    scrubbed(&app).await;
    admin.get("/admin/people").await.expect(200).has(BAR);
    admin.post(&check, &[]).await.expect(303);
    app.settle().await;
    assert_eq!(app.last_entry().await.verb, "evidence.clear");
    admin.get("/admin/people").await.expect(200).has_not(BAR);
    compiler.get("/").await.expect(200).has_not(BAR).has_not("您的证据有告警");
    admin.post(&check, &[]).await.expect(404);
    story::compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    app.settle().await;
    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
    page.has("复核发现异常，发出告警").has("告警解除");
}

#[tokio::test]
async fn of_several_items_with_an_alarm_the_pages_tell_how_many_and_lead_to_the_first() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, first, _) = with_a_note(&app, &compiler).await;
    let second = story::note(&compiler, lead, "店铺页面", "标价 299 元").await;
    app.settle().await;
    scrubbed(&app).await;
    compiler.get("/leads").await.expect(200).has_not(BAR);
    objects(&app).iter().for_each(|path| drop(damage(path)));
    all_are_due(&app).await;
    scrubbed(&app).await;
    assert_eq!(entries(&app, "evidence.alarm").await.len(), 2);
    let page =
        compiler.get("/leads").await.expect(200).has(BAR).has(&t_count(Lang::Zh, "alarm-bar-items", 2));
    page.has(&format!("/evidence/{first}")).has_not(&format!("/evidence/{second}"));
    app.sign_in("compiler2").await.get("/leads").await.expect(200).has_not(BAR);
}

#[tokio::test]
async fn the_work_on_a_dossier_waits_for_a_file_that_is_gone_and_goes_on_once_it_is_back() {
    let app = TestApp::new().await;
    let (compiler, admin) = (app.sign_in("compiler").await, app.sign_in("admin").await);
    let (lead, item, object) = with_a_note(&app, &compiler).await;
    app.settle().await;
    let gz = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    put_off(&app, "dossier.freeze", 3_600).await;
    let kept = app.data.path().join("kept");
    std::fs::rename(&object, &kept).expect("gone");
    scrubbed(&app).await;
    assert_eq!(app.last_entry().await.leaf["facts"]["fault"], "missing");

    put_off(&app, "dossier.freeze", -1).await;
    app.settle().await;
    let one = story::dossiers(&app, lead).await.remove(0);
    assert!(one.content_sha256.is_none(), "it is not frozen");
    let page = format!("/dossiers/{}", one.id);
    compiler.get(&page).await.expect(200).has("处理已暂停").has("1 商品页面.txt");
    let tries = app.services.db.read(|conn| {
        let freezing = job::table.filter(job::kind.eq("dossier.freeze"));
        Ok(freezing.select((job::state, job::attempts)).first::<(String, i32)>(conn)?)
    });
    assert_eq!(tries.await.expect("a job"), ("queued".to_owned(), 0), "it waits and has not failed");

    std::fs::rename(&kept, &object).expect("back");
    admin.post(&check_again(&admin).await, &[]).await.expect(303);
    app.settle().await;
    put_off(&app, "dossier.freeze", -1).await;
    app.settle().await;
    let one = story::dossiers(&app, lead).await.remove(0);
    assert!(one.content_sha256.is_some(), "frozen");
    compiler.get(&page).await.expect(200).has_not("处理已暂停");
}

#[tokio::test]
async fn a_store_that_is_away_is_no_alarm_and_is_tried_again() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (_, item, _) = with_a_note(&app, &compiler).await;
    app.settle().await;
    let (folder, away) = (app.data.path().join("evidence"), app.data.path().join("away"));
    std::fs::rename(&folder, &away).expect("away");
    let before = app.audit_count().await;
    scrubbed(&app).await;
    assert_eq!(app.audit_count().await, before);
    assert!(entries(&app, "evidence.alarm").await.is_empty());
    std::fs::rename(&away, &folder).expect("there again");
    put_off(&app, scrub::JOB, -1).await;
    app.settle().await;
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("与入库时一致");
}

#[tokio::test]
async fn while_evidence_is_moved_the_store_before_may_be_away_without_an_alarm() {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, away) = (folder.path().join("before"), folder.path().join("away"));
    std::fs::create_dir(&before).expect("the store before");
    let setting = ("LEAD_HANDOFF_EVIDENCE_FALLBACK_URL", before.display().to_string());
    let app = TestApp::with(&[setting]).await;
    let compiler = app.sign_in("compiler").await;
    let (_, item, object) = with_a_note(&app, &compiler).await;
    app.settle().await;
    let shelf = before.join(object.parent().and_then(Path::file_name).expect("a shelf"));
    std::fs::create_dir(&shelf).expect("a shelf");
    std::fs::copy(&object, shelf.join(object.file_name().expect("a name"))).expect("not moved yet");
    std::fs::remove_file(&object).expect("not there yet");

    std::fs::rename(&before, &away).expect("away");
    for _ in 0..4 {
        all_are_due(&app).await;
        scrubbed(&app).await;
    }
    assert!(entries(&app, "evidence.alarm").await.is_empty());
    std::fs::rename(&away, &before).expect("there again");
    all_are_due(&app).await;
    scrubbed(&app).await;
    compiler.get(&format!("/evidence/{item}")).await.expect(200).has("与入库时一致").has_not(BAR);
}

#[tokio::test]
async fn whoever_reads_an_item_may_have_it_hashed_anew_and_that_is_on_record() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (_, item, object) = with_a_note(&app, &compiler).await;
    app.settle().await;
    let verify = format!("/evidence/{item}/verify");
    app.sign_in("liaison").await.post(&verify, &[]).await.expect(404);
    app.sign_in("admin").await.post(&verify, &[]).await.expect(404);
    let approver = app.sign_in("approver").await;
    let before = app.audit_count().await;
    approver.post(&verify, &[]).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "evidence.verify")
    );
    app.settle().await;
    let entry = app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["result"].as_str()),
        ("evidence.verified", Some("whole"))
    );
    let page = approver.get(&format!("/evidence/{item}")).await.expect(200);
    page.has("复核完成").has("与入库时一致");

    // What is found so raises the alarm as well.
    damage(&object);
    approver.post(&verify, &[]).await.expect(303);
    app.settle().await;
    assert_eq!(app.last_entry().await.verb, "evidence.alarm");
    compiler.get("/leads").await.expect(200).has(BAR);
}

#[tokio::test]
async fn the_log_is_told_of_a_month_once_it_is_over() {
    let app = TestApp::new().await;
    let past = app.services.db.write_quiet(|tx| {
        diesel::insert_into(scrub_month::table)
            .values((
                scrub_month::month.eq("2016-05"),
                scrub_month::files.eq(12_i64),
                scrub_month::bytes.eq(3_400_i64),
                scrub_month::faults.eq(1_i64),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    past.await.expect("a month");
    app.settle().await;
    scrubbed(&app).await;
    let told = entries(&app, "evidence.scrub").await;
    assert_eq!(told.len(), 1);
    let facts = json!({ "month": "2016-05", "files": 12, "bytes": 3_400, "faults": 1 });
    assert_eq!(told[0].leaf["facts"], facts);
    scrubbed(&app).await;
    assert_eq!(entries(&app, "evidence.scrub").await.len(), 1);
}
