//! The queue: what happens to jobs that fail, kill their process or outlive their lease.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{
        Id, claim_next_job,
        schema::{job, job_attempt},
    },
    error::{AppError, Result},
    jobs::{self, GiveUp, Handlers, Job, JobRow, Lane, NotYet, Progress},
    notice,
};
use serde_json::json;

use crate::support::TestApp;

const KIND: &str = "test.work";

async fn enqueue(app: &TestApp, tries: i32) -> Option<Id> {
    let work = Job { max_attempts: tries, ..Job::new(KIND, json!({})).once("test:1") };
    app.services.db.write_quiet(move |tx| jobs::enqueue(tx, work)).await.expect("queued")
}

async fn run(app: &TestApp, handler: impl Fn(&JobRow, &Progress) -> Result<()> + Send + Sync + 'static) {
    let db = app.services.db.clone();
    let mut handlers = Handlers::default();
    handlers.add(KIND, handler);
    let done = tokio::task::spawn_blocking(move || jobs::run_due(&db, "worker-1", &handlers));
    done.await.expect("joined").expect("run");
}

async fn state(app: &TestApp, id: Id) -> String {
    app.services.db.read(move |conn| Ok(jobs::find(conn, id)?.state)).await.expect("a job")
}

/// Outcome and error of every try, as it stays on record.
async fn tries(app: &TestApp, id: Id) -> Vec<(String, Option<String>)> {
    let rows = app.services.db.read(move |conn| {
        Ok(job_attempt::table
            .filter(job_attempt::job_id.eq(id))
            .order(job_attempt::id)
            .select((job_attempt::outcome, job_attempt::error))
            .load(conn)?)
    });
    rows.await.expect("tries")
}

#[tokio::test]
async fn work_that_failed_for_good_can_be_asked_for_again() {
    let app = TestApp::new().await;
    app.settle().await;
    let first = enqueue(&app, 8).await.expect("queued");
    assert_eq!(enqueue(&app, 8).await, None, "once at a time");
    run(&app, |_, _| Err(AppError::internal(GiveUp("no use".into())))).await;
    assert_eq!(state(&app, first).await, "failed");
    let second = enqueue(&app, 8).await.expect("queued anew");
    let again = app.services.db.write_quiet(move |tx| jobs::retry_now(tx, first)).await;
    assert!(matches!(again, Err(AppError::Conflict("conflict-job-under-way"))), "{again:?}");
    run(&app, |_, _| Ok(())).await;
    assert_eq!(state(&app, second).await, "done");
    app.services.db.write_quiet(move |tx| jobs::retry_now(tx, first)).await.expect("retried");
}

#[tokio::test]
async fn a_job_that_ends_its_process_is_not_tried_for_ever() {
    let app = TestApp::new().await;
    app.settle().await;
    let id = enqueue(&app, 2).await.expect("queued");
    for _ in 0..2 {
        let claimed = app.services.db.write_quiet(|tx| {
            let now = tx.now();
            claim_next_job(tx.conn(), "gone", now, now.plus_seconds(-1), &[KIND])
        });
        assert_eq!(claimed.await.expect("claimed"), Some(id));
    }
    run(&app, |_, _| panic!("a third try")).await;
    assert_eq!(state(&app, id).await, "failed");
    assert_eq!(tries(&app, id).await, [("failed".to_owned(), Some("lost".to_owned()))]);
}

#[tokio::test]
async fn a_message_whose_job_was_lost_stands_among_the_failed_ones_and_is_sent_again() {
    let app = TestApp::new().await;
    app.settle().await;
    let admin = app.sign_in("admin").await;
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &invited).await.expect(303);
    // Every process that tried to send it has ended.
    loop {
        let claimed = app.services.db.write_quiet(|tx| {
            let now = tx.now();
            claim_next_job(tx.conn(), "gone", now, now.plus_seconds(-1), &["mail.send"])
        });
        if claimed.await.expect("claimed").is_none() {
            break;
        }
    }
    let (failed, shown) = ("/admin/mail?state=failed", "s…n@example.com");
    admin.get(failed).await.expect(200).has_not(shown);
    app.settle().await;
    let page = admin.get(failed).await.expect(200).has(shown).has("发送失败").text();
    let retry = page.split('"').find(|part| part.contains("/retry")).expect("a way to try again").to_owned();
    let before = app.audit_count().await;
    admin.post(&retry, &[]).await.expect(303);
    assert_eq!((app.audit_count().await, app.last_entry().await.verb.as_str()), (before + 1, "mail.retry"));
    app.settle().await;
    admin.get(failed).await.expect(200).has_not(shown);
    admin.get("/admin/mail?state=sent").await.expect(200).has(shown);
}

