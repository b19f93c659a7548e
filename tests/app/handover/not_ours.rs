//! What an agency finds not to be within its competence: both sides read of it, and it is forwarded next.

use super::{
    SCAN, Story,
    paper::received_on_paper,
    waiting::{listed, waits},
    with_scan,
};
use crate::support::{TestApp, seed::HANGZHOU, today};

const FOUND: &str = "发现不属于本单位管辖</p>";
const OTHER_DUTIES: [&str; 4] = ["decide", "filing", "handling", "not-filed"];

/// The button for a verb as the first thing to do.
fn first(s: &Story, verb: &str) -> String {
    format!("class=\"button-primary\" href=\"{}\"", s.at(verb))
}

#[tokio::test]
async fn what_is_not_theirs_is_forwarded_next_and_no_longer_decided_on() {
    for accepted in [false, true] {
        let s = if accepted { Story::accepted().await } else { Story::received().await };
        let page = format!("/transfers/{}", s.transfer);
        let (next, duty) = if accepted { ("file", "filing") } else { ("accept", "decide") };
        s.liaison.get(&page).await.expect(200).has(&first(&s, next)).has_not(FOUND);
        assert_eq!((waits(&s.liaison, duty).await, waits(&s.liaison, "forward").await), (1, 0));
        s.act("not-ours", &[]).await.expect(303);

        let to_forward = s.liaison.get(&page).await.expect(200);
        to_forward
            .has("已认定不属于本单位管辖，请于 ")
            .has("前转送有管辖权的单位")
            .has(&first(&s, "forward"))
            .has_not(&first(&s, next))
            .has(FOUND)
            .has("转送期限：");
        s.compiler
            .get(&page)
            .await
            .expect(200)
            .has("对方认定本件不属于其管辖，将转送有管辖权的单位，无需操作。")
            .has(FOUND)
            .has_not("等待对方决定");
        // The lead's own timeline has it as well.
        s.compiler.get(&format!("/leads/{}", s.lead)).await.expect(200).has("发现不属于本单位管辖");
        assert_eq!((waits(&s.liaison, "forward").await, listed(&s.liaison, "forward").await), (1, 1));
        for other in OTHER_DUTIES {
            assert_eq!((waits(&s.liaison, other).await, listed(&s.liaison, other).await), (0, 0), "{other}");
        }
        s.liaison.get("/").await.expect(200).has("不属于本单位管辖，待转送有管辖权的单位");
        // To the platform it is no list.
        s.compiler.get("/transfers?waits=forward").await.expect(422);

        let target = s.app.seed.agencies[HANGZHOU].to_string();
        s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
        for who in [&s.liaison, &s.compiler] {
            who.get(&page)
                .await
                .expect(200)
                .has(FOUND)
                .has_not("已认定不属于本单位管辖，请于")
                .has_not("对方认定本件不属于其管辖");
        }
        assert_eq!((waits(&s.liaison, "forward").await, listed(&s.liaison, "forward").await), (0, 0));
    }
}

#[tokio::test]
async fn nobody_waits_for_the_supplement_of_what_is_not_theirs() {
    let s = Story::received().await;
    let page = format!("/transfers/{}", s.transfer);
    s.act("supplement", &[("code", "RQ-TRADE"), ("text", "请补交易记录")]).await.expect(303);
    s.liaison.get(&page).await.expect(200).has("等待移送单位答复");
    assert_eq!(waits(&s.compiler, "supplements").await, 1);
    s.act("not-ours", &[]).await.expect(303);
    s.liaison
        .get(&page)
        .await
        .expect(200)
        .has("已认定不属于本单位管辖，请于 ")
        .has(&first(&s, "forward"))
        .has_not("等待移送单位答复");
    s.compiler
        .get(&page)
        .await
        .expect(200)
        .has("将转送有管辖权的单位，无需操作。")
        .has_not("对方要求补充材料：编制新版卷宗")
        .has_not("/reopen");
    assert_eq!(waits(&s.compiler, "supplements").await, 0);
    assert_eq!((waits(&s.liaison, "forward").await, listed(&s.liaison, "forward").await), (1, 1));
    assert_eq!((waits(&s.liaison, "filing").await, listed(&s.liaison, "filing").await), (0, 0));
}

#[tokio::test]
async fn what_was_found_not_to_be_theirs_and_is_accepted_after_all_is_not_to_be_forwarded() {
    let s = Story::received().await;
    let page = format!("/transfers/{}", s.transfer);
    s.act("not-ours", &[]).await.expect(303);
    s.act("accept", &[]).await.expect(303);
    s.liaison.get(&page).await.expect(200).has("请在期限前决定是否立案").has(FOUND).has(&first(&s, "file"));
    assert_eq!((waits(&s.liaison, "forward").await, waits(&s.liaison, "filing").await), (0, 1));
}

#[tokio::test]
async fn of_an_agency_without_accounts_the_forward_is_recorded_from_its_paper() {
    let app = TestApp::new().await;
    let (page, compiler, manager) = received_on_paper(&app).await;
    let today = today();
    let day = ("on_day", today.as_str());
    let supplement = [day, ("code", "RQ-TRADE")];
    with_scan(&manager, &format!("{page}/supplement"), &supplement, SCAN).await.expect(303);
    assert_eq!(waits(&manager, "paper").await, 0);
    with_scan(&manager, &format!("{page}/not-ours"), &[day], SCAN).await.expect(303);
    for who in [&manager, &compiler] {
        who.get(&page).await.expect(200).has("收到其转送文书后请登记转送。").has(FOUND);
        assert_eq!((waits(who, "paper").await, listed(who, "paper").await), (1, 1));
    }
    manager.get(&page).await.expect(200).has(&format!("class=\"button-primary\" href=\"{page}/forward\""));
}
