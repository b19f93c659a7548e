//! When stored files are read back: early enough that each is at least once in so many days, and with rests as long as the
//! work was, whatever the server was off for.

use diesel::prelude::*;
use lead_handoff::{
    casework::evidence::scrub,
    platform::db::{
        Id, Instant,
        schema::{blob_check, job, job_attempt},
    },
};

use crate::{
    scrub::{all_are_due, all_read_at, put_off, scheduled, scrubbed, with_a_note},
    support::TestApp,
};

const DAY: i64 = 86_400;
/// As it is where nothing is set.
const DAYS: i64 = 30;

/// When the batches that wait are due.
async fn waiting(app: &TestApp) -> Vec<Instant> {
    let found = app.services.db.read(|conn| {
        let queued = job::table.filter(job::kind.eq(scrub::JOB)).filter(job::state.eq("queued"));
        Ok(queued.select(job::run_at).load(conn)?)
    });
    found.await.expect("jobs")
}

/// When the only stored file was read back.
async fn read_at(app: &TestApp) -> Instant {
    let found =
        app.services.db.read(|conn| Ok(blob_check::table.select(blob_check::checked_at).first(conn)?));
    found.await.expect("a file")
}

#[tokio::test]
async fn a_file_is_read_back_before_it_is_late_and_not_much_sooner() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    with_a_note(&app, &compiler).await;
    app.settle().await;
    scrubbed(&app).await;
    let ago = |hundredths: i64| app.services.db.now().plus_seconds(-DAYS * DAY / 100 * hundredths);

    all_read_at(&app, ago(85)).await;
    scheduled(&app).await;
    assert!(waiting(&app).await.is_empty(), "it is not due yet");
    let then = ago(95);
    all_read_at(&app, then).await;
    scheduled(&app).await;
    assert_eq!(waiting(&app).await.len(), 1, "it would be late soon");
    put_off(&app, scrub::JOB, -1).await;
    app.settle().await;
    assert!(read_at(&app).await.seconds_since(then) > 28 * DAY);
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test]
async fn a_batch_that_waited_for_days_is_not_followed_by_days_of_rest() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    with_a_note(&app, &compiler).await;
    app.settle().await;
    // It was due, and no server ran for ten days.
    scheduled(&app).await;
    put_off(&app, scrub::JOB, -10 * DAY).await;
    app.settle().await;
    assert!(waiting(&app).await.is_empty());
    let now = app.services.db.now();
    assert!(now.seconds_since(read_at(&app).await) < DAY, "it was read back");

    all_are_due(&app).await;
    scheduled(&app).await;
    let next = waiting(&app).await;
    assert_eq!(next.len(), 1);
    assert!(next[0].seconds_since(now) < 3_600, "{:?} behind {now:?}", next[0]);
    put_off(&app, scrub::JOB, -1).await;
    app.settle().await;

    // Nor is one that really took as long, or a clock that was wrong.
    let slow = app.services.db.write_quiet(|tx| {
        let now = tx.now();
        let of = job::table.filter(job::kind.eq(scrub::JOB)).order(job::id.desc());
        let last: Id = of.select(job::id).first(tx.conn())?;
        diesel::insert_into(job_attempt::table)
            .values((
                job_attempt::id.eq(Id::new()),
                job_attempt::job_id.eq(last),
                job_attempt::attempt.eq(2),
                job_attempt::worker.eq("test"),
                job_attempt::started_at.eq(now.plus_seconds(-10 * DAY)),
                job_attempt::ended_at.eq(now.plus_seconds(DAY)),
                job_attempt::outcome.eq("done"),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    slow.await.expect("slow");
    all_are_due(&app).await;
    scheduled(&app).await;
    let next = waiting(&app).await;
    let rest = next[0].seconds_since(app.services.db.now());
    assert!((3_600..=6 * 3_600).contains(&rest), "{rest} s");
}
