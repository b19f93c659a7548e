//! From composing to the sealed package, with the wrong turns on the way.

use std::io::Cursor;

use diesel::prelude::*;
use lead_handoff::{
    access,
    casework::{
        dossier::{self, freezing, model::State, packing, sealing, verify},
        lead,
    },
    directory::people::{Compiler, store as people, token},
    platform::{
        db::{Id, Origin, schema::job},
        jobs,
    },
};
use serde_json::json;

use crate::support::{
    TestApp,
    seed::{GUANGZHOU, HANGZHOU},
    story::{self, approve, compose, decision, dossiers, note},
};

/// Checks package bytes offline, by the server's own public key.
fn check(app: &TestApp, bytes: Vec<u8>) -> verify::Report {
    let key = app.services.signer.public().to_string().parse().expect("a key");
    verify::verify(Cursor::new(bytes), &[key], &mut |_, _| {}).expect("readable")
}

#[tokio::test]
async fn a_lead_is_composed_frozen_approved_sealed_and_packed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let open = note(&compiler, lead, "商品页面.txt", "标价 199 元，已售 1,024 件。").await;
    let kept = note(&compiler, lead, "买家反馈.txt", "买家称收到假货。").await;
    let secret = note(&compiler, lead, "举报人情况.txt", "举报人要求保密。").await;
    compiler
        .post(&format!("/evidence/{secret}/withhold"), &[("withheld_reason", "保护举报人")])
        .await
        .expect(303);
    let (gz, hz) = (app.seed.agencies[GUANGZHOU], app.seed.agencies[HANGZHOU]);

    let page = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200);
    page.has("商品页面.txt").has("不予披露").has("广州市公安局经侦支队").has("杭州市市场监督管理局");
    let before = app.audit_count().await;
    let hold = format!("withhold-{hz}");
    compose(
        &compiler,
        lead,
        1,
        &[gz, hz],
        &[open, kept, secret],
        &[(&hold, "2"), ("note", "请重点核对金额")],
    )
    .await
    .expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let made = dossiers(&app, lead).await;
    assert!(made.iter().all(|one| one.state() == State::Freezing));
    compiler.get(&format!("/dossiers/{}", made[0].id)).await.expect(200).has("data-refresh");
    compiler.get(&format!("/dossiers/{}/package.zip", made[0].id)).await.expect(404);

    app.settle().await;
    let made = dossiers(&app, lead).await;
    assert_eq!(
        made.iter().map(|one| one.folder.rsplit("v1-").next().unwrap()).collect::<Vec<_>>(),
        ["GZ-ECD", "HZ-SAMR"]
    );
    assert!(made.iter().all(|one| one.state() == State::Frozen));
    assert_ne!(made[0].manifest_sha256, made[1].manifest_sha256);
    let withheld: Vec<usize> = {
        let ids: Vec<Id> = made.iter().map(|one| one.id).collect();
        app.services
            .db
            .read(move |conn| ids.iter().map(|id| Ok(dossier::store::withheld(conn, *id)?.len())).collect())
            .await
            .expect("withheld")
    };
    assert_eq!(withheld, [1, 2]);
    let letter = compiler.get(&format!("/dossiers/{}/letter.pdf", made[0].id)).await.expect(200);
    assert!(letter.bytes.starts_with(b"%PDF-"));
    assert_eq!(app.last_entry().await.verb, "dossier.read");

    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(409);
    let approver = app.sign_in("approver").await;
    // What waits is the same list for all who read it. Narrowed to what is to be done by the reader, the approver has it
    // to decide and its compiler to take back; another one can do nothing with it.
    let (other, own) = (app.sign_in("compiler2").await, "/approvals?acts=me");
    let row = format!("href=\"/approvals/{review}\"");
    for who in [&approver, &compiler, &other] {
        who.get("/approvals").await.expect(200).has(&row).has_not("filter-chips");
        who.get("/approvals?state=all").await.expect(200).has(&row);
    }
    approver.get("/").await.expect(200).has(&format!("href=\"{own}\""));
    approver.get(own).await.expect(200).has(&row);
    compiler.get(own).await.expect(200).has(&row);
    other.get(own).await.expect(200).has_not(&row).has("filter-chips").has("仅看由我处理的");
    approver.get("/approvals?acts=me&state=approved").await.expect(200).has_not(&row);
    let fields = decision(&app, &approver, review).await;
    assert_eq!(fields.len(), 3, "two hashes and a code");
    approve(&approver, review, &fields).await.expect(303);
    app.settle().await;

    let made = dossiers(&app, lead).await;
    assert!(made.iter().all(|one| one.state() == State::Sealed), "{made:?}");
    for one in &made {
        let got = compiler.get(&format!("/dossiers/{}/package.zip", one.id)).await.expect(200);
        assert_eq!(got.headers["content-type"], "application/zip");
        let report = check(&app, got.bytes);
        assert_eq!(report.verdict, verify::Verdict::Authentic, "{:?}", report.faults);
        assert_eq!(report.package.as_ref().map(|p| &p.manifest_sha256), one.manifest_sha256.as_ref());
    }
    approver.get(&format!("/approvals/{review}")).await.expect(200).has("已批准");
    compiler
        .get(&format!("/dossiers/{}", made[1].id))
        .await
        .expect(200)
        .has("不向该单位提供")
        .has("seal.json");
    let faults = app.services.db.read(dossier::check).await.expect("checked");
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn an_agency_sees_a_sealed_dossier_only_once_it_was_opened_to_it() {
    let app = TestApp::new().await;
    let (_, made) = story::sealed(&app, &[GUANGZHOU]).await;
    let path = format!("/dossiers/{}", made[0]);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&path).await.expect(404);
    liaison.get(&format!("{path}/package.zip")).await.expect(404);

    let (id, agency) = (made[0], app.seed.agencies[GUANGZHOU]);
    app.services.db.write_quiet(move |tx| access::grant(tx, "dossier", id, agency)).await.expect("granted");
    liaison.get(&path).await.expect(200).has_not("/leads/").has_not("编制人甲");
    liaison.get(&format!("{path}/dossier.pdf")).await.expect(200);
    let whole = liaison.get(&format!("{path}/package.zip")).await.expect(200).bytes;
    assert_eq!(app.last_entry().await.verb, "dossier.download");
    let before = app.audit_count().await;
    let url = liaison.url(&format!("{path}/package.zip"));
    let part = liaison.send(liaison.client.get(&url).header("range", "bytes=10-19")).await.expect(206);
    assert_eq!(part.bytes, &whole[10..20]);
    assert_eq!(app.audit_count().await, before, "a later piece is not another read");
    app.sign_in("liaison2").await.get(&path).await.expect(404);
    app.sign_in("admin").await.get(&path).await.expect(404);
    let manager = app.sign_in("manager").await;
    let before = app.audit_count().await;
    manager
        .send(manager.client.get(manager.url(&format!("{path}/package.zip"))).header("range", "bytes=1-"))
        .await
        .expect(206);
    assert_eq!(app.audit_count().await, before + 1, "whoever begins in the middle is on record too");
}

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
    compiler.get("/language?to=en").await.expect(303);
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("请补充成交记录 — mend it");
    compiler.get("/language?to=zh-CN").await.expect(303);
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
    approver.get(&format!("/approvals/{review}")).await.expect(200).has("与第2版相比").has("成交记录.txt");
    compiler.post(&format!("/approvals/{review}/withdraw"), &[]).await.expect(303);
    approver.get("/approvals").await.expect(200).has_not(&review.to_string());
    approver.get("/approvals?state=withdrawn").await.expect(200).has(&review.to_string());
    // What was taken back is shown so, where the lead lists its versions too.
    compiler.get(&format!("/leads/{lead}/dossiers")).await.expect(200).has("已撤回");
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("已撤回");
}

