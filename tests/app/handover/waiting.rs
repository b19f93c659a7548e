//! What waits on each side's first page, and what its mails ask for.

use lead_handoff::platform::db::Id;

use super::{SCAN, Story, scan, send, with_scan};
use crate::support::{
    Browser, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    smtp::{Manner, SmtpServer, text_of},
    story, today,
};

/// How many things wait under the heading `id` of a first page; none: it is not there.
pub(super) async fn waits(who: &Browser, id: &str) -> usize {
    let page = who.get("/").await.expect(200).text();
    let Some(panel) = page.split(&format!("id=\"{id}\"")).nth(1) else { return 0 };
    let panel = panel.split("</section>").next().unwrap_or_default();
    panel.matches("<li>").count()
}

/// How many rows the list behind it has.
pub(super) async fn listed(who: &Browser, what: &str) -> usize {
    let list = who.get(&format!("/transfers?waits={what}&sort=due")).await.expect(200).text();
    list.matches("href=\"/transfers/0").count()
}

#[tokio::test]
async fn everything_that_waits_for_an_agency_is_on_its_first_page() {
    let s = Story::sent().await;
    let all = ["new", "versions", "decide", "filing", "messages"];
    let stand = async || {
        let mut found = Vec::new();
        for id in all {
            let n = waits(&s.liaison, id).await;
            assert_eq!(n, listed(&s.liaison, id).await, "{id}");
            if n > 0 {
                found.push(id);
            }
        }
        found
    };
    assert_eq!(stand().await, ["new"]);
    s.act("acknowledge", &[]).await.expect(303);
    assert_eq!(stand().await, ["decide"]);
    // A further version is to be acknowledged on its own, whatever else waits.
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, second, "portal").await.expect(303);
    assert_eq!(stand().await, ["versions", "decide"]);
    s.act("accept", &[]).await.expect(303);
    assert_eq!(stand().await, ["versions", "filing"]);
    s.act("acknowledge", &[]).await.expect(303);
    // The time for filing runs on while a supplement is asked for.
    s.act("supplement", &[("code", "RQ-TRADE")]).await.expect(303);
    assert_eq!(stand().await, ["filing"]);
    s.compiler.post(&s.at("message"), &[("body", "补充材料正在准备")]).await.expect(303);
    assert_eq!(stand().await, ["filing", "messages"]);
    s.act("message", &[("body", "收到")]).await.expect(303);
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    assert_eq!(stand().await, Vec::<&str>::new());
    // Nothing of it is another agency's, and the platform's word passes for no answer here, nor the agency's there.
    assert_eq!(waits(&s.app.sign_in("liaison2").await, "filing").await, 0);
    s.liaison.get("/transfers?waits=back").await.expect(422);
    s.compiler.get("/transfers?waits=filing").await.expect(422);
}

#[tokio::test]
async fn a_message_has_a_length_and_what_was_typed_is_not_lost() {
    let s = Story::sent().await;
    let long = "长".repeat(4_001);
    let refused = s.act("message", &[("body", &long)]).await.expect(422);
    refused.has("最多 4000 个字符").has(&long);
    s.act("message", &[("body", &"长".repeat(4_000))]).await.expect(303);
}

#[tokio::test]
async fn a_result_that_the_other_side_rejected_comes_back_to_who_proposed_it() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let compiler = app.sign_in("compiler").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let fields = [
        ("kind", "case_value"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("amount", "3 万"),
        ("basis", "announced"),
        ("source_kind", "paper"),
        ("source_title", "鉴定意见"),
    ];
    for (proposer, other, unasked) in [(&liaison, &manager, &compiler), (&manager, &liaison, &compiler)] {
        let id = proposer.post(&path, &fields).await.expect(303).id();
        let (page, seen) = (format!("/outcomes/{id}"), format!("/outcomes/{id}/seen"));
        proposer.post(&seen, &[]).await.expect(409);
        other.post(&format!("{page}/reject"), &[("reason", "金额不符")]).await.expect(303);
        proposer.get("/").await.expect(200).has("未获确认的战果").has(&page);
        proposer.get("/outcomes?waits=rejected").await.expect(200).has(&page);
        for reader in [other, unasked] {
            reader.get("/").await.expect(200).has_not(&page);
            reader.get("/outcomes?waits=rejected").await.expect(200).has_not(&page);
            reader.post(&seen, &[]).await.expect(409);
        }
        proposer.get(&page).await.expect(200).has("已阅");
        proposer.post(&seen, &[]).await.expect(303);
        assert_eq!(app.last_entry().await.verb, "outcome.take_note");
        proposer.get("/").await.expect(200).has_not(&page);
        proposer.get(&page).await.expect(200).has_not("已阅，不再列入待办");
        proposer.post(&seen, &[]).await.expect(409);
    }
}

