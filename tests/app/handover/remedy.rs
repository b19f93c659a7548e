//! What the accuser does against a decision of the police not to file: the notice is served, reconsideration is asked
//! for and decided, then review by the next higher police.

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{
        Id, Instant,
        schema::{deadline, mail_message, remedy_step, transfer as transfers},
    },
    time,
};

use super::{
    SCAN, Story,
    clocks::taken_at,
    send,
    waiting::{listed, waits},
    with_scan,
};
use crate::support::{
    Browser, TestApp, days_ago, fixtures,
    ledger::{Sent, noon},
    seed::GUANGZHOU,
    today,
};

/// Accepted, of a dossier that was sent as `role`, and not filed.
pub(super) async fn not_filed(role: &'static str) -> Story {
    let s = Story::accepted().await;
    let id = s.transfer;
    let sent_as = s.app.services.db.write_quiet(move |tx| {
        diesel::update(transfers::table.filter(transfers::id.eq(id)))
            .set(transfers::sender_role.eq(role))
            .execute(tx.conn())?;
        Ok(())
    });
    sent_as.await.expect("the role");
    s.act("not-file", &[("code", "NF-NOFACT"), ("text", "没有犯罪事实")]).await.expect(303);
    s
}

/// The time limits that run: their clocks and whose duty they are.
pub(super) async fn running(s: &Story) -> Vec<(String, String)> {
    let id = s.transfer;
    let read = s.app.services.db.read(move |conn| {
        Ok(deadline::table
            .filter(deadline::transfer_id.eq(id))
            .filter(deadline::stopped_at.is_null())
            .order(deadline::clock_code)
            .select((deadline::clock_code, deadline::side))
            .load(conn)?)
    });
    read.await.expect("time limits")
}

pub(super) fn runs(code: &str, side: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), side.to_owned())]
}

/// How many decisions of its own not to file wait for the liaison, on the first page and in the list behind it.
async fn owed(s: &Story) -> (usize, usize) {
    (waits(&s.liaison, "not-filed").await, listed(&s.liaison, "not-filed").await)
}

/// The steps of the remedy as a program reads them.
async fn read_by_program(s: &Story) -> serde_json::Value {
    let (token, nobody) = (fixtures::token(&s.app, "manager").await, s.app.stranger());
    let call = nobody.client.get(nobody.url(&format!("/api/v1/transfers/{}", s.transfer))).bearer_auth(token);
    nobody.send(call).await.expect(200).json()["remedy"].clone()
}

/// What the newest mail of a step says.
async fn told(s: &Story) -> String {
    let newest = s.app.services.db.read(|conn| {
        let moved = mail_message::table.filter(mail_message::template.eq("transfer-moved"));
        Ok(moved.order(mail_message::id.desc()).select(mail_message::params).first::<String>(conn)?)
    });
    newest.await.expect("a mail")
}

/// How many steps of the remedy are on record.
pub(super) async fn steps(s: &Story) -> i64 {
    let id = s.transfer;
    let read = s.app.services.db.read(move |conn| {
        Ok(remedy_step::table.filter(remedy_step::transfer_id.eq(id)).count().get_result(conn)?)
    });
    read.await.expect("steps")
}

/// A step that is recorded: one row and one entry more.
pub(super) async fn recorded(s: &Story, who: &Browser, step: &str, fields: &[(&str, &str)], verb: &str) {
    let (before, entries) = (steps(s).await, s.app.audit_count().await);
    who.post(&s.at(step), fields).await.expect(303);
    assert_eq!((steps(s).await, s.app.audit_count().await), (before + 1, entries + 1), "{step}");
    assert_eq!(s.app.last_entry().await.verb, verb);
}