#[tokio::test]
async fn what_is_missing_or_unreadable_is_said_beside_its_field() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[], &[item], &[]).await.expect(422).has("f-agencies");
    compose(&compiler, lead, 1, &[gz], &[], &[]).await.expect(422).has("f-evidence");
    let hold = format!("withhold-{gz}");
    let again = compose(&compiler, lead, 1, &[gz], &[item], &[(&hold, "1-x"), ("note", "留着")]).await;
    again.expect(422).has("1-x").has("留着").has("checked");
    compose(&compiler, lead, 1, &[gz], &[item], &[(&hold, "7")]).await.expect(422);
    let other = app.sign_in("compiler2").await;
    compose(&other, lead, 1, &[gz], &[item], &[]).await.expect(409);
    app.sign_in("liaison").await.get(&format!("/leads/{lead}/dossiers")).await.expect(404);
    assert!(story::newest(&app, lead).await.is_empty());
}

/// A process that dies between any two steps leaves a way to go on, and never a second seal or package.
#[tokio::test]
async fn work_goes_on_after_a_crash_and_nothing_is_made_twice() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    let id = dossiers(&app, lead).await[0].id;
    // Frozen before its job ran, then by its job again: the same bytes, stored once.
    let services = app.services.clone();
    let freeze = move || freezing::freeze(&services, id, &|_| Ok(()));
    tokio::task::spawn_blocking(freeze).await.unwrap().expect("frozen");
    let objects = app.stored_objects().await;
    let frozen = dossiers(&app, lead).await[0].manifest_sha256.clone();
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].manifest_sha256, frozen);
    assert_eq!(app.stored_objects().await, objects);

    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    let services = app.services.clone();
    tokio::task::spawn_blocking(move || {
        // The sealing runs, and its job is done again by a second worker.
        sealing::seal(&services, id).expect("sealed");
        sealing::seal(&services, id).expect("sealed already");
        packing::pack(&services, id, &|_| Ok(())).expect("packed");
        packing::pack(&services, id, &|_| Ok(())).expect("packed already");
    })
    .await
    .unwrap();
    let packed = dossiers(&app, lead).await[0].packed;
    assert!(packed.is_some());
    let objects = app.stored_objects().await;
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].packed, packed);
    assert_eq!(app.stored_objects().await, objects);
    let left: i64 = app
        .services
        .db
        .read(|conn| {
            let waiting = job::table.filter(job::state.ne("done")).filter(job::kind.like("dossier.%"));
            Ok(waiting.count().get_result(conn)?)
        })
        .await
        .expect("jobs");
    assert_eq!(left, 0);
    let got = compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
    assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
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

