//! Where a remedy against a decision not to file stands while it waits: the next step of either side, and the first page.

use super::{
    remedy::not_filed,
    send,
    waiting::{listed, waits},
};
use crate::support::{fixtures, seed::GUANGZHOU, today};

/// Each side's page names what is owed or open, and the agency's bids nobody record what is the accuser's.
#[tokio::test]
async fn the_next_step_names_what_is_owed_on_either_side() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    let upheld = [("on", today.as_str()), ("verdict", "upheld")];
    let stand = async |agency: &str, platform: &str| {
        let theirs = s.liaison.get(&page).await.expect(200).has(agency);
        theirs.has_not("办理已结束").has_not("并在此登记");
        s.compiler.get(&page).await.expect(200).has(platform).has_not("该移送已结束");
    };
    stand("请将不予立案通知书送达控告人", "收到后请登记送达日期").await;
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    stand("目前无需操作", "请决定是否申请复议，最后期限为").await;
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    stand("请在期限前作出复议决定并登记", "等待对方作出复议决定").await;
    s.act("remedy-decided", &upheld).await.expect(303);
    stand("控告人可以在", "请决定是否申请复核，最后期限为").await;
    s.compiler.post(&s.at("remedy-review-asked"), &on).await.expect(303);
    stand("请登记复核决定", "等待上一级公安机关的复核决定").await;
    s.act("remedy-review-decided", &upheld).await.expect(303);
    s.liaison.get(&page).await.expect(200).has("办理已结束");
    s.compiler.get(&page).await.expect(200).has("该移送已结束");
    // The lead's own story says what was decided.
    s.compiler.get(&format!("/leads/{}", s.lead)).await.expect(200).has("维持不予立案决定");
}

/// One transfer is one line of the compiler's first page, from the decision to the version that is sent anew; to have
/// read of the decision does not put away a notice that was not served.
#[tokio::test]
async fn an_open_remedy_stands_once_on_the_first_page_until_it_is_dealt_with() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    let stand = async || {
        let mut found = [0; 3];
        for (n, id) in ["remedy", "back", "paper"].into_iter().enumerate() {
            found[n] = waits(&s.compiler, id).await;
            assert_eq!(found[n], listed(&s.compiler, id).await, "{id}");
        }
        found
    };
    assert_eq!(stand().await, [1, 0, 0]);
    s.compiler.get(&page).await.expect(200).has_not("已阅，不再列入待办");
    s.compiler.post(&s.at("seen"), &[]).await.expect(303);
    assert_eq!(stand().await, [1, 0, 0]);
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    assert_eq!(stand().await, [1, 0, 0]);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    assert_eq!(stand().await, [0, 0, 0]);
    // Revoked, it comes back, and says so.
    s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
    assert_eq!(stand().await, [0, 1, 0]);
    s.compiler.get("/").await.expect(200).has("不予立案决定已撤销，待以新版卷宗再次移送");
    let lead = format!("href=\"/leads/{}\"", s.lead);
    s.compiler
        .get(&page)
        .await
        .expect(200)
        .has("编制新版卷宗，经审批封存后再次移送")
        .has("前往线索")
        .has(&lead);
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, second, "portal").await.expect(303);
    assert_eq!(stand().await, [0, 0, 0]);
    // The way begins anew: nothing of it is accepted yet.
    let way = s.compiler.get(&page).await.expect(200).text();
    let current = way.split("aria-current=\"step\"").nth(1).expect("a current step");
    let current = current.split("</li>").next().unwrap_or_default();
    assert!(current.contains("已移送"), "{current}");
}

/// Where nobody at the agency can sign in, the notice and the decisions wait with its papers, and there alone.
#[tokio::test]
async fn a_remedy_at_an_agency_without_accounts_stands_once_too() {
    let s = not_filed("accuser_joint").await;
    let today = today();
    let on = [("on", today.as_str())];
    s.app.disable("liaison").await;
    let stand = async || {
        let mut found = [0; 3];
        for (n, id) in ["remedy", "back", "paper"].into_iter().enumerate() {
            found[n] = waits(&s.compiler, id).await;
        }
        found
    };
    assert_eq!(stand().await, [0, 0, 1]);
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    assert_eq!(stand().await, [1, 0, 0]);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    assert_eq!(stand().await, [0, 0, 1]);
}
