//! Where a remedy against a decision not to file stands while it waits: the next step of either side, and the first page.

use diesel::prelude::*;
use lead_handoff::{
    directory::people::{
        Role,
        actions::{NewPerson, create_person},
    },
    handover::transfer,
    platform::{
        db::{Id, Origin, schema::deadline},
        i18n::Lang,
    },
};

use super::{
    Story,
    forwarding::{forward, received, to},
    remedy::{not_filed, not_filed_long_ago},
    send,
    waiting::{listed, waits},
};
use crate::support::{
    Browser, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

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
    for took_note in [false, true] {
        let s = not_filed("accuser_joint").await;
        let (page, today) = (format!("/transfers/{}", s.transfer), today());
        let on = [("on", today.as_str())];
        let stand = async || {
            let mut found = [0; 4];
            for (n, id) in ["remedy", "back", "paper", "revoked"].into_iter().enumerate() {
                found[n] = waits(&s.compiler, id).await;
                assert_eq!(found[n], listed(&s.compiler, id).await, "{id}");
            }
            found
        };
        assert_eq!(stand().await, [1, 0, 0, 0]);
        s.compiler.get(&page).await.expect(200).has_not("已阅，不再列入待办");
        if took_note {
            s.compiler.post(&s.at("seen"), &[]).await.expect(303);
        }
        assert_eq!(stand().await, [1, 0, 0, 0]);
        s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
        assert_eq!(stand().await, [1, 0, 0, 0]);
        s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
        // It is the police's turn.
        assert_eq!(stand().await, [0, 0, 0, 0]);
        s.compiler.get(&page).await.expect(200).has_not("已阅，不再列入待办");
        // Revoked, it is a duty of its own.
        s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
        assert_eq!(stand().await, [0, 0, 0, 1]);
        s.compiler.get("/").await.expect(200).has("不予立案决定已撤销，待以新版卷宗再次移送");
        let story = s.compiler.get(&format!("/leads/{}", s.lead)).await.expect(200);
        story.has("不予立案决定已撤销，应当立案").has("重新打开，编制新版").has_not("作已阅处理");
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
        assert_eq!(stand().await, [0, 0, 0, 0]);
        // The way begins anew: nothing of it is accepted yet.
        let way = s.compiler.get(&page).await.expect(200).text();
        let current = way.split("aria-current=\"step\"").nth(1).expect("a current step");
        let current = current.split("</li>").next().unwrap_or_default();
        assert!(current.contains("已移送"), "{current}");
    }
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
    let page = s.compiler.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("收到纸质文书后由另一位同事据此登记决定");
}

/// How many transfers a reader's list has that are overdue.
async fn overdue(who: &Browser) -> usize {
    let list = who.get("/transfers?overdue=yes&sort=due").await.expect(200).text();
    list.matches("href=\"/transfers/0").count()
}

/// The chip of what ran out, where that is the reader's business.
const LATE: &str = "chip-bad\">逾期";

/// The line of a time limit on the page of its transfer.
async fn line(who: &Browser, page: &str, name: &str) -> String {
    let text = who.get(page).await.expect(200).text();
    let lines = text.split("class=\"deadlines\"").nth(1).expect("the time limits");
    let line = lines.split(&format!("<strong>{name}</strong>")).nth(1).expect("its line");
    line.split("</li>").next().unwrap_or_default().to_owned()
}