#[tokio::test]
async fn a_worker_that_was_away_too_long_changes_nothing_any_more() {
    let app = TestApp::new().await;
    app.settle().await;
    let id = enqueue(&app, 8).await.expect("queued");
    let db = app.services.db.clone();
    run(&app, move |row, progress| {
        let taken_over = db.write_quiet_now(|tx| {
            diesel::update(job::table.find(row.id))
                .set((job::lease_owner.eq("worker-2"), job::attempts.eq(job::attempts + 1)))
                .execute(tx.conn())?;
            Ok(())
        });
        taken_over.expect("taken over");
        assert!(progress.set(1, 2).is_err(), "it is told");
        Err(AppError::Unavailable("too late".into()))
    })
    .await;
    assert_eq!(state(&app, id).await, "running");
    let found = app.services.db.read(move |conn| {
        Ok(job::table.find(id).select((job::lease_owner, job::last_error, job::progress_done)).first(conn)?)
    });
    let found: (Option<String>, Option<String>, i64) = found.await.expect("a job");
    assert_eq!(found, (Some("worker-2".to_owned()), None, 0));
    assert_eq!(tries(&app, id).await[0].0, "lost");
}

#[tokio::test]
async fn what_stays_of_a_failed_try_names_nobody() {
    let app = TestApp::new().await;
    app.settle().await;
    let id = enqueue(&app, 8).await.expect("queued");
    run(&app, |_, _| Err(AppError::Unavailable("550 5.1.1 <zhang@example.com> unknown".into()))).await;
    assert_eq!(tries(&app, id).await, [("retry".to_owned(), Some("unavailable".to_owned()))]);
    let row = app.services.db.read(move |conn| jobs::find(conn, id)).await.expect("a job");
    assert!(row.last_error.is_some_and(|text| text.contains("zhang@example.com")), "for who mends it");
}

#[tokio::test]
async fn a_job_that_waits_for_something_else_stays_one_row_and_uses_up_no_tries() {
    let app = TestApp::new().await;
    app.settle().await;
    let id = enqueue(&app, 2).await.expect("queued");
    let all = || async {
        let count = app.services.db.read(|conn| Ok(job::table.count().get_result::<i64>(conn)?));
        count.await.expect("a number")
    };
    let before = all().await;
    for _ in 0..5 {
        run(&app, |_, _| Err(AppError::internal(NotYet))).await;
        let row = app.services.db.read(move |conn| jobs::find(conn, id)).await.expect("a job");
        assert_eq!((row.state.as_str(), row.attempts, row.last_error), ("queued", 0, None));
        assert!(row.run_at > app.now(), "it is not looked at again at once");
        let due = app.services.db.write_quiet(move |tx| {
            let now = tx.now();
            diesel::update(job::table.find(id)).set(job::run_at.eq(now)).execute(tx.conn())?;
            Ok(())
        });
        due.await.expect("due");
    }
    assert_eq!(all().await, before);
    assert!(tries(&app, id).await.is_empty());
    assert_eq!(enqueue(&app, 2).await, None, "it is still the same work");
    run(&app, |_, _| Ok(())).await;
    assert_eq!(state(&app, id).await, "done");
}

/// Queues a job of a kind; gives it.
async fn queued(app: &TestApp, kind: &'static str) -> Id {
    let work = Job::new(kind, json!({}));
    let queued = app.services.db.write_quiet(move |tx| jobs::enqueue(tx, work)).await.expect("queued");
    queued.expect("a job")
}

