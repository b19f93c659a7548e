//! Two of an agency mend one case.

use super::{Story, cases::only_case};
use crate::support::today;

fn was(page: &str) -> String {
    let rest = page.split_once("name=\"was\" value=\"").expect("a mark").1;
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn two_of_an_agency_mend_one_case() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "1号"), ("filed_on", &today()), ("title", "假表案")]).await.expect(303);
    let case = only_case(&s).await;
    let edit = format!("/cases/{case}/edit");
    let colleague = s.app.sign_in("liaison").await;
    let page = s.liaison.get(&edit).await.expect(200).text();
    let mark = was(&page);
    let theirs = [("number", "1号"), ("title", "假表案（甲）"), ("officer", "王某"), ("was", mark.as_str())];
    colleague.post(&edit, &theirs).await.expect(303);
    let mine = [("number", "2号"), ("title", "假表案（乙）"), ("officer", ""), ("was", mark.as_str())];
    let clash = s.liaison.post(&edit, &mine).await.expect(409);
    let clash = clash.has("在您打开本页之后已有修改").has("假表案（甲）").has("假表案（乙）").has("王某");
    let clash = clash.has("name=\"pick.title\"").has_not("pick.number").text();
    let mark = was(&clash);
    let chosen = [
        ("number", "2号"),
        ("title", "假表案（乙）"),
        ("pick.title", "theirs"),
        ("theirs.title", "假表案（甲）"),
        ("officer", "王某"),
        ("was", mark.as_str()),
    ];
    s.liaison.post(&edit, &chosen).await.expect(303);
    s.liaison.get(&edit).await.expect(200).has("2号").has("假表案（甲）").has("王某");
    // Saved as it is, it is no change.
    let entries = s.app.audit_count().await;
    let same = [("number", "2号"), ("title", "假表案（甲）"), ("officer", "王某")];
    s.liaison.post(&edit, &same).await.expect(303);
    assert_eq!(s.app.audit_count().await, entries);

    // What is typed and not sent waits for the one who typed it: on the transfer's page, and for nobody else.
    let transfer = format!("/transfers/{}", s.transfer);
    let keeps = format!("/unsent?form={transfer}/message");
    s.liaison.post(&keeps, &[("body", "请补充 证据三")]).await.expect(303);
    s.liaison.get(&transfer).await.expect(200).has("您有未提交的内容").has("请补充 证据三");
    s.liaison.get(&format!("{transfer}/message")).await.expect(200).has("请补充 证据三");
    s.compiler.get(&transfer).await.expect(200).has_not("请补充 证据三");
}
