//! An agency is shown what was sealed and sent to it, whatever is written in the lead afterwards.

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id,
    schema::{lead_site, lead_subject, transfer as transfers, transfer_charge},
};

use crate::support::{
    Browser, TestApp, fixtures,
    seed::GUANGZHOU,
    story::{self, note},
    today,
};

const OLD: &str = "疑似销售假冒注册商标的手表";
const NEW: &str = "疑似生产假冒注册商标的箱包";

/// Everything that tells the liaison of a transfer and its case, as one text.
async fn told(liaison: &Browser, transfer: Id, case: Id) -> String {
    let mut all = String::new();
    for path in [
        format!("/transfers/{transfer}"),
        format!("/transfers/{transfer}/file"),
        "/transfers".into(),
        "/transfers/export?format=csv".into(),
        "/cases".into(),
        "/cases/export?format=csv".into(),
        format!("/cases/{case}"),
        format!("/cases/{case}/outcomes/new?kind=arrest"),
        format!("/cases/{case}/outcomes/new?kind=site_raided"),
        "/".into(),
    ] {
        all += &liaison.get(&path).await.expect(200).text();
    }
    all
}

async fn send(compiler: &Browser, dossier: Id) -> Id {
    let fields = [("dossier", &*dossier.to_string()), ("channel", "portal")];
    compiler.post("/transfers/new", &fields).await.expect(303).id()
}

