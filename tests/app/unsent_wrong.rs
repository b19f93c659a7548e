//! Wrong turns with what is typed and not sent: another's, a foreign form's, too much of it, and what grew old.

use diesel::prelude::*;
use lead_handoff::{
    directory::people,
    platform::db::{Instant, schema::unsent},
};
use reqwest::header;

use crate::support::TestApp;

#[tokio::test]
async fn nobody_reads_or_discards_what_another_has_typed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let place = "/unsent?form=/leads/new";
    let back = compiler.post(place, &[("title", "只给 自己看")]).await.expect(303).location;
    let id = back.split("unsent=").nth(1).and_then(|rest| rest.get(..36)).expect("an id").to_owned();
    for name in ["compiler2", "admin", "manager", "auditor", "liaison"] {
        let other = app.sign_in(name).await;
        other.get("/unsent").await.expect(200).has_not("只给 自己看");
        other.post(&format!("/unsent/{id}/discard"), &[]).await.expect(404);
        assert_eq!(app.last_entry().await.outcome, "refused");
    }
    let other = app.sign_in("compiler2").await;
    other.get(&format!("/leads/new?unsent={id}")).await.expect(200).has_not("只给 自己看");
    // The same id in another's hands is another's own.
    other.post(&format!("{place}&draft={id}"), &[("title", "乙的")]).await.expect(303);
    compiler.get("/leads/new").await.expect(200).has("只给 自己看").has_not("乙的");
    compiler.post(&format!("/unsent/{id}/discard"), &[]).await.expect(303);
    compiler.post(&format!("/unsent/{id}/discard"), &[]).await.expect(404);
    other.get("/leads/new").await.expect(200).has("乙的");
    app.stranger().post(place, &[("title", "x")]).await.expect(401);
}

#[tokio::test]
async fn only_forms_of_ours_are_kept() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let long = format!("/leads/{}", "x".repeat(400));
    for form in [
        "",
        "https://evil.example/leads/new",
        "//evil.example/leads/new",
        "/login",
        "/account/password",
        "/admin/people",
        "/api/v1/leads",
        "/unsent",
        "/leads/no/such/form",
        "/leads/new%0d%0aX:%20y",
        "/leads/%0A/edit",
        "/leads/x%09/edit",
        "/leads/%5Cevil.example/edit",
        &long,
    ] {
        let url = format!("/unsent?form={form}");
        compiler.post(&url, &[("title", "x")]).await.expect(404);
    }
    // Nor does a page of another site put words into anybody's form.
    let forged = compiler.client.post(compiler.url("/unsent?form=/leads/new"));
    let forged = forged.header(header::ORIGIN, "https://evil.example").body("title=x");
    compiler.send(forged).await.expect(403);
    compiler.get("/unsent").await.expect(200).has("没有未提交的内容");
}

#[tokio::test]
async fn too_much_is_refused_in_words_and_nothing_else_is_lost_for_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let place = "/unsent?form=/leads/new";
    compiler.post(place, &[("title", "第一份 填写")]).await.expect(303);
    let long = "长".repeat(200_000);
    compiler.post(place, &[("summary", &long)]).await.expect(413).has("无法暂存");
    for _ in 1..100 {
        compiler.post(place, &[("title", "又一份")]).await.expect(303);
    }
    compiler.post(place, &[("title", "第一百零一份")]).await.expect(422).has("未提交的内容已达上限");
    compiler.get("/unsent").await.expect(200).has("第一份 填写");
    // Another one has room, for so much; and the list shows how each begins.
    let other = app.sign_in("compiler2").await;
    let long = "长".repeat(150_000);
    for _ in 0..9 {
        other.post(place, &[("summary", &long)]).await.expect(303);
    }
    other.post(place, &[("summary", &long)]).await.expect(422).has("未提交的内容已达上限");
    let list = other.get("/unsent").await.expect(200).text();
    assert!(list.len() < 60_000, "{} bytes", list.len());
}

#[tokio::test]
async fn what_nobody_went_on_with_goes_after_thirty_days() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    for title in ["旧的 填写", "新的 填写"] {
        compiler.post("/unsent?form=/leads/new", &[("title", title)]).await.expect(303);
    }
    let old = app.now().plus_seconds(-31 * 24 * 3600);
    let aged = app.services.db.write_quiet(move |tx| {
        let first: Instant =
            unsent::table.select(unsent::saved_at).order(unsent::saved_at).first(tx.conn())?;
        diesel::update(unsent::table.filter(unsent::saved_at.eq(first)))
            .set(unsent::saved_at.eq(old))
            .execute(tx.conn())?;
        Ok(())
    });
    aged.await.expect("aged");
    let db = app.services.db.clone();
    let gone = tokio::task::spawn_blocking(move || people::unsent::tidy(&db)).await.expect("ran");
    assert_eq!(gone.expect("tidied"), 1);
    compiler.get("/unsent").await.expect(200).has("新的 填写").has_not("旧的 填写");
}
