//! Cases of agencies.

use diesel::prelude::*;
use lead_handoff::{
    handover::agency_case::store::{self, StepRow},
    platform::db::{
        Id, Instant,
        schema::{case_transfer, deadline, transfer as transfer_table},
    },
};

use super::{Story, send};
use crate::support::{TestApp, days_ago, fixtures, ledger::Sent, seed::GUANGZHOU, today};

#[tokio::test]
async fn cases_join_transfers_and_carry_on() {
    let s = Story::accepted().await;
    // A case that is older than the lead's sending is none that came of it.
    let early = s.act("file", &[("number", "1号"), ("filed_on", &days_ago(400))]).await.expect(422);
    early.has("href=\"#f-filed-on\"").has("不能早于");
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let lead = fixtures::lead(&s.app, "XS-2026-000008", "假冒皮带").await;
    let dossier = fixtures::sealed(&s.app, lead, GUANGZHOU).await;
    let second = send(&s.compiler, dossier, "portal").await.expect(303).id();
    let verb = |verb: &str| format!("/transfers/{second}/{verb}");
    s.liaison.post(&verb("acknowledge"), &[]).await.expect(303);
    s.liaison.post(&verb("accept"), &[]).await.expect(303);
    s.liaison
        .post(&verb("file"), &[("number", "1号"), ("filed_on", &today())])
        .await
        .expect(422)
        .has("已有此案号");
    // Where nothing can be joined, the words do not bid to.
    let read = s.app.services.db.read(move |conn| {
        let of_second = case_transfer::table.filter(case_transfer::transfer_id.eq(second));
        Ok(of_second.select(case_transfer::case_id).first::<Id>(conn)?)
    });
    let edit = format!("/cases/{}/edit", read.await.expect("what opened with the acceptance"));
    s.liaison.get(&edit).await.expect(200).has("尚未立案的可不填").has_not("并入");
    let fields = [("number", "1号"), ("title", "假冒皮带")];
    s.liaison.post(&edit, &fields).await.expect(422).has("另有案件使用此案号").has_not("并入");
    let form = s.liaison.get(&verb("file")).await.expect(200);
    // Who joins another case need not give a number, so it is not said to be required.
    let form = form.has("不并入已有案件的，必须填写").has_not("案号 <span class=\"need\">").text();
    let case = form.split("<option value=\"").filter_map(|o| o.get(..36)).find(|o| o.parse::<Id>().is_ok());
    let case = case.expect("the first case is offered").to_owned();
    s.liaison.post(&verb("file"), &[("join", &case), ("filed_on", &today())]).await.expect(303);
    let steps = format!("/cases/{case}/steps");
    s.liaison.post(&steps, &[("kind", "referred"), ("on", "2999-01-01")]).await.expect(422);
    s.liaison.post(&steps, &[("kind", "referred"), ("on", &days_ago(1))]).await.expect(422).has("不能早于");
    s.liaison
        .post(&steps, &[("kind", "referred"), ("on", &today()), ("text", "移送检察院")])
        .await
        .expect(303);
    let page = s.compiler.get(&format!("/cases/{case}")).await.expect(200);
    page.has("XS-2026-000007").has("XS-2026-000008").has("移送审查起诉").has("移送检察院");
    let page = s.liaison.get(&format!("/cases/{case}")).await.expect(200);
    page.has("YS-").has_not("XS-2026-000008");
    s.compiler.post(&steps, &[("kind", "closed"), ("on", &today())]).await.expect(409);
    s.liaison.post(&steps, &[("kind", "closed"), ("on", &today())]).await.expect(303);
    s.liaison.post(&steps, &[("kind", "judged"), ("on", &today())]).await.expect(409).has("已终结");
    s.compiler.get("/cases").await.expect(200).has("并案");
}

