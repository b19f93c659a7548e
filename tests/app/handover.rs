//! What happens between the sides: a dossier is sent, acknowledged, decided on, supplemented, forwarded, filed; and
//! every wrong turn that somebody will take.

use diesel::prelude::*;
use lead_handoff::{
    handover::transfer,
    platform::db::{
        Id, Instant,
        schema::{deadline, mail_message, transfer as transfers},
    },
};
use reqwest::{Method, header};

use crate::support::{
    Browser, Reply, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
};

/// A lead whose dossier is with the police of Guangzhou.
struct Story {
    app: TestApp,
    compiler: Browser,
    liaison: Browser,
    lead: Id,
    transfer: Id,
}

impl Story {
    async fn sent() -> Self {
        let app = TestApp::new().await;
        let lead = fixtures::lead(&app, "XS-2026-000007", "假冒品牌手表").await;
        let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
        let compiler = app.sign_in("compiler").await;
        let liaison = app.sign_in("liaison").await;
        let transfer = send(&compiler, dossier, "portal").await.expect(303).id();
        Self { app, compiler, liaison, lead, transfer }
    }

    async fn received() -> Self {
        let story = Self::sent().await;
        story.act("acknowledge", &[]).await.expect(303);
        story
    }

    async fn accepted() -> Self {
        let story = Self::received().await;
        story.act("accept", &[("officer", "王警官")]).await.expect(303);
        story
    }

    fn at(&self, verb: &str) -> String {
        format!("/transfers/{}/{verb}", self.transfer)
    }

    /// The liaison's verb.
    async fn act(&self, verb: &str, fields: &[(&str, &str)]) -> Reply {
        self.liaison.post(&self.at(verb), fields).await
    }

    async fn state(&self) -> (String, i32) {
        let id = self.transfer;
        let read = self.app.services.db.read(move |conn| {
            Ok(transfers::table
                .filter(transfers::id.eq(id))
                .select((transfers::state, transfers::stage))
                .first(conn)?)
        });
        read.await.expect("a transfer")
    }

    async fn check(&self) {
        let faults = self.app.services.db.read(transfer::check).await.expect("check");
        assert_eq!(faults, Vec::<String>::new());
    }
}

async fn send(who: &Browser, dossier: Id, channel: &str) -> Reply {
    let dossier = dossier.to_string();
    let mut fields = vec![("dossier", dossier.as_str()), ("channel", channel)];
    if channel != "portal" {
        fields.extend([("handed_on", "2026-05-04"), ("handed_by", "李某"), ("tracking_number", "SF0001")]);
    }
    who.post("/transfers/new", &fields).await
}

#[tokio::test]
async fn a_dossier_goes_its_whole_way_and_every_act_leaves_one_entry() {
    let s = Story::sent().await;
    let before = s.app.audit_count().await;
    s.act("acknowledge", &[]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 1);
    s.act("accept", &[("officer", "王警官")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 2);
    s.act("file", &[("number", "穗公经立字〔2026〕1号"), ("filed_on", "2026-05-04")]).await.expect(303);
    assert_eq!(s.app.audit_count().await, before + 3);
    assert_eq!(s.state().await, ("filed".into(), 4));
    let page = s.compiler.get(&s.at("")[..s.at("").len() - 1]).await.expect(200).has("穗公经立字〔2026〕1号");
    page.has("XS-2026-000007");
    s.check().await;
}

#[tokio::test]
async fn the_same_form_twice_sends_once() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let first = send(&compiler, dossier, "portal").await.expect(303);
    let before = app.audit_count().await;
    let second = send(&compiler, dossier, "portal").await.expect(303);
    assert_eq!(first.id(), second.id());
    assert_eq!(app.audit_count().await, before);
}

#[tokio::test]
async fn only_a_sealed_and_newest_dossier_of_an_own_lead_can_be_sent() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let open = fixtures::unsealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    send(&compiler, open, "portal").await.expect(409).has("尚未封存");
    let old = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let new = fixtures::sealed(&app, lead, GUANGZHOU).await;
    send(&compiler, old, "portal").await.expect(409).has("更新的封存版本");
    let other = app.sign_in("compiler2").await;
    send(&other, new, "portal").await.expect(409).has("不由您负责");
    send(&compiler, new, "paper").await.expect(303);
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/transfers/new?dossier={new}")).await.expect(404);
}

