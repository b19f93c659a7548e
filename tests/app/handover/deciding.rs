//! What an agency decides: accept, file, refuse, return, ask for more, forward.

use lead_handoff::{
    handover::agency_case::store::{self as cases, CaseRow},
    platform::db::Id,
};

use super::{Story, send};
use crate::support::{
    fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

#[tokio::test]
async fn a_dossier_goes_its_whole_way_and_every_act_leaves_one_entry() {
    let s = Story::sent().await;
    let before = s.app.audit_count().await;
    s.act("acknowledge", &[]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 2);
    s.act("file", &[("number", "穗公经立字〔2026〕1号"), ("filed_on", &today())]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 3);
    assert_eq!(s.state().await, ("filed".into(), 4));
    let page = s.compiler.get(&s.at("")[..s.at("").len() - 1]).await.expect(200).has("穗公经立字〔2026〕1号");
    page.has("XS-2026-000007");
    s.check().await;
}

#[tokio::test]
async fn nothing_is_decided_before_the_acknowledgement_and_nothing_typed_is_lost() {
    let s = Story::sent().await;
    let fields = [("code", "RF-OTHER"), ("text", "不归我们管，请改送")];
    s.act("refuse", &fields).await.expect(409).has("请先签收").has("不归我们管，请改送");
    s.act("acknowledge", &[]).await.expect(303);
    s.act("refuse", &[("code", "RF-OTHER")]).await.expect(422).has("href=\"#f-text\"");
    s.act("refuse", &[("code", "NO-SUCH")]).await.expect(422).has("href=\"#f-code\"");
    s.act("refuse", &fields).await.expect(303);
    assert_eq!(s.state().await, ("not_accepted".into(), 2));
    s.compiler.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has("不归我们管，请改送");
    s.check().await;
}

#[tokio::test]
async fn a_supplement_is_asked_for_and_answered_by_a_new_delivery() {
    let s = Story::received().await;
    s.act("supplement", &[("code", "RQ-TRADE"), ("text", "补三月流水")]).await.expect(303);
    assert_eq!(s.state().await.0, "supplement_requested");
    s.act("supplement", &[("code", "RQ-TRADE")]).await.expect(409);
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    let form = s.compiler.get(&format!("/transfers/new?dossier={second}")).await.expect(200);
    form.has("答复对方的补充要求");
    assert_eq!(send(&s.compiler, second, "portal").await.expect(303).id(), s.transfer);
    assert_eq!(s.state().await.0, "received");
    s.act("acknowledge", &[]).await.expect(303);
    s.act("accept", &[]).await.expect(303);
    // Which of the two versions a time limit is for is said.
    s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has("针对卷宗第 2 版");
    s.check().await;
}

#[tokio::test]
async fn a_returned_one_is_mended_and_sent_again_under_its_number() {
    let s = Story::accepted().await;
    s.act("return", &[("code", "RT-IDENTITY")]).await.expect(303);
    assert_eq!(s.state().await, ("returned".into(), 3));
    s.liaison.get("/cases").await.expect(200).has("未立案终结");
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    assert_eq!(send(&s.compiler, second, "portal").await.expect(303).id(), s.transfer);
    assert_eq!(s.state().await, ("sent".into(), 3));
    s.check().await;
}

#[tokio::test]
async fn forwarding_opens_a_transfer_for_the_other_agency_and_ends_here() {
    let s = Story::received().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    let own = s.app.seed.agencies[GUANGZHOU].to_string();
    s.act("forward", &[("target", &own), ("code", "FW-AREA")]).await.expect(422);
    let before = s.app.audit_count().await;
    s.act("forward", &[("target", &target), ("code", "FW-AREA"), ("text", "发货地在杭州")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.state().await.0, "forwarded");
    let other = s.app.sign_in("liaison2").await;
    let inbox = other.get("/transfers").await.expect(200).has("假冒品牌手表").text();
    let id = inbox
        .split("href=\"/transfers/")
        .find_map(|rest| rest.get(..36)?.parse::<Id>().ok())
        .expect("a link");
    let page = other.get(&format!("/transfers/{id}")).await.expect(200);
    page.has("由广州市公安局经侦支队转送")
        .has("转自")
        .has_not("移送卷宗")
        .has_not("联络员甲")
        .has_not("发货地在杭州");
    other.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    // It turns out to be Guangzhou's after all.
    let back = [("target", own.as_str()), ("code", "FW-OTHER"), ("text", "由贵局先受理")];
    other.post(&format!("/transfers/{id}/forward"), &back).await.expect(303);
    assert_eq!(s.state().await.0, "received");
    let page = format!("/transfers/{}", s.transfer);
    s.liaison.get(&page).await.expect(200).has("杭州市市场监督管理局").has_not("联络员乙");
    s.compiler.get(&page).await.expect(200).has("联络员乙 · 杭州市市场监督管理局");
    s.check().await;
}

#[tokio::test]
async fn an_agency_is_searched_for_among_many_and_what_was_typed_stays() {
    let s = Story::received().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    let page = s.liaison.get(&s.at("forward")).await.expect(200).text();
    // Only those of the own place are listed before a search.
    assert!(!page.contains(&target) && page.contains("name=\"find\""));
    let before = s.app.audit_count().await;
    let typed = [
        ("code", "FW-AREA"),
        ("text", "收货地在杭州"),
        ("target", &*target),
        ("q", "no such"),
        ("find", "yes"),
    ];
    let page = s.act("forward", &typed).await.expect(200).has("收货地在杭州").text();
    assert!(page.contains(&format!("value=\"{target}\" selected")), "what is chosen stays: {page}");
    assert_eq!(s.app.audit_count().await, before + 1, "a search is a look, not a step");
    assert_eq!(s.state().await.0, "received");
    s.act("forward", &typed[..3]).await.expect(303);
}

#[tokio::test]
async fn a_case_is_searched_for_among_many() {
    let s = Story::received().await;
    s.liaison.get(&s.at("accept")).await.expect(200).has_not("name=\"find\"");
    let agency = s.app.seed.agencies[GUANGZHOU];
    let made = s.app.services.db.write_quiet(move |tx| {
        for n in 1..=60 {
            let case = CaseRow {
                id: Id::new(),
                agency_id: agency,
                number: format!("穗公-{n:03}"),
                title: "假冒手表".into(),
                status: if n == 60 { "closed" } else { "accepted" }.into(),
                officer: String::new(),
                opened_at: tx.now(),
                filed_on: None,
                synthetic: true,
                region_code: "440100".into(),
                merged_into: None,
                public_source: String::new(),
            };
            cases::insert(tx.conn(), &case)?;
        }
        Ok(())
    });
    made.await.expect("cases");
    let page = s
        .liaison
        .get(&s.at("accept"))
        .await
        .expect(200)
        .has("还有其他选项未列出")
        .has("name=\"find\"")
        .text();
    assert_eq!(page.matches("穗公-").count(), 50);
    let found = s.act("accept", &[("q", "穗公-007"), ("officer", "王警官"), ("find", "yes")]).await;
    let page = found.expect(200).has("王警官").has("按案号或案件名称查找已有案件").text();
    assert_eq!(page.matches(">穗公-").count(), 1, "{page}");
    // Cases of one title are told apart by their state and the day they were opened.
    assert!(
        page.contains(&format!(
            "假冒手表（已受理，{} 受理）",
            crate::support::in_words(&crate::support::today())
        )),
        "{page}"
    );
    s.act("accept", &[("q", "穗公-060"), ("find", "yes")]).await.expect(200).has_not(">穗公-060");
    assert_eq!(s.state().await.0, "received");
    // The Enter key presses the first button of the form, which is the form's own; in what is looked for it searches.
    let (own, search) = (page.find("name=\"enter\""), page.find("name=\"find\""));
    assert!(own.is_some() && own < search, "{page}");
    assert!(page.contains("name=\"sought\" value=\"穗公-007||\""), "{page}");
    let look = [("q", "穗公-008"), ("sought", "穗公-007||"), ("enter", "yes")];
    s.act("accept", &look).await.expect(200).has(">穗公-008");
    assert_eq!(s.state().await.0, "received");
    let case = page
        .split("value=\"")
        .find(|part| part.contains(">穗公-007"))
        .and_then(|part| part.split('"').next());
    let chosen = case.expect("a case");
    let entered = [("join", chosen), ("q", "穗公-007"), ("sought", "穗公-007||"), ("enter", "yes")];
    s.act("accept", &entered).await.expect(303);
    assert_eq!(s.state().await.0, "accepted");
    // Whoever joins a case that there is gives no number.
    let number = "name=\"number\" value=\"穗公-007\" aria-describedby=\"f-number-hint\" >";
    s.liaison.get(&s.at("file")).await.expect(200).has(number);
}