#[tokio::test]
async fn what_came_back_waits_for_the_compiler_until_it_is_dealt_with() {
    let ends: [(&str, &[(&str, &str)]); 3] = [
        ("return", &[("code", "RT-IDENTITY")]),
        ("refuse", &[("code", "RF-HOLDER")]),
        ("not-file", &[("code", "NF-KNOWLEDGE")]),
    ];
    for (verb, fields) in ends {
        let s = if verb == "not-file" { Story::accepted().await } else { Story::received().await };
        let (page, seen) = (format!("/transfers/{}", s.transfer), s.at("seen"));
        assert_eq!(waits(&s.compiler, "back").await, 0);
        s.compiler.post(&seen, &[]).await.expect(409);
        s.act(verb, fields).await.expect(303);
        assert_eq!((waits(&s.compiler, "back").await, listed(&s.compiler, "back").await), (1, 1), "{verb}");
        let other = s.app.sign_in("compiler2").await;
        assert_eq!((waits(&other, "back").await, listed(&other, "back").await), (0, 0));
        other.post(&seen, &[]).await.expect(409);
        s.liaison.post(&seen, &[]).await.expect(404);
        s.compiler.get(&page).await.expect(200).has("已阅，不再列入待办");
        let entries = s.app.audit_count().await;
        s.compiler.post(&seen, &[]).await.expect(303);
        assert_eq!(s.app.audit_count().await, entries + 1);
        assert_eq!(s.app.last_entry().await.verb, "transfer.take_note");
        assert_eq!(waits(&s.compiler, "back").await, 0);
        s.compiler.get(&page).await.expect(200).has_not("已阅，不再列入待办");
    }
    // A forward that went on of itself is told too.
    let s = Story::received().await;
    let target = s.app.seed.agencies[HANGZHOU].to_string();
    s.act("forward", &[("target", &target), ("code", "FW-AREA")]).await.expect(303);
    assert_eq!(waits(&s.compiler, "back").await, 1);
}

/// A lead that went through review, sent and acknowledged: the lead and its transfer.
async fn at_the_agency(app: &TestApp) -> (Id, Id) {
    let (lead, made) = story::sealed(app, &[GUANGZHOU]).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = send(&compiler, made[0], "portal").await.expect(303).id();
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    (lead, transfer)
}

#[tokio::test]
async fn from_a_request_or_a_return_one_press_leads_back_into_the_lead() {
    for (verb, code, word) in [("supplement", "RQ-TRADE", "补充材料"), ("return", "RT-IDENTITY", "补正")]
    {
        let app = TestApp::new().await;
        let (lead, transfer) = at_the_agency(&app).await;
        let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
        let (page, reopen) = (format!("/transfers/{transfer}"), format!("action=\"/leads/{lead}/reopen"));
        compiler.get(&page).await.expect(200).has_not(&reopen);
        liaison.post(&format!("{page}/{verb}"), &[("code", code)]).await.expect(303);
        compiler.get(&page).await.expect(200).has(&reopen).has(word);
        compiler
            .get(&format!("/leads/{lead}"))
            .await
            .expect(200)
            .has(&reopen)
            .has(&format!("请重新打开线索，{}", &word[..6]));
        app.sign_in("manager").await.get(&page).await.expect(200).has_not(&reopen);
        liaison.get(&page).await.expect(200).has_not("/reopen");
        compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
        // It is being mended: the page leads there, and what came back waits no longer.
        compiler
            .get(&page)
            .await
            .expect(200)
            .has_not(&reopen)
            .has("线索正在补充")
            .has(&format!("/leads/{lead}"));
        assert_eq!(waits(&compiler, "back").await, 0);
    }
}

#[tokio::test]
async fn a_mail_names_the_step_that_is_asked_for_and_nothing_of_the_case() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let first = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let transfer = send(&compiler, first, "portal").await.expect(303).id();
    let verb = |verb: &str| format!("/transfers/{transfer}/{verb}");
    let mut read = 0;
    let mut newest = async || {
        app.settle().await;
        let mails = server.received();
        let texts: Vec<String> = mails[read..].iter().map(|mail| text_of(&mail.data)).collect();
        read = mails.len();
        for text in &texts {
            assert!(!text.contains("手表") && !text.contains("XS-2026"), "{text}");
        }
        texts.join("\n")
    };
    let text = newest().await;
    assert!(text.contains("需要办理：签收。"), "{text}");
    liaison.post(&verb("acknowledge"), &[]).await.expect(303);
    let text = newest().await;
    // The platform has many numbers like it, so the agency stands beside it.
    assert!(text.contains("仅供知悉") && text.contains("· 广州"), "{text}");
    let second = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, second, "portal").await.expect(303);
    let text = newest().await;
    assert!(text.contains("需要办理：签收新版卷宗。") && !text.contains("· 广州"), "{text}");
    liaison.post(&verb("supplement"), &[("code", "RQ-TRADE")]).await.expect(303);
    assert!(newest().await.contains("需要办理：补充材料。"));
    liaison.post(&verb("return"), &[("code", "RT-IDENTITY")]).await.expect(303);
    assert!(newest().await.contains("需要办理：补正后重新移送。"));
}

#[tokio::test]
async fn an_agency_that_cannot_sign_in_gets_no_mail_of_the_portal() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
    app.disable("liaison").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    send(&compiler, dossier, "paper").await.expect(303);
    app.settle().await;
    assert!(server.received().is_empty(), "{:?}", server.received());
}