#[tokio::test]
async fn a_reopened_lead_is_not_shown_before_it_is_sealed_and_sent_again() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let lead = app.seed.lead(&app.services, "compiler");
    let subjects = format!("/leads/{lead}/subjects");
    let sites = format!("/leads/{lead}/sites");
    let person = |name, identifier| [("kind", "person"), ("name", name), ("identifier", identifier)];
    let site = |address| [("address", address), ("region", "440111"), ("role", "storage")];
    compiler.post(&subjects, &person("张某某", "440100199001010015")).await.expect(303);
    compiler.post(&sites, &site("白云区旧仓库一号")).await.expect(303);
    let first = note(&compiler, lead, "旧页面.txt", "标价 199 元").await;
    let sealed = story::seal_version(&app, lead, 1, &[GUANGZHOU], &[first], &[]).await;
    let transfer = send(&compiler, sealed[0]).await;
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);

    // The compiler goes on writing. Nobody asked for it, so it is said before what that means.
    let reopen = format!("/leads/{lead}/reopen");
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has(&format!("href=\"{reopen}\""));
    compiler.get(&reopen).await.expect(200).has("重新审核").has(&format!("action=\"{reopen}?"));
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    story::rename(&compiler, lead, NEW).await;
    compiler.post(&subjects, &person("李某某", "440100199001010023")).await.expect(303);
    compiler.post(&sites, &site("番禺区新仓库二号")).await.expect(303);
    let second = note(&compiler, lead, "新页面.txt", "标价 299 元").await;

    // The agency accepts what it has; its matter bears the title that it knows.
    liaison.post(&format!("/transfers/{transfer}/accept"), &[]).await.expect(303);
    let list = liaison.get("/cases").await.expect(200).text();
    let case: Id =
        list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse().ok()).expect("a case");
    let pages = told(&liaison, transfer, case).await;
    for known in [OLD, "旧页面.txt", "张某某", "白云区旧仓库一号"] {
        assert!(pages.contains(known), "{known} is not shown");
    }
    for unsent in [NEW, "新页面.txt", "李某某", "番禺区新仓库二号"] {
        assert!(!pages.contains(unsent), "{unsent} is shown");
    }
    liaison.get(&format!("/transfers?q={NEW}")).await.expect(200).has_not(&transfer.to_string());
    liaison.get(&format!("/transfers?q={OLD}")).await.expect(200).has(&transfer.to_string());
    // The platform's own pages of the transfer speak of what was sent too, and it finds it by either title.
    compiler.get(&format!("/transfers/{transfer}")).await.expect(200).has(OLD).has_not("新页面.txt");
    compiler.get(&format!("/transfers?q={OLD}")).await.expect(200).has(&transfer.to_string());
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has(NEW);

    // Nobody names in a result whom the agency was not told of.
    let rows = app.services.db.read(move |conn| {
        let people = lead_subject::table.filter(lead_subject::lead_id.eq(lead));
        let places = lead_site::table.filter(lead_site::lead_id.eq(lead));
        let people: Vec<Id> =
            people.order(lead_subject::subject_id).select(lead_subject::subject_id).load(conn)?;
        let places: Vec<Id> = places.order(lead_site::site_id).select(lead_site::site_id).load(conn)?;
        Ok((people, places))
    });
    let (people, places) = rows.await.expect("rows");
    let day = today();
    let result = |kind, field, id: Id| {
        vec![
            ("kind", String::from(kind)),
            (field, id.to_string()),
            ("happened_on", day.clone()),
            ("region", "440111".into()),
            ("source_kind", "paper".into()),
            ("source_title", "文书".into()),
        ]
    };
    let post = async |who: &Browser, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        who.post(&format!("/cases/{case}/outcomes/new"), &fields).await
    };
    for who in [&liaison, &compiler] {
        post(who, result("arrest", "subject", people[1])).await.expect(422).has("f-subject-error");
        post(who, result("site_raided", "site", places[1])).await.expect(422).has("f-site-error");
    }
    let arrest = post(&liaison, result("arrest", "subject", people[0])).await.expect(303).id();
    post(&liaison, result("site_raided", "site", places[0])).await.expect(303);
    // Whatever the draft calls the person now, and whether or not it still does: the agency reads what it was sent.
    let (renamed, sent) = (person("赵某某", "440100199001010015"), person("张某某", "440100199001010015"));
    compiler.post(&format!("{subjects}/{}", people[0]), &renamed).await.expect(303);
    let entry = format!("/outcomes/{arrest}");
    liaison.get(&entry).await.expect(200).has("张某某").has_not("赵某某");
    compiler.post(&format!("{subjects}/{}/remove", people[0]), &[]).await.expect(303);
    liaison.get(&entry).await.expect(200).has("张某某");
    compiler.post(&subjects, &sent).await.expect(303);

    // Once the second version is with the agency, it sees that.
    let sealed = story::seal_version(&app, lead, 2, &[GUANGZHOU], &[first, second], &[]).await;
    liaison.get(&format!("/transfers/{transfer}")).await.expect(200).has(OLD).has_not("新页面.txt");
    assert_eq!(send(&compiler, sealed[0]).await, transfer);
    let pages = told(&liaison, transfer, case).await;
    for known in [NEW, "旧页面.txt", "新页面.txt", "张某某", "李某某", "番禺区新仓库二号"]
    {
        assert!(pages.contains(known), "{known} is not shown");
    }
    // What the agency called its matter is the agency's own.
    liaison.get(&format!("/cases/{case}")).await.expect(200).has(OLD);
    liaison.get(&format!("/transfers?q={NEW}")).await.expect(200).has(&transfer.to_string());
    post(&liaison, result("arrest", "subject", people[1])).await.expect(303);
}

#[tokio::test]
async fn a_lead_that_is_changed_before_it_is_sent_leaves_and_counts_as_it_was_sealed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, sealed) = story::sealed(&app, &[GUANGZHOU]).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    story::rename(&compiler, lead, NEW).await;
    compiler.post(&format!("/leads/{lead}/charges"), &[("charges", "CL213")]).await.expect(303);
    let form = compiler.get(&format!("/transfers/new?dossier={}", sealed[0])).await.expect(200);
    form.has(OLD).has_not(NEW);
    let transfer = send(&compiler, sealed[0]).await;
    let liaison = app.sign_in("liaison").await;
    liaison.get(&format!("/transfers/{transfer}")).await.expect(200).has(OLD).has_not(NEW);
    let read = app.services.db.read(move |conn| {
        let region: String = transfers::table.find(transfer).select(transfers::lead_region).first(conn)?;
        let charges = transfer_charge::table.filter(transfer_charge::transfer_id.eq(transfer));
        Ok((region, charges.select(transfer_charge::charge_code).load::<String>(conn)?))
    });
    assert_eq!(read.await.expect("a transfer"), ("440100".into(), vec!["CL214".into()]));
}