#[tokio::test]
async fn a_filed_transfer_leads_its_agency_to_the_case_and_to_its_outcomes() {
    let s = Story::accepted().await;
    let page = format!("/transfers/{}", s.transfer);
    s.liaison.get(&page).await.expect(200).has_not("打开案件");
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let case = format!("/cases/{}", only_case(&s).await);
    let open = format!("<a class=\"button-primary\" href=\"{case}\" data-key=\"s\">打开案件</a>");
    let record = format!("{case}/outcomes/new");
    let shown = s.liaison.get(&page).await.expect(200).has(&open);
    shown.has(&format!("href=\"{record}\">登记战果</a>"));
    s.liaison.get(&record).await.expect(200);
    // The agency can sign in: it is its own to go on there.
    s.compiler.get(&page).await.expect(200).has_not("打开案件");
}

#[tokio::test]
async fn a_step_back_needs_a_word_why() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let page = format!("/cases/{}", only_case(&s).await);
    let (steps, day) = (format!("{page}/steps"), today());
    s.liaison.post(&steps, &[("kind", "judged"), ("on", day.as_str())]).await.expect(303);
    let back = [("kind", "investigating"), ("on", day.as_str())];
    let refused = s.liaison.post(&steps, &back).await.expect(422);
    refused.has("href=\"#f-text\"").has("进展倒退的，须在说明中写明原因");
    s.liaison.get(&page).await.expect(200).has_not("发回重新侦查");
    let why = [back[0], back[1], ("text", "发回重新侦查")];
    let entries = s.app.audit_count().await;
    s.liaison.post(&steps, &why).await.expect(303);
    assert_eq!(s.app.audit_count().await, entries + 1);
    assert_eq!(s.app.last_entry().await.verb, "case.step");
    s.liaison.get(&page).await.expect(200).has("发回重新侦查");
    // Onwards nothing needs to be said.
    s.liaison.post(&steps, &[("kind", "referred"), ("on", day.as_str())]).await.expect(303);
}

