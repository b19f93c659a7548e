//! Which notices come by e-mail: at once, counted in one mail a day, or not at all, as each account chose.

use chrono::NaiveDate;
use diesel::prelude::*;
use lead_handoff::{
    directory::{people::notices, reference::working_calendar},
    platform::{
        db::schema::{job, mail_message, notice_pending},
        jobs::{self, Job},
        time,
    },
};
use serde_json::json;

use crate::support::{Browser, TestApp, fixtures, seed::GUANGZHOU};

/// The messages to an account, oldest first: template and parameters.
async fn mail_to(app: &TestApp, username: &str) -> Vec<(String, String)> {
    let address = format!("{username}@example.com");
    let found = app.services.db.read(move |conn| {
        Ok(mail_message::table
            .filter(mail_message::to_address.eq(address))
            .order(mail_message::id)
            .select((mail_message::template, mail_message::params))
            .load(conn)?)
    });
    found.await.expect("mail")
}

async fn waiting(app: &TestApp) -> i64 {
    app.services.db.read(|conn| Ok(notice_pending::table.count().get_result(conn)?)).await.expect("count")
}

/// The morning comes: what was kept until now is to be sent.
async fn morning(app: &TestApp) {
    let queued = app.services.db.write_quiet(|tx| {
        let until = tx.now().plus_seconds(1);
        jobs::enqueue(tx, Job::new(notices::JOB, json!({ "until": until })).once(notices::JOB))
    });
    queued.await.expect("queued");
    app.settle().await;
}

async fn send(app: &TestApp, compiler: &Browser, number: &str) {
    let lead = fixtures::lead(app, number, "假冒品牌手表").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303);
}

/// The choices of a liaison.
fn chosen(new: &'static str, progress: &'static str) -> [(&'static str, &'static str); 6] {
    [
        ("new-transfer", new),
        ("progress", progress),
        ("supplement", "at-once"),
        ("message", "at-once"),
        ("deadline", "at-once"),
        ("outcome", "at-once"),
    ]
}

#[tokio::test]
async fn a_liaison_has_new_transfers_counted_in_one_mail_a_day() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let page = liaison.get("/account/notices").await.expect(200);
    page.has("签收期限自此起算").has("name=\"new-transfer\"").has_not("name=\"review\"");
    send(&app, &compiler, "XS-2026-000001").await;
    assert_eq!(mail_to(&app, "liaison").await.len(), 1, "at once, until something else is chosen");

    liaison.post("/account/notices", &chosen("digest", "at-once")).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "person.choose-notices");
    send(&app, &compiler, "XS-2026-000002").await;
    send(&app, &compiler, "XS-2026-000003").await;
    assert_eq!((mail_to(&app, "liaison").await.len(), waiting(&app).await), (1, 2));
    morning(&app).await;
    let mail = mail_to(&app, "liaison").await;
    let (template, params) = &mail[1];
    assert_eq!((mail.len(), template.as_str(), waiting(&app).await), (2, "digest", 0));
    let params: serde_json::Value = serde_json::from_str(params).expect("JSON");
    // How many of what: no number of a transfer, no name.
    assert_eq!(params, json!({ "count": "2", "counts": "new-transfer=2" }));
    // Once more, as after a crash: nobody gets a second one.
    morning(&app).await;
    assert_eq!(mail_to(&app, "liaison").await.len(), 2);
}

/// What the program looks at now and then, at a local time; gives how many mails of mornings are on file then.
async fn scheduled(app: &TestApp, day: NaiveDate, time: &str) -> i64 {
    let zone = app.services.settings.time_zone;
    let at = time::local(day.and_time(time.parse().expect("a time")), zone);
    let db = app.services.db.clone();
    let done = tokio::task::spawn_blocking(move || notices::schedule(&db, at, zone)).await.expect("ran");
    done.expect("scheduled");
    let count = app
        .services
        .db
        .read(|conn| Ok(job::table.filter(job::kind.eq(notices::JOB)).count().get_result(conn)?));
    count.await.expect("a count")
}

#[tokio::test]
async fn the_collected_mail_is_written_once_on_the_morning_of_a_working_day() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    liaison.post("/account/notices", &chosen("digest", "none")).await.expect(303);
    send(&app, &compiler, "XS-2026-000001").await;
    let today = time::day_of(app.now(), app.services.settings.time_zone);
    let next = |works: bool| {
        let mut days = today.iter_days().skip(1);
        days.find(|day| working_calendar().is_working(*day) == works).expect("a day")
    };
    let (working, off) = (next(true), next(false));
    assert_eq!(scheduled(&app, off, "12:00:00").await, 0);
    assert_eq!(scheduled(&app, working, "08:29:59").await, 0);
    assert_eq!(scheduled(&app, working, "08:30:00").await, 1);
    // It fails for good: nobody is mailed every minute of the day for it.
    let failed = app.services.db.write_quiet(|tx| {
        let of_mornings = job::table.filter(job::kind.eq(notices::JOB));
        diesel::update(of_mornings)
            .set((job::state.eq("failed"), job::dedupe.eq(None::<String>)))
            .execute(tx.conn())?;
        Ok(())
    });
    failed.await.expect("failed");
    assert_eq!(scheduled(&app, working, "08:31:00").await, 1);
}

#[tokio::test]
async fn what_a_duty_hangs_on_is_not_switched_off_and_the_rest_is() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let refused = liaison.post("/account/notices", &chosen("none", "none")).await.expect(422);
    refused.has("id=\"f-new-transfer-error\"");
    // A time limit may end on a day off, when no collected mail goes.
    let mut late = chosen("digest", "none");
    late[4].1 = "digest";
    liaison.post("/account/notices", &late).await.expect(422).has("id=\"f-deadline-error\"");
    liaison.post("/account/notices", &chosen("digest", "none")).await.expect(303);
    send(&app, &compiler, "XS-2026-000001").await;
    assert_eq!(waiting(&app).await, 1);
    // Nothing is lost by choosing otherwise before the morning.
    liaison.post("/account/notices", &chosen("at-once", "none")).await.expect(303);
    liaison.get("/account/notices").await.expect(200).has("value=\"none\" checked");
    morning(&app).await;
    assert_eq!(mail_to(&app, "liaison").await.len(), 1);

    // An account that is closed by then gets none.
    liaison.post("/account/notices", &chosen("digest", "none")).await.expect(303);
    send(&app, &compiler, "XS-2026-000002").await;
    app.disable("liaison").await;
    morning(&app).await;
    assert_eq!((mail_to(&app, "liaison").await.len(), waiting(&app).await), (1, 0));
}

#[tokio::test]
async fn an_administrator_is_told_that_nothing_is_mailed_and_a_link_for_a_password_always_is() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    admin.get("/account/notices").await.expect(200).has("没有邮件通知").has("始终立即发送");
    let compiler = app.sign_in("compiler").await;
    let none = ["progress", "supplement", "message", "deadline", "review", "outcome", "forward", "mention"]
        .map(|e| (e, "none"));
    compiler.post("/account/notices", &none).await.expect(303);
    let reset = format!("/admin/people/{}/reset-password", app.seed.people["compiler"]);
    admin.post(&reset, &[]).await.expect(303);
    assert_eq!(mail_to(&app, "compiler").await[0].0, "password-reset");
}
