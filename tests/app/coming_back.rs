//! A lead that an approver sent back, as its compiler finds it: at home in one place, and its version at its end.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{composition, review},
};

use crate::support::{TestApp, seed::GUANGZHOU, story};

#[tokio::test]
async fn a_returned_lead_stands_once_at_home_and_its_version_has_ended() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "页面.txt", "标价 199 元。").await;
    story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let link = format!("href=\"/leads/{lead}\"");
    let at_home = |page: String| page.matches(&link).count();
    assert_eq!(at_home(compiler.get("/").await.expect(200).text()), 1, "a draft");
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let dossier = story::dossiers(&app, lead).await[0].id;
    compiler.get(&format!("/dossiers/{dossier}")).await.expect(200).has_not("到此终止");

    let approver = app.sign_in("approver").await;
    let entries = app.audit_count().await;
    let back = [("reasons", "请补充仓库地址。")];
    approver.post(&format!("/approvals/{review}/return"), &back).await.expect(303);
    assert_eq!(app.audit_count().await, entries + 1);

    let home = compiler.get("/").await.expect(200).has_not("id=\"drafts\"").text();
    assert_eq!(at_home(home), 1, "what came back is named once");
    let other = app.seed.lead(&app.services, "compiler");
    let home = compiler.get("/").await.expect(200).has("其中 1 条系退回").text();
    assert!(home.contains(&format!("href=\"/leads/{other}\"")));
    assert_eq!(at_home(home), 1, "and not among the drafts");
    compiler.get(&format!("/dossiers/{dossier}")).await.expect(200).has("到此终止");
}

/// Among the drafts it is said how many came back, of all of them and not of those that the page has room for.
#[tokio::test]
async fn all_that_came_back_are_counted_though_not_all_are_shown() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let me = app.seed.people["compiler"];
    let leads: Vec<Id> = (0..12).map(|_| app.seed.lead(&app.services, "compiler")).collect();
    let now = app.now();
    let written = app.services.db.write_quiet(move |tx| {
        for lead in leads {
            let made = Id::new();
            diesel::insert_into(composition::table)
                .values((
                    composition::id.eq(made),
                    composition::lead_id.eq(lead),
                    composition::version.eq(1),
                    composition::note.eq(""),
                    composition::created_by.eq(me),
                    composition::created_at.eq(now),
                    composition::submitted_at.eq(Some(now)),
                ))
                .execute(tx.conn())?;
            diesel::insert_into(review::table)
                .values((
                    review::id.eq(Id::new()),
                    review::composition_id.eq(made),
                    review::lead_id.eq(lead),
                    review::submitted_by.eq(me),
                    review::submitted_at.eq(now),
                    review::decided_at.eq(Some(now)),
                    review::decision.eq(Some("returned")),
                ))
                .execute(tx.conn())?;
        }
        Ok(())
    });
    written.await.expect("reviews");
    app.seed.lead(&app.services, "compiler");
    compiler.get("/").await.expect(200).has("id=\"drafts\"").has("其中 12 条系退回");
}

/// What was done is said once: neither by an address that was kept nor by a page that is loaded again.
#[tokio::test]
async fn a_kept_address_does_not_say_again_what_was_done() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let reply = compiler.post("/changes/seen", &[("until", "1")]).await.expect(303);
    compiler.get(&reply.location).await.expect(200).has("已标为已阅");
    compiler.get(&reply.location).await.expect(200).has_not("已标为已阅");
    // Nor does a link that somebody else made.
    let lead = app.seed.lead(&app.services, "compiler");
    compiler.get(&format!("/leads/{lead}?ok=lead-saved")).await.expect(200).has_not("notice-ok");
    compiler.post("/changes/seen", &[("until", "1")]).await.expect(303);
    compiler.get("/leads").await.expect(200);
    compiler.get("/?ok=changes-seen").await.expect(200).has("已标为已阅");
}
