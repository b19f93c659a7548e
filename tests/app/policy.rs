//! The policy is asked where an act goes on record: a handler that let the wrong one in could not commit.

use lead_handoff::{
    app,
    audit::{self, Entry},
    directory::people::policy,
    platform::{
        db::{Id, Origin},
        error::{AppError, Result},
    },
};

use crate::support::TestApp;

async fn put(app: &TestApp, origin: Origin, entry: Entry) -> Result<Id> {
    app.services.db.write(origin, move |tx| audit::record(tx, entry)).await
}

#[tokio::test]
async fn an_act_that_the_policy_does_not_give_cannot_be_committed() {
    let app = TestApp::new().await;
    let before = app.audit_count().await;
    let as_person = |name: &str| app.origin(app.seed.people[name]);
    for (who, verb) in [
        ("compiler", "lead.approve"),
        ("approver", "lead.submit"),
        ("manager", "lead.approve"),
        ("admin", "lead.view"),
        ("auditor", "transfer.send"),
        ("liaison", "lead.list"),
        ("liaison", "audit.list"),
        // Declared by no room.
        ("compiler", "lead.publish"),
    ] {
        let refused = put(&app, as_person(who), Entry::new(verb)).await;
        assert!(matches!(refused, Err(AppError::NotFound)), "{who} {verb}: {refused:?}");
    }
    let nobody = Origin { kind: "user", actor_name: "unknown".into(), ..Origin::default() };
    assert!(put(&app, nobody.clone(), Entry::new("lead.view")).await.is_err());
    assert_eq!(app.audit_count().await, before, "nothing of it is on record as done");

    // That somebody tried is on record, whoever it was; and what the policy gives goes through.
    put(&app, nobody, Entry::refused("lead.view")).await.expect("a try");
    put(&app, as_person("approver"), Entry::new("lead.approve")).await.expect("an approver");
    put(&app, Origin::system("system:worker"), Entry::new("dossier.seal")).await.expect("the program");
    assert_eq!(app.audit_count().await, before + 3);
}

#[tokio::test]
async fn a_role_that_was_taken_away_meanwhile_no_longer_counts() {
    let app = TestApp::new().await;
    let person = app.seed.people["approver"];
    let done = app.services.db.write(app.origin(person), move |tx| {
        use diesel::prelude::*;
        use lead_handoff::platform::db::schema::person_role;
        diesel::delete(person_role::table.filter(person_role::person_id.eq(person))).execute(tx.conn())?;
        audit::record(tx, Entry::new("lead.approve"))
    });
    assert!(matches!(done.await, Err(AppError::NotFound)));
    put(&app, app.origin(person), Entry::new("lead.approve")).await.expect("taken back as a whole");
}

/// Whoever says that all is as it was is believed where the database has written nothing: a change that hides behind it, before
/// or after, is taken back.
#[tokio::test]
async fn a_change_that_is_told_as_none_is_taken_back() {
    use diesel::prelude::*;
    use lead_handoff::platform::db::{Connection, Tx, schema::lead};

    fn rename(conn: &mut Connection, id: Id) -> Result<()> {
        diesel::update(lead::table.find(id)).set(lead::title.eq("没有记录的题名")).execute(conn)?;
        Ok(())
    }
    fn as_it_was(tx: &mut Tx<'_>, id: Id) -> Result<()> {
        audit::unchanged(tx, "lead.update", ("lead", id))
    }

    let app = TestApp::new().await;
    let id = app.seed.lead(&app.services, "compiler");
    let origin = app.origin(app.seed.people["compiler"]);
    let entries = app.audit_count().await;
    app.services.db.write(origin.clone(), move |tx| as_it_was(tx, id)).await.expect("nothing is changed");
    let before = app.services.db.write(origin.clone(), move |tx| {
        rename(tx.conn(), id)?;
        as_it_was(tx, id)
    });
    assert!(matches!(before.await, Err(AppError::Internal(_))));
    let after = app.services.db.write(origin, move |tx| {
        as_it_was(tx, id)?;
        rename(tx.conn(), id)
    });
    assert!(matches!(after.await, Err(AppError::Internal(_))));
    let found = app.services.db.read(move |conn| Ok(lead::table.find(id).select(lead::title).first(conn)?));
    let title: String = found.await.expect("the lead");
    assert_ne!(title, "没有记录的题名");
    assert_eq!(app.audit_count().await, entries);
}

#[test]
fn the_printed_table_is_the_policy() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let printed = page.split("<!-- verbs -->\n").nth(1).and_then(|rest| rest.split("<!-- /verbs -->").next());
    let table = policy::table(&app::verbs());
    assert_eq!(printed.expect("the markers"), table, "print the table anew:\n{table}");
}
