//! What is submitted, approved, returned and taken back.

use diesel::prelude::*;
use lead_handoff::{
    casework::lead,
    directory::people::{Compiler, store as people},
    platform::db::Id,
};

use crate::support::{
    TestApp,
    seed::GUANGZHOU,
    story::{self, approve, compose, decision, note},
};

#[tokio::test]
async fn a_wrong_code_a_changed_hash_and_a_writer_are_refused() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;
    // Submitted while it is being frozen: nothing to approve yet.
    let waiting = approver.get(&format!("/approvals/{review}")).await.expect(200);
    waiting.has("data-refresh").has_not("name=\"seen\"");
    app.settle().await;

    let fields = decision(&app, &approver, review).await;
    let mut wrong = fields.clone();
    wrong.last_mut().unwrap().1 = "000000".into();
    let again = approve(&approver, review, &wrong).await.expect(422);
    again.has("f-code-error").has_not("000000");
    let mut changed = fields.clone();
    let last = if changed[0].1.ends_with('0') { "1" } else { "0" };
    let cut = changed[0].1.len() - 1;
    changed[0].1.replace_range(cut.., last);
    approve(&approver, review, &changed).await.expect(409).has("校验值");
    approve(&approver, review, &fields[1..]).await.expect(409);

    // The compiler becomes an approver as well: still a writer.
    let id = app.seed.people["compiler"];
    app.services
        .db
        .write_quiet(move |tx| {
            use lead_handoff::platform::db::schema::person_role;
            diesel::insert_into(person_role::table)
                .values((person_role::person_id.eq(id), person_role::role.eq("approver")))
                .execute(tx.conn())?;
            Ok(())
        })
        .await
        .expect("role");
    let page = compiler.get(&format!("/approvals/{review}")).await.expect(200);
    page.has("您参与编写过本线索").has_not("name=\"seen\"");
    let mut own = fields.clone();
    own.last_mut().unwrap().1 = story::code(&app).await;
    approve(&compiler, review, &own).await.expect(409).has("您参与编写过本线索");
    let entry = app.last_entry().await;
    assert_eq!(entry.outcome, "refused");

    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    approve(&approver, review, &fields).await.expect(409);
    compiler.post(&format!("/approvals/{review}/withdraw"), &[]).await.expect(409);
}

#[tokio::test]
async fn a_returned_lead_is_a_draft_again_and_takes_a_new_version() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let submit = format!("/leads/{lead}/submit");
    compiler.post(&submit, &[]).await.expect(409).has("尚未编制卷宗");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&submit, &[]).await.expect(303).id();
    compiler.post(&submit, &[]).await.expect(409);

    let approver = app.sign_in("approver").await;
    let back = format!("/approvals/{review}/return");
    approver.post(&back, &[("reasons", "")]).await.expect(422).has("f-reasons-error");
    approver.post(&back, &[("reasons", "请补充成交记录。")]).await.expect(303);
    let page = compiler.get(&format!("/approvals/{review}")).await.expect(200);
    page.has("请补充成交记录。").has("已退回");
    compiler.post(&submit, &[]).await.expect(409).has("编制新版本");
    // The lead says at its top that it came back, and why; its version waits for nothing.
    let page = compiler.get(&format!("/leads/{lead}")).await.expect(200).has("审核人已于");
    page.has("请补充成交记录。修改后").has_not("。。");
    compiler.post("/language?to=en", &[]).await.expect(303);
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("请补充成交记录 — correct it");
    compiler.post("/language?to=zh-CN", &[]).await.expect(303);
    let versions = compiler
        .get(&format!("/leads/{lead}/dossiers"))
        .await
        .expect(200)
        .has("已退回")
        .has_not("已提交审核");
    let href = versions.text();
    let href = href.split('"').find(|part| part.starts_with("/dossiers/")).expect("a dossier").to_owned();
    compiler.get(&href).await.expect(200).has("已退回");

    let second = note(&compiler, lead, "成交记录.txt", "2016年5月成交 12 笔。").await;
    compose(&compiler, lead, 1, &[gz], &[item, second], &[]).await.expect(409);
    compose(&compiler, lead, 2, &[gz], &[item, second], &[]).await.expect(303);
    compose(&compiler, lead, 2, &[gz], &[item, second], &[]).await.expect(409);
    app.settle().await;
    // Marked after it was composed: it would leave with the version as it is.
    compiler
        .post(&format!("/evidence/{second}/withhold"), &[("withheld_reason", "涉及个人信息")])
        .await
        .expect(303);
    compiler.post(&submit, &[]).await.expect(409).has("有变动");
    compose(&compiler, lead, 3, &[gz], &[item, second], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&submit, &[]).await.expect(303).id();
    let page = approver.get(&format!("/approvals/{review}")).await.expect(200);
    page.has("与第 2 版相比").has("成交记录.txt").has("序号 2");
    // Who decides now is told why the last one came back.
    let page = approver.get(&format!("/approvals/{review}")).await.expect(200);
    page.has("此前退回").has("请补充成交记录。");
    compiler.post(&format!("/approvals/{review}/withdraw"), &[]).await.expect(303);
    approver.get("/approvals").await.expect(200).has_not(&review.to_string());
    approver.get("/approvals?state=withdrawn").await.expect(200).has(&review.to_string());
    // What was taken back is shown so, where the lead lists its versions too.
    compiler.get(&format!("/leads/{lead}/dossiers")).await.expect(200).has("已撤回");
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("已撤回");

    // What was approved in the end has answered it: who decides about the next version is not told of it any more.
    compose(&compiler, lead, 4, &[gz], &[item, second], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&submit, &[]).await.expect(303).id();
    approver.get(&format!("/approvals/{review}")).await.expect(200).has("此前退回");
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    app.settle().await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    compose(&compiler, lead, 5, &[gz], &[item, second], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&submit, &[]).await.expect(303).id();
    approver.get(&format!("/approvals/{review}")).await.expect(200).has_not("此前退回");
}