#[tokio::test]
async fn history_that_was_loaded_without_papers_keeps_the_title_that_it_was_sent_under() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000007", OLD).await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let transfer = send(&compiler, dossier).await;
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    story::rename(&compiler, lead, NEW).await;
    liaison.get("/transfers").await.expect(200).has(OLD).has_not(NEW);
    liaison.get(&format!("/transfers/{transfer}")).await.expect(200).has(OLD).has_not(NEW);
}

/// Who approves the version that answers a request reads what was asked for.
#[tokio::test]
async fn the_approver_of_a_supplement_is_told_what_was_asked_for() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let (lead, sealed) = story::sealed(&app, &[GUANGZHOU]).await;
    let transfer = send(&compiler, sealed[0]).await;
    liaison.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    let asked = [("code", "RQ-TRADE"), ("text", "补三月流水")];
    liaison.post(&format!("/transfers/{transfer}/supplement"), &asked).await.expect(303);
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    // Whoever supplements it reads that beside the draft, until it is answered.
    let draft = compiler.get(&format!("/leads/{lead}")).await.expect(200);
    draft.has("对方要求补充").has("广州市公安局经侦支队").has("补三月流水").has("答复期限：");
    let items = story::items(&compiler, lead).await;
    story::compose(&compiler, lead, 2, &[app.seed.agencies[GUANGZHOU]], &items, &[]).await.expect(303);
    app.settle().await;
    let review = compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(303).id();
    let page = app.sign_in("approver").await.get(&format!("/approvals/{review}")).await.expect(200);
    page.has("对方要求补充").has("广州市公安局经侦支队").has("补三月流水");
}

/// What was done of a supplement is not asked for again: each time the page of the transfer names the next step alone.
#[tokio::test]
async fn a_supplement_that_is_sealed_is_to_be_sent_and_not_composed_again() {
    let app = TestApp::new().await;
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let (lead, first) = story::sealed(&app, &[GUANGZHOU]).await;
    let transfer = send(&compiler, first[0]).await;
    let (page, told) = (format!("/transfers/{transfer}"), "对方要求补充材料：编制新版卷宗");
    liaison.post(&format!("{page}/acknowledge"), &[]).await.expect(303);
    liaison.post(&format!("{page}/supplement"), &[("code", "RQ-TRADE")]).await.expect(303);
    compiler.get(&page).await.expect(200).has(told);
    compiler.post(&format!("/leads/{lead}/reopen"), &[]).await.expect(303);
    compiler.get(&page).await.expect(200).has(told);
    let items = story::items(&compiler, lead).await;
    story::compose(&compiler, lead, 2, &[app.seed.agencies[GUANGZHOU]], &items, &[]).await.expect(303);
    app.settle().await;
    let review = story::submit(&compiler, lead).await;
    compiler.get(&page).await.expect(200).has("新版卷宗正在审核").has_not(told);
    let approver = app.sign_in("approver").await;
    let fields = story::decision(&app, &approver, review).await;
    story::approve(&approver, review, &fields).await.expect(303);
    app.settle().await;
    compiler.get(&page).await.expect(200).has("第 2 版卷宗已封存，请在此移送").has_not(told);

    let dossiers = story::dossiers(&app, lead).await;
    let second = dossiers.iter().find(|one| one.id != first[0]).expect("a second version");
    assert_eq!(send(&compiler, second.id).await, transfer);
    compiler.get(&page).await.expect(200).has_not("请在此移送").has_not(told);
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has_not("答复期限：");
}