#[tokio::test]
async fn a_case_that_was_closed_by_mistake_is_opened_again() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let case = only_case(&s).await;
    let (page, at) = (format!("/cases/{case}"), format!("/cases/{case}/reopen"));
    let day = today();
    let post = async |kind: &'static str| {
        let fields = [("kind", kind), ("on", day.as_str())];
        s.liaison.post(&format!("{page}/steps"), &fields).await.expect(303);
    };
    // A limit that runs in the case.
    let (transfer, now) = (s.transfer, s.app.now());
    let limit = Id::new();
    let written = s.app.services.db.write_quiet(move |tx| {
        diesel::insert_into(deadline::table)
            .values((
                deadline::id.eq(limit),
                deadline::transfer_id.eq(transfer),
                deadline::clock_code.eq("APL-DECIDE"),
                deadline::side.eq("agency"),
                deadline::started_at.eq(now),
                deadline::due_at.eq(now.plus_seconds(90 * 86_400)),
                deadline::provisional.eq(false),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("a time limit");
    let stands = async || {
        let read = s.app.services.db.read(move |conn| {
            let row = deadline::table.find(limit).select((deadline::stopped_at, deadline::moot));
            let due = transfer_table::table.find(transfer).select(transfer_table::next_due_at);
            Ok((row.first::<(Option<Instant>, bool)>(conn)?, due.first::<Option<Instant>>(conn)?.is_some()))
        });
        let ((stopped, moot), is_due) = read.await.expect("a time limit");
        (stopped.is_some(), moot, is_due)
    };
    post("referred").await;
    s.liaison.get(&at).await.expect(409);
    s.liaison.get(&page).await.expect(200).has_not(&at);
    post("closed").await;
    assert_eq!(stands().await, (true, true, false));
    // Why the limit is not counted any more holds for a case that was closed too.
    s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200).has("所涉事项已终结");
    s.liaison.get(&page).await.expect(200).has(&at).has("结案");
    s.liaison.get(&at).await.expect(200).has("恢复到终结前的状态");
    s.liaison.post(&at, &[("on", &day)]).await.expect(422).has("href=\"#f-text\"");
    s.liaison.post(&at, &[("on", &days_ago(1)), ("text", "误登记")]).await.expect(422).has("不能早于");
    let fields = [("on", day.as_str()), ("text", "误登记为结案")];
    s.compiler.post(&at, &fields).await.expect(409).has("自行办理");
    s.app.sign_in("liaison2").await.post(&at, &fields).await.expect(404);
    let entries = s.app.audit_count().await;
    s.liaison.post(&at, &fields).await.expect(303);
    assert_eq!(s.app.audit_count().await, entries + 1);
    assert_eq!(s.app.last_entry().await.verb, "case.reopen");
    assert_eq!(stands().await, (false, false, true));
    s.compiler.get(&page).await.expect(200).has("误登记为结案").has("重新开启").has("移送审查起诉");
    s.liaison.post(&at, &fields).await.expect(409);
    post("judged").await;
}

#[tokio::test]
async fn what_was_done_while_a_case_was_closed_by_mistake_is_not_due_again() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "1号"), ("filed_on", &today())]).await.expect(303);
    let page = format!("/cases/{}", only_case(&s).await);
    let day = today();
    let close = async || {
        let fields = [("kind", "closed"), ("on", day.as_str())];
        s.liaison.post(&format!("{page}/steps"), &fields).await.expect(303);
    };
    let reopen = async || {
        let fields = [("on", day.as_str()), ("text", "误登记为结案")];
        s.liaison.post(&format!("{page}/reopen"), &fields).await.expect(303);
    };
    let deliver = async || {
        let version = fixtures::sealed(&s.app, s.lead, GUANGZHOU).await;
        send(&s.compiler, version, "portal").await.expect(303);
    };
    let transfer = s.transfer;
    // Whether each time for acknowledging ended, and whether without object; the first version's above all.
    let times = async || {
        let read = s.app.services.db.read(move |conn| {
            let rows = deadline::table
                .filter(deadline::transfer_id.eq(transfer))
                .filter(deadline::clock_code.eq("AGREED-ACK"))
                .order(deadline::id)
                .select((deadline::stopped_at, deadline::moot));
            Ok(rows.load::<(Option<Instant>, bool)>(conn)?)
        });
        let rows = read.await.expect("time limits");
        rows.into_iter().map(|(stopped, moot)| (stopped.is_some(), moot)).collect::<Vec<_>>()
    };
    let (runs, met, moot) = ((false, false), (true, false), (true, true));
    deliver().await;
    assert_eq!(times().await, [met, runs]);
    close().await;
    assert_eq!(times().await, [met, moot]);
    // The agency acknowledges what came, closed or not.
    s.act("acknowledge", &[]).await.expect(303);
    reopen().await;
    assert_eq!(times().await, [met, met]);
    s.act("acknowledge", &[]).await.expect(409);
    // What nobody did runs on.
    deliver().await;
    close().await;
    reopen().await;
    assert_eq!(times().await, [met, met, runs]);
    // A version that came meanwhile has begun the time anew: it does not run twice.
    close().await;
    deliver().await;
    assert_eq!(times().await, [met, met, moot, runs]);
    reopen().await;
    assert_eq!(times().await, [met, met, moot, runs]);
    s.act("acknowledge", &[]).await.expect(303);
    assert_eq!(times().await, [met, met, moot, met]);
    s.check().await;
}