#[tokio::test]
async fn paper_needs_who_and_when() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let compiler = app.sign_in("compiler").await;
    let id = dossier.to_string();
    let fields = [("dossier", id.as_str()), ("channel", "disc"), ("tracking_number", "SF77")];
    let page = compiler.post("/transfers/new", &fields).await.expect(422);
    page.has("href=\"#f-handed-on\"").has("href=\"#f-handed-by\"").has("SF77");
}

#[tokio::test]
async fn another_agency_sees_nothing_of_it() {
    let s = Story::accepted().await;
    let other = s.app.sign_in("liaison2").await;
    let page = format!("/transfers/{}", s.transfer);
    other.get(&page).await.expect(404);
    other.get("/transfers").await.expect(200).has_not("YS-").has_not("假冒品牌手表");
    for verb in ["accept", "file", "refuse", "return", "not-file", "supplement", "forward", "message"] {
        other.get(&s.at(verb)).await.expect(404);
        other
            .post(
                &s.at(verb),
                &[("code", "RF-OTHER"), ("text", "x"), ("body", "x"), ("filed_on", "2026-01-01")],
            )
            .await;
    }
    assert_eq!(s.state().await.0, "accepted");
    let list = s.liaison.get("/cases").await.expect(200).text();
    let case =
        list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok()).expect("a link");
    let path = format!("/cases/{case}");
    s.liaison.get(&path).await.expect(200);
    other.get(&path).await.expect(404);
    let admin = s.app.sign_in("admin").await;
    admin.get(&page).await.expect(404);
    admin.get("/transfers").await.expect(404);
}

#[tokio::test]
async fn the_liaison_learns_no_lead_number_and_no_name_of_the_platform() {
    let s = Story::accepted().await;
    let page = s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("YS-").has("假冒品牌手表").has_not("XS-2026-000007").has_not("编制人甲");
    s.liaison.get("/transfers").await.expect(200).has("YS-").has_not("XS-2026-000007");
    let csv = s.liaison.get("/transfers/export?format=csv").await.expect(200);
    csv.has("假冒品牌手表").has_not("XS-2026-000007");
}

#[tokio::test]
async fn a_second_acknowledgement_changes_nothing() {
    let s = Story::received().await;
    let before = s.app.audit_count().await;
    s.act("acknowledge", &[]).await.expect(409).has("已经签收");
    // The refused attempt is on record, and nothing else.
    assert_eq!(s.app.audit_count().await, before + 1);
    assert_eq!(s.state().await, ("received".into(), 2));
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
    page.has_not("广州").has_not("发货地在杭州");
    other.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    // It turns out to be Guangzhou's after all.
    let back = [("target", own.as_str()), ("code", "FW-OTHER"), ("text", "由贵局先受理")];
    other.post(&format!("/transfers/{id}/forward"), &back).await.expect(303);
    assert_eq!(s.state().await.0, "received");
    s.check().await;
}

#[tokio::test]
async fn it_is_withdrawn_with_a_reason_until_it_is_taken_on() {
    let s = Story::received().await;
    s.compiler.post(&s.at("withdraw"), &[("text", "")]).await.expect(422);
    s.liaison.post(&s.at("withdraw"), &[("text", "x")]).await.expect(404);
    s.compiler.post(&s.at("withdraw"), &[("text", "权利人要求")]).await.expect(303);
    s.act("accept", &[]).await.expect(409).has("已撤回");
    let s = Story::accepted().await;
    s.compiler.post(&s.at("withdraw"), &[("text", "权利人要求")]).await.expect(409).has("权利人要求");
}