/// A token of `username` with these scopes.
async fn token(app: &TestApp, username: &str, scopes: &[&'static str]) -> String {
    let id = app.seed.people[username];
    let new = token::NewToken { name: "t".into(), scopes: scopes.to_vec(), days: None };
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| token::create_for(tx, id, new));
    made.await.expect("a token")
}

#[tokio::test]
async fn an_integrator_composes_once_and_fetches_what_was_approved() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let writer = token(&app, "compiler", &["read", "write"]).await;
    let call = app.stranger();
    let post = |body: serde_json::Value| {
        let request = call.client.post(call.url(&format!("/api/v1/leads/{lead}/dossiers")));
        let request = request.header("content-type", "application/json").body(body.to_string());
        request.header("authorization", format!("Bearer {writer}")).header("idempotency-key", "k1")
    };
    let get = |path: String| call.client.get(call.url(&path)).bearer_auth(&writer);

    let wrong = call.send(post(json!({"evidence": [], "agencies": [gz]}))).await.expect(422).json();
    assert_eq!(wrong["errors"][0]["field"], "evidence");
    let asked = json!({"evidence": [item], "agencies": [gz], "note": "n"});
    let made = call.send(post(asked.clone())).await.expect(202).json();
    assert_eq!((&made["version"], &made["dossiers"][0]["state"]), (&json!(1), &json!("freezing")));
    assert_eq!(
        (&made["dossiers"][0]["agency"], &made["dossiers"][0]["manifest_sha256"]),
        (&json!(gz), &json!(null))
    );
    let again = call.send(post(asked)).await.expect(202);
    assert!(again.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.json(), made);
    app.settle().await;

    let id = made["dossiers"][0]["id"].as_str().expect("an id").to_owned();
    let one = call.send(get(format!("/api/v1/dossiers/{id}"))).await.expect(200).json();
    assert_eq!((&one["lead"], &one["state"]), (&json!(lead), &json!("frozen")));
    assert_eq!(one["manifest_sha256"].as_str().map(str::len), Some(64));
    let list = call.send(get(format!("/api/v1/dossiers?lead={lead}"))).await.expect(200).json();
    assert_eq!((&list["items"][0], &list["next"]), (&one, &json!(null)));
    let all = call.send(get("/api/v1/dossiers".into())).await.expect(200).json();
    assert_eq!(all["items"], list["items"], "without a lead: those of all leads");
    let report = call.send(get(format!("/api/v1/dossiers/{id}/dossier.pdf"))).await.expect(200);
    assert!(report.bytes.starts_with(b"%PDF-"));
    call.send(get(format!("/api/v1/dossiers/{id}/package.zip"))).await.expect(404);
}