/// A lead that changes while its dossier is drawn is drawn again; one that changes later is not submitted.
#[tokio::test]
async fn a_lead_that_was_changed_since_is_not_submitted() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let me = app.seed.people["compiler"];
    app.services
        .db
        .write(app.origin(me), move |tx| {
            let me = Compiler::admit(people::actor(tx.conn(), me)?)?;
            let before = lead::store::find(tx.conn(), lead)?;
            let input = lead::input::Input {
                title: "改过的标题".into(),
                summary: before.summary.clone(),
                region_code: before.region_code.clone(),
                ..lead::input::Input::default()
            };
            lead::actions::update(tx, &me, lead, before.revision, &input)
        })
        .await
        .expect("changed");
    compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(409).has("有变动");
    compiler.get(&format!("/leads/{lead}/dossiers")).await.expect(200).has("有变动");
}

#[tokio::test]
async fn a_name_that_was_in_review_is_corrected_without_changing_whom_it_meant() {
    use lead_handoff::platform::db::schema::{lead_subject, subject};
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let subjects = format!("/leads/{lead}/subjects");
    let person = [("kind", "person"), ("name", "张某某"), ("identifier", "440100199001010015")];
    compiler.post(&subjects, &person).await.expect(303);
    let of_lead = move |conn: &mut _| {
        let rows = lead_subject::table.inner_join(subject::table).filter(lead_subject::lead_id.eq(lead));
        Ok(rows.select((subject::id, subject::name)).load::<(Id, String)>(conn)?)
    };
    let before = app.services.db.read(of_lead).await.expect("subjects").remove(0);
    let other = [("kind", "person"), ("name", "李某某"), ("identifier", "440100199001010023")];
    compiler.post(&format!("{subjects}/{}", before.0), &other).await.expect(303);
    let after = app.services.db.read(of_lead).await.expect("subjects").remove(0);
    assert_ne!(after.0, before.0, "another person is another row");
    let kept =
        move |conn: &mut _| Ok(subject::table.find(before.0).select(subject::name).first::<String>(conn)?);
    assert_eq!(app.services.db.read(kept).await.expect("kept"), "张某某");
}

/// A lead that was taken out of its review another way leaves nobody to decide; no version waits for that.
#[tokio::test]
async fn an_older_version_is_sent_once_the_lead_was_taken_out_of_review() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, first) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    compose(&compiler, lead, 2, &[app.seed.agencies[GUANGZHOU]], &items, &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let send = [("dossier", &*first[0].to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &send).await.expect(409).has("新版本正在审核");

    compiler.post(&format!("/leads/{lead}/withdraw"), &[("reason", "商家已整改")]).await.expect(303);
    compiler.post("/transfers/new", &send).await.expect(409).has("已撤回");
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    app.sign_in("approver").await.get("/approvals").await.expect(200).has_not(&review.to_string());
    let before = app.audit_count().await;
    compiler.post("/transfers/new", &send).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
}

/// A version says which earlier ones its addressee has: none is sent while that is being decided.
#[tokio::test]
async fn an_older_version_is_not_sent_while_a_newer_one_is_in_review() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, first) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let items = story::items(&compiler, lead).await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 2, &[gz], &items, &[]).await.expect(303);
    app.settle().await;
    let submit = format!("/leads/{lead}/submit");
    let review = compiler.post(&submit, &[]).await.expect(303).id();
    let send = [("dossier", &*first[0].to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &send).await.expect(409).has("新版本正在审核");

    compiler.post(&format!("/approvals/{review}/withdraw"), &[]).await.expect(303);
    compiler.post("/transfers/new", &send).await.expect(303);
    // The second version was made before the first one left, and doesn't tell of it: the next one does.
    compiler.post(&submit, &[]).await.expect(409);
    compose(&compiler, lead, 3, &[gz], &items, &[]).await.expect(303);
    app.settle().await;
    compiler.post(&submit, &[]).await.expect(303);
}