#[tokio::test]
async fn mail_tells_that_something_waits_and_not_what() {
    let s = Story::received().await;
    s.act("supplement", &[("code", "RQ-OTHER"), ("text", "机密流水")]).await.expect(303);
    s.act("message", &[("body", "机密消息")]).await.expect(303);
    s.compiler.post(&s.at("message"), &[("body", "机密答复")]).await.expect(303);
    let read = s.app.services.db.read(|conn| {
        Ok(mail_message::table
            .select((
                mail_message::to_address,
                mail_message::template,
                mail_message::params,
                mail_message::link,
            ))
            .load::<(String, String, String, String)>(conn)?)
    });
    let mails = read.await.expect("mails");
    let to =
        |template: &str| mails.iter().filter(|m| m.1 == template).map(|m| m.0.as_str()).collect::<Vec<_>>();
    assert_eq!(to("transfer-sent"), ["liaison@example.com"]);
    assert_eq!(to("supplement-asked"), ["compiler@example.com"]);
    assert_eq!(to("message-received"), ["compiler@example.com", "liaison@example.com"]);
    for (_, _, params, link) in &mails {
        for secret in ["机密", "假冒", "XS-2026", "手表"] {
            assert!(!params.contains(secret) && !link.contains(secret), "{params}");
        }
    }
    let page = s.liaison.get(&format!("/transfers/{}", s.transfer)).await.expect(200);
    page.has("机密消息").has("机密答复");
}

#[tokio::test]
async fn a_paper_is_recorded_by_a_second_person_from_the_scan() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let page = compiler.get(&format!("/transfers/{id}")).await.expect(200).has("移送人以外的同事").text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let record = format!("/transfers/{id}/acknowledge");
    manager.post(&record, &[("on_day", "2026-05-04")]).await.expect(409).has("请先上传纸质回执的扫描件");
    scan(&compiler, &upload, b"just a text").await.expect(422).has("PDF");
    scan(&compiler, &upload, b"%PDF-1.4\n%scan\n").await.expect(303);
    compiler.post(&record, &[("on_day", "2026-05-04")]).await.expect(409).has("另一位同事");
    manager.post(&record, &[]).await.expect(422);
    manager.post(&record, &[("on_day", "2026-05-04")]).await.expect(303);
    let page = manager
        .get(&format!("/transfers/{id}"))
        .await
        .expect(200)
        .has("依据 2026-05-04 的纸质文书登记")
        .text();
    let scan = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    let file = manager.get(&scan).await.expect(200);
    assert_eq!(file.bytes, b"%PDF-1.4\n%scan\n");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
}

async fn scan(who: &Browser, path: &str, bytes: &[u8]) -> Reply {
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"scan.pdf\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = who
        .client
        .request(Method::POST, who.url(path))
        .header(header::ORIGIN, &who.base)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body);
    who.send(request).await
}

#[tokio::test]
async fn the_platform_does_not_act_for_an_agency_that_can() {
    let s = Story::sent().await;
    let manager = s.app.sign_in("manager").await;
    manager.post(&s.at("acknowledge"), &[("on_day", "2026-05-04")]).await.expect(409).has("自行办理");
}

#[tokio::test]
async fn cases_join_transfers_and_carry_on() {
    let s = Story::accepted().await;
    s.act("file", &[("number", "1号"), ("filed_on", "2026-05-04")]).await.expect(303);
    let lead = fixtures::lead(&s.app, "XS-2026-000008", "假冒皮带").await;
    let dossier = fixtures::sealed(&s.app, lead, GUANGZHOU).await;
    let second = send(&s.compiler, dossier, "portal").await.expect(303).id();
    let verb = |verb: &str| format!("/transfers/{second}/{verb}");
    s.liaison.post(&verb("acknowledge"), &[]).await.expect(303);
    s.liaison.post(&verb("accept"), &[]).await.expect(303);
    s.liaison
        .post(&verb("file"), &[("number", "1号"), ("filed_on", "2026-05-05")])
        .await
        .expect(422)
        .has("已有此案号");
    let form = s.liaison.get(&verb("file")).await.expect(200).text();
    let case = form.split("<option value=\"").filter_map(|o| o.get(..36)).find(|o| o.parse::<Id>().is_ok());
    let case = case.expect("the first case is offered").to_owned();
    s.liaison.post(&verb("file"), &[("join", &case), ("filed_on", "2026-05-05")]).await.expect(303);
    let steps = format!("/cases/{case}/steps");
    s.liaison.post(&steps, &[("kind", "referred"), ("on", "2999-01-01")]).await.expect(422);
    s.liaison
        .post(&steps, &[("kind", "referred"), ("on", "2026-06-01"), ("text", "移送检察院")])
        .await
        .expect(303);
    let page = s.compiler.get(&format!("/cases/{case}")).await.expect(200);
    page.has("XS-2026-000007").has("XS-2026-000008").has("移送审查起诉").has("移送检察院");
    let page = s.liaison.get(&format!("/cases/{case}")).await.expect(200);
    page.has("YS-").has_not("XS-2026-000008");
    s.compiler.post(&steps, &[("kind", "closed"), ("on", "2026-06-01")]).await.expect(409);
    s.liaison.post(&steps, &[("kind", "closed"), ("on", "2026-06-02")]).await.expect(303);
    s.liaison.post(&steps, &[("kind", "judged"), ("on", "2026-06-03")]).await.expect(409).has("已终结");
    s.compiler.get("/cases").await.expect(200).has("并案");
}

