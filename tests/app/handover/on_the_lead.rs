//! What the page of a lead says of what agencies made of it.

use super::{Story, forwarding::forward};
use crate::support::seed::HANGZHOU;

/// What stands above the facts: chips, the steps of the way, what comes next.
fn head(page: &str) -> String {
    let content = page.split("<main").nth(1).expect("the page's own part");
    content.split("class=\"beside\"").next().unwrap_or_default().to_owned()
}

/// The timeline's panel.
fn timeline(page: &str) -> String {
    page.split("id=\"timeline\"").nth(1).expect("a timeline").to_owned()
}

/// Whoever opens a lead that no case was filed on reads so, where its way ended, and what is left to do.
#[tokio::test]
async fn a_lead_that_was_not_filed_says_so_and_what_comes_next() {
    let s = Story::accepted().await;
    let page = format!("/leads/{}", s.lead);
    let before = head(&s.compiler.get(&page).await.expect(200).text());
    assert!(before.contains("已受理") && !before.contains("step-stopped"), "{before}");
    s.act("not-file", &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303);
    let entries = s.app.audit_count().await;
    let after = head(&s.compiler.get(&page).await.expect(200).text());
    assert_eq!(s.app.audit_count().await, entries + 1);
    assert!(after.contains("不予立案") && after.contains("step-stopped"), "{after}");
    assert!(!after.contains("已受理") && after.contains("承办单位不予立案。"), "{after}");
    // Written anew it can be sent again, which the version that ended does not hide.
    s.compiler.post(&format!("{page}/reopen"), &[]).await.expect(303);
    let anew = head(&s.compiler.get(&page).await.expect(200).text());
    assert!(anew.contains("草稿") && !anew.contains("承办单位不予立案。"), "{anew}");
}

/// Of several transfers each entry says which it is about, and of a forward where it went.
#[tokio::test]
async fn the_entries_of_transfers_are_told_apart() {
    let s = Story::received().await;
    let page = format!("/leads/{}", s.lead);
    let sent = timeline(&s.compiler.get(&page).await.expect(200).text());
    assert!(sent.contains(" · 广州市公安局经侦支队</a>"), "{sent}");
    forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
    let found = timeline(&s.compiler.get(&page).await.expect(200).text());
    // The sending's own entry names that agency too, in its link; the forward's names it in its title.
    assert!(found.contains(">转送其他单位 · 广州市公安局经侦支队 <a"), "{found}");
    assert!(found.contains(">转至杭州市市场监督管理局</a>"), "{found}");
}
