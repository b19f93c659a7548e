//! What the page of a lead says of what agencies made of it.

use super::{Story, forwarding::forward, send};
use crate::support::{
    TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    story, today,
};

/// What stands above the facts: chips, the steps of the way, what comes next.
fn head(page: &str) -> String {
    let content = page.split("<main").nth(1).expect("the page's own part");
    content.split("class=\"beside\"").next().unwrap_or_default().to_owned()
}

/// The step of the way that is called so: its state, and what stands below it.
fn step(head: &str, name: &str) -> String {
    let mut steps = head.split("<li class=\"step-").skip(1);
    let name = format!("<span class=\"step-name\">{name}<");
    let found = steps.find(|one| one.contains(&name)).unwrap_or_else(|| panic!("no step {name} in {head}"));
    found.split("</li>").next().unwrap_or_default().to_owned()
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
    s.compiler.post("/language?to=en", &[]).await.expect(303);
    s.compiler.get("/leads").await.expect(200).has("Case filed · 1 agency<");
}

/// Of several agencies the list and the lead's page say where each is, and not where the furthest of them is alone.
#[tokio::test]
async fn of_agencies_at_different_steps_each_is_told_of() {
    let s = Story::sent().await;
    let other = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let page = format!("/leads/{}", s.lead);
    // One of the two addressees was sent it.
    let lead = s.compiler.get(&page).await.expect(200).has("已移送 1/2 家").text();
    assert!(step(&head(&lead), "移送").contains("1/2 家"), "{lead}");
    send(&s.compiler, other, "portal").await.expect(303);
    let lead = s.compiler.get(&page).await.expect(200).has_not("已移送 1/2 家").text();
    assert!(!head(&lead).contains("1/2 家"), "{lead}");
    s.compiler.get("/leads").await.expect(200).has("已移送 · 2 家单位");

    s.act("acknowledge", &[]).await.expect(303);
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let list = s.compiler.get("/leads").await.expect(200).has("已立案 · 1 家单位").has("待签收 · 1 家单位");
    list.has_not("2 家单位");
    let top = head(&s.compiler.get(&page).await.expect(200).text());
    assert!(top.contains(">已立案 · 1 家单位<") && top.contains(">待签收 · 1 家单位<"), "{top}");
    for name in ["签收", "受理", "立案"] {
        let told = step(&top, name);
        assert!(told.starts_with("partly") && told.contains("1/2 家"), "{name}: {told}");
    }
    assert!(step(&top, "移送").starts_with("done"), "{top}");
}

/// Opened again, a lead is written anew, and the version that was approved is approved.
#[tokio::test]
async fn a_lead_that_is_opened_again_says_which_version_was_approved() {
    let app = TestApp::new().await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    let compiler = app.sign_in("compiler").await;
    let page = format!("/leads/{lead}");
    // Sealed and sent to nobody is not the same as never approved.
    let sealed = "第 1 版已批准并封存，还没有移送。";
    compiler.get(&page).await.expect(200).has(sealed).has_not("卷宗批准并封存后即可移送");
    compiler.post(&format!("{page}/reopen"), &[]).await.expect(303);
    let again = compiler.get(&page).await.expect(200).has(sealed).text();
    let top = head(&again);
    assert!(step(&top, "草稿").starts_with("current") && step(&top, "草稿").contains("再次修改"), "{top}");
    for name in ["审核", "批准"] {
        let told = step(&top, name);
        assert!(told.starts_with("partly") && told.contains("第 1 版"), "{name}: {told}");
    }
    // A lead that never was has nothing to say of it.
    let fresh = app.seed.lead(&app.services, "compiler");
    let top = compiler.get(&format!("/leads/{fresh}")).await.expect(200);
    let top = top.has("还没有移送。卷宗批准并封存后即可移送。").text();
    assert!(step(&head(&top), "批准").starts_with("todo"), "{top}");
}