#[tokio::test]
async fn a_wrong_scan_is_replaced_by_an_addition_and_stays() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    app.disable("liaison").await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let page = format!("/transfers/{id}");
    let link = async |who: &Browser, part: &str, end: &str| {
        let text = who.get(&page).await.expect(200).text();
        let mut found = text.split('"').filter(|link| link.contains(part) && link.ends_with(end));
        found.next().map(str::to_owned)
    };
    let upload = link(&compiler, "/receipt/", "/new").await.expect("an upload");
    assert_eq!(link(&compiler, "/receipt/", "/replace").await, None);
    scan(&compiler, &upload, b"%PDF-1.4\n%wrong\n").await.expect(303);
    scan(&compiler, &upload, SCAN).await.expect(409);
    let replace = link(&compiler, "/receipt/", "/replace").await.expect("a way to replace it");
    compiler.get(&replace).await.expect(200).has("保留在案");
    with_scan(&compiler, &replace, &[], SCAN).await.expect(422).has("href=\"#f-reason\"");
    with_scan(&compiler, &replace, &[("reason", "传错文件")], b"text").await.expect(422).has("PDF");
    with_scan(&compiler, &replace, &[("reason", "传错文件")], b"").await.expect(422).has("传错文件");
    let entries = app.audit_count().await;
    with_scan(&compiler, &replace, &[("reason", "传错文件")], SCAN).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (entries + 1, "transfer.replace_scan")
    );
    // The new one first, the wrong one beside it with the reason; both can be read.
    manager.get(&page).await.expect(200).has("传错文件");
    let new = link(&manager, "/replacements/", "").await.expect("the new scan");
    assert_eq!(manager.get(&new).await.expect(200).bytes, SCAN);
    let old = replace.trim_end_matches("/replace");
    assert_eq!(manager.get(old).await.expect(200).bytes, b"%PDF-1.4\n%wrong\n");
    app.sign_in("liaison2").await.get(&new).await.expect(404);

    // The paper of a step is replaced likewise, and the step leads to the new one.
    manager.post(&format!("{page}/acknowledge"), &[("on_day", &today())]).await.expect(303);
    let day = today();
    let fields = [("on_day", day.as_str()), ("code", "RQ-TRADE"), ("text", "x")];
    with_scan(&manager, &format!("{page}/supplement"), &fields, b"%PDF-1.4\n%other\n").await.expect(303);
    let replace = link(&manager, "/papers/", "/replace").await.expect("a way to replace it");
    with_scan(&manager, &replace, &[("reason", "缺页")], b"%PDF-1.4\n%whole\n").await.expect(303);
    manager.get(&page).await.expect(200).has("缺页").has("查看更换后的扫描件");

    // The sender could not have recorded either step, and so puts no other scan under them now that they are recorded.
    assert_eq!(link(&compiler, "/papers/", "/replace").await, None);
    assert_eq!(link(&compiler, "/receipt/", "/replace").await, None);
    let receipt = link(&manager, "/receipt/", "/replace").await.expect("a way to replace it");
    for of_sender in [&replace, &receipt] {
        compiler.get(of_sender).await.expect(409).has("延长期限").has("请由另一位同事更换");
        with_scan(&compiler, of_sender, &[("reason", "换掉")], SCAN)
            .await
            .expect(409)
            .has("请由另一位同事更换");
    }
    manager.get(&page).await.expect(200).has_not("换掉");
}

#[tokio::test]
async fn agencies_to_forward_to_are_found_by_region_type_and_name() {
    let s = Story::received().await;
    let hangzhou = s.app.seed.agencies[HANGZHOU].to_string();
    let option = format!("<option value=\"{hangzhou}\"");
    // Before a search only those of the own place are listed.
    s.liaison.get(&s.at("forward")).await.expect(200).has_not(&option).has("find_region").has("find_type");
    let find = async |fields: &[(&str, &str)]| {
        let mut all = vec![("find", "yes"), ("text", "已写的理由")];
        all.extend_from_slice(fields);
        s.act("forward", &all).await
    };
    let found = find(&[("q", "杭州")]).await.expect(200).has(&option).has("已写的理由");
    found.has("按单位名称、拼音或代码查找");
    find(&[("find_region", "浙江省")]).await.expect(200).has(&option);
    find(&[("find_region", "330100")]).await.expect(200).has(&option);
    find(&[("find_region", "广东省")]).await.expect(200).has_not(&option);
    find(&[("find_region", "330100"), ("find_type", "PS-ECD")]).await.expect(200).has_not(&option);
    let unknown = find(&[("find_region", "没有的地方")]).await.expect(422);
    unknown.has("href=\"#f-find-region\"").has("已写的理由");
    let unknown = find(&[("find_type", "XX-NONE")]).await.expect(422);
    unknown.has("href=\"#f-find-type\"").has("已写的理由").has_not(&option);
    // One that was chosen stays through the next search.
    find(&[("q", "没有这个单位"), ("target", &hangzhou)]).await.expect(200).has(&option);
    s.act("forward", &[("target", &hangzhou), ("code", "FW-AREA")]).await.expect(303);
}