#[tokio::test]
async fn a_name_that_was_in_review_is_corrected_without_changing_whom_it_meant() {
    use lead_handoff::platform::db::schema::{lead_subject, subject};
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, _) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let subjects = format!("/leads/{lead}/subjects");
    let person = [("kind", "person"), ("name", "张某某"), ("identifier", "440100199001010011")];
    compiler.post(&subjects, &person).await.expect(303);
    let of_lead = move |conn: &mut _| {
        let rows = lead_subject::table.inner_join(subject::table).filter(lead_subject::lead_id.eq(lead));
        Ok(rows.select((subject::id, subject::name)).load::<(Id, String)>(conn)?)
    };
    let before = app.services.db.read(of_lead).await.expect("subjects").remove(0);
    let other = [("kind", "person"), ("name", "李某某"), ("identifier", "440100199001010022")];
    compiler.post(&format!("{subjects}/{}", before.0), &other).await.expect(303);
    let after = app.services.db.read(of_lead).await.expect("subjects").remove(0);
    assert_ne!(after.0, before.0, "another person is another row");
    let kept =
        move |conn: &mut _| Ok(subject::table.find(before.0).select(subject::name).first::<String>(conn)?);
    assert_eq!(app.services.db.read(kept).await.expect("kept"), "张某某");
}

#[tokio::test]
async fn what_is_marked_after_sealing_does_not_leave_and_stays_kept_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let item = story::items(&compiler, lead).await[0];
    let mark = [("withheld_reason", "保护举报人")];
    compiler.post(&format!("/evidence/{item}/withhold"), &mark).await.expect(303);
    let before = app.audit_count().await;
    let send = [("dossier", &*dossiers[0].to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &send).await.expect(409).has("不予披露");
    assert_eq!(app.audit_count().await, before + 1, "the refusal alone");
    let liaison = app.sign_in("liaison").await;
    liaison.get("/transfers").await.expect(200).has_not("YS-");
}

#[tokio::test]
async fn the_next_version_begins_with_what_the_last_one_kept_back() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let hold = format!("withhold-{gz}");
    compose(&compiler, lead, 1, &[gz], &[first, second], &[(&hold, "2")]).await.expect(303);
    app.settle().await;
    let form = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200).text();
    let field = form.split(&format!("name=\"{hold}\"")).nth(1).expect("the field");
    assert!(field[..80.min(field.len())].contains("value=\"2\""), "{}", &field[..80]);
    let agency = form.split(&format!("value=\"{gz}\"")).nth(1).expect("the addressee");
    assert!(agency[..20].contains("checked"), "{}", &agency[..20]);

    // A version for another agency alone lies between: what the first one does not get is still there.
    let hz = app.seed.agencies[HANGZHOU];
    compose(&compiler, lead, 2, &[hz], &[first, second], &[]).await.expect(303);
    app.settle().await;
    let form = compiler.get(&format!("/leads/{lead}/dossiers/new")).await.expect(200).text();
    let field = form.split(&format!("name=\"{hold}\"")).nth(1).expect("the field");
    assert!(field[..80.min(field.len())].contains("value=\"2\""), "{}", &field[..80]);
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

/// A court asks what became of one file: that it was sealed and handed over belongs to its custody.
#[tokio::test]
async fn the_custody_of_an_item_tells_of_the_dossiers_that_carried_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let sent = note(&compiler, lead, "一.txt", "第一份").await;
    let kept = note(&compiler, lead, "二.txt", "第二份").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let hold = format!("withhold-{gz}");
    let made = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[sent, kept], &[(&hold, "2")]).await;
    let send = [("dossier", &*made[0].to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &send).await.expect(303);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    liaison.get(&format!("/evidence/{sent}")).await.expect(404);

    let page = compiler.get(&format!("/evidence/{sent}")).await.expect(200);
    page.has("随卷固定").has("随卷封存").has("随卷移送").has("随卷下载").has("被拒绝");
    let page = compiler.get(&format!("/evidence/{kept}")).await.expect(200);
    page.has("选入卷宗").has_not("随卷封存").has_not("随卷移送");
}

