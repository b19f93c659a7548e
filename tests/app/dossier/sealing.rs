//! What is frozen is what was approved, and what is sealed is what was frozen; once.

use diesel::prelude::*;
use lead_handoff::{
    casework::dossier::{self, freezing, model::State, packing, sealing, verify},
    platform::{
        db::{Id, schema::job},
        jobs,
    },
};
use serde_json::json;

use super::check;
use crate::support::{
    TestApp,
    seed::GUANGZHOU,
    story::{approve, compose, decision, dossiers, note},
};

/// A process that dies between any two steps leaves a way to go on, and never a second seal or package.
#[tokio::test]
async fn work_goes_on_after_a_crash_and_nothing_is_made_twice() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    let id = dossiers(&app, lead).await[0].id;
    // Frozen before its job ran, then by its job again: the same bytes, stored once.
    let services = app.services.clone();
    let freeze = move || freezing::freeze(&services, id, &|_| Ok(()));
    tokio::task::spawn_blocking(freeze).await.unwrap().expect("frozen");
    let objects = app.stored_objects().await;
    let frozen = dossiers(&app, lead).await[0].manifest_sha256.clone();
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].manifest_sha256, frozen);
    assert_eq!(app.stored_objects().await, objects);

    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    let services = app.services.clone();
    tokio::task::spawn_blocking(move || {
        // The sealing runs, and its job is done again by a second worker.
        sealing::seal(&services, id).expect("sealed");
        sealing::seal(&services, id).expect("sealed already");
        packing::pack(&services, id, &|_| Ok(())).expect("packed");
        packing::pack(&services, id, &|_| Ok(())).expect("packed already");
    })
    .await
    .unwrap();
    let packed = dossiers(&app, lead).await[0].packed;
    assert!(packed.is_some());
    let objects = app.stored_objects().await;
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].packed, packed);
    assert_eq!(app.stored_objects().await, objects);
    let left: i64 = app
        .services
        .db
        .read(|conn| {
            let waiting = job::table.filter(job::state.ne("done")).filter(job::kind.like("dossier.%"));
            Ok(waiting.count().get_result(conn)?)
        })
        .await
        .expect("jobs");
    assert_eq!(left, 0);
    let got = compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
    assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
}

/// A frozen version of a lead of `compiler` for Guangzhou that waits for its review; lead, dossier and review.
async fn submitted(app: &TestApp) -> (Id, Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    (lead, dossiers(app, lead).await[0].id, review)
}

async fn sql(app: &TestApp, text: &'static str) {
    let done = app.services.db.write_quiet(move |tx| Ok(diesel::sql_query(text).execute(tx.conn())?)).await;
    done.expect("SQL");
}

/// What somebody wrote into the queue seals nothing and names nobody: the approval is read where it stands.
#[tokio::test]
async fn a_seal_names_the_approval_and_not_what_the_queue_says() {
    let app = TestApp::new().await;
    let (lead, id, review) = submitted(&app).await;
    let job_of = |payload: serde_json::Value| jobs::Job::new(sealing::JOB, payload);
    // Queued before anybody approved.
    let forged = json!({
        "dossier": id,
        "approval": Id::new(),
        "approver": app.seed.people["compiler"],
        "at": app.now(),
        "entry": Id::new(),
    });
    let job = job_of(forged.clone());
    let queued =
        app.services.db.write_quiet(move |tx| jobs::enqueue(tx, job)).await.expect("queued").expect("new");
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].state(), State::Frozen);
    let failed = app.services.db.read(move |conn| jobs::find(conn, queued)).await.expect("a job");
    assert_eq!(failed.state, "failed");
    assert!(failed.last_error.unwrap_or_default().contains("was not approved"));
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("dossier.seal", "refused"));

    // Approved, and the waiting job says that it was somebody else.
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    let approval = app.last_entry().await;
    let text = forged.to_string();
    let tampered = app.services.db.write_quiet(move |tx| {
        let waiting = job::table.filter(job::kind.eq(sealing::JOB)).filter(job::state.ne("failed"));
        Ok(diesel::update(waiting).set(job::payload.eq(text)).execute(tx.conn())?)
    });
    assert_eq!(tampered.await.expect("tampered"), 1);
    app.settle().await;
    let seal = app.services.db.read(move |conn| dossier::store::seal(conn, id)).await.expect("read");
    let seal: serde_json::Value = serde_json::from_str(&seal.expect("a seal").seal_json).expect("JSON");
    assert_eq!(seal["approval"]["approver"], app.seed.people["approver"].to_string());
    assert_eq!(seal["approval"]["audit_entry"], approval.id.to_string());
    let got = app.sign_in("compiler").await.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
    assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
}

#[tokio::test]
async fn what_is_frozen_must_be_what_was_approved() {
    let app = TestApp::new().await;
    let (lead, id, review) = submitted(&app).await;
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    // Somebody with the database in hand puts other files in the place of those that were approved.
    if app.services.db.target().is_sqlite() {
        sql(&app, "DROP TRIGGER dossier_freeze_no_update").await;
    } else {
        sql(&app, "ALTER TABLE dossier_freeze DISABLE TRIGGER dossier_freeze_no_update").await;
    }
    sql(&app, "UPDATE dossier_freeze SET manifest_sha256 = content_sha256").await;
    app.settle().await;
    let made = dossiers(&app, lead).await;
    assert!(made[0].sealed_at.is_none() && made[0].packed.is_none());
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("dossier.seal", "refused"));
    app.sign_in("compiler").await.get(&format!("/dossiers/{id}")).await.expect(200).has("已停止");
}