#[tokio::test]
async fn an_accuser_goes_from_the_notice_to_the_review_each_step_in_its_time() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    assert_eq!((running(&s).await, owed(&s).await), (runs("PSB-NOFILE-SERVE", "agency"), (1, 1)));
    for reader in [&s.compiler, &s.liaison] {
        reader.get(&page).await.expect(200).has("不予立案后的复议与复核").has("/remedy-served");
    }
    s.compiler.get(&s.at("remedy-served")).await.expect(200).has("name=\"paper_number\"");
    // The liaison says that it was served; the platform need not say so again.
    let served = [("on", today.as_str()), ("paper_number", "穗公不立字〔2026〕7号")];
    recorded(&s, &s.liaison, "remedy-served", &served, "transfer.serve_no_filing").await;
    assert_eq!((running(&s).await, owed(&s).await), (runs("PSB-RECON-ASK", "platform"), (0, 0)));
    s.compiler
        .get(&page)
        .await
        .expect(200)
        .has("穗公不立字〔2026〕7号")
        .has("联络员甲")
        .has("控告人申请复议")
        .has("第179条第1款");
    let entries = s.app.audit_count().await;
    s.compiler.post(&s.at("remedy-served"), &on).await.expect(409).has("以先登记的为准");
    assert_eq!((steps(&s).await, s.app.audit_count().await), (1, entries + 1));
    assert_eq!(s.app.last_entry().await.outcome, "refused");
    // It waits on the first pages of those who may ask, and in the list that they lead to.
    for who in ["compiler", "manager"] {
        let reader = s.app.sign_in(who).await;
        reader.get("/").await.expect(200).has("待决定是否申请复议").has("/transfers?waits=remedy");
        reader.get("/transfers?waits=remedy").await.expect(200).has(&page);
    }
    s.app.sign_in("compiler2").await.get("/").await.expect(200).has_not("待决定是否申请复议");
    // It is the accuser's to ask; the agency has no such form.
    s.liaison.get(&page).await.expect(200).has_not("/remedy-asked");
    s.act("remedy-asked", &on).await.expect(404);
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    assert_eq!((running(&s).await, owed(&s).await), (runs("PSB-RECON-DECIDE", "agency"), (1, 1)));
    s.compiler.get("/transfers?waits=remedy").await.expect(200).has_not(&page);
    assert!(told(&s).await.contains("作出复议决定"));
    // What was decided has to be said.
    s.act("remedy-decided", &on).await.expect(422).has("href=\"#f-verdict\"");
    let upheld = [("on", today.as_str()), ("verdict", "upheld")];
    recorded(&s, &s.liaison, "remedy-decided", &upheld, "transfer.decide_reconsideration").await;
    assert_eq!(running(&s).await, runs("PSB-REVIEW2-ASK", "platform"));
    recorded(&s, &s.compiler, "remedy-review-asked", &on, "transfer.ask_review").await;
    // The next higher police decide it; the agency records what, and its mail, page and first page say so.
    assert_eq!((running(&s).await, owed(&s).await), (runs("PSB-REVIEW2-DECIDE", "other"), (1, 1)));
    assert!(told(&s).await.contains("作出复核决定后，登记复核决定"));
    s.liaison.get(&page).await.expect(200).has("作出复核决定后，请登记复核决定");
    s.liaison.get("/").await.expect(200).has("或登记复核决定");
    recorded(&s, &s.liaison, "remedy-review-decided", &upheld, "transfer.decide_review").await;
    assert_eq!((running(&s).await, owed(&s).await), (Vec::new(), (0, 0)));
    s.compiler
        .get(&page)
        .await
        .expect(200)
        .has("复议、复核已经办结")
        .has("申请复核")
        .has("按期完成")
        .has_not("/remedy-");
    s.compiler.get(&format!("/leads/{}", s.lead)).await.expect(200).has("申请复议").has("复核决定");
    assert_eq!(s.state().await.0, "not_filed");
    s.check().await;
    // A program reads the same.
    let remedy = read_by_program(&s).await;
    let kinds: Vec<_> = remedy.as_array().into_iter().flatten().map(|step| step["kind"].clone()).collect();
    assert_eq!(kinds, ["served", "asked", "decided", "review_asked", "review_decided"]);
    assert_eq!(remedy[0]["side"], "agency");
    assert_eq!(remedy[0]["paper_number"], served[1].1);
    assert!(remedy[0]["verdict"].is_null());
    assert_eq!(remedy[2]["verdict"], "upheld");
}