#[tokio::test]
async fn the_search_for_agencies_keeps_what_was_typed_and_stands_in_no_address() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "一.txt", "第一份").await.to_string();
    let (gz, hz) = (app.seed.agencies[GUANGZHOU].to_string(), app.seed.agencies[HANGZHOU].to_string());
    let (form, action) = (format!("/leads/{lead}/dossiers/new"), format!("/leads/{lead}/dossiers"));
    let page =
        compiler.get(&form).await.expect(200).has("name=\"find\"").has_not("formmethod=\"get\"").text();
    assert!(page.contains(&gz) && page.contains(&hz));
    let before = app.audit_count().await;
    let typed = [
        ("version", "1"),
        ("agencies", gz.as_str()),
        ("evidence", item.as_str()),
        ("note", "先给广州"),
        ("q", "HANGZHOU"),
        ("find", "yes"),
    ];
    let page = compiler.post(&action, &typed).await.expect(200).has("先给广州").text();
    assert_eq!(app.audit_count().await, before + 1);
    let ticked = |id: &str| {
        let field = page.split(&format!("value=\"{id}\"")).nth(1).unwrap_or_default();
        field.split('>').next().is_some_and(|rest| rest.contains("checked"))
    };
    assert!(ticked(&gz) && ticked(&item), "{page}");
    assert_eq!(story::newest(&app, lead).await.len(), 0, "a search composes nothing");
    // What was typed in the address counts for nothing.
    compiler.get(&format!("{form}?version=1&note=x&q=zz")).await.expect(200).has(&hz);
    app.sign_in("compiler2").await.post(&action, &typed).await.expect(409);
}

#[tokio::test]
async fn a_transfer_that_was_withdrawn_gives_no_bytes_any_more() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (_, dossiers) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.get(&format!("/dossiers/{}", dossiers[0])).await.expect(200).has("/transfers/new");
    let send = [("dossier", &*dossiers[0].to_string()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &send).await.expect(303).id();
    // What was sent has no button to send it.
    compiler.get(&format!("/dossiers/{}", dossiers[0])).await.expect(200).has_not("/transfers/new");
    let liaison = app.sign_in("liaison").await;
    let files =
        ["", "/dossier.pdf", "/letter.pdf", "/package.zip"].map(|f| format!("/dossiers/{}{f}", dossiers[0]));
    for file in &files {
        liaison.get(file).await.expect(200);
    }
    let reason = [("text", "发错单位")];
    compiler.post(&format!("/transfers/{transfer}/withdraw"), &reason).await.expect(303);
    for file in &files {
        liaison.get(file).await.expect(404);
    }
    liaison.get(&format!("/transfers/{transfer}")).await.expect(200).has("已撤回").has_not("package.zip");
}

/// A frozen version of a lead of `compiler` for Guangzhou that waits for its review; lead, dossier and review.
async fn submitted(app: &TestApp) -> (Id, Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    (lead, dossiers(app, lead).await[0].id, review)
}

async fn sql(app: &TestApp, text: &'static str) {
    let done = app.services.db.write_quiet(move |tx| Ok(diesel::sql_query(text).execute(tx.conn())?)).await;
    done.expect("SQL");
}

/// What somebody wrote into the queue seals nothing and names nobody: the approval is read where it stands.
#[tokio::test]
async fn a_seal_names_the_approval_and_not_what_the_queue_says() {
    let app = TestApp::new().await;
    let (lead, id, review) = submitted(&app).await;
    let job_of = |payload: serde_json::Value| jobs::Job::new(sealing::JOB, payload);
    // Queued before anybody approved.
    let forged = json!({
        "dossier": id,
        "approval": Id::new(),
        "approver": app.seed.people["compiler"],
        "at": app.now(),
        "entry": Id::new(),
    });
    let job = job_of(forged.clone());
    let queued =
        app.services.db.write_quiet(move |tx| jobs::enqueue(tx, job)).await.expect("queued").expect("new");
    app.settle().await;
    assert_eq!(dossiers(&app, lead).await[0].state(), State::Frozen);
    let failed = app.services.db.read(move |conn| jobs::find(conn, queued)).await.expect("a job");
    assert_eq!(failed.state, "failed");
    assert!(failed.last_error.unwrap_or_default().contains("was not approved"));
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("dossier.seal", "refused"));

    // Approved, and the waiting job says that it was somebody else.
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    let approval = app.last_entry().await;
    let text = forged.to_string();
    let tampered = app.services.db.write_quiet(move |tx| {
        let waiting = job::table.filter(job::kind.eq(sealing::JOB)).filter(job::state.ne("failed"));
        Ok(diesel::update(waiting).set(job::payload.eq(text)).execute(tx.conn())?)
    });
    assert_eq!(tampered.await.expect("tampered"), 1);
    app.settle().await;
    let seal = app.services.db.read(move |conn| dossier::store::seal(conn, id)).await.expect("read");
    let seal: serde_json::Value = serde_json::from_str(&seal.expect("a seal").seal_json).expect("JSON");
    assert_eq!(seal["approval"]["approver"], app.seed.people["approver"].to_string());
    assert_eq!(seal["approval"]["audit_entry"], approval.id.to_string());
    let got = app.sign_in("compiler").await.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
    assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
}

