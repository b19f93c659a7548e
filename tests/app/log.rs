//! The audit log's own rules: any number of objects, what `check` sees, which keys it believes.

use diesel::{RunQueryDsl, connection::SimpleConnection, prelude::*, sql_query};
use lead_handoff::{
    audit::{self, Entry},
    cli::{check, key},
    platform::{
        db::{Connection, Id, Origin, schema::wrapped_key},
        i18n::Lang,
        keys::{MasterKey, SigningKey},
    },
};
use tlog_tiles::Tile;

use crate::{
    outcomes::listing::enter,
    support::{TestApp, in_words, ledger::Sent, seed::GUANGZHOU},
};

async fn faults(app: &TestApp) -> Vec<String> {
    let services = app.services.clone();
    let report =
        tokio::task::spawn_blocking(move || check::check(&services, Lang::En)).await.expect("joined");
    report.expect("checked").faults
}

/// Changes what the database itself would refuse to change.
async fn tamper(app: &TestApp, table: &'static str, sql: &'static str) {
    let changed = app.services.db.write_quiet(move |tx| match tx.conn() {
        Connection::Sqlite(conn) => {
            conn.batch_execute(&format!("DROP TRIGGER IF EXISTS {table}_no_update"))?;
            Ok(sql_query(sql).execute(conn)?)
        }
        Connection::Postgres(conn) => {
            conn.batch_execute(&format!("DROP TRIGGER IF EXISTS {table}_no_update ON {table}"))?;
            Ok(sql_query(sql).execute(conn)?)
        }
    });
    assert!(changed.await.expect("changed") > 0, "{sql}");
}

#[tokio::test]
async fn entries_that_wait_for_their_place_are_counted_beside_those_that_have_one() {
    let app = TestApp::new().await;
    app.settle().await;
    let placed = app.audit_count().await;
    let said = || {
        let done = app.command(&["check"]);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        String::from_utf8(done.stdout).expect("text")
    };
    let all = format!("{placed} entries of the audit log");
    assert!(said().contains(&format!("{all}.")), "{}", said());
    // Each check is an entry itself, of which the next one knows.
    assert!(said().contains(&format!("{all}, and 1 that waits for its place.")), "{}", said());
    app.settle().await;
    let all = format!("{} entries of the audit log", app.audit_count().await);
    assert!(said().contains(&format!("{all}.")), "{}", said());
    for (number, words) in [(1, "and 2 that wait for their place."), (2, "and 4 that wait for their place.")]
    {
        let entry = Entry::new("transfer.export").fact("count", number);
        let origin = Origin::system("system:cli");
        app.services.db.write(origin, move |tx| audit::record(tx, entry)).await.expect("recorded");
        assert!(said().contains(&format!("{all}, {words}")), "{}", said());
    }
}

#[tokio::test]
async fn an_entry_about_any_number_of_objects_fits_into_the_tiles() {
    let app = TestApp::new().await;
    let ids: Vec<Id> = (0..3_000).map(|_| Id::new()).collect();
    let (many, last) = (ids.clone(), ids[2_999]);
    let entry = Entry::new("transfer.export").object("lead", ids[0]).objects("transfer", many);
    let origin = Origin::system("system:cli");
    let id =
        app.services.db.write(origin.clone(), move |tx| audit::record(tx, entry)).await.expect("recorded");
    app.settle().await;
    assert_eq!(faults(&app).await, Vec::<String>::new());
    let found = app.services.db.read(move |conn| audit::for_object(conn, last, 5)).await.expect("found");
    assert_eq!(found[0].id, id);
    assert_eq!((found[0].objects().len() as u64, found[0].more_objects()), (500, 2_501));

    let auditor = app.sign_in("auditor").await;
    auditor.get(&format!("/audit/{id}")).await.expect(200).has("2501");

    let tile = app.services.db.read(|conn| {
        let size = audit::latest_head(conn)?.expect("a head").size;
        let width = u32::try_from(size.min(256)).expect("a width");
        audit::tile(conn, &Tile::new(8, 0, 0, width, true))
    });
    assert!(tile.await.expect("a tile").len() > 10_000);

    tamper(
        &app,
        "audit_object",
        "UPDATE audit_object SET kind = 'case' WHERE object_id = \
        (SELECT object_id FROM audit_object WHERE kind = 'transfer' ORDER BY object_id DESC LIMIT 1)",
    )
    .await;
    let found = faults(&app).await;
    assert!(found.len() == 1 && found[0].contains("index of objects"), "{found:?}");
}

#[tokio::test]
async fn facts_that_no_leaf_can_hold_are_refused_with_the_act() {
    let app = TestApp::new().await;
    let before = app.audit_count().await;
    let entry = Entry::new("lead.submit").fact("text", "x".repeat(70_000));
    let done = app.services.db.write(Origin::system("system:cli"), move |tx| audit::record(tx, entry)).await;
    assert!(done.expect_err("refused").to_string().contains("lead.submit"));
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn an_act_moved_to_another_time_person_or_object_is_named() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    app.settle().await;
    assert_eq!(faults(&app).await, Vec::<String>::new());
    let rows =
        ["\"at\" = \"at\" + 1", "actor_name = 'system:cli'", "actor_id = NULL", "actor_kind = 'token'"];
    for (n, set) in rows.into_iter().enumerate() {
        let sql = format!("UPDATE audit_entry SET {set} WHERE verb = 'lead.create'");
        tamper(&app, "audit_entry", Box::leak(sql.into_boxed_str())).await;
        let found = faults(&app).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].matches(',').count(), n, "each column by its name: {found:?}");
    }
    tamper(&app, "audit_object", "UPDATE audit_object SET object_id = entry_id WHERE kind = 'lead'").await;
    assert!(faults(&app).await.iter().any(|fault| fault.contains("index of objects")));
}

