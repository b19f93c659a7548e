//! Messages that need no answer: either side says so, and they wait no longer.

use super::{
    Story,
    waiting::{listed, waits},
};

/// What waits to be answered: on the first page, and in the list that it leads to.
async fn waiting(who: &crate::support::Browser) -> (usize, usize) {
    (waits(who, "messages").await, listed(who, "messages").await)
}

#[tokio::test]
async fn a_message_that_needs_no_answer_waits_no_longer_on_either_side() {
    let s = Story::received().await;
    let (page, noted) = (format!("/transfers/{}", s.transfer), s.at("message/noted"));
    let button = format!("action=\"{noted}?once=");
    // Nothing was written: nothing is to be noted.
    s.compiler.get(&page).await.expect(200).has_not(&button);
    s.compiler.post(&noted, &[]).await.expect(409).has("没有等待回复的消息");

    s.act("message", &[("body", "卷宗已收到，谢谢。")]).await.expect(303);
    s.act("message", &[("body", "后续由李警官办理。")]).await.expect(303);
    assert_eq!((waiting(&s.compiler).await, waiting(&s.liaison).await), ((1, 1), (0, 0)));
    // It is for the one to whom it was written, and for who is responsible there.
    s.liaison.get(&page).await.expect(200).has_not(&button);
    s.liaison.post(&noted, &[]).await.expect(409);
    s.app.sign_in("compiler2").await.post(&noted, &[]).await.expect(409);
    s.app.sign_in("approver").await.post(&noted, &[]).await.expect(404);
    s.compiler.get(&page).await.expect(200).has(&button).has("无需回复");
    let before = s.app.audit_count().await;
    s.compiler.post(&noted, &[]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.app.last_entry().await.verb, "transfer.message_note");
    assert_eq!(waiting(&s.compiler).await, (0, 0));
    s.compiler.get(&page).await.expect(200).has("标为无需回复").has("编制人甲于").has_not(&button);
    // The agency learns that, and not who did it; what was said is said once.
    s.liaison.get(&page).await.expect(200).has("标为无需回复").has_not("编制人甲");
    s.compiler.post(&noted, &[]).await.expect(409).has("没有等待回复的消息");

    // The next message waits again, and an answer ends that as before.
    s.act("message", &[("body", "请补充鉴定意见。")]).await.expect(303);
    assert_eq!(waiting(&s.compiler).await, (1, 1));
    s.compiler.post(&s.at("message"), &[("body", "正在准备。")]).await.expect(303);
    assert_eq!((waiting(&s.compiler).await, waiting(&s.liaison).await), ((0, 0), (1, 1)));
    // So it is the other way round.
    s.liaison.get(&page).await.expect(200).has(&button);
    s.app.sign_in("liaison2").await.post(&noted, &[]).await.expect(404);
    s.liaison.post(&noted, &[]).await.expect(303);
    assert_eq!((waiting(&s.compiler).await, waiting(&s.liaison).await), ((0, 0), (0, 0)));
    s.check().await;
}
