//! What changed and was not yet marked as seen: what others did, once, to those whom it concerns, and to nobody else.

use lead_handoff::platform::db::Id;

use super::{
    Story,
    forwarding::{forward, to},
    send,
};
use crate::support::{
    Browser, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
};

const NOTHING: &str = "没有新的变化";

/// The part of a first page that tells what changed; empty: there is none.
async fn told(who: &Browser) -> String {
    let page = who.get("/").await.expect(200).text();
    let panel = page.split("id=\"since\"").nth(1).unwrap_or_default();
    panel.split("</section>").next().unwrap_or_default().to_owned()
}

/// Presses the button of the first page that says that all was seen.
async fn all_seen(who: &Browser) {
    let panel = told(who).await;
    let until = panel.split("name=\"until\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let until = until.expect("a moment").to_owned();
    let reply = who.post("/changes/seen", &[("until", &until)]).await.expect(303);
    who.get(&reply.location).await.expect(200).has("已标为已阅").has_not("id=\"since\"");
}

#[tokio::test]
async fn what_the_other_side_did_is_new_until_it_was_seen_and_ones_own_acts_never_are() {
    let s = Story::sent().await;
    s.compiler.get("/changes").await.expect(200).has(NOTHING);
    let panel = told(&s.liaison).await;
    assert!(
        panel.contains(&format!("/transfers/{}#timeline", s.transfer)) && panel.contains("移送"),
        "{panel}"
    );

    s.act("acknowledge", &[]).await.expect(303);
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    s.act("message", &[("body", "请补充仓库地址")]).await.expect(303);
    let page = s.compiler.get("/changes").await.expect(200);
    let page = page.has("签收").has("受理").has("发送消息").has("联络员甲").text();
    assert!(page.find("发送消息") < page.find("签收"), "the newest first");
    assert!(page.contains(&format!("/transfers/{}#messages", s.transfer)));
    // What was written is on the transfer's page, not here; nor are one's own acts.
    assert!(!page.contains("请补充仓库地址") && !page.contains("编制人甲</span>"));
    // Neither a colleague's lead nor another agency's transfer.
    s.app.sign_in("compiler2").await.get("/changes").await.expect(200).has(NOTHING).has_not("假冒品牌手表");
    s.app.sign_in("liaison2").await.get("/changes").await.expect(200).has(NOTHING).has_not("假冒品牌手表");
    s.app.sign_in("admin").await.get("/changes").await.expect(200).has_not("假冒品牌手表");

    all_seen(&s.compiler).await;
    s.act("message", &[("body", "另请说明销售时间")]).await.expect(303);
    let panel = told(&s.compiler).await;
    assert!(panel.contains("发送消息") && !panel.contains("<br>签收"), "{panel}");
    // A page that was left open for long brings nothing back.
    all_seen(&s.compiler).await;
    s.compiler.post("/changes/seen", &[("until", "1")]).await.expect(303);
    s.compiler.post("/changes/seen", &[("until", "tomorrow")]).await.expect(303);
    assert_eq!(told(&s.compiler).await, "");
}

/// Whoever loses a session and signs in again still reads what they have not marked as seen.
#[tokio::test]
async fn what_was_not_marked_as_seen_is_still_new_in_the_next_session() {
    let s = Story::received().await;
    assert!(told(&s.compiler).await.contains("签收"));
    s.act("accept", &[]).await.expect(303);
    s.compiler.post("/logout", &[]).await.expect(303);
    let next = s.app.sign_in("compiler").await;
    let panel = told(&next).await;
    assert!(panel.contains("受理") && panel.contains("<br>签收"), "{panel}");
    // Nor does looking at the list put anything away.
    next.get("/changes").await.expect(200).has("签收");
    assert!(told(&s.app.sign_in("compiler").await).await.contains("<br>签收"));
    all_seen(&next).await;
    assert_eq!(told(&s.app.sign_in("compiler").await).await, "");
}

/// The platform's own affairs, who acted at it, and other agencies' people are none of an agency's business.
#[tokio::test]
async fn an_agency_is_told_of_its_own_transfers_and_of_the_platform_only_that_it_acted() {
    let s = Story::received().await;
    s.compiler.post(&s.at("message"), &[("body", "材料已补齐")]).await.expect(303);
    let own = s.liaison.get("/changes").await.expect(200);
    own.has("发送消息").has("平台治理部").has_not("编制人甲").has_not("XS-2026-000007").has_not("<br>签收");
    // What its colleague does is told by name.
    forward(&s.app, "liaison", s.transfer, HANGZHOU).await.expect(303);
    let (there, _) = to(&s.app, s.lead, HANGZHOU).await.expect("a transfer");
    let other = s.app.sign_in("liaison2").await;
    let page = other.get("/changes").await.expect(200);
    let page = page.has("其他单位转来").has(&format!("/transfers/{there}#timeline")).has_not("联络员甲");
    page.has_not(&s.transfer.to_string()).has_not("发送消息").has_not("XS-2026");
    // Whose dossier went where is the platform's to know alone.
    let entry = s.app.last_entry().await;
    assert_eq!(entry.verb, "worklist.view");
    let objects = entry.leaf["objects"].to_string();
    assert!(objects.contains(&there.to_string()) && !objects.contains(&s.transfer.to_string()), "{objects}");
    // Whatever stands in the address, a page holds nothing but one's own.
    other.get(&format!("/changes?before={}", Id::new())).await.expect(200).has_not(&s.transfer.to_string());
    other.get("/changes?before=x").await.expect(200).has("其他单位转来");
}

#[tokio::test]
async fn what_is_more_than_a_page_goes_on_behind_it() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = send(&compiler, dossier, "portal").await.expect(303).id();
    for n in 0..52 {
        let body = format!("第 {n} 条");
        liaison.post(&format!("/transfers/{transfer}/message"), &[("body", &body)]).await.expect(303);
    }
    let rows = |page: &str| page.matches("#messages\"").count();
    let page = compiler.get("/changes?ok=lead-assigned").await.expect(200).text();
    assert_eq!(rows(&page), 50);
    let older = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    assert!(older.is_some_and(|href| !href.contains("ok=")), "what was done is said once: {older:?}");
    let rest = compiler.get(older.expect("an older page")).await.expect(200).has("回到最新");
    let rest = rest.has("较新的记录").has_not("rel=\"next\"").has_not("name=\"until\"").text();
    assert_eq!(rows(&rest), 2);
    let newer = rest.split("rel=\"prev\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let again = compiler.get(newer.expect("a newer page")).await.expect(200).has_not("rel=\"prev\"");
    assert_eq!(rows(&again.text()), 50);
    let home = told(&compiler).await;
    assert!(home.contains("6+") && rows(&home) == 6, "{home}");
}