#[tokio::test]
async fn a_case_stands_again_where_it_stood_though_a_clock_was_set_back() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let case = made.case.expect("a case");
    // What is on record of this day was recorded by a clock that was a day ahead and has been set right since.
    let ahead = app.now().plus_seconds(86_400);
    let on_day: chrono::NaiveDate = today().parse().expect("a day");
    let written = app.services.db.write_quiet(move |tx| {
        for (n, kind) in ["accepted", "filed"].into_iter().enumerate() {
            let row = StepRow {
                id: Id::new(),
                kind: kind.into(),
                on_day,
                actor_id: None,
                at: ahead.plus_seconds(i64::try_from(n).expect("few")),
                remark_id: None,
                paper_id: None,
            };
            store::insert_step(tx.conn(), case, &row)?;
        }
        Ok(())
    });
    written.await.expect("steps");
    // A limit that runs in the case.
    let (limit, now) = (Id::new(), app.now());
    let written = app.services.db.write_quiet(move |tx| {
        diesel::insert_into(deadline::table)
            .values((
                deadline::id.eq(limit),
                deadline::transfer_id.eq(made.transfer),
                deadline::clock_code.eq("APL-DECIDE"),
                deadline::side.eq("agency"),
                deadline::started_at.eq(now),
                deadline::due_at.eq(now.plus_seconds(90 * 86_400)),
                deadline::provisional.eq(false),
            ))
            .execute(tx.conn())?;
        Ok(())
    });
    written.await.expect("a time limit");
    let runs = async || {
        let read = app.services.db.read(move |conn| {
            let row = deadline::table.find(limit).select((deadline::stopped_at, deadline::moot));
            Ok(row.first::<(Option<Instant>, bool)>(conn)?)
        });
        let (stopped, moot) = read.await.expect("a time limit");
        stopped.is_none() && !moot
    };
    let liaison = app.sign_in("liaison").await;
    let (at, day) = (format!("/cases/{case}"), today());
    for kind in ["referred", "closed"] {
        assert!(runs().await, "{kind}");
        let step = [("kind", kind), ("on", day.as_str())];
        liaison.post(&format!("{at}/steps"), &step).await.expect(303);
    }
    assert!(!runs().await, "the closing ended it");
    let before = app.audit_count().await;
    liaison
        .post(&format!("{at}/reopen"), &[("on", day.as_str()), ("text", "误登记为结案")])
        .await
        .expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.leaf["facts"]["state"].as_str(), Some("referred"));
    assert!(runs().await, "what the closing ended runs on");
}

/// A second lead with the same agency, accepted into the matter `join`, or into one of its own.
async fn accepted_too(s: &Story, number: &str, join: Option<&str>) -> Id {
    let lead = fixtures::lead(&s.app, number, "假冒皮带").await;
    let dossier = fixtures::sealed(&s.app, lead, GUANGZHOU).await;
    let id = send(&s.compiler, dossier, "portal").await.expect(303).id();
    s.liaison.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    let fields: Vec<(&str, &str)> = join.map(|join| ("join", join)).into_iter().collect();
    s.liaison.post(&format!("/transfers/{id}/accept"), &fields).await.expect(303);
    id
}

/// The only case that the list leads to.
pub(super) async fn only_case(s: &Story) -> String {
    let list = s.liaison.get("/cases").await.expect(200).text();
    let mut cases: Vec<&str> = list.split("href=\"/cases/").filter_map(|rest| rest.get(..36)).collect();
    cases.dedup();
    let found: Vec<&str> = cases.into_iter().filter(|case| case.parse::<Id>().is_ok()).collect();
    let [case] = found.as_slice() else { panic!("one case: {found:?}") };
    (*case).to_owned()
}

#[tokio::test]
async fn a_joint_matter_ends_with_the_last_of_its_transfers() {
    let s = Story::accepted().await;
    let case = only_case(&s).await;
    let second = accepted_too(&s, "XS-2026-000008", Some(&case)).await;
    let no = [("code", "NF-NO-CRIME"), ("text", "没有犯罪事实")];
    let code = s.liaison.get(&s.at("not-file")).await.expect(200).text();
    let code = code.split("name=\"code\"").find_map(|rest| rest.split("value=\"").nth(1)?.split('"').next());
    let no = [("code", code.unwrap_or(no[0].1)), no[1]];
    s.act("not-file", &no).await.expect(303);
    s.liaison.get(&format!("/cases/{case}")).await.expect(200).has_not("未立案终结");
    s.liaison.post(&format!("/transfers/{second}/not-file"), &no).await.expect(303);
    s.liaison.get(&format!("/cases/{case}")).await.expect(200).has("未立案终结");
    // It is not offered any more.
    let third = fixtures::lead(&s.app, "XS-2026-000009", "假冒腰带").await;
    let dossier = fixtures::sealed(&s.app, third, GUANGZHOU).await;
    let id = send(&s.compiler, dossier, "portal").await.expect(303).id();
    s.liaison.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    s.liaison.post(&format!("/transfers/{id}/accept"), &[("join", &case)]).await.expect(409);
}
