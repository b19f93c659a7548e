//! What the page of a lead says of what agencies made of it.

use super::{Story, forwarding::forward, send};
use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

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

/// Of the dossiers of one version each entry says to whom it is addressed.
#[tokio::test]
async fn the_entries_of_dossiers_name_the_agency() {
    let app = TestApp::new().await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU, HANGZHOU]).await;
    let page = app.sign_in("compiler").await.get(&format!("/leads/{lead}?kind=dossier")).await.expect(200);
    let found = timeline(&page.text());
    for agency in ["广州市公安局经侦支队", "杭州市市场监督管理局"] {
        for act in ["固定卷宗", "封存卷宗", "生成卷宗包"] {
            let told = dossiers.iter().filter(|id| {
                found.contains(&format!("{act} <a href=\"/dossiers/{id}\">第 1 版 · {agency}</a>"))
            });
            assert_eq!(told.count(), 1, "{act}, {agency}: {found}");
        }
    }
}

/// Whoever may send an approved lead has the button for it at the top of its page, and nobody else has one.
#[tokio::test]
async fn an_approved_lead_has_its_next_step_at_the_top() {
    let app = TestApp::new().await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    let page = format!("/leads/{lead}");
    let button = format!("class=\"button-primary\" href=\"/transfers/new?dossier={}\"", dossiers[0]);
    for may in ["compiler", "manager"] {
        let top = head(&app.sign_in(may).await.get(&page).await.expect(200).text());
        assert!(top.contains(&button), "{may}: {top}");
    }
    for may_not in ["compiler2", "approver", "auditor"] {
        app.sign_in(may_not).await.get(&page).await.expect(200).has_not("/transfers/new?dossier=");
    }
    let compiler = app.sign_in("compiler").await;
    send(&compiler, dossiers[0], "portal").await.expect(303);
    let top = head(&compiler.get(&page).await.expect(200).text());
    assert!(!top.contains("/transfers/new"), "{top}");
}

/// Of several that wait to be sent the button says whose is the next.
#[tokio::test]
async fn of_several_dossiers_the_button_says_to_whom_it_sends() {
    let app = TestApp::new().await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU, HANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let page = format!("/leads/{lead}");
    let top = head(&compiler.get(&page).await.expect(200).text());
    assert!(
        top.contains(">移送广州市公安局经侦支队<") || top.contains(">移送杭州市市场监督管理局<"),
        "{top}"
    );
    send(&compiler, dossiers[0], "portal").await.expect(303);
    let top = head(&compiler.get(&page).await.expect(200).text());
    let button = format!("href=\"/transfers/new?dossier={}\" data-key=\"s\">移送</a>", dossiers[1]);
    assert!(top.contains(&button), "{top}");
}

/// Below the state of a lead the list says how far the agencies are, and how many have it.
#[tokio::test]
async fn the_list_says_how_far_the_agencies_are() {
    let s = Story::sent().await;
    s.app.seed.lead(&s.app.services, "compiler");
    let list = s.compiler.get("/leads").await.expect(200).has("已移送 · 1 家单位").text();
    assert_eq!(list.matches(" 家单位").count(), 1, "a draft is with nobody: {list}");
    s.act("acknowledge", &[]).await.expect(303);
    s.compiler.get("/leads").await.expect(200).has("已签收 · 1 家单位");
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    s.compiler.get("/leads").await.expect(200).has("已立案 · 1 家单位");
    s.compiler.get("/language?to=en").await.expect(303);
    s.compiler.get("/leads").await.expect(200).has("Case filed · 1 agency<");
}