/// Waits until a job is in a state.
async fn becomes(app: &TestApp, id: Id, wanted: &str) {
    for _ in 0..300 {
        if state(app, id).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{wanted}: it is {}", state(app, id).await);
}

#[tokio::test]
async fn work_that_takes_long_holds_up_no_mail_and_a_large_table_no_other_file() {
    const SHORT: &str = "test.mail";
    const LONG: &str = "test.file";
    const ALONE: &str = "test.table";
    let app = TestApp::new().await;
    app.settle().await;
    let (stop, end) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let until = |end: &Arc<AtomicBool>| {
        let end = end.clone();
        move |_: &JobRow, _: &Progress| -> Result<()> {
            while !end.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        }
    };
    let mut handlers = Handlers::default();
    handlers.add(SHORT, |_, _| Ok(()));
    handlers.add_long(LONG, until(&end));
    handlers.add_alone(ALONE, until(&end));
    // Two tables, and more files than there are lanes for them, before any mail.
    let tables = [queued(&app, ALONE).await, queued(&app, ALONE).await];
    let files = [queued(&app, LONG).await, queued(&app, LONG).await, queued(&app, LONG).await];
    let workers = Lane::ALL.map(|lane| {
        let (db, handlers, stop) = (app.services.db.clone(), handlers.clone(), stop.clone());
        std::thread::spawn(move || jobs::work_until(&db, &format!("{lane:?}"), &handlers, lane, &stop))
    });
    let mail = queued(&app, SHORT).await;
    becomes(&app, mail, "done").await;
    // One of the tables is counted at most, and a file is read beside it.
    becomes(&app, files[0], "running").await;
    let mut counted = 0;
    for table in tables {
        counted += usize::from(state(&app, table).await == "running");
    }
    assert!(counted <= 1, "{counted}");
    end.store(true, Ordering::Release);
    for id in tables.into_iter().chain(files) {
        becomes(&app, id, "done").await;
    }
    stop.store(true, Ordering::Release);
    for worker in workers {
        worker.join().expect("a worker");
    }
}

/// Dates a job as if it had ended so many days ago.
async fn ended_days_ago(app: &TestApp, id: Id, days: i64) {
    let dated = app.services.db.write_quiet(move |tx| {
        let then = tx.now().plus_seconds(-days * 86_400);
        diesel::update(job::table.find(id))
            .set((job::run_at.eq(then), job::finished_at.eq(then)))
            .execute(tx.conn())?;
        Ok(())
    });
    dated.await.expect("dated");
}

async fn is_there(app: &TestApp, id: Id) -> bool {
    let found = app.services.db.read(move |conn| Ok(job::table.find(id).count().get_result::<i64>(conn)?));
    found.await.expect("a number") == 1
}

#[tokio::test]
async fn work_that_was_done_a_month_ago_is_let_go_of_and_what_failed_is_not() {
    let app = TestApp::new().await;
    app.settle().await;
    let admin = app.sign_in("admin").await;
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &invited).await.expect(303);
    app.settle().await;
    // One that was done twice as long ago as is kept, one of yesterday, one that failed as long ago, and one that waits.
    let (old, young, failed) =
        (queued(&app, KIND).await, queued(&app, KIND).await, queued(&app, "test.broken").await);
    let db = app.services.db.clone();
    let mut handlers = Handlers::default();
    handlers.add(KIND, |_, _| Ok(()));
    handlers.add("test.broken", |_, _| Err(AppError::internal(GiveUp("no use".into()))));
    let run = tokio::task::spawn_blocking(move || jobs::run_due(&db, "worker-1", &handlers));
    run.await.expect("joined").expect("run");
    let waiting = queued(&app, "test.later").await;
    let mail = app.services.db.read(|conn| {
        Ok(job::table
            .filter(job::kind.eq("mail.send"))
            .order(job::id.desc())
            .select(job::id)
            .first::<Id>(conn)?)
    });
    let mail = mail.await.expect("the job of a message");
    let keep = jobs::KEEP / 86_400;
    for (id, days) in [(old, 2 * keep), (mail, keep + 1), (failed, 2 * keep), (young, 1)] {
        ended_days_ago(&app, id, days).await;
    }
    assert!(!tries(&app, old).await.is_empty() && !tries(&app, failed).await.is_empty());
    // Nobody else may take a try away.
    let stays = app.services.db.write_quiet(move |tx| {
        let of = job_attempt::table.filter(job_attempt::job_id.eq(failed));
        Ok(diesel::delete(of).execute(tx.conn())?)
    });
    assert!(stays.await.is_err(), "the tries of what failed are append-only");

    let before = app.audit_count().await;
    let db = app.services.db.clone();
    let gone = tokio::task::spawn_blocking(move || jobs::let_go(&db, notice::without_jobs));
    assert_eq!(gone.await.expect("joined").expect("let go of"), 2);
    assert_eq!(app.audit_count().await, before, "bookkeeping");
    for (id, stays) in [(old, false), (mail, false), (young, true), (failed, true), (waiting, true)] {
        assert_eq!(is_there(&app, id).await, stays);
    }
    assert!(tries(&app, old).await.is_empty() && !tries(&app, failed).await.is_empty());
    // The message is there as ever, and so are the pages that show it.
    admin.get("/admin/mail?state=sent").await.expect(200).has("s…n@example.com");
    admin.get("/admin/jobs").await.expect(200);
    admin.get("/admin/setup").await.expect(200);
    let db = app.services.db.clone();
    let again = tokio::task::spawn_blocking(move || jobs::let_go(&db, notice::without_jobs));
    assert_eq!(again.await.expect("joined").expect("nothing is left"), 0);
}