#[tokio::test]
async fn a_decision_that_was_revoked_leads_to_a_new_version_and_to_no_review() {
    let s = not_filed("accuser_joint").await;
    let today = today();
    let on = [("on", today.as_str())];
    recorded(&s, &s.compiler, "remedy-served", &on, "transfer.serve_no_filing").await;
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    let revoked = [("on", today.as_str()), ("verdict", "revoked")];
    recorded(&s, &s.liaison, "remedy-decided", &revoked, "transfer.decide_reconsideration").await;
    assert!(running(&s).await.is_empty());
    s.compiler.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has("编制新版卷宗再次移送");
    s.compiler.post(&s.at("remedy-review-asked"), &on).await.expect(409).has("请按顺序登记");
    // The transfer itself has ended: the case is filed on what is sent anew.
    s.act("file", &[("number", "1号"), ("filed_on", &today)]).await.expect(409);
    let second = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
    send(&s.compiler, second, "portal").await.expect(303);
    let page = s.compiler.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("新版卷宗已再次移送").has_not("编制新版卷宗再次移送");
    s.check().await;
}

/// Sent as the accuser's on 3 June 2024, and not filed on the 14th.
pub(super) async fn not_filed_long_ago(app: &TestApp) -> Id {
    let id = app.handed(&Sent::to(GUANGZHOU, "2024-06-03"), None).transfer;
    let way = [
        ("sent", "2024-06-03"),
        ("received", "2024-06-04"),
        ("accepted", "2024-06-05"),
        ("not_filed", "2024-06-14"),
    ];
    taken_at(app, id, way.map(|(kind, day)| (kind, noon(day))).to_vec()).await;
    let stands = app.services.db.write_quiet(move |tx| {
        diesel::update(transfers::table.filter(transfers::id.eq(id)))
            .set((transfers::sender_role.eq("accuser_joint"), transfers::state.eq("not_filed")))
            .execute(tx.conn())?;
        Ok(())
    });
    stands.await.expect("not filed");
    id
}

/// A liaison may record the decision days after it was made: its notice was served when it was served.
#[tokio::test]
async fn a_notice_that_was_served_before_the_decision_was_recorded_counts_from_its_own_day() {
    let app = TestApp::new().await;
    let id = not_filed_long_ago(&app).await;
    let (compiler, at) = (app.sign_in("compiler").await, format!("/transfers/{id}/remedy-served"));
    compiler.post(&at, &[("on", "2024-06-02")]).await.expect(422).has("日期不能早于").has("2024-06-03");
    let before = app.audit_count().await;
    compiler.post(&at, &[("on", "2024-06-12")]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "transfer.serve_no_filing");
    let due = app.services.db.read(move |conn| {
        let asks = deadline::table.filter(deadline::transfer_id.eq(id));
        Ok(asks.select((deadline::clock_code, deadline::due_at)).load::<(String, Instant)>(conn)?)
    });
    let zone = app.services.settings.time_zone;
    let end = time::end_of_day("2024-06-19".parse().expect("a day"), zone);
    assert_eq!(due.await.expect("time limits"), [("PSB-RECON-ASK".to_owned(), end)]);
}

#[tokio::test]
async fn no_step_is_recorded_out_of_its_order_its_days_or_by_others() {
    let s = not_filed("accuser_joint").await;
    let (today, earlier) = (today(), days_ago(1));
    let on = [("on", today.as_str())];
    let before = running(&s).await;
    s.compiler.get(&s.at("remedy-asked")).await.expect(409).has("请按顺序登记");
    s.compiler.post(&s.at("remedy-asked"), &on).await.expect(409).has("请按顺序登记");
    s.compiler.post(&s.at("remedy-served"), &[]).await.expect(422).has("href=\"#f-on\"");
    s.compiler.post(&s.at("remedy-served"), &[("on", "2999-01-01")]).await.expect(422).has("href=\"#f-on\"");
    let too_early = [("on", earlier.as_str()), ("paper_number", "7号")];
    s.compiler.post(&s.at("remedy-served"), &too_early).await.expect(422).has("日期不能早于").has("7号");
    for (who, status) in [("compiler2", 409), ("liaison2", 404), ("approver", 404), ("auditor", 404)] {
        s.app.sign_in(who).await.post(&s.at("remedy-served"), &on).await.expect(status);
    }
    assert_eq!((steps(&s).await, running(&s).await), (0, before));
    // Pressed twice, it is done once.
    let twice = format!("{}?once={}", s.at("remedy-served"), lead_handoff::platform::db::Id::new());
    s.compiler.post(&twice, &on).await.expect(303);
    let second = s.compiler.post(&twice, &on).await.expect(303);
    assert!(second.location.ends_with("?ok=done-before"), "{}", second.location);
    assert_eq!(steps(&s).await, 1);
}

