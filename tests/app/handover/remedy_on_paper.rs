//! The decisions on a remedy where nobody at the agency can sign in: who records them from the paper.

use super::{SCAN, remedy::not_filed, with_scan};
use crate::support::today;

/// Who asked is on the accuser's side as much as who sent the dossier, and so is no second person for the answer.
#[tokio::test]
async fn who_asked_for_a_decision_does_not_record_it_from_its_paper() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    let upheld = [("on", today.as_str()), ("verdict", "upheld")];
    s.app.disable("liaison").await;
    let (manager, other) = (s.app.sign_in("manager").await, s.app.sign_in("compiler2").await);
    manager.post(&s.at("remedy-served"), &on).await.expect(303);
    manager.post(&s.at("remedy-asked"), &on).await.expect(303);
    let refused = async |step: &str| {
        manager.get(&page).await.expect(200).has_not(&format!("/{step}"));
        manager.get(&s.at(step)).await.expect(200).has("登记复议、复核申请的人").has_not("name=\"verdict\"");
        let entries = s.app.audit_count().await;
        with_scan(&manager, &s.at(step), &upheld, SCAN).await.expect(409).has("登记复议、复核申请的人");
        let entry = s.app.last_entry().await;
        assert_eq!((s.app.audit_count().await, entry.outcome.as_str()), (entries + 1, "refused"));
    };
    refused("remedy-decided").await;
    // Who did neither may.
    other.get(&page).await.expect(200).has("/remedy-decided");
    other.get(&s.at("remedy-decided")).await.expect(200).has("name=\"verdict\"");
    with_scan(&other, &s.at("remedy-decided"), &upheld, SCAN).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.decide_reconsideration");
    // Nor does who asked put another scan in the place of its own.
    let text = other.get(&page).await.expect(200).text();
    let replace = text.split('"').find(|part| part.ends_with("/replace")).expect("a way to replace it");
    manager.get(&page).await.expect(200).has_not("/replace");
    with_scan(&manager, replace, &[("reason", "传错文件")], SCAN).await.expect(409).has("另一位同事");
    with_scan(&other, replace, &[("reason", "传错文件")], SCAN).await.expect(303);
    // Of the review as well, whoever asked for that.
    s.compiler.post(&s.at("remedy-review-asked"), &on).await.expect(303);
    refused("remedy-review-decided").await;
    with_scan(&other, &s.at("remedy-review-decided"), &upheld, SCAN).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.decide_review");
    s.check().await;
}
