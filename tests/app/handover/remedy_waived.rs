//! An accuser who asks for nothing says so, and may still ask while there is time.

use diesel::prelude::*;
use lead_handoff::platform::db::schema::mail_message;

use super::{
    Story,
    remedy::{not_filed, not_filed_long_ago, recorded, running, runs, steps},
    waiting::{listed, waits},
};
use crate::support::{TestApp, days_ago, today};

/// How many mails told of a step.
async fn moved(s: &Story) -> i64 {
    let sent = s.app.services.db.read(|conn| {
        let moved = mail_message::table.filter(mail_message::template.eq("transfer-moved"));
        Ok(moved.count().get_result(conn)?)
    });
    sent.await.expect("mails")
}

#[tokio::test]
async fn who_does_not_ask_says_so_and_nothing_waits_any_more() {
    let s = not_filed("accuser_joint").await;
    let (page, today, earlier) = (format!("/transfers/{}", s.transfer), today(), days_ago(1));
    let on = [("on", today.as_str())];
    let waived = [("on", today.as_str()), ("text", "另案处理")];
    let manager = s.app.sign_in("manager").await;
    s.compiler.get(&page).await.expect(200).has_not("/remedy-waived");
    s.compiler.post(&s.at("remedy-waived"), &on).await.expect(409).has("请按顺序登记");
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    s.compiler.get(&page).await.expect(200).has("/remedy-waived").has("/remedy-asked");
    s.liaison.get(&page).await.expect(200).has_not("/remedy-waived");
    let form = s.compiler.get(&s.at("remedy-waived")).await.expect(200);
    let form = form.has("登记后不再列入待办；原期限届满前仍可以申请");
    form.has("name=\"on\"").has("name=\"text\"").has_not("paper_number");
    for (who, status) in [("compiler2", 409), ("liaison", 404), ("approver", 404), ("auditor", 404)] {
        s.app.sign_in(who).await.post(&s.at("remedy-waived"), &waived).await.expect(status);
    }
    s.compiler.post(&s.at("remedy-waived"), &[("on", &earlier)]).await.expect(422).has("日期不能早于");
    s.compiler.post(&s.at("remedy-waived"), &[("text", "另案处理")]).await.expect(422).has("另案处理");
    assert_eq!((steps(&s).await, waits(&manager, "remedy").await), (1, 1));
    let mails = moved(&s).await;
    recorded(&s, &s.compiler, "remedy-waived", &waived, "transfer.waive_reconsideration").await;
    assert!(running(&s).await.is_empty());
    for who in [&s.compiler, &manager] {
        assert_eq!((waits(who, "remedy").await, listed(who, "remedy").await), (0, 0));
    }
    // Whoever asks for nothing is done with the decision itself, too.
    assert_eq!((waits(&s.compiler, "back").await, listed(&s.compiler, "back").await), (0, 0));
    s.compiler.get(&page).await.expect(200).has_not("已阅，不再列入待办");
    let told = s.compiler.get(&page).await.expect(200).has("不申请复议").has("另案处理").has("不再计算");
    let told = told.has("或已表示不再申请，该期限不再计算");
    told.has_not("请决定是否申请复议").has_not("/remedy-waived");
    // Nothing waits for the agency: it is told neither by mail nor by what changed, and finds it on the page.
    assert_eq!(moved(&s).await, mails);
    s.liaison.get("/changes").await.expect(200).has_not("不申请复议");
    s.liaison.get(&page).await.expect(200).has("控告人已表示不申请复议").has("另案处理").has("办理已结束");
    s.compiler.get(&format!("/leads/{}", s.lead)).await.expect(200).has("不申请复议");
    s.compiler.post(&s.at("remedy-waived"), &on).await.expect(409).has("以先登记的为准");
    assert_eq!(steps(&s).await, 2);
    s.check().await;
}

/// The law binds nobody to it: what was not asked for is asked for in its time, at either stage.
#[tokio::test]
async fn what_was_not_asked_for_may_still_be_asked_for_in_its_time() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    recorded(&s, &s.compiler, "remedy-waived", &on, "transfer.waive_reconsideration").await;
    s.compiler.get(&page).await.expect(200).has("/remedy-asked");
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    assert_eq!(running(&s).await, runs("PSB-RECON-DECIDE", "agency"));
    s.compiler.get(&page).await.expect(200).has_not("控告人已表示不申请复议").has_not("/remedy-waived");
    s.act("remedy-decided", &[("on", &today), ("verdict", "upheld")]).await.expect(303);
    let mails = moved(&s).await;
    recorded(&s, &s.compiler, "remedy-review-waived", &on, "transfer.waive_review").await;
    assert_eq!(moved(&s).await, mails);
    assert!(running(&s).await.is_empty());
    s.compiler.get(&page).await.expect(200).has("控告人已表示不申请复核");
    recorded(&s, &s.compiler, "remedy-review-asked", &on, "transfer.ask_review").await;
    s.check().await;
}

/// A request made in its time counts whenever it is recorded; one that was made later is refused, at either stage.
#[tokio::test]
async fn what_was_asked_for_in_its_time_is_recorded_after_it_and_nothing_later() {
    let app = TestApp::new().await;
    let id = not_filed_long_ago(&app).await;
    let page = format!("/transfers/{id}");
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    liaison.post(&format!("{page}/remedy-served"), &[("on", "2024-06-12")]).await.expect(303);
    for (stage, verb, [waived_on, end, late, decided_on], told) in [
        (
            "remedy",
            "transfer.ask_reconsideration",
            ["2024-06-17", "2024-06-19", "2024-06-20", "2024-07-01"],
            "申请复议的期限已于 2024年6月19日 届满",
        ),
        (
            "remedy-review",
            "transfer.ask_review",
            ["2024-07-03", "2024-07-08", "2024-07-09", "2024-08-01"],
            "申请复核的期限已于 2024年7月8日 届满",
        ),
    ] {
        let (waive, ask) = (format!("{page}/{stage}-waived"), format!("{page}/{stage}-asked"));
        compiler.post(&waive, &[("on", waived_on)]).await.expect(303);
        compiler.get(&page).await.expect(200).has(told).has("已在期限内申请的，仍可以登记").has(&ask);
        liaison.get(&page).await.expect(200).has(told).has_not(&ask);
        compiler.get(&ask).await.expect(200).has("name=\"on\"");
        compiler.post(&ask, &[("on", late)]).await.expect(422).has("不能再登记申请");
        let before = app.audit_count().await;
        compiler.post(&ask, &[("on", end)]).await.expect(303);
        assert_eq!((app.audit_count().await, app.last_entry().await.verb), (before + 1, verb.to_owned()));
        compiler.get(&page).await.expect(200).has_not(told);
        let upheld = [("on", decided_on), ("verdict", "upheld")];
        liaison.post(&format!("{page}/{stage}-decided"), &upheld).await.expect(303);
    }
}