#[tokio::test]
async fn work_of_a_newer_program_is_left_to_it() {
    let app = TestApp::new().await;
    app.settle().await;
    let lost = enqueue(&app, 1).await.expect("queued");
    let taken = app.services.db.write_quiet(|tx| {
        let now = tx.now();
        claim_next_job(tx.conn(), "gone", now, now.plus_seconds(-1), &[KIND])
    });
    assert_eq!(taken.await.expect("claimed"), Some(lost));
    let newer = queued(&app, "test.newer").await;
    // The whole program, which knows neither.
    app.settle().await;
    for (id, wanted, tries_of) in [(newer, "queued", 0), (lost, "running", 1)] {
        let row = app.services.db.read(move |conn| jobs::find(conn, id)).await.expect("a job");
        assert_eq!((row.state.as_str(), row.attempts, row.last_error), (wanted, tries_of, None));
        assert!(tries(&app, id).await.is_empty());
    }
    // The one that knows it does it at its first try.
    let (db, mut handlers) = (app.services.db.clone(), Handlers::default());
    handlers.add("test.newer", |_, _| Ok(()));
    let run = tokio::task::spawn_blocking(move || jobs::run_due(&db, "worker-2", &handlers));
    assert_eq!(run.await.expect("joined").expect("run"), 1);
    assert_eq!((state(&app, newer).await, state(&app, lost).await), ("done".into(), "running".into()));
}

/// What is not done soon has to say so where it is taken in, or a mail waits for it.
#[tokio::test]
async fn only_what_is_done_soon_goes_in_the_lane_of_the_mail() {
    let app = TestApp::new().await;
    let short = lead_handoff::app::handlers(&app.services).short();
    assert_eq!(short, ["calendar.changed", "deadline.remind", "dossier.seal", "mail.send", "notice.digest"]);
}

/// A list that narrows to what there is none of would pass for an answer.
#[tokio::test]
async fn what_the_lists_of_mail_and_jobs_do_not_understand_is_said_beside_its_field() {
    let app = TestApp::new().await;
    app.settle().await;
    let admin = app.sign_in("admin").await;
    for (path, field) in [
        ("/admin/mail?state=written", "state"),
        ("/admin/mail?template=nonsense", "template"),
        ("/admin/jobs?state=sent", "state"),
        ("/admin/jobs?kind=nonsense", "kind"),
    ] {
        let page = admin.get(path).await.expect(422);
        page.has("id=\"errors\"").has(&format!("f-{field}-error")).has_not("class=\"empty");
    }
    for path in ["/admin/mail?after=nonsense", "/admin/jobs?after=7", "/admin/jobs?before=x"] {
        admin.get(path).await.expect(422).has("id=\"errors\"");
    }
    // What has a name is asked for, though there may be none of it.
    for path in [
        "/admin/mail?state=failed&template=invitation",
        "/admin/jobs?state=running&kind=mail.send",
        "/admin/jobs?kind=dossier.freeze",
    ] {
        admin.get(path).await.expect(200).has_not("id=\"errors\"");
    }
}
