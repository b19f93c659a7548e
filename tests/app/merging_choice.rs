//! Where two people changed one field nobody's version is taken unless it was chosen; to be asked is no refusal; and of what
//! is kept meanwhile the form's own bookkeeping is not shown.

use lead_handoff::audit;

use crate::{
    merging::{Opened, hidden, shared},
    support::TestApp,
};

/// How many refusals are on record.
async fn refusals(app: &TestApp) -> usize {
    let filter = audit::Filter { outcome: Some("refused".into()), ..Default::default() };
    let rows = app.services.db.read(move |conn| audit::page(conn, &filter, 1000)).await;
    rows.expect("entries").len()
}

#[tokio::test]
async fn a_field_that_both_changed_is_asked_until_a_version_is_chosen() {
    let app = TestApp::new().await;
    let (lead, first, second) = shared(&app).await;
    let (one, two) = (Opened::by(&first, lead).await, Opened::by(&second, lead).await);
    two.save(&second, &[("title", "第二人的标题"), ("summary", "第二人的摘要")]).await.expect(303);
    let before = refusals(&app).await;
    let mine = [("title", "第一人的标题"), ("summary", "第一人的摘要")];
    let page = one.save(&first, &mine).await.expect(409);
    let page = page.has("name=\"pick.title\" value=\"mine\">").has("name=\"pick.title\" value=\"theirs\">");
    let page = page.has_not("请选择采用哪一方的内容").text();
    assert_eq!(refusals(&app).await, before, "to be asked is no refusal");

    // Sent as it came, with a choice for one of both: the other one is asked for beside its field.
    let names = ["was", "revision", "before.was", "before.revision", "ask.title", "ask.summary"];
    let names = names.into_iter().chain(["theirs.title", "theirs.summary"]);
    let marks: Vec<_> = names.map(|name| (name, hidden(&page, name))).collect();
    let mut sent: Vec<(&str, &str)> = marks.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sent.extend(mine);
    sent.push(("pick.summary", "mine"));
    let again = one.save(&first, &sent).await.expect(409).has("双方都修改了“标题”，请选择采用哪一方的内容");
    let again = again.has_not("双方都修改了“线索摘要”").has("href=\"#f-pick-title\"");
    again.has("name=\"pick.summary\" value=\"mine\" checked>").has("第一人的标题").has("第二人的标题");
    second.get(&one.path).await.expect(200).has("第二人的标题").has_not("第一人的标题");
    assert_eq!(refusals(&app).await, before);

    sent.push(("pick.title", "theirs"));
    one.save(&first, &sent).await.expect(303);
    second.get(&one.path).await.expect(200).has("第二人的标题").has("第一人的摘要");
}

#[tokio::test]
async fn the_list_of_what_is_kept_shows_no_bookkeeping_of_the_form() {
    let app = TestApp::new().await;
    let (lead, first, _) = shared(&app).await;
    let one = Opened::by(&first, lead).await;
    let was = hidden(&first.get(&one.path).await.expect(200).text(), "was");
    let keep = format!("/unsent?form={}", one.path);
    let typed = [("title", "改了 一半的标题"), ("was", was.as_str()), ("revision", "0")];
    first.post(&keep, &typed).await.expect(303);
    first.get("/unsent").await.expect(200).has("改了 一半的标题").has_not(&was);
    // Opened again the form still knows what it was filled from.
    let page = first.get(&one.path).await.expect(200).has("改了 一半的标题").text();
    assert_eq!(hidden(&page, "was"), was);
}
