//! Who is told of an entry that waits, and what the page of its case tells of it.

use lead_handoff::platform::db::Id;

use super::{filed, proposed};
use crate::support::{
    Browser, TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    smtp::{Manner, SmtpServer, text_of},
};

#[tokio::test]
async fn the_other_side_is_told_by_mail_and_sees_it_waiting_at_home() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, GUANGZHOU);
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let (liaison, other) = (app.sign_in("liaison").await, app.sign_in("liaison2").await);
    let received = async || {
        app.settle().await;
        server.received()
    };

    // The agency proposes: the lead's owner is told, and it waits for the platform alone.
    let id = proposed(&liaison, made).await;
    let mails = received().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["RCPT TO:<compiler@example.com>"]);
    let text = text_of(&mails[0].data);
    assert!(text.contains(&format!("/outcomes/{id}")) && text.contains("YS-2016-"), "{text}");
    for secret in ["主犯", "润滑油", "拘", "XS-2016"] {
        assert!(!text.contains(secret), "{text}");
    }
    let link = format!("/outcomes/{id}");
    compiler
        .get("/")
        .await
        .expect(200)
        .has(&link)
        .has("本人线索的战果待确认")
        .has("/outcomes?waits=own-leads");
    compiler.get("/outcomes?waits=own-leads").await.expect(200).has(&link).has("本人线索的战果待确认");
    manager.get("/outcomes?waits=own-leads").await.expect(200).has_not(&link);
    manager.get("/").await.expect(200).has(&link).has("/outcomes?waits=me");
    // Of several that wait each says of which case it is, whatever columns were chosen.
    let case = format!("A{}", &made.case.expect("a case").to_string()[24..]);
    manager.get("/").await.expect(200).has(&format!("抓获犯罪嫌疑人 · {case}</a>"));
    for list in ["/outcomes?waits=me", "/outcomes?waits=me&col=kind"] {
        manager.get(list).await.expect(200).has(&link).has(&format!("{case}<"));
    }
    app.sign_in("compiler2").await.get("/").await.expect(200).has_not(&link);
    liaison.get("/").await.expect(200).has_not(&link);
    liaison.get("/outcomes?waits=me").await.expect(200).has_not(&link);
    manager.post(&format!("{link}/confirm"), &[]).await.expect(303);
    manager.get("/").await.expect(200).has_not(&link);

    // The platform takes it back: the agency's liaison is told, and nobody else.
    let counter = manager.post(&format!("{link}/correct"), &[("reason", "登记重复")]).await.expect(303).id();
    let mails = received().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, ["RCPT TO:<liaison@example.com>"]);
    assert!(!text_of(&mails[1].data).contains("登记重复"));
    let link = format!("/outcomes/{counter}");
    liaison.get("/").await.expect(200).has(&link);
    manager.get("/").await.expect(200).has_not(&link);
    other.get("/").await.expect(200).has_not(&link);
    liaison.post(&format!("{link}/confirm"), &[]).await.expect(303);
    liaison.get("/").await.expect(200).has_not(&link);
}

#[tokio::test]
async fn of_an_agency_without_accounts_a_colleague_is_told() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = proposed(&one, made).await;
    app.settle().await;
    let to: Vec<String> = server.received().iter().flat_map(|mail| mail.to.clone()).collect();
    assert_eq!(to, ["RCPT TO:<manager@example.com>"]);
    let link = format!("/outcomes/{id}");
    one.get("/").await.expect(200).has_not(&link);
    two.get("/").await.expect(200).has(&link);
}

/// The timeline of a case: the title of each event with the address that it leads to, newest first.
async fn timeline(who: &Browser, case: &str) -> Vec<(String, String)> {
    let page = who.get(case).await.expect(200).text();
    let story = page.split("class=\"timeline\"").nth(1).expect("a timeline");
    let titles = story.split("class=\"event-title\">").skip(1);
    titles
        .map(|rest| {
            let title = rest.split("</p>").next().unwrap_or_default();
            let (words, link) = title.split_once(" <a href=\"").unwrap_or((title, ""));
            (words.to_owned(), link.split('"').next().unwrap_or_default().to_owned())
        })
        .collect()
}