/// To let the time for asking pass is the accuser's right: nobody at the agency is late by it, today or ever.
#[tokio::test]
async fn the_time_that_an_accuser_lets_pass_is_no_lateness_of_the_agency() {
    let app = TestApp::new().await;
    let id = not_filed_long_ago(&app).await;
    let page = format!("/transfers/{id}");
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    // It ran out on 19 June 2024.
    liaison.post(&format!("{page}/remedy-served"), &[("on", "2024-06-12")]).await.expect(303);
    liaison.get(&page).await.expect(200).has("控告人申请复议").has("目前无需操作").has_not(LATE);
    compiler.get(&page).await.expect(200).has(LATE).has("申请复议的期限已于 2024年6月19日 届满");
    let asks = line(&liaison, &page, "控告人申请复议").await;
    assert!(asks.contains("已届满") && !asks.contains("逾期"), "{asks}");
    let asks = line(&compiler, &page, "控告人申请复议").await;
    assert!(asks.contains(LATE) && !asks.contains("已届满"), "{asks}");
    liaison.get(&page).await.expect(200).has("控告人申请复议的期限已于 2024年6月19日 届满");
    assert_eq!((overdue(&liaison).await, waits(&liaison, "overdue").await), (0, 0));
    let manager = app.sign_in("manager").await;
    assert_eq!((overdue(&manager).await, waits(&manager, "overdue").await), (1, 1));
    assert_eq!(overdue(&compiler).await, 1);
    // Nor does it stand before what the agency has to do, in its list and in the pages and files of that.
    let lead = fixtures::lead(&app, "XS-2026-000009", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let own = send(&compiler, dossier, "portal").await.expect(303).id();
    let order = async |who: &Browser| {
        let list = who.get("/transfers?sort=due").await.expect(200).has(&page).text();
        list.find(&format!("/transfers/{own}")) < list.find(&page)
    };
    assert_eq!((order(&liaison).await, order(&compiler).await), (true, false));
    let before = format!("/transfers?sort=due&before=-.{id}");
    liaison.get(&before).await.expect(200).has(&format!("/transfers/{own}")).has_not(&page);
    liaison.get("/transfers").await.expect(200).has(&page).has_not(LATE);
    for (who, is_there) in [(&liaison, false), (&compiler, true)] {
        let file = who.get("/transfers/export?format=csv").await.expect(200).text();
        assert_eq!(file.contains("2024-06-19"), is_there);
    }
    // A program is told both.
    let (token, nobody) = (fixtures::token(&app, "manager").await, app.stranger());
    let call = nobody.client.get(nobody.url(&format!("/api/v1{page}"))).bearer_auth(token);
    let read = nobody.send(call).await.expect(200).json();
    assert!(read["next_due_at"].is_string() && read["agency_due_at"].is_null(), "{read}");
}

/// A review is decided by the next higher police: both sides see until when, and nobody here is late by it, reminded of it
/// or grants more of it.
#[tokio::test]
async fn the_time_of_the_next_higher_police_is_due_for_nobody_here() {
    let app = TestApp::new().await;
    let id = not_filed_long_ago(&app).await;
    let page = format!("/transfers/{id}");
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let steps = [
        (&liaison, "served", "2024-06-14"),
        (&compiler, "asked", "2024-06-17"),
        (&liaison, "decided", "2024-07-01"),
        (&compiler, "review-asked", "2024-07-03"),
    ];
    for (who, step, day) in steps {
        let fields = [("on", day), ("verdict", "upheld")];
        let given = if step == "decided" { &fields[..] } else { &fields[..1] };
        who.post(&format!("{page}/remedy-{step}"), given).await.expect(303);
    }
    // It ran out long ago.
    for who in [&liaison, &compiler] {
        let seen = who.get(&page).await.expect(200).has("复核决定").has("2024年8月2日 23:59").has("其他单位");
        seen.has_not(LATE).has_not("/extend");
        let decides = line(who, &page, "复核决定").await;
        assert!(decides.contains("已届满") && !decides.contains("逾期"), "{decides}");
        assert_eq!(overdue(who).await, 0);
    }
    assert_eq!(waits(&app.sign_in("manager").await, "overdue").await, 0);
    assert_eq!((waits(&liaison, "overdue").await, waits(&liaison, "not-filed").await), (0, 1));
    let (db, zone) = (app.services.db.clone(), app.services.settings.time_zone);
    let said = tokio::task::spawn_blocking(move || transfer::remind(&db, zone)).await.expect("ran");
    assert_eq!(said.expect("reminded"), 0);
    let running = app.services.db.read(move |conn| {
        let running = deadline::table.filter(deadline::transfer_id.eq(id));
        Ok(running.filter(deadline::stopped_at.is_null()).select(deadline::id).first::<Id>(conn)?)
    });
    let extend = format!("{page}/deadlines/{}/extend", running.await.expect("a time limit"));
    liaison.get(&extend).await.expect(409);
    let fields = [
        ("ground", "stated"),
        ("approved_on", "2024-07-10"),
        ("until", "2024-08-10"),
        ("law", "第179条第3款"),
        ("reason", "案情复杂"),
    ];
    liaison.post(&extend, &fields).await.expect(409);
    // Where nobody at the agency can sign in, the decision waits with its papers.
    app.disable("liaison").await;
    let paper = (waits(&compiler, "paper").await, listed(&compiler, "paper").await);
    assert_eq!((paper, waits(&compiler, "back").await), ((1, 1), 0));
}

/// Reconsidered and revoked, from the notice on.
async fn revoked(s: &Story) {
    let today = today();
    let on = [("on", today.as_str())];
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(303);
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(303);
    s.act("remedy-decided", &[("on", &today), ("verdict", "revoked")]).await.expect(303);
}

/// How often what is to be sent anew stands on a first page, and in the list behind it; it does not stand there as what
/// came back too.
async fn to_send_anew(who: &Browser) -> (usize, usize) {
    assert_eq!(waits(who, "back").await, 0);
    (waits(who, "revoked").await, listed(who, "revoked").await)
}

/// What was done about a decision before it was revoked is no answer to the revocation; what is done after it is.
#[tokio::test]
async fn a_revocation_waits_whatever_was_done_about_the_decision_before_it() {
    for way in ["reopened", "sent to another agency"] {
        let s = not_filed("accuser_joint").await;
        if way == "reopened" {
            s.compiler.post(&format!("/leads/{}/reopen", s.lead), &[]).await.expect(303);
        } else {
            let other = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
            send(&s.compiler, other, "portal").await.expect(303);
        }
        assert_eq!(to_send_anew(&s.compiler).await, (0, 0), "{way}");
        revoked(&s).await;
        assert_eq!(to_send_anew(&s.compiler).await, (1, 1), "{way}");
        s.compiler.get("/").await.expect(200).has("不予立案决定已撤销，待以新版卷宗再次移送");
    }
}

/// It waits for the lead to be opened again or a version to be sent to this agency, and again once that came to nothing.
#[tokio::test]
async fn a_revocation_is_dealt_with_by_what_comes_after_it() {
    for way in ["reopened", "sent anew"] {
        let s = not_filed("accuser_joint").await;
        revoked(&s).await;
        assert_eq!(to_send_anew(&s.compiler).await, (1, 1), "{way}");
        if way == "reopened" {
            s.compiler.post(&format!("/leads/{}/reopen", s.lead), &[]).await.expect(303);
            assert_eq!(to_send_anew(&s.compiler).await, (0, 0), "{way}");
        }
        let next = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
        send(&s.compiler, next, "portal").await.expect(303);
        assert_eq!(to_send_anew(&s.compiler).await, (0, 0), "{way}");
        s.act("acknowledge", &[]).await.expect(303);
        s.act("return", &[("code", "RT-IDENTITY")]).await.expect(303);
        assert_eq!(to_send_anew(&s.compiler).await, (1, 1), "{way}");
    }
}

/// What another agency gets of the lead makes up for nothing at this one, whether the platform sends it or an agency
/// forwards it.
#[tokio::test]
async fn a_revocation_is_not_dealt_with_by_what_goes_to_another_agency() {
    let mut s = not_filed("accuser_joint").await;
    let third = third_agency(&mut s.app).await;
    let dossier = fixtures::sealed(&s.app, s.lead, HANGZHOU).await;
    let other = received(&s.app, dossier, "liaison2").await;
    revoked(&s).await;
    assert_eq!(to_send_anew(&s.compiler).await, (1, 1));
    forward(&s.app, "liaison2", other, third).await.expect(303);
    assert_eq!(to(&s.app, s.lead, third).await.expect("a transfer").1, "sent");
    // The forward itself came back to the platform, to be read.
    assert_eq!(waits(&s.compiler, "back").await, 1);
    s.compiler.post(&format!("/transfers/{other}/seen"), &[]).await.expect(303);
    assert_eq!(to_send_anew(&s.compiler).await, (1, 1));
    let further = fixtures::sealed(&s.app, s.lead, third).await;
    send(&s.compiler, further, "portal").await.expect(303);
    assert_eq!(to_send_anew(&s.compiler).await, (1, 1));
}

/// An agency with somebody who can sign in there.
async fn third_agency(app: &mut TestApp) -> &'static str {
    const SHENZHEN: &str = "SZ-ECD";
    let fields = [
        ("code", SHENZHEN),
        ("name_zh", "深圳市公安局经侦支队"),
        ("type", "PS-ECD"),
        ("level", "province"),
        ("region", "广东省"),
        ("channel", "portal"),
        ("takes", "trademark"),
    ];
    let id = app.sign_in("admin").await.post("/agencies", &fields).await.expect(303).id();
    app.seed.agencies.insert(SHENZHEN, id);
    let there = app.services.db.write(Origin::system("system:test"), move |tx| {
        let new = NewPerson {
            username: "liaison3".into(),
            name: "联络员丙".into(),
            email: "liaison3@example.com".into(),
            roles: vec![Role::Liaison],
            agency_id: Some(id),
            locale: Lang::Zh,
            password_hash: String::new(),
            must_change: false,
            synthetic: true,
        };
        create_person(tx, new)
    });
    there.await.expect("a liaison");
    SHENZHEN
}

