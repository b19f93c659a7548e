//! Somebody leaves: what is left is said before the account is closed, and somebody takes it over.

use lead_handoff::audit::{self, Filter};

use crate::support::{
    TestApp, fixtures,
    seed::{GUANGZHOU, PASSWORD},
};

#[tokio::test]
async fn a_compiler_leaves_and_another_takes_over_what_is_open() {
    let app = TestApp::new().await;
    let draft = app.seed.lead(&app.services, "compiler");
    let sent = fixtures::lead(&app, "XS-2026-000901", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, sent, GUANGZHOU).await.to_string();
    let compiler = app.sign_in("compiler").await;
    compiler
        .post("/transfers/new", &[("dossier", dossier.as_str()), ("channel", "portal")])
        .await
        .expect(303);
    let (admin, heir) = (app.sign_in("admin").await, app.sign_in("compiler2").await);
    heir.get(&format!("/leads/{draft}/edit")).await.expect(409);

    let page = format!("/admin/people/{}/disable", app.seed.people["compiler"]);
    let asked = admin.get(&page).await.expect(200);
    let asked = asked.has("草稿 1 条").has("尚未办结的线索 1 条").has("编制人乙");
    // How many, not which.
    asked.has_not("XS-2026").has_not("手表").has_not(&draft.to_string());
    // Nobody is handed anything who can't work on it, and then nothing is done at all.
    let approver = app.seed.people["approver"].to_string();
    let refused = admin.post(&page, &[("heir", approver.as_str())]).await.expect(422);
    refused.has("id=\"f-heir-error\"");
    compiler.get("/account").await.expect(200);

    let other = app.seed.people["compiler2"].to_string();
    admin.post(&page, &[("heir", other.as_str())]).await.expect(303);
    compiler.get("/account").await.expect(303);
    heir.get(&format!("/leads/{draft}/edit")).await.expect(200);
    let entries = app.services.db.read(|conn| {
        audit::page(conn, &Filter { verb_prefix: Some("lead.hand_over".into()), ..Filter::default() }, 10)
    });
    let entries = entries.await.expect("entries");
    assert_eq!(entries.len(), 1);
    let leads: Vec<String> =
        entries[0].objects().into_iter().filter(|(kind, _)| kind == "lead").map(|(_, id)| id).collect();
    assert_eq!(leads.len(), 2);
    assert!(leads.contains(&draft.to_string()) && leads.contains(&sent.to_string()));
    // The heir is told, and led to one of the leads.
    let told = heir.get("/changes").await.expect(200).has("移交已停用账号的线索").text();
    assert!([draft, sent].iter().any(|id| told.contains(&format!("/leads/{id}#timeline"))), "{told}");
    // An administrator still sees no lead.
    admin.get(&format!("/leads/{draft}")).await.expect(404);
}

#[tokio::test]
async fn the_last_one_of_an_agency_or_of_a_role_is_not_closed_unawares() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let page = |name: &str| format!("/admin/people/{}/disable", app.seed.people[name]);
    admin.get(&page("approver")).await.expect(200).has("最后一名审核人");
    admin.get(&page("liaison")).await.expect(200).has("没有其他人可以登录").has_not("name=\"heir\"");
    admin.get(&page("manager")).await.expect(200).has("没有需要他人接手的事项");
    // Without anybody chosen, nothing is handed over; a manager does it later.
    let draft = app.seed.lead(&app.services, "compiler");
    admin.post(&page("compiler"), &[]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "person.disable");
    let other = app.seed.people["compiler2"].to_string();
    let manager = app.sign_in("manager").await;
    manager.post(&format!("/leads/{draft}/assign"), &[("assignee", other.as_str())]).await.expect(303);
    assert_eq!(super::people::log_in(&app.stranger(), "compiler", PASSWORD).await.status.as_u16(), 422);
}