#[tokio::test]
async fn what_is_frozen_must_be_what_was_approved() {
    let app = TestApp::new().await;
    let (lead, id, review) = submitted(&app).await;
    let approver = app.sign_in("approver").await;
    let fields = decision(&app, &approver, review).await;
    approve(&approver, review, &fields).await.expect(303);
    // Somebody with the database in hand puts other files in the place of those that were approved.
    if app.services.db.target().is_sqlite() {
        sql(&app, "DROP TRIGGER dossier_freeze_no_update").await;
    } else {
        sql(&app, "ALTER TABLE dossier_freeze DISABLE TRIGGER dossier_freeze_no_update").await;
    }
    sql(&app, "UPDATE dossier_freeze SET manifest_sha256 = content_sha256").await;
    app.settle().await;
    let made = dossiers(&app, lead).await;
    assert!(made[0].sealed_at.is_none() && made[0].packed.is_none());
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.outcome.as_str()), ("dossier.seal", "refused"));
    app.sign_in("compiler").await.get(&format!("/dossiers/{id}")).await.expect(200).has("已停止");
}

#[tokio::test]
async fn the_salt_of_what_was_kept_back_goes_with_the_item_once_it_is_disclosed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let hold = format!("withhold-{}", app.seed.agencies[GUANGZHOU]);
    let both = [GUANGZHOU, HANGZHOU];
    let made = story::seal_version(&app, lead, 1, &both, &[first, second], &[(&hold, "2")]).await;
    let (guangzhou, hangzhou) = (made[0], made[1]);
    let read = app.services.db.read(move |conn| dossier::store::withheld(conn, guangzhou));
    let kept = read.await.expect("withheld").remove(0);
    let package = async |id: Id| {
        let got = compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200);
        let text = got.text();
        assert_eq!(check(&app, got.bytes).verdict, verify::Verdict::Authentic);
        text
    };
    assert!(!package(hangzhou).await.contains("earlier_commitments"));
    let send = async |dossier: Id| {
        let dossier = dossier.to_string();
        let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
        compiler.post("/transfers/new", &fields).await.expect(303);
    };
    send(guangzhou).await;
    send(hangzhou).await;

    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    let made = story::seal_version(&app, lead, 2, &both, &[first, second], &[(&hold, "")]).await;
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let said = format!(
        "\"earlier_commitments\":[{{\"commitment\":\"{}\",\"salt\":\"{}\",\"version\":1}}]",
        hex(&kept.commitment),
        hex(&kept.salt)
    );
    let text = package(made[0]).await;
    assert_eq!(text.matches(&said).count(), 1);
    assert!(text.contains(&format!("第1版 {}（盐值 {}）", hex(&kept.commitment), hex(&kept.salt))));
    assert!(!package(made[1]).await.contains("earlier_commitments"), "nothing was kept from it");
}

/// What an addressee never got is none of its business: neither that there was such a version, nor what it kept back.
#[tokio::test]
async fn a_version_tells_of_earlier_ones_that_were_delivered_and_of_no_others() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let first = note(&compiler, lead, "一.txt", "第一份").await;
    let second = note(&compiler, lead, "二.txt", "第二份").await;
    let hold = format!("withhold-{}", app.seed.agencies[GUANGZHOU]);
    let seal = async |n: i32, held: &str| {
        if n > 1 {
            compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
        }
        story::seal_version(&app, lead, n, &[GUANGZHOU], &[first, second], &[(&hold, held)]).await[0]
    };
    let manifest = async |id: Id| {
        let made = dossiers(&app, lead).await;
        made.iter().find(|one| one.id == id).expect("it").manifest_sha256.clone().expect("frozen")
    };
    let package =
        async |id: Id| compiler.get(&format!("/dossiers/{id}/package.zip")).await.expect(200).text();
    // Sealed, and never sent.
    let one = seal(1, "2").await;
    let unsent = manifest(one).await;
    let two = seal(2, "").await;
    let text = package(two).await;
    assert!(!text.contains(&unsent) && !text.contains("earlier_commitments") && !text.contains("第1版"));
    // The second one is delivered; the third tells of it, and still not of the first.
    let id = two.to_string();
    let fields = [("dossier", id.as_str()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303);
    let sent = manifest(two).await;
    let text = package(seal(3, "").await).await;
    assert!(text.contains(&sent) && !text.contains(&unsent) && !text.contains("earlier_commitments"));
}