#[tokio::test]
async fn to_a_reporter_it_is_said_that_the_remedy_is_the_accusers() {
    let s = not_filed("reporter").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    s.compiler.get(&page).await.expect(200).has("是控告人的权利").has("举报人").has_not("/remedy-");
    assert!(running(&s).await.is_empty());
    for who in [&s.compiler, &s.liaison] {
        who.post(&s.at("remedy-served"), &[("on", &today)]).await.expect(409).has("不是以控告人身份");
    }
    assert_eq!(steps(&s).await, 0);
    s.compiler.post("/language?to=en&back=/", &[]).await.expect(303);
    s.compiler.get(&page).await.expect(200).has("accuser’s right only");
}

#[tokio::test]
async fn a_request_that_comes_after_its_time_is_recorded_as_late() {
    let s = not_filed("accuser_joint").await;
    let (id, page) = (s.transfer, format!("/transfers/{}", s.transfer));
    let today = today();
    s.compiler.post(&s.at("remedy-served"), &[("on", &today)]).await.expect(303);
    // As if it had been served long ago: its last day was a holiday, and the next working day counted.
    let zone = s.app.services.settings.time_zone;
    let moved = s.app.services.db.write_quiet(move |tx| {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
        diesel::update(deadline::table.filter(deadline::transfer_id.eq(id)))
            .filter(deadline::clock_code.eq("PSB-RECON-ASK"))
            .set((
                deadline::started_at.eq(time::end_of_day(day("2024-09-29"), zone)),
                deadline::due_at.eq(time::end_of_day(day("2024-10-08"), zone)),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    moved.await.expect("moved");
    s.compiler.get(&page).await.expect(200).has("2024年10月8日");
    s.compiler.post(&s.at("remedy-asked"), &[("on", &today)]).await.expect(303);
    s.compiler.get(&page).await.expect(200).has("逾期完成");
    assert_eq!(running(&s).await, runs("PSB-RECON-DECIDE", "agency"));
}

/// Who accused does not say what the police decided: where somebody there can sign in that is theirs alone.
#[tokio::test]
async fn a_decision_is_recorded_by_the_agency_that_made_it() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    recorded(&s, &s.compiler, "remedy-served", &on, "transfer.serve_no_filing").await;
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    let revoked = [("on", today.as_str()), ("verdict", "revoked")];
    for who in ["compiler", "compiler2", "manager"] {
        let reader = s.app.sign_in(who).await;
        reader.get(&page).await.expect(200).has_not("/remedy-decided");
        reader.get(&s.at("remedy-decided")).await.expect(200).has("自行办理").has_not("name=\"verdict\"");
        let entries = s.app.audit_count().await;
        reader.post(&s.at("remedy-decided"), &revoked).await.expect(409).has("自行办理");
        with_scan(&reader, &s.at("remedy-decided"), &revoked, SCAN).await.expect(409).has("自行办理");
        assert_eq!((steps(&s).await, s.app.audit_count().await), (2, entries + 2), "{who}");
        assert_eq!(s.app.last_entry().await.outcome, "refused");
    }
    s.liaison.get(&page).await.expect(200).has("/remedy-decided");
    s.liaison.get(&s.at("remedy-decided")).await.expect(200).has_not("name=\"file\"");
    recorded(&s, &s.liaison, "remedy-decided", &revoked, "transfer.decide_reconsideration").await;
}

/// Where nobody can sign in it is recorded from the paper, by another than who sent the dossier.
#[tokio::test]
async fn a_decision_on_paper_is_recorded_by_a_second_person_from_its_scan() {
    let s = not_filed("accuser_joint").await;
    let (page, today) = (format!("/transfers/{}", s.transfer), today());
    let on = [("on", today.as_str())];
    s.app.disable("liaison").await;
    recorded(&s, &s.compiler, "remedy-served", &on, "transfer.serve_no_filing").await;
    recorded(&s, &s.compiler, "remedy-asked", &on, "transfer.ask_reconsideration").await;
    let at = s.at("remedy-decided");
    let upheld = [("on", today.as_str()), ("verdict", "upheld")];
    // The sender is told why and has no form; a colleague who does not own the lead has one.
    s.compiler.get(&page).await.expect(200).has_not("/remedy-decided");
    s.compiler.get(&at).await.expect(200).has("另一位同事").has_not("name=\"verdict\"");
    let entries = s.app.audit_count().await;
    with_scan(&s.compiler, &at, &upheld, SCAN).await.expect(409).has("另一位同事");
    assert_eq!((steps(&s).await, s.app.audit_count().await), (2, entries + 1));
    let (other, manager) = (s.app.sign_in("compiler2").await, s.app.sign_in("manager").await);
    for who in [&other, &manager] {
        who.get(&page).await.expect(200).has("/remedy-decided");
        who.get(&at).await.expect(200).has("multipart/form-data").has("name=\"verdict\"");
    }
    other.post(&at, &upheld).await.expect(422).has("href=\"#f-file\"");
    with_scan(&other, &at, &upheld[..1], b"").await.expect(422).has("href=\"#f-file\"").has("#f-verdict");
    assert_eq!(steps(&s).await, 2);
    let entries = s.app.audit_count().await;
    with_scan(&other, &at, &upheld, SCAN).await.expect(303);
    assert_eq!((steps(&s).await, s.app.audit_count().await), (3, entries + 1));
    let entry = s.app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["by_paper"].as_bool()),
        ("transfer.decide_reconsideration", Some(true))
    );
    assert!(entry.leaf["objects"].to_string().contains("transfer_paper"));
    assert!(told(&s).await.contains("决定是否申请复核"));
    // The scan stands beside the step, and the one who sent the dossier puts no other in its place.
    let text = manager.get(&page).await.expect(200).has("查看文书扫描件").text();
    let replace = text.split('"').find(|part| part.ends_with("/replace")).expect("a way to replace it");
    s.compiler.get(&page).await.expect(200).has_not("/replace");
    with_scan(&s.compiler, replace, &[("reason", "传错文件")], SCAN).await.expect(409);
    // Against what is decided on the review there is no further one.
    recorded(&s, &s.compiler, "remedy-review-asked", &on, "transfer.ask_review").await;
    let form = manager.get(&s.at("remedy-review-decided")).await.expect(200);
    form.has("立案监督").has_not("可以向上一级公安机关申请复核");
    with_scan(&manager, &s.at("remedy-review-decided"), &upheld, SCAN).await.expect(303);
    assert_eq!(s.app.last_entry().await.verb, "transfer.decide_review");
    s.check().await;
    // A program is told too what was recorded from a paper.
    let remedy = read_by_program(&s).await;
    let by_paper: Vec<_> =
        remedy.as_array().into_iter().flatten().map(|step| step["by_paper"].clone()).collect();
    assert_eq!(by_paper, [false, false, true, false, true]);
    let document = s.app.stranger().get("/api/openapi.json").await.expect(200).json();
    let field = document.pointer("/components/schemas/RemedyStep/properties/by_paper/type");
    assert_eq!(field.and_then(serde_json::Value::as_str), Some("boolean"));
}

/// Whose lead it is not reads so before anything is filled in: what would be refused is not asked for.
#[tokio::test]
async fn no_form_is_shown_to_a_colleague_whose_lead_it_is_not() {
    let s = not_filed("accuser_joint").await;
    let today = today();
    let on = [("on", today.as_str())];
    let (other, manager) = (s.app.sign_in("compiler2").await, s.app.sign_in("manager").await);
    for (step, verb) in
        [("remedy-served", "transfer.serve_no_filing"), ("remedy-asked", "transfer.ask_reconsideration")]
    {
        other.get(&s.at(step)).await.expect(200).has("不由您负责").has_not("name=\"on\"");
        other.post(&s.at(step), &on).await.expect(409).has("不由您负责");
        for who in [&s.compiler, &manager] {
            who.get(&s.at(step)).await.expect(200).has("name=\"on\"").has_not("不由您负责");
        }
        if step == "remedy-served" {
            s.liaison.get(&s.at(step)).await.expect(200).has("name=\"on\"");
        }
        recorded(&s, &s.compiler, step, &on, verb).await;
    }
}