/// Recorded, rejected, confirmed, taken back: each stands at its day among the steps of the case and leads to the
/// entry. Either side reads it; of the other one an agency reads no name.
#[tokio::test]
async fn what_became_of_an_entry_stands_in_the_timeline_of_its_case() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let case = format!("/cases/{}", made.case.expect("a case"));
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    assert!(timeline(&manager, &case).await.is_empty());
    let step = [("kind", "referred"), ("on", "2016-07-01"), ("text", "移送审查起诉")];
    liaison.post(&format!("{case}/steps"), &step).await.expect(303);
    let wrong = proposed(&liaison, made).await;
    let right = proposed(&liaison, made).await;
    manager.post(&format!("/outcomes/{wrong}/reject"), &[("reason", "查无此人")]).await.expect(303);
    manager.post(&format!("/outcomes/{right}/confirm"), &[]).await.expect(303);
    let correct = format!("/outcomes/{right}/correct");
    let counter = manager.post(&correct, &[("reason", "登记重复")]).await.expect(303).id();
    let mut told = vec![
        ("提出冲销".to_owned(), format!("/outcomes/{counter}")),
        ("确认战果".to_owned(), format!("/outcomes/{right}")),
        ("不予确认战果".to_owned(), format!("/outcomes/{wrong}")),
        ("登记战果".to_owned(), format!("/outcomes/{right}")),
        ("登记战果".to_owned(), format!("/outcomes/{wrong}")),
        ("移送审查起诉".to_owned(), String::new()),
    ];
    for who in [&manager, &liaison] {
        assert_eq!(timeline(who, &case).await, told);
    }
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    told.insert(0, ("冲销已获确认，不再计入".to_owned(), format!("/outcomes/{counter}")));
    let before = app.audit_count().await;
    assert_eq!(timeline(&liaison, &case).await, told);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "case.view"));
    for id in [wrong, right, counter] {
        assert!(entry.leaf["objects"].to_string().contains(&id.to_string()), "{}", entry.leaf);
    }
    let name = "<span>平台</span>";
    let page = liaison.get(&case).await.expect(200);
    page.has(name).has("发生于 2016年6月12日").has("查无此人").has("登记重复");
    manager.get(&case).await.expect(200).has_not(name).has("查无此人");
    manager.post("/language?to=en", &[]).await.expect(303);
    manager.get(&case).await.expect(200).has("Outcome recorded").has("Happened on ").has_not("发生于");
    app.sign_in("liaison2").await.get(&case).await.expect(404);
}

/// The events on the page of an entry, newest first: who, and what.
async fn trail(who: &Browser, entry: Id) -> Vec<(String, String)> {
    let page = who.get(&format!("/outcomes/{entry}")).await.expect(200).text();
    let story = page.split("class=\"timeline\"").nth(1).expect("a timeline");
    let part = |text: &str, from: &str, to: &str| {
        let rest = text.split_once(from).map_or("", |(_, rest)| rest);
        rest.split(to).next().unwrap_or_default().trim().to_owned()
    };
    let events = story.split("class=\"event-head\">").skip(1);
    events
        .map(|event| (part(event, "<span>", "</span>"), part(event, "class=\"event-title\">", "<")))
        .collect()
}

/// One side proposes that an entry be taken back, the other one confirms that: on the page of the entry each stands
/// beside what they did, and no page shows what takes it back like a second result.
#[tokio::test]
async fn who_took_an_entry_back_is_not_said_to_have_confirmed_it() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let case = format!("/cases/{}", made.case.expect("a case"));
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let id = proposed(&liaison, made).await;
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    manager.get(&case).await.expect(200).has("chip-good\">已确认").has_not("冲销记录");
    let correct = format!("/outcomes/{id}/correct");
    let counter = manager.post(&correct, &[("reason", "登记重复")]).await.expect(303).id();
    let waits = trail(&manager, id).await;
    assert_eq!((waits.len(), waits[0].1.as_str()), (3, "提出冲销，等待对方确认"));
    manager.get(&case).await.expect(200).has("冲销记录");
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);

    let told = trail(&manager, id).await;
    let titles: Vec<&str> = told.iter().map(|(_, title)| title.as_str()).collect();
    assert_eq!(titles, ["冲销已获确认，不再计入", "提出冲销", "确认", "登记"]);
    let (agency, platform) = (&told[3].0, &told[2].0);
    assert!(platform.starts_with("平台 · ") && agency != platform, "{told:?}");
    assert_eq!((&told[0].0, &told[1].0), (agency, platform));
    // The agency reads its own person, and of the platform the side alone.
    let read = trail(&liaison, id).await;
    assert_eq!((&read[0].0, read[1].0.as_str()), (agency, "平台"));
    let entry = format!("/outcomes/{counter}");
    for who in [&manager, &liaison] {
        for at in [&case, &entry] {
            let page = who.get(at).await.expect(200);
            page.has("冲销记录").has("chip-muted\">已确认").has_not("chip-good\">已确认");
        }
    }
    let lead = manager.get(&format!("/leads/{}", made.lead)).await.expect(200);
    lead.has("冲销记录").has("chip-muted\">已确认").has_not("chip-good\">已确认");
}
