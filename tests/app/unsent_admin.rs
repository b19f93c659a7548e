//! What is typed into the forms of the directory and of saved filters is kept like that of any other form.

use crate::{
    merging::hidden,
    support::{TestApp, seed::GUANGZHOU},
};

/// What tells that the form was filled from what was typed before.
const FILLED: &str = "您有未提交的内容";

#[tokio::test]
async fn an_invitation_and_the_end_of_an_agency_are_given_back_until_they_are_sent() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    let invite = "/admin/people/invite";
    admin.get(invite).await.expect(200).has("data-keep").has_not(FILLED);
    let typed = [("name", "沈青"), ("email", "shen@example.com"), ("language", "zh-CN")];
    let before = app.audit_count().await;
    admin.post(&format!("/unsent?form={invite}"), &typed).await.expect(303);
    assert_eq!(app.audit_count().await, before, "bookkeeping");
    let page = admin.get(invite).await.expect(200).has(FILLED).text();
    assert_eq!((hidden(&page, "name"), hidden(&page, "email")), ("沈青".into(), "shen@example.com".into()));
    admin.get("/unsent").await.expect(200).has("邀请");
    // What another administrator of the mind to invite somebody sees is their own.
    app.sign_in("compiler").await.get(invite).await.expect(404);

    let close = format!("/agencies/{}/close", app.seed.agencies[GUANGZHOU]);
    admin.get(&close).await.expect(200).has("data-keep").has_not(FILLED);
    admin.post(&format!("/unsent?form={close}"), &[("valid_to", "2027-01-01")]).await.expect(303);
    let page = admin.get(&close).await.expect(200).has(FILLED).text();
    assert_eq!(hidden(&page, "valid_to"), "2027-01-01");
}

/// What was typed beside one filter is not saved as the name of another one.
#[tokio::test]
async fn a_saved_filter_is_kept_by_what_it_asks_for() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (one, other) = ("/views/new?list=leads&asked=state%3Ddraft", "/views/new?list=leads&asked=q%3Dx");
    let page = compiler.get(one).await.expect(200).has("data-keep").text();
    let keep = page.split('"').find(|part| part.starts_with("/unsent?")).expect("where it is kept");
    let keep = keep.replace("&#38;", "&");
    let typed = [("name", "我的草稿"), ("list", "leads"), ("asked", "state=draft")];
    compiler.post(&keep, &typed).await.expect(303);
    let page = compiler.get(one).await.expect(200).has(FILLED).text();
    assert_eq!((hidden(&page, "name"), hidden(&page, "asked")), ("我的草稿".into(), "state=draft".into()));
    compiler.get(other).await.expect(200).has_not(FILLED).has_not("我的草稿");
}