#[tokio::test]
async fn a_deadline_is_spoken_of_once_before_and_once_after() {
    let s = Story::sent().await;
    let id = s.transfer;
    let zone = s.app.services.settings.time_zone;
    let shift = |seconds: i64| {
        let db = s.app.services.db.clone();
        async move {
            let moved = db.write_quiet(move |tx| {
                let due = tx.now().plus_seconds(seconds);
                let started = tx.now().plus_seconds(seconds - 5 * 24 * 3600);
                diesel::update(deadline::table.filter(deadline::transfer_id.eq(id)))
                    .set((deadline::due_at.eq(due), deadline::started_at.eq::<Instant>(started)))
                    .execute(tx.conn())?;
                Ok(())
            });
            moved.await.expect("moved");
        }
    };
    let remind = || {
        let db = s.app.services.db.clone();
        async move {
            tokio::task::spawn_blocking(move || transfer::remind(&db, zone))
                .await
                .expect("ran")
                .expect("reminded")
        }
    };
    shift(2 * 3600).await;
    assert_eq!(remind().await, 1);
    assert_eq!(remind().await, 0);
    shift(-15 * 24 * 3600).await;
    assert_eq!(remind().await, 1);
    assert_eq!(remind().await, 0);
    s.compiler.get("/transfers?overdue=yes").await.expect(200);
    s.act("acknowledge", &[]).await.expect(303);
}

#[tokio::test]
async fn lists_filter_sort_and_export() {
    let s = Story::received().await;
    s.compiler.get("/transfers?state=received").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?state=filed").await.expect(200).has_not("假冒品牌手表");
    s.compiler.get("/transfers?region=440000&sort=due").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?region=330100").await.expect(200).has_not("假冒品牌手表");
    s.compiler.get("/transfers?q=xs-2026").await.expect(200).has("假冒品牌手表");
    s.compiler.get("/transfers?q=%25").await.expect(200).has_not("假冒品牌手表");
    s.liaison.get("/transfers?q=xs-2026").await.expect(200).has_not("假冒品牌手表");
    let file = s.compiler.get("/transfers/export?format=xlsx").await.expect(200);
    assert!(file.bytes.starts_with(b"PK"));
    s.compiler.get("/transfers/export?format=csv&state=received").await.expect(200).has("XS-2026-000007");
    let entry = s.app.last_entry().await;
    assert_eq!(entry.verb, "transfer.export");
}

#[tokio::test]
async fn readers_of_the_platform_get_transfers_and_cases_as_json() {
    let s = Story::accepted().await;
    let token = fixtures::token(&s.app, "manager").await;
    let nobody = s.app.stranger();
    let get = |path: String| nobody.client.get(nobody.url(&path)).bearer_auth(token.clone());
    let list = nobody.send(get("/api/v1/transfers?state=accepted&limit=1".into())).await.expect(200).json();
    assert_eq!(list["items"][0]["state"], "accepted");
    assert!(list["next"].is_null());
    let one = nobody.send(get(format!("/api/v1/transfers/{}", s.transfer))).await.expect(200).json();
    assert_eq!(one["receipt"]["manifest_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(one["deadlines"][0]["side"], "agency");
    let cases = nobody.send(get("/api/v1/cases".into())).await.expect(200).json();
    let case = cases["items"][0]["id"].as_str().expect("an id").to_owned();
    let one = nobody.send(get(format!("/api/v1/cases/{case}"))).await.expect(200).json();
    assert_eq!(one["transfers"].as_array().map(Vec::len), Some(1));
    nobody.send(get("/api/v1/transfers?limit=500".into())).await.expect(422);
    nobody.send(get("/api/v1/transfers?state=no".into())).await.expect(422);
}