/// Whoever compiled the lead may have left: a manager may act on it as well, and finds it too.
#[tokio::test]
async fn a_revocation_is_on_the_managers_first_page_too() {
    let s = not_filed("accuser_joint").await;
    revoked(&s).await;
    s.app.disable("compiler").await;
    let (manager, page) = (s.app.sign_in("manager").await, format!("/transfers/{}", s.transfer));
    assert_eq!(to_send_anew(&manager).await, (1, 1));
    manager.get("/").await.expect(200).has("/transfers?waits=revoked").has(&page);
    assert_eq!(to_send_anew(&s.app.sign_in("compiler2").await).await, (0, 0));
    assert_eq!(waits(&s.app.sign_in("approver").await, "revoked").await, 0);
    s.liaison.get("/transfers?waits=revoked").await.expect(422);
    let next = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&manager, next, "portal").await.expect(303);
    assert_eq!(to_send_anew(&manager).await, (0, 0));
}

/// A lead that was taken out of the way is not sent anew.
#[tokio::test]
async fn a_revocation_waits_no_more_once_the_lead_was_withdrawn() {
    let s = not_filed("accuser_joint").await;
    revoked(&s).await;
    s.compiler.post(&format!("/leads/{}/withdraw", s.lead), &[("reason", "权利人撤回")]).await.expect(303);
    assert_eq!(to_send_anew(&s.compiler).await, (0, 0));
}

/// Of a lead that was taken out of the way nobody is bidden to ask.
#[tokio::test]
async fn a_remedy_of_a_withdrawn_lead_waits_for_nobody() {
    let s = not_filed("accuser_joint").await;
    let manager = s.app.sign_in("manager").await;
    for who in [&s.compiler, &manager] {
        assert_eq!((waits(who, "remedy").await, listed(who, "remedy").await), (1, 1));
    }
    s.compiler.post(&format!("/leads/{}/withdraw", s.lead), &[("reason", "权利人撤回")]).await.expect(303);
    for who in [&s.compiler, &manager] {
        assert_eq!((waits(who, "remedy").await, listed(who, "remedy").await), (0, 0));
    }
}