#[tokio::test]
async fn a_personal_part_goes_only_by_an_erasure_on_record() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    app.settle().await;
    let newest = app.last_entry().await.id;
    let origin = Origin::system("system:cli");
    app.services
        .db
        .write(origin, move |tx| audit::erase_private(tx, newest, "PIPL-47"))
        .await
        .expect("erased");
    app.settle().await;
    assert_eq!(faults(&app).await, Vec::<String>::new());
    let gone = app.services.db.read(move |conn| audit::private_of(conn, newest)).await.expect("read");
    assert_eq!(gone, None);
    tamper(&app, "audit_private", "DELETE FROM audit_private").await;
    assert!(faults(&app).await.iter().any(|fault| fault.contains("its personal part is gone")));
}

#[tokio::test]
async fn a_key_put_into_the_table_is_not_believed() {
    let app = TestApp::new().await;
    let services = app.services.clone();
    tokio::task::spawn_blocking(move || key::rotate(&services)).await.expect("joined").expect("rotated");
    app.settle().await;
    assert_eq!(faults(&app).await, Vec::<String>::new());
    let name = app.services.origin.to_string();
    for (master, fault) in [
        (MasterKey::generate(), "does not open with the master key"),
        ((*app.services.master).clone(), "no key before it vouches for it"),
    ] {
        let key = SigningKey::generate(&name).expect("a key");
        let public = key.public().to_string();
        let (shown, name) = (public.clone(), name.clone());
        let put = app.services.db.write_quiet(move |tx| {
            let now = tx.now();
            diesel::insert_into(wrapped_key::table)
                .values((
                    wrapped_key::id.eq(Id::new()),
                    wrapped_key::purpose.eq("sign"),
                    wrapped_key::name.eq(name),
                    wrapped_key::public_text.eq(public),
                    wrapped_key::wrapped.eq(key.wrap(&master)?),
                    wrapped_key::statement.eq(None::<String>),
                    wrapped_key::created_at.eq(now),
                ))
                .execute(tx.conn())?;
            Ok(())
        });
        put.await.expect("put");
        let found = faults(&app).await;
        assert!(found.iter().any(|one| one.contains(&shown) && one.contains(fault)), "{found:?}");
    }
}

/// Whether a human at the machine did it or the program by itself is what an auditor asks first.
#[tokio::test]
async fn the_log_tells_the_command_line_from_what_the_program_does_by_itself() {
    let app = TestApp::new().await;
    let auditor = app.sign_in("auditor").await;
    let parts = [
        ("system:cli", "命令行"),
        ("system:worker", "后台任务"),
        ("system:serve", "服务程序"),
        ("system:demo", "演示数据装载"),
    ];
    for (part, called) in parts {
        let written = app
            .services
            .db
            .write(Origin::system(part), |tx| audit::record(tx, Entry::new("dossier.seal")).map(|_| ()));
        written.await.expect("recorded");
        // The newest entry stands first.
        let list = auditor.get("/audit?verb=dossier.seal").await.expect(200).text();
        let entries = list.split_once("<ol class=\"lines\">").map_or("", |(_, rest)| rest);
        let first = entries.split("</summary>").next();
        assert!(first.is_some_and(|entry| entry.contains(&format!(" · {called}"))), "{part}: {list}");
        let csv = auditor.get("/audit/export.csv?verb=dossier.seal").await.expect(200);
        csv.has(called).has_not(part);
    }
}

/// Which of a case's many results somebody saw is told by what they are, and each line tells what its entry is about.
#[tokio::test]
async fn a_line_of_the_log_says_what_it_is_about_and_the_results_of_a_case_are_told_apart() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    enter(&app, GUANGZHOU, made, 3).await;
    app.sign_in("manager").await.get("/outcomes").await.expect(200);
    let listed = app.last_entry().await;
    assert_eq!((listed.verb.as_str(), listed.objects().len()), ("outcome.list", 3));

    let auditor = app.sign_in("auditor").await;
    let page = auditor.get(&format!("/audit/{}", listed.id)).await.expect(200).has_not(GUANGZHOU).text();
    assert_eq!(page.matches(" · 广州市公安局经侦支队<").count(), 3, "{page}");
    for day in ["2016-06-12", "2016-06-20", "2016-06-28"] {
        let told = format!(">行政处罚 · {} · A", in_words(day));
        assert_eq!(page.matches(&told).count(), 1, "{told}: {page}");
    }

    let list = auditor.get("/audit?verb=outcome.list").await.expect(200).text();
    let lines = list.split_once("<ol class=\"lines\">").map_or("", |(_, rest)| rest);
    let line = lines.split("</summary>").next().unwrap_or_default();
    assert!(line.contains("行政处罚 · ") && line.contains("另有 2 项"), "{line}");
}