/// Two leads name the same telephone: what one of them notes about it is not in the other's papers.
#[tokio::test]
async fn a_note_on_a_subject_stays_with_the_lead_that_made_it() {
    let app = TestApp::new().await;
    let (one, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let (first, second) =
        (app.seed.lead(&app.services, "compiler"), app.seed.lead(&app.services, "compiler2"));
    let phone = |note, region| {
        [
            ("kind", "phone"),
            ("name", "仓库电话"),
            ("identifier", "020-00000000"),
            ("note", note),
            ("region", region),
        ]
    };
    let known = phone("线人甲提供，勿外传", "440111");
    other.post(&format!("/leads/{second}/subjects"), &known).await.expect(303);
    one.post(&format!("/leads/{first}/subjects"), &phone("", "")).await.expect(303);
    let page = one.get(&format!("/leads/{first}/subjects")).await.expect(200);
    page.has("仓库电话").has_not("线人甲");
    let item = note(&one, first, "a.txt", "标价 199 元").await;
    let made = story::seal_version(&app, first, 1, &[GUANGZHOU], &[item], &[]).await;
    let package = one.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    package.has("020-00000000").has_not("线人甲").has_not("440111");

    // A note of its own changes nothing of the other's.
    one.post(&format!("/leads/{first}/reopen"), &[]).await.expect(303);
    one.post(&format!("/leads/{first}/subjects"), &phone("页面所留电话", "440106")).await.expect(303);
    let page = other.get(&format!("/leads/{second}/subjects")).await.expect(200);
    page.has("线人甲提供，勿外传").has_not("页面所留电话");
    let subject = one.get(&format!("/leads/{first}/subjects")).await.expect(200).text();
    let subject: Id =
        subject.split("/subjects/").find_map(|rest| rest.get(..36)?.parse().ok()).expect("a subject");
    let page = app.sign_in("manager").await.get(&format!("/subjects/{subject}")).await.expect(200);
    page.has("线人甲提供，勿外传").has("页面所留电话");
}

/// Whoever accuses is the rights holder, by name; a brand is nobody.
#[tokio::test]
async fn a_joint_accusation_names_the_rights_holder() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let edit = format!("/leads/{lead}/edit");
    let fields = [
        ("revision", "0"),
        ("title", "疑似销售假冒注册商标的手表"),
        ("summary", "店铺以明显低于市场的价格销售标有知名商标的手表。"),
        ("region", "440100"),
        ("source.kind", "brand_notice"),
        ("sender_role", "accuser_joint"),
    ];
    compiler.post(&edit, &fields).await.expect(303);
    let item = note(&compiler, lead, "a.txt", "标价 199 元").await;
    let gz = app.seed.agencies[GUANGZHOU];
    compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    app.settle().await;
    let refused = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(422);
    refused.has("权利人").has("须写明权利人");

    let brands = format!("/leads/{lead}/brands");
    let page = compiler.get(&brands).await.expect(200);
    page.has("示例品牌").has("name=\"rights_holder\"");
    let holder = "示例钟表（中国）有限公司";
    compiler.post(&brands, &[("brand", "示例品牌"), ("rights_holder", holder)]).await.expect(303);
    compiler.get(&brands).await.expect(200).has(&format!("权利人：{holder}"));
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has(holder);
    let made = story::seal_version(&app, lead, 2, &[GUANGZHOU], &[item], &[]).await;
    let package = compiler.get(&format!("/dossiers/{}/package.zip", made[0])).await.expect(200);
    package.has(&format!("\"accusers\":[\"{holder}\"]"));
    // Another lead with the brand says nothing of it.
    let other = app.seed.lead(&app.services, "compiler2");
    app.sign_in("manager").await.get(&format!("/leads/{other}")).await.expect(200).has_not(holder);
}
